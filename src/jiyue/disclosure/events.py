"""What the trail keeps of disclosure requests. Never a word of the applicant, and nothing about who it is."""

from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event, Private


@dataclass(frozen=True, kw_only=True)
class RequestStepped(Event):
    code: ClassVar[str] = "disclosure.stepped"
    number: str
    disclosure_act: str
    disclosure_from: str
    disclosure_to: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class ApplicantSeen(Event):
    code: ClassVar[str] = "disclosure.applicant_seen"
    private = Private.CONTACT
    number: str


@dataclass(frozen=True, kw_only=True)
class RequestFileOpened(Event):
    code: ClassVar[str] = "disclosure.file_opened"
    private = Private.MATTER
    number: str
    name: str


@dataclass(frozen=True, kw_only=True)
class LetterTaken(Event):
    code: ClassVar[str] = "disclosure.letter_taken"
    private = Private.CONTACT  # it names and addresses the applicant
    number: str
    name: str


@dataclass(frozen=True, kw_only=True)
class ReportKept(Event):
    code: ClassVar[str] = "disclosure.report_kept"
    year: int


@dataclass(frozen=True, kw_only=True)
class AnswerFileOpened(Event):
    code: ClassVar[str] = "disclosure.answer_file_opened"
    private = Private.MATTER
    number: str
    name: str


@dataclass(frozen=True, kw_only=True)
class MailStopped(Event):
    code: ClassVar[str] = "disclosure.mail_stopped"
    number: str


@dataclass(frozen=True, kw_only=True)
class NoticeFailed(Event):
    code: ClassVar[str] = "disclosure.notice_failed"
    number: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class AnnualSaved(Event):
    code: ClassVar[str] = "disclosure.annual_saved"
    year: int


@dataclass(frozen=True, kw_only=True)
class AnnualDrawn(Event):
    code: ClassVar[str] = "disclosure.annual_drawn"
    year: int
    record: str

"""What the trail keeps of letters. Never a word of the sender, and nothing about her: the trail is read by others."""

from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event, Private


@dataclass(frozen=True, kw_only=True)
class CaseStepped(Event):
    code: ClassVar[str] = "interaction.stepped"
    number: str
    letter_act: str
    letter_from: str
    letter_to: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class SenderSeen(Event):
    code: ClassVar[str] = "interaction.sender_seen"
    private = Private.CONTACT
    number: str


@dataclass(frozen=True, kw_only=True)
class ReportOpened(Event):
    """Somebody read a report of a wrong."""

    code: ClassVar[str] = "interaction.report_opened"
    private = Private.MATTER
    number: str


@dataclass(frozen=True, kw_only=True)
class FileOpened(Event):
    code: ClassVar[str] = "interaction.file_opened"
    private = Private.MATTER
    number: str
    name: str


@dataclass(frozen=True, kw_only=True)
class LetterService(Event):
    """It was said about which service item a letter is; empty: about none."""

    code: ClassVar[str] = "interaction.letter_service"
    number: str
    service: str


@dataclass(frozen=True, kw_only=True)
class MailboxMoved(Event):
    """A leader's mailbox was opened, changed or closed."""

    code: ClassVar[str] = "interaction.mailbox"
    leader: str
    mailbox_act: str
    desk: str


@dataclass(frozen=True, kw_only=True)
class LeaderNamed(Event):
    """An account was named as the leader's own: it reads the letters of his mailbox."""

    code: ClassVar[str] = "interaction.leader_named"
    leader: str
    username: str


@dataclass(frozen=True, kw_only=True)
class LeaderUnnamed(Event):
    """That account reads the letters of the mailbox no more."""

    code: ClassVar[str] = "interaction.leader_unnamed"
    leader: str
    username: str


@dataclass(frozen=True, kw_only=True)
class LeaderRead(Event):
    """A leader opened a letter of his mailbox."""

    code: ClassVar[str] = "interaction.leader_read"
    private = Private.MATTER
    number: str


@dataclass(frozen=True, kw_only=True)
class MailStopped(Event):
    """The sender wants no more mail about a letter."""

    code: ClassVar[str] = "interaction.mail_stopped"
    number: str


@dataclass(frozen=True, kw_only=True)
class NoticeFailed(Event):
    """A notice by mail was given up."""

    code: ClassVar[str] = "interaction.notice_failed"
    number: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class LetterSetAside(Event):
    code: ClassVar[str] = "interaction.letter_set_aside"
    token: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class SetAsideSettled(Event):
    code: ClassVar[str] = "interaction.set_aside_settled"
    token: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class PublicVersionMoved(Event):
    """A step on the way of a public version: prepared, returned, confirmed, submitted, proposed, withheld."""

    code: ClassVar[str] = "interaction.public_version"
    number: str
    public_state: str
    ground: str = ""
    places: int = 0


@dataclass(frozen=True, kw_only=True)
class ReplyMarked(Event):
    """A checker found a reply wanting: empty, evasive or off_topic."""

    code: ClassVar[str] = "interaction.reply_marked"
    number: str
    reply_fault: str


@dataclass(frozen=True, kw_only=True)
class CodeTold(Event):
    """A query code was made for whoever rang up or came by, and shown once to the officer who tells it."""

    code: ClassVar[str] = "interaction.code_told"
    number: str


@dataclass(frozen=True, kw_only=True)
class SenderMatched(Event):
    """A telephone number or address that was typed at the desk is that of this letter's sender."""

    code: ClassVar[str] = "interaction.sender_matched"
    private = Private.CONTACT
    number: str


@dataclass(frozen=True, kw_only=True)
class AnalysisMade(Event):
    """The report on letters of a period was taken away as a file; `number` is of how many sites."""

    code: ClassVar[str] = "interaction.analysis_made"
    period: str
    number: str
    form: str


@dataclass(frozen=True, kw_only=True)
class AnalysisAsked(Event):
    """Somebody has the report on letters of a period worked out anew; `number` is of how many sites."""

    code: ClassVar[str] = "interaction.analysis_asked"
    period: str
    number: str


@dataclass(frozen=True, kw_only=True)
class LetterExported(Event):
    """One letter among those that were taken away as a table or as a print of several whole files."""

    code: ClassVar[str] = "interaction.letter_exported"
    private = Private.TAKEN
    number: str


@dataclass(frozen=True, kw_only=True)
class TextBlockChanged(Event):
    """A text that answers are made of was written, changed or removed."""

    code: ClassVar[str] = "interaction.text_block_changed"
    title: str
    block_change: str


@dataclass(frozen=True, kw_only=True)
class LetterFileTaken(Event):
    """A file of letters that others took down was brought in; `channel` is the source of its letters."""

    code: ClassVar[str] = "interaction.error_file"
    channel: str = "platform"
    name: str
    digest: str
    taken: int
    known: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class AnswersHandedOut(Event):
    """Answers for who took the letters down were drawn up as a file; `number` is how many."""

    code: ClassVar[str] = "interaction.error_answers"
    channel: str = "platform"
    number: str


@dataclass(frozen=True, kw_only=True)
class AnswersDownloaded(Event):
    code: ClassVar[str] = "interaction.error_answers_taken"
    private = Private.TAKEN
    name: str

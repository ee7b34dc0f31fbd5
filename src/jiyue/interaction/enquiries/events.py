"""What the trail keeps of live enquiries: who did what in which one. Never a word of it."""

from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class EnquiryStepped(Event):
    """A conversation began, was taken, handed over, put back, ended, rated or became a letter."""

    code: ClassVar[str] = "interaction.enquiry_stepped"
    number: str
    enquiry_act: str
    enquiry_end: str = ""
    to: str = ""


@dataclass(frozen=True, kw_only=True)
class EnquiryDutyMoved(Event):
    """Somebody came on duty at the desk for live enquiries, or left it."""

    code: ClassVar[str] = "interaction.enquiry_duty"
    enquiry_act: str
    label: str


@dataclass(frozen=True, kw_only=True)
class EnquiryDeskChanged(Event):
    code: ClassVar[str] = "interaction.enquiry_desk"
    enquiry_act: str
    hours: str

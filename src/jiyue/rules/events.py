from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class ChangeProposed(Event):
    """Somebody asks for another rule: `matter` is override, assignment, pack, calendar or standard."""

    code: ClassVar[str] = "rules.change_proposed"
    matter: str
    what: str
    from_on: str
    grounds: str


@dataclass(frozen=True, kw_only=True)
class ChangeApproved(Event):
    """A second person agreed; from `from_on` on the rule counts. `row` is its key in the table of its matter."""

    code: ClassVar[str] = "rules.change_approved"
    matter: str
    row: int
    what: str
    from_on: str
    reply: str


@dataclass(frozen=True, kw_only=True)
class ChangeRefused(Event):
    code: ClassVar[str] = "rules.change_refused"
    matter: str
    what: str
    reply: str


@dataclass(frozen=True, kw_only=True)
class PackNoticed(Event):
    """The shipped files of a pack say something that they did not say when the program last looked."""

    code: ClassVar[str] = "rules.pack_noticed"
    version: str
    values: list[list[str]]


@dataclass(frozen=True, kw_only=True)
class StandardsNoticed(Event):
    """The program brought editions of data standards that it did not have when it last looked."""

    code: ClassVar[str] = "rules.standards_noticed"
    standards: str


@dataclass(frozen=True, kw_only=True)
class CalendarNoticed(Event):
    """The shipped files hold the days off of these years, or others than when the program last looked."""

    code: ClassVar[str] = "rules.calendar_noticed"
    years: str
    moved: int

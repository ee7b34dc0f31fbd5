"""Things that happened, in the past tense. Each app declares its own beside its actions."""

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar


class Private(StrEnum):
    """What of a person somebody got to see, where an event says that (SECU-22)."""

    CONTACT = "contact"  # who wrote, and how to reach her
    MATTER = "matter"  # what she wrote or sent that only few may read
    TAKEN = "taken"  # the same, leaving the platform as a file


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact worth a trace. `code` is stable; `subject` names the record concerned, `site` its tenant ("" = platform)."""

    code: ClassVar[str] = ""
    private: ClassVar["Private | None"] = None
    subject: str
    site: str = ""

    def data(self) -> dict[str, Any]:
        """Everything but subject and site, as plain JSON values."""
        rest = {f.name for f in fields(self)} - {"subject", "site"}
        return {name: value for name, value in asdict(self).items() if name in rest}


def codes_of(*kinds: Private) -> frozenset[str]:
    """The codes of all declared events that say so; of every such kind where none is named."""
    wanted = kinds or tuple(Private)
    return frozenset(event.code for event in Event.__subclasses__() if event.private in wanted)

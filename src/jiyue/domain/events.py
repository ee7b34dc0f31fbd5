"""Things that happened, in the past tense. Each app declares its own beside its actions."""

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Event:
    """A fact worth a trace. `code` is stable; `subject` names the record concerned, `site` its tenant ("" = platform)."""

    code: ClassVar[str] = ""
    subject: str
    site: str = ""

    def data(self) -> dict[str, Any]:
        """Everything but subject and site, as plain JSON values."""
        rest = {f.name for f in fields(self)} - {"subject", "site"}
        return {name: value for name, value in asdict(self).items() if name in rest}

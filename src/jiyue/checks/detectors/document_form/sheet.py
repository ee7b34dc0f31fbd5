"""The sheet a document is written on: its body without the fields beside it, and what the body says of itself."""

from collections.abc import Mapping
from functools import cached_property

from jiyue.checks.findings import Finding, Fix, Severity
from jiyue.checks.matter import NOTHING, Matter
from jiyue.checks.settings import Settings
from jiyue.domain.official_lines import Line, lines_of
from jiyue.domain.official_text import Reading, read_official_text

# Fields, names of files and descriptions of pictures stand beside the document, not in it.
_BESIDE = frozenset({"title", "keywords", "description", "metadata", "alt", "attachment"})
# Head, signature and attachments' notes of anything longer are those of a collection.
_MOST_READ = 60_000
_LONGEST_EXCERPT = 60

FORMAT = "GB/T 9704—2012《党政机关公文格式》"
METADATA = "GB/T 33480—2016《党政机关电子公文元数据规范》"


class Sheet:
    """A matter as this family reads it. Offsets into `text` are offsets into the matter's text."""

    def __init__(self, matter: Matter, settings: Settings) -> None:
        self.matter = matter
        self.settings = settings
        self.text = _body(matter)

    @cached_property
    def lines(self) -> list[Line]:
        return lines_of(self.text)

    @cached_property
    def reading(self) -> Reading:
        return read_official_text(self.text[:_MOST_READ])

    def field(self, *names: str) -> str:
        """The first of these fields that is filled."""
        return next((value for name in names if (value := self.matter.fields.get(name, "").strip())), "")

    def finding(
        self,
        detector: str,
        message: str,
        span: tuple[int, int],
        *,
        severity: Severity = Severity.WARN,
        suggestion: str | None = None,
        basis: str = FORMAT,
        replacement: str | None = None,
        more: Mapping[str, object] = NOTHING,
        **values: object,
    ) -> Finding:
        """A finding about `span` of the text; `replacement` is what mends it, `more` further values."""
        start, end = span
        return Finding(
            detector=f"document.{detector}",
            severity=severity,
            message=message,
            start=start,
            end=end,
            excerpt=" ".join(self.matter.text[start:end].split())[:_LONGEST_EXCERPT],
            suggestion=suggestion,
            basis=basis,
            fix=Fix(start, end, replacement) if replacement is not None else None,
            values={name: str(value) for name, value in {**more, **values}.items()} or NOTHING,
        )

    def field_span(self, value: str) -> tuple[int, int]:
        """Where a field's value is printed, else the beginning."""
        for part in self.matter.parts:
            if part.kind in _BESIDE and self.matter.words(part).strip() == value:
                return part.start, part.end
        return 0, 0


def _body(matter: Matter) -> str:
    beside = [part for part in matter.parts if part.kind in _BESIDE]
    if not beside:
        return matter.text
    pieces: list[str] = []
    at = 0
    for part in beside:
        pieces += (matter.text[at : part.start], "\n" * (part.end - part.start))
        at = part.end
    return "".join((*pieces, matter.text[at:]))

"""Trying the checks on a pasted text: what would be found, and how it would look masked. Nothing is kept."""

from jiyue.checks.matter import Matter
from jiyue.checks.reading import matter_of_html, matter_of_text
from jiyue.checks.running import check
from jiyue.review.checking import Engine

MOST_FIXES = 2000


def matter_of(text: str, *, html: bool) -> Matter:
    """A pasted text, or the source of a page."""
    return matter_of_html(text, source="") if html else matter_of_text(text, source="")


def masked(matter: Matter, engine: Engine) -> str:
    """The text with every offered change made; "" where none is offered."""
    fixes = [fix for raw in check(matter, engine.settings) for fix in raw.fixes][:MOST_FIXES]
    pieces, at = [], 0
    for fix in sorted(set(fixes), key=lambda fix: fix.start):
        if fix.start >= at:
            pieces += [matter.text[at : fix.start], fix.replacement]
            at = fix.end
    return "".join([*pieces, matter.text[at:]]) if fixes else ""

"""What a saved page hides: hidden links and spam in its source, which the cleaned text no longer shows or shows openly.

Cleaning drops scripts, styles and hidden parts; the checks read what is left. So whoever brings a page in is told here
what was found in its source, and what became of it.
"""

import re
from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from jiyue.checks.findings import Finding
from jiyue.checks.matter import Matter
from jiyue.checks.reading import matter_of_html
from jiyue.checks.running import check
from jiyue.checks.settings import shipped
from jiyue.content.intake.items import Note, note
from jiyue.content.markup import Block

HIDING, SPAM = "hidden-link", "spam"
MOST_TOLD = 10  # notes; a page with more is known to be polluted
LONGEST = 80  # characters of what was found
_SPACE = re.compile(r"\s+")


def dropped_from(html: str, blocks: list[Block]) -> Iterator[Note]:
    """A warning for each thing that hid in the source; spam that is still to be read the checks find by themselves."""
    matter, left = matter_of_html(html), _SPACE.sub("", str(blocks))
    # Neither family asks for the day, and a unit's own lists are asked when the draft is checked.
    found = check(matter, shipped(date.min), only=(HIDING, SPAM))
    told = [(one, code) for one in found if (code := _code(one, matter, left))]
    for one, code in told[:MOST_TOLD]:
        yield note(code, what=one.say(_), words=_words(one))
    if len(told) > MOST_TOLD:
        yield note("html_more_hidden", count=len(told) - MOST_TOLD)


def _code(finding: Finding, matter: Matter, left: str) -> str:
    """Which sentence tells of it; none for spam that is still to be read."""
    words = _SPACE.sub("", matter.text[finding.start : finding.end])
    kept = bool(words) and words in left
    if finding.family == HIDING:
        return "html_hidden_kept" if kept else "html_hidden_left"
    return "" if kept else "html_spam_left"


def _words(finding: Finding) -> str:
    return _SPACE.sub(" ", finding.excerpt).strip()[:LONGEST] or finding.place

"""Comments and votes as the counter knows them: the signed order in the page itself, and what lies there for readers."""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from html import unescape
from pathlib import Path
from typing import Any, Final

from jiyue.domain.campaigns import OPEN
from jiyue.domain.comments import PER_PAGE, standing
from jiyue.portal.counter.sheets import Sheet
from jiyue.portal.counter.wording import TITLES
from jiyue.portal.counter.writing import Said

logger = logging.getLogger(__name__)
# What the bake of this house writes and no body can: a body's attributes are sanitised before it is signed.
MARK: Final = re.compile(r'<section class="page-voices" id="page-voices" data-voices="([^"]*)"')
LARGEST: Final = 32 << 20  # bytes
_TEXTS = ("about", "version", "title", "opens_at", "closes_at", "named")


@dataclass(frozen=True)
class Voices:
    """What was signed for a page, with its address on the site where it is read.

    Of a page that was placed there, `home` and `at` name host and address of the page that counts (ADR 0037).
    """

    address: str
    about: str
    version: str
    title: str
    takes_comments: bool
    takes_votes: bool
    opens_at: str
    closes_at: str
    named: str
    home: str = ""
    at: str = ""

    def host(self, here: str) -> str:
        """The site under whose order it is taken."""
        return self.home or here

    def as_at_home(self, found: "Voices | None") -> "Voices | None":
        """What is taken here of what the page at home takes at this moment; None where that is nothing."""
        if found is None or found.home or found.about != self.about:
            return None
        comments, votes = self.takes_comments and found.takes_comments, self.takes_votes and found.takes_votes
        if not (comments or votes):
            return None
        return replace(
            found, address=self.address, takes_comments=comments, takes_votes=votes, home=self.home, at=self.at
        )

    def state(self, now: datetime) -> str:
        return standing({"opens_at": self.opens_at, "closes_at": self.closes_at}, now)

    def is_open(self, now: datetime) -> bool:
        return self.state(now) == OPEN


def voices_of(page: bytes, address: str) -> Voices | None:
    """The order that a page of the deployed tree carries; None where nothing is taken under it."""
    found = MARK.search(page.decode("utf-8", "replace"))
    if found is None:
        return None
    try:
        facts = json.loads(unescape(found[1]))
        texts = {name: str(facts[name]) for name in _TEXTS}
        return Voices(
            address=address, takes_comments=facts["takes_comments"] is True, takes_votes=facts["takes_votes"] is True,
            home=str(facts.get("home", "")), at=str(facts.get("at", "")), **texts,
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        return None


class Shown:
    """What readers get of comments and votes, in one home."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def page(self, voices: Voices, asked: Mapping[str, str], host: str, *, now: datetime) -> Said:
        """The list, newest first, so many a page; with the numbers of votes."""
        told = self._told(voices, voices.host(host))
        rows = told["comments"] if voices.takes_comments else []
        pages = max(1, -(-len(rows) // PER_PAGE))
        typed = asked.get("p", "")
        at = min(max(int(typed), 1), pages) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
        more = {
            "voices": voices, "rows": rows[(at - 1) * PER_PAGE : at * PER_PAGE], "count": len(rows), "at": at, "pages": pages,
            "useful": told["useful"], "useless": told["useless"], "is_open": voices.is_open(now), "state": voices.state(now),
            "day": date.fromisoformat,
        }  # fmt: skip
        lang = "en" if asked.get("lang") == "en" else ""
        return Said(Sheet("comments", voices.title, lang=lang, more=more))

    def _told(self, voices: Voices, host: str) -> dict[str, Any]:
        nothing: dict[str, Any] = {"comments": [], "useful": 0, "useless": 0}
        try:
            with Path(self.home, "live", host, "pages", f"{voices.about}.json").open("rb") as file:
                found = json.loads(file.read(LARGEST))
        except FileNotFoundError:
            return nothing
        except (OSError, ValueError):
            logger.exception("counter: what is shown under %s cannot be read", voices.about)
            return nothing
        return found if isinstance(found, dict) and nothing.keys() <= found.keys() else nothing


def gone(texts: Mapping[str, str], lang: str) -> Said:
    """The page is not there any more, or takes nothing: what was typed stands here to be copied."""
    values = {name: texts[name] for name in ("text", "reason") if texts.get(name)}
    sheet = Sheet("voices_gone", TITLES["voices_gone"], lang=lang, values=values, trouble="page_gone")
    return Said(sheet, 410)

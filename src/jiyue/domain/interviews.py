"""Who sits at an interview, and when its words may be told live. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MOST_GUESTS: Final = 12
HOST, GUEST, PUBLIC = "host", "guest", "public"
EARLY: Final = timedelta(minutes=15)  # greetings and pictures before the announced beginning
LATE: Final = timedelta(minutes=60)  # the last answers after the announced end
LONGEST_WORDS: Final = 3000
LONGEST_QUESTION: Final = 500
_SEPARATOR = re.compile(r"[,，、\t]")


@dataclass(frozen=True)
class Guest:
    name: str
    post: str = ""


def guests_in(text: str) -> tuple[Guest, ...]:
    """The guests of a text with one a line: the name, and after a comma the post."""
    found = []
    for line in text.splitlines():
        name, _mark, post = _SEPARATOR.sub(",", line.strip(), count=1).partition(",")
        if name.strip():
            found.append(Guest(name.strip(), post.strip()))
    return tuple(found)


def speakers(host_name: str, guests: str) -> dict[str, str]:
    """Who may speak by code: the host, each guest by place, the public whose questions are put."""
    found = {HOST: host_name.strip() or "主持人"}
    found |= {f"{GUEST}{n}": guest.name for n, guest in enumerate(guests_in(guests), start=1)}
    return found | {PUBLIC: "网友"}


def may_speak_live(*, opens_at: datetime, closes_at: datetime, at: datetime) -> bool:
    """Is this moment within the window that was signed with the announcement?"""
    return opens_at - EARLY <= at < closes_at + LATE

"""Live enquiries (在线咨询, INT-16): how long things may be, when a desk is open, and what becomes of a conversation.

Pure: no clock is asked. Hours are those of Asia/Shanghai. No text in force gives a number here: the usual ones are ours, and
a site may set its own.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from jiyue.domain.deadlines import local

LONGEST_WORD: Final = 1000  # characters of one thing said
SHORTEST_FIRST: Final = 2
MOST_FROM_ONE: Final = 3  # conversations in the queue from one address
MOST_WORDS: Final = 400  # of one conversation; then it is time for a letter
LONGEST_HOURS: Final = 100
# Ours: no text in force says how long.
USUAL_HOURS: Final = "9:00-12:00、14:00-17:00"
USUAL_IDLE: Final = 15  # minutes of a visitor's silence
USUAL_EACH: Final = 3  # conversations of one officer
USUAL_WAITING: Final = 20
MOST_IDLE, MOST_EACH, MOST_WAITING = 120, 10, 500
AWAY: Final = timedelta(minutes=3)  # a console from which nothing came for so long is closed
UNSEEN: Final = timedelta(minutes=10)  # a visitor in the queue who looked at nothing for so long is gone
GRACE: Final = timedelta(minutes=2)  # a visitor in the queue waits so long for somebody to come back
_LOOKS_AHEAD = 40  # days: longer than any holiday
_RANGE = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~至到]+\s*(\d{1,2}):(\d{2})")


class State(StrEnum):
    WAITING = "waiting"
    TALKING = "talking"
    ENDED = "ended"


class End(StrEnum):
    """Why a conversation is over."""

    VISITOR = "visitor"
    OFFICER = "officer"
    IDLE = "idle"
    CLOSED = "closed"
    AWAY = "away"  # waited, and looked at nothing any more


class Act(StrEnum):
    """What a row of a conversation says."""

    SAY = "say"
    ANSWER = "answer"
    TAKE = "take"
    HAND = "hand"
    NOTE = "note"  # for the next officer alone
    BACK = "back"  # the officer is gone: back into the queue
    ADVISE = "advise"  # better written as a letter
    END = "end"
    LATE = "late"  # came after the end


VISITORS: Final = frozenset({Act.SAY, Act.LATE})
INNER: Final = frozenset({Act.NOTE})


class Topic(StrEnum):
    """What it was about, as the officer says at the end; for statistics."""

    POLICY = "policy"
    SERVICE = "service"
    PROGRESS = "progress"
    COMPLAINT = "complaint"
    SITE = "site"
    OTHER = "other"


class BadHours(ValueError):
    """No opening hours can be read in it."""


@dataclass(frozen=True)
class Range:
    begin: time
    end: time


def hours_of(text: str) -> tuple[Range, ...]:
    """The ranges of a day in their order. Raises BadHours for anything else, and for ranges that overlap."""
    plain = unicodedata.normalize("NFKC", text).strip()
    parts = [part.strip() for part in re.split(r"[、,;\n]", plain) if part.strip()]
    found = [_range(part) for part in parts]
    if not found or len(plain) > LONGEST_HOURS:
        raise BadHours(text)
    ordered = sorted(found, key=lambda one: one.begin)
    if any(one.end > other.begin for one, other in pairwise(ordered)):
        raise BadHours(text)
    return tuple(ordered)


def written_hours(hours: Iterable[Range]) -> str:
    """As the public reads them."""
    return "、".join(f"{one.begin:%H:%M}–{one.end:%H:%M}" for one in hours)


def is_open(hours: Iterable[Range], at: datetime, is_working: Callable[[date], bool]) -> bool:
    """Are these the hours of a working day?"""
    here = local(at)
    return is_working(here.date()) and any(one.begin <= here.time() < one.end for one in hours)


def next_opening(hours: Iterable[Range], at: datetime, is_working: Callable[[date], bool]) -> datetime | None:
    """When the hours begin next, after `at`; None where no working day is near."""
    here, begins = local(at), [one.begin for one in hours]
    for ahead in range(_LOOKS_AHEAD):
        day = here.date() + timedelta(days=ahead)
        if not is_working(day):
            continue
        for begin in begins:
            moment = datetime.combine(day, begin, tzinfo=here.tzinfo)
            if moment > here:
                return moment
    return None


def _range(text: str) -> Range:
    match = _RANGE.fullmatch(text)
    if match is None:
        raise BadHours(text)
    try:
        begin, end = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
    except ValueError as error:
        raise BadHours(text) from error
    if begin >= end:
        raise BadHours(text)
    return Range(begin, end)

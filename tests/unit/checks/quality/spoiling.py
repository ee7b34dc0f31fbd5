"""What every way of spoiling an official document stands on: where numbers and days stand, and the spoilt copy."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from jiyue.checks.matter import Matter
from jiyue.checks.reading import matter_of_text

Chance = random.Random


@dataclass(frozen=True)
class Spoilt:
    """A document spoilt in one way; `detector` is who should notice, between `start` and `end` where that is one place."""

    kind: str
    detector: str
    matter: Matter


Spoiler = Callable[[Matter, Chance], Spoilt | None]

NUMBER = re.compile(r"(?P<code>[\u4e00-\u9fff]{2,8})〔(?P<year>\d{4})〕(?P<serial>\d{1,3})号")
DAY = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d{2})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")


def spoilt_in(matter: Matter, kind: str, detector: str, text: str | None, **fields: str) -> Spoilt | None:
    if text is None:
        return None
    again = matter_of_text(text, source=matter.source)
    return Spoilt(kind, detector, replace(again, fields={**matter.fields, **fields}))


def one_of(pattern: re.Pattern[str], text: str, chance: Chance) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return chance.choice(found) if found else None


def put(text: str, found: re.Match[str], words: str) -> str:
    return text[: found.start()] + words + text[found.end() :]


def real_day(found: re.Match[str]) -> date | None:
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None

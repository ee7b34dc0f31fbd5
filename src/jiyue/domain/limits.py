"""Time limits and frequencies as the regulations state them, read from the words a rule pack writes.

No unit is ever turned into another: twelve hours are not half a day, five working days are not a week, and a month is
not thirty days. What each unit means when a due time is computed stands in `deadlines` and in docs/rules/units.md.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction


class NotALimit(ValueError):
    """The text states no limit. `code` is stable and says why, `text` is what was given.

    Codes: empty, unknown_form, unknown_unit, unknown_period, zero, too_large, no_such_day, not_every_year,
    out_of_range.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text!r}")
        self.code, self.text = code, text


class Unit(StrEnum):
    """小时, 日, 工作日, 周, 月, 年: what a length of time is counted in."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working-days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class Period(StrEnum):
    """The calendar periods things are counted in; a week runs from Monday to Sunday."""

    DAY = "day"
    WORKING_DAY = "working-day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"


@dataclass(frozen=True)
class Span:
    """A length of time in one unit: 5 working-days, 6 months."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount} {_singular(self.unit) if self.amount == 1 else self.unit}"


@dataclass(frozen=True)
class SameDay:
    """当日: on the day of the event itself."""

    def __str__(self) -> str:
        return "same-day"


@dataclass(frozen=True)
class WithEvent:
    """同步, 同时: at the moment of the event, not merely on its day."""

    def __str__(self) -> str:
        return "with-event"


@dataclass(frozen=True)
class FixedDate:
    """A day of the calendar named by the text (1月31日前)."""

    month: int
    day: int

    def __str__(self) -> str:
        return f"by {self.month:02}-{self.day:02}"

    def in_year(self, year: int) -> date:
        return date(year, self.month, self.day)


Limit = Span | SameDay | WithEvent | FixedDate


@dataclass(frozen=True)
class Rate:
    """How often at least or at most, in each calendar period; without a period: at any time.

    Exactly one of `least` and `most` is set.
    """

    least: int | None = None
    most: int | None = None
    per: Period | None = None

    def __post_init__(self) -> None:
        if (self.least is None) == (self.most is None):
            raise ValueError("a rate has one bound")

    def __str__(self) -> str:
        count = self.most if self.least is None else self.least
        return f"{count} per {self.per}" if self.per else f"{count}"


@dataclass(frozen=True)
class Share:
    """A least share in per cent. Parts are rounded up, which alone keeps the minimum: 30 % of 7 are 3 (Q-04)."""

    percent: Fraction

    def __str__(self) -> str:
        return f"{float(self.percent):g} %"

    def least_of(self, total: int) -> int:
        """The smallest whole number of things that is not below the share of `total`."""
        return -(-self.percent.numerator * total // (self.percent.denominator * 100))

    def is_met(self, *, part: int, total: int) -> bool:
        """Whether `part` of `total` reach the share; of nothing, every share is reached."""
        return part >= self.least_of(total)


# Nothing a regulation sets is longer, and a slip of the hand must not run off the end of the calendar.
LARGEST = {Unit.HOURS: 100_000, Unit.YEARS: 200, Unit.MONTHS: 2_400}
LARGEST_OTHERWISE = 10_000
_SPAN = re.compile(r"([0-9]{1,9}) ([a-z-]+)")
_RATE = re.compile(r"([0-9]{1,9})(?: per ([a-z-]+))?")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?) ?%")
_MONTH_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")


def parse_limit(text: str) -> Limit:
    """`5 working-days`, `same-day`, `with-event` or `by 01-31`. Raises NotALimit."""
    word = _trimmed(text)
    if word == "same-day":
        return SameDay()
    if word == "with-event":
        return WithEvent()
    if word.startswith("by "):
        return parse_month_day(word.removeprefix("by "))
    return parse_span(word)


def parse_span(text: str) -> Span:
    """`2 weeks` or `1 year`: a whole number from 1 and one unit. Raises NotALimit."""
    found = _matched(_SPAN, text)
    amount = _not_zero(int(found[1]), text)
    unit = _UNIT_WORDS.get(found[2])
    if unit is None:
        raise NotALimit("unknown_unit", text)
    if amount > LARGEST.get(unit, LARGEST_OTHERWISE):
        raise NotALimit("too_large", text)
    return Span(amount, unit)


def parse_month_day(text: str) -> FixedDate:
    """`01-31`: a day that every year has. Raises NotALimit (29 February: not_every_year)."""
    month, day = map(int, _matched(_MONTH_DAY, text).groups())
    if (month, day) == (2, 29):
        raise NotALimit("not_every_year", text)
    try:
        date(2001, month, day)
    except ValueError as no_such_day:
        raise NotALimit("no_such_day", text) from no_such_day
    return FixedDate(month, day)


def parse_least(text: str) -> Rate:
    """`1 per quarter` as a minimum; at least one. Raises NotALimit."""
    count, per = _rate(text)
    return Rate(least=_not_zero(count, text), per=per)


def parse_most(text: str) -> Rate:
    """`1` or `1 per year` as a maximum; none at all (0) is allowed. Raises NotALimit."""
    count, per = _rate(text)
    return Rate(most=count, per=per)


def parse_share(text: str) -> Share:
    """`80 %`, up to 100. Raises NotALimit."""
    percent = Fraction(_matched(_SHARE, text)[1])
    if not 0 < percent <= 100:
        raise NotALimit("out_of_range", text)
    return Share(percent)


def _rate(text: str) -> tuple[int, Period | None]:
    found = _matched(_RATE, text)
    if found[2] is None:
        return _small(found[1], text), None
    try:
        return _small(found[1], text), Period(found[2])
    except ValueError as unknown:
        raise NotALimit("unknown_period", text) from unknown


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    found = pattern.fullmatch(_trimmed(text))
    if found is None:
        raise NotALimit("unknown_form", text)
    return found


def _trimmed(text: str) -> str:
    if not (trimmed := text.strip()):
        raise NotALimit("empty", text)
    return trimmed


def _small(digits: str, text: str) -> int:
    if (count := int(digits)) > LARGEST_OTHERWISE:
        raise NotALimit("too_large", text)
    return count


def _not_zero(count: int, text: str) -> int:
    if count == 0:
        raise NotALimit("zero", text)
    return count


def _singular(unit: Unit) -> str:
    return unit.removesuffix("s")


_UNIT_WORDS = {word: unit for unit in Unit for word in (str(unit), _singular(unit))}

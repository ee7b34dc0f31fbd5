"""Lists of letters for whoever may read two hundred of them or a million: read from their beginning, counted up to a bound.

No list is counted or put in order as a whole where it is long. What is open comes by the clock: the pending duties are gone
through from the most urgent on. Everything else comes by receipt, the newest first.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import Q, QuerySet

from jiyue.identity.models import User
from jiyue.identity.roles import Permission
from jiyue.interaction.duties import ANSWERING
from jiyue.interaction.models import SUBJECT, Case
from jiyue.interaction.policies import any_of, keys_of, visible_among, ways_of
from jiyue.interaction.queries import by_the_clock, waiting_for, with_due
from jiyue.obligations.models import Obligation

FEW = 2000  # letters that are put in order by the clock at once
FAR, FAR_SITES = 20_000, 1  # who reads more letters than this, of more sites, reads far
FIRST_CHUNK, LONGEST_CHUNK = 500, 4000  # duties that are looked at together
COUNTED = 1000  # up to here a list is counted
MOST_PAGES = 400
# No letter has a version below nought. SQLite takes one index after the other for conditions joined by "or" unless one of them
# has none; then it goes through the letters by receipt, which is what ends soon for somebody who may read most of them.
NEVER = Q(version__lt=0)
NUMBER = re.compile(r"[A-Za-z]{0,4}\d[\d-]{5,}")
LAST_SIGN = "\uffff"

Keys = list[int]
Place = tuple[datetime, datetime, int]  # of a duty: the moment to act by, when it began, its key


@dataclass(frozen=True)
class Span:
    """From when to when the moment to act by lies; `unset` means letters for which no rule sets one."""

    since: datetime | None = None
    until: datetime | None = None
    unset: bool = False

    @property
    def condition(self) -> Q:
        """Asked of letters `with_due`."""
        if self.unset:
            return Q(due=None, met_at=None)
        found = Q(due__gte=self.since) if self.since else Q()
        return found & Q(due__lt=self.until) if self.until else found


class Newest:
    """Letters that meet the condition and that a person may read, the newest first."""

    def __init__(self, user: User, condition: Q | None = None) -> None:
        self._user, self._condition = user, condition or Q()
        self._ways = ways_of(user)

    def first(self, stop: int) -> Keys:
        """The first `stop` of them."""
        if self._reads_far():
            rows = Case.objects.filter(self._condition).filter(NEVER | reduce(or_, self._ways))
            return list(rows.order_by("-received_at", "-pk").values_list("pk", flat=True)[:stop])
        found: set[tuple[datetime, int]] = set()
        for way in self._ways:  # each gives its newest ones by its index; only these are put in order
            rows = Case.objects.filter(way).filter(self._condition).order_by("-received_at", "-pk")
            found |= set(rows.values_list("received_at", "pk")[:stop])
        return [key for _at, key in sorted(found, reverse=True)[:stop]]

    def _reads_far(self) -> bool:
        sites = keys_of(self._user, Permission.READ_LETTERS)
        return len(sites) > FAR_SITES and any(
            Case.objects.filter(way).order_by()[:FAR].count() == FAR for way in (Q(desk__in=sites), Q(site__in=sites))
        )


class Numbered:
    """Letters whose number, or that of whoever handed them on, begins with these signs, the newest first."""

    def __init__(self, user: User, number: str, condition: Q | None = None) -> None:
        self._named = any_of([begins_with("number", number), begins_with("outer_number", number)])
        self._readable, self._condition = NEVER | reduce(or_, ways_of(user)), condition or Q()

    def first(self, stop: int) -> Keys:
        """The first `stop` of them."""
        rows = self._named.filter(self._readable).filter(self._condition).order_by("-received_at", "-pk")
        return list(rows.values_list("pk", flat=True)[:stop])


class ByTheClock:
    """Letters by their limits, the most urgent first; what no rule sets a limit for comes by its age.

    `some` gives the keys of so many of them in no order, `among` those of these keys, `every` all.
    """

    def __init__(
        self,
        *,
        some: Callable[[int], Keys],
        among: Callable[[Keys], "QuerySet[Case]"],
        every: Callable[[], "QuerySet[Case]"],
        span: Span | None = None,
    ) -> None:
        self._some, self._among, self._every, self._span = some, among, every, span

    def first(self, stop: int) -> Keys:
        """The first `stop` of them."""
        keys = self._some(FEW + 1)
        if len(keys) <= FEW:
            rows = by_the_clock(Case.objects.filter(pk__in=keys))
            rows = rows.filter(self._span.condition) if self._span else rows
            return list(rows.values_list("pk", flat=True)[:stop])
        return self._walked(stop)

    def _walked(self, stop: int) -> Keys:
        span, found = self._span or Span(), dict[int, None]()
        last: Place | None = None
        size = FIRST_CHUNK
        while len(found) < stop and not span.unset:
            chunk = _duties(span, last, size)
            begun = {int(subject.removeprefix(SUBJECT)): place[1] for subject, *place in chunk}
            clocks = dict(self._among(list(begun)).values_list("pk", "clock_at"))
            found |= {key: None for key, at in begun.items() if clocks.get(key) == at}
            if len(chunk) < size:
                break
            last, size = chunk[-1][1:], min(2 * size, LONGEST_CHUNK)
        if len(found) < stop and (self._span is None or span.unset):
            rows = with_due(self._every()).filter(Span(unset=True).condition if span.unset else Q(due=None))
            keys = rows.order_by("clock_at", "pk").values_list("pk", flat=True)
            found |= dict.fromkeys(keys[: stop - len(found)])
        return list(found)[:stop]


def open_by_the_clock(user: User, condition: Q, rest: Q, span: Span | None) -> ByTheClock:
    """Letters that the person may read and that meet the condition. `rest` is asked of what was found by it: together with it
    no database keeps to the index.
    """
    ways = ways_of(user)

    def some(most: int) -> Keys:
        found: set[int] = set()
        for way in ways:
            rows = Case.objects.filter(way, condition).order_by()
            rows = Case.objects.filter(pk__in=rows.values("pk")).filter(rest).order_by() if rest else rows
            found |= set(rows.values_list("pk", flat=True)[:most])
            if len(found) >= most:
                break
        return list(found)[:most]

    def among(keys: Keys) -> "QuerySet[Case]":
        return Case.objects.filter(condition, pk__in=keys).filter(rest).filter(NEVER | reduce(or_, ways))

    return ByTheClock(
        some=some, among=among, every=lambda: visible_among(user, condition).filter(rest), span=span
    )  # fmt: skip


def waiting_by_the_clock(user: User, condition: Q, span: Span | None) -> ByTheClock:
    """Letters on which the person has the next word, of those that meet the condition."""
    rows = waiting_for(user).filter(condition).order_by()
    return ByTheClock(
        some=lambda most: list(rows.values_list("pk", flat=True)[:most]), among=lambda keys: rows.filter(pk__in=keys),
        every=lambda: rows, span=span,
    )  # fmt: skip


def looks_like_a_number(words: str) -> bool:
    """Six digits or more, as the numbers of letters have them."""
    return NUMBER.fullmatch(words) is not None


def begins_with(field: str, words: str) -> Q:
    """A condition that goes by the index: SQLite has none for the beginning of words, and PostgreSQL sorts by other rules."""
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": words, f"{field}__lt": words + LAST_SIGN})
    return Q(**{f"{field}__startswith": words})


@dataclass(frozen=True)
class Leaf:
    """One page of a list. `count` is of the whole list, up to `COUNTED` where `is_counted` is not so."""

    rows: list[Case]
    number: int
    count: int
    is_counted: bool
    has_next: bool
    per_page: int

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // self.per_page))

    @property
    def is_cut(self) -> bool:
        """Are there more letters than pages are shown of?"""
        return self.number == MOST_PAGES and not self.is_counted


def leaf_of(found: "Newest | Numbered | ByTheClock", asked: str | None, *, per_page: int) -> Leaf:
    """The page that was asked for; one that does not exist gives the nearest one."""
    number = int(asked) if asked is not None and asked.isdecimal() and len(asked) < 9 else 1
    number = min(max(1, number), MOST_PAGES)
    stop = max(number * per_page, COUNTED) + 1
    keys = found.first(stop)
    is_counted = len(keys) < stop
    count = len(keys) if is_counted else max(COUNTED, len(keys) - 1)
    number = min(number, max(1, -(-len(keys) // per_page)))
    shown = keys[(number - 1) * per_page : number * per_page]
    has_next = len(keys) > number * per_page and number < MOST_PAGES
    return Leaf(_in_order(shown), number, count, is_counted, has_next, per_page)


def _in_order(keys: Keys) -> list[Case]:
    rows = Case.objects.filter(pk__in=keys).select_related("site", "desk__owner", "handler").in_bulk()
    return [rows[key] for key in keys if key in rows]


def _duties(span: Span, last: Place | None, size: int) -> list[tuple[str, datetime, datetime, int]]:
    """The next pending duties to answer, by the moment to act by."""
    rows = Obligation.objects.pending().filter(parameter__in=ANSWERING, subject__startswith=SUBJECT)
    if span.since:
        rows = rows.filter(act_by__gte=span.since)
    if span.until:
        rows = rows.filter(act_by__lt=span.until)
    if last:
        act_by, started_at, key = last
        later = Q(started_at__gt=started_at) | Q(started_at=started_at, pk__gt=key)
        rows = rows.filter(Q(act_by__gt=act_by) | later, act_by__gte=act_by)
    rows = rows.order_by("act_by", "started_at", "pk")
    return list(rows.values_list("subject", "act_by", "started_at", "pk")[:size])

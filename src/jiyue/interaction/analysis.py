"""来信情况分析: letters of all kinds and channels in a period against the one before and the same of the year before (INT-19).

Counts come from the accounts of letters, grouped in the database. What letters have in common is asked of the newest
`MOST_READ` of a period alone; the page says so. Reports of a wrong are counted and never read. Nobody is named and no
opinion is judged. `worked_out` is the work, done by the clock and kept (`analyses`); `told_of` tells it in words.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Substr, TruncMonth
from django.utils.translation import gettext as _

from jiyue.checks.queries import settings_for
from jiyue.domain.cases import Kind
from jiyue.domain.deadlines import SHANGHAI, local
from jiyue.domain.letter_trends import (
    COMPARED,
    Group,
    Length,
    Period,
    Phrase,
    Told,
    change,
    groups,
    period_at,
    phrases,
)
from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.interaction.events import AnalysisMade
from jiyue.interaction.masking import left
from jiyue.interaction.models import InterviewQuestion, LetterAccount, Opinion, SurveyAnswer
from jiyue.interaction.statistics import CHANNELS, late_among
from jiyue.interaction.words import KINDS

MOST_READ = 100_000  # letters of a period whose words are compared
MONTHS_TOLD = 13
ONE_DAY = timedelta(days=1)
ALIKE_ENOUGH = 2  # characters that a phrase may share with what tells of a person


@dataclass(frozen=True)
class Row:
    """One kind, channel or unit: what came now, in the period before and a year ago; of those of now, what became of them."""

    name: str
    received: int
    before: int
    year_ago: int
    answered: int = 0
    in_time: int = 0
    limited: int = 0
    late: int = 0

    @property
    def against_before(self) -> int | None:
        return change(self.received, self.before)

    @property
    def against_year_ago(self) -> int | None:
        return change(self.received, self.year_ago)

    @property
    def share_in_time(self) -> int | None:
        return 100 * self.in_time // self.limited if self.limited else None


@dataclass(frozen=True)
class Analysis:
    """All that one report says. `read` letters of `readable` were compared by their words, and `read_before` of the
    `readable_before` of the period before. `as_of` is the last day that is counted where the period still runs.
    """

    period: Period
    sites: tuple[str, ...]
    whole: Row
    kinds: list[Row]
    channels: list[Row]
    units: list[Row]
    months: list[tuple[str, int]]
    asked: list[Row]
    phrases: list[Phrase]
    groups: list[Group]
    read: int
    readable: int
    read_before: int
    readable_before: int
    as_of: date | None

    @property
    def rising(self) -> list[Phrase]:
        """What at least twice as many wrote about as in the period before."""
        return [one for one in self.phrases if one.rises]


def analyse(sites: QuerySet[Site], period: Period, *, now: datetime) -> Analysis:
    """The report of the units of these sites, worked out at once."""
    return told_of(worked_out(list(sites.values_list("pk", flat=True)), period, now=now), sites, period)


def worked_out(keys: list[int], period: Period, *, now: datetime) -> dict[str, Any]:
    """What the report of these sites is made of, as it is kept. Days are those of Beijing. A running period is compared with
    as many days.
    """
    today = local(now).date()
    spans = period.compared(today)
    letters, readable = _told(keys, period)
    earlier, readable_before = _told(keys, spans[1], titles_only=True)
    weight = readable_before / len(earlier) * len(letters) / readable if earlier and letters else 1.0
    hide = _hider(keys, now)
    said = phrases(letters, hide=hide, earlier=earlier, weight=weight)
    return {
        "counts": [_written(_counted(keys, each)) for each in spans], "late": _written(_late(keys, period, now)),
        "months": _months(keys, period), "asked": _asked(keys, spans),
        "phrases": [[one.words, one.letters, one.people, one.before, one.weight] for one in said],
        "groups": [[one.words, one.letters, one.people, list(one.units)] for one in groups(letters, hide=hide)],
        "read": [len(letters), readable, len(earlier), readable_before],
        "as_of": today.isoformat() if period.is_running(today) else "",
    }  # fmt: skip


def told_of(facts: Mapping[str, Any], sites: QuerySet[Site], period: Period) -> Analysis:
    """The report that was worked out of these sites, in the language of whoever reads it."""
    counted, late = [_read(each) for each in facts["counts"]], _read(facts["late"])
    named = list(sites.order_by("name").values_list("pk", "name", "owner__name"))
    units = {key: unit for key, _name, unit in named}
    read, readable, read_before, readable_before = facts["read"]
    return Analysis(
        period=period, sites=tuple(name for _key, name, _unit in named),
        whole=next(iter(_rows(counted, late, lambda desk, kind, channel: _("合计"))), Row(_("合计"), 0, 0, 0)),
        kinds=_rows(counted, late, lambda desk, kind, channel: str(KINDS[Kind(kind)])),
        channels=_rows(counted, late, lambda desk, kind, channel: str(CHANNELS.get(channel, _("以前没有分来源")))),
        units=_rows(counted, late, lambda desk, kind, channel: units.get(desk, "")),
        months=[(code, count) for code, count in facts["months"]],
        asked=[Row(name, *counts) for name, counts in zip(_others(), facts["asked"], strict=True)],
        phrases=[Phrase(*one) for one in facts["phrases"]],
        groups=[Group(words, letters, people, tuple(of)) for words, letters, people, of in facts["groups"]],
        read=read, readable=readable, read_before=read_before, readable_before=readable_before,
        as_of=date.fromisoformat(facts["as_of"]) if facts["as_of"] else None,
    )  # fmt: skip


def note_made(*, period: Period, sites: QuerySet[Site], form: str, by: User, now: datetime) -> None:
    """Somebody takes the report away: who, when, of which period and how many sites."""
    hosts = list(sites.values_list("host", flat=True)[:2])
    event = AnalysisMade(
        subject=f"letter-analysis:{period.code}", site=hosts[0] if len(hosts) == 1 else "", period=period.code,
        number=str(sites.count()), form=form,
    )  # fmt: skip
    record(event, by=by.actor(), at=now)


Counts = dict[tuple[int, str, str], dict[str, int]]


def _written(counts: Counts) -> list[list[Any]]:
    return [[*key, one] for key, one in sorted(counts.items())]


def _read(rows: Iterable[list[Any]]) -> Counts:
    return {(desk, kind, channel): one for desk, kind, channel, one in rows}


def _accounts(keys: list[int], period: Period) -> QuerySet[LetterAccount]:
    return LetterAccount.objects.filter(desk__in=keys, received_on__range=(period.since, period.until))


def _counted(keys: list[int], period: Period) -> Counts:
    """By desk, kind and channel, in one question."""
    answered = Q(answered_at__isnull=False)
    rows = _accounts(keys, period).order_by().values_list("desk", "kind", "channel").annotate(
        all=Count("pk"), told=Count("pk", filter=answered), punctual=Count("pk", filter=answered & Q(in_time=True)),
        bounded=Count("pk", filter=answered & Q(in_time__isnull=False)), overdue=Count("pk", filter=Q(in_time=False)),
    )  # fmt: skip
    names = ("received", "answered", "in_time", "limited", "overdue")
    return {(desk, kind, channel): dict(zip(names, counts, strict=True)) for desk, kind, channel, *counts in rows}


def _late(keys: list[int], period: Period, now: datetime) -> Counts:
    """Open letters past their limit, by desk, kind and channel."""
    rows = _accounts(keys, period)
    open_ones = late_among(rows, now)
    found: Counts = {}
    for desk, kind, channel in rows.filter(case__in=open_ones, in_time=None).values_list("desk", "kind", "channel"):
        found.setdefault((desk, kind, channel), {"late": 0})["late"] += 1
    return found


def _rows(periods: list[Counts], late: Counts, named: Callable[[int, str, str], str]) -> list[Row]:
    """The counts put together by name, the most frequent first."""
    sums: dict[str, dict[str, int]] = {}
    for counts, name in zip(periods, ("received", "before", "year_ago"), strict=True):
        for key, one in counts.items():
            line = sums.setdefault(named(*key), {})
            line[name] = line.get(name, 0) + one["received"]
            if name == "received":
                for each in ("answered", "in_time", "limited"):
                    line[each] = line.get(each, 0) + one[each]
                line["late"] = line.get("late", 0) + one["overdue"]
    for key, one in late.items():
        line = sums.setdefault(named(*key), {})
        line["late"] = line.get("late", 0) + one["late"]
    noughts = {"received": 0, "before": 0, "year_ago": 0}
    rows = [Row(name=name, **{**noughts, **line}) for name, line in sums.items()]
    return sorted(rows, key=lambda row: (-row.received, row.name))


def _months(keys: list[int], period: Period) -> list[tuple[str, int]]:
    """How many came in each month up to the end of the period, thirteen of them, so that the same month stands at both ends."""
    last = period_at(Length.MONTH, period.until)
    months = [last]
    while len(months) < MONTHS_TOLD:
        months.append(months[-1].before)
    rows = LetterAccount.objects.filter(desk__in=keys, received_on__range=(months[-1].since, last.until)).order_by()
    counted = rows.annotate(month=TruncMonth("received_on")).values("month").annotate(count=Count("pk"))
    found: dict[date, int] = {row["month"]: row["count"] for row in counted}
    return [(month.code, found.get(month.since, 0)) for month in reversed(months)]


def _asked(keys: list[int], periods: Iterable[Period]) -> list[list[int]]:
    """Answers to surveys, opinions on drafts and questions to interviews, of each period; named by `_others`."""
    sources = (
        SurveyAnswer.objects.filter(survey__site__in=keys),
        Opinion.objects.filter(call__site__in=keys),
        InterviewQuestion.objects.filter(interview__site__in=keys),
    )
    spans = [(begins(each.since), begins(each.until + ONE_DAY)) for each in periods]
    return [[rows.filter(at__gte=since, at__lt=until).count() for since, until in spans] for rows in sources]


def _others() -> list[str]:
    return [_("调查答卷"), _("意见征集收到的意见"), _("访谈提问")]


def begins(day: date) -> datetime:
    """The first moment of a day in Beijing."""
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _told(keys: list[int], period: Period, *, titles_only: bool = False) -> tuple[list[Told], int]:
    """The newest letters of the period as far as they are compared, and how many there are."""
    rows = _accounts(keys, period).exclude(kind=Kind.REPORT)
    text = Value("") if titles_only else Substr("case__text", 1, COMPARED)
    facts = (
        rows.annotate(words=text)
        .order_by("-received_on", "-case")
        .values_list("case", "case__sender_mark", "case__title", "words", "desk__owner__name")
    )
    told = [
        Told(key, mark or f"#{key}", title, text, unit)
        for key, mark, title, text, unit in facts[:MOST_READ].iterator(chunk_size=2000)
    ]
    return told, len(told) if len(told) < MOST_READ else rows.count()


def _hider(keys: list[int], now: datetime) -> Callable[[str, list[str]], bool]:
    """Do words stand in what the privacy checks find in these titles, or are they that themselves?"""
    first = Site.objects.filter(pk__in=keys).select_related("owner").order_by("pk").first()
    settings = settings_for(first.owner if first else None, now=local(now).date())

    def hide(words: str, titles: Iterable[str]) -> bool:
        private = [each for text in (words, *titles) for each in left(text, contact={}, settings=settings)]
        return any(_share(words, each) for each in private)

    return hide


def _share(words: str, private: str) -> bool:
    pieces = {private[at : at + ALIKE_ENOUGH] for at in range(max(1, len(private) - 1))}
    return any(piece in words for piece in pieces)

"""为什么是这一天: what stands behind a date, ready for the one partial that every screen shows it with.

A screen of any part makes a `Reason` of what it has (`of_obligation`, `of_reckoning`) and writes `{% why reason %}`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiyue.console.duties import words
from jiyue.domain.deadlines import Day, Due, local
from jiyue.domain.duty_moments import Moments, moments_of
from jiyue.domain.limits import Limit, Span, Unit, parse_limit
from jiyue.domain.rule_terms import ClassLimit, Deadline, Recurrence
from jiyue.domain.rulesets import Answer
from jiyue.domain.working_days import WorkingCalendar
from jiyue.obligations.models import Obligation
from jiyue.obligations.queries import is_recorded_late
from jiyue.rules import explaining, wording
from jiyue.rules.reckoning import Reckoning

NUMBERED = (Unit.DAYS, Unit.WORKING_DAYS)


@dataclass(frozen=True)
class DayLine:
    """One day between the start and the last end: counted with its number, or skipped, and why."""

    day: date
    weekday: Any
    why: str
    what: str
    counted: bool
    end: str = ""


@dataclass(frozen=True)
class Reason:
    """Everything that makes a date: rule, articles, the packs that were asked before, start, days, both ends.

    `altered`: the kept rule was changed beside the application, and is shown as that, not as a rule.
    """

    rule: str
    says: str
    basis: Sequence[str]
    source: str
    passed: Sequence[str]
    note: str
    doubts: str
    start: datetime
    counting: Sequence[str]
    due: datetime | None
    latest: datetime | None
    latest_when: str
    needs_reason: bool
    provisional: bool
    days: Sequence[DayLine]
    recorded_at: datetime | None = None
    moved: bool = False
    altered: bool = False

    @property
    def line(self) -> str:
        """Rule and first article, for a list."""
        return " · ".join(filter(None, (self.rule, self.says, self.basis[0] if self.basis else "")))


def of_obligation(obligation: Obligation, *, calendar: WorkingCalendar) -> Reason:
    """The reason of a duty's dates, computed again from the rule it began under. `rule` should be joined."""
    if not obligation.rule.is_intact:
        return _altered(obligation)
    own = parse_limit(obligation.own_limit) if obligation.own_limit else None
    answer = obligation.answer
    moments = moments_of(
        answer, start=obligation.started_at, calendar=calendar, own=own, event_at=obligation.event_at,
        stopped=obligation.stops, classed=obligation.classes,
    )  # fmt: skip
    late = is_recorded_late(obligation)
    return _reason(
        answer, moments, start=obligation.started_at, own=own, recorded_at=obligation.recorded_at if late else None,
        moved=moments is not None and moments.due.at != obligation.due_at,
    )  # fmt: skip


def of_reckoning(found: Reckoning) -> Reason:
    """The reason of a date that was computed for a question, and of which no duty is kept."""
    return _reason(found.answer, Moments(found.due, found.latest), start=found.start, own=None)


def short(obligation: Obligation) -> str:
    """Rule, figure and article in one line, without computing any day."""
    if not obligation.rule.is_intact:
        return " · ".join((words.parameter(obligation.parameter), _("留存的规则被改动，不能作为依据")))
    answer = obligation.answer
    own = parse_limit(obligation.own_limit) if obligation.own_limit else None
    article = next((f"{wording.title(one.document)}{one.article}" for one in answer.basis), "")
    return " · ".join(filter(None, (words.parameter(answer.parameter), _says(answer, own), article)))


def _altered(obligation: Obligation) -> Reason:
    """What is known without the rule: its name, the start, and the dates as they were computed when it was whole."""
    return Reason(
        rule=words.parameter(obligation.parameter), says=_("留存的规则被改动，不能作为依据"), basis=(), source="", passed=(),
        note="", doubts="", start=obligation.started_at, counting=(), due=obligation.due_at, latest=obligation.latest_at,
        latest_when="", needs_reason=False, provisional=obligation.provisional, days=(), altered=True,
    )  # fmt: skip


def _reason(
    answer: Answer, moments: Moments | None, *, start: datetime, own: Limit | None, recorded_at: datetime | None = None,
    moved: bool = False,
) -> Reason:  # fmt: skip
    value, terms = answer.value, answer.terms
    deadline = terms if isinstance(terms, Deadline) and own is None else None
    return Reason(
        rule=words.parameter(answer.parameter),
        says=_says(answer, own, moments.of_class if moments else None),
        basis=[wording.basis(basis) for basis in answer.basis],
        source=_source(answer),
        passed=[wording.passed(passed) for passed in answer.passed],
        note=value.note if value else "",
        doubts="、".join(value.open) if value else "",
        start=start,
        counting=_counting(answer, moments, own),
        due=moments.due.at if moments else None,
        latest=moments.latest.at if moments and moments.latest else None,
        latest_when=deadline.latest_when if deadline else "",
        needs_reason=bool(deadline and deadline.needs_reason),
        provisional=bool(moments and moments.provisional),
        days=list(_days(moments, answer, own)) if moments else [],
        recorded_at=recorded_at,
        moved=moved,
    )


def _counting(answer: Answer, moments: Moments | None, own: Limit | None) -> list[str]:
    """How days were counted: said of the limits of a text, not of one that was asked for here."""
    if moments is None or own is not None:
        return []
    terms = answer.terms
    limits = (terms.limit,) if isinstance(terms, Deadline) else ()
    return explaining.way_of_counting(answer, *limits)


def _says(answer: Answer, own: Limit | None, of_class: ClassLimit | None = None) -> str:
    if of_class is not None:
        return _("%(rule)s。这一件按“%(name)s”") % {"rule": wording.answer(answer), "name": of_class.name}
    if own is not None:
        return _("自定期限 %(limit)s") % {"limit": wording.limit(own)}
    return wording.answer(answer)


def _source(answer: Answer) -> str:
    if not answer.is_set:
        return ""
    facts = {"pack": answer.pack_title, "version": answer.pack_version, "since": wording.since(answer.found.since)}
    return _("%(pack)s（%(version)s 版），%(since)s") % facts


def _days(moments: Moments, answer: Answer, own: Limit | None) -> Iterator[DayLine]:
    furthest, limit = _furthest(moments, answer, own)
    number = 0
    for day in furthest.days:
        number += day.counted
        yield DayLine(
            day.date, words.WEEKDAYS[day.date.weekday()], words.why(day.why), _count(day, number, limit), day.counted,
            _end(day, moments),
        )  # fmt: skip


def _furthest(moments: Moments, answer: Answer, own: Limit | None) -> tuple[Due, Limit | None]:
    terms = answer.terms
    if own is not None:
        return moments.due, own
    if isinstance(terms, Deadline):
        later = moments.latest is not None and moments.latest.at > moments.due.at
        limits = moments.of_class or terms
        return (moments.latest, limits.latest) if later and moments.latest else (moments.due, limits.limit)
    return moments.due, terms.gap or terms.by if isinstance(terms, Recurrence) else None


def _count(day: Day, number: int, limit: Limit | None) -> str:
    if not isinstance(limit, Span) or limit.unit not in NUMBERED:
        return _("期限届满") if day.counted else _("起算日")
    if day.stopped:
        return _("期限停止计算，不计入")
    if not day.counted:
        return _("起算日，不计入") if number == 0 and day.working else _("不计入")
    if limit.unit is Unit.WORKING_DAYS:
        return ngettext("第 %(n)s 个工作日", "第 %(n)s 个工作日", number) % {"n": number}
    return ngettext("第 %(n)s 日", "第 %(n)s 日", number) % {"n": number}


def _end(day: Day, moments: Moments) -> str:
    if day.date == local(moments.due.at).date():
        return _("期限")
    latest = moments.latest and local(moments.latest.at).date()
    return _("最迟期限") if day.date == latest else ""

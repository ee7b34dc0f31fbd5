"""How a duty is said: its state, how long is left, how late it is. Word, shape and colour belong together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jiyue.console.rule_names import named
from jiyue.domain.deadlines import END_OF_DAY, local
from jiyue.domain.duties import State
from jiyue.domain.limits import Limit, Span, Unit, parse_limit
from jiyue.domain.rule_terms import Deadline, Recurrence
from jiyue.domain.working_days import ONE_DAY, DayKind, Why, WorkingCalendar
from jiyue.obligations.models import Obligation, Waiver

STATES: Mapping[str, Any] = {
    State.NOT_BEGUN: gettext_lazy("未到起算时间"),
    State.OPEN: gettext_lazy("办理中"),
    State.DUE_SOON: gettext_lazy("即将到期"),
    State.OVERDUE: gettext_lazy("已逾期"),
    State.BREACHED: gettext_lazy("超过最迟期限"),
    State.MET: gettext_lazy("按时办结"),
    State.MET_LATE: gettext_lazy("逾期办结"),
    State.WAIVED: gettext_lazy("已豁免"),
    State.ENDED: gettext_lazy("已终止"),
    Waiver.State.ASKED: gettext_lazy("待批复"),
}
# The class of the style sheet that draws shape and colour.
TONES: Mapping[str, str] = {
    State.NOT_BEGUN: "calm", State.OPEN: "calm", State.DUE_SOON: "soon", State.OVERDUE: "late", State.BREACHED: "breach",
    State.MET: "done", State.MET_LATE: "donelate", State.WAIVED: "bar", State.ENDED: "bar", Waiver.State.ASKED: "soon",
}  # fmt: skip
WEEKDAYS = tuple(map(gettext_lazy, ("周一", "周二", "周三", "周四", "周五", "周六", "周日")))
FAR = 60  # days from which on nobody counts working days in the head


@dataclass(frozen=True)
class Clock:
    """Until when, seen from now: `words` for people, `tone` for shape and colour."""

    words: str
    tone: str
    at: datetime


def clock(obligation: Obligation, *, now: datetime, calendar: WorkingCalendar) -> Clock:
    """How long a duty has left or how late it is; what is closed says its state."""
    state = obligation.state(now)
    if state in (State.MET, State.MET_LATE, State.WAIVED, State.ENDED):
        closed_at = obligation.done_at or obligation.waived_at or obligation.ended_at
        return Clock(str(STATES[state]), TONES[state], closed_at or obligation.act_by)
    words = left(obligation.act_by, now=now, calendar=calendar, unit=unit_of(obligation))
    return Clock(words, TONES[state], obligation.act_by)


def left(act_by: datetime, *, now: datetime, calendar: WorkingCalendar, unit: Unit | None = None) -> str:
    """还有 3 个工作日, 今天截止, 已逾期 2 天. Working days are counted only for limits that are given in them."""
    here, end = local(now), local(act_by)
    if here > end:
        return _late(here, end)
    if here.date() == end.date():
        whole = end.time() == END_OF_DAY
        return _("今天截止") if whole else _("今天 %(clock)s 截止") % {"clock": f"{end:%H:%M}"}
    if unit is Unit.HOURS:
        hours = int((end - here).total_seconds() // 3600)
        return ngettext("还有 %(n)s 小时", "还有 %(n)s 小时", hours) % {"n": hours}
    days = (end.date() - here.date()).days
    if unit is Unit.WORKING_DAYS and days <= FAR:
        working = sum(calendar.is_working(here.date() + ONE_DAY * number) for number in range(1, days + 1))
        return ngettext("还有 %(n)s 个工作日", "还有 %(n)s 个工作日", working) % {"n": working}
    return ngettext("还有 %(n)s 天", "还有 %(n)s 天", days) % {"n": days}


def unit_of(obligation: Obligation) -> Unit | None:
    """What the limit that counts now is given in; nothing for fixed days and periods, and where the rule was altered."""
    if not obligation.rule.is_intact:
        return None
    terms = obligation.answer.terms
    limit: Limit | None
    if obligation.own_limit:
        limit = parse_limit(obligation.own_limit)
    elif isinstance(terms, Deadline):
        limit = terms.latest if obligation.second_step_at and terms.latest else terms.limit
    else:
        limit = terms.gap if isinstance(terms, Recurrence) else None
    return limit.unit if isinstance(limit, Span) else None


def parameter(name: str) -> str:
    """The name of what is regulated, in the reader's language."""
    return named(name)


def why(found: Why) -> str:
    """The reason of a day of the calendar, in the reader's language; names of holidays stay as announced."""
    match found.kind:
        case DayKind.HOLIDAY if found.by:
            return _("%(name)s放假（%(by)s规定）") % {"name": found.name, "by": found.by}
        case DayKind.SHIFTED_WORK if found.by:
            return _("%(name)s调休上班（%(by)s规定）") % {"name": found.name, "by": found.by}
        case DayKind.HOLIDAY:
            return _("%(name)s放假") % {"name": found.name}
        case DayKind.SHIFTED_WORK:
            return _("%(name)s调休上班") % {"name": found.name}
        case DayKind.WEEKEND:
            return _("周末")
        case DayKind.WORKDAY:
            return _("工作日")
        case DayKind.UNPUBLISHED_WORKDAY:
            return _("工作日（当年放假安排尚未公布）")
        case DayKind.UNPUBLISHED_HOLIDAY:
            return _("%(name)s，法定假日（当年放假安排尚未公布）") % {"name": found.name}
        case DayKind.UNPUBLISHED_WEEKEND:
            return _("周末（当年放假安排尚未公布）")
        case DayKind.UNKEPT_WORKDAY:
            return _("工作日（平台没有收录当年的放假安排）")
        case DayKind.UNKEPT_WEEKEND:
            return _("周末（平台没有收录当年的放假安排）")
        case DayKind.UNSETTLED_WORKDAY:
            return _("工作日（下一年放假安排尚未公布，可能调整）")
        case DayKind.UNSETTLED_WEEKEND:
            return _("周末（下一年放假安排尚未公布，可能调整）")


def _late(here: datetime, end: datetime) -> str:
    if end.time() == END_OF_DAY:
        days = (here.date() - end.date()).days
    else:
        hours = int((here - end).total_seconds() // 3600)
        if hours < 1:
            return _("已逾期不到 1 小时")
        if hours < 24:
            return ngettext("已逾期 %(n)s 小时", "已逾期 %(n)s 小时", hours) % {"n": hours}
        days = hours // 24
    return ngettext("已逾期 %(n)s 天", "已逾期 %(n)s 天", days) % {"n": days}

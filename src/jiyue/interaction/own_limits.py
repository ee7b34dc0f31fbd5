"""办理期限: the limit that a superior names for one letter, and whether it comes before the rule's (INT-07)."""

import re
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jiyue.domain.cases import Kind
from jiyue.domain.deadlines import local
from jiyue.domain.duty_moments import moments_of
from jiyue.domain.limits import LARGEST_OTHERWISE, Limit, parse_limit
from jiyue.estate.models import Site
from jiyue.interaction import duties
from jiyue.rules.queries import book

_SPAN = re.compile(r"([0-9]{1,3})\s*(个?工作日|日|天|个自然日)")
# A cell of a workbook with a day in it has that day's midnight.
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T]00:00(?::00)?(?:\+08:00)?)?")


def is_limit(text: str) -> bool:
    """A day of the calendar, or a number of days or working days."""
    return _day_of(text) is not None or bool((found := _SPAN.fullmatch(text)) and int(found[1]))


def own_limit(text: str, *, site: Site, kind: str, at: datetime) -> str:
    """The limit as the letter keeps it; empty where none is named or the rule of the site's unit ends no later.

    Raises ValidationError for a day before the letter was handed down, or decades after it.
    """
    if not text:
        return ""
    limit = _limit_of(text, at)
    parameter = duties.PROPOSAL if kind == Kind.ERROR_REPORT else duties.REPLY
    answer = book().answer(site.owner.lineage, parameter, local(at).date())
    calendar = book().calendar_for(site.owner.lineage)
    ruled = moments_of(answer, start=at, calendar=calendar)
    asked = moments_of(answer, start=at, calendar=calendar, own=limit)
    return str(limit) if asked is not None and (ruled is None or asked.due.at < ruled.due.at) else ""


def _limit_of(text: str, at: datetime) -> Limit:
    day = _day_of(text)
    if day is None:
        found = _SPAN.fullmatch(text)
        if found is None:
            raise ValidationError(_("看不懂“办理期限”，请写成 2026-12-10 这样的日期，或者“7个工作日”“10日”"))
        return parse_limit(f"{int(found[1])} {'working-days' if '工作日' in found[2] else 'days'}")
    days = (day - local(at).date()).days
    if days < 0:
        raise ValidationError(_("“办理期限”早于转办时间，请核对"))
    if days > LARGEST_OTHERWISE:
        raise ValidationError(_("“办理期限”太远，请核对年份"))
    return parse_limit(f"{days} days" if days else "same-day")


def _day_of(text: str) -> date | None:
    found = _DAY.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None

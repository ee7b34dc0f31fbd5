"""How the console says times, waits and states, the same everywhere."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jiyue.checks.models import UnitWord
from jiyue.console.checks.shown import TONES, quoted
from jiyue.content.models import (
    ColumnDecision,
    ColumnFiling,
    FeedEntry,
    ItemDifference,
    PermittedSource,
    Placement,
    PublicQuestion,
    TakingRule,
)
from jiyue.content.models.records import State
from jiyue.disclosure.words import STATES as REQUEST_STATES
from jiyue.domain.cases import State as LetterState
from jiyue.domain.disclosure import State as RequestState
from jiyue.interaction.models import PublicVersion
from jiyue.interaction.words import STATES as LETTER_STATES
from jiyue.review.models import Level
from jiyue.review.models.checks import Severity

register = template.Library()

# Word, shape and colour: whoever cannot see one of them still has the others.
SHAPES = {
    "draft": "hollow", "returned": "back", "secrecy": "shield", "first": "one", "second": "two", "final": "three",
    "together": "three", "gathered": "hollow", "chosen": "two", "declined": "bar",
    "signed_off": "seal", "published": "full", "failed": "cross", "withdrawn": "bar",
    "offered": "hollow", "delayed": "back", "refused": "cross", "submitted": "three", "taken": "full", "ended": "bar",
    "wanted": "hollow", "ordered": "full", "passed": "bar",
    "rule-asked": "two", "rule-decided": "full",
    "planned": "one", "in_force": "full", "stopped": "bar",
    **TONES,
}  # fmt: skip
A_DAY = 86_400


register.filter(quoted)


@register.filter
def moment(value: datetime | None):
    """今天 09:30, 昨天 16:05, 9月28日 08:00; the whole of it for machines and on hover."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', local.isoformat(), full(value), spoken(value, timezone.now())
    )


@register.filter
def full(value: datetime | None) -> str:
    """2026年11月21日 09:30:05, Beijing time."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S") if value else ""


def spoken(value: datetime, now: datetime) -> str:
    """A moment as people say it, seen from `now`."""
    local, today = timezone.localtime(value), timezone.localtime(now).date()
    clock = f"{local:%H:%M}"
    days = (today - local.date()).days
    if days == 0:
        return _("今天 %(clock)s") % {"clock": clock}
    if days == 1:
        return _("昨天 %(clock)s") % {"clock": clock}
    if days == -1:
        return _("明天 %(clock)s") % {"clock": clock}
    facts = {"year": local.year, "month": local.month, "day": local.day, "clock": clock}
    if local.year == today.year:
        return _("%(month)s月%(day)s日 %(clock)s") % facts
    return _("%(year)s年%(month)s月%(day)s日") % facts


@register.filter
def waited(since: datetime, now: datetime) -> str:
    """How long something has waited, in the largest unit that says enough."""
    seconds = max(0, int((now - since).total_seconds()))
    if seconds < 3600:
        minutes = max(1, seconds // 60)
        return ngettext("%(n)s 分钟", "%(n)s 分钟", minutes) % {"n": minutes}
    if seconds < A_DAY:
        hours = seconds // 3600
        return ngettext("%(n)s 小时", "%(n)s 小时", hours) % {"n": hours}
    days = seconds // A_DAY
    return ngettext("%(n)s 天", "%(n)s 天", days) % {"n": days}


@register.filter
def urgency(since: datetime, now: datetime) -> str:
    """fresh, waiting or late: how long is too long for a thing without a date of its own."""
    days = (now - since).total_seconds() / A_DAY
    return "late" if days >= 3 else "waiting" if days >= 1 else "fresh"


# What waits for somebody without being a row in a state.
OF_TODOS = {
    "unanswered": gettext_lazy("待回应"), "unclear": gettext_lazy("未写明"), "failed": gettext_lazy("没有成功"),
    "rule-asked": gettext_lazy("拟调整"), "rule-decided": gettext_lazy("已批准"), "public-none": gettext_lazy("待做公开版"),
    "comment-waiting": gettext_lazy("待审核"), "comment-drafted": gettext_lazy("待审核"),
    "comment-returned": gettext_lazy("已退回"),
}  # fmt: skip


@register.simple_tag
def state_badge(state: str):
    """The state's one word with its shape and colour."""
    return format_html('<span class="jy-state jy-state--{}">{}</span>', SHAPES.get(state, "hollow"), state_word(state))


def state_word(state: str) -> str:
    """The one word used everywhere for a state; a review level counts as the state of waiting for it.

    What is public and was found faulty has no state of its own: how bad the finding is stands there.
    """
    known = (
        State, Placement.State, TakingRule.State, PermittedSource.State, FeedEntry.State, ColumnFiling.State,
        ColumnDecision.State, Severity, ItemDifference.State, PublicQuestion.State,
    )  # fmt: skip
    for states in known:
        if state in states.values:
            return str(states(state).label)
    if state.startswith("letter-"):
        return str(LETTER_STATES[LetterState(state.removeprefix("letter-"))])
    if state.startswith("public-") and state.removeprefix("public-") in PublicVersion.State.values:
        return str(PublicVersion.State(state.removeprefix("public-")).label)
    if state.startswith("disclosure-"):
        return str(REQUEST_STATES[RequestState(state.removeprefix("disclosure-"))])
    return str(Level(state).label) if state in Level.values else str(OF_TODOS.get(state, state))


@register.filter
def matter(row) -> str:
    """Which of the two kinds of entries of a unit's lists this is, as their address names it."""
    return "word" if isinstance(row, UnitWord) else "setting"

"""What any screen of the console needs to show a duty or the reason of a date."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from jiyue.console.duties import words
from jiyue.console.duties.reasons import Reason

register = template.Library()


@register.inclusion_tag("console/duties/why.html")
def why(reason: Reason | None, *, unfolded: bool = False, heading: str = "") -> dict:
    """为什么是这一天: the rule, the articles and every day behind a date, folded until somebody asks."""
    return {"reason": reason, "unfolded": unfolded, "heading": heading or _("为什么是这一天")}


@register.simple_tag
def duty_state(state: str):
    """The state of a duty: word, shape, colour."""
    return format_html('<span class="jd-mark jd-mark--{}">{}</span>', words.TONES.get(state, "calm"), state_word(state))


@register.filter
def state_word(state: str) -> str:
    """The one word of a duty's state."""
    return str(words.STATES.get(state, state))


@register.filter
def day_of(value: datetime | None) -> str:
    """11月27日 周五; the year where it is another one."""
    if value is None:
        return ""
    local = timezone.localtime(value)
    facts = {
        "year": local.year, "month": local.month, "day": local.day, "weekday": words.WEEKDAYS[local.weekday()],
    }  # fmt: skip
    if local.year == timezone.localdate().year:
        return _("%(month)s月%(day)s日 %(weekday)s") % facts
    return _("%(year)s年%(month)s月%(day)s日 %(weekday)s") % facts

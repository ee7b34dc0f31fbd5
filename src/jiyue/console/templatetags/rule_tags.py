"""What any screen of the console needs to show a rule, its articles, and how its text was read."""

from collections import Counter
from datetime import date
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from jiyue.console.rule_names import name_of, reads_english
from jiyue.console.rulebook import words
from jiyue.domain.limits import WithEvent
from jiyue.domain.rule_terms import Deadline
from jiyue.domain.rulesets import Answer, Copy, Pack, Passed, Since, Value
from jiyue.domain.working_days import Why
from jiyue.rules import wording
from jiyue.rules.library import Library
from jiyue.rules.queries import OF_PACK, OF_UNIT

register = template.Library()
LONG = 120

register.filter("says", wording.value)
register.filter("answer_says", wording.answer)
register.filter("supplement_words", wording.supplement)
register.filter("since_words", wording.since)
register.filter("titled", wording.title)
register.filter("rule_name", name_of)


@register.filter
def speaking(passed: tuple[Passed, ...]) -> list[Passed]:
    """Those worth telling: not the decisions of a unit or about a pack that say nothing of this."""
    silent = (OF_UNIT, OF_PACK)
    return [one for one in passed if one.value is not None or one.later is not None or not one.pack.startswith(silent)]


@register.filter
def passed_words(passed: Passed) -> str:
    """Why a pack was asked and did not answer."""
    return wording.passed(passed)


@register.filter
def is_long(value: Value) -> bool:
    """Is it too long to stand in a cell unfolded?"""
    return len(wording.value(value)) > LONG


@register.filter
def stated(since: Since | None) -> str:
    """A day as exactly as the text lets one know it."""
    if since is None:
        return _("未知")
    return since.stated if since.is_exact else _("%(day)s（未写到日）") % {"day": since.stated}


@register.simple_tag
def quoted_in_chinese() -> str:
    """Readers of another language are told why what follows is Chinese."""
    return _("规则的文本、依据和说明按原文引用，均为中文。") if reads_english() else ""


@register.filter
def kind_word(kind: Any) -> str:
    return str(words.KINDS[kind])


@register.filter
def level_word(level: Any) -> str:
    return str(words.LEVELS[level])


@register.filter
def matter_word(matter: str) -> str:
    return str(words.MATTERS[matter])


@register.filter
def pack_title(name: str, library: Library) -> str:
    return library.pack(name).title if name in library.names else name


@register.filter
def copies(pack: Pack) -> list[tuple[Copy, int]]:
    """How many of a pack's texts were read in which kind of copy."""
    return Counter(text.source for text in pack.texts.values()).most_common()


@register.filter
def may_follow_event(answer: Answer) -> bool:
    """Is the limit bound to the moment of another event?"""
    terms = answer.terms
    return isinstance(terms, Deadline) and isinstance(terms.limit, WithEvent)


@register.simple_tag
def copy_badge(copy: Copy) -> str:
    """Which kind of copy of a text was read: word, shape, colour."""
    return format_html('<span class="jy-state jy-state--{} ru-trust">{}</span>', words.TRUST[copy], words.COPIES[copy])


@register.simple_tag
def standing_badge(proposal: Any) -> str:
    """How a proposal stands: word, shape, colour."""
    shape = words.STANDING[proposal.state]
    return format_html('<span class="jy-state jy-state--{}">{}</span>', shape, proposal.get_state_display())


@register.filter
def words_of(text: str) -> list[str]:
    """The words of a template's own list."""
    return text.split()


@register.filter
def plain_day(day: date) -> str:
    """2026-10-01 周四."""
    return wording.day(day)


@register.filter
def why_words(why: Why) -> str:
    """Why a day is a working day or not."""
    return wording.why(why)

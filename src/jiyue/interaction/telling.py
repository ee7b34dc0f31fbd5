"""Telling the result to whoever did not write on the site: by telephone, at the desk, by post, under the comment.

Nothing is dialled or posted from here. An officer does it and says so; only with a reviewed reply the letter is answered by
it, and the limit is met when it is recorded: a moment that somebody types in is believed by no clock.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiyue.domain.cases import TOLD_OF, Act, State
from jiyue.domain.deadlines import local
from jiyue.domain.letters import tidied
from jiyue.identity.models import User
from jiyue.interaction.models import AnswerGiven, Case, CaseStep
from jiyue.interaction.stepping import locked, take

Way = AnswerGiven.Way
WAYS: dict[str, tuple[Way, ...]] = {
    Case.Source.HOTLINE: (Way.PHONE, Way.SITE), Case.Source.PAPER: (Way.VISIT, Way.POST, Way.PHONE, Way.SITE),
    Case.Source.ACCOUNT: (Way.ACCOUNT,),
}  # fmt: skip
# A letter, that into which it was merged, and so on: a lead may have been merged itself before it was answered.
LEADS = ("", "merged_into__", "merged_into__merged_into__", "merged_into__merged_into__merged_into__")
LONGEST_PERSON, LONGEST_LINK, LONGEST_NOTE = 40, 500, 300  # characters


@dataclass(frozen=True)
class Given:
    """How the sender was told: which way, when, by whom; `link` of what was posted, `note` for what else is to be said."""

    way: str
    at: datetime
    person: str
    link: str = ""
    note: str = ""


def ways_for(case: Case) -> tuple[Way, ...]:
    """By which ways this sender may be told; none for who reads the answer on the site. Without a code nobody reads it there."""
    ways = WAYS.get(case.source, ())
    return ways if case.ticket_key else tuple(way for way in ways if way != Way.SITE)


def lead_of(case: Case) -> Case:
    """The letter with which it is answered; itself where it was not merged."""
    while case.merged_into is not None:
        case = case.merged_into
    return case


def may_tell(case: Case) -> bool:
    """Is there somebody to be told by hand, and of a merged letter: is that answered into which it was merged?"""
    return bool(ways_for(case)) and (case.state != State.MERGED or lead_of(case).state in TOLD_OF)


def sound(case: Case, given: Given | None, *, since: datetime, now: datetime) -> Given | None:
    """What was said of the telling, tidied; None where nothing has to be told by hand. Raises ValidationError."""
    ways = ways_for(case)
    if not ways:
        return None
    if given is None or given.way not in ways:
        raise ValidationError({"way": _("请选择是怎么答复来信人的")})
    if given.at > now:
        raise ValidationError({"told_at": _("回复时间不能晚于现在")})
    if given.at < since.replace(second=0, microsecond=0):  # a person types minutes
        raise ValidationError({"told_at": _("回复时间不能早于答复审核通过的时间：没有审核的答复不能先告知")})
    person, link, note = tidied(given.person), tidied(given.link), tidied(given.note)
    if not person:
        raise ValidationError({"person": _("请写明由谁回复的")})
    if given.way == Way.ACCOUNT and not is_address(link):
        raise ValidationError({"link": _("请填回复所在的完整网址，以“http://”或者“https://”开头")})
    if given.way == Way.SITE and not note:
        raise ValidationError({"note": _("请写明什么时候打过电话、为什么没有联系上")})
    for name, text, most in (
        ("person", person, LONGEST_PERSON), ("link", link, LONGEST_LINK), ("note", note, LONGEST_NOTE),
    ):  # fmt: skip
        if len(text) > most:
            raise ValidationError({name: _("不能超过 %(n)s 字") % {"n": most}})
    return Given(given.way, given.at, person, link if given.way == Way.ACCOUNT else "", note)


def in_words(given: Given | None) -> str:
    """As it stands in the step; in Chinese, because it is kept."""
    if given is None:
        return ""
    with override("zh-hans"):
        told = f"{Way(given.way).label}：{local(given.at):%Y-%m-%d %H:%M}，{given.person}"
    return "；".join(part for part in (told, given.link, given.note) if part)


def keep(case: Case, given: Given | None, *, by: User, now: datetime) -> None:
    """Write it down beside the step."""
    if given is not None:
        AnswerGiven.objects.create(
            case=case, way=given.way, at=given.at, person=given.person, link=given.link, note=given.note, by=by,
            recorded_at=now,
        )  # fmt: skip


@transaction.atomic
def tell(*, case: Case, given: Given, by: User, now: datetime) -> CaseStep:
    """Told once more, told that it is not accepted, or told the answer of the letter into which it was merged. Raises as
    `stepping.take`; ValidationError.
    """
    row = locked(case)
    lead = lead_of(row)
    if ways_for(row) and not may_tell(row):
        raise ValidationError(_("并入的那封信还没有答复，答复以后再告知"))
    since = lead.met_at or row.received_at
    right = sound(case, given, since=since, now=now)
    if right is None:
        raise ValidationError(_("来信人在网站上看答复，不用另行登记"))
    step = take(case=case, act=Act.TELL, by=by, now=now, reason=in_words(right))
    keep(case, right, by=by, now=now)
    return step


def is_address(text: str) -> bool:
    """Is it a whole address of the web?"""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", text)
    except ValueError:
        return False

"""Desks for live enquiries: their settings, who is on duty, and the sign that tells the public whether one is open."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from jiyue.domain.enquiries import (
    AWAY,
    MOST_EACH,
    MOST_IDLE,
    MOST_WAITING,
    BadHours,
    State,
    hours_of,
    is_open,
    next_opening,
    written_hours,
)
from jiyue.domain.letters import tidied
from jiyue.estate.models import Site
from jiyue.estate.policies import may_manage
from jiyue.foundation.audit import record
from jiyue.foundation.home import Home
from jiyue.identity.models import User
from jiyue.interaction.enquiries.events import EnquiryDeskChanged, EnquiryDutyMoved
from jiyue.interaction.enquiries.policies import may_answer
from jiyue.interaction.letterbox.talks import TalkBox
from jiyue.interaction.models import Enquiry, EnquiryDesk, EnquiryDuty
from jiyue.interaction.policies import takes_letters
from jiyue.rules.queries import book

logger = logging.getLogger(__name__)
ON, OFF = "on", "off"
# Why nobody can begin; the page has a sentence for each.
HOURS, NOBODY, FULL = "hours", "nobody", "full"
_SEEN_EVERY = timedelta(seconds=20)
_SIGN_EVERY = timedelta(seconds=30)


@transaction.atomic
def set_desk(*, site: Site, by: User, now: datetime, **given: Any) -> EnquiryDesk:
    """Switch a site's desk on or off and say when it is open. Raises PermissionDenied, ValidationError."""
    if not may_manage(by, site):
        raise PermissionDenied(_("咨询台由网站管理员设置"))
    if given["is_on"] and not takes_letters(site):
        raise ValidationError(_("网站没有开通互动交流，不能开通在线咨询"))
    try:
        hours = written_hours(hours_of(given["hours"])).replace("–", "-")
    except BadHours as error:
        raise ValidationError({"hours": _("请写成 9:00-12:00、14:00-17:00 这样")}) from error
    for name, most in (("idle_minutes", MOST_IDLE), ("most_each", MOST_EACH), ("most_waiting", MOST_WAITING)):
        if not 1 <= given[name] <= most:
            raise ValidationError({name: _("请写 1 到 %(most)d") % {"most": most}})
    title = tidied(given["title"])
    if not title or len(title) > 20:
        raise ValidationError({"title": _("请写 20 字以内的称呼，例如：值班员")})
    facts = {**given, "hours": hours, "title": title, "by": by, "at": now}
    desk, _new = EnquiryDesk.objects.update_or_create(site=site, defaults=facts)
    event = EnquiryDeskChanged(
        subject=f"site:{site.host}", site=site.host, enquiry_act=ON if desk.is_on else OFF, hours=desk.hours
    )
    record(event, by=by.actor(), at=now)
    return desk


@transaction.atomic
def come_on_duty(*, desk: EnquiryDesk, by: User, now: datetime) -> EnquiryDuty:
    """Be there for visitors; said twice, it is once. Raises PermissionDenied, ValidationError."""
    if not may_answer(by, desk.site):
        raise PermissionDenied(_("您不在这个咨询台值班"))
    desk = EnquiryDesk.objects.select_for_update(of=("self",)).select_related("site").get(pk=desk.pk)
    if not desk.is_on:
        raise ValidationError(_("这个咨询台没有开通"))
    known = EnquiryDuty.objects.filter(desk=desk, person=by, ended_at=None).first()
    if known is not None and known.seen_at > now - AWAY:
        EnquiryDuty.objects.filter(pk=known.pk).update(seen_at=now)
        return known
    if known is not None:
        EnquiryDuty.objects.filter(pk=known.pk).update(ended_at=known.seen_at)
    duty = EnquiryDuty.objects.create(desk=desk, person=by, number=_number(desk, by), began_at=now, seen_at=now)
    _trace(duty, desk, ON, by, now)
    return duty


@transaction.atomic
def leave_duty(*, desk: EnquiryDesk, by: User, now: datetime) -> None:
    """Be there no more; conversations that are still open have to be ended or handed over first. Raises ValidationError."""
    if Enquiry.objects.filter(desk=desk.site_id, person=by, state=State.TALKING).exists():
        raise ValidationError(_("还有没结束的会话，请先结束或者转交，再下岗"))
    for duty in EnquiryDuty.objects.select_for_update().filter(desk=desk, person=by, ended_at=None):
        EnquiryDuty.objects.filter(pk=duty.pk).update(ended_at=now, seen_at=now)
        _trace(duty, desk, OFF, by, now)


def keep_alive(*, by: User, now: datetime) -> None:
    """Her console is open: whoever is on duty stays so. Who was away for too long has to say that she is back."""
    there = EnquiryDuty.objects.filter(person=by, ended_at=None, seen_at__gt=now - AWAY)
    there.filter(seen_at__lt=now - _SEEN_EVERY).update(seen_at=now)


def end_absent(*, now: datetime) -> None:
    """Turns of duty end by themselves when nothing came from the console for a while."""
    for duty in EnquiryDuty.objects.filter(ended_at=None, seen_at__lte=now - AWAY).select_related(
        "desk__site", "person"
    ):
        if EnquiryDuty.objects.filter(pk=duty.pk, ended_at=None).update(ended_at=now):
            _trace(duty, duty.desk, OFF, duty.person, now)


def on_duty(*, now: datetime) -> QuerySet[EnquiryDuty]:
    """Who is there at this moment."""
    rows = EnquiryDuty.objects.filter(ended_at=None, seen_at__gt=now - AWAY, desk__is_on=True)
    return rows.select_related("desk__site__owner", "person").order_by("desk", "number")


def left_lately(*, since: datetime) -> set[int]:
    """The sites at whose desks somebody was still there at this moment."""
    return set(EnquiryDuty.objects.filter(ended_at__gt=since).values_list("desk__site", flat=True))


def label_of(duty: EnquiryDuty) -> str:
    """How visitors call her: the desk's word and a number, no name."""
    return f"{duty.desk.title} {duty.number} 号"


def why_closed(desk: EnquiryDesk, *, now: datetime) -> tuple[str, datetime | None]:
    """Why nobody can begin a conversation now (empty: one can), and when the hours begin next."""
    hours, calendar = hours_of(desk.hours), book().calendar_for(desk.site.owner.lineage)
    following = next_opening(hours, now, calendar.is_working)
    if not is_open(hours, now, calendar.is_working):
        return HOURS, following
    if not on_duty(now=now).filter(desk=desk).exists():
        return NOBODY, following
    waiting = Enquiry.objects.filter(desk=desk.site_id, state=State.WAITING).count()
    return (FULL if waiting >= desk.most_waiting else ""), following


def sign_of(desk: EnquiryDesk, *, now: datetime) -> dict[str, Any]:
    """What everybody may know of the desk."""
    why, following = why_closed(desk, now=now)
    return {
        "v": 1, "unit": desk.site.owner.name, "why": why, "hours": written_hours(hours_of(desk.hours)),
        "next": following.isoformat() if following else "", "idle": desk.idle_minutes,
        "waiting": Enquiry.objects.filter(desk=desk.site_id, state=State.WAITING).count(),
    }  # fmt: skip


def hang_out(*, now: datetime) -> None:
    """Bring the signs of all desks along; one that nobody renewed for a while is believed by nobody."""
    box = TalkBox(Home(settings.JIYUE_HOME).prepare())
    for desk in EnquiryDesk.objects.select_related("site__owner"):
        try:
            _hang(box, desk, now)
        except Exception as error:  # noqa: BLE001  # one desk holds up no other
            logger.error("live enquiries: no sign for %s: %s", desk.site.host, type(error).__name__)


def _hang(box: TalkBox, desk: EnquiryDesk, now: datetime) -> None:
    before = box.sign(desk.site.host)
    if not desk.is_on or desk.site.status == Site.Status.CLOSED or not takes_letters(desk.site):
        if before is not None:
            box.take_in(desk.site.host)
        return
    sign = sign_of(desk, now=now)
    if before is None or _is_old(before, now) or {**before, "at": ""} != {**sign, "at": ""}:
        box.hang_out(desk.site.host, {**sign, "at": now.isoformat()})


def _is_old(sign: Mapping[str, Any], now: datetime) -> bool:
    try:
        return datetime.fromisoformat(sign["at"]) <= now - _SIGN_EVERY
    except (KeyError, ValueError, TypeError):
        return True


def _number(desk: EnquiryDesk, person: User) -> int:
    known = EnquiryDuty.objects.filter(desk=desk, person=person).first()
    if known is not None:
        return known.number
    return (EnquiryDuty.objects.filter(desk=desk).aggregate(last=Max("number"))["last"] or 0) + 1


def _trace(duty: EnquiryDuty, desk: EnquiryDesk, act: str, by: User, now: datetime) -> None:
    host = desk.site.host
    event = EnquiryDutyMoved(subject=f"site:{host}", site=host, enquiry_act=act, label=f"{desk.title} {duty.number}")
    record(event, by=by.actor(), at=now)

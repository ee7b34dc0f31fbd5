"""飘窗: planning the one floating window of a home page, and taking it down early (PAGE-07; Hebi art. 24)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.domain.actors import Actor
from jiyue.estate.events import WindowEnded, WindowPlanned
from jiyue.estate.models import FloatingWindow, Site
from jiyue.foundation.audit import record


@transaction.atomic
def plan_window(*, window: FloatingWindow, by: Actor, now: datetime) -> FloatingWindow:
    """Show it from the next sign-off of the structure on, between its two moments; at its end it goes by itself.

    Raises ValidationError when it ends before it begins or already ended, and when another one is up in that time.
    """
    if window.starts_at >= window.until:
        raise ValidationError({"until": _("结束时间要晚于开始时间")})
    if window.until <= now:
        raise ValidationError({"until": _("结束时间已经过去")})
    window.created_at = now
    window.full_clean()
    _refuse_second(window)
    window.save()
    site = window.site
    event = WindowPlanned(
        subject=f"site:{site.host}", site=site.host, title=window.title, address=window.address,
        until=window.until.isoformat(),
    )  # fmt: skip
    record(event, by=by, at=now)
    return window


@transaction.atomic
def end_window(*, window: FloatingWindow, by: Actor, now: datetime) -> None:
    """Take it down before its time, from the next sign-off of the structure on. Raises ValidationError when it is over."""
    over = not FloatingWindow.objects.filter(pk=window.pk, ended_at=None, until__gt=now).update(ended_at=now)
    if over:
        raise ValidationError(_("这个飘窗已经结束"))
    site = window.site
    record(WindowEnded(subject=f"site:{site.host}", site=site.host, title=window.title), by=by, at=now)


def shown_windows(site: Site) -> list[dict[str, Any]]:
    """The windows of a site as plain facts, for the sign-off of its structure."""
    return [
        {
            "title": row.title, "address": row.address, "starts_at": row.starts_at.isoformat(),
            "until": row.until.isoformat(),
        }
        for row in FloatingWindow.objects.filter(site=site, ended_at=None)
    ]  # fmt: skip


def _refuse_second(window: FloatingWindow) -> None:
    others = FloatingWindow.objects.filter(site=window.site, ended_at=None).exclude(pk=window.pk)
    other = others.filter(starts_at__lt=window.until, until__gt=window.starts_at).first()
    if other:
        raise ValidationError(_("同一时间只能有一个飘窗，“%(title)s”还没有结束") % {"title": other.title})

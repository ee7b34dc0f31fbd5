"""All writes to sites, appointments and life-cycle notices. A changed profile is public only after sign-off (review)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.domain.actors import Actor
from jiyue.domain.contrast import MINIMUM, nearest_readable, on_white
from jiyue.estate.events import Appointed, Dismissed, NoticeCorrected, NoticePosted, SiteChanged, SiteStatusChanged
from jiyue.estate.models import Appointment, Block, Notice, Site
from jiyue.estate.queries import is_last, last_appointments_of
from jiyue.foundation.audit import record
from jiyue.identity.actions import RolesConflict, refuse_other_duty, switch_account
from jiyue.identity.models import User
from jiyue.identity.roles import SITE_ROLES, Role


class LastOfItsKind(ValidationError):
    """Without this person nobody could do this part on the site any more; the act must be confirmed knowingly."""


PROFILE_FIELDS = (
    "name", "kind", "host", "serves_public", "identification_code", "icp_number", "police_number", "party_mark",
    "contact", "email", "address", "error_report_url", "colour", "blocks",
)  # fmt: skip

# 办事入口 (Chaoyang art. 37). They stand in a profile only where they are set: what was signed before keeps its digest.
ENTRY_FIELDS = ("approval_url", "mailbox_url", "call_centre", "agency_url")


@transaction.atomic
def save_site(*, site: Site, by: Actor, now: datetime) -> Site:
    """Create or change a site's profile (a draft until its structure is signed off). Raises ValidationError."""
    before = profile_of(Site.objects.filter(pk=site.pk).first())
    if before and before["host"] != site.host:
        raise ValidationError({"host": _("域名变更须走网站变更流程，不能在这里修改")})
    missing = site.compulsory_blocks - set(site.blocks)
    if missing:
        names = "、".join(str(Block(code).label) for code in sorted(missing))
        raise ValidationError({"blocks": _("这类网站必须开通：%(names)s") % {"names": names}})
    _refuse_second_site(site)
    site.full_clean()
    _refuse_pale(site.colour)
    site.save()
    record(
        SiteChanged(subject=f"site:{site.host}", site=site.host, before=before, after=profile_of(site)), by=by, at=now
    )
    return site


@transaction.atomic
def set_status(*, site: Site, status: str, reason: str, by: Actor, now: datetime) -> None:
    """Move a site between preparing, online, offline and closed; the reason is kept."""
    before, site.status = site.status, status
    site.full_clean()
    site.save(update_fields=["status"])
    event = SiteStatusChanged(subject=f"site:{site.host}", site=site.host, before=before, after=status, reason=reason)
    record(event, by=by, at=now)


@transaction.atomic
def set_mourning(*, site: Site, since: datetime | None, until: datetime | None, by: Actor, now: datetime) -> None:
    """Plan the days on which the site is shown in grey, or none. Raises ValidationError for a window that is not one."""
    if (since is None) != (until is None):
        raise ValidationError({"mourning_until": _("哀悼模式的开始和结束时间要一起填写")})
    if since and until and since >= until:
        raise ValidationError({"mourning_until": _("结束时间要晚于开始时间")})
    site.mourning_from, site.mourning_until = since, until
    save_site(site=site, by=by, now=now)


@transaction.atomic
def appoint(*, user: User, site: Site, role: str, by: Actor, now: datetime) -> Appointment:
    """Give a role on a site. Raises RolesConflict when it is not of the account's duty, ValidationError for other roles."""
    refuse_other_duty(user=user, role=role)
    if role not in SITE_ROLES:
        raise ValidationError(_("这个角色不能在网站上任命"))
    if user.memberships.filter(role=Role.OPERATOR).exists():
        raise RolesConflict(_("“%(name)s”是平台运维，不能在网站上任职") % {"name": user.name})
    appointment, created = Appointment.objects.get_or_create(user=user, site=site, role=role)
    if created:
        record(Appointed(subject=f"site:{site.host}", site=site.host, user=user.username, role=role), by=by, at=now)
    return appointment


@transaction.atomic
def dismiss(*, appointment: Appointment, by: Actor, now: datetime, knowingly: bool = False) -> None:
    """Take a role on a site away.

    Raises LastOfItsKind for the last person of a role without which nothing is signed off, unless `knowingly`.
    """
    site = appointment.site
    if is_last(appointment) and not knowingly:
        raise LastOfItsKind(_last_warning([appointment]))
    event = Dismissed(
        subject=f"site:{site.host}", site=site.host, user=appointment.user.username, role=appointment.role
    )
    record(event, by=by, at=now)
    appointment.delete()


@transaction.atomic
def deactivate(*, user: User, reason: str, by: Actor, now: datetime, knowingly: bool = False) -> None:
    """Deactivate an account. Raises LastOfItsKind, unless `knowingly`, when a site would lose its last one of a role."""
    lost = last_appointments_of(user)
    if lost and not knowingly:
        raise LastOfItsKind(_last_warning(lost))
    switch_account(user=user, active=False, reason=reason, by=by, now=now)


@transaction.atomic
def post_notice(
    *, site: Site, kind: str, text: str, starts_at: datetime, until: datetime, by: Actor, now: datetime
) -> Notice:
    """Put a life-cycle notice up. It goes down by itself at `until` and cannot be taken down earlier (PAGE-16)."""
    if starts_at >= until:
        raise ValidationError({"until": _("结束时间要晚于开始时间")})
    if until <= now:
        raise ValidationError({"until": _("结束时间已经过去")})
    notice = Notice(site=site, kind=kind, text=text, starts_at=starts_at, until=until)
    notice.full_clean()
    notice.save()
    event = NoticePosted(subject=f"site:{site.host}", site=site.host, kind=kind, text=text, until=until.isoformat())
    record(event, by=by, at=now)
    return notice


@transaction.atomic
def correct_notice(*, notice: Notice, text: str, reason: str, by: Actor, now: datetime) -> Notice:
    """Put right what a notice says, from the next sign-off of the structure on; its kind and its time stay (PAGE-16).

    Raises ValidationError without a reason, with nothing changed, and for a notice that is over.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("请写明更正的原因")})
    if notice.until <= now:
        raise ValidationError(_("这条公告已经结束"))
    before, notice.text = notice.text, text.strip()
    if notice.text == before:
        raise ValidationError({"text": _("内容没有改动")})
    notice.full_clean()
    notice.save(update_fields=["text"])
    host = notice.site.host
    event = NoticeCorrected(subject=f"site:{host}", site=host, before=before, after=notice.text, reason=reason.strip())
    record(event, by=by, at=now)
    return notice


def profile_of(site: Site | None) -> dict[str, Any]:
    """The plain facts of a site's profile, for the trace and for the sign-off."""
    if site is None:
        return {}
    facts = {name: getattr(site, name) for name in PROFILE_FIELDS}
    facts["owner"] = site.owner.name
    facts["operator"] = site.operator.name if site.operator else ""
    facts["mourning"] = [moment.isoformat() if moment else "" for moment in (site.mourning_from, site.mourning_until)]
    superior = site.superior_site
    facts["superior_site"] = {"name": superior.name, "host": superior.host} if superior else None
    return facts | {name: value for name in ENTRY_FIELDS if (value := getattr(site, name))}


def _refuse_second_site(site: Site) -> None:
    if site.kind == Site.Kind.SUBSITE or site.status == Site.Status.CLOSED or site.owner_id is None:
        return
    others = Site.objects.filter(owner=site.owner_id).exclude(status=Site.Status.CLOSED).exclude(pk=site.pk)
    other = others.exclude(kind=Site.Kind.SUBSITE).first()
    if other:
        sentence = _("一个单位只能开设一个网站，“%(owner)s”已有“%(site)s”；可以改建分站")
        raise ValidationError({"owner": sentence % {"owner": site.owner.name, "site": other.name}})


def _refuse_pale(colour: str) -> None:
    ratio = on_white(colour)
    if ratio < MINIMUM:
        sentence = _("主色在白底上的对比度只有 %(ratio)s:1，要达到 7:1 才看得清；同色系里最接近的是 %(colour)s")
        raise ValidationError({"colour": sentence % {"ratio": f"{ratio:.1f}", "colour": nearest_readable(colour)}})


def _last_warning(appointments: list[Appointment]) -> str:
    lost = [
        _("%(site)s的%(role)s") % {"site": given.site.name, "role": given.get_role_display()} for given in appointments
    ]
    return _("“%(name)s”是最后一位：%(roles)s。去掉之后，这些网站的稿件无法签发。") % {
        "name": appointments[0].user.name,
        "roles": "、".join(lost),
    }

"""All writes to sites, appointments and life-cycle notices. A changed profile is public only after sign-off (review)."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.domain.actors import Actor
from jiyue.estate.events import Appointed, Dismissed, NoticePosted, SiteChanged, SiteStatusChanged
from jiyue.estate.models import Appointment, Notice, Site
from jiyue.foundation.audit import record
from jiyue.identity.actions import refuse_other_duty
from jiyue.identity.models import User
from jiyue.identity.roles import SITE_ROLES

PROFILE_FIELDS = (
    "name", "kind", "host", "serves_public", "identification_code", "icp_number", "police_number", "party_mark",
    "contact", "address", "error_report_url", "colour", "blocks",
)  # fmt: skip


@transaction.atomic
def save_site(*, site: Site, by: Actor, now: datetime) -> Site:
    """Create or change a site's profile (a draft until its structure is signed off). Raises ValidationError."""
    before = profile_of(Site.objects.filter(pk=site.pk).first())
    if before and before["host"] != site.host:
        raise ValidationError({"host": _("域名变更须走网站变更流程，不能在这里修改")})
    missing = site.compulsory_blocks - set(site.blocks)
    if missing:
        raise ValidationError({"blocks": _("这类网站必须开通的功能不能关闭")})
    site.full_clean()
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
def appoint(*, user: User, site: Site, role: str, by: Actor, now: datetime) -> Appointment:
    """Give a role on a site. Raises RolesConflict when it is not of the account's duty, ValidationError for other roles."""
    refuse_other_duty(user=user, role=role)
    if role not in SITE_ROLES:
        raise ValidationError(_("这个角色不能在网站上任命"))
    appointment, created = Appointment.objects.get_or_create(user=user, site=site, role=role)
    if created:
        record(Appointed(subject=f"site:{site.host}", site=site.host, user=user.username, role=role), by=by, at=now)
    return appointment


@transaction.atomic
def dismiss(*, appointment: Appointment, by: Actor, now: datetime) -> None:
    """Take a role on a site away."""
    site = appointment.site
    event = Dismissed(
        subject=f"site:{site.host}", site=site.host, user=appointment.user.username, role=appointment.role
    )
    record(event, by=by, at=now)
    appointment.delete()


@transaction.atomic
def post_notice(
    *, site: Site, kind: str, text: str, starts_at: datetime, until: datetime, by: Actor, now: datetime
) -> Notice:
    """Put a life-cycle notice up. It goes down by itself at `until` and cannot be taken down earlier (PAGE-16)."""
    notice = Notice(site=site, kind=kind, text=text, starts_at=starts_at, until=until)
    notice.full_clean()
    notice.save()
    event = NoticePosted(subject=f"site:{site.host}", site=site.host, kind=kind, text=text, until=until.isoformat())
    record(event, by=by, at=now)
    return notice


def profile_of(site: Site | None) -> dict:
    """The plain facts of a site's profile, for the trace and for the sign-off."""
    if site is None:
        return {}
    facts = {name: getattr(site, name) for name in PROFILE_FIELDS}
    facts["owner"] = site.owner.name
    facts["operator"] = site.operator.name if site.operator else ""
    facts["mourning"] = [moment.isoformat() if moment else "" for moment in (site.mourning_from, site.mourning_until)]
    superior = site.superior_site
    facts["superior_site"] = {"name": superior.name, "host": superior.host} if superior else None
    return facts

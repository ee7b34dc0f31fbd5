"""Reads over sites and the people who serve them."""

from django.utils.translation import gettext_lazy as _

from jiyue.estate.models import Appointment, Site
from jiyue.identity.models import User
from jiyue.identity.roles import Role

# Without an active holder of each of these, nothing can be signed off on a site.
INDISPENSABLE = frozenset({Role.FIRST_REVIEWER, Role.SECOND_REVIEWER, Role.FINAL_REVIEWER})


def is_last(appointment: Appointment) -> bool:
    """Is this the only active holder of an indispensable role on the site?"""
    if appointment.role not in INDISPENSABLE:
        return False
    others = Appointment.objects.filter(site=appointment.site_id, role=appointment.role, user__is_active=True)
    return not others.exclude(pk=appointment.pk).exists()


def last_appointments_of(user: User) -> list[Appointment]:
    """Appointments in which nobody else could stand in for this person."""
    held = user.appointments.filter(role__in=INDISPENSABLE).select_related("site", "user")
    return [appointment for appointment in held if is_last(appointment)]


FOOTER_MARKS = {
    "party_mark": _("党政机关网站标识"),
    "error_report_url": _("“我为政府网站找错”入口"),
    "identification_code": _("网站标识码"),
    "icp_number": _("ICP备案号"),
    "police_number": _("公安备案号"),
    "contact": _("联系方式"),
}


def missing_marks_of(site: Site) -> list[str]:
    """Marks of the footer that a site still lacks, worded; owner and site map are always there (Hubei art. 15)."""
    return [str(label) for field, label in FOOTER_MARKS.items() if not getattr(site, field).strip()]

"""Reads over sites and the people who serve them."""

from jiyue.estate.models import Appointment
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

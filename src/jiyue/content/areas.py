"""Parts of a site, for duties: who is limited to columns has those of these columns and of everything below them."""

from django.db.models import QuerySet

from jiyue.content.models import ColumnLimit
from jiyue.content.policies import columns_below
from jiyue.estate.models import Appointment
from jiyue.obligations.policies import Narrowed


def narrowed(appointments: QuerySet[Appointment]) -> Narrowed:
    """Which of these appointments are for whole sites, and the areas of the others."""
    limits = ColumnLimit.objects.filter(appointment__in=appointments)
    areas = frozenset(f"column:{column}" for column in columns_below(limits))
    if not areas:
        return Narrowed(appointments, areas)  # nearly everybody; the question about duties stays a plain one
    return Narrowed(appointments.exclude(pk__in=limits.values("appointment")), areas)

"""突发事件、不实信息: what must be told to the public, from the moment it happened or was found (RESP-01, RESP-03)."""

from collections.abc import Collection, Iterator
from datetime import datetime

from jiyue.concerns.models import Concern
from jiyue.domain.duties import Fact
from jiyue.publishing.concerns import Told, told
from jiyue.publishing.duties.reach import named, reaches
from jiyue.publishing.moments import chunks

RELEASE, BRIEFING, REFUTATION = "emergency.release", "emergency.briefing", "rumour.refutation"
# The texts that set hours speak of these two levels; of the others they set none.
TIMED_LEVELS = (Concern.Level.GRAVE, Concern.Level.MAJOR)


class EmergencySource:
    """A grave or major emergency owes its first release and a press conference, counted from the event itself."""

    code = "emergencies"
    parameters = (RELEASE, BRIEFING)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        for concern, known in _told(subjects, Concern.Kind.EMERGENCY):
            if concern.level in TIMED_LEVELS:
                yield _fact(concern, RELEASE, known.first_at)
                yield _fact(concern, BRIEFING, known.briefed_at)


class RumourSource:
    """Untrue information owes its refutation, counted from when it was found."""

    code = "rumours"
    parameters = (REFUTATION,)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        for concern, known in _told(subjects, Concern.Kind.RUMOUR):
            yield _fact(concern, REFUTATION, known.first_at)


def _told(subjects: Collection[str] | None, kind: str) -> Iterator[tuple[Concern, Told]]:
    keys = named(subjects, "concern")
    concerns = Concern.objects.filter(kind=kind, withdrawn_at=None).order_by("pk")
    if keys is not None:
        concerns = concerns.filter(pk__in=keys)
    for reach in reaches(set(concerns.values_list("site", flat=True))):
        for some in chunks(concerns.filter(site__in=list(reach.since))):
            known = told(some)
            yield from ((concern, known[concern.pk]) for concern in some)


def _fact(concern: Concern, parameter: str, met_at: datetime | None) -> Fact:
    return Fact(
        parameter=parameter, subject=f"concern:{concern.pk}", title=concern.title, unit=concern.unit_id,
        site=concern.site_id, started_at=concern.began_at, recorded_at=concern.created_at, met_at=met_at,
        ended_at=None if met_at else concern.closed_at,
    )  # fmt: skip

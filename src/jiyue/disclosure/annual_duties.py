"""The annual report meets its standing duty when it is public: of a department by 31 January, of a government by 31 March.

Who owes one is enrolled as for every standing duty (`obligations.standing`). A report that was not drawn up here, or is public
elsewhere, is proved by hand.
"""

from collections.abc import Collection
from uuid import UUID

from jiyue.disclosure.annual_models import AnnualReport
from jiyue.domain.recurrences import Window
from jiyue.foundation.models import AuditEvent
from jiyue.obligations.models import StandingDuty
from jiyue.obligations.standing import Proof, Proven, subject_of
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.publishing.moments import first_public
from jiyue.review.models import SignOff

OF_DEPARTMENT, OF_GOVERNMENT = "disclosure.annual-report.department", "disclosure.annual-report.government"


def published(row: StandingDuty, window: Window) -> Proven | None:
    """The unit's report of the year before, if its record is public; a government's is its summary over all units."""
    reports = AnnualReport.objects.filter(year=window.first.year - 1, whole=row.parameter == OF_GOVERNMENT)
    reports = reports.filter(site=row.site_id) if row.site_id else reports.filter(site__owner=row.unit_id)
    identities = reports.exclude(record=None).values_list("record__identity", flat=True)
    items = PublicItem.objects.filter(identity__in=list(identities), placed_by=None, state__in=LISTED)
    shown = {item.identity: item for item in items.select_related("site")}
    found = [(public.at, shown[identity]) for identity, public in first_public(set(shown)).items()]
    if not found:
        return None
    at, item = min(found, key=lambda one: one[0])
    return Proven(at, f"https://{item.site.host}{item.address}")


def owing(event: AuditEvent) -> Collection[str]:
    """The duties of the units whose reports a release shows or no longer shows."""
    signed: set[UUID] = set(
        SignOff.objects.filter(sequence__in=event.data["sign_offs"], identity__isnull=False).values_list(
            "identity", flat=True
        )
    )
    reports = AnnualReport.objects.filter(record__identity__in=signed)
    units = set(reports.values_list("site__owner", flat=True))
    duties = StandingDuty.objects.filter(parameter__in=PROOFS, unit__in=units)
    return [subject_of(row) for row in duties]


PROOFS: dict[str, Proof] = {OF_DEPARTMENT: published, OF_GOVERNMENT: published}
HEARD = (("publishing.release_deployed", ("standing",), owing),)

"""整改: what the checks found in public has to be gone within the time that a pack or the unit sets (PAGE-10)."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from jiyue.domain.duties import Fact
from jiyue.publishing.duties.reach import LONG_MET, named, reaches
from jiyue.publishing.moments import chunks
from jiyue.review.checking import found_from
from jiyue.review.models import Finding, Rectification

PARAMETER = "content.takedown"


class RectificationSource:
    """Each rectification owes that its finding is gone; the checks' own closing meets it, and nobody by hand."""

    code = "rectifications"
    parameters = (PARAMETER,)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        rows = Rectification.objects.filter(Q(closed_at=None) | Q(closed_at__gte=now - LONG_MET)).order_by("pk")
        keys = named(subjects, "rectification")
        if keys is not None:
            rows = rows.filter(pk__in=keys)
        rows = rows.select_related("site", "finding__record").defer("finding__record__body")
        for reach in reaches(set(rows.order_by().values_list("site", flat=True))):
            for some in chunks(rows.filter(site__in=list(reach.since))):
                yield from map(_fact, some)


def _fact(row: Rectification) -> Fact:
    record = row.finding.record
    about = {"title": record.title if record else row.site.name, "what": found_from(row.finding.said).say()}
    # What a changed list no longer calls a fault was never owed; everything else that took it away met it.
    settled = row.outcome == Finding.Handling.SETTLED
    return Fact(
        parameter=PARAMETER, subject=f"rectification:{row.pk}", title=_("整改《%(title)s》：%(what)s") % about,
        unit=row.site.owner_id, site=row.site_id, person=row.person_id, started_at=row.opened_at,
        area=f"column:{record.column_id}" if record else "", met_at=None if settled else row.closed_at,
        ended_at=row.closed_at if settled else None,
    )  # fmt: skip

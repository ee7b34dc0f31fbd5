"""What every source here asks first: which sites are public, since when, and which subjects are meant."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from jiyue.estate.models import Site
from jiyue.publishing.models import SitePublication
from jiyue.publishing.moments import public_since

SITES = 100  # looked at together
LONG_MET = timedelta(days=90)  # what was met before this is left out


@dataclass(frozen=True)
class Reach:
    """Some public sites, and since when each is public. A closed or never published site owes nothing."""

    since: dict[int, datetime]

    def __contains__(self, site: int) -> bool:
        return site in self.since

    def began_before(self, site: int, moment: datetime) -> bool:
        """Did it begin before the site was public here? Then its clock ran elsewhere, and starts no duty."""
        return moment < self.since[site]


def reaches(sites: Collection[int] | None = None) -> Iterator[Reach]:
    """All public sites or those of `sites`, a hundred at a time."""
    public = SitePublication.objects.filter(structure__isnull=False).exclude(site__status=Site.Status.CLOSED)
    if sites is not None:
        public = public.filter(site__in=list(sites))
    keys = list(public.order_by("site").values_list("site", flat=True))
    for start in range(0, len(keys), SITES):
        yield Reach(public_since(keys[start : start + SITES]))


def named(subjects: Collection[str] | None, kind: str) -> list[str] | None:
    """The refs of one kind among the subjects (`column:12` gives `12`); None when all subjects are meant."""
    if subjects is None:
        return None
    return sorted({ref for subject in subjects for found, _, ref in [subject.partition(":")] if found == kind and ref})

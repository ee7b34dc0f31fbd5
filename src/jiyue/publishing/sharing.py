"""Who shares with whom, counted on what is public (LIB-02, LIB-04; Hubei art. 17, 35)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, OuterRef, Q, Subquery

from jiyue.estate.models import Site
from jiyue.identity.models import Membership
from jiyue.identity.policies import below
from jiyue.publishing.models import LISTED, PublicItem


@dataclass(frozen=True)
class Share:
    """How one site stands to a portal above it, in a period: what it published, and how much of that the portal shows."""

    site: Site
    published: int
    shared: int
    latest: datetime | None  # when the portal last took something of it, ever

    @property
    def silent(self) -> bool:
        """It publishes, and the portal shows nothing of it: to be put right."""
        return self.published > 0 and not self.shared


def sites_below(portal: Site) -> list[Site]:
    """Public sites that name the portal as superior, and those of units below its owner; closed ones left out."""
    under = below(portal.owner, chain=Membership.Chain.TERRITORIAL, prefix="owner__")
    found = Site.objects.filter(Q(superior_site=portal) | under).exclude(pk=portal.pk)
    found = found.exclude(status__in=[Site.Status.CLOSED, Site.Status.PREPARING])
    return list(found.select_related("owner").order_by("name", "pk"))


def shares_of(portal: Site, *, since: datetime, until: datetime) -> list[Share]:
    """Every site below a portal; those that share nothing first, then by name. `since` ≤ moment < `until`."""
    sites = sites_below(portal)
    keys = [site.pk for site in sites]
    published = _published(keys, since=since, until=until)
    taken = _taken_from(portal, keys, since=since, until=until)
    found = [Share(site, published.get(site.pk, 0), *taken.get(site.pk, (0, None))) for site in sites]
    return sorted(found, key=lambda share: (share.shared > 0, not share.silent, share.site.name))


def _published(sites: Iterable[int], *, since: datetime, until: datetime) -> dict[int, int]:
    items = PublicItem.objects.filter(site__in=sites, placed_by=None, state__in=LISTED)
    items = items.filter(published_at__gte=since, published_at__lt=until)
    return dict(items.values_list("site").annotate(n=Count("pk")).order_by())


def _taken_from(
    portal: Site, sites: Iterable[int], *, since: datetime, until: datetime
) -> dict[int, tuple[int, datetime | None]]:
    origin = PublicItem.objects.filter(identity=OuterRef("identity"), placed_by=None).values("site")[:1]
    items = PublicItem.objects.filter(site=portal, placed_by__isnull=False, state__in=LISTED)
    items = items.annotate(origin=Subquery(origin)).filter(origin__in=sites)
    at = "placed_by__effective_at"
    period = Q(**{f"{at}__gte": since, f"{at}__lt": until})
    rows = items.values_list("origin").annotate(n=Count("pk", filter=period), latest=Max(at)).order_by()
    return {origin: (n, latest) for origin, n, latest in rows}

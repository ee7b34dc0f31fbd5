"""A portal and the sites below it, as their signed structures name each other."""

from datetime import datetime

from jiyue.estate.models import Site
from jiyue.publishing.models import PageRead, SitePublication
from jiyue.publishing.read_keys import group_key, site_key
from jiyue.review.sealing import seals


def keep_profile(site: Site, structure: dict) -> None:
    """Write down, sealed, what others show of the site."""
    profile = shown_profile(structure)
    seal = seals().seal("profile", profile)
    SitePublication.objects.filter(site=site).update(profile=profile, profile_seal=seal)


def shown_profile(structure: dict) -> dict:
    """What other sites of a group show of a site, from its signed structure."""
    profile = structure["profile"]
    superior = profile["superior_site"]
    facts = {name: profile[name] for name in ("name", "host", "kind")}
    return facts | {"site": structure["site"], "superior": superior["host"] if superior else ""}


def group_of(site: Site) -> list[dict]:
    """Profiles of the published sites whose signed structure names this one as superior, in the order of their making.

    A row whose seal does not hold is left out; the reconciler repairs and reports it.
    """
    rows = SitePublication.objects.filter(site__superior_site=site, structure__isnull=False, release__gt=0)
    rows = rows.exclude(site__status=Site.Status.CLOSED).order_by("site")
    profiles = [row.profile for row in rows if is_profile_sealed(row)]
    return [profile for profile in profiles if profile["superior"] == site.host]


def call_group(site: Site, *, now: datetime) -> None:
    """What others show of this site may have changed: the sites whose pages show it, or now should, are due."""
    profile = SitePublication.objects.get(site=site).profile
    superiors = Site.objects.filter(host=profile["superior"]).values_list("pk", flat=True)
    keys = [site_key(site.pk), *(group_key(superior) for superior in superiors)]
    showing = PageRead.objects.filter(key__in=keys).exclude(site=site).values("site")
    SitePublication.objects.filter(site__in=showing).update(group_changed_at=now)


def superiors_of(site: Site) -> list[Site]:
    """The published portals above a site, nearest first, as the signed structures name them."""
    found: list[Site] = []
    at: Site | None = site
    while at is not None and (row := SitePublication.objects.filter(site=at).first()) and row.profile:
        published = Site.objects.filter(publication__release__gt=0, host=row.profile["superior"])
        at = published.exclude(pk__in=[each.pk for each in found]).first()
        found += [at] if at else []
    return found


def whole_group_of(site: Site) -> tuple[int, ...]:
    """A portal with everything published below it, by their keys; empty where nothing is below."""
    rows = SitePublication.objects.filter(structure__isnull=False, release__gt=0).exclude(
        site__status=Site.Status.CLOSED
    )
    below: dict[str, list[dict]] = {}
    for row in rows.order_by("site"):
        if is_profile_sealed(row):
            below.setdefault(row.profile["superior"], []).append(row.profile)
    found, level = {site.pk: site.host}, [site.host]
    while level:
        fresh = [profile for host in level for profile in below.get(host, ()) if profile["site"] not in found]
        found |= {profile["site"]: profile["host"] for profile in fresh}
        level = [profile["host"] for profile in fresh]
    return tuple(found) if len(found) > 1 else ()


def is_profile_sealed(row: SitePublication) -> bool:
    """Is the profile of this row what the publisher wrote?"""
    sealed = seals().check_seal("profile", row.profile, row.profile_seal)
    return sealed and row.profile.get("site") == row.site_id

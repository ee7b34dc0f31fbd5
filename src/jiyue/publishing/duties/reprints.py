"""转载: what a superior wants carried on, each site below owes from the moment of its release (REPR-01, P-34)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from django.db.models import Q

from jiyue.content.models import Record, ReprintTask
from jiyue.domain.duties import Fact
from jiyue.estate.models import Site
from jiyue.obligations.models import Obligation
from jiyue.publishing.duties.reach import LONG_MET, named, reaches
from jiyue.publishing.models import LISTED, PublicItem
from jiyue.publishing.moments import chunks
from jiyue.review.models import SignOff

PARAMETER = "reprint.publish"
Carried = dict[int, dict[int, datetime]]


@dataclass(frozen=True)
class Below:
    """A public site that may have to reprint: where it stands in both trees, and since when it is public."""

    pk: int
    host: str
    owner: int
    lineages: tuple[str, str]
    since: datetime

    def must_carry(self, task: ReprintTask) -> bool:
        """Is it at or below the task's unit, was it public at the release, and is it not where the item stands itself?"""
        under = self.owner == task.organisation_id or any(f"/{task.organisation_id}/" in line for line in self.lineages)
        return under and self.since <= task.released_at and self.host != (urlsplit(task.address).hostname or "")


class ReprintSource:
    """One fact for each task and each site that must carry it; met when a record naming the address is public there."""

    code = "reprints"
    parameters = (PARAMETER,)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        sites = list(public_sites())
        for tasks in chunks(_tasks(named(subjects, "reprint"), now)):
            carried = carried_by(tasks)
            for task in tasks:
                for site in sites:
                    if site.must_carry(task):
                        yield _fact(task, site, carried[task.pk].get(site.pk))


def public_sites() -> Iterator[Below]:
    """Every public site with its place in the trees."""
    for reach in reaches():
        for site in Site.objects.filter(pk__in=list(reach.since)).select_related("owner").order_by("pk"):
            lines = site.owner.lineage, site.owner.vertical_lineage
            yield Below(site.pk, site.host, site.owner_id, lines, reach.since[site.pk])


def carried_by(tasks: Collection[ReprintTask]) -> Carried:
    """For each task the sites that carry its item, and since when: as a record of their own or placed from another site."""
    wanted = _records_for(tasks)
    shown = _public({identity for identities in wanted.values() for identity in identities})
    found: Carried = {}
    for key, identities in wanted.items():
        moments = found.setdefault(key, {})
        for identity in identities:
            for site, at in shown.get(identity, ()):
                moments[site] = min(moments.get(site, at), at)
    return found


def spellings(address: str) -> list[str]:
    """The same address with and without its closing slash, in both schemes and without a fragment."""
    parts = urlsplit(address.strip())
    path = parts.path.rstrip("/")
    paths = [path, f"{path}/"]
    return [urlunsplit((scheme, parts.netloc, each, parts.query, "")) for scheme in ("https", "http") for each in paths]


def _tasks(refs: list[str] | None, now: datetime) -> list[ReprintTask]:
    """The tasks meant: those named, or the recent ones and whatever is still open."""
    tasks = ReprintTask.objects.filter(withdrawn_at=None).order_by("pk")
    if refs is not None:
        return list(tasks.filter(pk__in={int(ref.partition(":")[0]) for ref in refs}))
    waiting = Obligation.objects.pending().filter(source=ReprintSource.code).values_list("subject", flat=True)
    still = {int(subject.split(":")[1]) for subject in waiting}
    return list(tasks.filter(Q(released_at__gte=now - LONG_MET) | Q(pk__in=still)))


def _records_for(tasks: Collection[ReprintTask]) -> dict[int, set[UUID]]:
    """The records that answer each task: those that name its address, and the one that stands there on this platform."""
    by_spelling = {spelling: task.pk for task in tasks for spelling in spellings(task.address)}
    found: dict[int, set[UUID]] = {task.pk: set() for task in tasks}
    for some in chunks(by_spelling):
        naming = Record.objects.filter(original_address__in=some)
        for address, identity in naming.values_list("original_address", "identity"):
            found[by_spelling[address]].add(identity)
    places = {(urlsplit(task.address).hostname or "", urlsplit(task.address).path): task.pk for task in tasks}
    for standing_at in chunks(places):
        standing = PublicItem.objects.filter(
            site__host__in={host for host, _path in standing_at}, address__in={path for _host, path in standing_at}
        )
        for host, path, identity in standing.values_list("site__host", "address", "identity"):
            if (host, path) in places:
                found[places[host, path]].add(identity)
    return found


def _public(identities: Iterable[UUID]) -> Mapping[UUID, list[tuple[int, datetime]]]:
    """For each record the sites that show it now, and since when each does."""
    found: dict[UUID, list[tuple[int, datetime]]] = {}
    for some in chunks(sorted(identities)):
        items = list(
            PublicItem.objects.filter(identity__in=some, state__in=LISTED).select_related("sign_off", "placed_by")
        )
        signed = {(item.placed_by or item.sign_off).identity for item in items}
        rows = SignOff.objects.filter(identity__in=signed).order_by("-sequence")
        first = {(site, key): at for site, key, at in rows.values_list("site", "identity", "effective_at")}
        for item in items:
            at = first[item.site_id, (item.placed_by or item.sign_off).identity]
            found.setdefault(item.identity, []).append((item.site_id, at))
    return found


def _fact(task: ReprintTask, site: Below, carried_at: datetime | None) -> Fact:
    return Fact(
        parameter=PARAMETER, subject=f"reprint:{task.pk}:{site.pk}", title=task.title, unit=site.owner, site=site.pk,
        started_at=task.released_at, recorded_at=task.created_at,
        met_at=max(carried_at, task.released_at) if carried_at else None,
    )  # fmt: skip

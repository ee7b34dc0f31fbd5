"""What each page read while it was baked, kept so that a later change finds the pages that must follow it."""

from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from jiyue.domain.manifests import walk
from jiyue.estate.models import Site
from jiyue.foundation.home import Home
from jiyue.foundation.keys import KeyRing
from jiyue.publishing import incidents
from jiyue.publishing.agenda import sites_with_work
from jiyue.publishing.baking import path_of
from jiyue.publishing.deploying import Deployer
from jiyue.publishing.models import Incident, PageRead, SitePublication
from jiyue.publishing.turns import SiteBusy, alone
from jiyue.review.sealing import seals

SEALING = "sealed:"  # begins the key of the row that seals what a page read
PIECE = 500  # rows a statement


def keep_reads(site: Site, reads: Mapping[str, set[str]]) -> None:
    """Remember what each page read, by address. Most read what they read before: only the difference is written.

    One row a page seals the others: a row that is taken away or put in shows (`forgotten_reads`).
    """
    addresses = sorted(reads)
    for start in range(0, len(addresses), PIECE):
        some = addresses[start : start + PIECE]
        known = PageRead.objects.filter(site=site, address__in=some).values_list("pk", "address", "key")
        before = {(address, key): pk for pk, address, key in known}
        after = {
            (address, key) for address in some for key in [*reads[address], _seal_of(site, address, reads[address])]
        }
        gone = [pk for pair, pk in before.items() if pair not in after]
        for first in range(0, len(gone), PIECE):
            PageRead.objects.filter(pk__in=gone[first : first + PIECE]).delete()
        fresh = [PageRead(site=site, address=address, key=key) for address, key in sorted(after - before.keys())]
        PageRead.objects.bulk_create(fresh, batch_size=PIECE)


def forgotten_reads(site: Site, paths: set[str]) -> set[str]:
    """Where what a page read is not what was written when it was baked; of `paths` also those of which nothing is known.

    Such a page would miss a change that it must follow. Reads every row of the site: for the night.
    """
    rows = PageRead.objects.filter(site=site).order_by("address", "key").values_list("address", "key")
    wrong, unknown = set(), set(paths)
    for address, found in groupby(rows.iterator(chunk_size=5000), key=itemgetter(0)):
        unknown.discard(path_of(address))
        if not _is_whole(site, address, {key for _address, key in found}):
            wrong.add(path_of(address))
    return wrong | unknown


def mend_reads(*, now: datetime) -> list[str]:
    """Look at all sites; those that forgot what a page read are baked anew by the next run. Gives their hosts.

    Nobody waits while it looks: a site's turn is taken only to look again at what seemed wrong, because a release may
    have come between. A site that is being published at that moment is left for the next night.
    """
    home = Home(settings.JIYUE_HOME).prepare()
    deployer, mended = Deployer(home, KeyRing(home)), []
    for site in Site.objects.filter(publication__structure__isnull=False).exclude(publication__look=""):
        if not _forgotten(site, deployer):
            continue
        try:
            with alone(home, site):
                forgotten = _forgotten(site, deployer)
                if forgotten and not _still_to_note(site, deployer, now):
                    _bake_anew(site, len(forgotten), now)
                    mended.append(site.host)
        except SiteBusy:
            continue
    return mended


def _forgotten(site: Site, deployer: Deployer) -> set[str]:
    newest = deployer.newest(site.host)
    pages = (
        {path for path, _file in walk(newest.root, deployer.store.get) if path.endswith(".html")} if newest else set()
    )
    return forgotten_reads(site, pages)


def _still_to_note(site: Site, deployer: Deployer, now: datetime) -> bool:
    newest = deployer.newest(site.host)
    noted = SitePublication.objects.get(site=site).release
    # Only where a run is due: a number that was lowered past the publisher must not hide lost rows for ever. What the
    # release shows may have been signed after this look began, and the publisher killed since.
    return newest is not None and newest.sequence != noted and site in sites_with_work(at=max(now, newest.moment))


def _bake_anew(site: Site, pages: int, now: datetime) -> None:
    what = _("有 %(count)d 个页面的依赖记录与生成时不符，它们可能错过更新") % {"count": pages}
    incidents.report(
        kind=Incident.Kind.SEAL, subject=f"{site.host} reads", what=what, done=_("已重新生成页面"), now=now, site=site
    )
    SitePublication.objects.filter(site=site).update(look="")


def _seal_of(site: Site, address: str, keys: set[str]) -> str:
    return SEALING + seals().seal("page-reads", _facts(site, address, keys))


def _is_whole(site: Site, address: str, keys: set[str]) -> bool:
    sealing = [key for key in keys if key.startswith(SEALING)]
    rest = keys.difference(sealing)
    return len(sealing) == 1 and seals().check_seal(
        "page-reads", _facts(site, address, rest), sealing[0].removeprefix(SEALING)
    )


def _facts(site: Site, address: str, keys: set[str]) -> dict[str, Any]:
    return {"site": site.pk, "address": address, "keys": sorted(keys)}

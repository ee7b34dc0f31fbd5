"""对账: compares everything that mirrors the ledger with the ledger, repairs what differs, and reports it.

Somebody with the database's password can change rows; this finds what they changed. Nothing here decides what is
public: it only brings the copies back to what was signed.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.content.actions import set_state
from jiyue.content.models import Record
from jiyue.content.models.records import State
from jiyue.domain.canonical import digest_of_text
from jiyue.estate.models import Site
from jiyue.publishing import incidents
from jiyue.publishing.models import (
    ColumnTotal,
    Incident,
    ListPage,
    PageRead,
    Publication,
    PublicItem,
    SitePublication,
)
from jiyue.publishing.projection import SealBroken, apply, check_item, check_total
from jiyue.review.ledger import broken_rows
from jiyue.review.models import SignOff, Subject, Version


@dataclass
class Findings:
    """What differed, worded; empty lists mean that everything agreed."""

    ledger: list[int] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    mirrors: list[str] = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.ledger or self.items or self.versions or self.mirrors or self.forgotten)


def reconcile(*, now: datetime) -> Findings:
    """Check ledger, versions, projection and mirror of all sites; repair what can be repaired; report each."""
    found = Findings(ledger=broken_rows())
    for sequence in found.ledger:
        what = _("台账第 %(number)d 行的封签或前后关系不符") % {"number": sequence}
        incidents.report(kind=Incident.Kind.LEDGER, subject=f"sign-off:{sequence}", what=what, now=now)
    found.versions = _check_versions(now)
    for site in Site.objects.filter(publication__isnull=False):
        _reconcile_site(site, found, now)
    return found


def rebuild(site: Site, *, now: datetime) -> None:
    """Drop the projection of a site and compute it anew from the ledger; its pages are baked again on the next run."""
    with transaction.atomic():
        PageRead.objects.filter(site=site).delete()
        ListPage.objects.filter(column__site=site).delete()
        ColumnTotal.objects.filter(column__site=site).delete()
        PublicItem.objects.filter(site=site).delete()
        rows = SignOff.objects.filter(site=site, publication__state=Publication.State.DEPLOYED)
        apply(site, rows.select_related("version", "version__record").order_by("sequence"))
        SitePublication.objects.filter(site=site).update(look="")


def _reconcile_site(site: Site, found: Findings, now: datetime) -> None:
    broken = _broken_items(site)
    if broken:
        rebuild(site, now=now)
        found.items += broken
        for subject in broken:
            what = _("公开条目 %(subject)s 与签发台账不一致") % {"subject": subject}
            done = _("已按台账重新计算，并重新生成页面")
            incidents.report(
                kind=Incident.Kind.SEAL, subject=f"{site.host} {subject}", what=what, done=done, now=now, site=site
            )
    found.forgotten += _remember_forgotten(site)
    found.mirrors += _mend_mirror(site, now)


def _broken_items(site: Site) -> list[str]:
    broken = []
    for item in PublicItem.objects.filter(site=site).iterator(chunk_size=2000):
        try:
            check_item(item)
        except SealBroken as error:
            broken.append(error.subject)
    for column in site.columns.all():
        try:
            check_total(column)
        except SealBroken as error:
            broken.append(error.subject)
    return broken


def _check_versions(now: datetime) -> list[int]:
    """Versions in use whose text is not what was signed; baking uses the frozen copy, this tells the operator."""
    changed = []
    rows = Version.objects.filter(sign_offs__isnull=False).distinct()
    for version in rows.iterator(chunk_size=500):
        if digest_of_text(version.content) != version.digest:
            changed.append(version.pk)
            what = _("版本 %(identity)s 第 %(number)d 版的内容被改动过") % {
                "identity": version.identity, "number": version.number,
            }  # fmt: skip
            done = _("发布使用签发时封存的副本，公开页面不受影响")
            incidents.report(
                kind=Incident.Kind.SEAL,
                subject=f"version:{version.pk}",
                what=what,
                done=done,
                now=now,
                site=version.site,
            )
    return changed


def _remember_forgotten(site: Site) -> list[int]:
    """Sign-offs whose progress row is gone, or claims a release that never was: they wait again."""
    lost = SignOff.objects.filter(site=site, publication__isnull=True)
    forgotten = list(lost.values_list("sequence", flat=True))
    Publication.objects.bulk_create([Publication(sign_off=row, site=site) for row in lost], ignore_conflicts=True)
    for item in Publication.objects.filter(site=site, state=Publication.State.DEPLOYED, release__isnull=True):
        forgotten.append(item.sign_off.sequence)
        Publication.objects.filter(pk=item.pk).update(state=Publication.State.WAITING, next_try_at=None)
    return forgotten


def _mend_mirror(site: Site, now: datetime) -> list[str]:
    """The state that lists show, against the ledger: repair and report records that claim what they are not."""
    mended = []
    public = dict(PublicItem.objects.filter(site=site).values_list("identity", "state"))
    claimed = Record.objects.filter(site=site, state__in=[State.PUBLISHED, State.WITHDRAWN])
    waiting = Publication.objects.filter(site=site, sign_off__subject=Subject.RECORD).exclude(
        state=Publication.State.DEPLOYED
    )
    open_identities = set(waiting.values_list("sign_off__identity", flat=True))
    for record in claimed.only("pk", "identity", "state", "title").iterator(chunk_size=2000):
        true = _true_state(public.get(record.identity))
        if true != record.state and record.identity not in open_identities:
            what = _("“%(title)s”在后台显示为“%(shown)s”，与签发台账不符") % {
                "title": record.title, "shown": State(record.state).label,
            }  # fmt: skip
            done = _("已改回“%(state)s”") % {"state": State(true).label}
            incidents.report(
                kind=Incident.Kind.MIRROR, subject=f"record:{record.identity}", what=what, done=done, now=now, site=site
            )
            set_state(record=record, state=true)
            mended.append(str(record.identity))
    return mended


def _true_state(shown: str | None) -> str:
    if shown is None:
        return State.DRAFT
    gone = shown in {PublicItem.State.GONE, PublicItem.State.MOVED}
    return State.WITHDRAWN if gone else State.PUBLISHED

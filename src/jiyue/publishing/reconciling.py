"""对账: compares everything that mirrors the ledger with the ledger, repairs what differs, and reports it.

Somebody with the database's password can change rows; this finds what they changed. Nothing here decides what is
public: it only brings the copies back to what was signed. What was published when is taken from the audit trail.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext as _

from jiyue.content.actions import set_state
from jiyue.content.models import Column, Record
from jiyue.content.models.records import State
from jiyue.domain.canonical import digest_of_text
from jiyue.domain.release_chain import ROLLBACK, Release
from jiyue.estate.models import Site
from jiyue.foundation.audit import broken_links
from jiyue.foundation.home import Home
from jiyue.foundation.keys import KeyRing
from jiyue.foundation.models import AuditEvent
from jiyue.publishing import incidents, lists, validity
from jiyue.publishing.deploying import Deployer
from jiyue.publishing.events import PublishingResumed, ReleaseDeployed, RolledBack
from jiyue.publishing.groups import call_group, is_profile_sealed, keep_profile, shown_profile
from jiyue.publishing.models import (
    LISTED,
    ColumnTotal,
    Incident,
    ListPage,
    PageRead,
    Publication,
    PublicItem,
    SitePublication,
)
from jiyue.publishing.projection import apply, shown_by, targets_of
from jiyue.publishing.sealed import SealBroken, check_item, check_pages, check_total
from jiyue.publishing.shelving import is_shelved_rightly
from jiyue.publishing.turns import SiteBusy, alone
from jiyue.review.events import SignedOff
from jiyue.review.ledger import SignOffRefused, broken_rows, content_of
from jiyue.review.models import SignOff, Subject, Version
from jiyue.review.sealing import is_genuine


class LedgerBehind(RuntimeError):
    """The newest release names a sign-off that the ledger does not hold: an older database was put back."""


class LedgerDamaged(RuntimeError):
    """A ledger row that went out is gone or was altered: nothing can be computed anew from such a ledger."""


@dataclass
class Findings:
    """What differed, worded; empty lists mean that everything agreed."""

    ledger: list[int] = field(default_factory=list)
    audit: list[int] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    versions: list[int] = field(default_factory=list)
    mirrors: list[str] = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not any(vars(self).values())


def reconcile(*, now: datetime) -> Findings:
    """Check ledger, trail, versions, projection and mirror of all sites; repair what can be repaired; report each.

    A site that somebody is publishing at this moment is left for the next time.
    """
    found = Findings()
    _check_ledger(found, now)
    _check_trail(found, now)
    found.versions = _check_versions(now)
    home = Home(settings.JIYUE_HOME).prepare()
    deployer = Deployer(home, KeyRing(home))
    for site in Site.objects.filter(publication__isnull=False):
        try:
            with alone(home, site):
                _reconcile_site(site, deployer.newest(site.host), found, now)
        except SiteBusy:
            continue
    return found


def refuse_older_ledger(site: Site, newest: Release | None) -> None:
    """Raise LedgerBehind unless the ledger holds what the newest release was made from."""
    head = newest.ledger_head if newest else ""
    if head and not SignOff.objects.filter(site=site, digest=head).exists():
        raise LedgerBehind(site.host)


def signed_structure(site: Site) -> dict:
    """The structure that a site shows. Raises LookupError before the first, SealBroken when it is not what was signed."""
    row = SitePublication.objects.select_related("structure__version").get(site=site).structure
    if row is None:
        raise LookupError(site.host)
    if not _is_structure_of(site, row) or _has_later_structure(site, row):
        raise SealBroken("structure")
    try:
        structure = content_of(row.version, digest=row.version_digest)
    except SignOffRefused as error:
        raise SealBroken("structure") from error
    if structure["profile"]["host"] != site.host:
        raise SealBroken(f"host:{structure['profile']['host']}")
    return structure


def rebuild(site: Site, *, now: datetime) -> None:
    """Drop the projection of a site and compute it anew, release by release, as the trail tells that they went out.

    The pages are baked again on the next run. Raises LedgerDamaged, and then leaves everything as it is: without the
    altered row, what it withdrew would be shown again.
    """
    _refuse_damaged(site)
    with transaction.atomic():
        PageRead.objects.filter(site=site).delete()
        ListPage.objects.filter(column__site=site).delete()
        ColumnTotal.objects.filter(column__site=site).delete()
        PublicItem.objects.filter(site=site).delete()
        SitePublication.objects.filter(site=site).update(structure=None, look="")
        columns: set[int] | None = None
        for rows in _releases_of(site):
            columns = _repeat(site, rows, columns)


def _refuse_damaged(site: Site) -> None:
    told = {sequence for told in _told(site) for sequence in told["sign_offs"]}
    genuine = {row.sequence for row in SignOff.objects.filter(site=site).iterator(chunk_size=2000) if is_genuine(row)}
    if told - genuine:
        raise LedgerDamaged(site.host)


def _repeat(site: Site, rows: list[SignOff], columns: set[int] | None) -> set[int] | None:
    changes, _refused = apply(site, rows, columns=columns, repeating=True)
    for key in sorted(key for key in changes.keys if key.startswith("column:")):
        column = Column(pk=int(key.partition(":")[2]))
        lists.follow(column, changed=sum(item.column_id == column.pk for item in changes.items))
    return changes.columns


def _releases_of(site: Site) -> Iterator[list[SignOff]]:
    """The sign-offs of each release of a site, each sign-off where it first went out."""
    seen: set[int] = set()
    for told in _told(site):
        fresh = [sequence for sequence in told["sign_offs"] if sequence not in seen]
        seen.update(fresh)
        rows = SignOff.objects.filter(site=site, sequence__in=fresh).select_related("version", "version__record")
        yield list(rows.order_by("sequence"))


def _told(site: Site) -> Iterator[dict]:
    events = AuditEvent.objects.filter(code=ReleaseDeployed.code, site=_signed_host(site)).order_by("sequence")
    return events.values_list("data", flat=True).iterator(chunk_size=500)


def _signed_host(site: Site) -> str:
    """The host that the newest genuine structure names; the row's own when nothing was signed yet."""
    rows = SignOff.objects.filter(site=site, subject=Subject.STRUCTURE).select_related("version").order_by("-sequence")
    row = next((row for row in rows if is_genuine(row)), None)
    return content_of(row.version, digest=row.version_digest)["profile"]["host"] if row else site.host


def _is_structure_of(site: Site, row: SignOff) -> bool:
    return row.subject == Subject.STRUCTURE and row.site_id == site.pk and is_genuine(row)


def _has_later_structure(site: Site, row: SignOff) -> bool:
    later = SignOff.objects.filter(site=site, subject=Subject.STRUCTURE, sequence__gt=row.sequence)
    return any(is_genuine(found) for found in later.filter(publication__state=Publication.State.DEPLOYED))


def _check_ledger(found: Findings, now: datetime) -> None:
    found.ledger = broken_rows()
    for sequence in found.ledger:
        what = _("台账第 %(number)d 行的封签或前后关系不符") % {"number": sequence}
        incidents.report(kind=Incident.Kind.LEDGER, subject=f"sign-off:{sequence}", what=what, now=now)


def _check_trail(found: Findings, now: datetime) -> None:
    found.audit = broken_links(AuditEvent.objects.order_by("sequence").iterator(chunk_size=2000))
    for sequence in found.audit:
        what = _("审计记录第 %(number)d 行被改动过，或者它前面缺了记录") % {"number": sequence}
        incidents.report(kind=Incident.Kind.LEDGER, subject=f"audit:{sequence}", what=what, now=now)
    signed = AuditEvent.objects.filter(code=SignedOff.code).order_by("-sequence").values_list("data", flat=True)
    told = max((data["sequence"] for data in signed), default=0)
    held = SignOff.objects.aggregate(last=Max("sequence"))["last"] or 0
    if told > held:
        found.ledger.append(told)
        what = _("审计记录里有签发第 %(told)d 号，台账只到第 %(held)d 号") % {"told": told, "held": held}
        incidents.report(kind=Incident.Kind.LEDGER, subject="ledger-end", what=what, now=now)


def _reconcile_site(site: Site, newest: Release | None, found: Findings, now: datetime) -> None:
    try:
        refuse_older_ledger(site, newest)
    except LedgerBehind:
        found.behind.append(site.host)
        what = _("台账里没有最新批次所依据的签发记录，可能恢复了较早的数据库；该网站已停止发布")
        incidents.report(kind=Incident.Kind.LEDGER, subject=site.host, what=what, now=now, site=site)
        return
    found.forgotten += _mend_progress(site, now)
    broken = [*_broken_items(site, now), *_stale_items(site), *_broken_structure(site)]
    found.items += broken
    if broken:
        _repair(site, broken, now)
    else:
        _mend_profile(site, found, now)
    if _lost_reads(site):
        found.items.append(f"reads:{site.host}")
        _report_differing(site, "reads", _("已重新生成页面"), now)
        SitePublication.objects.filter(site=site).update(look="")
    found.mirrors += _check_hold(site, newest, now)
    found.mirrors += _mend_mirror(site, now)


def _repair(site: Site, broken: list[str], now: datetime) -> None:
    try:
        rebuild(site, now=now)
        done = _("已按台账重新计算，并重新生成页面")
    except LedgerDamaged:
        done = _("台账本身受损，无法重新计算；该网站停止更新，请从备份恢复台账")
    for subject in broken:
        _report_differing(site, subject, done, now)


def _report_differing(site: Site, subject: str, done: str, now: datetime) -> None:
    what = _("公开条目 %(subject)s 与签发台账不一致") % {"subject": subject}
    kind = Incident.Kind.SEAL
    incidents.report(kind=kind, subject=f"{site.host} {subject}", what=what, done=done, now=now, site=site)


def _broken_items(site: Site, now: datetime) -> list[str]:
    broken = []
    for item in _items_with_links(site):
        try:
            check_item(item)
            content = content_of(item.sign_off.version, digest=item.version_digest)
            targets = targets_of(item, content)
            if {str(link.target) for link in item.links.all()} != targets:
                broken.append(f"links:{item.identity}")
            if not is_shelved_rightly(item, content):
                broken.append(f"shelves:{item.identity}")
            if not _stands(item, content, now):
                broken.append(f"validity:{item.identity}")
        except SealBroken as error:
            broken.append(error.subject)
        except SignOffRefused:
            continue  # `_check_versions` reports it
    for column in site.columns.all():
        try:
            check_total(column)
            check_pages(column)
        except SealBroken as error:
            broken.append(error.subject)
    return broken


def _stands(item: PublicItem, content: dict, now: datetime) -> bool:
    """Does a document's page say how it stands today, and is it known when to look again?"""
    if item.turns_at is not None and item.turns_at <= now:
        return True  # the publisher is on its way to it
    shown = item.validity, item.turns_at
    validity.note(item, content, at=now)
    return (item.validity, item.turns_at) == shown


def _items_with_links(site: Site) -> Iterator[PublicItem]:
    items = (
        PublicItem.objects.filter(site=site).select_related("sign_off__version").prefetch_related("links", "shelves")
    )
    return items.order_by("pk").iterator(chunk_size=2000)


def _stale_items(site: Site) -> list[str]:
    """Items that do not show the sign-off that last went out: rows put back, taken out or put in, with true seals."""
    last = _last_out(site)
    items = PublicItem.objects.filter(site=site).select_related("sign_off__publication", "placed_by__publication")
    decided = {str(item.identity): item.placed_by or item.sign_off for item in items.defer("sign_off__signers")}
    stale = [identity for identity, row in last.items() if not _shows(decided.get(identity), row)]
    # What is newer than the last release is on its way, as long as the publisher knows that.
    ahead = [
        identity
        for identity, row in decided.items()
        if row.sequence > (last[identity].sequence if identity in last else 0)
    ]
    stale += [identity for identity in ahead if not _is_on_its_way(decided[identity])]
    return [f"public-item:{identity}" for identity in stale]


def _last_out(site: Site) -> dict[str, SignOff]:
    """The sign-off of each public record that went out last, by the record's identity."""
    rows = (row for rows in _releases_of(site) for row in rows)
    return {shown_by(row): row for row in rows if row.subject in {Subject.RECORD, Subject.PLACEMENT}}


def _shows(decided: SignOff | None, row: SignOff) -> bool:
    if row.subject == Subject.PLACEMENT and row.act == SignOff.Act.WITHDRAW:
        return decided is None or decided.identity == row.identity  # an ended placement keeps the row that placed it
    return decided is not None and decided.sequence >= row.sequence


def _is_on_its_way(row: SignOff) -> bool:
    publication = getattr(row, "publication", None)
    return publication is not None and publication.state != Publication.State.DEPLOYED


def _broken_structure(site: Site) -> list[str]:
    try:
        signed_structure(site)
    except SealBroken as error:
        return [error.subject]
    except LookupError:
        released = SignOff.objects.filter(site=site, subject=Subject.STRUCTURE)
        return ["structure"] if released.filter(publication__state=Publication.State.DEPLOYED).exists() else []
    return []


def _mend_profile(site: Site, found: Findings, now: datetime) -> None:
    """What the group's portal shows of a site, against its signed structure."""
    row = SitePublication.objects.get(site=site)
    if row.structure_id is None:
        return
    structure = signed_structure(site)
    if is_profile_sealed(row) and row.profile == shown_profile(structure):
        return
    keep_profile(site, structure)
    call_group(site, now=now)
    if row.profile:  # after an upgrade from before there were profiles it is empty, and nobody's fault
        found.items.append(f"profile:{site.host}")
        _report_differing(site, "profile", _("已按签发的网站设置改回"), now)


def _lost_reads(site: Site) -> bool:
    """Is there a public page of which nobody remembers what it read? It would miss the changes it must follow."""
    if SitePublication.objects.filter(site=site, look="").exists():
        return False  # everything is baked anew on the next run
    reads = PageRead.objects.filter(site=site, address=OuterRef("address"))
    shown = PublicItem.objects.filter(
        site=site, state__in=LISTED, sign_off__publication__state=Publication.State.DEPLOYED
    )
    home = PageRead.objects.filter(site=site, address="/").exists()
    return shown.filter(~Exists(reads)).exists() or not home


def _mend_progress(site: Site, now: datetime) -> list[int]:
    """Progress rows against the trail: what went out is deployed, what did not is waiting, and none is missing."""
    out = {sequence: told["release"] for told in _told(site) for sequence in told["sign_offs"]}
    lost = list(SignOff.objects.filter(site=site, publication__isnull=True))
    Publication.objects.bulk_create([Publication(sign_off=row, site=site) for row in lost], ignore_conflicts=True)
    rows = Publication.objects.filter(site=site).values_list("sign_off__sequence", "state", "release")
    wrong = {sequence for sequence, state, release in rows if not _agrees(state, release, out.get(sequence))}
    for sequence in sorted(wrong):
        _put_right(site, sequence, out.get(sequence), now)
    return sorted(wrong)


def _agrees(state: str, release: int | None, told: int | None) -> bool:
    deployed = state == Publication.State.DEPLOYED
    return (deployed and release is not None) if told else not deployed


def _put_right(site: Site, sequence: int, release: int | None, now: datetime) -> None:
    right = Publication.State.DEPLOYED if release else Publication.State.WAITING
    rows = Publication.objects.filter(sign_off__sequence=sequence)
    rows.update(state=right, next_try_at=None, release=release)
    what = _("签发第 %(number)d 号的发布进度与审计记录不符") % {"number": sequence}
    done = _("已改回“%(state)s”") % {"state": right.label}
    subject = f"publication:{sequence}"
    incidents.report(kind=Incident.Kind.MIRROR, subject=subject, what=what, done=done, now=now, site=site)


def _check_hold(site: Site, newest: Release | None, now: datetime) -> list[str]:
    """Publishing stands still after a rollback until somebody resumes it, and for no other reason."""
    codes = (RolledBack.code, PublishingResumed.code)
    last = AuditEvent.objects.filter(code__in=codes, site=site.host).order_by("-sequence").first()
    should = last is not None and last.code == RolledBack.code
    held = SitePublication.objects.filter(site=site, held_since__isnull=False).exists()
    if held == should or (held and newest is not None and newest.kind == ROLLBACK):
        return []
    if last is not None and should:
        SitePublication.objects.filter(site=site).update(held_since=last.at, held_reason=last.data["reason"][:200])
        what, done = _("回退后的暂停被解除，但没有恢复发布的记录"), _("已重新暂停")
    else:
        what, done = _("发布被暂停，但没有回退的记录"), _("请核实后恢复发布")
    kind, subject = Incident.Kind.MIRROR, f"hold:{site.host}"
    incidents.report(kind=kind, subject=subject, what=what, done=done, now=now, site=site)
    return [subject]


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

"""From ledger rows to public items: what stands at which address. Pure bookkeeping; nothing is rendered here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from jiyue.content.models import Column, Record
from jiyue.estate.models import Site
from jiyue.publishing import answered, relating, shelving, validity
from jiyue.publishing.groups import keep_profile
from jiyue.publishing.models import LISTED, ItemLink, Publication, PublicItem, SitePublication
from jiyue.publishing.read_keys import column_key, guides_key, record_key, services_key, year_key
from jiyue.publishing.sealed import SealBroken, check_item, check_total, seal_item, seal_total
from jiyue.review.ledger import SignOffRefused, content_of, is_about
from jiyue.review.models import SignOff, Subject
from jiyue.review.sealing import is_genuine

LOCAL = ZoneInfo("Asia/Shanghai")
OF_SERVICES = frozenset({Record.Kind.SERVICE_GUIDE, Record.Kind.PUBLIC_ANSWER})


class NotPublishable(Exception):
    """A ledger row cannot become public now; the message says why, in words."""


@dataclass
class Changes:
    """What a set of ledger rows changes: keys that pages may have read, and addresses to bake or to take away."""

    keys: set[str] = field(default_factory=set)
    items: list[PublicItem] = field(default_factory=list)
    everything: bool = False
    columns: set[int] | None = None
    repeating: bool = False  # what is told again went out once, whatever became of its origin since
    at: datetime | None = None  # the moment for which pages are made; each sign-off's own without one
    restated: set[str] = field(default_factory=set)  # documents that stand otherwise now, signed or not
    shelves: shelving.Touched = field(default_factory=dict)  # of the site's own library
    group_shelves: shelving.Touched = field(default_factory=dict)  # of other sites' documents in that of the group
    calls: list[int] = field(default_factory=list)  # rows that told of them
    filed: set[str] = field(default_factory=set)  # documents whose files were made since their page was baked
    turned: dict[int, tuple[datetime | None, datetime | None]] = field(
        default_factory=dict
    )  # item: was due, is due again


@transaction.atomic
def apply(
    site: Site,
    rows: Iterable[SignOff],
    *,
    columns: set[int] | None = None,
    at: datetime | None = None,
    repeating: bool = False,
) -> tuple[Changes, dict[int, str]]:
    """Bring the projection up to `rows` (ascending). Gives what changed, and the rows that could not be applied: why.

    `columns` are the columns of the signed-off structure; a record in any other column waits. Running it again with the
    same rows changes nothing and reports the same keys, so a killed run is simply repeated. With `at`, a row that a
    later one in effect at that moment has replaced changes nothing, whatever its progress says. Raises SealBroken when
    a column that must change is not as it was sealed: counting it anew would make the forgery genuine.
    """
    changes, refused, rows = Changes(columns=columns, repeating=repeating, at=at), {}, list(rows)
    together = {row.pk for row in rows}
    for row in rows:
        try:
            with transaction.atomic():
                if at is None or not _is_replaced(row, at=at, together=together):
                    _apply_one(site, row, changes)
                elif row.subject != Subject.STRUCTURE and not _is_known(site, row):
                    raise SealBroken(f"public-item:{shown_by(row)}")
        except (NotPublishable, SignOffRefused) as reason:
            refused[row.pk] = str(reason)
    _renew_totals(changes)
    return changes, refused


def _is_replaced(row: SignOff, *, at: datetime, together: set[int]) -> bool:
    """Has a later sign-off about the same thing taken effect? One whose page could not be baked has not, unless it
    takes something away.
    """
    later = SignOff.objects.filter(
        site=row.site_id, identity=row.identity, sequence__gt=row.sequence, effective_at__lte=at
    )
    effective = later.filter(Q(act=SignOff.Act.WITHDRAW) | ~Q(publication__state=Publication.State.FAILED))
    return any(found.pk not in together and is_genuine(found) for found in effective)


def _is_known(site: Site, row: SignOff) -> bool:
    return PublicItem.objects.filter(site=site, identity=shown_by(row)).exists()


def shown_by(row: SignOff) -> str:
    """The identity of the record that a ledger row shows: a placement shows another site's."""
    if row.subject != Subject.PLACEMENT:
        return str(row.identity)
    return content_of(row.version, digest=row.version_digest)["record"]


@transaction.atomic
def take_back(site: Site, rows: Iterable[SignOff], *, at: datetime) -> Changes:
    """Undo rows whose pages could not be baked: each item shows again what it showed before, or disappears."""
    changes = Changes(at=at)
    for row in rows:
        changes.keys.add(record_key(shown_by(row)))
        changes.columns = known_columns(site)
        targets: set[str] = set()
        for shown in PublicItem.objects.filter(site=site, identity=shown_by(row)):
            _touch(shown, changes)
            if shown.kind in OF_SERVICES:
                changes.keys |= _told_to(shown, {str(link) for link in shown.links.values_list("target", flat=True)})
            if shown.kind in validity.CHANGING:
                targets |= {str(target) for target in shown.links.values_list("target", flat=True)}
        earlier = _last_deployed(site, row)
        if earlier is None:
            for shown in PublicItem.objects.filter(site=site, identity=shown_by(row)):
                shelving.touch(shown, changes.shelves)
                changes.keys |= relating.keys_of(shown)
                shown.delete()
        else:
            _apply_one(site, earlier, changes)
        _note_targets(site, targets, changes, at=at)
    _renew_totals(changes)
    return changes


@transaction.atomic
def take_back_early(site: Site, *, at: datetime) -> None:
    """Undo rows that take effect after `at`: a process that baked ahead for their moment was killed before it."""
    open_rows = Publication.objects.filter(site=site, state__in=Publication.OPEN)
    early = SignOff.objects.filter(publication__in=open_rows, effective_at__gt=at, subject=Subject.RECORD)
    projected = PublicItem.objects.filter(site=site, sign_off__in=early).values("sign_off")
    take_back(site, early.filter(pk__in=projected).select_related("version"), at=at)


def _apply_one(site: Site, row: SignOff, changes: Changes) -> None:
    if not is_genuine(row):
        raise NotPublishable(_("台账记录的封签不符，已拒绝发布"))
    content = content_of(row.version, digest=row.version_digest)
    if row.subject == Subject.STRUCTURE:
        SitePublication.objects.update_or_create(site=site, defaults={"structure": row})
        keep_profile(site, content)
        changes.everything = True
        changes.columns = {column["id"] for column in content["columns"]}
    elif row.subject == Subject.RECORD:
        _show(site, row, content, changes)
    elif row.subject == Subject.PLACEMENT:
        _place(site, row, content, changes)
    # A batch's own row does not exist: signing a batch writes one row for each record.


def _show(site: Site, row: SignOff, content: dict, changes: Changes) -> None:
    item = PublicItem.objects.filter(site=site, identity=row.identity).first()
    if item is None and row.act == SignOff.Act.WITHDRAW:
        raise NotPublishable(_("要撤下的稿件没有发布过"))
    if not changes.columns:
        raise NotPublishable(_("网站设置与栏目还没有签发，签发后自动发布"))
    if content["column"] not in changes.columns:
        raise NotPublishable(_("所在栏目还没有随网站设置一起签发，签发后自动发布"))
    if not is_about(content, row.subject, row.identity):
        raise NotPublishable(_("签发的内容不属于这个对象，已拒绝发布"))
    column = Column.objects.get(pk=content["column"], site=site)
    if item is None:
        item = _new_item(site, row, content, column)
    _touch(item, changes)
    item.column = column
    _touch(item, changes)
    item.sign_off = row
    item.version_digest = row.version_digest
    item.changed_at = row.effective_at
    item.state = _state_after(row, content)
    validity.note(item, content, at=changes.at or row.effective_at)
    seal_item(item)
    item.save()
    changes.items.append(item)
    shelving.renew(item, content, changes.shelves)
    answered.renew(item, content)
    changes.keys |= relating.renew(item, content)
    targets = _renew_links(item, content)
    changes.keys |= _told_to(item, targets)
    if item.kind in validity.CHANGING:
        _note_targets(site, targets, changes, at=changes.at or row.effective_at)
    elif targets:
        for document in PublicItem.objects.filter(site=site, identity__in=targets):
            shelving.touch(document, changes.shelves)  # a list by needs names a document's interpretations


def _note_targets(site: Site, targets: set[str], changes: Changes, *, at: datetime) -> None:
    """Documents that another one amends or repeals, or no longer does: they and what lists them say so."""
    for target in _documents(site).filter(identity__in=targets):
        _touch(check_item(target), changes)
        content = validity.signed_content(target)
        validity.note(target, content, at=at)
        changes.restated.add(str(target.identity))
        seal_item(target)
        target.save(update_fields=["validity", "turns_at", "seal"])
        shelving.renew(target, content, changes.shelves)
    validity.call_elsewhere(targets, at=at, except_site=site.pk)


def _documents(site: Site) -> QuerySet[PublicItem]:
    documents = PublicItem.objects.filter(site=site, kind__in=validity.TURNING, state__in=LISTED)
    return documents.select_related("sign_off__version")


def due_to_turn(*, at: datetime, site: Site | None = None) -> QuerySet[PublicItem]:
    """Documents, of one site or of all, whose standing may be another by `at`."""
    due = PublicItem.objects.filter(turns_at__lte=at)
    return due.filter(site=site) if site else due


@transaction.atomic
def turn(site: Site, changes: Changes, *, at: datetime) -> None:
    """Bring documents whose day has come to what holds at `at`. They stay due until `turned` is called after the release."""
    due = _documents(site).filter(turns_at__lte=at)
    for item in due.iterator(chunk_size=500):
        was_due = item.turns_at
        _touch(check_item(item), changes)
        content = validity.signed_content(item)
        validity.note(item, content, at=at)
        seal_item(item)
        item.save(update_fields=["validity", "seal"])
        shelving.renew(item, content, changes.shelves)
        changes.turned[item.pk] = was_due, item.turns_at
        changes.restated.add(str(item.identity))
    # What is shown no more turns no more.
    due_to_turn(at=at, site=site).exclude(pk__in=due.values("pk")).update(turns_at=None)


def turned(changes: Changes) -> None:
    """The release is out: its documents wait for their next day. One that was called meanwhile stays due."""
    for pk, (was_due, next_due) in changes.turned.items():
        PublicItem.objects.filter(pk=pk, turns_at=was_due).update(turns_at=next_due)


def _touch(item: PublicItem, changes: Changes) -> None:
    """What lists the item where it stands now; to be asked before it moves and after."""
    _touch_column(item.column_id, changes)
    changes.keys |= {record_key(item.identity), year_key(item.column_id, year_of(item))}
    if item.kind == Record.Kind.SERVICE_GUIDE:
        changes.keys.add(services_key(item.site_id))


def month_span(year: int, month: int) -> tuple[datetime, datetime]:
    """Begin and end (exclusive) of a month as Asia/Shanghai counts it."""
    following = (year + 1, 1) if month == 12 else (year, month + 1)
    return datetime(year, month, 1, tzinfo=LOCAL), datetime(*following, 1, tzinfo=LOCAL)


def year_of(item: PublicItem) -> int:
    """The year of publication, in Asia/Shanghai."""
    return item.published_at.astimezone(LOCAL).year


def _touch_column(column_id: int, changes: Changes) -> None:
    if column_key(column_id) not in changes.keys:
        check_total(Column(pk=column_id))
        changes.keys.add(column_key(column_id))


def known_columns(site: Site) -> set[int] | None:
    """Columns of the structure that the site shows; None before the first."""
    state = SitePublication.objects.select_related("structure__version").filter(site=site).first()
    if state is None or state.structure is None:
        return None
    structure = content_of(state.structure.version, digest=state.structure.version_digest)
    return {column["id"] for column in structure["columns"]}


def _renew_links(item: PublicItem, content: dict) -> set[str]:
    """Keep who explains or changes which document and who tells of which topic; gives all targets, before or after."""
    before = {str(target) for target in item.links.values_list("target", flat=True)}
    after = targets_of(item, content)
    if before != after:
        item.links.all().delete()
        ItemLink.objects.bulk_create(ItemLink(item=item, target=target) for target in sorted(after))
    return before | after


def _told_to(item: PublicItem, targets: set[str]) -> set[str]:
    """Keys of the pages that show something of the item because it names their target."""
    keys = {record_key(target) for target in targets}
    # Answers about a service item lead to its guides: they hear of a guide, and not of each other.
    return keys | {guides_key(target) for target in targets} if item.kind == Record.Kind.SERVICE_GUIDE else keys


def service_named(kind: str, detail: Mapping[str, Any]) -> str:
    """The identity of the service item that a guide is of, or that an answer is about; empty for everything else."""
    facts = detail.get("item" if kind == Record.Kind.SERVICE_GUIDE else "service") if kind in OF_SERVICES else None
    return facts["identity"] if facts else ""


def _place(site: Site, row: SignOff, content: dict, changes: Changes) -> None:
    """Show another site's record here, or stop showing it."""
    item = PublicItem.objects.filter(site=site, identity=content["record"]).first()
    if row.act == SignOff.Act.WITHDRAW:
        if item is not None:
            _touch(item, changes)
            _finish_placed(item, item.sign_off, PublicItem.State.GONE, changes, at=row.effective_at)
        return
    origin = PublicItem.objects.filter(site=content["origin"], identity=content["record"], placed_by=None).first()
    if origin is None or not (check_item(origin).state in LISTED or changes.repeating):
        raise NotPublishable(_("来源网站还没有发布这篇稿件，发布后自动取用"))
    if not changes.columns or content["column"] not in changes.columns:
        raise NotPublishable(_("所在栏目还没有随网站设置一起签发，签发后自动发布"))
    if item is None:
        item = PublicItem(
            site=site, identity=origin.identity, kind=origin.kind, serial=row.sequence, published_at=origin.published_at,
            address=address_of(content["column_path"], origin.published_at, row.sequence),
        )  # fmt: skip
    else:
        _touch(item, changes)
    item.column = Column.objects.get(pk=content["column"], site=site)
    item.placed_by = row
    _touch(item, changes)
    _finish_placed(item, origin.sign_off, _state_here(origin), changes, at=row.effective_at)


def _finish_placed(item: PublicItem, shown: SignOff, state: str, changes: Changes, *, at: datetime) -> None:
    item.sign_off, item.version_digest, item.state, item.changed_at = shown, shown.version_digest, state, at
    content = validity.signed_content(item)
    validity.note(item, content, at=changes.at or at)
    seal_item(item)
    item.save()
    shelving.renew(item, content, changes.shelves)
    answered.renew(item, content)
    changes.keys |= relating.renew(item, content)
    changes.keys |= _told_to(item, _renew_links(item, content))
    changes.items.append(item)


def _state_here(origin: PublicItem) -> str:
    # Merged at its origin means: here it is simply gone; the redirect belongs to the origin's address.
    return PublicItem.State.GONE if origin.state == PublicItem.State.MOVED else origin.state


def outdated(site: Site | None = None) -> QuerySet[PublicItem]:
    """Placed items whose origin was corrected or withdrawn since; of one site or of all."""
    origin = PublicItem.objects.filter(identity=OuterRef("identity"), placed_by=None)
    placed = PublicItem.objects.filter(placed_by__isnull=False).exclude(state=PublicItem.State.GONE)
    placed = placed.filter(site=site) if site else placed
    same = origin.filter(sign_off=OuterRef("sign_off"), state=OuterRef("state"))
    return placed.filter(Exists(origin)).exclude(Exists(same))


@transaction.atomic
def follow(site: Site, changes: Changes) -> None:
    """Bring placed items of a site to what their origins show now (correct once, everywhere)."""
    for item in outdated(site):
        origin = check_item(PublicItem.objects.get(identity=item.identity, placed_by=None))
        _touch(check_item(item), changes)
        _finish_placed(item, origin.sign_off, _state_here(origin), changes, at=origin.changed_at)
    _renew_totals(changes)


def targets_of(item: PublicItem, content: dict) -> set[str]:
    """What a public item explains, changes or tells of, by its signed content; nothing once it is withdrawn.

    A placed item only tells: of a task of the year, whose page shows what units reported from their own sites, and of a
    service item, whose guide shows the answers that a portal took.
    """
    if item.state not in LISTED:
        return set()
    service = service_named(item.kind, content["detail"])
    if item.placed_by_id:
        return {content["topic"], service} - {""}
    named = (identity for name in ("documents", *validity.ACTS) for identity in content["detail"].get(name, ()))
    single = (content["detail"].get(name) or "" for name in ("campaign", "final_document", "opinion_call", "meeting"))
    return {*named, *single, content["topic"], service} - {""}


def _new_item(site: Site, row: SignOff, content: dict, column: Column) -> PublicItem:
    original = content["original"]["published_at"]
    published_at = datetime.fromisoformat(original) if original else row.effective_at
    return PublicItem(
        site=site,
        identity=row.identity,
        column=column,
        kind=content["kind"],
        serial=row.sequence,
        published_at=published_at,
        address=address_of(content["column_path"], published_at, row.sequence),
    )


def address_of(column_path: str, published_at: datetime, serial: int) -> str:
    """`/zwgk/zcwj/2026/1121/1042.html`: classification, day (Asia/Shanghai) and a number that is never used again."""
    day = published_at.astimezone(LOCAL)
    return f"/{column_path}/{day:%Y}/{day:%m%d}/{serial}.html"


def _state_after(row: SignOff, content: dict) -> str:
    if row.act != SignOff.Act.WITHDRAW:
        repealed = content["detail"].get("validity") == "repealed"
        return PublicItem.State.REPEALED if repealed else PublicItem.State.SHOWN
    return {
        "error": PublicItem.State.GONE,
        "merged": PublicItem.State.MOVED,
        "repealed": PublicItem.State.REPEALED,
    }[row.instruction["kind"]]


def _last_deployed(site: Site, row: SignOff) -> SignOff | None:
    earlier = Publication.objects.filter(site=site, state=Publication.State.DEPLOYED, sign_off__identity=row.identity)
    last = earlier.order_by("-sign_off__sequence").select_related("sign_off").first()
    return last.sign_off if last else None


def _renew_totals(changes: Changes) -> None:
    for key in {key for key in changes.keys if key.startswith("column:")}:
        seal_total(int(key.partition(":")[2]))

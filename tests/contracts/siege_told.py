"""What the publisher works with, altered past the actions: of no effect for good, and told."""

import json
from uuid import uuid4

from jiyue.content.models import Record
from jiyue.domain.canonical import digest_of_text
from jiyue.foundation.models import AuditEvent
from jiyue.publishing.models import (
    ColumnTotal,
    ItemLink,
    ListPage,
    Publication,
    PublicItem,
    ShelfPlace,
    SitePublication,
)
from jiyue.publishing.shelving import ALL, named_shelf
from jiyue.review.models import SignOff, Version
from tests.clock import NOW
from tests.contracts.siege_city import MARK, City, sql, without_guard
from tests.contracts.siege_ways import TOLD, each, way

# ---- what the publisher works with: never changes a byte for good, and is told -------------------------------------------


def item_of(city: City, name: str) -> PublicItem:
    return PublicItem.objects.get(site=city.site, identity=city.records[name].identity)


def forged_row(city: City, **fields) -> SignOff:
    """A ledger row as a person with the database's password would write it."""
    last = SignOff.objects.order_by("-sequence").first()
    facts = {
        "sequence": last.sequence + 1, "act": "publish", "subject": "record", "identity": city.records["open"].identity,
        "site": city.site, "version": city.open_review.version, "version_digest": city.open_review.version.digest,
        "signers": [], "signed_at": NOW, "effective_at": NOW, "previous": last.digest, "digest": uuid4().hex * 2,
        "seal": "", **fields,
    }  # fmt: skip
    row = SignOff(**facts)
    row.save(force_insert=True)
    return row


@way(TOLD, "SQL: a ledger row without a seal")
def ledger_unsealed(city: City) -> None:
    forged_row(city)


@way(TOLD, "SQL: a ledger row with a copied seal")
def ledger_copied_seal(city: City) -> None:
    forged_row(city, seal=SignOff.objects.first().seal)


@way(TOLD, "SQL: a ledger row that withdraws")
def ledger_withdraws(city: City) -> None:
    last = SignOff.objects.filter(identity=city.records["article"].identity).get()
    forged_row(city, act="withdraw", identity=last.identity, version=last.version, version_digest=last.version_digest,
               instruction={"kind": "merged", "target": "https://evil.example.invalid/"})  # fmt: skip


@way(TOLD, "SQL: a correction that never was, below the first ledger row")
def ledger_false_correction(city: City) -> None:
    item = item_of(city, "corrected")
    forged_row(city, sequence=0, act="correct", identity=item.identity, version=item.sign_off.version,
               version_digest=item.version_digest, instruction={"reason": MARK})  # fmt: skip


@way(TOLD, "SQL: a structure that never was, with the site pointed at it")
def ledger_false_structure(city: City) -> None:
    content = SignOff.objects.filter(site=city.site, subject="structure").first().version
    text = content.content.replace("澄湖市人民政府", MARK)
    version = Version.objects.create(
        subject="structure", identity=content.identity, site=city.site, number=9, content=text,
        digest=digest_of_text(text), author=city.cast.city.manager, writers=[], created_at=NOW,
    )  # fmt: skip
    row = forged_row(city, act="structure", subject="structure", identity=content.identity, version=version,
                     version_digest=version.digest)  # fmt: skip
    SitePublication.objects.filter(site=city.site).update(structure=row)


@way(TOLD, "SQL: the site pointed at another site's structure")
def foreign_structure(city: City) -> None:
    row = SignOff.objects.filter(site=city.cast.outside.site, subject="structure").get()
    SitePublication.objects.filter(site=city.site).update(structure=row)


@way(TOLD, "SQL: the site pointed at no structure")
def no_structure(city: City) -> None:
    SitePublication.objects.filter(site=city.site).update(structure=None)


def ledger_altered(city: City, column_and_value: tuple[str, str]) -> None:
    column, value = column_and_value
    without_guard("review_signoff")
    row = item_of(city, "merged").sign_off
    sql(f"update review_signoff set {column}=%s where id=%s", value, row.pk)  # noqa: S608


each(TOLD, "SQL: a ledger row altered", ledger_altered,
     ("instruction", json.dumps({"kind": "merged", "reason": "x", "target": "https://evil.example.invalid/"})),
     ("effective_at", "2020-01-01 00:00:00+00:00"), ("signers", "[]"), ("act", "publish"), ("seal", ""),
     ("previous", "0" * 64))  # fmt: skip


@way(TOLD, "SQL: a ledger row deleted")
def ledger_deleted(city: City) -> None:
    without_guard("review_signoff")
    row = forged_row(city)
    later = forged_row(city, sequence=row.sequence + 1)
    sql("delete from review_signoff where id=%s", row.pk)
    assert later.pk


@way(TOLD, "SQL: the newest sign-off deleted with everything that names it")
def ledger_cut(city: City) -> None:
    without_guard("review_signoff")
    row = SignOff.objects.order_by("-sequence").first()
    earlier = SignOff.objects.filter(identity=row.identity).exclude(pk=row.pk).get()
    sql("update publishing_publicitem set sign_off_id=%s where sign_off_id=%s", earlier.pk, row.pk)
    sql("delete from publishing_publication where sign_off_id=%s", row.pk)
    sql("delete from review_signoff where id=%s", row.pk)


@way(TOLD, "SQL: text of a published version altered")
def version_altered(city: City) -> None:
    without_guard("review_version")
    version = item_of(city, "article").sign_off.version
    sql("update review_version set content=replace(content, '带图的消息', %s) where id=%s", MARK, version.pk)


def item_altered(city: City, column_and_value: tuple[str, str]) -> None:
    column, value = column_and_value
    sql(f"update publishing_publicitem set {column}=%s where id=%s", value, item_of(city, "article").pk)  # noqa: S608


each(TOLD, "SQL: a public item altered", item_altered,
     ("state", "gone"), ("state", "repealed"), ("address", "/zwdt/yw/2020/0101/1.html"), ("kind", "leader"), ("seal", ""),
     ("published_at", "2020-01-01 00:00:00+00:00"), ("version_digest", "0" * 64), ("serial", "1"))  # fmt: skip


@way(TOLD, "SQL: a withdrawn item shown again")
def item_unwithdrawn(city: City) -> None:
    sql("update publishing_publicitem set state='shown' where id=%s", item_of(city, "error").pk)


@way(TOLD, "SQL: a public item put back as it once was, true seal and all")
def item_replayed(city: City) -> None:
    from jiyue.publishing.sealed import seal_item

    item, first = item_of(city, "error"), SignOff.objects.get(identity=city.records["error"].identity, act="publish")
    item.sign_off, item.version_digest, item.state = first, first.version_digest, "shown"
    seal_item(item)  # the very seal that the row carried before the withdrawal
    item.save()
    _total_replayed(item.column_id)


@way(TOLD, "SQL: a corrected item put back to its first version, true seal and all")
def correction_replayed(city: City) -> None:
    from jiyue.publishing.sealed import seal_item

    item = item_of(city, "corrected")
    first = SignOff.objects.get(identity=item.identity, act="publish")
    item.sign_off, item.version_digest = first, first.version_digest
    seal_item(item)
    item.save()


def _total_replayed(column_id: int) -> None:
    from jiyue.publishing.sealed import seal_total

    seal_total(column_id)  # a number the column once had, with the seal of then


@way(TOLD, "SQL: a public item taken out, with the total of then")
def item_removed_and_total_replayed(city: City) -> None:
    item = item_of(city, "listed")
    column = item.column_id
    item.delete()
    _total_replayed(column)


@way(TOLD, "SQL: a public item taken out")
def item_removed(city: City) -> None:
    item_of(city, "listed").delete()


@way(TOLD, "SQL: all public items taken out")
def items_removed(city: City) -> None:
    PublicItem.objects.filter(site=city.site).delete()


@way(TOLD, "SQL: a draft put in as a public item")
def item_forged(city: City) -> None:
    like = item_of(city, "article")
    like.pk, like.identity, like.address = None, city.records["open"].identity, "/zwdt/yw/2026/1121/9999.html"
    like.save(force_insert=True)


@way(TOLD, "SQL: the progress of an old sign-off set back, and the item taken out")
def progress_set_back(city: City) -> None:
    rows = Publication.objects.filter(sign_off__identity=city.records["error"].identity, sign_off__act="publish")
    rows.update(state="waiting", release=None, next_try_at=None)
    item_of(city, "error").delete()


@way(TOLD, "SQL: the withdrawal marked as failed until the year 2099, the item taken out")
def withdrawal_put_off(city: City) -> None:
    own = Publication.objects.filter(sign_off__identity=city.records["error"].identity)
    own.filter(sign_off__act="withdraw").update(state="failed", next_try_at="2099-01-01T00:00:00Z")
    own.filter(sign_off__act="publish").update(state="waiting", release=None)
    item_of(city, "error").delete()


@way(TOLD, "SQL: all progress deleted")
def progress_deleted(city: City) -> None:
    Publication.objects.filter(site=city.site).delete()


@way(TOLD, "SQL: column totals altered")
def totals_altered(_city: City) -> None:
    ColumnTotal.objects.update(total=3)


@way(TOLD, "SQL: column totals deleted")
def totals_deleted(_city: City) -> None:
    ColumnTotal.objects.all().delete()


@way(TOLD, "SQL: list pages divided otherwise")
def list_pages_moved(_city: City) -> None:
    assert ListPage.objects.update(until_serial=1)


@way(TOLD, "SQL: list pages deleted")
def list_pages_deleted(_city: City) -> None:
    assert ListPage.objects.all().delete()[0]


@way(TOLD, "SQL: a shelf of the policy library that no document names")
def shelf_invented(city: City) -> None:
    place = ShelfPlace.objects.filter(site=city.site, shelf=ALL).first()
    place.pk, place.name, place.shelf = None, MARK, named_shelf("issuer", MARK)
    place.save()


@way(TOLD, "SQL: a shelf of the policy library named otherwise")
def shelf_renamed(city: City) -> None:
    assert ShelfPlace.objects.filter(site=city.site, shelf__startswith="issuer:").update(name=MARK)


@way(TOLD, "SQL: the documents of the policy library put into another order")
def shelves_reordered(city: City) -> None:
    assert ShelfPlace.objects.filter(site=city.site).update(on="1999-09-09", serial=1)


@way(TOLD, "SQL: the policy library emptied")
def shelves_emptied(city: City) -> None:
    assert ShelfPlace.objects.filter(site=city.site).delete()[0]


@way(TOLD, "SQL: the link between interpretation and document cut")
def links_cut(_city: City) -> None:
    assert ItemLink.objects.all().delete()[0]


@way(TOLD, "SQL: a link invented")
def links_invented(city: City) -> None:
    ItemLink.objects.create(item=item_of(city, "article"), target=item_of(city, "document").identity)


@way(TOLD, "SQL: publishing held without a rollback")
def held(city: City) -> None:
    SitePublication.objects.filter(site=city.site).update(held_since=NOW, held_reason=MARK)


@way(TOLD, "SQL: the hosts of two sites exchanged")
def hosts_exchanged(city: City) -> None:
    own, other = city.site, city.cast.outside.site
    sql("update estate_site set host='x.localhost' where id=%s", other.pk)
    sql("update estate_site set host=%s where id=%s", other.host, own.pk)
    sql("update estate_site set host=%s where id=%s", own.host, other.pk)


@way(TOLD, "SQL: the site given a new host")
def host_altered(city: City) -> None:
    sql("update estate_site set host='evil.localhost' where id=%s", city.site.pk)


@way(TOLD, "SQL: a row of the trail altered")
def trail_altered(_city: City) -> None:
    without_guard("foundation_auditevent")
    sql("update foundation_auditevent set actor_name=%s where sequence=3", MARK)


@way(TOLD, "SQL: a row of the trail deleted")
def trail_deleted(_city: City) -> None:
    without_guard("foundation_auditevent")
    row = AuditEvent.objects.get(sequence=3)
    sql("delete from foundation_outboxmessage where event_id=%s", row.pk)
    sql("delete from foundation_auditevent where id=%s", row.pk)


@way(TOLD, "SQL: the mirror says withdrawn")
def mirror_altered(city: City) -> None:
    Record.objects.filter(pk=city.records["article"].pk).update(state="withdrawn")

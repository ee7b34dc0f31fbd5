"""Every way past the sign-off that we know: what somebody may try, by what it is meant to meet.

`REFUSED` raises or is not there; `DRAFTS` changes what is no source of anything public; `TOLD` changes what the publisher
works with, and an incident must tell of it.
"""

import io
import json
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.urls import NoReverseMatch, reverse
from wagtail.models import Collection, GroupPagePermission, Locale, Page, Revision, Workflow
from wagtail.models import Site as WagtailSite

from jiyue.content.models import Attachment, Column, Picture, PolicyDocument, Record
from jiyue.domain.canonical import digest_of_text
from jiyue.estate.models import Appointment, Notice, Site
from jiyue.foundation.append_only import SENTENCE
from jiyue.foundation.models import AppendOnly, AuditEvent
from jiyue.identity.models import Membership, User
from jiyue.identity.roles import Duty, Role
from jiyue.publishing.models import (
    ColumnTotal,
    ItemLink,
    ListPage,
    Publication,
    PublicItem,
    SitePublication,
)
from jiyue.review.actions import ReviewRefused, approve
from jiyue.review.checklist import ALL_GATES
from jiyue.review.ledger import SignOffRefused, sign_off
from jiyue.review.models import Decision, Review, ReviewRoute, SignOff, Version
from tests.clock import NOW
from tests.contracts.siege_city import MARK, TEST, City, sql, without_guard

REFUSED: dict[str, object] = {}
DRAFTS: dict[str, object] = {}
TOLD: dict[str, object] = {}


def way(table: dict, name: str):
    def enter(attempt):
        assert name not in REFUSED | DRAFTS | TOLD, name
        table[name] = attempt
        return attempt

    return enter


def each(table: dict, name: str, attempt, *cases) -> None:
    for case in cases:
        way(table, f"{name}: {case}")(lambda city, case=case: attempt(city, case))


# ---- Wagtail's commands and models: there is no page to publish, and nothing public to be reached through one -----------

COMMANDS = (
    ("publish_scheduled",), ("publish_scheduled_pages",), ("fixtree", "--noinput"), ("set_url_paths",), ("move_pages", "1", "1"),
    ("purge_revisions",), ("rebuild_references_index",), ("create_log_entries_from_revisions",), ("update_index",),
    ("wagtail_update_image_renditions",),
)  # fmt: skip


def run_command(_city: City, command: tuple[str, ...]) -> None:
    call_command(*command, stdout=io.StringIO(), stderr=io.StringIO())


each(DRAFTS, "command", run_command, *COMMANDS)


@way(DRAFTS, "Wagtail: a live page, with revision, workflow, site, locale and rights for it")
def live_page(_city: City) -> None:
    root = Page.objects.get(depth=1)
    page = root.add_child(instance=Page(title=MARK, slug="wei", live=True))
    page.save_revision().publish()
    page.copy(update_attrs={"slug": "fu"}, keep_live=True)
    page.create_alias(update_slug="bie")
    WagtailSite.objects.create(hostname="www.chenghu.localhost", port=81, root_page=page)
    Locale.objects.get_or_create(language_code="en")
    group = Group.objects.create(name="everything")
    group.permissions.set(Permission.objects.all())
    right = Permission.objects.get(codename="publish_page", content_type__app_label="wagtailcore")
    GroupPagePermission.objects.create(group=group, page=root, permission=right)
    Workflow.objects.create(name="零步")
    page.unpublish()
    page.delete()


@way(DRAFTS, "Wagtail: revisions of a record altered, approved for a date past, emptied")
def revisions(city: City) -> None:
    record = city.records["article"].typed
    revision = record.save_revision()
    revision.content["title"] = MARK
    revision.approved_go_live_at = NOW - timedelta(days=1)
    revision.save()
    with suppress(AttributeError):  # a record has no `publish` that the command could call
        call_command("publish_scheduled", stdout=io.StringIO())
    Revision.objects.filter(object_id=str(record.pk)).update(content={"title": MARK})


@way(DRAFTS, "Wagtail: a collection deleted, pictures and attachments moved")
def collections(city: City) -> None:
    other = Collection.get_first_root_node().add_child(name="别处")
    Picture.objects.update(collection=other)
    Attachment.objects.update(collection=other)


# ---- records, columns, sites, files by code and by SQL -------------------------------------------------------------------


@way(DRAFTS, "code: record.save() and update() of every public record, bulk_update, _base_manager")
def records_written(city: City) -> None:
    for name in ("article", "document", "interpretation", "corrected", "error", "repealed"):
        record = city.records[name].typed
        record.title = record.summary = MARK
        record.save()
    Record.objects.update(title=MARK, state="published")
    Record._base_manager.update(summary=MARK)
    rows = list(Record.objects.all()[:3])
    for row in rows:
        row.source = MARK
    Record.objects.bulk_update(rows, ["source"])
    PolicyDocument.objects.update(document_number=MARK, validity="repealed")


@way(DRAFTS, "code: a record born published")
def record_born(city: City) -> None:
    article = city.records["article"]
    fields = {"site": city.site, "column": article.column, "kind": "article", "title": MARK, "state": "published"}
    Record.objects.bulk_create([Record(created_by=city.cast.city.editor, created_at=NOW, changed_at=NOW, **fields)])


@way(DRAFTS, "SQL: title, body, column, site and state of records")
def records_by_sql(city: City) -> None:
    foreign = city.records["foreign"]
    sql("update content_record set title=%s, body=%s, state='published'", MARK, "[]")
    sql("update content_record set column_id=%s, site_id=%s where id=%s", foreign.column_id, foreign.site_id,
        city.records["article"].pk)  # fmt: skip


@way(DRAFTS, "code: columns renamed, moved, closed, ordered, added")
def columns_written(city: City) -> None:
    Column.objects.filter(site=city.site).update(name=MARK, description=MARK, position=9, closed_at=NOW)
    sql("update content_column set path=%s where id=%s", "anywhere", city.records["article"].column_id)
    Column.objects.create(site=city.site, kind="news", channel="news", name=MARK, slug="xin", path="xin")


@way(DRAFTS, "code: the site's profile and status")
def site_written(city: City) -> None:
    Site.objects.filter(pk=city.site.pk).update(name=MARK, contact=MARK, colour="#ff0000", status="closed")
    Site.objects.filter(pk=city.site.pk).update(mourning_from=NOW, mourning_until=NOW + timedelta(days=1), blocks=[])


@way(DRAFTS, "code: a notice written past its action")
def notice_written(city: City) -> None:
    Notice.objects.create(
        site=city.site, kind="closure", text=MARK, starts_at=NOW - timedelta(days=1), until=NOW + timedelta(days=1)
    )


@way(DRAFTS, "files: the bytes of picture and attachment replaced on the disk")
def uploads_replaced(city: City) -> None:
    for row in (city.picture, city.attachment):
        type(row).objects.get(pk=row.pk)
        path = row.file.storage.path(row.file.name)
        with open(path, "wb") as file:
            file.write(MARK.encode())


@way(DRAFTS, "code: picture and attachment edited, then deleted")
def files_written(city: City) -> None:
    Picture.objects.update(title=MARK, description=MARK, width=1, height=1)
    Attachment.objects.update(title=MARK)
    city.attachment.delete()
    city.picture.delete()


@way(DRAFTS, "code: which documents an interpretation explains")
def interpretation_unlinked(city: City) -> None:
    city.records["interpretation"].typed.documents.clear()


@way(DRAFTS, "SQL: Review set to signed off, its levels emptied, its date and instruction altered")
def review_by_sql(city: City) -> None:
    sql("update review_review set status='signed_off', level='', levels='[]' where id=%s", city.open_review.pk)
    sql("update review_review set publish_at=%s, instruction=%s", NOW, json.dumps({"reason": MARK}))


@way(DRAFTS, "SQL: review routes emptied")
def routes_by_sql(city: City) -> None:
    ReviewRoute.objects.create(site=city.site, content_class="", levels=[])
    sql("update review_reviewroute set levels='[]'")


@way(DRAFTS, "code: everybody a superuser with every permission, in every group")
def superusers(_city: City) -> None:
    User.objects.update(is_superuser=True, is_staff=True)
    group = Group.objects.create(name="all")
    group.permissions.set(Permission.objects.all())
    for user in User.objects.all():
        user.groups.add(group)
        user.user_permissions.set(Permission.objects.all())


@way(DRAFTS, "command: loaddata with forged drafts")
def fixtures_loaded(city: City) -> None:
    from tempfile import NamedTemporaryFile

    record = city.records["article"]
    rows = [{"model": "auth.group", "fields": {"name": "forged"}}, {
        "model": "content.record", "pk": record.pk, "fields": {
            "identity": str(record.identity), "kind": "article", "site": city.site.pk, "column": record.column_id,
            "title": MARK, "created_by": city.cast.city.editor.pk, "created_at": NOW.isoformat(),
            "changed_at": NOW.isoformat(), "state": "published",
        }}]  # fmt: skip
    with NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(rows, file)
        file.flush()
        call_command("loaddata", file.name, verbosity=0)


# ---- what is refused at once ---------------------------------------------------------------------------------------------


def append_only(city: City, act: str) -> None:
    for model in (Version, Decision, SignOff, AuditEvent):
        {
            "save": lambda model=model: model.objects.first().save(),
            "delete": lambda model=model: model.objects.first().delete(),
            "update": lambda model=model: model.objects.update(pk=1),
            "queryset delete": lambda model=model: model.objects.all().delete(),
            "bulk_update": lambda model=model: model.objects.bulk_update([model.objects.first()], ["id"]),
        }[act]()


each(REFUSED, "code: ledger, decisions, versions, trail", append_only,
     "save", "delete", "update", "queryset delete", "bulk_update")  # fmt: skip


def append_only_sql(_city: City, table_and_statement: str) -> None:
    sql(table_and_statement)


each(REFUSED, "SQL", append_only_sql, *(
    statement % table
    for table in ("review_signoff", "review_decision", "review_version", "foundation_auditevent")
    for statement in ("update %s set id = id", "delete from %s")
))  # fmt: skip


@way(REFUSED, "code: public records deleted with what belongs to them")
def records_deleted(city: City) -> None:
    city.records["article"].delete()


@way(REFUSED, "code: the column of public records deleted")
def column_deleted(city: City) -> None:
    city.records["article"].column.delete()


@way(REFUSED, "code: the site deleted")
def site_deleted(city: City) -> None:
    city.site.delete()


def row_deleted(city: City, table: str) -> None:
    keys = {"content_record": city.records["article"].pk, "content_column": city.records["article"].column_id,
            "estate_site": city.site.pk}  # fmt: skip
    sql(f"delete from {table} where id=%s", keys[table])  # noqa: S608
    connection.check_constraints()


each(REFUSED, "SQL: row with public history deleted", row_deleted, "content_record", "content_column", "estate_site")


@way(REFUSED, "code: sign_off() of a review that lacks a level")
def early_sign_off(city: City) -> None:
    sign_off(review=city.open_review, by=TEST, now=NOW)


@way(REFUSED, "code: sign_off() of a submission opened again with used-up approvals")
def reused_approvals(city: City) -> None:
    """What was withdrawn in error must pass every level again."""
    last = SignOff.objects.filter(identity=city.records["error"].identity, act="publish").get()
    again = Review.objects.create(
        version=last.version, site=city.site, act="publish", levels=["first", "second", "final"], level="final",
        submitted_by=city.cast.city.editor, submitted_at=NOW, waiting_since=NOW,
    )  # fmt: skip
    sign_off(review=again, by=TEST, now=NOW)


@way(REFUSED, "SQL: approvals carried to another version of the same digest")
def approvals_carried(city: City) -> None:
    """The content was approved, but as another record's."""
    seen = city.open_review.version
    copy = Version.objects.create(
        subject="record", identity=city.records["article"].identity, site=city.site, record=city.records["article"],
        number=99, content=seen.content, digest=seen.digest, author=seen.author, writers=[], created_at=NOW,
    )  # fmt: skip
    sql("update review_review set version_id=%s where id=%s", copy.pk, city.open_review.pk)
    approve(review=city.open_review, by=city.cast.city.final, now=NOW, gates=ALL_GATES)


def forged_decisions(city: City, how: str) -> None:
    review = city.open_review
    genuine = review.decisions.first()
    fields = {"reviewer": city.cast.city.final, "reviewer_name": "样", "version_digest": review.version.digest,
              "gates": sorted(ALL_GATES), "at": NOW, "answer": "approve", "level": "final"}  # fmt: skip
    seal = {
        "no seal": "",
        "copied seal": genuine.seal,
        "invented seal": "v1:" + "0" * 64,
        "unknown key": "v9:" + "0" * 64,
    }
    Decision(review=review, seal=seal[how], **fields).save(force_insert=True)
    sign_off(review=review, by=TEST, now=NOW)


each(
    REFUSED, "ORM: the last decision forged", forged_decisions, "no seal", "copied seal", "invented seal", "unknown key"
)


@way(REFUSED, "SQL: content of the reviewed version altered before the last signature")
def version_altered_in_review(city: City) -> None:
    without_guard("review_version")
    version = city.open_review.version
    sql("update review_version set content=replace(content, '待终审', '改过') where id=%s", version.pk)
    approve(review=city.open_review, by=city.cast.city.final, now=NOW, gates=ALL_GATES)


@way(REFUSED, "SQL: content and digest of the reviewed version altered together")
def version_redigested(city: City) -> None:
    without_guard("review_version")
    version = city.open_review.version
    content = version.content.replace("待终审", "改过")
    sql("update review_version set content=%s, digest=%s where id=%s", content, digest_of_text(content), version.pk)
    sign_off(review=city.open_review, by=TEST, now=NOW)


def wrong_reviewer(city: City, who: str) -> None:
    """A role of another duty, written past the actions, signs nothing."""
    tenant = city.cast.city
    person = {"editor": tenant.editor, "manager": tenant.manager, "operator": city.cast.operator,
              "supervisor": city.cast.supervisor, "second": tenant.second, "foreigner": city.cast.outside.final}[who]  # fmt: skip
    if who != "foreigner":
        Appointment.objects.create(user=person, site=city.site, role=Role.FINAL_REVIEWER)
        Membership.objects.get_or_create(user=person, role=Role.OPERATOR) if who == "manager" else None
    User.objects.filter(pk=person.pk).update(is_superuser=True, is_staff=True)
    approve(review=city.open_review, by=User.objects.get(pk=person.pk), now=NOW, gates=ALL_GATES)


each(REFUSED, "ORM: the last signature by somebody appointed by a forged row", wrong_reviewer,
     "editor", "manager", "operator", "supervisor", "second", "foreigner")  # fmt: skip


@way(REFUSED, "SQL: the author's duty changed to reviewing")
def author_changes_duty(city: City) -> None:
    editor = city.cast.city.editor
    sql("update identity_user set duty=%s where id=%s", Duty.REVIEWING, editor.pk)
    Appointment.objects.create(user=editor, site=city.site, role=Role.FINAL_REVIEWER)
    approve(review=city.open_review, by=User.objects.get(pk=editor.pk), now=NOW, gates=ALL_GATES)


REFUSALS = (AppendOnly, ReviewRefused, SignOffRefused)
REFUSAL_SENTENCES = (SENTENCE, "foreign key", "FOREIGN KEY", "referenced through", "violates foreign key", "protected")


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
    from jiyue.publishing.projection import seal_item

    item, first = item_of(city, "error"), SignOff.objects.get(identity=city.records["error"].identity, act="publish")
    item.sign_off, item.version_digest, item.state = first, first.version_digest, "shown"
    seal_item(item)  # the very seal that the row carried before the withdrawal
    item.save()
    _total_replayed(item.column_id)


@way(TOLD, "SQL: a corrected item put back to its first version, true seal and all")
def correction_replayed(city: City) -> None:
    from jiyue.publishing.projection import seal_item

    item = item_of(city, "corrected")
    first = SignOff.objects.get(identity=item.identity, act="publish")
    item.sign_off, item.version_digest = first, first.version_digest
    seal_item(item)
    item.save()


def _total_replayed(column_id: int) -> None:
    from jiyue.publishing.projection import seal_total

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


def console_ways(city: City) -> dict[str, tuple[str, tuple]]:
    """Wagtail's own doors, by name: what the console never offers."""
    pages = "wagtailadmin_pages:"
    one = {name: (pages + name, (1,)) for name in (
        "edit", "delete", "unpublish", "move", "copy", "convert_alias", "set_privacy", "set_page_position", "revisions_index",
        "workflow_history", "confirm_workflow_cancellation", "lock", "unlock", "history", "aging", "usage",
    )}  # fmt: skip
    more = {
        "add": (pages + "add", ("wagtailcore", "page", 1)), "move_confirm": (pages + "move_confirm", (1, 1)),
        "explore": ("wagtailadmin_explore", (1,)), "groups": ("wagtailusers_groups:add", ()),
        "users": ("wagtailusers_users:add", ()), "user": ("wagtailusers_users:edit", (city.cast.city.editor.pk,)),
        "workflow": ("wagtailadmin_workflows:add", ()), "collections": ("wagtailadmin_collections:add", ()),
        "picture": ("wagtailimages:edit", (city.picture.pk,)), "picture deleted": ("wagtailimages:delete", (city.picture.pk,)),
        "attachment": ("wagtaildocs:edit", (city.attachment.pk,)),
        "attachment deleted": ("wagtaildocs:delete", (city.attachment.pk,)),
        "reports": ("wagtailadmin_reports:locked_pages", ()),
    }  # fmt: skip
    more |= {
        f"bulk {act}": ("wagtail_bulk_action", ("wagtailcore", "page", act))
        for act in ("publish", "unpublish", "delete", "move")
    }
    more |= {f"API {act}": ("wagtailadmin_api:pages:action", (1, act)) for act in (
        "publish", "unpublish", "delete", "move", "copy", "create_alias", "convert_alias", "revert_to_page_revision",
    )}  # fmt: skip
    return one | more


def address_of(name: str, arguments: tuple) -> str | None:
    """The address of a route; None where this Wagtail has none of that name."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return None

"""What somebody may change without any effect: rows that are no source of anything public."""

import io
import json
from contextlib import suppress
from datetime import timedelta

from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from wagtail.models import Collection, GroupPagePermission, Locale, Page, Revision, Workflow
from wagtail.models import Site as WagtailSite

from jiyue.content.models import Attachment, Column, Picture, PolicyDocument, Record
from jiyue.content.models.uses import FileUse
from jiyue.estate.models import Notice, Site
from jiyue.identity.models import User
from jiyue.review.models import ReviewRoute
from tests.clock import NOW
from tests.contracts.siege_city import MARK, City, sql
from tests.contracts.siege_ways import DRAFTS, each, way

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


@way(DRAFTS, "code: picture and attachment edited, then deleted with what says where they are used")
def files_written(city: City) -> None:
    Picture.objects.update(title=MARK, description=MARK, width=1, height=1)
    Attachment.objects.update(title=MARK)
    FileUse.objects.all().delete()
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

"""Writing: one's own columns only, saved through the actions, locked under review, nothing foreign chosen or shown."""

import io
import json

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document
from PIL import Image
from selectolax.lexbor import LexborHTMLParser
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from jiyue.content.actions import save_draft, store_attachment, store_picture
from jiyue.content.cataloguing import save_item
from jiyue.content.models import Article, Attachment, CatalogueItem, Picture, Record
from jiyue.content.models.records import State
from jiyue.content.readiness import problems
from jiyue.foundation.models import AuditEvent
from jiyue.publishing.models import PublicItem
from jiyue.publishing.projection import apply
from jiyue.review.actions import send_back, submit
from jiyue.review.models import Review, SignOff
from tests.cast import draft, reviewed

pytestmark = pytest.mark.django_db


def form(column, **more):
    data = {
        "title": "湖岸清洁行动启动", "subtitle": "", "column": column.pk, "source": "市政府办公室", "author": "",
        "responsible": column.responsible_id, "summary": "", "keywords": "", "cover": "", "cover_alt": "",
        "openness": "", "subject_class": "", "form_class": "", "part_of": "", "event_on": "", "event_time": "",
        "information_class": "", "catalogue_item": "", "review_on": "",
        "original_published_at": "", "original_source": "", "original_address": "",
        "body": streamfield([("paragraph", rich_text("<p>行动从本月开始。</p>"))]), **more,
    }  # fmt: skip
    return nested_form_data(data)


def address(name, *args, column=None):
    return reverse(name, args=args) + (f"?column={column.pk}" if column else "")


@pytest.mark.req("REV-08")
def test_a_new_record_is_kept_with_its_trace(cast, sign_in):
    column = cast.city.columns["yw"]
    answer = sign_in(cast.city.editor).post(address("console_article:add", column=column), form(column))
    record = Article.objects.get()
    assert answer.headers["Location"] == reverse("console_article:edit", args=[record.pk])
    assert (record.site, record.created_by, record.state) == (cast.city.site, cast.city.editor, State.DRAFT)
    assert AuditEvent.objects.filter(subject=f"record:{record.identity}").get().code == "content.record_created"


@pytest.mark.req("COL-06", "COL-10")
def test_the_editor_takes_what_decides_until_when_it_must_be_public(cast, now, sign_in):
    city = cast.city
    own, foreign = (
        save_item(item=CatalogueItem(site=tenant.site, unit=tenant.organisation, number="1", name="财政预算"),
                  by=tenant.manager, now=now)
        for tenant in (city, cast.outside)
    )  # fmt: skip
    record = draft(city, now=now)
    page = sign_in(city.editor).get(address("console_article:edit", record.pk)).content.decode()
    assert "公开时限与复查" in page and "公开时限从这一天算起" in page
    facts = {"information_class": "major", "event_on": "2026-11-20", "event_time": "15:00", "review_on": "2027-05-01"}
    data = form(city.columns["yw"], **facts, catalogue_item=own.pk)
    sign_in(city.editor).post(address("console_article:edit", record.pk), data)
    kept = Article.objects.get(pk=record.pk)
    assert (kept.information_class, str(kept.event_on), str(kept.event_time)) == ("major", "2026-11-20", "15:00:00")
    assert (kept.catalogue_item, str(kept.review_on)) == (own, "2027-05-01")
    sign_in(city.editor).post(address("console_article:edit", record.pk), {**data, "catalogue_item": foreign.pk})
    assert Article.objects.get(pk=record.pk).catalogue_item == own


@pytest.mark.req("COL-06")
def test_a_class_without_a_day_is_no_version_to_submit(cast, now):
    record = draft(cast.city, now=now, information_class="major")
    assert [problem.field for problem in problems(record, on=now.date())] == ["event_on"]
    dated = draft(cast.city, now=now, kind="policy_document", column="zcwj", information_class="regulations",
                  issuer="澄湖市人民政府", written_on=now.date())  # fmt: skip
    assert problems(dated, on=now.date()) == []


def test_saving_and_sending_leads_to_the_last_page_before_review(cast, now, sign_in):
    record = draft(cast.city, now=now)
    data = form(cast.city.columns["yw"], **{"action-send": "1"})
    answer = sign_in(cast.city.editor).post(address("console_article:edit", record.pk), data)
    assert answer.headers["Location"] == reverse("console_submit", args=[record.pk])
    page = sign_in(cast.city.editor).post(address("console_submit", record.pk), {"publish_at": ""})
    assert page.status_code == 302
    assert Review.objects.get().version.record_id == record.pk


def test_sending_stands_beside_saving_and_not_behind_an_arrow(cast, now, sign_in):
    record = draft(cast.city, now=now)
    page = sign_in(cast.city.editor).get(address("console_article:edit", record.pk)).content.decode()
    buttons = LexborHTMLParser(page).css(".jy-save-acts > button")
    assert [button.text(strip=True).removesuffix("……") for button in buttons] == ["保存", "保存并送审", "保存并检查"]


def test_autosave_overwrites_its_own_revision_and_leaves_one_trace(cast, now, sign_in):
    record = draft(cast.city, now=now)
    client, edit = sign_in(cast.city.editor), address("console_article:edit", record.pk)
    before = AuditEvent.objects.count()
    first = client.post(edit, form(cast.city.columns["yw"], title="甲"), headers={"Accept": "application/json"}).json()
    again = form(cast.city.columns["yw"], title="乙", overwrite_revision_id=first["revision_id"])
    second = client.post(edit, again, headers={"Accept": "application/json"}).json()
    assert second["success"] and second["revision_id"] == first["revision_id"]
    assert (Record.objects.get().title, AuditEvent.objects.count()) == ("乙", before + 1)


def test_nobody_edits_what_reviewers_read(cast, now, sign_in):
    record = draft(cast.city, now=now)
    submit(record=record, by=cast.city.editor, now=now)
    answer = sign_in(cast.city.editor).post(
        address("console_article:edit", record.pk), form(cast.city.columns["yw"], title="改")
    )
    assert "锁定" in answer.content.decode()
    assert Record.objects.get().title == record.title


def test_what_was_typed_is_still_there_when_a_submission_is_refused(cast, now, sign_in):
    record = draft(cast.city, now=now)
    answer = sign_in(cast.city.editor).post(address("console_submit", record.pk), {"publish_at": "2020-01-01T00:00:00"})
    assert answer.status_code == 409
    assert "2020-01-01T00:00:00" in answer.content.decode() and "已经过去" in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["console_edit", "console_submit", "console_bring_body", "console_path", "console_delete"]
)
def test_a_foreign_record_does_not_exist(cast, now, sign_in, name):
    record = draft(cast.outside, now=now, title="邻江的稿件")
    answer = sign_in(cast.city.editor).get(address(name, record.pk))
    assert answer.status_code == 404
    assert "邻江的稿件" not in answer.content.decode()


def test_a_foreign_column_cannot_be_written_in(cast, sign_in):
    client, foreign = sign_in(cast.city.editor), cast.outside.columns["yw"]
    assert client.get(address("console_article:add", column=foreign)).status_code == 404
    own = cast.city.columns["yw"]
    answer = client.post(address("console_article:add", column=own), form(foreign))
    assert (answer.status_code, Record.objects.count()) == (200, 0)


def test_a_paste_from_word_becomes_blocks(cast, now, sign_in):
    record = draft(cast.city, now=now, body=[])
    table = "<table><tr><td>甲</td><td>乙</td></tr><tr><td>1</td><td>2</td></tr></table>"
    pasted = f'<p class=MsoNormal style="color:red">一、总体要求<script>x()</script></p>{table}'
    sign_in(cast.city.editor).post(address("console_bring_body", record.pk), {"html": pasted})
    kept = Article.objects.get().body.get_prep_value()
    assert [block["type"] for block in kept] == ["paragraph", "table"]
    assert "script" not in str(kept) and "color" not in str(kept)


@pytest.mark.req("LIB-01")
def test_a_docx_becomes_blocks_with_its_table_and_picture(cast, now, sign_in):
    record = draft(cast.city, now=now, body=[])
    upload = SimpleUploadedFile("通知.docx", docx())
    sign_in(cast.city.editor).post(address("console_bring_body", record.pk), {"file": upload})
    kept = {block["type"]: block["value"] for block in Article.objects.get().body.get_prep_value()}
    assert {"paragraph", "table", "image"} <= set(kept)
    assert kept["image"]["image"] == Picture.objects.get(site=cast.city.site).pk


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Wagtail leaves its thumbnail open
def test_an_upload_belongs_to_the_site_in_hand(cast, sign_in):
    data = {"image-chooser-upload-title": "湖岸", "image-chooser-upload-file": SimpleUploadedFile("a.png", png())}
    answer = sign_in(cast.city.editor).post(reverse("wagtailimages_chooser:create"), data)
    assert answer.json()["step"] == "chosen"
    assert (Picture.objects.get().site, Picture.objects.get().uploaded_by_user) == (cast.city.site, cast.city.editor)


def test_an_upload_without_a_name_takes_that_of_its_file(cast, sign_in):
    data = {"image-chooser-upload-title": " ", "image-chooser-upload-file": SimpleUploadedFile("湖岸步道.png", png())}
    answer = sign_in(cast.city.editor).post(reverse("wagtailimages_chooser:create"), data)
    assert answer.json()["step"] == "chosen"
    assert Picture.objects.get().title == "湖岸步道"


def test_a_disguised_upload_is_refused_and_not_kept(cast, sign_in):
    file = SimpleUploadedFile("通知.pdf", b"MZ this is a program")
    data = {"document-chooser-upload-title": "通知", "document-chooser-upload-file": file}
    answer = sign_in(cast.city.editor).post(reverse("wagtaildocs_chooser:create"), data)
    assert "扩展名不符" in answer.json()["htmlFragment"]
    assert not Attachment.objects.exists()


def test_choosers_and_files_of_another_site_show_nothing(cast, now, sign_in):
    picture = store_picture(
        site=cast.outside.site, name="a.png", data=png(), title="邻江的图片", by=cast.outside.editor, now=now
    )
    client = sign_in(cast.city.editor)
    assert "邻江的图片" not in client.get(reverse("wagtailimages_chooser:choose")).json()["html"]
    assert client.get(reverse("wagtailimages_chooser:chosen", args=[picture.pk])).status_code in (302, 403, 404)
    assert client.get(reverse("console_private_file", args=[picture.file.name])).status_code == 404
    own = sign_in(cast.outside.editor).get(reverse("console_private_file", args=[picture.file.name]))
    assert own.status_code == 200 and b"".join(own.streaming_content) == png()


@pytest.mark.req("PLAT-05")
@pytest.mark.parametrize("where", ["cover", "image", "attachment"])
def test_a_foreign_file_typed_into_a_form_is_refused_and_not_named(cast, now, sign_in, where):
    common = {"site": cast.outside.site, "title": "邻江的文件", "by": cast.outside.editor, "now": now}
    picture = store_picture(name="a.png", data=png(), **common)
    attachment = store_attachment(name="a.txt", data="内容".encode(), **common)
    blocks = {
        "image": ("image", {"image": picture.pk, "alt": "湖", "decorative": "", "caption": ""}),
        "attachment": ("attachment", {"document": attachment.pk, "title": "附表"}),
    }
    more = {"body": streamfield([blocks[where]])} if where in blocks else {"cover": picture.pk}
    record = draft(cast.city, now=now)
    edit = address("console_article:edit", record.pk)
    page = sign_in(cast.city.editor).post(edit, form(cast.city.columns["yw"], title="改", **more)).content.decode()
    assert "不存在或不属于本网站" in page
    # A chooser writes titles as escaped JSON.
    assert "邻江的文件" not in page and json.dumps("邻江的文件")[1:-1] not in page
    assert Record.objects.get(pk=record.pk).title == record.title


@pytest.mark.req("PLAT-05")
def test_no_action_keeps_a_link_to_another_site(cast, now):
    record = draft(cast.city, now=now).typed
    record.cover = store_picture(
        site=cast.outside.site, name="a.png", data=png(), title="邻江的图片", by=cast.outside.editor, now=now
    )
    with pytest.raises(ValidationError, match="题图不属于本网站"):
        save_draft(record=record, by=cast.city.editor, now=now)
    record = Article.objects.get(pk=record.pk)
    record.part_of = draft(cast.outside, now=now, kind=Record.Kind.TOPIC).typed
    with pytest.raises(ValidationError, match="本网站的专题"):
        save_draft(record=record, by=cast.city.editor, now=now)


@pytest.mark.parametrize(
    "broken",
    [
        {"body-count": None}, {"body-0-type": None}, {"body-0-order": None}, {"body-0-deleted": None},
        {"body-count": "many"}, {"body-count": "7"}, {"body-0-order": "x"}, {"body-0-value": "1"}, {"body-0-value": "<p>"},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("name", ["console_article:add", "console_article:preview_on_add"])
def test_a_body_that_no_editor_sends_is_refused_in_words(cast, sign_in, name, broken):
    column = cast.city.columns["yw"]
    sent = {key: value for key, value in {**form(column), **broken}.items() if value is not None}
    answer = sign_in(cast.city.editor).post(address(name, column=column), sent)
    assert answer.status_code == 400 and "请求不完整" in answer.content.decode()
    assert not Record.objects.exists()


@pytest.mark.parametrize("name", ["console_choose_link", "wagtailadmin_choose_page_external_link"])
def test_a_link_without_an_address_is_asked_for(cast, sign_in, name):
    answer = sign_in(cast.city.editor).post(reverse(name), {})
    assert answer.status_code == 200 and "error" in answer.json()["html"]


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(out, "PNG")
    return out.getvalue()


def docx() -> bytes:
    made, out = Document(), io.BytesIO()
    made.add_paragraph("各县区人民政府：现将有关事项通知如下。")
    table = made.add_table(rows=2, cols=2)
    for row in table.rows:
        for cell in row.cells:
            cell.text = "数值"
    made.add_picture(io.BytesIO(png()))
    made.save(out)
    return out.getvalue()


def test_the_words_of_the_table_editor_stand_after_it(cast, sign_in):
    """Chinese for its menu: before the editor there would be nothing to give them to, as a module they would come late."""
    page = (
        sign_in(cast.city.editor).get(address("console_article:add", column=cast.city.columns["yw"])).content.decode()
    )
    words = page.index("console/table-words.")
    assert 0 < page.index("handsontable") < words
    assert 'type="module"' not in page[page.rindex("<script", 0, words) : words]


@pytest.mark.req("REV-08")
def test_who_opens_what_came_back_reads_why(cast, now, sign_in):
    city = cast.city
    record = draft(city, now=now)
    review = submit(record=record, by=city.editor, now=now)
    send_back(review=review, by=city.first, now=now, reason="写明<b>依据</b>", principle="accurate")
    page = sign_in(city.editor).get(reverse("console_article:edit", args=[record.pk])).content.decode()
    assert f"已退回，{city.first.name}：写明&lt;b&gt;依据&lt;/b&gt;" in page


def test_no_choice_is_a_row_of_dashes(cast, sign_in):
    for kind in ("article", "policy_document"):
        page = sign_in(cast.city.editor).get(
            f"/write/begin/?column={cast.city.columns['yw'].pk}&kind={kind}", follow=True
        )
        text = page.content.decode()
        assert "---</option>" not in text and "不选</option>" in text


@pytest.mark.req("LIB-05")
def test_before_a_page_is_begun_what_is_like_it_is_shown_and_may_be_taken(cast, now, sign_in):
    city, outside = cast.city, cast.outside
    public = on_shelf(outside, now, title="冬季供暖时间和收费标准")
    draft(outside, now=now, title="冬季供暖收费内部测算")
    own = draft(city, now=now, title="冬季供暖收费标准")
    asked = {"kind": "article", "column": city.columns["yw"].pk}
    client = sign_in(city.editor)
    assert "写文章：先看看有没有" in client.get(reverse("console_look"), asked).content.decode()
    page = client.get(reverse("console_look"), {**asked, "title": "  冬季供暖收费标准  "}).content.decode()
    assert "有 2 篇题目相近的" in page and "内部测算" not in page
    assert reverse("console_take", args=[public.pk]) in page and outside.site.name in page
    assert reverse("console_edit", args=[own.pk]) in page
    onward = client.get(reverse("console_look"), {**asked, "title": "湿地<公园>开园"}, follow=True)
    assert (
        'value="湿地&lt;公园&gt;开园"' in onward.content.decode()
        or "湿地&lt;公园&gt;开园</textarea>" in onward.content.decode()
    )
    short = client.get(reverse("console_look"), {**asked, "title": "冬季供暖收费"}).content.decode()
    assert reverse("console_take", args=[public.pk]) in short
    foreign = {**asked, "column": outside.columns["yw"].pk}
    assert client.get(reverse("console_look"), foreign).status_code == 404
    for odd in ({}, {**asked, "kind": "x"}, {**asked, "column": "x"}):
        assert client.get(reverse("console_look"), odd)["Location"] == reverse("console_write")


def on_shelf(tenant, now, **facts) -> PublicItem:
    """A record of the tenant that is public, as the projection of its sign-off says."""
    record = draft(tenant, now=now, **facts)
    reviewed(tenant, record, now=now)
    rows = SignOff.objects.filter(identity=record.identity).order_by("sequence")
    apply(tenant.site, rows, columns={column.pk for column in tenant.columns.values()})
    return PublicItem.objects.get(identity=record.identity)

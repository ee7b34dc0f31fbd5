"""Previews: the real page, marked, for those who may read the site, and no way from there to the public."""

from contextlib import closing

import pytest
from django.urls import reverse
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from jiyue.console.previews import draft_page
from jiyue.content.actions import store_attachment, store_picture
from jiyue.content.models import Record
from jiyue.foundation.home import Home
from jiyue.portal.environment import portal_renderer
from jiyue.publishing.baking import Baker
from jiyue.publishing.framing import frame_of
from jiyue.publishing.models import PublicItem
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.reading import Reader
from jiyue.publishing.reconciling import signed_structure
from jiyue.review.actions import submit
from jiyue.review.models import SignOff
from tests.apps.console.test_writing import address, form
from tests.cast import draft, reviewed, structured
from tests.pictures import png

pytestmark = pytest.mark.django_db
SECRET_WORD = "尚未公开的正文"


@pytest.fixture
def city(cast, now):
    structured(cast.city, now=now)
    reviewed(cast.city, draft(cast.city, now=now, title="已经公开的要闻"), now=now)
    Publisher().publish(cast.city.site, now=now)
    return cast.city


def words(node) -> str:
    return node.text(separator=" ", strip=True)


def typed_preview(client, record, column, **more):
    """What the editor's panel does: hand over what was typed, then look at it."""
    preview = reverse(f"console_{record.kind}:preview_on_edit", args=[record.pk])
    assert client.post(preview, form(column, **more)).json()["is_valid"]
    return client.get(preview)


@pytest.mark.req("PAGE-12")
def test_an_editor_sees_what_she_typed_in_the_public_page(city, now, sign_in):
    record = draft(city, now=now)
    answer = typed_preview(sign_in(city.editor), record, city.columns["yw"], title="还没有保存的题目")
    page = HTMLParser(answer.content.decode())
    assert words(page.css_first("h1.document-title")) == "还没有保存的题目"
    assert "预览 · 未发布" in words(page.css_first(".preview-mark"))
    assert "澄湖市人民政府" in words(page.css_first("header.site-header"))
    assert "示ICP备" in words(page.css_first("footer.site-footer"))
    assert Record.objects.get(pk=record.pk).title != "还没有保存的题目"


def test_a_new_record_has_a_preview_before_it_is_saved(city, sign_in):
    preview = address("console_notice:preview_on_add", column=city.columns["tzgg"])
    client = sign_in(city.editor)
    assert client.post(preview, form(city.columns["tzgg"], valid_until="")).json()["is_valid"]
    assert "湖岸清洁行动启动" in client.get(preview).content.decode()
    assert not Record.objects.filter(title="湖岸清洁行动启动").exists()


@pytest.mark.parametrize("kind", Record.Kind.values)
def test_every_type_of_record_has_its_page(city, now, kind):
    columns = {"policy_document": "zcwj", "interpretation": "zcjd", "leader": "ldxx", "institution": "jgzn"}
    record = draft(city, now=now, kind=kind, column=columns.get(kind, "yw"), title="各类稿件")
    page = HTMLParser(draft_page(record.typed).content.decode())
    assert words(page.css_first("h1")) == "各类稿件"
    assert page.css_first(".preview-mark")


def test_the_page_may_do_nothing_and_be_found_by_nobody(city, now, sign_in):
    record = draft(city, now=now)
    answer = typed_preview(sign_in(city.editor), record, city.columns["yw"])
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script" not in policy and "allow-scripts" not in policy
    assert "frame-ancestors 'self'" in policy and "sandbox" in policy
    assert "noindex" in answer.headers["X-Robots-Tag"] and "no-store" in answer.headers["Cache-Control"]
    page = HTMLParser(answer.content.decode())
    assert page.css_first('meta[name="robots"]').attributes["content"] == "noindex, nofollow"
    assert not page.css('link[rel="canonical"]') and not page.css('script[type="application/ld+json"]')


def test_styles_come_from_the_console_and_links_lead_out(city, now, sign_in):
    client = sign_in(city.editor)
    page = HTMLParser(typed_preview(client, draft(city, now=now), city.columns["yw"]).content.decode())
    styles = [link.attributes["href"] for link in page.css('link[rel="stylesheet"]')]
    assert [client.get(style).status_code for style in styles] == [200, 200]
    assert client.get(styles[0]).headers["Content-Type"].startswith("text/css")
    way_home = page.css_first(".site-name a").attributes
    assert (way_home["href"], way_home["target"]) == ("http://www.chenghu.localhost:8080/", "_blank")


def test_private_files_of_a_draft_are_shown_without_being_kept(city, now, home, sign_in):
    common = {"site": city.site, "by": city.editor, "now": now}
    picture = store_picture(name="a.png", data=png(), title="湖岸", **common)
    attachment = store_attachment(name="a.txt", data="内容".encode(), title="附件", **common)
    record = draft(city, now=now, body=[
        {"type": "image", "value": {"image": picture.pk, "alt": "湖岸", "decorative": False, "caption": ""}, "id": "a"},
        {"type": "attachment", "value": {"document": attachment.pk, "title": "名单"}, "id": "b"},
        {"type": "image", "value": {"image": picture.pk, "alt": "", "decorative": False, "caption": ""}, "id": "c"},
    ])  # fmt: skip
    objects = sorted(path for path in Home(home).objects.rglob("*") if path.is_file())
    page = HTMLParser(draft_page(record.typed).content.decode())
    sources = [image.attributes["src"] for image in page.css(".body img")]
    assert sources == [reverse("console_private_file", args=[picture.file.name])]
    with closing(sign_in(city.editor).get(sources[0])) as shown:
        assert shown.status_code == 200
    assert "缺少替代文字" in words(page.css_first(".preview-lacks"))
    assert sorted(path for path in Home(home).objects.rglob("*") if path.is_file()) == objects


@pytest.mark.req("REV-03")
def test_a_reviewer_sees_the_version_at_the_width_of_a_phone(city, now, sign_in):
    review = submit(record=draft(city, now=now), by=city.editor, now=now)
    client = sign_in(city.first)
    screen = HTMLParser(client.get(reverse("console_review", args=[review.pk])).content.decode())
    way = reverse("console_preview", args=[review.version_id])
    assert screen.css_first(f'a[href="{way}"]')
    framed = HTMLParser(client.get(way).content.decode()).css_first("iframe").attributes
    assert "jy-preview__page--phone" in framed["class"]
    assert client.get(framed["src"]).status_code == 200


def test_nobody_else_sees_a_draft_or_a_version(city, cast, now, sign_in):
    record = draft(city, now=now, title=SECRET_WORD)
    version = submit(record=record, by=city.editor, now=now).version
    ways = [
        reverse("console_article:preview_on_edit", args=[record.pk]),
        reverse("console_version_page", args=[version.pk]),
        reverse("console_preview", args=[version.pk]),
    ]
    for person in (cast.outside.editor, cast.outside.final, cast.operator):
        answers = [sign_in(person).get(way) for way in ways]
        assert {answer.status_code for answer in answers} == {404}
        assert not any(SECRET_WORD in answer.content.decode() for answer in answers)


def test_the_console_hands_out_of_a_site_only_styles_and_what_is_public(city, cast, now, sign_in):
    client = sign_in(city.editor)
    for path in ("index.html", "assets/../index.html", "files/aa/0000000000000000/a.png", "assets/portal.js"):
        assert client.get(reverse("console_preview_part", args=[city.site.pk, path])).status_code == 404
    style = portal_renderer().assets(city.site.colour)[1][0].address
    part = reverse("console_preview_part", args=[city.site.pk, style[1:]])
    assert client.get(part).status_code == 200
    assert sign_in(cast.outside.editor).get(part).status_code == 404


@pytest.mark.req("REV-01")
def test_looking_changes_nothing_public(city, now, home, sign_in):
    before = Home(home).public_root(city.site.host).readlink(), SignOff.objects.count(), PublicItem.objects.count()
    record = draft(city, now=now)
    version = submit(record=record, by=city.editor, now=now).version
    sign_in(city.first).get(reverse("console_version_page", args=[version.pk]))
    Publisher().publish(city.site, now=now)
    assert (
        Home(home).public_root(city.site.host).readlink(),
        SignOff.objects.count(),
        PublicItem.objects.count(),
    ) == before


def test_a_frame_of_a_preview_is_never_baked(city, now):
    publisher, structure = Publisher(), signed_structure(city.site)
    assets, _files = publisher.renderer.assets(structure["profile"]["colour"])
    frame = frame_of(structure, assets=assets, at=now, preview=True)
    with pytest.raises(ValueError, match="preview"):
        Baker(Reader(city.site, structure, frame, now), publisher.renderer, publisher.deployer.store)


def test_a_document_with_a_picture_has_a_preview(city, now):
    picture = store_picture(name="a.png", data=png(), title="图", site=city.site, by=city.editor, now=now)
    value = {"image": picture.pk, "alt": "示意图", "decorative": False, "caption": ""}
    body = [{"type": "image", "value": value, "id": "i1"}]
    record = draft(city, now=now, kind=Record.Kind.POLICY_DOCUMENT, column="zcwj", body=body)
    assert "示意图" in draft_page(record.typed).content.decode()

"""The official pictures of a footer: from the upload to the public page, and away again."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from jiyue.estate.models import MarkPicture
from jiyue.foundation.home import Home
from jiyue.foundation.models import AuditEvent
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.verifying import verify
from tests.cast import structured

pytestmark = pytest.mark.django_db
LINK = "https://bszs.example.invalid/site?code=1"


def picture(*, width: int = 300, height: int = 375, kind: str = "PNG", comment: str = "") -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = comment
    Image.new("RGB", (width, height), "crimson").save(out, kind, exif=exif)
    return out.getvalue()


@pytest.fixture
def send(client, home):
    Home(home).prepare()

    def send_mark(user, tenant, mark, content=None, *, name="mark.png", **more):
        client.force_login(user)
        files = {"picture": SimpleUploadedFile(name, content)} if content is not None else {}
        return client.post(reverse("console_marks", args=[tenant.site.pk]), {"mark": mark, **files, **more})

    return send_mark


def footer(tenant, home) -> HTMLParser:
    return HTMLParser((Home(home).public_root(tenant.site.host) / "index.html").read_text()).css_first("footer")


def signed(tenant, now) -> None:
    structured(tenant, now=now)
    Publisher().publish(tenant.site, now=now)


@pytest.mark.req("PAGE-02")
def test_an_official_picture_is_public_once_it_is_signed_and_not_before(cast, send, now, home):
    city = cast.city
    signed(city, now)
    answer = send(city.manager, city, "party", picture(comment="camera of somebody"), address=LINK)
    assert answer.status_code == 302
    Publisher().publish(city.site, now=now + timedelta(minutes=1))
    assert footer(city, home).css_first(".party-mark img") is None
    signed(city, now + timedelta(minutes=2))
    shown = footer(city, home).css_first("a.party-mark")
    image = shown.css_first("img").attributes
    assert shown.attributes["href"] == LINK
    assert (image["alt"], image["width"], image["height"]) == ("党政机关", "58", "72")
    kept = Home(home).public_root(city.site.host) / image["src"].lstrip("/")
    assert Image.open(io.BytesIO(kept.read_bytes())).size == (115, 144)
    assert b"camera of somebody" not in kept.read_bytes()
    assert verify(Home(home)).is_clean
    send(city.manager, city, "party", drop="1")
    signed(city, now + timedelta(minutes=4))
    assert footer(city, home).css_first(".party-mark img") is None
    assert not (Home(home).public_root(city.site.host) / image["src"].lstrip("/")).exists()
    assert AuditEvent.objects.filter(code="estate.mark_picture_changed").count() == 2


def test_the_mark_for_errors_keeps_the_link_of_the_profile(cast, send, now, home):
    send(
        cast.city.manager,
        cast.city,
        "error_report",
        picture(width=400, height=200),
        address="https://elsewhere.invalid/",
    )
    send(cast.city.manager, cast.city, "police", picture(width=40, height=40))
    signed(cast.city, now)
    errors = footer(cast.city, home).css_first("a.report-error")
    assert errors.attributes["href"] == cast.city.site.error_report_url
    assert errors.css_first("img").attributes["alt"] == "我为政府网站找错"
    police = footer(cast.city, home).css_first(".marks-facts img")
    assert police.attributes["alt"] in (None, "")


def test_only_the_link_changes_when_no_file_is_sent(cast, send):
    send(cast.city.manager, cast.city, "party", picture())
    send(cast.city.manager, cast.city, "party", address=LINK)
    before, after = MarkPicture.objects.order_by("pk")
    assert (before.digest, before.address, after.address) == (after.digest, "", LINK)
    assert before.ended_at == after.created_at and after.ended_at is None


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (None, "", "请选择图片文件"),
        (b"<svg onload=alert(1)>", "mark.svg", "不是能打开的图片"),
        (picture()[:200], "mark.png", "不是能打开的图片"),
        (picture(kind="TIFF"), "mark.tif", "不是能打开的图片"),
        (picture(width=8, height=8), "mark.png", "每边应当在 32 到 4000 像素之间"),
        (picture(width=5000, height=40), "mark.png", "5000×40 像素"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * (2 * 1024 * 1024), "mark.png", "不能超过 2 MB"),
    ],
)
def test_what_is_no_mark_is_refused_with_a_sentence_and_the_link_stays_typed(cast, send, content, name, said):
    answer = send(cast.city.manager, cast.city, "party", content, name=name, address=LINK)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert LINK in answer.content.decode()
    assert not MarkPicture.objects.exists()


def test_the_reviewer_sees_the_picture_and_nobody_of_another_site_does(cast, send, client, now):
    structured(cast.city, now=now)
    send(cast.city.manager, cast.city, "party", picture(), address=LINK)
    digest = MarkPicture.objects.get().digest
    client.force_login(cast.city.manager)
    client.post(reverse("console_structure", args=[cast.city.site.pk]))
    address = reverse("console_mark_picture", args=[cast.city.site.pk, digest])
    client.force_login(cast.city.final)
    review = cast.city.site.reviews.get(status="open")
    page = client.get(reverse("console_review", args=[review.pk])).content.decode()
    assert address in page and LINK in page and "像素的图片" in page
    assert client.get(address)["Content-Type"] == "image/png"
    client.force_login(cast.outside.manager)
    assert client.get(address).status_code == 404
    assert client.get(reverse("console_mark_picture", args=[cast.outside.site.pk, digest])).status_code == 404
    assert send(cast.outside.manager, cast.city, "party", picture()).status_code == 404
    assert send(cast.city.editor, cast.city, "party", picture()).status_code in {403, 404}

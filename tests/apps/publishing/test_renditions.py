"""Files of a document follow its page, change with how it stands, and go with it."""

import io
from datetime import date, timedelta

import pypdfium2
import pytest
from docx import Document
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from tests.cast import draft, reviewed, sign_all, structured

from jiyue.domain.actors import process
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore
from jiyue.publishing.actions import roll_back
from jiyue.publishing.agenda import sites_with_work
from jiyue.publishing.models import Incident, PublicItem, Rendition, SitePublication
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.renditions import keeping
from jiyue.publishing.renditions.typesetting import Typesetter, TypesettingFailed
from jiyue.review.actions import submit_withdrawal

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def city(cast, now):
    structured(cast.city, now=now)
    return cast.city


def document(city, title, *, now, **more):
    record = draft(
        city, now=now, kind="policy_document", column="zcwj", title=title, issuer="澄湖市人民政府",
        written_on=date(2026, 3, 1), document_number="澄政规〔2026〕4号", **more,
    )  # fmt: skip
    reviewed(city, record, now=now)
    return record


def settle(city, now):
    """What the worker does until nothing is left to do."""
    for step in range(6):
        if city.site in sites_with_work(at=now + step * MINUTE):
            Publisher().publish(city.site, now=now + step * MINUTE)
    assert city.site not in sites_with_work(at=now + 6 * MINUTE)


def file_of(city, home, record, ending):
    item = PublicItem.objects.get(identity=record.identity)
    return Home(home).public_root(city.site.host) / (item.address.lstrip("/").removesuffix("html") + ending)


def pdf_words(path) -> str:
    document = pypdfium2.PdfDocument(path.read_bytes())
    return "".join("".join(page.get_textpage().get_text_range() for page in document).split())


def offered(city, home, record) -> list[str]:
    page = HTMLParser(file_of(city, home, record, "html").read_text())
    return [link.attributes["download"] for link in page.css(".document-files a")]


@pytest.mark.req("POL-12")
def test_a_page_is_public_first_and_its_files_follow(city, now, home):
    record = document(city, "加装电梯办法", now=now)
    Publisher().publish(city.site, now=now)
    assert offered(city, home, record) == []
    assert city.site in sites_with_work(at=now)
    settle(city, now)
    assert offered(city, home, record) == ["加装电梯办法.docx", "加装电梯办法.pdf"]
    assert "澄政规〔2026〕4号" in pdf_words(file_of(city, home, record, "pdf"))
    assert Document(file_of(city, home, record, "docx")).core_properties.title == "加装电梯办法"


def test_a_repeal_is_written_into_the_files_and_they_are_the_same_after_a_rebuild(city, now, home):
    old = document(city, "旧办法", now=now)
    settle(city, now)
    new = document(city, "废止决定", now=now)
    # Named only now: what is under review cannot be changed.
    assert "已废止" not in pdf_words(file_of(city, home, old, "pdf"))
    deciding = draft(
        city, now=now, kind="policy_document", column="zcwj", title="关于废止的决定", issuer="澄湖市人民政府",
        written_on=date(2026, 4, 1), effective_on=date(2026, 4, 1),
    )  # fmt: skip
    deciding.repeals.set([old.typed])
    reviewed(city, deciding, now=now)
    Publisher().publish(city.site, now=now + 10 * MINUTE)
    assert not file_of(city, home, old, "pdf").exists()  # a text without its mark is not offered meanwhile
    settle(city, now + 11 * MINUTE)
    assert "本文件已由《关于废止的决定》废止" in pdf_words(file_of(city, home, old, "pdf"))
    assert "已废止" in Document(file_of(city, home, old, "docx")).sections[0].header.paragraphs[0].text
    before = file_of(city, home, old, "pdf").read_bytes(), file_of(city, home, new, "docx").read_bytes()
    Rendition.objects.all().delete()
    SitePublication.objects.update(look="")
    settle(city, now + 20 * MINUTE)
    assert (file_of(city, home, old, "pdf").read_bytes(), file_of(city, home, new, "docx").read_bytes()) == before


def test_files_go_with_a_withdrawn_document_and_no_rollback_brings_them_back(city, now, home):
    record = document(city, "误发的办法", now=now)
    settle(city, now)
    pdf = file_of(city, home, record, "pdf")
    assert pdf.exists()
    review = submit_withdrawal(record=record, kind="error", reason="误发", by=city.editor, now=now)
    sign_all(city, review, now=now)
    publisher = Publisher()
    publisher.publish(city.site, now=now + 10 * MINUTE)
    assert not pdf.exists()
    with_files = publisher.deployer.newest(city.site.host).sequence - 1
    roll_back(
        publisher=publisher, site=city.site, to_release=with_files, reason="试一试", by=process("test"),
        now=now + 11 * MINUTE,
    )  # fmt: skip
    assert not pdf.exists()


def test_a_forged_or_lost_file_is_made_anew(city, now, home):
    record = document(city, "加装电梯办法", now=now)
    settle(city, now)
    row = Rendition.objects.get(form="pdf")
    right = file_of(city, home, record, "pdf").read_bytes()
    Rendition.objects.filter(form="pdf").update(digest=ObjectStore(Home(home)).put(b"%PDF forged"), size=11)
    SitePublication.objects.update(look="")
    settle(city, now + 10 * MINUTE)
    assert file_of(city, home, record, "pdf").read_bytes() == right
    assert Rendition.objects.get(form="pdf").digest == row.digest


def test_a_file_that_cannot_be_made_is_told_and_the_page_offers_the_other(city, now, home, monkeypatch):
    def refuse(self, paper):
        raise TypesettingFailed("没有字形")

    monkeypatch.setattr(Typesetter, "pdf", refuse)
    record = document(city, "有生僻字的办法", now=now)
    settle(city, now)
    assert offered(city, home, record) == ["有生僻字的办法.docx"]
    [incident] = Incident.objects.filter(closed_at=None)
    assert "没有字形" in incident.what
    assert "页面照常公开" in incident.what


def test_many_are_made_in_pieces_and_go_out_together(city, now, home, monkeypatch):
    monkeypatch.setattr(keeping, "SECONDS", 0)
    records = [document(city, f"第{number}号", now=now) for number in range(3)]
    publisher = Publisher()
    publisher.publish(city.site, now=now)
    released = [publisher.publish(city.site, now=now + MINUTE).release for _round in range(4)]
    assert released[:2] == [None, None]
    assert [release for release in released if release] == [2]
    assert all(len(offered(city, home, record)) == 2 for record in records)
    assert io.BytesIO(file_of(city, home, records[2], "docx").read_bytes()).read(2) == b"PK"

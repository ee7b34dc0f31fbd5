"""The policy library: every document on its shelves, and a sign-off touches a bounded number of pages."""

from datetime import date, timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from tests.cast import TEST, draft, organisation, reviewed, sign_all, structured, tenant

from jiyue.estate.actions import save_site
from jiyue.estate.models import Site
from jiyue.foundation.home import Home
from jiyue.publishing import shelving
from jiyue.publishing.agenda import sites_with_work
from jiyue.publishing.models import PublicItem, ShelfCall, ShelfPlace
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.reconciling import reconcile
from jiyue.publishing.shelving import ALL, Library, named_shelf
from jiyue.review.actions import submit_withdrawal

pytestmark = pytest.mark.django_db
OFFICE, COUNCIL = "澄湖市人民政府", "澄湖市教育局"


@pytest.fixture
def city(cast, now):
    structured(cast.city, now=now)
    return cast.city


def publish(tenant, now):
    return Publisher().publish(tenant.site, now=now)


def document(tenant, title, *, now, on=date(2026, 3, 1), issuer=OFFICE, **more):
    record = draft(
        tenant,
        now=now,
        kind="policy_document",
        column="zcwj",
        title=title,
        issuer=issuer,
        written_on=on,
        issued_on=on,
        **more,
    )
    reviewed(tenant, record, now=now)
    return record


def titles(tenant, home, address) -> list[str]:
    return [link.text() for link in page(tenant, home, address).css("a.library-title")]


def page(tenant, home, address) -> HTMLParser:
    return HTMLParser(path_of(tenant, home, address).read_text())


def path_of(tenant, home, address):
    path = Home(home).public_root(tenant.site.host) / address.lstrip("/")
    return path / "index.html" if address.endswith("/") else path


def facets(tenant, home, address="/zcwjk/") -> dict[str, list[str]]:
    sections = page(tenant, home, address).css("nav.library-facets section")
    return {
        section.css_first("h2").text(): [" ".join(line.text().split()) for line in section.css("li")]
        for section in sections
    }


@pytest.mark.req("POL-11")
def test_documents_stand_by_issuer_year_subject_standing_and_need(city, now, home):
    document(city, "住房办法", now=now, subject_class="城乡建设／住房", themes=["housing"], life_events=["home"])
    document(
        city, "联合通知", now=now, on=date(2025, 5, 1), issuer=f"{COUNCIL}、{OFFICE}", audiences=["person"],
        validity="repealed",
    )  # fmt: skip
    publish(city, now)
    assert titles(city, home, "/zcwjk/") == ["住房办法", "联合通知"]
    assert facets(city, home) == {
        "年份": ["2026 1 件", "2025 1 件"],
        "发文机关": [f"{OFFICE} 2 件", f"{COUNCIL} 1 件"],
        "主题分类": ["城乡建设 1 件"],
        "有效性": ["现行有效 1 件", "已废止 1 件"],
        "面向对象": ["个人 1 件"],
        "办事主题": ["住房 1 件"],
        "人生事件和企业事件": ["买房租房 1 件"],
    }
    library = Library(city.site.pk)
    assert titles(city, home, library.shelf_address(named_shelf("issuer", COUNCIL))) == ["联合通知"]
    assert titles(city, home, "/zcwjk/validity/repealed/2025/") == ["联合通知"]
    assert titles(city, home, "/zcwjk/2026/") == ["住房办法"]


def test_an_empty_library_says_so(city, now, home):
    publish(city, now)
    assert "还没有政策文件" in page(city, home, "/zcwjk/").css_first(".empty").text()


@pytest.mark.req("POL-11")
def test_a_list_by_need_names_the_interpretations(city, now, home):
    record = document(city, "住房办法", now=now, themes=["housing"])
    publish(city, now)
    assert not page(city, home, "/zcwjk/theme/housing/").css(".library-item-more")
    told = draft(city, now=now, kind="interpretation", column="zcwj", title="一图读懂")
    told.documents.set([record.typed])
    reviewed(city, told, now=now)
    publish(city, now + timedelta(minutes=1))
    more = page(city, home, "/zcwjk/theme/housing/").css_first(".library-item-more a")
    assert (more.text(), more.attributes["href"]) == (
        "一图读懂",
        PublicItem.objects.get(identity=told.identity).address,
    )


def test_a_later_repeal_moves_a_document_to_another_shelf(city, now, home):
    old = document(city, "旧办法", now=now, on=date(2025, 1, 1))
    publish(city, now)
    new = draft(
        city,
        now=now,
        kind="policy_document",
        column="zcwj",
        title="废止决定",
        issuer=OFFICE,
        written_on=date(2026, 1, 1),
    )
    new.repeals.set([old.typed])
    reviewed(city, new, now=now)
    publish(city, now + timedelta(minutes=1))
    assert titles(city, home, "/zcwjk/validity/valid/") == ["废止决定"]
    assert titles(city, home, "/zcwjk/validity/repealed/2025/") == ["旧办法"]
    assert not path_of(city, home, "/zcwjk/validity/valid/2025/").exists()


def test_what_is_withdrawn_leaves_every_shelf(city, now, home):
    record = document(city, "误发的办法", now=now, themes=["housing"])
    publish(city, now)
    review = submit_withdrawal(record=record, kind="error", reason="误发", by=city.editor, now=now)
    sign_all(city, review, now=now)
    publish(city, now + timedelta(minutes=1))
    assert not ShelfPlace.objects.exists()
    assert titles(city, home, "/zcwjk/") == []
    assert not path_of(city, home, "/zcwjk/theme/housing/").exists()


def test_full_pages_keep_their_bytes_and_a_new_document_touches_few_pages(city, now, home, monkeypatch):
    monkeypatch.setattr(shelving, "LENGTH", 2)
    for month in range(1, 8):
        document(city, f"第{month}号", now=now, on=date(2026, month, 1))
    publish(city, now)
    closed = path_of(city, home, "/zcwjk/2026/1.html").read_bytes()
    assert titles(city, home, "/zcwjk/2026/1.html") == ["第2号", "第1号"]
    assert titles(city, home, "/zcwjk/2026/") == ["第7号", "第6号", "第5号"]
    document(city, "第8号", now=now, on=date(2026, 8, 1))
    document(city, "第9号", now=now, on=date(2026, 9, 1))
    publish(city, now + timedelta(minutes=1))
    assert path_of(city, home, "/zcwjk/2026/1.html").read_bytes() == closed
    assert titles(city, home, "/zcwjk/2026/2.html") == ["第4号", "第3号"]
    assert Library(city.site.pk).due({}) == set()
    newest = Library(city.site.pk).due({(ALL, 2026): shelving.Place(date(2026, 9, 1), 0)})
    assert newest == {f"/zcwjk/{page}" for page in ("", "2026/", "2026/3.html", "2026/4.html")}
    assert titles(city, home, "/zcwjk/2026/3.html") == ["第6号", "第5号"]


def test_a_place_that_does_not_belong_is_found_and_put_right(city, now, home):
    document(city, "住房办法", now=now)
    publish(city, now)
    ShelfPlace.objects.filter(shelf=ALL).delete()
    found = reconcile(now=now + timedelta(minutes=1))
    assert [subject.partition(":")[0] for subject in found.items] == ["shelves"]
    publish(city, now + timedelta(minutes=2))
    assert titles(city, home, "/zcwjk/") == ["住房办法"]


@pytest.fixture
def bureau(city, now):
    unit = organisation(COUNCIL, "990100002", "city", kind="department", now=now)
    made = tenant("jyj.chenghu.localhost", unit, "jy", code="9901000002", now=now)
    made.site.kind, made.site.superior_site = Site.Kind.DEPARTMENT, city.site
    save_site(site=made.site, by=TEST, now=now)
    structured(made, now=now)
    return made


@pytest.mark.req("POL-11")
def test_a_portal_shows_the_documents_of_its_whole_group(city, bureau, now, home):
    document(city, "市里的办法", now=now, on=date(2026, 1, 1))
    publish(city, now)
    assert not path_of(city, home, "/zcwjk/group/").exists()
    record = document(bureau, "局里的通知", now=now, on=date(2026, 2, 1), issuer=COUNCIL)
    publish(bureau, now)
    assert city.site in sites_with_work(at=now + timedelta(seconds=1))
    publish(city, now + timedelta(minutes=1))
    assert titles(city, home, "/zcwjk/") == ["市里的办法"]
    assert titles(city, home, "/zcwjk/group/") == ["局里的通知", "市里的办法"]
    link = page(city, home, "/zcwjk/group/2026/").css_first("a.library-title")
    item = PublicItem.objects.get(identity=record.identity)
    assert link.attributes["href"] == f"http://jyj.chenghu.localhost:8080{item.address}"
    assert not ShelfCall.objects.exists()
    document(bureau, "局里的第二份通知", now=now, on=date(2026, 3, 1), issuer=COUNCIL)
    publish(bureau, now + timedelta(minutes=2))
    publish(city, now + timedelta(minutes=3))
    assert titles(city, home, "/zcwjk/group/")[0] == "局里的第二份通知"
    assert not path_of(bureau, home, "/zcwjk/group/").exists()

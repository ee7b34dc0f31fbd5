"""Guides in public: the page, the one entrance, facets that tell the truth, and a portal that shows its departments'."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from tests.cast import TEST, draft, organisation, reviewed, sign_all, structured, tenant
from tests.services import guide_of, item_of, with_services

from jiyue.domain.digests import digest_of
from jiyue.estate.actions import save_site
from jiyue.estate.models import Block, Site
from jiyue.foundation.home import Home
from jiyue.publishing.agenda import sites_with_work
from jiyue.publishing.models import PublicItem
from jiyue.publishing.publisher import Publisher
from jiyue.review.actions import submit_withdrawal
from jiyue.rules.models import PackAssignment

pytestmark = pytest.mark.django_db
BASE = "zwfw/bszn/"
THEMES = 12


@pytest.fixture
def public(home):
    """What lies in the deployed tree of a site, as a page; None when nothing does."""

    def read(site, path: str) -> HTMLParser | None:
        file = Home(home).public_root(site.host) / path
        return HTMLParser(file.read_text()) if file.exists() else None

    return read


@pytest.fixture
def city(cast, now):
    with_services(cast.city, now=now)
    structured(cast.city, now=now)
    return cast.city


@pytest.fixture
def bureau(cast, now):
    unit = organisation(
        "澄湖市水利局", "990100002", "city", kind="department", superior=cast.city.organisation, now=now
    )
    made = tenant("slj.chenghu.localhost", unit, "sl", code="9901000002", now=now)
    made.site.kind, made.site.superior_site, made.site.serves_public = Site.Kind.DEPARTMENT, cast.city.site, True
    save_site(site=made.site, by=TEST, now=now)
    with_services(made, now=now)
    structured(made, now=now)
    return made


def publish(site, now):
    return Publisher().publish(site, now=now)


def follow(now):
    """What the worker does with what is due."""
    return [publish(site, now).pages for site in sites_with_work(at=now)]


def links(page: HTMLParser, css: str) -> dict[str, str]:
    """Words → note of the links of a part of a page."""
    return {node.css_first("a").text(strip=True): node.css_first(".note").text() for node in page.css(f"{css} li")}


def guide_page(public, tenant, guide) -> HTMLParser:
    return public(tenant.site, PublicItem.objects.get(identity=guide.identity, site=tenant.site).address.lstrip("/"))


@pytest.mark.req("SERV-04")
@pytest.mark.req("SERV-12")
def test_a_guide_is_tables_with_three_files_for_a_form(cast, city, now, public):
    guide = guide_of(city, item_of(cast, now=now), now=now, column="bszn")
    reviewed(city, guide, now=now)
    publish(city.site, now)
    page = guide_page(public, city, guide)
    captions = [caption.text() for caption in page.css(".guide-table caption")]
    assert captions == ["要带哪些材料", "怎么一步步办", "条件、证件和审查", "基本信息"]
    assert all(table.css("th[scope]") for table in page.css(".guide-table"))
    files = [link.attributes["href"] for link in page.css(".is-materials a[download]")]
    assert [address.rpartition("/")[2] for address in files] == ["blank.txt", "sample.txt"]
    assert all((public(city.site, address.lstrip("/"))) is not None for address in files)
    assert "用黑色签字笔填写" in page.css_first(".instructions").text()
    glance = {row.css_first("dt").text(): row.css_first("dd").text(strip=True) for row in page.css(".glance dl > div")}
    assert (glance["谁可以办"], glance["多久办好"], glance["收多少钱"]) == ("法人和其他组织", "10 个工作日", "不收费")
    assert page.css_first(".glance-online a").attributes["href"] == "https://zwfw.chenghu.localhost/apply/1"
    assert not page.css("script[src*='//'], iframe") and '"GovernmentService"' in page.html


@pytest.mark.req("SERV-01")
@pytest.mark.req("SERV-06")
def test_the_entrance_stands_on_the_home_page_with_all_twelve_themes(cast, city, now, public):
    PackAssignment.objects.create(
        organisation=city.organisation, pack="xiangxi", from_on=now.date(), grounds="按州办法", state="approved",
        proposed_by=cast.overseer, proposed_at=now, answered_by=city.manager, answered_at=now,
    )  # fmt: skip
    reviewed(city, guide_of(city, item_of(cast, now=now), now=now, column="bszn"), now=now)
    publish(city.site, now)
    home = public(city.site, "index.html")
    assert home.css_first(".service-entrance h2 a").attributes["href"] == "/zwfw/bszn/"
    themes = links(home, ".service-entrance .facet-links")
    assert len(themes) == THEMES and themes["公用事业"] == "1 项" and themes["教育"] == "暂无"
    # A theme without guides is a page that says so, not a dead link.
    empty = public(city.site, f"{BASE}theme/education/index.html")
    assert "目前还没有发布办事指南" in empty.css_first(".empty").text()
    full = public(city.site, f"{BASE}theme/utilities/index.html")
    assert [link.text() for link in full.css(".guide-line > a")] == ["取水许可办事指南"]
    entrance = public(city.site, f"{BASE}index.html")
    assert links(entrance, ".service-ways") | {} == {
        "个人": "暂无", "法人和其他组织": "1 项", "网上办理": "1 项", "按指南到现场办理": "暂无",
        "政务服务事项目录": "共 1 份办事指南",
    }  # fmt: skip


def test_without_a_rule_only_themes_with_guides_are_shown(cast, city, now, public):
    reviewed(city, guide_of(city, item_of(cast, now=now), now=now, column="bszn"), now=now)
    publish(city.site, now)
    assert links(public(city.site, "index.html"), ".service-entrance .facet-links") == {"公用事业": "1 项"}
    assert public(city.site, f"{BASE}theme/education/index.html") is None


@pytest.mark.req("SERV-02")
@pytest.mark.req("SERV-07")
def test_the_catalogue_lists_the_three_kinds_with_all_ways_on(cast, city, now, public):
    item = item_of(cast, now=now)
    reviewed(city, guide_of(city, item, now=now, column="bszn", consultation_address="https://a.invalid/ask"), now=now)
    publish(city.site, now)
    page = public(city.site, f"{BASE}catalogue/index.html")
    assert links(page, "nav.facet") == {"行政许可": "1 项", "非行政许可审批": "暂无", "公共服务": "暂无"}
    [row] = page.css(".guide-table tbody tr")
    assert "990100-SL-0001" in row.css_first("th").text() and "不收费" in row.text()
    assert [link.text(deep=False) for link in row.css(".guide-links a")] == ["在线办理", "表格下载", "咨询"]


@pytest.mark.req("PLAT-03")
def test_a_site_without_the_block_has_no_entrance(cast, city, now, public):
    city.site.kind, city.site.serves_public = Site.Kind.DEPARTMENT, False
    city.site.blocks = [block for block in Block.values if block != Block.SERVICES]
    save_site(site=city.site, by=TEST, now=now)
    structured(city, now=now)
    reviewed(city, guide_of(city, item_of(cast, now=now), now=now, column="bszn"), now=now)
    publish(city.site, now)
    assert not public(city.site, "index.html").css(".service-entrance")
    assert public(city.site, f"{BASE}catalogue/index.html") is None
    assert public(city.site, f"{BASE}index.html").css(".items")


@pytest.mark.req("SERV-10")
def test_guide_and_document_lead_to_each_other(cast, city, now, public):
    document = draft(city, now=now, kind="policy_document", column="zcwj", title="水资源管理办法", issuer="澄湖市人民政府",
                     written_on=now.date(), document_number="澄政发〔2026〕9号").typed  # fmt: skip
    reviewed(city, document, now=now)
    told = draft(city, now=now, kind="interpretation", column="zcjd", title="一图读懂水资源管理办法").typed
    told.documents.set([document])
    reviewed(city, told, now=now)
    guide = guide_of(city, item_of(cast, now=now), now=now, column="bszn")
    guide.documents.set([document])
    reviewed(city, guide, now=now)
    publish(city.site, now)
    assert [link.text() for link in guide_page(public, city, guide).css(".document-aside .link-group:not(.guide-ask) a")] == [
        "水资源管理办法", "一图读懂水资源管理办法",
    ]  # fmt: skip
    assert "取水许可办事指南" in guide_page(public, city, document).css_first(".document-aside").text()
    assert "取水许可" not in " ".join(
        group.text() for group in guide_page(public, city, document).css(".link-group") if "政策解读" in group.text()
    )


@pytest.mark.req("SERV-14")
def test_a_portal_shows_the_guides_of_its_departments_and_bakes_only_what_reads_them(cast, city, bureau, now, public):
    publish(city.site, now)
    publish(bureau.site, now)
    follow(now)
    other = draft(city, now=now, title="与办事无关的稿件")
    reviewed(city, other, now=now)
    publish(city.site, now)
    item, later = item_of(cast, now=now), now + timedelta(minutes=1)
    guide = guide_of(bureau, item, now=now, column="bszn")
    reviewed(bureau, guide, now=later)
    untouched = digest_of(guide_page(public, city, other).html.encode())
    publish(bureau.site, later)
    [pages] = follow(later)
    address = PublicItem.objects.get(identity=guide.identity).address
    shown = public(city.site, f"{BASE}theme/utilities/index.html").css_first(".guide-line > a")
    assert shown.attributes["href"] == f"http://slj.chenghu.localhost:8080{address}"
    assert "澄湖市水利局" in public(city.site, f"{BASE}catalogue/index.html").text()
    # The home page, the entrance and what is below it; no document, no other column.
    assert pages < 20 and digest_of(guide_page(public, city, other).html.encode()) == untouched
    assert PublicItem.objects.filter(identity=guide.identity).count() == 1
    assert follow(later) == []

    gone = submit_withdrawal(record=guide, kind="error", reason="有误", by=bureau.editor, now=later)
    sign_all(bureau, gone, now=later)
    publish(bureau.site, later)
    follow(later)
    assert public(city.site, f"{BASE}theme/utilities/index.html") is None
    assert "取水许可" not in public(city.site, f"{BASE}catalogue/index.html").text()


@pytest.mark.req("SERV-14")
def test_a_guide_that_is_not_in_effect_yet_is_not_named_by_the_portal(cast, city, bureau, now, public):
    publish(city.site, now)
    publish(bureau.site, now)
    reviewed(
        bureau, guide_of(bureau, item_of(cast, now=now), now=now, column="bszn"), now=now,
        publish_at=now + timedelta(hours=1),
    )  # fmt: skip
    Publisher().plan(bureau.site, at=now + timedelta(hours=1))
    assert PublicItem.objects.filter(site=bureau.site, kind="service_guide").exists()
    structured(city, now=now + timedelta(minutes=2))
    publish(city.site, now + timedelta(minutes=2))
    assert "取水许可" not in public(city.site, f"{BASE}catalogue/index.html").text()


@pytest.mark.req("SERV-09")
def test_entries_stand_first_once_they_are_signed_and_say_where_they_lead(cast, city, now, public):
    reviewed(city, guide_of(city, item_of(cast, now=now), now=now, column="bszn"), now=now)
    publish(city.site, now)
    assert not public(city.site, f"{BASE}index.html").css(".service-entries")
    site = city.site
    site.approval_url, site.call_centre = "https://zwfw.chenghu.localhost/approve", "000-12345"
    site.mailbox_url = "https://www.chenghu.localhost/hudong/"
    save_site(site=site, by=TEST, now=now)
    publish(city.site, now)
    assert not public(city.site, f"{BASE}index.html").css(".service-entries")  # a draft until it is signed
    later = now + timedelta(minutes=5)
    structured(city, now=later)
    publish(city.site, later)
    entries = public(city.site, f"{BASE}index.html").css(".service-entries a")
    assert {entry.text(): entry.attributes["href"] for entry in entries} == {
        "网上审批": "https://zwfw.chenghu.localhost/approve", "市长信箱": "https://www.chenghu.localhost/hudong/",
        "呼叫中心": "tel:000-12345",
    }  # fmt: skip


@pytest.mark.req("SERV-09")
def test_a_portal_shows_how_many_flows_of_each_site_are_online(cast, city, bureau, now, public):
    online, offline = item_of(cast, now=now), item_of(cast, now=now, code="990100-SL-0002", name="河道采砂许可")
    reviewed(city, guide_of(city, online, now=now, column="bszn"), now=now)
    publish(city.site, now)
    assert not public(city.site, f"{BASE}index.html").css(".service-reach")  # a share of one site is no comparison
    reviewed(bureau, guide_of(bureau, online, now=now, column="bszn"), now=now)
    reviewed(bureau, guide_of(bureau, offline, now=now, column="bszn", online_depth=1, online_address=""), now=now)
    publish(bureau.site, now)
    follow(now)
    assert links(public(city.site, f"{BASE}index.html"), ".service-reach") == {
        "澄湖市人民政府": "1 份里 1 份网上可办，占 100%", "澄湖市水利局": "2 份里 1 份网上可办，占 50%",
    }  # fmt: skip


@pytest.mark.parametrize("name,value", [
    ("call_centre", "请打电话"), ("mailbox_url", "javascript:alert(1)"), ("call_centre", "1" * 40),
])  # fmt: skip
def test_an_entry_that_leads_nowhere_is_refused(city, now, name, value):
    setattr(city.site, name, value)
    with pytest.raises(ValidationError) as refused:
        save_site(site=city.site, by=TEST, now=now)
    assert name in refused.value.message_dict

"""Feeds, site maps and robots.txt parse as what they claim to be."""

from dataclasses import replace
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from jiyue.portal.environment import portal_renderer
from jiyue.publishing.pages import Feed, ListItem, Robots, SiteMapEntry, SiteMapXml

AT = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
TITLE = "《办法》<b>&\x0b\"'"
ITEM = ListItem(
    title=TITLE, address="https://a.example/1.html?a=1&b=2", published_at=AT, source="市政府", summary="要点"
)
SITE_MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
ATOM = "{http://www.w3.org/2005/Atom}"


def _feed(form: str, item: ListItem = ITEM) -> ElementTree.Element:
    feed = Feed(
        form=form,  # type: ignore[arg-type]
        title="政策文件",
        address=f"https://a.example/{form}.xml",
        home="https://a.example/",
        description="市政府的政策文件",
        updated_at=AT,
        items=(item,),
        author="澄湖市人民政府",
    )
    return ElementTree.fromstring(portal_renderer().render(feed))  # noqa: S314 - our own output


def test_rss_carries_title_address_and_time() -> None:
    item = _feed("rss").find("channel/item")
    assert item is not None
    assert [item.findtext(tag) for tag in ("title", "link", "pubDate", "description")] == [
        "《办法》<b>&\"'",
        "https://a.example/1.html?a=1&b=2",
        "Fri, 20 Nov 2026 01:30:00 GMT",
        "要点",
    ]


def test_atom_carries_title_address_and_time() -> None:
    entry = _feed("atom").find(f"{ATOM}entry")
    assert entry is not None
    assert [entry.findtext(ATOM + tag) for tag in ("title", "id", "updated")] == [
        "《办法》<b>&\"'",
        "https://a.example/1.html?a=1&b=2",
        "2026-11-20T09:30:00+08:00",
    ]


def test_a_day_without_an_hour_stays_a_day_in_both_feeds() -> None:
    day = datetime(2004, 5, 16, 16, tzinfo=UTC)
    old = replace(ITEM, published_at=day, hour_known=False, updated_at=AT)
    item, entry = _feed("rss", old).find("channel/item"), _feed("atom", old).find(f"{ATOM}entry")
    assert item is not None and entry is not None
    assert (item.findtext("pubDate"), item.findtext("{http://purl.org/dc/elements/1.1/}date")) == (None, "2004-05-17")
    assert (entry.findtext(f"{ATOM}published"), entry.findtext(f"{ATOM}updated")) == (None, "2026-11-20T09:30:00+08:00")


@pytest.mark.parametrize(("index", "root", "entry"), [(False, "urlset", "url"), (True, "sitemapindex", "sitemap")])
def test_a_site_map_lists_addresses_with_times(index: bool, root: str, entry: str) -> None:
    entries = (
        SiteMapEntry(address="https://a.example/", changed_at=AT),
        SiteMapEntry(address="https://a.example/b?a&b"),
    )
    tree = ElementTree.fromstring(portal_renderer().render(SiteMapXml(entries=entries, index=index)))  # noqa: S314
    assert tree.tag == SITE_MAPS + root
    found = [(e.findtext(f"{SITE_MAPS}loc"), e.findtext(f"{SITE_MAPS}lastmod")) for e in tree.iter(SITE_MAPS + entry)]
    assert found == [("https://a.example/", "2026-11-20T09:30:00+08:00"), ("https://a.example/b?a&b", None)]


def test_robots_refuse_what_they_are_told_and_name_the_site_map() -> None:
    text = portal_renderer().render(Robots(site_map="https://a.example/sitemap.xml?a&b", refused=("/draft/",)))
    assert text == "User-agent: *\nDisallow: /draft/\n\nSitemap: https://a.example/sitemap.xml?a&b\n"


def test_robots_without_refusal_allow_everything() -> None:
    assert "Disallow:\n" in portal_renderer().render(Robots(site_map="https://a.example/sitemap.xml"))

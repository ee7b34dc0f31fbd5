"""RSS, Atom, sitemaps and list pages of other people's portals, broken and hostile ones among them (REPR-01)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.content.feeds.reading import MOST_ENTRIES, Unreadable, moment_of, read_feed

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
BASE = "https://www.example.gov.cn/zwdt/index.xml"
EAST = timezone(timedelta(hours=8))
ITEM = "<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate></item>"


def rss(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    return f"{head}<rss version='2.0'><channel><title>要闻</title>{''.join(items)}</channel></rss>".encode()


def item(title="国务院印发通知", link="/a/1.html", date="Sat, 21 Nov 2026 20:30:00 +0800") -> str:
    return ITEM.format(title=title, link=link, date=date)


def read(body: bytes, **options):
    return read_feed(body, address=BASE, now=NOW, **options)


def test_an_item_of_rss():
    (entry,) = read(rss(item(title="<![CDATA[国务院<b>印发</b>&amp;通知]]>")))
    assert (entry.title, entry.address) == ("国务院印发&通知", "https://www.example.gov.cn/a/1.html")
    assert entry.released_at == datetime(2026, 11, 21, 20, 30, tzinfo=EAST)
    assert entry.key == "/a/1.html"


def test_atom_with_its_links_and_identities():
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id><title>省政府常务会议</title>
      <link rel="self" href="/self"/><link href="/b/2.html"/><updated>2026-11-21T23:00:00+08:00</updated>
      <published>2026-11-21T09:00:00Z</published></entry></feed>""".encode()
    (entry,) = read(body)
    assert (entry.key, entry.address) == ("urn:1", "https://www.example.gov.cn/b/2.html")
    assert entry.released_at == datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def test_a_sitemap_and_the_index_of_sitemaps():
    body = (
        b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://www.example.gov.cn/c/3.html</loc>'
        b"<lastmod>2026-11-20</lastmod></url></urlset>"
    )
    (entry,) = read(body)
    assert entry.title == entry.address == "https://www.example.gov.cn/c/3.html"
    assert entry.released_at == datetime(2026, 11, 20, tzinfo=EAST)
    with pytest.raises(Unreadable) as caught:
        read(b"<sitemapindex><sitemap><loc>https://x/s.xml</loc></sitemap></sitemapindex>")
    assert caught.value.code == "sitemap_index"


def test_a_list_page_gives_its_dated_headlines_only():
    page = """<html><body><div class="nav"><a href="/">首页</a><a href="/zwgk/">政务公开信息目录总览</a></div><ul>
      <li><a href="./202611/t20261121_8.html">省政府召开常务会议研究工作</a><span>2026-11-21</span></li>
      <li><a href="/2026/11/20/content_9.htm" title="关于做好冬季供暖保障工作的通知">关于做好冬季供暖…</a></li>
      <li><a href="https://other.example/2026-11-20/x.html">别的网站的一条很长的标题</a><span>2026-11-20</span></li>
      <li><a href="/x.html">没有日期的一条很长的标题</a></li></ul></body></html>""".encode()
    found = read(page)
    assert [entry.title for entry in found] == ["省政府召开常务会议研究工作", "关于做好冬季供暖保障工作的通知"]
    assert found[0].released_at == datetime(2026, 11, 21, tzinfo=EAST)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2026年11月21日 08:05", datetime(2026, 11, 21, 8, 5, tzinfo=EAST)), ("", None), ("昨天", None),
        ("2027-01-01", None), ("0001-01-01", None), ("2026-02-31", None), ("1970-01-01T00:00:00Z", None),
        ("Sat, 21 Nov 2026 20:30:00", datetime(2026, 11, 21, 20, 30, tzinfo=EAST)),
        ("2026/11/21", datetime(2026, 11, 21, tzinfo=EAST)), ("9" * 400, None),
    ],
)  # fmt: skip
def test_a_date_that_is_none_or_lies_ahead_is_no_date(stated, expected):
    assert moment_of(stated, now=NOW) == expected


def test_a_wrong_charset_is_repaired_from_the_bytes():
    text = rss(item()).decode()
    wrong = text.replace("UTF-8", "GB2312").encode("utf-8")
    unsaid = text.replace(' encoding="UTF-8"', "").encode("gb18030")
    said = text.replace("UTF-8", "GB18030").encode("gb18030")
    for body, charset in ((wrong, ""), (unsaid, "gbk"), (unsaid, ""), (said, "utf-8")):
        assert [entry.title for entry in read(body, charset=charset)] == ["国务院印发通知"]


def test_entities_are_refused_and_no_file_is_read(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("机密")
    outer = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
    bomb = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    for head in (outer, bomb, outer.replace("ENTITY x", "entity x")):
        with pytest.raises(Unreadable) as caught:
            read(rss(item(title="&x;&b;"), head=head))
        assert caught.value.code == "entities"
    assert read(rss(item(title="甲&nbsp;乙的会议纪要")))[0].title.startswith("甲")


@pytest.mark.parametrize(
    ("body", "code"),
    [(b"", "empty"), (b"  \n", "empty"), (b"\x00\x01\x02\x03" * 400, "binary"), (b"<html><p>404</p>", "no_entries"),
     (b"just words", "no_entries")],
)  # fmt: skip
def test_what_is_no_feed_is_said(body, code):
    with pytest.raises(Unreadable) as caught:
        read(body)
    assert caught.value.code == code


def test_a_feed_cut_off_in_the_middle_gives_what_was_whole():
    body = rss(item(), item(title="第二条很要紧的消息", link="/a/2.html"))[:-60]
    assert read(body)[0].title == "国务院印发通知"


def test_hostile_links_and_many_items():
    bad = [item(link=link) for link in ("javascript:alert(1)", "http://[", "ftp://x/y", "/" + "a" * 500)]
    many = [item(link=f"/n/{number}.html") for number in range(MOST_ENTRIES + 50)]
    found = read(rss(*bad, *many))
    assert len(found) == MOST_ENTRIES
    assert {entry.address.partition(":")[0] for entry in found} == {"https"}


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(body):
    try:
        read(b"<rss><channel>" + body)
        read(body)
    except Unreadable as refused:
        assert refused.code


@pytest.mark.parametrize("link", ["http://[x", "//[::1", "http://a]b/"])
def test_a_link_that_is_no_address_is_passed_over(link):
    good = "<li><a href='/a/1.html'>省政府召开常务会议研究工作</a> 2026-11-21</li>"
    bad = f"<li><a href='{link}'>省政府召开常务会议研究工作</a> 2026-11-21</li>"
    assert [entry.address for entry in read(f"<html><ul>{bad}{good}</ul></html>".encode())] == [
        "https://www.example.gov.cn/a/1.html"
    ]
    assert len(read(rss(item(link=link), item()))) == 1


def test_half_a_character_makes_a_feed_unreadable_and_breaks_nothing():
    with pytest.raises(Unreadable) as caught:
        read(rss(item(title="&#xD800;")))
    assert caught.value.code == "broken_xml"


def test_what_stands_inside_each_other_costs_no_more_than_what_stands_side_by_side():
    """Each of these took minutes, or a gigabyte, before their bounds."""
    names = [f"n{number}" for number in range(200)]
    tower = "".join(f"<{name}>" for name in names) + "文" * 300_000 + "".join(f"</{name}>" for name in reversed(names))
    (entry,) = read(rss(f"<item><link>/a</link><title>{tower}</title></item>"))
    assert len(entry.title) == 200
    crowd = "<a href='/zwgk/1'>省政府召开常务会议研究工作</a>" * 20_000
    with pytest.raises(Unreadable):
        read(f"<html><div>{crowd}</div></html>".encode())

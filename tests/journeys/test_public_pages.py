"""What a visitor finds on baked pages: who speaks, the marks, the channels, the facts of a document, both ways of a link."""

from datetime import date, datetime, timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from jiyue.content.actions import store_attachment
from jiyue.content.models import Record
from jiyue.domain.moments import SHANGHAI
from jiyue.foundation.home import Home
from jiyue.publishing.models import PublicItem
from jiyue.publishing.publisher import Publisher
from jiyue.review.actions import submit
from jiyue.review.models import Version
from jiyue.review.policies import reviewable
from tests.cast import draft, reviewed, sign_all, structured, with_body

pytestmark = pytest.mark.django_db
POLICY = {
    "kind": Record.Kind.POLICY_DOCUMENT, "column": "zcwj", "title": "关于加强湖岸管理的通知",
    "document_number": "澄政发〔2026〕12号", "index_number": "990100001/2026-00012", "issuer": "澄湖市人民政府",
    "written_on": date(2026, 11, 18), "effective_on": date(2026, 12, 1), "subject_class": "城乡建设、环境保护",
}  # fmt: skip


@pytest.fixture
def city(cast, now, home):
    structured(cast.city, now=now)
    return cast.city


def page(settings, city, path: str) -> HTMLParser:
    return HTMLParser((Home(settings.JIYUE_HOME).public_root(city.site.host) / path).read_text())


def page_of(settings, city, record: Record) -> HTMLParser:
    item = PublicItem.objects.get(site=city.site, identity=record.identity)
    return page(settings, city, item.address.lstrip("/"))


def text(node) -> str:
    return node.text(separator=" ", strip=True)


@pytest.mark.req("PAGE-01", "PAGE-02", "PAGE-03", "PAGE-05", "PAGE-12")
def test_the_home_page_says_whose_it_is_and_leads_everywhere(city, now, settings):
    reviewed(city, draft(city, now=now), now=now)
    Publisher().publish(city.site, now=now)
    home = page(settings, city, "index.html")
    header, main, footer = (home.css_first(zone) for zone in ("header", "main", "footer"))
    assert "澄湖市人民政府" in text(header)
    assert [name for name in ("政务动态", "政务公开", "专题专栏") if name in text(header)] == [
        "政务动态",
        "政务公开",
        "专题专栏",
    ]
    assert "澄湖市启动冬季湖岸清洁行动" in text(main)
    marks = ["党政机关", "我为政府网站找错", "9901000001", "示ICP备", "示公网安备", "主办", "网站地图"]
    assert [mark for mark in marks if mark not in text(footer)] == []


def test_of_an_old_document_only_the_day_is_shown_and_nothing_is_claimed_of_its_force(city, now, settings):
    unchecked = {
        **POLICY,
        "validity": "unchecked",
        "effective_on": None,
        "original_published_at": datetime(2004, 5, 17, tzinfo=SHANGHAI),
    }
    document = draft(city, now=now, **unchecked)
    reviewed(city, document, now=now)
    Publisher().publish(city.site, now=now)
    root = Home(settings.JIYUE_HOME).public_root(city.site.host)
    shown = page_of(settings, city, document)
    assert [shown.css_first(f"meta[name={name}]").attributes["content"] for name in ("PubDate",)] == ["2004-05-17"]
    assert "有效性未核定" in text(shown.css_first("main")) and "legislationLegalForce" not in shown.html
    assert '"datePublished":"2004-05-17"' in shown.html.replace(" ", "")
    lists = (root / "zwgk/zcwj/index.html").read_text()
    assert '<time datetime="2004-05-17">2004-05-17</time>' in lists
    assert "有效性" not in text(HTMLParser(lists).css_first("main ol.items"))
    feeds = [(root / f"zwgk/zcwj/{name}").read_text() for name in ("rss.xml", "atom.xml")]
    assert "<dc:date>2004-05-17</dc:date>" in feeds[0] and "<published>" not in feeds[1]
    for written in (shown.html, lists, *feeds):
        assert "00:00<" not in written and "T00:00" not in written and "2004 16:00:00" not in written


@pytest.mark.req("POL-02", "POL-12")
def test_document_and_interpretation_show_each_other_and_the_identifying_facts(city, now, settings):
    document = draft(city, now=now, **POLICY)
    reviewed(city, document, now=now)
    told = draft(city, now=now, kind=Record.Kind.INTERPRETATION, column="zcjd", title="湖岸管理通知解读")
    told.documents.set([document.typed])
    publisher = Publisher()
    publisher.publish(city.site, now=now)
    assert "湖岸管理通知解读" not in text(page_of(settings, city, document).css_first("main"))
    reviewed(city, told, now=now + timedelta(hours=1))
    publisher.publish(city.site, now=now + timedelta(hours=1))
    shown = text(page_of(settings, city, document).css_first("main"))
    facts = [
        "990100001/2026-00012",
        "澄政发〔2026〕12号",
        "澄湖市人民政府",
        "2026-11-18",
        "2026-12-01",
        "城乡建设、环境保护",
        "有效",
    ]
    assert [fact for fact in facts if fact not in shown] == []
    assert "湖岸管理通知解读" in shown
    assert "关于加强湖岸管理的通知" in text(page_of(settings, city, told).css_first("main"))


@pytest.mark.req("PAGE-13")
def test_an_attachment_can_be_had_without_script_or_sign_in_once_its_page_is_public(city, now, settings):
    file = store_attachment(
        site=city.site, name="清单.csv", data="名称,数量\n船,3\n".encode(), title="清单", by=city.editor, now=now
    )
    root = Home(settings.JIYUE_HOME).public_root(city.site.host)
    publisher = Publisher()
    publisher.publish(city.site, now=now)
    assert not (root / "files").exists()
    body = [{"type": "attachment", "value": {"document": file.pk, "title": "清单"}, "id": "a1"}]
    record = draft(city, now=now, body=body)
    reviewed(city, record, now=now)
    publisher.publish(city.site, now=now)
    shown = page_of(settings, city, record)
    [link] = [a.attributes["href"] for a in shown.css("main a[download]")]
    found = list((root / "files").resolve().rglob("*.csv"))
    assert link.startswith("/files/") and link.endswith(".csv")
    assert len(found) <= 1  # symbolic links of trees are not followed by rglob; the link itself is what counts
    assert (root / "files" / link.split("/")[2] / link.split("/")[3]).is_dir()
    assert not shown.css("main script")


@pytest.mark.req("COL-15")
def test_a_correction_keeps_old_and_new_text_with_reason_and_finder(city, now):
    record = draft(city, now=now)
    reviewed(city, record, now=now)
    Publisher().publish(city.site, now=now)
    record = Record.objects.get(pk=record.pk)
    with_body(record, [{"type": "paragraph", "value": "<p>改为四月结束。</p>", "id": "p1"}], by=city.editor, now=now)
    given = {"reason": "结束时间有误", "finder": "样先生"}
    review = reviewed(city, record, now=now + timedelta(hours=1), instruction=given)
    old, new = Version.objects.filter(identity=record.identity).order_by("number")
    assert ("明年三月" in old.content, "四月结束" in new.content) == (True, True)
    assert review.sign_offs.get().instruction == given


@pytest.mark.req("REV-11")
def test_what_is_urgent_stands_first_for_every_reviewer_and_skips_none(city, now):
    submit(record=draft(city, now=now, title="一般稿件"), by=city.editor, now=now)
    urgent = submit(
        record=draft(city, now=now, title="应急稿件", emergency=True), by=city.editor, now=now + timedelta(minutes=5)
    )
    queue = reviewable(city.first).order_by("-emergency", "waiting_since")
    assert [review.version.record.title for review in queue] == ["应急稿件", "一般稿件"]
    assert urgent.levels == ["first", "second", "secrecy", "final"]
    sign_all(city, urgent, now=now + timedelta(minutes=9))
    assert Version.objects.get(pk=urgent.version_id).sign_offs.count() == 1


@pytest.mark.req("POL-08")
def test_a_document_shows_its_interpretations_with_the_form_of_each(city, now, settings):
    document = draft(city, now=now, **POLICY)
    reviewed(city, document, now=now)
    for form, title in (("text", "湖岸管理通知解读"), ("graphic", "一图读懂湖岸管理通知"), ("video", "局长讲湖岸管理")):
        told = draft(city, now=now, kind=Record.Kind.INTERPRETATION, column="zcjd", title=title, form=form)
        told.documents.set([document.typed])
        reviewed(city, told, now=now)
    Publisher().publish(city.site, now=now)
    shown = text(page_of(settings, city, document).css_first("aside"))
    for word in ("湖岸管理通知解读", "文字解读", "一图读懂湖岸管理通知", "图表图解", "局长讲湖岸管理", "视频解读"):
        assert word in shown

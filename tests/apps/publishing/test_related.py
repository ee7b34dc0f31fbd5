"""Related items: reckoned from signed facts, pinned and hidden by editors, and a bounded number of pages a release."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from tests.cast import draft, reviewed, sign_all, structured

from jiyue.content.actions import RecordLocked
from jiyue.content.models import Record
from jiyue.content.relating import HIDE, LEAVE, MOST_PINNED, PIN, arrange_related
from jiyue.foundation.home import Home
from jiyue.publishing import relating
from jiyue.publishing.baking import BakeFailed, Baker
from jiyue.publishing.models import ItemFact, PageRead, PublicItem, Relation, SitePublication
from jiyue.publishing.publisher import Publisher
from jiyue.publishing.reading import Reader, to_bake
from jiyue.publishing.reconciling import rebuild, reconcile
from jiyue.publishing.relating import MOST_CHOSEN, MOST_KEPT
from jiyue.review.actions import submit, submit_withdrawal

pytestmark = pytest.mark.django_db
FUND = "住房公积金提取业务办事流程调整"


@pytest.fixture
def city(cast, now):
    structured(cast.city, now=now)
    return cast.city


def publish(tenant, now):
    return Publisher().publish(tenant.site, now=now)


def article(tenant, title, *, now, **more):
    record = draft(tenant, now=now, title=title, **more)
    reviewed(tenant, record, now=now)
    return record


def filled(tenant, now):
    """A site with other things, so that a shared word is a rare one."""
    return [
        article(tenant, title, now=now)
        for title in (
            "湖岸清洁行动启动",
            "城区道路夜间施工安排",
            "秋粮收购价格发布",
            "供水管网检修停水",
            "文化馆免费开放时间",
        )
    ]


def offered(tenant, home, record) -> list[str]:
    address = PublicItem.objects.get(identity=record.identity, site=tenant.site).address
    page = HTMLParser((Home(home).public_root(tenant.site.host) / address.lstrip("/")).read_text())
    groups = {group.css_first("h2").text(): group for group in page.css(".link-group")}
    return [link.text() for link in groups["相关内容"].css("a")] if "相关内容" in groups else []


@pytest.mark.req("LIB-06")
def test_what_shares_rare_words_stands_beside_each_other_and_nothing_else(city, now, home):
    others = filled(city, now)
    first = article(city, f"关于{FUND}的通知", now=now)
    second = article(city, f"{FUND}问答", now=now)
    publish(city, now)
    assert offered(city, home, second) == [first.title]
    assert offered(city, home, first) == [second.title]  # the older one, by what came later
    assert [offered(city, home, other) for other in others] == [[]] * len(others)


def test_a_neighbour_that_cannot_be_read_fails_the_pages_beside_it_by_their_address(city, now, home, monkeypatch):
    others = filled(city, now)
    first = article(city, f"关于{FUND}的通知", now=now)
    second = article(city, f"{FUND}问答", now=now)
    publish(city, now)
    publisher = Publisher()
    reader = publisher.reader(city.site, at=now)[0]
    baker = Baker(reader, publisher.renderer, publisher.deployer.store)
    assert baker.bake([], items=to_bake(city.site)).pages == len(others) + 2
    card = Reader._card

    def broken(self, item, content):
        if item.identity == first.identity:
            raise KeyError("title")
        return card(self, item, content)

    monkeypatch.setattr(Reader, "_card", broken)
    reader = publisher.reader(city.site, at=now)[0]  # it remembers no card yet
    reader._cards.clear()
    baker = Baker(reader, publisher.renderer, publisher.deployer.store)
    sound = to_bake(city.site).exclude(identity__in=[first.identity, second.identity])
    assert baker.bake([], items=sound).pages == len(others)
    with pytest.raises(BakeFailed) as failed:
        baker.bake([], items=to_bake(city.site))
    assert failed.value.address == PublicItem.objects.get(identity=second.identity).address


@pytest.mark.req("LIB-06")
def test_naming_a_document_ties_across_kinds_and_a_repealed_one_says_so(city, now, home):
    filled(city, now)
    old = draft(
        city, now=now, kind="policy_document", column="zcwj", title="澄湖市河道采砂管理办法", issuer="澄湖市人民政府",
        document_number="澄政发〔2020〕3号", written_on=now.date(), issued_on=now.date(), validity="repealed",
    )  # fmt: skip
    reviewed(city, old, now=now)
    body = [{"type": "paragraph", "value": "<p>根据《澄湖市河道采砂管理办法》，本周开展巡查。</p>", "id": "p1"}]
    news = article(city, "水利部门本周巡查", now=now, body=body)
    number = [{"type": "paragraph", "value": "<p>依据澄政发〔2020〕3号文件，企业可以申报。</p>", "id": "p1"}]
    by_number = article(city, "申报开始", now=now, body=number)
    publish(city, now)
    assert offered(city, home, news)[0] == old.title and offered(city, home, by_number)[0] == old.title
    assert set(offered(city, home, old)) == {news.title, by_number.title}
    address = PublicItem.objects.get(identity=news.identity).address
    note = HTMLParser((Home(home).public_root(city.site.host) / address[1:]).read_text()).css_first(".link-group .note")
    assert note.text().startswith("政策文件，") and note.text().endswith("已废止")


@pytest.mark.req("LIB-06")
def test_pins_and_hiding_are_signed_before_anybody_sees_them(city, now, home):
    others = filled(city, now)
    first, second = article(city, f"关于{FUND}的通知", now=now), article(city, f"{FUND}问答", now=now)
    publish(city, now)
    wished = arrange_related(record=second, other=others[0].identity, wish=PIN, by=city.editor, now=now)
    wished = arrange_related(record=wished, other=first.identity, wish=HIDE, by=city.editor, now=now)
    publish(city, now)
    assert offered(city, home, second) == [first.title]
    later = now + timedelta(minutes=5)
    review = submit(record=wished, by=city.editor, now=later, instruction={"reason": "调整相关内容"})
    with pytest.raises(RecordLocked):
        arrange_related(record=wished, other=first.identity, wish=LEAVE, by=city.editor, now=later)
    sign_all(city, review, now=later)
    publish(city, later)
    assert offered(city, home, second) == [others[0].title]
    assert offered(city, home, first) == [second.title]  # a wish speaks for its own page only


def test_what_is_withdrawn_is_offered_nowhere_and_a_pin_waits_for_its_record(city, now, home):
    filled(city, now)
    first, second = article(city, f"关于{FUND}的通知", now=now), draft(city, now=now, title=f"{FUND}问答")
    waiting = draft(city, now=now, title="还没有公开的稿件")
    second = arrange_related(record=second, other=waiting.identity, wish=PIN, by=city.editor, now=now)
    reviewed(city, second, now=now)
    publish(city, now)
    assert offered(city, home, second) == [first.title]
    reviewed(city, waiting, now=now)
    publish(city, now)
    assert offered(city, home, second) == [waiting.title, first.title]
    later = now + timedelta(minutes=5)
    sign_all(
        city, submit_withdrawal(record=first, by=city.editor, now=later, kind="error", reason="内容有误"), now=later
    )
    publish(city, later)
    assert offered(city, home, second) == [waiting.title]
    assert not ItemFact.objects.filter(item__identity=first.identity).exists()


def test_wishes_are_refused_by_name(city, cast, now):
    own, foreign = draft(city, now=now), draft(cast.outside, now=now, title="邻江市的稿件")
    with pytest.raises(PermissionDenied):
        arrange_related(record=own, other=own.identity, wish=PIN, by=cast.outside.editor, now=now)
    for other, words in ((foreign, "只能选本网站的稿件"), (own, "稿件不能与自己相关")):
        with pytest.raises(ValidationError, match=words):
            arrange_related(record=own, other=other.identity, wish=PIN, by=city.editor, now=now)
    more = [draft(city, now=now, title=f"第{number}篇") for number in range(MOST_PINNED + 1)]
    for each in more[:MOST_PINNED]:
        arrange_related(record=own, other=each.identity, wish=PIN, by=city.editor, now=now)
    with pytest.raises(ValidationError, match="最多固定"):
        arrange_related(record=own, other=more[-1].identity, wish=PIN, by=city.editor, now=now)
    kept = Record.objects.get(pk=own.pk).related
    assert kept == {"pinned": [str(each.identity) for each in more[:MOST_PINNED]]}
    plain = draft(city, now=now, kind="leader", column="ldxx", title="样局长")
    with pytest.raises(ValidationError, match="没有相关内容"):
        arrange_related(record=plain, other=own.identity, wish=PIN, by=city.editor, now=now)


def test_a_release_touches_the_pages_that_the_new_item_chose_and_no_more(city, now, home, monkeypatch):
    monkeypatch.setattr(relating, "MOST_CHOSEN", 3)
    filled(city, now)
    many = [article(city, f"{FUND}第{number}批", now=now) for number in range(12)]
    publish(city, now)
    later = now + timedelta(minutes=5)
    newest = article(city, f"{FUND}结束", now=later)
    outcome = publish(city, later)
    chosen = set(Relation.objects.filter(item__identity=newest.identity).values_list("target__identity", flat=True))
    assert len(chosen) <= MOST_KEPT
    by = [PublicItem.objects.get(identity=each.identity).related_by.count() for each in many]
    assert max(by) <= 3 < MOST_CHOSEN
    unrelated = PublicItem.objects.exclude(identity__in={*chosen, newest.identity}).values_list("address", flat=True)
    baked = PageRead.objects.filter(key=relating.related_key(newest.identity)).values_list("address", flat=True)
    assert not set(baked) & set(unrelated)
    assert outcome.pages < len(many) + 20  # its own, those it chose, lists and feeds


def test_repeating_the_ledger_relates_alike_and_a_forged_relation_is_not_baked(city, now, home):
    filled(city, now)
    first, second = article(city, f"关于{FUND}的通知", now=now), article(city, f"{FUND}问答", now=now)
    publish(city, now)
    before = set(Relation.objects.values_list("item__identity", "target__identity", "score"))
    rebuild(city.site, now=now)
    assert set(Relation.objects.values_list("item__identity", "target__identity", "score")) == before
    Publisher().publish(city.site, now=now)
    Relation.objects.update(score=9999)
    later = now + timedelta(minutes=5)
    review = submit(record=first.typed, by=city.editor, now=later, instruction={"reason": "更正"})
    sign_all(city, review, now=later)
    publish(city, later)
    assert not Relation.objects.filter(score=9999).exists()
    assert offered(city, home, first) == [second.title]
    assert reconcile(now=later).clean


def test_items_from_before_are_related_with_the_next_look(city, now, home):
    filled(city, now)
    first, second = article(city, f"关于{FUND}的通知", now=now), article(city, f"{FUND}问答", now=now)
    publish(city, now)
    Relation.objects.all().delete()
    ItemFact.objects.all().delete()
    SitePublication.objects.update(look="")
    publish(city, now)
    assert offered(city, home, second) == [first.title]


def test_a_forged_fact_ties_nothing_to_nothing(city, now, home):
    others = filled(city, now)
    first = article(city, f"关于{FUND}的通知", now=now)
    publish(city, now)
    victim = PublicItem.objects.get(identity=others[0].identity)
    for key in ItemFact.objects.filter(item__identity=first.identity).values_list("key", flat=True):
        if not key.startswith(relating.SEALED):
            ItemFact.objects.create(item=victim, site=city.site, key=key)
    second = article(city, f"{FUND}问答", now=now)
    publish(city, now)
    assert offered(city, home, second) == [first.title] and offered(city, home, others[0]) == []

"""推送: offered, answered, stopped; only by the people of the site it was offered to."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jiyue.console.library.placements import todo_for
from jiyue.content.placing import begin
from jiyue.publishing.models import PublicItem
from jiyue.review.actions import submit_withdrawal
from jiyue.review.models import Review
from jiyue.review.placing import offer
from tests.apps.console.library.conftest import bring_up
from tests.cast import draft, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.req("LIB-03")]


@pytest.fixture
def record(cast, publish):
    return publish(cast.city, title="湖岸清洁")


@pytest.fixture
def offered(cast, now, record):
    """A public record of the city, offered to the other one."""
    return offer(record=record, site=cast.outside.site, by=cast.city.editor, now=now)


def answer(client, placement, **given):
    return client.post(f"/placements/{placement.identity}/answer/", given)


def state(placement) -> tuple[str, str]:
    placement.refresh_from_db()
    return placement.state, placement.reason


def test_an_offer_is_among_the_work_of_the_editor_it_waits_for(cast, offered, sign_in):
    page = sign_in(cast.outside.editor).get("/").content.decode()
    assert "湖岸清洁" in page and "待处理" in page and f"/placements/{offered.identity}/" in page
    assert "/placements/" not in [line.address for line in sign_in(cast.city.editor).get("/").context["duties"]]


def test_an_offer_is_taken_into_a_column(cast, offered, sign_in):
    client = sign_in(cast.outside.editor)
    page = client.get(f"/placements/{offered.identity}/")
    assert [column["name"] for column in page.context["columns"] if column["suggested"]] == ["政务动态 / 政务要闻"]
    assert answer(client, offered, act="take", column=cast.outside.columns["yw"].pk).status_code == 302
    assert state(offered) == ("submitted", "")
    assert Review.objects.get(version__subject="placement").site == cast.outside.site


def test_an_offer_is_refused_with_a_reason_only(cast, offered, sign_in):
    client = sign_in(cast.outside.editor)
    refused = answer(client, offered, act="refuse", refuse_reason=" ")
    assert (refused.status_code, "不取用时请写明原因" in refused.content.decode()) == (409, True)
    assert state(offered) == ("offered", "")
    assert answer(client, offered, act="refuse", refuse_reason="与本市无关").status_code == 302
    assert state(offered) == ("refused", "与本市无关")


def test_an_offer_is_delayed_to_a_day_to_come_with_a_reason(cast, offered, sign_in):
    client, today = sign_in(cast.outside.editor), timezone.localdate()
    for until in ("", "2026-02-31", str(today)):
        page = answer(client, offered, act="delay", until=until, delay_reason="等待本地数据")
        assert (page.status_code, "今天以后的日期" in page.content.decode()) == (409, True)
        assert "等待本地数据" in page.content.decode()
    until = today + timedelta(days=5)
    assert answer(client, offered, act="delay", until=str(until), delay_reason="等待本地数据").status_code == 302
    assert state(offered) == ("delayed", "等待本地数据")
    assert todo_for(cast.outside.editor, today=until - timedelta(days=1)) == []
    assert [todo.title for todo in todo_for(cast.outside.editor, today=until)] == ["湖岸清洁"]


def test_a_reason_longer_than_the_field_is_refused_with_its_words_kept(cast, offered, sign_in):
    page = answer(sign_in(cast.outside.editor), offered, act="refuse", refuse_reason="长" * 201)
    assert (page.status_code, "200 字以内" in page.content.decode()) == (409, True)
    assert "长" * 201 in page.content.decode()


def test_an_unknown_act_changes_nothing(cast, offered, sign_in):
    assert answer(sign_in(cast.outside.editor), offered, act="publish").status_code == 302
    assert state(offered) == ("offered", "")


def test_a_foreign_site_finds_neither_the_offer_nor_its_form(cast, offered, sign_in):
    for person in (cast.city.editor, cast.city.final, cast.supervisor, cast.operator):
        client = sign_in(person)
        assert client.get(f"/placements/{offered.identity}/").status_code == 404
        assert answer(client, offered, act="refuse", refuse_reason="不要").status_code == 404
    page = sign_in(cast.city.editor).get("/placements/")
    assert page.context["lines"] == []


def test_an_offer_cannot_be_taken_into_another_site(cast, offered, sign_in):
    given = {"act": "take", "column": cast.city.columns["yw"].pk}
    assert answer(sign_in(cast.outside.editor), offered, **given).status_code == 404
    assert state(offered) == ("offered", "")


@pytest.fixture
def taken(cast, now, offered, sign_in):
    answer(sign_in(cast.outside.editor), offered, act="take", column=cast.outside.columns["yw"].pk)
    sign_all(cast.outside, Review.objects.get(version__subject="placement"), now=now)
    bring_up(cast.outside.site)
    assert state(offered) == ("taken", "")
    return offered


def test_what_was_taken_is_stopped_by_the_own_final_reviewer(cast, now, taken, sign_in):
    client = sign_in(cast.outside.editor)
    assert answer(client, taken, act="end", end_reason="").status_code == 409
    assert answer(client, taken, act="end", end_reason="与本市无关").status_code == 302
    assert "停止取用待终审" in client.get(f"/placements/{taken.identity}/").content.decode()
    review = Review.objects.get(status="open")
    page = sign_in(cast.outside.final).get(f"/reviews/{review.pk}/").content.decode()
    assert "与本市无关" in page and "停止的原因" in page and "410" not in page
    sign_all(cast.outside, review, now=now)
    bring_up(cast.outside.site)
    assert state(taken)[0] == "ended"
    assert PublicItem.objects.get(site=cast.outside.site).state == "gone"
    assert PublicItem.objects.get(site=cast.city.site).state == "shown"


def test_a_record_withdrawn_at_its_origin_says_so(cast, now, record, taken, sign_in):
    review = submit_withdrawal(record=record, kind="error", reason="有误", by=cast.city.editor, now=now)
    sign_all(cast.city, review, now=now)
    bring_up(cast.city.site)
    (line,) = sign_in(cast.outside.editor).get("/placements/?state=taken").context["lines"]
    assert (line.title, line.address) == ("湖岸清洁", "")
    assert "来源已撤下" in sign_in(cast.outside.editor).get(f"/placements/{taken.identity}/").content.decode()


def test_an_offer_whose_origin_is_not_public_keeps_its_title_to_itself(cast, now, publish, sign_in):
    unsigned = draft(cast.city, now=now, title="未公开的标题")
    hidden = begin(record=unsigned, site=cast.outside.site, column=None, by=cast.city.editor, now=now)
    client = sign_in(cast.outside.editor)
    for address in ("/", "/placements/", f"/placements/{hidden.identity}/"):
        assert "未公开的标题" not in client.get(address).content.decode()


def test_the_list_costs_the_same_for_one_line_and_for_many(
    cast, now, publish, sign_in, django_assert_num_queries, django_assert_max_num_queries
):
    def offer_one(number: int) -> None:
        then = now + timedelta(minutes=number)
        record = publish(cast.city, title=f"第{number}篇", at=then)
        offer(record=record, site=cast.outside.site, by=cast.city.editor, now=then)

    offer_one(0)
    client = sign_in(cast.outside.editor)
    with django_assert_max_num_queries(40) as one:
        client.get("/placements/")
    for number in range(1, 4):
        offer_one(number)
    with django_assert_num_queries(len(one)):
        assert len(client.get("/placements/").context["lines"]) == 4

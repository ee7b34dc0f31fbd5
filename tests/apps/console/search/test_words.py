"""推荐答案, 同义词 and the report of what nobody found, as people of the console meet them."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse

from jiyue.foundation.home import Home
from jiyue.foundation.models import AuditEvent
from jiyue.publishing.models import PublicItem
from jiyue.review.actions import submit_withdrawal
from jiyue.search.models import AskedQuery, PromotedAnswer, SynonymGroup
from tests.apps.search.cities import Indexed
from tests.cast import draft, reviewed, sign_all, structured

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(settings, cast, now):
    indexed = Indexed(Home(settings.JIYUE_HOME).prepare())
    structured(cast.city, now=now)
    record = draft(cast.city, now=now, title="城乡居民参保缴费办法")
    reviewed(cast.city, record, now=now)
    indexed.publish(cast.city.site, now=now)
    cast.extra.record = record
    return indexed


def test_a_promoted_answer_stands_above_until_its_page_is_withdrawn(city, cast, now, sign_in):
    host, item = cast.city.site.host, PublicItem.objects.get()
    address = reverse("console_promoted_new", args=[cast.city.site.pk])
    answer = sign_in(cast.city.manager).post(
        address, {"words": "医保，买医保", "address": f"http://{host}:8080{item.address}", "note": "每年 9 月到 12 月"}
    )
    assert answer.status_code == 302
    city.index(now=now)
    [shown] = city.ask("我要买医保", host=host, now=now).promoted
    assert (shown.title, shown.address) == ("城乡居民参保缴费办法", item.address)
    assert AuditEvent.objects.filter(code="search.answer_promoted").count() == 1
    withdrawal = submit_withdrawal(record=cast.extra.record, kind="error", reason="有误", by=cast.city.editor, now=now)
    sign_all(cast.city, withdrawal, now=now)
    city.publisher.publish(cast.city.site, now=now + timedelta(seconds=1))
    assert city.ask("我要买医保", host=host, now=now).promoted == ()
    assert "网页已撤下" in sign_in(cast.city.manager).get(reverse("console_promoted")).content.decode()


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("医保", "/nothing.html"),
        ("医", "/"),
        ("", "/"),
        ("医保", "http://www.linjiang.localhost/"),
        ("医保", "http://["),
    ],
)
def test_what_cannot_be_promoted_is_refused_with_the_words_kept(city, cast, sign_in, words, address):
    path = reverse("console_promoted_new", args=[cast.city.site.pk])
    answer = sign_in(cast.city.manager).post(path, {"words": words, "address": address})
    assert answer.status_code == 422
    assert address in answer.content.decode()
    assert not PromotedAnswer.objects.exists()


def test_another_site_s_answers_do_not_exist(city, cast, now, sign_in):
    mine = PromotedAnswer.objects.create(
        site=cast.city.site, words="医保", record=cast.extra.record.identity, since=now
    )
    stranger = sign_in(cast.outside.manager)
    assert stranger.post(reverse("console_promoted_end", args=[mine.pk])).status_code == 404
    assert stranger.get(reverse("console_promoted_new", args=[cast.city.site.pk])).status_code == 404
    assert "医保" not in stranger.get(reverse("console_promoted")).content.decode()
    assert sign_in(cast.city.editor).get(reverse("console_promoted")).status_code == 404


def test_synonyms_of_the_operator_find_what_documents_call_otherwise(city, cast, now, sign_in):
    host = cast.city.site.host
    assert city.titles("买湖保险", host=host, now=now) == []
    answer = sign_in(cast.operator).post(reverse("console_synonyms"), {"words": "买湖保险，参保缴费"})
    assert answer.status_code == 302
    city.index(now=now)
    assert city.titles("买湖保险", host=host, now=now) == ["城乡居民参保缴费办法"]
    group = SynonymGroup.objects.get()
    assert sign_in(cast.operator).post(reverse("console_synonyms_end", args=[group.pk])).status_code == 302
    city.index(now=now)
    assert city.titles("买湖保险", host=host, now=now) == []
    assert sign_in(cast.city.manager).get(reverse("console_synonyms")).status_code == 404


def test_the_report_shows_what_found_nothing_and_leads_to_an_answer(city, cast, now, sign_in):
    for query, times, empty in (("火星签证", 5, 5), ("医保", 9, 0)):
        AskedQuery.objects.create(site=cast.city.site, on=now.date(), query=query, times=times, without_result=empty)
    manager = sign_in(cast.city.manager)
    page = manager.get(reverse("console_asked") + "?span=180").content.decode()
    assert "火星签证" in page and "医保</th>" not in page
    assert f"?words={quote('火星签证')}" in page
    assert "医保</th>" in manager.get(reverse("console_asked") + "?show=all&span=180").content.decode()
    assert "火星签证" not in sign_in(cast.outside.manager).get(reverse("console_asked") + "?span=180").content.decode()

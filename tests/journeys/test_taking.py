"""A rule is signed once; what it takes is found on the taker's site, corrected with its origin, and gone with it (LIB-03)."""

from datetime import timedelta

import pytest

from jiyue.config.takings import heed_signed
from jiyue.content.models import Record, TakingRule
from jiyue.content.takings import save_rule
from jiyue.domain.deadlines import local
from jiyue.foundation import outbox
from jiyue.foundation.home import Home
from jiyue.review import taking
from jiyue.review.actions import submit_withdrawal
from tests.apps.search.cities import Indexed
from tests.cast import draft, reviewed, sign_all, structured, with_body

pytestmark = [pytest.mark.django_db, pytest.mark.req("LIB-03", "LIB-02")]


@pytest.fixture
def city(settings, cast, now):
    outbox.subscribe("review.signed_off", heed_signed)
    indexed = Indexed(Home(settings.JIYUE_HOME).prepare())
    for tenant in (cast.city, cast.outside):
        structured(tenant, now=now)
        indexed.publish(tenant.site, now=now)
    rule = TakingRule(column=cast.outside.columns["yw"], origin=cast.city.site, from_on=local(now).date())
    rule = save_rule(rule=rule, by=cast.outside.editor, now=now)
    sign_all(cast.outside, taking.submit_rule(rule=rule, by=cast.outside.editor, now=now), now=now)
    return indexed


def test_from_one_signature_to_two_sites_and_away_again(city, cast, now):
    here, there = cast.city.site, cast.outside.site
    record = draft(cast.city, now=now, title="湖岸清洁行动启动")
    reviewed(cast.city, record, now=now)
    city.publish(here, now=now)
    assert taking.take_due(now=now) == 1
    city.publish(there, now=now)
    assert city.titles("清洁行动", host=there.host, now=now) == ["湖岸清洁行动启动"]

    later = now + timedelta(hours=1)
    body = [{"type": "paragraph", "value": "<p>志愿者改到十二月集合出发。</p>", "id": "p1"}]
    with_body(Record.objects.get(pk=record.pk), body, by=cast.city.editor, now=later)
    reviewed(cast.city, record, now=later, instruction={"reason": "时间有误"})
    city.publish(here, there, now=later)
    assert city.titles("十二月集合", host=there.host, now=later) == ["湖岸清洁行动启动"]

    gone = Record.objects.get(pk=record.pk)
    review = submit_withdrawal(record=gone, kind="error", reason="有误", by=cast.city.editor, now=later)
    sign_all(cast.city, review, now=later)
    city.publish(here, there, now=later)
    assert [city.titles("清洁行动", host=host, now=later) for host in (here.host, there.host, None)] == [[], [], []]
    assert taking.take_due(now=later) == 0

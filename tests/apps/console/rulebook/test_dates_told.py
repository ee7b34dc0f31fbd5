"""规则变动 of a calendar: the days, the dates before and after, and taking note; of a demand on data, what is asked."""

from datetime import datetime, timedelta

import pytest

from jiyue.domain.deadlines import SHANGHAI
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import RuleRead
from jiyue.rules.actions import approve, propose_standard, revise_calendar
from tests.apps.obligations.facts import Stated, fact
from tests.apps.rules.decisions import assigned, overseers

pytestmark = [pytest.mark.django_db, pytest.mark.req("CAL-01")]


@pytest.fixture
def pair(cast, now):
    return overseers(None, now=now, prefix="pingtai")


@pytest.fixture
def revised(cast, pair, now):
    """Five working days that go over New Year, whose holidays are being decided."""
    long_ago = now.replace(year=2023)
    assigned(cast.city.organisation, "hebi", long_ago.date(), pair, now=long_ago)
    refresh(Stated([fact(cast.city, started_at=datetime(2026, 12, 28, 10, tzinfo=SHANGHAI))]), now=now)
    return revise_calendar(
        year=2027, off={"2027-01-01": "元旦", "2027-01-04": "元旦"}, worked={}, notice="2027 年放假安排的通知",
        grounds="通知已发布", by=pair[0], now=now,
    )  # fmt: skip


def test_the_notice_of_a_calendar_lists_days_and_dates_and_is_taken_note_of(cast, pair, revised, sign_in, now):
    client, address = sign_in(cast.city.manager), f"/rules/notices/calendar/{revised.pk}/"
    assert "2027 年" in client.get("/rules/notices/").content.decode()
    asked = client.get(address).content.decode()
    for words in (
        "批准后期限会变的未完成事项：1 个",
        "2027-01-04 周一",
        "元旦放假",
        "路灯不亮",
        "2027 年放假安排的通知",
    ):
        assert words in asked
    approve(proposal=revised, by=pair[1], now=now)
    decided = client.get(address).content.decode()
    assert "2027-01-04 周一" in decided
    assert client.post(address, {"stage": "decided"}).status_code == 302
    assert RuleRead.objects.filter(matter="calendar", user=cast.city.manager, stage="decided").count() == 1
    assert sign_in(cast.outside.editor).get(address).status_code == 404


@pytest.mark.req("PLAT-08")
def test_a_demand_on_data_is_told_to_those_who_write_and_answer_for_it(cast, pair, sign_in, now):
    row = propose_standard(
        organisation=cast.city.organisation, standard="article", demands={"summary": {"filled": True}},
        from_on=now.date() + timedelta(days=365), document="澄湖市数据要求", grounds="便于检索", by=pair[0], now=now,
    )  # fmt: skip
    address = f"/rules/notices/standard/{row.pk}/"
    for person in (cast.city.manager, cast.city.editor):
        assert "要求什么" in sign_in(person).get(address).content.decode()
    for person in (cast.outside.manager, cast.outside.editor, cast.city.first):
        assert sign_in(person).get(address).status_code == 404
    approve(proposal=row, by=pair[1], now=now)
    assert "起送审的稿件按新要求" in sign_in(cast.city.editor).get("/").content.decode()

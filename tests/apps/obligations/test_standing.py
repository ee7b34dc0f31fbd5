"""What a unit owes in every period, proved by hand (CAL-04)."""

from datetime import date, datetime, timedelta

import pytest

from jiyue.domain.deadlines import SHANGHAI
from jiyue.domain.duties import State
from jiyue.obligations.actions import DutyRefused, NotPossible, meet_by_hand
from jiyue.obligations.engine import refresh
from jiyue.obligations.enrolling import enrol, release
from jiyue.obligations.models import Obligation
from jiyue.obligations.policies import fetch_standing_for, visible_standing
from jiyue.obligations.queries import unfulfilled
from jiyue.obligations.standing import StandingSource
from tests.apps.rules.decisions import approved_override, assigned

pytestmark = pytest.mark.django_db
SELF_CHECK = "self-check.department"  # Hubei: once a quarter
REPORT = "site.report"  # by 31 January


@pytest.fixture
def hubei(cast, pair, now):
    long_ago = now.replace(year=2023)
    return assigned(cast.province, "hubei", long_ago.date(), pair, now=long_ago)


@pytest.fixture
def enrolled(cast, hubei, pair, now):
    unit = cast.city.organisation
    return enrol(parameter=SELF_CHECK, unit=unit, from_on=date(2026, 4, 1), by=pair[0], now=now)


def look(now) -> None:
    refresh(StandingSource(), now=now)


@pytest.mark.req("CAL-04")
def test_every_quarter_since_its_day_is_owed_and_those_not_done_stay_late(cast, enrolled, pair, now):
    for _again in range(2):
        look(now)
    rows = list(Obligation.objects.order_by("started_at"))
    assert [row.title for row in rows] == [f"部门自查（2026年第{n}季度）" for n in (2, 3, 4)]
    assert [row.state(now) for row in rows] == [State.OVERDUE, State.OVERDUE, State.OPEN]
    meet_by_hand(obligation=rows[0], note="自查报告", by=pair[0], now=now)
    look(now)
    assert [row.title for row in unfulfilled(cast.supervisor, SELF_CHECK, now)] == ["部门自查（2026年第3季度）"]
    look(now + timedelta(days=60))
    assert Obligation.objects.count() == 4
    assert Obligation.objects.pending().count() == 3


def test_a_quarter_already_running_is_not_owed(cast, hubei, pair, now):
    enrol(parameter=SELF_CHECK, unit=cast.city.organisation, from_on=date(2026, 11, 2), by=pair[0], now=now)
    look(now)
    assert not Obligation.objects.exists()
    look(now.replace(year=2027, month=1))
    assert Obligation.objects.get().title == "部门自查（2027年第1季度）"


def test_a_report_is_due_on_its_day_of_every_year(cast, hubei, pair, now):
    enrol(
        parameter=REPORT,
        unit=cast.city.organisation,
        site=cast.city.site,
        from_on=date(2026, 1, 1),
        by=pair[0],
        now=now,
    )
    look(now)
    report = Obligation.objects.get()
    assert (report.due_at, report.site) == (datetime(2026, 1, 31, 23, 59, 59, tzinfo=SHANGHAI), cast.city.site)


def test_where_no_pack_asks_nothing_is_owed(cast, pair, now):
    enrol(parameter="security.drill", unit=cast.province, from_on=date(2026, 1, 1), by=pair[0], now=now)
    look(now)
    assert not Obligation.objects.exists()


def test_after_its_end_nothing_more_is_owed_and_what_was_owed_stays(enrolled, pair, now):
    look(now)
    release(standing=enrolled, until_on=date(2026, 10, 1), reason="机构撤并", by=pair[0], now=now)
    look(now)
    assert [row.state(now) for row in Obligation.objects.order_by("started_at")] == [
        State.OVERDUE, State.OVERDUE, State.ENDED,
    ]  # fmt: skip
    look(now.replace(year=2027))
    assert Obligation.objects.count() == 3


def test_only_an_overseer_of_the_unit_sets_and_ends_it(cast, enrolled, now):
    facts = {"parameter": REPORT, "unit": cast.city.organisation, "from_on": date(2026, 1, 1), "now": now}
    for person in (cast.city.manager, cast.supervisor, cast.operator):
        with pytest.raises(DutyRefused):
            enrol(by=person, **facts)
        with pytest.raises(DutyRefused):
            release(standing=enrolled, until_on=date(2026, 12, 1), reason="试", by=person, now=now)
    with pytest.raises(DutyRefused):
        enrol(by=cast.overseer, **{**facts, "unit": cast.outside.organisation})
    assert enrol(by=cast.overseer, **facts).set_by == cast.overseer


def test_it_is_set_once_for_what_is_kept_in_periods_and_ended_once(cast, enrolled, pair, now):
    facts = {"unit": cast.city.organisation, "from_on": date(2026, 1, 1), "by": pair[0], "now": now}
    for parameter in (SELF_CHECK, "message.reply"):
        with pytest.raises(NotPossible):
            enrol(parameter=parameter, **facts)
    for until_on, reason in ((date(2026, 3, 1), "试"), (date(2026, 5, 1), " ")):
        with pytest.raises(NotPossible):
            release(standing=enrolled, until_on=until_on, reason=reason, by=pair[0], now=now)


def test_who_sees_standing_duties(cast, enrolled, pair):
    assert list(visible_standing(cast.overseer)) == [enrolled]
    assert fetch_standing_for(cast.supervisor, enrolled.pk) == enrolled
    assert not visible_standing(cast.outside.manager).exists()


# --- owed several times in a period

CHECK = "link.check"


@pytest.fixture
def thrice(cast, pair, now):
    """The city decided: three checks of links a month."""
    approved_override(
        cast.city.organisation, CHECK, "at_least: 3 per month", now.date(), pair, now=now - timedelta(hours=1)
    )
    return enrol(parameter=CHECK, unit=cast.city.organisation, from_on=date(2026, 12, 1), by=pair[0], now=now)


@pytest.mark.req("CAL-04")
def test_what_is_owed_three_times_a_month_takes_three_proofs(thrice, pair):
    december = datetime(2026, 12, 10, 9, tzinfo=SHANGHAI)
    for _again in range(2):
        look(december)
    rows = list(Obligation.objects.order_by("pk"))
    names = [f"（2026年12月，第 {n} 次，共 3 次）" for n in (1, 2, 3)]
    assert [row.title[row.title.index("（") :] for row in rows] == names
    assert {row.due_at for row in rows} == {datetime(2026, 12, 31, 23, 59, 59, tzinfo=SHANGHAI)}
    meet_by_hand(obligation=rows[1], note="第一轮检查记录", by=pair[0], now=december)
    look(december + timedelta(days=1))
    assert Obligation.objects.pending().count() == 2
    january = datetime(2027, 1, 2, 9, tzinfo=SHANGHAI)
    look(january)
    assert [row.state(january) for row in Obligation.objects.order_by("pk")] == [
        State.OVERDUE, State.MET, State.OVERDUE, State.OPEN, State.OPEN, State.OPEN,
    ]  # fmt: skip


def test_ending_it_ends_every_time_of_a_later_period(thrice, pair, now):
    january = datetime(2027, 1, 2, 9, tzinfo=SHANGHAI)
    look(january)
    release(standing=thrice, until_on=date(2027, 1, 1), reason="改由监测系统完成", by=pair[0], now=now)
    refresh(StandingSource(), subjects=[f"standing:{thrice.pk}"], now=january)
    look(january)
    assert Obligation.objects.pending().filter(started_at__gte=datetime(2027, 1, 1, tzinfo=SHANGHAI)).count() == 0
    assert Obligation.objects.pending().count() == 3

"""A region's own days off: proposed, approved, counted for its units alone, explained. All days are invented."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from jiyue.domain.deadlines import SHANGHAI
from jiyue.obligations.engine import recompute, refresh
from jiyue.obligations.models import Obligation
from jiyue.obligations.queries import explain
from jiyue.rules.actions import ChangeNotAllowed, Unusable, approve, revise_calendar
from jiyue.rules.models import CalendarRevision
from jiyue.rules.queries import book, calendar
from tests.apps.obligations.facts import Stated, fact
from tests.apps.rules.decisions import assigned, overseers

pytestmark = pytest.mark.django_db
FESTIVAL = {"2026-11-26": "虚构民族节", "2026-11-27": "虚构民族节"}


@pytest.fixture
def pair(cast, now):
    return overseers(cast.city.organisation, now=now)


@pytest.fixture
def propose(cast, pair, now):
    def act(**otherwise) -> CalendarRevision:
        facts = {
            "year": 2026, "off": FESTIVAL, "worked": {}, "notice": "虚构的地方放假通知", "grounds": "虚构：民族节日",
            "organisation": cast.city.organisation, "by": pair[0], "now": now, **otherwise,
        }  # fmt: skip
        return revise_calendar(**facts)

    return act


@pytest.mark.req("CAL-01")
def test_it_counts_for_the_region_and_for_nobody_else(cast, propose, pair, now):
    proposal = propose()
    day = date(2026, 11, 26)
    assert book().calendar_for(cast.city.organisation.lineage).is_working(day)
    approve(proposal=proposal, by=pair[1], now=now)
    assert not book().calendar_for(cast.city.organisation.lineage).is_working(day)
    assert book().calendar_for(cast.outside.organisation.lineage).is_working(day)
    assert book().calendar_for(cast.province.lineage).is_working(day)
    assert calendar().is_working(day)


@pytest.mark.req("CAL-01")
def test_open_duties_of_the_region_move_and_say_why_and_those_of_others_stay(cast, propose, pair, now, sign_in):
    long_ago = now.replace(year=2023)
    assigned(cast.province, "hebi", long_ago.date(), overseers(None, now=long_ago, prefix="quan"), now=long_ago)
    # Monday 23 November: five working days end on the 30th, or with two days off on 2 December.
    start = datetime(2026, 11, 23, 10, tzinfo=SHANGHAI)
    refresh(
        Stated([fact(cast.city, started_at=start), fact(cast.outside, subject="letter:2", started_at=start)]), now=now
    )
    approve(proposal=propose(), by=pair[1], now=now)
    assert recompute(years=[2026], unit=cast.city.organisation.pk, now=now) == 1
    ends = dict(Obligation.objects.values_list("subject", "due_at"))
    assert [ends[name].astimezone(SHANGHAI).date() for name in ("letter:1", "letter:2")] == [
        date(2026, 12, 2), date(2026, 11, 30),
    ]  # fmt: skip
    duty = Obligation.objects.get(subject="letter:1")
    assert not explain(duty).moved
    page = sign_in(cast.city.editor).get(reverse("console_duty", args=[duty.pk])).content.decode()
    assert "虚构民族节放假（澄湖市人民政府规定）" in page


def test_later_days_of_one_year_take_the_place_of_earlier_ones(cast, propose, pair, now):
    approve(proposal=propose(), by=pair[1], now=now)
    approve(proposal=propose(off={"2026-12-01": "虚构州庆"}), by=pair[1], now=now.replace(hour=23))
    days = book().calendar_for(cast.city.organisation.lineage)
    assert days.is_working(date(2026, 11, 26)) and not days.is_working(date(2026, 12, 1))


def test_who_oversees_elsewhere_may_neither_propose_nor_read_it(cast, propose, pair, now, sign_in):
    foreign = overseers(cast.outside.organisation, now=now, prefix="wai")
    with pytest.raises(ChangeNotAllowed):
        propose(by=foreign[0])
    with pytest.raises(ChangeNotAllowed):
        propose(organisation=None)
    proposal = propose()
    assert sign_in(foreign[0]).get(reverse("console_change", args=["calendar", proposal.pk])).status_code == 404


def test_what_cannot_be_is_refused_in_words(propose):
    for wrong in (
        {"off": {"2026-02-30": "x"}},
        {"off": {"2025-01-01": "x"}},
        {"worked": {"2026-11-25": "x"}},
        {"notice": " "},
    ):
        with pytest.raises(Unusable):
            propose(**wrong)
    assert not CalendarRevision.objects.exists()


def test_on_the_screens_from_the_form_to_the_month(cast, pair, sign_in):
    client = sign_in(pair[0])
    address = reverse("console_calendar_regional", args=[2026])
    given = {
        "organisation": cast.city.organisation.pk, "notice": "虚构的地方放假通知", "off": "11月26日至27日 虚构民族节",
        "worked": "", "grounds": "虚构：民族节日",
    }  # fmt: skip
    assert "只写地区自己增加的日子" in client.get(address).content.decode()
    refused = client.post(address, {**given, "off": "什么时候"})
    assert refused.status_code == 422 and "看不懂" in refused.content.decode()
    assert client.post(address, given).status_code == 302
    row = CalendarRevision.objects.get()
    other = sign_in(pair[1])
    change = reverse("console_change", args=["calendar", row.pk])
    assert "虚构民族节放假（澄湖市人民政府规定）" in other.get(change).content.decode()
    other.post(change, {"answer": "yes", "reply": "同意"})
    year = other.get(reverse("console_calendar", args=[2026]), {"unit": cast.city.organisation.pk}).content.decode()
    assert "虚构民族节" in year and "虚构的地方放假通知" in year
    elsewhere = sign_in(cast.outside.editor).get(reverse("console_calendar", args=[2026])).content.decode()
    assert "虚构民族节" not in elsewhere

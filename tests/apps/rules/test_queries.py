"""Which rules hold for whom, on which day."""

from datetime import date, timedelta

import pytest

from jiyue.domain.limits import Span, Unit
from jiyue.rules.models import CalendarRevision, LocalPack, Override, PackAssignment
from jiyue.rules.queries import answer_for, book, calendar, library
from tests.apps.rules.decisions import approved_calendar, approved_override, approved_pack, assigned, overseers
from tests.cast import organisation

pytestmark = pytest.mark.django_db
REPLY = "message.reply"


@pytest.fixture
def county(cast, now):
    return organisation("望溪县人民政府", "990101001", "county", superior=cast.city.organisation, now=now)


@pytest.fixture
def pair(now):
    return overseers(None, now=now)


def limit(unit, on, parameter=REPLY):
    answer = answer_for(unit, parameter, on=on)
    return (str(answer.limit), answer.pack) if answer.is_set else (None, "")


def test_without_an_assignment_the_national_pack_counts(county, now):
    assert book().assigned(county.lineage, now.date()).pack == "national"
    assert answer_for(county, "column.update.news", on=now.date()).pack == "national"


@pytest.mark.req("PLAT-07")
def test_the_nearest_unit_with_a_pack_decides_from_its_day_on(cast, county, pair, now):
    assigned(cast.province, "hubei", now.date(), pair, now=now)
    assigned(cast.city.organisation, "hebi", now.date() + timedelta(days=10), pair, now=now)
    packs = [book().assigned(county.lineage, now.date() + timedelta(days=days)).pack for days in (-1, 0, 9, 10)]
    assert packs == ["national", "hubei", "hubei", "hebi"]
    assert limit(county, now.date() + timedelta(days=10)) == ("5 working-days", "hebi")


@pytest.mark.req("PLAT-07")
def test_a_decision_counts_for_the_unit_and_below_from_its_day_on(cast, county, pair, now):
    assigned(cast.city.organisation, "hebi", now.date(), pair, now=now)
    day = now.date() + timedelta(days=30)
    approved_override(cast.city.organisation, REPLY, "limit: 3 working-days", day, pair, now=now)
    own = f"unit:{cast.city.organisation.pk}"
    assert limit(county, day - timedelta(days=1)) == ("5 working-days", "hebi")
    assert limit(county, day) == ("3 working-days", own)
    assert limit(cast.outside.organisation, day)[1] != own
    answer = answer_for(county, REPLY, on=day)
    assert (answer.basis[0].document, answer.basis[0].article) == ("澄湖市留言办理规定", "第三条")


def test_the_nearer_decision_comes_first_and_a_further_one_still_comes_before_the_nation(cast, county, pair, now):
    day = now.date()
    assigned(cast.city.organisation, "hebi", day, pair, now=now)
    approved_override(cast.province, REPLY, "limit: 9 working-days", day, pair, now=now)
    assert limit(county, day) == ("5 working-days", "hebi")
    approved_override(county, REPLY, "limit: 2 working-days", day, pair, now=now)
    assert limit(county, day)[0] == "2 working-days"
    approved_override(cast.province, "error-report.reply", "limit: 4 working-days", day, pair, now=now)
    assert limit(county, day, "error-report.reply")[0] == "4 working-days"


def test_a_decision_about_a_pack_counts_for_whoever_follows_it(cast, county, pair, now):
    day = now.date()
    assigned(cast.city.organisation, "hebi", day, pair, now=now)
    approved_override(None, REPLY, "limit: 4 working-days", day, pair, now=now, pack="hebi")
    assert limit(county, day) == ("4 working-days", "pack:hebi")
    assert limit(cast.outside.organisation, day)[1] != "pack:hebi"


def test_what_nobody_approved_counts_for_nobody(cast, pair, now):
    first, _second = pair
    facts = {"proposed_by": first, "proposed_at": now, "grounds": "试"}
    unit, day = cast.city.organisation, now.date()
    PackAssignment.objects.create(organisation=unit, pack="hebi", from_on=day, **facts)
    Override.objects.create(
        organisation=unit, parameter=REPLY, from_on=day, value="limit: 1 working-days", document="试", **facts
    )
    CalendarRevision.objects.create(year=day.year, off={"2026-11-23": "试"}, notice="试", **facts)
    LocalPack.objects.create(name="own", version="1", digest="", in_force_on=day, **facts)
    assert book().assigned(unit.lineage, day).pack == "national"
    assert limit(unit, day)[0] != "1 working-days"
    assert calendar().is_working(date(2026, 11, 23))
    assert "own" not in library().names


@pytest.mark.req("CAL-01")
def test_an_approved_calendar_takes_the_place_of_the_shipped_one(pair, now):
    assert calendar().is_working(date(2026, 11, 23))
    approved_calendar(2026, {"2026-11-23": "停电放假"}, {}, pair, now=now)
    assert not calendar().is_working(date(2026, 11, 23))
    assert calendar().is_working(date(2026, 10, 1))  # a revision is the whole year
    assert not calendar().is_working(date(2025, 10, 1))


def test_a_pack_of_ones_own_can_be_assigned_and_has_versions(cast, pair, now):
    unit, day = cast.city.organisation, now.date()
    approved_pack("chenghu", {REPLY: {"2026-01-01": "6 working-days"}}, day, pair, now=now)
    assigned(unit, "chenghu", day, pair, now=now)
    assert limit(unit, day) == ("6 working-days", "chenghu")
    later = day + timedelta(days=60)
    approved_pack(
        "chenghu", {REPLY: {"2026-01-01": "6 working-days", later.isoformat(): "4 working-days"}}, later, pair, now=now
    )
    assert [limit(unit, day)[0], limit(unit, later)[0]] == ["6 working-days", "4 working-days"]
    assert answer_for(unit, REPLY, on=day).limit == Span(6, Unit.WORKING_DAYS)
    assert "chenghu" in library().names


def test_asking_for_many_units_reads_the_tables_once(cast, county, pair, now, django_assert_num_queries):
    assigned(cast.city.organisation, "hebi", now.date(), pair, now=now)
    with django_assert_num_queries(4):
        rules = book()
        for unit in (cast.city.organisation, county, cast.province):
            rules.answer(unit.lineage, REPLY, now.date())

"""A changed calendar and a changed demand on data reach those whom they concern, with the dates that move and the trail."""

from datetime import date, datetime, timedelta

import pytest

from jiyue.domain.deadlines import SHANGHAI
from jiyue.domain.working_days import CalendarYear
from jiyue.foundation.models import AuditEvent
from jiyue.obligations.actions import note_rule_change
from jiyue.obligations.changing import CALENDARS, apply_changes, notice_calendars
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import MovedDate, Obligation
from jiyue.obligations.noticing import unread_for
from jiyue.obligations.noticing_days import moves_of
from jiyue.rules.actions import approve, revise_calendar
from jiyue.rules.library import Library, shipped
from tests.apps.obligations.facts import REPLY, Stated, fact
from tests.apps.rules.decisions import approved_calendar

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hebi"), pytest.mark.req("CAL-01")]
DAY = timedelta(days=1)
# The holidays of 2027 are not announced on the day of these tests.
NEW_YEAR = {"2027-01-01": "元旦", "2027-01-02": "元旦", "2027-01-03": "元旦", "2027-01-04": "元旦"}


@pytest.fixture
def over_new_year(cast, now) -> Stated:
    """Letters of the end of December: five working days go over New Year. One that is due long before."""
    late = datetime(2026, 12, 28, 10, tzinfo=SHANGHAI)
    stated = Stated([fact(cast.city, subject="letter:1", started_at=late),
                     fact(cast.outside, subject="letter:2", started_at=late),
                     fact(cast.city, subject="letter:3", started_at=now - DAY)])  # fmt: skip
    refresh(stated, now=now)
    return stated


def told(user, now) -> list[tuple[str, str]]:
    return [(change.ref, change.stage) for change in unread_for(user, now)]


def dues() -> dict[str, date]:
    return {row.subject: row.act_by.astimezone(SHANGHAI).date() for row in Obligation.objects.all()}


def working_days(free: set[str], *, wanted: int = 5) -> date:
    """Counted here by hand: Monday to Friday after 28 December but for these days."""
    day, counted = date(2026, 12, 28), 0
    while counted < wanted:
        day += DAY
        counted += day.weekday() < 5 and day.isoformat() not in free
    return day


def test_while_it_is_asked_for_it_says_which_dates_would_move(cast, pair, over_new_year, now):
    before = dues()["letter:1"]
    row = revise_calendar(
        year=2027, off=NEW_YEAR, worked={}, notice="2027 年放假安排", grounds="通知已发布", by=pair[0], now=now
    )
    assert told(cast.city.manager, now) == [(f"calendar/{row.pk}", "asked")]
    (change,) = unread_for(cast.city.manager, now)
    (move,) = moves_of(change, cast.city.manager, now).moved
    after = move.after.astimezone(SHANGHAI).date()
    assert (move.obligation.subject, before, after) == ("letter:1", dues()["letter:1"], working_days({*NEW_YEAR}))
    assert after > before


def test_once_decided_it_says_what_moved_and_the_trail_keeps_it(cast, pair, over_new_year, now):
    before = dues()
    row = approved_calendar(2027, NEW_YEAR, {}, pair, now=now)
    apply_changes(sources=[over_new_year], now=now)
    # The neighbours follow the nation, which gives them seven.
    assert dues() == before | {
        "letter:1": working_days({*NEW_YEAR}), "letter:2": working_days({*NEW_YEAR}, wanted=7),
    }  # fmt: skip
    for person in (cast.city.manager, cast.city.editor, cast.outside.manager):
        assert told(person, now) == [(f"calendar/{row.pk}", "decided")]
    (change,) = unread_for(cast.city.manager, now)
    assert [move.obligation.subject for move in moves_of(change, cast.city.manager, now).moved] == ["letter:1"]
    assert AuditEvent.objects.filter(code="obligations.due_moved", data__cause="calendar").count() == 2
    note_rule_change(change=change, by=cast.city.manager, now=now)
    assert told(cast.city.manager, now) == []


def test_whose_dates_stay_and_who_answers_for_nothing_is_not_told(cast, pair, now):
    refresh(Stated([fact(cast.city, subject="letter:3", started_at=now - DAY)]), now=now)
    approved_calendar(2027, NEW_YEAR, {}, pair, now=now)
    apply_changes(sources=[], now=now)
    assert told(cast.city.manager, now)
    for person in (cast.city.editor, cast.city.first, cast.auditor):
        assert told(person, now) == []


def test_days_of_one_area_concern_nobody_else(cast, pair, over_new_year, now):
    row = revise_calendar(
        year=2027, off={"2027-01-05": "州庆"}, worked={}, organisation=cast.city.organisation, notice="市政府通知",
        grounds="民族节日", by=pair[0], now=now,
    )  # fmt: skip
    approve(proposal=row, by=pair[1], now=now)
    apply_changes(sources=[over_new_year], now=now)
    assert told(cast.city.manager, now)
    assert told(cast.outside.manager, now) == []
    assert set(MovedDate.objects.values_list("obligation__subject", flat=True)) <= {"letter:1"}


def with_2027(monkeypatch) -> None:
    """The next version of the program ships the days off of 2027."""
    library = shipped()
    newer = Library(library.folder)
    days = {date.fromisoformat(day): name for day, name in NEW_YEAR.items()}
    newer.__dict__["calendar"] = library.calendar.replacing(CalendarYear(2027, days, {}))
    for module in ("obligations.changing", "rules.queries"):
        monkeypatch.setattr(f"jiyue.{module}.shipped", lambda: newer)


def test_a_calendar_that_comes_with_an_upgrade_moves_dates_once_and_is_told(cast, over_new_year, now, monkeypatch):
    assert notice_calendars(now=now) == 0
    assert Obligation.objects.get(subject="letter:1").provisional
    with_2027(monkeypatch)
    assert notice_calendars(now=now) == 2
    assert notice_calendars(now=now) == 0
    moved = Obligation.objects.get(subject="letter:1")
    assert (dues()["letter:1"], moved.provisional) == (working_days({*NEW_YEAR}), False)
    ((ref, stage),) = told(cast.city.manager, now)
    assert (ref.split("/")[0], stage) == (CALENDARS, "decided")
    (event,) = AuditEvent.objects.filter(code="rules.calendar_noticed")
    assert (event.data["years"], event.data["moved"]) == ("2027", 2)


def test_a_year_decided_in_the_console_stays_when_an_upgrade_brings_another(
    cast, pair, over_new_year, now, monkeypatch
):
    notice_calendars(now=now)
    approved_calendar(2027, NEW_YEAR | {"2027-01-05": "元旦"}, {}, pair, now=now)
    apply_changes(sources=[over_new_year], now=now)
    decided = dues()
    with_2027(monkeypatch)
    notice_calendars(now=now)
    assert dues() == decided
    assert not AuditEvent.objects.filter(code="rules.calendar_noticed").exists()


def test_the_rule_itself_stays_as_it_began(cast, pair, over_new_year, now):
    approved_calendar(2027, NEW_YEAR, {}, pair, now=now)
    apply_changes(sources=[over_new_year], now=now)
    assert {
        str(row.answer.limit) for row in Obligation.objects.filter(parameter=REPLY, unit=cast.city.organisation)
    } == {"5 working-days"}

"""1 January of a year that is not announced yet is no working day; the date stays provisional (CAL-01)."""

from datetime import date, datetime, timedelta

import pytest

from jiyue.domain.deadlines import SHANGHAI, due
from jiyue.domain.fixed_holidays import NotAHoliday, read_fixed_holidays
from jiyue.domain.limits import Span, Unit
from jiyue.rules import wording
from jiyue.rules.library import shipped

pytestmark = pytest.mark.req("CAL-01")


def test_a_limit_over_new_year_skips_the_first_of_january():
    last = max(year.year for year in shipped().calendar.years)
    start = datetime(last, 12, 30, 10, tzinfo=SHANGHAI)
    found = due(Span(3, Unit.WORKING_DAYS), start=start, calendar=shipped().calendar)
    day, counted = start.date(), 0
    while counted < 3:  # Monday to Friday but for 1 January
        day += timedelta(days=1)
        counted += day.weekday() < 5 and (day.month, day.day) != (1, 1)
    assert (found.at.date(), found.provisional) == (day, True)


def test_the_day_says_why_and_that_it_is_not_announced():
    last = max(year.year for year in shipped().calendar.years)
    first = next(date(year, 1, 1) for year in range(last + 1, last + 8) if date(year, 1, 1).weekday() < 5)
    assert wording.why(shipped().calendar.why(first)) == "元旦，法定假日（当年放假安排未公布或未载入）"


def test_the_national_pack_says_on_what_article_they_are_off():
    answer = shipped().ruleset("hebi").answer("calendar.fixed-holidays", date(2026, 11, 22))
    assert answer.pack == "national"
    assert [(basis.document, basis.article) for basis in answer.basis] == [("全国年节及纪念日放假办法", "第二条")]
    assert set(read_fixed_holidays(answer.terms.value)) == {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


@pytest.mark.parametrize(
    "setting", ["01-01", {"13-01": "元旦"}, {"02-30": "元旦"}, {"02-29": "元旦"}, {"01-01": ""}, {"x": "y"}]
)
def test_what_is_no_date_or_has_no_name_is_refused(setting):
    with pytest.raises(NotAHoliday):
        read_fixed_holidays(setting)

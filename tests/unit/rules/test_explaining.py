"""Every rule that ships can be explained, and has a date exactly when it is one."""

import json
from datetime import datetime

import pytest

from jiyue.domain.deadlines import SHANGHAI
from jiyue.domain.rule_terms import Deadline, Recurrence
from jiyue.domain.rulesets import Answer, NotSet
from jiyue.rules import explaining
from jiyue.rules.library import shipped
from jiyue.rules.reckoning import NoDate, reckon

KEYS = ["parameter", "pack", "pack_version", "unit", "limit", "from", "due", "latest", "basis", "provisional", "days"]
STARTS = [datetime(year, 9, 29, 10, tzinfo=SHANGHAI) for year in (2007, 2018, 2025, 2026, 2030)]


def has_date(answer):
    terms = answer.terms
    return isinstance(terms, Deadline) or (isinstance(terms, Recurrence) and bool(terms.gap or terms.by))


@pytest.mark.parametrize("name", shipped().names)
def test_every_rule_of_every_pack_can_be_explained(name):
    library, ruleset = shipped(), shipped().ruleset(name)
    for start in STARTS:
        for parameter in library.parameters.values():
            answer = ruleset.answer(parameter.name, start.date())
            try:
                found = reckon(answer, start=start, calendar=library.calendar)
            except (NoDate, NotSet):
                found = None
            document = explaining.as_json(parameter, answer, found, start.isoformat(), latest=True)
            assert list(document) == KEYS
            assert (found is not None) == has_date(answer) == (document["due"] is not None)
            assert list(explaining.rule(parameter, answer))
            assert found is None or list(explaining.reckoning(found))
            assert Answer.from_json(json.loads(json.dumps(answer.as_json()))) == answer


def explained(asked, pack, start):
    parameter = shipped().parameter(asked)
    answer = shipped().ruleset(pack).answer(parameter.name, start.date())
    found = reckon(answer, start=start, calendar=shipped().calendar)
    return explaining.as_json(parameter, answer, found, start.isoformat(), latest=False), list(
        explaining.day_lines(found)
    )


def test_hours_run_through_the_holiday_and_say_so():
    document, days = explained("P-34", "ningxia", datetime(2025, 9, 30, 20, 30, tzinfo=SHANGHAI))
    assert (document["unit"], document["limit"], document["due"]) == ("hours", 12, "2025-10-01T08:30:00+08:00")
    assert days == ["2025-09-30 周二  工作日，起算日", "2025-10-01 周三  国庆节放假，期限届满  ← 期限"]


def test_calendar_days_are_numbered_through_the_holiday():
    document, days = explained("P-04", "hubei", datetime(2025, 9, 29, 10, tzinfo=SHANGHAI))
    assert (document["due"], len(document["days"])) == ("2025-10-29T23:59:59+08:00", 30)
    assert days[2] == "2025-10-01 周三  国庆节放假，第 2 日"
    assert days[-1] == "2025-10-29 周三  工作日，第 30 日  ← 期限"


def test_a_start_on_a_day_off_is_not_counted_nor_is_it_said_to_be_a_working_day():
    _, days = explained("P-40", "hebi", datetime(2025, 10, 1, 10, tzinfo=SHANGHAI))
    assert days[0] == "2025-10-01 周三  国庆节放假，起算日，不计入"


def test_the_rule_of_the_day_on_which_the_clock_started_counts():
    before, _ = explained("P-46", "hubei", datetime(2019, 5, 14, 10, tzinfo=SHANGHAI))
    after, _ = explained("P-46", "hubei", datetime(2019, 5, 15, 10, tzinfo=SHANGHAI))
    assert (before["limit"], after["limit"], before["pack"]) == (15, 20, "national")
    assert before["basis"] != after["basis"]

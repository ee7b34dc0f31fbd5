"""The table of acts of a disclosure request, the rows of the report, and limits that stand still."""

from datetime import date, datetime, timedelta

import pytest

from jiyue.domain.deadlines import SHANGHAI, due
from jiyue.domain.disclosure import OPEN, TABLE, Act, Forbidden, State, Who, acts_in, rule_for
from jiyue.domain.disclosure_outcomes import GROUPS, Applicant, Decision, Remedy, Row, Verdict, row_of
from jiyue.domain.disclosure_report import COLUMNS, ROWS, Asked, Contested, contested_in, report_of, total_of
from jiyue.domain.letters import is_credit_code, is_id_card
from jiyue.domain.limits import parse_limit
from jiyue.domain.working_days import WorkingCalendar

MONDAY = datetime(2026, 3, 2, 10, tzinfo=SHANGHAI)


def test_every_state_is_reached_and_every_open_one_left():
    assert {rule.to for rule in TABLE if rule.to} == set(State)
    for state in OPEN:
        assert any(rule.to not in (None, state) for rule in TABLE if state in rule.sources)


def test_nothing_is_answered_without_another_person():
    assert {rule.who for rule in TABLE if rule.to == State.READY} == {Who.REVIEWER}
    assert [rule.sources for rule in TABLE if rule.act == Act.SEND] == [frozenset({State.READY})]
    with pytest.raises(Forbidden):
        rule_for(Act.SEND, State.HANDLING)


def test_what_happens_once_is_not_offered_again():
    assert Act.NOTIFY in acts_in(State.RECEIVED)
    assert Act.NOTIFY not in acts_in(State.RECEIVED, done=[Act.NOTIFY])


def test_every_decision_counts_in_one_row_of_a_group():
    assert {row_of(decision) for decision in Decision} == set(Row) == set(GROUPS)
    assert len(ROWS) == 25 and len(COLUMNS) == 7


@pytest.mark.parametrize(("stops", "end"), [
    ((), date(2026, 3, 13)),
    # asked on the 4th, answered on the 6th: Thursday and Friday do not count
    (((date(2026, 3, 4), date(2026, 3, 6)),), date(2026, 3, 17)),
    # two at once are not taken off twice
    (((date(2026, 3, 4), date(2026, 3, 6)), (date(2026, 3, 4), date(2026, 3, 5))), date(2026, 3, 17)),
    # what is asked after the end moves nothing
    (((date(2026, 3, 13), date(2026, 3, 30)),), date(2026, 3, 13)),
])  # fmt: skip
def test_a_limit_in_working_days_stands_still(stops, end):
    found = due(parse_limit("9 working-days"), start=MONDAY, calendar=WorkingCalendar({}), stopped=stops)
    assert found.at.date() == end
    assert sum(day.counted for day in found.days) == 9
    assert [day.date for day in found.days if day.stopped] == [
        day for n in range(1, 16) if (day := date(2026, 3, 2) + timedelta(days=n)) <= end
        and any(since < day <= until for since, until in stops)
    ]  # fmt: skip


def test_a_year_counts_what_came_what_ended_and_what_is_left():
    asked = [
        Asked(1, Applicant.NATURAL, date(2025, 12, 1), date(2026, 1, 5), Row.DISCLOSED),
        Asked(2, Applicant.NATURAL, date(2026, 3, 1), date(2026, 3, 20), Row.PARTIAL),
        Asked(3, Applicant.COMPANY, date(2026, 12, 1), date(2027, 1, 9), Row.NOT_HELD),
        Asked(4, Applicant.COMPANY, date(2026, 12, 2), None, None),
        Asked(5, Applicant.COMPANY, date(2024, 1, 2), date(2025, 1, 2), Row.OTHER),
    ]
    report = report_of(2026, asked).checked()
    assert [report.figure(row, "total") for row in ("new", "carried_in", "settled", "carried_on")] == [3, 1, 2, 2]
    assert report.requests("carried_on", "company") == (3, 4)
    assert sum(sum(row.values()) for row in report.figures().values()) > 0
    broken = report_of(2026, [*asked, Asked(6, Applicant.RESEARCH, date(2026, 1, 1), date(2026, 2, 1), None)])
    assert [(one.column, one.difference) for one in broken.imbalances()] == [("research", 1), ("total", 1)]


def test_a_contest_is_pending_until_the_year_in_which_it_ends():
    one = Contested(1, Remedy.SUIT, date(2025, 11, 1), date(2026, 2, 1), Verdict.CORRECTED)
    for year, verdict in ((2025, Verdict.PENDING), (2026, Verdict.CORRECTED)):
        table = contested_in(year, [one])
        assert total_of(table, Remedy.SUIT, verdict) == total_of(table, Remedy.SUIT) == 1
    assert contested_in(2027, [one]) == {}


@pytest.mark.parametrize("wrong", ["", "91350100M000100Y44", "91350100M000100Y4", "I1350100M000100Y43", "中" * 18])
def test_a_wrong_credit_code_is_known(wrong):
    assert not is_credit_code(wrong) and is_credit_code("９1350100 M000100Y43")


@pytest.mark.parametrize("wrong", ["", "11010519491231002", "110105194912310021", "1101051949123100２X", "X" * 18])
def test_a_wrong_identity_number_is_known(wrong):
    assert is_id_card(wrong) is (wrong == "1101051949123100２X") and is_id_card("11010519491231002x")

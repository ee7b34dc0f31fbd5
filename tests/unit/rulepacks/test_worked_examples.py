"""Each deadline of the packs, computed by hand around National Day 2025 (and 2018 for the regulation of 2007).

Off from Wednesday 1 to Wednesday 8 October; worked in exchange on Sunday 28 September and Saturday 11 October. Working
days therefore run 26, 28 (Sun), 29, 30 September, 9, 10, 11 (Sat), 13, 14, 15, 16, 17, 20 … October. Counted from
Monday 29 September: 30 (1), 9 (2), 10 (3), 11 (4), 13 (5), 14 (6), 15 (7), 16, 17, 20 (10), 21, 22, 23, 24, 27 (15),
28, 29, 30, 31 October, 3 November (20); 4, 5, 6, 7, 10 (25), 11, 12, 13, 14, 17 (30), 18, 19, 20, 21, 24 (35), 25, 26,
27, 28 November, 1 December (40).
"""

from datetime import date, datetime

import pytest

from jiyue.domain.deadlines import SHANGHAI, due, months_after
from jiyue.domain.limits import Period
from jiyue.domain.recurrences import window
from jiyue.domain.rule_terms import Deadline
from jiyue.rules.library import shipped

MONDAY = "2025-09-29 10:00"
# parameter, pack that is asked, start, due, latest
EXAMPLES = [
    # 13 October is the 5th working day, 20 October the 10th.
    ("message.reply", "hebi", MONDAY, "2025-10-13", "2025-10-20"),
    # From Friday: Sunday 28 (1), 29, 30, 9 (4), 10 (5); 11, 13, 14, 15, 16 (10).
    ("message.reply", "hebi", "2025-09-26 17:59", "2025-10-10", "2025-10-16"),
    # From inside the break: 9 (1), 10, Saturday 11 (3), 13, 14 (5); 15, 16, 17, 20, 21 (10).
    ("message.reply", "hebi", "2025-10-04 08:00", "2025-10-14", "2025-10-21"),
    # 15 October is the 7th, 27 October the 15th; Ningxia has only 及时 and takes the nation's figures. In Xiangxi the 15 days are
    # those of a class, which nobody has named here.
    ("message.reply", "xiangxi", MONDAY, "2025-10-15", None),
    ("message.reply", "ningxia", MONDAY, "2025-10-15", "2025-10-27"),
    ("message.reply.simple", "hebi", MONDAY, "2025-10-13", None),
    # From Tuesday 30 September: 9 (1), 10 (2).
    ("error-report.reply", "hubei", "2025-09-30 16:00", "2025-10-10", None),
    ("error-report.forward", "hubei", "2025-09-30 16:00", "2025-10-09", None),
    ("disclosure.regulations", "xiangxi", MONDAY, "2025-10-13", None),
    ("disclosure.major", "xiangxi", MONDAY, "2025-10-10", None),
    ("disclosure.other", "xiangxi", MONDAY, "2025-10-13", "2025-10-20"),
    ("disclosure.other", "hebi", MONDAY, "2025-11-03", None),
    # From Tuesday 30 September: 9, 10, Saturday 11 (3), 13, 14 (5).
    ("document.publish", "ningxia", "2025-09-30 09:00", "2025-10-14", None),
    ("document.publish", "xiangxi", "2025-09-30 09:00", "2025-10-14", None),
    ("interpretation.publish", "ningxia", "2025-09-30 09:00", "2025-10-11", None),
    ("interpretation.publish", "hebi", "2025-09-30 09:00", "2025-10-11", None),
    ("survey.result", "xiangxi", MONDAY, "2025-10-27", None),
    # From the Sunday that is worked: 29 (1), 30 (2), 9 (3).
    ("new-media.filing", "hebi", "2025-09-28 11:00", "2025-10-09", None),
    ("domain.registration", "hebi", MONDAY, "2025-10-10", None),
    ("disclosure-request.reply", "hubei", MONDAY, "2025-11-03", "2025-12-01"),
    ("disclosure-request.extension", "hubei", "2025-11-03 23:59", "2025-12-01", None),
    ("disclosure-request.correction", "hubei", MONDAY, "2025-10-15", None),
    ("disclosure-request.third-party", "hubei", MONDAY, "2025-10-27", None),
    ("disclosure-request.other-body", "hubei", MONDAY, "2025-10-27", None),
    # 2018: off 1 to 7 October, worked Saturday 29 and Sunday 30 September. From Friday 28: 29, 30 (2), 8, 9, 10, 11,
    # 12 (7), 15 … 19 (12), 22, 23, 24 (15), 25, 26, 29, 30, 31 (20), 1, 2, 5 … 9 (27), 12, 13, 14 November (30).
    ("disclosure-request.reply", "hubei", "2018-09-28 10:00", "2018-10-24", "2018-11-14"),
    # Days of the calendar: 29 September and thirty of them.
    ("site.temporary-offline.length", "hubei", MONDAY, "2025-10-29", None),
    ("site.temporary-offline.length", "chaoyang", MONDAY, "2025-10-29", None),
    # Six months from 1 April end on 1 October, a day off.
    ("account.dormant", "hebi", "2025-04-01 12:00", "2025-10-01", None),
    # On the day itself, holiday or not.
    ("column.update.subsite", "chaoyang", "2025-10-01 23:30", "2025-10-01", None),
]
# Hours run through the night into the break.
HOURS = [
    ("reprint.publish", "ningxia", "2025-09-30 20:30", "2025-10-01 08:30"),
    ("reprint.publish", "hubei", "2025-09-30 20:30", "2025-10-01 20:30"),
    ("emergency.release", "hebi", "2025-09-30 22:00", "2025-10-01 03:00"),
    ("emergency.briefing", "hebi", "2025-09-30 22:00", "2025-10-01 22:00"),
]
WITH_EVENT = [
    ("interpretation.publish", "hubei"),
    ("interpretation.publish", "xiangxi"),
    ("disclosure.change", "chaoyang"),
    ("disclosure.regulations", "chaoyang"),
    ("document.publish", "chaoyang"),
    ("security.planning", "hubei"),
]


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def ends(day):
    return moment(f"{day} 23:59:59")


def answered(pack, parameter, on):
    return shipped().ruleset(pack).answer(parameter, on)


@pytest.mark.req("CAL-01")
@pytest.mark.parametrize(("parameter", "pack", "start", "due_on", "latest_on"), EXAMPLES)
def test_a_deadline_in_days_ends_on_the_day_found_by_hand(parameter, pack, start, due_on, latest_on):
    begun = moment(start)
    answer = answered(pack, parameter, begun.date())
    found = due(answer.limit, start=begun, calendar=shipped().calendar)
    assert (found.at, found.provisional) == (ends(due_on), False)
    latest = answer.latest and due(answer.latest, start=begun, calendar=shipped().calendar).at
    assert latest == (latest_on and ends(latest_on))


@pytest.mark.req("CAL-02")
@pytest.mark.parametrize(("parameter", "pack", "start", "due_at"), HOURS)
def test_hours_run_through_night_and_holiday(parameter, pack, start, due_at):
    begun = moment(start)
    found = due(answered(pack, parameter, begun.date()).limit, start=begun, calendar=shipped().calendar)
    assert found.at == moment(due_at)


@pytest.mark.req("CAL-02")
@pytest.mark.parametrize(("parameter", "pack"), WITH_EVENT)
def test_at_the_same_time_is_the_moment_of_the_other_event(parameter, pack):
    begun, other = moment("2025-10-01 08:00"), moment("2025-10-09 09:15")
    limit = answered(pack, parameter, begun.date()).limit
    assert due(limit, start=begun, calendar=shipped().calendar, event_at=other).at == other


def test_every_deadline_with_a_figure_has_an_example():
    worked = {example[0] for example in (*EXAMPLES, *HOURS, *WITH_EVENT)}
    library = shipped()
    figures = {
        name
        for pack in library.names
        for name, values in library.pack(pack).values.items()
        if any(isinstance(value.terms, Deadline) for value in values)
    }
    assert worked == figures


@pytest.mark.parametrize(
    ("parameter", "pack", "last", "due_on"),
    [
        # Two weeks from Wednesday 24 September end on Wednesday 8 October, the last day of the break.
        ("column.update.news", "hebi", "2025-09-24 10:00", "2025-10-08"),
        ("column.update.news", "xiangxi", "2025-09-24 10:00", "2025-10-08"),
        ("column.update.policy", "hebi", "2025-04-08 10:00", "2025-10-08"),
        # 31 August has no counterpart in February.
        ("column.update.policy", "xiangxi", "2025-08-31 10:00", "2026-02-28"),
        ("column.update.other", "hebi", "2024-10-05 10:00", "2025-10-05"),
        ("column.update.other", "xiangxi", "2024-10-05 10:00", "2025-10-05"),
    ],
)
def test_the_longest_gap_runs_from_the_last_update(parameter, pack, last, due_on):
    begun = moment(last)
    gap = answered(pack, parameter, begun.date()).terms.gap
    assert due(gap, start=begun, calendar=shipped().calendar).at == ends(due_on)


@pytest.mark.parametrize(
    ("parameter", "pack", "first", "last"),
    [
        # The week of the break begins on Monday 29 September and ends on Sunday 5 October.
        ("new-media.posts.main", "hebi", "2025-09-29", "2025-10-05"),
        ("new-media.posts.other", "hebi", "2025-09-29", "2025-10-05"),
        ("inspection.sample", "hubei", "2025-07-01", "2025-09-30"),
        ("security.self-check", "hubei", "2025-07-01", "2025-12-31"),
        ("security.drill", "hebi", "2025-01-01", "2025-12-31"),
        ("column.update.portal-news", "chaoyang", "2025-09-30", "2025-09-30"),
    ],
)
def test_a_rhythm_is_counted_in_the_periods_of_the_calendar(parameter, pack, first, last):
    begun = moment("2025-09-30 10:00")
    rate = answered(pack, parameter, begun.date()).terms.rate
    found = window(rate.per, at=begun)
    assert (found.first, found.last) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("parameter", ["site.report", "supervision.report"])
def test_annual_reports_are_due_on_31_january(parameter):
    by = answered("hubei", parameter, date(2025, 10, 1)).terms.by
    assert due(by, start=moment("2025-10-01 09:00"), calendar=shipped().calendar).at == ends("2026-01-31")


def test_a_site_goes_offline_once_in_a_calendar_year():
    most = answered("hubei", "site.temporary-offline.count", date(2025, 10, 1)).terms.at_most
    year = window(most.per, at=moment("2025-10-01 09:00"))
    assert (most.most, most.per, year.first, year.last) == (1, Period.YEAR, date(2025, 1, 1), date(2025, 12, 31))


def test_thirty_per_cent_of_seven_sites_are_three():
    assert answered("hubei", "inspection.share", date(2025, 10, 1)).terms.at_least.least_of(7) == 3


def test_logs_of_8_april_are_kept_until_8_october():
    kept = answered("ningxia", "log.retention", date(2025, 4, 8)).terms.at_least
    assert months_after(date(2025, 4, 8), kept.amount) == date(2025, 10, 8)


def test_a_closure_notice_of_29_september_stays_until_29_october():
    kept = answered("hubei", "notice.closure.kept", date(2025, 9, 29)).terms.at_least
    assert due(kept, start=moment(MONDAY), calendar=shipped().calendar).at == ends("2025-10-29")

"""Boards and wall: real numbers, each with its list; a month with holidays; charts that can be read as tables."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiyue.console.duties import boards
from jiyue.console.duties.asked import Asked
from jiyue.console.duties.boards import MOST_BARS, MOST_ON_THE_WALL, drawn, figures, interpreted, whole
from jiyue.console.duties.charts import Bar, Point, bars, line
from jiyue.domain.deadlines import SHANGHAI, local
from jiyue.domain.limits import Span
from jiyue.obligations.models import Obligation
from jiyue.publishing.interpreting import coverage
from jiyue.rules.library import shipped
from tests.apps.obligations.facts import NEWS

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def text(answer) -> str:
    return answer.content.decode()


def numbers(user, **scope) -> dict[str, str]:
    asked = whole(Asked(user=user, now=timezone.now(), **scope))
    return {str(figure.label): figure.value for figure in figures(asked, interpreted(asked))}


def test_nothing_known_shows_no_number(cast, on):
    page = text(on(cast.supervisor, "console_duty_board"))
    assert numbers(cast.supervisor)["没有按时更新的栏目"] == ""
    assert "没有栏目有更新要求" in page and "今年还没有应当解读的文件" in page
    assert not re.search(r"\d+%</span>", page)
    assert '<svg class="jd-chart"' not in page


def test_the_figures_count_what_their_lists_show(cast, owe, on):
    now = timezone.now()
    owe(title="老留言", subject="letter:1", started_at=now - 90 * DAY)
    owe(title="新留言", subject="letter:2", started_at=now)
    owe(title="旧栏目", subject="column:1", parameter=NEWS, started_at=now - 40 * DAY)
    found = numbers(cast.supervisor)
    assert (found["已逾期"], found["超过最迟期限"], found["没有按时更新的栏目"]) == ("2", "1", "1")
    asked = whole(Asked(user=cast.supervisor, now=now))
    for figure in figures(asked, interpreted(asked)):
        if figure.address:
            listed = text(on_address(on, cast.supervisor, figure.address))
            assert listed.count('class="jy-line"') == int(figure.value), figure.label
    page = text(on(cast.supervisor, "console_duty_board", site=cast.city.site.pk))
    assert page.count('class="jd-chart"') >= 2 and "看表格" in page


def on_address(on, user, address):
    _path, _mark, query = address.partition("?")
    return on(user, "console_duties", **dict(part.split("=") for part in query.split("&")))


def test_a_board_asks_the_same_number_of_questions_for_more(cast, owe, on):
    now = timezone.now()
    owe(subject="letter:0", started_at=now - 90 * DAY)
    for view in ("console_duty_board", "console_duty_wall", "console_duty_month"):
        on(cast.supervisor, view, who="all")
    counts = {}
    for rows in ((), range(1, 20)):
        for number in rows:
            owe(subject=f"letter:{number}", title=f"第{number}封", started_at=now - 90 * DAY)
        for view in ("console_duty_board", "console_duty_wall", "console_duty_month"):
            with CaptureQueriesContext(connection) as asked:
                on(cast.supervisor, view, who="all")
            counts.setdefault(view, []).append(len(asked))
    assert {view: few == many for view, (few, many) in counts.items()} == dict.fromkeys(counts, True), counts


def test_the_wall_refreshes_itself_and_tells_by_unit(cast, owe, on):
    owe(title="老留言", started_at=timezone.now() - 90 * DAY)
    page = text(on(cast.supervisor, "console_duty_wall"))
    assert 'http-equiv="refresh" content="60"' in page and cast.city.organisation.name in page and "老留言" in page
    assert "<form" not in page and "<button" not in page
    assert "老留言" not in text(on(cast.outside.manager, "console_duty_wall"))


def test_the_month_marks_days_off_and_worked_weekends(cast, owe, on):
    owe(title="节前留言", started_at=datetime(2026, 9, 29, 10, tzinfo=SHANGHAI))
    page = text(on(cast.city.editor, "console_duty_month", month="2026-10"))
    assert page.count("国庆节放假") == 7 and "国庆节调休上班" in page
    cell = re.search(r'<td class="jd-cell[^>]*>(?:(?!</td>).)*节前留言', page, re.S)
    assert cell and 'datetime="2026-10-' in cell[0] and "已逾期" in cell[0]
    assert "暂定" in text(on(cast.city.editor, "console_duty_month", month="2027-05"))


@pytest.mark.parametrize("month", ["", "2026-13", "x", "1-1", "9999-12", "2026-1"])
def test_an_odd_month_is_this_one(cast, on, month):
    answer = on(cast.city.editor, "console_duty_month", month=month)
    assert answer.status_code == 200


def test_a_day_with_many_shows_three_and_a_link(cast, owe, on):
    now = timezone.now()
    due, *_others = [local(owe(subject=f"letter:{n}", title=f"第{n}封", started_at=now).act_by) for n in range(5)]
    page = text(on(cast.city.editor, "console_duty_month", month=f"{due:%Y-%m}"))
    assert "还有 2 件" in page and page.count("封</a>") == 3


def test_charts_keep_their_measure_and_escape(db):
    drawn = bars([Bar("<b>", 10), Bar("乙", 0), Bar("丙", 1)], title="t")
    assert "&lt;b&gt;" in drawn and 'width="100.00%"' in drawn and 'width="0.00%"' in drawn
    assert (bars([], title="t"), line([Point("a", 1)], title="t")) == ("", "")
    assert line([Point("a", 0), Point("b", 0)], title="t").count("jd-chart__line") == 1


def test_the_bars_of_what_is_late_come_to_the_number_above_them(cast, owe):
    begun = timezone.now() - 400 * DAY
    rules = shipped().ruleset("hebi")
    counted = [name for name in rules.parameters if isinstance(rules.answer(name, begun.date()).limit, Span)]
    for name in counted:
        owe(subject=f"matter:{name}", parameter=name, started_at=begun)
    kinds = {row.parameter for row in Obligation.objects.pending()}
    assert len(kinds) > MOST_BARS
    asked = whole(Asked(user=cast.supervisor, now=timezone.now()))
    chart = drawn(asked, interpreted(asked))[0]
    assert len(chart.rows) == MOST_BARS
    assert chart.rows[-1].label == f"其余 {len(kinds) - MOST_BARS + 1} 类"
    assert sum(row.value for row in chart.rows) == int(numbers(cast.supervisor)["已逾期"])


def test_the_wall_tells_what_it_does_not_list_and_what_is_past_the_latest_limit(cast, owe, on):
    for number in range(MOST_ON_THE_WALL + 3):
        owe(title=f"老留言{number}", subject=f"letter:{number}", started_at=timezone.now() - 90 * DAY)
    page = text(on(cast.supervisor, "console_duty_wall"))
    assert "另有 3 件没有列出" in page and page.count("，超过最迟期限") == MOST_ON_THE_WALL


def test_coverage_counts_only_what_its_reader_may_see(cast, monkeypatch):
    """A manager of one site sees the number of her site, not that of the whole city with a list of her own beneath it."""
    asked_for = []
    monkeypatch.setattr(boards, "coverage", lambda unit, **how: asked_for.append(how["sites"]) or coverage(unit, **how))
    numbers(cast.city.manager)
    numbers(cast.supervisor, site=cast.city.site)
    assert asked_for == [[cast.city.site.pk], [cast.city.site.pk]]

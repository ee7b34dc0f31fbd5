"""清单: everybody's own, a site's, a unit's; what, why, until when, how late; never more questions for more rows."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from jiyue.console.duties import digests
from jiyue.console.duties.asked import Asked
from jiyue.console.duties.rows import every_row, found
from jiyue.obligations.actions import meet_by_hand
from jiyue.review.actions import submit
from tests.apps.obligations.facts import INTERPRETATION, NEWS
from tests.cast import draft

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def text(answer) -> str:
    return answer.content.decode()


def test_a_line_says_what_why_until_when_and_how_late(cast, owe, on):
    now = timezone.now()
    owe(title="路灯不亮", started_at=now - 90 * DAY)
    page = text(on(cast.city.editor, "console_duties"))
    assert "路灯不亮" in page and "第二十九条" in page and "5 个工作日" in page
    assert "已逾期" in page and "超过最迟期限" in page
    assert "为什么是这一天" in page and "不计入" in page


def test_the_first_page_tells_how_late_and_why(cast, owe, on):
    owe(title="路灯不亮", subject="matter:1", started_at=timezone.now() - 90 * DAY)
    page = text(on(cast.city.editor, "wagtailadmin_home"))
    assert "路灯不亮" in page and "已逾期" in page and "第二十九条" in page
    assert "为什么是这一天" in page and "不计入" in page


def test_mine_holds_what_other_apps_have_too(cast, owe, on, now):
    submit(record=draft(cast.city, now=now, title="湖岸清洁行动"), by=cast.city.editor, now=now)
    owe(title="路灯不亮")
    assert "湖岸清洁行动" in text(on(cast.city.first, "console_duties"))
    site = text(on(cast.city.manager, "console_duties", site=cast.city.site.pk))
    assert "湖岸清洁行动" in site and "路灯不亮" in site
    unit = text(on(cast.overseer, "console_duties", unit=cast.city.organisation.pk))
    assert "湖岸清洁行动" in unit and "路灯不亮" in unit


@pytest.mark.req("CAL-04")
def test_filters_narrow_by_state_rule_and_period(cast, owe, on):
    now = timezone.now()
    owe(title="老留言", subject="letter:1", started_at=now - 90 * DAY)
    owe(title="新留言", subject="letter:2", started_at=now)
    owe(title="旧栏目", subject="column:1", parameter=NEWS, started_at=now - 40 * DAY)
    shown = {
        "late": {"state": "late"}, "open": {"state": "open"}, "rule": {"rule": NEWS}, "month": {"period": "month"},
        "other": {"state": "other"}, "none": {"rule": INTERPRETATION},
    }  # fmt: skip
    found = {
        name: {
            title
            for title in ("老留言", "新留言", "旧栏目")
            if title in text(on(cast.city.editor, "console_duties", **query))
        }
        for name, query in shown.items()
    }
    assert found == {
        "late": {"老留言", "旧栏目"}, "open": {"新留言"}, "rule": {"旧栏目"}, "month": {"新留言"}, "other": set(), "none": set(),
    }  # fmt: skip


def test_what_is_done_is_found_by_its_state(cast, owe, on):
    duty = owe(title="路灯不亮")
    meet_by_hand(obligation=duty, note="已修好", by=cast.city.editor, now=timezone.now())
    assert "路灯不亮" not in text(on(cast.city.editor, "console_duties"))
    done = {
        state: "路灯不亮" in text(on(cast.city.editor, "console_duties", state=state)) for state in ("met", "met_late")
    }
    assert sorted(done.values()) == [False, True]


def test_nobody_reads_a_foreign_list(cast, owe, on):
    owe(title="路灯不亮")
    for person in (cast.outside.editor, cast.outside.manager):
        assert on(person, "console_duties", site=cast.city.site.pk).status_code == 404
        assert on(person, "console_duties", unit=cast.city.organisation.pk).status_code == 404
        assert "路灯不亮" not in text(on(person, "console_duties", who="all"))
    assert on(cast.operator, "console_duties").status_code == 404


def test_pages_of_25_and_the_same_number_of_questions(cast, owe, on):
    now = timezone.now()
    owe(subject="letter:0", started_at=now)
    on(cast.city.editor, "console_duties")
    with CaptureQueriesContext(connection) as few:
        on(cast.city.editor, "console_duties")
    for number in range(1, 31):
        owe(subject=f"letter:{number}", title=f"第{number}封", started_at=now)
    with CaptureQueriesContext(connection) as many:
        first = text(on(cast.city.editor, "console_duties"))
    assert len(many) == len(few)
    assert first.count('class="jy-line"') == 25 and 'rel="next"' in first
    assert text(on(cast.city.editor, "console_duties", p=2)).count('class="jy-line"') == 6


@pytest.mark.parametrize(
    "query", [{"p": "x"}, {"day": "2026-02-30"}, {"rule": "nothing"}, {"state": "?"}, {"p": "99999"}]
)
def test_odd_questions_are_answered_like_none(cast, on, query):
    assert on(cast.city.editor, "console_duties", **query).status_code == 200


def test_the_file_holds_the_same_rows_and_no_formula(cast, owe, on):
    owe(title="=HYPERLINK(1)\x07", started_at=timezone.now())
    answer = on(cast.city.editor, "console_duty_export")
    sheet = load_workbook(BytesIO(answer.content)).active
    heading, row = list(sheet.iter_rows(values_only=True))
    assert (heading[0], row[0]) == ("事项", "'=HYPERLINK(1)")
    assert "第二十九条" in row[1] and row[4] == "办理中"
    assert {cell.data_type for line in sheet.iter_rows() for cell in line if cell.value} == {"s"}


def test_who_has_nothing_of_her_own_is_led_to_what_is_late_below_her(cast, owe, on):
    owe(title="路灯不亮", subject="matter:1", started_at=timezone.now() - 90 * DAY)
    assert "?who=all&amp;state=late" in text(on(cast.supervisor, "console_duties", who="mine"))
    assert "路灯不亮" in text(on(cast.supervisor, "console_duties", who="all", state="late"))


def test_whoever_only_looks_on_sees_what_is_below_her_unasked(cast, owe, on):
    """Issue 3, C3: a supervisor has no list of her own; hers is what the sites below her owe."""
    now = timezone.now()
    owe(title="路灯不亮", started_at=now - 60 * DAY)
    owe(cast.outside, title="别处的事", subject="letter:9", started_at=now - 60 * DAY)
    home = text(on(cast.supervisor, "wagtailadmin_home"))
    assert "您看着的网站和单位" in home and "逾期 1 件" in home and "别处" not in home
    assert f"site={cast.city.site.pk}&amp;state=late" in home
    for view in ("console_duties", "console_duty_month"):
        assert "我能看到的全部" in text(on(cast.supervisor, view))
    listed = text(on(cast.supervisor, "console_duties"))
    assert "路灯不亮" in listed and "别处的事" not in listed
    assert "路灯不亮" not in text(on(cast.supervisor, "console_duties", who="mine"))
    rows = list(load_workbook(BytesIO(on(cast.supervisor, "console_duty_export").content)).active.values)
    assert [row[0] for row in rows[1:]] == ["路灯不亮"]
    assert digests.digest_for(cast.supervisor, now).late_in_all == 1
    assert "您看着的" not in text(on(cast.city.editor, "wagtailadmin_home"))
    assert "您看着的" not in text(on(cast.auditor, "wagtailadmin_home"))


def test_the_file_has_the_order_of_the_list(cast, owe):
    """Work of other apps stands between the duties by its time, as on the screen."""
    now = timezone.now()
    owe(title="早就逾期", subject="letter:1", started_at=now - 90 * DAY)
    record = draft(cast.city, now=now - 20 * DAY, title="等审核的稿件")
    submit(record=record, by=cast.city.editor, now=now - 20 * DAY)
    owe(title="以后才到期", subject="letter:2", started_at=now)
    asked = Asked(user=cast.overseer, now=now, everything=True)
    names = [row.title for row in every_row(asked, 100)]
    assert names == ["早就逾期", "等审核的稿件", "以后才到期"] == [row.title for row in found(asked).rows]

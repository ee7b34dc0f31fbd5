"""Rules, changes and calendars, used as people use them."""

from datetime import date

import pytest
from django.urls import reverse
from wagtail.users.models import UserProfile

from jiyue.rules.library import shipped
from jiyue.rules.models import CalendarRevision, LocalPack, Override, PackAssignment
from tests.apps.rules.decisions import approved_override, overseers

pytestmark = pytest.mark.django_db
NAMES = shipped().parameters
GROUNDS = {"document": "澄湖市留言办理规定", "article": "第三条", "number": "", "grounds": "本地要求更高"}


@pytest.fixture
def on(client):
    """Open a screen as somebody: on(user, "console_pack", "hebi")."""

    def open_screen(user, view, /, *args, **query):
        client.force_login(user)
        return client.get(reverse(view, args=args), query)

    return open_screen


@pytest.fixture
def send(client):
    """Send a form as somebody."""

    def send_form(user, view, /, *args, **data):
        client.force_login(user)
        return client.post(reverse(view, args=args), data)

    return send_form


@pytest.fixture
def pair(cast, now):
    return overseers(cast.city.organisation, now=now)


@pytest.fixture
def everywhere(db, now):
    return overseers(None, now=now, prefix="quan")


def text(response) -> str:
    return response.content.decode()


def refused(response) -> bool:
    """How the console's frame answers a forbidden act: back to the first page with a word."""
    return (response.status_code, response.headers.get("Location")) == (302, "/")


# --- reading


@pytest.mark.parametrize("part", ["editor", "first", "manager"])
def test_everybody_reads_the_packs(cast, on, part):
    page = text(on(cast.city.people[part], "console_packs"))
    assert "河南省鹤壁市" in page
    assert "据资料摘记" in page


def test_a_pack_shows_its_texts_and_its_values_by_topic_with_articles(cast, on):
    page = text(on(cast.auditor, "console_pack", "hebi"))
    assert "鹤壁市政府网站统一技术平台管理办法（试行）" in page
    assert "5 个工作日（最迟 10 个工作日）" in page
    assert "第二十九条" in page
    assert "日不确定" in page
    assert "待核实：Q-01" in page


@pytest.mark.parametrize("view, name", [("console_pack", "nowhere"), ("console_parameter", "no.such.thing")])
def test_what_does_not_exist_is_not_found(cast, on, view, name):
    assert on(cast.city.editor, view, name).status_code == 404


def test_a_parameter_shows_every_pack_with_what_it_takes_from_above(cast, on):
    page = text(on(cast.city.editor, "console_parameter", "message.reply", on="2026-11-21"))
    assert page.count("河南省鹤壁市") > 1
    assert "取自" in page


def test_who_reads_english_sees_what_is_regulated_by_its_english_name_and_the_texts_in_chinese(cast, on):
    UserProfile.objects.create(user=cast.city.editor, preferred_language="en")
    for view, ref in (("console_parameter", ["message.reply"]), ("console_pack", ["hebi"]), ("console_parameters", [])):
        page = text(on(cast.city.editor, view, *ref))
        assert NAMES["message.reply"].english in page
        assert f">{NAMES['message.reply'].title}<" not in page
    assert "鹤壁市政府网站统一技术平台管理办法" in text(on(cast.city.editor, "console_pack", "hebi"))


def test_the_units_of_a_person_stand_together_by_their_pack(cast, on):
    seen = text(on(cast.overseer, "console_packs"))
    mine = seen[seen.index("您的单位按谁的规定") : seen.index("全部规则包")]
    assert mine.count(reverse("console_pack", args=["national"])) == 1
    assert cast.city.organisation.name in mine


def test_before_a_text_came_into_force_it_says_nothing(cast, on):
    page = text(on(cast.city.editor, "console_parameter", "message.reply", on="2010-01-01"))
    assert "才有规定" in page or "未规定" in page


def test_the_calculator_names_every_day(cast, on):
    asked = {"whose": "pack:hebi", "start": "2026-09-29T10:00"}
    page = text(on(cast.city.editor, "console_parameter", "message.reply", **asked))
    assert "2026-10-12 23:59:59" in page
    assert "国庆节放假" in page
    assert "第 5 个工作日" in page


@pytest.mark.parametrize("start", ["", "gestern", "0001-01-01T00:00", "9999-12-31T23:59"])
def test_the_calculator_says_what_is_wrong_with_a_start(cast, on, start):
    answer = on(cast.city.editor, "console_parameter", "message.reply", whose="pack:hebi", start=start)
    assert answer.status_code == 200
    assert "of-error" in text(answer)


def test_two_packs_stand_side_by_side(cast, on):
    page = text(on(cast.city.editor, "console_compare", left="hebi", right="hubei", on="2026-11-21"))
    assert "留言" in page
    assert "ru-pairs" in page


# --- one value, from a day on


def test_an_override_is_proposed_shown_and_approved_by_another(cast, on, send, pair, now):
    unit = cast.city.organisation
    facts = {"scope": f"unit:{unit.pk}", "from_on": "2030-01-01", "limit_0": "3", "limit_1": "working-days", **GROUNDS}
    answer = send(pair[0], "console_override_new", "message.reply", **facts)
    row = Override.objects.get()
    assert answer.headers["Location"] == reverse("console_change", args=["override", row.pk])
    shown = text(on(pair[0], "console_change", "override", row.pk))
    assert "3 个工作日" in shown
    assert "要由另一位督办人员批复" in shown
    assert refused(send(pair[0], "console_change", "override", row.pk, answer="yes"))
    assert "个未完成事项在起用日期以前开始" in text(on(pair[1], "console_change", "override", row.pk))
    assert send(pair[1], "console_change", "override", row.pk, answer="yes", reply="同意").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.answered_by) == ("approved", pair[1])
    assert "本地调整" in text(on(cast.city.editor, "console_parameter", "message.reply"))


def test_a_refusal_needs_its_reason(cast, send, pair, now):
    row = proposed(cast, send, pair[0])
    assert send(pair[1], "console_change", "override", row.pk, answer="no", reply="").status_code == 422
    assert send(pair[1], "console_change", "override", row.pk, answer="no", reply="依据不足").status_code == 302
    row.refresh_from_db()
    assert (row.state, row.reply) == ("refused", "依据不足")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"limit_0": "几"}, "请填一个整数"),
        ({"limit_0": "0"}, "不能是零"),
        ({"limit_0": "99999"}, "数字太大"),
        ({"limit_0": ""}, "请填写数值"),
        ({"limit_0": "5", "latest_0": "3", "latest_1": "working-days"}, "最迟期限比一般期限还短"),
        ({"latest_when": "需要实地核查的"}, "填了“什么情况下可以用最迟期限”，“最迟期限”也要填"),
        ({"latest_needs": "on"}, "填了“用最迟期限须说明理由”，“最迟期限”也要填"),
        ({"limit_0": "", "latest_0": "9", "latest_1": "working-days"}, "请填写“期限”"),
        ({"from_on": "2020-01-01"}, "起用日期不能早于今天"),
        ({"from_on": ""}, "of-field--wrong"),
        ({"document": ""}, "of-field--wrong"),
        ({"grounds": ""}, "of-field--wrong"),
        ({"limit_1": "fortnights"}, "选择一个有效的选项"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(cast, send, pair, given, told):
    unit = cast.city.organisation
    facts = {"scope": f"unit:{unit.pk}", "from_on": "2030-01-01", "limit_0": "3", "limit_1": "working-days", **GROUNDS}
    answer = send(pair[0], "console_override_new", "message.reply", **{**facts, **given})
    assert answer.status_code == 422
    assert told in text(answer)
    assert given.get("grounds", "本地要求更高") in text(answer)
    assert not Override.objects.exists()


def test_a_foreign_unit_cannot_be_given_a_value(cast, send, pair):
    facts = {"scope": f"unit:{cast.outside.organisation.pk}", "from_on": "2030-01-01", "limit_0": "3", **GROUNDS}
    answer = send(pair[0], "console_override_new", "message.reply", limit_1="working-days", **facts)
    assert answer.status_code == 422
    assert not Override.objects.exists()


KINDS = {
    "message.reply": {"limit_0": "3", "limit_1": "working-days", "latest_0": "6", "latest_1": "working-days"},
    "site.count": {"at_most_0": "2", "at_most_1": "count"},
    "interpretation.coverage": {"at_least": "90"},
    "site.eligibility": {"answers": "市级部门：可以（至多 1 个；经市政府办公室批准）\n乡镇、街道：原则上不得"},
    "notice.closure.kept": {"at_least_0": "40", "at_least_1": "days"},
    "site.emergency-shutdown.counted": {"value": "否"},
    "column.update.news": {"gap_0": "1", "gap_1": "weeks"},
}


@pytest.mark.parametrize("parameter", KINDS)
def test_every_kind_of_value_can_be_written(cast, on, send, pair, parameter):
    unit = cast.city.organisation
    facts = {"scope": f"unit:{unit.pk}", "from_on": "2030-01-01", **GROUNDS, **KINDS[parameter]}
    assert on(pair[0], "console_override_new", parameter).status_code == 200
    answer = send(pair[0], "console_override_new", parameter, **facts)
    assert answer.status_code == 302, text(answer)
    assert text(on(pair[1], "console_change", "override", Override.objects.get().pk)).count("ru-what") >= 1


def test_an_overseer_of_the_whole_platform_may_change_a_pack(everywhere, send):
    facts = {"scope": "pack:hebi", "from_on": "2030-01-01", "limit_0": "3", "limit_1": "working-days", **GROUNDS}
    assert send(everywhere[0], "console_override_new", "message.reply", **facts).status_code == 302
    assert Override.objects.get().pack == "hebi"


def proposed(cast, send, person) -> Override:
    unit = cast.city.organisation
    facts = {"scope": f"unit:{unit.pk}", "from_on": "2030-01-01", "limit_0": "3", "limit_1": "working-days", **GROUNDS}
    send(person, "console_override_new", "message.reply", **facts)
    return Override.objects.get()


# --- packs for units, and packs of one's own


def test_a_pack_is_assigned_and_what_changes_is_shown(cast, on, send, pair):
    facts = {"organisation": cast.city.organisation.pk, "pack": "hubei", "from_on": "2030-01-01", "grounds": "按属地"}
    assert send(pair[0], "console_assign", **facts).status_code == 302
    row = PackAssignment.objects.get()
    page = text(on(pair[1], "console_change", "assignment", row.pk))
    assert page.count("ru-what") > 10
    assert send(pair[1], "console_change", "assignment", row.pk, answer="yes").status_code == 302


PACK = """pack: chenghu
name: 澄湖市
level: city
extends: national
version: 2026-11-21
texts:
  rules:
    title: 澄湖市政府网站管理办法
    number: null
    issued: 2026
    in_force: 2026
    source: issued
"""
VALUES = "message.reply:\n  2030-01-01:\n    limit: 4 working-days\n    basis: rules 第一条\n"


def files(**changed) -> dict[str, str]:
    return {"name-0": "pack.yaml", "text-0": PACK, "name-1": "interaction.yaml", "text-1": VALUES, **changed}


def test_an_own_pack_is_submitted_and_shows_what_it_changes(cast, on, send, everywhere):
    answer = send(everywhere[0], "console_own_pack", in_force_on="2030-01-01", grounds="自行规定", **files())
    assert answer.status_code == 302, text(answer)
    row = LocalPack.objects.get()
    page = text(on(everywhere[1], "console_change", "pack", row.pk))
    assert "4 个工作日" in page
    send(everywhere[1], "console_change", "pack", row.pk, answer="yes")
    assert "澄湖市" in text(on(cast.city.editor, "console_packs"))
    assert "4 个工作日" in text(on(cast.city.editor, "console_pack", "chenghu"))


def test_a_wrong_pack_is_told_with_line_and_remedy_and_kept_in_its_field(everywhere, send):
    wrong = files(**{"text-1": VALUES.replace("4 working-days", "4 fortnights")})
    answer = send(everywhere[0], "console_own_pack", in_force_on="2030-01-01", grounds="自行规定", **wrong)
    page = text(answer)
    assert answer.status_code == 422
    assert "第 3 行" in page
    assert "4 fortnights" in page
    assert not LocalPack.objects.exists()


def test_checking_alone_installs_nothing(everywhere, send):
    answer = send(everywhere[0], "console_own_pack", check="1", **files())
    assert "核对没有问题" in text(answer)
    assert not LocalPack.objects.exists()


# --- calendars


NOTICE = """各省、自治区、直辖市人民政府：
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月20日（周六）上班。
三、清明节：4月5日（周一）放假1天。
"""


def test_a_year_without_notice_is_marked_as_provisional(cast, on):
    page = text(on(cast.city.editor, "console_calendar", 2027))
    assert "暂定" in page
    assert "ru-day--open" in page


def test_a_year_shows_holidays_and_shifted_days(cast, on):
    page = text(on(cast.city.editor, "console_calendar", 2026))
    assert "国庆节放假" in page
    assert "调休上班" in page


def test_the_text_of_the_notice_fills_the_days(everywhere, send):
    page = text(send(everywhere[0], "console_calendar_revise", 2027, pasted=NOTICE, notice="通知", read="1"))
    assert "1月1日至1月3日 元旦" in page
    assert "2月5日至2月11日 春节" in page
    assert "1月31日 春节\n2月20日 春节" in page
    assert "4月5日 清明节" in page


def test_a_calendar_is_revised_by_two_and_dates_are_computed_again(cast, on, send, everywhere, pair):
    facts = {"off": "1月1日至3日 元旦", "worked": "1月9日 元旦", "notice": "放假安排通知", "grounds": "通知已发布"}
    assert send(everywhere[0], "console_calendar_revise", 2027, **facts).status_code == 302
    row = CalendarRevision.objects.get()
    page = text(on(everywhere[1], "console_change", "calendar", row.pk))
    assert "元旦放假" in page
    assert "法律定为放假、这份安排里却没有的日子：" in page
    assert "2027-10-01 周五 国庆节" in page and "2027-01-01 周五 元旦" not in page
    assert "这项调整由全平台的另一位督办人员批复" in text(on(pair[1], "console_change", "calendar", row.pk))
    assert refused(send(everywhere[0], "console_change", "calendar", row.pk, answer="yes"))
    answer = send(everywhere[1], "console_change", "calendar", row.pk, answer="yes")
    assert "重新计算了" in text(on(everywhere[1], "console_change", "calendar", row.pk)) or answer.status_code == 302
    assert "放假安排通知" in text(on(cast.city.editor, "console_calendar", 2027))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"off": "胡写一行"}, "第 1 行看不懂"),
        ({"off": "13月1日 元旦"}, "第 1 行的日期不存在"),
        ({"off": "2月3日至1日 春节"}, "先后颠倒"),
        ({"off": "1月1日"}, "第 1 行看不懂"),
        ({"worked": "1月4日 元旦"}, "本来就是工作日"),
        ({"off": "2028-01-01 元旦"}, "不在这一年"),
        ({"off": "1月9日 元旦"}, "既放假又上班"),
        ({"notice": ""}, "of-field--wrong"),
    ],
)
def test_a_wrong_calendar_is_told_at_its_field(everywhere, send, given, told):
    facts = {
        "off": "1月1日至3日 元旦",
        "worked": "1月9日 元旦",
        "notice": "放假安排通知",
        "grounds": "通知已发布",
        **given,
    }
    answer = send(everywhere[0], "console_calendar_revise", 2027, **facts)
    assert answer.status_code == 422
    assert told in text(answer)
    assert not CalendarRevision.objects.exists()


# --- who may what


def test_a_city_overseer_is_told_who_revises_the_calendar_before_she_types(cast, on):
    answer = on(cast.overseer, "console_calendar_revise", 2027)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/rules/calendars/2027/")


def test_a_city_overseer_revises_no_calendar_for_all(cast, send):
    facts = {"off": "1月1日 元旦", "worked": "", "notice": "通知", "grounds": "通知"}
    answer = send(cast.overseer, "console_calendar_revise", 2027, **facts)
    assert not CalendarRevision.objects.exists()
    assert "不能为这个范围提出" in text(answer)


@pytest.mark.parametrize("view", ["console_assign", "console_own_pack", "console_changes"])
def test_who_does_not_oversee_changes_nothing(cast, on, view):
    assert on(cast.city.editor, view).status_code == 404


def test_the_list_puts_first_what_waits_for_the_person(cast, on, send, pair, now):
    approved_override(cast.city.organisation, "message.reply", "limit: 4 working-days", date(2030, 6, 1), pair, now=now)
    proposed_before = Override.objects.count()
    facts = {"scope": f"unit:{cast.city.organisation.pk}", "from_on": "2031-01-01", "limit_0": "3", **GROUNDS}
    send(pair[0], "console_override_new", "message.reply", limit_1="working-days", **facts)
    assert Override.objects.count() == proposed_before + 1
    page = text(on(pair[1], "console_changes"))
    assert "有 1 项等您批复" in page
    assert page.index("2031-01-01") < page.index("2030-06-01")

"""The administrators' screens, used as a person uses them."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from jiyue.console.gate import OFFERED
from jiyue.content.models import Column, ColumnLimit
from jiyue.estate.actions import post_notice, save_site
from jiyue.estate.models import Appointment, Notice, Site
from jiyue.foundation.append_only import lifted
from jiyue.foundation.models import AuditEvent
from jiyue.identity.actions import open_account
from jiyue.identity.models import Membership, Organisation, User
from jiyue.identity.roles import Role
from jiyue.review.models import Review, ReviewRoute
from tests.cast import PASSWORD, TEST, draft, organisation, person, reviewed, structured

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(client):
    """Open a screen as somebody: on(user, "console_site", 1)."""

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


def text(response) -> str:
    return response.content.decode()


def pk(tenant) -> int:
    return tenant.site.pk


# --- units


def test_the_operator_adds_a_unit_and_sees_both_chains(cast, on, send):
    fields = {
        "name": "澄湖市水利和湖泊局", "code": "990100002", "level": "city", "kind": "department",
        "superior": cast.city.organisation.pk, "vertical_superior": cast.province.pk,
    }  # fmt: skip
    response = send(cast.operator, "console_unit_add", **fields)
    unit = Organisation.objects.get(code="990100002")
    assert response.url == reverse("console_unit", args=[unit.pk])
    page = text(on(cast.operator, "console_unit", unit.pk))
    assert "属地" in page and "垂直管理" in page and "示范省人民政府" in page
    assert "水利" in text(on(cast.operator, "console_units", chain="vertical"))


def test_a_loop_is_refused_beside_the_form_and_nothing_typed_is_lost(cast, send):
    unit = cast.province
    fields = {"name": "改过的名字", "code": unit.code, "level": unit.level, "kind": unit.kind}
    response = send(cast.operator, "console_unit_change", unit.pk, superior=cast.city.organisation.pk, **fields)
    assert response.status_code == 422
    assert "单位不能成为自己的上级" in text(response)
    assert "改过的名字" in text(response)


def test_the_supervisor_reads_the_own_part_of_the_tree_and_changes_nothing(cast, on):
    page = text(on(cast.supervisor, "console_units"))
    assert "澄湖市人民政府" in page and "邻江市" not in page
    assert on(cast.supervisor, "console_unit_change", cast.city.organisation.pk).status_code == 404
    assert on(cast.supervisor, "console_unit", cast.outside.organisation.pk).status_code == 404


# --- sites


@pytest.mark.req("PLAT-01", "COL-01")
def test_one_screen_makes_a_site_with_columns_and_manager(cast, on, send, now):
    unit = organisation("望溪县人民政府", "990101001", "county", superior=cast.city.organisation, now=now)
    open_account(
        username="wx_manager",
        name="样望溪",
        duty="administering",
        organisation=unit,
        password=PASSWORD,
        by=TEST,
        now=now,
    )
    assert on(cast.operator, "console_site_new").status_code == 200
    fields = {
        "template": "portal",
        "name": unit.name,
        "host": "www.wangxi.localhost",
        "owner": unit.pk,
        "manager": "wx_manager",
    }
    response = send(cast.operator, "console_site_new", **fields)
    site = Site.objects.get(host="www.wangxi.localhost")
    assert response.url == reverse("console_site", args=[site.pk])
    assert site.columns.count() > 20
    manager = User.objects.get(username="wx_manager")
    page = text(on(manager, "console_site", site.pk))
    assert "标识与备案齐全" in page and "网站标识码" in page
    assert "从来没有签发过" in text(on(manager, "console_structure", site.pk))


def test_a_refused_site_keeps_what_was_typed(cast, send):
    fields = {
        "template": "portal",
        "name": "第二个澄湖",
        "host": "x.chenghu.localhost",
        "owner": cast.city.organisation.pk,
    }
    response = send(cast.operator, "console_site_new", **fields)
    assert response.status_code == 422
    assert "一个单位只能开设一个网站" in text(response)
    assert "第二个澄湖" in text(response)
    assert not Site.objects.filter(name="第二个澄湖").exists()


def profile_fields(site: Site, **changes) -> dict:
    names = [
        "name",
        "identification_code",
        "icp_number",
        "police_number",
        "party_mark",
        "contact",
        "address",
        "error_report_url",
    ]
    return {**{name: getattr(site, name) for name in names}, "colour": site.colour, "blocks": site.blocks, **changes}


@pytest.mark.req("PLAT-03", "PLAT-04")
def test_the_manager_changes_the_profile_and_locked_blocks_stay_on(cast, on, send):
    site = cast.city.site
    page = text(on(cast.city.manager, "console_profile", site.pk))
    assert "必须开通，不能关闭" in page
    send(cast.city.manager, "console_profile", site.pk, **profile_fields(site, contact="000-54321", blocks=["search"]))
    site.refresh_from_db()
    assert site.contact == "000-54321"
    assert set(site.blocks) == {"search", *site.compulsory_blocks}


@pytest.mark.req("SERV-09")
def test_the_settings_show_every_field_that_saving_them_writes(cast, on, send):
    """A field that the page leaves out comes back empty, and is emptied."""
    answer = on(cast.city.manager, "console_profile", cast.city.site.pk)
    page = text(answer)
    assert [name for name in answer.context["form"].fields if f'name="{name}"' not in page] == []
    entries = {
        "mailbox_url": "https://www.chenghu.localhost/hudong/",
        "call_centre": "12345",
        "email": "a@example.invalid",
    }
    send(cast.city.manager, "console_profile", cast.city.site.pk, **profile_fields(cast.city.site, **entries))
    assert entries == Site.objects.values(*entries).get(pk=cast.city.site.pk)


def test_a_pale_colour_is_told_with_a_better_one(cast, send):
    site = cast.city.site
    response = send(cast.city.manager, "console_profile", site.pk, **profile_fields(site, colour="#4a90e2"))
    assert response.status_code == 422
    assert "3.3:1" in text(response)


def test_a_mourning_window_is_planned_on_the_profile(cast, send):
    site = cast.city.site
    window = {"mourning_from": "2026-12-13T00:00", "mourning_until": "2026-12-14T00:00"}
    send(cast.city.manager, "console_profile", site.pk, **profile_fields(site, **window))
    site.refresh_from_db()
    assert timezone.localtime(site.mourning_from).isoformat() == "2026-12-13T00:00:00+08:00"
    response = send(
        cast.city.manager, "console_profile", site.pk, **profile_fields(site, mourning_from="2026-12-13T00:00")
    )
    assert "要一起填写" in text(response)


@pytest.mark.req("PAGE-16")
def test_a_notice_is_posted_with_its_end_and_nobody_is_offered_to_remove_it(cast, on, send):
    tomorrow = timezone.localtime() + timedelta(days=1)
    fields = {"kind": "migration", "text": "网站迁移到新平台", "starts_at": f"{tomorrow:%Y-%m-%dT%H:%M}"}
    late = send(cast.city.manager, "console_notices", pk(cast.city), until="2020-01-01T00:00", **fields)
    assert "结束时间要晚于开始时间" in text(late) and "网站迁移到新平台" in text(late)
    end = f"{tomorrow + timedelta(days=7):%Y-%m-%dT%H:%M}"
    send(cast.city.manager, "console_notices", pk(cast.city), until=end, **fields)
    assert Notice.objects.get().text == "网站迁移到新平台"
    page = text(on(cast.city.manager, "console_notices", pk(cast.city)))
    assert "还没开始" in page
    offered = sorted(name for name in OFFERED if name.startswith("console_notice") and ":" not in name)
    assert offered == ["console_notice_words", "console_notices"]  # its words can be put right, its time cannot
    assert "登记公告" not in text(on(cast.city.editor, "console_notices", pk(cast.city)))


@pytest.mark.req("PAGE-16")
def test_the_words_of_a_notice_are_put_right_with_a_reason_and_its_end_stays(cast, on, send, now):
    later = timezone.now() + timedelta(days=9)
    times = {"starts_at": timezone.now(), "until": later}
    notice = post_notice(site=cast.city.site, kind="pause", text="暂停服物一周", by=TEST, now=now, **times)
    address = ("console_notice_words", notice.pk)
    assert "暂停服物一周" in text(on(cast.city.manager, *address))
    assert send(cast.city.manager, *address, text="暂停服务一周", reason=" ").status_code == 422
    assert "没有改动" in text(send(cast.city.manager, *address, text="暂停服物一周", reason="错字"))
    send(cast.city.manager, *address, text="暂停服务一周", reason="错字")
    notice.refresh_from_db()
    assert (notice.text, notice.until) == ("暂停服务一周", later)
    event = AuditEvent.objects.get(code="estate.notice_corrected")
    assert (event.data["before"], event.data["reason"]) == ("暂停服物一周", "错字")
    assert on(cast.city.editor, *address).status_code in {403, 404}
    assert on(cast.outside.manager, *address).status_code == 404


def test_changed_settings_are_compared_and_submitted(cast, on, send, now):
    structured(cast.city, now=now)
    manager, site = cast.city.manager, cast.city.site
    assert "没有差别" in text(on(manager, "console_structure", site.pk))
    send(manager, "console_profile", site.pk, **profile_fields(site, contact="000-54321"))
    page = text(on(manager, "console_structure", site.pk))
    assert "<del>000-12345</del>" in page and "<ins>000-54321</ins>" in page
    send(manager, "console_structure", site.pk)
    assert Review.objects.filter(act="structure", status="open").count() == 1
    assert "已经送审" in text(on(manager, "console_structure", site.pk))
    send(manager, "console_structure", site.pk)
    assert Review.objects.filter(act="structure", status="open").count() == 1


def test_a_site_opens_when_nothing_is_missing(cast, send, on, now):
    manager, site = cast.city.manager, cast.city.site
    send(manager, "console_site_open", site.pk)
    site.refresh_from_db()
    assert site.status == "preparing"
    checks = text(on(manager, "console_site", site.pk))
    assert "信息公开指南" in checks and "政务服务" in checks


# --- columns


@pytest.mark.req("COL-03")
def test_the_responsibility_table_names_units_and_people_and_exports(cast, on, client):
    appointment = Appointment.objects.get(user=cast.city.editor)
    ColumnLimit.objects.create(appointment=appointment, column=cast.city.columns["zcwj"])
    assert "样ch_editor" in text(on(cast.city.manager, "console_responsibility", pk(cast.city)))
    response = on(cast.city.manager, "console_responsibility", pk(cast.city), format="csv")
    table = b"".join(response.streaming_content).decode()
    assert table.startswith("\ufeff栏目,")
    assert "政策文件,/zwgk/zcwj/,政策文件,澄湖市人民政府,样ch_editor,随事项更新,0" in table


def test_columns_are_added_changed_moved_closed_and_reopened(cast, on, send):
    manager, site = cast.city.manager, pk(cast.city)
    parent = cast.city.columns["zwgk"]
    assert "政务公开" in text(on(manager, "console_column_add", site, parent=parent.pk))
    fields = {"name": "财政信息", "slug": "czxx", "kind": "general", "channel": "news", "update_class": "year"}
    send(manager, "console_column_add", site, parent=parent.pk, description="预算和决算", **fields)
    made = Column.objects.get(slug="czxx")
    assert (made.path, made.channel) == ("zwgk/czxx", "openness")
    send(manager, "console_column_move", made.pk, direction="up")
    response = send(manager, "console_column_change", made.pk, parent=made.pk, **fields)
    assert response.status_code == 422
    send(manager, "console_column_close", made.pk, reason="合并")
    made.refresh_from_db()
    assert made.closed_at
    assert "已关闭" in text(on(manager, "console_columns", site))
    send(manager, "console_column_reopen", made.pk)
    made.refresh_from_db()
    assert made.closed_at is None


def test_readers_see_columns_without_acts(cast, on):
    page = text(on(cast.city.editor, "console_columns", pk(cast.city)))
    assert "政策文件" in page and "加下级" not in page


# --- people


def test_the_operator_opens_changes_and_switches_an_account(cast, on, send):
    assert on(cast.operator, "console_account_add").status_code == 200
    fields = {"username": "xin", "name": "样新", "duty": "editing", "organisation": cast.city.organisation.pk}
    nameless = send(cast.operator, "console_account_add", **{**fields, "name": ""})
    assert nameless.status_code == 422
    opened = text(send(cast.operator, "console_account_add", **fields))
    account = User.objects.get(username="xin")
    assert account.check_password(shown_secret(opened)) and account.must_choose_password
    send(cast.operator, "console_person", account.pk, name="样更新", organisation="")
    assert "24 小时" in text(on(cast.operator, "console_password", account.pk))
    issued = shown_secret(text(send(cast.operator, "console_password", account.pk)))
    send(cast.operator, "console_account_switch", account.pk, reason="调离")
    account.refresh_from_db()
    assert (account.name, account.check_password(issued), account.is_active) == ("样更新", True, False)
    assert "样更新" in text(on(cast.operator, "console_accounts", inactive="1"))


def shown_secret(page: str) -> str:
    return re.search(r'class="of-secret">([^<]+)<', page)[1]


def test_the_last_final_reviewer_goes_only_after_a_second_word(cast, send):
    final = Appointment.objects.get(user=cast.city.final)
    warned = send(cast.city.manager, "console_dismiss", final.pk)
    assert "最后一位" in text(warned) and "我知道" in text(warned)
    assert Appointment.objects.filter(pk=final.pk).exists()
    switched = send(cast.operator, "console_account_switch", cast.city.final.pk, reason="调离")
    assert "最后一位" in text(switched)
    send(cast.city.manager, "console_dismiss", final.pk, knowingly="1")
    assert not Appointment.objects.filter(pk=final.pk).exists()


@pytest.mark.req("REV-04")
def test_a_conflict_of_duties_is_refused_in_words(cast, send):
    response = send(cast.city.manager, "console_people", pk(cast.city), account="ch_editor", role=Role.FINAL_REVIEWER)
    assert response.status_code == 422
    assert "样ch_editor" in text(response) and "不能" in text(response)


def test_a_manager_appoints_own_people_and_limits_them_to_columns(cast, on, send, now):
    fresh = open_account(
        username="xin",
        name="样新",
        duty="editing",
        organisation=cast.city.organisation,
        password=PASSWORD,
        by=TEST,
        now=now,
    )
    manager, site = cast.city.manager, pk(cast.city)
    stranger = send(manager, "console_people", site, account="lj_editor", role=Role.EDITOR)
    assert "没有这个账号" in text(stranger)
    send(manager, "console_people", site, account="xin", role=Role.EDITOR)
    given = Appointment.objects.get(user=fresh)
    assert on(manager, "console_limits", given.pk).status_code == 200
    send(manager, "console_limits", given.pk, columns=[cast.city.columns["zcwj"].pk])
    assert "政策文件" in text(on(manager, "console_people", site))
    assert given.column_limits.count() == 1


def test_platform_roles_are_given_and_taken_by_the_operator(cast, send, now):
    watcher = open_account(
        username="jg2", name="样督", duty="supervising", organisation=None, password=PASSWORD, by=TEST, now=now
    )
    fields = {"role": "supervisor", "organisation": cast.province.pk, "chain": "vertical"}
    send(cast.operator, "console_membership_add", watcher.pk, **fields)
    membership = Membership.objects.get(user=watcher)
    assert (membership.organisation, membership.chain) == (cast.province, "vertical")
    send(cast.operator, "console_membership_drop", membership.pk)
    assert not Membership.objects.filter(user=watcher).exists()
    own = Membership.objects.get(user=cast.operator)
    send(cast.operator, "console_membership_drop", own.pk)
    assert Membership.objects.filter(pk=own.pk).exists()
    refused = send(cast.operator, "console_membership_add", cast.city.editor.pk, role="operator", chain="territorial")
    assert refused.status_code == 422


@pytest.mark.req("REV-02")
def test_a_route_is_set_per_content_class(cast, on, send):
    manager, site = cast.city.manager, pk(cast.city)
    assert "默认" in text(on(manager, "console_routes", site))
    order = "secrecy,first,second,final"
    send(manager, "console_routes", site, content_class="policy_document", order=order)
    assert ReviewRoute.objects.get().levels == order.split(",")
    assert send(manager, "console_routes", site, content_class="", order="final").status_code == 422


# --- the trail


def test_the_trail_is_narrowed_by_person_kind_site_and_time(cast, on):
    assert AuditEvent.objects.filter(code="estate.appointed").count() == 12
    page = text(on(cast.auditor, "console_trail", kind="estate.appointed", site="www.chenghu"))
    assert page.count("任命 ch_") == 6 and "任命 lj_" not in page
    assert "没有符合条件的记录" in text(on(cast.auditor, "console_trail", q="没有这个人"))
    assert "没有符合条件的记录" in text(on(cast.auditor, "console_trail", until="2020-01-01"))
    assert "改了" in text(on(cast.auditor, "console_trail", kind="identity.organisation_changed"))
    assert on(cast.auditor, "console_trail", since="不是日期").status_code == 200


def test_the_trail_goes_out_as_csv_without_formulas(cast, on, send, now):
    cast.city.editor.name = "=1+1"
    cast.city.editor.save()
    draft(cast.city, now=now)
    table = b"".join(on(cast.auditor, "console_trail_export").streaming_content).decode()
    assert "'=1+1" in table and ",=1+1" not in table
    own = b"".join(on(cast.city.manager, "console_trail_export").streaming_content).decode()
    assert "lj_" not in own and "ch_" in own


def test_the_auditor_checks_the_chain_and_is_told_where_it_breaks(cast, client):
    client.force_login(cast.auditor)
    assert "校验链完整" in text(client.post(reverse("console_trail_check"), follow=True))
    with lifted(), connection.cursor() as cursor:
        cursor.execute("update foundation_auditevent set actor_name = 'nobody' where sequence = 5")
    assert "从序号 5" in text(client.post(reverse("console_trail_check"), follow=True))


# --- publishing


def test_the_publishing_page_says_how_far_each_document_came(cast, on, send, now):
    from jiyue.publishing.models import Publication

    structured(cast.city, now=now)
    review = reviewed(cast.city, draft(cast.city, now=now), now=now)
    row, _ = Publication.objects.get_or_create(sign_off=review.sign_offs.get(), site=cast.city.site)
    Publication.objects.filter(pk=row.pk).update(state="failed", problem="磁盘已满")
    page = text(on(cast.city.manager, "console_publications", pk(cast.city)))
    assert "磁盘已满" in page and "再试一次" in page and "澄湖市启动冬季湖岸清洁行动" in page
    operators = text(on(cast.operator, "console_publications", pk(cast.city), state="failed"))
    assert "再试一次" in operators and "澄湖市启动" not in operators
    assert "再试一次" not in text(on(cast.city.editor, "console_publications", pk(cast.city)))
    send(cast.city.manager, "console_try_again", row.pk)
    assert AuditEvent.objects.filter(code="publishing.retry_asked").count() == 1


def test_releases_are_listed_and_the_operator_goes_back_and_on(cast, on, send, now):
    from jiyue.publishing.models import SitePublication
    from jiyue.publishing.publisher import Publisher

    structured(cast.city, now=now)
    publisher = Publisher()
    publisher.publish(cast.city.site, now=now)
    reviewed(cast.city, draft(cast.city, now=now), now=now)
    publisher.publish(cast.city.site, now=now + timedelta(minutes=1))
    site = pk(cast.city)
    assert "回退到这一批" in text(on(cast.operator, "console_releases", site))
    assert "回退到这一批" not in text(on(cast.city.manager, "console_releases", site))
    assert send(cast.operator, "console_go_back", site, 1, reason=" ").status_code == 422
    send(cast.operator, "console_go_back", site, 1, reason="首页有误")
    assert SitePublication.objects.get(site=cast.city.site).held_reason == "首页有误"
    assert "恢复发布" in text(on(cast.operator, "console_releases", site))
    send(cast.operator, "console_go_on", site)
    assert SitePublication.objects.get(site=cast.city.site).held_since is None
    assert on(cast.operator, "console_go_back", site, 99).status_code == 404


# --- the number of queries


def many_rows(cast, now) -> None:
    for n in range(30):
        unit = organisation(f"第{n}镇人民政府", f"9901020{n:02}", "township", superior=cast.city.organisation, now=now)
        subsite = Site(
            name=f"分站{n}", kind="subsite", host=f"s{n}.chenghu.localhost", owner=unit, blocks=cast.city.site.blocks
        )
        save_site(site=subsite, by=TEST, now=now)
        person(f"more{n}", cast.city.site, Role.EDITOR, unit, now=now)
        column = Column(
            site=cast.city.site, kind="general", channel="news", name=f"栏目{n}", slug=f"c{n}", responsible=unit
        )
        column.path = column.slug
        column.save()


def test_lists_cost_the_same_number_of_queries_for_three_rows_and_for_thirty(cast, on, now):
    screens = [
        (cast.operator, "console_units", []), (cast.operator, "console_site_list", []),
        (cast.operator, "console_accounts", []), (cast.supervisor, "console_site_list", []),
        (cast.city.manager, "console_columns", [pk(cast.city)]), (cast.auditor, "console_trail", []),
        (cast.city.manager, "console_responsibility", [pk(cast.city)]), (cast.city.manager, "console_people", [pk(cast.city)]),
        (cast.city.manager, "console_publications", [pk(cast.city)]),
    ]  # fmt: skip

    def cost() -> list[int]:
        counts = []
        for user, name, args in screens:
            with CaptureQueriesContext(connection) as queries:
                assert on(User.objects.get(pk=user.pk), name, *args).status_code == 200
            counts.append(
                len([q for q in queries.captured_queries if "session" not in q["sql"] and "UPDATE" not in q["sql"]])
            )
        return counts

    cost()
    few = cost()
    many_rows(cast, now)
    assert cost() == few

"""Column table, decisions, filings, catalogue and promises, used as people use them."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from jiyue.content.models import (
    CatalogueItem,
    ChangeNotice,
    Column,
    ColumnDecision,
    ColumnFiling,
    Commitment,
    Withholding,
)
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from jiyue.publishing.duties import SOURCES
from tests.apps.publishing.duty_stories import Story
from tests.apps.rules.decisions import approved_override
from tests.cast import structured

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(client):
    def open_screen(user, view, /, *args, **query):
        client.force_login(user)
        return client.get(reverse(view, args=args), query)

    return open_screen


@pytest.fixture
def send(client):
    def send_form(user, view, /, *args, **data):
        client.force_login(user)
        return client.post(reverse(view, args=args), data)

    return send_form


def text(response) -> str:
    return response.content.decode()


def refused(response) -> bool:
    return (response.status_code, response.headers.get("Location")) == (302, "/")


def owed(column) -> Obligation:
    return Obligation.objects.pending().get(subject=f"column:{column.pk}")


# --- the column table


@pytest.fixture
def story(db, now) -> Story:
    """A city with an open structure whose columns owe updates."""
    story = Story("national")
    for source in SOURCES:
        refresh(source, now=now)
    return story


@pytest.mark.req("COL-04")
def test_the_table_says_who_keeps_what_how_fresh_and_by_which_article(story, on):
    page = text(on(story.city.manager, "console_column_table"))
    assert "政务要闻" in page
    assert "澄湖市人民政府" in page
    assert "间隔不超过 2 周" in page
    assert "逾期未更新" in page
    assert reverse("console_decision_new", args=[story.city.columns["yw"].pk]) in page


def test_the_table_is_filtered_and_exported(story, on):
    everything = text(on(story.city.manager, "console_column_table"))
    late = text(on(story.city.manager, "console_column_table", state="late"))
    assert late.count("<tr>") < everything.count("<tr>")
    answer = on(story.city.manager, "console_column_table_export")
    rows = list(load_workbook(BytesIO(b"".join(answer) if answer.streaming else answer.content)).active.values)
    assert "栏目" in rows[0]
    assert any(row[0] == "政务要闻" for row in rows)


def test_an_overseer_sees_the_columns_below_and_a_stranger_does_not(story, on):
    assert "政务要闻" in text(on(story.cast.overseer, "console_column_table"))
    page = text(on(story.cast.outside.manager, "console_column_table", site=story.city.site.pk))
    assert "澄湖市" not in page


def test_chaoyangs_table_is_shown_as_it_was_printed(cast, on):
    page = text(on(cast.city.editor, "console_reference_table"))
    assert "21 行，46 个栏目，9 种更新规定" in page
    assert "区旅游局" in page
    assert "与批准公布同时" in page


# --- what becomes of a column


@pytest.mark.req("COL-07")
def test_a_column_is_decided_about_by_manager_and_overseer(story, on, send):
    manager, overseer = story.city.manager, story.cast.overseer
    column = story.city.columns["yw"]
    assert "还没有决定" in text(on(manager, "console_decisions"))
    send(manager, "console_decision_new", column.pk, outcome="close", grounds="无力维护")
    decision = ColumnDecision.objects.get()
    assert refused(send(manager, "console_decision", decision.pk, act="yes"))
    assert send(overseer, "console_decision", decision.pk, act="no", opinion="").status_code == 422
    assert send(overseer, "console_decision", decision.pk, opinion="同意").status_code == 422
    send(overseer, "console_decision", decision.pk, act="yes", opinion="同意")
    assert "办结" in text(on(manager, "console_decision", decision.pk))
    send(manager, "console_decision", decision.pk, act="done")
    assert Column.objects.get(pk=column.pk).closed_at


@pytest.mark.req("COL-07", "COL-08")
def test_a_column_goes_from_proposal_to_filing_on_the_screens(story, on, send):
    """Issue 3, C4: everybody sees what to decide on, and is led to what is still to be done."""
    manager, overseer, column = story.city.manager, story.cast.overseer, story.city.columns["yw"]
    send(manager, "console_decision_new", column.pk, outcome="close", grounds="无力维护，办事指引已有")
    decision = ColumnDecision.objects.get()
    again = send(manager, "console_decision_new", column.pk, outcome="close", grounds="再提一次")
    assert again.status_code == 422 and "已有一项处置还没有办结" in text(again) and "再提一次" in text(again)
    asked = text(on(overseer, "console_decision", decision.pk))
    assert "公开着 0 篇" in asked and reverse("console_duty", args=[owed(column).pk]) in asked
    send(overseer, "console_decision", decision.pk, act="yes", opinion="同意")
    send(manager, "console_decision", decision.pk, act="done")
    led = text(on(manager, "console_decision", decision.pk))
    assert "还没有对外生效" in led and reverse("console_structure", args=[column.site_id]) in led
    later = timezone.now()
    structured(story.city, now=later)
    story.release(now=later)
    assert "还没有对外生效" not in text(on(manager, "console_decision", decision.pk))
    filing = ColumnFiling.objects.get(column=column)
    assert "无力维护，办事指引已有</textarea>" in text(on(manager, "console_filing", filing.pk))
    send(manager, "console_filing", filing.pk, note="原有内容留在原网址")
    send(overseer, "console_filing", filing.pk, act="yes", opinion="")
    filed = text(on(overseer, "console_filing", filing.pk))
    assert "已备案" in filed and reverse("console_decision", args=[decision.pk]) in filed


def test_a_date_under_an_earlier_demand_says_so(story, on, now):
    manager, column = story.city.manager, story.city.columns["yw"]
    duty = owed(column)
    assert "为什么还是这一天" not in text(on(manager, "console_column_table"))
    assert "后来的改动不影响它" not in text(on(manager, "console_duty", duty.pk))
    approved_override(story.city.organisation, duty.parameter, "gap: 1 week", now.date(), story.pair, now=now)
    table, page = text(on(manager, "console_column_table")), text(on(manager, "console_duty", duty.pk))
    for shown in (table, page):
        assert "后来的改动不影响它。现在的要求是：间隔不超过 1 周" in shown and "间隔不超过 2 周" in shown
    duty.refresh_from_db()
    assert owed(column).due_at == duty.due_at


@pytest.mark.parametrize(
    "given", [{"outcome": "merge"}, {"outcome": "adjust"}, {"outcome": "close", "grounds": ""}, {"outcome": ""}]
)
def test_an_incomplete_decision_is_told_at_its_field(cast, send, given):
    facts = {"grounds": "无力维护", **given}
    answer = send(cast.city.manager, "console_decision_new", cast.city.columns["yw"].pk, **facts)
    assert answer.status_code == 422
    assert "of-field--wrong" in text(answer)
    assert not ColumnDecision.objects.exists()


@pytest.mark.req("COL-08")
def test_a_new_column_is_reported_and_put_on_file(cast, on, send, now):
    filing = ColumnFiling.objects.create(column=cast.city.columns["yw"], change="added", happened_at=now)
    assert "1 项还没有备案" in text(on(cast.overseer, "console_filings"))
    assert refused(send(cast.overseer, "console_filing", filing.pk, act="yes"))
    send(cast.city.manager, "console_filing", filing.pk, note="新设栏目")
    send(cast.overseer, "console_filing", filing.pk, act="no", opinion="请说明由谁维护")
    send(cast.city.manager, "console_filing", filing.pk, note="由办公室维护")
    send(cast.overseer, "console_filing", filing.pk, act="yes", opinion="")
    filing.refresh_from_db()
    assert (filing.state, filing.decided_by) == ("filed", cast.overseer)
    assert "都已备案" in text(on(cast.overseer, "console_filings"))


# --- the openness catalogue


def an_item(cast, now, **facts) -> CatalogueItem:
    site = cast.city.site
    given = {"number": "1", "name": "财政预算", "since": now.date(), "changed_at": now, "created_at": now, **facts}
    return CatalogueItem.objects.create(site=site, unit=site.owner, created_by=cast.city.manager, **given)


@pytest.mark.req("COL-02")
def test_what_is_missing_stands_first(cast, on, now):
    an_item(cast, now)
    page = text(on(cast.city.editor, "console_catalogue"))
    assert "缺内容" in page
    assert "财政预算" in page


def test_an_item_is_written_with_a_limit_as_people_say_it(cast, on, send):
    unit = cast.city.organisation.pk
    assert on(cast.city.manager, "console_item_new", cast.city.site.pk).status_code == 200
    facts = {
        "unit": unit,
        "number": "3",
        "name": "公共资源交易",
        "information_class": "major",
        "limit": "20个工作日",
        "renewal": "每年",
    }
    assert send(cast.city.manager, "console_item_new", cast.city.site.pk, **facts).status_code == 302
    item = CatalogueItem.objects.get()
    assert (item.limit, item.renewal) == ("20 working-days", "1 year")
    assert 'value="20个工作日"' in text(on(cast.city.manager, "console_item", item.pk))
    again = send(cast.city.manager, "console_item", item.pk, **{**facts, "limit": "不久"})
    assert again.status_code == 422
    assert "看不懂的期限" in text(again)


@pytest.mark.req("COL-20")
def test_an_item_stays_unpublished_only_with_reason_and_approver(cast, on, send, now):
    item = an_item(cast, now)
    assert send(cast.city.manager, "console_item_withhold", item.pk, reason="", basis="").status_code == 422
    send(cast.city.manager, "console_item_withhold", item.pk, reason="涉及商业秘密", basis="条例第十五条")
    row = Withholding.objects.get()
    assert "待批准" in text(on(cast.overseer, "console_catalogue"))
    assert refused(send(cast.city.manager, "console_withholding", row.pk, act="yes"))
    send(cast.overseer, "console_withholding", row.pk, act="yes", opinion="同意")
    row.refresh_from_db()
    assert row.state == "approved"
    assert "不予公开" in text(on(cast.city.editor, "console_catalogue", state="withheld"))
    send(cast.overseer, "console_withholding", row.pk, opinion="可以公开了")
    row.refresh_from_db()
    assert row.state == "lifted"


def test_an_item_is_removed_with_its_reason(cast, on, send, now):
    item = an_item(cast, now)
    send(cast.city.manager, "console_item_remove", item.pk, removed_reason="职能已划转")
    item.refresh_from_db()
    assert item.removed_reason == "职能已划转"
    assert reverse("console_item", args=[item.pk]) not in text(on(cast.city.editor, "console_catalogue"))


def sheet(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("qingdan.csv", "\n".join(("序号,公开事项,公开时限,公开栏目", *lines)).encode())


def test_a_catalogue_is_imported_or_every_wrong_row_is_named(cast, on, send):
    site, unit = cast.city.site.pk, cast.city.organisation.pk
    wrong = sheet("1,财政预算,20个工作日,没有的栏目", "2,,每年,")
    answer = send(cast.city.manager, "console_catalogue_import", site, unit=unit, file=wrong)
    assert answer.status_code == 422
    assert "本网站没有这个栏目" in text(answer)
    assert not CatalogueItem.objects.exists()
    right = sheet("1,财政预算,20个工作日,政策文件", "2,规划,,")
    assert send(cast.city.manager, "console_catalogue_import", site, unit=unit, file=right).status_code == 302
    assert CatalogueItem.objects.count() == 2
    assert on(cast.city.editor, "console_catalogue_export").status_code == 200


# --- promises and changed facts


@pytest.mark.req("COL-21")
def test_a_promise_is_made_and_kept(cast, on, send, now):
    today = now.date()
    facts = {"unit": cast.city.organisation.pk, "title": "年内开通预约", "made_on": f"{today}", "due_on": f"{today}"}
    assert send(cast.city.editor, "console_commitment_new", cast.city.site.pk, **facts).status_code == 302
    row = Commitment.objects.get()
    assert "年内开通预约" in text(on(cast.overseer, "console_commitments"))
    assert refused(send(cast.overseer, "console_commitment", row.pk, act="keep"))
    kept = {"kept_at": f"{now:%Y-%m-%dT%H:%M}", "evidence": ""}
    assert send(cast.city.editor, "console_commitment", row.pk, act="keep", **kept).status_code == 422
    send(cast.city.editor, "console_commitment", row.pk, act="keep", **{**kept, "evidence": "已开通"})
    row.refresh_from_db()
    assert row.evidence == "已开通"


def test_an_overdue_promise_stands_first(cast, on, now):
    for title, days in (("将来的", 30), ("过期的", -30)):
        Commitment.objects.create(
            site=cast.city.site, unit=cast.city.organisation, title=title, made_on=now.date() - timedelta(days=60),
            due_on=now.date() + timedelta(days=days), created_by=cast.city.editor, created_at=now,
        )  # fmt: skip
    page = text(on(cast.city.editor, "console_commitments"))
    assert page.index("过期的") < page.index("将来的")
    assert "逾期未兑现" in page


@pytest.mark.req("COL-18")
def test_a_changed_fact_is_registered_and_taken_back(cast, on, send, now):
    facts = {"unit": cast.city.organisation.pk, "what": "办公地址已搬迁", "changed_at": f"{now:%Y-%m-%dT%H:%M}",
             "column": cast.city.columns["jgzn"].pk}  # fmt: skip
    assert send(cast.city.editor, "console_notification_new", cast.city.site.pk, **facts).status_code == 302
    row = ChangeNotice.objects.get()
    assert "还没有更新" in text(on(cast.city.manager, "console_notifications"))
    foreign = {**facts, "column": cast.outside.columns["jgzn"].pk}
    assert send(cast.city.editor, "console_notification_new", cast.city.site.pk, **foreign).status_code == 422
    send(cast.city.manager, "console_notification", row.pk, withdrawn_reason="登记有误")
    row.refresh_from_db()
    assert row.withdrawn_reason == "登记有误"


# --- whose


FOREIGN = ("console_item_new", "console_catalogue_import", "console_commitment_new", "console_notification_new")


@pytest.mark.parametrize("view", FOREIGN)
def test_nothing_is_written_for_a_foreign_site(cast, on, view):
    assert on(cast.city.manager, view, cast.outside.site.pk).status_code in {302, 404}

"""年度任务 and 三类专题 on screen (COL-11, COL-12)."""

from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from jiyue.content.actions import save_column
from jiyue.content.models import Column, ProgressDuty, Record
from jiyue.estate.actions import save_site
from tests.apps.publishing.test_task_progress import public_task
from tests.cast import TEST, structured

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


@pytest.mark.req("COL-11")
def test_a_manager_names_who_reports_and_a_department_begins_its_note(cast, now, on, send):
    city, bureau = cast.city, cast.outside
    bureau.organisation.superior, bureau.organisation.lineage = city.organisation, f"/{city.organisation.pk}/"
    bureau.organisation.save()
    task = public_task(city, now)
    assert "没有关联依据文件" in text(on(city.manager, "console_task", task.pk))
    facts = {"act": "ask", "unit": bureau.organisation.pk, "since": f"{timezone.localdate()}"}
    wrong = send(city.manager, "console_task", task.pk, cycle="隔三差五", **facts)
    assert wrong.status_code == 422 and "看不懂的期限" in text(wrong)
    send(city.manager, "console_task", task.pk, cycle="每月", **facts)
    duty = ProgressDuty.objects.get()
    assert duty.cycle == "1 month"
    page = text(on(bureau.editor, "console_tasks"))
    assert task.title in page and "邻江市人民政府" in page and "还没有进展" in page
    answer = send(bureau.editor, "console_task", task.pk, act="note", column=bureau.columns["yw"].pk)
    record = Record.objects.get(part_of=task)
    assert answer["Location"] == reverse("console_edit", args=[record.pk]) and record.title.startswith(task.title)
    assert record.title in text(on(bureau.editor, "console_task", task.pk))
    assert send(bureau.editor, "console_progress_end", duty.pk, ended_reason="不报了")["Location"] == "/"
    assert send(city.manager, "console_progress_end", duty.pk, ended_reason=" ").status_code == 422
    send(city.manager, "console_progress_end", duty.pk, ended_reason="任务完成")
    duty.refresh_from_db()
    assert duty.ended_at


def test_a_stranger_finds_no_task(cast, now, on, send):
    task = public_task(cast.city, now)
    assert on(cast.outside.manager, "console_task", task.pk).status_code == 404
    assert task.title not in text(on(cast.outside.manager, "console_tasks"))
    assert send(cast.city.first, "console_task", task.pk, act="ask")["Location"] == "/"


@pytest.mark.req("COL-12")
def test_a_sub_site_sees_which_of_the_three_topics_it_lacks(cast, now, on):
    city = cast.city
    city.site.kind = "department"
    save_site(site=city.site, by=TEST, now=now)
    column = city.columns["tzgg"]
    column.serves = Column.Serves.CENTRAL_WORK
    save_column(column=column, by=TEST, now=now)
    structured(city, now=now)
    from jiyue.publishing.projection import apply
    from jiyue.review.models import SignOff

    rows = SignOff.objects.filter(site=city.site).order_by("sequence")
    apply(city.site, rows, columns={column.pk for column in city.columns.values()})
    page = text(on(city.manager, "console_topics"))
    assert page.count("缺少</span>") == 2 and "通知公告" in page
    assert city.site.name in text(on(city.manager, "console_topics", missing="1"))
    book = load_workbook(BytesIO(on(city.manager, "console_topics_export").content)).active
    head, line = list(book.values)
    assert head[1:] == ("年度中心工作", "政策焦点", "社会热点", "缺少") and line[4] == "政策焦点、社会热点"
    assert city.site.name not in text(on(cast.outside.manager, "console_topics"))

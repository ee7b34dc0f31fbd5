"""Reprint tasks and dates of re-examination, used as people use them."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jiyue.console.work import lines_for
from jiyue.content.models import Record, ReprintTask
from tests.apps.console.stewardship.test_screens import on, refused, send, text  # noqa: F401 - fixtures
from tests.apps.publishing.duty_stories import Story

pytestmark = pytest.mark.django_db
ADDRESS = "https://www.province.localhost/zwgk/zcwj/1.html"


@pytest.fixture
def story(db) -> Story:
    """A city under the pack of Xiangxi, which limits reprints, open since September."""
    return Story("xiangxi")


@pytest.fixture
def orders(story, send):  # noqa: F811
    """The city's overseer orders a reprint on the screen."""

    def order(**given):
        facts = {
            "organisation": story.city.organisation.pk, "title": "关于做好供水保障的通知", "source": "示范省政府网",
            "address": ADDRESS, "released_at": f"{timezone.localtime() - timedelta(hours=30):%Y-%m-%dT%H:%M}", **given,
        }  # fmt: skip
        return send(story.cast.overseer, "console_reprint_new", **facts)

    return order


@pytest.mark.req("REPR-01")
def test_an_order_stands_before_the_site_with_its_limit_and_why_until_it_is_carried(story, orders, on):  # noqa: F811
    assert orders().status_code == 302
    task = ReprintTask.objects.get()
    story.look("reprints", timezone.now())
    editor = story.city.editor
    page = text(on(editor, "console_reprints"))
    assert "关于做好供水保障的通知" in page and "逐日计算" in page and "第" in page
    detail = text(on(editor, "console_reprint", task.pk))
    assert "1 个应转载，0 个已转载" in detail and "原网址" in detail
    story.reprint(timezone.now(), ADDRESS, title="关于做好供水保障的通知")
    story.look("reprints", timezone.now())
    assert "1 个应转载，1 个已转载" in text(on(editor, "console_reprint", task.pk))


def test_a_foreign_site_sees_nothing_of_it_and_nobody_but_an_overseer_orders(story, orders, on, send):  # noqa: F811
    orders()
    task = ReprintTask.objects.get()
    outside = story.cast.outside.editor
    assert "供水" not in text(on(outside, "console_reprints"))
    assert on(outside, "console_reprint", task.pk).status_code == 404
    assert send(story.city.editor, "console_reprint_new", title="x").status_code == 404
    assert refused(send(story.city.editor, "console_reprint", task.pk, withdrawn_reason="不用"))
    assert ReprintTask.objects.get().withdrawn_at is None


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(orders):
    tomorrow = f"{timezone.localtime() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    answer = orders(released_at=tomorrow)
    page = text(answer)
    assert answer.status_code == 422 and "原发布时间不能晚于现在" in page and "关于做好供水保障的通知" in page
    assert orders(address="javascript:alert(1)").status_code == 422
    assert not ReprintTask.objects.exists()
    orders()
    assert orders().status_code == 422  # the same address once more
    assert ReprintTask.objects.count() == 1


def test_it_is_taken_back_with_a_reason(story, orders, on, send):  # noqa: F811
    orders()
    task = ReprintTask.objects.get()
    assert send(story.cast.overseer, "console_reprint", task.pk, withdrawn_reason=" ").status_code == 422
    send(story.cast.overseer, "console_reprint", task.pk, withdrawn_reason="原文已撤下")
    assert "原文已撤下" in text(on(story.city.editor, "console_reprint", task.pk))


@pytest.fixture
def old(story) -> Record:
    """Something public whose day of re-examination was ten days ago."""
    record = story.public(timezone.now(), title="办事大厅地址")
    Record.objects.filter(pk=record.pk).update(review_on=timezone.localdate() - timedelta(days=10))
    return record


@pytest.mark.req("COL-10")
def test_what_is_due_for_another_look_is_listed_and_in_the_list_of_work(story, old, on):  # noqa: F811
    page = text(on(story.city.editor, "console_outdated"))
    assert "办事大厅地址" in page and "已过 10 天" in page and "复查日期" in page
    (line,) = [line for line in lines_for(story.city.editor) if line.todo.kind == "outdated"]
    assert line.address == reverse("console_looked_at", args=[old.pk])
    assert not [line for line in lines_for(story.cast.outside.editor) if line.todo.kind == "outdated"]


@pytest.mark.req("COL-10")
def test_looked_at_and_still_right_it_is_asked_for_again_on_its_next_day(story, old, on, send):  # noqa: F811
    soon = timezone.localdate() + timedelta(days=20)
    assert on(story.city.editor, "console_looked_at", old.pk).status_code == 200
    send(story.city.editor, "console_looked_at", old.pk, note="电话核对过，仍然准确", review_on=soon.isoformat())
    assert Record.objects.get(pk=old.pk).review_on == soon
    page = text(on(story.city.editor, "console_outdated"))
    assert "还有 20 天" in page and "该复查了" not in page
    assert not [line for line in lines_for(story.city.editor) if line.todo.kind == "outdated"]


def test_a_day_gone_by_and_no_note_are_refused_and_so_is_a_foreign_person(story, old, on, send):  # noqa: F811
    for given in (
        {"note": "看过", "review_on": "2020-01-01"},
        {"note": " ", "review_on": ""},
        {"note": "看", "review_on": "x"},
    ):
        assert send(story.city.editor, "console_looked_at", old.pk, **given).status_code == 422
    assert on(story.cast.outside.editor, "console_looked_at", old.pk).status_code == 404
    assert send(story.city.first, "console_looked_at", old.pk, note="看过").status_code == 404
    assert Record.objects.get(pk=old.pk).review_on < date.today()  # noqa: DTZ011 - any day will do


def test_a_notice_past_its_validity_is_listed_too(story, on):  # noqa: F811
    yesterday = timezone.localdate() - timedelta(days=1)
    story.public(timezone.now(), kind="notice", column="tzgg", title="停水通知", valid_until=yesterday)
    page = text(on(story.city.editor, "console_outdated"))
    assert "停水通知" in page and "有效期届满" in page and "已过 1 天" in page

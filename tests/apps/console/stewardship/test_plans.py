"""栏目策划 and 选题 on screen: looked up, proposed, decided, carried out (COL-14, LIB-05)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jiyue.console.work import lines_for
from jiyue.content.models import Column, EditorialPlan, Record
from tests.apps.content.test_planning import approved, column_plan, proposed, story
from tests.cast import draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(client):
    def open_screen(user, view, /, *args, **query):
        client.force_login(user)
        return client.get(reverse(view, args=args), query)

    return open_screen


@pytest.fixture
def send(client):
    def send_form(user, address, /, **data):
        client.force_login(user)
        return client.post(address, data)

    return send_form


def text(response) -> str:
    return response.content.decode()


def typed(city, **changed) -> dict:
    given = {
        "record_kind": "article", "title": "冬天怎么领取暖补贴", "what": "讲清条件和材料", "audience": "低保家庭",
        "sources": "民政窗口", "column": city.columns["yw"].pk, "unit": city.organisation.pk, "owner": city.editor.pk,
        "due_on": f"{timezone.localdate() + timedelta(days=5)}",
    }  # fmt: skip
    return {**given, **changed}


@pytest.mark.req("COL-14", "LIB-05")
def test_an_editor_sees_what_exists_and_sends_a_story_with_a_reason(cast, now, on, send):
    city = cast.city
    draft(city, now=timezone.now(), title="冬天怎样领取暖补贴")
    address = f"{reverse('console_plan_new')}?kind=story&site={city.site.pk}"
    assert "放在哪个栏目" in text(on(city.editor, "console_plan_new", kind="story"))
    answer = send(city.editor, address, **typed(city))
    assert answer.status_code == 422 and "冬天怎样领取暖补贴" in text(answer)
    answer = send(city.editor, address, **typed(city, reuse_reason="今年标准变了"))
    plan = EditorialPlan.objects.get()
    assert answer["Location"] == reverse("console_plan", args=[plan.pk])
    page = text(on(city.manager, "console_plan", plan.pk))
    assert "今年标准变了" in page and "冬天怎样领取暖补贴" in page and "您的决定" in page
    assert [line.todo.ref for line in lines_for(city.manager) if line.todo.kind == "plan-decide"] == [str(plan.pk)]


@pytest.mark.parametrize(
    "wrong", [{"due_on": "明天"}, {"due_on": "2020-01-01"}, {"column": ""}, {"title": " "}, {"owner": "0"}]
)
def test_what_is_missing_is_told_at_its_field(cast, send, wrong):
    address = f"{reverse('console_plan_new')}?kind=story&site={cast.city.site.pk}"
    answer = send(cast.city.editor, address, **typed(cast.city, **wrong))
    assert answer.status_code == 422 and f'href="#id_{next(iter(wrong))}"' in text(answer)
    assert not EditorialPlan.objects.exists()


def test_a_site_or_kind_that_is_not_there_is_not_found(cast, on):
    assert on(cast.city.editor, "console_plan_new", site=cast.outside.site.pk).status_code == 404
    assert on(cast.city.editor, "console_plan_new", site="x").status_code == 404
    assert on(cast.city.editor, "console_plan_new", kind="poem").status_code == 404


@pytest.mark.req("COL-14")
def test_a_story_is_agreed_to_and_begun_from_its_page(cast, now, on, send):
    city = cast.city
    plan = proposed(story(city, now), city.editor, now)
    address = reverse("console_plan", args=[plan.pk])
    assert send(city.manager, address, act="yes", opinion="").status_code == 422
    assert send(city.manager, address, opinion="选得好").status_code == 422  # neither of the two buttons
    send(city.manager, address, act="yes", opinion="选得好")
    assert "开始写稿" in text(on(city.editor, "console_plan", plan.pk))
    answer = send(city.editor, address, act="begin")
    record = Record.objects.get(plan=plan)
    assert answer["Location"] == reverse("console_edit", args=[record.pk])
    page = text(on(city.editor, "console_plan", plan.pk))
    assert "开始写稿" not in page and "草稿" in page


@pytest.mark.req("COL-14")
def test_a_column_plan_leads_into_the_form_of_a_new_column(cast, now, on, send):
    city = cast.city
    plan = approved(column_plan(city, now), city, now)
    assert "按策划开设栏目" in text(on(city.manager, "console_plan", plan.pk))
    address = f"{reverse('console_column_add', args=[city.site.pk])}?plan={plan.pk}"
    page = text(on(city.manager, "console_column_add", city.site.pk, plan=plan.pk))
    assert 'value="惠民实事"' in page and "按已同意的栏目策划" in page
    facts = {
        "parent": city.columns["zwgk"].pk, "name": "惠民实事", "slug": "hmss", "kind": "general", "channel": "openness",
        "update_class": "event", "responsible": city.organisation.pk,
    }  # fmt: skip
    send(city.manager, address, **facts)
    plan.refresh_from_db()
    assert plan.opened == Column.objects.get(slug="hmss")


@pytest.mark.req("COL-14")
def test_a_plan_whose_day_passed_without_a_draft_shows_as_late(cast, now, on):
    city = cast.city
    plan = approved(story(city, now), city, now)
    EditorialPlan.objects.filter(pk=plan.pk).update(due_on=timezone.localdate() - timedelta(days=1))
    assert "逾期未办" in text(on(city.editor, "console_plans"))
    assert "逾期未办" not in text(on(city.editor, "console_plans", kind="column"))
    line = next(line for line in lines_for(city.editor) if line.todo.kind == "plan-carry")
    assert line.todo.due < timezone.now() and line.address


def test_a_stranger_finds_nothing_and_a_reader_decides_nothing(cast, now, on, send):
    plan = proposed(story(cast.city, now), cast.city.editor, now)
    assert on(cast.outside.manager, "console_plan", plan.pk).status_code == 404
    assert plan.title not in text(on(cast.outside.manager, "console_plans"))
    answer = send(cast.city.first, reverse("console_plan", args=[plan.pk]), act="yes", opinion="同意")
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/")

"""Columns and stories are planned, looked up, decided and only then carried out (COL-14, LIB-05)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import timezone

from jiyue.content.models import Column, EditorialPlan, Record
from jiyue.content.plan_policies import decidable_plans, fetch_plan_for, plannable_sites
from jiyue.content.planning import begin_story, decide_plan, open_planned_column, propose_plan, withdraw_plan
from jiyue.content.queries import plans_todo_for
from jiyue.foundation.models import AuditEvent
from tests.cast import draft

pytestmark = [pytest.mark.django_db]
State = EditorialPlan.State


def story(tenant, now, **facts) -> EditorialPlan:
    given = {
        "kind": "story", "site": tenant.site, "title": "开一家小餐馆要办哪些手续", "what": "把流程讲清楚",
        "audience": "个体工商户", "sources": "市场监管局窗口问答",
        "unit": tenant.organisation, "owner": tenant.editor, "column": tenant.columns["yw"],
        "record_kind": "article", "due_on": timezone.localdate(now) + timedelta(days=7),
    }  # fmt: skip
    return EditorialPlan(**given | facts)


def column_plan(tenant, now, **facts) -> EditorialPlan:
    given = {"kind": "column", "title": "惠民实事", "record_kind": "", "column_kind": "general"}
    return story(tenant, now, **given | {"column": tenant.columns["zwgk"]} | facts)


def proposed(plan, by, now) -> EditorialPlan:
    return propose_plan(plan=plan, by=by, now=now)


def approved(plan, tenant, now) -> EditorialPlan:
    plan = proposed(plan, tenant.editor, now)
    return decide_plan(plan=plan, approve=True, opinion="选得好", by=tenant.manager, now=now)


@pytest.mark.req("COL-14")
def test_a_story_is_proposed_decided_with_a_reason_and_becomes_a_prefilled_draft(cast, now):
    city = cast.city
    plan = proposed(story(city, now), city.editor, now)
    assert [todo.ref for todo in plans_todo_for(city.manager, now=now)] == [str(plan.pk)]
    with pytest.raises(ValidationError):
        begin_story(plan=plan, by=city.editor, now=now)
    with pytest.raises(ValidationError, match="理由"):
        decide_plan(plan=plan, approve=True, opinion=" ", by=city.manager, now=now)
    decide_plan(plan=plan, approve=True, opinion="选得好", by=city.manager, now=now)
    assert [todo.kind for todo in plans_todo_for(city.editor, now=now)] == ["plan-carry"]
    record = begin_story(plan=plan, by=city.editor, now=now)
    assert (record.title, record.responsible, record.state, record.column) == (
        plan.title, city.organisation, "draft", city.columns["yw"],
    )  # fmt: skip
    assert record.plan == EditorialPlan.objects.get() and plans_todo_for(city.editor, now=now) == []
    with pytest.raises(ValidationError):
        begin_story(plan=plan, by=city.editor, now=now)
    codes = AuditEvent.objects.filter(code__startswith="content.plan").order_by("sequence")
    assert [row.code.rpartition("_")[2] for row in codes] == ["proposed", "decided", "out"]


@pytest.mark.req("COL-14")
def test_a_planned_topic_carries_its_purpose_and_end_into_the_draft(cast, now):
    city, end = cast.city, timezone.localdate(now) + timedelta(days=90)
    record = begin_story(
        plan=approved(story(city, now, record_kind="topic", ends_on=end), city, now), by=city.editor, now=now
    )
    assert (record.typed.ends_on, record.summary) == (end, "把流程讲清楚")


@pytest.mark.req("COL-14")
def test_a_planned_column_is_opened_the_usual_way_by_who_arranges_columns(cast, now):
    city = cast.city
    plan = approved(column_plan(city, now), city, now)
    column = Column(
        site=city.site, parent=city.columns["zwgk"], name=plan.title, slug="hmss", kind="general", channel="openness"
    )
    with pytest.raises(PermissionDenied):
        open_planned_column(plan=plan, column=column, reason="", by=city.editor, now=now)
    open_planned_column(plan=plan, column=column, reason="", by=city.manager, now=now)
    assert Column.objects.get(slug="hmss").planned_by == plan
    assert AuditEvent.objects.filter(code="content.column_saved", subject=f"column:{column.pk}").exists()


@pytest.mark.req("LIB-05")
def test_what_exists_is_found_before_a_plan_may_be_sent_and_the_reason_is_kept(cast, now):
    city = cast.city
    draft(city, now=now, title="开一家小餐馆要办哪些手续？")
    draft(cast.outside, now=now, title="开一家小餐馆要办哪些证")
    with pytest.raises(ValidationError) as refused:
        proposed(story(city, now), city.editor, now)
    assert "reuse_reason" in refused.value.message_dict
    plan = proposed(story(city, now, reuse_reason="政策变了，要重写"), city.editor, now)
    assert (
        len(plan.found) == 1 and "开一家小餐馆要办哪些手续？" in plan.found[0]
    )  # a foreign draft is nobody's business
    assert AuditEvent.objects.get(code="content.plan_proposed").data["reason"] == "政策变了，要重写"
    with pytest.raises(ValidationError) as refused:
        proposed(column_plan(city, now, title="通知公告栏"), city.editor, now)
    assert "reuse_reason" in refused.value.message_dict


@pytest.mark.req("COL-14")
def test_who_proposes_does_not_decide_and_strangers_do_nothing(cast, now):
    city, outside = cast.city, cast.outside
    plan = proposed(story(city, now), city.manager, now)
    for stranger in (city.manager, city.editor, city.first, outside.manager, cast.operator, cast.supervisor):
        with pytest.raises(PermissionDenied):
            decide_plan(plan=plan, approve=True, opinion="同意", by=stranger, now=now)
    with pytest.raises(PermissionDenied):
        proposed(story(city, now), outside.editor, now)
    with pytest.raises(PermissionDenied):
        withdraw_plan(plan=plan, by=city.editor, now=now)
    with pytest.raises(Http404):
        fetch_plan_for(outside.manager, plan.pk)
    assert {cast.overseer, city.final} == {user for user in (cast.overseer, city.final, city.second) if plan in
                                           decidable_plans(user)}  # fmt: skip


@pytest.mark.req("COL-14")
def test_a_column_is_not_the_final_reviewers_to_decide(cast, now):
    plan = proposed(column_plan(cast.city, now), cast.city.editor, now)
    assert plan not in decidable_plans(cast.city.final) and plan in decidable_plans(cast.city.manager)


@pytest.mark.req("COL-14")
def test_a_department_proposes_for_the_government_it_stands_under(cast, now):
    city, outside = cast.city, cast.outside
    outside.organisation.superior = city.organisation
    outside.organisation.save()
    assert city.site in plannable_sites(outside.editor)
    plan = proposed(story(city, now, unit=outside.organisation, owner=outside.editor), outside.editor, now)
    assert fetch_plan_for(outside.manager, plan.pk) == plan
    decide_plan(plan=plan, approve=True, opinion="由政府网站编辑来写", by=city.manager, now=now)
    assert [todo.ref for todo in plans_todo_for(city.editor, now=now)] == [str(plan.pk)]
    with pytest.raises(PermissionDenied):
        begin_story(plan=plan, by=outside.editor, now=now)


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("due_on", {"due_on": None}),
        ("column", {"column": None}),
        ("record_kind", {"record_kind": "leader"}),
        ("ends_on", {"record_kind": "topic"}),
        ("what", {"what": ""}),
        ("title", {"title": "题" * 201}),
    ],
)
def test_an_incomplete_plan_is_told_at_its_field(cast, now, field, facts):
    with pytest.raises(ValidationError) as refused:
        proposed(story(cast.city, now, **facts), cast.city.editor, now)
    assert field in refused.value.message_dict


def test_a_plan_is_not_put_into_a_foreign_column_or_into_the_past(cast, now):
    yesterday = timezone.localdate(now) - timedelta(days=1)
    for facts in ({"column": cast.outside.columns["yw"]}, {"due_on": yesterday}):
        with pytest.raises(ValidationError):
            proposed(story(cast.city, now, **facts), cast.city.editor, now)


def test_a_deleted_draft_makes_the_plan_open_again(cast, now):
    city = cast.city
    plan = approved(story(city, now), city, now)
    begin_story(plan=plan, by=city.editor, now=now)
    Record.objects.get(plan=plan).typed.delete()
    assert not EditorialPlan.objects.get().carried
    withdraw_plan(plan=plan, by=city.editor, now=now)
    assert EditorialPlan.objects.get().state == State.WITHDRAWN
    with pytest.raises(ValidationError):
        withdraw_plan(plan=plan, by=city.editor, now=now)

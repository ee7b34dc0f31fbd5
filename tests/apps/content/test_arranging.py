"""Columns that cannot be kept up are decided about; columns that come or go are filed."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from jiyue.content.actions import close_column, reopen_column, save_column
from jiyue.content.arranging import (
    answer_column_change,
    carry_out,
    decide,
    note_column_changes,
    propose_decision,
    report_column_change,
)
from jiyue.content.models import Column, ColumnDecision, ColumnFiling
from jiyue.content.policies import fetch_decision_for, fetch_filing_for
from jiyue.content.queries import stewardship_todo_for
from tests.cast import TEST, structured

pytestmark = [pytest.mark.django_db]
Outcome, State = ColumnDecision.Outcome, ColumnDecision.State


@pytest.fixture
def city(cast):
    return cast.city


@pytest.fixture
def overseer(cast):
    return cast.overseer


def proposed(city, now, outcome=Outcome.CLOSE, **facts) -> ColumnDecision:
    column = city.columns["ldxx"]
    decision = ColumnDecision(column=column, outcome=outcome, grounds="无力维护", **facts)
    return propose_decision(decision=decision, by=city.manager, now=now)


@pytest.mark.req("COL-07")
def test_a_column_is_closed_by_proposal_decision_and_execution(city, overseer, now):
    decision = proposed(city, now)
    decided = decide(decision=decision, approve=True, opinion="同意", by=overseer, now=now)
    assert Column.objects.get(pk=decision.column_id).closed_at is None
    done = carry_out(decision=decided, by=city.manager, now=now)
    assert (done.state, Column.objects.get(pk=decision.column_id).closed_at) == (State.DONE, now)


@pytest.mark.req("COL-07")
def test_merging_names_another_open_column_of_the_site(cast, now):
    city = cast.city
    for target in (None, city.columns["ldxx"], cast.outside.columns["jgzn"]):
        with pytest.raises(ValidationError):
            proposed(city, now, Outcome.MERGE, target=target)
    assert proposed(city, now, Outcome.MERGE, target=city.columns["jgzn"]).target == city.columns["jgzn"]


@pytest.mark.req("COL-07")
def test_adjusting_says_how_and_leaves_the_column_open(city, overseer, now):
    with pytest.raises(ValidationError):
        proposed(city, now, Outcome.ADJUST)
    decision = proposed(city, now, Outcome.ADJUST, adjustment="改为一年内更新")
    decided = decide(decision=decision, approve=True, opinion="", by=overseer, now=now)
    carry_out(decision=decided, by=city.manager, now=now)
    assert Column.objects.get(pk=decision.column_id).closed_at is None


@pytest.mark.req("COL-07")
def test_who_proposes_does_not_decide_and_strangers_do_neither(cast, overseer, now):
    city = cast.city
    decision = proposed(city, now)
    for stranger in (city.manager, city.editor, cast.outside.manager, cast.operator, cast.supervisor):
        with pytest.raises(PermissionDenied):
            decide(decision=decision, approve=True, opinion="同意", by=stranger, now=now)
    with pytest.raises(PermissionDenied):
        propose_decision(
            decision=ColumnDecision(column=city.columns["yw"], outcome=Outcome.CLOSE, grounds="无"),
            by=overseer,
            now=now,
        )
    with pytest.raises(Http404):
        fetch_decision_for(cast.outside.manager, decision.pk)


@pytest.mark.req("COL-07")
def test_the_history_of_refused_proposals_stays(city, overseer, now):
    decision = proposed(city, now)
    with pytest.raises(ValidationError):
        proposed(city, now)
    with pytest.raises(ValidationError):
        decide(decision=decision, approve=False, opinion="", by=overseer, now=now)
    decide(decision=decision, approve=False, opinion="请继续维护", by=overseer, now=now)
    with pytest.raises(ValidationError):
        carry_out(decision=decision, by=city.manager, now=now)
    again = proposed(city, now + timedelta(days=30))
    found = ColumnDecision.objects.filter(column=again.column_id).values_list("state", flat=True)
    assert list(found) == [State.PROPOSED, State.REFUSED]


@pytest.mark.req("COL-08")
def test_the_first_structure_of_a_site_needs_no_filing_and_the_next_changes_do(city, now):
    structured(city, now=now)
    assert not ColumnFiling.objects.exists()
    later = now + timedelta(days=1)
    column = Column(site=city.site, kind="general", channel="news", name="督查信息", slug="dcxx")
    save_column(column=column, by=TEST, now=later)
    close_column(column=city.columns["ldxx"], reason="合并", by=TEST, now=later)
    structured(city, now=later)
    found = set(ColumnFiling.objects.values_list("column__slug", "change", "happened_at"))
    assert found == {("dcxx", "added", later), ("ldxx", "closed", later)}
    structured(city, now=later + timedelta(hours=1))
    assert ColumnFiling.objects.count() == 2


@pytest.mark.req("COL-08")
def test_opening_a_closed_column_again_is_filed_too(city, now):
    structured(city, now=now)
    close_column(column=city.columns["ldxx"], reason="合并", by=TEST, now=now)
    structured(city, now=now)
    reopen_column(column=city.columns["ldxx"], by=TEST, now=now)
    structured(city, now=now + timedelta(hours=1))
    assert list(ColumnFiling.objects.order_by("pk").values_list("change", flat=True)) == ["closed", "reopened"]
    assert Column.objects.get(pk=city.columns["ldxx"].pk).opened_at == now


@pytest.mark.req("COL-08")
def test_a_filing_is_reported_returned_and_filed_by_two_people(cast, overseer, now):
    city = cast.city
    shown = {"id": city.columns["yw"].pk, "closed": False}
    filing = note_column_changes(site=city.site, before=[], after=[shown], at=now)[0]
    filing = ColumnFiling.objects.get(column=filing.column_id)
    assert note_column_changes(site=city.site, before=[], after=[shown], at=now) and ColumnFiling.objects.count() == 1
    with pytest.raises(ValidationError):
        answer_column_change(filing=filing, accept=True, opinion="", by=overseer, now=now)
    with pytest.raises(ValidationError):
        report_column_change(filing=filing, note=" ", by=city.manager, now=now)
    report_column_change(filing=filing, note="新增要闻栏目", by=city.manager, now=now)
    with pytest.raises(PermissionDenied):
        answer_column_change(filing=filing, accept=True, opinion="", by=city.manager, now=now)
    answer_column_change(filing=filing, accept=False, opinion="请补充更新要求", by=overseer, now=now)
    report_column_change(filing=filing, note="新增要闻栏目，两周内更新", by=city.manager, now=now)
    answer_column_change(filing=filing, accept=True, opinion="准予备案", by=overseer, now=now)
    assert fetch_filing_for(overseer, filing.pk).state == ColumnFiling.State.FILED
    with pytest.raises(Http404):
        fetch_filing_for(cast.outside.manager, filing.pk)


def test_a_new_column_knows_since_when_it_is_open(city, now):
    assert all(column.opened_at == now for column in city.columns.values())
    renamed = city.columns["yw"]
    renamed.name = "要闻"
    save_column(column=renamed, by=TEST, now=now + timedelta(days=3))
    assert Column.objects.get(pk=renamed.pk).opened_at == now


@pytest.mark.req("COL-07", "COL-08")
def test_what_waits_is_told_to_who_must_act_and_to_nobody_else(cast, now):
    city, overseer = cast.city, cast.overseer
    decision = proposed(city, now)
    waiting = {person.username: [todo.kind for todo in stewardship_todo_for(person)]
               for person in (overseer, city.manager, city.editor, cast.outside.manager)}  # fmt: skip
    assert waiting == {"duban": ["column-decision"], "ch_manager": [], "ch_editor": [], "lj_manager": []}
    decide(decision=decision, approve=True, opinion="同意", by=overseer, now=now)
    note_column_changes(site=city.site, before=[], after=[{"id": city.columns["yw"].pk, "closed": False}], at=now)
    assert [todo.kind for todo in stewardship_todo_for(overseer)] == []
    assert {todo.kind for todo in stewardship_todo_for(city.manager)} == {"column-decision", "column-filing"}
    report_column_change(filing=ColumnFiling.objects.get(), note="新增", by=city.manager, now=now)
    (todo,) = stewardship_todo_for(overseer)
    assert (todo.kind, todo.title, todo.site) == ("column-filing", "政务要闻", city.site.name)

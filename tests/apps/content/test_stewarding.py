"""Promises, changed facts, reprints and re-examination: who may record them, and what is refused."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404

from jiyue.content.models import ChangeNotice, Commitment, Record, ReprintTask
from jiyue.content.policies import fetch_reprint_for, fetch_stewarded_for, visible_reprints
from jiyue.content.snapshots import snapshot_of
from jiyue.content.stewarding import (
    keep_commitment,
    make_commitment,
    notify_change,
    order_reprint,
    set_review_date,
    withdraw_change_notice,
    withdraw_commitment,
    withdraw_reprint,
)
from jiyue.domain.canonical import digest_of
from jiyue.foundation.models import AuditEvent
from jiyue.identity.roles import Duty, Role
from tests.cast import draft, member

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def city(cast):
    return cast.city


@pytest.fixture
def overseer(cast):
    return cast.overseer


def promise(tenant, **facts) -> Commitment:
    given = {
        "site": tenant.site, "unit": tenant.organisation, "title": "年底前建成湖滨步道", "made_on": date(2026, 11, 2),
        "due_on": date(2026, 12, 31), **facts,
    }  # fmt: skip
    return Commitment(**given)


def reprint(organisation, now, **facts) -> ReprintTask:
    given = {
        "organisation": organisation, "title": "关于冬季供暖的通知", "source": "示范省人民政府",
        "address": "https://www.province.example/a/1.html", "released_at": now - timedelta(hours=1), **facts,
    }  # fmt: skip
    return ReprintTask(**given)


@pytest.mark.req("COL-21")
def test_a_promise_is_recorded_kept_once_and_traced(city, now):
    made = make_commitment(commitment=promise(city), by=city.editor, now=now)
    assert (made.created_by, made.created_at) == (city.editor, now)
    keep_commitment(commitment=made, kept_at=now, evidence="步道已开放", by=city.manager, now=now)
    made.refresh_from_db()
    assert (made.kept_at, made.evidence) == (now, "步道已开放")
    with pytest.raises(ValidationError):
        withdraw_commitment(commitment=made, reason="不做了", by=city.manager, now=now)
    codes = (
        AuditEvent.objects.filter(subject=f"commitment:{made.pk}").order_by("sequence").values_list("code", flat=True)
    )
    assert list(codes) == ["content.commitment_made", "content.commitment_kept"]


@pytest.mark.req("COL-21")
@pytest.mark.parametrize(
    "facts", [{"due_on": date(2026, 11, 1)}, {"made_on": date(2026, 11, 22), "due_on": date(2026, 12, 1)}]
)
def test_a_promise_with_impossible_days_is_refused(city, now, facts):
    with pytest.raises(ValidationError):
        make_commitment(commitment=promise(city, **facts), by=city.editor, now=now)


def test_a_promise_is_not_rewritten_afterwards(city, now):
    made = make_commitment(commitment=promise(city), by=city.editor, now=now)
    made.due_on = date(2027, 12, 31)
    with pytest.raises(ValidationError):
        make_commitment(commitment=made, by=city.editor, now=now)


def test_keeping_needs_words_and_no_future(city, now):
    made = make_commitment(commitment=promise(city), by=city.editor, now=now)
    with pytest.raises(ValidationError):
        keep_commitment(commitment=made, kept_at=now, evidence=" ", by=city.editor, now=now)
    with pytest.raises(ValidationError):
        keep_commitment(commitment=made, kept_at=now + timedelta(1), evidence="已完成", by=city.editor, now=now)
    with pytest.raises(ValidationError):
        withdraw_commitment(commitment=made, reason="", by=city.editor, now=now)


def test_nobody_from_elsewhere_records_or_reads_a_promise(cast, now):
    city, outside = cast.city, cast.outside
    for stranger in (outside.editor, outside.manager, city.final, cast.operator, cast.auditor):
        with pytest.raises(PermissionDenied):
            make_commitment(commitment=promise(city), by=stranger, now=now)
    made = make_commitment(commitment=promise(city), by=city.editor, now=now)
    assert fetch_stewarded_for(cast.supervisor, Commitment, made.pk) == made
    with pytest.raises(Http404):
        fetch_stewarded_for(outside.manager, Commitment, made.pk)
    with pytest.raises(PermissionDenied):
        keep_commitment(commitment=made, kept_at=now, evidence="已完成", by=outside.manager, now=now)


def test_the_database_knows_that_a_promise_ends_in_one_way(city, now):
    made = make_commitment(commitment=promise(city), by=city.editor, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Commitment.objects.filter(pk=made.pk).update(kept_at=now, withdrawn_at=now)


@pytest.mark.req("COL-18")
def test_a_change_notice_takes_site_and_column_from_its_record(city, now):
    record = draft(city, now=now)
    notice = ChangeNotice(record=record, unit=city.organisation, what="办公地址搬迁", changed_at=now)
    notify_change(notice=notice, by=city.editor, now=now)
    assert (notice.site, notice.column) == (city.site, city.columns["yw"])
    withdraw_change_notice(notice=notice, reason="登记有误", by=city.manager, now=now)
    notice.refresh_from_db()
    assert notice.withdrawn_at == now


@pytest.mark.req("COL-18")
def test_a_change_notice_is_for_those_who_keep_the_site(cast, now):
    notice = ChangeNotice(column=cast.city.columns["yw"], unit=cast.city.organisation, what="电话变更", changed_at=now)
    with pytest.raises(PermissionDenied):
        notify_change(notice=notice, by=cast.outside.editor, now=now)


def test_overseers_order_reprints_for_their_part_of_the_tree(cast, overseer, now):
    city, outside = cast.city, cast.outside
    task = order_reprint(task=reprint(city.organisation, now), by=overseer, now=now)
    assert [fetch_reprint_for(person, task.pk) for person in (city.editor, overseer)] == [task, task]
    with pytest.raises(Http404):
        fetch_reprint_for(outside.editor, task.pk)
    with pytest.raises(PermissionDenied):
        order_reprint(task=reprint(outside.organisation, now), by=overseer, now=now)
    with pytest.raises(PermissionDenied):
        order_reprint(task=reprint(city.organisation, now), by=city.manager, now=now)
    withdraw_reprint(task=task, reason="原文已撤下", by=overseer, now=now)
    assert visible_reprints(city.editor).get().withdrawn_reason == "原文已撤下"


def test_a_task_from_above_is_seen_below(cast, now):
    chief = member("shengban", Role.OVERSEER, Duty.ADMINISTERING, cast.province, now=now)
    task = order_reprint(task=reprint(cast.province, now), by=chief, now=now)
    assert [visible_reprints(person).get() for person in (cast.city.editor, cast.outside.editor)] == [task, task]


def test_a_reprint_is_ordered_once_and_not_from_the_future(cast, overseer, now):
    unit = cast.city.organisation
    order_reprint(task=reprint(unit, now), by=overseer, now=now)
    with pytest.raises(ValidationError):
        order_reprint(task=reprint(unit, now), by=overseer, now=now)
    with pytest.raises(ValidationError):
        order_reprint(task=reprint(unit, now, address="https://b.example/", released_at=now + timedelta(1)),
                      by=overseer, now=now)  # fmt: skip


@pytest.mark.req("COL-10")
def test_a_record_looked_at_again_gets_its_next_date_and_a_trace(cast, now):
    city = cast.city
    record = draft(city, now=now, review_on=date(2026, 11, 1))
    set_review_date(record=record, review_on=date(2027, 5, 1), note="内容仍然有效", by=city.editor, now=now)
    assert Record.objects.get(pk=record.pk).review_on == date(2027, 5, 1)
    event = AuditEvent.objects.get(code="content.review_date_set")
    assert (event.data["before"], event.data["after"]) == ("2026-11-01", "2027-05-01")
    with pytest.raises(ValidationError):
        set_review_date(record=record, review_on=date(2026, 11, 21), note="看过", by=city.editor, now=now)
    with pytest.raises(PermissionDenied):
        set_review_date(record=record, review_on=None, note="看过", by=cast.outside.manager, now=now)


def test_new_facts_change_a_snapshot_only_when_they_say_something(city, now):
    """Digests that were signed before these fields existed must come out the same."""
    plain = snapshot_of(draft(city, now=now))
    document = snapshot_of(draft(city, now=now, kind="policy_document", column="zcwj"))
    assert {"information_class", "event_time", "review_on", "catalogue_item"} & set(plain) == set()
    assert "public_effect" not in document["detail"]
    told = draft(city, now=now, kind="policy_document", column="zcwj", public_effect="vital",
                 information_class="major", event_on=date(2026, 11, 20))  # fmt: skip
    assert (snapshot_of(told)["information_class"], snapshot_of(told)["detail"]["public_effect"]) == ("major", "vital")


def test_a_review_date_is_no_part_of_what_is_signed(city, now):
    record = draft(city, now=now)
    before = digest_of(snapshot_of(record))
    set_review_date(record=record, review_on=date(2027, 5, 1), note="看过", by=city.editor, now=now)
    assert digest_of(snapshot_of(Record.objects.get(pk=record.pk))) == before

"""Tasks of the year: units below report, the government's page shows their notes in order (COL-11)."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import timezone
from tests.cast import draft, reviewed, sign_all, structured, with_body

from jiyue.content.actions import save_draft
from jiyue.content.models import ProgressDuty, Record
from jiyue.content.readiness import problems
from jiyue.content.task_policies import fetch_progress_duty_for, fetch_task_for, visible_tasks
from jiyue.content.tasking import ask_for_progress, begin_note, release_from_progress
from jiyue.foundation.home import Home
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from jiyue.publishing.duties.hearing import notes_of_placement
from jiyue.publishing.duties.tasks import ProgressSource
from jiyue.publishing.models import PublicItem
from jiyue.publishing.projection import apply
from jiyue.publishing.publisher import Publisher
from jiyue.review.models import SignOff
from jiyue.review.placing import offer, submit_placement

pytestmark = [pytest.mark.django_db]
TEXT = [{"type": "paragraph", "value": "<p>主体工程已经完成六成。</p>", "id": "p1"}]


@pytest.fixture
def city(cast):
    """The government, and `cast.outside` as a department directly below it."""
    cast.outside.organisation.superior = cast.city.organisation
    cast.outside.organisation.lineage = f"{cast.city.organisation.lineage}{cast.city.organisation.pk}/"
    cast.outside.organisation.save()
    cast.outside.site.owner.refresh_from_db()
    return cast.city


def show(tenant, *records, now) -> None:
    """What the worker would do with these, without baking."""
    rows = SignOff.objects.filter(identity__in=[record.identity for record in records]).order_by("sequence")
    apply(tenant.site, rows, columns={column.pk for column in tenant.columns.values()})
    Record.objects.filter(pk__in=[record.pk for record in records]).update(state="published")


def task_facts(now, **facts) -> dict:
    given = {
        "kind": Record.Kind.TOPIC, "column": "tzgg", "title": "老旧小区加装电梯一百部", "summary": "公布加装电梯的进展。",
        "ends_on": timezone.localdate(now) + timedelta(days=300), "work_kind": "livelihood", "work_year": 2026,
        "work_number": "第3项", "work_target": "年底前完成一百部",
    }  # fmt: skip
    return given | facts


def public_task(tenant, now):
    task = draft(tenant, now=now, **task_facts(now))
    reviewed(tenant, task, now=now)
    show(tenant, task, now=now)
    return task.typed


def note(task, tenant, now):
    """A note about the task, written and signed on the site of a unit."""
    record = begin_note(task=task, column=tenant.columns["yw"], by=tenant.editor, now=now)
    record = with_body(record, TEXT, by=tenant.editor, now=now)
    reviewed(tenant, record, now=now)
    return record


@pytest.mark.req("COL-11")
def test_a_departments_note_is_reviewed_placed_and_shown_on_the_page_of_the_task_in_order(cast, city, now, home):
    publisher, bureau, later = Publisher(), cast.outside, now + timedelta(hours=2)
    structured(city, now=now)
    structured(bureau, now=now)
    source = draft(city, now=now, kind=Record.Kind.POLICY_DOCUMENT, column="zcwj", title="实事项目清单的通知",
                   issuer="澄湖市人民政府", written_on=now.date()).typed  # fmt: skip
    reviewed(city, source, now=now)
    task = draft(city, now=now, **task_facts(now)).typed
    task.documents.set([source])
    reviewed(city, task, now=now)
    publisher.publish(city.site, now=now)
    item = PublicItem.objects.get(site=city.site, identity=task.identity)
    page = Home(home).public_root(city.site.host) / item.address.lstrip("/")
    assert "各责任单位报送的进展会按时间列在这里" in page.read_text()
    first = note(task, bureau, later)
    publisher.publish(bureau.site, now=later)
    placement = offer(record=first, site=city.site, by=bureau.editor, now=later)
    placement.column = city.columns["yw"]
    placement.save()
    sign_all(city, submit_placement(placement=placement, by=city.editor, now=later), now=later)
    own = note(task, city, later + timedelta(hours=1))
    publisher.publish(city.site, now=later + timedelta(hours=1))
    text = page.read_text()
    assert "2026 年便民实事" in text and "第3项" in text and "年底前完成一百部" in text and "实事项目清单的通知" in text
    own_item = PublicItem.objects.get(site=city.site, identity=own.identity)
    placed = PublicItem.objects.get(site=city.site, identity=first.identity)
    assert 0 < text.index(placed.address) < text.index(own_item.address)
    assert (first.part_of_id, first.openness, first.responsible) == (task.pk, "execution", bureau.organisation)


def test_a_task_without_its_year_or_target_is_not_submitted(cast, now):
    given = {"kind": Record.Kind.TOPIC, "summary": "目的", "ends_on": timezone.localdate(now) + timedelta(days=9)}
    bare = draft(cast.city, now=now, work_kind="agenda", **given)
    assert {problem.field for problem in problems(bare, on=now.date())} >= {"work_year", "work_target"}
    loose = draft(cast.city, now=now, work_target="目标", **given)
    assert "work_kind" in {problem.field for problem in problems(loose, on=now.date())}


@pytest.mark.req("COL-11")
def test_a_unit_owes_a_note_in_its_cycle_and_an_offered_note_meets_it(cast, city, now):
    structured(city, now=now)
    task = public_task(city, now)
    duty = ProgressDuty(task=task, unit=cast.outside.organisation, cycle="1 months", since=timezone.localdate(now))
    ask_for_progress(duty=duty, by=city.manager, now=now)
    source = ProgressSource()
    refresh(source, now=now)
    owed = Obligation.objects.get(source="progress")
    assert (owed.unit, owed.site, owed.done_at) == (cast.outside.organisation, cast.outside.site, None)
    assert "报送进展" in owed.title and 27 <= (owed.due_at - now).days <= 31
    later = now + timedelta(days=9)
    record = note(task, cast.outside, later)
    show(cast.outside, record, now=later)
    refresh(source, now=later)
    assert Obligation.objects.filter(source="progress", done_at=None).count() == 1  # written, and not handed in
    placement = offer(record=record, site=city.site, by=cast.outside.editor, now=later)
    about = notes_of_placement(_event(record))
    assert about == [f"progress:{duty.pk}"]
    refresh(source, subjects=about, now=later)
    owed.refresh_from_db()
    assert owed.done_at == later
    following = Obligation.objects.get(source="progress", done_at=None)
    assert following.started_at == placement.created_at
    release_from_progress(duty=duty, reason="任务已由市级统一报送", by=city.manager, now=later)
    refresh(source, now=later + timedelta(hours=1))
    following.refresh_from_db()
    assert following.ended_at is not None


def _event(record):
    return SimpleNamespace(data={"record": str(record.identity)})


def test_without_a_cycle_nothing_is_owed(cast, city, now):
    task = public_task(city, now)
    ask_for_progress(
        duty=ProgressDuty(task=task, unit=cast.outside.organisation, since=now.date()), by=city.editor, now=now
    )
    refresh(ProgressSource(), now=now + timedelta(days=400))
    assert not Obligation.objects.exists()


@pytest.mark.parametrize(("facts", "field"), [({"cycle": "经常"}, "cycle"), ({"since": None}, "since")])
def test_a_wrong_duty_is_told_at_its_field(cast, city, now, facts, field):
    task = public_task(city, now)
    given = {"task": task, "unit": cast.outside.organisation, "cycle": "1 months", "since": now.date()}
    with pytest.raises(ValidationError) as refused:
        ask_for_progress(duty=ProgressDuty(**given | facts), by=city.manager, now=now)
    assert field in refused.value.message_dict


@pytest.mark.req("COL-11")
def test_strangers_set_nothing_see_nothing_and_write_for_nobodys_task(cast, now):
    city, outside = cast.city, cast.outside
    task = public_task(city, now)
    duty = ProgressDuty(task=task, unit=city.organisation, cycle="", since=now.date())
    with pytest.raises(PermissionDenied):
        ask_for_progress(duty=duty, by=outside.manager, now=now)
    with pytest.raises(ValidationError):
        ask_for_progress(
            duty=ProgressDuty(task=task, unit=outside.organisation, since=now.date()), by=city.manager, now=now
        )
    ask_for_progress(duty=duty, by=city.manager, now=now)
    with pytest.raises(ValidationError, match="已经在报送单位里"):
        ask_for_progress(
            duty=ProgressDuty(task=task, unit=city.organisation, since=now.date()), by=city.manager, now=now
        )
    with pytest.raises(PermissionDenied):
        begin_note(task=task, column=outside.columns["yw"], by=outside.editor, now=now)
    with pytest.raises(PermissionDenied):
        release_from_progress(duty=duty, reason="无", by=outside.manager, now=now)
    assert not visible_tasks(outside.editor).exists()
    for fetch, ref in ((fetch_task_for, task.pk), (fetch_progress_duty_for, duty.pk)):
        with pytest.raises(Http404):
            fetch(outside.editor, ref)
    foreign = draft(outside, now=now)
    foreign.part_of = task
    with pytest.raises(ValidationError):
        save_draft(record=foreign, by=outside.editor, now=now)


def test_a_unit_below_sees_only_public_tasks_above(cast, city, now):
    draft(city, now=now, kind=Record.Kind.TOPIC, work_kind="agenda", title="还没有公布的任务")
    task = public_task(city, now)
    assert list(visible_tasks(cast.outside.editor)) == [task]

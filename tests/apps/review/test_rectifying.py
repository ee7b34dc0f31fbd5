"""What was found in public is put right by somebody, and only the checks themselves say that it is gone (PAGE-10)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiyue.checks.actions import decide
from jiyue.config.duties import SOURCES, heed
from jiyue.estate.models import FloatingWindow
from jiyue.foundation.models import AuditEvent
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from jiyue.publishing.projection import apply
from jiyue.review import rectifying
from jiyue.review.actions import submit
from jiyue.review.examining import examine, examine_one
from jiyue.review.models import Finding, Rectification, SignOff
from jiyue.review.rectifying import assign, report
from jiyue.review.refusals import StoppedByChecks
from tests.apps.review.test_checks import paragraph
from tests.apps.rules.decisions import approved_override, overseers
from tests.cast import draft, reviewed, structured, with_body

pytestmark = [pytest.mark.django_db, pytest.mark.req("PAGE-10")]
NIGHT = timedelta(hours=16)
SALE = "限时抢购，扫码下单，全场包邮，咨询热线欢迎来电。"


@pytest.fixture
def public(cast, now):
    """Something public that sells, found by the night."""
    record = draft(cast.city, now=now, title="春季活动", body=paragraph(SALE))
    reviewed(cast.city, record, now=now)
    examine(cast.city.site, now=now)
    return record


def row() -> Rectification:
    return Rectification.objects.select_related("finding", "site").get()


def test_the_night_opens_one_for_what_sells_and_only_once(cast, now, public):
    examine(cast.city.site, now=now + NIGHT)
    assert (row().finding.detector, row().opened_at, row().state) == ("advertisement.commercial", now, "open")
    assert AuditEvent.objects.filter(code="review.rectification_opened").count() == 1


def test_other_findings_open_none(cast, now):
    record = draft(cast.city, now=now, body=paragraph("本办法自２０１９年2月30日起施行，特此通知通知。"))
    reviewed(cast.city, record, now=now)
    examine(cast.city.site, now=now)
    assert Finding.objects.exists()
    assert not Rectification.objects.exists()


def test_a_correction_closes_it_with_what_was_done(cast, now, public):
    later = now + timedelta(hours=3)
    assign(rectification=row(), person=cast.city.editor, by=cast.city.manager, now=now)
    assert [todo.ref for todo in rectifying.todo_for(cast.city.editor)] == [str(row().pk)]
    report(rectification=row(), measures="删除了促销内容，已按更正送审", by=cast.city.editor, now=now)
    assert not rectifying.todo_for(cast.city.editor)
    record = with_body(public, paragraph("活动照常举行。"), by=cast.city.editor, now=now)
    reviewed(cast.city, record, now=later, instruction={"reason": "删除促销内容"})
    examine_one(record.identity, now=later)
    done = row()
    assert (done.state, done.outcome, done.closed_at) == ("closed", "mended", later)
    assert done.measures == "删除了促销内容，已按更正送审"
    with pytest.raises(ValidationError, match="结束"):
        report(rectification=done, measures="再说一遍", by=cast.city.editor, now=later)


def test_what_is_only_said_to_be_done_fails_at_night(cast, now, public):
    report(rectification=row(), measures="已经处理好了", by=cast.city.editor, now=now)
    assert row().state == "reported"
    examine(cast.city.site, now=now + NIGHT)
    failed = row()
    assert (failed.state, failed.failed_times, failed.measures) == ("open", 1, "已经处理好了")
    assert AuditEvent.objects.filter(code="review.rectification_failed").count() == 1


def test_who_may_say_and_who_may_charge(cast, now, public):
    for stranger in (cast.outside.editor, cast.city.first, cast.supervisor):
        with pytest.raises(PermissionDenied):
            report(rectification=row(), measures="已经处理好了", by=stranger, now=now)
    with pytest.raises(PermissionDenied):
        assign(rectification=row(), person=cast.city.editor, by=cast.city.editor, now=now)
    with pytest.raises(ValidationError, match="整改人"):
        assign(rectification=row(), person=cast.outside.editor, by=cast.city.manager, now=now)
    with pytest.raises(ValidationError, match="怎么整改"):
        report(rectification=row(), measures="已改 ", by=cast.city.manager, now=now)


def test_without_a_rule_nothing_is_owed_and_with_the_units_own_it_is(cast, now, public):
    rows = SignOff.objects.order_by("sequence")
    structured(cast.city, now=now)
    apply(cast.city.site, rows, columns={column.pk for column in cast.city.columns.values()})
    source = next(source for source in SOURCES if source.code == "rectifications")
    refresh(source, now=now)
    assert not Obligation.objects.filter(parameter="content.takedown").exists()
    approved_override(
        cast.city.organisation, "content.takedown", "limit: 3 days", now.date(), overseers(None, now=now),
        now=now,
    )  # fmt: skip
    refresh(source, now=now)
    duty = Obligation.objects.get(parameter="content.takedown")
    assert (duty.subject, duty.done_at) == (f"rectification:{row().pk}", None)
    assign(rectification=row(), person=cast.city.editor, by=cast.city.manager, now=now)
    heed(AuditEvent.objects.filter(code="review.rectification_assigned").get(), now)
    assert Obligation.objects.get(pk=duty.pk).person == cast.city.editor


def test_a_unit_makes_all_advertising_block(cast, now):
    record = draft(cast.city, now=now, body=paragraph(SALE))
    overseer = overseers(None, now=now)[0]
    decide(
        organisation=cast.city.organisation, kind="level", name="advertisement.*", value={"severity": "block"},
        by=overseer, now=now,
    )  # fmt: skip
    with pytest.raises(StoppedByChecks, match="商业广告"):
        submit(record=record, by=cast.city.editor, now=now)
    assert AuditEvent.objects.filter(code="checks.setting_decided").exists()


def test_a_floating_window_that_leads_to_a_shop_is_found_(cast, now):
    FloatingWindow.objects.create(
        site=cast.city.site, title="春季好礼", address="https://shop.taobao.com/a", starts_at=now, created_at=now,
        until=now + timedelta(days=9),
    )  # fmt: skip
    structured(cast.city, now=now)
    examine(cast.city.site, now=now)
    found = Finding.objects.get(detector="advertisement.link")
    assert found.record is None
    assert "飘窗" in found.said["place"]
    assert row().finding == found

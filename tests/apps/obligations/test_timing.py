"""The clock reminds once and reports upwards once."""

from datetime import timedelta

import pytest

from jiyue.foundation.models import AuditEvent
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from jiyue.obligations.timing import superior_of, tick
from tests.apps.obligations.facts import Stated, fact, only
from tests.cast import organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hebi")]
DAY = timedelta(days=1)


@pytest.fixture
def duty(cast, now) -> Obligation:
    refresh(Stated([fact(cast.city)]), now=now)
    return only()


def told(code: str) -> int:
    return AuditEvent.objects.filter(code=f"obligations.{code}").count()


@pytest.mark.req("CAL-03")
def test_a_reminder_goes_out_once_when_its_moment_has_come(duty):
    assert tick(now=duty.remind_at - timedelta(seconds=1)) == 0
    assert tick(now=duty.remind_at) == 1
    assert tick(now=duty.remind_at + DAY) == 0
    assert (told("reminded"), told("escalated")) == (1, 0)
    assert only().reminded_at == duty.remind_at


@pytest.mark.req("CAL-03")
def test_what_is_late_is_reported_once_to_the_territorial_superior(cast, duty):
    tick(now=duty.act_by)
    assert only().escalated_at is None
    tick(now=duty.act_by + timedelta(seconds=1))
    tick(now=duty.act_by + 90 * DAY)
    assert only().escalated_to == cast.province
    assert told("escalated") == 1
    assert AuditEvent.objects.filter(code="obligations.escalated").get().data["superior"] == "示范省人民政府"


def test_a_clock_set_back_repeats_nothing(duty):
    tick(now=duty.act_by + DAY)
    before = (only().reminded_at, only().escalated_at)
    assert tick(now=duty.started_at - 900 * DAY) == 0
    assert tick(now=duty.act_by + 2 * DAY) == 0
    assert (only().reminded_at, only().escalated_at) == before


@pytest.mark.parametrize("closing", ["done_at", "waived_at", "ended_at"])
def test_nobody_is_told_of_what_is_closed(duty, closing):
    Obligation.objects.update(**{closing: duty.started_at})
    assert tick(now=duty.act_by + DAY) == 0


def test_the_settings_may_choose_the_vertical_superior(cast, now, settings):
    ministry = organisation("示范省教育厅", "990000021", "province", superior=cast.province, now=now)
    bureau = organisation("澄湖市教育局", "990100021", "city", superior=cast.city.organisation, now=now)
    bureau.vertical_superior = ministry
    bureau.save()
    assert superior_of(bureau) == cast.city.organisation
    settings.JIYUE_ESCALATION_CHAIN = "vertical"
    assert superior_of(bureau) == ministry
    assert superior_of(cast.city.organisation) == cast.province  # none of its own along that chain


def test_a_unit_without_a_superior_is_asked_about_once(cast, now):
    refresh(Stated([fact(cast.city, unit=cast.province.pk)]), now=now)
    late = only().act_by + DAY
    assert tick(now=late) == 2
    assert tick(now=late) == 0
    assert (only().escalated_to, only().escalated_at) == (None, late)


def test_many_are_dealt_with_in_one_round(cast, now):
    refresh(Stated([fact(cast.city, subject=f"letter:{n}") for n in range(230)]), now=now)
    late = Obligation.objects.order_by("-act_by").first().act_by + DAY
    assert tick(now=late) == 460
    assert told("escalated") == 230

"""What was signed under an older standard is compared again when a new one comes into force (PLAT-08)."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.cast import draft, member, reviewed

from jiyue.identity.roles import Duty, Role
from jiyue.publishing import conformity
from jiyue.publishing.models import NonConformity
from jiyue.publishing.projection import apply
from jiyue.review.models import SignOff
from jiyue.rules.actions import approve, propose_standard


def public(tenant, now, **fields):
    record = draft(tenant, now=now, **fields)
    reviewed(tenant, record, now=now)
    rows = SignOff.objects.filter(identity=record.identity).order_by("sequence")
    apply(tenant.site, rows, columns={column.pk for column in tenant.columns.values()})
    return record


def demanded(cast, now, from_on, **demands):
    second = member("duban2", Role.OVERSEER, Duty.ADMINISTERING, cast.city.organisation, now=now)
    row = propose_standard(
        standard="article", demands=demands, from_on=from_on, document="数据要求", grounds="统一", by=cast.overseer, now=now,
        organisation=cast.city.organisation,
    )  # fmt: skip
    return approve(proposal=row, by=second, now=now)


@pytest.mark.req("PLAT-08")
def test_public_records_are_listed_from_the_day_of_a_stricter_standard_until_they_are_mended(cast, now):
    bad, good = public(cast.city, now, summary=""), public(cast.city, now, summary="有摘要")
    public(cast.outside, now, summary="")
    assert conformity.look_at(cast.city.site, now=now) == 0
    day = timezone.localdate(now) + timedelta(days=2)
    demanded(cast, now, day, summary={"filled": True})
    assert not conformity.any_due(now + timedelta(days=1))
    later = now + timedelta(days=2)
    assert conformity.any_due(later)
    assert conformity.look_at_all(now=later) == 1
    assert not conformity.any_due(later + timedelta(minutes=1))
    case = NonConformity.objects.get()
    assert (case.record_id, case.faults) == (bad.pk, ["摘要（summary）：不能为空"])
    assert good.pk != case.record_id
    assert [todo.ref for todo in conformity.todo_for(cast.city.editor)] == [str(cast.city.site.pk)]
    assert conformity.todo_for(cast.outside.editor) == []
    item = bad.site.public_items.get(identity=bad.identity)
    item.state = "gone"
    item.save()
    conformity.look_again(bad, now=later)
    case.refresh_from_db()
    assert case.mended_at == later

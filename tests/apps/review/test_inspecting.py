"""Inspections of what is public: drawn by a rule that anybody can repeat, answered by the site, handled to the end."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiyue.foundation.models import AuditEvent
from jiyue.review.actions import submit_withdrawal
from jiyue.review.inspecting import Plan, answer, cancel, conclude, draw, find, look_at, plan_inspection, settle
from jiyue.review.inspection_policies import visible_inspection_findings, visible_inspections, visible_items
from jiyue.review.inspection_todos import todo_for
from jiyue.review.models import Inspection, SignOff
from tests.cast import draft, reviewed, sign_all

pytestmark = [pytest.mark.django_db, pytest.mark.req("PRIV-09")]


def planned(cast, now, **changes) -> Inspection:
    day = now.date()
    facts = {
        "name": "公开信息保密检查", "held_on": day, "public_from": day - timedelta(days=30), "public_until": day,
        "participants": "保密行政管理部门：样某", "size": 2, "sites": (cast.city.site,), **changes,
    }  # fmt: skip
    return plan_inspection(
        unit=cast.supervisor.organisation or cast.province, plan=Plan(**facts), by=cast.supervisor, now=now
    )


@pytest.fixture
def public(cast, now):
    """Three public records of the city, one withdrawn, and one of another site."""
    made = [draft(cast.city, now=now, title=f"公开稿件{n}") for n in range(4)]
    for record in made:
        reviewed(cast.city, record, now=now)
    gone = submit_withdrawal(record=made[3], kind="error", reason="有误", by=cast.city.editor, now=now)
    sign_all(cast.city, gone, now=now)
    reviewed(cast.outside, draft(cast.outside, now=now, title="别处的稿件"), now=now)
    return made[:3]


def test_the_sample_comes_from_what_is_public_in_scope_and_can_be_computed_again(cast, now, public):
    items = draw(inspection=planned(cast, now), by=cast.supervisor, now=now)
    told = AuditEvent.objects.get(code="review.inspection_drawn").data
    identities = sorted(str(record.identity) for record in public)
    head = SignOff.objects.order_by("-sequence").first().digest
    seed = sha256("\n".join([head, *identities]).encode()).hexdigest()
    drawn = sorted(identities, key=lambda identity: sha256(f"{seed}:{identity}".encode()).digest())[:2]
    assert [str(item.record.identity) for item in items] == drawn
    assert (told["head"], told["seed"], told["drawn_from"]) == (head, seed, 3)


def test_it_is_drawn_once_and_never_from_nothing(cast, now, public):
    inspection = planned(cast, now)
    draw(inspection=inspection, by=cast.supervisor, now=now)
    with pytest.raises(ValidationError, match="抽过"):
        draw(inspection=inspection, by=cast.supervisor, now=now)
    with pytest.raises(ValidationError, match="不能取消"):
        cancel(inspection=inspection, reason="改期", by=cast.supervisor, now=now)
    early = now.date() - timedelta(days=90)
    empty = planned(cast, now, public_from=early, public_until=early)
    with pytest.raises(ValidationError, match="没有公开的稿件"):
        draw(inspection=empty, by=cast.supervisor, now=now)
    assert cancel(inspection=empty, reason="改期", by=cast.supervisor, now=now).state == "cancelled"


def test_columns_narrow_it(cast, now, public):
    other = draft(cast.city, now=now, column="tzgg", title="一则通知")
    reviewed(cast.city, other, now=now)
    inspection = planned(cast, now, columns=(cast.city.columns["tzgg"],), size=9)
    assert [item.record_id for item in draw(inspection=inspection, by=cast.supervisor, now=now)] == [other.pk]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"sites": ()}, "sites"),
        ({"participants": " "}, "participants"),
        ({"size": 0}, "size"),
        ({"size": 9000}, "size"),
    ],
)
def test_a_plan_names_sites_authorities_and_a_number(cast, now, change, field):
    with pytest.raises(ValidationError) as refused:
        planned(cast, now, **change)
    assert field in refused.value.message_dict


def test_only_the_supervising_office_inspects(cast, now, public):
    plan = Plan("检查", now.date(), now.date(), now.date(), "样", 1, (cast.city.site,))
    for person in (cast.city.manager, cast.city.secrecy, cast.operator):
        with pytest.raises(PermissionDenied):
            plan_inspection(unit=cast.city.organisation, plan=plan, by=person, now=now)
    inspection = planned(cast, now)
    with pytest.raises(PermissionDenied):
        draw(inspection=inspection, by=cast.city.manager, now=now)


def test_findings_are_answered_sent_back_and_handled_before_the_conclusion(cast, now, public):
    inspection = planned(cast, now)
    first, second = draw(inspection=inspection, by=cast.supervisor, now=now)
    look_at(item=first, note="正文看过", by=cast.supervisor, now=now)
    found = find(item=second, kind="internal", what="附件第 2 页", demand="撤下附件", by=cast.supervisor, now=now)
    assert [todo.ref for todo in todo_for(cast.city.secrecy)] == [str(found.pk)]
    assert not todo_for(cast.outside.manager)
    with pytest.raises(ValidationError, match="1 个问题"):
        conclude(inspection=inspection, conclusion="检查结束", by=cast.supervisor, now=now)
    with pytest.raises(ValidationError, match="还没有答复"):
        settle(finding=found, accepted=True, reason="", by=cast.supervisor, now=now)
    for stranger in (cast.outside.manager, cast.city.editor):
        with pytest.raises(PermissionDenied):
            answer(finding=found, answer="已经撤下附件", by=stranger, now=now)
    answer(finding=found, answer="已经撤下附件", by=cast.city.manager, now=now)
    assert [todo.ref for todo in todo_for(cast.supervisor)] == [str(found.pk)]
    with pytest.raises(ValidationError, match="还缺什么"):
        settle(finding=found, accepted=False, reason=" ", by=cast.supervisor, now=now)
    settle(finding=found, accepted=False, reason="没有告知当事人", by=cast.supervisor, now=now)
    [todo] = todo_for(cast.city.manager)
    assert "没有告知当事人" in todo.note
    answer(finding=found, answer="已告知当事人", by=cast.city.secrecy, now=now)
    assert settle(finding=found, accepted=True, reason="", by=cast.supervisor, now=now).state == "closed"
    done = conclude(inspection=inspection, conclusion="发现 1 个问题，已处理", by=cast.supervisor, now=now)
    assert done.state == "concluded"
    with pytest.raises(ValidationError, match="结束"):
        look_at(item=first, note="再看", by=cast.supervisor, now=now)


def test_a_site_sees_what_concerns_it(cast, now, public):
    inspection = planned(cast, now, size=9)
    items = draw(inspection=inspection, by=cast.supervisor, now=now)
    assert not visible_items(cast.city.manager, inspection).exists()  # not before they were looked at
    found = find(item=items[0], kind="other", what="样例问题", demand="改正", by=cast.supervisor, now=now)
    assert [item.pk for item in visible_items(cast.city.manager, inspection)] == [items[0].pk]
    assert visible_items(cast.supervisor, inspection).count() == 3
    assert not visible_inspections(cast.outside.manager).exists()
    assert not visible_inspection_findings(cast.outside.manager).exists()
    assert visible_inspection_findings(cast.city.manager).get() == found


def test_sites_out_of_reach_cannot_be_inspected(cast, now):
    with pytest.raises(ValidationError, match="监管"):
        planned(cast, now, sites=(cast.city.site, cast.outside.site))

"""What a unit asks of its records beyond the shipped standards: two people, from a day on, for everything below it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from jiyue.content.readiness import problems
from jiyue.foundation.models import AuditEvent
from jiyue.identity.models import Membership
from jiyue.identity.roles import Duty, Role
from jiyue.review.actions import submit
from jiyue.review.models import Version
from jiyue.review.refusals import NotReady
from jiyue.rules.actions import ChangeNotAllowed, Unusable, approve, propose_standard
from jiyue.rules.local_standards import edition_key, standards_of
from tests.cast import draft, member

DOCUMENT = "澄湖市政府网站数据要求"


@pytest.fixture
def second(cast, now):
    return member("duban2", Role.OVERSEER, Duty.ADMINISTERING, cast.city.organisation, now=now)


def asked(cast, now, *, demands, from_on=None, standard="article", unit=None):
    return propose_standard(
        standard=standard, demands=demands, from_on=from_on or timezone.localdate(now), document=DOCUMENT,
        grounds="统一摘要", by=cast.overseer, now=now, organisation=unit or cast.city.organisation,
    )  # fmt: skip


def in_force(cast, second, now, **given):
    return approve(proposal=asked(cast, now, **given), by=second, now=now)


@pytest.mark.req("PLAT-08")
def test_a_submission_that_breaks_the_standard_is_refused_with_field_and_reason(cast, second, now):
    record = draft(cast.city, now=now, summary="")
    in_force(cast, second, now, demands={"summary": {"filled": True}})
    with pytest.raises(NotReady) as refused:
        submit(record=record, by=cast.city.editor, now=now)
    told = [(problem.field, problem.message) for problem in refused.value.problems]
    assert told == [("summary", "不符合数据标准：摘要（summary）：不能为空")]
    assert not Version.objects.filter(identity=record.identity).exists()
    record.summary = "行动到明年三月结束"
    record.save()
    assert submit(record=record, by=cast.city.editor, now=now).pk


def test_it_counts_from_its_day_and_below_its_unit_only(cast, second, now):
    today = timezone.localdate(now)
    row = in_force(cast, second, now, demands={"summary": {"filled": True}}, from_on=today + timedelta(days=3))
    own, other = cast.city.organisation, cast.outside.organisation
    assert [each.row for each in standards_of(own, "article", on=today)] == [None]
    later = standards_of(own, "article", on=today + timedelta(days=3))
    assert [each.row for each in later] == [None, row]
    assert [each.row for each in standards_of(other, "article", on=today + timedelta(days=3))] == [None]
    assert edition_key(own, on=today) != edition_key(own, on=today + timedelta(days=3))


def test_the_newest_of_a_unit_replaces_its_last_one(cast, second, now):
    today = timezone.localdate(now)
    in_force(cast, second, now, demands={"summary": {"filled": True}})
    in_force(cast, second, now, demands={}, from_on=today + timedelta(days=1))
    record = draft(cast.city, now=now, summary="")
    assert [problem.field for problem in problems(record, on=today)] == ["summary"]
    assert problems(record, on=today + timedelta(days=1)) == []


def test_one_person_alone_cannot_bring_it_into_force(cast, now):
    row = asked(cast, now, demands={"summary": {"filled": True}})
    with pytest.raises(ChangeNotAllowed):
        approve(proposal=row, by=cast.overseer, now=now)
    assert AuditEvent.objects.filter(code="rules.change_proposed", data__matter="standard").count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"demands": {}}, "demands"),
        ({"demands": {"openness": {"allowed": ["x"]}}}, "demands"),
        ({"demands": {"summary": {"filled": True}}, "standard": "change_feed"}, "standard"),
        ({"demands": {"summary": {"filled": True}}, "standard": "nothing"}, "standard"),
        ({"demands": {"summary": {"filled": True}}, "from_on": date(2026, 1, 1)}, "from_on"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field(cast, now, given, field):
    with pytest.raises(Unusable) as refused:
        asked(cast, now, **given)
    assert field in refused.value.message_dict


def test_nobody_asks_anything_of_a_unit_that_is_not_theirs(cast, now):
    assert Membership.objects.filter(user=cast.overseer).count() == 1
    with pytest.raises(ChangeNotAllowed):
        asked(cast, now, demands={"summary": {"filled": True}}, unit=cast.outside.organisation)

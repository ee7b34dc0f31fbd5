"""One act on many letters: each for itself, none twice, and what stopped in the middle goes on."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from jiyue.domain.cases import Act
from jiyue.foundation.models import AuditEvent
from jiyue.interaction import bulk
from jiyue.interaction.actions import accept, return_letter
from jiyue.interaction.models import BulkStep, Case, CaseStep
from tests.letters import answered, letter, office

pytestmark = pytest.mark.django_db
TOKEN = "a1" * 16


@pytest.fixture
def desk(cast, now):
    return office(cast.city, now=now)


@pytest.fixture
def cases(cast, now):
    return [letter(cast.city, now=now, title=f"第{n}封") for n in range(4)]


def states() -> list[str]:
    return list(Case.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.req("INT-02")
def test_each_letter_is_its_own_act_and_says_beforehand_what_will_happen(desk, cases, now):
    return_letter(case=cases[1], reason="不属于本级政府职责", by=desk.clerk, now=now)
    told = bulk.foreseen(cases=cases, act=Act.ACCEPT, given={}, by=desk.clerk, now=now)
    assert [one.after for one in told] == ["待分办", "", "待分办", "待分办"]
    assert told[1].refusal == "“不予受理”的信件不能做这一步：受理"
    assert states() == ["received", "returned", "received", "received"]  # nothing of the trial is left
    steps, events = CaseStep.objects.count(), AuditEvent.objects.count()
    bulk.ask(token=TOKEN, cases=cases, act=Act.ACCEPT, given={}, by=desk.clerk, now=now)
    assert bulk.carry_out(token=TOKEN, by=desk.clerk, now=now) == 3
    assert states() == ["accepted", "returned", "accepted", "accepted"]
    assert (CaseStep.objects.count(), AuditEvent.objects.count()) == (steps + 3, events + 3)
    refused = BulkStep.objects.get(state="refused")
    assert (refused.case, "不能做这一步" in refused.outcome) == (cases[1], True)


def test_sent_twice_it_is_done_once(desk, cases, now):
    for _time in range(2):
        bulk.ask(token=TOKEN, cases=cases[:2], act=Act.ACCEPT, given={}, by=desk.clerk, now=now)
        bulk.carry_out(token=TOKEN, by=desk.clerk, now=now)
    assert CaseStep.objects.filter(act="accept").count() == 2
    bulk.ask(token=TOKEN, cases=cases, act=Act.RETURN, given={"reason": "重复"}, by=desk.clerk, now=now)
    assert BulkStep.objects.count() == 2


def test_what_stopped_in_the_middle_is_gone_on_with(desk, cases, now):
    bulk.ask(token=TOKEN, cases=cases, act=Act.ACCEPT, given={}, by=desk.clerk, now=now)
    first = bulk.asked_for(desk.clerk, TOKEN)[0]
    bulk._carried_out(first.pk, desk.clerk, now)  # and then the process was gone
    assert [row.state for row in bulk.asked_for(desk.clerk, TOKEN)] == ["done", "waiting", "waiting", "waiting"]
    assert bulk.carry_out(token=TOKEN, by=desk.clerk, now=now + timedelta(hours=1)) == 3
    assert CaseStep.objects.filter(act="accept").count() == 4


def test_what_nobody_foresaw_of_one_letter_stops_no_other(desk, cases, now):
    for case in cases:
        accept(case=case, by=desk.clerk, now=now)
    given = {"desk": cases[0].desk, "handler": desk.handler}
    bulk.ask(token=TOKEN, cases=cases, act=Act.ASSIGN, given=given, by=desk.clerk, now=now)
    row = BulkStep.objects.order_by("pk")[1]
    BulkStep.objects.filter(pk=row.pk).update(given={"desk": 0})
    with pytest.raises(ExceptionGroup):
        bulk.carry_out(token=TOKEN, by=desk.clerk, now=now)
    assert states() == ["handling", "accepted", "handling", "handling"]
    row.refresh_from_db()
    assert (row.state, row.case.handler) == ("waiting", None)


def test_a_letter_that_changed_since_it_was_seen_is_left_alone(desk, cases, now):
    seen = bulk.chosen(desk.clerk, [cases[0].pk])
    accept(case=cases[0], by=desk.clerk, now=now)
    bulk.ask(token=TOKEN, cases=seen, act=Act.RETURN, given={"reason": "重复来信"}, by=desk.clerk, now=now)
    assert bulk.carry_out(token=TOKEN, by=desk.clerk, now=now) == 0
    assert "刚刚被别人处理过" in BulkStep.objects.get().outcome


def test_who_may_not_act_is_told_and_a_foreign_letter_is_not_chosen(cast, desk, cases, now):
    foreign = letter(cast.outside, now=now)
    stranger = office(cast.outside, now=now, prefix="fr")
    assert bulk.chosen(stranger.clerk, [foreign.pk, *(case.pk for case in cases)]) == [foreign]
    told = bulk.foreseen(cases=cases[:1], act=Act.ACCEPT, given={}, by=desk.replier, now=now)
    assert told[0].refusal == "这一步不由您办理：受理"
    bulk.ask(token=TOKEN, cases=cases, act=Act.ACCEPT, given={}, by=desk.clerk, now=now)
    with pytest.raises(Http404):
        bulk.carry_out(token=TOKEN, by=stranger.clerk, now=now)
    with pytest.raises(PermissionDenied):
        bulk.export(cases=cases, by=stranger.clerk, now=now)
    assert states()[:4] == ["received"] * 4


def test_only_some_acts_are_for_many_and_not_more_than_a_hundred(cast, desk, cases, now):
    done = answered(letter(cast.city, now=now), desk, now=now)
    assert bulk.foreseen(cases=[done], act=Act.CLOSE, given={}, by=desk.clerk, now=now)[0].after == "已办结"
    with pytest.raises(ValidationError):
        bulk.ask(token=TOKEN, cases=cases, act=Act.SEND, given={}, by=desk.handler, now=now)
    with pytest.raises(ValidationError):
        bulk.chosen(desk.clerk, range(101))

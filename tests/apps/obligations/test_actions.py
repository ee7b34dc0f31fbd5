"""What people may do with a duty, and what they may not."""

from datetime import timedelta

import pytest

from jiyue.domain.duties import State
from jiyue.foundation.models import AuditEvent
from jiyue.obligations.actions import (
    DutyRefused,
    NotPossible,
    Proof,
    ask_waiver,
    grant_waiver,
    meet_by_hand,
    name_person,
    refuse_waiver,
    take_second_step,
)
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation, Waiver
from jiyue.obligations.timing import tick
from tests.apps.obligations.facts import Stated, fact, only
from tests.apps.rules.decisions import assigned, overseers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("hebi")]
DAY = timedelta(days=1)


@pytest.fixture
def duty(cast, now) -> Obligation:
    refresh(Stated([fact(cast.city)]), now=now)
    return only()


@pytest.fixture
def demanding(cast, pair, now) -> Obligation:
    """Under the pack of Xiangxi, whose second step needs a reason."""
    long_ago = now.replace(year=2023)
    assigned(cast.outside.organisation, "xiangxi", long_ago.date(), pair, now=long_ago)
    refresh(Stated([fact(cast.outside, "disclosure.other")]), now=now)
    return only()


@pytest.mark.req("CAL-04")
def test_a_duty_is_closed_by_hand_with_evidence_which_stays(cast, duty, now):
    later = now + DAY
    meet_by_hand(
        obligation=duty, note="已电话答复", files=[Proof("a.pdf", "d1", 3)], by=cast.city.editor, now=later, at=now
    )
    assert (only().state(later), only().done_at) == (State.MET, now)
    assert only().evidence["note"] == "已电话答复"
    refresh(Stated([fact(cast.city)]), now=later)
    assert only().state(later) == State.MET
    assert AuditEvent.objects.filter(code="obligations.met_by_hand").get().actor_name == cast.city.editor.name


def test_what_the_platform_sees_for_itself_no_note_closes(cast, now):
    refresh(Stated([fact(cast.city, by_hand=False)]), now=now)
    with pytest.raises(DutyRefused, match="豁免"):
        meet_by_hand(obligation=only(), note="办了", by=cast.city.editor, now=now + DAY, at=now)
    assert only().done_at is None


@pytest.mark.parametrize("days", [-1, 2])
def test_it_cannot_have_been_done_before_it_began_or_in_the_future(cast, duty, now, days):
    with pytest.raises(NotPossible):
        meet_by_hand(obligation=duty, note="办了", by=cast.city.editor, now=now + DAY, at=now + days * DAY)
    with pytest.raises(NotPossible):
        meet_by_hand(obligation=duty, note=" ", by=cast.city.editor, now=now + DAY)


def test_strangers_and_readers_act_on_nothing(cast, duty, now):
    for person in (cast.outside.editor, cast.supervisor, cast.city.first, cast.operator, cast.auditor):
        with pytest.raises(DutyRefused):
            meet_by_hand(obligation=duty, note="办了", by=person, now=now + DAY)
        with pytest.raises(DutyRefused):
            ask_waiver(obligation=duty, grounds="没有必要", by=person, now=now)
    assert only().done_at is None


def test_a_closed_duty_is_closed(cast, duty, now):
    meet_by_hand(obligation=duty, note="办了", by=cast.city.editor, now=now)
    for act in (
        lambda: meet_by_hand(obligation=duty, note="又办了", by=cast.city.editor, now=now),
        lambda: take_second_step(obligation=duty, reason="复杂", by=cast.city.editor, now=now),
        lambda: ask_waiver(obligation=duty, grounds="没有必要", by=cast.city.editor, now=now),
    ):
        with pytest.raises(DutyRefused):
            act()


@pytest.mark.req("CAL-03")
def test_the_second_step_lets_the_latest_limit_count_and_reminds_again(cast, duty, now):
    tick(now=duty.remind_at)
    take_second_step(obligation=duty, reason="", by=cast.city.editor, now=duty.remind_at)
    row = only()
    assert (row.act_by, row.due_at, row.reminded_at) == (row.latest_at, duty.due_at, None)
    assert row.state(duty.due_at + DAY) == State.OPEN
    assert row.state(duty.latest_at + DAY) == State.BREACHED
    assert tick(now=row.remind_at) == 1
    with pytest.raises(DutyRefused):
        take_second_step(obligation=duty, reason="再延", by=cast.city.editor, now=now)


@pytest.mark.req("CAL-03")
def test_where_the_text_demands_a_reason_the_second_step_needs_one(cast, demanding, now):
    with pytest.raises(NotPossible):
        take_second_step(obligation=demanding, reason="  ", by=cast.outside.editor, now=now)
    take_second_step(obligation=demanding, reason="需要核对数据", by=cast.outside.editor, now=now)
    assert only().second_step_reason == "需要核对数据"
    assert AuditEvent.objects.filter(code="obligations.second_step_taken").get().data["reason"] == "需要核对数据"


def test_the_second_step_cannot_be_taken_after_the_latest_limit_or_where_there_is_none(cast, duty, now):
    with pytest.raises(NotPossible):
        take_second_step(obligation=duty, reason="复杂", by=cast.city.editor, now=duty.latest_at + DAY)
    refresh(Stated([fact(cast.city, "column.update.news", "column:1")], code="columns"), now=now)
    single = Obligation.objects.get(subject="column:1")
    with pytest.raises(NotPossible):
        take_second_step(obligation=single, reason="复杂", by=cast.city.editor, now=now)


def test_a_second_step_taken_moves_with_the_calendar(cast, duty, now):
    take_second_step(obligation=duty, reason="", by=cast.city.editor, now=now)
    refresh(Stated([fact(cast.city)]), now=now + 8 * DAY)
    assert only().act_by == only().latest_at


@pytest.mark.req("CAL-03")
def test_a_waiver_needs_grounds_and_another_person_of_a_superior_unit(cast, duty, above, now):
    with pytest.raises(NotPossible):
        ask_waiver(obligation=duty, grounds=" ", by=cast.city.editor, now=now)
    waiver = ask_waiver(obligation=duty, grounds="来信人已撤回", by=cast.city.editor, now=now)
    with pytest.raises(DutyRefused):
        ask_waiver(obligation=duty, grounds="再申请", by=cast.city.manager, now=now)
    for person in (cast.city.editor, cast.city.manager, cast.overseer, cast.supervisor, cast.operator):
        with pytest.raises(DutyRefused):
            grant_waiver(waiver=waiver, by=person, now=now)
    grant_waiver(waiver=waiver, by=above, now=now, reply="同意")
    assert only().state(now + 99 * DAY) == State.WAIVED
    assert (waiver.state, waiver.answered_by) == (Waiver.State.GRANTED, above)


def test_an_overseer_who_asked_does_not_answer(cast, duty, pair, now):
    waiver = ask_waiver(obligation=duty, grounds="来信人已撤回", by=pair[0], now=now)
    with pytest.raises(DutyRefused):
        grant_waiver(waiver=waiver, by=pair[0], now=now)
    grant_waiver(waiver=waiver, by=pair[1], now=now)


def test_a_refused_waiver_has_a_reason_and_may_be_asked_for_again(cast, duty, above, now):
    waiver = ask_waiver(obligation=duty, grounds="来信人已撤回", by=cast.city.editor, now=now)
    with pytest.raises(NotPossible):
        refuse_waiver(waiver=waiver, reply="", by=above, now=now)
    refuse_waiver(waiver=waiver, reply="没有撤回的记录", by=above, now=now)
    with pytest.raises(DutyRefused):
        grant_waiver(waiver=waiver, by=above, now=now)
    assert only().state(now) == State.OPEN
    assert ask_waiver(obligation=duty, grounds="补上了记录", by=cast.city.editor, now=now).state == Waiver.State.ASKED


def test_what_was_done_meanwhile_is_not_waived(cast, duty, above, now):
    waiver = ask_waiver(obligation=duty, grounds="来信人已撤回", by=cast.city.editor, now=now)
    refresh(Stated([fact(cast.city, met_at=now)]), now=now)
    with pytest.raises(DutyRefused):
        grant_waiver(waiver=waiver, by=above, now=now)


def test_the_manager_names_somebody_who_serves_there(cast, duty, now):
    name_person(obligation=duty, person=cast.city.editor, by=cast.city.manager, now=now)
    assert only().person == cast.city.editor
    for person, by in ((cast.outside.editor, cast.city.manager), (cast.city.editor, cast.city.editor)):
        with pytest.raises(DutyRefused):
            name_person(obligation=duty, person=person, by=by, now=now)


def test_overseers_of_the_same_unit_may_act_for_a_duty_without_a_site(cast, now):
    refresh(Stated([fact(cast.city, site=None)]), now=now)
    one, two = overseers(cast.city.organisation, now=now, prefix="shiji")
    name_person(obligation=only(), person=two, by=one, now=now)
    meet_by_hand(obligation=only(), note="已报告", by=two, now=now)
    assert only().evidence["by"] == two.name

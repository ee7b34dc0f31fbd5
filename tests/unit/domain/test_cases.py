"""The table of acts: no dead end, nothing skipped, and what a sender may do once she may do once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.domain.cases import (
    FINAL,
    OPEN,
    RESTING,
    TABLE,
    UNSKIPPABLE,
    Act,
    Clock,
    Forbidden,
    Kind,
    State,
    Who,
    acts_in,
    needs_reason,
    next_states,
    rule_for,
    sender_may,
)

KINDS = st.sampled_from(list(Kind))


def reachable(start: State, kind: Kind, *, by: set[Who] | None = None) -> set[State]:
    seen, waiting = {start}, [start]
    while waiting:
        for rule, state in next_states(waiting.pop(), kind):
            if (by is None or rule.who in by) and state not in seen:
                seen.add(state)
                waiting.append(state)
    return seen


@pytest.mark.parametrize("kind", Kind)
def test_every_state_is_reached_and_none_but_the_final_ones_is_a_dead_end(kind):
    never = set() if kind == Kind.ERROR_REPORT else {State.PASSING}
    never |= {State.MERGED} if kind == Kind.REPORT else set()
    assert reachable(State.RECEIVED, kind) == set(State) - never
    ways_out = {state for state in State if any(to != state for _rule, to in next_states(state, kind))}
    # What was merged may be taken out again; reports of a wrong are never merged.
    assert set(State) - ways_out == FINAL - (set() if kind == Kind.REPORT else {State.MERGED})


@pytest.mark.parametrize("kind", Kind)
def test_from_every_open_state_the_unit_itself_can_bring_it_to_rest(kind):
    unit = set(Who) - {Who.SENDER}
    states = OPEN - (set() if kind == Kind.ERROR_REPORT else {State.PASSING})
    assert all(reachable(state, kind, by=unit) & RESTING for state in states)


@given(kind=KINDS, choices=st.lists(st.integers(min_value=0, max_value=99), min_size=1, max_size=60))
def test_an_answered_case_skipped_no_step(kind, choices):
    state, done = State.RECEIVED, [Act.RECEIVE]
    for choice in choices:
        onward = [(rule, to) for rule, to in next_states(state, kind) if not (rule.once and rule.act in done)]
        if not onward:
            break
        rule, state = onward[choice % len(onward)]
        done.append(rule.act)
        if rule.act == Act.SEND:
            assert [act for act in UNSKIPPABLE if act not in done] == []
            last = [index for index, act in enumerate(done) if act in {Act.APPROVE, Act.SUBMIT, Act.SEND}][-3:]
            assert [done[index] for index in last] == [Act.SUBMIT, Act.APPROVE, Act.SEND]


@given(kind=KINDS, choices=st.lists(st.integers(min_value=0, max_value=99), max_size=80))
def test_a_sender_reopens_and_disputes_once(kind, choices):
    state, done = State.RECEIVED, [Act.RECEIVE]
    for choice in choices:
        mine = sender_may(state, kind, done=done)
        acts = mine or [act for act in acts_in(state, kind) if act not in {Act.REOPEN, Act.DISPUTE, Act.RATE}]
        if not acts:
            break
        act = acts[choice % len(acts)]
        done.append(act)
        state = rule_for(act, state, kind).to or state
    assert all(done.count(act) <= 1 for act in (Act.REOPEN, Act.DISPUTE, Act.RATE))


def test_what_the_table_does_not_name_is_refused():
    allowed = {(rule.act, state, kind) for rule in TABLE for state in rule.sources for kind in rule.kinds}
    for act in Act:
        for state in State:
            for kind in Kind:
                if (act, state, kind) not in allowed:
                    with pytest.raises(Forbidden):
                        rule_for(act, state, kind)


def test_an_error_report_alone_goes_up_level_by_level():
    assert rule_for(Act.APPROVE, State.REVIEWING, Kind.ERROR_REPORT, to=State.PASSING).to == State.PASSING
    with pytest.raises(Forbidden):
        rule_for(Act.APPROVE, State.REVIEWING, Kind.ENQUIRY, to=State.PASSING)


def test_no_line_contradicts_another():
    seen = [(rule.act, state, kind, rule.to) for rule in TABLE for state in rule.sources for kind in rule.kinds]
    assert len(seen) == len(set(seen))
    assert {needs_reason(act) for act in (Act.RETURN, Act.TRANSFER, Act.EXTEND, Act.MERGE, Act.SEND_BACK)} == {True}


def test_nobody_pauses_the_clock_and_only_beginnings_start_it():
    assert {clock.value for clock in Clock} == {"starts", "latest", "met", "ends"}
    starting = {rule.act for rule in TABLE if rule.clock == Clock.STARTS}
    assert starting == {Act.RECEIVE, Act.REGISTER, Act.REDO, Act.DISPUTE, Act.REOPEN}

"""How a disclosure request (依申请公开) goes on: states and ONE table of acts (DISC-01…04; 国务院令第711号).

A request is no letter (docs/adr/0025): its acts have effects in law, its clock can stand still and begin anew, and what it
is answered with is one of the decisions of `disclosure_outcomes`. Every act says from which states it may be done, where
it leads, whose it is, whether it needs a reason, whether the applicant is told, and what it does to the clock.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from jiyue.domain.cases import Clock


class State(StrEnum):
    """How a request stands. Lateness is no state: the duties know it."""

    RECEIVED = "received"
    CORRECTING = "correcting"
    HANDLING = "handling"
    CONSULTING = "consulting"
    PAYING = "paying"
    REVIEWING = "reviewing"
    READY = "ready"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What may be done with a request."""

    RECEIVE = "receive"
    REGISTER = "register"
    ACCEPT = "accept"
    TRANSFER = "transfer"
    NOTIFY = "notify"
    CORRECT = "correct"
    LAPSE = "lapse"
    CONSULT = "consult"
    OPINION = "opinion"
    ASK_TIME = "ask_time"
    GRANT_TIME = "grant_time"
    DENY_TIME = "deny_time"
    ASK_FEE = "ask_fee"
    CHARGE = "charge"
    DENY_FEE = "deny_fee"
    PAY = "pay"
    WAIVE = "waive"
    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    SEND = "send"
    DELIVER = "deliver"
    REMEDY = "remedy"
    SUPPLEMENT = "supplement"
    WITHDRAW = "withdraw"


class Who(StrEnum):
    """Whose act it is. The reviewer speaks for the head of the office that answers for disclosure."""

    PLATFORM = "platform"
    DESK = "desk"
    HANDLER = "handler"
    REVIEWER = "reviewer"
    SENDER = "sender"


RESTING = frozenset({State.DECIDED, State.WITHDRAWN})
OPEN = frozenset(State) - RESTING
# While an applicant is asked to correct, no answer is owed: the limit begins when the correction comes (article 30).
OWING = OPEN - {State.CORRECTING}


@dataclass(frozen=True)
class Rule:
    """One line of the table. `to` None keeps the state; `once` holds for the life of a request."""

    act: Act
    sources: frozenset[State]
    to: State | None
    who: Who
    reason: bool = False
    told: bool = False
    clock: Clock | None = None
    once: bool = False


class Forbidden(ValueError):
    """The table does not let this act happen to a request in this state."""

    def __init__(self, act: Act, state: State) -> None:
        super().__init__(f"{act} in {state}")
        self.act, self.state = act, state


def _rule(act: Act, sources: Collection[State], to: State | None, who: Who, **more: object) -> Rule:
    return Rule(act, frozenset(sources), to, who, **more)  # type: ignore[arg-type]  # checked by the dataclass's use


_S = State
_AT_WORK = (_S.HANDLING, _S.CONSULTING)
TABLE: tuple[Rule, ...] = (
    _rule(Act.RECEIVE, (), _S.RECEIVED, Who.PLATFORM, told=True, clock=Clock.STARTS),
    _rule(Act.REGISTER, (), _S.RECEIVED, Who.DESK, told=True, clock=Clock.STARTS),
    # the desk: formal check
    _rule(Act.ACCEPT, {_S.RECEIVED}, _S.HANDLING, Who.DESK, told=True),
    _rule(Act.TRANSFER, {_S.RECEIVED, _S.HANDLING}, _S.RECEIVED, Who.DESK, reason=True, told=True),
    # One single notice; a request that stays unclear after it is answered as such (article 30, table three).
    _rule(Act.NOTIFY, {_S.RECEIVED}, _S.CORRECTING, Who.DESK, reason=True, told=True, once=True),
    _rule(Act.CORRECT, {_S.CORRECTING}, _S.RECEIVED, Who.DESK, told=True, clock=Clock.STARTS),
    _rule(Act.LAPSE, {_S.CORRECTING}, _S.DECIDED, Who.DESK, reason=True, told=True, clock=Clock.ENDS),
    # who handles it
    _rule(Act.CONSULT, _AT_WORK, _S.CONSULTING, Who.HANDLER, reason=True, told=True),
    _rule(Act.OPINION, {_S.CONSULTING}, _S.CONSULTING, Who.HANDLER),
    _rule(Act.OPINION, {_S.CONSULTING}, _S.HANDLING, Who.HANDLER, told=True),
    _rule(Act.ASK_TIME, _AT_WORK, None, Who.HANDLER, reason=True),
    # A fee: drafted, sent by another person's yes, paid, taken back, or unpaid in time, which is then decided like anything else.
    _rule(Act.ASK_FEE, {_S.HANDLING}, None, Who.HANDLER),
    _rule(Act.PAY, {_S.PAYING, _S.HANDLING}, _S.HANDLING, Who.DESK, told=True),
    _rule(Act.WAIVE, {_S.PAYING, _S.HANDLING}, _S.HANDLING, Who.HANDLER, reason=True, told=True),
    _rule(Act.SUBMIT, {_S.HANDLING, _S.PAYING}, _S.REVIEWING, Who.HANDLER),
    _rule(Act.SEND, {_S.READY}, _S.DECIDED, Who.HANDLER, told=True, clock=Clock.MET),
    # another person
    _rule(Act.GRANT_TIME, _AT_WORK, None, Who.REVIEWER, told=True, clock=Clock.LATEST, once=True),
    _rule(Act.DENY_TIME, _AT_WORK, None, Who.REVIEWER, reason=True),
    _rule(Act.CHARGE, {_S.HANDLING}, _S.PAYING, Who.REVIEWER, told=True),
    _rule(Act.DENY_FEE, {_S.HANDLING}, None, Who.REVIEWER, reason=True),
    _rule(Act.APPROVE, {_S.REVIEWING}, _S.READY, Who.REVIEWER),
    _rule(Act.SEND_BACK, {_S.REVIEWING}, _S.HANDLING, Who.REVIEWER, reason=True),
    # afterwards
    _rule(Act.DELIVER, {_S.DECIDED}, None, Who.DESK, told=True),
    _rule(Act.REMEDY, {_S.DECIDED}, None, Who.DESK),
    # the applicant
    _rule(Act.SUPPLEMENT, OPEN - {_S.CORRECTING, _S.READY}, None, Who.SENDER, told=True),
    _rule(Act.SUPPLEMENT, {_S.CORRECTING}, _S.RECEIVED, Who.SENDER, told=True, clock=Clock.STARTS),
    _rule(Act.WITHDRAW, OPEN, _S.WITHDRAWN, Who.SENDER, told=True, clock=Clock.ENDS),
)  # fmt: skip


def rule_for(act: Act, state: State | None, *, to: State | None = None) -> Rule:
    """The one line that applies; `to` chooses where two lead on from the same state. Raises Forbidden."""
    found = [rule for rule in TABLE if rule.act == act and (state in rule.sources if state else not rule.sources)]
    if to is not None:
        found = [rule for rule in found if rule.to == to]
    if not found:
        raise Forbidden(act, state or State.RECEIVED)
    return found[0]


def acts_in(state: State, *, by: Collection[Who] = tuple(Who), done: Collection[Act] = ()) -> list[Act]:
    """What these may do with a request in this state, in the order of the table; `done` are acts it has behind it."""
    found = (rule for rule in TABLE if state in rule.sources and rule.who in by)
    return list(dict.fromkeys(rule.act for rule in found if not (rule.once and rule.act in done)))


def sender_may(state: State) -> list[Act]:
    """What the applicant may still do."""
    return acts_in(state, by={Who.SENDER})

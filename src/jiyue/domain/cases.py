"""How a letter of a citizen goes on: kinds, states, and ONE table of acts (INT-03, INT-09, INT-10; S-07).

Every act says from which states it may be done, where it leads, who does it, whether it needs a reason, whether the
sender is told, and what it does to the clock. What the table does not allow cannot happen, whoever asks. A kind that
comes later is a line in `Kind`; an act of its own, or one that is not for it, names kinds in `kinds`.

No text in force lets the clock stand still while a sender is asked for more, so no act pauses it.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """诉求类别."""

    ENQUIRY = "enquiry"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    HELP = "help"
    ERROR_REPORT = "error_report"
    REPORT = "report"
    LEADER_LETTER = "leader_letter"


class State(StrEnum):
    """How a case stands. Lateness is no state: the duties know it."""

    RECEIVED = "received"
    INCOMPLETE = "incomplete"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    HANDLING = "handling"
    WAITING = "waiting"
    REVIEWING = "reviewing"
    PASSING = "passing"
    READY = "ready"
    ANSWERED = "answered"
    CLOSED = "closed"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Act(StrEnum):
    """What may be done with a case."""

    RECEIVE = "receive"
    REGISTER = "register"
    ACCEPT = "accept"
    RETURN = "return"
    ASSIGN = "assign"
    NAME = "name"
    IDENTIFY = "identify"
    TRANSFER = "transfer"
    ASK = "ask"
    GO_ON = "go_on"
    HELP = "help"
    OPINION = "opinion"
    EXTEND = "extend"
    MERGE = "merge"
    SPLIT = "split"
    DRAFT = "draft"
    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    FORWARD = "forward"
    RELEASE = "release"
    SEND = "send"
    CLOSE = "close"
    UPHOLD = "uphold"
    REDO = "redo"
    SUPPLEMENT = "supplement"
    WITHDRAW = "withdraw"
    RATE = "rate"
    DISPUTE = "dispute"
    REOPEN = "reopen"
    PRESENT = "present"
    TAKE_BACK = "take_back"
    INSTRUCT = "instruct"
    ANNOUNCE = "announce"
    CARRY_OUT = "carry_out"
    CALL = "call"
    TELL = "tell"
    CLASSIFY = "classify"
    DETACH = "detach"


class Who(StrEnum):
    """Whose act it is. `desk` receives for the unit that answers, `helper` is a unit asked for its opinion, `keeper` keeps the
    mailbox of the leader to whom it was written, `leader` is that leader.
    """

    PLATFORM = "platform"
    DESK = "desk"
    HANDLER = "handler"
    HELPER = "helper"
    REVIEWER = "reviewer"
    LEVEL = "level"
    SENDER = "sender"
    KEEPER = "keeper"
    LEADER = "leader"


class Clock(StrEnum):
    """What an act does to the time limit."""

    STARTS = "starts"
    LATEST = "latest"  # from now on the latest limit counts, where the text has one
    MET = "met"
    ENDS = "ends"


ALL_KINDS = frozenset(Kind)
# Out of these nothing leads any more, but that a merged letter may be taken out again.
FINAL = frozenset({State.WITHDRAWN, State.MERGED})
# The unit has nothing to do; the sender may still have.
RESTING = FINAL | {State.RETURNED, State.ANSWERED, State.CLOSED}
OPEN = frozenset(State) - RESTING
# Of a letter into which others were merged: now their senders are told.
TOLD_OF = (State.ANSWERED, State.CLOSED, State.RETURNED)
BEFORE_ACCEPTANCE = frozenset({State.RECEIVED, State.INCOMPLETE})
# What must have happened between the receipt and the answer, whatever else did (INT-03).
UNSKIPPABLE = (Act.ACCEPT, Act.ASSIGN, Act.SUBMIT, Act.APPROVE, Act.SEND)


@dataclass(frozen=True)
class Rule:
    """One line of the table. `to` None keeps the state; `once` holds for a case, not for a round of it."""

    act: Act
    sources: frozenset[State]
    to: State | None
    who: Who
    reason: bool = False
    told: bool = False
    clock: Clock | None = None
    once: bool = False
    kinds: frozenset[Kind] = ALL_KINDS


class Forbidden(ValueError):
    """The table does not let this act happen to a case in this state."""

    def __init__(self, act: Act, state: State) -> None:
        super().__init__(f"{act} in {state}")
        self.act, self.state = act, state


def _rule(act: Act, sources: Collection[State], to: State | None, who: Who, **more: object) -> Rule:
    return Rule(act, frozenset(sources), to, who, **more)  # type: ignore[arg-type]  # checked by the dataclass's use


_S = State
_ERRORS = frozenset({Kind.ERROR_REPORT})
_REPORTS = frozenset({Kind.REPORT})
# What reports of a wrong have in common with other letters must not lead from one to the other: they stay alone.
_SHARED = ALL_KINDS - _REPORTS
_TO_LEADERS = frozenset({Kind.LEADER_LETTER})
_LIVING = frozenset(_S) - FINAL
TABLE: tuple[Rule, ...] = (
    _rule(Act.RECEIVE, (), _S.RECEIVED, Who.PLATFORM, told=True, clock=Clock.STARTS),
    _rule(Act.REGISTER, (), _S.RECEIVED, Who.DESK, told=True, clock=Clock.STARTS),
    # the desk
    _rule(Act.ACCEPT, {_S.RECEIVED}, _S.ACCEPTED, Who.DESK, told=True),
    _rule(Act.RETURN, {_S.RECEIVED}, _S.RETURNED, Who.DESK, reason=True, told=True, clock=Clock.MET),
    _rule(Act.ASSIGN, {_S.ACCEPTED}, _S.HANDLING, Who.DESK, told=True),
    _rule(Act.NAME, {_S.HANDLING, _S.WAITING}, None, Who.DESK),
    _rule(Act.IDENTIFY, {_S.RECEIVED, _S.ACCEPTED}, None, Who.DESK, reason=True, kinds=_REPORTS),
    _rule(Act.TRANSFER, {_S.RECEIVED}, _S.RECEIVED, Who.DESK, reason=True, told=True),
    _rule(Act.TRANSFER, {_S.ACCEPTED, _S.HANDLING}, _S.ACCEPTED, Who.DESK, reason=True, told=True),
    _rule(Act.ASK, {_S.RECEIVED}, _S.INCOMPLETE, Who.DESK, reason=True, told=True),
    _rule(Act.GO_ON, {_S.INCOMPLETE}, _S.RECEIVED, Who.DESK, reason=True),
    _rule(Act.MERGE, {_S.RECEIVED, _S.ACCEPTED, _S.HANDLING}, _S.MERGED, Who.DESK, reason=True, told=True,
          clock=Clock.ENDS, kinds=_SHARED),
    # what it was merged into will not answer it: it goes on alone, by the clock that never stopped
    _rule(Act.DETACH, {_S.MERGED}, _S.RECEIVED, Who.DESK, reason=True, told=True, kinds=_SHARED),
    _rule(Act.SPLIT, {_S.ACCEPTED, _S.HANDLING}, None, Who.DESK, reason=True, told=True, kinds=_SHARED),
    _rule(Act.CLOSE, {_S.ANSWERED}, _S.CLOSED, Who.DESK, told=True),
    _rule(Act.UPHOLD, {_S.DISPUTED}, _S.CLOSED, Who.DESK, reason=True, told=True),
    _rule(Act.REDO, {_S.DISPUTED}, _S.HANDLING, Who.DESK, reason=True, told=True, clock=Clock.STARTS),
    # the sender rang up or came by, and the desk writes down what she said; and that she was told the result by hand
    _rule(Act.CALL, OPEN - {_S.INCOMPLETE, _S.WAITING}, None, Who.DESK, reason=True, told=True),
    _rule(Act.CALL, {_S.INCOMPLETE}, _S.RECEIVED, Who.DESK, reason=True, told=True),
    _rule(Act.CALL, {_S.WAITING}, _S.HANDLING, Who.DESK, reason=True, told=True),
    _rule(Act.TELL, {_S.RETURNED}, None, Who.DESK, reason=True),
    _rule(Act.TELL, {_S.ANSWERED, _S.CLOSED}, None, Who.HANDLER, reason=True),
    _rule(Act.TELL, {_S.MERGED}, None, Who.HANDLER, reason=True, kinds=_SHARED),  # once its lead is answered (telling)
    # of which class of the rule it is, where the rule has classes: its limit follows (`interaction.classing`)
    _rule(Act.CLASSIFY, {_S.RECEIVED, _S.INCOMPLETE, _S.ACCEPTED}, None, Who.DESK, reason=True, told=True,
          kinds=ALL_KINDS - _ERRORS),
    _rule(Act.CLASSIFY, {_S.HANDLING, _S.WAITING, _S.REVIEWING}, None, Who.HANDLER, reason=True, told=True,
          kinds=ALL_KINDS - _ERRORS),
    # who handles it
    _rule(Act.ASK, {_S.HANDLING}, _S.WAITING, Who.HANDLER, reason=True, told=True),
    _rule(Act.GO_ON, {_S.WAITING}, _S.HANDLING, Who.HANDLER, reason=True),
    _rule(Act.HELP, {_S.HANDLING}, None, Who.HANDLER, reason=True, told=True),
    _rule(Act.OPINION, {_S.HANDLING, _S.WAITING, _S.REVIEWING}, None, Who.HELPER, reason=True),
    _rule(Act.EXTEND, {_S.HANDLING, _S.WAITING}, None, Who.HANDLER, reason=True, told=True, clock=Clock.LATEST),
    _rule(Act.DRAFT, {_S.HANDLING}, None, Who.HANDLER),
    _rule(Act.SUBMIT, {_S.HANDLING}, _S.REVIEWING, Who.HANDLER),
    _rule(Act.SEND, {_S.READY}, _S.ANSWERED, Who.HANDLER, told=True, clock=Clock.MET),
    # who reviews the reply, and the levels above for an error report
    _rule(Act.APPROVE, {_S.REVIEWING}, _S.READY, Who.REVIEWER),
    _rule(Act.APPROVE, {_S.REVIEWING}, _S.PASSING, Who.REVIEWER, kinds=_ERRORS),
    _rule(Act.SEND_BACK, {_S.REVIEWING}, _S.HANDLING, Who.REVIEWER, reason=True),
    _rule(Act.SEND_BACK, {_S.PASSING}, _S.HANDLING, Who.LEVEL, reason=True, kinds=_ERRORS),
    _rule(Act.FORWARD, {_S.PASSING}, _S.PASSING, Who.LEVEL, kinds=_ERRORS),
    _rule(Act.RELEASE, {_S.PASSING}, _S.READY, Who.LEVEL, kinds=_ERRORS),
    # the sender
    _rule(Act.SUPPLEMENT, {_S.RECEIVED, _S.ACCEPTED, _S.HANDLING, _S.REVIEWING}, None, Who.SENDER, told=True),
    _rule(Act.SUPPLEMENT, {_S.INCOMPLETE}, _S.RECEIVED, Who.SENDER, told=True),
    _rule(Act.SUPPLEMENT, {_S.WAITING}, _S.HANDLING, Who.SENDER, told=True),
    _rule(Act.WITHDRAW, OPEN - {_S.DISPUTED}, _S.WITHDRAWN, Who.SENDER, told=True, clock=Clock.ENDS),
    _rule(Act.RATE, {_S.ANSWERED, _S.CLOSED}, None, Who.SENDER, told=True, once=True),
    _rule(Act.DISPUTE, {_S.RETURNED}, _S.RECEIVED, Who.SENDER, reason=True, told=True, clock=Clock.STARTS, once=True),
    _rule(Act.DISPUTE, {_S.ANSWERED, _S.CLOSED}, _S.DISPUTED, Who.SENDER, reason=True, told=True, once=True),
    _rule(Act.REOPEN, {_S.ANSWERED, _S.CLOSED}, _S.HANDLING, Who.SENDER, reason=True, told=True, clock=Clock.STARTS,
          once=True),
    # the leader to whom it was written says his word (批示); the letter goes on meanwhile, and so does its clock
    _rule(Act.PRESENT, OPEN, None, Who.KEEPER, reason=True, kinds=_TO_LEADERS),
    _rule(Act.TAKE_BACK, OPEN, None, Who.KEEPER, kinds=_TO_LEADERS),
    _rule(Act.INSTRUCT, _LIVING, None, Who.LEADER, reason=True, kinds=_TO_LEADERS),
    _rule(Act.ANNOUNCE, _LIVING, None, Who.LEADER, reason=True, told=True, kinds=_TO_LEADERS),
    _rule(Act.CARRY_OUT, _LIVING, None, Who.KEEPER, reason=True, kinds=_TO_LEADERS),
)  # fmt: skip


def rules_for(act: Act, state: State | None, kind: Kind) -> list[Rule]:
    """The lines of the table by which `act` may happen to a case of this kind in this state (None: not there yet)."""
    found = (rule for rule in TABLE if rule.act == act and kind in rule.kinds)
    return [rule for rule in found if (state in rule.sources if state else not rule.sources)]


def rule_for(act: Act, state: State | None, kind: Kind, *, to: State | None = None) -> Rule:
    """The one line that applies; `to` chooses where two lead on from the same state. Raises Forbidden."""
    found = rules_for(act, state, kind)
    if to is not None:
        found = [rule for rule in found if rule.to == to]
    if not found:
        raise Forbidden(act, state or State.RECEIVED)
    return found[0]


def acts_in(state: State, kind: Kind, *, by: Collection[Who] = tuple(Who)) -> list[Act]:
    """What these may do with a case in this state, in the order of the table."""
    found = (rule.act for rule in TABLE if state in rule.sources and kind in rule.kinds and rule.who in by)
    return list(dict.fromkeys(found))


def sender_may(state: State, kind: Kind, *, done: Collection[Act] = ()) -> list[Act]:
    """What the sender may still do; `done` are the acts she has done on this case."""
    return [act for act in acts_in(state, kind, by={Who.SENDER}) if not (act in done and _is_once(act))]


def next_states(state: State, kind: Kind) -> Iterator[tuple[Rule, State]]:
    """Every line that leads away from a state, and where it leads."""
    for rule in TABLE:
        if state in rule.sources and kind in rule.kinds:
            yield rule, rule.to or state


def needs_reason(act: Act) -> bool:
    return any(rule.reason for rule in TABLE if rule.act == act)


def _is_once(act: Act) -> bool:
    return any(rule.once for rule in TABLE if rule.act == act)

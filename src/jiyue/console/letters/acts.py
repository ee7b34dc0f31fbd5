"""The acts of a letter that are open to a person now, each with its form, and what is called when it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from jiyue.console.letters.forms import (
    ActForm,
    ApproveForm,
    AssignForm,
    CallWordForm,
    ClassForm,
    DeskForm,
    HelpForm,
    IdentifyForm,
    InstructForm,
    LevelForm,
    MergeForm,
    NameForm,
    ReplyForm,
    SendBackForm,
    TellForm,
)
from jiyue.domain.cases import TOLD_OF, Act, Kind, State, acts_in
from jiyue.identity.models import User
from jiyue.interaction import actions, calls, classing, handling, instructions, quality, reported, telling
from jiyue.interaction.leaders import has_reader
from jiyue.interaction.models import Case, Help, Reply
from jiyue.interaction.policies import levels_above, parts_of, visible_cases
from jiyue.interaction.stepping import NotYours
from jiyue.interaction.telling import may_tell
from jiyue.interaction.words import ACTS

FORMS: dict[Act, type[ActForm]] = {
    Act.ASSIGN: AssignForm, Act.NAME: NameForm, Act.IDENTIFY: IdentifyForm, Act.TRANSFER: DeskForm,
    Act.SPLIT: DeskForm, Act.HELP: HelpForm,
    Act.MERGE: MergeForm, Act.APPROVE: ApproveForm, Act.FORWARD: LevelForm, Act.RELEASE: LevelForm,
    Act.DRAFT: ReplyForm, Act.SUBMIT: ReplyForm, Act.SEND_BACK: SendBackForm,
    Act.INSTRUCT: InstructForm, Act.CALL: CallWordForm, Act.SEND: TellForm, Act.TELL: TellForm,
    Act.CLASSIFY: ClassForm,
}  # fmt: skip
# What is usually done next stands open; everything else is folded until somebody wants it.
NEXT = frozenset({
    Act.ACCEPT, Act.ASSIGN, Act.SUBMIT, Act.APPROVE, Act.FORWARD, Act.RELEASE, Act.SEND, Act.CLOSE, Act.OPINION, Act.NAME,
    Act.UPHOLD, Act.IDENTIFY, Act.INSTRUCT, Act.CARRY_OUT,
})  # fmt: skip
GRAVE = frozenset({Act.RETURN, Act.MERGE})
LABELS = {
    Act.RELEASE: _("同意"),
    Act.FORWARD: _("同意，报上一级"),
    Act.APPROVE: _("审核通过"),
    Act.SEND_BACK: _("退回"),
    Act.CARRY_OUT: _("登记批示落实情况"),
}


@dataclass(frozen=True)
class Offer:
    """One act with its form."""

    act: Act
    form: ActForm
    unfolded: bool

    @property
    def label(self) -> Any:
        return LABELS.get(self.act, ACTS[self.act])

    @property
    def grave(self) -> bool:
        return self.act in GRAVE


def offers(case: Case, user: User, *, sent: QueryDict | None = None) -> list[Offer]:
    """The acts that table and part allow; only the form that was sent is bound."""
    named = _named(sent)
    acts = [act for act in acts_in(State(case.state), Kind(case.kind), by=parts_of(user, case)) if _offered(act, case)]
    found = [_offer(act, case, user, sent if act == named else None) for act in acts]
    return sorted(found, key=lambda offer: not offer.unfolded)


def call(offer: Offer, *, sent: QueryDict, by: User, now: datetime) -> None:
    """Take the act of a valid form, or save the draft of a reply. Raises what the action raises."""
    case, given = offer.form.case, dict(offer.form.cleaned_data)
    case.version = given.pop("version")
    act = Act.DRAFT if sent.get("act") == Act.DRAFT else offer.act
    DOES[act](case, given, {"by": by, "now": now})


def _named(sent: QueryDict | None) -> str:
    """The act that was sent; a draft is saved from the form in which it is submitted."""
    act = sent.get("act", "") if sent is not None else ""
    return Act.SUBMIT if act == Act.DRAFT else act


def _offered(act: Act, case: Case) -> bool:
    """Saving a draft is the other button of its form, telling the sender a tick; of two words of a level one applies."""
    last = len(levels_above(case)) < 2 or levels_above(case)[-1].pk == case.level_id
    if act in (Act.DRAFT, Act.ANNOUNCE):
        return False
    if act == Act.PRESENT:
        return case.presented_at is None and has_reader(case.mailbox)
    if act == Act.TAKE_BACK:
        return case.presented_at is not None
    if act == Act.CARRY_OUT:
        return case.instructed_at is not None
    if act == Act.NAME:
        return case.handler_id is None
    if act == Act.TELL:
        return may_tell(case)
    if act == Act.DETACH:
        return telling.lead_of(case).state not in TOLD_OF
    if act in (Act.ACCEPT, Act.ASSIGN) and case.kind == Kind.REPORT:
        return case.identified_at is not None
    if act == Act.EXTEND:
        return case.extended_at is None
    if act == Act.CLASSIFY:
        return case.extended_at is None and bool(classing.classes_for(case))
    return not (act == Act.FORWARD and last) and not (act == Act.RELEASE and not last)


def _offer(act: Act, case: Case, user: User, data: QueryDict | None) -> Offer:
    more: dict[str, Any] = {"gates": handling.gates_for(case)} if act == Act.APPROVE else {}
    if act == Act.SUBMIT:
        found = Reply.objects.filter(case=case, state=Reply.State.DRAFT, drafted_by=user).first()
        last = found or Reply.objects.filter(case=case, state=Reply.State.RETURNED).order_by("-pk").first()
        more["initial"] = {"text": last.text if last else ""}
    form = FORMS.get(act, ActForm)(data, case=case, act=act, prefix=act, **more)
    known = act == Act.IDENTIFY and case.identified_at is not None
    untold = act == Act.TELL and not case.given.exists()
    stranded = act == Act.DETACH and telling.lead_of(case).state == State.WITHDRAWN
    return Offer(act, form, (act in NEXT and not known) or untold or stranded or data is not None)


def _merge(case: Case, given: dict[str, Any], who: dict[str, Any]) -> None:
    number = given.pop("into").strip()
    into = visible_cases(who["by"]).filter(number=number).first()
    actions.merge(case=case, into=into or case, **given, **who)


def _split(case: Case, given: dict[str, Any], who: dict[str, Any]) -> None:
    actions.split(case=case, **given, **who)


def _help(case: Case, given: dict[str, Any], who: dict[str, Any]) -> None:
    handling.ask_help(case=case, helper=given["helper"], question=given["reason"], **who)


def _opinion(case: Case, given: dict[str, Any], who: dict[str, Any]) -> None:
    served = who["by"].appointments.values("site")
    asked = Help.objects.select_related("case__desk__owner", "case__site__owner", "helper__owner")
    row = asked.filter(case=case, helper__in=served, answered_at=None).first()
    if row is None:
        raise NotYours(_("本单位没有待答复的协办事项"))
    row.case.version = case.version
    handling.give_opinion(help=row, opinion=given["reason"], **who)


def _approve(case: Case, given: dict[str, Any], who: dict[str, Any]) -> None:
    handling.approve_reply(case=case, gates=given.get("gates", []), opinion=given["opinion"], **who)


def _send_back(case: Case, given: dict[str, Any], who: dict[str, Any]) -> None:
    quality.return_marked(case=case, fault=given.get("fault", ""), reason=given["reason"], **who)


def _call(case: Case, given: dict[str, Any], who: dict[str, Any]) -> None:
    calls.add_call(case=case, at=given.pop("received_at"), **given, **who)


def _send(case: Case, given: dict[str, Any], who: dict[str, Any]) -> None:
    handling.send_reply(case=case, given=_given(given) if given else None, **who)


def _tell(case: Case, given: dict[str, Any], who: dict[str, Any]) -> None:
    telling.tell(case=case, given=_given(given), **who)


def _given(given: dict[str, Any]) -> telling.Given:
    return telling.Given(at=given.pop("told_at"), **given)


def _plain(verb: Callable[..., Any]) -> Callable[[Case, dict[str, Any], dict[str, Any]], None]:
    return lambda case, given, who: verb(case=case, **given, **who)


DOES: dict[Act, Callable[[Case, dict[str, Any], dict[str, Any]], None]] = {
    Act.ACCEPT: _plain(actions.accept), Act.RETURN: _plain(actions.return_letter), Act.ASSIGN: _plain(actions.assign),
    Act.NAME: _plain(actions.name_handler), Act.IDENTIFY: _plain(reported.identify),
    Act.TRANSFER: _plain(actions.transfer), Act.MERGE: _merge, Act.SPLIT: _split,
    Act.CLOSE: _plain(actions.close), Act.UPHOLD: _plain(actions.uphold), Act.REDO: _plain(actions.redo),
    Act.ASK: _plain(handling.ask_sender), Act.GO_ON: _plain(handling.go_on), Act.HELP: _help, Act.OPINION: _opinion,
    Act.EXTEND: _plain(handling.extend), Act.DRAFT: _plain(handling.save_draft), Act.SUBMIT: _plain(handling.submit_reply),
    Act.APPROVE: _approve, Act.SEND_BACK: _send_back, Act.FORWARD: _plain(handling.pass_level),
    Act.RELEASE: _plain(handling.pass_level), Act.SEND: _send, Act.CALL: _call, Act.TELL: _tell,
    Act.CLASSIFY: _plain(classing.classify), Act.DETACH: _plain(actions.detach),
    Act.PRESENT: _plain(instructions.present), Act.TAKE_BACK: _plain(instructions.take_back),
    Act.INSTRUCT: _plain(instructions.instruct), Act.CARRY_OUT: _plain(instructions.carry_out),
}  # fmt: skip

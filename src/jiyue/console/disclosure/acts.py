"""The acts of a request that are open to a person now, each with its form, and what is called when it is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from jiyue.console.disclosure.forms import (
    ActForm,
    ApproveForm,
    ChargeForm,
    ConsultForm,
    ContestForm,
    CorrectForm,
    DeliverForm,
    DraftForm,
    NotifyForm,
    OpinionForm,
    PayForm,
    SettleForm,
    TransferForm,
)
from jiyue.disclosure import actions, charging, handling
from jiyue.disclosure.bringing import Brought
from jiyue.disclosure.models import Request
from jiyue.disclosure.policies import parts_of
from jiyue.disclosure.words import ACTS
from jiyue.domain.deadlines import local
from jiyue.domain.disclosure import Act, State, acts_in
from jiyue.domain.disclosure_outcomes import Verdict
from jiyue.domain.letters import LARGEST_FILE
from jiyue.identity.models import User

SETTLE = "settle"  # the other half of Act.REMEDY: how a contest ended
FORMS: dict[str, type[ActForm]] = {
    Act.TRANSFER: TransferForm, Act.NOTIFY: NotifyForm, Act.CORRECT: CorrectForm, Act.CONSULT: ConsultForm,
    Act.OPINION: OpinionForm, Act.SUBMIT: DraftForm, Act.APPROVE: ApproveForm, Act.DELIVER: DeliverForm,
    Act.REMEDY: ContestForm, SETTLE: SettleForm, Act.ASK_FEE: ChargeForm, Act.PAY: PayForm,
}  # fmt: skip
# What is usually done next stands open; everything else is folded until somebody wants it.
NEXT = frozenset({
    Act.ACCEPT, Act.OPINION, Act.SUBMIT, Act.APPROVE, Act.SEND, Act.GRANT_TIME, Act.CORRECT, Act.DELIVER, SETTLE, Act.PAY,
    Act.CHARGE,
})  # fmt: skip
GRAVE = frozenset({Act.LAPSE})
Given = dict[str, Any]


@dataclass(frozen=True)
class Offer:
    """One act with its form."""

    act: str
    form: ActForm
    unfolded: bool

    @property
    def label(self) -> Any:
        return _("登记复议诉讼结果") if self.act == SETTLE else ACTS[Act(self.act)]

    @property
    def grave(self) -> bool:
        return self.act in GRAVE


def offers(
    about: Request, user: User, *, now: datetime, sent: QueryDict | None = None, files: Any = None
) -> list[Offer]:
    """The acts that table and part allow; only the form that was sent is bound."""
    named = sent.get("act", "") if sent is not None else ""
    done = [Act(code) for code in about.steps.values_list("act", flat=True)]
    acts: list[str] = [
        act for act in acts_in(State(about.state), by=parts_of(user, about), done=done) if _is_offered(act, about, now)
    ]
    if Act.REMEDY in acts and about.contests.filter(verdict=Verdict.PENDING).exists():
        acts.append(SETTLE)
    found = [_offer(act, about, sent if act == named else None, files) for act in acts]
    return sorted(found, key=lambda offer: not offer.unfolded)


def call(offer: Offer, *, by: User, now: datetime) -> None:
    """Take the act of a valid form. Raises what the action raises."""
    given = dict(offer.form.cleaned_data)
    about = offer.form.about
    about.version = given.pop("version")
    DOES[offer.act](about, given, {"by": by, "now": now})


def _is_offered(act: Act, about: Request, now: datetime) -> bool:
    """Beside table and part: an extension must have been asked for, a correction's time must have passed."""
    asked_for = about.extension_by_id is not None and about.extended_at is None
    match act:
        case Act.ASK_TIME:
            return about.extension_by_id is None and about.extended_at is None
        case Act.GRANT_TIME | Act.DENY_TIME:
            return asked_for
        case Act.PAY | Act.WAIVE:
            return about.fees.filter(closed_at=None).exists()
        case Act.SUBMIT:
            return about.state != State.PAYING or charging.is_unpaid_in_time(about, now=now)
        case Act.ASK_FEE:
            return about.fee_asked_by_id is None and not about.fees.filter(closed_at=None).exists()
        case Act.CHARGE | Act.DENY_FEE:
            return about.fee_asked_by_id is not None
        case Act.LAPSE:
            return about.correction_until is None or about.correction_until < local(now).date()
    return True


def _offer(act: str, about: Request, data: QueryDict | None, files: Any) -> Offer:
    form = FORMS.get(act, ActForm)(data, files if data is not None else None, about=about, act=act, prefix=act)
    return Offer(act, form, act in NEXT or data is not None)


def _opinion(about: Request, given: Given, who: Given) -> None:
    consultation = given.pop("consultation")
    consultation.request = about
    handling.record_opinion(consultation=consultation, **given, **who)


def _settle(about: Request, given: Given, who: Given) -> None:
    contest = given.pop("contest")
    contest.request = about
    actions.settle_contest(contest=contest, **given, **who)


def _submit(about: Request, given: Given, who: Given) -> None:
    given["brought"] = [Brought(one.name, one.read(LARGEST_FILE + 1)) for one in given.get("brought") or ()]
    handling.submit(request=about, **given, **who)


def _plain(verb: Callable[..., Any]) -> Callable[[Request, Given, Given], None]:
    return lambda about, given, who: verb(request=about, **given, **who)


DOES: dict[str, Callable[[Request, Given, Given], None]] = {
    Act.ACCEPT: _plain(actions.accept), Act.TRANSFER: _plain(actions.transfer),
    Act.NOTIFY: _plain(actions.notify_correction), Act.CORRECT: _plain(actions.take_correction),
    Act.LAPSE: _plain(actions.lapse), Act.CONSULT: _plain(handling.consult), Act.OPINION: _opinion,
    Act.ASK_TIME: _plain(handling.ask_time), Act.GRANT_TIME: _plain(handling.grant_time),
    Act.DENY_TIME: _plain(handling.deny_time), Act.ASK_FEE: _plain(charging.ask_fee),
    Act.CHARGE: _plain(charging.charge), Act.DENY_FEE: _plain(charging.deny_fee), Act.PAY: _plain(charging.pay),
    Act.WAIVE: _plain(charging.waive), Act.SUBMIT: _submit, Act.APPROVE: _plain(handling.approve),
    Act.SEND_BACK: _plain(handling.send_back), Act.SEND: _plain(handling.send), Act.DELIVER: _plain(actions.deliver),
    Act.REMEDY: _plain(actions.contest), SETTLE: _settle,
}  # fmt: skip

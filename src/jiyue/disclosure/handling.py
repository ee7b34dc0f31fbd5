"""What handlers and reviewers do: consult others, extend, draft the decision, review it, send it.

A handler writes, another person reviews. Who reviews also agrees to an extension, for the head of the disclosure office.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.disclosure.bringing import Brought, answer_files
from jiyue.disclosure.charging import is_unpaid_in_time
from jiyue.disclosure.duties import OF_KIND, DisclosureSource
from jiyue.disclosure.grounds import is_confirmed_needed, stopping_kinds, until_of
from jiyue.disclosure.models import AnswerFile, Consultation, Draft, Letter, Request, RequestStep
from jiyue.disclosure.stepping import subject_of, take
from jiyue.disclosure.tickets import duty_of
from jiyue.disclosure.writing import consultation_letter, decision_letter, extension_letter
from jiyue.domain.deadlines import local
from jiyue.domain.disclosure import Act, State
from jiyue.domain.disclosure_outcomes import BY_ITSELF, FULL, NEEDS_PLACE, Decision, row_of
from jiyue.domain.letters import tidied
from jiyue.identity.models import User
from jiyue.obligations.actions import NotPossible, take_second_step
from jiyue.obligations.engine import refresh

LONGEST = 20_000  # characters
IN_HAND = (Draft.State.SUBMITTED, Draft.State.APPROVED)


@transaction.atomic
def consult(
    *, request: Request, kind: str, party: str, question: str, asked_at: datetime, by: User, now: datetime
) -> Consultation:
    """Ask a third party, or another body that made the information too; `asked_at` is when they got the question.

    Raises as `stepping.take`; ValidationError.
    """
    if kind not in set(Consultation.Kind):
        raise ValidationError({"kind": _("请选择征求谁的意见")})
    if not party.strip():
        raise ValidationError({"party": _("请填写对方的名称")})
    if not request.clock_at <= asked_at <= now:
        raise ValidationError({"asked_at": _("对方收到的时间在收到申请以后、现在以前")})
    due_at = until_of(request, OF_KIND[Consultation.Kind(kind)], asked_at)
    if due_at is None:
        raise NotPossible(_("规定没有给征求意见设期限"))
    changes = {"handler": request.handler or by}
    take(request=request, act=Act.CONSULT, by=by, now=now, reason=question, changes=changes)
    row = Consultation.objects.create(
        request=request, kind=kind, party=party.strip()[:120], question=tidied(question), asked_by=by, asked_at=asked_at,
        due_at=due_at, stops=kind in stopping_kinds(request),
    )  # fmt: skip
    consultation_letter(request=request, party=row.party, question=row.question, until=due_at, now=now)
    return row


@transaction.atomic
def record_opinion(
    *, consultation: Consultation, stance: str, opinion: str, answered_at: datetime, by: User, now: datetime
) -> RequestStep:
    """What they said, or that they said nothing in time; with the last one the answer period runs on.

    Raises as `stepping.take`; ValidationError.
    """
    request = consultation.request
    if stance not in set(Consultation.Stance):
        raise ValidationError({"stance": _("请选择对方的意见")})
    silent = stance == Consultation.Stance.SILENT
    if silent and now <= consultation.due_at:
        raise ValidationError({"stance": _("征求意见的期限还没有过，不能登记为逾期")})
    if stance == Consultation.Stance.REFUSES and not opinion.strip():
        raise ValidationError({"opinion": _("不同意公开的要写明理由")})
    if not consultation.asked_at <= answered_at <= now:
        raise ValidationError({"answered_at": _("收到意见的时间在对方收到以后、现在以前")})
    others = request.consultations.filter(answered_at=None).exclude(pk=consultation.pk).exists()
    to = State.CONSULTING if others else State.HANDLING
    step = take(request=request, act=Act.OPINION, by=by, now=now, to=to, note=consultation.get_kind_display())
    open_one = Consultation.objects.filter(pk=consultation.pk, answered_at=None)
    if not open_one.update(stance=stance, opinion=tidied(opinion), answered_by=by, answered_at=answered_at):
        raise ValidationError(_("已经登记过意见"))
    consultation.refresh_from_db()
    return step


def ask_time(*, request: Request, reason: str, by: User, now: datetime) -> RequestStep:
    """Ask for a longer answer period; another person decides. Raises as `stepping.take`; NotPossible."""
    if request.extended_at is not None or request.extension_by_id is not None:
        raise NotPossible(_("已经申请过延长"))
    changes = {"extension_reason": reason.strip(), "extension_by": by, "handler": request.handler or by}
    return take(request=request, act=Act.ASK_TIME, by=by, now=now, reason=reason, changes=changes)


@transaction.atomic
def grant_time(*, request: Request, by: User, now: datetime) -> Letter:
    """Let the rule's second limit count, once, and tell the applicant by letter.

    Raises as `stepping.take`; NotPossible and DutyRefused where the rule gives no second limit.
    """
    asker, reason = request.extension_by, request.extension_reason
    if asker is None:
        raise NotPossible(_("没有人申请延长"))
    refresh(DisclosureSource(), subjects=[subject_of(request)], now=now)
    duty = duty_of(request)
    if duty is None or duty.latest_at is None:
        raise NotPossible(_("规定没有给答复设可以延长的期限"))
    until = local(duty.latest_at).date().isoformat()
    note = _("延长至 %(day)s") % {"day": until}
    take(request=request, act=Act.GRANT_TIME, by=by, now=now, note=note)
    # The duty's second step is the handler's, who asked; that another person agreed stands in the steps.
    take_second_step(obligation=duty, reason=_("见申请办理记录"), by=asker, now=now)
    return extension_letter(request=request, why=reason, until=duty.latest_at, now=now)


def deny_time(*, request: Request, reason: str, by: User, now: datetime) -> RequestStep:
    """The answer must come in the ordinary period. Raises as `stepping.take`; NotPossible."""
    if request.extension_by_id is None or request.extended_at is not None:
        raise NotPossible(_("没有人申请延长"))
    changes = {"extension_by": None, "extension_reason": ""}
    return take(request=request, act=Act.DENY_TIME, by=by, now=now, reason=reason, changes=changes)


@transaction.atomic
def submit(
    *, request: Request, decision: str, text: str, by: User, now: datetime, place: str = "", confirmed: bool = False,
    brought: Sequence[Brought] = (), keep: Collection[AnswerFile] = (),
) -> Draft:  # fmt: skip
    """Draft a decision and send it to review, with what goes with it: `brought` new, `keep` from the draft that came back.

    Raises as `stepping.take`; ValidationError by field.
    """
    if decision not in set(Decision) - BY_ITSELF:
        raise ValidationError({"decision": _("请选择答复类型")})
    kind, words = Decision(decision), tidied(text)
    if not words and kind not in FULL:
        raise ValidationError({"text": _("请写明理由和具体情况")})
    if len(words) > LONGEST:
        raise ValidationError({"text": _("正文不能超过 %(n)s 字") % {"n": LONGEST}})
    if kind in NEEDS_PLACE and not place.strip():
        raise ValidationError({"place": _("请写明从哪里获取，或者由哪个机关负责和它的联系方式")})
    if kind == Decision.STILL_UNCLEAR and request.correction_until is None:
        raise ValidationError({"decision": _("还没有告知过补正，不能以补正后仍不明确答复")})
    if kind == Decision.FEE_UNPAID and not is_unpaid_in_time(request, now=now):
        raise ValidationError({"decision": _("没有逾期未缴的收费通知，不能以逾期未缴费答复")})
    if request.state == State.PAYING and kind != Decision.FEE_UNPAID:
        raise ValidationError({"decision": _("收费通知还没有缴，先登记缴费、撤销通知，或者过期后以逾期未缴费答复")})
    if not confirmed and is_confirmed_needed(request, kind):
        raise ValidationError({"confirmed": _("所引条文或者救济期限出处未见，请核对现行法律后确认")})
    rows = answer_files(request, brought, keep)
    take(request=request, act=Act.SUBMIT, by=by, now=now, changes={"handler": request.handler or by})
    draft = Draft.objects.create(
        request=request, decision=decision, text=words, place=tidied(place), confirmed=confirmed, drafted_by=by,
        drafted_at=now,
    )  # fmt: skip
    for row in rows:
        row.draft = draft
        row.save()
    return draft


@transaction.atomic
def approve(*, request: Request, by: User, now: datetime, opinion: str = "") -> RequestStep:
    """The reviewer's yes. Raises as `stepping.take`."""
    draft = draft_in_hand(request)
    step = take(request=request, act=Act.APPROVE, by=by, now=now, note=opinion)
    _reviewed(draft, Draft.State.APPROVED, by, now, opinion)
    return step


@transaction.atomic
def send_back(*, request: Request, reason: str, by: User, now: datetime) -> RequestStep:
    """The reviewer's no; the handler reads why. Raises as `stepping.take`."""
    draft = draft_in_hand(request)
    step = take(request=request, act=Act.SEND_BACK, by=by, now=now, reason=reason)
    _reviewed(draft, Draft.State.RETURNED, by, now, reason)
    return step


@transaction.atomic
def send(*, request: Request, by: User, now: datetime) -> Letter:
    """Give the reviewed decision its number and let the applicant read it. Raises as `stepping.take`; ValidationError."""
    draft = draft_in_hand(request)
    if draft.state != Draft.State.APPROVED:
        raise ValidationError(_("答复还没有通过审核"))
    take(request=request, act=Act.SEND, by=by, now=now, changes={"outcome": row_of(Decision(draft.decision))})
    draft.state = Draft.State.SENT
    draft.save(update_fields=["state"])
    return decision_letter(request=request, draft=draft, now=now)


def draft_in_hand(request: Request) -> Draft:
    """The draft that is reviewed or to be sent, held until the transaction ends. Raises ValidationError."""
    found = Draft.objects.select_for_update().filter(request=request, state__in=IN_HAND).first()
    if found is None:
        raise ValidationError(_("还没有答复稿"))
    return found


def _reviewed(draft: Draft, state: str, by: User, now: datetime, opinion: str) -> None:
    if draft.drafted_by_id == by.pk:
        raise PermissionDenied(_("答复由起草人以外的人审核"))
    draft.state, draft.reviewed_by, draft.reviewed_at, draft.opinion = state, by, now, opinion.strip()
    draft.save(update_fields=["state", "reviewed_by", "reviewed_at", "opinion"])

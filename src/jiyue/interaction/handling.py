"""What handlers and reviewers do: ask, join others in, extend, write the answer, review it, pass it up, send it.

A handler writes; the reply is reviewed by another person, whose account has the reviewing duty. An error report's answer
goes up level by level where the rules in force say so, and the sender is answered only after the last level (S-07).
"""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jiyue.domain.cases import Act, Kind, State, Who
from jiyue.domain.deadlines import local
from jiyue.domain.letters import tidied
from jiyue.domain.rule_terms import Setting
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation, User
from jiyue.interaction import telling
from jiyue.interaction.duties import ANSWERING, LetterSource
from jiyue.interaction.models import Case, CaseStep, Help, Reply
from jiyue.interaction.notices import note_for
from jiyue.interaction.policies import desks_of, level_is_here, levels_above, parts_of, takes_letters
from jiyue.interaction.reported import refuse_desk
from jiyue.interaction.stepping import NotYours, allowed, locked, subject_of, take
from jiyue.interaction.telling import Given
from jiyue.interaction.words import GATES
from jiyue.obligations.actions import NotPossible, take_second_step
from jiyue.obligations.engine import refresh
from jiyue.obligations.models import Obligation
from jiyue.rules.queries import book

LONGEST_REPLY = 20_000  # characters
RELEASE, GATES_ASKED = "error-report.release", "review.gates"
IN_HAND = (Reply.State.DRAFT, Reply.State.SUBMITTED, Reply.State.APPROVED)


def ask_sender(*, case: Case, reason: str, by: User, now: datetime) -> CaseStep:
    """Ask the sender for what is missing; the clock runs on. Raises as `stepping.take`."""
    return take(case=case, act=Act.ASK, by=by, now=now, reason=reason)


def go_on(*, case: Case, reason: str, by: User, now: datetime) -> CaseStep:
    """Go on without what was asked for. Raises as `stepping.take`."""
    return take(case=case, act=Act.GO_ON, by=by, now=now, reason=reason)


@transaction.atomic
def ask_help(*, case: Case, helper: Site, question: str, by: User, now: datetime) -> Help:
    """Ask another unit of the group for its part of the joint answer. Raises as `stepping.take`."""
    if helper.pk == case.desk_id or not desks_of(case.site).filter(pk=helper.pk).exists():
        raise ValidationError({"helper": _("请选择同级政府所属的另一个单位")})
    if not takes_letters(helper):
        raise ValidationError({"helper": _("这个网站没有开通互动交流")})
    refuse_desk(case, helper, field="helper")
    take(case=case, act=Act.HELP, by=by, now=now, reason=question, note=helper.owner.name)
    row = Help(case=case, helper=helper, question=question.strip(), asked_by=by, asked_at=now)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ValidationError({"helper": _("已经请这个单位协办")}) from error
    return row


@transaction.atomic
def give_opinion(*, help: Help, opinion: str, by: User, now: datetime) -> None:
    """The helper's part. Raises as `stepping.take`."""
    case = help.case
    if Who.HELPER not in parts_of(by, case) or not _serves(by, help):
        raise NotYours(_("这一步由被请协办的单位办理"))
    step = take(case=case, act=Act.OPINION, by=by, now=now, reason=opinion, note=help.helper.owner.name)
    done = Help.objects.filter(pk=help.pk, answered_at=None)
    if not done.update(opinion=step.reason, answered_by=by, answered_at=now):
        raise ValidationError(_("已经答复过"))


@transaction.atomic
def extend(*, case: Case, reason: str, by: User, now: datetime) -> CaseStep:
    """Let the latest limit of the rule count, where it has one; the sender reads why.

    Raises as `stepping.take`; obligations' NotPossible and DutyRefused where the rule gives no second limit.
    """
    if case.extended_at is not None:
        raise NotPossible(_("已经延期过，不能再延"))
    step = take(case=case, act=Act.EXTEND, by=by, now=now, reason=reason, changes={"handler": case.handler or by})
    refresh(LetterSource(), subjects=[subject_of(case)], now=now)
    duty = duty_of(case)
    if duty is None:
        raise NotPossible(_("规定没有给这类信件设期限，不能延期"))
    take_second_step(obligation=duty, reason=_("见信件办理记录"), by=by, now=now)
    return step


def duty_of(case: Case) -> Obligation | None:
    """The open duty to answer this letter; None where no rule sets a limit."""
    open_ones = Obligation.objects.pending().filter(subject=subject_of(case), parameter__in=ANSWERING)
    return open_ones.filter(started_at=case.clock_at).first()


@transaction.atomic
def save_draft(*, case: Case, text: str, by: User, now: datetime) -> Reply:
    """Write the answer, or go on writing it; whoever writes first handles the letter. Raises as `stepping.take`."""
    words = _answer(text)
    found = Reply.objects.select_for_update().filter(case=case, state__in=IN_HAND).first()
    if found is not None and found.state == Reply.State.DRAFT and found.drafted_by_id == by.pk:
        if Who.HANDLER not in parts_of(by, case):
            raise NotYours(_("这封信已交给别人办理"))
        allowed(locked(case), Act.DRAFT)
        found.text, found.drafted_at = words, now
        found.save(update_fields=["text", "drafted_at"])
        return found
    take(case=case, act=Act.DRAFT, by=by, now=now, changes={"handler": case.handler or by})
    if found is not None:
        found.state = Reply.State.DROPPED
        found.save(update_fields=["state"])
    return Reply.objects.create(case=case, text=words, drafted_by=by, drafted_at=now)


@transaction.atomic
def submit_reply(*, case: Case, text: str, by: User, now: datetime) -> CaseStep:
    """Hand the answer to its reviewer. Raises as `stepping.take`."""
    reply = save_draft(case=case, text=text, by=by, now=now)
    step = take(case=case, act=Act.SUBMIT, by=by, now=now, changes={"proposed_at": case.proposed_at or now})
    reply.state, reply.submitted_at = Reply.State.SUBMITTED, now
    reply.save(update_fields=["state", "submitted_at"])
    return step


@transaction.atomic
def approve_reply(*, case: Case, gates: Iterable[str], by: User, now: datetime, opinion: str = "") -> CaseStep:
    """The reviewer's yes, with each gate that the rules ask for confirmed (INT-09). Raises as `stepping.take`."""
    reply = reply_in_hand(case)
    ticked = [gate for gate in GATES if gate in set(gates)]
    missing = [gate for gate in gates_for(case) if gate not in ticked]
    if missing:
        raise ValidationError({"gates": _("请逐项确认后再通过")})
    levels = levels_for(case)
    to = State.PASSING if levels else State.READY
    changes = {"level": levels[0] if levels else None}
    step = take(case=case, act=Act.APPROVE, by=by, now=now, to=to, note=opinion, changes=changes)
    _reviewed(reply, Reply.State.APPROVED, by, now, opinion, ticked)
    return step


@transaction.atomic
def send_back_reply(*, case: Case, reason: str, by: User, now: datetime) -> CaseStep:
    """The reviewer's or a level's no; the handler reads why. Raises as `stepping.take`."""
    reply = reply_in_hand(case)
    first = case.state == State.REVIEWING
    step = take(case=case, act=Act.SEND_BACK, by=by, now=now, reason=reason, changes={"level": None})
    if first:
        _reviewed(reply, Reply.State.RETURNED, by, now, step.reason, [])
    else:
        reply.state, reply.opinion = Reply.State.RETURNED, step.reason
        reply.save(update_fields=["state", "opinion"])
    return step


def pass_level(*, case: Case, by: User, now: datetime, opinion: str = "") -> CaseStep:
    """The level whose word is waited for agrees: on to the next one, or released when it was the last (S-07).

    Where the level is not on this platform, its word is recorded here and `opinion` must say how it was given.
    Raises as `stepping.take`.
    """
    if case.level_id is not None and not level_is_here(case) and not opinion.strip():
        raise ValidationError({"opinion": _("上级单位不在本平台，请写明它何时、以什么方式同意")})
    levels = levels_above(case)
    rest = _after(levels, case.level)
    unit = case.level.name if case.level else ""
    if rest:
        return take(
            case=case, act=Act.FORWARD, by=by, now=now, note=opinion or unit, changes={"level": rest[0]},
        )  # fmt: skip
    return take(case=case, act=Act.RELEASE, by=by, now=now, note=opinion or unit, changes={"level": None})


@transaction.atomic
def send_reply(*, case: Case, by: User, now: datetime, given: Given | None = None) -> CaseStep:
    """Give the reviewed answer to the sender, and to those whose letters were merged into this one.

    Whoever rang up, came by or commented elsewhere is told by hand: `given` says how. Raises as `stepping.take`.
    """
    reply = reply_in_hand(case)
    if reply.state != Reply.State.APPROVED:
        raise ValidationError(_("答复还没有通过审核"))
    sound = telling.sound(case, given, since=reply.reviewed_at or reply.drafted_at, now=now)
    step = take(case=case, act=Act.SEND, by=by, now=now, note=telling.in_words(sound))
    telling.keep(case, sound, by=by, now=now)
    reply.state, reply.sent_at = Reply.State.SENT, now
    reply.save(update_fields=["state", "sent_at"])
    merged = Case.objects.filter(merged_into=case).exclude(ticket_key="")
    note_for(merged, step=step)
    merged.update(ticket_due=True)
    Case.objects.filter(parts=case).exclude(ticket_key="").update(ticket_due=True)
    return step


def reply_in_hand(case: Case) -> Reply:
    """The draft that is being written, reviewed or sent, held until the transaction ends. Raises ValidationError."""
    found = Reply.objects.select_for_update().filter(case=case, state__in=IN_HAND).first()
    if found is None:
        raise ValidationError(_("还没有答复稿"))
    return found


def gates_for(case: Case) -> list[str]:
    """The gates that the rules in force ask of a reply: policy, law and wording in one pack, none by name in others."""
    answer = book().answer(case.desk.owner.lineage, GATES_ASKED, local(case.clock_at).date())
    terms = answer.terms
    asked = terms.value.get("reply", []) if isinstance(terms, Setting) and isinstance(terms.value, dict) else []
    return [gate for gate in GATES if gate in asked]


def levels_for(case: Case) -> list[Organisation]:
    """The levels an error report's answer must pass, where the rules in force say that it goes up."""
    if case.kind != Kind.ERROR_REPORT:
        return []
    answer = book().answer(case.desk.owner.lineage, RELEASE, local(case.clock_at).date())
    return levels_above(case) if answer.is_set else []


def _after(levels: list[Organisation], level: Organisation | None) -> list[Organisation]:
    keys = [unit.pk for unit in levels]
    return levels[keys.index(level.pk) + 1 :] if level is not None and level.pk in keys else []


def _reviewed(reply: Reply, state: str, by: User, now: datetime, opinion: str, gates: list[str]) -> None:
    if reply.drafted_by_id == by.pk:
        raise PermissionDenied(_("答复由起草人以外的人审核"))
    reply.state, reply.reviewed_by, reply.reviewed_at = state, by, now
    reply.opinion, reply.gates = opinion.strip(), gates
    reply.save(update_fields=["state", "reviewed_by", "reviewed_at", "opinion", "gates"])


def _serves(by: User, help: Help) -> bool:
    return by.appointments.filter(site=help.helper_id).exists()


def _answer(text: str) -> str:
    words = tidied(text)
    if not words:
        raise ValidationError({"text": _("请写答复内容")})
    if len(words) > LONGEST_REPLY:
        raise ValidationError({"text": _("答复不能超过 %(n)s 字") % {"n": LONGEST_REPLY}})
    return words

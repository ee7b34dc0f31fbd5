"""What officers do in live enquiries: take, answer, hand over, advise a letter, end; and what ends by itself.

Each act locks the conversation, writes one row of it and one trace in one transaction, and tells the visitor after the commit.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.checks.queries import settings_for
from jiyue.domain.deadlines import local
from jiyue.domain.enquiries import AWAY, GRACE, LONGEST_WORD, UNSEEN, Act, End, State, Topic
from jiyue.domain.letters import tidied
from jiyue.domain.talk_figures import TAKEN
from jiyue.foundation.audit import record
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore
from jiyue.identity.models import User
from jiyue.interaction.enquiries import figures
from jiyue.interaction.enquiries.desks import label_of, left_lately, on_duty
from jiyue.interaction.enquiries.policies import fetch_enquiry_for, may_answer
from jiyue.interaction.enquiries.rows import Attached, finish, locked, trace, written
from jiyue.interaction.enquiries.telling import tell, tell_or_leave_due
from jiyue.interaction.events import FileOpened
from jiyue.interaction.letterbox import Drafts, Kept
from jiyue.interaction.letterbox.talks import TalkBox
from jiyue.interaction.masking import left
from jiyue.interaction.models import Enquiry, EnquiryDesk, EnquiryDuty, EnquiryFile, EnquiryWord
from jiyue.interaction.policies import desks_of

logger = logging.getLogger(__name__)
LONGEST_NOTE, LONGEST_SUBJECT = 500, 60


class TakenByOther(ValidationError):
    """Another officer was first."""


class MaybePrivate(ValidationError):
    """The answer looks as if it told of a person; who has looked may send it all the same."""


# ── officers ──


def take(*, enquiry: Enquiry, by: User, now: datetime) -> Enquiry:
    """Take a visitor out of the queue. Raises PermissionDenied, TakenByOther, ValidationError."""
    with transaction.atomic():
        row = locked(enquiry)
        duty = _duty(row, by, now)
        if row.state == State.TALKING and row.person_id == by.pk:
            return row
        if row.state == State.TALKING:
            raise TakenByOther(_("这位来访人已经由%(who)s接待") % {"who": row.label})
        if row.state == State.ENDED:
            raise ValidationError(_("这次咨询已经结束"))
        held = Enquiry.objects.filter(desk=row.desk_id, person=by, state=State.TALKING).count()
        if held >= duty.desk.most_each:
            raise ValidationError(
                _("您已经同时接待 %(n)d 位，先结束或者转交一位，再接待下一位") % {"n": duty.desk.most_each}
            )
        row.state, row.person, row.label, row.place = State.TALKING, by, label_of(duty), 0
        is_first = row.taken_at is None
        row.taken_at, row.silent_since = row.taken_at or now, now
        if is_first:
            figures.count(row, TAKEN)
        written(row, Act.TAKE, now=now, by=by, label=row.label)
    tell(row)
    return row


def answer(
    *, enquiry: Enquiry, text: str, by: User, now: datetime, token: str | None = None, looked: bool = False,
    files: Sequence[Kept] = (),
) -> EnquiryWord:  # fmt: skip
    """Say something to the visitor, or hand her `files` that were kept under the token. The same token again is the same answer.

    Raises PermissionDenied, MaybePrivate unless `looked`, ValidationError.
    """
    text = tidied(text)
    known = EnquiryWord.objects.filter(token=token, enquiry=enquiry).first() if token else None
    if known is not None:
        return known
    if not text and not files:
        raise ValidationError({"text": _("请写回答")})
    if len(text) > LONGEST_WORD:
        raise ValidationError({"text": _("一次最多 %(n)d 个字，请分几次说") % {"n": LONGEST_WORD}})
    if not looked:
        _refuse_private(enquiry, text, now)
    attached = _stored(token, files)
    with transaction.atomic():
        row = _hers(enquiry, by, now)
        is_first = row.answered_at is None
        row.answered_at, row.silent_since = row.answered_at or now, now
        if is_first:
            figures.answered_first(row, now=now)
        word = written(row, Act.ANSWER, now=now, by=by, label=row.label, text=text, token=token, files=attached)
    tell_or_leave_due(row)  # it is said: a disk too full to lock its files must not ask for it again
    return word


def advise_letter(*, enquiry: Enquiry, by: User, now: datetime) -> None:
    """Tell the visitor that this is better written as a letter; she alone can make one of it. Raises as `answer`."""
    with transaction.atomic():
        row = _hers(enquiry, by, now)
        written(row, Act.ADVISE, now=now, by=by, label=row.label)
    tell(row)


def hand_over(*, enquiry: Enquiry, to: EnquiryDuty, note: str, by: User, now: datetime) -> None:
    """Give the visitor to another officer who is on duty, of this desk or another of the group; `note` is for her alone.

    Raises PermissionDenied, ValidationError.
    """
    note = tidied(note)
    if len(note) > LONGEST_NOTE:
        raise ValidationError({"note": _("最多 %(n)d 个字") % {"n": LONGEST_NOTE}})
    with transaction.atomic():
        row = _hers(enquiry, by, now)
        target = handover_targets(row, now=now).filter(pk=to.pk).first()
        if target is None:
            raise ValidationError({"to": _("这位值班员刚刚下岗，请另选一位")})
        held = Enquiry.objects.filter(desk=target.desk.site_id, person=target.person_id, state=State.TALKING).count()
        if held >= target.desk.most_each:
            raise ValidationError({"to": _("这位值班员接待的人已经满了，请另选一位")})
        elsewhere = target.desk.site_id != row.desk_id
        row.desk, row.person = target.desk.site, target.person
        unit = f"{target.desk.site.owner.name} " if elsewhere else ""
        row.label, row.read = f"{unit}{label_of(target)}", 0
        if note:
            written(row, Act.NOTE, now=now, by=by, label=by.name, text=note)
        written(row, Act.HAND, now=now, by=by, label=row.label)
    tell(row)


def end(*, enquiry: Enquiry, topic: str, subject: str, by: User, now: datetime) -> None:
    """End the conversation and say what it was about; of one that ended by itself, say it afterwards.

    Raises PermissionDenied, ValidationError.
    """
    subject = tidied(subject)
    if topic not in set(Topic):
        raise ValidationError({"topic": _("请选择事项")})
    if len(subject) > LONGEST_SUBJECT:
        raise ValidationError({"subject": _("最多 %(n)d 个字") % {"n": LONGEST_SUBJECT}})
    with transaction.atomic():
        row = locked(enquiry)
        if row.person_id != by.pk or not may_answer(by, row.desk):
            raise PermissionDenied(_("这次咨询不由您接待"))
        is_other = (row.topic, row.subject) != (topic, subject)
        row.topic, row.subject = topic, subject
        if row.state == State.ENDED:
            if is_other:
                row.save(update_fields=["topic", "subject"])
                trace(row, "topic", now=now, by=by)
            return
        finish(row, End.OFFICER, now=now, by=by)
    tell(row)


def handover_targets(enquiry: Enquiry, *, now: datetime) -> Any:
    """Who may be handed a visitor: everybody else on duty at desks of the same group."""
    sites = desks_of(enquiry.site).values("pk")
    return on_duty(now=now).filter(desk__site__in=sites).exclude(person=enquiry.person_id)


@transaction.atomic
def open_file(*, file: EnquiryFile, by: User, now: datetime) -> None:
    """Somebody of the desk takes an attachment away. Raises Http404 for whoever may not read the conversation."""
    row = fetch_enquiry_for(by, file.word.enquiry_id)
    event = FileOpened(
        subject=f"enquiry:{row.pk}", site=row.desk.host, number=str(row), name=f"{file.word.number}-{file.n}"
    )
    record(event, by=by.actor(), at=now)


def note_read(*, enquiry: Enquiry, upto: int, by: User) -> None:
    """The officer has seen everything up to this number."""
    Enquiry.objects.filter(pk=enquiry.pk, person=by, read__lt=upto, last__gte=upto).update(read=upto)


# ── what happens by itself ──


def attend(*, now: datetime) -> None:
    """End what has been silent, put back visitors whose officer is gone, and let go who waits before a closed desk."""
    desks = {desk.site_id: desk for desk in EnquiryDesk.objects.select_related("site__owner")}
    there = set(on_duty(now=now).values_list("desk__site", "person"))
    for enquiry in Enquiry.objects.filter(state=State.TALKING).select_related("desk"):
        desk = desks.get(enquiry.desk_id)
        idle = timedelta(minutes=desk.idle_minutes if desk else 1)
        if (enquiry.desk_id, enquiry.person_id) not in there:
            _by_itself(enquiry, lambda row: _put_back(row, now))
        elif enquiry.silent_since <= now - idle:
            _by_itself(enquiry, partial(_end_silent, idle=idle, now=now))
    staffed = {site for site, _person in there} | left_lately(since=now - GRACE)
    for enquiry in Enquiry.objects.filter(state=State.WAITING, waits_since__lte=now - GRACE).select_related("desk"):
        desk = desks.get(enquiry.desk_id)
        # Whoever came in time is served after the hours too, as long as somebody is there.
        if desk is None or not desk.is_on or enquiry.desk_id not in staffed:
            _by_itself(enquiry, lambda row: _let_go(row, now))
    box = TalkBox(Home(settings.JIYUE_HOME).prepare())
    for enquiry in Enquiry.objects.filter(state=State.WAITING, waits_since__lte=now - UNSEEN):
        seen = box.seen_at(enquiry.room) or enquiry.waits_since
        if max(seen, enquiry.silent_since) <= now - UNSEEN:
            _by_itself(enquiry, lambda row: _drop_absent(row, now))


def _by_itself(enquiry: Enquiry, act: Callable[[Enquiry], bool]) -> None:
    try:
        with transaction.atomic():
            row = locked(enquiry)
            done = act(row)
    except Exception as error:  # noqa: BLE001  # one conversation holds up no other; the next round tries again
        logger.error("live enquiries: %s not attended to: %s", enquiry, type(error).__name__)
        return
    if done:
        tell_or_leave_due(row)


def _end_silent(row: Enquiry, *, idle: timedelta, now: datetime) -> bool:
    """The visitor says nothing more. Who waits for an answer is never let go for that."""
    spoken = row.words.filter(act__in=(Act.SAY, Act.ANSWER)).order_by("number").last()
    unanswered = spoken is not None and spoken.act == Act.SAY
    if row.state != State.TALKING or unanswered or row.silent_since > now - idle:
        return False
    finish(row, End.IDLE, now=now)
    return True


def _put_back(row: Enquiry, now: datetime) -> bool:
    gone = not EnquiryDuty.objects.filter(
        desk__site=row.desk_id, person=row.person_id, ended_at=None, seen_at__gt=now - AWAY
    ).exists()
    if row.state != State.TALKING or not gone:
        return False
    # Her place in the queue follows from when she came; the desk has the usual time to send somebody.
    label, row.label = row.label, ""
    row.state, row.person, row.waits_since = State.WAITING, None, now
    before = Enquiry.objects.filter(desk=row.desk_id, state=State.WAITING, opened_at__lt=row.opened_at)
    row.place = before.count() + 1
    written(row, Act.BACK, now=now, label=label)
    return True


def _let_go(row: Enquiry, now: datetime) -> bool:
    if row.state != State.WAITING or row.waits_since > now - GRACE:
        return False
    finish(row, End.CLOSED, now=now)
    return True


def _drop_absent(row: Enquiry, now: datetime) -> bool:
    """Who looks at the page no more leaves her place to the next."""
    if row.state != State.WAITING or max(row.waits_since, row.silent_since) > now - UNSEEN:
        return False
    finish(row, End.AWAY, now=now)
    return True


# ── whose it is ──


def _hers(enquiry: Enquiry, by: User, now: datetime) -> Enquiry:
    """The locked row, if it is this officer's to go on with. Raises PermissionDenied, ValidationError."""
    row = locked(enquiry)
    if row.state == State.ENDED:
        raise ValidationError(_("这次咨询已经结束，来访人看不到新的话了"))
    if row.person_id != by.pk:
        raise PermissionDenied(_("这次咨询现在由%(who)s接待") % {"who": row.label or _("别人")})
    _duty(row, by, now)
    return row


def _duty(row: Enquiry, by: User, now: datetime) -> EnquiryDuty:
    if not may_answer(by, row.desk):
        raise PermissionDenied(_("您不在这个咨询台值班"))
    duty = on_duty(now=now).filter(desk__site=row.desk_id, person=by).first()
    if duty is None:
        raise ValidationError(_("您现在不在岗，请先按“上岗”"))
    return duty


def _stored(token: str | None, files: Sequence[Kept]) -> list[Attached]:
    """The bytes of what was kept under a form, in the private store before a row names them."""
    home = Home(settings.JIYUE_HOME)
    drafts, store, found = Drafts(home), ObjectStore(home), []
    for kept in files:
        with drafts.path(token or "", kept).open("rb") as stream:
            found.append(Attached(kept.name, store.put_stream(stream), kept.size, kept.type))
    return found


def _refuse_private(enquiry: Enquiry, text: str, now: datetime) -> None:
    found = left(text, contact={}, settings=settings_for(enquiry.desk.owner, now=local(now).date()))
    if found:
        what = "、".join(f"“{words}”" for words in found[:5])
        raise MaybePrivate(
            {"text": _("回答里像是有个人信息：%(what)s。确实要告诉来访人的，请勾选后再发") % {"what": what}}
        )

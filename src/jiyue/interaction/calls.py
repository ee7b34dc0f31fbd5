"""Calls of a hotline or call centre, visits and paper letters: one record with what is written on the site (INT-21, ADR 0034).

The desk writes down what was said. The clock starts at the call, also where it is entered late. The caller is told a
number and a query code and follows it on the site as everybody does. A call about a letter that is there already becomes
a dated word of its sender.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiyue.domain.cases import Act, Who
from jiyue.domain.deadlines import local
from jiyue.domain.first_words import beginning
from jiyue.domain.letters import code_shown, tidied
from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.foundation.home import Home
from jiyue.identity.models import User
from jiyue.identity.private_looks import require_room
from jiyue.interaction.actions import register_letter
from jiyue.interaction.events import CodeTold, SenderMatched
from jiyue.interaction.letterbox import Tickets, is_token
from jiyue.interaction.models import Case, CaseStep, CaseWord
from jiyue.interaction.policies import parts_of
from jiyue.interaction.queries import Alike, alike_to
from jiyue.interaction.receiving import TICKET
from jiyue.interaction.sealed import mark_of, sealed
from jiyue.interaction.stepping import locked, subject_of, take
from jiyue.interaction.tickets import told
from jiyue.rules.queries import book

BY_HAND = (
    Case.Source.HOTLINE,
    Case.Source.PAPER,
)  # whoever reaches us so has no ticket unless an officer tells her the code
CALL_CENTRE = "call-centre.number"
OWN_PHONE = "本单位电话"  # what is kept, with the site, where no hotline is named
LONGEST_CENTRE = 120  # characters
LONGEST_WORD = 1000  # characters


def call_centre_of(site: Site, now: datetime) -> str:
    """The number of the call centre that the rules in force name for the unit; empty where they name none."""
    terms = book().answer(site.owner.lineage, CALL_CENTRE, local(now).date()).terms
    value = getattr(terms, "value", "")
    return value if isinstance(value, str) else ""


def centre_of(site: Site, named: str) -> str:
    """Whose numbers a call has: those of the hotline that is named, or the site's own, which are nobody else's."""
    name = tidied(named)
    return f"{OWN_PHONE}（{site.host}）"[:LONGEST_CENTRE] if name in ("", OWN_PHONE) else name


@transaction.atomic
def look(*, site: Site, words: str, contact: Mapping[str, str], by: User, now: datetime) -> list[Alike]:
    """What may be the same person or matter. Whom a telephone number is of is told to the trail: it names a sender.

    Raises TooManyLooks where there is a way to reach somebody in it, also for a stranger's: how it ends tells nothing.
    """
    if mark_of(contact):
        require_room(by, subject="", now=now)  # nobody knows yet whose it is
    found = alike_to(site=site, words=words, contact=contact, user=by, now=now)
    for one in found:
        if one.same_sender:
            event = SenderMatched(subject=subject_of(one.case), site=one.case.desk.host, number=one.case.number)
            record(event, by=by.actor(), at=now)
    return found


@transaction.atomic
def register_call(
    *,
    site: Site,
    kind: str,
    title: str,
    text: str,
    received_at: datetime,
    by: User,
    now: datetime,
    source: str = Case.Source.HOTLINE,
    handed_by: str = "",
    outer_number: str = "",
    sender: dict[str, str] | None = None,
    consents: bool = False,
    token: str | None = None,
    superior_limit: str = "",
) -> tuple[Case, str]:
    """A call, a visit or a paper letter, with the query code as it is read out. Raises PermissionDenied, ValidationError."""
    if source == Case.Source.PAPER:
        handed_by = outer_number = ""
    else:
        handed_by = centre_of(site, handed_by)
    if source not in BY_HAND:
        raise ValidationError({"source": _("请选择来电、来访还是纸质来信")})
    if token is not None and not is_token(token):
        raise ValidationError(_("这一页已经过期，请重新打开登记页"))
    if outer_number.strip() and _word(handed_by, outer_number).exists():
        raise ValidationError({"outer_number": _("这个工单号已经补充到另一封信件里")})
    case = register_letter(
        site=site, kind=kind, title=title.strip() or beginning(text), text=text, outer_number=outer_number, handed_by=handed_by,
        received_at=received_at, by=by, now=now, sender=sender, source=Case.Source(source), consents=consents, token=token,
        superior_limit=superior_limit,
    )  # fmt: skip
    return case, _new_code(case, by, now)


@transaction.atomic
def add_call(
    *,
    case: Case,
    text: str,
    at: datetime,
    by: User,
    now: datetime,
    handed_by: str = "",
    outer_number: str = "",
    token: str = "",
) -> CaseStep:
    """What somebody said by telephone or at the desk of a letter that is there: a word of its sender. Once for each number
    of a call centre. Raises as `stepping.take`; ValidationError.
    """
    words, centre, outer = tidied(text), tidied(handed_by), tidied(outer_number)
    centre = centre_of(case.desk, centre) if outer else centre
    if not words:
        raise ValidationError({"text": _("请填写")})
    if len(words) > LONGEST_WORD:
        raise ValidationError({"text": _("补充不能超过 %(n)s 字；另一件事请另行登记") % {"n": LONGEST_WORD}})
    if at > now:
        raise ValidationError({"received_at": _("收到时间不能晚于现在")})
    if at < case.received_at.replace(second=0, microsecond=0):  # a person types minutes
        raise ValidationError({"received_at": _("来电时间早于这封信的收到时间，请核对")})
    if outer and Case.objects.filter(source=Case.Source.HOTLINE, handed_by=centre, outer_number=outer).exists():
        raise ValidationError({"outer_number": _("这个编号的来信已经登记过")})
    mark = _mark(centre, outer) if outer else token or _mark(str(case.pk), at.isoformat(), words)
    row = CaseWord(case=locked(case), token=mark, act=Act.CALL, at=at, text=words)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise ValidationError({"text": _("这次来电已经补充过")}) from error
    with override("zh-hans"):
        note = " ".join(part for part in (centre, outer, f"{local(at):%Y-%m-%d %H:%M}") if part)
    return take(case=case, act=Act.CALL, by=by, now=now, reason=words, note=note)


@transaction.atomic
def renew_code(*, case: Case, by: User, now: datetime) -> str:
    """Another query code for whoever lost hers; the one before opens nothing any more. Raises PermissionDenied;
    ValidationError where the ticket of this number is somebody else's (numbers of before 7 digits).

    By the desk alone: whoever handles the letter must not be able to rate the answer in its sender's place.
    """
    row = locked(case)
    if row.source not in BY_HAND or Who.DESK not in parts_of(by, row) or row.handler_id == by.pk:
        raise PermissionDenied(_("查询码由信件受理人告知来电、来访的人"))
    return _new_code(row, by, now, first=not row.ticket_key)


def call_known(centre: str, outer: str) -> Case | None:
    """The letter that this number of this call centre already is, or was added to."""
    rows = Case.objects.filter(
        source=Case.Source.HOTLINE, handed_by=tidied(centre), outer_number=tidied(outer), parent=None
    )
    word = _word(centre, outer).select_related("case").first()
    return rows.first() or (word.case if word is not None else None)


def is_late_entry(case: Case) -> bool:
    """补录: entered on a later day than it came in, both in Beijing; of what was not written on the site."""
    return case.source != Case.Source.WEB and local(case.recorded_at).date() > local(case.received_at).date()


def may_renew_code(user: User, case: Case) -> bool:
    return case.source in BY_HAND and Who.DESK in parts_of(user, case) and case.handler_id != user.pk


def _new_code(case: Case, by: User, now: datetime, *, first: bool = False) -> str:
    """`first`: registered without a code, so that the ticket of its number may be another's."""
    tickets = Tickets(Home(settings.JIYUE_HOME))
    code = tickets.new_code()
    key = tickets.issue(code)
    if first:
        try:
            with override("zh-hans"):
                tickets.create(case.number, key, told(case))
        except FileExistsError as error:
            raise ValidationError(
                _("这个编号在网站上已经是另一封信的，不能再告知查询码；请用电话或者当面答复")
            ) from error
    case.ticket_key = sealed(TICKET, case.number, key.written())
    case.ticket_due, case.version = True, case.version + 1  # who is writing the ticket now leaves it due
    case.save(update_fields=["ticket_key", "ticket_due", "version"])
    record(CodeTold(subject=subject_of(case), site=case.desk.host, number=case.number), by=by.actor(), at=now)
    return code_shown(code)


def _word(centre: str, outer: str) -> QuerySet[CaseWord]:
    return CaseWord.objects.filter(token=_mark(tidied(centre), tidied(outer)))


def _mark(*parts: str) -> str:
    """One token for one call: 64 characters."""
    return hashlib.sha256("\n".join(("call", *parts)).encode()).hexdigest()

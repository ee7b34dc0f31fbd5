"""What the desk does with a letter: register, accept or return, assign, transfer, merge, split, close, look at the sender.

Handling and replies: `handling`. What comes from the letter box: `receiving`.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from secrets import randbelow
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jiyue.domain.cases import TOLD_OF, Act, Kind, State, rule_for
from jiyue.domain.deadlines import local
from jiyue.domain.letters import tidied
from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.identity.private_looks import require_room
from jiyue.interaction import reported
from jiyue.interaction.events import FileOpened, SenderSeen, SetAsideSettled
from jiyue.interaction.leaders import letters_led
from jiyue.interaction.models import Case, CaseFile, CaseStep, SetAside
from jiyue.interaction.own_limits import own_limit
from jiyue.interaction.policies import (
    desk_for_reports,
    desks_of,
    fetch_set_aside_for,
    handlers_at,
    may_register,
    may_see_sender,
    takes_letters,
    visible_cases,
)
from jiyue.interaction.sealed import mark_of, opened, sealed
from jiyue.interaction.stepping import NotNow, locked, subject_of, take, written
from jiyue.interaction.telling import lead_of

SENDER = "sender"
LONGEST_NUMBER = 21  # characters; parts of a split letter add theirs
KEEP_NUMBER = frozenset({Case.Source.SUPERIOR, Case.Source.PLATFORM})  # known here by the number that it came with
# What there may be none of: who rang the unit itself has no number, who came to the desk was sent by nobody.
MAY_LACK: Mapping[str, tuple[str, ...]] = {
    Case.Source.HOTLINE: ("outer_number",), Case.Source.PAPER: ("outer_number", "handed_by"),
}  # fmt: skip
NUMBERS_TRIED = 20


@transaction.atomic
def register_letter(
    *,
    site: Site,
    kind: str,
    title: str,
    text: str,
    outer_number: str,
    handed_by: str,
    received_at: datetime,
    by: User,
    now: datetime,
    sender: Mapping[str, str] | None = None,
    source: Case.Source = Case.Source.SUPERIOR,
    page: str = "",
    fields: Mapping[str, str] | None = None,
    consents: bool = False,
    token: str | None = None,
    superior_limit: str = "",
) -> Case:
    """A letter that was not written on the site: handed down under the superior's own number (INT-07), brought by a file of
    the national platform, told by telephone or at the desk, or a comment of an account, as `source` says (INT-21, NM-12).

    The clock starts at `received_at`. `page` is where the error or the comment is; the same `token` (32 hexadecimal digits of
    an opened form) registers once; `superior_limit` is by when a superior or a call centre wants it, as people write it: it
    counts where it is shorter than the rule. Raises PermissionDenied, ValidationError.
    """
    if not may_register(by, site):
        raise PermissionDenied(_("您不能为这个网站登记来信"))
    if kind not in set(Kind):
        raise ValidationError({"kind": _("没有这一类信件")})
    if kind == Kind.LEADER_LETTER:
        raise ValidationError({"kind": _("领导信箱的来信由写信人在网站上选择领导")})
    if received_at > now:
        raise ValidationError({"received_at": _("收到时间不能晚于现在")})
    needed = {"text": text, "title": title, "outer_number": outer_number, "handed_by": handed_by}
    for name, value in needed.items():
        if not value.strip() and name not in MAY_LACK.get(source, ()):
            raise ValidationError({name: _("请填写")})
    outer = outer_number.strip()
    if outer and Case.objects.filter(site=site, outer_number=outer, handed_by=handed_by.strip()).exists():
        raise ValidationError({"outer_number": _("这个编号的来信已经登记过")})
    asked, own = _asked_limit(superior_limit, site, kind, received_at)
    contact = {name: value.strip() for name, value in (sender or {}).items() if value.strip()}
    desk = (desk_for_reports(site) if kind == Kind.REPORT else None) or site
    case = Case(
        number=_own_number(outer, handed_by.strip(), site) if source in KEEP_NUMBER else _new_number(now),
        site=site, desk=desk, kind=kind, source=source,
        outer_number=outer, page=page, fields={**(fields or {}), **asked}, handed_by=handed_by.strip(), title=tidied(title)[:200],
        text=tidied(text), received_at=received_at, state=State.RECEIVED, recorded_at=now,
        clock_at=received_at, sender_mark=mark_of(contact), consents=consents, token=token, own_limit=own,
    )  # fmt: skip
    case.sender = sealed(SENDER, case.number, contact) if contact else ""
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as error:
        if token is not None and Case.objects.filter(token=token).exists():
            raise ValidationError(_("这一页已经登记过，不用再点；要登记另一件，请重新打开登记页")) from error
        raise ValidationError({"outer_number": _("这个编号的来信已经登记过")}) from error
    rule = rule_for(Act.REGISTER, None, Kind(kind))
    written(case=case, rule=rule, before="", now=now, by=by, actor=None, reason="", note="")
    return case


def _asked_limit(text: str, site: Site, kind: str, at: datetime) -> tuple[dict[str, str], str]:
    """What the letter tells of a limit that others ask for, and what counts of it. Raises ValidationError."""
    words = tidied(text)
    try:
        own = own_limit(words, site=site, kind=kind, at=at)
    except ValidationError as error:
        raise ValidationError({"superior_limit": error.messages}) from error
    return ({"superior_limit": words} if words else {}), own


def accept(*, case: Case, by: User, now: datetime) -> CaseStep:
    """It is ours to answer. Raises as `stepping.take`; ValidationError for a report without the unit it is about."""
    reported.require_identified(case)
    return take(case=case, act=Act.ACCEPT, by=by, now=now, changes={"accepted_at": now})


def return_letter(*, case: Case, reason: str, by: User, now: datetime) -> CaseStep:
    """It cannot be accepted; the sender reads why, and may object once. Raises as `stepping.take`."""
    return take(case=case, act=Act.RETURN, by=by, now=now, reason=reason)


def assign(*, case: Case, desk: Site, by: User, now: datetime, handler: User | None = None, note: str = "") -> CaseStep:
    """Give it to the unit that answers; the site where it was written goes on seeing it. Raises as `stepping.take`."""
    _require_desk(case, desk)
    if handler is not None:
        _require_handler(case, desk, handler)
    changes = {"desk": desk, "handler": handler, "assigned_at": now}
    return take(case=case, act=Act.ASSIGN, by=by, now=now, note=note, changes=changes)


def name_handler(*, case: Case, handler: User, by: User, now: datetime) -> CaseStep:
    """Say who handles it (INT-15: a named person). Raises as `stepping.take`."""
    _require_handler(case, case.desk, handler)
    return take(case=case, act=Act.NAME, by=by, now=now, note=handler.name, changes={"handler": handler})


def transfer(*, case: Case, desk: Site, reason: str, by: User, now: datetime) -> CaseStep:
    """Another unit of the group is competent; the clock runs on, because no text starts it anew.

    Raises as `stepping.take`; ValidationError for the same unit or one outside the group.
    """
    _require_desk(case, desk)
    if desk.pk == case.desk_id:
        raise ValidationError({"desk": _("已经在这个单位，请选择另一个")})
    return take(case=case, act=Act.TRANSFER, by=by, now=now, reason=reason, changes={"desk": desk, "handler": None})


@transaction.atomic
def merge(*, case: Case, into: Case, reason: str, by: User, now: datetime) -> CaseStep:
    """The same matter as another letter: it is answered with that one. Raises as `stepping.take`."""
    if into.pk == case.pk or not visible_cases(by).filter(pk=into.pk).exists():
        raise ValidationError({"into": _("请选择另一封您能看到的信件")})
    lead = locked(into)
    if lead.desk_id != case.desk_id:
        raise ValidationError({"into": _("只能并入同一单位承办的信件")})
    if lead.kind == Kind.REPORT:
        raise ValidationError({"into": _("不能并入举报")})
    if (lead.kind == Kind.ERROR_REPORT) != (case.kind == Kind.ERROR_REPORT):  # its answer passes the levels, S-07
        raise ValidationError({"into": _("网站找错只能和网站找错并案：它的答复要逐级报批，并报送国家平台")})
    if not lead.is_open:
        raise ValidationError({"into": _("只能并入还没有办完的信件")})
    step = take(case=case, act=Act.MERGE, by=by, now=now, reason=reason, changes={"merged_into": lead})
    if lead.service_id is None and case.service_id is not None:  # one answer for both, so about what is kept
        Case.objects.filter(pk=lead.pk).update(service=case.service_id)
    return step


@transaction.atomic
def detach(*, case: Case, reason: str, by: User, now: datetime) -> CaseStep:
    """Take it out of the letter into which it was merged, which was withdrawn or does not answer it; the clock ran on.

    Raises as `stepping.take`; NotNow where that letter was answered, for then it was answered with it.
    """
    if (
        case.merged_into is not None and locked(lead_of(case)).state in TOLD_OF
    ):  # an answer that is just being sent first
        raise NotNow(_("并入的信件已经答复，这封信已随它答复"))
    changes = {"merged_into": None, "handler": None, "ended_at": None, "accepted_at": None, "assigned_at": None}
    return take(case=case, act=Act.DETACH, by=by, now=now, reason=reason, changes=changes)


@transaction.atomic
def split(*, case: Case, title: str, text: str, desk: Site, reason: str, by: User, now: datetime) -> Case:
    """Something else that the same letter asks is handled apart, by the clock of the letter. Raises as `stepping.take`."""
    _require_desk(case, desk)
    for name, value in (("title", title), ("text", text)):
        if not value.strip():
            raise ValidationError({name: _("请填写")})
    take(case=case, act=Act.SPLIT, by=by, now=now, reason=reason, note=title)
    lead = case.parent or case
    part = Case(
        number=f"{lead.number}-{lead.parts.count() + 1}"[:24], parent=lead, site=case.site, desk=desk, kind=case.kind,
        state=State.RECEIVED, source=case.source, outer_number=case.outer_number, handed_by=case.handed_by,
        language=case.language, mailbox=case.mailbox, addressee=case.addressee,
        title=tidied(title)[:200], text=tidied(text), page=case.page, fields=dict(case.fields),
        sender_mark=case.sender_mark, consents=case.consents, received_at=case.received_at, recorded_at=now,
        clock_at=case.clock_at, own_limit=case.own_limit, reply_class=case.reply_class, classed=list(case.classed),
        service=case.service,
    )  # fmt: skip
    part.sender = sealed(SENDER, part.number, opened(SENDER, case.number, case.sender)) if case.sender else ""
    part.save()
    rule = rule_for(Act.REGISTER, None, Kind(part.kind))
    written(case=part, rule=rule, before="", now=now, by=by, actor=None, reason=reason, note="")
    Case.objects.filter(pk=lead.pk).exclude(ticket_key="").update(ticket_due=True)
    return part


def close(*, case: Case, by: User, now: datetime, note: str = "") -> CaseStep:
    """Nothing more is to be done; the sender may still object or have it reopened, once. Raises as `stepping.take`."""
    return take(case=case, act=Act.CLOSE, by=by, now=now, note=note)


def uphold(*, case: Case, reason: str, by: User, now: datetime) -> CaseStep:
    """The objection was looked into and the answer stands, for a reason that the sender reads."""
    return take(case=case, act=Act.UPHOLD, by=by, now=now, reason=reason)


def redo(*, case: Case, reason: str, by: User, now: datetime) -> CaseStep:
    """The objection is right: it is handled again, by a new clock."""
    return take(case=case, act=Act.REDO, by=by, now=now, reason=reason)


@transaction.atomic
def look_at_sender(*, case: Case, by: User, now: datetime) -> dict[str, str]:
    """Name and ways to reach the sender; every look is traced. Raises PermissionDenied, TooManyLooks, sealed.NotOurs."""
    if not may_see_sender(by, case):
        raise PermissionDenied(_("来信人的姓名和联系方式只给办理这封信的人看"))
    require_room(by, subject=subject_of(case), now=now)
    record(SenderSeen(subject=subject_of(case), site=case.desk.host, number=case.number), by=by.actor(), at=now)
    return opened(SENDER, case.number, case.sender) if case.sender else {}


@transaction.atomic
def open_file(*, file: CaseFile, by: User, now: datetime) -> None:
    """Somebody takes an attachment away. Raises PermissionDenied for whoever does not work on the letter."""
    case = file.case
    if not visible_cases(by).filter(pk=case.pk).exists() and not letters_led(by).filter(pk=case.pk).exists():
        raise PermissionDenied(_("您不能查看这封信的附件"))
    event = FileOpened(subject=subject_of(case), site=case.desk.host, number=case.number, name=str(file.n))
    record(event, by=by.actor(), at=now)


@transaction.atomic
def settle_set_aside(*, row: SetAside, outcome: str, by: User, now: datetime) -> None:
    """What could not be read was looked into. Raises Http404 for everybody but the operator, ValidationError."""
    fetch_set_aside_for(by, row.pk)
    if not outcome.strip():
        raise ValidationError({"outcome": _("请写明处理结果")})
    done: dict[str, Any] = {"settled_at": now, "settled_by": by, "outcome": outcome.strip()}
    if not SetAside.objects.filter(pk=row.pk, settled_at=None).update(**done):
        raise ValidationError(_("已经处理过"))
    event = SetAsideSettled(subject=f"set-aside:{row.pk}", token=row.token, outcome=outcome.strip())
    record(event, by=by.actor(), at=now)


def _own_number(outer: str, handed_by: str, site: Site) -> str:
    """Ours for a letter that has one already: the same with an S, or its mark where that is too long or another's."""
    plain = f"S{outer}"
    if len(plain) <= LONGEST_NUMBER and not Case.objects.filter(number=plain).exists():
        return plain
    mark = hashlib.sha256("\n".join((outer, handed_by, site.host)).encode()).hexdigest()[:10].upper()
    return f"S{outer[: LONGEST_NUMBER - 12]}-{mark}"


def _new_number(now: datetime) -> str:
    """Seven digits behind the day, where the letter box draws six: so nobody on the site is ever given the same number, and
    it is followed and read out as any other.
    """
    for _try in range(NUMBERS_TRIED):
        number = f"{local(now):%Y%m%d}-{randbelow(10_000_000):07d}"
        if not Case.objects.filter(number=number).exists():
            return number
    raise ValidationError(_("今天的编号快用完了，请再试一次"))


def _require_desk(case: Case, desk: Site) -> None:
    if not desks_of(case.site).filter(pk=desk.pk).exists():
        raise ValidationError({"desk": _("只能交给同级政府所属单位的网站")})
    if desk.pk != case.site_id and not takes_letters(desk):
        raise ValidationError({"desk": _("这个网站没有开通互动交流")})
    reported.refuse_desk(case, desk)


def _require_handler(case: Case, desk: Site, handler: User) -> None:
    reported.refuse_handler(case, handler)
    if not handlers_at(desk).filter(pk=handler.pk).exists():
        raise ValidationError({"handler": _("只能指定这个网站的信件承办人")})

"""All changes of rules: proposed by one overseer, answered by another. What is approved is never changed again.

A rule counts for what begins on or after its day, so no day before today is accepted: whatever has begun keeps the
rule it began under.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from jiyue.domain.canonical import digest_of
from jiyue.domain.deadlines import SHANGHAI, YEARS, local
from jiyue.domain.fixed_holidays import PARAMETER as FIXED_HOLIDAYS
from jiyue.domain.rulesets import UnknownParameter
from jiyue.domain.working_days import CalendarFault, faults
from jiyue.foundation.audit import record
from jiyue.foundation.locks import queue_for
from jiyue.identity.models import Organisation, User
from jiyue.rules.events import ChangeApproved, ChangeProposed, ChangeRefused
from jiyue.rules.library import UnknownPack, shipped
from jiyue.rules.models import CalendarRevision, LocalPack, LocalStandard, Override, PackAssignment, Proposal
from jiyue.rules.packfiles import NAME
from jiyue.rules.plain_yaml import MOST_BYTES, UNSEEN
from jiyue.rules.policies import MATTERS, may_answer, may_propose
from jiyue.rules.problems import PackRefused
from jiyue.rules.queries import library, pack_of, value_of, year_of
from jiyue.rules.standards import DemandRefused, demands_of
from jiyue.rules.standards import shipped as standards

Row = TypeVar("Row", bound=Proposal)
MOST_FILES = 60
RULEBOOK_LOCK = 0x4A495242
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


class ChangeNotAllowed(PermissionDenied):
    """This person may not propose or answer this, or somebody else has answered meanwhile."""


class Unusable(ValidationError):
    """What was proposed cannot be used; `problems` are those of the files, for the screen that shows lines."""

    def __init__(self, message: Any, refused: PackRefused | None = None) -> None:
        super().__init__(message)
        self.problems = refused.problems if refused else ()


@transaction.atomic
def propose_override(
    *,
    parameter: str,
    value: str,
    from_on: date,
    document: str,
    grounds: str,
    by: User,
    now: datetime,
    organisation: Organisation | None = None,
    pack: str = "",
    number: str = "",
    article: str = "",
) -> Override:
    """Ask for one value, written as below a date in a pack's file but without `basis`, which is `document` and `article`.

    For a unit and everything below it, or for everybody who follows `pack`. Raises ChangeNotAllowed, Unusable.
    """
    override = Override(
        organisation=organisation, pack=pack, parameter=parameter, value=value, from_on=from_on, document=document,
        number=number, article=article,
    )  # fmt: skip
    if (organisation is None) != bool(pack):
        raise Unusable({"organisation": _("请在“单位”和“规则包”中选且只选一个")})
    return _propose(override, grounds=grounds, by=by, now=now)


@transaction.atomic
def assign_pack(
    *, organisation: Organisation, pack: str, from_on: date, grounds: str, by: User, now: datetime
) -> PackAssignment:
    """Ask that a unit and everything below it follow a pack. Raises ChangeNotAllowed, Unusable."""
    assignment = PackAssignment(organisation=organisation, pack=pack, from_on=from_on)
    return _propose(assignment, grounds=grounds, by=by, now=now)


@transaction.atomic
def install_pack(
    *,
    name: str,
    files: Mapping[str, str],
    in_force_on: date,
    grounds: str,
    by: User,
    now: datetime,
    organisation: Organisation | None = None,
) -> LocalPack:
    """Ask for a pack of one's own, or for its next version. Raises ChangeNotAllowed, Unusable with the files' problems."""
    _refuse_unreadable(files)
    pack = LocalPack(
        name=name, files=dict(files), digest=digest_of(dict(files)), in_force_on=in_force_on, organisation=organisation
    )
    return _propose(pack, grounds=grounds, by=by, now=now)


@transaction.atomic
def revise_calendar(
    *,
    year: int,
    off: Mapping[str, str],
    worked: Mapping[str, str],
    notice: str,
    grounds: str,
    by: User,
    now: datetime,
    organisation: Organisation | None = None,
) -> CalendarRevision:
    """Ask for a year's working days: days in ISO form with the word of each. Raises ChangeNotAllowed, Unusable.

    With `organisation`: for the days that it set for its own area alone, beside the national ones.
    """
    revision = CalendarRevision(year=year, off=dict(off), worked=dict(worked), notice=notice, organisation=organisation)
    return _propose(revision, grounds=grounds, by=by, now=now)


@transaction.atomic
def propose_standard(
    *,
    standard: str,
    demands: Mapping[str, Any],
    from_on: date,
    document: str,
    grounds: str,
    by: User,
    now: datetime,
    organisation: Organisation | None = None,
    number: str = "",
    article: str = "",
) -> LocalStandard:
    """Ask that records of one kind keep to more than the shipped standard, for a unit and everything below it.

    `demands` replaces what the unit asked before; an empty one takes it back. Raises ChangeNotAllowed, Unusable.
    """
    row = LocalStandard(
        organisation=organisation, standard=standard, demands=dict(demands), from_on=from_on, document=document,
        number=number, article=article,
    )  # fmt: skip
    return _propose(row, grounds=grounds, by=by, now=now)


@transaction.atomic
def approve(*, proposal: Row, by: User, now: datetime, reply: str = "") -> Row:
    """Let a proposal count from its day on. Raises ChangeNotAllowed; Unusable for what cannot be used any more.

    One approval at a time: of two for the same day the second sees the first, and is refused in words.
    """
    queue_for(RULEBOOK_LOCK)
    _refuse_unusable(proposal, now)
    _answer(proposal, Proposal.State.APPROVED, by=by, now=now, reply=reply)
    event = ChangeApproved(
        subject=_subject(proposal), matter=matter_of(proposal), row=proposal.pk, what=str(proposal),
        from_on=_from_on(proposal), reply=reply,
    )  # fmt: skip
    record(event, by=by.actor(), at=now)
    return proposal


@transaction.atomic
def refuse(*, proposal: Row, by: User, now: datetime, reply: str) -> Row:
    """Answer no, with a reason. Raises ChangeNotAllowed, Unusable without a reason."""
    if not reply.strip():
        raise Unusable({"reply": _("请写明不批准的原因")})
    _answer(proposal, Proposal.State.REFUSED, by=by, now=now, reply=reply)
    event = ChangeRefused(subject=_subject(proposal), matter=matter_of(proposal), what=str(proposal), reply=reply)
    record(event, by=by.actor(), at=now)
    return proposal


def answer_by(proposal: Proposal) -> datetime | None:
    """The last moment of the day on which it is to count: later it cannot be approved. None for a calendar."""
    if isinstance(proposal, CalendarRevision):
        return None
    return datetime.combine(_day(proposal)[0], time(23, 59, 59), SHANGHAI)


def matter_of(proposal: Proposal) -> str:
    """override, assignment, pack, calendar or standard."""
    return next(matter for matter, model in MATTERS.items() if isinstance(proposal, model))


def _propose(proposal: Row, *, grounds: str, by: User, now: datetime) -> Row:
    if not may_propose(by, getattr(proposal, "organisation", None)):
        raise ChangeNotAllowed(_("您不能为这个范围提出规则调整"))
    if not grounds.strip():
        raise Unusable({"grounds": _("请写明理由")})
    proposal.grounds, proposal.proposed_by, proposal.proposed_at = grounds.strip(), by, now
    _refuse_disguised(proposal)
    _refuse_unusable(proposal, now)
    proposal.full_clean()
    proposal.save()
    event = ChangeProposed(
        subject=_subject(proposal), matter=matter_of(proposal), what=str(proposal), from_on=_from_on(proposal),
        grounds=proposal.grounds,
    )  # fmt: skip
    record(event, by=by.actor(), at=now)
    return proposal


def _answer(proposal: Proposal, state: str, *, by: User, now: datetime, reply: str) -> None:
    if not may_answer(by, proposal):
        raise ChangeNotAllowed(_("这项调整要由另一位督办人员批复，提出人不能自己批准"))
    waiting = type(proposal)._default_manager.filter(pk=proposal.pk, state=Proposal.State.PROPOSED)
    answered = {"state": state, "answered_by": by, "answered_at": now, "reply": reply.strip()}
    if not waiting.update(**answered):
        raise ChangeNotAllowed(_("这项调整已经有人批复"))
    for name, value in answered.items():
        setattr(proposal, name, value)


def _refuse_unusable(proposal: Proposal, now: datetime) -> None:
    if not isinstance(proposal, CalendarRevision):
        _refuse_past(proposal, now)
    _CHECKS[type(proposal)](proposal)


def _refuse_disguised(proposal: Proposal) -> None:
    """A character that turns the direction of what follows lets a text read otherwise than it is written."""
    for field in proposal._meta.concrete_fields:
        value = getattr(proposal, field.attname)
        if isinstance(value, str) and UNSEEN.search(value):
            raise Unusable({field.name: _("含有看不见的控制字符，请删除后重新输入")})


def _refuse_past(proposal: Proposal, now: datetime) -> None:
    day, name = _day(proposal)
    if day < local(now).date():
        raise Unusable({name: _("起用日期不能早于今天：已经开始的事项适用它开始时的规则")})
    if day.year not in YEARS:
        raise Unusable({name: _("起用日期太远，请核对年份")})


def _check_override(override: Override) -> None:
    if override.parameter == FIXED_HOLIDAYS:
        raise Unusable({"parameter": _("法定假日由国家规定。某一年或某一地区的放假日，请在工作日历里登记")})
    if not override.document.strip():
        raise Unusable({"document": _("请写明依据的文件")})
    _refuse_second(override, {"from_on": _("这一天已经有一个批准了的数值，请另选起用日期")})
    if override.pack:
        _known_pack(override.pack)
    try:
        value_of(override)
    except UnknownParameter as unknown:
        raise Unusable({"parameter": _("没有这个规则参数：%(name)s") % {"name": unknown.asked}}) from unknown
    except PackRefused as refused:
        raise Unusable({"value": _("数值写得不对，请按所列的问题修改")}, refused) from refused


def _check_assignment(assignment: PackAssignment) -> None:
    _refuse_second(assignment, {"from_on": _("这一天已经指定了规则包，请另选起用日期")})
    _known_pack(assignment.pack)


def _check_pack(own: LocalPack) -> None:
    if not NAME.fullmatch(own.name) or own.name in shipped().names:
        raise Unusable({"name": _("名称要用小写字母、数字和短横线，且不能与平台自带的规则包相同")})
    _refuse_foreign_name(own)
    _refuse_second(own, {"in_force_on": _("这一天已经起用了一个版本，请另选起用日期")})
    try:
        pack = pack_of(own)
        library().with_packs([pack]).chain(own.name)
    except PackRefused as refused:
        raise Unusable({"files": _("规则包的文件有错，请按所列的问题修改")}, refused) from refused
    own.version = pack.version
    _refuse_rewritten(own)


def _refuse_foreign_name(own: LocalPack) -> None:
    """Whoever follows a pack follows what its own government decides, not a namesake from elsewhere."""
    rows = LocalPack.objects.filter(name=own.name, state=Proposal.State.APPROVED)
    if rows.exclude(organisation=own.organisation).exists():
        raise Unusable({"name": _("这个名称已由其他单位的规则包使用，请换一个名称")})


def _refuse_unreadable(files: Mapping[str, object]) -> None:
    """Before anything is computed of them: not texts, too many, too long, or half a character."""
    texts = [text for text in files.values() if isinstance(text, str)]
    if len(texts) < len(files) or len(texts) > MOST_FILES:
        raise Unusable({"files": _("规则包由不超过 %(most)s 个文本文件组成") % {"most": MOST_FILES}})
    # Half of a surrogate pair is no character; it cannot be written down in any encoding.
    if sum(map(len, texts)) > 2 * MOST_BYTES or any(map(_HALF_CHARACTER.search, texts)):
        raise Unusable({"files": _("规则包的文件太大，或含有不能识别的字符")})


def _refuse_rewritten(own: LocalPack) -> None:
    """A next version adds; what the last one said for earlier days stays as it was."""
    rows = LocalPack.objects.filter(name=own.name, state=Proposal.State.APPROVED).order_by("-in_force_on")
    last = rows.filter(in_force_on__lt=own.in_force_on).first()
    if last is None:
        return
    kept = pack_of(own).values
    lost = [
        parameter
        for parameter, values in pack_of(last).values.items()
        for value in values
        if value.since.day < own.in_force_on and value not in kept.get(parameter, ())
    ]
    if lost:
        sentence = _("新版本不能改动起用日期以前已有的数值，只能增加更晚的日期：%(names)s")
        raise Unusable({"files": sentence % {"names": "、".join(dict.fromkeys(lost))}})


def _check_calendar(revision: CalendarRevision) -> None:
    try:
        year = year_of(revision)
    except ValueError as error:
        raise Unusable({"off": _("日期要写成 2027-01-01 的样子，并且真实存在")}) from error
    if not revision.notice.strip():
        raise Unusable({"notice": _("请写明放假安排通知的名称或文号")})
    found = faults(year)
    if found:
        raise Unusable({"off": [_fault(fault) for fault in found]})


def _check_standard(row: LocalStandard) -> None:
    if not row.document.strip():
        raise Unusable({"document": _("请写明依据的文件")})
    edition = standards().in_force(row.standard, row.from_on)
    if edition is None or standards().classes[row.standard] != "format":
        raise Unusable({"standard": _("没有这个数据标准：%(name)s") % {"name": row.standard}})
    _refuse_second(row, {"from_on": _("这一天已经有一个批准了的要求，请另选起用日期")})
    try:
        asked = demands_of(row.demands, edition.schema)
    except DemandRefused as refused:
        sentence = _DEMANDS[refused.code] % {"field": refused.field}
        raise Unusable({"demands": sentence}) from refused
    if not asked and not _asked_before(row):
        raise Unusable({"demands": _("请至少写一项要求")})


def _asked_before(row: LocalStandard) -> bool:
    """Does the unit ask anything of this standard already, which an empty demand would take back?"""
    rows = LocalStandard.objects.filter(
        organisation=row.organisation, standard=row.standard, state=Proposal.State.APPROVED
    )
    return rows.exists()


# Lazy: a table made once must be said in the language of whoever reads it.
_DEMANDS = {
    "unknown": lazy("标准里没有“%(field)s”这一项"),
    "form": lazy("“%(field)s”的要求读不懂"),
    "longest": lazy("“%(field)s”的字数上限要大于 0，并且不超过标准本身的上限"),
    "allowed": lazy("“%(field)s”的允许值不能有空行，最多 200 个"),
    "wider": lazy("“%(field)s”的允许值必须在标准本身的取值之内：地方要求只能更严，不能更宽"),
}


def _fault(fault: CalendarFault) -> str:
    sentences = {
        "other_year": _("%(day)s 不在这一年"),
        "off_and_worked": _("%(day)s 既放假又上班"),
        "worked_weekday": _("%(day)s 本来就是工作日，不用写成调休上班"),
        "no_name": _("%(day)s 没有写节日名称"),
    }
    return sentences[fault.code] % {"day": fault.day.isoformat()}


def _known_pack(name: str) -> None:
    try:
        library().pack(name)
    except UnknownPack as unknown:
        raise Unusable({"pack": _("没有这个规则包：%(name)s") % {"name": unknown.asked}}) from unknown


def _refuse_second(proposal: Proposal, message: Mapping[str, str]) -> None:
    same = {name: getattr(proposal, name) for name in _SAME[type(proposal)]}
    others = type(proposal)._default_manager.filter(state=Proposal.State.APPROVED, **same).exclude(pk=proposal.pk)
    if others.exists():
        raise Unusable(dict(message))


def _day(proposal: Proposal) -> tuple[date, str]:
    name = "in_force_on" if isinstance(proposal, LocalPack) else "from_on"
    return getattr(proposal, name), name


def _from_on(proposal: Proposal) -> str:
    return str(proposal.year) if isinstance(proposal, CalendarRevision) else _day(proposal)[0].isoformat()


def _subject(proposal: Proposal) -> str:
    match proposal:
        case Override():
            return f"parameter:{proposal.parameter}"
        case PackAssignment():
            return f"organisation:{proposal.organisation.code}"
        case LocalPack():
            return f"pack:{proposal.name}"
        case CalendarRevision():
            return f"calendar:{proposal.year}"
        case LocalStandard():
            return f"standard:{proposal.standard}"
    raise TypeError(proposal)


_CHECKS: dict[type, Any] = {
    Override: _check_override, PackAssignment: _check_assignment, LocalPack: _check_pack,
    CalendarRevision: _check_calendar, LocalStandard: _check_standard,
}  # fmt: skip
_SAME: dict[type, tuple[str, ...]] = {
    Override: ("organisation", "pack", "parameter", "from_on"), PackAssignment: ("organisation", "from_on"),
    LocalPack: ("name", "in_force_on"), LocalStandard: ("organisation", "standard", "from_on"),
}  # fmt: skip

"""Fees: the notice with its letter, the payment, taking it back (国办函〔2020〕109号, as far as the rule packs have it).

The amount is computed from the table in force and typed by nobody. Where the rules in force name no time to pay, the unit names
a day and on what it rests. Unpaid in time, the request may be answered with 逾期未缴费; nobody is struck off by a clock.
"""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.disclosure.grounds import FEE, FeeTable, answer_of, fee_clock_of, fees_of, payment_until
from jiyue.disclosure.models import FeeNotice, Request, RequestStep
from jiyue.disclosure.stepping import take
from jiyue.disclosure.writing import fee_letter
from jiyue.domain.deadlines import local
from jiyue.domain.disclosure import Act
from jiyue.domain.disclosure_fees import FeeClock, FeeLine, Method, charged, total
from jiyue.domain.letters import tidied
from jiyue.identity.models import User
from jiyue.obligations.actions import NotPossible

MOST = 100_000  # items or pages


@transaction.atomic
def ask_fee(
    *, request: Request, method: str, count: int, how: str, by: User, now: datetime, before: int = 0,
    until: date | None = None, until_basis: str = "",
) -> RequestStep:  # fmt: skip
    """Draft the notice; another person agrees before it is sent. There is one draft, and one open notice, at a time.

    Raises as `stepping.take`; ValidationError by field; NotPossible without a table.
    """
    if request.fee_asked_by_id is not None:
        raise NotPossible(_("已经起草了收费通知，等另一人审核"))
    table = fees_of(answer_of(request, FEE))
    if table is None:
        raise NotPossible(_("适用的规则包里没有收费标准，不能收费"))
    lines = lines_of(table, method, count, before=before)
    amount = total(lines)
    if not amount:
        raise ValidationError({"count": _("按收费标准，这个数量不收费")})
    if not how.strip():
        raise ValidationError({"how": _("请写明怎么缴费")})
    last, basis, own = _until(request, until, until_basis, now)
    asked = {
        "method": method, "before": before if method == Method.BY_ITEM else 0, "count": count, "amount": amount,
        "how": tidied(how), "until": last.isoformat(), "until_basis": basis, "own": own,
    }  # fmt: skip
    changes = {"fee_asked": asked, "fee_asked_by": by, "handler": request.handler or by}
    note = _("%(amount)s 元，%(day)s") % {"amount": amount, "day": last.isoformat()}
    step = take(request=request, act=Act.ASK_FEE, by=by, now=now, note=note, changes=changes)
    if request.fees.filter(closed_at=None).exists():
        raise NotPossible(_("还有一份收费通知没有缴，先登记缴费或者撤销"))
    return step


@transaction.atomic
def charge(*, request: Request, by: User, now: datetime) -> FeeNotice:
    """The second person's yes: the notice is sent as it was drafted, its amount by the table in force now.

    A time to pay that the rules give runs from now, not from the draft. Raises as `stepping.take`; ValidationError where
    nothing was drafted, the day to pay has passed, or the rules say something else than when it was drafted.
    """
    asked, asker, table = request.fee_asked, request.fee_asked_by, fees_of(answer_of(request, FEE))
    if not asked or asker is None:
        raise ValidationError(_("没有等着审核的收费通知"))
    until, basis = _agreed_until(request, asked, now)
    lines = lines_of(table, asked["method"], asked["count"], before=asked["before"]) if table is not None else []
    if table is None or total(lines) != asked["amount"]:
        raise ValidationError(_("收费标准在起草以后有变化，请退回重新起草"))
    take(request=request, act=Act.CHARGE, by=by, now=now)
    fee = FeeNotice(
        request=request, method=asked["method"], before=asked["before"], count=asked["count"], amount=asked["amount"],
        until=until, until_basis=basis, own=asked["own"], clock=fee_clock_of(request), charged_by=asker,
        approved_by=by, charged_at=now,
    )  # fmt: skip
    fee.letter = fee_letter(request=request, fee=fee, table=table, lines=lines, how=asked["how"], now=now)
    fee.save()
    return fee


def deny_fee(*, request: Request, reason: str, by: User, now: datetime) -> RequestStep:
    """The second person's no; the handler reads why. Raises as `stepping.take`; ValidationError."""
    if request.fee_asked_by_id is None:
        raise ValidationError(_("没有等着审核的收费通知"))
    changes: dict[str, Any] = {"fee_asked": {}, "fee_asked_by": None}
    return take(request=request, act=Act.DENY_FEE, by=by, now=now, reason=reason, changes=changes)


@transaction.atomic
def pay(*, request: Request, paid_on: date, receipt: str, by: User, now: datetime) -> RequestStep:
    """The fee came. Where the rules say so, the answer period begins anew. Raises as `stepping.take`; ValidationError."""
    fee = open_fee(request)
    if not local(fee.charged_at).date() <= paid_on <= local(now).date():
        raise ValidationError({"paid_on": _("缴费日期在发出收费通知之日和今天之间")})
    changes = {}
    if fee.clock == FeeClock.RESTARTS:
        began = max(fee.charged_at, local(now).replace(year=paid_on.year, month=paid_on.month, day=paid_on.day))
        changes = {"clock_at": min(began, now), "extended_at": None, "extension_reason": "", "extension_by": None}
    note = _("%(amount)s 元，%(day)s") % {"amount": fee.amount, "day": paid_on.isoformat()}
    step = take(request=request, act=Act.PAY, by=by, now=now, note=note, changes=changes)
    fee.paid_on, fee.receipt, fee.closed_by, fee.closed_at = paid_on, receipt.strip()[:80], by, now
    fee.save(update_fields=["paid_on", "receipt", "closed_by", "closed_at"])
    return step


@transaction.atomic
def waive(*, request: Request, reason: str, by: User, now: datetime) -> RequestStep:
    """Take the notice back: wrongly counted, or the fee is let off. Raises as `stepping.take`; ValidationError."""
    fee = open_fee(request)
    step = take(request=request, act=Act.WAIVE, by=by, now=now, reason=reason)
    fee.closed_by, fee.closed_at = by, now
    fee.save(update_fields=["closed_by", "closed_at"])
    return step


def lines_of(table: FeeTable, method: str, count: int, *, before: int = 0) -> list[FeeLine]:
    """The lines of the table that a number falls into. Raises ValidationError by field."""
    if method not in set(Method):
        raise ValidationError({"method": _("请选择按件还是按量")})
    if not 1 <= count <= MOST:
        raise ValidationError({"count": _("数量在 1 和 %(n)s 之间") % {"n": MOST}})
    if not 0 <= before <= MOST:
        raise ValidationError({"before": _("数量在 0 和 %(n)s 之间") % {"n": MOST}})
    return charged(table.steps(Method(method)), count, before=before if method == Method.BY_ITEM else 0)


def open_fee(request: Request) -> FeeNotice:
    """The notice that is neither paid nor taken back, held until the transaction ends. Raises ValidationError."""
    found = FeeNotice.objects.select_for_update().filter(request=request, closed_at=None).first()
    if found is None:
        raise ValidationError(_("没有等着缴的收费通知"))
    return found


def is_unpaid_in_time(request: Request, *, now: datetime) -> bool:
    """Is there a notice whose last day is past, unpaid and not taken back?"""
    return FeeNotice.objects.filter(request=request, closed_at=None, until__lt=local(now).date()).exists()


def _agreed_until(request: Request, asked: dict[str, Any], now: datetime) -> tuple[date, str]:
    """The last day to pay of a draft that is agreed to now, and on what it rests. Raises ValidationError."""
    ruled = payment_until(request, now)
    if asked["own"] != (ruled is None):
        raise ValidationError(_("缴费期限的规定在起草以后有变化，请退回重新起草"))
    if ruled is not None:
        return ruled[0], ruled[1][:300]
    until = date.fromisoformat(asked["until"])
    if until <= local(now).date():
        raise ValidationError(_("起草的缴费期限已过，请退回重新起草"))
    return until, asked["until_basis"]


def _until(request: Request, given: date | None, basis: str, now: datetime) -> tuple[date, str, bool]:
    """The last day to pay, on what it rests, and whether the unit named it."""
    ruled = payment_until(request, now)
    if ruled is not None:
        return ruled[0], ruled[1][:300], False
    if given is None or given <= local(now).date():
        raise ValidationError({"until": _("规则包没有写缴费期限，请填写今天以后的一天")})
    if not basis.strip():
        raise ValidationError({"until_basis": _("请写明这个期限的依据")})
    return given, basis.strip()[:300], True

"""By when a request must be checked, answered, and those consulted must speak: facts for the duties engine (P-46).

The answer period runs from the receipt, and anew from a correction's arrival; while a correction is waited for, nothing is
owed. While others are consulted it stands still: from the day after they were asked to their answer, at most as long as
the rules give them. An extension is the rule's second limit.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from jiyue.disclosure.models import CONSULTATION, SUBJECT, Consultation, FeeNotice, Request
from jiyue.domain.deadlines import Stop, local
from jiyue.domain.disclosure import OWING, State
from jiyue.domain.disclosure_fees import FeeClock
from jiyue.domain.duties import Fact
from jiyue.estate.models import Appointment
from jiyue.foundation.models import AuditEvent
from jiyue.identity.roles import Role

REPLY, CORRECTION = "disclosure-request.reply", "disclosure-request.correction"
THIRD_PARTY, OTHER_BODY = "disclosure-request.third-party", "disclosure-request.other-body"
OF_KIND = {Consultation.Kind.THIRD_PARTY: THIRD_PARTY, Consultation.Kind.OTHER_BODY: OTHER_BODY}
LONG_MET = timedelta(days=90)
CHUNK = 500


class DisclosureSource:
    """One fact for each check, each answer period and each consultation."""

    code = "disclosure"
    parameters = (REPLY, CORRECTION, THIRD_PARTY, OTHER_BODY)

    def facts(self, *, subjects: Collection[str] | None, now: datetime) -> Iterator[Fact]:
        recent = now - LONG_MET
        rest = Q(met_at=None, ended_at=None) | Q(met_at__gte=recent) | Q(ended_at__gte=recent)
        rows = Request.objects.filter(rest).select_related("desk").order_by("pk")
        if subjects is not None:
            rows = rows.filter(Q(pk__in=_keys(subjects, SUBJECT)) | Q(consultations__in=_keys(subjects, CONSULTATION)))
        rows = rows.distinct().prefetch_related(Prefetch("consultations", Consultation.objects.order_by("pk")), "fees")
        clerks = _clerks()
        return chain.from_iterable(
            _facts(row, row.handler_id or clerks.get(row.desk_id)) for row in rows.iterator(chunk_size=CHUNK)
        )


def own_subject(event: AuditEvent) -> Collection[str]:
    """The event is about the request itself; those consulted are looked at with it."""
    key = event.subject.removeprefix(SUBJECT)
    consulted = Consultation.objects.filter(request=int(key)).values_list("pk", flat=True) if key.isdecimal() else ()
    return [event.subject, *(f"{CONSULTATION}{pk}" for pk in consulted)]


HEARD = (("disclosure.stepped", ("disclosure",), own_subject),)


def stops_of(request: Request) -> tuple[Stop, ...]:
    """The stretches during which the answer period stood still, or will until those asked have spoken or the fee came."""
    consulted = tuple(
        (local(one.asked_at).date(), local(min(one.answered_at or one.due_at, one.due_at)).date())
        for one in request.consultations.all()
        if one.stops and one.asked_at >= request.clock_at
    )
    unpaid = tuple(
        (local(fee.charged_at).date(), _fee_ended(fee))
        for fee in request.fees.all()
        if fee.clock != FeeClock.RUNS and fee.charged_at >= request.clock_at
    )
    return tuple(sorted((*consulted, *unpaid)))


def _fee_ended(fee: FeeNotice) -> date:
    ended = fee.paid_on or (local(fee.closed_at).date() if fee.closed_at else fee.until)
    return min(ended, fee.until)


def _facts(row: Request, person: int | None) -> Iterator[Fact]:
    # Titles are read by whoever reads duties: the number alone, nothing of what was asked for or by whom.
    numbered = {"number": row.number}
    common: dict[str, Any] = {"unit": row.desk.owner_id, "site": row.desk_id, "person": person}
    ended = row.ended_at or (row.met_at if row.checked_at is None else None)
    yield Fact(
        parameter=CORRECTION, subject=f"{SUBJECT}{row.pk}", title=_("审查公开申请 %(number)s") % numbered,
        started_at=row.received_at, recorded_at=max(row.recorded_at, row.received_at), met_at=row.checked_at,
        ended_at=None if row.checked_at else ended, **common,
    )  # fmt: skip
    if row.state in OWING or row.met_at or (row.ended_at and row.state == State.WITHDRAWN):
        yield Fact(
            parameter=REPLY, subject=f"{SUBJECT}{row.pk}", title=_("答复公开申请 %(number)s") % numbered,
            started_at=row.clock_at, recorded_at=max(row.recorded_at, row.clock_at), met_at=row.met_at,
            ended_at=None if row.met_at else row.ended_at, stopped=stops_of(row), **common,
        )  # fmt: skip
    for one in row.consultations.all():
        yield _consulted(one, row, person)


def _consulted(one: Consultation, row: Request, person: int | None) -> Fact:
    silent = one.stance == Consultation.Stance.SILENT
    return Fact(
        parameter=OF_KIND[Consultation.Kind(one.kind)], subject=f"{CONSULTATION}{one.pk}",
        title=_("%(kind)s就公开申请 %(number)s 提出意见") % {"kind": one.get_kind_display(), "number": row.number},
        unit=row.desk.owner_id, site=row.desk_id, person=person, started_at=one.asked_at,
        met_at=None if silent else one.answered_at, ended_at=one.answered_at if silent else row.met_at or row.ended_at,
    )  # fmt: skip


def _keys(subjects: Collection[str], prefix: str) -> list[int]:
    keys = [subject.removeprefix(prefix) for subject in subjects if subject.startswith(prefix)]
    return [int(key) for key in keys if key.isdecimal()]


def _clerks() -> dict[int, int]:
    """For each site one of those who receive: until somebody handles a request, it waits for her."""
    serving = Appointment.objects.filter(role=Role.LETTER_CLERK, user__is_active=True)
    return dict(serving.order_by("-pk").values_list("site", "user"))

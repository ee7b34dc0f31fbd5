"""What the desk does with a request: register, check, have it corrected, pass it on, look at the applicant, deliver.

Consulting, extending, deciding: `handling`. What comes from the letter box: `receiving`.
"""

from collections.abc import Mapping
from datetime import date, datetime
from secrets import randbelow
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jiyue.disclosure.events import AnswerFileOpened, ApplicantSeen, LetterTaken, RequestFileOpened
from jiyue.disclosure.identities import kept, known, mark_of_applicant
from jiyue.disclosure.models import AnswerFile, Contest, Delivery, Letter, Request, RequestFile, RequestStep
from jiyue.disclosure.policies import may_register, may_see_applicant, visible_requests
from jiyue.disclosure.problem_words import said
from jiyue.disclosure.stepping import ChangedMeanwhile, subject_of, take, written
from jiyue.disclosure.words import DELIVERIES, REMEDIES, VERDICTS
from jiyue.disclosure.writing import correction_letter
from jiyue.domain import letters
from jiyue.domain.deadlines import local
from jiyue.domain.disclosure import Act, State, rule_for
from jiyue.domain.disclosure_outcomes import Remedy, Row, Verdict
from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.identity.private_looks import require_room
from jiyue.interaction.policies import desks_of, takes_letters

TRIES = 20


@transaction.atomic
def register_request(
    *, site: Site, fields: Mapping[str, str], source: str, received_at: datetime, by: User, now: datetime
) -> Request:
    """A request that came by hand, post or fax, with the day on which it did.

    Raises PermissionDenied, ValidationError by field.
    """
    if not may_register(by, site):
        raise PermissionDenied(_("您不能为这个网站登记申请"))
    if source not in set(Request.Source) - {Request.Source.WEB}:
        raise ValidationError({"source": _("请选择收件方式")})
    if received_at > now:
        raise ValidationError({"received_at": _("收到时间不能晚于现在")})
    given = {name: letters.tidied(value) for name, value in fields.items() if value and value.strip()}
    asked = {field.name for field in letters.KINDS[letters.DISCLOSURE].fields if field.is_asked(given)}
    given = {name: value for name, value in given.items() if name in asked}
    problems = letters.problems(letters.DISCLOSURE, given)
    if problems:
        raise ValidationError({one.field: said(one) for one in reversed(problems)})
    request = _new(given, site, source, received_at, now)
    rule = rule_for(Act.REGISTER, None)
    written(request=request, rule=rule, before="", now=now, by=by, actor=None, reason="", note="")
    return request


def accept(*, request: Request, by: User, now: datetime) -> RequestStep:
    """The description is clear and the identity shown: it is to be answered. Raises as `stepping.take`."""
    changes = {"checked_at": request.checked_at or now}
    return take(request=request, act=Act.ACCEPT, by=by, now=now, changes=changes)


def transfer(*, request: Request, desk: Site, reason: str, by: User, now: datetime) -> RequestStep:
    """Another unit of the group answers; the clock runs on. Raises as `stepping.take`; ValidationError for a wrong unit."""
    if desk.pk == request.desk_id:
        raise ValidationError({"desk": _("已经在这个单位，请选择另一个")})
    if not desks_of(request.site).filter(pk=desk.pk).exists() or not takes_letters(desk):
        raise ValidationError({"desk": _("只能交给同级政府所属、开通了互动交流的单位")})
    changes = {"desk": desk, "handler": None}
    return take(request=request, act=Act.TRANSFER, by=by, now=now, reason=reason, changes=changes)


@transaction.atomic
def notify_correction(*, request: Request, reason: str, until: date, by: User, now: datetime) -> Letter:
    """Say once what must be corrected and by when; the answer period begins with the correction (article 30).

    Raises as `stepping.take`; ValidationError for a day that is no reasonable period.
    """
    if until <= local(now).date():
        raise ValidationError({"until": _("补正期限要在今天以后，留出合理的时间")})
    changes = {"correction_until": until, "checked_at": request.checked_at or now}
    take(request=request, act=Act.NOTIFY, by=by, now=now, reason=reason, changes=changes)
    return correction_letter(request=request, what=reason, until=until, now=now)


def take_correction(*, request: Request, text: str, arrived_at: datetime, by: User, now: datetime) -> RequestStep:
    """A correction that came by hand, post or fax; the answer period begins on the day it came.

    Raises as `stepping.take`; ValidationError.
    """
    if not text.strip():
        raise ValidationError({"text": _("请写明补正的内容")})
    if arrived_at > now:
        raise ValidationError({"arrived_at": _("收到时间不能晚于现在")})
    if arrived_at < request.received_at:
        raise ValidationError({"arrived_at": _("补正不能早于申请")})
    return take(request=request, act=Act.CORRECT, by=by, now=now, at=arrived_at, note=letters.tidied(text))


def lapse(*, request: Request, reason: str, by: User, now: datetime) -> RequestStep:
    """Not corrected in time without good reason: given up (article 30). Raises as `stepping.take`; ValidationError."""
    if request.correction_until is not None and local(now).date() <= request.correction_until:
        raise ValidationError(_("补正期限 %(day)s 还没有过") % {"day": request.correction_until.isoformat()})
    changes = {"outcome": Row.NOT_CORRECTED}
    return take(request=request, act=Act.LAPSE, by=by, now=now, reason=reason, changes=changes)


@transaction.atomic
def deliver(*, request: Request, means: str, on: date, note: str, by: User, now: datetime) -> Delivery:
    """When and how the answer reached the applicant (DISC-02). Raises as `stepping.take`; ValidationError."""
    if means not in DELIVERIES:
        raise ValidationError({"means": _("请选择送达方式")})
    if request.met_at is not None and not local(request.met_at).date() <= on <= local(now).date():
        raise ValidationError({"on": _("送达日期在答复之日和今天之间")})
    told = f"{DELIVERIES[means]}，{on.isoformat()}"
    take(request=request, act=Act.DELIVER, by=by, now=now, note=told)
    return Delivery.objects.create(
        request=request, means=means, on=on, note=note.strip()[:200], recorded_by=by, recorded_at=now
    )


@transaction.atomic
def contest(*, request: Request, remedy: str, body: str, begun_on: date, by: User, now: datetime) -> Contest:
    """The applicant went to reconsideration or to court. Raises as `stepping.take`; ValidationError."""
    if remedy not in set(Remedy):
        raise ValidationError({"remedy": _("请选择行政复议或者行政诉讼")})
    if not body.strip():
        raise ValidationError({"body": _("请填写受理机关")})
    done = request.met_at or request.ended_at
    if done is not None and not local(done).date() <= begun_on <= local(now).date():
        raise ValidationError({"begun_on": _("受理日期在答复之日和今天之间")})
    take(request=request, act=Act.REMEDY, by=by, now=now, note=str(REMEDIES[Remedy(remedy)]))
    return Contest.objects.create(
        request=request, remedy=remedy, body=body.strip()[:120], begun_on=begun_on, recorded_by=by, recorded_at=now
    )


@transaction.atomic
def settle_contest(*, contest: Contest, verdict: str, ended_on: date, by: User, now: datetime) -> Contest:
    """How it ended. Raises as `stepping.take`; ValidationError for one that has ended, or an end before its beginning."""
    request = contest.request
    if verdict not in set(Verdict) - {Verdict.PENDING}:
        raise ValidationError({"verdict": _("请选择结果")})
    if not contest.begun_on <= ended_on <= local(now).date():
        raise ValidationError({"ended_on": _("审结日期在受理之日和今天之间")})
    take(request=request, act=Act.REMEDY, by=by, now=now, note=str(VERDICTS[Verdict(verdict)]))
    open_one = Contest.objects.filter(pk=contest.pk, verdict=Verdict.PENDING)
    if not open_one.update(verdict=verdict, ended_on=ended_on):
        raise ChangedMeanwhile(_("已经登记过结果"))
    contest.refresh_from_db()
    return contest


@transaction.atomic
def look_at_applicant(*, request: Request, by: User, now: datetime) -> dict[str, str]:
    """Who asked, with documents and ways to reach them; every look is traced.

    Raises PermissionDenied, TooManyLooks, sealed.NotOurs.
    """
    if not may_see_applicant(by, request):
        raise PermissionDenied(_("申请人的身份只给办理这件申请的人看"))
    require_room(by, subject=subject_of(request), now=now)
    event = ApplicantSeen(subject=subject_of(request), site=request.desk.host, number=request.number)
    record(event, by=by.actor(), at=now)
    return known(request.number, request.sealed_applicant)


@transaction.atomic
def take_letter(*, letter: Letter, form: str, by: User, now: datetime) -> None:
    """Somebody takes a letter away, which names its addressee. Raises PermissionDenied, TooManyLooks."""
    request = letter.request
    if not may_see_applicant(by, request):
        raise PermissionDenied(_("文书写有申请人，只给办理这件申请的人"))
    require_room(by, subject=subject_of(request), now=now)
    event = LetterTaken(
        subject=subject_of(request), site=request.desk.host, number=request.number, name=f"{letter.number}.{form}"
    )
    record(event, by=by.actor(), at=now)


@transaction.atomic
def open_file(*, file: RequestFile, by: User, now: datetime) -> None:
    """Somebody takes an attachment away. Raises PermissionDenied for whoever may not read the request."""
    request = file.request
    if not visible_requests(by).filter(pk=request.pk).exists() or not may_see_applicant(by, request):
        raise PermissionDenied(_("附件可能写有申请人的身份，只给办理这件申请的人"))
    event = RequestFileOpened(
        subject=subject_of(request), site=request.desk.host, number=request.number, name=str(file.n)
    )
    record(event, by=by.actor(), at=now)


@transaction.atomic
def open_answer_file(*, file: AnswerFile, by: User, now: datetime) -> None:
    """Somebody takes a file of an answer away. Raises PermissionDenied for whoever may not read the request."""
    request = file.draft.request
    if not visible_requests(by).filter(pk=request.pk).exists() or not may_see_applicant(by, request):
        raise PermissionDenied(_("答复的附件只给办理这件申请的人"))
    event = AnswerFileOpened(
        subject=subject_of(request), site=request.desk.host, number=request.number, name=str(file.n)
    )
    record(event, by=by.actor(), at=now)


def _new(given: Mapping[str, str], site: Site, source: str, received_at: datetime, now: datetime) -> Request:
    values: dict[str, Any] = {
        "site": site, "desk": site, "state": State.RECEIVED, "source": source, "applicant": given["applicant"],
        "title": given["title"], "document_number": given.get("document_number", ""), "text": given["text"],
        "form": given["form"], "delivery": given["delivery"], "applicant_mark": mark_of_applicant(given),
        "received_at": received_at, "recorded_at": now, "clock_at": received_at,
    }  # fmt: skip
    for tries_left in reversed(range(TRIES)):
        number = f"{local(received_at):%Y%m%d}-{randbelow(1_000_000):06d}"
        try:
            with transaction.atomic():
                return Request.objects.create(number=number, sealed_applicant=kept(number, given), **values)
        except IntegrityError:
            if not tries_left:
                raise
    raise AssertionError("the last try raises or returns")

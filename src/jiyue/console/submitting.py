"""送审: one record or many, with time and reason; nothing typed is lost when it is refused."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jiyue.console.checks.consents import consents_of
from jiyue.console.checks.drafts import checked
from jiyue.console.path import cases_of, screen
from jiyue.console.refusals import sentences
from jiyue.content.models import Record
from jiyue.content.models.records import UNDER_REVIEW
from jiyue.content.policies import fetch_record_for, writable_records
from jiyue.content.readiness import problems
from jiyue.review import ledger
from jiyue.review.actions import submit, submit_withdrawal
from jiyue.review.models import SignOff
from jiyue.review.refusals import NotReady, StoppedByChecks

MOST_AT_ONCE = 50


def is_public(record: Record) -> bool:
    """Is something of this record signed off and not withdrawn? Then a submission is a correction."""
    last = ledger.current(record.identity)
    return last is not None and last.act != SignOff.Act.WITHDRAW


@require_http_methods(["GET", "POST"])
def submit_record(request: HttpRequest, pk: int) -> HttpResponse:
    """The last page before the reviewers see it: what is missing, when it should appear, why it is corrected."""
    record = fetch_record_for(request.user, pk, writable=True)
    refusal: list[str] = []
    if request.method == "POST":
        try:
            _submit(request, record)
        except StoppedByChecks:
            refusal = [_("检测发现必须处理的问题，请先改正；确需保留的，在下面写明理由申请豁免。")]
        except (PermissionDenied, ValidationError) as refused:
            refusal = sentences(refused)
        else:
            messages.success(request, _("“%(title)s”已送审。") % {"title": record.title})
            return redirect("console_path", record.pk)
    lacks, locked = problems(record, on=timezone.localdate()), record.state in UNDER_REVIEW
    context = {
        "record": record, "problems": lacks, "public": is_public(record), "refusal": refusal, "locked": locked,
        "typed": request.POST, "now": timezone.now(), "here": "submit",
        "checked": None if lacks or locked else checked(record), "opening": any(lack.field == "case" for lack in lacks),
        "cases": cases_of(record), **consents_of(record),
    }  # fmt: skip
    return TemplateResponse(request, "console/submit.html", context, status=409 if refusal else 200)


@require_POST
def submit_many(request: HttpRequest) -> HttpResponse:
    """Submit the ticked records. The first click says what it will do; the second does it, each record for itself."""
    wanted = [int(key) for key in request.POST.getlist("record") if key.isdecimal()][:MOST_AT_ONCE]
    found = list(writable_records(request.user).filter(pk__in=wanted).select_related("site", "column"))
    ready = [record for record in found if _simple(record)]
    left = [(record, _why_not(record)) for record in found if record not in ready]
    if request.POST.get("confirmed") and ready:
        done = [record for record in ready if _submitted(request, record, left)]
        messages.success(request, _("已送审 %(n)s 篇。") % {"n": len(done)})
        if not left:
            return redirect("console_records")
        ready = []
    return TemplateResponse(request, "console/submit_many.html", {"ready": ready, "left": left})


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for something public to be taken down: in error, merged, or repealed, with the reason."""
    record = fetch_record_for(request.user, pk, writable=True)
    given = request.POST
    try:
        submit_withdrawal(
            record=record, kind=given.get("kind", ""), reason=given.get("reason", ""), by=request.user,
            now=timezone.now(), target=given.get("target", "").strip(), finder=given.get("finder", "").strip(),
            companions=given.get("companions", ""),
        )  # fmt: skip
    except (PermissionDenied, ValidationError) as refused:
        return screen(request, record, refusal=sentences(refused), status=409)
    messages.success(request, _("撤下申请已送终审。"))
    return redirect("console_path", record.pk)


def _submit(request: HttpRequest, record: Record) -> None:
    instruction = {name: request.POST.get(name, "").strip() for name in ("reason", "finder", "minors_note", "guidance")}
    submit(
        record=record, by=request.user, now=timezone.now(), publish_at=_publish_at(request.POST.get("publish_at", "")),
        instruction={name: value for name, value in instruction.items() if value},
        asks_waiver=request.POST.get("asks_waiver", ""),
    )  # fmt: skip


def _publish_at(given: str) -> datetime | None:
    """The chosen second, in Beijing time. Raises ValidationError for what is no time or is past."""
    if not given.strip():
        return None
    try:
        chosen = parse_datetime(given.strip().replace(" ", "T", 1))
    except ValueError:
        chosen = None
    if chosen is None:
        raise ValidationError(_("发布时间请写成 2026-11-21 09:30:00 的样子"))
    moment = chosen if timezone.is_aware(chosen) else timezone.make_aware(chosen, timezone.get_default_timezone())
    if moment <= timezone.now():
        raise ValidationError(_("发布时间已经过去，请改成将来的时间，或者留空表示签发后马上发布"))
    return moment


def _simple(record: Record) -> bool:
    return record.state not in UNDER_REVIEW and not is_public(record) and not problems(record, on=timezone.localdate())


def _why_not(record: Record) -> list[str]:
    if record.state in UNDER_REVIEW:
        return [_("已经在审核中")]
    if is_public(record):
        return [_("已经公开，更正要逐篇写明原因")]
    return [problem.message for problem in problems(record, on=timezone.localdate())]


def _submitted(request: HttpRequest, record: Record, left: list) -> bool:
    try:
        submit(record=record, by=request.user, now=timezone.now())
    except NotReady as refused:
        left.append((record, [problem.message for problem in refused.problems]))
    except (PermissionDenied, ValidationError) as refused:
        left.append((record, sentences(refused)))
    else:
        return True
    return False

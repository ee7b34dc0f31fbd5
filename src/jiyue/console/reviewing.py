"""The reviewing screen: what was submitted, what changed, the gates, and one decision (D1)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from jiyue.console.batches import batch_body, sampled_in_words
from jiyue.console.checks.waiving import checks_of
from jiyue.console.facts import Fact, body_for_staff, differences, facts_of
from jiyue.console.library.review_body import placement_body, taking_body
from jiyue.console.path import cases_of
from jiyue.console.policy.plans import plan_in_words
from jiyue.console.refusals import sentences
from jiyue.console.structures import structure_rows
from jiyue.content.models import PolicyDocument, Record
from jiyue.identity.models import User
from jiyue.publishing.batches import refusals
from jiyue.publishing.models import SitePublication
from jiyue.review import ledger
from jiyue.review.actions import approve, recall, send_back
from jiyue.review.checklist import QUESTIONS, Gate, Principle
from jiyue.review.models import Decision, Level, Review, SignOff, Subject, Version
from jiyue.review.policies import fetch_review_for, may_give_secrecy_conclusion, may_recall, may_review
from jiyue.review.queries import title_of
from jiyue.review.waiving import waive

SECRECY_WORDS = gettext_lazy("经审查，不涉及国家秘密、工作秘密、商业秘密和个人隐私，可以公开。")


@dataclass(frozen=True)
class Reason:
    """A sentence that returns a submission in one click, with the principle it stands on."""

    code: str
    words: Any
    principle: str


REASONS = (
    Reason("facts", gettext_lazy("数字、日期、人名或单位名称有误，请核对后再报。"), Principle.ACCURATE),
    Reason("wording", gettext_lazy("有错别字、标点或不规范表述，请通读修改。"), Principle.ACCURATE),
    Reason("source", gettext_lazy("来源不明或未经授权，请注明出处或补充授权。"), Principle.AUTHORITATIVE),
    Reason("missing", gettext_lazy("内容不完整，缺少附件、落款或必要说明，请补充。"), Principle.COMPLETE),
    Reason("privacy", gettext_lazy("含有不宜公开的个人信息，请隐去后再报。"), Principle.LAWFUL),
    Reason("secret", gettext_lazy("可能涉及不宜公开的内容，请先由产生单位确认。"), Principle.LAWFUL),
    Reason("late", gettext_lazy("内容已经过时，请更新或撤回送审。"), Principle.TIMELY),
    Reason("column", gettext_lazy("栏目不对，请换到合适的栏目。"), Principle.COMPLETE),
)
REASON_OF = {reason.code: reason for reason in REASONS}


@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One submission, to be decided by whom it waits for and read by everybody else who may."""
    return screen_of(request, fetch_review_for(request.user, pk))


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, return or recall. A refusal shows the same screen again with the sentence and everything typed."""
    submission = fetch_review_for(request.user, pk)
    try:
        done = ACTS[request.POST.get("act", "")](request, submission)
    except KeyError:
        return redirect("console_review", pk)
    except (PermissionDenied, ValidationError) as refusal:
        return screen_of(request, fetch_review_for(request.user, pk), refusal=sentences(refusal), status=409)
    messages.success(request, done)
    return redirect("wagtailadmin_home")


@require_POST
def waive_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one finding of a submission stand; a refusal shows the same screen again with what was typed."""
    submission, given = fetch_review_for(request.user, pk), request.POST
    try:
        waive(
            version=submission.version, key=given.get("key", ""), grounds=given.get("grounds", ""),
            basis=given.get("basis", ""), by=request.user, now=timezone.now(),
        )  # fmt: skip
    except (PermissionDenied, ValidationError) as refused:
        return screen_of(request, fetch_review_for(request.user, pk), refusal=sentences(refused), status=409)
    messages.success(request, _("已豁免，并记入豁免清单。"))
    return redirect("console_review", pk)


def _signed(after: Review) -> str:
    """What happens now that the last one has signed: at once, at the chosen second, or when publishing goes on."""
    facts = {"title": title_of(after)}
    if SitePublication.objects.filter(site=after.site_id, held_since__isnull=False).exists():
        return _("“%(title)s”已签发。这个网站的发布已暂停，恢复后补发。") % facts
    if after.publish_at is not None and after.publish_at > timezone.now():
        moment = timezone.localtime(after.publish_at).strftime("%Y-%m-%d %H:%M:%S")
        return _("“%(title)s”已签发，定于 %(moment)s 发布。") % {**facts, "moment": moment}
    return _("“%(title)s”已签发，正在发布。") % facts


def _approve(request: HttpRequest, submission: Review) -> str:
    given = request.POST
    after = approve(
        review=submission, by=request.user, now=timezone.now(), gates=given.getlist("gates"),
        reason=_reason(given, submission), secrecy_conclusion=given.get("secrecy", "") if given.get("give_secrecy") else "",
        looked_at=given.getlist("sampled"),
    )  # fmt: skip
    if after.status == Review.Status.SIGNED_OFF:
        return _signed(after)
    if after.status == Review.Status.TOGETHER:
        return _("“%(title)s”已通过全部环节，等同案的稿件也通过后一起签发。") % {"title": title_of(after)}
    if after.status == Review.Status.SIGNING:
        return _("“%(title)s”已签发，正在逐篇登记，全部登记后一起发布。") % {"title": title_of(after)}
    return _("“%(title)s”已通过，转入下一环节。") % {"title": title_of(after)}


def _reason(given: QueryDict, submission: Review) -> str:
    """What the reviewer wrote; of a batch also that the sample was looked at, which is sealed with the decision.

    The secrecy conclusion stands for itself: the documents that were read are named beside it.
    """
    written = given.get("reason", "")
    if submission.version.subject != Subject.BATCH or submission.level == Level.SECRECY:
        return written
    content = ledger.content_of(submission.version, digest=submission.version.digest)
    return "\n".join(filter(None, [sampled_in_words(content, given.getlist("sampled")), written.strip()]))


def _send_back(request: HttpRequest, submission: Review) -> str:
    block = REASON_OF.get(request.POST.get("reason_block", ""))
    reason = str(block.words) if block else request.POST.get("return_reason", "")
    principle = block.principle if block else request.POST.get("principle", "")
    if principle not in {"", *Principle.values}:
        raise ValidationError(_("请选择列出的质量原则"))
    send_back(review=submission, by=request.user, now=timezone.now(), reason=reason, principle=principle)
    return _("“%(title)s”已退回，送审人会看到原因。") % {"title": title_of(submission)}


def _recall(request: HttpRequest, submission: Review) -> str:
    recall(review=submission, by=request.user, now=timezone.now(), reason=request.POST.get("recall_reason", ""))
    return _("“%(title)s”已撤回，可以继续修改。") % {"title": title_of(submission)}


ACTS = {"approve": _approve, "return": _send_back, "recall": _recall}


def screen_of(request: HttpRequest, submission: Review, *, refusal: list[str] | None = None, status: int = 200):
    """The reviewing screen; a refused act shows it again with its sentences and what was typed."""
    content = ledger.content_of(submission.version, digest=submission.version.digest)
    deciding = may_review(request.user, submission)
    context = {
        "review": submission,
        "title": title_of(submission),
        "record": submission.version.record,
        "refusal": refusal or [incident.what for incident in refusals([submission]).values()],
        "typed": request.POST,
        "now": timezone.now(),
        "deciding": deciding,
        "recalling": may_recall(request.user, submission),
        "secrecy_level": submission.level == Level.SECRECY,
        "secrecy_words": SECRECY_WORDS,
        "secrecy_too": deciding and _secrecy_too(request.user, submission),
        "gates": [(gate.value, gate.label, QUESTIONS[gate]) for gate in Gate],
        "typed_gates": request.POST.getlist("gates"),
        "typed_sampled": request.POST.getlist("sampled"),
        "reasons": REASONS,
        "principles": Principle.choices,
        "decisions": [(each, _looked_at(each)) for each in _decisions(submission)],
        "ended": _ended(submission),
        "cases": cases_of(submission.version.record) if submission.version.record else [],
        "checks": checks_of(request.user, submission),
        **BODIES[submission.version.subject](request, submission, content),
    }
    return TemplateResponse(request, "console/review.html", context, status=status)


def _secrecy_too(user: User, submission: Review) -> bool:
    open_level = Level.SECRECY in submission.levels and Level.SECRECY not in ledger.approvals_of(submission)
    return open_level and submission.level != Level.SECRECY and may_give_secrecy_conclusion(user, submission)


def _decisions(submission: Review) -> list[Decision]:
    return list(Decision.objects.filter(review__version__identity=submission.version.identity).order_by("at", "pk"))


def _looked_at(decision: Decision) -> list[str]:
    """Titles of what a batch's secrecy reviewer read."""
    found = Record.objects.filter(identity__in=decision.looked_at or ()).order_by("pk")
    return list(found.values_list("title", flat=True))


def _ended(submission: Review) -> Decision | None:
    """Who ended it, when it is over: a colleague may have been quicker."""
    if submission.status in {Review.Status.OPEN, Review.Status.TOGETHER}:
        return None
    return submission.decisions.order_by("-at", "-pk").first()


def _record_body(request: HttpRequest, submission: Review, content: dict) -> dict[str, Any]:
    base, why = baseline(request.user, submission.version)
    before = ledger.content_of(base, digest=base.digest) if base else None
    return {
        "kind": "record",
        "content": content,
        "facts": [*facts_of(content), *_kept_here(submission)],
        "plan": plan_in_words(content),
        "body": body_for_staff(content, submission.version_id),
        "baseline": base,
        "baseline_why": why,
        "differences": differences(before, content) if before else None,
    }


def _kept_here(submission: Review) -> list[Fact]:
    """What reviewers read of a draft and the public never does: why a major decision was made without asking (INT-13)."""
    record = submission.version.record.typed if submission.version.record else None
    if not isinstance(record, PolicyDocument) or not record.no_call_reason:
        return []
    return [Fact(str(PolicyDocument._meta.get_field("no_call_reason").verbose_name), record.no_call_reason)]


def baseline(user: User, version: Version) -> tuple[Version | None, str]:
    """The version this person should compare with: the last other one she decided on, else the one that is public."""
    seen = (
        Version.objects.filter(identity=version.identity, reviews__decisions__reviewer=user)
        .exclude(pk=version.pk)
        .order_by("-reviews__decisions__at")
        .first()
    )
    if seen is not None:
        return seen, _("与您上次审核的第 %(n)s 版相比") % {"n": seen.number}
    public = ledger.current(version.identity)
    if public is None or public.act == SignOff.Act.WITHDRAW or public.version_id == version.pk:
        return None, ""
    return public.version, _("与现在公开的第 %(n)s 版相比") % {"n": public.version.number}


def _structure_body(request: HttpRequest, submission: Review, content: dict) -> dict[str, Any]:
    last = ledger.current(submission.version.identity)
    if last is not None and last.version_id == submission.version_id:
        last = SignOff.objects.filter(identity=last.identity, sequence__lt=last.sequence).order_by("-sequence").first()
    before = ledger.content_of(last.version, digest=last.version_digest) if last else None
    rows = structure_rows(before, content)
    return {"kind": "structure", "rows": rows, "first_time": before is None, "site_key": submission.site_id}


def _batch_body(request: HttpRequest, submission: Review, content: dict) -> dict[str, Any]:
    return batch_body(content) | {"progress": _progress(submission)}


def _progress(submission: Review) -> dict[str, int] | None:
    """How far the ledger has got with a batch that is signed for."""
    if submission.status != Review.Status.SIGNING:
        return None
    return {"done": submission.sign_offs.count(), "all": submission.order.documents}


BODIES: dict[str, Callable[[HttpRequest, Review, dict], dict]] = {
    Subject.RECORD: _record_body,
    Subject.STRUCTURE: _structure_body,
    Subject.BATCH: _batch_body,
    Subject.PLACEMENT: placement_body,
    Subject.TAKING: taking_body,
}

"""全程: everything that ever happened to one record, on one screen (D4)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from jiyue.console.detector_words import detector_word
from jiyue.console.facts import Differences, differences
from jiyue.console.gate import may_open
from jiyue.content.binding import SIGNED
from jiyue.content.models import PolicyCase, Record
from jiyue.content.models.records import UNDER_REVIEW
from jiyue.content.policies import fetch_record_for, may_edit_now, may_write
from jiyue.foundation.models import AuditEvent
from jiyue.publishing.models import Publication, SitePublication
from jiyue.review import ledger
from jiyue.review.actions import public_companions
from jiyue.review.checklist import Principle
from jiyue.review.models import Level, Review, SignOff, Version
from jiyue.review.policies import may_report_leak
from jiyue.review.together import UNSIGNED

MOST_SHOWN = 300


@dataclass
class Step:
    """One thing that happened: what, who of which unit, when, and about which version."""

    at: datetime
    what: str
    who: str = ""
    unit: str = ""
    version: int | None = None
    note: str = ""
    tone: str = ""
    times: int = 1
    changes: Differences | None = None
    notes: list[str] = field(default_factory=list)


@require_GET
def path(request: HttpRequest, pk: int) -> HttpResponse:
    """The way of one record, for whoever may read it."""
    return screen(request, fetch_record_for(request.user, pk))


def screen(request: HttpRequest, record: Record, *, refusal: list[str] | None = None, status: int = 200):
    """The page of `path`; a refused withdrawal shows it again with what was typed."""
    last = ledger.current(record.identity)
    public = last is not None and last.act != SignOff.Act.WITHDRAW
    writes = may_write(request.user, record)
    context = {
        "record": record,
        "steps": steps_of(record),
        "held": SitePublication.objects.filter(site=record.site_id, held_since__isnull=False).first(),
        "last": last,
        "public": public,
        "open_review": Review.objects.filter(version__record=record, status__in=UNSIGNED).first(),
        "withdrawing": public and writes and record.state not in UNDER_REVIEW,
        "leaking": public and may_open(request.user, "console_open_leak") and may_report_leak(request.user, record),
        "editing": may_edit_now(request.user, record),
        "cases": cases_of(record),
        "opening": may_have_case(record) and writes,
        "companions": public_companions(record) if public and writes else [],
        "refusal": refusal,
        "typed": request.POST,
        "withdrawals": [
            ("error", _("发布有误"), _("公开地址改为“已撤下”的说明页")),
            ("merged", _("已合并到其他页面"), _("公开地址转到新的网址")),
            ("repealed", _("已废止"), _("页面保留，并在标题上方注明已废止")),
        ],
    }
    return TemplateResponse(request, "console/path.html", context, status=status)


def cases_of(record: Record) -> list[PolicyCase]:
    """The cases that a document or an interpretation belongs to."""
    found = PolicyCase.objects.filter(Q(document=record.pk) | Q(interpretations=record.pk)).distinct()
    return list(found.select_related("document"))


def may_have_case(record: Record) -> bool:
    """Could a case be opened for this record? For documents that nobody has submitted and that have none."""
    if record.kind != Record.Kind.POLICY_DOCUMENT or record.state in UNDER_REVIEW | SIGNED:
        return False
    return not PolicyCase.objects.filter(document=record.pk).exists()


def steps_of(record: Record) -> list[Step]:
    """All steps, newest first; saves by one person that follow each other count as one."""
    steps = [*_traces(record), *_publications(record)]
    return _gathered(sorted(steps, key=lambda step: step.at, reverse=True))


def _traces(record: Record) -> Iterator[Step]:
    subject = f"record:{record.identity}"
    versions = {version.number: version for version in Version.objects.filter(identity=record.identity)}
    events = AuditEvent.objects.filter(subject=subject).order_by("-sequence")[:MOST_SHOWN]
    for event in events:
        if (words := WORDS.get(event.code)) is None:
            continue
        step = Step(
            at=event.at, what="", who=event.actor_name, unit=event.actor_unit, version=event.data.get("version")
        )
        words(step, event.data, versions)
        yield step


def _created(step: Step, data: dict[str, Any], versions) -> None:
    step.what = _("录入")


def _edited(step: Step, data: dict[str, Any], versions) -> None:
    step.what = _("保存修改")


def _submitted(step: Step, data: dict[str, Any], versions) -> None:
    step.what = _("送审：%(act)s") % {"act": Review.Act(data["act"]).label}
    version = versions.get(step.version)
    review = version and version.reviews.filter(act=data["act"], submitted_at=step.at).first()
    if review:
        step.notes = _instruction(review)
    if data["act"] == Review.Act.CORRECT and step.version in versions:
        step.changes = _against_previous(versions, step.version)


def _approved(step: Step, data: dict[str, Any], versions) -> None:
    step.what, step.tone = _("%(level)s通过") % {"level": _level(data["level"])}, "good"


def _returned(step: Step, data: dict[str, Any], versions) -> None:
    step.what, step.tone, step.note = _("%(level)s退回") % {"level": _level(data["level"])}, "bad", data["reason"]
    if data.get("principle") in Principle.values:
        step.notes = [_("不符合的质量原则：%(name)s") % {"name": Principle(data["principle"]).label}]


def _awaits(step: Step, data: dict[str, Any], versions) -> None:
    step.what, step.tone = _("各环节已通过，等待同步签发"), "good"


def _recalled(step: Step, data: dict[str, Any], versions) -> None:
    step.what, step.note = _("撤回送审"), data["reason"]


def _signed_off(step: Step, data: dict[str, Any], versions) -> None:
    step.what, step.tone = _("签发：%(act)s") % {"act": Review.Act(data["act"]).label}, "good"
    step.notes = [_("台账第 %(n)s 号") % {"n": data["sequence"]}]
    effective = parse_datetime(data["effective_at"])
    if effective and effective > step.at:
        when = f"{timezone.localtime(effective):%Y-%m-%d %H:%M:%S}"
        step.notes.append(_("定于 %(when)s 发布") % {"when": when})


def _stopped(step: Step, data: dict[str, Any], versions) -> None:
    step.what, step.tone = _("送审被检测拦下"), "bad"
    step.notes = [f"{detector_word(name)} × {count}" for name, count in data["findings"].items()]


def _waived(step: Step, data: dict[str, Any], versions) -> None:
    step.what, step.note = _("豁免：%(what)s") % {"what": detector_word(data["detector"])}, data["grounds"]
    step.notes = [part for part in (data["place"], data["basis"]) if part]


def _waiver_revoked(step: Step, data: dict[str, Any], versions) -> None:
    step.what, step.note = _("撤销豁免：%(what)s") % {"what": detector_word(data["detector"])}, data["reason"]
    step.notes = [part for part in (data["place"],) if part]


def _consented(step: Step, data: dict[str, Any], versions) -> None:
    step.what = _("登记“%(unit)s”的同意") % {"unit": data["unit"]}
    step.notes = [f"{data['given_by']}，{data['given_on']}，{data['evidence']}"]


def _leak_opened(step: Step, data: dict[str, Any], versions) -> None:
    step.what, step.tone, step.note = _("启动泄露处置"), "bad", data["what"]


def _leak_closed(step: Step, data: dict[str, Any], versions) -> None:
    step.what, step.note = _("泄露处置结束"), data["measures"]


WORDS = {
    "review.stopped": _stopped,
    "review.finding_waived": _waived,
    "review.waiver_revoked": _waiver_revoked,
    "review.consent_recorded": _consented,
    "review.leak_opened": _leak_opened,
    "review.leak_closed": _leak_closed,
    "content.record_created": _created,
    "content.record_edited": _edited,
    "review.submitted": _submitted,
    "review.approved": _approved,
    "review.returned": _returned,
    "review.awaits_others": _awaits,
    "review.recalled": _recalled,
    "review.signed_off": _signed_off,
}


def _publications(record: Record) -> Iterator[Step]:
    rows = Publication.objects.filter(sign_off__identity=record.identity).select_related("sign_off__version", "site")
    for row in rows.defer("sign_off__version__content"):
        version, site = row.sign_off.version.number, row.site.name
        if row.deployed_at:
            gone = row.sign_off.act == SignOff.Act.WITHDRAW
            what = _("撤下已在“%(site)s”上生效") if gone else _("已发布到“%(site)s”")
            step = Step(at=row.deployed_at, what=what % {"site": site}, version=version, tone="good")
            step.notes = [_("发布批次 %(n)s") % {"n": row.release}] if row.release else []
            yield step
        elif row.state == Publication.State.FAILED:
            at = row.next_try_at or row.sign_off.effective_at
            yield Step(at=at, what=_("发布失败"), version=version, tone="bad", note=row.problem)


def _instruction(review: Review) -> list[str]:
    labels = (
        ("reason", _("原因：%(text)s")),
        ("finder", _("发现人：%(text)s")),
        ("target", _("转到：%(text)s")),
        ("guidance", _("宣传、网信部门的指导意见：%(text)s")),
    )
    found = [words % {"text": review.instruction[name]} for name, words in labels if review.instruction.get(name)]
    if review.publish_at:
        found.append(_("定时：%(text)s") % {"text": f"{timezone.localtime(review.publish_at):%Y-%m-%d %H:%M:%S}"})
    return found


def _against_previous(versions: dict[int, Version], number: int) -> Differences | None:
    earlier = [versions[n] for n in sorted(versions) if n < number]
    if not earlier:
        return None
    old, new = earlier[-1], versions[number]
    return differences(ledger.content_of(old, digest=old.digest), ledger.content_of(new, digest=new.digest))


def _gathered(steps: list[Step]) -> list[Step]:
    found: list[Step] = []
    for step in steps:
        last = found[-1] if found else None
        if last and step.what == last.what == _("保存修改") and step.who == last.who:
            last.times += 1
            continue
        found.append(step)
    return found


def _level(level: str) -> str:
    """初审 rather than 待初审."""
    return str(Level(level).label)

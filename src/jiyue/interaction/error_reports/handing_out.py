"""What goes back to the national platform: proposals on their way up, approved answers, refusals (S-07).

A proposal is what the unit's reviewer approved and the levels above have not; an answer is approved when the last of them
agreed. Each is handed out once; a file of a period tells again what came about in it and still holds.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from jiyue.domain.cases import Act, Kind, State
from jiyue.domain.deadlines import local
from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.interaction.error_models import ErrorHanded, ErrorHandout
from jiyue.interaction.error_reports import columns
from jiyue.interaction.events import ErrorAnswersDownloaded, ErrorAnswersHandedOut, LetterExported
from jiyue.interaction.models import Case, CaseStep, Reply
from jiyue.interaction.policies import may_register
from jiyue.interaction.stepping import subject_of

PROPOSAL, APPROVED, RETURNED = "proposal", "approved", "returned"
STATES = {
    PROPOSAL: "答复意见（正在逐级报批）",
    APPROVED: "已批准的答复",
    RETURNED: "不予受理",
}  # in the file, always Chinese
HELD = (Reply.State.APPROVED, Reply.State.SENT)


@dataclass(frozen=True)
class Told:
    """One line of the file. `what` names the text, so that it is handed out once; `at` is when it came about."""

    case: Case
    what: str
    at: datetime
    line: dict[str, str]


def ready_for(site: Site, *, since: date | None = None, until: date | None = None) -> list[Told]:
    """What was not handed out yet; with a period (days of Beijing, both included) all that came about in it and still holds.

    A proposal that was approved after the period is in no file of that period: of each report the present state counts.
    """
    answered = Exists(Reply.objects.filter(case=OuterRef("pk"), state__in=HELD))
    rows = reports_at(site).filter(answered | Q(state=State.RETURNED) | Q(merged_into__isnull=False))
    leads = ("merged_into__desk__owner", "merged_into__level")
    found = told_of(list(rows.select_related("site", "desk__owner", "level", *leads).order_by("pk")))
    if since is not None and until is not None:
        return [told for told in found if since <= local(told.at).date() <= until]
    handed = set(ErrorHanded.objects.filter(case__site=site).values_list("case", "what"))
    return [told for told in found if (told.case.pk, told.what) not in handed]


def reports_at(site: Site) -> QuerySet[Case]:
    """Reports of the national platform at this desk, from files and registered by hand in the platform's name."""
    by_hand = Q(kind=Kind.ERROR_REPORT, source=Case.Source.SUPERIOR, handed_by=columns.PLATFORM)
    return Case.objects.filter(Q(source=Case.Source.PLATFORM) | by_hand, site=site)


@transaction.atomic
def hand_out(
    *, site: Site, by: User, now: datetime, since: date | None = None, until: date | None = None
) -> ErrorHandout:
    """Draw up the file and keep who, when and which. Raises PermissionDenied; ValidationError when there is nothing."""
    if not may_register(by, site):
        raise PermissionDenied(_("您不能为这个网站报送找错答复"))
    if (since is None) != (until is None) or (since and until and since > until):
        raise ValidationError({"until": _("请写明从哪天到哪天，后一天不早于前一天")})
    Site.objects.select_for_update().get(pk=site.pk)  # two at once do not hand out the same
    found = ready_for(site, since=since, until=until)
    if not found:
        raise ValidationError(_("这段时间没有可以报送的") if since else _("没有新的可以报送"))
    row = ErrorHandout.objects.create(
        site=site, by=by, at=now, since=since, until=until, count=len(found), lines=[told.line for told in found]
    )
    handed = [ErrorHanded(handout=row, case=told.case, what=told.what) for told in found]
    try:
        with transaction.atomic():
            ErrorHanded.objects.bulk_create(handed, ignore_conflicts=since is not None)
    except IntegrityError as error:
        raise ValidationError(_("别人刚刚生成过报送文件，请看最新情况")) from error
    for told in found:
        event = LetterExported(subject=subject_of(told.case), site=told.case.desk.host, number=told.case.number)
        record(event, by=by.actor(), at=now)
    subject = f"error-handout:{row.pk}"
    record(ErrorAnswersHandedOut(subject=subject, site=site.host, number=str(row.count)), by=by.actor(), at=now)
    return row


@transaction.atomic
def note_download(*, handout: ErrorHandout, name: str, by: User, now: datetime) -> None:
    """Somebody takes the file away. Raises PermissionDenied."""
    if not may_register(by, handout.site):
        raise PermissionDenied(_("您不能为这个网站报送找错答复"))
    event = ErrorAnswersDownloaded(subject=f"error-handout:{handout.pk}", site=handout.site.host, name=name)
    record(event, by=by.actor(), at=now)


def told_of(cases: list[Case]) -> list[Told]:
    """What there is to tell of each report now; nothing of those whose answer no reviewer has approved yet."""
    leads = {case.pk: _lead(case) for case in cases}
    keys = {lead.pk for lead in leads.values()}
    replies = {each.case_id: each for each in Reply.objects.filter(case__in=keys, state__in=HELD).order_by("pk")}
    steps = CaseStep.objects.filter(case__in=keys, act__in=(Act.RETURN, Act.RELEASE)).order_by("pk")
    latest = {(step.case_id, step.act): step for step in steps}
    found = (_told(case, leads[case.pk], replies.get(leads[case.pk].pk), latest) for case in cases)
    return [told for told in found if told is not None]


def as_jsonl(handout: ErrorHandout) -> bytes:
    """One JSON object a line, UTF-8; the keys are ours (`columns`)."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in handout.lines).encode()


def _lead(case: Case) -> Case:
    """The letter with which it is answered."""
    while case.merged_into is not None:
        case = case.merged_into
    return case


def _told(
    case: Case, lead: Case, reply: Reply | None, steps: Mapping[tuple[int, str], CaseStep]
) -> Told | None:  # fmt: skip
    if lead.kind != Kind.ERROR_REPORT:  # its answer passed no level and is the sender's alone
        return None
    returned, released = steps.get((lead.pk, Act.RETURN)), steps.get((lead.pk, Act.RELEASE))
    if lead.state == State.RETURNED and returned is not None:
        line = _line(case, lead, RETURNED, returned.reason, at=returned.at, answered_at=returned.at)
        return Told(case, f"{RETURNED}:{returned.pk}", returned.at, line)
    if reply is None:
        return None
    at = reply.reviewed_at or reply.drafted_at
    if reply.state == Reply.State.APPROVED and lead.state == State.PASSING:
        return Told(
            case, f"{PROPOSAL}:{reply.pk}", at, _line(case, lead, PROPOSAL, reply.text, at=at, answered_at=None)
        )
    if reply.state == Reply.State.APPROVED and lead.state != State.READY:
        return None
    if released is not None and released.at >= at:
        at = released.at
    line = _line(case, lead, APPROVED, reply.text, at=at, answered_at=reply.sent_at)
    return Told(case, f"{APPROVED}:{reply.pk}", at, line)


def _line(
    case: Case, lead: Case, stage: str, text: str, *, at: datetime, answered_at: datetime | None
) -> dict[str, str]:  # fmt: skip
    return {
        "number": case.outer_number, "case": case.number, "site": case.fields.get("about", case.site.host), "page": case.page,
        "state": STATES[stage], "unit": lead.desk.owner.name,
        "level": lead.level.name if stage == PROPOSAL and lead.level else "", "text": text,
        "sent_at": _moment(case.received_at), "proposed_at": _moment(lead.proposed_at), "decided_at": _moment(at),
        "answered_at": _moment(answered_at),
    }  # fmt: skip


def _moment(at: datetime | None) -> str:
    """To the second, in Beijing's time with its offset."""
    return local(at).replace(microsecond=0).isoformat() if at else ""

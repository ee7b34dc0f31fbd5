"""What goes back to who took the letters down: approved answers, refusals; for the national platform proposals too (S-07).

A proposal is what the unit's reviewer approved and the levels above have not; an answer is approved when the last of them
agreed. Each is handed out once; a file of a period tells again what came about in it and still holds.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from jiyue.domain.cases import Act, Kind, State
from jiyue.domain.deadlines import SHANGHAI, local
from jiyue.estate.models import Site
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.interaction.events import AnswersDownloaded, AnswersHandedOut, LetterExported
from jiyue.interaction.file_models import HandedAnswer, HandedFile
from jiyue.interaction.letter_files.layouts import PLATFORM, SUPERIORS, Layout
from jiyue.interaction.models import Case, CaseStep, Reply
from jiyue.interaction.policies import may_register
from jiyue.interaction.stepping import subject_of
from jiyue.interaction.telling import LEADS

PROPOSAL, APPROVED, RETURNED = "proposal", "approved", "returned"
STATES = {
    PROPOSAL: "答复意见（正在逐级报批）",
    APPROVED: "已批准的答复",
    RETURNED: "不予受理",
}  # in the file, always Chinese
MOST_AT_ONCE = 2000  # of one file; what is left is in the next
MOST_COUNTED = 200  # letters that are looked at to say how many wait
HELD = (Reply.State.APPROVED, Reply.State.SENT)


@dataclass(frozen=True)
class Told:
    """One line of the file. `what` names the text, so that it is handed out once; `at` is when it came about."""

    case: Case
    what: str
    at: datetime
    line: dict[str, str]


def ready_for(
    site: Site, layout: Layout, *, since: date | None = None, until: date | None = None, to: str = ""
) -> list[Told]:
    """What was not handed out yet; with a period (days of Beijing, both included) all that came about in it and still holds.
    With `to` of what that superior handed down.

    A proposal that was approved after the period is in no file of that period: of each report the present state counts.
    """
    rows = _rows(site, layout)
    rows = rows.filter(handed_by=to) if to and layout.source == Case.Source.SUPERIOR else rows
    if since is not None and until is not None:
        found = told_of(list(rows.filter(_came_about(since, until))), layout)
        return [told for told in found if since <= local(told.at).date() <= until]
    return _unhanded(list(rows.exclude(Exists(_settled()))[:MOST_AT_ONCE]), layout)


def waiting_for(site: Site, layout: Layout) -> tuple[int, bool]:
    """How many wait to be handed out, and whether there may be more: counting ends at `MOST_COUNTED` letters."""
    rows = list(_rows(site, layout).exclude(Exists(_settled()))[: MOST_COUNTED + 1])
    if len(rows) <= MOST_COUNTED:
        return len(_unhanded(rows, layout)), False
    return len(_unhanded(rows[:MOST_COUNTED], layout)), True


def cases_at(site: Site, layout: Layout) -> QuerySet[Case]:
    """What came by this channel at this desk; of error reports also those registered by hand in the platform's name.

    A report of a wrong is told to its sender alone, and a comment that was answered under it needs no text any more.
    """
    rows = Case.objects.filter(site=site)
    if layout.source == Case.Source.PLATFORM:
        by_hand = Q(kind=Kind.ERROR_REPORT, source=Case.Source.SUPERIOR, handed_by=PLATFORM)
        return rows.filter(Q(source=Case.Source.PLATFORM) | by_hand)
    rows = rows.filter(source=layout.source).exclude(kind=Kind.REPORT)
    if layout.source == Case.Source.SUPERIOR:  # what was typed in in the national platform's name goes back to that
        return rows.exclude(kind=Kind.ERROR_REPORT, handed_by=PLATFORM)
    return rows.filter(given=None) if layout.source == Case.Source.ACCOUNT else rows


@transaction.atomic
def hand_out(
    *, site: Site, layout: Layout, by: User, now: datetime, since: date | None = None, until: date | None = None,
    to: str = "",
) -> HandedFile:  # fmt: skip
    """Draw up the file and keep who, when and which. Results for superiors go to one of them in one file, named by `to`.

    Raises PermissionDenied; ValidationError when there is nothing, or where it is not clear for which superior.
    """
    if not may_register(by, site):
        raise PermissionDenied(_("您不能为这个网站生成答复文件"))
    if (since is None) != (until is None) or (since and until and since > until):
        raise ValidationError({"until": _("请写明从哪天到哪天，后一天不早于前一天")})
    Site.objects.select_for_update().get(pk=site.pk)  # two at once do not hand out the same
    found = _for_one(ready_for(site, layout, since=since, until=until, to=to.strip()), layout, to.strip())
    if not found:
        nothing_new = _("没有新的办理结果") if layout.source == Case.Source.SUPERIOR else _("没有新的可以报送")
        raise ValidationError(_("这段时间没有可以报送的") if since else nothing_new)
    row = HandedFile.objects.create(
        site=site, source=layout.source, by=by, at=now, since=since, until=until, count=len(found),
        lines=[told.line for told in found],
    )  # fmt: skip
    handed = [HandedAnswer(handout=row, case=told.case, what=told.what) for told in found]
    try:
        with transaction.atomic():
            HandedAnswer.objects.bulk_create(handed, ignore_conflicts=since is not None)
    except IntegrityError as error:
        raise ValidationError(_("别人刚刚生成过报送文件，请看最新情况")) from error
    for told in found:
        event = LetterExported(subject=subject_of(told.case), site=told.case.desk.host, number=told.case.number)
        record(event, by=by.actor(), at=now)
    event_of_all = AnswersHandedOut(
        subject=f"answers:{row.pk}", site=site.host, channel=layout.source, number=str(row.count)
    )
    record(event_of_all, by=by.actor(), at=now)
    return row


def superiors_of(site: Site) -> list[str]:
    """By whom letters were handed down to this desk."""
    rows = cases_at(site, SUPERIORS).order_by("handed_by")
    return list(rows.values_list("handed_by", flat=True).distinct())


def _for_one(found: list[Told], layout: Layout, to: str) -> list[Told]:
    """What one superior handed down is no other's to read."""
    if layout.source != Case.Source.SUPERIOR:
        return found
    names = sorted({told.case.handed_by for told in found})
    if not to and len(names) > 1:
        raise ValidationError({"to": _("请选择给哪个上级单位：%(names)s") % {"names": "、".join(names)}})
    return [told for told in found if told.case.handed_by == to] if to else found


@transaction.atomic
def note_download(*, handout: HandedFile, name: str, by: User, now: datetime) -> None:
    """Somebody takes the file away. Raises PermissionDenied."""
    if not may_register(by, handout.site):
        raise PermissionDenied(_("您不能为这个网站生成答复文件"))
    event = AnswersDownloaded(subject=f"answers:{handout.pk}", site=handout.site.host, name=name)
    record(event, by=by.actor(), at=now)


def told_of(cases: list[Case], layout: Layout) -> list[Told]:
    """What there is to tell of each report now; nothing of those whose answer no reviewer has approved yet."""
    leads = {case.pk: _lead(case) for case in cases}
    keys = {lead.pk for lead in leads.values()}
    replies = {each.case_id: each for each in Reply.objects.filter(case__in=keys, state__in=HELD).order_by("pk")}
    steps = CaseStep.objects.filter(case__in=keys, act__in=(Act.RETURN, Act.RELEASE)).order_by("pk")
    latest = {(step.case_id, step.act): step for step in steps}
    found = (_told(case, leads[case.pk], replies.get(leads[case.pk].pk), latest, layout) for case in cases)
    return [told for told in found if told is not None]


def as_jsonl(handout: HandedFile) -> bytes:
    """One JSON object a line, UTF-8; the keys are ours (`layouts`)."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in handout.lines).encode()


def _rows(site: Site, layout: Layout) -> QuerySet[Case]:
    """Of which there may be something to tell, with all that is told of them."""
    answered = Exists(Reply.objects.filter(case=OuterRef("pk"), state__in=HELD))
    rows = cases_at(site, layout).filter(answered | Q(state=State.RETURNED) | Q(merged_into__isnull=False))
    leads = [name for lead in LEADS[1:] for name in (f"{lead}desk__owner", f"{lead}level")]
    rows = rows.select_related("site", "desk__owner", "level", *leads).order_by("pk")
    return rows if layout.source == Case.Source.PLATFORM else rows.prefetch_related("given")


def _came_about(since: date, until: date) -> Q:
    """Was anything reviewed, drafted, released or returned on these days, of the letter or of that into which it was merged?"""
    first = datetime(since.year, since.month, since.day, tzinfo=SHANGHAI)
    end = datetime(until.year, until.month, until.day, tzinfo=SHANGHAI) + timedelta(days=1)
    days = Q(reviewed_at__gte=first, reviewed_at__lt=end) | Q(
        reviewed_at=None, drafted_at__gte=first, drafted_at__lt=end
    )
    replies = Reply.objects.filter(days, state__in=HELD)
    steps = CaseStep.objects.filter(act__in=(Act.RETURN, Act.RELEASE), at__gte=first, at__lt=end)
    found = Q()
    for lead in LEADS:
        found |= Q(Exists(replies.filter(case=OuterRef(f"{lead}pk")))) | Q(
            Exists(steps.filter(case=OuterRef(f"{lead}pk")))
        )
    return found


def _unhanded(cases: list[Case], layout: Layout) -> list[Told]:
    found = told_of(cases, layout)
    rows = HandedAnswer.objects.filter(case__in=[told.case.pk for told in found])
    handed = set(rows.values_list("case", "what")) if found else set()
    return [told for told in found if (told.case.pk, told.what) not in handed]


def _settled() -> QuerySet[HandedAnswer]:
    """What was handed out since the present round began, proposals left out; a subquery about the case around it."""
    began = Coalesce(OuterRef("merged_into__clock_at"), OuterRef("clock_at"))
    rows = HandedAnswer.objects.filter(case=OuterRef("pk"), handout__at__gte=began)
    return rows.exclude(what__startswith=f"{PROPOSAL}:")


def _lead(case: Case) -> Case:
    """The letter with which it is answered."""
    while case.merged_into is not None:
        case = case.merged_into
    return case


def _told(
    case: Case, lead: Case, reply: Reply | None, steps: Mapping[tuple[int, str], CaseStep], layout: Layout
) -> Told | None:  # fmt: skip
    of_platform = layout.source == Case.Source.PLATFORM
    if of_platform and lead.kind != Kind.ERROR_REPORT:  # its answer passed no level and is the sender's alone
        return None
    returned, released = steps.get((lead.pk, Act.RETURN)), steps.get((lead.pk, Act.RELEASE))
    if lead.state == State.RETURNED and returned is not None:
        line = _line(case, lead, RETURNED, returned.reason, layout, at=returned.at, answered_at=returned.at)
        return Told(case, f"{RETURNED}:{returned.pk}", returned.at, line)
    if reply is None:
        return None
    at = reply.reviewed_at or reply.drafted_at
    if reply.state == Reply.State.APPROVED and lead.state == State.PASSING and of_platform:
        line = _line(case, lead, PROPOSAL, reply.text, layout, at=at, answered_at=None)
        return Told(case, f"{PROPOSAL}:{reply.pk}", at, line)
    if reply.state == Reply.State.APPROVED and lead.state != State.READY:
        return None
    if released is not None and released.at >= at:
        at = released.at
    line = _line(case, lead, APPROVED, reply.text, layout, at=at, answered_at=reply.sent_at)
    return Told(case, f"{APPROVED}:{reply.pk}", at, line)


def _line(
    case: Case, lead: Case, stage: str, text: str, layout: Layout, *, at: datetime, answered_at: datetime | None
) -> dict[str, str]:
    """All that any layout may ask of it, and then what this one asks."""
    of_platform = layout.source == Case.Source.PLATFORM
    given = "" if of_platform else "；".join(str(each.get_way_display()) for each in case.given.all())
    known = {
        "number": case.outer_number, "case": case.number, "site": case.fields.get("about", case.site.host), "page": case.page,
        "centre": case.handed_by, "account": case.handed_by, "superior": case.handed_by, "link": case.page,
        "answer": text, "told": given,
        "state": STATES[stage], "unit": lead.desk.owner.name,
        "level": lead.level.name if stage == PROPOSAL and lead.level else "", "text": text if of_platform else case.text,
        "sent_at": _moment(case.received_at), "proposed_at": _moment(lead.proposed_at), "decided_at": _moment(at),
        "answered_at": _moment(answered_at),
    }  # fmt: skip
    return {column.key: known[column.key] for column in layout.handed}


def _moment(at: datetime | None) -> str:
    """To the second, in Beijing's time with its offset."""
    return local(at).replace(microsecond=0).isoformat() if at else ""

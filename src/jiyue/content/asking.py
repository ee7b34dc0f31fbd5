"""公众关心的问题 and 政策宣讲: gathered, chosen, answered by a section of an interpretation; held, and with what.

What the public sees of it stands in the interpretation's version: an answer named here is public only after that
interpretation passed review again.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.checks.findings import Severity
from jiyue.checks.queries import settings_for
from jiyue.checks.reading import matter_of_text
from jiyue.checks.running import check
from jiyue.checks.settings import Settings
from jiyue.content.events import (
    CampaignRemoved,
    CampaignSaved,
    QuestionAnswered,
    QuestionChosen,
    QuestionDeclined,
    QuestionGathered,
)
from jiyue.content.headings import headings_of
from jiyue.content.models import Interpretation, PolicyCampaign, PolicyDocument, PublicQuestion
from jiyue.content.models.records import UNDER_REVIEW
from jiyue.content.policies import may_steward, may_write
from jiyue.domain.actors import Actor
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User

MOST_TIMES = 1_000_000


def gather_question(
    *, document: PolicyDocument, words: str, source: str, asked_on: date, by: User, now: datetime, times: int = 1
) -> PublicQuestion:
    """Write down what somebody of the staff heard. Raises PermissionDenied, ValidationError."""
    if not may_steward(by, document.site):
        raise PermissionDenied(_("您不能为这个网站登记公众关心的问题"))
    return take_in_question(
        document=document, words=words, source=source, asked_on=asked_on, by=by.actor(), person=by, now=now, times=times
    )


@transaction.atomic
def take_in_question(
    *, document: PolicyDocument, words: str, source: str, asked_on: date, by: Actor, now: datetime, times: int = 1,
    reference: str = "", person: User | None = None,
) -> PublicQuestion:  # fmt: skip
    """The way in for programs: letters, hotline and surveys hand over what they gathered. Asks for no right.

    With `reference`, the caller's own name of the question, handing it over again changes only how many asked. Words
    with personal data are refused, whoever brings them. Raises ValidationError.
    """
    known = PublicQuestion.objects.filter(site=document.site, reference=reference).first() if reference else None
    if known is not None:
        known.times = times
        known.full_clean()
        known.save(update_fields=["times"])
        return known
    if asked_on > timezone.localdate(now):
        raise ValidationError({"asked_on": _("日期不能晚于今天")})
    if not 1 <= times <= MOST_TIMES:
        raise ValidationError({"times": _("人数要在 1 与 1000000 之间")})
    question = PublicQuestion(
        site=document.site, document=document, words=words.strip(), source=source, asked_on=asked_on, times=times,
        reference=reference, created_by=person, created_at=now,
    )  # fmt: skip
    question.full_clean()
    _refuse_personal(question, now=now)
    question.save()
    event = QuestionGathered(**_about(question), words=question.words, source=source)
    trace(event, by=by, at=now)
    return question


@transaction.atomic
def choose_question(*, question: PublicQuestion, by: User, now: datetime) -> PublicQuestion:
    """It will be answered by an interpretation. Raises PermissionDenied."""
    question = _locked(question, by)
    if question.state != PublicQuestion.State.CHOSEN:
        question.state, question.declined_reason, question.decided_at = PublicQuestion.State.CHOSEN, "", now
        question.save(update_fields=["state", "declined_reason", "decided_at"])
        trace(QuestionChosen(**_about(question), words=question.words), by=by.actor(), at=now)
    return question


@transaction.atomic
def decline_question(*, question: PublicQuestion, reason: str, by: User, now: datetime) -> PublicQuestion:
    """It will not be answered by an interpretation, and why. Raises PermissionDenied, ValidationError."""
    question = _locked(question, by)
    if question.interpretation_id is not None:
        raise ValidationError(_("这个问题已经由解读回答，先取消回答"))
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因")})
    question.state, question.decided_at = PublicQuestion.State.DECLINED, now
    question.declined_reason = reason.strip()
    question.full_clean()
    question.save(update_fields=["state", "declined_reason", "decided_at"])
    event = QuestionDeclined(**_about(question), words=question.words, reason=question.declined_reason)
    trace(event, by=by.actor(), at=now)
    return question


@transaction.atomic
def answer_question(
    *, question: PublicQuestion, interpretation: Interpretation | None, section: str = "", by: User, now: datetime
) -> PublicQuestion:
    """This interpretation, in the section under this heading, answers it; without one, none does any more.

    Raises PermissionDenied, ValidationError.
    """
    question = _locked(question, by)
    for touched in {question.interpretation, interpretation}:
        if touched is not None:
            _refuse_locked(touched, by)
    if interpretation is not None:
        if not interpretation.documents.filter(pk=question.document_id).exists():
            raise ValidationError({"interpretation": _("这篇解读没有解读这份文件")})
        if section and section not in headings_of(interpretation):
            raise ValidationError({"section": _("这篇解读里没有这个小标题")})
        question.state, question.declined_reason = PublicQuestion.State.CHOSEN, ""
        question.decided_at = question.decided_at or now
    question.interpretation, question.section = interpretation, section if interpretation else ""
    question.save(update_fields=["interpretation", "section", "state", "declined_reason", "decided_at"])
    event = QuestionAnswered(
        **_about(question), words=question.words, title=interpretation.title if interpretation else "", section=section
    )
    trace(event, by=by.actor(), at=now)
    return question


@transaction.atomic
def save_campaign(
    *, campaign: PolicyCampaign, documents: Iterable[PolicyDocument], interpretations: Iterable[Interpretation],
    by: User, now: datetime,
) -> PolicyCampaign:  # fmt: skip
    """Register a campaign, or correct what was registered. Raises PermissionDenied, ValidationError."""
    if not may_steward(by, campaign.site):
        raise PermissionDenied(_("您不能为这个网站登记政策宣讲"))
    chosen, used = list(documents), list(interpretations)
    if not chosen:
        raise ValidationError({"documents": _("请选择讲了哪些文件")})
    if any(record.site_id != campaign.site_id for record in [*chosen, *used]):
        raise ValidationError(_("只能选择本网站的文件和解读"))
    if campaign.people is not None and campaign.held_on and campaign.held_on > timezone.localdate(now):
        raise ValidationError({"people": _("活动还没有举行，到场人数请空着")})
    if campaign._state.adding:
        campaign.created_by, campaign.created_at = by, now
    campaign.full_clean()
    campaign.save()
    campaign.documents.set(chosen)
    campaign.interpretations.set(used)
    event = CampaignSaved(
        subject=f"campaign:{campaign.pk}", site=campaign.site.host, title=campaign.title, place=campaign.place,
        held_on=campaign.held_on.isoformat(), documents=len(chosen),
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)
    return campaign


@transaction.atomic
def remove_campaign(*, campaign: PolicyCampaign, reason: str, by: User, now: datetime) -> None:
    """It was registered in error; the trail keeps it. Raises PermissionDenied, ValidationError."""
    if not may_steward(by, campaign.site):
        raise PermissionDenied(_("您不能为这个网站登记政策宣讲"))
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原因")})
    event = CampaignRemoved(
        subject=f"campaign:{campaign.pk}", site=campaign.site.host, title=campaign.title, reason=reason.strip()
    )
    campaign.delete()
    trace(event, by=by.actor(), at=now)


def _locked(question: PublicQuestion, by: User) -> PublicQuestion:
    found = PublicQuestion.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if not may_steward(by, found.site):
        raise PermissionDenied(_("您不能办理这个网站的公众关心问题"))
    return found


def _refuse_locked(interpretation: Interpretation, by: User) -> None:
    if not may_write(by, interpretation):
        raise PermissionDenied(_("您不能编写这篇解读"))
    if Interpretation.objects.filter(pk=interpretation.pk, state__in=UNDER_REVIEW).exists():
        raise ValidationError({"interpretation": _("这篇解读正在审核，请先撤回送审")})


def _refuse_personal(question: PublicQuestion, *, now: datetime) -> None:
    settings = settings_for(question.site.owner, now=timezone.localdate(now))
    found = list(_personal(question.words, settings))
    if found:
        sentence = _("问题里有个人信息（%(what)s），请删去后再登记")
        raise ValidationError({"words": sentence % {"what": "、".join(dict.fromkeys(found))}})


def _personal(words: str, settings: Settings) -> Iterator[str]:
    for finding in check(matter_of_text(words, source=""), settings, only=("personal-data",)):
        if finding.severity is not Severity.NOTE:
            yield finding.excerpt


def _about(question: PublicQuestion) -> dict[str, str]:
    return {"subject": f"question:{question.pk}", "site": question.site.host}

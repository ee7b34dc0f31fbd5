"""What staff does with what came in: quote, group, decide, draw up the result. Each verb asks whether it may."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.content.actions import create_record, refuse_locked, save_draft
from jiyue.content.campaigns import site_questions
from jiyue.content.models import CampaignResult, Column, OpinionCall, Record, Survey
from jiyue.domain.events import Event
from jiyue.foundation.audit import record
from jiyue.identity.models import User
from jiyue.interaction.campaigns.events import (
    AnswersExported,
    OpinionGroupDecided,
    OpinionsGrouped,
    QuoteDropped,
    ResultDrawnUp,
    TextQuoted,
)
from jiyue.interaction.campaigns.figures import call_figures, quotes_of, survey_figures, undone
from jiyue.interaction.campaigns.policies import refuse_others
from jiyue.interaction.campaigns.privacy import refuse_private
from jiyue.interaction.models import Opinion, OpinionGroup, OpinionPlace, Quote, SurveyText

LONGEST = 1000
DAY = timedelta(days=1)


class GroupChanged(ValidationError):
    """Somebody else changed the group meanwhile."""


@transaction.atomic
def quote(*, text: SurveyText, words: str, by: User, now: datetime) -> Quote:
    """Let the result quote these words. Raises PermissionDenied; ValidationError while they tell of a person."""
    survey = text.survey
    refuse_others(by, survey)
    words = words.strip()
    if not words:
        raise ValidationError({"words": _("请写要公开的文字")})
    refuse_private("words", words, survey, now=now)
    row, _new = Quote.objects.update_or_create(text=text, defaults={"words": words, "by": by, "at": now})
    _trace(TextQuoted, survey, by, now, question=text.question)
    return row


@transaction.atomic
def drop_quote(*, text: SurveyText, by: User, now: datetime) -> None:
    """Take words back from the result that is still to be drawn up. Raises PermissionDenied."""
    refuse_others(by, text.survey)
    if Quote.objects.filter(text=text).delete()[0]:
        _trace(QuoteDropped, text.survey, by, now, question=text.question)


@transaction.atomic
def group_opinions(
    *, call: OpinionCall, opinions: Collection[int], title: str, by: User, now: datetime
) -> OpinionGroup:  # fmt: skip
    """Put opinions into the group of this name, which is made when it is new. Raises PermissionDenied, ValidationError."""
    refuse_others(by, call)
    title = title.strip()
    if not title:
        raise ValidationError({"title": _("请写归为哪一类")})
    rows = list(Opinion.objects.filter(call=call, pk__in=opinions))
    if not rows:
        raise ValidationError({"opinions": _("请先勾选要归类的意见")})
    group = OpinionGroup.objects.filter(call=call, title=title).first()
    if group is None:
        group = OpinionGroup(call=call, title=title, changed_by=by, changed_at=now)
        group.full_clean()
        group.save()
    for row in rows:
        OpinionPlace.objects.update_or_create(opinion=row, defaults={"group": group})
    _trace(OpinionsGrouped, call, by, now, group=title, number=len(rows))
    return group


@transaction.atomic
def decide_group(
    *, group: OpinionGroup, summary: str, outcome: str, reason: str, by: User, now: datetime
) -> OpinionGroup:  # fmt: skip
    """Say what became of a group and why. Raises PermissionDenied, GroupChanged; ValidationError where words are missing
    or tell of a person.
    """
    refuse_others(by, group.call)
    summary, reason = summary.strip(), reason.strip()
    wrong = {}
    if outcome not in OpinionGroup.Outcome.values:
        wrong["outcome"] = _("请选择怎么处理")
    if not summary:
        wrong["summary"] = _("请写意见的摘要，公开的页面上只有这段文字")
    if not reason:
        wrong["reason"] = _("请写明理由，采纳的写采纳在哪里")
    if wrong:
        raise ValidationError(wrong)
    refuse_private("summary", summary, group.call, now=now)
    refuse_private("reason", reason, group.call, now=now)
    facts = {"summary": summary, "outcome": outcome, "reason": reason, "changed_by": by, "changed_at": now}
    changed = OpinionGroup.objects.filter(pk=group.pk, version=group.version)
    if not changed.update(**facts, version=group.version + 1):
        raise GroupChanged(_("别人刚刚改过这一类，请看过最新的内容再保存；您写的还在下面"))
    group.refresh_from_db()
    _trace(OpinionGroupDecided, group.call, by, now, group=group.title, opinion_outcome=outcome)
    return group


@transaction.atomic
def begin_site_survey(*, column: Column, by: User, now: datetime) -> Survey:
    """A draft of a survey about the site itself, with questions to begin with (INT-18). Raises PermissionDenied."""
    made = create_record(
        kind=Record.Kind.SURVEY, column=column, by=by, now=now, title=_("请您评一评%(site)s") % {"site": column.site.name},
        source=column.site.owner.name, asked_by=column.site.owner.name, responsible=column.site.owner, about_site=True,
        purpose=_("了解大家用本网站找政策、办事、写信顺不顺手，结果用来改进网站。"), opens_at=now + DAY,
        closes_at=now + 31 * DAY,
    )  # fmt: skip
    survey = Survey.objects.get(pk=made.pk)
    rows = [{"type": kind, "value": value, "id": str(uuid4())} for kind, value in site_questions()]
    survey.questions = survey.questions.stream_block.to_python(rows)
    save_draft(record=survey, by=by, now=now)
    return survey


@transaction.atomic
def draw_up_result(*, campaign: Survey | OpinionCall, column: Column, by: User, now: datetime) -> CampaignResult:
    """A draft of the result with the figures of this moment, or the figures of the draft that there is anew.

    Raises PermissionDenied, RecordLocked while one is under review; ValidationError before the end, and while opinions
    are not grouped and decided.
    """
    refuse_others(by, campaign)
    if campaign.closes_at is None or campaign.closes_at > now:
        raise ValidationError(_("还没有结束，结束以后才能生成结果"))
    left = undone(campaign) if isinstance(campaign, OpinionCall) else []
    if left:
        raise ValidationError(left)
    figures = figures_for(campaign, now=now)
    found = CampaignResult.objects.filter(campaign=campaign).order_by("pk").first()
    made: Record
    if found is None:
        title = _("“%(title)s”结果") % {"title": campaign.title}
        made = create_record(
            kind=Record.Kind.CAMPAIGN_RESULT, column=column, by=by, now=now, title=title[:200],
            source=campaign.source, responsible=campaign.responsible, campaign=Record.objects.get(pk=campaign.pk),
            figures=figures,
        )  # fmt: skip
    else:
        refuse_locked(found)
        found.figures = figures
        made = save_draft(record=found, by=by, now=now)
    _trace(ResultDrawnUp, campaign, by, now, result=str(made.identity), number=figures["answers"])
    return CampaignResult.objects.get(pk=made.pk)


def figures_for(campaign: Survey | OpinionCall, *, now: datetime) -> dict[str, Any]:
    """What the result freezes: counts, public words, and of whom and when it was asked."""
    times = {"opens_at": campaign.opens_at, "closes_at": campaign.closes_at}
    facts = {
        "kind": campaign.kind, "at": now.isoformat(), "asked_by": campaign.asked_by,
        **{name: at.isoformat() for name, at in times.items() if at},
    }  # fmt: skip
    if isinstance(campaign, OpinionCall):
        return facts | call_figures(campaign)
    quotes, figures = quotes_of(campaign), survey_figures(campaign)
    for question in figures["questions"]:
        if quotes.get(question["number"]):
            question["quotes"] = quotes[question["number"]]
    return facts | figures


def note_export(*, campaign: Survey | OpinionCall, number: int, by: User, now: datetime) -> None:
    """Somebody takes what came in out of the platform. Raises PermissionDenied."""
    refuse_others(by, campaign)
    _trace(AnswersExported, campaign, by, now, number=number)


def _trace(event: Callable[..., Event], campaign: Survey | OpinionCall, by: User, now: datetime, **facts: Any) -> None:
    subject, site = f"record:{campaign.identity}", campaign.site.host
    record(event(subject=subject, site=site, title=campaign.title, **facts), by=by.actor(), at=now)

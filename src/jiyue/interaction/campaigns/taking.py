"""Answers and opinions out of the letter box into the database: once each, and nothing that is no answer to what was asked."""

import json
from datetime import datetime

from django.db import transaction

from jiyue.content.campaigns import note_answered
from jiyue.content.models import OpinionCall, Record, Survey
from jiyue.domain import questionnaires
from jiyue.domain.actors import process
from jiyue.domain.campaigns import OPEN, standing
from jiyue.domain.canonical import canonical
from jiyue.domain.letters import tidied
from jiyue.domain.questionnaires import TEXT, Questionnaire
from jiyue.foundation.audit import record
from jiyue.interaction.campaigns.events import AnswersBegan
from jiyue.interaction.campaigns.sealing import seal_of
from jiyue.interaction.letterbox import Contribution
from jiyue.interaction.models import Opinion, SurveyAnswer, SurveyText
from jiyue.review.models import Version

COUNTER = process("letters")
LONGEST_OPINION = 2000


class NotAsked(ValueError):
    """It reads well, but nothing of this installation asked for it."""


def take(*, given: Contribution, at: datetime, now: datetime) -> None:
    """Keep an answer or an opinion; the same token again is the same one. Raises NotAsked."""
    shown, content = _shown(given)
    detail = content["detail"]
    opens_at, closes_at = (datetime.fromisoformat(detail[name]) for name in ("opens_at", "closes_at"))
    # Times are kept to the minute, and one begins in the middle of a minute now and then.
    if standing(opens_at=opens_at.replace(second=0, microsecond=0), closes_at=closes_at, at=at)[0] != OPEN:
        raise NotAsked("out of time")
    if isinstance(shown, Survey):
        _take_answer(shown, given, questionnaires.read(detail["questions"]), at=at, now=now)
    else:
        _take_opinion(shown, given, parts=len(detail["paragraphs"]), at=at)


def _shown(given: Contribution) -> tuple[Survey | OpinionCall, dict]:
    """The campaign and the version of it that was answered. Raises NotAsked."""
    found = Record.objects.filter(identity=given.about, site__host=given.host, kind=given.kind).first()
    version = Version.objects.filter(record=found, digest=given.version).first() if found else None
    if found is None or version is None:
        raise NotAsked("no such survey or call")
    typed = found.typed
    if not isinstance(typed, Survey | OpinionCall):
        raise NotAsked("no survey and no call")
    return typed, json.loads(version.content)


def _take_answer(
    survey: Survey, given: Contribution, asked: Questionnaire, *, at: datetime, now: datetime
) -> None:  # fmt: skip
    answers = {name: tidied(value) for name, value in given.fields.items()}
    if not questionnaires.is_answer(asked, answers):
        raise NotAsked("no answer to these questions")
    texts = {one.number: answers.pop(one.name) for one in asked.questions if one.kind == TEXT and one.name in answers}
    choices = canonical(answers | {f"q{number}": "1" for number in texts})
    with transaction.atomic():
        if SurveyAnswer.objects.filter(token=given.token).exists():
            return
        row = SurveyAnswer.objects.create(
            survey=survey, token=given.token, version=given.version, at=at, language=given.language[:12], answers=choices,
            seal=seal_of(survey)(given.token, given.version, choices),
        )  # fmt: skip
        SurveyText.objects.bulk_create(
            SurveyText(answer=row, survey=survey, question=number, text=text) for number, text in texts.items()
        )
        if not survey.answered_as:
            _begin(survey, now)


def _begin(survey: Survey, now: datetime) -> None:
    note_answered(survey, survey.questions_digest())
    event = AnswersBegan(
        subject=f"record:{survey.identity}", site=survey.site.host, title=survey.title, digest=survey.questions_digest()
    )
    record(event, by=COUNTER, at=now)


def _take_opinion(call: OpinionCall, given: Contribution, *, parts: int, at: datetime) -> None:
    text, number = tidied(given.fields.get("text", "")), given.fields.get("at", "")
    if not text or len(text) > LONGEST_OPINION or (number and not questionnaires.is_number(number, min(parts, 999))):
        raise NotAsked("no opinion on this draft")
    with transaction.atomic():
        if Opinion.objects.filter(token=given.token).exists():
            return
        Opinion.objects.create(
            call=call, token=given.token, version=given.version, at=at, language=given.language[:12],
            paragraph=int(number or 0), text=text,
        )  # fmt: skip

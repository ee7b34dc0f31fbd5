"""Counting what came in. A row whose seal does not hold is not counted, and how many there are is told."""

import hmac
import json
from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from jiyue.content.models import OpinionCall, Survey
from jiyue.domain.questionnaires import Questionnaire, read
from jiyue.domain.tallying import Tally
from jiyue.interaction.campaigns.sealing import seal_of
from jiyue.interaction.models import Opinion, OpinionGroup, Quote, SurveyAnswer
from jiyue.review.models import Version

CHUNK = 5_000


def questionnaire_of(survey: Survey) -> Questionnaire:
    return read(survey.stream("questions"))


def survey_figures(survey: Survey) -> dict[str, Any]:
    """Counts for each question, of those who were asked it; `broken` rows did not come through the letter box."""
    seal, broken = seal_of(survey), 0
    counted: Counter[str] = Counter()
    rows = SurveyAnswer.objects.filter(survey=survey).values_list("token", "version", "answers", "seal")
    for token, version, answers, sealed in rows.iterator(chunk_size=CHUNK):
        if hmac.compare_digest(seal(token, version, answers), sealed):
            counted[answers] += 1
        else:
            broken += 1
    tally = Tally(questionnaire_of(survey))
    for answers, times in counted.items():
        tally.add(json.loads(answers), times)
    return {**tally.figures(), "broken": broken}


def quotes_of(survey: Survey) -> dict[int, list[str]]:
    """The words that may be public, by question, in the order in which they came."""
    found: dict[int, list[str]] = {}
    rows = Quote.objects.filter(text__survey=survey).order_by("text_id").values_list("text__question", "words")
    for question, words in rows:
        found.setdefault(question, []).append(words)
    return found


def call_figures(call: OpinionCall) -> dict[str, Any]:
    """How many opinions came in, and the groups with what became of them: their public words only."""
    groups = OpinionGroup.objects.filter(call=call).order_by("pk").prefetch_related("places")
    told = [
        {"title": group.title, "summary": group.summary, "outcome": group.outcome, "reason": group.reason,
         "count": len(group.places.all())}
        for group in groups
    ]  # fmt: skip
    return {"answers": Opinion.objects.filter(call=call).count(), "groups": [group for group in told if group["count"]]}


def parts_shown(call: OpinionCall) -> dict[str, dict[int, str]]:
    """The paragraphs of each version of a draft that was shown, by their numbers."""
    rows = Version.objects.filter(record=call.pk).values_list("digest", "content")
    shown = {digest: json.loads(content)["detail"].get("paragraphs", ()) for digest, content in rows}
    return {digest: dict(enumerate(parts, start=1)) for digest, parts in shown.items()}


def undone(call: OpinionCall) -> list[str]:
    """What must be done before the result of a call can be drawn up, in sentences."""
    loose = Opinion.objects.filter(call=call, place=None).count()
    open_groups = OpinionGroup.objects.filter(call=call, outcome="", places__isnull=False).distinct()
    found = [_("还有 %(n)d 条意见没有归类") % {"n": loose}] if loose else []
    return found + [_("“%(group)s”还没有写处理结果和理由") % {"group": group.title} for group in open_groups]

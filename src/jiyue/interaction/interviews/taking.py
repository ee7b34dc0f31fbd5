"""Questions of the public out of the letter box into the database: once each, and only while they were asked for."""

from datetime import datetime, timedelta

from jiyue.content.models import Interview
from jiyue.domain.interviews import LONGEST_QUESTION
from jiyue.domain.letters import tidied
from jiyue.interaction.campaigns.taking import NotAsked
from jiyue.interaction.interviews.plans import Plan, Plans
from jiyue.interaction.letterbox import Contribution
from jiyue.interaction.models import InterviewQuestion

KIND = "interview"
# The counter tells when a question came to the minute, and no later part of it.
MINUTE = timedelta(seconds=59, microseconds=999_999)


def take_question(*, given: Contribution, at: datetime) -> InterviewQuestion:
    """Keep a question; the same token again is the same one. Raises NotAsked."""
    interview = Interview.objects.filter(identity=given.about, site__host=given.host).first()
    plan = _plan(interview, at) if interview else None
    if interview is None or plan is None:
        raise NotAsked("no such interview")
    if not plan.detail["takes_questions"] or at >= plan.closes_at:
        raise NotAsked("no questions are taken")
    text = tidied(given.fields.get("text", ""))
    if not text or len(text) > LONGEST_QUESTION:
        raise NotAsked("no question")
    facts = {"interview": interview, "version": given.version, "at": at, "language": given.language[:12], "text": text}
    row, _new = InterviewQuestion.objects.get_or_create(token=given.token, defaults=facts)
    return row


def _plan(interview: Interview, at: datetime) -> Plan | None:
    """The plan by which the writer was thanked: of what was in effect within that minute the one that takes questions."""
    plans = Plans(interview)
    found = [plan for plan in (plans.at(at), plans.at(at + MINUTE)) if plan is not None]
    return next((plan for plan in found if plan.detail["takes_questions"]), found[-1] if found else None)

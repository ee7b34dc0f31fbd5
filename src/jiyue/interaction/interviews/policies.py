"""Who may see what came in to an interview, and who works on it: those who may write its record."""

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from jiyue.content.models import Interview
from jiyue.content.policies import may_write, visible_records, writable_records
from jiyue.identity.models import User
from jiyue.interaction.models import InterviewQuestion, LiveWord

Found = TypeVar("Found", bound=Model)


def visible_interviews(user: User) -> QuerySet[Interview]:
    """Interviews of sites whose content the person may read."""
    return Interview.objects.filter(pk__in=visible_records(user).values("pk"))


def handled_interviews(user: User) -> QuerySet[Interview]:
    """Those of which the person also reads the questions and writes the words."""
    return Interview.objects.filter(pk__in=writable_records(user).values("pk"))


def fetch_interview_for(user: User, ref: int, *, handling: bool = False) -> Interview:
    """Raises Http404 for one that the person may not read, or with `handling` not work on."""
    rows = handled_interviews(user) if handling else visible_interviews(user)
    return _only(rows.select_related("site__owner", "column"), ref)


def fetch_question_for(user: User, ref: int) -> InterviewQuestion:
    """Raises Http404 for a question to an interview on which the person does not work."""
    rows = InterviewQuestion.objects.filter(interview__in=handled_interviews(user).values("pk"))
    return _only(rows.select_related("interview__site__owner", "choice"), ref)


def fetch_word_for(user: User, ref: int) -> LiveWord:
    """Raises Http404 for a word of an interview on which the person does not work."""
    rows = LiveWord.objects.filter(interview__in=handled_interviews(user).values("pk"))
    return _only(rows.select_related("interview__site__owner"), ref)


def refuse_others(user: User, interview: Interview) -> None:
    """Raise PermissionDenied for who does not work on it; every verb asks."""
    if not may_write(user, interview):
        raise PermissionDenied(_("您不办理这次访谈"))


def _only(rows: QuerySet[Found], ref: int) -> Found:
    found = rows.filter(pk=ref).first()
    if found is None:
        raise Http404
    return found

"""Who may see what came in, and who works on it: those who may write the record of the survey or the call."""

from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from jiyue.content.models import CAMPAIGNS, OpinionCall, Record, Survey
from jiyue.content.policies import may_write, visible_records, writable_records
from jiyue.identity.models import User
from jiyue.interaction.models import OpinionGroup, SurveyText

Found = TypeVar("Found", bound=Model)


def visible_campaigns(user: User) -> QuerySet[Record]:
    """Surveys and opinion calls of sites whose content the person may read: how many took part and the counts."""
    return visible_records(user).filter(kind__in=CAMPAIGNS)


def handled_campaigns(user: User) -> QuerySet[Record]:
    """Those of which the person may also read what people wrote."""
    return writable_records(user).filter(kind__in=CAMPAIGNS)


def fetch_campaign_for(user: User, ref: int, *, handling: bool = False) -> Survey | OpinionCall:
    """Raises Http404 for one that the person may not read, or with `handling` not work on."""
    rows = handled_campaigns(user) if handling else visible_campaigns(user)
    found = rows.filter(pk=ref).select_related("site__owner").first()
    typed = found.typed if found else None
    if not isinstance(typed, Survey | OpinionCall):
        raise Http404
    return typed


def fetch_text_for(user: User, ref: int) -> SurveyText:
    """Raises Http404 for a text of a survey on which the person does not work."""
    surveys = handled_campaigns(user).values("pk")
    return _only(SurveyText.objects.filter(survey__in=surveys).select_related("survey__site__owner"), ref)


def fetch_group_for(user: User, ref: int) -> OpinionGroup:
    """Raises Http404 for a group of a call on which the person does not work."""
    calls = handled_campaigns(user).values("pk")
    return _only(OpinionGroup.objects.filter(call__in=calls).select_related("call__site__owner"), ref)


def refuse_others(user: User, campaign: Record) -> None:
    """Raise PermissionDenied for who does not work on it; every verb asks."""
    if not may_write(user, campaign):
        raise PermissionDenied(_("您不办理这次调查或征集"))


def _only(rows: QuerySet[Found], ref: int) -> Found:
    found = rows.filter(pk=ref).first()
    if found is None:
        raise Http404
    return found

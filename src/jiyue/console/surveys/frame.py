"""What the screens of 调查征集 share: how one stands, how many took part, its result and its clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from jiyue.console.duties import words
from jiyue.console.office.frame import page as office_page
from jiyue.content.models import CampaignResult, OpinionCall, Record, Survey
from jiyue.content.models.records import State
from jiyue.domain.campaigns import COMING, OPEN, OVER, standing
from jiyue.interaction.models import Opinion, SurveyAnswer
from jiyue.obligations.models import Obligation
from jiyue.rules.queries import book

FOLDER = "surveys"
RESULT_DUE = "survey.result"
STANDINGS = {COMING: _("未开始"), OPEN: _("进行中"), OVER: _("已结束")}
TONES = {COMING: "hollow", OPEN: "full", OVER: "bar"}
PUBLIC = frozenset({State.PUBLISHED, State.SIGNED_OFF})


@dataclass(frozen=True)
class Row:
    """A survey or call in a list."""

    campaign: Survey | OpinionCall
    now: datetime
    came: int
    result: CampaignResult | None
    clock: words.Clock | None

    @property
    def is_public(self) -> bool:
        return self.campaign.state in PUBLIC

    @property
    def standing(self) -> str:
        """The code; empty while it is not public or has no times."""
        opens_at, closes_at = self.campaign.opens_at, self.campaign.closes_at
        if not self.is_public or opens_at is None or closes_at is None:
            return ""
        return standing(opens_at=opens_at, closes_at=closes_at, at=self.now)[0]

    @property
    def words(self) -> Any:
        return STANDINGS.get(self.standing) or self.campaign.get_state_display()

    @property
    def tone(self) -> str:
        return TONES.get(self.standing, "hollow")


def page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """Render one screen of surveys and calls."""
    return office_page(request, template, folder=FOLDER, **context)


def rows_of(records: Iterable[Record], *, now: datetime) -> list[Row]:
    """The same with what came in, results and clocks; a few questions for all of them."""
    keys = [record.pk for record in records]
    typed: dict[int, Survey | OpinionCall] = {}
    typed |= Survey.objects.select_related("site", "column").in_bulk(keys)
    typed |= OpinionCall.objects.select_related("site", "column").in_bulk(keys)
    came = dict(SurveyAnswer.objects.filter(survey__in=keys).values_list("survey").annotate(Count("pk")))
    came |= dict(Opinion.objects.filter(call__in=keys).values_list("call").annotate(Count("pk")))
    results = {row.campaign_id: row for row in CampaignResult.objects.filter(campaign__in=keys).defer("body")}
    clocks = _clocks({f"record:{one.identity}": pk for pk, one in typed.items()}, now=now)
    found = [(typed[key], key) for key in keys if key in typed]
    return [Row(one, now, came.get(key, 0), results.get(key), clocks.get(key)) for one, key in found]


def _clocks(subjects: dict[str, int], *, now: datetime) -> dict[int, words.Clock]:
    duties = Obligation.objects.filter(subject__in=list(subjects), parameter=RESULT_DUE).select_related("rule", "unit")
    open_ones = [duty for duty in duties.order_by("started_at") if duty.done_at is None and duty.ended_at is None]
    rules = book() if open_ones else None
    return {
        subjects[duty.subject]: words.clock(duty, now=now, calendar=rules.calendar_for(duty.unit.lineage))
        for duty in open_ones if rules is not None
    }  # fmt: skip

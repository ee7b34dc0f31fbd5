"""Surveys and opinion calls of the demo city, told through the actions that people use.

Answers come as the counter would hand them over. Imperfect on purpose: one survey is over and owes its result.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from jiyue.content.actions import create_record, save_draft
from jiyue.content.campaigns import site_questions
from jiyue.content.models import Column, OpinionCall, Record, Survey
from jiyue.demo.places import FOLDER, read_yaml
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.identity.roles import Role
from jiyue.interaction.campaigns import actions
from jiyue.interaction.campaigns.taking import take
from jiyue.interaction.letterbox import Contribution, new_token
from jiyue.interaction.models import Opinion, SurveyText
from jiyue.review.actions import submit
from jiyue.review.models import Review

SITE = "portal"
Sign = Callable[[Review, str, datetime], Review]


@dataclass(frozen=True)
class Campaigns:
    """What the stories need of the loaded city."""

    sites: dict[str, Site]
    columns: dict[tuple[str, str], Column]
    person: Callable[[str, str], User]
    sign: Sign
    now: datetime

    def tell(self) -> None:
        """Everything in campaigns.yaml, in the order in which it was opened."""
        rows = self._rows
        stories = [(Record.Kind.SURVEY, row) for row in rows["surveys"]]
        stories += [(Record.Kind.OPINION_CALL, row) for row in rows["calls"]]
        for kind, row in sorted(stories, key=lambda story: story[1]["opens"]):
            self._tell(kind, row)

    @cached_property
    def _rows(self) -> dict[str, Any]:
        return read_yaml(FOLDER / "campaigns.yaml")

    @property
    def _column(self) -> Column:
        return self.columns[SITE, self._rows["column"]]

    @property
    def _editor(self) -> User:
        return self.person(SITE, Role.EDITOR)

    def _day(self, days: int) -> datetime:
        return self.now + timedelta(days=days)

    def _tell(self, kind: str, row: dict[str, Any]) -> None:
        campaign = self._campaign(kind, row)
        given: list[dict[str, str]] = row["answers"] if "answers" in row else row["opinions"]
        span = min(self.now, self._day(row["closes"])) - self._day(row["opens"])
        for n, fields in enumerate(given, start=1):
            self._came(campaign, fields, self._day(row["opens"]) + span * n / (len(given) + 1))
        if "result" in row:
            self._result(campaign, row)

    def _campaign(self, kind: str, row: dict[str, Any]) -> Survey | OpinionCall:
        at, column = self._day(row["opens"]) - timedelta(days=1), self._column
        facts = {name: row[name] for name in ("title", "purpose", "asked_by", "contact", "about_site") if name in row}
        record = create_record(
            kind=kind, column=column, by=self._editor, now=at, source=row["asked_by"], summary=row["purpose"],
            responsible=column.responsible, opens_at=self._day(row["opens"]), closes_at=self._day(row["closes"]), **facts,
        ).typed  # fmt: skip
        if isinstance(record, Survey):
            asked = site_questions() if row["questions"] == "template" else row["questions"]
            blocks = [_block(kind, value) for kind, value in asked]
            record.questions = record.questions.stream_block.to_python(blocks)
        else:
            blocks = [_block("paragraph", f"<p>{text}</p>") for text in row["draft"]]
            record.body = record.body.stream_block.to_python(blocks)
        save_draft(record=record, by=self._editor, now=at)
        self.sign(submit(record=record, by=self._editor, now=at), SITE, at)
        found = (Survey if kind == Record.Kind.SURVEY else OpinionCall).objects.get(pk=record.pk)
        return found

    def _came(self, campaign: Survey | OpinionCall, fields: dict[str, str], at: datetime) -> None:
        version = campaign.versions.latest("number")
        given = Contribution(
            token=new_token(), kind=campaign.kind, about=str(campaign.identity), version=version.digest,
            host=campaign.site.host, at=at.astimezone(UTC).isoformat(), language="zh-CN", fields=fields,
        )  # fmt: skip
        take(given=given, at=at, now=at)

    def _result(self, campaign: Survey | OpinionCall, row: dict[str, Any]) -> None:
        at, by = self._day(-row["result"]["days_ago"]), self._editor
        if isinstance(campaign, Survey):
            self._quote(campaign, row.get("quotes", {}), at)
        else:
            self._decide(campaign, row["groups"], at)
        result = actions.draw_up_result(campaign=campaign, column=campaign.column, by=by, now=at)
        result.body = result.body.stream_block.to_python([_block("paragraph", f"<p>{row['result']['text']}</p>")])
        save_draft(record=result, by=by, now=at)
        self.sign(submit(record=result, by=by, now=at), SITE, at)

    def _quote(self, survey: Survey, quotes: dict[int, list[str]], at: datetime) -> None:
        for question, words in quotes.items():
            texts = SurveyText.objects.filter(survey=survey, question=question).order_by("pk")
            for text, quoted in zip(texts, words, strict=True):
                actions.quote(text=text, words=quoted, by=self._editor, now=at)

    def _decide(self, call: OpinionCall, groups: list[dict[str, Any]], at: datetime) -> None:
        keys = list(Opinion.objects.filter(call=call).order_by("pk").values_list("pk", flat=True))
        for row in groups:
            chosen = [keys[n - 1] for n in row["of"]]
            group = actions.group_opinions(call=call, opinions=chosen, title=row["title"], by=self._editor, now=at)
            told = {name: row[name] for name in ("summary", "outcome", "reason")}
            actions.decide_group(group=group, by=self._editor, now=at, **told)


def _block(kind: str, value: Any) -> dict[str, Any]:
    full = {"needed": True, **value} if isinstance(value, dict) else value
    return {"type": kind, "value": full, "id": str(uuid.uuid4())}

"""Interviews of the demo city, told through the actions that people use: one to come, one over with its transcript."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from jiyue.content.actions import create_record, save_draft
from jiyue.content.models import Column, Interview, Record
from jiyue.demo.pictures import draw
from jiyue.demo.places import FOLDER, read_yaml
from jiyue.domain.deadlines import local
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.identity.roles import Role
from jiyue.interaction.interviews import actions
from jiyue.interaction.interviews.taking import KIND, take_question
from jiyue.interaction.letterbox import Contribution, new_token
from jiyue.interaction.models import InterviewQuestion
from jiyue.review.actions import submit
from jiyue.review.models import Review

SITE = "portal"
ANNOUNCED = timedelta(days=7)  # before the interview, but never later than yesterday
Sign = Callable[[Review, str, datetime], Review]


@dataclass(frozen=True)
class Interviews:
    """What the stories need of the loaded city."""

    sites: dict[str, Site]
    columns: dict[tuple[str, str], Column]
    person: Callable[[str, str], User]
    sign: Sign
    now: datetime

    def tell(self) -> None:
        """Everything in interviews.yaml, in the order in which it was held."""
        rows = read_yaml(FOLDER / "interviews.yaml")
        column = self.columns[SITE, rows["column"]]
        for row in sorted(rows["interviews"], key=lambda one: one["day"]):
            self._tell(column, row)

    @property
    def _editor(self) -> User:
        return self.person(SITE, Role.EDITOR)

    def _tell(self, column: Column, row: dict[str, Any]) -> None:
        here = local(self.now + timedelta(days=row["day"]))
        opens = here.replace(hour=row["hour"], minute=0, second=0, microsecond=0).astimezone(UTC)
        closes = opens + timedelta(hours=row["hours"])
        announced = min(opens - ANNOUNCED, self.now - timedelta(days=1))
        interview = self._announce(column, row, opens, closes, announced)
        last = min(opens, self.now)
        asked = [
            self._asked(interview, one, announced + (last - announced) * n / (len(row["questions"]) + 1))
            for n, one in enumerate(row["questions"], start=1)
        ]
        if "words" in row:
            self._say(interview, row["words"], asked, opens, closes)
            self._transcript(interview, self.now - timedelta(days=row["transcript"]))

    def _announce(
        self, column: Column, row: dict[str, Any], opens: datetime, closes: datetime, at: datetime
    ) -> Interview:  # fmt: skip
        by = self._editor
        facts = {name: row[name] for name in ("title", "purpose", "asked_by", "contact", "guests")}
        record = create_record(
            kind=Record.Kind.INTERVIEW, column=column, by=by, now=at, source=row["asked_by"], summary=row["purpose"],
            responsible=column.responsible, host_name=row["host"], opens_at=opens, closes_at=closes,
            recorders=[by.username], **facts,
        ).typed  # fmt: skip
        block = {"type": "paragraph", "value": f"<p>{row['intro']}</p>", "id": str(uuid.uuid4())}
        record.body = record.body.stream_block.to_python([block])
        save_draft(record=record, by=by, now=at)
        self.sign(submit(record=record, by=by, now=at), SITE, at)
        return Interview.objects.get(pk=record.pk)

    def _asked(self, interview: Interview, row: dict[str, Any], at: datetime) -> InterviewQuestion:
        given = Contribution(
            token=new_token(), kind=KIND, about=str(interview.identity), version=interview.versions.latest("number").digest,
            host=interview.site.host, at=at.astimezone(UTC).isoformat(), language="zh-CN", fields={"text": row["text"]},
        )  # fmt: skip
        question = take_question(given=given, at=at)
        if "words" in row:
            actions.choose_question(question=question, words=row["words"], by=self._editor, now=at)
        if "aside" in row:
            actions.set_question_aside(question=question, reason=row["aside"], by=self._editor, now=at)
        return question

    def _say(
        self, interview: Interview, rows: list[dict[str, Any]], asked: list[InterviewQuestion], opens: datetime,
        closes: datetime,
    ) -> None:  # fmt: skip
        by = self._editor
        for n, row in enumerate(rows):
            at = opens + (closes - opens) * n / len(rows)
            if "put" in row:
                actions.put_question(question=asked[row["put"] - 1], by=by, now=at)
                continue
            picture = None
            if "picture" in row:
                name = f"{row['picture']}.png"
                picture = actions.keep_picture(
                    interview=interview, name=name, data=draw(row["picture"], seed=n, ratio="3:2"), title=row["alt"], by=by,
                    now=at,
                )  # fmt: skip
            word = actions.say(
                interview=interview, speaker=row["by"], text=row["text"], picture=picture, alt=row.get("alt", ""), by=by,
                now=at,
            )  # fmt: skip
            soon = at + timedelta(minutes=1)
            if "amend" in row:
                actions.amend(word=word, text=row["amend"], reason=row["why"], by=by, now=soon)
            if "back" in row:
                actions.take_back(word=word, reason=row["back"], by=by, now=soon)
        actions.close(interview=interview, by=by, now=closes)

    def _transcript(self, interview: Interview, at: datetime) -> None:
        by = self._editor
        made = actions.draw_up_transcript(interview=interview, column=interview.column, by=by, now=at)
        self.sign(submit(record=made, by=by, now=at), SITE, at)

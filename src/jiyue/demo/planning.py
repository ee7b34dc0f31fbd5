"""The demo city's plans of columns and stories, its tasks of the year, and what its topic columns serve; by the actions."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jiyue.content.actions import create_record, save_column, save_draft
from jiyue.content.models import Column, EditorialPlan, PolicyDocument, ProgressDuty, Record, Topic
from jiyue.content.planning import decide_plan, propose_plan
from jiyue.content.tasking import ask_for_progress
from jiyue.demo.places import FOLDER, DemoTextError, read_yaml
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation, User
from jiyue.identity.roles import Role
from jiyue.review.actions import submit
from jiyue.review.models import Review

SHANGHAI = ZoneInfo("Asia/Shanghai")
DECIDING_TAKES = timedelta(days=1)


@dataclass(frozen=True)
class Planner:
    """One loading of the city's plans; `decider` answers them."""

    units: Mapping[str, Organisation]
    sites: Mapping[str, Site]
    columns: Mapping[tuple[str, str], Column]
    people: Mapping[str, User]
    decider: User
    person: Callable[[str, str], User]
    sign: Callable[[Review, str, datetime], Review]
    now: datetime
    folder: Path = FOLDER

    def tell(self) -> None:
        told = read_yaml(self.folder / "planning.yaml")
        for row in told["plans"]:
            self._plan(row)
        for row in told["tasks"]:
            self._task(row)
        for row in told["serves"]:
            column = self._column(row)
            column.serves = row["serves"]
            save_column(column=column, by=self.person(row["site"], Role.SITE_MANAGER).actor(), now=self.now)

    def _task(self, row: dict[str, Any]) -> None:
        at, editor = self.now - timedelta(days=row["days_ago"]), self.person(row["site"], Role.EDITOR)
        ends = (self.now + timedelta(days=row["ends_in"])).astimezone(SHANGHAI).date()
        task = create_record(
            kind=Record.Kind.TOPIC, column=self._column(row), by=editor, now=at, title=row["title"], summary=row["purpose"],
            source=self.units[row["unit"]].name, responsible=self.units[row["unit"]], ends_on=ends, work_kind=row["kind"],
            work_year=at.astimezone(SHANGHAI).year, work_number=row["number"], work_target=row["target"],
        ).typed  # fmt: skip
        found = PolicyDocument.objects.filter(site=task.site, title=row.get("document", ""))
        task.documents.set(found)
        self.sign(submit(record=task, by=editor, now=at), row["site"], at)
        for owed in row["owed"]:
            duty = ProgressDuty(task=task, unit=self.units[owed["unit"]], cycle=owed["cycle"], since=at.date())
            ask_for_progress(duty=duty, by=editor, now=at)
        for note in row["notes"]:
            self._note(task, row["site"], note)

    def _note(self, task: Topic, site: str, row: dict[str, Any]) -> None:
        at, editor = self.now - timedelta(days=row["days_ago"]), self.person(site, Role.EDITOR)
        record = create_record(
            kind=Record.Kind.ARTICLE, column=self._column({"site": site, **row}), by=editor, now=at, title=row["title"],
            part_of=task, source=task.source, responsible=task.responsible, openness=Record.Openness.EXECUTION,
        ).typed  # fmt: skip
        blocks = [{"type": "paragraph", "value": f"<p>{row['text']}</p>", "id": str(uuid.uuid4())}]
        record.body = record.body.stream_block.to_python(blocks)
        save_draft(record=record, by=editor, now=at)
        self.sign(submit(record=record, by=editor, now=at), site, at)

    def _column(self, row: dict[str, Any]) -> Column:
        key = row["site"], row["column"]
        if key not in self.columns:
            raise DemoTextError(f"planning: no such column: {key}")
        return self.columns[key]

    def _plan(self, row: dict[str, Any]) -> None:
        at = self.now - timedelta(days=row["days_ago"])
        due = (self.now + timedelta(days=row["due_in"])).astimezone(SHANGHAI).date()
        kinds = {name: row.get(name, "") for name in ("record_kind", "column_kind")}
        plan = EditorialPlan(
            kind=row["kind"], site=self.sites[row["site"]], title=row["title"], what=row["what"], audience=row["audience"],
            sources=row["sources"], unit=self.units[row["unit"]], owner=self.people[row["owner"]], due_on=due,
            column=self._column(row), reuse_reason="演示：已有的不能代替", **kinds,
        )  # fmt: skip
        propose_plan(plan=plan, by=self.people[row["by"]], now=at)
        opinion = row.get("approved") or row.get("refused")
        if opinion:
            answer = {"approve": "approved" in row, "opinion": opinion, "by": self.decider, "now": at + DECIDING_TAKES}
            decide_plan(plan=plan, **answer)

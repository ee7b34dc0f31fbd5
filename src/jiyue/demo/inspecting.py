"""Rectifications and inspections of the demo city: one of each state, the imperfect ones on purpose.

The articles are signed like all others and found by the night's examination; nothing is marked as found by hand.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jiyue.content.actions import create_record, save_draft
from jiyue.content.models import Column, Record
from jiyue.demo.places import FOLDER, read_yaml
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.identity.roles import Role
from jiyue.review import inspecting, rectifying
from jiyue.review.actions import submit
from jiyue.review.inspection_policies import inspecting_units
from jiyue.review.models import InspectedItem, Inspection, InspectionFinding, Rectification, Review


@dataclass(frozen=True)
class Inspector:
    """What these stories need of the loaded city. `supervisor` plans the inspections."""

    sites: dict[str, Site]
    columns: dict[tuple[str, str], Column]
    person: Callable[[str, str], User]
    sign: Callable[[Review, str, datetime], Review]
    supervisor: User
    now: datetime

    def publish(self) -> None:
        """The articles in which the night will find advertising."""
        for row in _told()["advertised"]:
            at = self.now - timedelta(days=row["days_ago"])
            editor, column = self.person(row["site"], Role.EDITOR), self.columns[row["site"], row["column"]]
            record = create_record(
                kind=Record.Kind.ARTICLE, column=column, by=editor, now=at, title=row["title"], source=row["source"],
                responsible=column.responsible,
            ).typed  # fmt: skip
            block = {"type": "paragraph", "value": f"<p>{row['text']}</p>", "id": str(uuid.uuid4())}
            record.body = record.body.stream_block.to_python([block])
            review = submit(record=save_draft(record=record, by=editor, now=at), by=editor, now=at)
            self.sign(review, row["site"], at)

    def follow_up(self, *, now: datetime) -> None:
        """After the night: who was charged and what was reported; what was not mended fails; then the inspections."""
        for row in _told()["advertised"]:
            found = Rectification.objects.get(finding__record__title=row["title"], closed_at=None)
            if "measures" in row:
                self._reported(found, row, now=now)
        for plan in _told()["inspections"]:
            held = self.now - timedelta(days=plan["held_days_ago"])
            self._inspection(plan, now=min(held, now))

    def _reported(self, found: Rectification, row: dict[str, Any], *, now: datetime) -> None:
        manager, editor = self.person(row["site"], Role.SITE_MANAGER), self.person(row["site"], Role.EDITOR)
        rectifying.assign(rectification=found, person=editor, by=manager, now=now)
        rectifying.report(rectification=found, measures=row["measures"], by=editor, now=now)
        if row.get("fails"):
            rectifying.follow(found.site, now=now + timedelta(seconds=1), night=True)

    def _inspection(self, row: dict[str, Any], *, now: datetime) -> None:
        today = self.now.date()
        plan = inspecting.Plan(
            name=row["name"], held_on=today - timedelta(days=row["held_days_ago"]),
            public_from=today - timedelta(days=row["public_from_days_ago"]),
            public_until=today - timedelta(days=row["public_until_days_ago"]), participants=row["participants"],
            size=row["size"], sites=tuple(self.sites[key] for key in row["sites"]),
        )  # fmt: skip
        by = self.supervisor
        made = inspecting.plan_inspection(unit=inspecting_units(by)[0], plan=plan, by=by, now=now)
        if "conclusion" in row:
            self._looked_at(inspecting.draw(inspection=made, by=by, now=now), now=now)
            inspecting.conclude(inspection=made, conclusion=row["conclusion"], by=by, now=now)
        elif "problems" in row:
            self._under_way(made, row, now=now)

    def _under_way(self, made: Inspection, row: dict[str, Any], *, now: datetime) -> None:
        items = inspecting.draw(inspection=made, by=self.supervisor, now=now)
        problems = row["problems"]
        self._looked_at(items[len(problems) : len(problems) + row["clean"]], now=now)
        for item, told in zip(items, problems, strict=False):
            facts = {name: told[name] for name in ("kind", "what", "demand")}
            found = inspecting.find(item=item, by=self.supervisor, now=now, **facts)
            self._answered(found, told, now=now)

    def _looked_at(self, items: list[InspectedItem], *, now: datetime) -> None:
        for item in items:
            inspecting.look_at(item=item, note="", by=self.supervisor, now=now)

    def _answered(self, found: InspectionFinding, told: dict[str, Any], *, now: datetime) -> None:
        if "answer" not in told:
            return
        key = next(key for key, site in self.sites.items() if site.pk == found.site_id)
        inspecting.answer(finding=found, answer=told["answer"], by=self.person(key, Role.SITE_MANAGER), now=now)
        if "returned" in told:
            inspecting.settle(finding=found, accepted=False, reason=told["returned"], by=self.supervisor, now=now)


def _told() -> dict[str, Any]:
    told: dict[str, Any] = read_yaml(FOLDER / "inspections.yaml")
    return told

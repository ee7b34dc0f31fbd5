"""The demo city's plans of columns and stories, proposed and decided by the actions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jiyue.content.models import Column, EditorialPlan
from jiyue.content.planning import decide_plan, propose_plan
from jiyue.demo.places import FOLDER, DemoTextError, read_yaml
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation, User

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
    now: datetime
    folder: Path = FOLDER

    def tell(self) -> None:
        for row in read_yaml(self.folder / "planning.yaml")["plans"]:
            self._plan(row)

    def _plan(self, row: dict[str, Any]) -> None:
        at, key = self.now - timedelta(days=row["days_ago"]), (row["site"], row["column"])
        if key not in self.columns:
            raise DemoTextError(f"planning: no such column: {key}")
        due = (self.now + timedelta(days=row["due_in"])).astimezone(SHANGHAI).date()
        kinds = {name: row.get(name, "") for name in ("record_kind", "column_kind")}
        plan = EditorialPlan(
            kind=row["kind"], site=self.sites[row["site"]], title=row["title"], what=row["what"], audience=row["audience"],
            sources=row["sources"], unit=self.units[row["unit"]], owner=self.people[row["owner"]], due_on=due,
            column=self.columns[key], reuse_reason="演示：已有的不能代替", **kinds,
        )  # fmt: skip
        propose_plan(plan=plan, by=self.people[row["by"]], now=at)
        opinion = row.get("approved") or row.get("refused")
        if opinion:
            answer = {"approve": "approved" in row, "opinion": opinion, "by": self.decider, "now": at + DECIDING_TAKES}
            decide_plan(plan=plan, **answer)

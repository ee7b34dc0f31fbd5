"""What the content checks did in the demo city: something stopped, something waived, something found at night.

The stories pass the same actions as people's: the stopped one really is refused, the waived one really is signed.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jiyue.checks.actions import add_word
from jiyue.content.actions import create_record, save_draft
from jiyue.content.models import Column, Record
from jiyue.demo.places import FOLDER, read_yaml
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.identity.roles import Role
from jiyue.publishing.page_rules import keeping as page_rules
from jiyue.review import checking
from jiyue.review.actions import submit
from jiyue.review.examining import examine_all
from jiyue.review.models import CheckRun, Review
from jiyue.review.refusals import StoppedByChecks
from jiyue.review.waiving import waive

Sign = Callable[[Review, str, datetime], Review]


@dataclass(frozen=True)
class Teller:
    """What the stories need of the loaded city."""

    sites: dict[str, Site]
    columns: dict[tuple[str, str], Column]
    person: Callable[[str, str], User]
    sign: Sign
    now: datetime

    def tell(self) -> None:
        """All stories of `checks` in stewardship.yaml."""
        for row in read_yaml(FOLDER / "stewardship.yaml")["checks"]:
            record, at = self._draft(row), self._at(row)
            {"stopped": self._stopped, "waived": self._waived, "nightly": self._nightly}[row["key"]](row, record, at)

    def _at(self, row: dict[str, Any]) -> datetime:
        return self.now - timedelta(days=row["days_ago"])

    def _draft(self, row: dict[str, Any]) -> Record:
        editor, at = self.person(row["site"], Role.EDITOR), self._at(row)
        column = self.columns[row["site"], row["column"]]
        record = create_record(
            kind=Record.Kind.ARTICLE, column=column, by=editor, now=at, title=row["title"], source=row["source"],
            responsible=column.responsible,
        ).typed  # fmt: skip
        block = {"type": "paragraph", "value": f"<p>{row['text']}</p>", "id": str(uuid.uuid4())}
        record.body = record.body.stream_block.to_python([block])
        return save_draft(record=record, by=editor, now=at)

    def _stopped(self, row: dict[str, Any], record: Record, at: datetime) -> None:
        try:
            submit(record=record, by=self.person(row["site"], Role.EDITOR), now=at)
        except StoppedByChecks:
            return
        raise AssertionError(row["title"])

    def _waived(self, row: dict[str, Any], record: Record, at: datetime) -> None:
        editor, secrecy = self.person(row["site"], Role.EDITOR), self.person(row["site"], Role.SECRECY_REVIEWER)
        review = submit(record=record, by=editor, now=at, asks_waiver=row["asks"])
        run = checking.run_for(review.version, occasion=CheckRun.Occasion.SUBMISSION, now=at)
        for found in checking.open_findings(run):
            waive(version=review.version, key=found.key, grounds=row["grounds"], basis=row["basis"], by=secrecy, now=at)
        self.sign(review, row["site"], at)

    def _nightly(self, row: dict[str, Any], record: Record, at: datetime) -> None:
        review = submit(record=record, by=self.person(row["site"], Role.EDITOR), now=at)
        self.sign(review, row["site"], at)
        add_word(
            organisation=self.sites[row["site"]].owner, family="wording", text=row["word"], suggestion=row["instead"],
            by=self.person(row["site"], Role.SITE_MANAGER), now=self.now, basis="机构改革后使用新名称",
        )  # fmt: skip


def night(*, now: datetime) -> None:
    """The first night's examination, of contents and templates, at once."""
    examine_all(now=now)
    page_rules.examine_all(now=now)

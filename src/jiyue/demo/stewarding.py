"""The demo city's own rule pack, catalogue, promises and the rest of what its lists say is owed; loaded by the actions.

The duties themselves are not written here: the engine makes them of the same facts as everywhere.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from jiyue.concerns.actions import close_concern, link_answer, open_concern, record_step, save_contact
from jiyue.concerns.models import Concern, Contact, Step
from jiyue.content.arranging import decide, propose_decision
from jiyue.content.cataloguing import decide_withholding, propose_withholding, save_item
from jiyue.content.feeds.reading import Entry
from jiyue.content.feeds.watching import remember
from jiyue.content.models import (
    CatalogueItem,
    ChangeNotice,
    Column,
    ColumnDecision,
    Commitment,
    Feed,
    PermittedSource,
    Record,
    ReprintTask,
    TakingRule,
)
from jiyue.content.reprinting import decide_source, propose_source, save_feed
from jiyue.content.stewarding import keep_commitment, make_commitment, notify_change, order_reprint
from jiyue.content.takings import save_rule
from jiyue.demo.places import FOLDER, DemoTextError, read_yaml
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation, User
from jiyue.obligations.engine import refresh
from jiyue.obligations.enrolling import enrol
from jiyue.obligations.standing import StandingSource
from jiyue.publishing.duties import SOURCES
from jiyue.review.taking import submit_rule
from jiyue.rules.actions import approve, assign_pack, install_pack, propose_override

SHANGHAI = ZoneInfo("Asia/Shanghai")
PACK = "chenghu"
SCOPE = "city"  # the unit whose overseers decide, and whose pack it is


@dataclass(frozen=True)
class Loaded:
    """What of the city stands already, by the keys of the texts."""

    units: dict[str, Organisation]
    sites: dict[str, Site]
    columns: dict[tuple[str, str], Column]
    overseers: tuple[User, User]
    managers: dict[str, User]
    records: dict[str, Record]


class Stewardship:
    """One loading of the city's lists."""

    def __init__(self, loaded: Loaded, *, founded: datetime, now: datetime, folder: Path = FOLDER) -> None:
        self.units, self.sites, self.columns = loaded.units, loaded.sites, loaded.columns
        self.proposer, self.answerer = loaded.overseers
        self.managers, self.records = loaded.managers, loaded.records
        self.founded, self.now = founded, now
        self.rows: dict[str, list[dict[str, Any]]] = read_yaml(folder / "stewardship.yaml")
        self.rules = {path.name: path.read_text(encoding="utf-8") for path in sorted((folder / "rules").glob("*.yaml"))}

    def found(self) -> None:
        """The city's own pack, in force since its sites were founded, as any government would install one."""
        city, day = self.units[SCOPE], self.founded.astimezone(SHANGHAI).date()
        pack = install_pack(
            name=PACK, files=self.rules, in_force_on=day, grounds="演示：本市自行规定", by=self.proposer, now=self.founded,
            organisation=city,
        )  # fmt: skip
        approve(proposal=pack, by=self.answerer, now=self.founded)
        assignment = assign_pack(
            organisation=city, pack=PACK, from_on=day, grounds="演示：按属地适用", by=self.proposer, now=self.founded
        )
        approve(proposal=assignment, by=self.answerer, now=self.founded)

    def tell(self) -> None:
        """Catalogue, promises, changed facts, reprints and decisions."""
        for row in self.rows["catalogue"]:
            self._line(row)
        for row in self.rows["commitments"]:
            self._commitment(row)
        for row in self.rows["changes"]:
            self._change(row)
        for row in self.rows["reprints"]:
            self._reprint(row)
        for row in self.rows["feeds"]:
            self._feed(row)
        for row in self.rows["sources"]:
            self._source(row)
        for row in self.rows["takings"]:
            self._taking(row)
        for row in self.rows["decisions"]:
            self._decision(row)
        for row in self.rows["standing"]:
            self._standing(row)
        for row in self.rows["rules"]:
            self._rule(row)
        contacts = {row["name"]: self._contact(row) for row in self.rows["contacts"]}
        for row in self.rows["concerns"]:
            self._concern(row, contacts)

    def review_dates(self) -> dict[str, date]:
        """By document: the day on which somebody should look at it again."""
        return {row["document"]: self._day(row["in"]) for row in self.rows["reviews"]}

    def _line(self, row: dict[str, Any]) -> None:
        site, at = self.sites[row["site"]], self._before(row.get("since_days_ago", 380))
        item = CatalogueItem(
            site=site, unit=site.owner, number=row["number"], name=row["name"], content=row["content"],
            basis=f"示范清单第{int(row['number'])}项", column=self._column(row), limit=row.get("limit", ""),
            responsible=self.units[row["responsible"]] if "responsible" in row else None, since=at.date(),
            information_class=row.get("class", "other"), renewal=row.get("renewal", ""),
        )  # fmt: skip
        save_item(item=item, by=self.managers[row["site"]], now=at)
        if "withheld" in row:
            asked = propose_withholding(item=item, **row["withheld"], by=self.managers[row["site"]], now=at)
            decide_withholding(withholding=asked, approve=True, opinion="同意", by=self.answerer, now=at)

    def _commitment(self, row: dict[str, Any]) -> None:
        manager, at = self.managers[row["site"]], self._before(row["made_days_ago"])
        made = make_commitment(
            commitment=Commitment(
                site=self.sites[row["site"]], unit=self.units[row["unit"]], title=row["title"], made_on=at.date(),
                due_on=self._day(row["due_in"]),
            ), by=manager, now=at,
        )  # fmt: skip
        if "kept_days_ago" in row:
            kept = self._before(row["kept_days_ago"])
            keep_commitment(commitment=made, kept_at=kept, evidence=row["evidence"], by=manager, now=kept)

    def _change(self, row: dict[str, Any]) -> None:
        at = self._before(row["days_ago"])
        notice = ChangeNotice(column=self._column(row), unit=self.units[row["unit"]], what=row["what"], changed_at=at)
        notify_change(notice=notice, by=self.managers[row["site"]], now=at)

    def _reprint(self, row: dict[str, Any]) -> None:
        at = self.now - timedelta(hours=row["hours_ago"])
        task = ReprintTask(
            organisation=self.units[SCOPE], title=row["title"], source=row["source"], address=row["address"],
            released_at=at,
        )  # fmt: skip
        order_reprint(task=task, by=self.proposer, now=self.now)

    def _feed(self, row: dict[str, Any]) -> None:
        feed = Feed(
            organisation=self.units[SCOPE],
            name=row["name"],
            address=row["address"],
            keywords=row["keywords"],
            interval=60,
        )
        save_feed(feed=feed, by=self.proposer, now=self.now)
        remember(feed, [self._entry(feed, entry) for entry in row.get("entries", ())], now=self.now)

    def _entry(self, feed: Feed, row: dict[str, Any]) -> Entry:
        at = self.now - timedelta(hours=row["hours_ago"])
        return Entry(row["path"], row["title"], urljoin(feed.address, row["path"]), at, at.isoformat())

    def _source(self, row: dict[str, Any]) -> None:
        source = PermittedSource(
            organisation=self.units[SCOPE], name=row["name"], host=row["host"], grounds=row["grounds"]
        )
        propose_source(source=source, by=self.proposer, now=self.now)
        if row.get("approved"):
            decide_source(source=source, approve=True, opinion="同意", by=self.answerer, now=self.now)

    def _taking(self, row: dict[str, Any]) -> None:
        column = self._column(row)
        if column is None:
            raise DemoTextError(f"stewardship: a rule without a column: {row}")
        rule = TakingRule(
            column=column,
            origin=self.sites[row["origin"]],
            delay_hours=row["delay_hours"],
            from_on=self._day(-row["days_ago"]),
        )
        by = self.managers[row["site"]]
        submit_rule(rule=save_rule(rule=rule, by=by, now=self.now), by=by, now=self.now)

    def _decision(self, row: dict[str, Any]) -> None:
        at = self._before(row["days_ago"])
        decision = ColumnDecision(
            column=self._column(row), outcome=row["outcome"], grounds=row["grounds"],
            adjustment=row.get("adjustment", ""),
        )  # fmt: skip
        propose_decision(decision=decision, by=self.managers[row["site"]], now=at)
        if "approved" in row:
            decide(decision=decision, approve=True, opinion=row["approved"], by=self.answerer, now=at)

    def _rule(self, row: dict[str, Any]) -> None:
        at = self._before(row["days_ago"])
        override = propose_override(
            organisation=self.units[row["unit"]], parameter=row["parameter"], value=row["value"], from_on=self._day(row["in"]),
            document=row["document"], article=row["article"], grounds=row["grounds"], by=self.proposer, now=at,
        )  # fmt: skip
        if "approved" in row:
            approve(proposal=override, by=self.answerer, now=at, reply=row["approved"])

    def _standing(self, row: dict[str, Any]) -> None:
        at = self._before(row["days_ago"])
        site = self.sites[row["site"]] if "site" in row else None
        enrol(
            parameter=row["parameter"], unit=self.units[row["unit"]], site=site, from_on=at.astimezone(SHANGHAI).date(),
            by=self.proposer, now=at,
        )  # fmt: skip

    def _contact(self, row: dict[str, Any]) -> Contact:
        contact = Contact(
            unit=self.units[row["unit"]], kind=row["kind"], name=row["name"], person=row["person"], phone=row["phone"]
        )
        return save_contact(contact=contact, by=self.managers[row["site"]], now=self.founded)

    def _concern(self, row: dict[str, Any], contacts: dict[str, Contact]) -> None:
        keeper, found = self.managers[row["site"]], self._clock(row["found"])
        concern = Concern(
            site=self.sites[row["site"]], kind=row["kind"], level=row.get("level", ""), title=row["title"],
            what=row["what"], origin=row["origin"], unit=self.units[row["unit"]], found_at=found,
            happened_at=self._clock(row["happened"]) if "happened" in row else None,
        )  # fmt: skip
        open_concern(concern=concern, by=keeper, now=found)
        for step in row.get("steps", ()):
            at = self._clock(step["when"])
            made = Step(
                concern=concern, kind=step["kind"], at=at, contact=contacts.get(step.get("contact", "")), what=step["what"],
                address=step.get("address", ""),
            )  # fmt: skip
            record_step(step=made, by=keeper, now=at)
        for key in row.get("answers", ()):
            link_answer(concern=concern, record=self.records[key], by=keeper, now=self.now)
        if "outcome" in row:
            close_concern(concern=concern, outcome=row["outcome"], by=keeper, now=self.now)

    def _clock(self, when: dict[str, Any]) -> datetime:
        """A moment of a day before today, in Asia/Shanghai."""
        day = (self.now - timedelta(days=when["days_ago"])).astimezone(SHANGHAI).date()
        return datetime.combine(day, time.fromisoformat(when["at"]), SHANGHAI)

    def _column(self, row: dict[str, Any]) -> Column | None:
        if "column" not in row:
            return None
        key = row["site"], row["column"]
        if key not in self.columns:
            raise DemoTextError(f"stewardship: no such column: {key}")
        return self.columns[key]

    def _before(self, days: int) -> datetime:
        return self.now - timedelta(days=days)

    def _day(self, days: int) -> date:
        return (self.now + timedelta(days=days)).astimezone(SHANGHAI).date()


def look(*, now: datetime) -> None:
    """Let the engine make the city's duties at once; the worker would find them in its first night."""
    for source in (StandingSource(), *SOURCES):
        refresh(source, now=now)

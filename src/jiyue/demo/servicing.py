"""办事服务 of the demo city: items in its catalogue, guides of its units, each signed like everything else."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from jiyue.content.actions import create_record, save_draft, store_attachment
from jiyue.content.models import Column, Record, ServiceItem, Synchronisation
from jiyue.content.service_importing import read_file
from jiyue.content.servicing import save_item
from jiyue.content.synchronising import synchronise
from jiyue.demo.files import word_document
from jiyue.demo.places import FOLDER, read_yaml
from jiyue.domain.service_items import ServiceEntry, written
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation, User
from jiyue.identity.roles import Role
from jiyue.publishing.services import ours
from jiyue.review.actions import submit
from jiyue.review.models import Review

TEXTS = {
    "section": "section", "place": "place", "hours": "hours", "telephone": "telephone", "complaint": "complaint_telephone",
    "fee": "fee_standard", "fee_basis": "fee_basis", "limit_note": "limit_note", "scope": "scope", "result": "result",
    "body": "handling_body",
}  # fmt: skip
LINES = {"conditions": "conditions", "certificates": "certificates", "review": "review_procedure"}
NUMBERS = {"legal_days": "legal_days", "promised_days": "promised_days", "visits": "visits", "depth": "online_depth"}
LINKS = {
    "online": "online_address", "query": "query_address", "consultation": "consultation_address",
    "supervision": "supervision_address",
}  # fmt: skip


@dataclass(frozen=True)
class Services:
    """What the services need of the loaded city."""

    units: dict[str, Organisation]
    sites: dict[str, Site]
    columns: dict[tuple[str, str], Column]
    overseer: User
    person: Callable[[str, str], User]
    sign: Callable[[Review, str, datetime], Review]
    now: datetime

    def tell(self) -> None:
        """All of services.yaml."""
        told = read_yaml(FOLDER / "services.yaml")
        at = self.now - timedelta(days=300)
        items = {row["code"]: self._item(row, told["system"], at) for row in told["items"]}
        for row in told["guides"]:
            self._guide(row, items[row["item"]], told["system"])

    def compare(self) -> None:
        """Lay the superior platform's list beside the public guides, as an editor does with the file that it sends."""
        told = read_yaml(FOLDER / "services.yaml")["superior"]
        for site, changes in told["sites"].items():
            editor, shown = self.person(site, Role.EDITOR), ours(self.sites[site])
            here = {one.entry.code: one.entry for one in shown}
            entries = [replace(here.get(code, ServiceEntry(code)), **row) for code, row in changes.items()]
            data = "".join(f"{written(_stated(entry))}\n" for entry in entries).encode()
            synchronise(
                site=self.sites[site], origin=Synchronisation.Origin.FILE, source=told["source"], data=data,
                lines=read_file(data), ours=shown, by=editor, actor=editor.actor(), now=self.now, complete=False,
            )  # fmt: skip

    def _item(self, row: dict[str, Any], system: str, at: datetime) -> ServiceItem:
        item = ServiceItem(
            code=row["code"], name=row["name"], organisation=self.units["city"], item_class=row["class"],
            legal_basis=row["basis"], audiences=row["audiences"], themes=row["themes"], life_events=row["life_events"],
            charged="charge_basis" in row, charge_basis=row.get("charge_basis", ""), system_host=system,
        )  # fmt: skip
        return save_item(item=item, by=self.overseer, now=at)

    def _guide(self, row: dict[str, Any], item: ServiceItem, system: str) -> None:
        site, at = row["site"], self.now - timedelta(days=row["days_ago"])
        editor, column = self.person(site, Role.EDITOR), self._column(site)
        guide = create_record(
            kind=Record.Kind.SERVICE_GUIDE, column=column, by=editor, now=at, title=row["title"], item=item,
            summary=row["summary"], source=row["body"], keywords=f"办事指南，{item.name}",
            responsible=self.units[row["unit"]] if "unit" in row else column.responsible, **_facts(row, system),
        ).typed  # fmt: skip
        rows = {"process": ("step", row["steps"]), "questions": ("question", row.get("questions", []))}
        rows["materials"] = "material", [self._material(each, site, editor, at) for each in row["materials"]]
        for name, (kind, values) in rows.items():
            raw = [{"type": kind, "value": value, "id": str(uuid.uuid4())} for value in values]
            setattr(guide, name, getattr(guide, name).stream_block.to_python(raw))
        save_draft(record=guide, by=editor, now=at)
        if row.get("stage") != "draft":
            self.sign(submit(record=guide, by=editor, now=at), site, at)

    def _column(self, site: str) -> Column:
        found = (column for (key, _path), column in self.columns.items() if key == site)
        return next(column for column in found if column.kind == Column.Kind.SERVICES)

    def _material(self, row: dict[str, Any], site: str, editor: User, at: datetime) -> dict[str, Any]:
        value = {
            "name": row["name"], "original": row.get("original", "original"), "copies": row.get("copies"),
            "source": row.get("source", "applicant"), "needed_when": row.get("needed_when", ""),
            "needs_form": "form" in row, "instructions": row.get("form", ""), "blank": None, "instructions_file": None,
            "sample": None,
        }  # fmt: skip
        if "form" in row:
            value["blank"] = self._file(
                f"{row['name']}（空白）", "| 填写项 | 内容 |\n| 姓名或单位名称 | |", site, editor, at
            )
        if "form" in row and not row.get("lacks_sample"):
            text = "| 填写项 | 内容 |\n| 姓名或单位名称 | 例某甲（示例） |"
            value["sample"] = self._file(f"{row['name']}（样表）", text, site, editor, at)
        return value

    def _file(self, title: str, text: str, site: str, editor: User, at: datetime) -> int:
        spec = word_document(f"{title}.docx", title, text)
        stored = store_attachment(
            site=self.sites[site], name=spec.name, data=spec.content(), title=title, by=editor, now=at
        )
        return int(stored.pk)


def _stated(entry: ServiceEntry) -> ServiceEntry:
    """An entry that speaks of what it has; of the rest it says nothing."""
    return replace(entry, stated=frozenset(name for name, value in vars(entry).items() if value and name != "stated"))


def _facts(row: dict[str, Any], system: str) -> dict[str, Any]:
    return {
        **{field: row[name] for name, field in TEXTS.items() if name in row},
        **{field: "\n".join(row[name]) for name, field in LINES.items() if name in row},
        **{field: row[name] for name, field in NUMBERS.items() if name in row},
        **{field: f"https://{system}/{row[name]}" for name, field in LINKS.items() if name in row},
    }

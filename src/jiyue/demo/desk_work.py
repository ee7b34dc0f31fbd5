"""What lies on the desks of the demo city's letters, told through the actions that people use: texts that answers are made of,
files that others gave, one act on many letters, and who looked at whose name.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from jiyue.demo.places import FOLDER, read_yaml
from jiyue.domain.cases import Act
from jiyue.domain.deadlines import local
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.identity.roles import Role
from jiyue.interaction import bulk
from jiyue.interaction.actions import look_at_sender
from jiyue.interaction.letter_files.layouts import layout_of
from jiyue.interaction.letter_files.taking import take_file
from jiyue.interaction.models import Case
from jiyue.interaction.text_blocks import keep_block
from jiyue.interaction.tickets import write_due

WRITTEN_AGO = timedelta(days=20)


@dataclass(frozen=True)
class DeskWork:
    """What the stories need of the loaded city; its letters are there already."""

    sites: dict[str, Site]
    person: Callable[[str, str], User]
    now: datetime

    def tell(self) -> None:
        """Everything in desk.yaml."""
        rows = read_yaml(FOLDER / "desk.yaml")
        key = rows["site"]
        site, clerk, handler = (
            self.sites[key], self.person(key, Role.LETTER_CLERK), self.person(key, Role.LETTER_HANDLER),
        )  # fmt: skip
        for own, by in ((False, clerk), (True, handler)):
            for row in rows["own" if own else "blocks"]:
                keep_block(site=site, own=own, title=row["title"], text=row["text"], by=by, now=self.now - WRITTEN_AGO)
        for row in rows["looks"]:
            self._look(site, row, self.person(key, row["role"]))
        self._several(site, rows["several"], clerk)
        for row in rows["files"]:
            self._file(site, row, clerk)
        while write_due(now=self.now):
            pass

    def _look(self, site: Site, row: dict[str, Any], by: User) -> None:
        for n, case in enumerate(_letters(site, row["titles"])):
            look_at_sender(case=case, by=by, now=self._ago(row["hours"]) + n * timedelta(minutes=3))

    def _several(self, site: Site, row: dict[str, Any], by: User) -> None:
        token, at = sha256(json.dumps(row).encode()).hexdigest()[:32], self._ago(row["hours"])
        bulk.ask(token=token, cases=_letters(site, row["titles"]), act=Act(row["act"]), given={}, by=by, now=at)
        bulk.carry_out(token=token, by=by, now=at)

    def _file(self, site: Site, row: dict[str, Any], by: User) -> None:
        lines = [json.dumps(self._line(site, row["source"], line), ensure_ascii=False) for line in row["lines"]]
        take_file(
            site=site, layout=layout_of(row["source"]), name=row["name"], data="\n".join(lines).encode(), by=by,
            now=self._ago(row["hours"]),
        )  # fmt: skip

    def _line(self, site: Site, source: str, line: dict[str, Any]) -> dict[str, str]:
        told = {name: value for name, value in line.items() if name != "sent"}
        told["sent_at"] = f"{local(self._ago(line['sent'])):%Y-%m-%d %H:%M}"
        if source == Case.Source.PLATFORM:
            told["site"] = site.host
            told["page"] = f"https://{site.host}{line['page']}" if line["page"].startswith("/") else line["page"]
        return told

    def _ago(self, hours: int) -> datetime:
        return self.now - timedelta(hours=hours)


def _letters(site: Site, titles: list[str]) -> list[Case]:
    """The letters of these titles, in this order. Raises Case.DoesNotExist."""
    return [Case.objects.select_related("site__owner", "desk__owner").get(site=site, title=title) for title in titles]

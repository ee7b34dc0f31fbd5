"""Requests for information to the demo city, each told through the actions that people use, up to its stage.

Imperfect on purpose: one is long overdue, one asks for everything and is never corrected, one went to reconsideration.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from jiyue.demo.files import word_bytes
from jiyue.demo.lettering import written_moment
from jiyue.demo.places import FOLDER, read_yaml
from jiyue.disclosure import actions, handling
from jiyue.disclosure.annual import columns_for, draw_up, save_annual
from jiyue.disclosure.bringing import Brought
from jiyue.disclosure.charging import ask_fee, charge
from jiyue.disclosure.models import Request
from jiyue.disclosure.receiving import receive
from jiyue.disclosure.reporting import keep_report
from jiyue.disclosure.tickets import write_due
from jiyue.domain.deadlines import local
from jiyue.domain.letters import DISCLOSURE, KINDS
from jiyue.estate.models import Site
from jiyue.foundation.home import Home
from jiyue.identity.models import User
from jiyue.identity.roles import Role
from jiyue.interaction.letterbox import Letter, LetterBox, new_token

FIRST_NUMBER = 995001
SITE = "portal"
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Disclosures:
    """What the stories need of the loaded city."""

    sites: dict[str, Site]
    person: Callable[[str, str], User]
    now: datetime

    def tell(self) -> None:
        """All requests of disclosure.yaml, and what their applicants may read of them."""
        given = read_yaml(FOLDER / "disclosure.yaml")
        for n, row in enumerate(given["requests"]):
            at = self.now - row["age"] * A_DAY
            self._go_on(self._received(row, at, number=FIRST_NUMBER + n, code=given["code"]), row, at)
        self._report(given["annual"])
        while write_due(now=self.now):
            pass

    def _received(self, row: dict[str, Any], at: datetime, *, number: int, code: str) -> Request:
        box = LetterBox(Home(settings.JIYUE_HOME).prepare())
        fields = {field.name: row[field.name] for field in KINDS[DISCLOSURE].fields if row.get(field.name)}
        letter = Letter(
            token=new_token(), number=f"{local(at):%Y%m%d}-{number}", kind=DISCLOSURE, host=self.sites[SITE].host,
            at=written_moment(at), language="zh-hans", fields=fields, ticket=box.tickets.issue(code), page="",
        )  # fmt: skip
        return receive(letter=letter, box=box, now=at)

    def _go_on(self, request: Request, row: dict[str, Any], at: datetime) -> None:
        stage, clerk = row["stage"], self.person(SITE, Role.LETTER_CLERK)
        if stage == "received":
            return
        if stage in {"correcting", "lapsed"}:
            until = local(at + 30 * A_DAY).date()
            actions.notify_correction(request=request, reason=row["reason"], until=until, by=clerk, now=at + 3 * A_DAY)
            if stage == "lapsed":
                why = "补正期限已过，申请人没有补正，也没有说明理由。"
                actions.lapse(request=request, reason=why, by=clerk, now=at + 35 * A_DAY)
            return
        actions.accept(request=request, by=clerk, now=at + A_DAY)
        handler = self.person(SITE, Role.LETTER_HANDLER)
        if stage == "consulting":
            handling.consult(
                request=request, kind="third_party", party=row["party"], question=row["question"], asked_at=at + 6 * A_DAY,
                by=handler, now=at + 6 * A_DAY,
            )  # fmt: skip
        if stage == "paying":
            day = at + 2 * A_DAY
            ask_fee(
                request=request, method="by_quantity", count=row["pages"], how=row["how"],
                until=local(self.now + 9 * A_DAY).date(), until_basis=row["basis"], by=handler, now=day,
            )  # fmt: skip
            charge(request=request, by=self.person(SITE, Role.REPLY_REVIEWER), now=day)
        if "decision" in row:
            self._answered(request, row, at + row.get("took", 12) * A_DAY, handler=handler)

    def _report(self, given: dict[str, Any]) -> None:
        """Last year's report: its tables confirmed, the rest entered, and the draft for the editors."""
        site, clerk, year = self.sites[SITE], self.person(SITE, Role.LETTER_CLERK), local(self.now).year - 1
        keep_report(site=site, year=year, by=clerk, now=self.now)
        save_annual(
            site=site, year=year, whole=False, version=0, figures={name: str(each) for name, each in given["figures"].items()},
            sources=given["sources"], prose={name: given[name] for name in ("overview", "problems", "others")}, by=clerk,
            now=self.now,
        )  # fmt: skip
        column = columns_for(site).first()
        if column is not None:
            draw_up(site=site, year=year, whole=False, column=column, by=clerk, now=self.now)

    def _answered(self, request: Request, row: dict[str, Any], at: datetime, *, handler: User) -> None:
        handling.submit(
            request=request, decision=row["decision"], text=row["answer"], place=row.get("place", ""), confirmed=True,
            by=handler, now=at, brought=_files(row),
        )  # fmt: skip
        if row["stage"] == "reviewing":
            return
        clerk, hour = self.person(SITE, Role.LETTER_CLERK), timedelta(hours=1)
        handling.approve(request=request, by=self.person(SITE, Role.REPLY_REVIEWER), now=at + hour)
        handling.send(request=request, by=handler, now=at + 2 * hour)
        day = local(at + A_DAY).date()
        actions.deliver(request=request, means=row["delivery"], on=day, note="", by=clerk, now=at + 2 * A_DAY)
        if row["stage"] == "contested":
            begun, ended = local(at + 20 * A_DAY).date(), local(at + 70 * A_DAY).date()
            contest = actions.contest(
                request=request,
                remedy="reconsideration",
                body=row["body"],
                begun_on=begun,
                by=clerk,
                now=at + 21 * A_DAY,
            )
            actions.settle_contest(
                contest=contest, verdict="upheld", ended_on=ended, by=clerk, now=at + 71 * A_DAY
            )  # fmt: skip


def _files(row: dict[str, Any]) -> list[Brought]:
    given = row.get("file")
    return [Brought(given["name"], word_bytes(given["title"], given["text"]))] if given else []

"""Live enquiries of the demo city, told through the actions that people use: one that was answered, one that became a letter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from jiyue.demo.lettering import written_moment
from jiyue.demo.places import FOLDER, read_yaml
from jiyue.domain.deadlines import local
from jiyue.domain.enquiries import USUAL_EACH, USUAL_IDLE, USUAL_WAITING
from jiyue.domain.letters import ENQUIRY, TALK
from jiyue.estate.models import Site
from jiyue.foundation.home import Home
from jiyue.identity.models import User
from jiyue.identity.roles import Role
from jiyue.interaction.enquiries import actions
from jiyue.interaction.enquiries.desks import come_on_duty, leave_duty, set_desk
from jiyue.interaction.enquiries.taking import take_in
from jiyue.interaction.enquiries.telling import tell_due
from jiyue.interaction.letterbox import Letter, LetterBox, new_token
from jiyue.interaction.letterbox.talks import OPEN, RATE, SAY, Said, key_of, room_of
from jiyue.interaction.models import Enquiry, EnquiryDesk
from jiyue.interaction.receiving import receive
from jiyue.interaction.tickets import write_due

FIRST_NUMBER = 997001
CODE = "9901000001"  # as of the other letters of the demo
A_WHILE = timedelta(seconds=40)


@dataclass(frozen=True)
class Enquiries:
    """What the stories need of the loaded city."""

    sites: dict[str, Site]
    person: Callable[[str, str], User]
    now: datetime

    def tell(self) -> None:
        """Everything in enquiries.yaml."""
        given = read_yaml(FOLDER / "enquiries.yaml")
        for row in given["desks"]:
            set_desk(
                site=self.sites[row["site"]], is_on=True, hours=row["hours"], title=row["title"], idle_minutes=USUAL_IDLE,
                most_each=USUAL_EACH, most_waiting=USUAL_WAITING, by=self.person(row["site"], Role.SITE_MANAGER),
                now=self.now - timedelta(days=5),
            )  # fmt: skip
        for n, row in enumerate(given["enquiries"]):
            self._tell(row, FIRST_NUMBER + n)
        while tell_due() or write_due(now=self.now):
            pass

    def _tell(self, row: dict[str, Any], number: int) -> None:
        site, by = self.sites[row["site"]], self.person(row["site"], Role.LETTER_CLERK)
        at, secret = self.now - timedelta(hours=row["age"]), new_token()
        desk = EnquiryDesk.objects.select_related("site").get(site=site)
        come_on_duty(desk=desk, by=by, now=at)
        first, *others = row["words"]
        enquiry = take_in(said=_said(secret, site, OPEN, at, text=first["visitor"]), now=at)
        at += A_WHILE
        actions.take(enquiry=enquiry, by=by, now=at)
        for word in others:
            at += A_WHILE
            if "visitor" in word:
                take_in(said=_said(secret, site, SAY, at, text=word["visitor"]), now=at)
            else:
                actions.answer(enquiry=enquiry, text=word["officer"], by=by, now=at)
        if row.get("advised"):
            actions.advise_letter(enquiry=enquiry, by=by, now=at)
        actions.end(enquiry=enquiry, topic=row["topic"], subject=row["subject"], by=by, now=at + A_WHILE)
        leave_duty(desk=desk, by=by, now=at + A_WHILE)
        if "rating" in row:
            take_in(said=_said(secret, site, RATE, at + 2 * A_WHILE, score=row["rating"]), now=at + 2 * A_WHILE)
        if "letter" in row:
            self._letter(enquiry, row, at + 5 * A_WHILE, number, secret)

    def _letter(self, enquiry: Enquiry, row: dict[str, Any], at: datetime, number: int, secret: str) -> None:
        box = LetterBox(Home(settings.JIYUE_HOME).prepare())
        said = (
            ("我", word["visitor"]) if "visitor" in word else ("工作人员", word["officer"]) for word in row["words"]
        )
        text = "\n".join(f"{who}：{words}" for who, words in said)
        letter = Letter(
            token=new_token(), number=f"{local(at):%Y%m%d}-{number}", kind=ENQUIRY, host=enquiry.site.host,
            at=written_moment(at), language="zh-hans", fields={**row["letter"], "text": text, TALK: room_of(secret)},
            ticket=box.tickets.issue(CODE),
        )  # fmt: skip
        receive(letter=letter, box=box, now=at)


def _said(secret: str, site: Site, act: str, at: datetime, **fields: str) -> Said:
    key = key_of(secret)
    said = Said(
        new_token(), room_of(secret), act, site.host, written_moment(at), "zh-CN", fields,
        key=key.hex() if act == OPEN else "",
    )  # fmt: skip
    return said if act == OPEN else said.proved(key)

"""Letters and the people who deal with them, for the tests' city."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from jiyue.estate.actions import appoint
from jiyue.foundation.home import Home
from jiyue.identity.models import User
from jiyue.identity.roles import Duty, Role
from jiyue.interaction.actions import accept, assign
from jiyue.interaction.handling import approve_reply, send_reply, submit_reply
from jiyue.interaction.letterbox import LetterBox, NewLetter, NewWord, Receipt, new_token
from jiyue.interaction.models import Case
from jiyue.interaction.receiving import empty_box
from tests.cast import TEST, Tenant, account

PARTS = {
    "clerk": (Role.LETTER_CLERK, Duty.EDITING),
    "handler": (Role.LETTER_HANDLER, Duty.EDITING),
    "replier": (Role.REPLY_REVIEWER, Duty.REVIEWING),
}
PHONE = "000-55501234"


@dataclass
class Office:
    """Who deals with the letters of one site."""

    tenant: Tenant
    clerk: User
    handler: User
    replier: User


def office(tenant: Tenant, *, now: datetime, prefix: str = "") -> Office:
    people = {}
    for part, (role, duty) in PARTS.items():
        name = f"{prefix or tenant.site.host.split('.')[1][:2]}_{part}"
        people[part] = account(name, duty, tenant.organisation, now=now)
        appoint(user=people[part], site=tenant.site, role=role, by=TEST, now=now)
    return Office(tenant, **people)


def box() -> LetterBox:
    return LetterBox(Home(settings.JIYUE_HOME).prepare())


def dropped(tenant: Tenant, *, now: datetime, kind: str = "enquiry", files=(), token: str = "", **fields) -> Receipt:
    """A letter as the counter puts it into the box."""
    given = {
        "title": "公交站牌看不清", "text": "湖滨路的公交站牌晚上看不清，请问什么时候能修？", "name": "样来信", "phone": PHONE,
        "public": "yes", **fields,
    }  # fmt: skip
    letter = NewLetter(
        token=token or new_token(), kind=kind, host=tenant.site.host, at=now, language="zh-hans", fields=given,
    )  # fmt: skip
    return box().drop(letter, files)


def letter(tenant: Tenant, *, now: datetime, **how) -> Case:
    """A letter that the worker has taken out of the box."""
    receipt = dropped(tenant, now=now, **how)
    empty_box(now=now)
    return Case.objects.select_related("site__owner", "desk__owner").get(number=receipt.number)


def word(case: Case, receipt: Receipt, act: str, *, now: datetime, files=(), token: str = "", **fields) -> None:
    """What the sender says later, proved by her code, and taken out of the box."""
    opened = box().tickets.open(receipt.number, receipt.code)
    said = NewWord(token=token or new_token(), number=receipt.number, act=act, at=now, fields=fields)
    box().drop_word(said, opened.key, files)
    empty_box(now=now)
    case.refresh_from_db()


def handled(case: Case, office: Office, *, now: datetime) -> Case:
    """Accepted and given to the handler."""
    accept(case=case, by=office.clerk, now=now)
    assign(case=case, desk=case.site, handler=office.handler, by=office.clerk, now=now)
    return case


def answered(case: Case, office: Office, *, now: datetime, text: str = "站牌的灯已于本周修好，请放心乘车。") -> Case:
    """Through every step to the answer."""
    handled(case, office, now=now)
    submit_reply(case=case, text=text, by=office.handler, now=now)
    approve_reply(case=case, gates=["policy", "legal", "wording"], by=office.replier, now=now)
    send_reply(case=case, by=office.handler, now=now)
    return case

"""Disclosure requests, for the tests' city."""

from datetime import datetime

from jiyue.disclosure.models import Request
from jiyue.disclosure.receiving import PART
from jiyue.interaction.letterbox import NewLetter, NewWord, Receipt, new_token
from jiyue.interaction.receiving import empty_box
from tests.cast import Tenant
from tests.letters import box

IDENTITY = "11010519491231002X"  # the example of the standard itself
FIELDS = {
    "title": "湖滨路北段改造工程竣工验收报告", "text": "市住建局2025年组织的竣工验收。",
    "form": "electronic", "delivery": "site",
    "applicant": "natural", "name": "样申请", "id_kind": "id_card", "id_number": IDENTITY, "phone": "000-55501234",
}  # fmt: skip
COMPANY = {
    **{name: value for name, value in FIELDS.items() if name not in ("id_kind", "id_number")},
    "applicant": "company", "name": "例贸易有限公司", "credit_code": "91350100M000100Y43", "representative": "例代表",
}  # fmt: skip


def dropped(tenant: Tenant, *, now: datetime, files=(), **changed: str) -> Receipt:
    """A request as the counter puts it into the box."""
    given = {**FIELDS, **changed}
    letter = NewLetter(
        token=new_token(), kind="disclosure", host=tenant.site.host, at=now, language="zh-hans",
        fields={name: value for name, value in given.items() if value},
    )  # fmt: skip
    return box().drop(letter, files)


def asked(tenant: Tenant, *, now: datetime, **changed: str) -> Request:
    """A request that the worker has taken out of the box."""
    return taken(dropped(tenant, now=now, **changed), now=now)


def taken(receipt: Receipt, *, now: datetime) -> Request:
    empty_box(now=now, parts=(PART,))
    return Request.objects.select_related("site__owner", "desk__owner").get(number=receipt.number)


def said(request: Request, receipt: Receipt, act: str, *, now: datetime, **fields: str) -> None:
    """What the applicant says later, proved by the code, and taken out of the box."""
    opened = box().tickets.open(receipt.number, receipt.code)
    word = NewWord(token=new_token(), number=receipt.number, act=act, at=now, fields=fields)
    box().drop_word(word, opened.key, ())
    empty_box(now=now, parts=(PART,))
    request.refresh_from_db()

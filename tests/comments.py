"""Comments and votes for the tests' city, written as through the counter."""

from datetime import datetime
from typing import Any

from jiyue.config.letters import attend
from jiyue.content.models import CommentOrder, Record
from jiyue.domain.comments import COMMENT, VOTE
from jiyue.interaction.comments.orders import set_order
from jiyue.interaction.letterbox import Contribution, NewLetter, Receipt, new_token
from jiyue.interaction.models import Comment
from tests.cast import Tenant, draft, reviewed, structured
from tests.letters import Office, box

TEXT = "希望多写几个办理地点，老人走不了太远。"


def page(tenant: Tenant, *, now: datetime, **fields: Any) -> Record:
    """A signed article."""
    record = draft(tenant, now=now, **fields)
    reviewed(tenant, record, now=now)
    return Record.objects.select_related("site__owner").get(pk=record.pk)


def ordered(tenant: Tenant, desk: Office | None, *, now: datetime, signed: bool = True, **how: Any) -> CommentOrder:
    """An order for the whole site unless another place is named, with the handler as keeper, signed with the structure."""
    given: dict[str, Any] = {
        "site": tenant.site, "column": None, "record": None, "takes_comments": True, "takes_votes": True, "opens_at": None,
        "closes_at": None, "named": "市政府办公室 样管理", "keeper": desk.handler if desk else None, "deputy": None,
        "by": tenant.manager, **how,
    }  # fmt: skip
    order = set_order(now=now, **given)
    if signed:
        structured(tenant, now=now)
    return order


def written(record: Record, text: str = TEXT, *, now: datetime, token: str = "", **how: str) -> Receipt:
    """A comment as the counter puts it into the box."""
    fields = {"text": text, "about": str(record.identity), "version": "f" * 64, **how}
    letter = NewLetter(
        token=token or new_token(),
        kind=COMMENT,
        host=record.site.host,
        at=now,
        language="zh-CN",
        fields=fields,
        page="/x.html",
    )
    return box().drop(letter)


def comment(record: Record, text: str = TEXT, *, now: datetime) -> Comment:
    """A comment that the worker has taken out of the box."""
    receipt = written(record, text, now=now)
    attend(now)
    return Comment.objects.select_related("record__site__owner", "standing").get(number=receipt.number)


def vote(record: Record, useful: str = "yes", reason: str = "", *, now: datetime, token: str = "") -> Contribution:
    """A vote as the counter puts it into the box."""
    given = Contribution(
        token=token or new_token(), kind=VOTE, about=str(record.identity), version="f" * 64, host=record.site.host,
        at=now.isoformat(), language="zh-CN", fields={"useful": useful, **({"reason": reason} if reason else {})},
    )  # fmt: skip
    box().drop_contribution(given)
    return given

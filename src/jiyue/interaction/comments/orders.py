"""评论评价的安排: made by the site's manager, in effect once signed with the site's structure, and read back from the ledger."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiyue.content.models import Column, CommentOrder, Record
from jiyue.content.structure import identity_of
from jiyue.domain.campaigns import COMING, OVER
from jiyue.domain.comments import KINDS, columns_above, order_for, standing
from jiyue.domain.letters import tidied
from jiyue.estate.models import Site
from jiyue.estate.policies import may_manage
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User
from jiyue.interaction.comments.events import CommentOrderSet
from jiyue.interaction.mailboxes import keepers_at
from jiyue.interaction.policies import takes_letters
from jiyue.review import ledger
from jiyue.review.models import SignOff
from jiyue.review.sealing import is_genuine

SET, ENDED = "set", "ended"
# A structure counts from the moment at which its signing began and is read once that is committed: whoever acts in between
# reads, and names, the one before.
UNSEEN = timedelta(minutes=10)


@dataclass(frozen=True)
class Order:
    """What was signed for one page. `version` is the digest of the structure in which it stands."""

    version: str
    facts: Mapping[str, Any]

    @property
    def place(self) -> str:
        """Which order of the structure it is."""
        return place_of(self.facts)

    @property
    def takes_comments(self) -> bool:
        return bool(self.facts["takes_comments"])

    @property
    def takes_votes(self) -> bool:
        return bool(self.facts["takes_votes"])

    def names(self, username: str) -> bool:
        """May this account decide about comments?"""
        return self.takes_comments and bool(username) and username in self.facts["keepers"]

    def is_open(self, at: datetime, *, early: timedelta, late: timedelta) -> bool:
        """Lies a moment between the signed opening and closing, or that little before or after?"""
        return standing(self.facts, at + early) != COMING and standing(self.facts, at - late) != OVER


class Orders:
    """All orders that were ever signed for one site; each ledger row is believed only with its seal. Keep it for one act."""

    def __init__(self, site: Site) -> None:
        # A structure is a hundred kilobytes, and of all that were ever signed one or two are read.
        rows = SignOff.objects.filter(identity=identity_of(site)).select_related("version").defer("version__content")
        rows = rows.order_by("-sequence")
        self._rows = [row for row in rows if is_genuine(row)]
        self._read: dict[str, dict[str, Any]] = {}

    def of(self, record: Record, at: datetime) -> Order | None:
        """The order for a page at a moment; None where it takes neither comments nor votes. Raises SignOffRefused."""
        version, told = self._at(at)
        if record.kind not in KINDS:
            return None
        columns = {column["id"]: column for column in told.get("columns", ())}
        above = columns_above(columns, record.column_id)
        facts = order_for(told.get("comments", ()), page=str(record.identity), columns=above)
        return Order(version, facts) if facts is not None else None

    def named(self, place: str, at: datetime, *, version: str) -> Order | None:
        """The order of this place in the signed structure with this digest, wherever the page has gone since.

        None unless that structure counted at the moment, or was replaced within `UNSEEN` before it. Raises SignOffRefused.
        """
        row = next((row for row in self._readable(at) if row.version_digest == version), None)
        _digest, told = self._told(row)
        facts = next((facts for facts in told.get("comments", ()) if place_of(facts) == place), None)
        return Order(version, facts) if facts is not None else None

    def _readable(self, at: datetime) -> Iterator[SignOff]:
        """What whoever acted at a moment may have read as the structure in force."""
        for row in self._rows:
            if row.effective_at <= at:
                yield row
                if row.effective_at <= at - UNSEEN:
                    return

    def _at(self, at: datetime) -> tuple[str, dict[str, Any]]:
        return self._told(next((row for row in self._rows if row.effective_at <= at), None))

    def _told(self, row: SignOff | None) -> tuple[str, dict[str, Any]]:
        if row is None or row.version is None:
            return "", {}
        if row.version_digest not in self._read:
            self._read[row.version_digest] = ledger.content_of(row.version, digest=row.version_digest)
        return row.version_digest, self._read[row.version_digest]


def place_of(facts: Mapping[str, Any]) -> str:
    """One page, one column, or the whole site, as an act remembers it."""
    if facts["page"]:
        return f"page:{facts['page']}"
    return f"column:{facts['column']}" if facts["column"] else "site"


def order_of(record: Record, at: datetime) -> Order | None:
    """As `Orders.of`, for a single page."""
    return Orders(record.site).of(record, at)


def is_public(record: Record) -> bool:
    """Is the record signed and not withdrawn?"""
    row = ledger.current(record.identity)
    return row is not None and row.act != SignOff.Act.WITHDRAW and row.version is not None


@transaction.atomic
def set_order(
    *, site: Site, column: Column | None, record: Record | None, takes_comments: bool, takes_votes: bool,
    opens_at: datetime | None, closes_at: datetime | None, named: str, keeper: User | None, deputy: User | None, by: User,
    now: datetime, order: CommentOrder | None = None,
) -> CommentOrder:  # fmt: skip
    """Let people comment or vote under a page, in a column or on the whole site, or, with neither, switch both off there.

    `order` is the one that is changed, and moves where it is given another place; without it the one of that place is.
    Counts from the next sign-off of the structure on. Raises PermissionDenied, ValidationError.
    """
    _require_manager(by, site)
    if not takes_letters(site):
        raise ValidationError(_("网站没有开通互动交流，不能开放评论和评价"))
    _refuse_place(site, column, record)
    named = tidied(named)
    if takes_comments:
        _refuse_keepers(site, named, keeper, deputy)
    row = _order_at(site, column, record, order)
    if row.pk and (row.column, row.record) != (column, record):
        _trace(row, ENDED, by, now)
        row.column, row.record = column, record
    row.takes_comments, row.takes_votes, row.opens_at, row.closes_at = takes_comments, takes_votes, opens_at, closes_at
    row.named, row.keeper, row.deputy = named, keeper, deputy
    if opens_at and closes_at and closes_at <= opens_at:
        raise ValidationError({"closes_at": _("结束时间要在开始时间之后")})
    row.full_clean()
    row.save()
    _trace(row, SET, by, now)
    return row


def _order_at(site: Site, column: Column | None, record: Record | None, order: CommentOrder | None) -> CommentOrder:
    """The locked row to be written, or a new one. Raises ValidationError where it would stand beside another."""
    rows = CommentOrder.objects.select_for_update().filter(site=site)
    there = rows.filter(column=column, record=record).first()
    if order is None:
        return there or CommentOrder(site=site, column=column, record=record)
    if there is not None and there.pk != order.pk:
        field = "record" if record else "column"
        raise ValidationError({field: _("“%(place)s”已有安排，请修改那一条，或者先取消它") % {"place": there.place}})
    found = there or rows.filter(pk=order.pk).first()
    if found is None:
        raise ValidationError(_("这条安排刚刚被取消了"))
    return found


@transaction.atomic
def end_order(*, order: CommentOrder, by: User, now: datetime) -> None:
    """Take an order back: what stands above it counts again. From the next sign-off on. Raises PermissionDenied."""
    _require_manager(by, order.site)
    _trace(order, ENDED, by, now)
    order.delete()


def _require_manager(by: User, site: Site) -> None:
    if not may_manage(by, site):
        raise PermissionDenied(_("评论和评价由网站管理员开放和关闭"))


def _refuse_place(site: Site, column: Column | None, record: Record | None) -> None:
    if column is not None and record is not None:
        raise ValidationError({"record": _("栏目和网页只选一个")})
    if column is not None and column.site_id != site.pk:
        raise ValidationError({"column": _("只能选本网站的栏目")})
    if record is not None and (record.site_id != site.pk or record.kind not in KINDS or not is_public(record)):
        raise ValidationError({"record": _("只能选本网站已经公开的网页，调查、征集和访谈有自己的参与方式")})


def _refuse_keepers(site: Site, named: str, keeper: User | None, deputy: User | None) -> None:
    if not named:
        raise ValidationError({"named": _("开放评论要公布评论管理员是谁")})
    if keeper is None:
        raise ValidationError({"keeper": _("开放评论要指定评论管理员")})
    serving = set(keepers_at(site).values_list("pk", flat=True))
    if keeper.pk not in serving:
        raise ValidationError({"keeper": _("只能由本网站的信件受理人或者承办人担任")})
    if deputy is not None and (deputy.pk not in serving or deputy.pk == keeper.pk):
        raise ValidationError({"deputy": _("代理要是本网站另一位信件受理人或者承办人")})


def _trace(row: CommentOrder, act: str, by: User, now: datetime) -> None:
    host = row.site.host
    event = CommentOrderSet(
        subject=f"site:{host}", site=host, place=row.place, comment_order_act=act, comments=row.takes_comments,
        votes=row.takes_votes, keepers=[person.username for person in (row.keeper, row.deputy) if person],
    )  # fmt: skip
    trace(event, by=by.actor(), at=now)

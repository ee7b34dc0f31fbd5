"""Items and guides from another system's file: what is missing is made, what is there is left for a comparison.

A new guide is a draft that takes the way of every draft; nothing here is public. Each entry is a transaction of its own
and is known by its code (`Record.import_key`), so a run that was cut off is repeated and makes nothing twice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from jiyue.content.actions import keep_new
from jiyue.content.belonging import items_for
from jiyue.content.events import ServicesImported
from jiyue.content.models import Column, ServiceGuide, ServiceItem
from jiyue.content.policies import may_keep_items, writable_columns
from jiyue.content.service_entries import fill_guide, fill_item
from jiyue.content.service_sentences import element
from jiyue.content.service_sheets import SheetRefused, read_workbook
from jiyue.content.servicing import save_item
from jiyue.domain.service_items import ITEM_FIELDS, Line, ServiceEntry, read_lines
from jiyue.estate.models import Site
from jiyue.foundation.audit import record as trace
from jiyue.identity.models import User

MOST_BYTES = 20 * 1024 * 1024
KEY = "service:"


class ServiceFileRefused(ValueError):
    """The file cannot be read at all; the message says why."""


@dataclass(frozen=True)
class Made:
    """What became of one entry: the rows that were made, or a sentence why one was not. Nothing at all: it was there."""

    code: str
    item: bool = False
    guide: ServiceGuide | None = None
    refused: str = ""


def read_file(data: bytes) -> list[Line]:
    """The lines of a workbook, or of a file in the exchange format; told by its bytes. Raises ServiceFileRefused."""
    if len(data) > MOST_BYTES:
        raise ServiceFileRefused(_("文件太大，最多 %(limit)s MB") % {"limit": MOST_BYTES // 1024 // 1024})
    if data[:4] == b"PK\x03\x04":
        try:
            found = list(read_workbook(data))
        except SheetRefused as refused:
            raise ServiceFileRefused(str(refused)) from refused
    else:
        found = list(read_lines(data))
    if not found:
        raise ServiceFileRefused(_("文件里没有内容"))
    return found


def import_entries(
    *, site: Site, entries: Iterable[ServiceEntry], source: str, by: User, now: datetime
) -> Iterator[Made]:
    """Make the items and guides that a site lacks, as far as the person may: an overseer items, an editor guides.

    Raises PermissionDenied for who may do neither. What exists is never changed here.
    """
    items, column = may_keep_items(by, site.owner), guide_column(by, site)
    if not items and column is None:
        raise PermissionDenied(_("录入指南要有这个网站“办事服务”栏目的编辑权限，登记事项要是主办单位的督办人员"))
    made = []
    for entry in entries:
        made.append(_import(site, entry, column=column, items=items, by=by, now=now))
        yield made[-1]
    _trace(site, made, source=source, by=by, now=now)


def guide_column(user: User, site: Site) -> Column | None:
    """The first open column for services in which the person may write."""
    columns = writable_columns(user, site).filter(kind=Column.Kind.SERVICES)
    return columns.select_related("site__owner", "responsible").order_by("path").first()


def new_guide(*, entry: ServiceEntry, item: ServiceItem, column: Column, by: User, now: datetime) -> ServiceGuide:
    """A draft guide of an item, as the other side describes it. Raises ValidationError."""
    guide = ServiceGuide(
        site=column.site, column=column, item=item, title=item.name, import_key=key_of(entry.code),
        responsible=column.responsible or column.site.owner,
    )  # fmt: skip
    fill_guide(guide, entry)
    guide.handling_body = guide.handling_body or (column.responsible or column.site.owner).name
    guide.source = guide.handling_body[:80]
    keep_new(record=guide, by=by, now=now)
    return guide


def key_of(code: str) -> str:
    """How a guide made from an entry is known on its site."""
    return f"{KEY}{code}"


def _import(
    site: Site, entry: ServiceEntry, *, column: Column | None, items: bool, by: User, now: datetime
) -> Made:  # fmt: skip
    try:
        with transaction.atomic():
            return _make(site, entry, column=column, items=items, by=by, now=now)
    except ValidationError as error:
        return Made(entry.code, refused=_in_words(error))
    except IntegrityError:
        return Made(entry.code, refused=_("别人刚刚录入了同一个事项，请再比对一次"))


def _make(site: Site, entry: ServiceEntry, *, column: Column | None, items: bool, by: User, now: datetime) -> Made:
    item, new = items_for(site).filter(code=entry.code).first(), False
    if item is None and ServiceItem.objects.filter(code=entry.code).exists():
        return Made(entry.code, refused=_("这个编码是别的单位目录里的事项，本站不能使用"))
    if item is None and items:
        item, new = _new_item(site, entry, by=by, now=now), True
    if item is None:
        return Made(entry.code, refused=_("目录里还没有这个事项，请目录编制单位的督办人员先登记"))
    if column is None or ServiceGuide.objects.filter(site=site, item=item).exists() or not _has_guide(entry):
        return Made(entry.code, item=new)
    return Made(entry.code, item=new, guide=new_guide(entry=entry, item=item, column=column, by=by, now=now))


def _has_guide(entry: ServiceEntry) -> bool:
    """Does the other side say anything about how the item is handled?"""
    return bool(entry.stated - set(ITEM_FIELDS) - {"title"})


def _new_item(site: Site, entry: ServiceEntry, *, by: User, now: datetime) -> ServiceItem:
    item = ServiceItem(code=entry.code, organisation=site.owner)
    fill_item(item, entry)
    return save_item(item=item, by=by, now=now)


def _trace(site: Site, made: list[Made], *, source: str, by: User, now: datetime) -> None:
    event = ServicesImported(
        subject=f"site:{site.host}", site=site.host, name=source, items=sum(each.item for each in made),
        guides=sum(each.guide is not None for each in made), refused=sum(bool(each.refused) for each in made),
    )  # fmt: skip
    with transaction.atomic():
        trace(event, by=by.actor(), at=now)


def _in_words(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return "；".join(error.messages)
    named = {"legal_basis": "item_basis"}  # an item's own; the guide's is never refused but for its length
    found = [(named.get(name, name), message) for name, messages in error.message_dict.items() for message in messages]
    return "；".join(message if name == "__all__" else f"{element(name)}：{message}" for name, message in found)

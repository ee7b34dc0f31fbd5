"""The original of a reprint: read out of what was fetched, kept, and held against the reprint; and where one may reprint from.

REPR-02 to REPR-05. What is compared and how stands in `domain.reprints`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from jiyue.checks.reading.sniffing import kind_of
from jiyue.content.intake import Item, read
from jiyue.content.markup import Block
from jiyue.content.models import KeptText, PermittedSource, Record, ReprintTask
from jiyue.content.models.reprinting import original_of
from jiyue.content.rendering import plain_text
from jiyue.domain.reprints import Alteration, altered
from jiyue.estate.models import Site
from jiyue.foundation.fetching import Fetched
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore

# Pictures and files of another site are not taken over: their rights are another matter, and their addresses are foreign.
FILES = frozenset({"image", "attachment", "video", "audio"})
SUFFIXES = {"PDF": ".pdf", "DOCX": ".docx", "TXT": ".txt"}


@dataclass(frozen=True)
class Original:
    """What was read out of a source: title, blocks for a draft, their plain text, and how many files were left out."""

    title: str
    blocks: tuple[Block, ...]
    text: str
    left_out: int


def original_in(fetched: Fetched) -> Original:
    """Title and body of a fetched page or document. Raises IntakeRefused when there is no text in it."""
    item = next(read(fetched.body, name=f"original{SUFFIXES.get(kind_of(fetched.body), '.html')}"))
    if not isinstance(item, Item):
        return Original("", (), "", 0)
    blocks = tuple(block for block in item.blocks if block["type"] not in FILES)
    title = "" if item.title == "original" else item.title
    return Original(title, blocks, plain_text(blocks), len(item.blocks) - len(blocks))


def store_bytes(data: bytes) -> str:
    """Keep what a source said, byte for byte; gives the digest."""
    return ObjectStore(Home(settings.JIYUE_HOME).prepare()).put(data)


def alteration_of(record: Record, kept: KeptText) -> Alteration:
    """How a draft differs from a text that was kept."""
    blocks: list[Any] = record.body.get_prep_value() if record.body else []
    return altered(original=(kept.title, kept.text), reprint=(record.title, plain_text(blocks)))


def versions_of(record: Record) -> list[KeptText]:
    """The newest text of every other channel on which the item stands."""
    rows = KeptText.objects.filter(record=record.pk, role=KeptText.Role.CHANNEL).select_related("kept_by")
    newest: dict[str, KeptText] = {}
    for row in rows.order_by("-kept_at", "-pk"):
        newest.setdefault(row.channel, row)
    return [newest[channel] for channel in sorted(newest)]


def sources_for(site: Site) -> QuerySet[PermittedSource]:
    """Approved sources of the site's owner and the units above it, those for one item alone left out."""
    lines = (site.owner.lineage, site.owner.vertical_lineage)
    units = {site.owner_id} | {int(key) for line in lines for key in line.split("/") if key}
    return PermittedSource.objects.filter(
        organisation__in=units, state=PermittedSource.State.APPROVED, only_for__isnull=True
    )


def is_permitted(record: Record, address: str) -> bool:
    """May the record be reprinted from there? Where no list is kept, from anywhere."""
    host = (urlsplit(address).hostname or "").lower()
    listed = list(sources_for(record.site).values_list("host", flat=True))
    if not listed or any(host == each or host.endswith(f".{each}") for each in listed):
        return True
    alone = Q(only_for=record.pk, host=host, state=PermittedSource.State.APPROVED)
    return record.pk is not None and PermittedSource.objects.filter(alone).exists()


def against_reprint(record: Record) -> Iterator[tuple[str, str]]:
    """What stands in the way of submitting a reprint: the field it belongs to, and the sentence."""
    if not record.reprint:
        if record.original_address and _ordered(record):
            yield "reprint", _("这是上级要求转载的内容，请勾选“转载稿件”")
        return
    if not record.original_source.strip():
        yield "original_source", _("转载稿件必须写明原来源")
    if not record.original_address:
        yield "original_address", _("转载稿件必须写明原网址")
        return
    if not is_permitted(record, record.original_address):
        yield "original_address", _("这个网址不在稿源名单里：请换来源，或者申请对这一篇特别同意")
    kept = original_of(record)
    if kept is None:
        yield "original_address", _("还没有保存原文：请在“转载核对”里读取原网址，或者粘贴原文")
    elif kept.address != record.original_address:
        yield "original_address", _("保存的原文是另一个网址的，请重新保存")


def _ordered(record: Record) -> bool:
    lines = (record.site.owner.lineage, record.site.owner.vertical_lineage)
    units = {record.site.owner_id} | {int(key) for line in lines for key in line.split("/") if key}
    tasks = ReprintTask.objects.filter(organisation__in=units, withdrawn_at=None)
    return tasks.filter(address=record.original_address).exists()

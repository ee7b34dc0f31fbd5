"""Public documents by the ten thousand: records, versions, ledger rows and public items, all sealed and chained.

One document is written, rendered and frozen by the actions that people use. The others are its canonical text with
another number, identity and column: still canonical, still 15 blocks, about 12 kB as a page.
"""

import json
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from tests.cast import Tenant, draft, structured

from building.bodies import blocks
from jiyue.content.actions import save_column
from jiyue.content.models import Article, Column, Record
from jiyue.content.models.records import State
from jiyue.content.snapshots import snapshot_of
from jiyue.domain.actors import process
from jiyue.domain.canonical import canonical, digest_of_text
from jiyue.publishing import lists
from jiyue.publishing.agenda import due_rows
from jiyue.publishing.models import Publication, PublicItem, Relation
from jiyue.publishing.projection import Changes, _renew_totals, address_of
from jiyue.publishing.read_keys import column_key
from jiyue.publishing.sealed import seal_item, seal_relation
from jiyue.review.ledger import _digest
from jiyue.review.models import SignOff, Subject, Version
from jiyue.review.sealing import seals, signoff_facts

BENCH = process("bench")
MARK, IDENTITY, COLUMN, PATH = "第〇〇〇〇〇〇号", "00000000-0000-4000-8000-000000000000", 987654321, "zz/yyyy"
PIECE = 2000  # documents a transaction
PEOPLE = [
    {"level": level, "user": 1, "name": f"样{level}", "unit": "澄湖市人民政府", "at": "2016-01-01T00:00:00+00:00"}
    for level in ("first", "second", "secrecy", "final")
]


@dataclass(frozen=True)
class Made:
    """One document as it will be inserted."""

    number: int
    column: Column
    at: datetime


def twelve_columns(tenant: Tenant, *, now: datetime) -> list[Column]:
    """Twelve columns that list articles; the first one is the news column of the cast."""
    parent, made = tenant.columns["zwdt"], [tenant.columns["yw"]]
    for n in range(11):
        column = Column(
            site=tenant.site, parent=parent, kind=Column.Kind.GENERAL, channel=Column.Channel.NEWS, name=f"综合信息{n}",
            slug=f"zh{n}", responsible=tenant.organisation, description="综合信息", keywords="信息", position=20 + n,
        )  # fmt: skip
        made.append(save_column(column=column, by=BENCH, now=now))
    structured(tenant, now=now)
    due_rows(tenant.site, at=now)  # notices the ledger row, as the worker would before any later one
    return made


def pattern_of(tenant: Tenant, *, now: datetime) -> str:
    """The canonical text of one document as `submit` would freeze it, with the marks that `publish_many` replaces."""
    record = draft(
        tenant, now=now, title=f"关于印发{MARK}实施方案的通知", summary=f"{MARK}实施方案的主要内容。", body=blocks(MARK)
    )
    content = snapshot_of(record)
    record.delete()
    content.update(identity=IDENTITY, column=COLUMN, column_path=PATH)
    content["original"]["published_at"] = None
    return canonical(content)


def publish_many(
    tenant: Tenant, columns: Sequence[Column], *, main: int, others: int, now: datetime, years: int = 10
) -> int:
    """`main` documents in the first column and `others` in all others together, signed and deployed over `years`.

    Only the pages are missing: the next bake of everything makes them. Gives the number of documents.
    """
    total = main + others
    pattern, first = pattern_of(tenant, now=now), now - timedelta(days=365 * years)
    step = (now - first) / (total + 1)
    every = max(1, total // others) if others else total + 1
    made = [
        Made(
            n, columns[1 + n // every % (len(columns) - 1)] if n % every == every - 1 else columns[0], first + step * n
        )
        for n in range(total)
    ]
    for start in range(0, total, PIECE):
        _publish(tenant, pattern, made[start : start + PIECE])
    _renew_totals(Changes(keys={column_key(column.pk) for column in columns}))
    for column in columns:
        lists.divide_anew(column)
    return total


def insert_articles(
    tenant: Tenant, pattern: str, made: Sequence[Made], *, state: str = State.PUBLISHED
) -> list[tuple[Record, str]]:
    """Record rows of articles in bulk, each with the canonical text of its version."""
    content = json.loads(pattern)
    body = Record(body=content["blocks"]).body
    rows = [_record(tenant, content, body, each, state) for each in made]
    Record.objects.bulk_create(rows, batch_size=200)
    link = Article._meta.pk.column
    with connection.cursor() as cursor:
        cursor.executemany(f"insert into {Article._meta.db_table} ({link}) values (%s)", [[row.pk] for row in rows])  # noqa: S608
    return [(row, _text(pattern, row)) for row in rows]


def _record(tenant: Tenant, content: dict[str, Any], body: Any, each: Made, state: str) -> Record:
    return Record(
        identity=uuid.UUID(int=(0x4000 << 64) | (0x8000 << 48) | each.number + 1), kind=Record.Kind.ARTICLE,
        site_id=each.column.site_id, column=each.column, state=state, title=content["title"].replace(MARK, _mark(each.number)),
        source=content["source"], responsible=tenant.organisation, body=body, created_by=tenant.editor,
        created_at=each.at, changed_at=each.at,
    )  # fmt: skip


def _mark(number: int) -> str:
    return f"第{number + 1:06d}号"


def _text(pattern: str, row: Record) -> str:
    number = row.identity.int & 0xFFFF_FFFF_FFFF
    text = pattern.replace(MARK, _mark(number - 1)).replace(IDENTITY, str(row.identity))
    return text.replace(str(COLUMN), str(row.column_id)).replace(PATH, row.column.path)


@transaction.atomic
def _publish(tenant: Tenant, pattern: str, made: Sequence[Made]) -> None:
    records = insert_articles(tenant, pattern, made)
    versions = [
        Version(
            subject=Subject.RECORD, identity=row.identity, site=tenant.site, record=row, number=1, content=text,
            digest=digest_of_text(text), author=tenant.editor, writers=[tenant.editor.pk], created_at=row.created_at,
        )
        for row, text in records
    ]  # fmt: skip
    Version.objects.bulk_create(versions, batch_size=500)
    rows = list(_chained(tenant, versions))
    SignOff.objects.bulk_create(rows, batch_size=500)
    Publication.objects.bulk_create(
        [
            Publication(sign_off=row, site=tenant.site, state=Publication.State.DEPLOYED, baked_at=row.signed_at,
                        deployed_at=row.signed_at, release=1)
            for row in rows
        ],
        batch_size=500,
    )  # fmt: skip
    PublicItem.objects.bulk_create([_item(row, each) for row, each in zip(rows, made, strict=True)], batch_size=500)


def _chained(tenant: Tenant, versions: list[Version]):
    last = SignOff.objects.order_by("-sequence").values("sequence", "digest").first()
    sequence, previous = last["sequence"], last["digest"]
    for version in versions:
        sequence += 1
        row = SignOff(
            sequence=sequence, act=SignOff.Act.PUBLISH, subject=Subject.RECORD, identity=version.identity,
            site=tenant.site, version=version, version_digest=version.digest, signers=PEOPLE, instruction={},
            signed_at=version.created_at, effective_at=version.created_at, previous=previous,
        )  # fmt: skip
        row.digest = previous = _digest(row)
        row.seal = seals().seal("sign-off", {**signoff_facts(row), "digest": row.digest})
        yield row


def _item(row: SignOff, each: Made) -> PublicItem:
    item = PublicItem(
        site=row.site, identity=row.identity, column=each.column, kind=Record.Kind.ARTICLE,
        state=PublicItem.State.SHOWN, sign_off=row, version_digest=row.version_digest, serial=row.sequence,
        address=address_of(each.column.path, each.at, row.sequence), published_at=each.at, changed_at=each.at,
    )  # fmt: skip
    seal_item(item)
    return item


def relate(tenant: Tenant, *, each: int = 6) -> None:
    """Every public item chooses `each` older ones by chance, sealed as `relating.renew` seals them."""
    chance = random.Random(7)  # noqa: S311 - the same data in every run
    older: list[int] = []
    rows = []
    for pk in PublicItem.objects.filter(site=tenant.site).order_by("pk").values_list("pk", flat=True):
        rows += [
            Relation(item_id=pk, target_id=target, score=chance.randint(300, 2000), shared=["word:方案"])
            for target in chance.sample(older, min(each, len(older)))
        ]
        older.append(pk)
    for row in rows:
        seal_relation(row)
    Relation.objects.bulk_create(rows, batch_size=5000)

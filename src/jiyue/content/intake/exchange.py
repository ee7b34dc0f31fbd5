"""A record of another installation, as its export or its change feed hands it over, made an item of ours.

It is judged first: the envelope against the interface standard, the record against the edition of its kind that it names,
its digest, and every file against the digest under which it was named. What breaks one of them is refused, with field and
reason; nothing is mended silently (PLAT-08).
"""

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from jiyue.checks.reading.sniffing import kind_of
from jiyue.content.intake.exchange_blocks import misshapen
from jiyue.content.intake.items import Field, IntakeRefused, Item, ItemFile, Refusal
from jiyue.content.intake.told import ARTICLE, TOLD
from jiyue.content.intake.told import told as told_of
from jiyue.domain.canonical import digest_of
from jiyue.domain.digests import digest_of as digest_of_bytes
from jiyue.domain.official_text import Reading
from jiyue.rules.standards import faults, sentence, shipped

Fetch = Callable[[Mapping[str, Any]], bytes]
_NAMESPACE: Final = uuid.UUID("6f1c2d0e-3b4a-5c6d-8e7f-90a1b2c3d4e5")
MOST_TOLD: Final = 5
# Kinds whose rows lean on others here: items of service, files of materials. Their own unit writes them.
NOT_TAKEN: Final = frozenset({"service_guide", "topic"})
COMMON: Final = (
    "subtitle", "author", "summary", "openness", "form_class", "event_on", "event_time", "information_class",
)  # fmt: skip
OWN: Final = {
    "notice": ("valid_until",),
    "policy_document": (
        "index_number", "document_number", "issuer", "written_on", "issued_on", "effective_on", "expires_on", "signatory",
        "addressee",
    ),
    "interpretation": ("form",),
    "leader": ("post", "duties"),
    "institution": ("address", "telephone", "hours", "head"),
}  # fmt: skip


def is_exchanged(record: Mapping[str, Any]) -> bool:
    """Is a line of a JSONL file a record in exchanged form?"""
    return isinstance(record.get("record"), dict) and {"standard", "origin", "digest"} <= record.keys()


def item_of(told: Any, *, fetch: Fetch, source: str, line: int | None = None) -> Item | Refusal:
    """The item of one exchanged record; `fetch` gives the bytes of a file by its facts, or raises IntakeRefused."""
    try:
        return _item(told, fetch, source, line)
    except IntakeRefused as refused:
        return Refusal(source, refused.note, line)


def broken(told: Any) -> list[str]:
    """In what an exchanged record breaks the standards, in words; empty when it conforms."""
    found = [sentence(fault) for fault in faults(told, shipped().editions["exchange_item"][-1].schema)]
    if found:
        return found
    edition = shipped().edition(told["standard"])
    if edition is None or edition.name not in shipped().editions or edition.name != told["record"].get("kind"):
        return [f"数据标准版本（standard）：没有这个版本：{told['standard'][:60]}"]
    record = told["record"]
    found = [sentence(fault) for fault in faults(record, edition.schema)]
    if not found:
        found = list(misshapen(record["blocks"], files=len(_named(record))))
    if not found and digest_of(told["record"]) != told["digest"]:
        found = ["记录摘要（digest）：与记录内容不符，传输中可能被改动"]
    return found


def _item(told: Any, fetch: Fetch, source: str, line: int | None) -> Item:
    reasons = broken(told)
    if reasons:
        raise IntakeRefused("standard_broken", why="；".join(reasons[:MOST_TOLD]))
    record = told["record"]
    if record["kind"] in NOT_TAKEN:
        raise IntakeRefused("kind_not_taken", title=record["title"][:40])
    key = f"exchange:{told['digest'][:48]}"
    in_words = record["kind"] in TOLD
    blocks = tuple(
        {**block, "id": str(uuid.uuid5(_NAMESPACE, f"{key}:{place}"))}
        for place, block in enumerate(told_of(record) if in_words else record["blocks"])
    )
    return Item(
        source=source, key=key, kind=ARTICLE if in_words else record["kind"], title=record["title"], blocks=blocks,
        files=tuple(_file(facts, fetch) for facts in _named(record)), reading=Reading(), fields=_fields(told), notes=(),
        line=line, record_id=record["identity"], address=told["address"],
        origin=record["original"]["source"] or record["source"],
    )  # fmt: skip


def _named(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Files in the order in which blocks count them; the cover, which comes last, stays behind with its site."""
    files = record["files"]
    return list(files[:-1] if record["cover"] and files else files)


def _file(facts: Mapping[str, Any], fetch: Fetch) -> ItemFile:
    data = fetch(facts)
    if digest_of_bytes(data) != facts["digest"] or len(data) != facts["size"]:
        raise IntakeRefused("file_differs", name=facts["name"][:60])
    picture = kind_of(data) == "PICTURE"
    media = facts["media_type"]
    return ItemFile(facts["name"], data, media if picture == media.startswith("image/") else "application/octet-stream")


def _fields(told: Mapping[str, Any]) -> dict[str, Field]:
    record = told["record"]
    given: dict[str, Any] = {name: record.get(name) for name in COMMON}
    given |= {name: record["detail"].get(name) for name in OWN.get(record["kind"], ())}
    given |= {"topic": record["subject_class"], "keywords": "，".join(record["keywords"])[:200]}
    issuer = given.pop("issuer", "")
    fields = {
        name: Field(_value(name, value), "found", "stated", f"record:{name}") for name, value in given.items() if value
    }
    if issuer:
        fields["issuers"] = Field(tuple(issuer.split("、")), "found", "stated", "record:issuer")
    published = record["original"]["published_at"] or told["published_at"]
    fields["published_on"] = Field(datetime.fromisoformat(published), "found", "stated", "record:published_at")
    return fields


def _value(name: str, value: Any) -> str | date:
    return date.fromisoformat(value) if name.endswith("_on") else str(value)

"""JSONL: one record a line, as other platforms export them."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from jiyue.content.intake.decoding import decode, settle
from jiyue.content.intake.exchange import is_exchanged, item_of
from jiyue.content.intake.items import (
    FIELD_NAMES,
    MIB,
    Draft,
    Field,
    IntakeRefused,
    Item,
    Limits,
    Refusal,
    note,
)
from jiyue.content.intake.pages import moment_of, page_draft
from jiyue.content.intake.structure import item_from, paragraphs
from jiyue.content.sanitising import clean_text
from jiyue.domain.chinese_numerals import dates_in
from jiyue.domain.document_numbers import numbers_in
from jiyue.domain.official_lines import organisations_in

HEAD_SEARCHED = 1_000  # characters in which a text would name its own title
# First key that holds something wins.
KEYS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "full_text", "content", "body", "正文"),
    "html": ("html", "content_html", "body_html"),
    "title": ("title", "标题"),
    "issuers": ("issuer", "issuers", "agency", "发文机关"),
    "document_number": ("doc_no", "document_number", "发文字号"),
    "index_number": ("index_no", "index_number", "索引号"),
    "written_on": ("written_date", "written_on", "成文日期"),
    "published_on": ("published_date", "publish_date", "published_on", "pub_date", "发布日期"),
    "effective_on": ("effective_date", "effective_on", "施行日期"),
    "address": ("url", "source_url", "address", "链接"),
    "origin": ("source", "origin", "site", "来源"),
    "record_id": ("id", "record_id"),
    "stated_kind": ("kind", "doc_type"),
    "topic": ("topic", "subject", "主题分类"),
}


def read_records(lines: BinaryIO, *, name: str, limits: Limits, files: Path | None = None) -> Iterator[Item | Refusal]:
    """Every record of the file; a record that cannot be read is a Refusal with its line, the next ones go on.

    `files` is the folder with the files of exchanged records, by digest, as `jiyue export` writes it.
    """
    for number, line in enumerate(_lines(lines, limits), 1):
        if number > limits.records:
            yield Refusal(name, note("too_many_records", limit=limits.records), number)
            return
        if line is None:
            yield Refusal(name, note("record_too_large", line=number, limit=limits.record_bytes // MIB), number)
        elif line.strip(b"\xef\xbb\xbf \t\r\n"):
            yield _one(line, number, name, limits, files)


def _lines(lines: BinaryIO, limits: Limits) -> Iterator[bytes | None]:
    while line := lines.readline(limits.record_bytes + 1):
        if len(line) <= limits.record_bytes:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = lines.readline(MIB)
        yield None


def _one(line: bytes, number: int, name: str, limits: Limits, files: Path | None) -> Item | Refusal:
    try:
        # NUL and halves of characters are JSON escapes here and told with the record's text.
        text, notes = decode(line, name=name)
        record = json.loads(text)
    except IntakeRefused:
        return Refusal(name, note("record_encoding", line=number), number)
    except (ValueError, RecursionError):
        return Refusal(name, note("json_broken", line=number), number)
    if not isinstance(record, dict):
        return Refusal(name, note("json_no_object", line=number), number)
    if is_exchanged(record):
        return item_of(record, fetch=partial(_kept_file, files), source=name, line=number)
    try:
        draft = _draft(record, name, number, limits)
        draft.notes[:0] = notes
        return item_from(draft, source=name, line=number)
    except IntakeRefused as refused:
        return Refusal(name, refused.note, number)


def _kept_file(files: Path | None, facts: Mapping[str, Any]) -> bytes:
    digest = facts["digest"]
    path = files / digest[:2] / digest if files else None
    if path is None or not path.is_file():
        raise IntakeRefused("file_lost", name=facts["name"][:60], why=f"files/{digest[:2]}/{digest[:12]}…")
    return path.read_bytes()


def _draft(record: dict[str, Any], name: str, number: int, limits: Limits) -> Draft:
    draft = _body(record, name, number, limits)
    draft.title, draft.origin, draft.record_id, draft.stated_kind = (
        clean_text(_string(record, key)[1]).strip() or default
        for key, default in (("title", draft.title), ("origin", draft.origin), ("record_id", ""), ("stated_kind", ""))
    )
    _take_given(record, draft)
    return draft


def _body(record: dict[str, Any], name: str, number: int, limits: Limits) -> Draft:
    html, text = _string(record, "html")[1], _string(record, "text")[1]
    address = clean_text(_string(record, "address")[1]).strip()
    if len(html) + len(text) > limits.characters:
        raise IntakeRefused("too_many_characters", name=f"{name}:{number}", limit=limits.characters)
    if html.strip():
        cleaned, notes = settle(html)
        draft = page_draft(cleaned, name=f"{name}:{number}", limits=limits, address=address)
    else:
        cleaned, notes = settle(text)
        draft = Draft(blocks=paragraphs(_headed(record, cleaned)), address=address)
    if not draft.blocks:
        raise IntakeRefused("record_without_text", line=number)
    draft.notes[:0] = notes
    return draft


def _headed(record: dict[str, Any], text: str) -> str:
    """The text below its title and 题注, which many exports keep in columns of their own; both belong to the document."""
    if not text.strip():
        return text
    title = clean_text(_string(record, "title")[1]).strip()
    known = re.sub(r"\s", "", text[:HEAD_SEARCHED])
    parts = [title] if title and re.sub(r"\s", "", title) not in known else []
    history = record.get("history")
    if isinstance(history, list) and history and all(isinstance(line, str) for line in history):
        note = "\u3000".join(re.sub(r"日\s+", "日", clean_text(line).strip(" （）()")) for line in history)
        parts += [f"（{note}）"] if re.sub(r"\s", "", note) not in known else []
    return "\n".join([*parts, text])


def _string(record: dict[str, Any], name: str) -> tuple[str, str]:
    """The key that held something, and its text."""
    for key in KEYS[name]:
        value = record.get(key)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return key, str(value)
        if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
            return key, "、".join(value)
    return "", ""


def _take_given(record: dict[str, Any], draft: Draft) -> None:
    for name in ("title", "issuers", "document_number", "index_number", "written_on", "published_on", "effective_on"):
        key, raw = _string(record, name)
        if not raw:
            continue
        value = _usable(name, settle(raw)[0].strip())
        if value is None:
            draft.notes.append(note("field_unusable", field=FIELD_NAMES[name], given=raw.strip()[:80]))
        else:
            draft.given[name] = Field(value, "found", "stated", f"record:{key}")
    key, topic = _string(record, "topic")
    if topic:
        draft.given["topic"] = Field(clean_text(topic), "found", "stated", f"record:{key}")


def _usable(name: str, raw: str) -> str | tuple[str, ...] | date | datetime | None:
    if name == "document_number":
        mention = next(numbers_in(raw), None)
        # 穗府办规〔2021〕14号为依据 names another document's number.
        return mention.value if mention and len(raw) <= mention.end - mention.start + 2 and mention.start <= 1 else None
    if name == "index_number":
        return raw if re.fullmatch(r"(?:[0-9A-Z]{9}|[0-9A-Z]{18})/\d{4}-\d{5}", raw) else None
    if name == "issuers":
        return tuple(organisations_in(raw)) or (raw,)
    if name == "published_on":
        return moment_of(raw)
    if name in ("written_on", "effective_on"):
        dated = next(dates_in(raw), None)
        return dated.day if dated else None
    return raw

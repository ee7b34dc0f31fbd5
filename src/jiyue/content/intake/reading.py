"""The way in: from a path or bytes to items, by content and not by name."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from jiyue.checks.reading.sniffing import kind_by_name, kind_of
from jiyue.content.intake.decoding import decode
from jiyue.content.intake.items import MIB, Draft, IntakeRefused, Item, Limits, Note, Refusal, note
from jiyue.content.intake.pages import DECLARED, page_draft
from jiyue.content.intake.pdf import pdf_draft
from jiyue.content.intake.records import read_records
from jiyue.content.intake.structure import item_from, paragraphs
from jiyue.content.intake.word import check_archive, word_draft

Source = Path | str | bytes
DEFAULT = Limits()


def read(source: Source, *, name: str = "", limits: Limits = DEFAULT) -> Iterator[Item | Refusal]:
    """The items of one file. Raises IntakeRefused, at the first step, when nothing of the file can be read.

    A broken record of a JSONL file is a Refusal among the items. `source` is a path, or the bytes of an upload whose
    `name` is then needed.
    """
    name = name or (Path(source).name if not isinstance(source, bytes) else "")
    content = source if isinstance(source, bytes) else _content(Path(source), name, limits)
    _check_size(len(content), name, limits)
    kind = _kind(content, name)
    if kind == "JSONL":
        files = None if isinstance(source, bytes) else Path(source).parent / "files"
        yield from read_records(io.BytesIO(content), name=name, limits=limits, files=files)
        return
    draft = _draft(content, kind, name, limits)
    draft.title = draft.title or Path(name).stem
    promised = kind_by_name(name)
    if promised and promised != kind:
        draft.notes.insert(0, note("name_differs", named=promised, actual=kind))
    yield item_from(draft, source=name)


def read_many(sources: Iterable[Source], *, limits: Limits = DEFAULT) -> Iterator[Item | Refusal]:
    """All items of many files; whatever cannot be read is a Refusal, and equal content is handed over once."""
    first: dict[str, str] = {}
    for source in sources:
        name = "" if isinstance(source, bytes) else Path(source).name
        try:
            for result in read(source, name=name, limits=limits):
                yield _told_once(result, first)
        except IntakeRefused as refused:
            yield Refusal(name, refused.note)


def _told_once(result: Item | Refusal, first: dict[str, str]) -> Item | Refusal:
    if isinstance(result, Refusal):
        return result
    place = result.source if result.line is None else f"{result.source}:{result.line}"
    seen = first.setdefault(result.key, place)
    return result if seen == place else Refusal(result.source, note("duplicate", first=seen), result.line)


def _content(path: Path, name: str, limits: Limits) -> bytes:
    try:
        _check_size(path.stat().st_size, name, limits)
        return path.read_bytes()
    except OSError as error:
        raise IntakeRefused("not_found", name=name) from error


def _check_size(size: int, name: str, limits: Limits) -> None:
    if size == 0:
        raise IntakeRefused("empty", name=name)
    if size > limits.file_bytes:
        raise IntakeRefused("too_large", name=name, size=-(-size // MIB), limit=limits.file_bytes // MIB)


def _kind(content: bytes, name: str) -> str:
    kind, promised = kind_of(content), kind_by_name(name)
    # Text is text: only the name tells a fragment of HTML or a list of records with a broken first line.
    if kind == "TXT" and promised in ("HTML", "JSONL"):
        return promised
    if kind == "JSONL" and promised not in ("JSONL", "") and promised != "DOCX":
        return "TXT" if promised == "TXT" and content.strip().count(b"\n") == 0 else kind
    return "DOCX" if kind == "ZIP" else kind


def _draft(content: bytes, kind: str, name: str, limits: Limits) -> Draft:
    if kind == "DOCX":
        return word_draft(content, name=name, limits=limits)
    if kind == "PDF":
        return pdf_draft(content, name=name, limits=limits)
    if kind == "OLE":
        encrypted = "EncryptedPackage".encode("utf-16-le") in content
        raise IntakeRefused("docx_encrypted" if encrypted else "old_word_format", name=name)
    if kind == "PICTURE":
        raise IntakeRefused("picture", name=name)
    return _text_draft(content, kind, name, limits)


def _text_draft(content: bytes, kind: str, name: str, limits: Limits) -> Draft:
    declared = DECLARED.search(content[:4096]) if kind == "HTML" else None
    text, notes = _decoded(content, name, declared[1].decode("ascii") if declared else "")
    if not text.strip():
        raise IntakeRefused("empty", name=name)
    if len(text) > limits.characters * (4 if kind == "HTML" else 1):
        raise IntakeRefused("too_many_characters", name=name, limit=limits.characters)
    is_page = kind == "HTML"
    draft = page_draft(text, name=name, limits=limits) if is_page else Draft(blocks=paragraphs(text))
    draft.notes[:0] = notes
    return draft


def _decoded(content: bytes, name: str, declared: str) -> tuple[str, list[Note]]:
    try:
        return decode(content, name=name, declared=declared)
    except IntakeRefused as refused:
        # 二进制 with a name nobody can read is simply no document.
        if refused.code == "binary" and not kind_by_name(name):
            raise IntakeRefused("unknown_kind", name=name) from refused
        raise


__all__ = ["check_archive", "read", "read_many"]

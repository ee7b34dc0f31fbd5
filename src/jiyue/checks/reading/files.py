"""A file by its content, whatever its name says."""

import re

from jiyue.checks.matter import Matter, Trouble
from jiyue.checks.reading import archives
from jiyue.checks.reading.bounds import Bounds, Unread
from jiyue.checks.reading.building import Builder
from jiyue.checks.reading.decoding import decoded
from jiyue.checks.reading.pages import matter_of_html
from jiyue.checks.reading.pdf import FEWEST_SIGNS, blank_pages, joined, pdf_pages, signs_of
from jiyue.checks.reading.plain import matter_of_text
from jiyue.checks.reading.sniffing import kind_of

DEFAULT = Bounds()
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.I)
_SOUNDS = (
    (b"ID3", 0),
    (b"OggS", 0),
    (b"WAVE", 8),
    (b"ftyp", 4),
    (b"\x1aE\xdf\xa3", 0),
    (b"\xff\xfb", 0),
    (b"\xff\xf3", 0),
)
# Codes of the readers and the code of the finding's sentence.
_SAID = {
    "bomb": "suspicious", "entities": "suspicious", "truncated": "damaged", "too_many_pages": "too_large",
    "binary": "unknown", "encoding_unknown": "unknown",
}  # fmt: skip
_PDF_METADATA = {"Title": "标题", "Author": "作者", "Subject": "主题", "Keywords": "关键词"}


def matter_of_file(content: bytes, name: str, *, source: str = "", bounds: Bounds = DEFAULT) -> Matter:
    """Text and places of a TXT, CSV, HTML, DOC, DOCX, XLS, XLSX, PPTX, OFD, PDF, ZIP or picture.

    What cannot be read is in `Matter.troubles`, never raised and never silent. Sound and film have no text here.
    """
    source = source or name
    kind = _kind(content)
    if kind in ("HTML", "TXT") and content:
        return _text(content, name, source, is_page=kind == "HTML")
    builder = Builder(source)
    _into(builder, content, name, bounds, depth=0)
    return builder.matter()


def _text(content: bytes, name: str, source: str, *, is_page: bool) -> Matter:
    declared = _DECLARED.search(content[:4096]) if is_page else None
    try:
        text, _said = decoded(content, declared=declared[1].decode("ascii") if declared else "")
    except Unread as unread:
        return Matter(source=source, text="", troubles=(_trouble(unread, name),))
    return matter_of_html(text, source=source) if is_page else matter_of_text(text, source=source)


def _kind(content: bytes) -> str:
    if any(content.startswith(sign, at) for sign, at in _SOUNDS):
        return "SOUND"
    kind = kind_of(content)
    if kind in ("TXT", "HTML") and b"<svg" in content[:2000].lower() and b"<html" not in content[:2000].lower():
        return "SVG"
    return "TXT" if kind == "JSONL" else kind


def _trouble(unread: Unread, name: str) -> Trouble:
    return Trouble(_SAID.get(unread.code, unread.code), {"name": name})


def _into(builder: Builder, content: bytes, name: str, bounds: Bounds, *, depth: int) -> None:
    """Read one file, also one inside another, into the builder."""
    try:
        _read(builder, content, name, bounds, depth)
    except Unread as unread:
        builder.troubles.append(_trouble(unread, name))


def _read(builder: Builder, content: bytes, name: str, bounds: Bounds, depth: int) -> None:
    if not content:
        raise Unread("empty")
    if len(content) > bounds.file_bytes:
        raise Unread("too_large")
    match _kind(content):
        case "PDF":
            _read_pdf(builder, content, name, bounds)
        case "ZIP":
            _read_archive(builder, content, name, bounds, depth)
        case "PICTURE" | "SVG" as kind:
            from jiyue.checks.reading import images  # noqa: PLC0415 - a tenth of a second, and most matters are text

            (images.read_svg if kind == "SVG" else images.read_picture)(builder, content, name)
        case "OLE":
            from jiyue.checks.reading import old_office  # noqa: PLC0415 - as above

            old_office.read_old_office(builder, content, name, bounds)
        case "HTML" | "TXT" as kind:
            _take(builder, _text(content, name, name, is_page=kind == "HTML"), name)


def _read_archive(builder: Builder, content: bytes, name: str, bounds: Bounds, depth: int) -> None:
    from jiyue.checks.reading import office  # noqa: PLC0415 - as above

    def inner(into: Builder, inside: bytes, member: str) -> None:
        # Embedded objects and drawings of old kinds (.bin, .emf) hold no text that another reader would show.
        if depth < 2 and not member.lower().endswith((".bin", ".emf", ".wmf", ".wdp")):
            _into(into, inside, member, bounds, depth=depth + 1)

    try:
        office.read_office(builder, content, name, bounds, inner)
    except Unread as unread:
        if unread.code != "unknown" or depth > 0:
            raise
        _read_plain_archive(builder, content, bounds)


def _read_plain_archive(builder: Builder, content: bytes, bounds: Bounds) -> None:
    with archives.opened(content, bounds) as archive:
        archives.refuse_locked(archive.infolist())
        for entry in archive.infolist():
            if not entry.is_dir():
                _into(builder, archives.member(archive, entry.filename), entry.filename, bounds, depth=1)


def _read_pdf(builder: Builder, content: bytes, name: str, bounds: Bounds) -> None:
    answer = pdf_pages(content, bounds)
    for key, value in answer["metadata"].items():
        if key in _PDF_METADATA:
            builder.add("metadata", value, f"文档属性“{_PDF_METADATA[key]}”")
    if sum(signs_of(answer["pages"])) < FEWEST_SIGNS:
        raise Unread("no_text")
    for number, page in enumerate(answer["pages"], 1):
        for text in joined([page]):
            builder.add("paragraph", text, f"第 {number} 页")
    blank = blank_pages(answer)
    if blank:
        pages = "、".join(map(str, blank))
        builder.troubles.append(Trouble("pages_without_text", {"name": name, "pages": pages}))


def _take(builder: Builder, matter: Matter, name: str) -> None:
    """The words of a text inside an archive."""
    builder.troubles += matter.troubles
    for part in matter.parts:
        builder.add(part.kind, matter.words(part), f"“{name}”{part.place}")

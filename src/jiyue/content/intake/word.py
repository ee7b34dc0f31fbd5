"""DOCX to blocks: text, headings, lists, tables with merged cells, pictures.

A DOCX is a ZIP of XML, so it is checked before anything unpacks or parses it: size, ratio, macros, entity definitions.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
import mammoth
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from jiyue.checks.reading import archives
from jiyue.checks.reading.bounds import Unread
from jiyue.checks.reading.sniffing import picture_type
from jiyue.content.intake.items import Draft, IntakeRefused, ItemFile, Limits, note
from jiyue.content.sanitising import clean_markup, clean_text
from jiyue.domain.chinese_numerals import chinese_of

_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh\nu => \nstrike => "
_CHINESE_COUNTING = {
    "chineseCounting",
    "chineseCountingThousand",
    "ideographDigital",
    "japaneseCounting",
    "japaneseDigitalTenThousand",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
}


def word_draft(content: bytes, *, name: str, limits: Limits) -> Draft:
    """Raises IntakeRefused for macros, entity definitions, bombs, passwords and files no reader opens."""
    check_archive(content, name=name, limits=limits)
    pictures = _Pictures(limits)
    try:
        html = mammoth.convert_to_html(
            io.BytesIO(_with_literal_numbers(content)),
            convert_image=mammoth.images.img_element(pictures.keep),
            style_map=_STYLES,
        ).value
    except IntakeRefused:
        raise
    except Exception as error:
        raise IntakeRefused("docx_damaged", name=name) from error
    if len(html) > limits.characters * 4:
        raise IntakeRefused("too_many_characters", name=name, limit=limits.characters)
    found = clean_markup(html, take_image=pictures.reference)
    draft = Draft(blocks=found.blocks, files=pictures.files)
    _note_losses(draft, pictures, found.removed["table"])
    return draft


def check_archive(content: bytes, *, name: str, limits: Limits) -> None:
    """Refuse what must not be unpacked, from the archive's directory and, for entity definitions, from its XML."""
    try:
        with archives.opened(content, limits) as archive:
            if "word/document.xml" not in archive.namelist():
                raise IntakeRefused(_other_archive(set(archive.namelist())), name=name)
            archives.refuse_locked(archive.infolist())
            if archives.has_macros(archive):
                raise IntakeRefused("docx_macros", name=name)
            archives.refuse_entities(archive)
    except Unread as unread:
        code = "zip_bomb" if unread.code == "bomb" else f"docx_{unread.code}"
        raise IntakeRefused(code, name=name) from unread


def _other_archive(names: set[str]) -> str:
    if any(part.startswith(("xl/", "ppt/")) for part in names):
        return "spreadsheet"
    return "archive"


def _note_losses(draft: Draft, pictures: "_Pictures", tables: int) -> None:
    if pictures.unreadable:
        draft.notes.append(note("pictures_unreadable", count=pictures.unreadable))
    if tables:
        draft.notes.append(note("tables_left", count=tables))
    missing = sum(1 for block in draft.blocks if block["type"] == "image" and not block["value"]["alt"])
    if missing:
        draft.notes.append(note("pictures_without_alt", count=missing))


class _Pictures:
    def __init__(self, limits: Limits) -> None:
        self.files: list[ItemFile] = []
        self.unreadable = 0
        self._limits = limits

    def keep(self, image: Any) -> dict[str, str]:
        try:
            with image.open() as stream:
                content = stream.read(self._limits.picture_bytes + 1)
        except (OSError, KeyError, ValueError, mammoth.docx.files.InvalidFileReferenceError):
            content = b""
        media_type = picture_type(content)
        if not media_type or len(content) > self._limits.picture_bytes or len(self.files) >= self._limits.pictures:
            self.unreadable += 1
            return {}
        self.files.append(ItemFile(f"{len(self.files) + 1}.{media_type[6:]}", content, media_type))
        return {"src": f"picture:{len(self.files) - 1}"}

    def reference(self, source: str, _alt: str) -> str | None:
        return f"@{source[8:]}" if source.startswith("picture:") else None


# -- automatic numbers ---------------------------------------------------------------------------------------------


def _with_literal_numbers(content: bytes) -> bytes:
    """Numbers that Word counts in Chinese (第一条, 一、) written into the text: a list in HTML would lose them."""
    document = docx.Document(io.BytesIO(content))
    counting = _Counting(document)
    changed = False
    for paragraph in document.element.body.iter(qn("w:p")):
        label = counting.label(paragraph)
        if label:
            _write_label(paragraph, label)
            changed = True
    if not changed:
        return content
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _write_label(paragraph: Any, label: str) -> None:
    properties = paragraph.find(qn("w:pPr"))
    if properties is None:
        properties = parse_xml('<w:pPr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>')
        paragraph.insert(0, properties)
    for own in properties.findall(qn("w:numPr")):
        properties.remove(own)
    # numId 0 also switches off the number that the style would give.
    none = (
        '<w:numPr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'
    )
    properties.append(parse_xml(none))
    run = parse_xml('<w:r xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:t/></w:r>')
    run[0].text = clean_text(label)
    run[0].set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    properties.addnext(run)


class _Counting:
    """Counts the paragraphs of every numbering definition as Word does, as far as Chinese numbers need it."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._abstract: dict[str, str] = {}
        self._styles = dict(_style_numbers(document))
        part = next(
            (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")), None
        )
        if part is not None:
            self._read(part.element)

    def _read(self, numbering: Any) -> None:
        for definition in numbering.findall(qn("w:abstractNum")):
            identity = definition.get(qn("w:abstractNumId"))
            for level in definition.findall(qn("w:lvl")):
                key = identity, int(level.get(qn("w:ilvl")) or 0)
                self._levels[key] = _value(level, "numFmt"), _value(level, "lvlText"), int(_value(level, "start") or 1)
        for use in numbering.findall(qn("w:num")):
            self._abstract[use.get(qn("w:numId"))] = _value(use, "abstractNumId")

    def label(self, paragraph: Any) -> str:
        """What Word prints before the paragraph if it counts in Chinese, else nothing; every paragraph is counted."""
        number, level = self._number_of(paragraph)
        identity = self._abstract.get(number, "")
        if (identity, level) not in self._levels:
            return ""
        self._advance(identity, level)
        form, text, _start = self._levels[identity, level]
        if form not in _CHINESE_COUNTING and "第" not in text:
            return ""
        return re.sub(r"%(\d)", lambda found: self._written(identity, int(found[1]) - 1), text)

    def _advance(self, identity: str, level: int) -> None:
        start = self._levels[identity, level][2]
        self._counts[identity, level] = self._counts.get((identity, level), start - 1) + 1
        for deeper in range(level + 1, 9):
            self._counts.pop((identity, deeper), None)

    def _written(self, identity: str, level: int) -> str:
        form, _text, start = self._levels.get((identity, level), ("decimal", "", 1))
        count = self._counts.get((identity, level), start)
        return chinese_of(count) if form in _CHINESE_COUNTING else str(count)

    def _number_of(self, paragraph: Any) -> tuple[str, int]:
        properties = paragraph.find(qn("w:pPr"))
        if properties is None:
            return "", 0
        own = properties.find(qn("w:numPr"))
        if own is not None and own.find(qn("w:numId")) is not None:
            return _value(own, "numId"), int(_value(own, "ilvl") or 0)
        return self._styles.get(_value(properties, "pStyle"), ("", 0))


def _style_numbers(document: Any) -> Iterator[tuple[str, tuple[str, int]]]:
    for style in document.styles.element.findall(qn("w:style")):
        found = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if found is not None:
            yield style.get(qn("w:styleId")), (_value(found, "numId"), int(_value(found, "ilvl") or 0))


def _value(element: Any, name: str) -> str:
    child = element.find(qn(f"w:{name}"))
    return (child.get(qn("w:val")) or "") if child is not None else ""

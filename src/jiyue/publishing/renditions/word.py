"""DOCX of a document: real headings, lists, tables and alternative texts, and the same bytes for the same paper."""

import io
import zipfile
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Words

from jiyue.publishing.renditions.matter import Cell, Drawing, Heading, ItemList, Paper, Paragraph, Run, Runs, Table

EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest day that a ZIP file can name
RED, BLUE = RGBColor(0xB3, 0x12, 0x1A), RGBColor(0x12, 0x3F, 0x7A)
BODY, HEADS, TITLE = "仿宋", "黑体", "宋体"
SIZE = Pt(15)
TEXT_WIDTH = Mm(158)
PIXEL = Pt(0.72)
Picture = Callable[[str], bytes]


def docx(paper: Paper, *, picture: Picture) -> bytes:
    """The file of a paper; `picture` gives the bytes behind a digest."""
    document = Document()
    _prepare(document, paper)
    _head(document, paper)
    for block in paper.blocks:
        match block:
            case Paragraph():
                _paragraph(document, block.runs, block.role)
            case Heading():
                _fill(document.add_heading(level=min(block.level, 9)), block.runs)
            case ItemList():
                _list(document, block)
            case Table():
                _table(document, block)
            case Drawing():
                _drawing(document, block, picture)
    _foot(document, paper)
    return _fixed(document)


def _prepare(document: DocumentObject, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(32), Mm(30)
    section.left_margin, section.right_margin = Mm(27), Mm(25)
    _font(document.styles["Normal"], BODY, SIZE)
    document.styles["Normal"].paragraph_format.line_spacing = 1.5
    document.styles["Normal"].paragraph_format.space_after = Pt(0)
    _font(document.styles["Title"], TITLE, Pt(22), bold=True)
    _plain_title(document.styles["Title"])
    for level in range(1, 10):
        _font(document.styles[f"Heading {level}"], HEADS, SIZE)
    facts = document.core_properties
    facts.title, facts.author = paper.title[:255], "、".join(paper.issuers)[:255]
    facts.language, facts.subject, facts.keywords = paper.language, paper.number[:255], "，".join(paper.keywords)[:255]
    facts.last_modified_by, facts.comments, facts.revision = "", paper.address[:255], 1
    facts.created = facts.modified = datetime.fromisoformat(paper.dated or "1980-01-01")
    _number_pages(section.footer.paragraphs[0])
    if paper.badge:
        line = section.header.paragraphs[0]
        line.alignment = ALIGN.RIGHT
        _run(line, Run(paper.badge), color=RED, size=Pt(11), font=HEADS)


def _font(style: Any, name: str, size: Any, *, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold, style.font.italic = "Times New Roman", size, bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in [name for name in fonts.attrib if "heme" in name]:
        del fonts.attrib[theme]
    fonts.set(qn("w:eastAsia"), name)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "zh-CN")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)


def _plain_title(style: Any) -> None:
    """Word's own title has a blue line below it."""
    borders = style.element.pPr.find(qn("w:pBdr"))
    if borders is not None:
        style.element.pPr.remove(borders)
    style.paragraph_format.alignment = ALIGN.CENTER
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(20), Pt(20)


def _head(document: DocumentObject, paper: Paper) -> None:
    if paper.mark:
        line = document.add_paragraph()
        _run(line, Run(paper.mark), color=RED, size=Pt(12), font=HEADS)
        _border(line, "top", "bottom", "left", "right", color="B3121A")
    for name in paper.issuers:
        line = document.add_paragraph()
        line.alignment = ALIGN.CENTER
        _run(line, Run(name), color=RED, size=Pt(max(18, min(30, 440 // max(1, len(name))))), font=TITLE)
    if paper.issuers or paper.number:
        line = document.add_paragraph()
        line.alignment = ALIGN.CENTER
        _run(line, Run(paper.number))
        _border(line, "bottom", color="B3121A")
    _run(document.add_paragraph(style="Title"), Run(paper.title))


def _foot(document: DocumentObject, paper: Paper) -> None:
    if not paper.signed:
        unit, day = paper.signature
        for words, role in ((unit, "signature"), (day, "date")):
            if words:
                _paragraph(document, (Run(words),), role)
    if not paper.address:  # a letter lies on no page
        return
    line = document.add_paragraph()
    line.paragraph_format.space_before = Pt(24)
    _border(line, "top", color="999999")
    _run(line, Run(f"{paper.site}按签发的内容生成。网页："), size=Pt(10))
    _link(line, Run(paper.address, href=paper.address), size=Pt(10))


def _paragraph(document: DocumentObject, runs: Runs, role: str) -> None:
    line = document.add_paragraph()
    form = line.paragraph_format
    if role in {"text", "notes", "file"}:
        form.first_line_indent = Pt(30)
    elif role in {"signature", "date"}:
        line.alignment, form.right_indent = ALIGN.RIGHT, Pt(30)
        form.space_before = Pt(24) if role == "signature" else Pt(0)
        form.keep_with_next = role == "signature"
    elif role == "quotation":
        form.left_indent = Pt(30)
    elif role == "copies":
        form.space_before = Pt(16)
        _border(line, "top", "bottom", color="000000")
    _fill(line, runs)


def _list(document: DocumentObject, block: ItemList) -> None:
    number = _own_numbering(document) if block.ordered else None
    for item in block.items:
        line = document.add_paragraph(style="List Number" if block.ordered else "List Bullet")
        if number is not None:
            properties = line._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = 0, number
        _fill(line, item)


def _own_numbering(document: DocumentObject) -> int:
    """Each list counts from one; Word's own style would go on where the list before ended."""
    numbering = document.part.numbering_part.element
    style = document.styles["List Number"].element.pPr.numPr.numId.val
    abstract = next(num for num in numbering.num_lst if num.numId == style).abstractNumId.val
    fresh = numbering.add_num(abstract)
    fresh.add_lvlOverride(0).add_startOverride(1)
    return int(fresh.numId)


def _table(document: DocumentObject, block: Table) -> None:
    if block.caption:
        line = document.add_paragraph()
        line.alignment, line.paragraph_format.keep_with_next = ALIGN.CENTER, True
        _run(line, Run(block.caption), size=Pt(12), font=HEADS)
    table = document.add_table(len(block.rows), block.width, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(block.rows):
        if number < block.head:
            heads = OxmlElement("w:tblHeader")
            heads.set(qn("w:val"), "true")
            table.rows[number]._tr.get_or_add_trPr().append(heads)
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            last = min(number + cell.rows, len(block.rows)) - 1, min(column + cell.columns, block.width) - 1
            if column > last[1]:
                break
            taken |= {(down, right) for down in range(number, last[0] + 1) for right in range(column, last[1] + 1)}
            _cell(table.cell(number, column).merge(table.cell(*last)), cell)
            column = last[1] + 1
    if block.caption:
        _describe(table, block.caption)


def _cell(place: Any, cell: Cell) -> None:
    for line in place.paragraphs[1:]:  # each merged cell leaves an empty paragraph
        line._p.getparent().remove(line._p)
    _fill(place.paragraphs[0], cell.runs, size=Pt(11), font=HEADS if cell.heads else None)


def _describe(table: Any, caption: str) -> None:
    """What a screen reader says of the table."""
    words = OxmlElement("w:tblCaption")
    words.set(qn("w:val"), caption)
    table._tbl.tblPr.append(words)


def _drawing(document: DocumentObject, block: Drawing, picture: Picture) -> None:
    line = document.add_paragraph()
    line.alignment, line.paragraph_format.keep_with_next = ALIGN.CENTER, bool(block.caption)
    width = min(TEXT_WIDTH, int(block.width * PIXEL)) if block.width else TEXT_WIDTH
    shape = line.add_run().add_picture(io.BytesIO(picture(block.digest)), width=width)
    shape._inline.docPr.set("descr", block.alt)
    shape._inline.docPr.set("name", block.alt[:60] or "图")
    if block.caption:
        below = document.add_paragraph()
        below.alignment = ALIGN.CENTER
        _run(below, Run(block.caption), size=Pt(12))


def _fill(line: Words, runs: Runs, **more: Any) -> None:
    for one in runs:
        _link(line, one, **more) if one.href else _run(line, one, **more)


def _run(line: Words, one: Run, *, color: Any = None, size: Any = None, font: str | None = None) -> Any:
    run = line.add_run()
    if one.text == "\n":
        run.add_break()
        return run
    run.text = one.text
    run.bold, run.italic = one.bold or None, one.italic or None
    run.font.superscript, run.font.subscript = one.raised or None, one.lowered or None
    if size is not None:
        run.font.size = size
    if color is not None:
        run.font.color.rgb = color
    if font is not None:
        run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
    return run


def _link(line: Words, one: Run, **more: Any) -> None:
    run = _run(line, one, **{"color": BLUE} | more)
    run.underline = True
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), line.part.relate_to(one.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    link.append(run._r)
    line._p.append(link)


def _border(line: Words, *sides: str, color: str) -> None:
    borders = OxmlElement("w:pBdr")
    for side in ("top", "left", "bottom", "right"):  # the order that the format wants
        if side in sides:
            edge = OxmlElement(f"w:{side}")
            for name, value in (("val", "single"), ("sz", "12"), ("space", "4"), ("color", color)):
                edge.set(qn(f"w:{name}"), value)
            borders.append(edge)
    properties = line._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr"
    )


def _number_pages(line: Words) -> None:
    line.alignment = ALIGN.CENTER
    line.add_run("— ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    shown = deepcopy(line.add_run("1")._r)
    line._p.remove(line.runs[-1]._r)
    field.append(shown)
    line._p.append(field)
    line.add_run(" —")


def _fixed(document: DocumentObject) -> bytes:
    """The bytes of a document, with nothing in them of the moment at which they were made."""
    made, fixed = io.BytesIO(), io.BytesIO()
    document.save(made)
    with zipfile.ZipFile(made) as parts, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out:
        for name in parts.namelist():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            out.writestr(info, parts.read(name))
    return fixed.getvalue()

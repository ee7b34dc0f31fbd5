"""DOCX, XLSX, PPTX and OFD: every text such a file carries, shown or not. XML is parsed without entities and network."""

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from lxml import etree

from jiyue.checks.matter import Link, Picture, Table, Trouble, whole
from jiyue.checks.reading import archives
from jiyue.checks.reading.bounds import Bounds, Unread
from jiyue.checks.reading.building import Builder, Span

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEVEL = re.compile(r"heading (\d)", re.I)
_HYPERLINK = re.compile(r'HYPERLINK\s+"([^"]+)"')
_PROPERTIES = {
    "creator": "作者", "lastModifiedBy": "最后修改者", "title": "标题", "subject": "主题", "keywords": "关键词",
    "description": "备注", "category": "类别", "Company": "单位", "Manager": "主管",
}  # fmt: skip
_SIDE_PARTS = (
    ("word/header", "页眉"), ("word/footer", "页脚"), ("word/footnotes", "脚注"), ("word/endnotes", "尾注"),
    ("word/comments", "批注"), ("xl/comments", "批注"), ("xl/threadedComments", "批注"), ("xl/drawings/drawing", "图形"),
    ("ppt/notesSlides/notesSlide", "备注页"), ("ppt/comments/", "批注"), ("ppt/diagrams/data", "图示"),
    ("ppt/charts/chart", "图表"), ("word/charts/chart", "图表"), ("xl/charts/chart", "图表"),
)  # fmt: skip
_DAY_FORMATS = frozenset([*range(14, 18), 22, *range(27, 32), *range(50, 59)])
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d+)\Z")
_MOST_COLUMNS = 400
Opened = Callable[[Builder, bytes, str], None]


def read_office(builder: Builder, content: bytes, name: str, bounds: Bounds, inner: Opened) -> None:
    """One Office file; `inner` reads pictures and files inside it. Raises Unread."""
    with archives.opened(content, bounds) as archive:
        archives.refuse_locked(archive.infolist())
        archives.refuse_entities(archive)
        names = set(archive.namelist())
        if archives.has_macros(archive):
            builder.troubles.append(Trouble("macros", {"name": name}))
        if "word/document.xml" in names:
            _Word(builder, archive).read()
        elif "xl/workbook.xml" in names:
            _read_sheets(builder, archive)
        elif "ppt/presentation.xml" in names:
            _read_slides(builder, archive)
        elif "OFD.xml" in names:
            _read_ofd(builder, archive)
        else:
            raise Unread("unknown")
        _read_sides(builder, archive)
        for member in sorted(names):
            if re.match(r"(?:word|xl|ppt)/(?:media|embeddings)/[^/]+\Z|Doc_\d+/Res/[^/]+\Z", member):
                inner(builder, archives.member(archive, member), member.rsplit("/", 1)[-1])


def _parsed(archive: zipfile.ZipFile, name: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, recover=True)
    try:
        root = etree.fromstring(archives.member(archive, name), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unread("damaged") from error
    if root is None:
        raise Unread("damaged")
    return root


def _read_sides(builder: Builder, archive: zipfile.ZipFile) -> None:
    for name in sorted(archive.namelist()):
        place = next((place for start, place in _SIDE_PARTS if name.startswith(start) and name.endswith(".xml")), "")
        if place:
            for text in _paragraphs(_parsed(archive, name)):
                builder.add("metadata", text, place)
        elif name.startswith("docProps/") and name.endswith(".xml"):
            _read_properties(builder, _parsed(archive, name))


def _read_properties(builder: Builder, root: Any) -> None:
    for element in root.iter():
        if not isinstance(element.tag, str) or not (element.text or "").strip():
            continue
        name = etree.QName(element).localname
        if name in _PROPERTIES:
            builder.add("metadata", whole(element.text.strip()), f"文档属性“{_PROPERTIES[name]}”")
        elif name in ("lpwstr", "lpstr"):
            builder.add("metadata", whole(element.text.strip()), "文档的自定义属性")


def _paragraphs(root: Any) -> Iterator[str]:
    """Texts of any Office XML: one for each element named p, or one for each text outside of such."""
    found = False
    for element in root.iter():
        if isinstance(element.tag, str) and etree.QName(element).localname == "p":
            found = True
            text = "".join(_texts(element))
            if text.strip():
                yield whole(text)
    if not found:
        text = "\n".join(piece for piece in _texts(root) if piece.strip())
        if text:
            yield whole(text)


def _texts(element: Any) -> Iterator[str]:
    for part in element.iter():
        if isinstance(part.tag, str) and etree.QName(part).localname in ("t", "v", "delText", "text"):
            yield part.text or ""


# ---- Word ----------------------------------------------------------------------------------------------------------


class _Word:
    """The body in the order of the document; tables as tables; what was deleted with changes kept is told too."""

    def __init__(self, builder: Builder, archive: zipfile.ZipFile) -> None:
        self._builder = builder
        self._archive = archive
        names = set(archive.namelist())
        self._levels = _levels(_parsed(archive, "word/styles.xml")) if "word/styles.xml" in names else {}
        rels = "word/_rels/document.xml.rels"
        root = _parsed(archive, rels) if rels in names else ()
        self._targets = {rel.get("Id"): rel.get("Target", "") for rel in root}
        self._boxes: list[Any] = []

    def read(self) -> None:
        body = _parsed(self._archive, "word/document.xml").find(f"{W}body")
        if body is None:
            raise Unread("damaged")
        self._blocks(body)

    def _blocks(self, root: Any) -> None:
        waiting = [iter(root)]
        while waiting:
            element = next(waiting[-1], None)
            if element is None:
                waiting.pop()
            elif element.tag == f"{W}p":
                self._paragraph(element)
            elif element.tag == f"{W}tbl":
                self._table(element)
            elif element.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins", f"{W}smartTag"):
                waiting.append(iter(element))

    def _paragraph(self, paragraph: Any) -> None:
        text, links, deleted = self._line(paragraph)
        level = self._level(paragraph)
        start, _end = self._builder.heading(level, text) if level else self._builder.paragraph(text)
        self._builder.links += [Link(href, text[a:b], start + a, start + b) for href, a, b in links]
        if deleted:
            self._builder.add("metadata", deleted, "修订中已删除、但文件里仍保留的文字")
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            self._blocks(box)

    def _line(self, root: Any) -> tuple[str, list[tuple[str, int, int]], str]:
        """Text, links within it and deleted text; text boxes wait until the paragraph ends."""
        pieces: list[str] = []
        deleted: list[str] = []
        links: list[tuple[str, int, int]] = []
        size = 0
        for element, href in self._runs(root):
            match element.tag:
                case t if t == f"{W}t":
                    text = whole(element.text or "")
                    if href and text:
                        links.append((href, size, size + len(text)))
                    pieces.append(text)
                    size += len(text)
                case t if t in (f"{W}tab", f"{W}br", f"{W}cr"):
                    pieces.append("\t" if t == f"{W}tab" else "\n")
                    size += 1
                case t if t == f"{W}delText":
                    deleted.append(whole(element.text or ""))
        return "".join(pieces), links, "".join(deleted)

    def _runs(self, root: Any) -> Iterator[tuple[Any, str]]:
        """Leaves in order with the address of the link they stand in."""
        waiting: list[tuple[Any, str]] = [(child, "") for child in reversed(root)]
        while waiting:
            element, href = waiting.pop()
            if not isinstance(element.tag, str) or element.tag == _FALLBACK:
                continue
            if element.tag == f"{W}txbxContent":
                self._boxes.append(element)
                continue
            if element.tag == f"{W}hyperlink":
                href = self._targets.get(element.get(f"{R}id"), "") or href
            elif element.tag == f"{W}instrText":
                found = _HYPERLINK.search(element.text or "")
                if found:
                    self._builder.links.append(Link(found[1], "", self._builder.length, self._builder.length))
            elif element.tag.endswith("}docPr"):
                self._picture(element)
            yield element, href
            waiting += [(child, href) for child in reversed(element)]

    def _picture(self, element: Any) -> None:
        alt = element.get("descr")
        picture = Picture(element.get("name", ""), alt, False, "地图" in (alt or ""), self._builder.length)
        self._builder.pictures.append(picture)

    def _level(self, paragraph: Any) -> int:
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        return self._levels.get(style.get(f"{W}val"), 0) if style is not None else 0

    def _table(self, table: Any) -> None:
        builder = self._builder
        place = f"表 {builder.next('表')}"
        start = builder.length
        rows: list[list[Span]] = []
        for number, row in enumerate(table.iter(f"{W}tr"), 1):
            cells: list[Span] = []
            for cell in row.findall(f"{W}tc") + row.findall(f"{W}sdt/{W}sdtContent/{W}tc"):
                wide = cell.find(f"{W}tcPr/{W}gridSpan")
                merged = cell.find(f"{W}tcPr/{W}vMerge")
                goes_on = merged is not None and merged.get(f"{W}val") != "restart"
                if goes_on and rows and len(cells) < len(rows[-1]):
                    span = rows[-1][len(cells)]
                else:
                    text = "\n".join(self._line(paragraph)[0] for paragraph in cell.iter(f"{W}p")).strip()
                    span = builder.add("cell", text, f"{place} 第 {number} 行第 {len(cells) + 1} 列")
                count = wide.get(f"{W}val", "1") if wide is not None else "1"
                cells += [span] * (min(int(count), _MOST_COLUMNS) if count.isdigit() else 1)
            rows.append(cells)
        self._boxes = []
        end = max(start, builder.length - 1)
        builder.tables.append(Table(start, end, place, (), tuple(tuple(row) for row in rows)))


def _levels(styles: Any) -> dict[str, int]:
    """Levels of heading styles by their key."""
    found = {}
    for style in styles.iter(f"{W}style"):
        name = style.find(f"{W}name")
        level = _LEVEL.fullmatch(name.get(f"{W}val", "")) if name is not None else None
        if level:
            found[style.get(f"{W}styleId")] = int(level[1])
    return found


# ---- spreadsheets --------------------------------------------------------------------------------------------------


def _read_sheets(builder: Builder, archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    shared = _shared(archive) if "xl/sharedStrings.xml" in names else []
    days = _day_styles(archive) if "xl/styles.xml" in names else frozenset()
    for title, member in _sheets(archive):
        if member in names:
            _read_sheet(builder, _parsed(archive, member), title, shared, days)


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    rels = "xl/_rels/workbook.xml.rels"
    targets = (
        {rel.get("Id"): rel.get("Target", "") for rel in _parsed(archive, rels)} if rels in archive.namelist() else {}
    )
    for number, sheet in enumerate(_parsed(archive, "xl/workbook.xml").iter(f"{S}sheet"), 1):
        target = targets.get(sheet.get(f"{R}id"), f"worksheets/sheet{number}.xml").lstrip("/")
        hidden = "（隐藏）" if sheet.get("state", "visible") != "visible" else ""
        yield f"工作表“{sheet.get('name', '')}”{hidden}", target if target.startswith("xl/") else f"xl/{target}"


def _shared(archive: zipfile.ZipFile) -> list[str]:
    # What is read aloud beside a word (rPh) is no part of it.
    return [
        "".join(t.text or "" for t in item.iter(f"{S}t") if t.getparent().tag != f"{S}rPh")
        for item in _parsed(archive, "xl/sharedStrings.xml").iterchildren(f"{S}si")
    ]


def _day_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """Styles that show a number as a day."""
    root = _parsed(archive, "xl/styles.xml")
    own = {
        form.get("numFmtId")
        for form in root.iter(f"{S}numFmt")
        if re.search(r"[yd年月日]", re.sub(r'"[^"]*"|\[[^\]]*\]', "", form.get("formatCode", "")), re.I)
    }
    formats = root.find(f"{S}cellXfs")
    used = [] if formats is None else [form.get("numFmtId", "0") for form in formats]
    return frozenset(
        str(place)
        for place, number in enumerate(used)
        if number in own or (number.isdigit() and int(number) in _DAY_FORMATS)
    )


def _read_sheet(builder: Builder, root: Any, title: str, shared: list[str], days: frozenset[str]) -> None:
    start = builder.length
    rows: list[list[Span]] = []
    for row in root.iter(f"{S}row"):
        cells: list[Span] = []
        for cell in row.iterchildren(f"{S}c"):
            text = whole(_value(cell, shared, days)).strip()
            column = _column(cell.get("r", ""), len(cells))
            if not text or column >= _MOST_COLUMNS:
                continue
            empty = (builder.length, builder.length)
            cells += [empty] * (column - len(cells))
            cells.append(builder.add("cell", text, f"{title} {cell.get('r', '')}"))
        rows.append(cells)
    end = max(start, builder.length - 1)
    builder.tables.append(Table(start, end, title, (), tuple(tuple(row) for row in rows)))
    for link in root.iter(f"{S}hyperlink"):
        if link.get("location"):
            builder.links.append(Link(f"#{link.get('location')}", link.get("display", ""), start, start))


def _column(reference: str, following: int) -> int:
    found = _REFERENCE.match(reference)
    if not found:
        return following
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return max(number - 1, following)


def _value(cell: Any, shared: list[str], days: frozenset[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{S}t"))
    found = cell.find(f"{S}v")
    text = (found.text or "") if found is not None else ""
    if kind == "s":
        return shared[int(text)] if text.isdigit() and int(text) < len(shared) else ""
    if kind == "n" and text:
        return _number(text, cell.get("s") in days)
    return text


def _number(text: str, is_day: bool) -> str:
    try:
        value = float(text)
    except ValueError:
        return text
    if is_day and 1 <= value < 2_958_466:
        return (date(1899, 12, 30) + timedelta(days=int(value))).isoformat()
    return str(int(value)) if value.is_integer() and abs(value) < 1e20 else text


# ---- slides and OFD ------------------------------------------------------------------------------------------------


def _read_slides(builder: Builder, archive: zipfile.ZipFile) -> None:
    """In the order in which they are shown; tables as tables, and what is said in place of pictures."""
    for number, name in enumerate(_slides(archive), 1):
        slide = _parsed(archive, name)
        place = f"第 {number} 张幻灯片{'（隐藏）' if slide.get('show') in ('0', 'false') else ''}"
        for table in list(slide.iter(f"{A}tbl")):
            rows = [[_cell(cell) for cell in row.iter(f"{A}tc")] for row in table.iter(f"{A}tr")]
            facts = table.find(f"{A}tblPr")
            named = facts is not None and facts.get("firstRow") in ("1", "true")
            builder.table(rows, header=named, place=f"{place}的表格")
            table.getparent().remove(table)
        for text in _paragraphs(slide):
            builder.add("paragraph", text, place)
        for shown in slide.iter(f"{P}cNvPr"):
            for text in filter(None, (shown.get("title"), shown.get("descr"))):
                builder.add("metadata", whole(text), f"{place}的替代文字")


def _slides(archive: zipfile.ZipFile) -> list[str]:
    """As the presentation names them; a slide that it does not name lies in the file too, and comes after them."""
    names = [name for name in archive.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
    rels = "ppt/_rels/presentation.xml.rels"
    targets = (
        {rel.get("Id"): rel.get("Target", "") for rel in _parsed(archive, rels)} if rels in archive.namelist() else {}
    )
    shown = [targets.get(each.get(f"{R}id"), "") for each in _parsed(archive, "ppt/presentation.xml").iter(f"{P}sldId")]
    order = {f"ppt/{target.removeprefix('/ppt/')}": place for place, target in enumerate(shown)}
    return sorted(names, key=lambda name: (order.get(name, len(order)), int(re.sub(r"\D", "", name))))


def _cell(cell: Any) -> str:
    return "\n".join(_paragraphs(cell))


def _read_ofd(builder: Builder, archive: zipfile.ZipFile) -> None:
    pages = [name for name in archive.namelist() if re.search(r"Pages/Page_\d+/Content\.xml\Z", name)]
    for number, name in enumerate(sorted(pages, key=lambda one: int(re.findall(r"\d+", one)[-1])), 1):
        for element in _parsed(archive, name).iter():
            if isinstance(element.tag, str) and etree.QName(element).localname == "TextCode" and element.text:
                builder.add("paragraph", whole(element.text), f"第 {number} 页")

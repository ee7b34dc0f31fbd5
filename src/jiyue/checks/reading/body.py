"""Body blocks of a document of ours (see the content app) and its fields."""

import re
from collections.abc import Callable, Iterable, Mapping
from html import unescape
from typing import Any

from jiyue.checks.matter import Link, Matter, Picture, whole
from jiyue.checks.reading.building import Builder

# Chinese names of fields that carry words of their own; others stand under the name they come with.
FIELDS = {
    "title": "标题", "short_title": "短标题", "subtitle": "副标题", "keywords": "关键词", "description": "摘要",
    "summary": "摘要", "document_number": "发文字号", "index_number": "索引号", "issuer": "发文机关",
    "issuers": "发文机关", "author": "作者", "origin": "来源", "columns": "栏目", "source": "来源",
    "handling_body": "办理机构", "section": "责任科室", "place": "办理地点", "hours": "办公时间", "telephone": "咨询电话",
    "complaint_telephone": "投诉电话", "fee_standard": "收费标准", "fee_basis": "收费依据", "limit_note": "时限说明",
    "scope": "适用范围", "conditions": "申报条件", "certificates": "所需证件", "review_procedure": "审查程序",
    "result": "办理结果", "legal_basis": "本地办理依据", "materials": "申请材料", "process": "办理流程",
    "questions": "常见问题", "item.name": "通用事项名称", "item.legal_basis": "通用事项的设定依据",
    "item.charge_basis": "通用事项的收费依据",
}  # fmt: skip
_KINDS = {"title": "title", "keywords": "keywords", "description": "description", "summary": "description"}
_ROW = re.compile(r"(\w+)-(\d{1,4})-value-")
_TAG = re.compile(r"<(/?)(\w+)((?:\s[^<>]*)?)>")
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)


def matter_of_body(blocks: Iterable[Mapping[str, Any]], fields: Mapping[str, str], *, source: str = "") -> Matter:
    """`blocks` is the raw StreamField: mappings of type and value. What has no words of its own adds none."""
    builder = Builder(source)
    known = {name: whole(str(value)) for name, value in fields.items() if value}
    for name, value in known.items():
        builder.add(_KINDS.get(name, "metadata"), value, _place(name))
    for block in blocks:
        _ADD.get(block.get("type", ""), _other)(builder, block.get("value"))
    for number, picture in enumerate(builder.pictures, 1):
        builder.add("alt", (picture.alt or "").strip(), f"第 {number} 张图片的替代文字")
    return builder.matter(fields=known)


def _place(name: str) -> str:
    """A field by its Chinese name; a part of a row (`materials-0-value-name`) by its list and number."""
    row = _ROW.match(name)
    return f"{FIELDS.get(row[1], row[1])}第 {int(row[2]) + 1} 项" if row else FIELDS.get(name, name)


def _inline(builder: Builder, html: Any, kind: str = "paragraph") -> None:
    """A paragraph of p, strong, em, a, sup, sub and br."""
    pieces: list[str] = []
    links: list[tuple[str, int, int]] = []
    size = at = 0
    href: tuple[str, int] | None = None
    html = whole(str(html or ""))

    def put(text: str) -> None:
        nonlocal size
        pieces.append(text)
        size += len(text)

    for tag in _TAG.finditer(html):
        put(unescape(html[at : tag.start()]))
        at = tag.end()
        name = tag[2].lower()
        if name == "br" or (name == "p" and tag[1] and html[at:].strip()):
            put("\n")
        elif name == "a" and not tag[1]:
            found = _HREF.search(tag[3])
            href = (unescape(found[1] or found[2] or found[3] or ""), size) if found else None
        elif name == "a" and href:
            links.append((href[0], href[1], size))
            href = None
    put(unescape(html[at:]))
    words = "".join(pieces)
    base, _end = builder.paragraph(words, kind)
    builder.links += [Link(address, words[begin:stop], base + begin, base + stop) for address, begin, stop in links]


def _heading(builder: Builder, value: Any) -> None:
    level = str(value.get("level", "2"))
    builder.heading(int(level) if level.isdigit() else 2, whole(str(value.get("text") or "")))


def _list(builder: Builder, value: Any) -> None:
    for item in value.get("items") or ():
        # Texts as an importer writes them, or blocks with an identity of their own as the editor stores them.
        _inline(builder, item.get("value") if isinstance(item, Mapping) else item, "list")


def _table(builder: Builder, value: Any) -> None:
    rows = [[whole(str(cell)) if cell is not None else "" for cell in row] for row in value.get("data") or ()]
    named = bool(value.get("first_row_is_table_header")) or value.get("table_header_choice") in ("row", "both")
    builder.table(rows, header=named, caption=whole(str(value.get("table_caption") or "")))


def _image(builder: Builder, value: Any) -> None:
    alt, caption = whole(str(value.get("alt") or "")), whole(str(value.get("caption") or ""))
    decorative = bool(value.get("decorative"))
    is_map = "地图" in f"{alt}{caption}"
    source = str(value.get("image") or "")
    builder.pictures.append(
        Picture(source, None if not alt and not decorative else alt, decorative, is_map, builder.length)
    )
    builder.add("caption", caption, f"第 {len(builder.pictures)} 张图片的说明")


def _attachment(builder: Builder, value: Any) -> None:
    title = whole(str(value.get("title") or ""))
    builder.attachments.append(title)
    builder.add("attachment", title, f"附件 {len(builder.attachments)}")


def _quotation(builder: Builder, value: Any) -> None:
    builder.paragraph(whole(str(value.get("text") or "")), "quotation")
    builder.paragraph(whole(str(value.get("attribution") or "")), "quotation")


def _media(builder: Builder, value: Any) -> None:
    number = builder.next("音视频")
    builder.add("caption", whole(str(value.get("title") or "")), f"第 {number} 个音视频的标题")
    builder.add("paragraph", whole(str(value.get("transcript") or "")), f"第 {number} 个音视频的文字稿")


_OFFICIAL = {"title": "公文标题", "document_number": "公文文号", "addressee": "公文主送机关"}
_AFTER = {"signature": "公文落款", "date": "公文成文日期", "notes": "公文附注", "copies": "公文抄送"}


def _official(builder: Builder, value: Any) -> None:
    for name, place in _OFFICIAL.items():
        builder.add("official", whole(str(value.get(name) or "")), place)
    _inline(builder, value.get("body"), "official")
    for name, place in _AFTER.items():
        builder.add("official", whole(str(value.get(name) or "")), place)


def _other(builder: Builder, value: Any) -> None:
    if isinstance(value, str):
        _inline(builder, value)


_ADD: dict[str, Callable[[Builder, Any], None]] = {
    "paragraph": _inline, "heading": _heading, "list": _list, "table": _table, "image": _image,
    "attachment": _attachment, "quotation": _quotation, "video": _media, "audio": _media, "official": _official,
}  # fmt: skip

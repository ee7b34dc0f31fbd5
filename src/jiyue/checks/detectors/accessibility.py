"""What readers with assistive technology stumble over in a body (accessibility.*): alternative texts, order of
headings, headers of tables, words of links."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Matter, Picture
from jiyue.checks.settings import Settings
from jiyue.checks.shipped import shipped_list

_BASIS = "GB/T 37668—2019《信息技术 互联网内容无障碍可访问性技术要求与测试方法》"
_SPACES = re.compile(r"[\s\u3000]+")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{4,}", re.IGNORECASE)


def find(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """What this family finds; of each kind only so many, for a page of a whole site has hundreds."""
    most = int(shipped_list("pictures")["most"])
    for kind in (_alternatives, _heading_order, _empty_headings, _table_headers, _link_words):
        yield from islice(kind(matter), most)


def _finding(
    matter: Matter, detector: str, message: str, start: int, end: int, suggestion: str, **more: str
) -> Finding:
    """In a body that an editor writes these want mending; in a page as found, its template may be to blame."""
    return Finding(
        detector=f"accessibility.{detector}",
        severity=Severity.WARN if matter.html is None or detector == "alt" else Severity.NOTE,
        message=message,
        start=start,
        end=end,
        excerpt=more.pop("excerpt", "") or matter.text[start : min(end, start + 80)].replace("\n", " "),
        suggestion=suggestion,
        basis=_BASIS,
        values=more,
    )


def _alternatives(matter: Matter) -> Iterator[Finding]:
    advice = _("用一句话说清图片的内容；纯装饰的图片标为“装饰”")
    for picture in matter.pictures:
        if picture.decorative:
            continue
        excerpt = (picture.alt or picture.src)[:80]
        if picture.alt is None or not picture.alt.strip():
            yield _finding(matter, "alt", _("图片没有替代文字"), picture.start, picture.start, advice, excerpt=excerpt)
        elif problem := alternative_problem(picture):
            yield _finding(matter, "alt", problem, picture.start, picture.start, advice, excerpt=excerpt)


def alternative_problem(picture: Picture) -> str:
    """What is wrong with an alternative text that is there, as a message; "" for nothing."""
    alt = " ".join((picture.alt or "").split())
    words, file_name, longest = _alt_rules()
    if alt.lower() in words:
        return _("替代文字没有说出图片内容")
    if file_name.match(alt) or (len(alt) > 4 and alt.lower() == picture.src.rpartition("/")[2].lower()):
        return _("替代文字是文件名或编号")
    return _("替代文字过长") if len(alt) > longest else ""


@cache
def _alt_rules() -> tuple[frozenset[str], re.Pattern[str], int]:
    rules = shipped_list("pictures")["alt"]
    return frozenset(rules["meaningless"]), re.compile(rules["file_name"], re.IGNORECASE), int(rules["longest"])


def _heading_order(matter: Matter) -> Iterator[Finding]:
    """A level left out on the way down; a body begins under the title, at the second level."""
    before = 1 if matter.html is None else 0
    for level, start, end in matter.headings:
        if before and level > before + 1:
            yield _finding(
                matter, "heading-order", _("小标题从 %(before)s 级跳到 %(level)s 级"), start, end,
                _("按层级依次使用小标题"), before=str(before), level=str(level),
            )  # fmt: skip
        before = level


def _empty_headings(matter: Matter) -> Iterator[Finding]:
    pictured = {picture.start for picture in matter.pictures if picture.alt}
    for element in matter.elements:
        if element.tag not in _HEADINGS or element.start != element.end or element.start in pictured:
            continue
        if "aria-label" not in element.attributes and not _is_unseen(element.attributes.get("style", "")):
            yield _finding(
                matter, "heading-order", _("小标题是空的"), element.start, element.start,
                _("删除空的小标题"), excerpt=f"<{element.tag}>",
            )  # fmt: skip


def _is_unseen(style: str) -> bool:
    return "display" in style and "none" in style


def _table_headers(matter: Matter) -> Iterator[Finding]:
    """Tables of data without a row of headers; tables that only lay out a page have long or nested cells."""
    for table in matter.tables:
        if table.header or not _is_data(matter, table.rows):
            continue
        yield _finding(
            matter, "table-header", _("表格没有表头"), table.start, table.end,
            _("把第一行（或第一列）设为表头"), excerpt=matter.text[table.start : table.start + 60].replace("\n", " "),
        )  # fmt: skip


def _is_data(matter: Matter, rows: tuple[tuple[tuple[int, int], ...], ...]) -> bool:
    wide = [row for row in rows if len(row) > 1]
    if len(wide) < 2 or len(wide) * 2 < len(rows):
        return False
    sizes = [end - start for row in wide for start, end in row]
    filled = sum(size > 0 for size in sizes)
    return filled * 2 >= len(sizes) and max(sizes) <= 400


def _link_words(matter: Matter) -> Iterator[Finding]:
    words, pictured = _empty_words(), {picture.start for picture in matter.pictures}
    for link in matter.links:
        said = _SPACES.sub("", link.text).lower().strip("[]【】()（）:：。，,.!！")
        if not said and link.href.strip() and link.start not in pictured:
            # A link whose only content is a picture without words is told at the picture.
            yield _finding(
                matter, "link-text", _("链接没有文字"), link.start, link.end,
                _("给链接加上文字，或给其中的图片加上替代文字"), excerpt=link.href[:80],
            )  # fmt: skip
        elif said in words:
            yield _finding(
                matter, "link-text", _("链接文字“%(words)s”看不出通向哪里"), link.start, link.end,
                _("写出目标的名称，如文件或栏目的标题"), words=link.text.strip()[:20],
            )  # fmt: skip
        elif matter.html is None and _ADDRESS.fullmatch(said):
            yield _finding(
                matter, "link-text", _("链接文字是一串网址"), link.start, link.end, _("写出目标的名称"),
            )  # fmt: skip


@cache
def _empty_words() -> frozenset[str]:
    words = shipped_list("pictures")["link_text"]["empty_words"]
    return frozenset(_SPACES.sub("", str(word)).lower() for word in words)

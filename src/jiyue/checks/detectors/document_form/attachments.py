"""附件: named but missing, present but not named, and their numbering (GB/T 9704—2012, 7.3.4 and 7.3.7)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from jiyue.checks.detectors.document_form.sheet import FORMAT, Sheet
from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.domain.chinese_numerals import number_of

DETECTOR = "attachment"
BASIS = f"{FORMAT} 7.3.4、7.3.7"

_MENTIONED = re.compile(r"附\s?件")
_NUMBER = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_LIST = re.compile(r"附\s?件\s?[:：]\s*(?P<rest>\S.*)\Z")
_ITEM = re.compile(r"(?:附\s?件\s?)?(?P<number>\d{1,2})\s?[.．、:：]\s*(?P<name>[^\d\s.．、].*)\Z")
_MORE = re.compile(r"(?<=[\u4e00-\u9fff）)》])\s*(?<!\d)(?P<number>\d{1,2})\s?[.．、]\s*(?=[\u4e00-\u9fff《“])")
_NUMBERED = re.compile(rf"附\s?件\s?(?P<number>{_NUMBER})\s?[:：.．、\s]\s*(?P<name>\S.*)\Z")
_SECTION = re.compile(rf"[【\[（(]?附\s?件\s?(?P<number>{_NUMBER})?\s?[】\]）)]?\s?[:：.．]?\Z")
_REFERENCE = re.compile(
    rf"(?:(?:详?见|参见|详情见|如)(?:本\w{{1,4}}的?)?|[（(])附\s?件\s?(?P<number>{_NUMBER})(?![\d一二三四五六七八九十])(?!第)"
)
_PLAIN_REFERENCE = re.compile(r"(?:详见|参见|[（(]见|见)附件(?!\s?[\d一二三四五六七八九十])")
_FILE_NUMBER = re.compile(r"附\s?件\s?[(（]?(?P<number>\d{1,2}|[一二三四五六七八九十]{1,3})")
_DOCUMENT_FILE = re.compile(r"\.(?:docx?|xlsx?|pdf|wps|et|pptx?|zip|rar|ofd|txt|csv|jpe?g|png)(?:[?#].*)?\Z", re.I)
_ELSEWHERE = re.compile(r"略[)）]?\Z|另发|另附|不(?:予)?公开|无\Z|内部")
_SIGN = re.compile(r"[\W_]+")
_LONGEST_ITEM = 120


@dataclass(frozen=True)
class Named:
    """An attachment as the note under the body names it. `number` is 0 where only one is named, without a number."""

    number: int
    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Present:
    """An attachment that is there: as a part of the text, or as a file."""

    number: int
    name: str
    start: int
    end: int
    is_file: bool


def find(sheet: Sheet) -> Iterator[Finding]:
    """The note's numbering, then what is named against what is there, and what the body refers to."""
    if not _MENTIONED.search(sheet.text) and not sheet.matter.attachments:
        return
    named = _named(sheet)
    present = [*_sections(sheet, named), *_files(sheet)]
    yield from _numbering(sheet, named)
    yield from _absent(sheet, named, present)
    yield from _unnamed(sheet, named, present)
    yield from _references(sheet, named, present)


# -- what is named -------------------------------------------------------------------------------------------------


def _named(sheet: Sheet) -> list[Named]:
    """The items of the first note: 附件：1.… / 2.…"""
    for place, line in enumerate(sheet.lines):
        found = _LIST.match(line.text)
        numbered = _NUMBERED.match(line.text) if not found else None
        if found and len(line.text) <= _LONGEST_ITEM * 4 and not found["rest"].endswith("。"):
            start = line.start + found.start("rest")
            return _items(sheet, place, found["rest"], start)
        if numbered and number_of(numbered["number"]) == 1 and not line.text.endswith(("。", "：")):
            return _numbered_lines(sheet, place)
    return []


def _items(sheet: Sheet, place: int, rest: str, start: int) -> list[Named]:
    first = _ITEM.match(rest)
    if not first:
        return [Named(0, rest, start, start + len(rest))]
    items = _on_one_line(rest, start)
    for line in sheet.lines[place + 1 : place + 40]:
        item = _ITEM.match(line.text)
        if not item or len(line.text) > _LONGEST_ITEM or line.text.endswith("。"):
            # A name may be too long for its line; the item after it must follow directly.
            if item is None and _wraps(sheet, line.text):
                continue
            break
        items += _on_one_line(line.text, line.start)
    return items


def _wraps(sheet: Sheet, text: str) -> bool:
    return (
        len(text) <= 30
        and text.endswith(("表", "单", "书", "案", "法", "则", "图", "册", "版", "）"))
        and "。" not in text
    )


def _on_one_line(text: str, start: int) -> list[Named]:
    """1.甲 2.乙 3.丙 on one line."""
    first = _ITEM.match(text)
    if not first:
        return []
    marks = [(int(first["number"]), first.start("number"), first.start("name"))]
    for more in _MORE.finditer(text, first.start("name")):
        if int(more["number"]) == marks[-1][0] + 1:
            marks.append((int(more["number"]), more.start("number"), more.end()))
    ends = [mark[1] for mark in marks[1:]] + [len(text)]
    return [
        Named(number, text[begin:end].strip(), start + at, start + end)
        for (number, at, begin), end in zip(marks, ends, strict=True)
    ]


def _numbered_lines(sheet: Sheet, place: int) -> list[Named]:
    """附件1：甲 / 附件2：乙 on lines of their own, one after the other."""
    items: list[Named] = []
    for line in sheet.lines[place : place + 40]:
        found = _NUMBERED.match(line.text) or (_ITEM.match(line.text) if items else None)
        # The links to the files may repeat the whole note.
        if not found or len(line.text) > _LONGEST_ITEM or (items and number_of(found["number"]) == 1):
            break
        items.append(Named(number_of(found["number"]) or 0, found["name"], line.start, line.end))
    return items


# -- what is there -------------------------------------------------------------------------------------------------


def _sections(sheet: Sheet, named: list[Named]) -> Iterator[Present]:
    """附件 or 附件2 on a line of its own begins an attachment; so does 附件2：name behind the note."""
    after = named[-1].end if named else 0
    for place, line in enumerate(sheet.lines):
        alone = _SECTION.match(line.text)
        if alone and line.start >= after:
            name = sheet.lines[place + 1].text if place + 1 < len(sheet.lines) else ""
            yield Present(number_of(alone["number"] or "") or 0, name, line.start, line.end, False)
            continue
        if named and line.start >= after and any(_bare(item.name) == _bare(_titled(line.text)) for item in named):
            yield Present(0, _titled(line.text), line.start, line.end, False)
            continue
        titled = _NUMBERED.match(line.text)
        if (
            titled
            and named
            and line.start >= after
            and len(line.text) <= _LONGEST_ITEM
            and not line.text.endswith("。")
        ):
            yield Present(number_of(titled["number"]) or 0, titled["name"], line.start, line.end, False)


def _titled(text: str) -> str:
    found = _LIST.match(text)
    return found["rest"] if found else text


def _files(sheet: Sheet) -> Iterator[Present]:
    for name in sheet.matter.attachments:
        start, end = sheet.field_span(name)
        yield Present(_file_number(name), name, start, end, True)
    for link in sheet.matter.links:
        if _DOCUMENT_FILE.search(link.href) or _DOCUMENT_FILE.search(link.text.strip()):
            yield Present(_file_number(link.text), link.text, link.start, link.end, True)


def _file_number(name: str) -> int:
    found = _FILE_NUMBER.search(name) or re.match(r"\s*(?P<number>\d{1,2})\s?[.．、]\s*(?!\d)", name)
    return number_of(found["number"]) or 0 if found else 0


# -- against each other --------------------------------------------------------------------------------------------


def _numbering(sheet: Sheet, named: list[Named]) -> Iterator[Finding]:
    numbers = [item.number for item in named]
    for expected, item in enumerate(named, 1):
        if len(numbers) > 1 and item.number != expected:
            yield sheet.finding(
                DETECTOR, _("附件说明的序号不连续：应是%(expected)s，写成%(number)s"), (item.start, item.end), basis=BASIS,
                suggestion=_("核对附件序号"), expected=expected, number=item.number,
            )  # fmt: skip
            return


def _absent(sheet: Sheet, named: list[Named], present: list[Present]) -> Iterator[Finding]:
    for item in named:
        if _DOCUMENT_FILE.search(item.name) or _ELSEWHERE.search(item.name) or _is_drawn(sheet, item):
            continue
        if not any(_is(item, there, len(named)) for there in present):
            yield sheet.finding(
                DETECTOR, _("附件“%(name)s”有名称，没有内容，也没有文件"), (item.start, item.end), basis=BASIS,
                suggestion=_("补上附件，或者从附件说明中去掉"), name=item.name[:40],
            )  # fmt: skip


def _is_drawn(sheet: Sheet, item: Named) -> bool:
    """Whether a chart may be one of the pictures behind the note."""
    return "图" in item.name and any(picture.start >= item.start for picture in sheet.matter.pictures)


def _is(item: Named, there: Present, several: int) -> bool:
    if _alike(item.name, there.name):
        return True
    if item.number and there.number:
        return item.number == there.number
    return several == 1


def _alike(one: str, other: str) -> bool:
    one, other = _bare(one), _bare(other)
    return len(one) >= 4 and len(other) >= 4 and (one in other or other in one)


def _bare(name: str) -> str:
    return _SIGN.sub("", re.sub(r"\A\s*附\s?件\s?\d{0,2}|\.\w{2,4}\Z", "", name))


def _unnamed(sheet: Sheet, named: list[Named], present: list[Present]) -> Iterator[Finding]:
    if not named:
        return
    for there in present:
        if there.number and there.number > 0 and not any(_is(item, there, len(named)) for item in named):
            yield sheet.finding(
                DETECTOR, _("附件%(number)s没有写进附件说明"), (there.start, there.end), basis=BASIS,
                suggestion=_("在附件说明中写明它的名称"), number=there.number,
            )  # fmt: skip


def _references(sheet: Sheet, named: list[Named], present: list[Present]) -> Iterator[Finding]:
    """见附件3, where only two are named."""
    known = {item.number for item in named} | {there.number for there in present}
    if any(there.is_file and not there.number for there in present) and not named:
        return
    for found in _REFERENCE.finditer(sheet.text):
        number = number_of(found["number"])
        if number and number not in known:
            known.add(number)
            yield sheet.finding(
                DETECTOR, _("正文提到附件%(number)s，附件说明和文件里都没有"), found.span(), basis=BASIS,
                suggestion=_("补上附件，或者改正序号"), number=number,
            )  # fmt: skip
    plain = _PLAIN_REFERENCE.search(sheet.text)
    if plain and not named and not present and "附件" not in sheet.text[plain.end() :]:
        yield sheet.finding(
            DETECTOR, _("正文提到附件，却没有附件"), plain.span(), severity=Severity.NOTE, basis=BASIS,
            suggestion=_("补上附件"),
        )  # fmt: skip

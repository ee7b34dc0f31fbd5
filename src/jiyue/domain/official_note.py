"""题注: the bracketed line under the title of a law or regulation that says who adopted and issued it, and when.

（2016年10月8日国务院第149次常务会议通过　2016年11月30日中华人民共和国国务院令第673号公布　自2017年2月1日起施行）
"""

import re

from jiyue.domain.chinese_numerals import DateMention, dates_in
from jiyue.domain.official_document import Document, title_note
from jiyue.domain.official_lines import organisations_in

_ISSUED = re.compile(r"公布|发布|颁布")
# What stands between a body and 公布: its decree or announcement, with or without a number.
_ISSUER = re.compile(
    r"日[\s\u3000]*(?P<body>[\u4e00-\u9fff、]{2,60}?)"
    r"(?:(?:公告|令)(?:[（(〔]?第?[^　，；。]{1,12}号[)）〕]?)?)?(?:公布|发布|颁布)"
)
_COUNT = r"[〇零一二三四五六七八九十百\d]+"
_ADOPTED = (
    re.compile(
        rf"日[\s\u3000]*(?P<body>[\u4e00-\u9fff]{{2,30}}?)第?{_COUNT}届(?P<rest>人民代表大会(?:常务委员会)?)"
        rf"第?{_COUNT}次会议(?!.{{0,4}}批准)"
    ),
    re.compile(rf"日[\s\u3000]*(?P<body>最高人民法院|最高人民检察院)[\u4e00-\u9fff\d]{{0,24}}?会第?{_COUNT}次会议"),
    re.compile(
        rf"日[\s\u3000]*(?P<body>[\u4e00-\u9fff]{{2,30}}?)第?{_COUNT}次(?:全体|常务|部务|部|委务|局务|署务|党组)*会议"
    ),
)


def noted_day(document: Document) -> DateMention | None:
    """The day of issue in the note, else its first day, which is that of adoption."""
    note = title_note(document)
    if note is None:
        return None
    days = list(dates_in(document.text, note.start, note.end))
    issued = _ISSUED.search(document.text, note.start, note.end)
    before = [day for day in days if issued and day.end <= issued.start()]
    return before[-1] if before else next(iter(days), None)


def noted_bodies(document: Document) -> tuple[tuple[str, ...], int, int] | None:
    """The bodies that issued it, else those that adopted it, with their place."""
    note = title_note(document)
    if note is None:
        return None
    issued = _ISSUER.search(document.text, note.start, note.end)
    if issued and (bodies := _bodies(issued["body"])):
        return bodies, issued.start("body"), issued.end("body")
    for form in _ADOPTED:
        found = list(form.finditer(document.text, note.start, note.end))
        # Several bodies adopt a joint text one after the other; a later amendment is adopted by the same.
        bodies = tuple(dict.fromkeys(name for each in found for name in _bodies(_whole(each))))
        if bodies:
            return bodies, found[0].start("body"), found[0].end()
    return None


def _whole(found: re.Match[str]) -> str:
    return found["body"] + (found.groupdict().get("rest") or "")


def _bodies(text: str) -> tuple[str, ...]:
    return tuple(name.removeprefix("中华人民共和国") or name for name in organisations_in(text))

"""What is written with letters and words: e-mail, passport, plate, land line, home address, birth date.

One pass of an automaton finds the words that announce them; regular expressions look only behind these.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from jiyue.checks.detectors.personal_data.hits import Hit
from jiyue.checks.findings import Severity

_CUES = {
    "passport": ("护照", "通行证", "台胞证", "回乡证", "军官证", "士兵证", "居留证", "军人证"),
    "address": (
        "家庭住址", "家庭地址", "现住址", "住址", "家住", "现住", "居住地", "户籍地", "户籍所在地", "居住于", "居住在",
        "住在", "暂住", "户籍地址",
    ),
    "unit": ("单元",),
    "birth": ("出生日期", "出生年月日", "出生年月", "出生于", "出生", "生于", "生日", "日出生", "日生"),
    "landline": ("家庭电话", "住宅电话", "宅电", "家里电话", "家中电话", "家庭座机", "座机", "住宅"),
}  # fmt: skip
_ORDER = tuple((kind, cue) for kind, cues in _CUES.items() for cue in cues)

_LOCAL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._%+-")
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,4}[A-Za-z]{2,12}(?![A-Za-z0-9])")
_PUBLIC_HOST = re.compile(r"(?:^|\.)(?:gov|org|edu|mil|ac)(?:\.[a-z]{2})?\Z", re.I)
_PUBLIC_MAIL = re.compile(
    r"意见|反馈|咨询|投诉|举报|征集|报送|监督|单位|办公|受理|公开|来信|来函|建议|报名|申报|提交|发送至|发至|寄至|投稿|"
    r"[局委厅科处部院所站办]|联系人|信箱|申请|政府|公司|中心|热线|传真|服务"
)
_PUBLIC_LOCAL = re.compile(
    r"(?:office|info|service|admin|support|xxgk|bgs|bangongshi|webmaster|contact|gov|zf|jw|zwgk|xjb)", re.I
)
_PASSPORT = re.compile(
    r"[号码证件为是：:\s（(]{0,8}((?:[EeGgDdSsPpHhKkMm]\d{8}|[Ee][A-HJ-NP-Za-hj-np-z]\d{7}|[CHchMm]\d{8,10}|1[45]\d{7}|\d{8}|"
    r"[\u4e00-\u9fff]{1,3}字第[A-Za-z]?\d{5,8}[A-Za-z]?号))(?![0-9A-Za-z])"
)
_PLATE = re.compile(
    r"(?<![京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼])[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•‧\s-]?"
    r"(?:[DF][A-HJ-NP-Z0-9]\d{4}|\d{5}[DF]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳])(?![A-Za-z0-9])"
)
_AREA = re.compile(r"[:：\s是为（(]{0,6}((?:[（(]?0\d{2,3}[)）]?[-－—\s]?)?[2-8]\d{6,7}(?:[-转]\d{1,4})?)(?!\d)")
_LANDLINE = re.compile(r"0(?<![0-9A-Za-z.\-/]0)(?:10|2\d|[3-9]\d{2})[)）]?[-－—\s]?[2-8]\d{6,7}(?![0-9A-Za-z])")
_SOMEBODY = re.compile(r"[我你您他她家]|本人|个人|住户|座机")
_HOME = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9（）()·]{0,40}?(?:[省市县区旗乡镇村路街道巷弄里园苑城寨屯组庄]|小区|大道|社区|街道|公寓|花园)"
    r"[\u4e00-\u9fffA-Za-z0-9（）()·\-－]{0,30}?(?:\d+|[一二三四五六七八九十百]+)\s?(?:号楼?|室|栋|幢|单元|组|户|座|楼)"
    r"(?:[\u4e00-\u9fff]{0,3}[A-Za-z]?\d{0,5}[-－]?\d{0,5}\s?(?:号楼?|室|栋|幢|单元|组|户|座|楼|层)){0,4}"
)
_NUMBERED = re.compile(r"[\d一二三四五六七八九十百]\s?(?:号|室|栋|幢|单元|组|户|座|楼)")
_LED = re.compile(r"[为是在于：:\s（(]{0,4}")
_FLAT = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9]{2,30}?\d{1,4}(?:号楼|栋|幢|号|座)?\s?[-－]?\d{0,2}单元\d{0,3}楼?\s?\d{1,5}(?:室|号|户)"
)
_OFFICE = re.compile(r"办公|单位|公司|窗口|大厅|报名|递交|地点|开标|场所|注册|经营|邮寄|来访|受理|局|中心")
_DAY = (
    r"(?:19|20)\d{2}\s?[-年./]\s?(?:0?[1-9]|1[0-2])\s?[-月./]\s?(?:3[01]|[12]\d|0?[1-9])(?!\d)\s?日?"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
)
_BORN_AFTER = re.compile(rf"[:：\s为是（(于]{{0,4}}({_DAY})")
_BORN_BEFORE = re.compile(rf"({_DAY})\s?\Z")


@lru_cache(maxsize=1)
def _automaton() -> AhoCorasick:
    return AhoCorasick([cue for _kind, cue in _ORDER], matchkind=MatchKind.LeftmostLongest)


def written(text: str) -> Iterator[Hit]:
    """Every such thing in the text; two may overlap where one holds the other."""
    yield from _mails(text)
    yield from _plates(text)
    yield from _landlines(text)
    for which, start, end in _automaton().find_matches_as_indexes(text):
        yield from _BEHIND[_ORDER[which][0]](text, start, end)


def _mails(text: str) -> Iterator[Hit]:
    at = text.find("@")
    while at >= 0:
        start = _local(text, at)
        host = _HOST.match(text, at + 1) if start < at else None
        if host and not _is_public_mail(text, start, text[start:at], host[0]):
            yield Hit("e-mail", start, host.end(), text[start : host.end()], Severity.WARN)
        at = text.find("@", at + 1)


def _local(text: str, at: int) -> int:
    """Where the name before the @ begins."""
    start = at
    while start > 0 and at - start < 64 and text[start - 1] in _LOCAL:
        start -= 1
    while start < at and text[start] in "._%+-":
        start += 1
    return start


def _is_public_mail(text: str, start: int, local: str, host: str) -> bool:
    """Of a public body by its host, by its name, or because the public is asked to write there."""
    if _PUBLIC_HOST.search(host.lower()) or _PUBLIC_LOCAL.search(local):
        return True
    before = text[max(0, start - 30) : start]
    return bool(_PUBLIC_MAIL.search(before[before.rfind("\n") + 1 :]))


def _plates(text: str) -> Iterator[Hit]:
    for found in _PLATE.finditer(text):
        if any(sign.isdigit() for sign in found[0]):
            yield Hit("plate", found.start(), found.end(), found[0], Severity.WARN)


def _landlines(text: str) -> Iterator[Hit]:
    """A telephone is an office's unless somebody's is said, or the number is all there is."""
    for found in _LANDLINE.finditer(text):
        before = text[max(0, found.start() - 8) : found.start()]
        alone = len(text) < 40 and text.strip() == found[0]
        if alone or _SOMEBODY.search(before[before.rfind("\n") + 1 :]):
            yield Hit("landline", found.start(), found.end(), found[0], Severity.NOTE, "unsaid")


def _passport(text: str, _start: int, end: int) -> Iterator[Hit]:
    found = _PASSPORT.match(text, end)
    if found:
        yield Hit("passport", found.start(1), found.end(1), found[1], Severity.BLOCK)


def _home(text: str, start: int, end: int) -> Iterator[Hit]:
    if text[start:end] in ("现住", "住在", "暂住") and text[end : end + 1] in "房宅院所户人":
        return
    led = _LED.match(text, end)
    begin = led.end() if led else end
    if not _NUMBERED.search(text, begin, begin + 80):
        return
    found = _HOME.match(text, begin, begin + 80)
    if found and any(sign.isdigit() or sign in "一二三四五六七八九十" for sign in found[0]):
        yield Hit("address", found.start(), found.end(), found[0], Severity.BLOCK)


def _flat(text: str, start: int, _end: int) -> Iterator[Hit]:
    """A flat by its staircase and number, whoever lives there."""
    begin = max(0, start - 36)
    for found in _FLAT.finditer(text, begin, start + 14):
        line = text[max(0, found.start() - 20) : found.end()]
        if found.start() < start < found.end() and not _OFFICE.search(line[line.rfind("\n") + 1 :]):
            yield Hit("address", found.start(), found.end(), found[0], Severity.WARN)


def _birth(text: str, start: int, end: int) -> Iterator[Hit]:
    found = _BORN_AFTER.match(text, end) or _BORN_BEFORE.search(
        text, max(0, start - 14), start + text[start:end].startswith("日")
    )
    if found:
        yield Hit("birth-date", found.start(1), found.end(1), found[1], Severity.WARN)


def _home_phone(text: str, _start: int, end: int) -> Iterator[Hit]:
    found = _AREA.match(text, end)
    if found:
        yield Hit("landline", found.start(1), found.end(1), found[1], Severity.WARN)


_BEHIND = {"passport": _passport, "address": _home, "unit": _flat, "birth": _birth, "landline": _home_phone}

"""发文字号: how the number of an official document is written, found and made comparable.

Form: 机关代字 + 〔year〕 + serial + 号 (GB/T 9704—2012, 7.2.5: six-cornered brackets, no 第, no leading zeros). Decrees
and announcements are numbered as 令第N号 and 公告[year年]第N号. The State Council lists its decrees as 国令第N号.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jiyue.domain.chinese_numerals import number_of

_OPEN, _CLOSE = r"[〔\[［（(【﹝〈<{]", r"[〕\]］）)】﹞〉>}]"
_HAN = r"[\u4e00-\u9fff]"
_SERIAL = r"[\d〇零一二三四五六七八九十百千]{1,6}"
# Both are found by their rare tail; the name in front is then read backwards, so that long texts stay cheap. No pattern
# begins with spaces and none gives spaces back: a line of nothing else would cost the square of its length.
_BRACKETED = re.compile(
    rf"{_OPEN}\s*+(?P<year>\d{{4}}|[〇○零一二三四五六七八九]{{4}})\s*+年?\s*+{_CLOSE}"
    rf"\s*+(?P<infix>{_HAN}{{1,6}}字)?\s*+(?P<ordinal>第)?\s*+(?P<serial>\d{{1,5}}(?:[-—–]\d{{1,3}})?)\s*+号"
)
_DECREE = re.compile(
    rf"(?P<kind>令|公告|通告|布告)\s*+{_OPEN}?\s*+(?:{_OPEN}?\s*+(?P<year>\d{{4}})\s*+[年〕\]］]\s*+)?"
    rf"第\s*+(?P<serial>{_SERIAL})\s*+号(?:[ \u3000]*+{_CLOSE})?"
)
_CODE_BEFORE = re.compile(rf"(?P<code>{_HAN}(?:{_HAN}|[A-Za-z]){{0,29}})\s{{0,20}}\Z")
# The sign 令 may stand on a line of its own, and a second issuer on another.
_BODY_BEFORE = re.compile(
    rf"{_HAN}(?:{_HAN}|[、 \u3000\u00a0]){{0,60}}(?:\s*\n\s*中华人民共和国{_HAN}{{2,20}})?[ \u3000\u00a0]*\n?[ \u3000\u00a0]*\Z"
)
# What ends a title that a number was glued to in a text that lost its line breaks.
TITLE_KINDS = (
    "通知|意见|决定|决议|批复|复函|函|通报|公告|通告|公报|命令|令|办法|规定|条例|细则|方案|规划|计划|报告|请示|议案|纪要"
    "|答复|解释|章程|规则|纲要|要点|目录|清单|指南|标准|规范|制度|预案|措施|准则|意见书|名单|安排|批示|指示|规程|守则"
    "|说明|解读|问答|倡议书|公示|启事|政策|举措|实施|总结|讲话|须知|流程|简介|指引|详解|简报"
)  # fmt: skip
_GLUED_TITLE = re.compile(rf".*(?:{TITLE_KINDS})(?:[（(](?:试行|暂行)[)）])?(?={_HAN})")
_PREFIX = "中华人民共和国"


@dataclass(frozen=True)
class NumberMention:
    """A document number as written at [start, end); `value` is its canonical form."""

    value: str
    start: int
    end: int
    body: str  # issuer of a decree or announcement, else ""


def numbers_in(text: str, start: int = 0, end: int | None = None) -> Iterator[NumberMention]:
    """Every document number in the text, by place."""
    stop = len(text) if end is None else end
    found = list(_all(_BRACKETED, _CODE_BEFORE, _bracketed, text, start, stop))
    ends = {mention.end for mention in found}
    decrees = _all(_DECREE, _BODY_BEFORE, _decree, text, start, stop)
    found += [mention for mention in decrees if mention.end not in ends]
    yield from sorted(found, key=lambda mention: mention.start)


def canonical(number: str) -> str:
    """The number in its prescribed form; what is no number comes back trimmed. 国务院令 and 国令 are one."""
    found = next(numbers_in(number), None)
    return found.value if found else re.sub(r"\s+", "", number)


def same_number(one: str, other: str) -> bool:
    """Whether two ways of writing name the same document number."""
    return canonical(one) == canonical(other)


def _all(
    tail: re.Pattern[str],
    before: re.Pattern[str],
    build: Callable[[re.Match[str], re.Match[str]], NumberMention],
    text: str,
    start: int,
    stop: int,
) -> Iterator[NumberMention]:
    for match in tail.finditer(text, start, stop):
        name = before.search(text[max(start, match.start() - 61) : match.start()])
        if name:
            yield build(name, match)


def _bracketed(name: re.Match[str], match: re.Match[str]) -> NumberMention:
    code, year = name["code"], number_of(match["year"])
    glued = _GLUED_TITLE.match(code)
    # 令, 函 and 办 also end agency codes (国函, 国办函): only a title that leaves a code behind is cut off.
    cut = glued.end() if glued and len(code) > 8 else 0
    serial = "-".join(str(int(part)) for part in re.split(r"[-—–]", match["serial"]))
    # Announcements keep their 第 (公告〔2019〕第5号), letters and circulars must not have one.
    ordinal = "第" if match["infix"] or (match["ordinal"] and code.endswith(("令", "公告", "通告"))) else ""
    value = f"{code[cut:]}〔{year}〕{match['infix'] or ''}{ordinal}{serial}号"
    return NumberMention(value, match.start() - len(name[0]) + cut, match.end(), "")


def _decree(before: re.Match[str], match: re.Match[str]) -> NumberMention:
    bodies = [part for part in re.split(r"[、\s\u3000\u00a0]+", before[0]) if part]
    short = [part.removeprefix(_PREFIX) or part for part in bodies]
    serial = number_of(match["serial"])
    year = f"{match['year']}年" if match["year"] else ""
    if short[0] == "国务院" and match["kind"] == "令":
        name = "国令"
    elif short == ["国"]:
        name = f"国{match['kind']}"
    else:
        name = f"{' '.join(short)}{match['kind']}"
    body = "、".join(short if short != ["国"] else ["国务院"])
    start = match.start() - len(before[0])
    return NumberMention(f"{name}{year}第{serial}号", start, match.end(), body)

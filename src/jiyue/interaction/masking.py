"""What of a letter may not be read by everybody: found by the content checks and by what the sender typed (INT-05, PRIV).

Pure but for the settings it is given. It proposes; a person looks at every place (`interaction.publicity`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from jiyue.checks.detectors.personal_data.names import NAME, SURNAME, is_word
from jiyue.checks.matter import Matter, Part
from jiyue.checks.running import check
from jiyue.checks.settings import Settings

HIDDEN = "×××"
FAMILY = "personal-data"
_CALLED = (
    "先生|女士|小姐|老师|医生|大夫|师傅|同志|大爷|大妈|大娘|阿姨|叔叔|奶奶|爷爷|主任|所长|科长|局长|经理|老板|书记"
)
_KIN = "孩子|儿子|女儿|孙子|孙女|外孙|外孙女|父亲|母亲|爸爸|妈妈|丈夫|妻子|爱人|老伴|哥哥|弟弟|姐姐|妹妹|邻居|房东|同学"
_PERSONS = (
    re.compile(rf"({SURNAME}[\u4e00-\u9fff]{{0,2}}?)(?=(?:{_CALLED}))"),
    re.compile(rf"(?:{_KIN})(?:叫|是|名叫)?({NAME})(?=[，。；、：:,.\s（(的也都还说看跟和与把被等去来家在]|$|今年)"),
    re.compile(rf"(?:我叫|名叫|姓名[：:]\s?|本人|联系人[：:]?\s?|我是)({NAME})(?=[，。；、,.\s（(]|$|在|的|住)"),
)
_HOUSE = re.compile(
    r"(?:[\u4e00-\u9fff]{0,6}?(?:小区|花园|家园|公寓|苑|里))?\d{1,4}\s?(?:号楼|栋|幢|座|号院|弄)(?:\s?\d{1,3}\s?单元)?(?:\s?\d{2,5}\s?(?:室|号|户))?"
    r"|\d{1,3}\s?单元\s?\d{2,5}\s?(?:室|号|户)?|\d{3,5}\s?室"
)
_CHILD = re.compile(r"孩子|儿子|女儿|小孩|孙子|孙女|学生|未成年")
_SCHOOL = re.compile(
    r"[\u4e00-\u9fff]{0,8}?(?:小学|中学|幼儿园|学校)[一二三四五六七八九初高\d]{1,3}年级(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)]?班)?"
    r"|[一二三四五六七八九初高\d]{1,3}年级[（(]?[一二三四五六七八九十\d]{1,3}[）)]?班"
)
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z]\s?[·.•]?\s?[A-Z0-9]{5,6}(?![A-Z0-9])")
_SENTENCE = re.compile(r"[^。！？；\n]*[。！？；\n]|[^。！？；\n]+")
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True)
class Span:
    """A stretch that nobody but staff may read."""

    start: int
    end: int


@dataclass(frozen=True)
class Place:
    """One place where the public text differs from what was written: what stood there, and what stands there now."""

    key: str
    before: str
    was: str
    now: str
    after: str


def hidden(text: str, *, contact: Mapping[str, str], settings: Settings, by_office: bool = False) -> str:
    """The text with everything that tells of a person covered; what an office wrote may name rooms of its houses."""
    shown, at = [], 0
    for span in _joined(_found(text, contact, settings, by_office)):
        shown += [text[at : span.start], HIDDEN]
        at = span.end
    return "".join([*shown, text[at:]])


def left(text: str, *, contact: Mapping[str, str], settings: Settings, by_office: bool = False) -> list[str]:
    """What may still tell of a person in a text that is to be public."""
    spans = _joined(_found(text, contact, settings, by_office))
    return list(dict.fromkeys(text[span.start : span.end] for span in spans))


def typed_left(text: str, contact: Mapping[str, str]) -> list[str]:
    """Which of the fields that the sender typed stand in the text, by name. Nothing lets these stay."""
    return [name for name, value in contact.items() if value.strip() and any(_typed(text, name, value))]


def places(before: str, after: str, *, field: str) -> list[Place]:
    """Every place where the two differ, in order, sentence by sentence and then by character."""
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    found: list[tuple[int, int, int, int]] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            found += _within(sum(map(len, old[:i])), "".join(old[i:j]), sum(map(len, new[:k])), "".join(new[k:m]))
    return [
        Place(f"{field}-{n}", before[max(0, a - 12) : a], before[a:b], after[c:d], before[b : b + 12])
        for n, (a, b, c, d) in enumerate(found, 1)
    ]


def _within(start: int, old: str, new_start: int, new: str) -> Iterator[tuple[int, int, int, int]]:
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield start + i, start + j, new_start + k, new_start + m


def _found(text: str, contact: Mapping[str, str], settings: Settings, by_office: bool) -> Iterator[Span]:
    for name, value in contact.items():
        if value.strip():
            yield from _typed(text, name, value)
    matter = Matter(source="", text=text, parts=(Part("paragraph", 0, len(text), ""),))
    for finding in check(matter, settings, only={FAMILY}):
        fixes = finding.fixes or ()
        yield from (Span(fix.start, fix.end) for fix in fixes)
        if not fixes:
            yield Span(finding.start, finding.end)
    yield from _persons(text)
    patterns = [_PLATE, *([] if by_office else [_HOUSE]), *([_SCHOOL] if _CHILD.search(text) else [])]
    yield from (Span(*found.span()) for pattern in patterns for found in pattern.finditer(text))


def _typed(text: str, name: str, value: str) -> Iterator[Span]:
    """The places of what was typed, also when digits are parted otherwise, and of a name with its form of address."""
    value = value.strip()
    if name == "phone":
        digits = _DIGITS.findall(value)
        pattern = r"[\s\-–—.]{0,2}".join(digits[-11:]) if len(digits) >= 5 else re.escape(value)
    else:
        pattern = r"\s*".join(re.escape(sign) for sign in value if not sign.isspace())
        if name == "name" and len(value) >= 2:
            pattern += rf"|{re.escape(value[0])}(?=(?:某|{_CALLED}))"
    if len(value) >= 2:
        yield from (Span(*found.span()) for found in re.finditer(pattern, text, re.IGNORECASE) if found[0])


def _persons(text: str) -> Iterator[Span]:
    for pattern in _PERSONS:
        for found in pattern.finditer(text):
            if found[1] and not is_word(found[1]):
                yield Span(*found.span(1))


def _joined(spans: Iterable[Span]) -> list[Span]:
    kept: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        if kept and span.start <= kept[-1].end:
            kept[-1] = Span(kept[-1].start, max(kept[-1].end, span.end))
        elif span.end > span.start:
            kept.append(span)
    return kept

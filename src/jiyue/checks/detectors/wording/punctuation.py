"""Punctuation: half width in Chinese text, marks without their partner, marks twice (GB/T 15834—2011)."""

import re
from collections.abc import Iterator
from itertools import chain

from jiyue.checks.detectors.wording.saying import finding
from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Matter
from jiyue.checks.settings import Settings

DETECTOR = "punctuation"
BASIS = "GB/T 15834—2011《标点符号用法》"

_FULL = str.maketrans(",;:?!", "，；：？！")
# The sign comes first, so that the search is quick; what stands before it is looked at afterwards.
_HALF = re.compile(r"[,;:?!](?<=[\u4e00-\u9fff”’》）].)(?=[\u4e00-\u9fff“‘《（])")
_LABEL = 24  # 来源:某某报: a label of a page, not a sentence.
_SEVERAL = re.compile("[。，、；：！？]{2,}")
_TWICE = re.compile(r"。{2,5}\Z|，，+\Z|、、+\Z|；；+\Z|：：+\Z|[，、；：][。；：，、]|。[，、；]|[！？][。，、；]")
_RIGHT = {"。。": "。", "，，": "，", "、、": "、", "；；": "；", "：：": "："}
_PAIRS = {"（": "）", "《": "》", "〔": "〕", "【": "】", "“": "”", "‘": "’", "「": "」", "『": "』", "〈": "〉"}
_OPENERS = {closer: opener for opener, closer in _PAIRS.items()}
_MARKS = re.compile("[" + "".join((*_PAIRS, *_OPENERS)) + "]|\n")
# A list's label has a closing bracket of its own: 1）, 一）, a）.
_LIST_LABEL = re.compile(r"(?:^|[\s。；;：:，、])[\dA-Za-z一二三四五六七八九十①-⑳]{1,3}\Z")
# A passage quoted over many paragraphs opens anew with each and closes once.
_QUOTES = frozenset("“‘「『")
# Lines a title or a bracket may be broken over; 【字号：大 中 小】 of a page often stands on six.
_NEAR = {"【": 6}
_NEAR_OTHERS = 3
_SKIPPED = frozenset({"keywords", "metadata", "alt", "link"})
_BRACKETS = re.compile(r"[()（）\n]")
_LONGEST_BRACKET = 60
_LONGEST_PAIRING = 2_000_000


def find(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """One finding for the half-width marks of a paragraph; one for each mark alone or twice."""
    for one in chain(_half_width(matter), _twice(matter), _alone(matter)):
        part = matter.part_at(one.start)
        if part is None or part.kind not in _SKIPPED:
            yield one


def _half_width(matter: Matter) -> Iterator[Finding]:
    text = matter.text
    last_end = -1
    for found in _HALF.finditer(text):
        if found.start() < last_end:
            continue
        start, end = _line(text, found.start())
        if found[0] == ":" and end - start <= _LABEL:
            continue
        marks = list(_HALF.finditer(text, found.start(), min(end, found.start() + 2000)))
        last_end = end
        span = (found.start(), marks[-1].end())
        words = text[span[0] : span[1]]
        yield finding(
            matter, DETECTOR, _("这一段的中文里有%(count)s处半角标点“%(sign)s”"), span, severity=Severity.NOTE, basis=BASIS,
            suggestion=_("改用全角标点"), replacement=_HALF.sub(lambda one: one[0].translate(_FULL), f"中{words}中")[1:-1],
            count=len(marks), sign=found[0],
        )  # fmt: skip


def _line(text: str, at: int) -> tuple[int, int]:
    end = text.find("\n", at)
    return text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end


def _twice(matter: Matter) -> Iterator[Finding]:
    for found in _SEVERAL.finditer(matter.text):
        words = found[0]
        if not _TWICE.match(words):
            continue
        if words.startswith("。。。"):
            yield finding(
                matter, DETECTOR, _("省略号应写作“……”"), found.span(), basis=BASIS, severity=Severity.NOTE,
                suggestion=_("改为：%(right)s"), replacement="……", right="……",
            )  # fmt: skip
        else:
            right = _RIGHT.get(words[:2]) if len(set(words)) == 1 else None
            yield finding(
                matter, DETECTOR, _("标点“%(signs)s”连用"), found.span(), basis=BASIS, suggestion=_("只留一个标点"),
                replacement=right, signs=words,
            )  # fmt: skip


def _alone(matter: Matter) -> Iterator[Finding]:
    text = matter.text
    if len(text) > _LONGEST_PAIRING:
        return
    spans = list(_mixed(text))
    mixed = {at for start, end in spans for at in (start, end - 1)}
    for start, end in spans:
        yield finding(
            matter, DETECTOR, _("括号一半全角、一半半角：“%(words)s”"), (start, end), basis=BASIS, severity=Severity.NOTE,
            suggestion=_("改用同一种括号"), replacement=f"（{text[start + 1 : end - 1]}）", words=text[start:end][:30],
        )  # fmt: skip
    for at in _unpaired(text):
        if at not in mixed:
            yield finding(
                matter, DETECTOR, _("“%(sign)s”没有与它成对的另一半"), (at, at + 1), basis=BASIS,
                suggestion=_("补上或者删去"), sign=text[at],
            )  # fmt: skip


def _mixed(text: str) -> Iterator[tuple[int, int]]:
    """Brackets opened in one width and closed in the other."""
    if "(" not in text and ")" not in text:
        return
    before: re.Match[str] | None = None
    for found in _BRACKETS.finditer(text):
        if before and before[0] + found[0] in ("（)", "(）") and found.end() - before.start() <= _LONGEST_BRACKET:
            yield before.start(), found.end()
        before = found


def _unpaired(text: str) -> list[int]:
    """Places of marks without a partner; a quotation may run over paragraphs, a bracket over a broken line."""
    open_marks: list[tuple[str, int, int]] = []
    alone: list[int] = []
    line = 0
    for found in _MARKS.finditer(text):
        sign, at = found[0], found.start()
        if sign == "\n":
            line += 1
            while (
                open_marks and open_marks[-1][0] not in _QUOTES and line - open_marks[-1][2] > _near(open_marks[-1][0])
            ):
                alone.append(open_marks.pop()[1])
        elif sign in _PAIRS:
            if sign in _QUOTES and any(mark == sign for mark, _at, _line in open_marks) and _begins_paragraph(text, at):
                continue
            open_marks.append((sign, at, line))
        elif open_marks and _OPENERS[sign] in [mark for mark, _at, _line in open_marks[-3:]]:
            while open_marks[-1][0] != _OPENERS[sign]:
                alone.append(open_marks.pop()[1])
            open_marks.pop()
        elif sign != "）" or not _LIST_LABEL.search(text, max(0, at - 5), at):
            alone.append(at)
    return sorted(alone + [at for _sign, at, _line in open_marks])


def _near(sign: str) -> int:
    return _NEAR.get(sign, _NEAR_OTHERS)


def _begins_paragraph(text: str, at: int) -> bool:
    """At the head of a line, or behind the end of a sentence in a text that lost its lines."""
    before = text[max(0, at - 40) : at].rstrip(" \u3000")
    return not before or before[-1] in "\n。；：！？"

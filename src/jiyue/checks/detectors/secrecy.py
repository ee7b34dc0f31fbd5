"""Secrecy marks (涉密标志), internal marks, work secrets (工作秘密) and commercial secrets: PRIV-02, PRIV-08.

A mark is told by its shape: a star and a period, a line or a bracket of its own, a label. The same words in a sentence
(保守国家秘密, 商业秘密保护条例) are no mark.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from ahocorasick_rs import AhoCorasick

from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Matter
from jiyue.checks.own_words import own_words
from jiyue.checks.settings import Settings

SECRETS_LAW = "《中华人民共和国保守国家秘密法》第二十二条、第三十五条"
WORK_LAW = "《中华人民共和国保守国家秘密法》第六十四条"
OPEN_RULES = "《中华人民共和国政府信息公开条例》第十四条、第十六条"
TRADE_RULES = "《中华人民共和国政府信息公开条例》第十五条"

_TRIGGERS = (
    "密", "内部", "外传", "不公开", "不予公开", "不宜公开", "依申请公开", "阅后", "会后收回", "标底", "底价", "客户名单",
    "报价明细",
)  # fmt: skip
_LEVEL = r"(?:绝[ \u3000]{0,4}密|机[ \u3000]{0,4}密|秘[ \u3000]{0,4}密)"
_STAR = "[★☆✩✭✮⭐✯＊*]"
_PERIOD = r"(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s?(?:年|个月)|长期|启用前|解密前|公布前"
# 国家秘密标志: 密级★保密期限 (GB/T 9704—2012 7.2.2; 国家秘密定密管理规定).
_STARRED = re.compile(rf"(?<![作业]){_LEVEL}\s?{_STAR}\s?(?:{_PERIOD})?")
_LABELLED = re.compile(
    rf"(?:密\s?级(?:和保密期限)?|保密等级|涉密等级)\s?[:：]\s?{_LEVEL}|保密期限\s?[:：]\s?(?:{_PERIOD})"
)
_ALONE = re.compile(rf"[\s（(【\[]*{_LEVEL}\s?(?:级|件|文件)?\s?(?:{_PERIOD})?[\s）)】\]]*\Z")
_WORK_MARK = re.compile(rf"[\s（(【\[]*工作秘密\s?{_STAR}?\s?(?:{_PERIOD})?[\s）)】\]]*\Z")
_TRADE_MARK = re.compile(rf"(?:核心|普通)商(?:业秘)?密\s?{_STAR}?|商业秘密\s?{_STAR}")
_INSIDE = (
    r"(?:内部(?:资料|文件|材料|刊物|参考|使用|传阅|掌握|发行)|仅供(?:内部|领导)(?:使用|参考|传阅|参阅|学习)?|(?:请勿|不得|严禁|禁止|切勿|不要)"
    r"(?:外传|扩散|翻印|转发)|(?:此件|本件|本文)?不(?:予|宜|得)?公开(?:发布)?|(?:妥善|注意)保[存管密]|阅后(?:即焚|收回|销毁|退回)|会后收回|"
    r"不得复印|严禁复制)"
)
_INSIDE_LINE = re.compile(rf"[\s（(【\[★☆*]*{_INSIDE}(?:[\s，,、。；;·　!！]*{_INSIDE})*[\s）)】\]。！!★☆*]*\Z")
_INSIDE_BRACKET = re.compile(rf"[（(【\[]\s?{_INSIDE}(?:[\s，,、；;]*{_INSIDE})*\s?[）)】\]]")
_INSIDE_PLEA = re.compile(
    r"仅供(?:内部|领导)(?:使用|参考|传阅|参阅)|(?:请勿|严禁|切勿)外传|内部资料[，,、\s]*(?:注意保存|请勿|不得|严禁)"
)
# What the document says of itself (政府信息公开条例 第十五条 公开属性).
_NOT_PUBLIC = re.compile(
    r"(?:公开(?:属性|方式|类别|形式|选项)\s?[:：]\s?|[（(]?此件)(?P<how>不予公开|不公开|依申请公开)(?![\u4e00-\u9fff])"
)
_TRADE_FACT = re.compile(
    r"(?:标底|采购底价|投标底价|拍卖底价|保留底价)\s?(?:价)?(?:为|是|[:：])\s?[¥￥]?\s?\d|客户名单\s?[:：]|报价明细\s?[:：]"
)
_BARE = re.compile(r"[\s（(【\[]*不(?:予|宜|得)?公开(?:发布)?[\s）)】\]。]*\Z")
# A text that explains marks shows them as examples.
_EXPLAINS = re.compile(r"如|例|形式|标注|标志|标明|表示|样式|“\s?\Z|\"\s?\Z|「\s?\Z|《")
_LONGEST_LINE = 60
_HEAD_LINES = 12
_REACH = 1_000


@lru_cache(maxsize=1)
def _automaton() -> AhoCorasick:
    return AhoCorasick(_TRIGGERS)


def find(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """Marks, internal marks, the unit's own work secrets, and what reads like a commercial secret."""
    text = matter.text
    done = -1
    for _which, at, _end in _automaton().find_matches_as_indexes(text):
        if at <= done:
            continue
        # Of a line without end only the neighbourhood of the word.
        start, end = _line(text, at)
        whole = end - start < 2 * _REACH
        if not whole:
            start, end = max(start, at - 40, done), min(end, at + 80)
        done = end
        yield from _of_line(matter, start, end, whole=whole)
    yield from _own(matter, settings)


def _line(text: str, at: int) -> tuple[int, int]:
    low, high = max(0, at - _REACH), min(len(text), at + _REACH)
    end = text.find("\n", at, high)
    start = text.rfind("\n", low, at)
    return start + 1 if start >= 0 else low, end if end >= 0 else high


def _of_line(matter: Matter, start: int, end: int, *, whole: bool) -> Iterator[Finding]:
    text = matter.text
    yield from _marks(text, start, end)
    for found in _TRADE_MARK.finditer(text, start, end):
        yield _finding("secrecy.commercial", Severity.BLOCK, _("出现商业秘密标志"), text, *found.span(), TRADE_RULES)
    for found in _TRADE_FACT.finditer(text, start, end):
        message = _("可能涉及商业秘密，请确认权利人同意公开")
        yield _finding("secrecy.commercial", Severity.NOTE, message, text, *found.span(), TRADE_RULES)
    for found in _INSIDE_BRACKET.finditer(text, start, end):
        if "此件" not in found[0]:
            yield _internal(text, *found.span(), Severity.BLOCK)
    said = _NOT_PUBLIC.search(text, start, end)
    if said:
        yield _internal(text, *said.span(), Severity.WARN if said["how"] == "依申请公开" else Severity.BLOCK)
    elif whole and end - start <= _LONGEST_LINE:
        yield from _of_short_line(matter, start, end)
    for found in _INSIDE_PLEA.finditer(text, start, end):
        yield _internal(text, *found.span(), Severity.WARN)


def _marks(text: str, start: int, end: int) -> Iterator[Finding]:
    for pattern in (_STARRED, _LABELLED):
        for found in pattern.finditer(text, start, end):
            if pattern is _STARRED and found[0][-1] in "*＊":
                continue  # a footnote's asterisk, or emphasis
            explained = _EXPLAINS.search(text, max(start, found.start() - 12), found.start())
            severity = Severity.WARN if explained else Severity.BLOCK
            yield _finding("secrecy.mark", severity, _("出现国家秘密标志“%(mark)s”"), text, *found.span(), SECRETS_LAW)


def _of_short_line(matter: Matter, start: int, end: int) -> Iterator[Finding]:
    text = matter.text
    part = matter.part_at(start)
    in_list = part is not None and part.kind in ("cell", "list")
    if _ALONE.match(text, start, end):
        near_top = start < 3_000 and text.count("\n", 0, start) < _HEAD_LINES
        severity = Severity.BLOCK if near_top and not in_list else Severity.WARN
        yield _finding("secrecy.mark", severity, _("单独成行的密级字样“%(mark)s”"), text, start, end, SECRETS_LAW)
    elif _WORK_MARK.match(text, start, end):
        severity = Severity.WARN if in_list else Severity.BLOCK
        yield _finding("secrecy.work-secret", severity, _("出现工作秘密标志"), text, start, end, WORK_LAW)
    elif _INSIDE_LINE.match(text, start, end) and not _INSIDE_BRACKET.search(text, start, end):
        mild = in_list or _BARE.match(text, start, end)
        yield _internal(text, start, end, Severity.WARN if mild else Severity.BLOCK)


def _internal(text: str, start: int, end: int, severity: Severity) -> Finding:
    return _finding(
        "secrecy.internal", severity, _("出现不公开或内部使用的字样“%(mark)s”"), text, start, end, OPEN_RULES
    )


def _own(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """Words of the unit's own lists; the word itself is never shown by the finding."""
    for family, detector, message, law in (
        ("secrecy", "secrecy.work-secret", _("出现本单位工作秘密词表中的词"), WORK_LAW),
        ("commercial", "secrecy.commercial", _("出现本单位商业秘密词表中的词"), TRADE_RULES),
    ):
        for word, start, end in own_words(matter.text, settings.words_of(family)):
            shown = word.text[0] + "*" * (len(word.text) - 1)
            yield Finding(
                detector=detector, severity=word.severity, message=message, start=start, end=end, excerpt=shown,
                suggestion=word.suggestion or _("删去，或者由保密审查员确认可以公开"),
                basis=word.basis or law,
            )  # fmt: skip


def _finding(detector: str, severity: Severity, message: str, text: str, start: int, end: int, basis: str) -> Finding:
    mark = " ".join(text[start:end].split())
    return Finding(
        detector=detector,
        severity=severity,
        message=message,
        start=start,
        end=end,
        excerpt=mark,
        suggestion=_("核实密级：涉密的不得公开；误标的删去标志，由保密审查员确认"),
        basis=basis,
        values={"mark": mark},
    )

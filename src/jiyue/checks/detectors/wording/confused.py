"""Pairs often confused (lists/confused.txt), the unit's own words, and misspellings of the words of official writing."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from ahocorasick_rs import AhoCorasick

from jiyue.checks.detectors.wording.saying import breaks_words, crosses_words, finding, pieces
from jiyue.checks.detectors.wording.vocabulary import Entry
from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Matter
from jiyue.checks.settings import Settings
from jiyue.domain.chinese_numerals import dates_in

DETECTOR = "confused"
# 第一批异形词整理表 (GF 1001—2001) has been in force since 2002-03-31; older texts are shown as they were written.
_VARIANTS_SINCE = 2002
_BASIS = "GF 1001—2001《第一批异形词整理表》"
_MOST_DATES = 4000
_YEAR = re.compile(r"(?<!\d)(1[89]\d{2}|20\d{2})(?=年|-\d|\b)")

# 截止 ends something, 截至 goes up to a day: 截止2025年底 at the head of a clause is the second.
_UP_TO = re.compile(r"(?:^|(?<=[，。；：、（“\n\u3000 ]))截止(?=到?(?:\d{4}年|\d{1,2}月\d|\d{4}-))")
_NUMERAL = r"[\d一二三四五六七八九十百千万亿.]"
_TOO_MUCH = (
    (
        re.compile(rf"超过(?={_NUMERAL}{{1,8}}[%％\u4e00-\u9fff]{{0,2}}以上)[^，。；、\n]{{1,10}}?以上"),
        _("“超过”与“以上”意思重复"),
    ),
    (
        re.compile(r"约(?<![大节公条合制解签]约)(?=[\d.]{1,10}[%％\u4e00-\u9fff]{1,3}左右)[^，。；、\n]{1,12}?左右"),
        _("“约”与“左右”意思重复"),
    ),
    (re.compile(rf"(?:减少|降低|下降|缩小|缩短)了?{_NUMERAL}{{1,5}}倍"), _("“减少”“降低”不用倍数")),
    (re.compile(r"截[至止][^，。；\n]{1,20}?为止"), _("“截至”与“为止”意思重复")),
)


def find(matter: Matter, settings: Settings, found: Iterable[tuple[Entry, int, int]]) -> Iterator[Finding]:
    """The shipped pairs and misspellings, the unit's own words, and slips with quantities."""
    yield from _shipped(matter, found)
    yield from _own(matter, settings)
    yield from _quantities(matter)


# -- shipped words -------------------------------------------------------------------------------------------------


def _shipped(matter: Matter, found: Iterable[tuple[Entry, int, int]]) -> Iterator[Finding]:
    old: bool | None = None
    told: set[int] = set()
    # Longest first: 公平竟争 tells what 竟争 would tell again.
    for entry, start, end in sorted(found, key=lambda one: one[1] - one[2]):
        if start in told or end - 1 in told:
            continue
        if entry.kind == "misspelt":
            if _is_no_word(matter.text, start, end) and _fits(matter.text, start, end, entry.right):
                told.update(range(start, end))
                yield _mistake(matter, (start, end), entry.wrong, entry.right)
        elif entry.kind in ("confused", "variant") and not _is_right_here(matter.text, entry, start, end):
            old = _is_old(matter) if old is None else old
            if not old:
                told.update(range(start, end))
                say = _mistake if entry.kind == "confused" else _variant
                yield say(matter, (start, end), entry.wrong, entry.right)


def _is_right_here(text: str, entry: Entry, start: int, end: int) -> bool:
    borders = breaks_words if entry.kind == "variant" else crosses_words
    return any(_stands(text, start, entry.wrong, word) for word in entry.right_in) or borders(text, start, end)


def _stands(text: str, start: int, wrong: str, word: str) -> bool:
    """Whether the longer word stands here."""
    begin = start - word.index(wrong)
    return begin >= 0 and text.startswith(word, begin)


def _mistake(matter: Matter, span: tuple[int, int], wrong: str, right: str) -> Finding:
    return finding(
        matter, DETECTOR, _("“%(wrong)s”疑为“%(right)s”之误"), span, suggestion=_("改为：%(right)s"),
        replacement=right, wrong=wrong, right=right,
    )  # fmt: skip


def _variant(matter: Matter, span: tuple[int, int], wrong: str, right: str) -> Finding:
    return finding(
        matter, DETECTOR, _("“%(wrong)s”现在写作“%(right)s”"), span, severity=Severity.NOTE, basis=_BASIS,
        suggestion=_("改为：%(right)s"), replacement=right, wrong=wrong, right=right,
    )  # fmt: skip


def _is_old(matter: Matter) -> bool:
    """Whether the latest year the text and its fields name lies before the list of variants."""
    named = " ".join((*matter.fields.values(), matter.text[:_MOST_DATES], matter.text[-_MOST_DATES:]))
    years = [int(year) for year in _YEAR.findall(named)]
    years += [mention.day.year for mention in dates_in(named) if mention.day]
    return bool(years) and max(years) < _VARIANTS_SINCE


def _is_no_word(text: str, start: int, end: int) -> bool:
    """Whether the dictionary makes nothing of what is written here."""
    inside = [(a, b) for a, b in pieces(text, start, end) if b > start and a < end]
    if inside[0][0] < start or inside[-1][1] > end:
        return False
    return len(inside) > 1 and (end - start > 2 or all(b - a == 1 for a, b in inside))


def _fits(text: str, start: int, end: int, word: str) -> bool:
    """Whether the word meant would be read as one word, or as whole words, in this place."""
    around = text[max(0, start - 8) : start] + word + text[end : end + 8]
    at = min(8, start)
    return not breaks_words(around, at, at + len(word))


# -- the unit's own words ------------------------------------------------------------------------------------------


@cache
def _search(words: tuple[str, ...]) -> AhoCorasick:
    return AhoCorasick(words)


def _own(matter: Matter, settings: Settings) -> Iterator[Finding]:
    words = tuple(word for word in settings.words_of("wording") if word.text)
    if not words:
        return
    for which, start, end in _search(tuple(word.text for word in words)).find_matches_as_indexes(matter.text):
        word = words[which]
        if word.suggestion and _stands_in(matter.text, start, word.text, word.suggestion):
            continue
        yield finding(
            matter, DETECTOR, _("“%(wrong)s”在本单位的错敏词表中"), (start, end), severity=word.severity, basis=word.basis,
            suggestion=_("改为：%(right)s") if word.suggestion else None,
            replacement=word.suggestion or None, wrong=word.text, right=word.suggestion,
        )  # fmt: skip


def _stands_in(text: str, start: int, wrong: str, right: str) -> bool:
    return wrong in right and _stands(text, start, wrong, right)


# -- quantities ----------------------------------------------------------------------------------------------------


def _quantities(matter: Matter) -> Iterator[Finding]:
    text = matter.text
    if "截止" in text:
        for found in _UP_TO.finditer(text):
            yield _mistake(matter, found.span(), "截止", "截至")
    for (pattern, message), sign in zip(_TOO_MUCH, ("超过", "左右", "倍", "为止"), strict=True):
        if sign in text:
            for found in pattern.finditer(text):
                yield finding(
                    matter, DETECTOR, message, found.span(), severity=Severity.NOTE, suggestion=_("去掉其中一个")
                )

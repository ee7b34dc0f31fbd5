"""Words written twice: 的的, 进行进行. What doubles by right (常常, 人人, 研究研究) is left alone."""

import re
from collections.abc import Iterable, Iterator

from jiyue.checks.detectors.wording.saying import crosses_words, finding, pieces
from jiyue.checks.detectors.wording.vocabulary import Entry
from jiyue.checks.findings import Finding
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Matter
from jiyue.checks.settings import Settings

DETECTOR = "doubled"

_RIGHT = re.compile(
    "是是非非|是是是|和和美美|的的确确|有有无无|了了|对对子|为为什么|从从容容|将将就就|等等等等|使使劲|之之"
)


def find(matter: Matter, settings: Settings, found: Iterable[tuple[Entry, int, int]]) -> Iterator[Finding]:
    """Small words and words of official writing that stand twice."""
    for entry, start, end in found:
        if (entry.kind == "single" and _is_slip_of_one(matter.text, start, end)) or (
            entry.kind == "twice" and _is_slip(matter.text, start, end)
        ):
            yield _said(matter, (start, end), entry.right)


def _is_slip_of_one(text: str, start: int, end: int) -> bool:
    if not _is_doubtful(text, start, end):
        return False
    borders = {a for a, _b in pieces(text, start, end)}
    return start in borders and start + 1 in borders and not crosses_words(text, start, end)


def _is_doubtful(text: str, start: int, end: int) -> bool:
    around = text[max(0, start - 2) : end + 2]
    return not _RIGHT.search(around) or (text[start] == "了" and "不了了" not in around)


def _is_slip(text: str, start: int, end: int) -> bool:
    """A word may end one name and begin the next (…管理 管理…); twice within running text it is a slip."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not crosses_words(text, start, end) and before not in "《“" and after not in "》”"


def _said(matter: Matter, span: tuple[int, int], word: str) -> Finding:
    return finding(
        matter, DETECTOR, _("“%(word)s”重复"), span, suggestion=_("只留一个“%(word)s”"), replacement=word, word=word
    )

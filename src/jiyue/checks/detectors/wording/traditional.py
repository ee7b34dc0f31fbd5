"""Traditional characters left in simplified text, what a round trip between the two leaves, and look-alike codes."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from jiyue.checks.detectors.wording.saying import crosses_words, finding
from jiyue.checks.detectors.wording.vocabulary import Entry
from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Matter
from jiyue.checks.settings import Settings

DETECTOR = "traditional"
BASIS = "《通用规范汉字表》（2013）"

# In names the table of 2013 allows these again; opencc would simplify them.
_RESTORED = frozenset(
    "濛昇堃喆淼犇甦迺甯祕谿雠扞邨氾勣菉咤瞋凓澂淩劄噁釐鉅鍾锺逕頫颋仝炁翀奡鏊镕镢嵒崑崙峯彣皙鱻畲瞭藉乾徵麽夥於黏剋苧餘穀咯哪么著馀"
)
# Of a text with more of them than this it is its own way of writing: the traditional edition of a site.
_OWN_WAY = 0.05
# Kangxi radicals and compatibility forms look like the characters and are none: what copying from a PDF leaves.
_LOOK_ALIKE = re.compile("[\u2e80-\u2fd5\uf900-\ufad9]+")
# What a page offers in other writings is named in them.
_SWITCH = re.compile("繁體|正體|日本語|繁中|中文（?繁")
_HAN = re.compile("[\u4e00-\u9fff]")


def find(matter: Matter, settings: Settings, found: Iterable[tuple[Entry, int, int]]) -> Iterator[Finding]:
    """Runs of traditional characters, words a round trip spoilt, and codes that only look right."""
    yield from _traditional(matter)
    for entry, start, end in found:
        if entry.kind == "trip" and not crosses_words(matter.text, start, end):
            yield _said(matter, (start, end), entry.right, _("“%(wrong)s”应是“%(right)s”（繁简转换之误）"))
    for sign in _LOOK_ALIKE.finditer(matter.text):
        right = unicodedata.normalize("NFKC", sign[0])
        if right != sign[0]:
            yield _said(matter, sign.span(), right, _("“%(wrong)s”不是常用编码的汉字，搜索不到，应是“%(right)s”"))


@cache
def _signs() -> tuple[re.Pattern[str], dict[str, str]]:
    """The characters that are only traditional, and the simplified form of each."""
    from opencc import OpenCC  # noqa: PLC0415 - loads its tables

    every = "".join(chr(code) for code in range(0x4E00, 0xA000))
    simplified = dict(zip(every, OpenCC("t2s").convert(every), strict=True))
    only = {
        sign: right
        for sign, right in simplified.items()
        if sign != right and len(right.encode()) == 3 and sign not in _RESTORED and not _is_simplified(sign)
    }
    return re.compile(f"[{''.join(only)}]+"), only


def _is_simplified(sign: str) -> bool:
    """GB 2312 holds the simplified characters."""
    try:
        sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _traditional(matter: Matter) -> Iterator[Finding]:
    pattern, simplified = _signs()
    runs = list(pattern.finditer(matter.text))
    signs = sum(len(run[0]) for run in runs)
    if not signs or signs > _OWN_WAY * len(_HAN.findall(matter.text)) + 2:
        return
    for run in runs:
        if _SWITCH.search(matter.text, max(0, run.start() - 2), run.end() + 2):
            continue
        right = "".join(simplified[sign] for sign in run[0])
        yield _said(matter, run.span(), right, _("简体文本里夹有繁体字“%(wrong)s”"))


def _said(matter: Matter, span: tuple[int, int], right: str, message: str) -> Finding:
    return finding(
        matter, DETECTOR, message, span, severity=Severity.WARN, basis=BASIS, suggestion=_("改为：%(right)s"),
        replacement=right, wrong=matter.text[span[0] : span[1]], right=right,
    )  # fmt: skip

"""Names told together with sensitive facts: illness, disability, need; and minors."""

import re
from collections.abc import Iterator
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from jiyue.checks.detectors.personal_data.hits import Hit
from jiyue.checks.detectors.personal_data.names import NAME, is_word
from jiyue.checks.findings import Severity

# What is told of a person, not of a disease or of a policy: verbs and states that need somebody.
_FACTS = (
    "患有", "确诊为", "确诊患", "被确诊", "确诊", "身患", "罹患", "残疾等级", "肢体残疾", "视力残疾", "听力残疾",
    "智力残疾", "精神残疾", "言语残疾", "多重残疾", "残疾人", "残疾证", "低保户", "特困供养", "享受低保", "精神病",
    "艾滋病", "HIV", "尿毒症", "白血病", "癌症", "肺癌", "肝癌", "胃癌", "肠癌", "乳腺癌", "抑郁症", "精神分裂", "孤儿",
    "事实无人抚养", "吸毒", "强制戒毒", "社区矫正", "流产",
)  # fmt: skip
_MINORS = ("周岁", "岁", "未成年")
_WORDS = (*_FACTS, *_MINORS)
_LED = (
    r"(?:患者|病人|村民|居民|学生|学员|儿童|女童|男童|女孩|男孩|老人|职工|员工|市民|群众|当事人|考生|户主|家长|公民|病例|"
    r"其子|其女|儿子|女儿|妻子|丈夫|父亲|母亲|被害人|受害人|嫌疑人|姓名[:：]|(?<![\u4e00-\u9fff]))"
)
_TOLD = r"(?=\s?[，,（(、]\s?(?:[男女]|\d)|同学|同志|先生|女士|小朋友|系|因|患|罹患|确诊|被|为|是|今年|现年|[，,（(、：:]|\Z)"
_PERSON = re.compile(rf"{_LED}({NAME}){_TOLD}")
_STRONG = re.compile(r"(?:患者|病人|村民|居民|学生|儿童|女童|男童|户主|病例|姓名[:：])\Z")
_AGE = re.compile(r"(?<!\d)(1[0-7]|[1-9])\s?\Z")
_ABOUT_SEX = re.compile(r"\s?[，,（(、]\s?(?:男|女)")


@lru_cache(maxsize=1)
def _automaton() -> AhoCorasick:
    return AhoCorasick(_WORDS, matchkind=MatchKind.LeftmostLongest)


def facts(text: str) -> Iterator[Hit]:
    """A name and what is told of the person in the same sentence."""
    told = -1
    for which, start, end in _automaton().find_matches_as_indexes(text):
        if start < told:
            continue
        word = _WORDS[which]
        if word in _MINORS and not _is_young(text, start, word):
            continue
        begin = _sentence(text, start)
        name = _person(text, begin, start)
        if name is None:
            continue
        kind = "minor" if word in _MINORS else "sensitive"
        yield Hit(
            kind, name[0], name[1], text[name[0] : name[1]], Severity.WARN, word if kind == "sensitive" else "told"
        )
        told = end


def _is_young(text: str, start: int, word: str) -> bool:
    return word == "未成年" or bool(_AGE.search(text, max(0, start - 3), start))


def _sentence(text: str, at: int) -> int:
    low = max(0, at - 40)
    return max(low, *(text.rfind(sign, low, at) + 1 for sign in "。；！\n"))


def _person(text: str, begin: int, end: int) -> tuple[int, int] | None:
    """The name nearest before `end`: one that is led by a word for a person, or followed by sex or age."""
    best = None
    for found in _PERSON.finditer(text, begin, min(len(text), end + 1)):
        name, start = found[1], found.start(1)
        if is_word(name) or found.end(1) > end:
            continue
        led = bool(_STRONG.search(text, max(0, start - 3), start))
        sexed = bool(_ABOUT_SEX.match(text, found.end(1)))
        if led or sexed:
            best = (start, found.end(1))
    return best

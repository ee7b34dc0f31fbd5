"""What field/requirements.md part 2 says of each parameter in each of five jurisdictions, written by hand.

A row names all five packs, so that a dash of the table is a statement too. Bases are written as `text article`.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

import pytest

from jiyue.domain.rule_terms import Eligibility, Setting
from jiyue.domain.rulesets import Answer, Copy, Value
from jiyue.rules.library import shipped

PACKS: Final = ("hubei", "ningxia", "hebi", "chaoyang", "xiangxi")
# Day and kind of copy of every value of a pack: Q-18 leaves Hubei and Ningxia without a day of effect.
SINCE: Final = {"hubei": "undated", "ningxia": "undated", "hebi": "2022", "chaoyang": "2007", "xiangxi": "2018"}
DAY: Final = date(2025, 9, 29)
# Two numbers share a parameter where the second is the latest limit.
FACETS: Final = {
    "P-28": ("limit",),
    "P-29": ("latest", "latest_needs", "latest_when"),
    "P-40": ("limit",),
    "P-41": ("latest", "latest_needs", "latest_when", "classes"),
}
# What the nation answers where a jurisdiction sets nothing; a number that is not here is set by nobody above.
NATION: Final = {
    "P-01": {"at_most": "1"},
    "P-03": {"at_most": "1 per year"},
    "P-04": {"limit": "30 days"},
    "P-05": {"at_least": "30 days"},
    "P-08": {"at_most": "1"},
    "P-09": {"at_most": "1"},
    "P-10": {"value": {"suffixes": [".gov.cn"], "chinese": [".政务"], "institutions": [".cn", ".公益"]}},
    "P-11": {"leader": "主要负责同志", "apply": "本级政府办公厅（室）", "approve": "省级政府办公厅"},
    "P-15": {"value": ["party-mark", "error-report", "site-code", "owner-contact", "icp", "police-filing", "site-map"]},
    "P-20": {"gap": "2 weeks"},
    "P-21": {"gap": "6 months"},
    "P-28": {"limit": "20 working-days"},
    "P-29": {},
    "P-31": {"limit": "3 working-days"},
    "P-34": {"limit": "24 hours"},
    "P-40": {"limit": "7 working-days"},
    "P-41": {"latest": "15 working-days", "latest_when": "情况复杂的"},
    "P-42": {"limit": "3 working-days"},
    "P-46": {
        "limit": "20 working-days",
        "latest": "40 working-days",
        "latest_when": "需要延长，经信息公开工作机构负责人同意并告知申请人的",
    },
    "P-51": {"at_least": "30 %"},
    "P-54": {"by": "01-31"},
    "P-55": {"by": "01-31"},
    "P-60": {"at_least": "6 months"},
    "P-68": {"at_most": "0"},
    "P-73": {"at_most": "1"},
}


class Said(NamedTuple):
    """One cell of the table: the terms (empty where the text has only a word), the word, the articles, open points."""

    terms: Mapping[str, Any]
    word: str
    basis: tuple[str, ...]
    open: tuple[str, ...]


ABSENT: Final = None  # a dash, "not addressed", "see P-23"


def says(*basis: str, word: str = "", open: tuple[str, ...] = (), **terms: Any) -> Said:
    return Said(terms, word, basis, open)


def row(number: str, *, hubei: Said | None, ningxia: Said | None, hebi: Said | None, chaoyang: Said | None,
        xiangxi: Said | None) -> list[Any]:  # fmt: skip
    cells = (hubei, ningxia, hebi, chaoyang, xiangxi)
    return [pytest.param(number, pack, cell, id=f"{number}-{pack}") for pack, cell in zip(PACKS, cells, strict=True)]


def check(number: str, pack: str, expected: Said | None) -> None:
    """The pack says what the table says, since its own day, from the field's notes, and nothing else."""
    name = shipped().parameter(number).name
    if expected is ABSENT:
        check_absent(number, name, pack)
        return
    (value,) = shipped().pack(pack).values[name]
    assert written(value, number) == expected.terms
    assert (value.word, bases(value), value.open) == (expected.word, expected.basis, expected.open)
    assert value.since.stated == SINCE[pack]
    assert {basis.source for basis in value.basis} == {Copy.NOTES}
    answer = shipped().ruleset(pack).answer(name, DAY)
    if value.is_figure:
        assert (answer.pack, answer.value, answer.passed) == (pack, value, ())
    else:
        assert (answer.words[0].pack, answer.words[0].value) == (pack, value)
        check_nation(number, answer)


def check_absent(number: str, name: str, pack: str) -> None:
    """The pack sets nothing of this; then the nation's answer holds, or nobody's."""
    own = shipped().pack(pack).values.get(name, ())
    assert [written(value, number) for value in own if value.is_figure] in ([], [{}])
    answer = shipped().ruleset(pack).answer(name, DAY)
    if not own:
        assert answer.passed[0].pack == pack
        assert answer.passed[0].value is None
    if not any(value.is_figure for value in own):
        check_nation(number, answer)


def check_nation(number: str, answer: Answer) -> None:
    if number not in NATION:
        assert not answer.is_set
        assert [passed.pack for passed in answer.passed][-1] == "national"
        return
    assert answer.pack == "national"
    assert written(answer.found, number) == NATION[number]


def written(value: Value, number: str = "") -> dict[str, Any]:
    """The terms as plain data; of an eligibility only who gets which answer, with `most` beside it."""
    if value.terms is None:
        return {}
    if isinstance(value.terms, Setting):
        return {"value": value.terms.value}
    if isinstance(value.terms, Eligibility):
        return {ruling.subject: _answer(ruling) for ruling in value.terms.rulings}
    terms = value.terms.as_json()
    facet = FACETS.get(number, tuple(terms))
    return {name: terms[name] for name in facet if name in terms}


def _answer(ruling: Any) -> Any:
    answer = ruling.answer[0] if len(ruling.answer) == 1 else list(ruling.answer)
    return answer if ruling.most is None else (answer, ruling.most)


def bases(value: Value) -> tuple[str, ...]:
    return tuple(f"{basis.text} {basis.article}".strip() for basis in value.basis)


def terms_of(pack: str, parameter: str) -> dict[str, Any]:
    """What this pack itself says; for tests that set two jurisdictions side by side."""
    (value,) = shipped().pack(pack).values[parameter]
    return written(value)


def word_of(pack: str, parameter: str) -> str:
    (value,) = shipped().pack(pack).values[parameter]
    assert not value.is_figure
    return value.word


def is_silent(pack: str, parameter: str) -> bool:
    """Whether this pack says nothing at all of a parameter that is known."""
    assert parameter in shipped().parameters
    return parameter not in shipped().pack(pack).values

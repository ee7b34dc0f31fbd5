"""A reader meets no code of a shipped pack: each has its Chinese word."""

import re

import pytest

from jiyue.domain.rule_terms import Eligibility, Setting
from jiyue.rules.code_words import WORDS
from jiyue.rules.library import shipped

CODE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def codes(value):
    """Every word of a value that is written as a code; a veto's and an indicator's own code is only its key."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from codes(key)
            if key != "code":
                yield from codes(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from codes(inner)
    elif isinstance(value, str) and CODE.fullmatch(value):
        yield value


def codes_of(terms):
    if isinstance(terms, Setting):
        yield from codes(terms.value)
    elif isinstance(terms, Eligibility):
        for ruling in terms.rulings:
            yield from codes([ruling.subject, *ruling.answer])


@pytest.mark.parametrize("pack", ["national", "hubei", "ningxia", "hebi", "chaoyang", "xiangxi"])
def test_every_code_has_a_word(pack):
    used = {
        code for values in shipped().pack(pack).values.values() for value in values for code in codes_of(value.terms)
    }
    assert used - set(WORDS) == set()

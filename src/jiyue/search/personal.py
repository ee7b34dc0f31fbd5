"""Which questions are not kept: people type numbers, addresses and mail boxes into a search field."""

import re

from jiyue.search.folding import fold

_DIGITS = re.compile(r"(?:\d[\s()-]{0,2}){7,}[x\d]?")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][·.\s]?[0-9a-z]{5,6}(?![0-9a-z])"
)
_PASSPORT = re.compile(r"(?<![0-9a-z])[a-z]{1,2}\d{6,9}(?!\d)")
_HOME = re.compile(r"\d+\s*(?:号楼|栋|幢|座|单元|弄|室|户)")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+")
PATTERNS = (_DIGITS, _PLATE, _PASSPORT, _HOME, _MAIL)


def looks_personal(query: str) -> bool:
    """Does the question hold something that may belong to a person? Then it is counted by nobody."""
    folded = fold(query)
    return any(pattern.search(folded) for pattern in PATTERNS)

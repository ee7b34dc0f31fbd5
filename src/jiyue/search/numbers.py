"""Document numbers as people type them: 国办发〔2019〕19号, 国办发[2019]19号 and 国办发 2019 19 are one."""

import re

from jiyue.search.folding import fold

_OPEN, _CLOSE = r"[〔\[［(（【﹝〈<{]?", r"[〕\]］)）】﹞〉>}]?"
_NUMBER = re.compile(
    rf"(?P<code>[\u4e00-\u9fff]{{1,15}})?\s*{_OPEN}\s*(?P<year>(?:19|20)\d\d)\s*年?\s*{_CLOSE}\s*(?:第|[-—_/])?\s*"
    r"(?P<serial>\d{1,4})\s*(?P<end>号)?(?![\d年月.])"
)
_DECREE = re.compile(r"(?P<body>[\u4e00-\u9fff]{1,20})?令\s*[(（〔\[]?\s*第?\s*(?P<serial>\d{1,4})\s*号")
_STATE_DECREE = re.compile("国令(?=第|\\d)")
_DECREE_BEHIND = re.compile(r"(?:^|[^\d])第?\s*(?P<serial>\d{1,4})\s*号令")
_INDEX = re.compile(r"[0-9a-z]{5,20}[/-](?:19|20)\d\d[/-]?\d{1,6}|[0-9a-z]{5,20}/(?:19|20)\d{2}-\d{1,6}")


def number_tokens(number: str) -> list[str]:
    """Tokens under which a document of this number is found: whole, by its code and year, by year and serial."""
    found: dict[str, None] = {}
    folded = _spelled(number)
    for match in _NUMBER.finditer(folded):
        year, serial, code = match["year"], str(int(match["serial"])), match["code"] or ""
        found[f"{year}-{serial}"] = None
        if code:
            found |= dict.fromkeys([f"{code}-{year}-{serial}", f"{code}-{year}", f"{code}-{serial}"])
    for serial in _decrees(folded):
        found[serial] = None
    return list(found)


def index_tokens(index_number: str) -> list[str]:
    """The token of an index number: its letters and digits."""
    token = _bare(index_number)
    return [token] if token else []


def asked_numbers(query: str) -> list[tuple[str, ...]]:
    """Tokens of the document numbers that a question names; of each, spellings of which one is enough.

    What stands before a number may be a part of the question: 关于国办发〔2019〕19号 is read as every possible code.
    """
    folded = _spelled(query)
    found: dict[tuple[str, ...], None] = {}
    for match in _NUMBER.finditer(folded):
        code, year, serial = match["code"] or "", match["year"], int(match["serial"])
        if code or match["end"] or match.span() == (0, len(folded.strip())):
            codes = [f"{code[at:]}-" for at in range(len(code))] or [""]
            found[tuple(f"{each}{year}-{serial}" for each in codes)] = None
    for match in _DECREE.finditer(folded):
        body, serial = match["body"] or "", int(match["serial"])
        found[tuple(f"{body[at:]}令-{serial}" for at in range(len(body) + (not body)))] = None
    found |= {(f"令-{int(match['serial'])}",): None for match in _DECREE_BEHIND.finditer(folded)}
    found |= {(_bare(match[0]),): None for match in _INDEX.finditer(folded)}
    return list(found)


def asked_spellings(query: str) -> list[str]:
    """How the document numbers that a question names are written officially, with the sign before them where one is."""
    folded = _spelled(query)
    found: dict[str, None] = {}
    for match in _NUMBER.finditer(folded):
        code, serial = match["code"] or "", int(match["serial"])
        if code or match["end"] or match.span() == (0, len(folded.strip())):
            found[f"{code[-1:]}〔{match['year']}〕{serial}号"] = None
    for match in _DECREE.finditer(folded):
        found |= dict.fromkeys((f"令第{int(match['serial'])}号", f"令{int(match['serial'])}号"))
    return list(found)


def _decrees(folded: str) -> list[str]:
    """`令-716` for every decree named, and with its body where one is written."""
    found: dict[str, None] = {}
    for match in _DECREE.finditer(folded):
        serial, body = str(int(match["serial"])), (match["body"] or "").removeprefix("中华人民共和国")
        if body:
            found[f"{body}令-{serial}"] = None
        found[f"令-{serial}"] = None
    for match in _DECREE_BEHIND.finditer(folded):
        found[f"令-{int(match['serial'])}"] = None
    return list(found)


def _spelled(text: str) -> str:
    """In compared form. The State Council lists its decrees as 国令; they are signed as 国务院令."""
    return _STATE_DECREE.sub("国务院令", fold(text))


def _bare(number: str) -> str:
    return "".join(sign for sign in fold(number) if sign.isascii() and sign.isalnum())

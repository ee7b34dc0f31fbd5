"""What scripts of a page do out of sight (hidden-link.script): write links, fetch foreign scripts, send visitors of
search engines elsewhere, hide blocks. Scripts are read, never run; what they encode is decoded first. Pure."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from jiyue.checks.detectors.links.hosts import Standing, host_of, standing
from jiyue.checks.detectors.spam.words import trade_weight
from jiyue.checks.shipped import shipped_list

_LAYERS = 4
_LONGEST = 400_000
_SHORT = 600
_HEX = re.compile(r"\\x([0-9a-fA-F]{2})")
_UNICODE = re.compile(r"\\u\{?([0-9a-fA-F]{4})\}?")
_CODES = re.compile(
    r"fromCharCode\s{0,3}(?:\.apply\s{0,3}\(\s{0,3}\w{1,20}\s{0,3},\s{0,3}\[?|\(\s{0,3})([\dxa-fA-F,\s]{2,60000})\]?\)"
)
_ATOB = re.compile(r"(?:atob|decode64|base64_?decode)\s{0,3}\(\s{0,3}[\"']([A-Za-z0-9+/=\s]{8,200000})[\"']")
_REVERSED = re.compile(r"[\"']([^\"']{6,20000})[\"']\.split\([\"']{2}\)\.reverse\(\)")
_JOINS = re.compile(r"[\"']\s{0,5}\+\s{0,5}[\"']")
_PACKED = re.compile(
    r"}\s{0,3}\(\s{0,3}'((?:[^'\\]|\\.){1,200000})'\s{0,3},\s{0,3}(\d{1,3})\s{0,3},\s{0,3}(\d{1,5})\s{0,3},\s{0,3}'([^']{0,200000})'\.split\('\|'\)"
)
_WORD = re.compile(r"\b\w{1,6}\b")
_URL = re.compile(
    r"(?:https?:)?(?:\\?/){2}([\w\-\u0080-\uffff]{1,63}(?:\.[\w\-\u0080-\uffff]{1,63}){1,6})", re.IGNORECASE
)
_WRITES = re.compile(
    r"document\s{0,3}\.\s{0,3}write|\[\s{0,3}[\"']write(?:ln)?[\"']|\.(?:innerHTML|outerHTML)\s{0,3}[+]?=|insertAdjacentHTML|\.append\(|\.html\("
)
_WRITTEN = re.compile(r"\bwrite(?:ln)?[\"'\]\s]{0,4}\(([^()]{1,400})\)")
_MAKES = re.compile(r"createElement\s{0,3}\(\s{0,3}[\"'](?:script|iframe|a|frame)[\"']", re.IGNORECASE)
_MARKUP = re.compile(r"<\s{0,2}(a|script|iframe|div|frameset|marquee|span|style)\b", re.IGNORECASE)
_LEAVES = re.compile(
    r"(?:\blocation(?:\.href)?\s{0,3}=[^=]|location\s{0,3}\.\s{0,3}(?:replace|assign)\s{0,3}\(|\.navigate\s{0,3}\()"
)
_TARGET = re.compile(
    r"(?:\blocation(?:\.href)?\s{0,3}=\s{0,3}|location\s{0,3}\.\s{0,3}(?:replace|assign)\s{0,3}\(\s{0,3})[\"']([^\"']{4,500})[\"']"
)
_ASKS = re.compile(r"document\s{0,3}\.\s{0,3}referrer|navigator\s{0,3}\.\s{0,3}userAgent", re.IGNORECASE)
_REFERRER = re.compile(r"document\s{0,3}\.\s{0,3}referrer", re.IGNORECASE)
_EVALS = re.compile(
    r"(?:\beval|\bFunction|setTimeout|execScript)\s{0,3}\(\s{0,3}(?:unescape|atob|String\s{0,3}\.\s{0,3}fromCharCode|decodeURI|function\s{0,3}\(p,a,c,k)"
)
# Code given to eval as a whole string; what is put together from data (`eval("(" + text + ")")`) is an old way to read it.
_LITERAL = re.compile(r"\beval\s{0,3}\(\s{0,3}(?:\"[^\"\n]{2,2000}\"|'[^'\n]{2,2000}')\s{0,3}\)")
_HIDES = re.compile(
    r"getElementById\(\s{0,3}[\"']([\w\-]{1,80})[\"']\s{0,3}\)\s{0,3}\.style\.(?:display|visibility)\s{0,3}=\s{0,3}[\"'](?:none|hidden)[\"']|\$\(\s{0,3}[\"']#([\w\-]{1,80})[\"']\s{0,3}\)\.(?:hide\(\)|css\(\s{0,3}[\"']display[\"']\s{0,3},\s{0,3}[\"']none)"
)
_HIDDEN_BOX = re.compile(
    r"<\s{0,2}(?:div|span|marquee|p|ul|table|style)\b[^>]{0,300}(?:display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|left\s{0,3}:\s{0,3}-\d{3,}|top\s{0,3}:\s{0,3}-\d{3,}|text-indent\s{0,3}:\s{0,3}-\d{3,}|height\s{0,3}[:=]\s{0,3}[\"']?[01]p?x?[\"';\s])",
    re.IGNORECASE,
)
_STYLED = re.compile(
    r"<style[^>]{0,200}>[^<]{0,400}(?:display\s{0,3}:\s{0,3}none|-\d{3,}px|visibility\s{0,3}:\s{0,3}hidden)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Deed:
    """What a script does: a stable code, what it points at, and how suspicious that is in sum."""

    code: str
    shown: str
    sum: float


def hidden_ids(script: str) -> set[str]:
    """Ids of elements that the script hides as soon as it runs: statements of its own, not functions for later."""
    if len(script) > _SHORT or "function" in script or "=>" in script:
        return set()
    return {one or other for one, other in _HIDES.findall(script[:_LONGEST])}


def deeds(script: str, own: frozenset[str]) -> Iterator[Deed]:
    """What the script does that is worth a finding."""
    plain, was_encoded = decoded(script[:_LONGEST])
    yield from _diverts(plain, own)
    if deed := _writes(plain, own, was_encoded):
        yield deed
    elif (was_encoded and _EVALS.search(script)) or _LITERAL.search(script):
        yield Deed("encoded", script[:80], 3.0)


def decoded(script: str) -> tuple[str, bool]:
    """The script with what it encodes written out behind it; whether anything was."""
    layers, current = [script], script
    for _layer in range(_LAYERS):
        opened = "\n".join(_opened(current))
        if not opened or opened == current:
            break
        layers.append(opened)
        current = opened
    joined = "\n".join(_JOINS.sub("", layer) for layer in layers)
    return joined[: 2 * _LONGEST], len(layers) > 1


def _opened(script: str) -> Iterator[str]:
    """What the script encodes in one of the usual ways."""
    if len(_HEX.findall(script)) + len(_UNICODE.findall(script)) > 3:
        text = _UNICODE.sub(lambda found: _character(int(found[1], 16)), script)
        yield _HEX.sub(lambda found: chr(int(found[1], 16)), text)
    if "%" in script and re.search(r"unescape|decodeURI", script):
        yield unquote(
            re.sub(r"%u([0-9a-fA-F]{4})", lambda found: _character(int(found[1], 16)), script), errors="replace"
        )
    for codes in _CODES.findall(script):
        yield "".join(
            _character(int(code, 0))
            for code in re.split(r"[,\s]+", codes)
            if re.fullmatch(r"\d{1,6}|0x[0-9a-fA-F]{1,5}", code) and _is_number(code)
        )
    for coded in _ATOB.findall(script):
        try:
            yield base64.b64decode("".join(coded.split()) + "==").decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            continue
    for backwards in _REVERSED.findall(script):
        yield backwards[::-1]
    for payload, radix, count, words in _PACKED.findall(script):
        yield _unpacked(payload, int(radix), int(count), words.split("|"))


def _is_number(code: str) -> bool:
    return code.startswith("0x") or code == "0" or not code.startswith("0")


def _character(code: int) -> str:
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _unpacked(payload: str, radix: int, count: int, words: list[str]) -> str:
    """The usual packer: each word of the payload is a number that stands for a word of the list."""
    if not 2 <= radix <= 62 or count > len(words) + 1:
        return ""
    table = {_number(at, radix): words[at] for at in range(min(count, len(words))) if words[at]}
    return _WORD.sub(lambda found: table.get(found[0], found[0]), payload.replace("\\'", "'"))


def _number(value: int, radix: int) -> str:
    digits = _DIGITS[value % radix]
    while value := value // radix:
        digits = _DIGITS[value % radix] + digits
    return digits


def _foreign(plain: str, own: frozenset[str]) -> dict[str, Standing]:
    found = {}
    for named in _URL.findall(plain):
        host = named.lower()
        if (rank := standing(host, own)) > Standing.KNOWN:
            found[host] = rank
    return found


def _writes(plain: str, own: frozenset[str], was_encoded: bool) -> Deed | None:
    """Links, frames or foreign scripts written into the page, or words of the trade."""
    hosts = _foreign(plain, own)
    holds = shipped_list("hiding")["holds"]
    total, shown = 0.0, ""
    if hosts:
        shown, rank = max(hosts.items(), key=lambda item: item[1])
        total += float(holds[{Standing.FOREIGN: "foreign", Standing.RISKY: "risky"}.get(rank, "trade")])
    weight, words = trade_weight(plain[:60_000])
    if weight >= 6:
        total += float(holds["words"])
        shown = shown or "、".join(words[:4])
    writes = bool(_WRITES.search(plain))
    if writes and (_HIDDEN_BOX.search(plain) or _STYLED.search(plain)):
        total += 1.0 if total else _open_box(plain)
        shown = shown or _box_of(plain)
    if not total:
        return None
    if writes and _MARKUP.search(plain):
        total += float(shipped_list("hiding")["ways"]["script"])
    elif _MAKES.search(plain) or writes or any(rank > Standing.FOREIGN for rank in hosts.values()):
        total += 1.0
    return Deed("writes", shown, total + (1.0 if was_encoded else 0.0))


def _open_box(plain: str) -> float:
    """A hidden box that the script opens and does not close hides what follows in the page."""
    written = _WRITTEN.findall(plain)
    return 1.0 if any(_HIDDEN_BOX.search(text) and "/" not in text for text in written) else 0.0


def _box_of(plain: str) -> str:
    found = _HIDDEN_BOX.search(plain) or _STYLED.search(plain)
    return found[0][:80] if found else ""


def _diverts(plain: str, own: frozenset[str]) -> Iterator[Deed]:
    """Visitors sent elsewhere: those of search engines, or everybody to a foreign host."""
    if not _LEAVES.search(plain):
        return
    targets = [(target, host_of(target)) for target in _TARGET.findall(plain)]
    away = [(target, standing(host, own)) for target, host in targets if standing(host, own) > Standing.KNOWN]
    asks = _ASKS.search(plain)
    if asks and _names_engines(plain, asks.start()) and (away or (_REFERRER.search(plain) and not targets)):
        yield Deed("diverts", away[0][0] if away else "document.referrer", 4.0)
    elif asks and away:
        yield Deed("diverts", away[0][0], 3.0 + (away[0][1] > Standing.FOREIGN))
    elif away and (
        (len(plain) < 400 and "function" not in plain) or max(rank for _target, rank in away) > Standing.FOREIGN
    ):
        yield Deed("leaves", away[0][0], 3.0 + (away[0][1] > Standing.FOREIGN))


def _names_engines(plain: str, at: int) -> bool:
    near = plain[max(0, at - 600) : at + 1500].lower()
    return sum(engine in near for engine in _engines()) >= 1


@cache
def _engines() -> tuple[str, ...]:
    return tuple(str(engine) for engine in shipped_list("hiding")["search_engines"])

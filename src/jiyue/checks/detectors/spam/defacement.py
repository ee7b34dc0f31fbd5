"""A page that somebody has replaced by his own (spam.defacement)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from jiyue.checks.detectors.spam.folding import fold
from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Matter
from jiyue.checks.shipped import shipped_list

_BASIS = "《政府网站发展指引》（国办发〔2017〕47号）"
_DIGITS = str.maketrans("43015@!", "aeoisai")
_FIRST = 20_000  # characters: a defaced page says so at once
_SOURCE = 60_000
_TITLE = 300
_HEAD = 60
_PLAIN = 10.0
_HAN = re.compile("[\u4e00-\u9fff]")

Rules = Sequence[tuple[float, re.Pattern[str]]]


def find_defacement(matter: Matter) -> Iterator[Finding]:
    """One finding where the sentences and the style of the page weigh enough."""
    if matter.html is None:
        return
    weight, first = _chinese(matter) if _is_chinese(matter.text) else _foreign(matter)
    thresholds = shipped_list("defacement")["thresholds"]
    if first is None or weight < float(thresholds["warn"]):
        return
    yield Finding(
        detector="spam.defacement",
        severity=Severity.BLOCK if weight >= float(thresholds["block"]) else Severity.WARN,
        message=_("网页疑似被黑客篡改"),
        start=first[0],
        end=first[1],
        excerpt=matter.text[max(0, first[0] - 10) : first[1] + 40].replace("\n", " "),
        suggestion=_("立即核对网页源文件，恢复正常版本并排查入侵途径"),
        basis=_BASIS,
    )


Weight = tuple[float, tuple[int, int] | None]


def _chinese(matter: Matter) -> Weight:
    """In a page of Chinese text only a short title or heading that says so is one: news report such things."""
    for part in matter.parts_of("title", "heading"):
        if part.end - part.start < _HEAD:
            found = [one for one in _sentences(matter.words(part)) if one[0] >= _PLAIN]
            if found:
                return found[0][0], (part.start, part.end)
    return 0.0, None


def _foreign(matter: Matter) -> Weight:
    """What another page weighs, and where its weightiest sentence stands."""
    found = _sentences(matter.text[:_FIRST])
    small = len(matter.text) <= int(shipped_list("defacement")["small_page"])
    if not small:
        found = [(weight, span) for weight, span in found if weight >= _PLAIN and span[0] < _TITLE]
    if not found:
        return 0.0, None
    style = _style(matter.html or "") if small else 0.0
    return sum(weight for weight, _span in found) + style, max(found, key=lambda one: one[0])[1]


def _sentences(text: str) -> list[tuple[float, tuple[int, int]]]:
    """Rules that the text fits, as it stands or with digits read as letters."""
    text = fold(text)
    lettered = text.translate(_DIGITS)
    forms = (text, lettered) if lettered != text else (text,)
    found = []
    for weight, rule in _rules()["sentences"]:
        match = next((match for form in forms if (match := rule.search(form))), None)
        if match:
            found.append((weight, match.span()))
    return found


def _style(html: str) -> float:
    return sum(weight for weight, rule in _rules()["source"] if rule.search(html, 0, _SOURCE))


def _is_chinese(text: str) -> bool:
    return len(_HAN.findall(text[:4000])) > 60


@cache
def _rules() -> Mapping[str, Rules]:
    lists = shipped_list("defacement")
    return {
        kind: [
            (float(weight), re.compile(rule, re.IGNORECASE | re.MULTILINE))
            for weight, rules in lists[kind].items()
            for rule in rules
        ]
        for kind in ("sentences", "source")
    }

"""Text that somebody worked into a page (spam.injected): praise of a person, readings in brackets, invented elements,
titles written as numbers or stuffed with keywords."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from jiyue.checks.detectors.spam.folding import readings
from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Matter, Part
from jiyue.checks.shipped import shipped_list

_BASIS = "《政府网站发展指引》（国办发〔2017〕47号）"
_NUMBERED = re.compile(r"&#(?:x[0-9a-f]{2,6}|\d{2,7});?", re.IGNORECASE)
_HEADS = re.compile(
    r"<title[^>]{0,200}>([^<]{0,4000})<|<meta\s[^>]{0,200}content\s{0,3}=\s{0,3}[\"']([^\"'>]{0,4000})", re.IGNORECASE
)
_JOINED = re.compile(r"[_|,，、\-–/；;]")


def find_injected(matter: Matter) -> Iterator[Finding]:
    """What stands in the page without belonging to it."""
    yield from _promotion(matter)
    yield from _readings(matter)
    yield from _stuffed(matter)
    if matter.html is not None:
        yield from _invented(matter)
        yield from _numbered(matter)


def _finding(matter: Matter, start: int, end: int, message: str, **values: str) -> Finding:
    return Finding(
        detector="spam.injected",
        severity=Severity.WARN,
        message=message,
        start=start,
        end=end,
        excerpt=matter.text[start : min(end, start + 80)].replace("\n", " "),
        suggestion=_("与原稿核对，确认是否被人植入"),
        basis=_BASIS,
        values=values,
    )


@cache
def _rules() -> tuple[Mapping[str, Any], re.Pattern[str], list[tuple[float, re.Pattern[str]]]]:
    rules = shipped_list("injected")["promotion"]
    cues = [(float(weight), re.compile(cue)) for weight, cues in rules["cues"].items() for cue in cues]
    return rules, re.compile(rules["labels"], re.MULTILINE), cues


def _promotion(matter: Matter) -> Iterator[Finding]:
    """Praise of a person under a label of its own."""
    rules, labels, cues = _rules()
    for label in labels.finditer(matter.text):
        end = min(len(matter.text), label.end() + int(rules["reach"]))
        weight = float(rules["label"]) + sum(
            score for score, cue in cues if cue.search(matter.text, label.start(), end)
        )
        if weight >= float(rules["thresholds"]["warn"]):
            yield _finding(matter, label.start(), end, _("疑似在正文中植入个人宣传"))


def _readings(matter: Matter) -> Iterator[Finding]:
    figures = shipped_list("injected")["readings"]
    found = readings(matter.text)
    least = max(float(figures["warn"]), len(matter.text) / 1000 * float(figures["per_thousand"]))
    if len(found) >= least:
        yield _finding(
            matter, found[0][0], found[-1][1], _("正文中夹有大量括注拼音（%(number)s 处），疑似被采集站篡改"),
            number=str(len(found)),
        )  # fmt: skip


def _stuffed(matter: Matter) -> Iterator[Finding]:
    """A title of many short words joined by the same sign, several of them alike."""
    for part in matter.parts_of("title"):
        words = [word.strip() for word in _JOINED.split(matter.words(part))]
        words = [word for word in words if 1 < len(word) < 13]
        if len(words) >= int(shipped_list("injected")["stuffing"]["title"]) and _are_alike(words):
            yield _finding(matter, part.start, part.end, _("网页标题堆砌关键词，疑似被篡改"))


def _are_alike(words: list[str]) -> bool:
    pairs = Counter(word[at : at + 2] for word in set(words) for at in range(len(word) - 1))
    return bool(pairs) and max(pairs.values()) * 2 >= len(words)


def _invented(matter: Matter) -> Iterator[Finding]:
    figures = shipped_list("injected")["tags"]
    known = {*figures["standard"], *figures["known"]}
    strange = {
        element.tag: element
        for element in matter.elements
        if element.tag not in known and element.tag.isascii() and element.tag.isalnum() and _is_gibberish(element.tag)
    }
    if len(strange) >= int(figures["warn"]):
        first = min(element.start for element in strange.values())
        yield _finding(
            matter, first, first, _("网页含有大量无意义的自造标签（%(names)s 等），疑似被采集站篡改"),
            names="、".join(sorted(strange)[:4]),
        )  # fmt: skip


def _is_gibberish(tag: str) -> bool:
    return len(tag) >= 4 or any(sign.isdigit() for sign in tag)


def _numbered(matter: Matter) -> Iterator[Finding]:
    html = matter.html or ""
    least = int(shipped_list("injected")["entities"]["warn"])
    for found in _HEADS.finditer(html[:200_000]):
        if len(_NUMBERED.findall(found[1] or found[2] or "")) >= least:
            part = _head(matter)
            yield _finding(
                matter, part.start if part else 0, part.end if part else 0,
                _("网页标题、关键词或描述用字符编号书写，疑似被植入"),
            )  # fmt: skip
            return


def _head(matter: Matter) -> Part | None:
    return next(matter.parts_of("title", "keywords", "description"), None)

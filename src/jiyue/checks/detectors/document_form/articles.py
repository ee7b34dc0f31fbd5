"""Numbering of articles and headings: gaps, repeats and steps back (第X条, 第X章, 一、, （一）, 1., （1）).

Only labels at the beginning of a line count, so that a sentence that cites an article is no article. A list may begin
again at one anywhere; an inner list may interrupt an outer one of the same kind, which then goes on where it stopped.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from jiyue.checks.detectors.document_form.sheet import FORMAT, Sheet
from jiyue.checks.findings import Finding
from jiyue.checks.findings import marked as _
from jiyue.domain.chinese_numerals import chinese_of, number_of

DETECTOR = "articles"
BASIS = f"{FORMAT} 7.3.3"

_HAN = "〇零一二三四五六七八九十百千"
_LEVELS = ("part", "chapter", "section", "article", "first", "second", "third", "fourth")
_LABEL = re.compile(
    r"^[ \t\u3000\u00a0#*]*(?:"
    rf"第(?P<part>[{_HAN}\d]{{1,5}})编(?=[ \u3000\u00a0\n])"
    rf"|第(?P<chapter>[{_HAN}\d]{{1,5}})章(?=[ \u3000\u00a0\n])"
    rf"|第(?P<section>[{_HAN}\d]{{1,5}})节(?=[ \u3000\u00a0\n])"
    rf"|第(?P<article>[{_HAN}\d]{{1,9}})条(?P<branch>之[{_HAN}]{{1,3}})?(?=[ \u3000\u00a0\n【（(])"
    r"|(?P<first>[一二三四五六七八九十百]{1,4})、"
    r"|[（(](?P<second>[一二三四五六七八九十百]{1,4})[)）]"
    r"|(?P<third>\d{1,3})(?:[.．](?![\d.．])|、)(?=[^\n]{2})"
    r"|[（(](?P<fourth>\d{1,2})[)）](?=[^\n]{2})"
    r")",
    re.M,
)
_NAMES = {
    "part": "第%s编", "chapter": "第%s章", "section": "第%s节", "article": "第%s条", "first": "%s、",
    "second": "（%s）", "third": "%s.", "fourth": "（%s）",
}  # fmt: skip
# A law that changes another quotes that one's articles; its own items are 一、二、三、.
_AMENDS = re.compile(r"(?:修改|修正|废止)[^\n]{0,60}的?(?:决定|决议|修正案)")
_DEEPEST = 12  # Lists one inside the other; older ones are over.
_FULL_WIDTH = str.maketrans("（）．", "().")
# A step is missed where the list was under way, or goes on from there; loose figures in tables are no list.
_UNDER_WAY = {"third": 2, "fourth": 2}


@dataclass(frozen=True)
class Label:
    level: str
    number: int
    start: int
    end: int

    @property
    def name(self) -> str:
        return named(self.level, self.number)


@dataclass
class Track:
    """One level's open lists, the innermost last. `continues` when the level counts on across its parents."""

    open: list[int] = field(default_factory=list)
    steps: int = 0
    turned: int = 0
    continued: int = 0
    parent_changed: bool = False
    last: int = 0

    @property
    def begins_anew(self) -> bool:
        """Whether this level is known to begin at one under each parent."""
        return self.turned > 0 and self.turned > 4 * self.continued


def named(level: str, number: int) -> str:
    return _NAMES[level] % (number if level in ("third", "fourth") else chinese_of(number))


def find(sheet: Sheet) -> Iterator[Finding]:
    """Each label that does not follow from those before it."""
    amends = bool(_AMENDS.search(sheet.text[:600])) or bool(_AMENDS.search(sheet.field("title")))
    skipped = ("article", "chapter", "section", "part") if amends else ()
    labels = [label for label in labels_in(sheet.text) if label.level not in skipped]
    tracks = {level: Track() for level in _LEVELS}
    ends = dict.fromkeys(_LEVELS, 0)
    for label, after in zip(labels, _followers(labels), strict=True):
        fault = _step(tracks[label.level], label, after)
        _enter(tracks, label)
        since, ends[label.level] = ends[label.level], label.end
        if fault and not _stands_inside(sheet.text[since : label.start], label, fault[1]):
            yield sheet.finding(
                DETECTOR, fault[0], (label.start, label.end), basis=BASIS, suggestion=_("核对序号"), more=fault[1]
            )


def labels_in(text: str) -> Iterator[Label]:
    """The labels at the beginnings of lines."""
    for found in _LABEL.finditer(text):
        level = found.lastgroup if found.lastgroup != "branch" else "article"
        number = number_of(found[level]) if level else None
        if level and number and not found["branch"]:
            yield Label(level, number, _begin_of(found), found.end())


def _begin_of(found: re.Match[str]) -> int:
    return found.end() - len(found[0].lstrip(" \t\u3000\u00a0#*"))


def _followers(labels: list[Label]) -> list[int]:
    """For each label the number of the next of its level, 0 at the end."""
    last: dict[str, int] = {}
    following = []
    for label in reversed(labels):
        following.append(last.get(label.level, 0))
        last[label.level] = label.number
    return following[::-1]


def _step(track: Track, label: Label, after: int) -> tuple[str, dict[str, str]] | None:
    """Take one label; what is wrong with it, if anything."""
    number, below_new, last = label.number, track.parent_changed, track.last
    track.parent_changed, track.last = False, number
    if number == 1:
        _begin(track, below_new)
    elif number - 1 in track.open:
        while track.open[-1] != number - 1:
            track.open.pop()
        track.open[-1] = number
        track.steps += 1
        track.continued += below_new
    elif below_new and number == 2 and after == 3 and last != 1 and track.begins_anew:
        track.open[:], track.steps = [number], 0
        return _("序号从“%(label)s”开始，缺“%(missing)s”"), {"label": label.name, "missing": named(label.level, 1)}
    elif not track.open:
        track.open.append(number)
        track.steps = 0
    else:
        return _misfit(track, label, after)
    return None


def _begin(track: Track, below_new: bool) -> None:
    if below_new:
        track.open.clear()
        track.turned += 1
    track.open.append(1)
    del track.open[:-_DEEPEST]
    track.steps = 0


def _misfit(track: Track, label: Label, after: int) -> tuple[str, dict[str, str]] | None:
    number, before = label.number, track.open[-1]
    under_way = track.steps >= _UNDER_WAY.get(label.level, 1)
    loose = label.level in _UNDER_WAY
    values = {"label": label.name, "before": named(label.level, before), "missing": named(label.level, before + 1)}
    if after == before + 2:
        # The next label fits the last but this one: only this one is wrong.
        track.open[-1] = before + 1
        track.steps += 1
        return (_("序号“%(label)s”应是“%(missing)s”"), values) if under_way or number != before else None
    if number <= before:
        if not under_way:
            track.open[-1] = number
            return None
        message = _("序号“%(label)s”重复") if number == before else _("序号“%(label)s”排在“%(before)s”之后，次序颠倒")
        return message, values
    track.open[-1] = number
    goes_on = after == number + 1
    near = number == before + 2
    if not (under_way or goes_on or (near and not loose)) or (loose and not near and not (under_way and goes_on)):
        track.steps = 0
        return None
    return _("序号从“%(before)s”跳到“%(label)s”，缺“%(missing)s”"), values


def _enter(tracks: dict[str, Track], label: Label) -> None:
    """Levels below begin anew under this label, unless they count on through the whole document."""
    for level in _LEVELS[_LEVELS.index(label.level) + 1 :]:
        track = tracks[level]
        track.parent_changed = True
        if level != "article" and track.turned > track.continued:
            track.open.clear()
            track.steps = 0


def _stands_inside(between: str, label: Label, values: dict[str, str]) -> bool:
    """Whether the label missed is there, but inside a line: （一）…；（二）…；"""
    missing = values.get("missing", "")
    plain = between.translate(_FULL_WIDTH)
    if not missing or missing == label.name:
        return False
    return bool(re.search(r"(?:^|[\s。；;：:])" + re.escape(missing.translate(_FULL_WIDTH)), plain))

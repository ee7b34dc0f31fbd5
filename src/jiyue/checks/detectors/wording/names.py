"""Names and titles against the unit's own list of leaders and bodies: one character off, another title, another order."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from jiyue.checks.detectors.wording.saying import finding, is_han
from jiyue.checks.findings import Finding
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Matter
from jiyue.checks.settings import Body, Leader, Settings

DETECTOR = "name"
BASIS = "本单位的领导和机构名单"

_TITLES = (
    "党组书记|党委书记|党工委书记|书记|副书记|省长|副省长|市长|副市长|州长|副州长|县长|副县长|区长|副区长|旗长|镇长|副镇长|乡长|副乡长|主席|副主席|主任|副主任|"
    "局长|副局长|厅长|副厅长|部长|副部长|处长|副处长|科长|副科长|秘书长|副秘书长|常委|委员|院长|副院长|检察长|审计长|总理|副总理|行长|校长|所长|站长"
)  # fmt: skip
_TITLE_BEFORE = re.compile(rf"(?:{_TITLES})\Z")
_TITLE_AFTER = re.compile(rf"(?:{_TITLES})")
_PAUSE = "、，, \u3000"
_SHORTEST_BODY = 5


def find(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """Leaders first, then bodies; nothing where the unit keeps no list."""
    if settings.leaders:
        yield from _leaders(matter, settings.leaders)
    if settings.bodies:
        yield from _bodies(matter, settings.bodies)


# -- leaders -------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def _name_pattern(leaders: tuple[Leader, ...]) -> re.Pattern[str]:
    names = sorted({re.escape(leader.name) for leader in leaders if len(leader.name) > 1}, key=len, reverse=True)
    return re.compile("|".join(names) or r"(?!)")


def _leaders(matter: Matter, leaders: tuple[Leader, ...]) -> Iterator[Finding]:
    known = {leader.name: leader for leader in leaders}
    places = [(found.start(), found.end(), found[0]) for found in _name_pattern(leaders).finditer(matter.text)]
    for start, end, name in places:
        yield from _title(matter, known[name], start, end)
    yield from _order(matter, [leader.name for leader in leaders], places)
    yield from _one_off(matter, leaders)


def _title(matter: Matter, leader: Leader, start: int, end: int) -> Iterator[Finding]:
    """The title right before or right after the name must be one of the leader's own."""
    if not leader.titles:
        return
    text = matter.text
    before = _TITLE_BEFORE.search(text, max(0, start - 6), start)
    after = _TITLE_AFTER.match(text, end)
    spans = [found.span() for found in (before, after) if found]
    for first, last in spans:
        # 副市长 is found as 市长 too: take the word with its 副.
        first -= text[first - 1 : first] == "副"
        written = text[first:last]
        if not any(
            title.endswith(written) and (written.startswith("副") or not title.endswith(f"副{written}"))
            for title in leader.titles
        ):
            yield finding(
                matter, DETECTOR, _("%(name)s的职务写作“%(written)s”，名单中是“%(title)s”"),
                (min(first, start), max(last, end)), basis=BASIS, suggestion=_("核对职务"),
                name=leader.name, written=written, title="、".join(leader.titles),
            )  # fmt: skip


def _order(matter: Matter, order: list[str], places: list[tuple[int, int, str]]) -> Iterator[Finding]:
    """甲、乙、丙 in the order of the list; only names side by side are an order."""
    for (_start, end, name), (start, last, after) in pairwise(places):
        between = matter.text[end:start]
        if between and not between.strip(_PAUSE) and order.index(after) < order.index(name):
            yield finding(
                matter, DETECTOR, _("“%(after)s”排在“%(name)s”之后，与名单的次序不同"), (end - len(name), last), basis=BASIS,
                suggestion=_("核对排序"), name=name, after=after,
            )  # fmt: skip


def _one_off(matter: Matter, leaders: tuple[Leader, ...]) -> Iterator[Finding]:
    """A title of the leader beside a name that differs from the leader's in one character."""
    names = {leader.name for leader in leaders}
    for leader in leaders:
        for title in leader.titles:
            for found in re.finditer(re.escape(title), matter.text):
                yield from _beside(matter, leader, names, found.start(), found.end())


def _beside(matter: Matter, leader: Leader, names: set[str], start: int, end: int) -> Iterator[Finding]:
    text, size = matter.text, len(leader.name)
    for first in (end, start - size):
        written = text[max(0, first) : first + size]
        if first < 0 or len(written) < max(size, 2) or written in names or not all(map(is_han, written)):
            continue
        if sum(a != b for a, b in zip(written, leader.name, strict=True)) == 1 and (
            size > 2 or written[0] == leader.name[0]
        ):
            yield finding(
                matter, DETECTOR, _("“%(written)s”疑为“%(name)s”之误"), (first, first + size), basis=BASIS,
                suggestion=_("改为：%(name)s"), replacement=leader.name, written=written, name=leader.name,
            )  # fmt: skip


# -- bodies --------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def _halves(bodies: tuple[Body, ...]) -> tuple[re.Pattern[str], dict[str, tuple[tuple[str, int], ...]]]:
    """Half names: with one character wrong, one half is right. Each half with the names it is of and its offset."""
    of: dict[str, list[tuple[str, int]]] = {}
    for name in {body.name for body in bodies if len(body.name) >= _SHORTEST_BODY}:
        middle = len(name) // 2
        of.setdefault(name[:middle], []).append((name, 0))
        of.setdefault(name[middle:], []).append((name, middle))
    pattern = "|".join(re.escape(half) for half in sorted(of, key=len, reverse=True))
    return re.compile(f"(?=({pattern or '(?!)'}))"), {half: tuple(names) for half, names in of.items()}


def _bodies(matter: Matter, bodies: tuple[Body, ...]) -> Iterator[Finding]:
    pattern, of = _halves(bodies)
    right = {name for body in bodies for name in (body.name, *body.short_names, *body.former_names)}
    told: set[int] = set()
    for found in pattern.finditer(matter.text):
        for name, offset in of.get(found[1], ()):
            start = found.start() - offset
            written = matter.text[max(0, start) : start + len(name)]
            if start >= 0 and start not in told and written not in right and _is_slip(written, name):
                told.add(start)
                yield finding(
                    matter, DETECTOR, _("“%(written)s”疑为“%(name)s”之误"), (start, start + len(name)), basis=BASIS,
                    suggestion=_("改为：%(name)s"), replacement=name, written=written, name=name,
                )  # fmt: skip
    yield from _former(matter, bodies)


def _is_slip(written: str, name: str) -> bool:
    """One character of the same sound or look, or two changed places; another place's body is another body."""
    from jiyue.checks.lists.likeness import alike  # noqa: PLC0415 - a table only needed here

    if len(written) != len(name):
        return False
    wrong = [place for place, (a, b) in enumerate(zip(written, name, strict=True)) if a != b]
    if len(wrong) == 1:
        return alike(written[wrong[0]], name[wrong[0]])
    return len(wrong) == 2 and wrong[1] == wrong[0] + 1 and sorted(written) == sorted(name)


def _former(matter: Matter, bodies: tuple[Body, ...]) -> Iterator[Finding]:
    for body in bodies:
        for former in body.former_names:
            for found in re.finditer(re.escape(former), matter.text):
                if (
                    former not in body.name
                    and not re.match(r"[）)]?[（(]?(?:原|现|今)", matter.text[found.end() :][:3])
                    and not matter.text[: found.start()].endswith("原")
                ):
                    yield finding(
                        matter, DETECTOR, _("“%(former)s”是以前的名称，现在是“%(name)s”"), found.span(), basis=BASIS,
                        suggestion=_("改为：%(name)s；引用旧文件的，可以保留"), replacement=body.name, former=former,
                        name=body.name,
                    )  # fmt: skip

"""How much an accumulation of the trade's words weighs where it stands. Pure; figures are in `lists/spam.yaml`."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from jiyue.checks.detectors.links.hosts import Standing, host_of, standing
from jiyue.checks.detectors.spam.words import HEAVY, Hit, against_spans, light_hits
from jiyue.checks.matter import Matter

_NAMES_A_LINK = 5
HEAD_KINDS = frozenset({"title", "keywords", "description", "alt", "caption", "attachment", "metadata"})


@dataclass(frozen=True, slots=True)
class Weighing:
    """Thresholds in force: the shipped ones, or the unit's own."""

    block: float
    warn: float
    head: float
    window: int
    named_against: float
    reach: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Words of one category that stand together; `weight` is what is left of them where others fight the trade."""

    category: str
    start: int
    end: int
    words: tuple[str, ...]
    weight: float
    in_head: bool


def clusters(matter: Matter, folded: str, hits: Sequence[Hit], weighing: Weighing) -> Iterator[Cluster]:
    """The accumulations, category by category, in the order of the text."""
    links = _foreign_links(matter) if hits else []
    for group in _groups([_raised(hit, links) for hit in hits], weighing.window):
        yield _weighed(matter, folded, group, weighing)


def _groups(hits: Sequence[Hit], window: int) -> Iterator[list[Hit]]:
    open_groups: dict[str, list[Hit]] = {}
    for hit in hits:
        group = open_groups.get(hit.category)
        if group and hit.start - group[0].start > window:
            yield group
            group = None
        if group:
            group.append(hit)
        else:
            open_groups[hit.category] = [hit]
    yield from open_groups.values()


def _weighed(matter: Matter, folded: str, group: list[Hit], weighing: Weighing) -> Cluster:
    start, end = group[0].start, max(hit.end for hit in group)
    fought = against_spans(folded, start - weighing.reach, end + weighing.reach)
    heavy = [_reduced(matter, hit, fought, weighing) for hit in group]
    light = list(_company(matter, folded, group, weighing)) if not fought else []
    weights: dict[str, float] = {}
    for hit in (*heavy, *light):
        weights[hit.word] = max(weights.get(hit.word, 0.0), hit.weight)
    part = matter.part_at(start)
    in_head = part is not None and part.kind in HEAD_KINDS
    words = tuple(dict.fromkeys(hit.word for hit in group))
    return Cluster(group[0].category, start, end, words, sum(weights.values()), in_head)


def _reduced(matter: Matter, hit: Hit, fought: list[tuple[int, int]], weighing: Weighing) -> Hit:
    """A word weighs less where its own paragraph fights what it names; an intruder's block is a part of its own."""
    part = matter.part_at(hit.start)
    low = max(hit.start - weighing.reach, part.start if part else 0)
    high = min(hit.end + weighing.reach, part.end if part else len(matter.text))
    at = bisect_left(fought, (low, 0))
    near = at < len(fought) and fought[at][1] <= high
    return replace(hit, weight=hit.weight * weighing.named_against) if near else hit


def _foreign_links(matter: Matter) -> list[tuple[int, int]]:
    """Where the words of links to hosts of nobody known stand, in the order of the text."""
    return sorted(
        (link.start, link.end)
        for link in matter.links
        if link.start < link.end and standing(host_of(link.href)) > Standing.KNOWN
    )


def _raised(hit: Hit, links: list[tuple[int, int]]) -> Hit:
    """A word weighs more as the name of a link to a host of nobody known."""
    at = bisect_right(links, (hit.start, len(links) and links[-1][1])) - 1
    named = at >= 0 and links[at][0] <= hit.start and hit.end <= links[at][1]
    return replace(hit, weight=hit.weight + _NAMES_A_LINK) if named and hit.weight >= HEAVY else hit


def _company(matter: Matter, folded: str, group: list[Hit], weighing: Weighing) -> Iterable[Hit]:
    """Offers and ordinary words of such pages close to the group, in the same part."""
    start, end = group[0].start, group[-1].end
    part = matter.part_at(start)
    low = max(start - weighing.reach, part.start if part else 0)
    high = min(end + weighing.reach, part.end if part else len(folded))
    return (hit for hit in light_hits(folded, low, high) if hit.category in ("", group[0].category))

"""Commercial advertising (advertisement.*): what shops say, and links to pages that exist to sell (PAGE-10)."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from jiyue.checks.detectors.links.hosts import host_of, is_own, own_hosts, within
from jiyue.checks.detectors.spam.folding import fold
from jiyue.checks.detectors.spam.own_words import own_words
from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Matter
from jiyue.checks.settings import Settings
from jiyue.checks.shipped import flat, shipped_list

_BASIS = "《政府网站发展指引》（国办发〔2017〕47号）"
_REACH = 60


def find(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """What this family finds."""
    if settings.words_of("advertisement"):
        yield from own_words(matter, fold(matter.text), settings, "advertisement")
    yield from _words(matter, settings)
    yield from _links(matter, settings)


@cache
def _lists() -> tuple[AhoCorasick, Sequence[float], re.Pattern[str]]:
    rules = shipped_list("advertisement")
    weighted = [(word, float(weight)) for weight, words in rules["weights"].items() for word in flat(words)]
    automaton = AhoCorasick([word for word, _weight in weighted], matchkind=MatchKind.LeftmostLongest)
    against = re.compile("|".join(map(re.escape, flat(rules["against"]))))
    return automaton, [weight for _word, weight in weighted], against


def _words(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """Places where enough different words of selling stand close together and nobody regulates it."""
    automaton, weights, against = _lists()
    figures = shipped_list("advertisement")["thresholds"]
    least, window = settings.threshold("advertisement.warn"), int(figures["window"])
    group: list[tuple[int, int, int]] = []
    for hit in (*automaton.find_matches_as_indexes(matter.text), (0, len(matter.text) + window + 1, 0)):
        if group and hit[1] - group[0][1] > window:
            start, end = group[0][1], group[-1][2]
            total = sum(weights[number] for number in {number for number, _start, _end in group})
            if total >= least and not against.search(matter.text, max(0, start - _REACH), end + _REACH):
                yield _offer(matter, start, end)
            group = []
        group.append(hit)


def _offer(matter: Matter, start: int, end: int) -> Finding:
    return Finding(
        detector="advertisement.commercial",
        severity=Severity.WARN,
        message=_("疑似商业广告"),
        start=start,
        end=end,
        excerpt=matter.text[max(0, start - 10) : min(end, start + 80) + 10].replace("\n", " "),
        suggestion=_("删除商业宣传内容；属于政策宣传的，可说明理由放行"),
        basis=_BASIS,
    )


def _links(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """Links and embedded pictures or frames of advertising networks and shops; each host once."""
    own, told = own_hosts(matter, settings), set()
    for address, start, end in _addresses(matter):
        host = host_of(address)
        if not host or host in told or is_own(host, own):
            continue
        if kind := _kind(host, address):
            told.add(host)
            yield Finding(
                detector="advertisement.link",
                severity=Severity.WARN,
                message=_KINDS[kind],
                start=start,
                end=end,
                excerpt=address[:100],
                suggestion=_("删除链接，或换成不含商业推广的官方页面"),
                basis=_BASIS,
                values={"host": host},
            )


_KINDS = {
    "hosts": _("链接到广告联盟：%(host)s"),
    "shops": _("链接到网店或购物平台：%(host)s"),
    "paths": _("链接疑似广告页面：%(host)s"),
}


def _addresses(matter: Matter) -> Iterator[tuple[str, int, int]]:
    yield from ((link.href, link.start, link.end) for link in matter.links)
    yield from ((picture.src, picture.start, picture.start) for picture in matter.pictures)


def _kind(host: str, address: str) -> str:
    hosts, shops, paths = _selling()
    if within(host, hosts):
        return "hosts"
    if within(host, shops):
        return "shops"
    return "paths" if not host.endswith(".gov.cn") and any(path in address.lower() for path in paths) else ""


@cache
def _selling() -> tuple[frozenset[str], frozenset[str], tuple[str, ...]]:
    rules = shipped_list("hosts")["advertising"]
    return frozenset(rules["hosts"]), frozenset(rules["shops"]), tuple(rules["paths"])

"""Addresses that imitate an official one (spam.lookalike), in links and in the text."""

import re
from collections.abc import Iterator

from jiyue.checks.detectors.links.hosts import Standing, host_of, imitates, own_hosts, registered, standing
from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Link, Matter
from jiyue.checks.settings import Settings

_BASIS = "《政府网站发展指引》（国办发〔2017〕47号）"
_ADVICE = _("核对地址；官方网站地址以“.gov.cn”结尾")
_WAYS = {
    "letters": _("地址“%(host)s”用形近字符冒充官方网址"),
    "inside": _("地址“%(host)s”里有“gov.cn”，但不是政府域名"),
    "name": _("地址“%(host)s”看起来像政府网站，但不是 .gov.cn 域名"),
}
_MILD = ("name",)
_SHOWN = re.compile(r"(?:https?://)?((?:[a-z0-9\-]{1,63}\.){1,6}[a-z]{2,6})(?:[/:?][^\s]{0,200})?", re.IGNORECASE)
# The heart of a written address: gov and cn with whatever was put in place of the letters or between them.
_HEART = re.compile(r"[gqｇɡ]\s?[o0оοｏ]\s?[vｖνѵ]\s?[.．。\-]\s?[cсｃ]\s?[nｎ]", re.IGNORECASE)
_SIGN = re.compile(r"[a-z0-9.\-\u0370-\u052f\uff01-\uff5e]", re.IGNORECASE)
_LONGEST = 80


def find_lookalikes(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """Links to imitated hosts, links whose words show another address, and written addresses that are not what
    they seem; each host once."""
    own = own_hosts(matter, settings)
    told: set[str] = set()
    for link in matter.links:
        host = host_of(link.href)
        if host and host not in told and (finding := _of_link(link, host, own)):
            told.add(host)
            yield finding
    yield from _written(matter, own, told)


def _of_link(link: Link, host: str, own: frozenset[str]) -> Finding | None:
    if standing(host, own) is Standing.OWN:
        return None
    if "@" in link.href.split("?")[0] and _is_official(link.href.partition("@")[0]):
        return _finding(link, host, _("链接用“@”把官方网址伪装成别的网站：%(host)s"), Severity.BLOCK)
    if way := imitates(host):
        return _finding(link, host, _WAYS[way], Severity.WARN if way in _MILD else Severity.BLOCK)
    shown = _SHOWN.fullmatch(link.text.strip())
    if shown and _is_gov(shown[1].lower()) and not _is_gov(host) and registered(shown[1].lower()) != registered(host):
        return _finding(link, host, _("链接文字是政府网址，实际指向“%(host)s”"), Severity.BLOCK)
    return None


def _is_gov(host: str) -> bool:
    return host.endswith(".gov.cn")


def _is_official(text: str) -> bool:
    return "gov.cn" in text.lower()


def _finding(link: Link, host: str, message: str, severity: Severity) -> Finding:
    return Finding(
        detector="spam.lookalike",
        severity=severity,
        message=message,
        start=link.start,
        end=link.end,
        excerpt=f"{link.text.strip()[:30]} {link.href[:80]}".strip(),
        suggestion=_ADVICE,
        basis=_BASIS,
        values={"host": host[:80]},
    )


def _written(matter: Matter, own: frozenset[str], told: set[str]) -> Iterator[Finding]:
    text = matter.text
    for heart in _HEART.finditer(text):
        start, end = _stretched(text, *heart.span())
        written = text[start:end].rstrip(".。-")
        host = "".join(written.split()).lower().replace("。", ".").replace("．", ".")
        way = "letters" if _is_gov(f".{host}") and host != written.lower() else imitates(host)
        if not way or host in told or standing(host, own) is Standing.OWN:
            continue
        told.add(host)
        yield Finding(
            detector="spam.lookalike",
            severity=Severity.WARN,
            message=_WAYS[way],
            start=start,
            end=start + len(written),
            excerpt=text[max(0, start - 10) : end + 10].replace("\n", " "),
            suggestion=_ADVICE,
            basis=_BASIS,
            values={"host": written[:80]},
        )


def _stretched(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole written address around its heart."""
    low, high = max(0, start - _LONGEST), min(len(text), end + _LONGEST)
    while start > low and _SIGN.match(text, start - 1):
        start -= 1
    while end < high and _SIGN.match(text, end):
        end += 1
    return start, end

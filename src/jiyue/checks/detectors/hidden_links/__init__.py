"""Links that a reader does not see (暗链): hidden blocks, scripts, comments, frames of an HTML page."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from jiyue.checks.detectors.hidden_links.blocks import Block, Held, Page, weight_of
from jiyue.checks.detectors.hidden_links.hiding import FAR
from jiyue.checks.detectors.hidden_links.scripts import Deed, deeds, hidden_ids
from jiyue.checks.detectors.hidden_links.source import Source, Tag, links_in
from jiyue.checks.detectors.hidden_links.styles import declarations, hovering, pixels
from jiyue.checks.detectors.links.hosts import Standing, host_of, own_hosts, standing
from jiyue.checks.detectors.spam.words import trade_weight
from jiyue.checks.findings import Finding, Severity
from jiyue.checks.findings import marked as _
from jiyue.checks.matter import Matter
from jiyue.checks.settings import Settings
from jiyue.checks.shipped import shipped_list

_BASIS = "《政府网站发展指引》（国办发〔2017〕47号）"
_ADVICE = _("核对网页源文件，删除被植入的内容并排查入侵途径")
_BLOCKS = {
    "style": _("用样式隐藏的内容里有可疑链接或文字：%(shown)s"),
    "class": _("用样式类隐藏的内容里有可疑链接或文字：%(shown)s"),
    "position": _("移到屏幕之外的内容里有可疑链接或文字：%(shown)s"),
    "size": _("缩到看不见的内容里有可疑链接或文字：%(shown)s"),
    "colour": _("透明或与背景同色的内容里有可疑链接或文字：%(shown)s"),
    "script": _("由脚本隐藏的内容里有可疑链接或文字：%(shown)s"),
}
_DEEDS = {
    "writes": _("脚本向网页写入可疑链接或内容：%(shown)s"),
    "encoded": _("脚本执行经过编码的代码：%(shown)s"),
    "diverts": _("脚本按来路或浏览器把访问者转到别处：%(shown)s"),
    "leaves": _("脚本自动跳转到站外：%(shown)s"),
    "fetches": _("网页加载可疑的站外脚本：%(shown)s"),
    "refresh": _("网页自动跳转到站外：%(shown)s"),
    "base": _("网页把所有相对地址指向站外：%(shown)s"),
    "title": _("网页标题里写有脚本或标签：%(shown)s"),
}
_SHOWN = 80
_MOST = 30  # findings of one kind: a page full of them needs cleaning as a whole
_SHORTEST = 8  # characters of a script that can do anything
_LONGEST_COMMENT = 40_000
_SMALL_COMMENT = 400  # a whole block of the page taken out of use is longer
_THIN = 2.0
_LIKELY, _SURE = 3.5, 4.0


def find(matter: Matter, settings: Settings) -> Iterator[Finding]:
    """What this family finds."""
    if matter.html is None:
        return
    source, own = Source(matter.html), own_hosts(matter, settings)
    scripts = list(source.tags_named("script"))
    yield from islice(_hidden_blocks(matter, source, scripts, own), _MOST)
    yield from islice(_scripts(source, scripts, own), _MOST)
    yield from islice(_comments(source, own), _MOST)
    yield from islice(_frames(source, own), _MOST)
    yield from _heads(matter, source, own)


def severity_of(total: float) -> Severity | None:
    """BLOCK or WARN by the sums of `lists/hiding.yaml`; None below."""
    sums = shipped_list("hiding")["sums"]
    if total >= float(sums["block"]):
        return Severity.BLOCK
    return Severity.WARN if total >= float(sums["warn"]) else None


def _in_source(source: Source, at: int, technique: str, severity: Severity, message: str, shown: str) -> Finding:
    """A finding about what is not in the text."""
    return Finding(
        detector=f"hidden-link.{technique}",
        severity=severity,
        message=message,
        start=0,
        end=0,
        excerpt=" ".join(source.html[at : at + 2 * _SHOWN].split()),
        suggestion=_ADVICE,
        basis=_BASIS,
        place=f"网页源文件第 {source.line(at)} 行",
        values={"shown": " ".join(shown.split())[:_SHOWN]},
    )


def _hidden_blocks(matter: Matter, source: Source, scripts: list[Tag], own: frozenset[str]) -> Iterator[Finding]:
    css = "\n".join(tag.body for tag in source.tags_named("style"))
    by_script = {ident for script in scripts for ident in hidden_ids(script.body)}
    callers = "\n".join(script.body for script in scripts) + hovering(css)
    for block in Page(matter, css, by_script, callers, own).blocks():
        severity = severity_of(block.sum)
        if severity:
            yield _of_block(matter, block, severity)


def _of_block(matter: Matter, block: Block, severity: Severity) -> Finding:
    return Finding(
        detector=f"hidden-link.{block.technique}",
        severity=severity,
        message=_BLOCKS[block.technique],
        start=block.start,
        end=block.end,
        excerpt=" ".join(matter.text[block.start : min(block.end, block.start + _SHOWN)].split()),
        suggestion=_ADVICE,
        basis=_BASIS,
        values={"shown": "、".join((*block.held.hosts[:3], *block.held.words[:3]))},
    )


def _scripts(source: Source, scripts: list[Tag], own: frozenset[str]) -> Iterator[Finding]:
    for script in scripts:
        host = host_of(script.attributes.get("src", ""))
        rank = standing(host, own)
        if rank > Standing.FOREIGN:
            yield from _of_deed(source, script.at, Deed("fetches", host, _SURE))
        elif rank is Standing.FOREIGN:
            yield _foreign_script(source, script, host)
        if len(script.body) > _SHORTEST:
            for deed in deeds(script.body, own):
                yield from _of_deed(source, script.at, deed)


def _foreign_script(source: Source, script: Tag, host: str) -> Finding:
    """A script that somebody else can change at any time: nothing hidden, but a host to be known."""
    message = _("网页加载站外脚本：%(shown)s")
    finding = _in_source(source, script.at, "script", Severity.NOTE, message, host)
    advice = _("确认来源可信；常用的可以加入本单位允许链接的名单，最好改用本站的文件")
    return replace(finding, detector="link.foreign", suggestion=advice)


def _of_deed(source: Source, at: int, deed: Deed) -> Iterator[Finding]:
    if severity := severity_of(deed.sum):
        yield _in_source(source, at, "script", severity, _DEEDS[deed.code], deed.shown)


def _comments(source: Source, own: frozenset[str]) -> Iterator[Finding]:
    """Links and words of the trade in comments: search engines of old read them, and so do intruders' scripts."""
    ways = shipped_list("hiding")["ways"]
    for at, comment in source.comments:
        if "<" not in comment and "http" not in comment:
            continue
        links = [(host_of(href), words) for href, words in links_in(comment)]
        foreign = [(host, words) for host, words in links if standing(host, own) > Standing.KNOWN]
        weight, words = trade_weight(comment[:_LONGEST_COMMENT])
        held = Held(
            tuple(dict.fromkeys(host for host, _w in foreign)), tuple(name for _h, name in foreign), words, weight
        )
        nameless = float(shipped_list("hiding")["holds"]["nameless"]) if len(comment) < _SMALL_COMMENT else 0.0
        if total := weight_of(held, own):
            severity = severity_of(total + float(ways["comment"]) + nameless)
            if severity:
                shown = "、".join((*held.hosts[:3], *words[:3]))
                yield _in_source(source, at, "comment", severity, _("注释里有可疑链接或文字：%(shown)s"), shown)


def _frames(source: Source, own: frozenset[str]) -> Iterator[Finding]:
    """Frames too small to see, and frames of foreign hosts."""
    for frame in source.tags_named("iframe", "frame"):
        host = host_of(frame.attributes.get("src", ""))
        rank = standing(host, own)
        if rank <= Standing.KNOWN:
            continue
        unseen = _is_unseen(frame)
        if not unseen and rank is Standing.FOREIGN and "sandbox" in frame.attributes:
            continue
        severity = Severity.BLOCK if unseen or rank > Standing.FOREIGN else Severity.WARN
        message = _("看不见的框架加载站外网页：%(shown)s") if unseen else _("框架加载站外网页：%(shown)s")
        yield _in_source(source, frame.at, "frame", severity, message, host)


def _is_unseen(frame: Tag) -> bool:
    styles = declarations(frame.attributes.get("style", ""))
    if styles.get("display", "") == "none" or styles.get("visibility", "") == "hidden" or "hidden" in frame.attributes:
        return True
    if styles.get("opacity", "1").startswith("0") and not styles.get("opacity", "1").strip("0."):
        return True
    sides = [styles.get(side) or frame.attributes.get(side, "") for side in ("width", "height")]
    lengths = [pixels(side) for side in sides]
    away = [pixels(styles.get(side)) for side in ("left", "top", "margin-left", "margin-top")]
    return any(length is not None and length <= _THIN for length in lengths) or any(
        distance is not None and distance <= -FAR for distance in away
    )


def _heads(matter: Matter, source: Source, own: frozenset[str]) -> Iterator[Finding]:
    """Refreshes and base addresses that lead away, and titles that hold markup of their own."""
    for tag in source.tags_named("meta", "base"):
        code, address = "base", tag.attributes.get("href", "")
        if tag.name == "meta":
            if tag.attributes.get("http-equiv", "").lower() != "refresh":
                continue
            code, address = "refresh", tag.attributes.get("content", "").partition("=")[2].strip("'\" ")
        host = host_of(address)
        rank = standing(host, own)
        if rank > Standing.KNOWN:
            yield from _of_deed(source, tag.at, Deed(code, host, _SURE if rank > Standing.FOREIGN else _LIKELY))
    title = next(matter.parts_of("title"), None)
    if title and "<script" in (words := matter.words(title).lower()):
        yield from _of_deed(source, max(0, source.html.lower().find("<title")), Deed("title", words, _SURE))

"""Links planted in official pages, each in one of the ways intruders use: positives whose place is known."""

import random
import re
from collections.abc import Callable, Iterator

from tests.unit.checks.quality.frame import data, records

Plant = Callable[[str, random.Random], str]


def _name(rng: random.Random) -> str:
    return "".join(rng.choice("abcdefghijklmnop") for _sign in range(6))


def _codes(text: str, form: str) -> str:
    return "".join(
        (form if ord(sign) < 256 else form.replace("%02x", "%04x").replace("\\x", "\\u").replace("%%", "%%u"))
        % ord(sign)
        for sign in text
    )


def _ruled(links: str, rng: random.Random, rule: str) -> str:
    name = _name(rng)
    return f"<style>.{name}{{{rule}}}</style><div class={name}>{links}</div>"


def _inner(links: str, rng: random.Random) -> str:
    outer, inner = _name(rng), _name(rng)
    return (
        f"<style>.{outer} .{inner}{{font-size:0px}}</style><div class={outer}><span class={inner}>{links}</span></div>"
    )


def _by_id(links: str, rng: random.Random) -> str:
    name = _name(rng)
    return f'<div id={name}>{links}</div><script>document.getElementById("{name}").style.display="none";</script>'


def _styled(style: str, tag: str = "div") -> Plant:
    return lambda links, _rng: f'<{tag} style="{style}">{links}</{tag}>'


def _framed(attributes: str) -> Plant:
    return lambda links, _rng: f'<iframe src="{_first(links)}" {attributes}></iframe>'


def _first(links: str) -> str:
    return re.findall(r'href="([^"]+)', links)[0]


def _boxed(links: str, _rng: random.Random) -> str:
    opened = "<script>document.write(\"<div style='display:none'>\");</script>"
    return f"{opened}{links}<script>document.write('</div>');</script>"


def _hexed(links: str, _rng: random.Random) -> str:
    write = "\\x77\\x72\\x69\\x74\\x65"
    return f'<script>window["document"]["{write}"]("{_codes(links, chr(92) + "x%02x")}")</script>'


def _by_referrer(links: str, _rng: random.Random) -> str:
    asked = 'document.referrer.indexOf("baidu")>0'
    return f'<script>if({asked}){{window.location.href="{_first(links)}";}}</script>'


def _by_robot(links: str, _rng: random.Random) -> str:
    asked = "/Baiduspider|Googlebot/i.test(navigator.userAgent)"
    return f'<script>if({asked}){{location.replace("{_first(links)}")}}</script>'


WAYS: dict[str, Plant] = {
    "display": _styled("display : none !important"),
    "visibility": _styled("visibility:hidden"),
    "off the screen": _styled("position:absolute;left:-9999px;top:-9999px"),
    "expression": _styled("position:absolute;left:expression(1-900);top:expression(3-999);"),
    "indent": _styled("text-indent:-9999px", "p"),
    "margin": _styled("margin-left:-5000px"),
    "no height": _styled("height:0;overflow:hidden"),
    "one pixel": _styled("width:1px;height:1px;overflow:hidden"),
    "no type": _styled("font-size:0", "span"),
    "tiny white type": _styled("color:#FFFFFF;font-size:1px;line-height:1px"),
    "white on white": _styled("color:#fff;background:#ffffff"),
    "transparent": _styled("color:transparent"),
    "opacity": _styled("opacity:0;filter:alpha(opacity=0)"),
    "marquee": lambda links, _rng: f"<marquee height=1 width=4 scrollamount=3000>{links}</marquee>",
    "own class": lambda links, rng: _ruled(links, rng, "display:none"),
    "own class, off": lambda links, rng: _ruled(links, rng, "position:absolute;left:-3000px"),
    "class inside class": _inner,
    "comment": lambda links, _rng: f"<!-- {links} -->",
    "hidden by script": _by_id,
    "written": lambda links, _rng: f"<script>document.write('{links}');</script>",
    "hidden box written": _boxed,
    "escaped": lambda links, _rng: f"<script>document.write(unescape('{_codes(links, '%%%02x')}'))</script>",
    "hexadecimal": _hexed,
    "character codes": lambda links, _rng: "<script>eval(String.fromCharCode({}))</script>".format(
        ",".join(str(ord(sign)) for sign in f"document.write('{links}')")
    ),
    "by referrer": _by_referrer,
    "by robot": _by_robot,
    "refresh": lambda links, _rng: f'<meta http-equiv="refresh" content="0;url={_first(links)}">',
    "frame of no size": _framed("width=0 height=0"),
    "hidden frame": _framed('style="display:none"'),
}  # fmt: skip
_TRADE = {"gambling", "porn", "adult"}


def words() -> list[str]:
    """Words of the trade as others list them, gambling and adult."""
    rows = records(data("seo_spam") / "keywords.jsonl")
    return [str(row["word"]) for row in rows if row["kind"] == "spam_word" and row.get("category") in _TRADE]


def hosts() -> list[str]:
    """Hosts others found in such links; official and school hosts in the lists are old mistakes."""
    folder = data("seo_spam")
    names = [
        str(row["host"])
        for file in ("illegal_site_hosts", "seo_spam_hosts")
        for row in records(folder / f"{file}.jsonl")
    ]
    return [name for name in names if not name.lower().endswith((".gov.cn", ".edu.cn"))]


def planted(pages: list[str], seed: int, each: int) -> Iterator[tuple[str, str, str]]:
    """Way, the page as it was, the page with links planted; named by words of the trade and by harmless words in turn."""
    rng = random.Random(seed)  # noqa: S311 - the same pages every time
    trade, names = words(), hosts()
    for way, plant in WAYS.items():
        for turn in range(each):
            page = rng.choice(pages)
            said = trade if turn % 2 else ["友情链接", "点击进入", "更多精彩", "资讯"]
            links = " ".join(
                f'<a href="http://{rng.choice(names)}/">{rng.choice(said)}</a>'
                for _link in range(rng.choice((1, 3, 8)))
            )
            yield way, page, _put(page, plant(links, rng), rng)


def _put(page: str, piece: str, rng: random.Random) -> str:
    """At the end of some block, outside of scripts, styles and comments."""
    low = page.lower()
    spots = [found.end() for found in re.finditer(r"</(?:div|p)>", low) if not _is_inside(low, found.end())]
    at = rng.choice(spots or [len(page)])
    return page[:at] + piece + page[at:]


def _is_inside(low: str, at: int) -> bool:
    pairs = (("<script", "</script"), ("<style", "</style"), ("<!--", "-->"))
    return any(low.rfind(opened, 0, at) > low.rfind(closed, 0, at) for opened, closed in pairs)

"""Styles and scripts of the portal, put together once, under names that change with their content.

Every page loads the style sheets and one script; what only the counter needs, or a page with comments, those pages alone load.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

from jiyue.portal.colours import site_css
from jiyue.publishing.frame import Assets
from jiyue.publishing.pages import AssetFile

SOURCE = Path(__file__).resolve().parent / "static"
STYLES = (
    "tokens", "base", "frame", "lists", "document", "places", "services", "search", "library", "counter", "letters",
    "campaigns", "interviews", "voices", "talks", "print",
)  # fmt: skip
SCRIPTS = {
    "portal": ("display", "reading", "search"),
    "counter": ("counter", "live", "talk"),
    "voices": ("voices",),
}


def _file(name: str, suffix: str, text: str) -> AssetFile:
    content = text.encode()
    return AssetFile(address=f"/assets/{name}-{sha256(content).hexdigest()[:12]}.{suffix}", content=content)


def _joined(folder: str, suffix: str, names: tuple[str, ...]) -> str:
    return "".join((SOURCE / folder / f"{name}.{suffix}").read_text(encoding="utf-8") for name in names)


@cache
def shared_files() -> tuple[AssetFile, ...]:
    """The style sheet and the module scripts of all sites, in the order of `SCRIPTS`; read once per process."""
    scripts = (_file(name, "js", _joined("js", "js", names)) for name, names in SCRIPTS.items())
    return _file("portal", "css", _joined("css", "css", STYLES)), *scripts


def site_files(colour: str) -> tuple[Assets, tuple[AssetFile, ...]]:
    """Addresses for a site's frame and the files behind them. Raises ColourRefused."""
    style, script, counter, voices = shared_files()
    own = _file("site", "css", site_css(colour))
    addresses = Assets(
        stylesheet=style.address, site_stylesheet=own.address, script=script.address, counter_script=counter.address,
        voices_script=voices.address,
    )  # fmt: skip
    return addresses, (style, script, counter, voices, own)

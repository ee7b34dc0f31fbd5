"""What the address of a link says by itself: whose host it is, and whether it imitates an official one. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from enum import IntEnum
from functools import cache, lru_cache

from jiyue.checks.matter import Matter
from jiyue.checks.settings import Settings
from jiyue.checks.shipped import flat, shipped_list

_AUTHORITY = re.compile(r"(?:([a-z][a-z0-9+.\-]{0,20}):)?//+([^/?#]*)", re.IGNORECASE)
_DROPPED = str.maketrans("", "", "\t\r\n")
_NUMBERS = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_PIECES = re.compile(r"[a-z]+\d*|\d+[a-z]+")
# gov and cn together, with letters and marks that are taken for them: g0v.cn, gov-cn, qov.cn.
_GOV_CN = re.compile(r"(?:^|[.\-])[gq][o0]v[.\-]?cn(?=$|[.\-])")
_GOV_NAME = re.compile(r"(?:[a-z0-9]-gov|[a-z]{3,}gov|^gov-[a-z]+)$")
_TWO_PART = frozenset(
    {"com.cn", "net.cn", "org.cn", "gov.cn", "edu.cn", "ac.cn", "mil.cn", "com.hk", "com.tw", "co.uk"}
)
# Signs of other scripts that look like Latin letters.
LOOK_ALIKES = str.maketrans("аеорсухіјѕӏԁɡԛԝһνοριακϲ", "aeopcyxijsldgqwhvopiakc")
_OFFICIAL = re.compile("政府|公安|法院|检察|税务|社保|医保|海关|人民银行|国务院|纪委")


class Standing(IntEnum):
    """Whose host: the higher, the less it belongs on a government page."""

    OWN = 0
    KNOWN = 1
    FOREIGN = 2
    RISKY = 3
    TRADE = 4


def host_of(href: str) -> str:
    """The host of an absolute address as a browser reads it, lower case; "" for addresses within the site."""
    found = _AUTHORITY.match(href.translate(_DROPPED).replace("\\", "/").strip())
    if not found:
        return ""
    host = found.group(2).rpartition("@")[2]
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].strip().rstrip(".").lower()


def is_numeric(host: str) -> bool:
    return bool(_NUMBERS.fullmatch(host)) or host.startswith("[")


def within(host: str, ends: Collection[str]) -> bool:
    """Whether the host or a name above it is among `ends`."""
    labels = host.split(".")
    return any(".".join(labels[at:]) in ends for at in range(len(labels)))


def own_hosts(matter: Matter, settings: Settings) -> frozenset[str]:
    """Hosts of the page itself with all below them, and those the unit allows: alone (kept as `=host`), or with all
    below them where they are written `*.host`."""
    named = (host_of(matter.source), matter.fields.get("meta.sitedomain", "").strip().lower())
    own = {name.removeprefix("www.") for name in named if "." in name}
    for allowed in settings.hosts:
        name = allowed.strip().lower()
        own.add(name[2:] if name.startswith("*.") else "=" + name.removeprefix("www."))
    return frozenset(own)


def is_own(host: str, own: Collection[str]) -> bool:
    return "=" + host.removeprefix("www.") in own or within(host, own)


@lru_cache(maxsize=20_000)
def standing(host: str, own: frozenset[str] = frozenset()) -> Standing:
    """Whose host this is, by its name alone."""
    if not host or is_own(host, own):
        return Standing.OWN
    if within(host, _known()):
        return Standing.KNOWN
    if imitates(host) or _pieces(host) & _trade():
        return Standing.TRADE
    if host.rpartition(".")[2] in _risky() or _is_bare_digits(host):
        return Standing.RISKY
    return Standing.FOREIGN


@lru_cache(maxsize=20_000)
def imitates(host: str) -> str:
    """How the host imitates an official name, as a short code; "" where it does not."""
    if not host or within(host, _known()) or is_numeric(host):
        return ""
    plain = readable(host)
    if _mixed(plain) or (plain != host and (_is_gov(plain) or _OFFICIAL.search(plain))):
        return "letters"
    folded = plain.translate(LOOK_ALIKES).replace("0", "o")
    if folded != plain and _is_gov(folded):
        return "letters"
    if _OFFICIAL.search(plain) or _GOV_CN.search(folded):
        return "inside"
    return "name" if _GOV_NAME.search(registered(host).partition(".")[0]) else ""


def readable(host: str) -> str:
    """The host with its international labels decoded and full-width signs made plain."""
    labels = unicodedata.normalize("NFKC", host).split(".")
    return ".".join(_decoded(label) for label in labels).lower()


def registered(host: str) -> str:
    """The name somebody registered: two labels, three under com.cn and its like."""
    labels = host.split(".")
    return ".".join(labels[-3:] if ".".join(labels[-2:]) in _TWO_PART else labels[-2:])


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii", "ignore").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


def _is_gov(host: str) -> bool:
    return host == "gov.cn" or host.endswith(".gov.cn")


def _mixed(host: str) -> bool:
    """A label in letters of another alphabet that reads as a Latin one."""
    return any(not label.isascii() and label.translate(LOOK_ALIKES).isascii() for label in host.split("."))


def _is_bare_digits(host: str) -> bool:
    """A registered name of nothing but four or more digits (1183118.com), or a number in place of a name."""
    name = registered(host).partition(".")[0]
    return not is_numeric(host) and name.isdigit() and len(name) > 3


def _pieces(host: str) -> frozenset[str]:
    labels = re.split(r"[.\-_]", host)
    pieces = set(labels)
    for label in labels:
        pieces.update(_PIECES.findall(label))
        pieces.update(_letters(label))
    return frozenset(pieces)


def _letters(label: str) -> Iterable[str]:
    """The letters of a label without the digits around them: 88bocai66 is bocai; short runs say nothing."""
    stripped = label.strip("0123456789")
    return (stripped,) if len(stripped) > 2 and stripped != label else ()


@cache
def _known() -> frozenset[str]:
    return frozenset(flat(shipped_list("hosts")["known"]))


@cache
def _risky() -> frozenset[str]:
    return frozenset(shipped_list("hosts")["risky_endings"])


@cache
def _trade() -> frozenset[str]:
    return frozenset(str(piece) for piece in shipped_list("hosts")["trade_pieces"])

"""Which files an earlier tree may bring back: not those withdrawn since, nor any that leads to one of them."""

import gzip
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import quote

from jiyue.domain import manifests
from jiyue.domain.manifests import Difference, File
from jiyue.foundation.objects import ObjectStore

COMPRESSED: Final = ".gz"
GONE: Final = ".gone"
MOVED: Final = ".moved"
INDEX: Final = "index.html"
_COMPANIONS: Final = (COMPRESSED, GONE, MOVED)
# What may follow the address of a directory where the directory itself is meant, not something below it.
_ADDRESS_ENDS: Final = (b'"', b"'", b"<", b"?", b"#", b" ", b"\n", b")")

Withdrawn = Collection[str] | Callable[[str], bool]


@dataclass(frozen=True)
class Reversal:
    changes: dict[str, File | None]  # to be applied to today's tree
    kept: tuple[str, ...]  # paths that differ from the earlier tree and stay as they are today


def reversed_to(old: str, today: str, *, store: ObjectStore, keep: Withdrawn) -> Reversal:
    """How to come from the tree `today` to the tree `old` without bringing back what was withdrawn.

    A compressed neighbour, the page that says *gone* and the note that says *moved* share the fate of their page.
    """
    differences = list(manifests.diff(today, old, store.get))
    withdrawn = _withdrawn(keep, differences)
    needles = [needle for path in withdrawn for needle in needles_of(path)]
    kept = set(withdrawn)
    for page, parts in _by_page(differences).items():
        if page not in kept and any(_leads_to(part, needles, store) for part in parts):
            kept.add(page)
    changes = {part.path: part.after for part in differences if page_of(part.path) not in kept}
    return Reversal(changes, tuple(part.path for part in differences if part.path not in changes))


def page_of(path: str) -> str:
    """The path whose fate a path shares: `a.html` for `a.html.gz`, `a.html.gone.gz` and `a.html.moved`."""
    while path.endswith(_COMPANIONS):
        path = path.rpartition(".")[0]
    return path


def needles_of(path: str) -> Iterator[bytes]:
    """The forms in which the address of a path may stand in a file."""
    is_index = path == INDEX or path.endswith("/" + INDEX)
    address = "/" + (path.removesuffix(INDEX) if is_index else path)
    for form in {address, quote(address), quote(address).lower(), escape(address)}:
        if is_index:
            yield from (form.encode() + end for end in _ADDRESS_ENDS)
        else:
            yield form.encode()


def _withdrawn(keep: Withdrawn, differences: Iterable[Difference]) -> set[str]:
    if callable(keep):
        return {page_of(part.path) for part in differences if keep(page_of(part.path))}
    return {page_of(_tree_path(path)) for path in keep}


def _tree_path(address: str) -> str:
    """Takes a path of the tree as well as the address that a visitor types: `/zw/` is `zw/index.html`."""
    path = address.removeprefix("/")
    return path + INDEX if path.endswith("/") or not path else path


def _by_page(differences: Iterable[Difference]) -> dict[str, list[Difference]]:
    pages: dict[str, list[Difference]] = {}
    for part in differences:
        pages.setdefault(page_of(part.path), []).append(part)
    return pages


def _leads_to(part: Difference, needles: Collection[bytes], store: ObjectStore) -> bool:
    if part.after is None or not needles:
        return False
    data = store.get(part.after.digest)
    if part.path.endswith(COMPRESSED):
        data = _uncompressed(data)
    return any(needle in data for needle in needles)


def _uncompressed(data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (OSError, EOFError):
        return data  # an attachment that is called .gz and is something else

"""Finding files in deployed trees: which tree a host shows now, and what lies at an address in it."""

import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

TREE_NAME = re.compile(r"[0-9a-z-]+/(?:sm3-)?[0-9a-f]{64}")
REMEMBERED_ADDRESSES = 50_000

FILE, GONE, MOVED, DIRECTORY, MISSING = "file", "gone", "moved", "directory", "missing"
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC

ExpectedDigest = Callable[[str], str | None]


class ForeignChange(Exception):
    """What lies on the disk is not what the tree says: neither may be shown."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@dataclass(frozen=True, slots=True)
class Located:
    """What an address means in one release: the kind, and the file (and its packed neighbour) to answer with.

    Each file goes with the address, because the address decides the headers.
    """

    kind: str
    plain: tuple[str, str] = ("", "")
    packed: tuple[str, str] | None = None


_MISSING = Located(MISSING)
_DIRECTORY = Located(DIRECTORY)


@dataclass(slots=True)
class Release:
    """One root, seen as long as it is deployed. Trees never change, so what was found once stays found."""

    root: str
    located: dict[str, Located] = field(default_factory=dict)
    directories: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Site:
    host: str
    release: Release | None = None
    closed: tuple[str, int, int] | None = None  # page of the notice, its size and its time of change in ns
    checked_at: float = float("-inf")
    is_known: bool = True


class Trees:
    """The reading side of `home`: deployed/, heads/, closed/ and trees/. Nothing outside trees/ is followed to."""

    def __init__(
        self,
        home: Path | str,
        *,
        recheck_seconds: float,
        is_known: Callable[[str], bool] | None = None,
        expected_digest: ExpectedDigest | None = None,
    ) -> None:
        self.home = os.path.realpath(home)
        self.trees = os.path.join(self.home, "trees")
        self.recheck_seconds = recheck_seconds
        self.is_known = is_known or (lambda host: False)
        self.expected_digest = expected_digest
        self.sites: dict[str, Site] = {}

    def site(self, host: str, now: float) -> Site | None:
        """The site of a host as it is deployed at `now` (monotonic seconds); None when no site owns the host.

        The link is read again at most every `recheck_seconds`; a request keeps the release it began with.
        """
        site = self.sites.get(host)
        if site is not None and now - site.checked_at < self.recheck_seconds:
            return site
        site = site or Site(host)
        self._refresh(site)
        site.checked_at = now
        if not site.is_known:
            self.sites.pop(host, None)
            return None
        self.sites[host] = site
        return site

    def _refresh(self, site: Site) -> None:
        link = os.path.join(self.home, "deployed", site.host)
        root = self._root(link)
        if root is None:
            site.release = None
        elif site.release is None or site.release.root != root:
            site.release = Release(root)
        site.is_known = root is not None or os.path.lexists(link) or self._has_head(site.host)
        site.closed = self._closed(site.host)

    def _has_head(self, host: str) -> bool:
        return os.path.isdir(os.path.join(self.home, "heads", host)) or self.is_known(host)

    def _closed(self, host: str) -> tuple[str, int, int] | None:
        path = os.path.join(self.home, "closed", f"{host}.html")
        try:
            facts = os.stat(path)
        except OSError:
            return None
        return path, facts.st_size, facts.st_mtime_ns

    def _root(self, link: str) -> str | None:
        try:
            target = os.readlink(link)
        except OSError:
            return None
        root = os.path.realpath(os.path.join(os.path.dirname(link), target))
        return root if self._is_tree(root) and os.path.isdir(root) else None

    def _is_tree(self, path: str) -> bool:
        start = len(self.trees) + 1
        return path.startswith(self.trees + "/") and TREE_NAME.fullmatch(path, start) is not None

    def locate(self, release: Release, address: str) -> Located:
        """What `address` (decoded, folded, servable) means. Raises `ForeignChange`."""
        located = release.located.get(address)
        if located is None:
            located = self._look(release, address)
            if located is not _MISSING:  # anybody can ask for endless addresses that do not exist
                if len(release.located) >= REMEMBERED_ADDRESSES:
                    release.located.clear()
                release.located[address] = located
        return located

    def _look(self, release: Release, address: str) -> Located:
        parent, _, name = address.rpartition("/")
        directory = self._directory(release, parent)
        if directory is None:
            return _MISSING
        path = os.path.join(directory, name or "index.html")
        for suffix, kind in ((".gone", GONE), (".moved", MOVED), ("", FILE)):
            if _is_file(path + suffix):
                return _located(kind, path + suffix, address)
        if name and self._directory(release, address) is not None:
            return _DIRECTORY
        self._miss(path)
        return _MISSING

    def _miss(self, path: str) -> None:
        """A file that the tree lists and the disk lacks was taken away by somebody."""
        if self.expected_digest is not None and self.expected_digest(path) is not None:
            raise ForeignChange(path)

    def _directory(self, release: Release, address: str) -> str | None:
        """The tree directory behind an address without its closing slash; None when there is none."""
        known = release.directories
        if not address or address in known:
            return known[address] if address else release.root
        found: str | None = release.root
        end = 0
        while found is not None and end < len(address):
            start = end + 1
            slash = address.find("/", start)
            end = slash if slash >= 0 else len(address)
            found = known.get(address[:end]) or self._step(found, address[start:end])
            if found is not None:
                if len(known) >= REMEMBERED_ADDRESSES:
                    known.clear()
                known[address[:end]] = found
        return found

    def _step(self, directory: str, name: str) -> str | None:
        link = os.path.join(directory, name)
        try:
            target = os.readlink(link)
        except (OSError, ValueError):
            return None
        found = os.path.normpath(os.path.join(directory, target))
        if not self._is_tree(found):
            raise ForeignChange(link)
        if self.expected_digest is not None and self.expected_digest(link) != os.path.basename(found):
            raise ForeignChange(link)
        return found


def _located(kind: str, path: str, address: str) -> Located:
    packed = path + ".gz"
    return Located(kind, (path, address), (packed, address) if kind is FILE and _is_file(packed) else None)


def _is_file(path: str) -> bool:
    """A regular file under its own name; never through a link."""
    try:
        mode = os.lstat(path).st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(mode)

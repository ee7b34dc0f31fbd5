"""Giving back the disk: directories of trees that no kept release needs.

A directory that goes can be built again from its manifest, so going back to an old release stays possible. Objects are
never removed here: drafts and attachments lie in the same store and stand in no release.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from jiyue.domain import manifests
from jiyue.foundation import durable
from jiyue.publishing.deploying import Deployer
from jiyue.publishing.trees import Trees

# What was asked for lately may be about to be switched to.
GRACE: Final = timedelta(days=1)
# Who publishes waits for one batch at most: fifty renames, well under a hundredth of a second.
_BATCH: Final = 50


@dataclass(frozen=True)
class Collected:
    directories: int
    leftovers: int  # of killed processes


def collect(deployer: Deployer, *, keep_releases: int, now: datetime, grace: timedelta = GRACE) -> Collected:
    """Remove the directories that neither the last `keep_releases` releases of any host nor its public root need.

    It may run while others publish. Raises ValueError for fewer than one release, ChainDamaged and ObjectMissing when
    it cannot be told what is needed: then nothing goes.
    """
    if keep_releases < 1:
        raise ValueError(f"keep at least one release, not {keep_releases}")
    # One collector at a time; publishers hold another lock.
    with durable.locked(deployer.home.trees / ".collecting"):
        removed = _collect_directories(deployer, keep_releases, oldest=(now - grace).timestamp())
        return Collected(removed, _clear_leftovers(deployer, now))


def _collect_directories(deployer: Deployer, keep_releases: int, *, oldest: float) -> int:
    doomed = _doomed(deployer, keep_releases, oldest)
    spared: set[str] = set()
    removed = 0
    for start in range(0, len(doomed), _BATCH):
        removed += _remove(deployer.trees, doomed[start : start + _BATCH], spared, oldest)
    return removed


def _clear_leftovers(deployer: Deployer, now: datetime) -> int:
    # Whatever the grace for directories: a file that was written to within the day may belong to a living process.
    oldest = (now - GRACE).timestamp()
    return deployer.trees.clear_leftovers(older_than=oldest) + deployer.store.clear_leftovers(older_than=oldest)


def _doomed(deployer: Deployer, keep_releases: int, oldest: float) -> list[str]:
    """Directories that may go, parents before children: what exists is complete, also when this is killed midway."""
    trees = deployer.trees
    there = set(trees.digests())
    needed: set[str] = set()
    for root in (*_kept_roots(deployer, keep_releases), *(name for name in there if _is_young(trees, name, oldest))):
        _add_all_below(trees, root, needed)
    children_first = [digest for root in there - needed for digest, _ in manifests.trees(root, trees.store.get, needed)]
    return [digest for digest in reversed(children_first) if digest in there]


def _kept_roots(deployer: Deployer, keep_releases: int) -> Iterator[str]:
    for host in deployer.hosts():
        for sequence in deployer.sequences(host)[-keep_releases:]:
            yield deployer.release(host, sequence).root
    for link in deployer.home.deployed.iterdir():
        # During a switch, or before a recovery, the public root may be another than that of the newest release.
        target = link.resolve().name
        if deployer.trees.has(target):
            yield target


def _remove(trees: Trees, batch: list[str], spared: set[str], oldest: float) -> int:
    aside: list[Path] = []
    with trees.in_use(collecting=True):
        for digest in batch:
            if _is_young(trees, digest, oldest):
                _add_all_below(trees, digest, spared)
            if digest not in spared:
                aside.append(trees.set_aside(digest))
    for folder in aside:
        trees.discard(folder)
    return len(aside)


def _is_young(trees: Trees, digest: str, oldest: float) -> bool:
    return trees.path(digest).stat().st_mtime >= oldest


def _add_all_below(trees: Trees, root: str, known: set[str]) -> None:
    known.update(digest for digest, _ in manifests.trees(root, trees.store.get, known))

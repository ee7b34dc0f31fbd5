"""Keeps nginx on the deployed trees when their roots are pinned: a release is a rewritten file and a reload.

    python -m jiyue.publishing.serving.nginx_following var /etc/jiyue-nginx --listen 80

It watches the folders of links and notices, not the files: one rename there changes the folder's time of change. It
needs to write its own directory and to signal nginx, and no right on JIYUE_HOME but to read.
"""

import argparse
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from jiyue.publishing.serving import nginx

logger = logging.getLogger(__name__)
POLL = 0.01  # seconds; a look costs three stats
GAP = 0.3  # seconds between two reloads at least: each starts new workers with empty memories
# Two changes within one tick of the kernel's clock give a folder the same time: it is looked at until the tick is over.
SETTLED = 50_000_000  # nanoseconds
WATCHED = ("deployed", "heads", "closed")


class Follower:
    """`reload` tells nginx; `options` are those of `nginx.generate` but for `pins`."""

    def __init__(self, home: Path, directory: Path, *, reload: Callable[[], object], **options: Any) -> None:
        self.home, self.directory = home.resolve(), directory.resolve()
        self.reload = reload
        self.options = options
        self._seen: dict[str, int] = {}
        self._hosts: list[str] | None = None
        self._pending = False
        self._reloaded_at = float("-inf")

    def step(self, now: float) -> None:
        """One look at `now` (monotonic seconds): write what changed, reload when it is time."""
        stamps = self._stamps()
        if stamps != self._seen:
            self._pending |= self._write()
            recent = time.time_ns() - max(stamps.values(), default=0) < SETTLED
            self._seen = {} if recent else stamps
        if self._pending and now - self._reloaded_at >= GAP:
            self._pending, self._reloaded_at = False, now
            self.reload()

    def _stamps(self) -> dict[str, int]:
        found = {}
        for name in WATCHED:
            with suppress(FileNotFoundError):
                found[name] = (self.home / name).stat().st_mtime_ns
        return found

    def _write(self) -> bool:
        hosts = nginx.hosts(self.home)
        if hosts != self._hosts:
            # A new name needs a server of its own; the first look writes everything.
            before = self._texts()
            nginx.write(self.home, self.directory, pins=True, **self.options)
            self._hosts = hosts
            return self._texts() != before
        return nginx.put(self.directory / nginx.ROOTS, nginx.roots(self.home, hosts))

    def _texts(self) -> dict[str, str]:
        return {str(path): path.read_text(encoding="utf-8") for path in sorted(self.directory.rglob("*.conf"))}


def signal_nginx(directory: Path) -> bool:
    """Ask the nginx of this directory to read its configuration again; false when none runs."""
    try:
        os.kill(int((directory / "nginx.pid").read_text()), signal.SIGHUP)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        logger.warning("nginx of %s does not run; it will read the new files when it starts", directory)
        return False
    return True


def follow(follower: Follower, stopped: threading.Event) -> None:
    """Until `stopped`. A look that fails is logged and comes again: nginx goes on with what it has."""
    while not stopped.wait(POLL):
        try:
            follower.step(time.monotonic())
        except (OSError, nginx.UnsafePath):
            logger.exception("following %s", follower.home)
            stopped.wait(1)


def run(home: Path, directory: Path, **options: Any) -> None:
    """Follow until SIGTERM or SIGINT; `options` are those of `nginx.generate` but for `pins`."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    follow(Follower(home, directory, reload=lambda: signal_nginx(directory), **options), stopped)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--listen", default="80")
    parser.add_argument("--workers", default="auto")
    parser.add_argument("--user", default="")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO)
    run(given.home, given.directory, listen=given.listen, workers=given.workers, user=given.user)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

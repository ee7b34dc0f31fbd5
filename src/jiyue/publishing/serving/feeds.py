"""Words told live to many readers at once (server-sent events): one look at a file for all of them, one task a reader.

The file is replaced by whoever tells (`interaction.interviews.live`): JSON with `seq`, `state` and `words`, each with the
number at which it last `changed`. A reader that comes back says what it has, and gets what changed since.
"""

import asyncio
import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from jiyue.interaction.letterbox.talks import unlocked

LOOK = 0.1  # seconds between looks at a file
HEARTBEAT = 15.0  # seconds of silence that no proxy on the way should take for an end
LIVE_WORDS = "/hudong/live-words"
TALK_WORDS = "/hudong/talk-words"  # of one conversation, for its visitor alone
TALK_COOKIE = "jy_talk"
TOLD_KIND = "interview"  # of the record beside the page
LARGEST = 8 << 20  # bytes
GONE = "gone"
_ALIVE = b": \n\n"
_SECRET = re.compile(rf"(?:^|;) ?{TALK_COOKIE}=([0-9a-f]{{32}})(?:;|$)")


class Feed:
    """One file and those who follow it. `wait` returns when it changed, ended, or a heartbeat is due.

    With `secret` the file is one that this secret locks.
    """

    def __init__(self, path: Path, secret: str = "") -> None:
        self.path, self.secret = path, secret
        self.readers = 0
        self.page: Mapping[str, Any] = {"seq": 0, "state": "on", "words": []}
        self.turn = 0
        self._mark: tuple[int, int] | None = None
        self._changed = asyncio.Event()
        self._messages: dict[int, bytes] = {}

    def look(self) -> None:
        """Read the file anew if it was replaced since."""
        try:
            facts = os.stat(self.path)
            mark = (facts.st_mtime_ns, facts.st_ino)
        except FileNotFoundError:
            mark = (0, 0)
        if mark == self._mark:
            return
        page = _read(self.path, self.secret) if mark != (0, 0) else None
        if page is None and self._mark is not None and mark != (0, 0):
            return  # unreadable for this moment; the next look reads it again
        self._mark = mark
        if page is None and self.page["seq"] == 0:
            return  # nobody has said anything yet
        self.page = page if page is not None else {"seq": self.page["seq"], "state": GONE, "words": []}
        self.wake()

    def wake(self) -> None:
        self.turn += 1
        self._messages = {}
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait(self) -> bool:
        """False when nothing happened for so long that a sign of life is due."""
        with suppress(TimeoutError):
            async with asyncio.timeout(HEARTBEAT):
                await self._changed.wait()
                return True
        return False

    def message(self, since: int) -> bytes:
        """What changed after the row of this number, as one event; made once for all readers who have the same."""
        if since not in self._messages:
            words = [word for word in self.page["words"] if word["changed"] > since]
            facts = {"seq": self.page["seq"], "state": self.page["state"], "words": words}
            if self.page.get("transcript"):
                facts["transcript"] = self.page["transcript"]
            data = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
            self._messages[since] = f"id: {self.page['seq']}\ndata: {data}\n\n".encode()
        return self._messages[since]

    @property
    def has_ended(self) -> bool:
        return self.page["state"] in (GONE, "moved", "ended-done")

    @property
    def seq(self) -> int:
        return int(self.page["seq"])


class Feeds:
    """The feeds that somebody of this process follows."""

    def __init__(self) -> None:
        self._feeds: dict[Path, Feed] = {}
        self.readers = 0
        self._task: asyncio.Task[None] | None = None
        self.is_stopping = False

    def join(self, path: Path, secret: str = "") -> Feed:
        feed = self._feeds.get(path)
        if feed is None:
            feed = self._feeds[path] = Feed(path, secret)
        feed.look()
        feed.readers += 1
        self.readers += 1
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._watch())
        return feed

    def leave(self, feed: Feed) -> None:
        feed.readers -= 1
        self.readers -= 1
        if not feed.readers:
            self._feeds.pop(feed.path, None)

    def stop(self) -> None:
        """Let every reader go; each will come back by itself."""
        self.is_stopping = True
        for feed in self._feeds.values():
            feed.wake()

    async def _watch(self) -> None:
        while self._feeds and not self.is_stopping:
            for feed in list(self._feeds.values()):
                feed.look()
            await asyncio.sleep(LOOK)
        self._task = None


def alive() -> bytes:
    """A line that says nothing."""
    return _ALIVE


def told_of(data: bytes) -> str:
    """The identity of the interview whose signed data these are; empty for anything else."""
    try:
        record = json.loads(data)["record"]
        return str(record["identity"]) if record["kind"] == TOLD_KIND else ""
    except (ValueError, KeyError, TypeError):
        return ""


def file_for(home: Path | str, host: str, identity: str) -> Path:
    return Path(home, "live", host, f"{identity}.json")


def number_in(text: str) -> int:
    """The number of the row that a reader says it has; 0 for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def secret_in(cookies: str) -> str:
    """The secret of a conversation among the cookies of a browser; empty where there is none."""
    found = _SECRET.search(cookies)
    return found[1] if found else ""


def _read(path: Path, secret: str) -> dict[str, Any] | None:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST)
        page = unlocked(data, secret) if secret else json.loads(data)
        return page if isinstance(page, dict) and {"seq", "state", "words"} <= page.keys() else None
    except (OSError, ValueError):
        return None

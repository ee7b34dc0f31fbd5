"""The answering process's side of the counts: kept in memory, written down every few seconds, forgotten by a crash."""

import json
import os
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from jiyue.search.folding import fold
from jiyue.search.personal import looks_personal

FOLDER = "asked"
WRITTEN_EVERY = 5.0  # seconds
MOST = 20_000  # different questions kept between two writings; a flood of nonsense is not worth more
LONGEST = 40  # characters; what is longer is a text that somebody pasted
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Counting:
    """Counts questions of one process."""

    def __init__(self, index: Path) -> None:
        self.folder = index / FOLDER
        self._times: Counter[tuple[str, str, str]] = Counter()
        self._empty: Counter[tuple[str, str, str]] = Counter()
        self._written = time.monotonic()

    def add(self, host: str, query: str, *, found: int, now: datetime) -> None:
        """Count a question, unless it may say something about a person or is no question."""
        asked = " ".join(fold(query).split())
        if not asked or len(asked) > LONGEST or looks_personal(asked) or len(self._times) >= MOST:
            return
        key = (host, now.astimezone(SHANGHAI).date().isoformat(), asked)
        self._times[key] += 1
        self._empty[key] += not found

    def write_when_due(self) -> None:
        """Write down what was counted, every few seconds."""
        if self._times and time.monotonic() - self._written >= WRITTEN_EVERY:
            self.write()

    def write(self) -> None:
        """Write down what was counted. The file gets its name when it is whole."""
        self._written = time.monotonic()
        if not self._times:
            return
        lines = [json.dumps([*key, times, self._empty[key]], ensure_ascii=False) for key, times in self._times.items()]
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o750)
        path = self.folder / f"{time.time_ns()}-{os.getpid()}.jsonl"
        temporary = path.with_suffix(".part")
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
        temporary.rename(path)
        self._times.clear()
        self._empty.clear()

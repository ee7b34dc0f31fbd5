"""What runs beside the worker: parts that read whole tables, each in a process forked for it.

The worker itself has a database open and may not fork. So it forks a small process at its very beginning, and asks that one
through a pipe. End of file there means that the worker is dead: then what runs beside it is ended too, because whoever
stopped the platform may move its home, or delete it, at once.
"""

import logging
import os
import select
import signal
from collections.abc import Callable

from jiyue.config.forking import Forked, fork

logger = logging.getLogger(__name__)
LOOK = 1.0  # seconds between looks at what runs
LONGEST = 4096  # bytes that are read at once

Run = Callable[[str], int]


class Beside:
    """Forks the small process. Call it before anything is opened; `run` gets the name of a part."""

    def __init__(self, run: Run, *, on_gone: Callable[[], object]) -> None:
        asks, self._asked = os.pipe()
        self._on_gone = on_gone
        self.process = fork("beside", lambda: _Keeper(asks, run).serve(closing=self._asked))
        os.close(asks)

    def ask(self, part: str) -> None:
        """Run this part beside, unless it still runs."""
        try:
            os.write(self._asked, f"{part}\n".encode())
        except BrokenPipeError:
            self.look()

    def look(self) -> None:
        """When somebody killed the small process, say so: the worker ends and both are started again."""
        if self.process.poll() is not None:
            logger.error("what runs things beside the worker ended with %s", self.process.returncode)
            self._on_gone()

    def close(self) -> None:
        """End all of it."""
        os.close(self._asked)
        self.process.wait()


class _Keeper:
    def __init__(self, asks: int, run: Run) -> None:
        self.asks, self.run = asks, run
        self.running: dict[str, Forked] = {}
        self.read = b""

    def serve(self, *, closing: int) -> int:
        """Until the worker is gone."""
        os.close(closing)  # else the end of the worker would never be seen here
        # Whoever stops the worker means its whole group; this process ends when the worker has.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        while self._listen():
            for part, process in list(self.running.items()):
                if process.poll() is not None:
                    del self.running[part]
        for process in self.running.values():
            process.kill()
        return 0

    def _listen(self) -> bool:
        ready, _writes, _faults = select.select([self.asks], [], [], LOOK if self.running else None)
        if not ready:
            return True
        got = os.read(self.asks, LONGEST)
        *lines, self.read = (self.read + got).split(b"\n")
        for line in lines:
            self._start(line.decode())
        return bool(got)

    def _start(self, part: str) -> None:
        running = self.running.get(part)
        if running is None or running.poll() is not None:
            self.running[part] = fork(part, lambda: self._work(part))

    def _work(self, part: str) -> int:
        os.close(self.asks)
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.close(nothing)
        return self.run(part)

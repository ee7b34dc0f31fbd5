"""`jiyue up`: console, portal, worker, counter, search and its indexer, each a process of its own, watched by this one.

What faces visitors is a program of its own: it gets nothing of this process, neither Django nor a secret. The others are
forked from this one, which loads the program for them and then only watches (docs/adr/0017).
"""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from jiyue.config import loading
from jiyue.config.forking import Forked, fork
from jiyue.config.running import PARTS

FACING = ("portal", "search", "counter")  # visitors; started anew from the disk
FORKED = ("worker", "indexer", "console")
GRACE = 8.0  # seconds a part gets to finish before it is killed
PATIENCE = 60.0  # seconds until a part must answer
RESTART_WAIT = 1.0
CHECK = 0.2


class StartFailed(RuntimeError):
    """A part did not come up; the message says which and where its log is."""


@dataclass
class Supervisor:
    """Starts the parts, restarts one that dies, stops all of them together."""

    home: Path
    ports: dict[str, int]
    more: tuple[str, ...] = ()  # parts that only some installations have
    running: dict[str, subprocess.Popen[bytes] | Forked] = field(default_factory=dict)
    stopping: bool = False

    def run(self, on_ready=lambda: None) -> int:
        """Until SIGINT or SIGTERM; gives the exit status. Raises StartFailed when a part does not come up."""
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self._stop)
        try:
            for part in (*FACING, *self.more):
                self._start(part)
            loading.load()
            for part in FORKED:
                self._start(part)
            self._await_ports()
            if not self.stopping:
                on_ready()
            self._watch()
        finally:
            self._end()
        return 0

    def _start(self, part: str) -> None:
        log = self.home / "logs" / f"{part}.log"
        self.running[part] = fork(part, PARTS[part], log=log) if part in FORKED else _executed(part, log)

    def _await_ports(self) -> None:
        until = time.monotonic() + PATIENCE
        for part, port in self.ports.items():
            while not answers(port):
                if self.stopping:
                    return
                if self.running[part].poll() is not None or time.monotonic() > until:
                    raise StartFailed(f"{part}: see {self.home / 'logs' / (part + '.log')}")
                time.sleep(CHECK)

    def _watch(self) -> None:
        while not self.stopping:
            for part, process in list(self.running.items()):
                if process.poll() is not None and not self.stopping:
                    sys.stderr.write(f"{part} ended with {process.returncode}; starting it again\n")
                    time.sleep(RESTART_WAIT)
                    self._start(part)
            time.sleep(CHECK)

    def _stop(self, *_args) -> None:
        self.stopping = True

    def _end(self) -> None:
        for process in self.running.values():
            _signal(process, signal.SIGTERM)
        until = time.monotonic() + GRACE
        for process in self.running.values():
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()


def answers(port: int) -> bool:
    """Does something listen on this port of this machine?"""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _executed(part: str, log: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "jiyue.config.command", "run", part]
    with log.open("ab") as written:
        # Own process group: an interrupt from the keyboard reaches the supervisor only, which then stops all in order.
        return subprocess.Popen(command, stdout=written, stderr=written, start_new_session=True)  # noqa: S603


def _signal(process: subprocess.Popen[bytes] | Forked, number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return

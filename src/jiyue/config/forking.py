"""Processes forked from one that has loaded the program: they share with it whatever none of them changes."""

import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

LOOK = 0.02  # seconds between looks at a child that is waited for
COMM = Path("/proc/self/comm")
FAILED = 1


class Forked:
    """A forked process as its parent sees it, asked like a `subprocess.Popen`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit status once it ended (negative: the signal that ended it), else None."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float = float("inf")) -> int:
        """Its exit status. Raises `subprocess.TimeoutExpired` when it still runs after `timeout` seconds."""
        until = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired(str(self.pid), timeout)
            time.sleep(LOOK)
        return code

    def kill(self) -> None:
        """End it at once, and wait until it is gone."""
        if self.poll() is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()


def fork(name: str, run: Callable[[], int], *, log: Path | None = None) -> Forked:
    """Fork `run`; its result is the exit status. With `log` the child is a group of its own and writes there.

    Only a process with one thread and without a connection may call this (`loading.load`).
    """
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return Forked(pid)
    _live(name, run, log)


def call_oneself(name: str) -> None:
    """The name under which `ps` and `top` show this process."""
    if COMM.exists():
        COMM.write_text(f"jiyue-{name}")


def _live(name: str, run: Callable[[], int], log: Path | None) -> NoReturn:
    # Nothing may leave this function: above it stand the frames of the parent, who would stop its other children.
    status = FAILED
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        if log is not None:
            os.setsid()
            _redirect(log)
        call_oneself(name)
        status = run()
    except SystemExit as leaving:
        status = _status(leaving)
    except BaseException:  # noqa: BLE001 - told in the log; the one who forked sees the status
        traceback.print_exc()
    finally:
        _leave(status)


def _redirect(log: Path) -> None:
    nothing, written = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
    for descriptor, stream in ((nothing, 0), (written, 1), (written, 2)):
        os.dup2(descriptor, stream)
    os.close(nothing)
    os.close(written)


def _status(leaving: SystemExit) -> int:
    if isinstance(leaving.code, str):
        sys.stderr.write(leaving.code + "\n")
        return FAILED
    return leaving.code or 0


def _leave(status: int) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)

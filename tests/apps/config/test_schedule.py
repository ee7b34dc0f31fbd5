"""What the worker runs beside itself."""

import os
import signal
import time
from pathlib import Path

import pytest

from jiyue.config.beside import Beside
from jiyue.config.schedule import Apart
from tests.clock import NOW


@pytest.fixture
def log(tmp_path):
    return tmp_path / "log"


@pytest.fixture
def gone():
    return []


@pytest.fixture
def beside(log, gone):
    def run(part) -> int:
        with log.open("a") as file:
            file.write(f"{part} {os.getpid()}\n")
        time.sleep(60 if part == "long" else 0)
        return 0

    made = Beside(run, on_gone=lambda: gone.append(True))
    yield made
    made.close()


def test_a_command_beside_the_worker_runs_one_at_a_time(beside, log):
    long, short = Apart(beside, "long"), Apart(beside, "short")
    long(NOW)
    _lines(log, 1)
    long(NOW)
    short(NOW)
    assert [line.split()[0] for line in _lines(log, 2)] == ["long", "short"]


def test_a_command_that_ended_is_run_again(beside, log):
    short = Apart(beside, "short")
    short(NOW)
    _ended(int(_lines(log, 1)[0].split()[1]))
    short(NOW)
    assert len(_lines(log, 2)) == 2


def test_a_command_beside_the_worker_ends_with_it(log):
    def run(_part) -> int:
        log.write_text(f"{os.getpid()}\n")
        time.sleep(60)
        return 0

    worker = os.fork()
    if not worker:
        Beside(run, on_gone=lambda: None).ask("long")
        time.sleep(60)
    running = int(_lines(log, 1)[0])
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    _ended(running)


def test_a_killed_keeper_is_told_to_the_worker(beside, gone):
    beside.look()
    assert not gone
    os.kill(beside.process.pid, signal.SIGKILL)
    _until(lambda: beside.process.poll() is not None)
    beside.ask("short")
    assert gone


def _lines(file: Path, count: int) -> list[str]:
    _until(lambda: file.exists() and len(file.read_text().splitlines()) >= count)
    return file.read_text().splitlines()


def _ended(pid: int) -> None:
    _until(lambda: _state(pid) in ("", "Z"))


def _state(pid: int) -> str:
    """One letter, as `ps` shows it; nothing when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # the second: it ended between opening and reading
        return ""


def _until(holds) -> None:
    until = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.02)

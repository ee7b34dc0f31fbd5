"""`jiyue up` itself: each part killed alone, what faces visitors kept apart, everything stopped."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from jiyue.config.loading import NotForkable, refuse_open
from jiyue.config.processes import FACING, FORKED
from tests.browser.installation import free_port, listens

ROOT = Path(__file__).parents[3]
PARTS = {*FACING, *FORKED}
# As `jiyue up`, for a home whose database is there; without static files no screen can be drawn, and none is asked for.
UP = "import sys; from jiyue.config import command as c; sys.exit(c._start(c._ports(), say=lambda: print('up')))"
PATIENCE = 60.0


@dataclass
class Running:
    home: Path
    process: subprocess.Popen
    ports: tuple[int, int]

    def children(self, of: int | None = None) -> dict[int, str]:
        """Processes beneath one (the supervisor), with their names."""
        pid = of or self.process.pid
        found = {}
        try:
            for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
                with suppress(FileNotFoundError, ProcessLookupError):  # it ended while we looked
                    found[int(child)] = Path(f"/proc/{child}/comm").read_text().strip()
        except (FileNotFoundError, ProcessLookupError):  # so did the one above it
            return {}
        return found

    def part(self, name: str) -> int:
        return {comm: pid for pid, comm in self.children().items()}[f"jiyue-{name}"]

    def beneath(self, name: str) -> dict[int, str]:
        """What runs beneath a part; nothing while the part itself is down between its end and its next start."""
        parts = [pid for pid, comm in self.children().items() if comm == f"jiyue-{name}"]
        return self.children(parts[0]) if parts else {}

    def is_whole(self) -> bool:
        return set(self.children().values()) == {f"jiyue-{name}" for name in PARTS} and all(map(listens, self.ports))


@pytest.fixture(scope="module")
def up(found, tmp_path_factory):
    home = tmp_path_factory.mktemp("up") / "home"
    ports = free_port(), free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JIYUE_CONSOLE", "JIYUE_PORTAL"))}
    environment = kept | found(home) | {
        "JIYUE_PORTAL_PORT": str(ports[0]), "JIYUE_CONSOLE_PORT": str(ports[1]),
        "DJANGO_SETTINGS_MODULE": "jiyue.config.settings.base", "PYTHONPATH": str(ROOT / "src"),
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-c", UP], env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "up\n"
        yield Running(home, process, ports)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        process.stdout.close()


def test_each_part_may_be_killed_alone_and_is_started_again(up):
    _until(up.is_whole)
    for name in sorted(PARTS):
        before = up.children()
        killed = up.part(name)
        os.kill(killed, signal.SIGKILL)
        _until(lambda killed=killed: killed not in up.children() and up.is_whole())
        after = up.children()
        others = {pid for pid, comm in before.items() if pid != killed}
        assert others < set(after), f"{name} took others with it"


def test_what_runs_beside_the_worker_and_a_process_of_the_console_may_be_killed(up):
    _until(up.is_whole)
    for part, gone in (("console", "jiyue-console"), ("worker", "jiyue-beside")):
        _until(lambda part=part, gone=gone: gone in up.beneath(part).values())
        killed = next(pid for pid, comm in up.beneath(part).items() if comm == gone)
        os.kill(killed, signal.SIGKILL)
        _until(lambda part=part, gone=gone, killed=killed: up.is_whole() and _replaced(up, part, gone, killed))


def _replaced(up: Running, part: str, comm: str, killed: int) -> bool:
    children = up.beneath(part)
    return comm in children.values() and killed not in children


@pytest.mark.req("SECU-10")
def test_what_faces_visitors_holds_no_secret_of_the_console(up):
    _until(up.is_whole)
    secret = (up.home / "keys" / "console.secret").read_text().strip().encode()
    _until(
        lambda: up.beneath("worker") and secret in _memory(up.part("worker"))
    )  # it has it, so this test would find it
    for name in FACING:
        memory = _memory(up.part(name))
        assert secret not in memory
        assert b"jiyue.config.settings.base" not in Path(f"/proc/{up.part(name)}/cmdline").read_bytes()


def test_a_program_with_a_thread_or_a_connection_is_not_forked(db):
    with pytest.raises(NotForkable, match="connection"):
        refuse_open()
    over = threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    try:
        with pytest.raises(NotForkable, match="threads"):
            refuse_open()
    finally:
        over.set()
        thread.join()


def _memory(pid: int) -> bytes:
    """Whatever the process may write to."""
    found = []
    with open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if span:
                start, end = (int(number, 16) for number in span.groups())
                with suppress(OSError):  # given back by the process since the list was read
                    memory.seek(start)
                    found.append(memory.read(end - start))
    assert found, "nothing of it could be read"
    return b"".join(found)


def _until(holds) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)

"""Run every command of a README as a reader would: the `sh` blocks in their order, in a home of their own.

    python .ci/readme_commands.py README.md

A block that starts the demo is left running for the blocks after it, once its addresses answer; at the end it is
interrupted and started once more, which must take less than ten seconds. `make check` and `make test` are CI's own
steps and are not run twice.
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DEMO = "make demo"
ELSEWHERE = {"make check", "make test"}
READY = "Ctrl+C"
COLD, WARM = 300.0, 10.0  # seconds
STOPPING = 20.0
STARTS = 3
HERE = Path.cwd()


class NotAsWritten(AssertionError):
    """A command of the README does not do what it says."""


def main(readme: str) -> None:
    commands = [line for block in BLOCK.findall(Path(readme).read_text("utf-8")) for line in _lines(block)]
    with tempfile.TemporaryDirectory(prefix="jiyue-readme-") as home:
        environment = {**os.environ, "JIYUE_HOME": home, "PATH": f"{HERE / '.venv/bin'}:{os.environ['PATH']}"}
        with _demo(environment, limit=COLD):
            for command in commands:
                if command != DEMO and command not in ELSEWHERE:
                    _run(command, environment)
        _start_again(environment)
    sys.stdout.write(f"{len(commands)} commands of {readme} did what they say\n")


def _lines(block: str) -> Iterator[str]:
    joined = block.replace("\\\n", " ")
    yield from (
        line.split("  #")[0].strip() for line in joined.splitlines() if line.strip() and not line.startswith("#")
    )


def _run(command: str, environment: dict[str, str]) -> None:
    began = time.monotonic()
    sys.stdout.write(f"$ {command}\n")
    sys.stdout.flush()
    done = subprocess.run(["bash", "-ec", command], env=environment, check=False)
    if done.returncode:
        raise NotAsWritten(f"{command}: exit status {done.returncode}")
    sys.stdout.write(f"  {time.monotonic() - began:.1f} s\n")


def _start_again(environment: dict[str, str]) -> None:
    """A second start within its limit; a neighbour of this machine may take the processor from one start, not from three."""
    for left in reversed(range(STARTS)):
        try:
            with _demo(environment, limit=WARM):
                return
        except NotAsWritten as late:
            if not left:
                raise
            sys.stdout.write(f"  not this time: {str(late).splitlines()[0]}\n")


@contextmanager
def _demo(environment: dict[str, str], *, limit: float) -> Iterator[None]:
    sys.stdout.write(f"$ {DEMO}\n")
    began = time.monotonic()
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(["make", "demo"], env=environment, stdout=told, stderr=told, start_new_session=True)
        try:
            text = _await_ready(process, told, began + limit)
            sys.stdout.write(f"  ready after {time.monotonic() - began:.1f} s (limit {limit:.0f})\n")
            for address in re.findall(r"http://\S+", text):
                _open(address)
            yield
        finally:
            _stop(process)


def _await_ready(process: subprocess.Popen, told, until: float) -> str:
    while True:
        told.seek(0)
        text = told.read().decode()
        if READY in text:
            return text
        if process.poll() is not None or time.monotonic() > until:
            raise NotAsWritten(f"{DEMO} did not come up in time:\n{text}")
        time.sleep(0.1)


def _open(address: str) -> None:
    """The page at a demo address; `*.localhost` is this machine, whatever its resolver knows."""
    host, port, path = re.fullmatch(r"http://([^:/]+):(\d+)(/.*)", address).groups()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": f"{host}:{port}"})
    with urllib.request.build_opener(_Here).open(request, timeout=20) as answer:
        page = answer.read().decode()
    if answer.status != 200 or "<html" not in page:
        raise NotAsWritten(f"{address}: {answer.status}")
    sys.stdout.write(f"  {address} answers with {len(page)} characters\n")


class _Here(urllib.request.HTTPRedirectHandler):
    """Follows a redirect on this machine with the same Host header."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        port = req.host.rpartition(":")[2]
        path = re.sub(r"^https?://[^/]+", "", newurl)
        return urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=dict(req.header_items()))


def _stop(process: subprocess.Popen) -> None:
    """As Ctrl+C does: the whole group is told."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(STOPPING)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        raise NotAsWritten(f"{DEMO} did not stop on an interrupt within {STOPPING:.0f} s") from None


if __name__ == "__main__":
    main(sys.argv[1])

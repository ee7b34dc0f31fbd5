"""Memory of all processes of `jiyue up` at rest with the demo city.

    python bench/memory.py [--quick] [--rest 20]

Starts the product as a person does (`jiyue demo`) in a home of its own, waits until it answers, asks each part once, lets
it rest and adds up what /proc says: PSS counts a shared page once over all processes, RSS counts it in each of them.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from building.home import ROOT, figure

GOAL = 600  # MB in all
PATIENCE = 900  # seconds until the demo city stands


@dataclass(frozen=True)
class Process:
    pid: int
    name: str
    rss: float  # MB
    pss: float  # MB


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="rest for 5 seconds")
    parser.add_argument("--rest", type=int, default=20, help="seconds without requests before it is measured")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="jiyue-bench-") as home:
        return _measure(Path(home), 5 if options.quick else options.rest)


def _measure(home: Path, rest: int) -> int:
    console, portal = _free_port(), _free_port()
    environment = {
        **os.environ, "JIYUE_HOME": str(home), "JIYUE_CONSOLE_PORT": str(console), "JIYUE_PORTAL_PORT": str(portal),
        "PYTHONPATH": str(ROOT / "src"),
    }  # fmt: skip
    command = [sys.executable, "-m", "jiyue.config.command", "demo"]
    product = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        host = _ready(product, home, (portal, console))
        _ask(portal, host, "/")
        for _ in range(4):  # both processes of the console
            _ask(console, "console.localhost", "/login/")
        time.sleep(rest)
        _report(_family(product.pid))
    finally:
        product.send_signal(signal.SIGINT)
        product.wait(60)
    return 0


def _ready(product: subprocess.Popen, home: Path, ports: tuple[int, ...]) -> str:
    """Wait for the first release of every site; gives the host of the first."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and product.poll() is None:
        hosts = sorted(path.name for path in home.glob("deployed/*") if not path.name.startswith("."))
        if hosts and all(map(_open, ports)):
            time.sleep(5)  # the sites that are released last
            return hosts[0]
        time.sleep(1)
    raise SystemExit("the product did not start")


def _report(family: list[Process]) -> None:
    for process in family:
        print(f"    {process.pid:>8}  {process.rss:6.1f} MB RSS  {process.pss:6.1f} MB PSS  {process.name}")
    rss, pss = sum(process.rss for process in family), sum(process.pss for process in family)
    figure(f"{len(family)} processes, sum of PSS", f"{pss:.0f} MB", f"≤ {GOAL} MB", met=pss <= GOAL)
    figure(f"{len(family)} processes, sum of RSS", f"{rss:.0f} MB", f"≤ {GOAL} MB", met=rss <= GOAL)


def _family(root: int) -> list[Process]:
    """A process and all below it."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:  # it ended while we looked
                continue
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return [process for pid in sorted(found) if (process := _process(pid)) is not None]


def _process(pid: int) -> Process | None:
    folder = Path("/proc") / str(pid)
    try:
        lines = (folder / "smaps_rollup").read_text().splitlines()[1:]
    except (FileNotFoundError, ProcessLookupError):  # it ended while we looked, and has no memory any more
        return None
    sizes = dict(line.split()[:2] for line in lines)
    name = (folder / "comm").read_text().strip()
    return Process(pid, name, int(sizes["Rss:"]) / 1024, int(sizes["Pss:"]) / 1024)


def _ask(port: int, host: str, path: str) -> None:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host})
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        answer.read()


def _open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


if __name__ == "__main__":
    raise SystemExit(main())

"""How fast the deployed tree is served: the embedded server against nginx, and nginx on the tree against plain files.

    python bench/serving.py [--rounds 3] [--seconds 5] [--pages 5000]

5,000 pages of about 13 kB with packed neighbours, wrk with 1 thread and 64 connections, one server process each, the
candidates in turn so that a busy machine hurts all alike. Access logs are on unless a row says otherwise. Requests a
second depend on what the client leaves of the machine; processor time a request does not, so both are printed.
"""

import argparse
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from tests.apps.publishing.deployed_home import DeployedHome, packed  # noqa: E402

from jiyue.publishing.serving import nginx  # noqa: E402

HOST = "www.chenghu.localhost"
PER_FOLDER = 100
TICK = os.sysconf("SC_CLK_TCK")
NGINX = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")

URLS = """
local n, pages = 0, %d
math.randomseed(os.time())
n = math.random(pages)
function request()
  n = (n + 1) %% pages
  return wrk.format("GET", "/c" .. math.floor(n / %d) .. "/p" .. n .. ".html")
end
wrk.headers["Host"] = "%s"
%s
"""

EMBEDDED = """
import sys
from jiyue.publishing.serving import serve
serve(sys.argv[1], port=int(sys.argv[2]), access_log=sys.argv[3] or None)
"""


@dataclass
class Candidate:
    name: str
    command: list[str]
    port: int
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)  # microseconds of processor time a request


def site(pages: int) -> dict[str, bytes]:
    files = {"404.html": b"none", "index.html": b"start"}
    for n in range(pages):
        words = " ".join(
            f"第{n * 7 + i}条，各单位应当按照规定办理第{(n * 31 + i * 17) % 9973}号事项。" for i in range(200)
        )
        page = f'<!doctype html><html lang="zh-CN"><title>{n}</title><p>{words}</p></html>'.encode()
        name = f"c{n // PER_FOLDER}/p{n}.html"
        files[name] = page
        files[f"{name}.gz"] = packed(page)
    return files


def lay_out(folder: Path, pages: int) -> tuple[Path, Path, int]:
    """The same pages as a deployed tree and as a plain directory, and the size of one."""
    files = site(pages)
    home = DeployedHome(folder / "var")
    home.deploy(HOST, files)
    plain = folder / "plain"
    for name, data in files.items():
        (plain / name).parent.mkdir(parents=True, exist_ok=True)
        (plain / name).write_bytes(data)
    return home.root, plain, len(files["c0/p1.html"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def embedded(name: str, home: Path, log: str) -> Candidate:
    port = free_port()
    return Candidate(name, [sys.executable, "-c", EMBEDDED, str(home), str(port), log], port)


def nginx_on(name: str, folder: Path, home: Path, plain: Path | None, extra: str = "", **options: bool) -> Candidate:
    """nginx as generated, or (with `plain`) the shortest configuration that serves the files with the same log."""
    port = free_port()
    user = "root" if os.geteuid() == 0 else ""
    path = nginx.write(home, folder, listen=f"127.0.0.1:{port}", workers="1", user=user, **options)
    if plain is not None:
        path.write_text(_plain(folder, plain, port, user, extra))
    command = [str(NGINX), "-c", str(path), "-p", str(folder), "-e", str(folder / "error.log"), "-g", "daemon off;"]
    return Candidate(name, command, port)


def _plain(folder: Path, plain: Path, port: int, user: str, extra: str) -> str:
    return f"""{f"user {user};" if user else ""} worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/e warn;
events {{ worker_connections 4096; }}
http {{ types {{ text/html html; }} default_type application/octet-stream; sendfile on; tcp_nopush on;
 keepalive_requests 100000; gzip_static on; {extra}
 log_format j escape=json '{{"at":"$time_iso8601","ip":"$remote_addr","host":"$host","method":"$request_method",'
  '"path":"$uri","status":$status,"bytes":$body_bytes_sent}}';
 access_log {folder}/access.jsonl j buffer=256k flush=1s;
 server {{ listen 127.0.0.1:{port}; root {plain}; }} }}
"""


def measure(candidate: Candidate, script: Path, seconds: int) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen(candidate.command, env=environment, start_new_session=True)
    try:
        _wait(candidate.port)
        _wrk(candidate.port, script, 2)
        before = processor_time(process.pid)
        output = _wrk(candidate.port, script, seconds)
        spent = processor_time(process.pid) - before
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(15)
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"{candidate.name}: wrong answers\n{output}")
    count = int(output.split(" requests in ")[0].split()[-1])
    candidate.rates.append(float(output.split("Requests/sec:")[1].split()[0]))
    candidate.costs.append(spent * 1e6 / count)


def _wait(port: int) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit("a server did not start")


def _wrk(port: int, script: Path, seconds: int) -> str:
    command = ["wrk", "-t1", "-c64", f"-d{seconds}s", "-s", str(script), f"http://127.0.0.1:{port}"]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout


def processor_time(group: int) -> float:
    """Seconds of processor time of all processes of a group so far."""
    total = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (facts := _facts(entry)) and int(facts[2]) == group:
            total += int(facts[11]) + int(facts[12])
    return total / TICK


def _facts(entry: Path) -> list[str]:
    try:
        return (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # it ended while we looked
        return []


def report(title: str, candidates: list[Candidate]) -> None:
    print(f"\n{title}")
    for each in candidates:
        rate, cost = statistics.median(each.rates), statistics.median(each.costs)
        rounds = " ".join(f"{value:.0f}" for value in each.rates)
        print(f"  {each.name:<44} {rate:>8.0f} req/s  {cost:5.1f} µs processor a request  (rounds: {rounds})")
    by_name = {each.name: each for each in candidates}
    for over, under, goal in RATIOS:
        if over in by_name and under in by_name:
            print(f"  {over} ÷ {under}: {_ratios(by_name[over], by_name[under], goal)}")


def _ratios(over: Candidate, under: Candidate, goal: float | None) -> str:
    rates = [first / second for first, second in zip(over.rates, under.rates, strict=True)]
    costs = [second / first for first, second in zip(over.costs, under.costs, strict=True)]
    rounds = " ".join(f"{ratio:.3f}" for ratio in rates)
    text = f"{statistics.median(rates):.3f} by rate ({rounds}), {statistics.median(costs):.3f} by processor time"
    if goal is None:
        return text
    return f"{text}; goal ≥ {goal}: {'met' if statistics.median(rates) >= goal else 'MISSED'} by rate"


OURS, QUIET = "embedded", "embedded, no log"
TREE, PLAIN, CACHED = "nginx on the tree", "nginx on plain files", "nginx on plain files, open_file_cache"
REMEMBERING, PINNED = "nginx on the tree, remembers", "nginx on the tree, pinned"
# What the layout alone costs: the same rules, headers, limits and memory, but a plain directory in the tree's place.
RULED = "nginx on plain files, our rules"
RATIOS = [
    (OURS, TREE, 0.7),
    (OURS, PLAIN, 0.7),
    (OURS, CACHED, 0.7),
    (QUIET, OURS, None),
    (TREE, PLAIN, 0.97),
    (REMEMBERING, PLAIN, 0.97),
    (PINNED, PLAIN, 0.97),
    (PINNED, RULED, 0.97),
    (PINNED, CACHED, 0.97),
    (REMEMBERING, CACHED, None),
]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--quick", action="store_true", help="one round of 2 seconds")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds = 1, 2
    if shutil.which("wrk") is None:
        print("skipped: wrk is not installed, so nothing was measured")
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home, plain, size = lay_out(folder, options.pages)
        print(f"{options.pages} pages of {size} bytes, wrk -t1 -c64 -d{options.seconds}s, {os.cpu_count()} cores")
        if NGINX is None:
            print("skipped: nginx is not installed, so there are no ratios")
        for title, field_ in (("plain pages", ""), ("gzip asked", 'wrk.headers["Accept-Encoding"] = "gzip"')):
            script = folder / "urls.lua"
            script.write_text(URLS % (options.pages, PER_FOLDER, HOST, field_))
            candidates = _candidates(folder, home, plain)
            for _ in range(options.rounds):
                for candidate in candidates:
                    measure(candidate, script, options.seconds)
            report(title, candidates)
    return 0


def _candidates(folder: Path, home: Path, plain: Path) -> list[Candidate]:
    found = [embedded(OURS, home, str(folder / "access.jsonl")), embedded(QUIET, home, "")]
    if NGINX is not None:
        cache = "open_file_cache max=20000 inactive=60s;"
        found += [
            nginx_on(TREE, folder / "n1", home, None),
            nginx_on(REMEMBERING, folder / "n4", home, None, remembers=True),
            nginx_on(PINNED, folder / "n5", home, None, pins=True),
            nginx_on(RULED, folder / "n6", home, None, pins=True),
            nginx_on(PLAIN, folder / "n2", home, plain),
            nginx_on(CACHED, folder / "n3", home, plain, cache),
        ]
        ruled = folder / "n6" / nginx.ROOTS
        ruled.write_text(nginx.roots(home, []).replace("default", f"{HOST} {plain};\n    default", 1))
    return found


if __name__ == "__main__":
    raise SystemExit(main())

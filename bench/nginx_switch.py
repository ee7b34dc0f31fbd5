"""How late nginx on pinned roots shows a release: from the rename of the site's link to the first answer from the new tree.

    python bench/nginx_switch.py [--sites 600] [--times 30]

The follower runs in a process of its own, nginx with two workers; one site of many is released again and again.
"""

import argparse
import http.client
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(ROOT / "bench")]

from serving import HOST, NGINX, free_port  # noqa: E402
from tests.apps.publishing.deployed_home import DeployedHome  # noqa: E402

from jiyue.publishing.serving import nginx  # noqa: E402

APART = 0.5  # seconds between two releases at least, so that each meets a follower at rest


def asked(port: int) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": HOST})
        return connection.getresponse().read()
    except (ConnectionError, http.client.HTTPException):
        return b""
    finally:
        connection.close()


def lateness(home: DeployedHome, port: int, number: int) -> float:
    """Seconds until everything that is asked comes from the new tree: two right answers in a row, for two workers."""
    wanted = f"release {number}".encode()
    home.deploy(HOST, {"index.html": wanted, "404.html": b"none"})
    began, right = time.perf_counter(), 0
    first = 0.0
    while right < 4:
        if asked(port) == wanted:
            first = first if right else time.perf_counter()
            right += 1
        elif time.perf_counter() - began > 10:
            raise SystemExit("the release never showed")
        else:
            right = 0
    return first - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=600)
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--quick", action="store_true", help="50 sites, 8 times")
    options = parser.parse_args()
    if options.quick:
        options.sites, options.times = 50, 8
    if NGINX is None:
        print("skipped: nginx is not installed, so nothing was measured")
        return 1
    with tempfile.TemporaryDirectory() as name:
        found = _measured(Path(name), options.sites, options.times)
    late = sorted(1000 * each for each in found)
    print(f"{options.sites} sites, {options.times} releases, load {os.getloadavg()[0]:.1f}")
    print(
        f"shown after (ms): median {statistics.median(late):.0f}, p95 {late[int(len(late) * 0.95)]:.0f}, worst {late[-1]:.0f}"
    )
    print(f"goal ≤ 100 ms: {'met' if late[-1] <= 100 else 'MISSED'}")
    return 0


def _measured(folder: Path, sites: int, times: int) -> list[float]:
    home = DeployedHome(folder / "var")
    for number in range(sites):
        home.deploy(f"site{number}.example", {"index.html": b"other"})
    home.deploy(HOST, {"index.html": b"start"})
    port, directory = free_port(), folder / "nginx"
    user = "root" if os.geteuid() == 0 else ""
    options = {"listen": f"127.0.0.1:{port}", "workers": "2", "user": user}
    path = nginx.write(home.root, directory, pins=True, **options)
    words = [option for name, value in options.items() if value for option in (f"--{name}", value)]
    commands = [
        [str(NGINX), "-c", str(path), "-p", str(directory), "-e", str(directory / "error.log"), "-g", "daemon off;"],
        [sys.executable, "-m", "jiyue.publishing.serving.nginx_following", str(home.root), str(directory), *words],
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    running = [subprocess.Popen(command, env=environment) for command in commands]
    try:
        time.sleep(2)
        found = []
        for number in range(times):
            found.append(lateness(home, port, number))
            time.sleep(APART)
        return found
    finally:
        for process in running:
            process.send_signal(signal.SIGTERM)
            process.wait(15)


if __name__ == "__main__":
    raise SystemExit(main())

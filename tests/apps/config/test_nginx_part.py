"""The follower of nginx as `jiyue up` runs it: a part that writes the roots, goes on, and stops when told."""

import os
import signal
import subprocess
import sys
import time


def test_the_part_writes_the_configuration_and_stops_when_told(tmp_path):
    folder = tmp_path / "nginx"
    environment = os.environ | {
        "JIYUE_HOME": str(tmp_path / "home"), "JIYUE_NGINX_DIRECTORY": str(folder), "JIYUE_NGINX_LISTEN": "127.0.0.1:8099",
    }  # fmt: skip
    command = [sys.executable, "-m", "jiyue.config.command", "run", "nginx"]
    part = subprocess.Popen(command, env=environment)
    try:
        until = time.monotonic() + 30
        while not (folder / "roots.conf").exists() and time.monotonic() < until and part.poll() is None:
            time.sleep(0.05)
        assert (folder / "nginx.conf").exists() and (folder / "roots.conf").exists(), part.poll()
    finally:
        part.send_signal(signal.SIGTERM)
    assert part.wait(10) == 0

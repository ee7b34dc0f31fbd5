"""The console's sample configuration for nginx: a request that is not whole never reaches the console."""

import os
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.browser.installation import free_port, listens

PROGRAM = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
SAMPLE = Path(__file__).parents[3] / "deploy/nginx/console.conf"
HALF = b"POST /login/ HTTP/1.1\r\nHost: console.example.cn\r\nContent-Length: 1000\r\n\r\nusername="
WHOLE = b"POST /login/ HTTP/1.1\r\nHost: console.example.cn\r\nContent-Length: 9\r\nConnection: close\r\n\r\nusername="


class Listener:
    """Stands where the console listens, answers at once, and keeps what it was sent."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.heard: list[bytes] = []
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            with connection:
                self.heard.append(connection.recv(65536))
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")


@pytest.fixture
def console():
    listener = Listener()
    yield listener
    listener.socket.close()


@pytest.fixture
def port(console, tmp_path):
    """nginx with the sample as it is shipped, but for the certificate and the addresses."""
    port = free_port()
    sample = SAMPLE.read_text().replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    sample = sample.replace("127.0.0.1:8000", f"127.0.0.1:{console.port}")
    sample = "\n".join(line for line in sample.splitlines() if not line.strip().startswith("ssl_"))
    temporary = "".join(
        f"{name}_temp_path {tmp_path}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if os.geteuid() == 0 else ""
    whole = f"{user}pid {tmp_path}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{sample}\n}}\n"
    (tmp_path / "nginx.conf").write_text(whole)
    command = [PROGRAM, "-e", f"{tmp_path}/error.log", "-g", "daemon off;", "-c", f"{tmp_path}/nginx.conf"]
    process = subprocess.Popen(command)
    for _try in range(1200):
        if listens(port):
            break
        time.sleep(0.05)
    yield port
    process.terminate()
    process.wait()


@pytest.mark.skipif(PROGRAM is None and not os.environ.get("CI"), reason="no nginx on this machine")
def test_half_a_request_never_reaches_the_console_and_a_whole_one_does(console, port):
    halves = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
    for half in halves:
        half.sendall(HALF)
    with socket.create_connection(("127.0.0.1", port)) as whole:
        whole.sendall(WHOLE.replace(b"Host:", b"X-Forwarded-For: 203.0.113.9\r\nHost:"))
        assert whole.recv(100).startswith(b"HTTP/1.1 200")
    assert len(console.heard) == 1
    assert b"X-Forwarded-For: 127.0.0.1\r\n" in console.heard[0] and b"203.0.113.9" not in console.heard[0]
    for half in halves:
        half.close()

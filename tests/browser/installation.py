"""A real installation for browser stories: its own home, `jiyue up` with console, portal and worker, a small cast."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START = 300.0  # seconds a loaded machine may take until both ports answer
MAKE_CAST = """
import django
django.setup()
import json
from datetime import datetime, UTC
from tests.cast import build_cast, structured
now = datetime.now(UTC)
cast = build_cast(now=now)
for tenant in (cast.city, cast.outside):
    structured(tenant, now=now)
print(json.dumps({"site": cast.city.site.pk, "column": cast.city.columns["yw"].pk}))
"""


@dataclass
class Installation:
    """One running installation. `facts` holds what the cast's maker printed."""

    home: Path
    console_port: int
    portal_port: int
    facts: dict
    process: subprocess.Popen | None = None
    database: Mapping[str, str] | None = None

    @property
    def console(self) -> str:
        return f"http://console.localhost:{self.console_port}"

    def environment(self) -> dict[str, str]:
        return environment(self.home, self.console_port, self.portal_port) | reached(self.database)

    def jiyue(self, *arguments: str) -> subprocess.CompletedProcess:
        """Run the command line in this home."""
        command = [sys.executable, "-m", "jiyue.config.command", *arguments]
        return subprocess.run(command, env=self.environment(), cwd=ROOT, capture_output=True, text=True, check=False)

    def public(self, path: str, host: str = "www.chenghu.localhost") -> tuple[int, str]:
        """What the portal answers: status and text. Asked by address, because not every resolver knows *.localhost."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.portal_port}{path}", headers={"Host": host})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def wait_for(self, path: str, holds, seconds: float = 180.0) -> tuple[int, str]:
        """Ask until the answer is as wanted; gives the last answer either way."""
        until = time.monotonic() + seconds
        answer = self.public(path)
        while not holds(*answer) and time.monotonic() < until:
            time.sleep(0.3)
            answer = self.public(path)
        return answer


def start(home: Path, database: Mapping[str, str] | None = None, *, make: str = MAKE_CAST) -> Installation:
    """Set up, make the cast, start everything; raises RuntimeError with the logs when it does not come up.

    Migrating takes most of setting up; a home that was given a migrated database is spared it.
    `database` names the one that was given, where it is no file of the home.
    """
    console_port, portal_port = free_port(), free_port()
    env = environment(home, console_port, portal_port) | reached(database)
    subprocess.run([sys.executable, "-m", "jiyue.config.command", "setup"], env=env, cwd=ROOT, check=True)
    made = subprocess.run([sys.executable, "-c", make], env=env, cwd=ROOT, check=True, capture_output=True, text=True)
    process = subprocess.Popen([sys.executable, "-m", "jiyue.config.command", "up"], env=env, cwd=ROOT)
    here = Installation(home, console_port, portal_port, json.loads(made.stdout), process, database)
    until = time.monotonic() + START
    while not (listens(console_port) and listens(portal_port)):
        if process.poll() is not None or time.monotonic() > until:
            logs = "\n".join(file.read_text()[-2000:] for file in (home / "logs").glob("*.log"))
            stop(here)
            raise RuntimeError(f"jiyue up did not start:\n{logs}")
        time.sleep(0.2)
    return here


def stop(here: Installation) -> None:
    if here.process is not None and here.process.poll() is None:
        here.process.send_signal(signal.SIGINT)
        here.process.wait(120)


def environment(home: Path, console_port: int, portal_port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JIYUE_", "DJANGO_"))}
    return kept | {
        "JIYUE_HOME": str(home),
        "JIYUE_CONSOLE_PORT": str(console_port),
        "JIYUE_PORTAL_PORT": str(portal_port),
        "DJANGO_SETTINGS_MODULE": "jiyue.config.settings.base",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }


def reached(database: Mapping[str, str] | None) -> dict[str, str]:
    """What programs need to reach a given database: the way to its server is that of the tests."""
    if not database:
        return {}
    ways = {
        name: value for name, value in os.environ.items() if name == "JIYUE_DATABASE" or name.startswith("JIYUE_PG_")
    }
    return ways | dict(database)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0

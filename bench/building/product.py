"""The whole product with the demo city, started as a person does, for one measurement; and people who work in it over HTTP."""

import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlencode

from building.home import ROOT

PATIENCE = 900  # seconds until the demo city stands
HOST, COLUMN = "www.chenghu.localhost", "xwzx/zwyw"
PASSWORD = "chenghu-demo-2026"  # noqa: S105 - printed by the demo itself
REVIEWERS = {"first": "chushen", "second": "fushen", "secrecy": "baomi", "final": "zhongshen"}
TOKEN = "b" * 32
MARKS = re.compile(r"<[^>]+>|\s+")


@dataclass
class Product:
    """`jiyue demo` at work."""

    home: Path
    console: int
    portal: int
    process: subprocess.Popen
    people: dict[str, "Person"] = field(default_factory=dict)

    def person(self, username: str) -> "Person":
        if username not in self.people:
            self.people[username] = Person(self.console, username)
        return self.people[username]

    def public(self, path: str) -> tuple[int, str]:
        """What a visitor of the portal site gets."""
        status, _headers, text = ask(self.portal, HOST, path)
        return status, text

    def one(self, question: str, *given: object) -> tuple:
        """A row of the database, read from outside."""
        with closing(sqlite3.connect(f"file:{self.home}/db.sqlite3?mode=ro", uri=True, timeout=20)) as rows:
            return rows.execute(question, given).fetchone()


@dataclass
class Person:
    """One signed-in account. Raises RuntimeError when the console does not accept what it sends."""

    port: int
    username: str
    cookie: str = f"csrftoken={TOKEN}"

    def __post_init__(self) -> None:
        self.post("/login/", {"username": self.username, "password": PASSWORD})

    def get(self, path: str) -> str:
        status, _headers, text = ask(self.port, "console.localhost", path, cookie=self.cookie)
        if status != 200:
            raise RuntimeError(f"{self.username} {path}: {status}")
        return text

    def post(self, path: str, form: list | dict) -> str:
        """Where the accepted form leads."""
        given = [*(form.items() if isinstance(form, dict) else form), ("csrfmiddlewaretoken", TOKEN)]
        status, headers, text = ask(self.port, "console.localhost", path, cookie=self.cookie, form=urlencode(given))
        if status != 302:
            raise RuntimeError(f"{self.username} {path}: {status} {MARKS.sub(' ', text)[-1500:]}")
        for name, value in headers:
            if name == "Set-Cookie" and value.startswith("jiyue_console="):
                self.cookie = f"{value.partition(';')[0]}; csrftoken={TOKEN}"
        return dict(headers)["Location"]


@contextmanager
def running(home: Path | None = None) -> Iterator[Product]:
    """The product in a home of its own, or in a given one, which it changes; stopped afterwards."""
    with tempfile.TemporaryDirectory(prefix="jiyue-bench-") as folder:
        product = _start(home or Path(folder))
        try:
            _await(product)
            yield product
        finally:
            product.process.send_signal(signal.SIGINT)
            product.process.wait(60)


def write(product: Product, title: str) -> int:
    """A new article of the portal site, saved, changed and submitted; gives its key."""
    column, unit = product.one(
        "SELECT c.id, c.responsible_id FROM content_column c JOIN estate_site s ON s.id = c.site_id"
        " WHERE s.host = ? AND c.path = ?", HOST, COLUMN,
    )  # fmt: skip
    editor = product.person("bianji")
    made = editor.post(f"/write/article/add/?column={column}", _filled(column, unit, f"{title}（草稿）"))
    key = int(made.rstrip("/").rpartition("/")[2])
    editor.post(made, _filled(column, unit, title))
    editor.post(f"/records/{key}/submit/", {})
    return key


def withdraw(product: Product, key: int) -> None:
    """Ask for it to be taken down."""
    product.person("bianji").post(f"/records/{key}/withdraw/", {"kind": "error", "reason": "重复发布"})


def decide_until_last(product: Product) -> tuple["Person", str, list[tuple[str, str]]]:
    """Give all decisions on the newest submission but the one that makes it public; gives what sends that one."""
    while True:
        review, level, levels = product.one("SELECT id, level, levels FROM review_review ORDER BY id DESC LIMIT 1")
        person, path = product.person(REVIEWERS[level]), f"/reviews/{review}/decide/"
        person.get(f"/reviews/{review}/")
        form = [("act", "approve"), ("reason", "不涉及国家秘密和工作秘密"), *_gates()]
        if level == json.loads(levels)[-1]:
            return person, path, form
        person.post(path, form)


def sign_off(product: Product) -> tuple[float, float]:
    """Give the decisions on the newest submission; gives when the last one was sent and answered (`time.monotonic`)."""
    person, path, form = decide_until_last(product)
    sent = time.monotonic()
    person.post(path, form)
    return sent, time.monotonic()


def found(product: Product, words: str) -> bool:
    """Does a visitor find a result with these words in its title?"""
    status, text = product.public(f"/search/?q={quote(words)}")
    if status != 200:
        raise RuntimeError(f"search: {status}")
    titles = re.findall(r"<li class=\"found\">\n<h2><a[^>]*>(.*?)</a>", text)
    return words in [MARKS.sub("", title) for title in titles]


def ask(port: int, host: str, path: str, *, cookie: str = "", form: str | None = None) -> tuple[int, list, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Host": f"{host}:{port}", "Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection.request("GET" if form is None else "POST", path, form, headers)
        answer = connection.getresponse()
        return answer.status, answer.getheaders(), answer.read().decode()
    finally:
        connection.close()


def _filled(column: int, unit: int, title: str) -> list[tuple[str, str]]:
    body = "<p>行动从本月开始，到明年三月结束。</p>"
    draft = {"blocks": [{"key": "a1", "text": re.sub("<[^>]+>", "", body), "type": "unstyled", "depth": 0,
                         "inlineStyleRanges": [], "entityRanges": []}], "entityMap": {}}  # fmt: skip
    empty = (
        "subtitle", "author", "summary", "keywords", "cover", "cover_alt", "openness", "subject_class", "form_class",
        "part_of", "event_on", "event_time", "information_class", "catalogue_item", "review_on", "original_published_at",
        "original_source", "original_address",
    )  # fmt: skip
    return [
        ("title", title), ("column", str(column)), ("responsible", str(unit)), ("source", "市政府办公室"),
        *((name, "") for name in empty), ("body-count", "1"), ("body-0-deleted", ""), ("body-0-order", "0"),
        ("body-0-type", "paragraph"), ("body-0-id", ""), ("body-0-value", json.dumps(draft)),
    ]  # fmt: skip


def _gates() -> list[tuple[str, str]]:
    sys.path[:0] = [str(ROOT / "src")]
    from jiyue.review.checklist import ALL_GATES

    return [("gates", gate) for gate in sorted(ALL_GATES)]


def _start(home: Path) -> Product:
    console, portal = _free_port(), _free_port()
    environment = {
        **os.environ, "JIYUE_HOME": str(home), "JIYUE_CONSOLE_PORT": str(console), "JIYUE_PORTAL_PORT": str(portal),
        "PYTHONPATH": str(ROOT / "src"),
    }  # fmt: skip
    command = [sys.executable, "-m", "jiyue.config.command", "demo"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return Product(home, console, portal, process)


def _await(product: Product) -> None:
    """Wait until every site has its release and both ports answer."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and product.process.poll() is None:
        hosts = [path for path in product.home.glob("deployed/*") if not path.name.startswith(".")]
        if hosts and _open(product.portal) and _open(product.console):
            time.sleep(5)  # the sites that are released last
            return
        time.sleep(0.5)
    raise SystemExit("the product did not start")


def _open(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

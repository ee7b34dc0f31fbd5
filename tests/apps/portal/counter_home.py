"""A site that takes letters: its frame deployed, the counter and a portal before it, all in threads of the test."""

import asyncio
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from tests.apps.publishing.deployed_home import DeployedHome
from tests.apps.publishing.raw_http import Client, Reply
from tests.apps.publishing.running_portal import running

from jiyue.foundation.home import Home
from jiyue.interaction.letterbox import LetterBox
from jiyue.interaction.letterbox.talks import TalkBox
from jiyue.portal import gallery
from jiyue.portal.counter.answering import CounterPortal
from jiyue.portal.counter.guards import Guard
from jiyue.portal.environment import portal_renderer
from jiyue.publishing.serving import Limits, PortalServer, TreeDigests, listen_privately
from jiyue.publishing.serving.server import run

HOST, SILENT = "www.chenghu.localhost", "slj.chenghu.localhost"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass
class City:
    home: Home
    box: LetterBox
    guard: Guard
    portal: CounterPortal
    port: int = 0
    host: str = HOST

    def form(self, target: str = "/hudong/write") -> "Form":
        return Form(self, target, self.get(target))

    def get(self, target: str, host: str = "") -> Reply:
        with Client(self.port) as client:
            return client.get(target, host or self.host)

    def post(
        self, target: str, fields: dict[str, str], files: tuple[tuple[str, bytes], ...] = (), **more: str
    ) -> Reply:
        kind, body = encoded(fields, files)
        lines = [
            f"POST {target} HTTP/1.1",
            f"Host: {more.get('host', self.host)}",
            f"Content-Type: {more.get('kind', kind)}",
        ]
        head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode()
        with Client(self.port) as client:
            client.send(head + body)
            return client.reply()


@dataclass
class Form:
    """A page with a form, as a browser without script has it: what is hidden in it goes back with what is typed."""

    city: City
    target: str
    reply: Reply
    kept: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.reply.body.decode()

    @property
    def hidden(self) -> dict[str, str]:
        return {name: unescape(value) for name, value in HIDDEN.findall(self.text)}

    def send(self, go: str = "next", files: tuple[tuple[str, bytes], ...] = (), **typed: str) -> "Form":
        reply = self.city.post(self.target.partition("?")[0], {**self.hidden, **typed, "go": go}, files)
        return Form(self.city, self.target, reply)

    def posted(self, target: str, **typed: str) -> "Form":
        """As `send`, to an address with its query."""
        return Form(self.city, target, self.city.post(target, {**self.hidden, **typed, "go": typed.get("go", "next")}))

    def answer(self) -> str:
        """What a person answers to the sum on the page."""
        first, second = re.search(r"([零一二三四五六七八九])加([零一二三四五六七八九])等于几", self.text).groups()
        numerals = "零一二三四五六七八九"
        return str(numerals.index(first) + numerals.index(second))


def encoded(fields: dict[str, str], files: tuple[tuple[str, bytes], ...]) -> tuple[str, bytes]:
    if not files:
        return "application/x-www-form-urlencoded", urlencode(fields).encode()
    mark = b"----test0123456789"
    parts = [
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (mark, name.encode(), value.encode())
        for name, value in fields.items()
    ]
    parts += [
        b'--%s\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\n%s\r\n" % (mark, name.encode(), data)
        for name, data in files
    ]
    return f"multipart/form-data; boundary={mark.decode()}", b"".join(parts) + b"--%s--\r\n" % mark


def site(folder: Path) -> Home:
    """A home whose site takes letters, with a second one that does not."""
    deployed = DeployedHome(folder)
    frame, assets = gallery.sample_frame()
    rendered = portal_renderer().render(gallery.counter(frame)).encode()
    home = portal_renderer().render(gallery.home(frame)).encode()
    files = {file.address.lstrip("/"): file.content for file in (*assets, *gallery.sample_files())}
    missing = portal_renderer().render(dict(gallery.error_pages(frame))["404.html"]).encode()
    deployed.deploy(HOST, {**files, "index.html": home, "404.html": missing, "hudong/index.html": rendered})
    deployed.deploy(SILENT, {"index.html": b"<p>x</p>", "404.html": b"<p>nothing here</p>"})
    return Home(folder).prepare()


@contextmanager
def counting(home: Home, host: str = HOST) -> Iterator[City]:
    """The counter behind a portal, while the block runs."""
    limits = Limits(connections=400, connections_per_address=400, bodies_per_address=400)
    box, guard = LetterBox(home), Guard(home)
    renderer = portal_renderer()
    portal = CounterPortal(
        home.path, limits, expected_digest=TreeDigests(home.path), renderer=renderer, box=box,
        talks=TalkBox(home), guard=guard, mails=True,
    )  # fmt: skip
    path = home.run / "counter.sock"
    ready, loops = threading.Event(), []

    async def main() -> None:
        server = PortalServer(portal, limits)
        stopped = asyncio.Event()
        loops.append((server.loop, stopped))
        await server.start(listen_privately(path))
        ready.set()
        await stopped.wait()
        await server.stop()

    thread = threading.Thread(target=lambda: run(main()))
    thread.start()
    assert ready.wait(60)
    try:
        with running(home.path, live={"/hudong/": path}, taking=("/hudong/",)) as front:
            yield City(home, box, guard, portal, front.port, host)
    finally:
        loop, stopped = loops[0]
        loop.call_soon_threadsafe(stopped.set)
        thread.join(60)
        path.unlink(missing_ok=True)


if __name__ == "__main__":  # to look at: python -m tests.apps.portal.counter_home FOLDER
    import sys

    with counting(site(Path(sys.argv[1]))) as city:
        sys.stdout.write(f"http://{HOST}:{city.port}/hudong/ {os.getpid()}\n")
        sys.stdout.flush()
        threading.Event().wait()

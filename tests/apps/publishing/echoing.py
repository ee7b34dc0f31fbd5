"""A process behind a live address, in a thread of the test: it says how long the body was that reached it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jiyue.publishing.serving import Limits, Portal, PortalServer, listen_privately
from jiyue.publishing.serving.answers import Answer
from jiyue.publishing.serving.requests import Request
from jiyue.publishing.serving.server import run

BROKEN = b"break"


class Echo(Portal):
    """Takes what is posted below /hudong/ and answers from a thread; `heard` keeps the requests."""

    def __init__(self, home: Path) -> None:
        super().__init__(home, Limits(), taking=("/hudong/",))
        self.heard: list[Request] = []

    def answer(self, request: Request, now: float) -> Answer:
        self.heard.append(request)
        return Answer(503, b"Content-Length: 0\r\n", later=lambda: self._made(request))

    def _made(self, request: Request) -> Answer:
        if request.body == BROKEN:
            raise ValueError("broken")
        said = f"{request.method} {'-' if request.body is None else len(request.body)}".encode()
        headers = f"Content-Type: text/plain\r\nContent-Length: {len(said)}\r\n"
        return Answer(200, headers.encode(), said)


@contextmanager
def echoing(home: Path, path: Path) -> Iterator[Echo]:
    """Answers on the socket at `path` while the block runs."""
    echo = Echo(home)
    ready, loops = threading.Event(), []

    async def main() -> None:
        limits = Limits(bodies_per_address=1000)
        server = PortalServer(echo, limits)
        stopped = asyncio.Event()
        loops.append((server.loop, stopped))
        await server.start(listen_privately(path))
        ready.set()
        await stopped.wait()
        await server.stop()

    thread = threading.Thread(target=lambda: run(main()))
    thread.start()
    assert ready.wait(10)
    try:
        yield echo
    finally:
        loop, stopped = loops[0]
        loop.call_soon_threadsafe(stopped.set)
        thread.join(10)

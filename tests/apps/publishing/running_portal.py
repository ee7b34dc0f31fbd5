"""The embedded server in a thread of the test, so that a test can look into it."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from jiyue.publishing.serving import Limits, Portal, PortalServer
from jiyue.publishing.serving.access_log import AccessLog
from jiyue.publishing.serving.server import listen, run


class Running:
    port: int
    server: PortalServer
    stop: asyncio.Event

    def end(self) -> None:
        self.server.loop.call_soon_threadsafe(self.stop.set)

    @property
    def open_connections(self) -> int:
        return len(self.server.connections)


@contextmanager
def running(home: Path, limits: Limits | None = None, *, log: Path | None = None, **hooks: object) -> Iterator[Running]:
    limits = limits or Limits()
    state = Running()
    ready = threading.Event()

    async def main() -> None:
        state.stop = asyncio.Event()
        shortens = bool(hooks.pop("shortens_addresses", False))
        kept = AccessLog(log, shortens_addresses=shortens) if log else None
        state.server = PortalServer(Portal(home, limits, **hooks), limits, kept)
        listener = listen("127.0.0.1", 0)[0]
        state.port = listener.getsockname()[1]
        await state.server.start(listener)
        ready.set()
        await state.stop.wait()
        await state.server.stop()

    thread = threading.Thread(target=lambda: run(main()))
    thread.start()
    if not ready.wait(60):
        raise RuntimeError("the portal did not start")
    try:
        yield state
    finally:
        state.end()
        thread.join(60)


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    """Until it holds, however busy the machine is; only what never comes to hold fails."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)

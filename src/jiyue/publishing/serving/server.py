"""The embedded portal server: sockets, processes, the clock that all connections share."""

import asyncio
import logging
import os
import signal
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

from jiyue.publishing.serving.access_log import AccessLog
from jiyue.publishing.serving.answers import REASONS
from jiyue.publishing.serving.bodies import Bodies
from jiyue.publishing.serving.connection import Connection
from jiyue.publishing.serving.feeds import Feeds
from jiyue.publishing.serving.limits import Limits
from jiyue.publishing.serving.portal import Portal
from jiyue.publishing.serving.trees import ExpectedDigest

try:
    import uvloop
except ImportError:  # a plain event loop serves as well, somewhat slower
    uvloop = None  # type: ignore[assignment]  # asked with `if uvloop`

logger = logging.getLogger(__name__)
BACKLOG = 2048
THREADS = 16  # that wait for disks
RESTART_SECONDS = 1.0


class PortalServer:
    """One process's server. Create and use it inside a running event loop."""

    def __init__(self, portal: Portal, limits: Limits, log: AccessLog | None = None) -> None:
        self.portal = portal
        self.limits = limits
        self.log = log
        self.loop = asyncio.get_running_loop()
        self.connections: set[Connection] = set()
        self.by_address: Counter[str] = Counter()
        self.bodies = Bodies(limits)
        self.feeds = Feeds()
        self.openings: dict[int, bytes] = {}
        self.is_stopping = False
        self._server: asyncio.Server | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._swept_at = self._ticked_at = float("-inf")

    async def start(self, listener: socket.socket) -> None:
        self.loop.set_default_executor(ThreadPoolExecutor(THREADS, "portal"))
        self._server = await self.loop.create_server(lambda: Connection(self), sock=listener, backlog=BACKLOG)
        self._sweep()

    async def stop(self) -> None:
        """Take no more, finish what is being sent, drop what is left after `stop_seconds`."""
        self.is_stopping = True
        if self._server is not None:
            self._server.close()
        self.feeds.stop()
        for connection in tuple(self.connections):
            connection.stop()
        until = time.monotonic() + self.limits.stop_seconds
        while self.connections and time.monotonic() < until:
            await asyncio.sleep(0.02)
        for connection in tuple(self.connections):
            connection.transport.abort()
        if self._timer is not None:
            self._timer.cancel()
        await asyncio.sleep(0)
        if self.log is not None:
            self.log.flush()
            self.log.close()

    def admit(self, connection: Connection) -> bool:
        """Count a new connection; False when it is one too many."""
        limits = self.limits
        self.connections.add(connection)
        self.by_address[connection.peer] += 1
        return (
            len(self.connections) <= limits.connections
            and self.by_address[connection.peer] <= limits.connections_per_address
        )

    def forget(self, connection: Connection) -> None:
        if connection not in self.connections:
            return
        self.connections.remove(connection)
        self.by_address[connection.peer] -= 1
        if not self.by_address[connection.peer]:
            del self.by_address[connection.peer]

    def opening(self, status: int) -> bytes:
        """Status line and date, made once a second."""
        date = formatdate(time.time(), usegmt=True)
        opening = f"HTTP/1.1 {status} {REASONS[status]}\r\nDate: {date}\r\n".encode()
        self.openings[status] = opening
        return opening

    def _sweep(self) -> None:
        now = time.monotonic()
        for connection in tuple(self.connections):
            connection.check(now)
        if now - self._ticked_at >= 0.95:
            self._ticked_at = now
            self._tick()
        self._timer = self.loop.call_later(self.limits.sweep_seconds, self._sweep)

    def _tick(self) -> None:
        self.openings.clear()
        if self.log is not None:
            self.log.tick(time.time())
            self.log.flush()


def listen(bind: str, port: int, count: int = 1) -> list[socket.socket]:
    """`count` listening sockets on one address. Raises `OSError` when somebody else listens there."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    if count > 1 and port:
        # Shared ports would let two platforms answer in turn: ask first, without sharing, whether it is free.
        _bound(family, bind, port, shares=False).close()
    listeners = []
    for _ in range(count):
        listener = _bound(family, bind, port, shares=count > 1)
        port = listener.getsockname()[1]
        listeners.append(listener)
    return listeners


def _bound(family: int, bind: str, port: int, *, shares: bool) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shares:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind((bind, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def serve(
    home: Path | str,
    bind: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
    *,
    limits: Limits | None = None,
    access_log: Path | str | None = None,
    shortens_addresses: bool = False,
    is_known: Callable[[str], bool] | None = None,
    expected_digest: ExpectedDigest | None = None,
    on_foreign_change: Callable[[str], None] | None = None,
    live: Mapping[str, Path] | None = None,
    taking: Collection[str] = (),
) -> None:
    """Serve the sites of `home` until SIGTERM or SIGINT, in the main thread; returns when everything is finished.

    With several workers each is a process of its own on a shared port; the one that called restarts them. The
    callables are those of `Portal` and are called in the workers. Raises `OSError` when the port is taken.
    """
    limits = limits or Limits()
    listeners = listen(bind, port, workers)

    def work(listener: socket.socket, share: Limits, lifeline: int | None) -> None:
        log = AccessLog(access_log, shortens_addresses=shortens_addresses) if access_log else None
        portal = Portal(
            home,
            share,
            is_known=is_known,
            expected_digest=expected_digest,
            on_foreign_change=on_foreign_change,
            live=live,
            taking=taking,
        )
        run(_until_stopped(portal, share, log, listener, lifeline))

    if workers == 1:
        work(listeners[0], limits, None)
    else:
        _supervise(work, listeners, _shared(limits, workers))


def _shared(limits: Limits, workers: int) -> Limits:
    return replace(
        limits,
        connections=max(1, limits.connections // workers),
        connections_per_address=max(1, -(-limits.connections_per_address // workers)),
        cache=limits.cache // workers,
        readers=max(1, limits.readers // workers),
        bodies=max(limits.body, limits.bodies // workers),
    )


def run(main: Coroutine[None, None, None]) -> None:
    """`asyncio.run` on the fastest loop there is."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop if uvloop else None) as runner:
        runner.run(main)


async def _until_stopped(
    portal: Portal, limits: Limits, log: AccessLog | None, listener: socket.socket, lifeline: int | None
) -> None:
    server = PortalServer(portal, limits, log)
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        server.loop.add_signal_handler(number, stopped.set)
    if lifeline is not None:
        # End of file here means that the supervisor is dead: an orphan would go on answering on the shared port.
        server.loop.add_reader(lifeline, stopped.set)
    await server.start(listener)
    await stopped.wait()
    if lifeline is not None:
        server.loop.remove_reader(lifeline)
    await server.stop()


def serve_privately(listener: socket.socket, portal: Portal, limits: Limits, workers: int = 1) -> None:
    """Answer on a socket of this machine until SIGTERM or SIGINT, in `workers` processes that take turns."""

    def work(listener: socket.socket, share: Limits, lifeline: int | None) -> None:
        run(_until_stopped(portal, share, None, listener, lifeline))

    if workers == 1:
        work(listener, limits, None)
    else:
        _supervise(work, [listener, *(listener.dup() for _ in range(workers - 1))], limits)


Work = Callable[[socket.socket, Limits, int | None], None]


def _supervise(work: Work, listeners: list[socket.socket], limits: Limits) -> None:
    """Fork one worker a socket and start another when one dies. The sockets stay open here, so nobody is refused."""
    ours, theirs = os.pipe()
    stopping = False
    children: dict[int, socket.socket] = {}

    def stop(number: int, frame: object) -> None:
        nonlocal stopping
        stopping = True
        for pid in children:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    previous = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        for listener in listeners:
            children[_fork(work, listener, limits, ours, theirs)] = listener
        while children:
            pid, status = os.wait()
            if pid not in children:
                continue
            listener = children.pop(pid)
            if stopping:
                continue
            logger.error("portal: a worker ended with status %d and is started again", status)
            time.sleep(RESTART_SECONDS)
            if not stopping:
                children[_fork(work, listener, limits, ours, theirs)] = listener
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        for listener in listeners:
            listener.close()
        os.close(ours)
        os.close(theirs)


def _fork(work: Work, listener: socket.socket, limits: Limits, ours: int, theirs: int) -> int:
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        os.close(theirs)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        work(listener, limits, ours)
        status = 0
    except BaseException:
        logger.exception("portal: a worker failed")
    finally:
        os._exit(status)

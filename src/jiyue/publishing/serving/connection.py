"""One client: bytes in, answers out, and every limit that keeps one client from hurting the others."""

import asyncio
import json
import logging
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from jiyue.publishing.serving import notices
from jiyue.publishing.serving.answers import Answer, Large
from jiyue.publishing.serving.contents import CHUNK
from jiyue.publishing.serving.following import follow
from jiyue.publishing.serving.passing import Unanswered, ask
from jiyue.publishing.serving.portal import notice
from jiyue.publishing.serving.requests import Refused, Request, parse
from jiyue.publishing.serving.trees import ForeignChange

if TYPE_CHECKING:
    from jiyue.publishing.serving.server import PortalServer

logger = logging.getLogger(__name__)

END = b"\r\n\r\n"
STAYS_OPEN = b"\r\n"
STAYS_OPEN_OLD = b"Connection: keep-alive\r\n\r\n"
CLOSES = b"Connection: close\r\n\r\n"
HIGH_WATER = 128 * 1024
LINGER_SECONDS = 2.0
LINGER_BYTES = 1024 * 1024
# A browser that sends a film reads its answer only when it is through; a person shall see why it was refused.
LONG_LINGER_SECONDS = 20.0
LONG_LINGER_BYTES = 64 * 1024 * 1024
PATIENT = frozenset((notices.LETTER_TOO_LARGE, notices.TOO_MANY_LETTERS))
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
TOKEN_STARTS = frozenset(b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
NOTHING = json.dumps("")


class Connection(asyncio.Protocol):
    """States: waiting for a head, sending (`task` or `is_paused`), lingering after a refusal, closed."""

    __slots__ = (
        "awaited", "body", "buffer", "deadline", "discarded", "drained", "has_ended", "is_lingering", "is_paused",
        "is_reading", "logged", "peer", "progress_at", "queued", "sent", "server", "task", "transport",
    )  # fmt: skip

    def __init__(self, server: "PortalServer") -> None:
        self.server = server
        self.buffer = b""
        self.awaited: Request | None = None  # whose body is being read, into `body`
        self.body = bytearray()
        self.is_reading = True  # the time for a head runs
        self.is_paused = False
        self.is_lingering = False
        self.has_ended = False
        self.discarded = self.queued = self.sent = 0
        self.drained: asyncio.Future[None] | None = None
        self.task: asyncio.Task[None] | None = None

    # ── what the event loop calls ──

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        name = transport.get_extra_info("peername")
        self.peer = name[0] if isinstance(name, tuple) else ""
        log = self.server.log
        self.logged = log.shown(self.peer) if log else ""
        now = time.monotonic()
        self.progress_at = now
        self.deadline = now + self.server.limits.head_seconds
        transport.set_write_buffer_limits(high=HIGH_WATER)
        if not self.server.admit(self):
            self._write_notice(503)
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.server.forget(self)
        self.has_ended = True
        self.buffer = b""
        self._let_go()
        if self.task is not None:
            self.task.cancel()

    def data_received(self, data: bytes) -> None:
        if self.has_ended:
            return
        if self.is_lingering:
            self._discard(data)
            return
        if self.awaited is not None:
            self._more_of_body(self.awaited, data)
            return
        self.buffer = self.buffer + data if self.buffer else data
        self._serve()

    def eof_received(self) -> bool:
        """A client may close its half after the last request: what is being sent is finished first."""
        if self.task is not None or self.is_paused:
            self.has_ended = True
            return True
        return False

    def pause_writing(self) -> None:
        self.is_paused = True
        self.transport.pause_reading()

    def resume_writing(self) -> None:
        self.is_paused = False
        if self.drained is not None and not self.drained.done():
            self.drained.set_result(None)
        if self.task is None:
            self._go_on()

    # ── requests ──

    def _go_on(self) -> None:
        """After a pause: what was sent meanwhile is still in the buffer."""
        if self.is_paused or self.transport.is_closing():
            return
        if not self.is_lingering:
            self._serve()
        if self.task is None and not self.is_paused:
            if self.has_ended and not self.is_lingering:
                self.transport.close()
            else:
                self.transport.resume_reading()

    def _serve(self) -> None:
        """Answer all complete requests of the buffer, in order, as long as the client takes the answers."""
        buffer, start = self.buffer, 0
        now = time.monotonic()
        limits = self.server.limits
        while self.task is None and not self.is_paused and not self.is_lingering:
            while buffer.startswith(b"\r\n", start):
                start += 2
            end = buffer.find(END, start, start + limits.head + 4)
            if end < 0:
                break
            head = buffer[start:end]
            start = end + 4
            self.buffer = b""
            self._request(head, now)
            if self.awaited is not None:
                self._more_of_body(self.awaited, buffer[start:])
                return
            if self.is_lingering or self.transport.is_closing():
                return
        self.buffer = buffer[start:] if start else buffer
        if self.task is None and not self.is_paused and not self.is_lingering:
            self._wait_for_more(now)

    def _wait_for_more(self, now: float) -> None:
        rest = self.buffer
        if not self.is_reading and rest:
            self.is_reading = True
            self.deadline = now + self.server.limits.head_seconds
        if not rest:
            return
        limits = self.server.limits
        line_end = rest.find(b"\r\n")
        if (rest[0] not in TOKEN_STARTS and rest != b"\r") or b"\n\n" in rest:
            self._refuse(400)
        elif (line_end if line_end >= 0 else len(rest)) > limits.request_line:
            self._refuse(414)
        elif len(rest) > limits.head:
            self._refuse(431)

    def _request(self, head: bytes, now: float) -> None:
        limits = self.server.limits
        if len(head) > limits.request_line and not 0 <= head.find(b"\r\n") <= limits.request_line:
            self._refuse(414)
            return
        if len(head) > limits.head:
            self._refuse(431)
            return
        try:
            request = parse(head)
        except Refused as refused:
            self._refuse(refused.status)
            return
        if self.server.portal.takes(request):
            self._await_body(request, now)
        else:
            self._answer(request, now)

    def _answer(self, request: Request, now: float) -> None:
        try:
            answer = self.server.portal.answer(request, now)
        except Exception:  # one request must never end the server; the reason is kept for whoever looks after it
            logger.exception("portal: no answer to a request")
            answer = notice(500)
        self.is_reading = False
        self.deadline = now + self.server.limits.idle_seconds
        self._send(request, answer)

    # ── bodies ──

    def _await_body(self, request: Request, now: float) -> None:
        """Read the body that is announced, unless it is too much; one whose end two readers could see apart is refused."""
        limits, length = self.server.limits, request.fields.length
        if length is None:
            self._refuse(400 if request.fields.refusal == 400 else 411)
        elif length > limits.body:
            self._refuse(notices.LETTER_TOO_LARGE)
        elif not self.server.bodies.admit(self.peer, length):
            self._refuse(notices.TOO_MANY_LETTERS)
        else:
            self.awaited = request
            self.is_reading = True
            self.deadline = now + limits.body_seconds + length / limits.body_rate
            if request.fields.awaits_leave and not request.is_old:
                self.write(CONTINUE)

    def _more_of_body(self, request: Request, data: bytes) -> None:
        length = cast(int, request.fields.length)
        self.body += data
        if len(self.body) < length:
            return
        request.body = bytes(memoryview(self.body)[:length])
        self.transport.pause_reading()  # nothing that follows a body is read: the connection ends after the answer
        self._let_go()
        self._answer(request, time.monotonic())

    def _let_go(self) -> None:
        if self.awaited is not None:
            self.server.bodies.release(self.peer, cast(int, self.awaited.fields.length))
            self.awaited = None
        self.body = bytearray()

    # ── answers ──

    def _send(self, request: Request, answer: Answer) -> None:
        if answer.passed is not None:
            self.transport.pause_reading()
            self.task = self.server.loop.create_task(self._pass_on(request, answer, answer.passed))
            return
        if answer.later is not None:
            self.transport.pause_reading()
            self.task = self.server.loop.create_task(self._make(request, answer, answer.later))
            return
        if answer.follows is not None and request.method == "GET":
            if self.server.feeds.readers >= self.server.limits.readers:
                self._send(request, notice(503))  # a reader's script asks again in a while
                return
            self.transport.pause_reading()
            self.task = self.server.loop.create_task(follow(self, request, answer, answer.follows))
            return
        keeps = request.keeps_alive and not self.server.is_stopping
        opening = self.server.openings.get(answer.status) or self.server.opening(answer.status)
        closing = CLOSES if not keeps else STAYS_OPEN_OLD if request.is_old else STAYS_OPEN
        is_head = request.method == "HEAD"
        if answer.large is not None and not is_head:
            self.transport.pause_reading()
            self.task = self.server.loop.create_task(
                self._stream(request, answer, answer.large, opening + answer.headers + closing, keeps)
            )
            return
        body = b"" if is_head else answer.body
        self.write(b"".join((opening, answer.headers, closing, body)))
        self.log(request, answer.status, len(body))
        if not keeps:
            self._close(unread=bool(request.fields.refusal) and request.body is None)

    async def _make(self, request: Request, answer: Answer, later: Callable[[], Answer]) -> None:
        """Send what `later` makes, or `answer` when that fails."""
        try:
            made = await self.server.loop.run_in_executor(None, later)
        except Exception:  # as of every request: told to whoever looks after the server, and the server goes on
            logger.exception("portal: no answer to a request")
            made = replace(answer, later=None)
        finally:
            self.task = None
        self._send_made(request, made)

    async def _pass_on(self, request: Request, answer: Answer, path: Path) -> None:
        """Send what another process answers, or `answer` when it does not."""
        try:
            made = await ask(path, request, self.peer)
        except Unanswered as error:
            logger.warning("portal: %s does not answer: %s", path.name, error)
            made = replace(answer, passed=None)
        finally:
            self.task = None
        self._send_made(request, made)

    def _send_made(self, request: Request, made: Answer) -> None:
        if self.transport.is_closing():
            return
        self._send(request, made)
        self.is_reading = False
        if not self.is_lingering:
            self.deadline = time.monotonic() + self.server.limits.idle_seconds
        self._go_on()

    def write(self, data: bytes) -> None:
        self.queued += len(data)
        self.transport.write(data)

    def log(self, request: Request, status: int, sent: int) -> None:
        if self.server.log is not None:
            self.server.log.add(self.logged, request.host, request.method, request.address.logged, status, sent)

    async def drain(self) -> None:
        """Wait until a slow reader has taken what was written; one that takes nothing is ended by `check`."""
        if self.is_paused:
            self.drained = self.server.loop.create_future()
            await self.drained

    async def _stream(self, request: Request, answer: Answer, large: Large, head: bytes, keeps: bool) -> None:
        """Send a large file in slices; each is read when the one before has left. The loop's `sendfile` is not used:
        uvloop has none, and it would hide whether a slow client still takes anything."""
        is_whole = False
        try:
            fd = await self._opened(large)
            if fd is None:
                self._answer_changed(request, large)
                is_whole = True
                return
            try:
                self.write(head)
                sent = await self._copy(fd, large)
            finally:
                os.close(fd)
            is_whole = sent == large.count
            self.log(request, answer.status, sent)
        finally:
            self._streamed(keeps, is_whole)

    async def _opened(self, large: Large) -> int | None:
        opening = self.server.loop.run_in_executor(None, self.server.portal.contents.open_large, large)
        try:
            return await asyncio.shield(opening)
        except ForeignChange:
            return None
        except asyncio.CancelledError:
            opening.add_done_callback(_close_late)  # the client left while the file was being verified
            raise

    def _answer_changed(self, request: Request, large: Large) -> None:
        self.task = None
        site = self.server.portal.trees.site(request.host, time.monotonic())
        release = site.release if site else None
        change = ForeignChange(large.path)
        self._send(request, self.server.portal.changed(release, change) if release else notice(503))

    async def _copy(self, fd: int, large: Large) -> int:
        sent = 0
        while sent < large.count:
            wanted = min(CHUNK, large.count - sent)
            data = await self.server.loop.run_in_executor(None, os.pread, fd, wanted, large.start + sent)
            if not data:
                break
            self.write(data)
            sent += len(data)
            await self.drain()
        return sent

    def _streamed(self, keeps: bool, is_whole: bool) -> None:
        self.task = None
        if self.transport.is_closing():
            return
        if not is_whole:
            self.transport.abort()  # the client must see that the rest is missing
        elif not keeps or self.server.is_stopping:
            self._close(unread=False)
        else:
            self.is_reading = False
            self.deadline = time.monotonic() + self.server.limits.idle_seconds
            self._go_on()

    # ── endings ──

    def _write_notice(self, key: int | str) -> None:
        answer = notice(key if isinstance(key, int) else notices.STATUS[key], key)
        self.write(b"".join((self.server.opening(answer.status), answer.headers, CLOSES, answer.body)))
        if self.server.log is not None:
            self.server.log.add(self.logged, "", "", NOTHING, answer.status, len(answer.body))

    def _refuse(self, key: int | str) -> None:
        """Answer with the page of a status, or with one that has a name, and end the connection."""
        self._let_go()
        self._write_notice(key)
        if key in PATIENT:
            self.discarded = LINGER_BYTES - LONG_LINGER_BYTES
        self._close(unread=True)

    def _close(self, *, unread: bool) -> None:
        """Closing with unread bytes would reset the connection and take our answer with it: linger a little then."""
        self.buffer = b""
        if not unread or self.has_ended:
            self.transport.close()
            return
        self.is_lingering = True
        self.deadline = time.monotonic() + (LINGER_SECONDS if self.discarded >= 0 else LONG_LINGER_SECONDS)
        if self.transport.can_write_eof():
            self.transport.write_eof()

    def _discard(self, data: bytes) -> None:
        self.discarded += len(data)
        if self.discarded > LINGER_BYTES:
            self.transport.abort()

    def stop(self) -> None:
        """Finish what is being sent, then close."""
        if self.task is None:
            self.transport.close()

    def check(self, now: float) -> None:
        """Called again and again: end what takes too long."""
        pending = self.transport.get_write_buffer_size()
        if pending:
            self._check_progress(pending, now)
        elif self.task is not None:
            self.progress_at = now
        else:
            self.progress_at = now
            if now >= self.deadline:
                self._time_out()

    def _check_progress(self, pending: int, now: float) -> None:
        sent = self.queued - pending
        if sent != self.sent:
            self.sent = sent
            self.progress_at = now
        elif now - self.progress_at >= self.server.limits.stalled_seconds:
            self.transport.abort()

    def _time_out(self) -> None:
        if self.is_lingering or self.transport.is_closing():
            self.transport.abort()
        elif self.is_reading and (self.buffer or self.awaited is not None):
            self._refuse(408)
        else:
            self.transport.close()


def _close_late(opening: asyncio.Future[int]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        os.close(opening.result())

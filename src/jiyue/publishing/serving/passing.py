"""Live addresses: a few requests are answered by another process of this machine, over a socket in JIYUE_HOME."""

import asyncio
import os
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from jiyue.publishing.serving.answers import REASONS, Answer
from jiyue.publishing.serving.requests import Request

PATIENCE = 5.0  # seconds until nobody answers
PATIENCE_TAKING = 30.0  # what was sent is written down before it is answered
MOST = 4 << 20  # bytes of an answer
LONGEST_NAME = 100  # bytes; the system takes 107
_STATUS = re.compile(rb"HTTP/1\.1 ([0-9]{3}) ")
_OURS = (b"date:", b"connection:")


class Unanswered(OSError):
    """Nobody listens, or what came is no answer."""


def passed_to(live: Mapping[str, Path], path: str) -> Path | None:
    """The socket that answers an address, if one does."""
    return next((socket for prefix, socket in live.items() if path.startswith(prefix)), None)


async def ask(path: Path, request: Request, peer: str) -> Answer:
    """The answer of the process behind the socket. Raises Unanswered, also when it takes too long."""
    try:
        async with asyncio.timeout(PATIENCE if request.body is None else PATIENCE_TAKING):
            return await _asked(path, request, peer)
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        raise Unanswered(str(error)) from error


async def _asked(path: Path, request: Request, peer: str) -> Answer:
    with _Reachable(path) as name:
        reader, writer = await asyncio.open_unix_connection(name, limit=MOST)
    try:
        writer.write(_head(request, peer))
        if request.body:
            writer.write(request.body)
            await writer.drain()
        return _answer(await _all(reader))
    finally:
        writer.close()


async def _all(reader: asyncio.StreamReader) -> bytes:
    parts, size = [], 0
    while part := await reader.read(1 << 16):
        parts.append(part)
        size += len(part)
        if size > MOST:
            raise Unanswered("too long")
    return b"".join(parts)


def _head(request: Request, peer: str) -> bytes:
    query = f"?{request.address.query}" if request.address.query else ""
    packed = "Accept-Encoding: gzip\r\n" if request.fields.takes_gzip else ""
    method = "GET" if request.body is None else "POST"
    line = f"{method} {quote(request.address.path)}{query} HTTP/1.1\r\nHost: {request.host}\r\n"
    told = f"Cookie: {request.fields.cookie}\r\n" if request.fields.cookie else ""
    told += f"Accept-Language: {request.fields.language}\r\n" if request.fields.language else ""
    told += "X-Forwarded-Proto: https\r\n" if request.fields.is_https else ""
    if request.body is not None:
        told += f"Content-Type: {request.fields.content_type}\r\nContent-Length: {len(request.body)}\r\n"
    return f"{line}X-Forwarded-For: {peer}\r\n{packed}{told}Connection: close\r\n\r\n".encode("latin-1")


def _answer(data: bytes) -> Answer:
    head, mark, body = data.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    status = _STATUS.match(lines[0])
    if not mark or status is None or int(status[1]) not in REASONS:
        raise Unanswered("no answer")
    kept = [line for line in lines[1:] if not line.lower().startswith(_OURS)]
    return Answer(int(status[1]), b"".join(line + b"\r\n" for line in kept), body)


class _Reachable:
    """A name for a socket that is short enough for the system, wherever its folder lies."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.folder: int | None = None

    def __enter__(self) -> str:
        if len(os.fsencode(self.path)) <= LONGEST_NAME:
            return str(self.path)
        self.folder = os.open(self.path.parent, os.O_PATH | os.O_DIRECTORY)
        return f"/proc/self/fd/{self.folder}/{self.path.name}"

    def __exit__(self, *_error: object) -> None:
        if self.folder is not None:
            os.close(self.folder)


def listen_privately(path: Path) -> socket.socket:
    """A listening socket at `path`, in the place of one that a killed process left. Raises OSError while one lives."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with _Reachable(path) as name:
        if _lives(name):
            raise OSError(f"{path}: somebody listens there")
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(name)
    path.chmod(0o666)
    listener.listen(256)
    return listener


def _lives(name: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(name)
        except OSError:
            return False
        return True

"""The one way out to addresses that somebody typed or a foreign file names: public hosts only, and never without limits.

What is asked of a stranger's server is decided here and nowhere else. An address may lead to the platform's own network
(SSRF), so every name is resolved once, every answer is judged, and the connection goes to exactly the address that was
judged: a second answer of the name server changes nothing (DNS rebinding). Every redirect is judged like the first
address. Proxies of the environment are not used: behind one, nobody could tell where a request ends.

Who fetches lets no signature wait: this takes up to `Limits.seconds`, so call it outside a transaction and in a
process beside the worker.
"""

import http.client
import io
import ipaddress
import queue
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from types import MappingProxyType
from typing import Any, cast
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

NAME = "jiyue-fetcher/1 (+government site platform)"
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PIECE = 64 << 10
MOST_ADDRESSES = 4
MOST_LETTERS = 2000
# A web server of a government stands on one of these or above the ports that only the system's own services use.
LOW_PORTS = frozenset({80, 443})
# What every request may tell the first host only.
PRIVATE_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "x-api-key", "x-token"})

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

SENTENCES: Mapping[str, str] = MappingProxyType({
    "address": _("网址不完整或写法不对，要以 http:// 或 https:// 开头"),
    "port": _("不能访问这个端口"),
    "inside": _("网址指向内部网络，平台不访问"),
    "unknown_host": _("查不到这个域名的地址"),
    "unreachable": _("连接不上对方服务器"),
    "certificate": _("对方的 HTTPS 证书不可信"),
    "slow": _("对方没有在规定时间内答完"),
    "too_large": _("内容超过大小上限"),
    "broken": _("对方的回答中断或不合规范"),
    "redirects": _("跳转次数太多"),
    "downgrade": _("从 HTTPS 跳转到了不加密的网址"),
    "status": _("对方回答了错误状态"),
})  # fmt: skip


class NotFetched(Exception):
    """Nothing came. `code` is stable and may be stored, `detail` says more for the log and the operator (no secrets)."""

    def __init__(self, code: str, detail: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail
        self.retry_after = retry_after  # seconds the other side asked to wait

    def __str__(self) -> str:
        return sentence_of(self.code, self.detail)


def sentence_of(code: str, detail: str = "") -> str:
    """A stored failure for people, in the language of who reads."""
    words = gettext(SENTENCES.get(code, SENTENCES["broken"]))
    return f"{words}（{detail}）" if detail else words


@dataclass(frozen=True)
class Limits:
    """The most one fetch may cost. Seconds count from the first question to the last byte, whatever drips in between."""

    seconds: float = 20
    connect: float = 5
    size: int = 5 << 20  # bytes, unpacked
    redirects: int = 5


@dataclass(frozen=True)
class Fetched:
    """What a server answered: 200 with its bytes, or 304 (`unchanged`) without any."""

    address: str  # where it was found, after redirects
    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes = field(repr=False)

    @property
    def unchanged(self) -> bool:
        return self.status == http.client.NOT_MODIFIED

    @property
    def etag(self) -> str:
        return self.headers.get("etag", "")

    @property
    def last_modified(self) -> str:
        return self.headers.get("last-modified", "")

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str:
        """What the server says its text is written in; often wrong, so a reader looks at the bytes as well."""
        for part in self.headers.get("content-type", "").split(";")[1:]:
            name, _sign, value = part.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'").lower()
        return ""


def resolve(host: str, port: int) -> Sequence[str]:
    """Every address the name server gives for `host`. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in found))


def fetch(
    address: str,
    *,
    limits: Limits | None = None,
    etag: str = "",
    last_modified: str = "",
    headers: Mapping[str, str] | None = None,
    resolve: Resolve = resolve,
    networks: Sequence[str] | None = None,
) -> Fetched:
    """GET `address` within `limits`; raises `NotFetched` and nothing else.

    `etag` and `last_modified` of the last time spare both sides an unchanged body. `headers` that identify us are not
    repeated to another host after a redirect. `networks` (setting JIYUE_FETCH_NETWORKS) are inner networks that the
    operator opened; only tests pass `networks` and `resolve`.
    """
    limits = limits or Limits()
    until = time.monotonic() + limits.seconds
    opened = [ipaddress.ip_network(each) for each in (settings.JIYUE_FETCH_NETWORKS if networks is None else networks)]
    asked = {"User-Agent": NAME, "Accept-Encoding": "gzip, identity;q=0.5", "Connection": "close", **(headers or {})}
    asked |= {"If-None-Match": etag} if etag else {}
    asked |= {"If-Modified-Since": last_modified} if last_modified else {}
    here = checked_address(address)
    for _hop in range(limits.redirects + 1):
        ask = _Asking(here, limits=limits, until=until, headers=asked, resolve=resolve, opened=opened)
        answer = ask.answer()
        if answer.status not in REDIRECTS:
            return _judged(answer)
        there = checked_address(urljoin(urlunsplit(here), _location(answer)))
        if here.scheme == "https" and there.scheme == "http":
            raise NotFetched("downgrade", there.netloc)
        if there.netloc != here.netloc:
            asked = {name: value for name, value in asked.items() if name.lower() not in PRIVATE_HEADERS}
        here = there
    raise NotFetched("redirects", str(limits.redirects))


def checked_address(address: str) -> SplitResult:
    """The address in the form in which it is asked. Raises NotFetched for what is none, or names a user or odd port."""
    if len(address) > MOST_LETTERS or any(ord(letter) < 33 or ord(letter) == 127 for letter in address.strip()):
        raise NotFetched("address")
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except ValueError:  # also UnicodeError: a label too long or empty, a port that is none
        raise NotFetched("address") from None
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc or "%" in host:
        raise NotFetched("address")
    if port is not None and port not in LOW_PORTS and port < 1024:
        raise NotFetched("port", str(port))
    place = f"[{host}]" if ":" in host else host
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return SplitResult(
        parts.scheme,
        place if port is None else f"{place}:{port}",
        path,
        quote(parts.query, safe="/%:@!$&'()*+,;=~-._?"),
        "",
    )


def is_outside(address: Address) -> bool:
    """Whether an address belongs to the public network, also one that hides an inner IPv4 address in an IPv6 one."""
    inner = _inner(address)
    if inner is not None:
        return is_outside(inner)
    old_inner = isinstance(address, ipaddress.IPv6Address) and address.is_site_local
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified or old_inner
    )


def _inner(address: Address) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class _Asking:
    """One request to one host: no redirect followed, every step within the same end."""

    parts: SplitResult
    limits: Limits
    until: float
    headers: Mapping[str, str]
    resolve: Resolve
    opened: Sequence[Network]

    @property
    def port(self) -> int:
        return self.parts.port or (443 if self.parts.scheme == "https" else 80)

    @property
    def host(self) -> str:
        return str(self.parts.hostname)

    def left(self) -> float:
        rest = self.until - time.monotonic()
        if rest <= 0:
            raise NotFetched("slow")
        return rest

    def answer(self) -> Fetched:
        try:
            with closing(self._connected()) as connected:
                return self._asked(connected)
        except TimeoutError:
            raise NotFetched("slow") from None
        except ssl.SSLCertVerificationError as error:
            raise NotFetched("certificate", error.verify_message) from None
        except (OSError, http.client.HTTPException, zlib.error, ValueError, EOFError) as error:
            raise NotFetched("broken", type(error).__name__) from error

    def _asked(self, connected: socket.socket) -> Fetched:
        connection = http.client.HTTPConnection(self.host, self.port)
        connection.sock = cast("Any", _Timed(connected, self.left))
        target = self.parts.path + (f"?{self.parts.query}" if self.parts.query else "")
        connection.putrequest("GET", target, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": self.parts.netloc, **self.headers}.items():
            connection.putheader(name, value)
        connection.endheaders()
        with connection.getresponse() as response:
            headers = {name.lower(): value for name, value in response.getheaders()}
            body = b"" if response.status in REDIRECTS else self._body(response, headers)
            return Fetched(urlunsplit(self.parts), response.status, MappingProxyType(headers), body)

    def _body(self, response: http.client.HTTPResponse, headers: Mapping[str, str]) -> bytes:
        """The unpacked bytes; stops reading at the limit, so a gzip bomb unpacks no further than that."""
        if (response.length or 0) > self.limits.size:
            raise NotFetched("too_large", _size(self.limits.size))
        kept = bytearray()
        for piece in _unpacked(_pieces(response), headers.get("content-encoding", "")):
            kept += piece
            if len(kept) > self.limits.size:
                raise NotFetched("too_large", _size(self.limits.size))
        if response.length:  # told, but never sent
            raise NotFetched("broken", "IncompleteRead")
        return bytes(kept)

    def _connected(self) -> socket.socket:
        plain = self._reached(self._addresses())
        if self.parts.scheme == "http":
            return plain
        try:
            plain.settimeout(self.left())
            return ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise

    def _reached(self, addresses: Sequence[str]) -> socket.socket:
        trouble = ""
        for address in addresses[:MOST_ADDRESSES]:
            try:
                return socket.create_connection((address, self.port), timeout=min(self.limits.connect, self.left()))
            except OSError as error:
                trouble = error.strerror or type(error).__name__
        raise NotFetched("unreachable", trouble)

    def _addresses(self) -> Sequence[str]:
        """What the name leads to, asked once. One inner address among them refuses the whole name."""
        found = self._resolved()
        for each in found:
            address = ipaddress.ip_address(each.partition("%")[0])
            if not is_outside(address) and not any(address in network for network in self.opened):
                raise NotFetched("inside", self.host)
        return found

    def _resolved(self) -> Sequence[str]:
        """The system's resolver knows no time limit, so it is asked in a thread that is left behind when it is too slow."""
        answers: queue.SimpleQueue[Sequence[str]] = queue.SimpleQueue()

        def ask() -> None:
            found: Sequence[str] = []
            with suppress(OSError, UnicodeError):
                found = self.resolve(self.host, self.port)
            answers.put(found)

        threading.Thread(target=ask, daemon=True).start()
        try:
            found = answers.get(timeout=min(self.limits.connect, self.left()))
        except queue.Empty:
            found = []
        if not found:
            raise NotFetched("unknown_host", self.host)
        return found


class _Timed:
    """A socket for http.client whose every read waits for the rest of the time only, not for its own span anew."""

    def __init__(self, connected: socket.socket, left: Callable[[], float]) -> None:
        self.connected, self.left = connected, left

    def sendall(self, data: bytes) -> None:
        self.connected.settimeout(self.left())
        self.connected.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReads(self.connected, self.left), PIECE)

    def close(self) -> None:
        """http.client closes before the body is read; the socket ends with the whole question."""


class _TimedReads(io.RawIOBase):
    def __init__(self, connected: socket.socket, left: Callable[[], float]) -> None:
        self.connected, self.left = connected, left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.connected.settimeout(self.left())
        return self.connected.recv_into(buffer)


def _location(answer: Fetched) -> str:
    """Where a redirect leads. Many servers write the characters of the path as they are, in UTF-8."""
    said = answer.headers.get("location", "").strip().replace(" ", "%20")
    if not said:
        raise NotFetched("broken", "Location")
    with suppress(UnicodeError):
        said = said.encode("latin-1").decode("utf-8")
    return said


def _pieces(response: http.client.HTTPResponse) -> Iterator[bytes]:
    while piece := response.read1(PIECE):
        yield piece


def _unpacked(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    match encoding.strip().lower():
        case "" | "identity":
            yield from pieces
        case "gzip" | "x-gzip":
            yield from _inflated(pieces)
        case other:
            raise NotFetched("broken", f"Content-Encoding: {other[:40]}")


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    unpack = zlib.decompressobj(wbits=31)
    for piece in pieces:
        rest = piece
        while rest and not unpack.eof:
            yield unpack.decompress(rest, PIECE)
            rest = unpack.unconsumed_tail
    if not unpack.eof:
        raise EOFError


def _judged(answer: Fetched) -> Fetched:
    if answer.status in (http.client.OK, http.client.NOT_MODIFIED):
        return answer
    raise NotFetched("status", f"HTTP {answer.status}", retry_after=_patience(answer))


def _patience(answer: Fetched) -> int | None:
    """Retry-After as seconds, when it is a plain number or a date with an answer's own Date beside it."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal():
        return int(said[:9])
    with suppress(ValueError, TypeError, OverflowError):
        there = parsedate_to_datetime(said) - parsedate_to_datetime(answer.headers.get("date", ""))
        return max(0, int(there.total_seconds()))
    return None


def _size(size: int) -> str:
    return f"{size >> 20} MB" if size >= 1 << 20 else f"{size >> 10} KB"

"""One JSON line a request. Of a visitor it holds the network address alone: no query, no cookie, no browser."""

import ipaddress
import logging
import os
import time
from functools import lru_cache
from pathlib import Path

logger = logging.getLogger(__name__)
MOST_LINES = 50_000


class AccessLog:
    """Lines gathered in memory and appended about once a second by one write each time.

    `shortens_addresses` keeps 24 bits of an IPv4 and 48 of an IPv6 address. The file is opened anew when somebody
    rotated it away. What cannot be written (full disk) is dropped and counted: a log must not stop the portal.
    """

    def __init__(self, path: Path | str, *, shortens_addresses: bool = False) -> None:
        self.path = os.fspath(path)
        self.shortens_addresses = shortens_addresses
        self.lines: list[str] = []
        self.lost = 0
        self._fd = -1
        self.tick(time.time())

    def tick(self, seconds: float) -> None:
        """Set the time, in whole seconds UTC, that following lines carry."""
        self.at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))

    def shown(self, address: str) -> str:
        return shortened(address) if self.shortens_addresses else address

    def add(self, peer: str, host: str, method: str, path: str, status: int, sent: int) -> None:
        """Note one answer. `path` is a JSON string already; `sent` counts the bytes of the body."""
        self.lines.append(
            f'{{"at":"{self.at}","ip":"{peer}","host":"{host}","method":"{method}","path":{path},'
            f'"status":{status},"bytes":{sent}}}\n'
        )
        if len(self.lines) >= MOST_LINES:
            self.flush()

    def flush(self) -> None:
        if not self.lines:
            return
        data = "".join(self.lines).encode()
        count = len(self.lines)
        self.lines.clear()
        try:
            self._write(data)
        except OSError as error:
            self.lost += count
            logger.error("access log: %d lines lost so far: %s", self.lost, error)

    def _write(self, data: bytes) -> None:
        if self._fd >= 0 and not self._is_current():
            self.close()
        if self._fd < 0:
            self._fd = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        view = memoryview(data)
        while view:
            view = view[os.write(self._fd, view) :]

    def _is_current(self) -> bool:
        try:
            there = os.stat(self.path)
        except FileNotFoundError:
            return False
        return os.path.samestat(there, os.fstat(self._fd))

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


@lru_cache(maxsize=4096)
def shortened(address: str) -> str:
    """The network a visitor came from: /24 for IPv4, /48 for IPv6."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    bits = 24 if parsed.version == 4 else 48
    return str(ipaddress.ip_network((parsed, bits), strict=False).network_address)

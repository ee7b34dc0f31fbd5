"""Speaking HTTP by hand: the tests send bytes that no client library would let them send."""

import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes


class Client:
    def __init__(self, port: int, *, timeout: float = 60) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        self.buffer = b""

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def get(self, target: str, host: str, method: str = "GET", **fields: str) -> Reply:
        self.send(request(target, host, method, **fields))
        return self.reply(has_body=method != "HEAD")

    def reply(self, *, has_body: bool = True) -> Reply:
        head = self._until(b"\r\n\r\n").decode("latin-1")
        line, *fields = head[:-4].split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        status = int(line.split(" ")[1])
        body = b""
        if has_body and status != 304:
            body = self._exactly(int(headers["content-length"]))
        return Reply(status, headers, body)

    def _until(self, mark: bytes) -> bytes:
        while mark not in self.buffer:
            self._more()
        head, _, self.buffer = self.buffer.partition(mark)
        return head + mark

    def _exactly(self, count: int) -> bytes:
        while len(self.buffer) < count:
            self._more()
        body, self.buffer = self.buffer[:count], self.buffer[count:]
        return body

    def _more(self) -> None:
        data = self.socket.recv(262144)
        if not data:
            raise ConnectionError("closed")
        self.buffer += data

    def rest(self) -> bytes:
        """Everything up to the end of the connection."""
        data, self.buffer = self.buffer, b""
        while chunk := self.socket.recv(262144):
            data += chunk
        return data

    def is_closed(self) -> bool:
        try:
            return self.buffer == b"" and self.socket.recv(1) == b""
        except ConnectionResetError:
            return True


def request(target: str, host: str, method: str = "GET", **fields: str) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def once(port: int, target: str, host: str, method: str = "GET", **fields: str) -> Reply:
    with Client(port) as client:
        return client.get(target, host, method, **fields)

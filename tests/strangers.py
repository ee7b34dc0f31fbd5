"""A web server of somebody else, on this machine: what it answers stands in a table, what it was asked in a list."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]
HERE = ("127.0.0.0/8",)  # the network it stands in, for `networks=` and the setting JIYUE_FETCH_NETWORKS


class Stranger:
    """`pages[path]` = bytes, (status, headers, bytes) or a function that answers by itself."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pages: dict[str, bytes | tuple[int, dict[str, str], bytes] | Answer] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def stranger() -> Iterator[Stranger]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            page = host.pages.get(self.path.partition("?")[0], (404, {}, b"nothing here"))
            if callable(page):
                page(self)
                return
            status, headers, body = page if isinstance(page, tuple) else (200, {}, page)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *values: object) -> None:
            """Say nothing: the tests read `asked`."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            """A client that hangs up is what half of these tests are about."""

    server = Server(("127.0.0.1", 0), Handler)
    host = Stranger(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

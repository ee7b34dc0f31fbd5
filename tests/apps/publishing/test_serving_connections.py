"""The embedded portal server under slow, greedy, broken and random clients; its log and its processes."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.apps.publishing.deployed_home import HOST, LARGE, LETTERS, UPLOAD, sample_home, sample_site
from tests.apps.publishing.raw_http import Client, once, request
from tests.apps.publishing.running_portal import running, wait_for

from jiyue.publishing.serving import Limits, TreeDigests
from jiyue.publishing.serving.access_log import AccessLog, shortened
from jiyue.publishing.serving.requests import Refused, parse

ARTICLE = "/zwgk/2026/0102/1.html"
SITE = sample_site()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return sample_home(tmp_path_factory.mktemp("home") / "var")


@pytest.fixture(scope="module")
def portal(home):
    with running(home.root) as server:
        yield server


# ── connections ──


def test_a_large_file_is_streamed_whole_and_in_parts(portal):
    target = f"/{UPLOAD}/large.mp4"
    with Client(portal.port) as client:
        assert client.get(target, HOST).body == LARGE
        reply = client.get(target, HOST, Range="bytes=1000000-1999999")
        assert (reply.status, reply.body) == (206, LARGE[1_000_000:2_000_000])
        assert client.get("/", HOST).status == 200


def test_the_memory_for_small_files_is_bounded(home):
    with running(home.root, Limits(cache=12_000)) as server:
        for target in ("/", ARTICLE, "/zwgk/", "/list/list/1.html", "/robots.txt", ARTICLE):
            assert once(server.port, target, HOST).status == 200
            assert server.server.portal.contents.size <= 12_000


def test_pipelined_requests_are_answered_in_order(portal):
    targets = ["/", ARTICLE, "/no", f"/{UPLOAD}/large.mp4", "/zwgk/", f"/{UPLOAD}/letters.txt"] * 20
    with Client(portal.port) as client:
        sender = threading.Thread(target=client.send, args=(b"".join(request(target, HOST) for target in targets),))
        sender.start()
        bodies = [client.reply().body for _ in targets]
        sender.join()
    expected = [SITE["index.html"], SITE[ARTICLE[1:]], SITE["404.html"], LARGE, SITE["zwgk/index.html"], LETTERS]
    assert bodies == expected * 20


def test_a_request_may_come_byte_by_byte_with_empty_lines_before_it(portal):
    with Client(portal.port) as client:
        for byte in b"\r\n\r\n" + request("/", HOST):
            client.send(bytes([byte]))
        assert client.reply().body == SITE["index.html"]


def test_http_1_0_closes_unless_asked_to_stay(portal):
    with Client(portal.port) as client:
        client.send(f"GET / HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode())
        reply = client.reply()
        assert (reply.headers["connection"], reply.body) == ("close", SITE["index.html"])
        assert client.is_closed()
    with Client(portal.port) as client:
        for _ in range(2):
            client.send(f"GET / HTTP/1.0\r\nHost: {HOST}\r\nConnection: keep-alive\r\n\r\n".encode())
            assert client.reply().headers["connection"] == "keep-alive"
    with Client(portal.port) as client:
        client.send(b"GET / HTTP/1.0\r\n\r\n")
        assert client.reply().status == 404


def test_close_is_honoured(portal):
    with Client(portal.port) as client:
        assert client.get("/", HOST, Connection="close").headers["connection"] == "close"
        assert client.is_closed()


def test_a_client_that_closed_its_half_still_gets_its_file(portal):
    with Client(portal.port) as client:
        client.send(request(f"/{UPLOAD}/large.mp4", HOST))
        client.socket.shutdown(socket.SHUT_WR)
        assert client.reply().body == LARGE
        assert client.is_closed()


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ("Content-Length: 5", 413),
        ("Transfer-Encoding: chunked", 411),
        ("Content-Length: 5\r\nTransfer-Encoding: chunked", 400),
        ("Content-Length: -1", 400),
        ("Content-Length: 5\r\nContent-Length: 6", 400),
        ("Content-Length: 0", 200),
        ("Bad Name: x", 400),
        ("Folded: x\r\n y", 400),
        ("No-Colon", 400),
        ("Space : x", 400),
        ("X: a\nY: b", 400),
        ("X: a\x00b", 400),
        ("X: " + "a" * 17_000, 431),
        ("X: " + "a" * 7_900 + "\r\nY: " + "a" * 8_500, 431),
    ],
)
def test_a_head_that_is_refused(portal, fields, status):
    with Client(portal.port) as client:
        client.send(f"GET / HTTP/1.1\r\nHost: {HOST}\r\n{fields}\r\n\r\nhello".encode("latin-1"))
        assert client.reply().status == status
        if status != 200:
            assert client.is_closed()


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("GET /" + "a" * 9000 + " HTTP/1.1", 414),
        ("GET / HTTP/2.0", 505),
        ("GET / HTTP/1.1 x", 400),
        ("GET  / HTTP/1.1", 400),
        ("GET /", 400),
        ("\x16\x03\x01\x02\x00", 400),
        ("GET / HTTP/1.1\nHost: x\n\n", 400),
    ],
)
def test_a_request_line_that_is_refused(portal, line, status):
    with Client(portal.port) as client:
        client.send(f"{line}\r\nHost: {HOST}\r\n\r\n".encode("latin-1"))
        assert client.reply().status == status
        assert client.is_closed()


def test_a_refused_body_is_not_taken_for_a_request(portal):
    smuggled = request("/", HOST)
    with Client(portal.port) as client:
        client.send(request("/", HOST, "POST", Content_Length=str(len(smuggled))) + smuggled)
        assert client.reply().status == 405
        assert client.is_closed()


def test_slow_and_silent_clients_are_let_go(home):
    limits = Limits(head_seconds=1, idle_seconds=0.6)
    with running(home.root, limits) as server:
        with Client(server.port) as silent:
            assert silent.is_closed()
        began = time.monotonic()  # before the server can have begun to count
        with Client(server.port) as slow, pytest.raises(OSError):
            slow.send(b"GET / HTTP/1.1\r\n")
            while time.monotonic() - began < 60:
                slow.send(b"X: y\r\n")
                time.sleep(0.05)
        assert time.monotonic() - began >= limits.head_seconds
        with Client(server.port) as halting:
            halting.send(b"GET / HT")
            assert halting.reply().status == 408
        began = time.monotonic()
        with Client(server.port) as idle:
            idle.get("/", HOST)
            assert idle.is_closed()
            assert time.monotonic() - began >= limits.idle_seconds
        wait_for(lambda: server.open_connections == 0)


def test_a_reader_that_takes_nothing_is_dropped_and_hurts_nobody(home):
    with running(home.root, Limits(stalled_seconds=2)) as server:
        stuck = socket.socket()
        stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stuck.connect(("127.0.0.1", server.port))
        stuck.sendall(request(f"/{UPLOAD}/large.mp4", HOST) * 20 + request(ARTICLE, HOST) * 500)
        wait_for(lambda: server.open_connections == 1)
        connection = next(iter(server.server.connections))
        assert once(server.port, "/", HOST).status == 200
        assert connection.transport.get_write_buffer_size() < 1_000_000
        wait_for(lambda: server.open_connections == 0)
        stuck.close()


def test_a_slow_reader_that_goes_on_reading_is_served(home):
    with running(home.root, Limits(stalled_seconds=1)) as server, Client(server.port) as client:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        client.send(request(f"/{UPLOAD}/large.mp4", HOST))
        received = b""
        while not received.endswith(LARGE[-256:]) or len(received) < len(LARGE):
            received += client.socket.recv(65536)
            time.sleep(0.06)
        assert received.endswith(LARGE)


def test_too_many_connections_are_told_to_come_back(home):
    for limits in (Limits(connections=3), Limits(connections_per_address=3)):
        with running(home.root, limits) as server:
            clients = [Client(server.port) for _ in range(3)]
            assert [client.get("/", HOST).status for client in clients] == [200] * 3
            with Client(server.port) as fourth:
                reply = fourth.reply()
                assert (reply.status, reply.headers["connection"]) == (503, "close")
                assert fourth.is_closed()
            clients.pop().socket.close()
            _wait_for_two(server)
            assert once(server.port, "/", HOST).status == 200
            for client in clients:
                client.socket.close()


def _wait_for_two(server):
    wait_for(lambda: server.open_connections == 2)


def test_a_stop_finishes_what_is_being_sent(home):
    with (
        running(home.root, Limits(stop_seconds=60)) as server,
        Client(server.port) as client,
        Client(server.port) as idle,
    ):
        idle.get("/", HOST)
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        client.send(request(f"/{UPLOAD}/large.mp4", HOST))
        client._until(b"\r\n\r\n")
        server.end()
        assert idle.is_closed()
        assert client._exactly(len(LARGE)) == LARGE
        assert client.is_closed()


def test_clients_that_leave_at_any_moment_leave_nothing_behind(home):
    before = len(os.listdir("/proc/self/fd"))
    with running(home.root, expected_digest=TreeDigests(home.root)) as server:
        for n in range(150):
            client = socket.create_connection(("127.0.0.1", server.port))
            if n % 3 == 0:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            client.sendall(request(f"/{UPLOAD}/large.mp4", HOST)[: None if n % 5 else n])
            client.close()
        wait_for(lambda: server.open_connections == 0)
        assert once(server.port, "/", HOST).status == 200
        wait_for(lambda: not server.server.by_address)
    wait_for(lambda: len(os.listdir("/proc/self/fd")) <= before)


# ── the log ──


def test_the_log_has_a_line_for_each_answer_and_nothing_of_the_visitor_but_the_address(home, tmp_path):
    log, began = tmp_path / "access.jsonl", datetime.now(UTC).replace(microsecond=0)
    with running(home.root, log=log) as server:
        once(
            server.port, "/zwgk/?name=%E7%8E%8B", HOST, User_Agent="Agent", Cookie="id=1", Referer="http://x/?q=secret"
        )
        once(server.port, f"/{UPLOAD}/large.mp4", HOST)
        once(server.port, '/a"b', HOST)
        once(server.port, "/\\", HOST)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(line["path"], line["status"]) for line in lines] == [
        ("/zwgk/", 200),
        (f"/{UPLOAD}/large.mp4", 200),
        ('/a"b', 404),
        ("", 400),
    ]
    assert lines[1]["bytes"] == len(LARGE)
    assert set(lines[0]) == {"at", "ip", "host", "method", "path", "status", "bytes"}
    assert (lines[0]["ip"], lines[0]["host"]) == ("127.0.0.1", HOST)
    assert began <= datetime.fromisoformat(lines[0]["at"]) <= datetime.now(UTC)


def test_addresses_can_be_shortened(home, tmp_path):
    log = tmp_path / "access.jsonl"
    with running(home.root, log=log, shortens_addresses=True) as server:
        once(server.port, "/", HOST)
    assert json.loads(log.read_text())["ip"] == "127.0.0.0"
    assert shortened("2001:db8:1:2:3::9") == "2001:db8:1::"
    assert shortened("unix") == ""


def test_the_log_survives_rotation_and_a_full_disk(tmp_path):
    log = AccessLog(tmp_path / "access.jsonl")
    log.add("127.0.0.1", HOST, "GET", '"/"', 200, 1)
    log.flush()
    (tmp_path / "access.jsonl").rename(tmp_path / "access.1")
    log.add("127.0.0.1", HOST, "GET", '"/second"', 200, 1)
    log.flush()
    assert json.loads((tmp_path / "access.jsonl").read_text())["path"] == "/second"
    log.close()
    full = AccessLog("/dev/full")
    full.add("127.0.0.1", HOST, "GET", '"/"', 200, 1)
    full.flush()
    assert (full.lost, full.lines) == (1, [])
    full.close()


# ── processes ──

SERVE = """
import sys
from jiyue.publishing.serving import serve
serve(sys.argv[1], port=int(sys.argv[2]), workers=int(sys.argv[3]))
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_it_serves_from_its_own_processes_until_told_to_stop(home, workers):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = [sys.executable, "-c", SERVE, str(home.root), str(port), str(workers)]
    process = subprocess.Popen(arguments)
    try:
        wait_for(lambda: _answers(port))
        assert [once(port, "/", HOST).status for _ in range(20)] == [200] * 20
        second = subprocess.run(arguments, capture_output=True, text=True, timeout=120)
        assert second.returncode == 1
        assert "Address already in use" in second.stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert not _answers(port)
    finally:
        process.kill()
        process.wait()


def test_workers_do_not_outlive_their_supervisor(home):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(home.root), str(port), "2"])
    wait_for(lambda: _answers(port))
    process.kill()
    process.wait()
    wait_for(lambda: not _answers(port))


def _answers(port):
    try:
        return once(port, "/", HOST).status == 200
    except OSError:
        return False


# ── anything at all ──

PIECES = [
    b"GET ", b"HEAD ", b"/", b"/zwgk/", b"/..", b"%2e", b"%", b" HTTP/1.1", b" HTTP/1.0", b"\r\n", b"\n", b"\r", b"\0",
    b"Host: ", HOST.encode(), b"Range: bytes=", b"-", b"0", b"9", b",", b"If-None-Match: *", b"Content-Length: ",
    b"Connection: close", b"Accept-Encoding: gzip", b":", b" ", b"\xff", b"?", b"#", b"A" * 9000, b"\r\n\r\n",
    request(ARTICLE, HOST), request("/", HOST, Range="bytes=1-5"), request(f"/{UPLOAD}/large.mp4", HOST),
]  # fmt: skip


@given(st.one_of(st.binary(max_size=300), st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join)))
@settings(max_examples=500, deadline=None)
def test_the_parser_reads_or_refuses(head):
    try:
        assert parse(head).address.path.startswith("/")
    except Refused as refused:
        assert 400 <= refused.status < 600


def test_random_bytes_never_hang_crash_or_leak(home):
    chance = random.Random(20260101)  # noqa: S311 - repeatable, not secret
    with running(home.root, Limits(head_seconds=0.2, idle_seconds=0.2, stalled_seconds=1)) as server:
        for _ in range(300):
            with socket.create_connection(("127.0.0.1", server.port), timeout=5) as client:
                data = b"".join(chance.choice([*PIECES, chance.randbytes(9)]) for _ in range(chance.randrange(1, 12)))
                try:
                    client.sendall(data)
                    if chance.random() < 0.5:
                        client.shutdown(socket.SHUT_WR)
                    if chance.random() < 0.3:
                        client.recv(4096)
                except OSError:
                    pass  # an early refusal may reset the connection while we still talk
        wait_for(lambda: server.open_connections == 0)
        assert once(server.port, "/", HOST).body == SITE["index.html"]

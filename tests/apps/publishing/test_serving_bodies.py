"""What is sent to the portal: taken only where somebody answers, whole, in time, and never mistaken for a request."""

from dataclasses import replace

import pytest
from tests.apps.publishing.deployed_home import BARE, CLOSED, HOST, sample_home
from tests.apps.publishing.echoing import BROKEN, echoing
from tests.apps.publishing.raw_http import Client
from tests.apps.publishing.running_portal import running, wait_for
from tests.apps.publishing.test_nginx import started

from jiyue.publishing.serving import Limits
from jiyue.publishing.serving.bodies import MOST_SMALL, SMALL, Bodies

LIVE = "/hudong/write"
MOST = Limits().body


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = sample_home(tmp_path_factory.mktemp("home") / "var")
    (home.root / "run").mkdir(exist_ok=True)
    return home


@pytest.fixture(scope="module")
def echo(home):
    with echoing(home.root, home.root / "run" / "counter.sock") as echo:
        yield echo


def front(home, **limits):
    chosen = replace(Limits(), **limits)
    path = home.root / "run" / "counter.sock"
    return running(home.root, chosen, live={"/hudong/": path}, taking=("/hudong/",))


@pytest.fixture(scope="module")
def portal(home, echo):
    with front(home) as server:
        yield server


@pytest.fixture(scope="module")
def nginx(home, echo, tmp_path_factory):
    with started(home, tmp_path_factory.mktemp("nginx")) as port:
        yield port


def post(body: bytes, target: str = LIVE, host: str = HOST, **fields: str) -> bytes:
    lines = [f"POST {target} HTTP/1.1", f"Host: {host}", "Content-Type: application/x-www-form-urlencoded"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def sent(port: int, data: bytes):
    with Client(port) as client:
        client.send(data)
        return client.reply()


@pytest.mark.parametrize("size", [0, 1, 5000, SMALL + 1, 1 << 20, MOST])
def test_a_body_arrives_whole(portal, echo, size):
    reply = sent(portal.port, post(b"x" * size, Accept_Language="en"))
    assert (reply.status, reply.body) == (200, f"POST {size}".encode())
    heard = echo.heard[-1].fields
    assert (heard.content_type, heard.language) == ("application/x-www-form-urlencoded", "en")
    assert heard.forwarded_for == "127.0.0.1"


def test_a_body_may_come_byte_by_byte(portal):
    with Client(portal.port) as client:
        for byte in post(b"name=1"):
            client.send(bytes([byte]))
        assert client.reply().body == b"POST 6"
        assert client.is_closed()


def test_what_follows_a_body_is_no_request(portal, echo):
    before = len(echo.heard)
    with Client(portal.port) as client:
        client.send(post(b"a=1") + b"GET /hudong/smuggled HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.reply().body == b"POST 3"
        assert client.is_closed()
    assert [request.address.path for request in echo.heard[before:]] == [LIVE]


def test_a_client_that_waits_for_leave_gets_it(portal):
    with Client(portal.port) as client:
        head, body = post(b"abc", Expect="100-continue").split(b"\r\n\r\n")
        client.send(head + b"\r\n\r\n")
        assert client._until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.send(body)
        assert client.reply().body == b"POST 3"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ("Transfer-Encoding: chunked\r\n", 411),
        ("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", 400),
        ("Content-Length: 3\r\nTransfer-Encoding: identity\r\n", 400),
        ("Content-Length: 3\r\nContent-Length: 3\r\n", 400),
        ("Content-Length: 3, 3\r\n", 400),
        ("Content-Length: +3\r\n", 400),
        ("Content-Length: -3\r\n", 400),
        ("Content-Length: 0x3\r\n", 400),
        ("Content-Length:\r\n", 400),
        ("Content-Length : 3\r\n", 400),
        ("Content-Length: ３\r\n", 400),
        ("Content-Length: 9999999999999999999\r\n", 411),
        ("", 411),
    ],
)
def test_a_body_whose_end_could_be_seen_in_two_places_is_refused(portal, echo, fields, status):
    before = len(echo.heard)
    with Client(portal.port) as client:
        client.send(f"POST {LIVE} HTTP/1.1\r\nHost: {HOST}\r\n{fields}\r\nabc".encode())
        assert client.reply().status == status
        client.rest()
    assert len(echo.heard) == before


def test_one_byte_too_many_is_told_before_it_is_read(portal):
    head = post(b"x", Expect="100-continue").replace(b"Content-Length: 1", f"Content-Length: {MOST + 1}".encode())
    reply = sent(portal.port, head[:-1])
    assert reply.status == 413
    assert "附件太大" in reply.body.decode() and "返回键" in reply.body.decode()


def test_who_sends_a_film_still_reads_why_it_was_refused(portal):
    with Client(portal.port) as client:
        client.send(post(b"\0" * (20 << 20)))
        assert client.reply().status == 413


@pytest.mark.parametrize(
    ("target", "host", "status"),
    [
        ("/", HOST, 405), ("/search/", HOST, 405), ("/hudong", HOST, 405), ("/hudongx/", HOST, 405),
        ("/x/../zwgk/", HOST, 405), (LIVE, "nobody.invalid", 404), (LIVE, CLOSED, 503), (LIVE, BARE, 405),
        ("/hudong/.hidden", HOST, 405),
    ],
)  # fmt: skip
def test_nothing_is_taken_where_nobody_answers(portal, echo, target, host, status):
    before = len(echo.heard)
    assert sent(portal.port, post(b"a=1", target, host)).status == status
    assert len(echo.heard) == before


def test_nobody_there_is_told_and_a_failure_behind_is_told(home, portal, echo, tmp_path):
    assert sent(portal.port, post(BROKEN)).status == 503
    with running(home.root, live={"/hudong/": tmp_path / "none.sock"}, taking=("/hudong/",)) as server:
        assert sent(server.port, post(b"a=1")).status == 503


def test_a_slow_sender_is_let_go_and_gives_its_place_back(home, echo):
    with front(home, body_seconds=1, head_seconds=1, bodies=3 * SMALL, body_rate=1 << 30) as server:
        with Client(server.port) as slow:
            slow.send(post(b"x" * 2 * SMALL)[:-100])
            assert slow.reply().status == 408
        wait_for(lambda: server.server.bodies.bytes == 0)
        assert sent(server.port, post(b"x" * 2 * SMALL)).status == 200


def test_many_large_bodies_at_once_do_not_keep_a_plain_letter_out(home, echo):
    large = post(b"x" * 2 * SMALL)
    with front(home, bodies=3 * SMALL) as server, Client(server.port) as first:
        first.send(large[:-1])
        wait_for(lambda: server.server.bodies.bytes)
        assert sent(server.port, large).status == 503
        assert sent(server.port, post(b"x" * SMALL)).status == 200
        first.send(b"x")
        assert first.reply().status == 200
        assert sent(server.port, large).status == 200
        left = server.server.bodies
        assert (left.small, left.bytes, dict(left.large)) == (0, 0, {})


def test_clients_that_leave_in_the_middle_leave_nothing_behind(home, echo):
    with front(home) as server:
        for cut in (1, 50, 5000):
            with Client(server.port) as client:
                client.send(post(b"x" * 2 * SMALL)[:-cut])
        wait_for(lambda: (server.open_connections, server.server.bodies.bytes) == (0, 0))


def test_places_are_counted_by_address_and_given_back():
    bodies = Bodies(Limits(bodies=10 * SMALL, bodies_per_address=2))
    assert [bodies.admit("a", 2 * SMALL) for _ in range(3)] == [True, True, False]
    assert [bodies.admit("b", 3 * SMALL) for _ in range(3)] == [True, True, False]
    bodies.release("a", 2 * SMALL)
    assert not bodies.admit("a", 3 * SMALL) and not bodies.large["b"] > 2
    assert [bodies.admit("c", SMALL) for _ in range(MOST_SMALL + 1)] == [True] * MOST_SMALL + [False]


@pytest.mark.parametrize("size", [0, 3, 1 << 20, MOST])
def test_nginx_passes_the_same_on(nginx, echo, size):
    assert sent(nginx, post(b"x" * size)).body == f"POST {size}".encode()
    assert echo.heard[-1].fields.forwarded_for == "127.0.0.1"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (post(b"x", target="/zwgk/"), (405, 413)),
        (post(b"x").replace(b"POST", b"PUT"), (405,)),
        (f"POST {LIVE} HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode(), (411,)),
        (post(b"abc", Transfer_Encoding="chunked"), (400, 413)),
        (post(b"x").replace(b"Content-Length: 1", f"Content-Length: {MOST + 1}".encode()), (413,)),
    ],
    ids=["elsewhere", "put", "chunked", "both", "too large"],
)  # fmt: skip
def test_nginx_refuses_the_same(nginx, portal, echo, data, status):
    before = len(echo.heard)
    theirs, ours = sent(nginx, data), sent(portal.port, data)
    assert theirs.status in status and ours.status in status
    if len(status) == 1:
        assert theirs.body == ours.body
    assert len(echo.heard) == before

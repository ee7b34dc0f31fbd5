"""The embedded portal server, asked over real sockets with raw HTTP."""

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
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.apps.publishing.deployed_home import (
    BARE,
    CLOSED,
    HOST,
    LARGE,
    LETTERS,
    NOTICE,
    OTHER,
    UPLOAD,
    packed,
    page,
    sample_home,
    sample_site,
)
from tests.apps.publishing.raw_http import Client, once, request
from tests.apps.publishing.running_portal import running

from jiyue.publishing.serving import Limits
from jiyue.publishing.serving.access_log import AccessLog, shortened
from jiyue.publishing.serving.requests import Refused, parse, takes_gzip

ARTICLE = "/zwgk/2026/0102/1.html"
SITE = sample_site()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return sample_home(tmp_path_factory.mktemp("home") / "var")


@pytest.fixture(scope="module")
def portal(home):
    with running(home.root) as server:
        yield server


def wait_for(condition, seconds=3.0):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)


# ── hosts ──


@pytest.mark.parametrize("host", [HOST, HOST.upper(), f"{HOST}:8000", f"{HOST}.", f"{HOST}.:80"])
def test_a_site_answers_to_every_spelling_of_its_host(portal, host):
    reply = once(portal.port, "/", host)
    assert (reply.status, reply.body) == (200, SITE["index.html"])


@pytest.mark.parametrize("host", ["unknown.localhost", "127.0.0.1", "[::1]:80", "trees", "localhost", "x" * 200])
def test_a_host_that_no_site_owns_gets_the_platforms_page_and_no_byte_of_any_site(portal, host):
    reply = once(portal.port, "/", host)
    assert reply.status == 404
    assert "没有找到这个网站" in reply.body.decode()
    assert "chenghu" not in reply.body.decode() and "澄湖" not in reply.body.decode()


@pytest.mark.parametrize(
    "host", [f"user@{HOST}", f"user:pass@{HOST}", "../deployed", "a/b", "a b", "", "..", f"{HOST}:80:80", "a\x01b", "é"]
)
def test_a_host_that_is_no_host_is_a_bad_request(portal, host):
    assert once(portal.port, "/", host).status == 400


def test_http_1_1_needs_exactly_one_host(portal):
    for head in (b"GET / HTTP/1.1\r\n\r\n", f"GET / HTTP/1.1\r\nHost: {HOST}\r\nHost: {OTHER}\r\n\r\n".encode()):
        with Client(portal.port) as client:
            client.send(head)
            assert client.reply().status == 400
            assert client.is_closed()


def test_the_host_of_an_absolute_target_outranks_the_field(portal):
    with Client(portal.port) as client:
        client.send(f"GET http://{OTHER}/ HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        assert client.reply().body == sample_site("教育")["index.html"]


def test_a_known_site_without_a_tree_is_503_with_a_time_to_come_back(portal):
    reply = once(portal.port, "/", BARE)
    assert (reply.status, reply.headers["retry-after"]) == (503, "120")
    assert "暂时无法访问" in reply.body.decode()
    assert once(portal.port, "/.well-known/jiyue-release.json", BARE).status == 200


def test_a_site_that_only_the_estate_knows_is_503_too(home):
    with running(home.root, is_known=lambda host: host == "new.chenghu.localhost") as server:
        assert once(server.port, "/", "new.chenghu.localhost").status == 503
        assert once(server.port, "/", "newer.chenghu.localhost").status == 404


def test_a_link_that_leaves_the_trees_is_no_tree(home, tmp_path):
    (tmp_path / "index.html").write_text("foreign")
    for name, target in (("out.localhost", tmp_path), ("dangling.localhost", "../trees/ab/" + "ab" * 32)):
        (home.root / "deployed" / name).symlink_to(target)
    with running(home.root) as server:
        assert once(server.port, "/", "out.localhost").status == 503
        assert once(server.port, "/", "dangling.localhost").status == 503


def test_a_closed_site_shows_its_notice_everywhere_but_below_well_known(portal):
    for target in ("/", ARTICLE, "/assets/mark.svg", "/no-such-page"):
        reply = once(portal.port, target, CLOSED)
        assert (reply.status, reply.body) == (503, NOTICE)
        assert reply.headers["cache-control"] == "no-store"
    assert once(portal.port, "/.well-known/security.txt", CLOSED).status == 200
    assert once(portal.port, "/.well-known/jiyue-release.json", CLOSED).body == b'{"sequence": 7}\n'


# ── addresses ──


@pytest.mark.parametrize(
    "target",
    [
        ARTICLE,
        f"{ARTICLE}?from=list",
        "//zwgk///2026/0102/1.html",
        "/zwgk/./2026/x/../0102/1.html",
        "/%7Awgk/2026/0102/1%2Ehtml",
    ],
)
def test_spellings_of_one_address_give_one_page(portal, target):
    assert once(portal.port, target, HOST).body == SITE[ARTICLE[1:]]


@pytest.mark.parametrize(
    "target",
    [
        "/../etc/passwd",
        "/zwgk/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/zwgk%2f1.html",
        "/zwgk%5c1.html",
        "/zwgk\\1.html",
        "/a%00.html",
        "/a%0d%0aX:1",
        "/a%zz",
        "/a%2",
        "/a#b",
        "zwgk",
        "*",
        "ftp://x/",
    ],
)
def test_an_address_that_cannot_be_is_a_bad_request(portal, target):
    assert once(portal.port, target, HOST).status == 400


@pytest.mark.parametrize(
    "target",
    [
        "/.hidden",
        "/zwgk/.htaccess",
        "/zwgk/.well-known/x",
        "/.well-known/.x",
        "/zwgk/2026/0102/2.html.gone",
        "/zwgk/2026/0102/3.html.moved",
        "/404.html",
        "/503.html",
        "/no",
        "/zwgk/no/",
        f"{ARTICLE}/",
        f"{ARTICLE}/x",
        "/%ff%fe.html",
        "/" + "n" * 300,
        "/" + "%E6%BE%84" * 90,
        "/" + "d/" * 2000,
    ],
)
def test_what_is_no_page_gets_the_sites_404(portal, target):
    reply = once(portal.port, target, HOST)
    assert (reply.status, reply.body) == (404, SITE["404.html"])
    assert reply.headers["content-type"] == "text/html; charset=utf-8"


def test_a_directory_is_served_with_its_slash_and_redirected_without(portal):
    assert once(portal.port, "/zwgk/", HOST).body == SITE["zwgk/index.html"]
    reply = once(portal.port, "/zwgk?page=2", HOST)
    assert (reply.status, reply.headers["location"]) == (301, "/zwgk/?page=2")
    assert once(portal.port, "//list/list", HOST).headers["location"] == "/list/list/"


def test_a_withdrawn_page_is_gone_and_says_so(portal):
    reply = once(portal.port, "/zwgk/2026/0102/2.html", HOST)
    assert (reply.status, reply.body) == (410, SITE["zwgk/2026/0102/2.html.gone"])
    assert once(portal.port, "/zwgk/old/", HOST).status == 410


def test_a_moved_page_redirects_within_its_site_only(portal):
    reply = once(portal.port, "/zwgk/2026/0102/3.html", HOST)
    assert (reply.status, reply.headers["location"]) == (301, ARTICLE)
    assert once(portal.port, "/zwgk/2026/0102/4.html", HOST).status == 404


def test_links_inside_a_tree_lead_to_trees_only(home, tmp_path):
    (tmp_path / "secret.html").write_text("secret")
    digest = home.deploy("links.localhost", {"index.html": page("链接"), "in/index.html": page("内")})
    tree = home.root / "trees" / digest[:2] / digest
    (tree / "out").symlink_to(tmp_path)
    (tree / "file.html").symlink_to(tmp_path / "secret.html")
    heard = []
    with running(home.root, on_foreign_change=heard.append) as server:
        assert once(server.port, "/in/", "links.localhost").status == 200
        for target in ("/out/secret.html", "/out", "/file.html"):
            reply = once(server.port, target, "links.localhost")
            assert reply.status == 503
            assert b"secret" not in reply.body
    assert heard == [str(tree / "out"), str(tree / "file.html")]


# ── what is sent ──


@pytest.mark.parametrize(
    ("target", "kind", "kept", "disposition"),
    [
        (ARTICLE, "text/html; charset=utf-8", "no-cache", None),
        ("/robots.txt", "text/plain; charset=utf-8", "no-cache", None),
        ("/feed.atom", "application/atom+xml; charset=utf-8", "no-cache", None),
        ("/assets/site.0123456789ab.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable", None),
        ("/assets/mark.svg", "image/svg+xml", "no-cache", None),
        (f"/{UPLOAD}/drawing.svg", "image/svg+xml", "public, max-age=31536000, immutable", "attachment"),
        (f"/{UPLOAD}/picture.png", "image/png", "public, max-age=31536000, immutable", None),
        (f"/{UPLOAD}/notice.ofd", "application/ofd", "public, max-age=31536000, immutable", "attachment"),
        (
            f"/{UPLOAD}/%E9%80%9A%E7%9F%A5%20%E9%99%84%E4%BB%B6.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "public, max-age=31536000, immutable",
            "attachment",
        ),
    ],
)
def test_headers_follow_from_the_name_and_the_address(portal, target, kind, kept, disposition):
    reply = once(portal.port, target, HOST)
    assert reply.status == 200
    assert reply.headers["content-type"] == kind
    assert reply.headers["cache-control"] == kept
    assert reply.headers.get("content-disposition") == disposition
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "last-modified" not in reply.headers


def test_a_page_carries_a_strict_policy_and_a_date(portal):
    headers = once(portal.port, "/", HOST).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert abs(parsedate_to_datetime(headers["date"]).timestamp() - time.time()) < 3


def test_head_is_get_without_the_body(portal):
    for target in ("/", f"/{UPLOAD}/large.mp4", "/no"):
        with Client(portal.port) as client:
            full = client.get(target, HOST)
            head = client.get(target, HOST, "HEAD")
            assert (head.status, head.headers["content-length"]) == (full.status, full.headers["content-length"])
            assert client.get("/", HOST).status == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "PROPFIND"])
def test_other_methods_are_refused_with_those_that_are_allowed(portal, method):
    reply = once(portal.port, "/", HOST, method)
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip", True),
        ("gzip, deflate, br, zstd", True),
        ("br;q=1, GZIP;q=0.5", True),
        ("x-gzip", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("*;q=0", False),
        ("br", False),
        ("", False),
        ("gzip;q=x", False),
        ("ungzip", False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(portal, accepted, taken):
    assert takes_gzip(accepted) is taken
    reply = once(portal.port, ARTICLE, HOST, Accept_Encoding=accepted)
    assert reply.headers["vary"] == "Accept-Encoding"
    assert reply.headers.get("content-encoding") == ("gzip" if taken else None)
    assert reply.body == SITE[f"{ARTICLE[1:]}.gz" if taken else ARTICLE[1:]]
    assert reply.headers["content-type"] == "text/html; charset=utf-8"


def test_an_unchanged_page_is_not_sent_again(portal):
    for accepted in ("identity", "gzip"):
        tag = once(portal.port, ARTICLE, HOST, Accept_Encoding=accepted).headers["etag"]
        for condition in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            reply = once(portal.port, ARTICLE, HOST, Accept_Encoding=accepted, If_None_Match=condition)
            assert (reply.status, reply.headers["etag"]) == (304, tag)
        assert once(portal.port, ARTICLE, HOST, Accept_Encoding=accepted, If_None_Match='"other"').status == 200
    assert once(portal.port, ARTICLE, HOST, If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT").status == 200


@pytest.mark.parametrize(
    ("value", "status", "body", "content_range"),
    [
        ("bytes=0-4", 206, LETTERS[:5], "bytes 0-4/26"),
        ("bytes=20-", 206, LETTERS[20:], "bytes 20-25/26"),
        ("bytes=20-999", 206, LETTERS[20:], "bytes 20-25/26"),
        ("bytes=-3", 206, LETTERS[-3:], "bytes 23-25/26"),
        ("bytes=-99", 206, LETTERS, "bytes 0-25/26"),
        ("bytes=0-0", 206, b"a", "bytes 0-0/26"),
        ("bytes=26-", 416, None, "bytes */26"),
        ("bytes=-0", 416, None, "bytes */26"),
        ("bytes=0-1,4-5", 200, LETTERS, None),
        ("bytes=5-2", 200, LETTERS, None),
        ("bytes=a-b", 200, LETTERS, None),
        ("lines=1-2", 200, LETTERS, None),
        ("bytes=" + "9" * 40 + "-", 200, LETTERS, None),
    ],
)
def test_a_range(portal, value, status, body, content_range):
    reply = once(portal.port, f"/{UPLOAD}/letters.txt", HOST, Range=value, Accept_Encoding="gzip")
    assert (reply.status, reply.headers.get("content-range")) == (status, content_range)
    if body is not None:
        assert reply.body == body


def test_a_range_goes_on_only_with_the_file_it_began_with(portal):
    target = f"/{UPLOAD}/letters.txt"
    tag = once(portal.port, target, HOST).headers["etag"]
    assert once(portal.port, target, HOST, Range="bytes=1-2", If_Range=tag).body == b"bc"
    for other in ('"other"', f"W/{tag}", "Fri, 01 Jan 2100 00:00:00 GMT"):
        assert once(portal.port, target, HOST, Range="bytes=1-2", If_Range=other).status == 200


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


# ── releases ──


def test_a_new_release_is_served_within_a_tenth_of_a_second(tmp_path):
    home = sample_home(tmp_path / "var")
    with running(home.root) as server, Client(server.port) as client:
        client.get("/", HOST)
        for round_ in range(5):
            files = {**SITE, "index.html": page(f"第{round_}版")}
            files["index.html.gz"] = packed(files["index.html"])
            home.deploy(HOST, files)
            began = time.monotonic()
            while client.get("/", HOST).body != files["index.html"]:
                assert time.monotonic() - began < 0.1
                time.sleep(0.005)


def test_an_answer_never_mixes_two_releases(tmp_path):
    home = sample_home(tmp_path / "var")
    versions = [{"index.html": bytes([65 + n]) * 700_000, "big.mp4": bytes([65 + n]) * 1_500_000} for n in range(4)]
    stop = threading.Event()

    def publish():
        while not stop.is_set():
            for files in versions:
                home.deploy(HOST, files)
                time.sleep(0.01)

    home.deploy(HOST, versions[0])
    publisher = threading.Thread(target=publish)
    publisher.start()
    try:
        with running(home.root) as server, Client(server.port) as client:
            seen = set()
            until = time.monotonic() + 2
            while time.monotonic() < until:
                for target, size in (("/", 700_000), ("/big.mp4", 1_500_000)):
                    body = client.get(target, HOST).body
                    assert len(body) == size
                    assert len(set(body)) == 1
                    seen.add(body[:1])
            assert len(seen) > 1
    finally:
        stop.set()
        publisher.join()


# ── foreign changes ──


@pytest.fixture
def guarded(tmp_path):
    home = sample_home(tmp_path / "var")
    heard = []
    with running(home.root, expected_digest=home.expected, on_foreign_change=heard.append) as server:
        yield home, server, heard


def overwrite(home, address):
    """As an intruder would: in place, so object and tree differ from their digest."""
    path = home.root / "deployed" / HOST / address
    real = Path(os.path.realpath(path))
    real.write_bytes(b"<p>defaced</p>" + b" " * (real.stat().st_size - 14))
    return str(real)


def test_every_page_of_an_untouched_tree_passes(guarded):
    _, server, heard = guarded
    for target in ("/", ARTICLE, f"/{UPLOAD}/large.mp4", "/zwgk", "/no", "/zwgk/2026/0102/2.html"):
        assert once(server.port, target, HOST, Accept_Encoding="gzip").status != 503
    assert heard == []


@pytest.mark.parametrize("address", ["zwgk/2026/0102/1.html", f"{UPLOAD}/large.mp4", "zwgk/2026/0102/2.html.gone"])
def test_a_changed_file_is_not_served_but_reported(guarded, address):
    home, server, heard = guarded
    path = overwrite(home, address)
    target = "/" + address.removesuffix(".gone")
    for _ in range(2):
        reply = once(server.port, target, HOST)
        assert (reply.status, reply.body) == (503, SITE["503.html"])
        assert reply.headers["retry-after"] == "120"
    assert heard == [path]
    assert once(server.port, "/zwgk/", HOST).status == 200


def test_a_page_comes_back_once_it_is_restored(guarded):
    home, server, _ = guarded
    path = Path(overwrite(home, ARTICLE[1:]))
    assert once(server.port, ARTICLE, HOST).status == 503
    path.write_bytes(SITE[ARTICLE[1:]])
    assert once(server.port, ARTICLE, HOST).body == SITE[ARTICLE[1:]]


def test_a_file_verified_once_is_verified_again_after_a_change(guarded):
    home, server, heard = guarded
    target = f"/{UPLOAD}/large.mp4"
    assert once(server.port, target, HOST).body == LARGE
    path = overwrite(home, target[1:])
    assert once(server.port, target, HOST).status == 503
    assert heard == [path]


def test_an_added_a_removed_and_a_redirected_entry_are_foreign_too(guarded):
    home, server, heard = guarded
    folder = Path(os.path.realpath(home.root / "deployed" / HOST / "zwgk"))
    (folder / "casino.html").write_text("<p>casino</p>")
    assert once(server.port, "/zwgk/casino.html", HOST).status == 503
    (folder / "index.html").unlink()
    assert once(server.port, "/zwgk/", HOST).status == 503
    other = os.readlink(home.root / "deployed" / OTHER).rpartition("/")[2]
    (folder / "2026").unlink()
    (folder / "2026").symlink_to(f"../../{other[:2]}/{other}")
    assert once(server.port, "/zwgk/2026/", HOST).status == 503
    assert heard == [str(folder / name) for name in ("casino.html", "index.html", "2026")]


def test_without_its_own_503_page_the_platforms_is_shown(guarded):
    home, server, _ = guarded
    overwrite(home, ARTICLE[1:])
    overwrite(home, "503.html")
    reply = once(server.port, ARTICLE, HOST)
    assert reply.status == 503
    assert "暂时无法访问" in reply.body.decode()


# ── connections ──


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
    limits = Limits(head_seconds=0.3, idle_seconds=0.6)
    with running(home.root, limits) as server:
        with Client(server.port) as silent:
            assert silent.is_closed()
        with Client(server.port) as slow:
            slow.send(b"GET / HTTP/1.1\r\n")
            began = time.monotonic()
            with pytest.raises(OSError):
                while time.monotonic() - began < 3:
                    slow.send(b"X: y\r\n")
                    time.sleep(0.05)
            assert 0.2 < time.monotonic() - began < 2.9
        with Client(server.port) as halting:
            halting.send(b"GET / HT")
            assert halting.reply().status == 408
        with Client(server.port) as idle:
            idle.get("/", HOST)
            began = time.monotonic()
            assert idle.is_closed()
            assert 0.4 < time.monotonic() - began < 1.5
        wait_for(lambda: server.open_connections == 0)


def test_a_reader_that_takes_nothing_is_dropped_and_hurts_nobody(home):
    with running(home.root, Limits(stalled_seconds=0.5)) as server:
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
    with running(home.root, Limits(stalled_seconds=0.4)) as server, Client(server.port) as client:
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        client.send(request(f"/{UPLOAD}/large.mp4", HOST))
        received = b""
        while not received.endswith(LARGE[-256:]) or len(received) < len(LARGE):
            received += client.socket.recv(131072)
            time.sleep(0.05)
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
        running(home.root, Limits(stop_seconds=3)) as server,
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
    with running(home.root, expected_digest=home.expected) as server:
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
    log = tmp_path / "access.jsonl"
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
    assert abs((datetime.fromisoformat(lines[0]["at"]) - datetime.now(UTC)).total_seconds()) < 30


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
        wait_for(lambda: _answers(port), 10)
        assert [once(port, "/", HOST).status for _ in range(20)] == [200] * 20
        second = subprocess.run(arguments, capture_output=True, text=True, timeout=20)
        assert second.returncode == 1
        assert "Address already in use" in second.stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert not _answers(port)
    finally:
        process.kill()
        process.wait()


def test_workers_do_not_outlive_their_supervisor(home):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(home.root), str(port), "2"])
    wait_for(lambda: _answers(port), 10)
    process.kill()
    process.wait()
    wait_for(lambda: not _answers(port), 8)


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
        wait_for(lambda: server.open_connections == 0, 10)
        assert once(server.port, "/", HOST).body == SITE["index.html"]

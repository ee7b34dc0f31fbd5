"""The embedded portal server, asked over real sockets with raw HTTP."""

import threading
import time
from email.utils import parsedate_to_datetime

import pytest
from tests.apps.publishing.deployed_home import (
    BARE,
    CLOSED,
    HOST,
    LETTERS,
    NOTICE,
    OTHER,
    UPLOAD,
    packed,
    page,
    sample_home,
    sample_site,
)
from tests.apps.publishing.raw_http import Client, once
from tests.apps.publishing.running_portal import running

from jiyue.publishing.serving.requests import takes_gzip

ARTICLE = "/zwgk/2026/0102/1.html"
SITE = sample_site()


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return sample_home(tmp_path_factory.mktemp("home") / "var")


@pytest.fixture(scope="module")
def portal(home):
    with running(home.root) as server:
        yield server


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
    began = int(time.time())
    headers = once(portal.port, "/", HOST).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert "camera=()" in headers["permissions-policy"]
    # The line is written once a second, a moment after the second began.
    assert began - 60 <= parsedate_to_datetime(headers["date"]).timestamp() <= time.time()


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


# ── releases ──


def test_a_new_release_is_served_within_a_tenth_of_a_second(tmp_path):
    home = sample_home(tmp_path / "var")
    with running(home.root) as server, Client(server.port) as client:
        client.get("/", HOST)
        for round_ in range(5):
            files = {**SITE, "index.html": page(f"第{round_}版")}
            files["index.html.gz"] = packed(files["index.html"])
            home.deploy(HOST, files)
            asked = deployed = time.monotonic()
            while client.get("/", HOST).body != files["index.html"]:
                assert asked - deployed < 0.1  # whoever asks later than that is never shown the old page
                time.sleep(0.005)
                asked = time.monotonic()


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
            while time.monotonic() < until or (len(seen) < 2 and time.monotonic() < until + 60):
                for target, size in (("/", 700_000), ("/big.mp4", 1_500_000)):
                    body = client.get(target, HOST).body
                    assert len(body) == size
                    assert len(set(body)) == 1
                    seen.add(body[:1])
            assert len(seen) > 1
    finally:
        stop.set()
        publisher.join()

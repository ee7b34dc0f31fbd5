"""One table of requests, asked of the embedded server and of nginx: both must answer alike."""

import os
import shutil
import socket
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.apps.publishing.deployed_home import BARE, CLOSED, HOST, OTHER, UPLOAD, sample_home
from tests.apps.publishing.raw_http import once
from tests.apps.publishing.running_portal import running, wait_for

from jiyue.publishing.serving import nginx
from jiyue.publishing.serving.nginx_following import Follower, follow, signal_nginx

PROGRAM = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
ARTICLE = "/zwgk/2026/0102/1.html"
DOCX = f"/{UPLOAD}/%E9%80%9A%E7%9F%A5%20%E9%99%84%E4%BB%B6.docx"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return sample_home(tmp_path_factory.mktemp("home") / "var")


@pytest.fixture(scope="module")
def embedded(home):
    with running(home.root) as server:
        yield server.port


@pytest.fixture(scope="module")
def real(home, tmp_path_factory):
    with started(home, tmp_path_factory.mktemp("nginx")) as port:
        yield port


@pytest.fixture(scope="module")
def pinned(home, tmp_path_factory):
    """nginx on pinned roots, and who keeps them on the deployed trees."""
    folder = tmp_path_factory.mktemp("pinned")
    with started(home, folder, pins=True) as port:
        options = {"listen": f"127.0.0.1:{port}", "workers": "1", "user": owner()}
        follower = Follower(home.root, folder, reload=lambda: signal_nginx(folder), **options)
        stopped = threading.Event()
        following = threading.Thread(target=follow, args=(follower, stopped))
        following.start()
        yield port
        stopped.set()
        following.join()


def owner() -> str:
    return "root" if os.geteuid() == 0 else ""


@contextmanager
def started(home, folder, **options):
    if PROGRAM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("nginx is not installed")
        pytest.skip("nginx is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    configuration = nginx.write(home.root, folder, listen=f"127.0.0.1:{port}", workers="1", user=owner(), **options)
    arguments = [PROGRAM, "-c", str(configuration), "-p", str(folder), "-e", str(folder / "error.log")]
    tried = subprocess.run([*arguments, "-t"], capture_output=True, text=True)
    assert tried.returncode == 0, tried.stderr
    process = subprocess.Popen([*arguments, "-g", "daemon off;"])
    try:
        wait_for(lambda: process.poll() is not None or _listens(port))
        assert process.poll() is None, (folder / "error.log").read_text()
        yield port
    finally:
        process.terminate()
        process.wait(60)


def _listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


PLAIN = {"gzip": {"Accept_Encoding": "gzip"}, "part": {"Range": "bytes=3-7"}}
TABLE = [
    # host, target, method, fields, status
    (HOST, "/", "GET", {}, 200),
    (HOST.upper(), "/", "GET", {}, 200),
    (f"{HOST}:8000", "/", "GET", {}, 200),
    (f"{HOST}.", "/", "GET", {}, 200),
    (OTHER, "/", "GET", {}, 200),
    (HOST, "/", "GET", PLAIN["gzip"], 200),
    (HOST, ARTICLE, "GET", {}, 200),
    (HOST, ARTICLE, "GET", PLAIN["gzip"], 200),
    (HOST, ARTICLE, "GET", {"Accept_Encoding": "gzip;q=0"}, 200),
    (HOST, f"{ARTICLE}?from=list", "GET", {}, 200),
    (HOST, ARTICLE, "HEAD", {}, 200),
    (HOST, "//zwgk///2026/./0102/x/../1.html", "GET", {}, 200),
    (HOST, "/zwgk/", "GET", {}, 200),
    (HOST, "/zwgk", "GET", {}, 301),
    (HOST, "/zwgk/2026/0102/2.html", "GET", {}, 410),
    (HOST, "/zwgk/old/", "GET", {}, 410),
    (HOST, "/zwgk/2026/0102/2.html.gone", "GET", {}, 404),
    (HOST, "/zwgk/2026/0102/3.html.moved", "GET", {}, 404),
    (HOST, "/no", "GET", {}, 404),
    (HOST, "/no/", "GET", {}, 404),
    (HOST, "/zwgk/2026/", "GET", {}, 404),
    (HOST, f"{ARTICLE}/", "GET", {}, 404),
    (HOST, f"{ARTICLE}/x", "GET", {}, 404),
    (HOST, "/" + "n" * 300, "GET", {}, 404),
    (HOST, "/404.html", "GET", {}, 404),
    (HOST, "/410.html", "GET", {}, 404),
    (HOST, "/503.html", "GET", {}, 404),
    (HOST, "/.hidden", "GET", {}, 404),
    (HOST, "/zwgk/.htaccess", "GET", {}, 404),
    (HOST, "/files/.x", "GET", {}, 404),
    (HOST, "/assets/.x", "GET", {}, 404),
    (HOST, "/.well-known/.x", "GET", {}, 404),
    (HOST, "/.well-known/no", "GET", {}, 404),
    (HOST, "/.well-known/security.txt", "GET", {}, 200),
    (HOST, "/.well-known/jiyue-release.json", "GET", {}, 200),
    (HOST, "/.jiyue-pages/400.html", "GET", {}, 404),
    (HOST, "/.jiyue-closed", "GET", {}, 404),
    (HOST, "/../etc/passwd", "GET", {}, 400),
    (HOST, "/%2e%2e/etc/passwd", "GET", {}, 400),
    (HOST, "/zwgk%2findex.html", "GET", {}, 400),
    (HOST, "/zwgk%5cindex.html", "GET", {}, 400),
    (HOST, "/zwgk\\index.html", "GET", {}, 400),
    (HOST, "/a%00", "GET", {}, 400),
    (HOST, "/a%zz", "GET", {}, 400),
    (HOST, "/robots.txt", "GET", {}, 200),
    (HOST, "/feed.atom", "GET", {}, 200),
    (HOST, "/assets/site.0123456789ab.css", "GET", {}, 200),
    (HOST, "/assets/mark.svg", "GET", {}, 200),
    (HOST, f"/{UPLOAD}/letters.txt", "GET", {}, 200),
    (HOST, f"/{UPLOAD}/letters.txt", "GET", PLAIN["part"], 206),
    (HOST, f"/{UPLOAD}/letters.txt", "GET", {"Range": "bytes=-3"}, 206),
    (HOST, f"/{UPLOAD}/letters.txt", "GET", {"Range": "bytes=99-"}, 416),
    (HOST, f"/{UPLOAD}/large.mp4", "GET", {"Range": "bytes=1048570-1048999"}, 206),
    (HOST, f"/{UPLOAD}/large.mp4", "GET", {}, 200),
    (HOST, f"/{UPLOAD}/drawing.svg", "GET", {}, 200),
    (HOST, f"/{UPLOAD}/picture.png", "GET", {}, 200),
    (HOST, DOCX, "GET", {}, 200),
    (HOST, "/", "POST", {}, 405),
    (HOST, "/", "DELETE", {}, 405),
    (HOST, "/", "GET", {"Content_Length": "9000"}, 413),
    (BARE, "/", "GET", {}, 503),
    (BARE, ARTICLE, "GET", {}, 503),
    (BARE, "/.well-known/jiyue-release.json", "GET", {}, 200),
    (CLOSED, "/", "GET", {}, 503),
    (CLOSED, ARTICLE, "GET", {}, 503),
    (CLOSED, "/no", "GET", {}, 503),
    (CLOSED, "/.well-known/security.txt", "GET", {}, 200),
    (CLOSED, "/.well-known/jiyue-release.json", "GET", {}, 200),
    ("unknown.localhost", "/", "GET", {}, 404),
    ("unknown.localhost", ARTICLE, "GET", {}, 404),
    ("127.0.0.1", "/zwgk/", "GET", {}, 404),
    ("a b", "/", "GET", {}, 400),
]
SAME_HEADERS = (
    "content-type",
    "content-encoding",
    "content-range",
    "content-disposition",
    "cache-control",
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "location",
    "vary",
    "retry-after",
    "allow",
    "last-modified",
)
MADE_BY_NGINX = (301, 416)  # with a small page of its own that nobody sees


@pytest.mark.parametrize(("host", "target", "method", "fields", "status"), TABLE)
def test_the_embedded_server_answers_as_the_table_says(embedded, host, target, method, fields, status):
    assert once(embedded, target, host, method, **fields).status == status


@pytest.mark.parametrize("kind", ["real", "pinned"])
@pytest.mark.parametrize(("host", "target", "method", "fields", "status"), TABLE)
def test_nginx_answers_like_the_embedded_server(request, embedded, kind, host, target, method, fields, status):
    port = request.getfixturevalue(kind)
    ours, theirs = (once(port, target, host, method, **fields) for port in (embedded, port))
    assert theirs.status == status
    if status in MADE_BY_NGINX:
        assert theirs.headers.get("location") == ours.headers.get("location")
        return
    assert theirs.body == ours.body
    differing = {
        name: (ours.headers.get(name), theirs.headers.get(name))
        for name in SAME_HEADERS
        if ours.headers.get(name) != theirs.headers.get(name)
    }
    assert differing == {}


def test_a_moved_page_refreshes_itself_where_the_server_cannot_redirect(embedded, real):
    assert once(embedded, "/zwgk/2026/0102/3.html", HOST).status == 301
    assert once(real, "/zwgk/2026/0102/3.html", HOST).status == 200


def test_nginx_serves_a_new_release_at_once(real, home):
    host = OTHER
    for text in (b"one", b"two"):
        home.deploy(host, {"index.html": text})
        assert once(real, "/", host).body == text


def test_pinned_nginx_follows_releases_rollbacks_and_closing(pinned, home):
    def soon(text: bytes, status: int = 200) -> None:
        until = time.monotonic() + 60
        while (answer := once(pinned, "/", OTHER)).body != text and time.monotonic() < until:
            time.sleep(0.01)
        assert (answer.status, answer.body) == (status, text)

    first = home.deploy(OTHER, {"index.html": b"one"})
    soon(b"one")
    home.deploy(OTHER, {"index.html": b"two"})
    soon(b"two")
    # Two changes in one tick of the clock, and back to a tree that was there before.
    home.deploy(OTHER, {"index.html": b"three"})
    assert home.deploy(OTHER, {"index.html": b"one"}) == first
    soon(b"one")
    notice = home.root / "closed" / f"{OTHER}.html"
    notice.write_bytes(b"closed")
    soon(b"closed", 503)
    notice.unlink()
    soon(b"one")


def test_a_link_that_leads_out_of_the_trees_is_not_followed_to(home, tmp_path):
    for target in ("/etc", "../trees/../../etc", "../trees/ab/short"):
        (tmp_path / "deployed").mkdir(exist_ok=True)
        link = tmp_path / "deployed" / OTHER
        link.unlink(missing_ok=True)
        link.symlink_to(target)
        assert f"    {OTHER} {link};\n" in nginx.roots(tmp_path, [OTHER])


def test_a_new_site_needs_no_hand(home, tmp_path):
    told: list[int] = []
    (tmp_path / "deployed").mkdir()
    follower = Follower(tmp_path, tmp_path / "nginx", reload=lambda: told.append(1), listen="127.0.0.1:80")
    follower.step(0.0)
    (tmp_path / "deployed" / "new.example").symlink_to(f"../trees/ab/{'ab' * 32}")
    follower.step(1.0)
    assert "server_name new.example;" in (tmp_path / "nginx" / "nginx.conf").read_text()
    assert f"/trees/ab/{'ab' * 32};" in (tmp_path / "nginx" / nginx.ROOTS).read_text()
    assert len(told) == 2


def test_many_releases_at_once_are_one_reload(tmp_path):
    told: list[float] = []
    (tmp_path / "deployed").mkdir()
    follower = Follower(tmp_path, tmp_path / "nginx", reload=lambda: told.append(0), listen="127.0.0.1:80")
    link = tmp_path / "deployed" / OTHER
    for step in range(30):
        link.unlink(missing_ok=True)
        link.symlink_to(f"../trees/{step:02}/{step:064}")
        follower.step(step / 100)
    follower.step(1.0)
    assert len(told) == 2
    assert f"{29:064}" in (tmp_path / "nginx" / nginx.ROOTS).read_text()


def test_a_path_that_would_be_configuration_is_refused(tmp_path):
    odd = tmp_path / "a;b"
    odd.mkdir()
    with pytest.raises(nginx.UnsafePath):
        nginx.write(odd, tmp_path / "out")


def test_only_names_that_are_hosts_become_sites(tmp_path):
    (tmp_path / "deployed").mkdir()
    for name in ("www.chenghu.localhost", ".www.chenghu.localhost.new", "a b", "x;y"):
        (tmp_path / "deployed" / name).mkdir()
    assert nginx.hosts(Path(tmp_path)) == ["www.chenghu.localhost"]

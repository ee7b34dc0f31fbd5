"""The embedded portal server shows nothing but what was released: files changed on the disk are found and not served."""

import os
from pathlib import Path

import pytest
from tests.apps.publishing.deployed_home import HOST, LARGE, OTHER, UPLOAD, page, sample_home, sample_site
from tests.apps.publishing.raw_http import once
from tests.apps.publishing.running_portal import running

from jiyue.domain import manifests
from jiyue.domain.digests import SM3, digest_of, fan_of
from jiyue.domain.manifests import Entry
from jiyue.publishing.serving import TreeDigests

ARTICLE = "/zwgk/2026/0102/1.html"
SITE = sample_site()


@pytest.fixture
def guarded(tmp_path):
    home = sample_home(tmp_path / "var")
    heard = []
    with running(home.root, expected_digest=TreeDigests(home.root), on_foreign_change=heard.append) as server:
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


def test_a_damaged_tree_object_vouches_for_nothing(guarded):
    home, server, heard = guarded
    root = os.readlink(home.root / "deployed" / HOST).rpartition("/")[2]
    listing = home.root / "objects" / root[:2] / root
    listing.write_bytes(listing.read_bytes().replace(b"robots.txt", b"robots.txu"))
    assert once(server.port, "/robots.txt", HOST).status == 503
    assert len(heard) == 2  # the page, and the 503 page that nothing vouches for either


def test_files_under_sm3_are_served_beside_those_under_sha_256(tmp_path):
    home = sample_home(tmp_path / "var")
    data = page("国密")
    digest = digest_of(data, SM3)
    listing = manifests.written({"index.html": Entry(manifests.FILE, digest, len(data))})
    root = digest_of(listing, SM3)
    for name, content in ((digest, data), (root, listing)):
        place = home.root / "objects" / fan_of(name) / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(content)
    tree = home.root / "trees" / fan_of(root) / root
    tree.mkdir(parents=True)
    (tree / "index.html").write_bytes(data)
    (home.root / "deployed" / "sm.localhost").symlink_to(f"../trees/{fan_of(root)}/{root}")
    with running(home.root, expected_digest=TreeDigests(home.root)) as server:
        assert once(server.port, "/", "sm.localhost").body == data
        (tree / "index.html").write_bytes(data[::-1])
        assert once(server.port, "/", "sm.localhost").status == 200  # verified, in memory
        server.server.portal.contents._kept.clear()
        assert once(server.port, "/", "sm.localhost").status == 503


def test_without_its_own_503_page_the_platforms_is_shown(guarded):
    home, server, _ = guarded
    overwrite(home, ARTICLE[1:])
    overwrite(home, "503.html")
    reply = once(server.port, ARTICLE, HOST)
    assert reply.status == 503
    assert "暂时无法访问" in reply.body.decode()

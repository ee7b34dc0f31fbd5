import gzip

import pytest

from jiyue.domain import manifests
from jiyue.domain.manifests import File
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectStore
from jiyue.publishing.reversal import page_of, reversed_to

WITHDRAWN = "政务公开/1.html"
QUOTED = "/%E6%94%BF%E5%8A%A1%E5%85%AC%E5%BC%80/1.html"


@pytest.fixture
def store(tmp_path):
    return ObjectStore(Home(tmp_path / "home").prepare())


def tree(store: ObjectStore, pages: dict[str, bytes]) -> str:
    changes = {path: File(store.put(data), len(data)) for path, data in pages.items()}
    applied = manifests.apply(changes, root=None, load=store.get)
    for data in applied.objects.values():
        store.put(data)
    return applied.root


def kept(store: ObjectStore, old: dict[str, bytes], today: dict[str, bytes], withdrawn: str = WITHDRAWN):
    return reversed_to(tree(store, old), tree(store, today), store=store, keep=[withdrawn]).kept


@pytest.mark.parametrize(
    "leading",
    [
        f'<a href="/{WITHDRAWN}">'.encode(),
        f'<a href="{QUOTED}">'.encode(),
        f'<a href="{QUOTED.lower()}">'.encode(),
        f"<loc>https://www.chenghu.localhost{QUOTED}</loc>".encode(),
        f'{{"url": "/{WITHDRAWN}"}}'.encode(),
    ],
)
def test_every_form_of_an_address_keeps_the_page_that_has_it(store, leading):
    assert kept(store, {"index.html": leading}, {"index.html": b"today"}) == ("index.html",)


def test_a_page_without_the_address_goes_back(store):
    assert kept(store, {"index.html": b'<a href="/2.html">'}, {"index.html": b"today"}) == ()


def test_an_ampersand_in_an_address_is_found_in_its_written_form(store):
    assert kept(store, {"index.html": b'<a href="/a&amp;b.html">'}, {"index.html": b""}, "a&b.html") == ("index.html",)


def test_the_address_of_a_column_is_not_that_of_everything_below_it(store):
    today = {"index.html": b"", "map.html": b""}
    old = {"index.html": b'<a href="/zw/2.html">', "map.html": b'<a href="/zw/">'}
    assert kept(store, old, today, "zw/index.html") == ("map.html",)


def test_what_was_withdrawn_may_be_named_by_its_address(store):
    pages = {"zw/index.html": b"old", "zw/1.html": b"old", "2.html": b"old"}
    today = dict.fromkeys(pages, b"today")
    assert kept(store, pages, today, "/zw/") == ("zw/index.html",)
    assert kept(store, pages, today, "/zw/1.html") == ("zw/1.html",)


def test_a_compressed_neighbour_shares_the_fate_of_its_page(store):
    leading = f'<a href="/{WITHDRAWN}">'.encode()
    old = {"index.html": leading, "index.html.gz": gzip.compress(leading)}
    today = {"index.html": b"today", "index.html.gz": gzip.compress(b"today")}
    assert kept(store, old, today) == ("index.html", "index.html.gz")


def test_a_compressed_file_alone_is_looked_into(store):
    leading = gzip.compress(f"/{WITHDRAWN}".encode())
    assert kept(store, {"index.json.gz": leading}, {"index.json.gz": b""}) == ("index.json.gz",)
    assert kept(store, {"data.gz": b"no gzip"}, {"data.gz": b""}) == ()


@pytest.mark.parametrize(
    "path", ["a.html", "a.html.gz", "a.html.gone", "a.html.gone.gz", "a.html.moved", "a.html.moved.gz"]
)
def test_companions_belong_to_their_page(path):
    assert page_of(path) == "a.html"

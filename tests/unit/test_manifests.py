import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.domain import manifests
from jiyue.domain.digests import digest_of
from jiyue.domain.manifests import BadPath, Difference, Entry, File, PathConflict, TreeDamaged

NAMES = st.sampled_from(["a", "b", "c", "年", "zwgk", "index.html"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)
FILES = st.integers(0, 9).map(lambda number: File(digest_of(str(number).encode()), number))


def without_conflicts(files: dict[str, File]) -> dict[str, File]:
    """Drop every path that another path needs as a directory."""
    return {path: file for path, file in files.items() if not any(other.startswith(path + "/") for other in files)}


SITES = st.dictionaries(PATHS, FILES, max_size=12).map(without_conflicts)


class Shelf:
    """Tree objects in memory that counts what is asked of it."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.loaded: list[str] = []

    def load(self, digest: str) -> bytes:
        self.loaded.append(digest)
        return self.objects[digest]

    def apply(self, changes: dict[str, File | None], root: str | None = None) -> str:
        applied = manifests.apply(changes, root=root, load=self.load)
        self.objects.update(applied.objects)
        return applied.root

    def files(self, root: str) -> dict[str, File]:
        return dict(manifests.walk(root, self.load))


def changes_between(old: dict[str, File], new: dict[str, File]) -> dict[str, File | None]:
    return {path: new.get(path) for path in old.keys() | new.keys() if old.get(path) != new.get(path)}


@given(SITES)
def test_a_tree_holds_exactly_the_files_put_into_it(site):
    shelf = Shelf()
    assert shelf.files(shelf.apply(site)) == site


@given(SITES, SITES)
def test_applying_changes_and_comparing_gives_the_changes_back(old, new):
    shelf = Shelf()
    changes = changes_between(old, new)
    before = shelf.apply(old)
    after = shelf.apply(changes, before)
    expected = {Difference(path, old.get(path), file) for path, file in changes.items()}
    assert set(manifests.diff(before, after, shelf.load)) == expected
    assert shelf.files(after) == new


@given(SITES, SITES)
def test_the_way_to_a_tree_leaves_no_mark_on_it(old, new):
    shelf = Shelf()
    assert shelf.apply(changes_between(old, new), shelf.apply(old)) == shelf.apply(new)


@given(SITES, st.randoms(use_true_random=False))
def test_the_order_of_changes_does_not_matter(site, random):
    shelf = Shelf()
    order = list(site.items())
    random.shuffle(order)
    root = None
    for path, file in order:
        root = shelf.apply({path: file}, root)
    assert (root or shelf.apply({})) == shelf.apply(site)


@given(SITES, SITES)
def test_applying_the_same_changes_twice_is_applying_them_once(old, new):
    shelf = Shelf()
    changes = changes_between(old, new)
    once = shelf.apply(changes, shelf.apply(old))
    assert shelf.apply(changes, once) == once


@given(SITES)
def test_an_untouched_tree_differs_from_nothing(site):
    shelf = Shelf()
    root = shelf.apply(site)
    shelf.loaded.clear()
    assert list(manifests.diff(root, root, shelf.load)) == []
    assert shelf.loaded == []
    assert manifests.apply({}, root=root, load=shelf.load) == manifests.Applied(root, {})


@given(SITES)
def test_a_tree_object_reads_as_it_was_written(site):
    shelf = Shelf()
    shelf.apply(site)
    for data in shelf.objects.values():
        assert manifests.written(manifests.read(data)) == data


def test_a_change_loads_and_rewrites_only_the_directories_above_it():
    shelf = Shelf()
    file = File(digest_of(b"x"), 1)
    root = shelf.apply({f"{column}/2026/{day}/1.html": file for column in "abc" for day in range(5)})
    shelf.loaded.clear()
    applied = manifests.apply({"b/2026/3/2.html": file}, root=root, load=shelf.load)
    assert len(applied.objects) == len(shelf.loaded) == 4


def test_a_directory_vanishes_with_its_last_file():
    shelf = Shelf()
    file = File(digest_of(b"x"), 1)
    root = shelf.apply({"a/b/c.html": None}, shelf.apply({"a/b/c.html": file, "index.html": file}))
    assert manifests.read(shelf.objects[root]) == {"index.html": Entry("file", file.digest, 1)}


def test_sizes_add_up_to_the_root():
    shelf = Shelf()
    root = shelf.apply({"a/1": File(digest_of(b"1"), 10), "a/b/2": File(digest_of(b"2"), 5)})
    assert manifests.find(root, "a", shelf.load).size == 15


def test_a_file_may_become_a_directory_when_it_is_removed_in_the_same_change():
    shelf = Shelf()
    file = File(digest_of(b"x"), 1)
    root = shelf.apply({"a": None, "a/b": file}, shelf.apply({"a": file}))
    assert shelf.files(root) == {"a/b": file}


@pytest.mark.parametrize("before", [{}, {"a": 1}, {"a/c": 1}])
def test_a_path_is_not_both_file_and_directory(before):
    shelf = Shelf()
    file = File(digest_of(b"x"), 1)
    root = shelf.apply(dict.fromkeys(before, file))
    changes = {"a/b": file} if before == {"a": 1} else {"a": file} if before else {"a": file, "a/b": file}
    with pytest.raises(PathConflict):
        shelf.apply(changes, root)


def test_find_gives_files_directories_and_nothing():
    shelf = Shelf()
    file = File(digest_of(b"x"), 1)
    root = shelf.apply({"a/b.html": file})
    assert manifests.find(root, "a/b.html", shelf.load) == Entry("file", *file)
    assert manifests.find(root, "a", shelf.load).kind == "tree"
    assert manifests.find(root, "a/b.html/c", shelf.load) is None
    assert manifests.find(None, "a", shelf.load) is None


def test_directories_are_listed_children_first_and_once():
    shelf = Shelf()
    file = File(digest_of(b"x"), 1)
    root = shelf.apply({"a/same/1": file, "b/same/1": file, "c/deep/same/1": file})
    listed = [digest for digest, _ in manifests.trees(root, shelf.load)]
    assert len(listed) == len(set(listed)) == len(shelf.objects)
    for number, digest in enumerate(listed):
        below = {entry.digest for entry in manifests.read(shelf.objects[digest]).values() if entry.kind == "tree"}
        assert below <= set(listed[:number])


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "a/",
        "a//b",
        ".",
        "..",
        "a/../b",
        "a/./b",
        "a\0b",
        "a\nb",
        "a\\b",
        "a\u2028b",
        "e\u0301.html",
        "\ud800",
        "x" * 256,
        "年" * 86,
        "a/" * 512 + "b",
        "/".join("a" * 33),
    ],
)
def test_a_dangerous_path_is_refused(path):
    with pytest.raises(BadPath):
        manifests.check_path(path)


@pytest.mark.parametrize("path", [".well-known/jiyue.json", "政务公开/年报 2026.pdf", "a" * 255, "..a", "a..b"])
def test_an_unusual_path_is_taken(path):
    manifests.check_path(path)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"f " + b"0" * 64 + b" 1 a\n",
        b"jiyue tree 1\nf " + b"0" * 64 + b" 1 b\nf " + b"0" * 64 + b" 1 a\n",
        b"jiyue tree 1\nf " + b"0" * 64 + b" 01 a\n",
        b"jiyue tree 1\nf " + b"0" * 64 + b" 1 ../a\n",
        b"jiyue tree 1\nf " + b"0" * 64 + b" 1 a/b\n",
        b"jiyue tree 1\nx " + b"0" * 64 + b" 1 a\n",
        b"jiyue tree 1\nf abc 1 a\n",
        b"jiyue tree 1\nf " + b"0" * 64 + b" 1 a",
        b"\xff",
    ],
)
def test_a_tree_object_in_another_form_is_refused(data):
    with pytest.raises(TreeDamaged):
        manifests.read(data)


def test_sm3_trees_name_sm3_digests():
    applied = manifests.apply({"a": File(digest_of(b"x", "sm3"), 1)}, root=None, load={}.__getitem__, algorithm="sm3")
    assert applied.root.startswith("sm3-")

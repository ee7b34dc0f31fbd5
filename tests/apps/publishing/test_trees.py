import errno
import logging
import os
import stat
import subprocess
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from jiyue.domain import manifests
from jiyue.domain.digests import digest_of
from jiyue.domain.manifests import File
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectMissing, ObjectStore, StoreFull
from jiyue.publishing.trees import Trees

SITE = {"index.html": b"home", "zwgk/2026/0101/1.html": b"one", "zwgk/2026/0102/2.html": b"two"}


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").prepare()


@pytest.fixture
def store(home):
    return ObjectStore(home)


@pytest.fixture
def trees(home, store):
    return Trees(home, store)


def planted(store: ObjectStore, site: dict[str, bytes], root: str | None = None) -> str:
    changes = {path: File(store.put(data), len(data)) for path, data in site.items()}
    applied = manifests.apply(changes, root=root, load=store.get)
    for data in applied.objects.values():
        store.put(data)
    return applied.root


def content(folder) -> dict[str, bytes]:
    found = subprocess.run(["find", "-L", ".", "-type", "f"], cwd=folder, capture_output=True, text=True, check=True)
    return {name[2:]: (folder / name).read_bytes() for name in found.stdout.split()}


def test_a_materialised_tree_shows_every_file_under_its_path(trees, store):
    root = planted(store, SITE)
    built = trees.materialise(root)
    assert len(built) == 5
    assert built[-1] == trees.path(root)
    assert content(trees.path(root)) == SITE


def test_files_are_links_to_objects_and_nothing_is_writable(trees, store, home):
    root = planted(store, SITE)
    trees.materialise(root)
    folder = trees.path(root)
    assert (folder / "index.html").stat().st_ino == store.path(digest_of(b"home")).stat().st_ino
    assert stat.S_IMODE((folder / "index.html").stat().st_mode) == 0o444
    assert stat.S_IMODE(folder.stat().st_mode) == 0o555
    assert not os.path.isabs(os.readlink(folder / "zwgk"))


def test_materialising_again_does_nothing(trees, store):
    root = planted(store, SITE)
    trees.materialise(root)
    assert trees.materialise(root) == []


def test_a_change_builds_only_the_directories_above_it(trees, store):
    root = planted(store, SITE)
    trees.materialise(root)
    changed = planted(store, {"zwgk/2026/0102/3.html": b"three"}, root)
    assert len(trees.materialise(changed)) == 4
    assert content(trees.path(changed)) == {**SITE, "zwgk/2026/0102/3.html": b"three"}
    assert content(trees.path(root)) == SITE


def test_a_missing_object_leaves_no_part_of_a_directory(trees, store, home):
    root = planted(store, SITE)
    store.remove(digest_of(b"home"))
    with pytest.raises(ObjectMissing):
        trees.materialise(root)
    assert not trees.has(root)
    assert not list(home.trees.glob("*/.tmp-*"))
    store.put(b"home")
    trees.materialise(root)
    assert content(trees.path(root)) == SITE


def test_several_processes_may_materialise_the_same_tree(trees, store):
    root = planted(store, {f"a/{number % 7}/{number}.html": b"%d" % number for number in range(300)})
    processes = [get_context("fork").Process(target=trees.materialise, args=(root,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    assert len(content(trees.path(root))) == 300
    assert not list(trees.home.trees.glob("*/.tmp-*"))


def test_where_links_are_refused_files_are_copied_with_a_warning(limited, caplog):
    store, trees = ObjectStore(limited), Trees(limited, ObjectStore(limited))
    root = planted(store, {"many.html": b"same", "other.html": b"other"})
    assert link_to_the_limit(store.path(digest_of(b"same")), limited.uploads)
    with caplog.at_level(logging.WARNING):
        trees.materialise(root)
    copy = trees.path(root) / "many.html"
    assert copy.read_bytes() == b"same"
    assert copy.stat().st_nlink == 1
    assert stat.S_IMODE(copy.stat().st_mode) == 0o444
    assert "1 files copied" in caplog.text


@pytest.fixture
def limited(tmp_path, pytestconfig):
    """A home on a file system that limits the links to a file; the tests' own files may lie in memory, which does not."""
    for place in (tmp_path, pytestconfig.cache.mkdir("links"), Path("/var/tmp")):  # noqa: S108 - a folder of our own there
        with TemporaryDirectory(dir=place) as folder:
            home = Home(Path(folder) / "home").prepare()
            (home.uploads / "file").touch()
            if link_to_the_limit(home.uploads / "file", home.objects):
                for link in home.objects.glob("[0-9]*"):
                    link.unlink()
                yield home
                return
    pytest.skip("no file system here has a limit of links within reach")


def link_to_the_limit(path, folder) -> bool:
    """Did the file system refuse another link at last?"""
    for number in range(70_000):
        try:
            os.link(path, folder / str(number))
        except OSError as error:
            assert error.errno == errno.EMLINK
            return True
    return False


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount another disk")
def test_objects_on_another_disk_are_copied(home, caplog):
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(home.objects)], check=True)
    try:
        store = ObjectStore(home)
        root = planted(store, SITE)
        Trees(home, store).materialise(root)
        assert content(home.tree_folder(root)) == SITE
        assert "copied" in caplog.text
    finally:
        subprocess.run(["umount", str(home.objects)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_told_and_leaves_no_part(home):
    store = ObjectStore(home)
    root = planted(store, {f"{number}/index.html": b"x" for number in range(200)})
    subprocess.run(["mount", "-t", "tmpfs", "-o", "nr_inodes=100", "none", str(home.trees)], check=True)
    try:
        trees = Trees(home, store)
        with pytest.raises(StoreFull):
            trees.materialise(root)
        assert not trees.has(root)
        assert not list(home.trees.glob("*/.tmp-*"))
    finally:
        subprocess.run(["umount", str(home.trees)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
def test_an_account_without_privilege_can_build_and_remove(tmp_path):
    folder = tmp_path / "of-nobody"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    process = get_context("fork").Process(target=build_and_remove_as_nobody, args=(folder,))
    process.start()
    process.join()
    assert process.exitcode == 0


def build_and_remove_as_nobody(folder) -> None:
    os.chdir(folder)  # by a relative path, because the folders above belong to somebody else
    os.setgid(65534)
    os.setuid(65534)
    home = Home(Path()).prepare()
    trees = Trees(home, ObjectStore(home))
    root = planted(trees.store, SITE)
    trees.materialise(root)
    assert (trees.path(root) / "index.html").stat().st_nlink == 2
    trees.discard(trees.set_aside(root))
    assert not trees.has(root)


def test_a_removed_directory_is_gone_and_can_be_built_again(trees, store):
    root = planted(store, SITE)
    trees.materialise(root)
    trees.discard(trees.set_aside(root))
    assert not trees.has(root)
    trees.materialise(root)
    assert content(trees.path(root)) == SITE


def test_leftovers_of_a_killed_builder_are_cleared(trees, store, home):
    trees.materialise(planted(store, SITE))
    leftover = next(home.trees.glob("??")) / ".tmp-1-aa"
    leftover.mkdir()
    (leftover / "part").write_bytes(b"x")
    leftover.chmod(0o555)
    assert trees.clear_leftovers(older_than=leftover.stat().st_mtime - 1) == 0
    assert trees.clear_leftovers(older_than=leftover.stat().st_mtime + 1) == 1
    assert not leftover.exists()

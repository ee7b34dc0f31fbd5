import io
import os
import resource
import stat
import subprocess
import sys
from multiprocessing import get_context

import pytest

from jiyue.domain.digests import UnknownAlgorithm, digest_of
from jiyue.foundation.home import Home
from jiyue.foundation.objects import ObjectDamaged, ObjectMissing, ObjectStore, StoreFull


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").prepare()


@pytest.fixture
def store(home):
    return ObjectStore(home)


def test_what_was_put_comes_back(store):
    digest = store.put("通知".encode())
    assert digest == digest_of("通知".encode())
    assert store.get(digest) == "通知".encode()
    assert store.has(digest)
    assert store.size(digest) == 6


def test_an_object_is_read_only_and_lies_under_its_digest(store, home):
    digest = store.put(b"x")
    assert store.path(digest) == home.path / "objects" / digest[:2] / digest
    assert stat.S_IMODE(store.path(digest).stat().st_mode) == 0o444


def test_a_stream_is_stored_like_bytes(store):
    data = os.urandom(3 << 20)
    assert store.put_stream(io.BytesIO(data)) == digest_of(data)
    assert store.get(digest_of(data)) == data
    assert store.put_stream(io.BytesIO(b"")) == digest_of(b"")


def test_putting_twice_keeps_the_first_file(store):
    digest = store.put(b"x")
    number = store.path(digest).stat().st_ino
    store.put(b"x")
    store.put_stream(io.BytesIO(b"x"))
    assert store.path(digest).stat().st_ino == number
    assert list(store.digests()) == [digest]


@pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", "", "F" * 64])
def test_what_is_not_there_is_missing(store, digest):
    assert not store.has(digest)
    for ask in (store.get, store.size, store.check):
        with pytest.raises(ObjectMissing):
            ask(digest)


def test_changed_bytes_are_noticed(store):
    digest = store.put(b"true")
    store.path(digest).chmod(0o644)
    store.path(digest).write_bytes(b"fals")
    for ask in (store.get, store.check):
        with pytest.raises(ObjectDamaged):
            ask(digest)


def test_a_wrong_size_is_noticed_and_healed_by_putting_again(store):
    digest = store.put(b"true")
    store.path(digest).chmod(0o644)
    store.path(digest).write_bytes(b"tr")
    with pytest.raises(ObjectDamaged):
        store.check(digest, size=4)
    store.put(b"true")
    store.check(digest, size=4)


def test_sm3_and_sha256_live_side_by_side(store, home):
    old = store.put(b"x")
    other = ObjectStore(home, algorithm="sm3")
    new = other.put(b"x")
    assert new.startswith("sm3-")
    assert other.get(old) == store.get(new) == b"x"
    assert set(store.digests()) == {old, new}


def test_an_unknown_algorithm_is_refused(home):
    with pytest.raises(UnknownAlgorithm):
        ObjectStore(home, algorithm="md5")


def put_many(home: Home) -> None:
    store = ObjectStore(home)
    for number in range(200):
        store.put(b"%d" % number)


def test_several_processes_may_put_the_same_objects(home, store):
    processes = [get_context("fork").Process(target=put_many, args=(home,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    assert len(list(store.digests())) == 200
    assert not list(home.objects.glob(".tmp-*"))


def limit_file_size() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


def test_a_used_up_quota_is_told_and_leaves_nothing(home):
    script = (
        "import io, pathlib, sys\n"
        "from jiyue.foundation.home import Home\n"
        "from jiyue.foundation.objects import ObjectStore, StoreFull\n"
        "store = ObjectStore(Home(pathlib.Path(sys.argv[1])))\n"
        "for put in (lambda: store.put(bytes(200_000)), lambda: store.put_stream(io.BytesIO(bytes(2 << 20)))):\n"
        "    try:\n"
        "        put()\n"
        "    except StoreFull:\n"
        "        continue\n"
        "    sys.exit('no refusal')\n"
        "store.put(b'small')\n"
    )
    command = [sys.executable, "-c", script, str(home.path)]
    subprocess.run(command, check=True, preexec_fn=limit_file_size)
    assert list(ObjectStore(home).digests()) == [digest_of(b"small")]
    assert not list(home.objects.glob(".tmp-*"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(folder)], check=True)
    try:
        home = Home(folder).prepare()
        store = ObjectStore(home)
        with pytest.raises(StoreFull):
            store.put(bytes(1 << 20))
        with pytest.raises(StoreFull):
            store.put_stream(io.BytesIO(bytes(1 << 20)))
        assert store.get(store.put(b"small")) == b"small"
        assert [file for file in home.objects.rglob("*") if file.is_file()] == [store.path(digest_of(b"small"))]
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_leftovers_of_a_killed_writer_are_cleared(home, store):
    leftover = home.objects / ".tmp-1-aa"
    leftover.write_bytes(b"half")
    assert store.clear_leftovers(older_than=leftover.stat().st_mtime - 1) == 0
    assert store.clear_leftovers(older_than=leftover.stat().st_mtime + 1) == 1
    assert not leftover.exists()


def test_the_home_may_be_named_by_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("JIYUE_HOME", str(tmp_path / "elsewhere"))
    home = Home.from_environment().prepare()
    assert home.path == tmp_path / "elsewhere"
    assert stat.S_IMODE(home.keys.stat().st_mode) == 0o700
    monkeypatch.delenv("JIYUE_HOME")
    monkeypatch.chdir(tmp_path)
    assert Home.from_environment().path == tmp_path / "var"

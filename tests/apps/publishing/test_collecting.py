import os
import time
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context

import pytest

from jiyue.domain.manifests import File
from jiyue.foundation.home import Home
from jiyue.foundation.keys import KeyRing
from jiyue.publishing.collecting import Collected, collect
from jiyue.publishing.deploying import Deployer
from jiyue.publishing.verifying import verify

NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=2)
HOST = "www.chenghu.localhost"
# Longer than a busy machine keeps a publisher waiting between a tree and the switch to it.
GRACE = timedelta(seconds=1)


@pytest.fixture
def deployer(tmp_path):
    home = Home(tmp_path / "home").prepare()
    ring = KeyRing(home)
    ring.create(now=NOW)
    return Deployer(home, ring)


def publish(deployer: Deployer, pages: dict[str, bytes], host: str = HOST):
    changes = {path: File(deployer.store.put(data), len(data)) for path, data in pages.items()}
    return deployer.switch(deployer.prepare(host, changes), now=NOW, ledger_head="v1:00")


def test_directories_of_old_releases_go_and_come_back_with_a_rollback(deployer):
    first = publish(deployer, {"a/index.html": b"a", "b/index.html": b"1"})
    publish(deployer, {"b/index.html": b"2"})
    publish(deployer, {"b/index.html": b"3"})
    assert collect(deployer, keep_releases=1, now=LATER) == Collected(directories=4, leftovers=0)
    assert not deployer.trees.has(first.root)
    assert verify(deployer.home).is_clean
    deployer.rollback(HOST, to_sequence=1, reason="误发", now=NOW, ledger_head="v1:00")
    assert (deployer.home.public_root(HOST) / "b/index.html").read_bytes() == b"1"
    assert verify(deployer.home).is_clean


def test_kept_releases_of_every_host_stay(deployer):
    roots = [publish(deployer, {"index.html": b"%d" % number}).root for number in range(4)]
    other = publish(deployer, {"index.html": b"0"}, host="jyj.chenghu.localhost").root
    assert roots[0] == other
    assert collect(deployer, keep_releases=2, now=LATER).directories == 1
    assert [deployer.trees.has(root) for root in roots] == [True, False, True, True]


def test_what_was_made_or_asked_for_lately_stays_with_all_below_it(deployer):
    publish(deployer, {"index.html": b"1"})
    prepared = deployer.prepare(HOST, {"a/b/c.html": deployer.find(HOST, "index.html")})
    assert collect(deployer, keep_releases=1, now=NOW).directories == 0
    long_ago = (NOW - timedelta(days=9)).timestamp()
    for digest in deployer.trees.digests():
        os.utime(deployer.trees.path(digest), (long_ago, long_ago))
    deployer.trees.materialise(prepared.root)
    assert collect(deployer, keep_releases=1, now=NOW).directories == 0
    assert collect(deployer, keep_releases=1, now=LATER).directories == 3


def test_a_tree_that_went_between_preparing_and_switching_is_built_again(deployer):
    publish(deployer, {"index.html": b"1"})
    prepared = deployer.prepare(HOST, {"a/b/c.html": deployer.find(HOST, "index.html")})
    collect(deployer, keep_releases=1, now=LATER)
    deployer.switch(prepared, now=NOW, ledger_head="v1:00")
    assert verify(deployer.home).is_clean


def test_the_public_root_stays_even_when_no_kept_release_names_it(deployer):
    old = publish(deployer, {"index.html": b"1"})
    publish(deployer, {"index.html": b"2"})
    link = deployer.home.public_root(HOST)
    link.unlink()
    link.symlink_to(f"../trees/{old.root[:2]}/{old.root}")
    assert collect(deployer, keep_releases=1, now=LATER).directories == 0


def test_leftovers_of_killed_processes_go(deployer):
    (deployer.home.objects / ".tmp-1-aa").write_bytes(b"half")
    assert collect(deployer, keep_releases=1, now=LATER).leftovers == 1


def test_to_keep_nothing_is_refused(deployer):
    with pytest.raises(ValueError, match="at least one"):
        collect(deployer, keep_releases=0, now=LATER)


def test_collecting_while_another_process_publishes_harms_nobody(deployer):
    publish(deployer, {f"{number}/index.html": b"x" for number in range(7)})
    process = get_context("fork").Process(target=publish_thirty, args=(deployer,))
    process.start()
    gone = 0
    while process.is_alive():
        gone += collect(deployer, keep_releases=1, now=datetime.now(UTC), grace=GRACE).directories
        time.sleep(0.01)
    process.join()
    assert process.exitcode == 0
    assert gone > 0
    assert len(deployer.sequences(HOST)) == 31
    assert verify(deployer.home).is_clean


def publish_thirty(deployer: Deployer) -> None:
    for number in range(30):
        time.sleep(GRACE.total_seconds() / 10)
        # Every third page says what it said before: directories that are doomed are wanted again.
        publish(deployer, {f"{number % 7}/index.html": b"%d" % (number % 3)})

import os
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from jiyue.domain.manifests import BadPath, File
from jiyue.domain.release_chain import BadHost, check_chain
from jiyue.foundation.home import Home
from jiyue.foundation.keys import KeyExposed, KeyMissing, KeyRing
from jiyue.foundation.objects import ObjectDamaged, ObjectMissing
from jiyue.publishing.deploying import BaseMoved, ChainDamaged, ClockBehind, Deployer, Recovered

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOST = "www.chenghu.localhost"


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home").prepare()


@pytest.fixture
def deployer(home):
    ring = KeyRing(home)
    ring.create(now=NOW)
    return Deployer(home, ring)


def stored(deployer: Deployer, pages: dict[str, bytes | None]) -> dict[str, File | None]:
    return {path: None if data is None else File(deployer.store.put(data), len(data)) for path, data in pages.items()}


def publish(deployer: Deployer, pages: dict[str, bytes | None], *, now: datetime = NOW, host: str = HOST):
    return deployer.switch(deployer.prepare(host, stored(deployer, pages)), now=now, ledger_head="v1:00")


def served(deployer: Deployer, path: str, host: str = HOST) -> bytes | None:
    file = deployer.home.public_root(host) / path
    return file.read_bytes() if file.exists() else None


def public(deployer: Deployer, host: str = HOST) -> dict[str, bytes]:
    root = deployer.home.public_root(host)
    found = subprocess.run(["find", "-L", ".", "-type", "f"], cwd=root, capture_output=True, text=True, check=True)
    return {name[2:]: (root / name).read_bytes() for name in found.stdout.split()}


def chain_problems(deployer: Deployer, host: str = HOST):
    files = {file.name: file.read_bytes() for file in deployer.home.release_folder(host).iterdir()}
    trusted = deployer.signer.trusted()
    return check_chain(host, files, trusted.keys, trusted.verify)


def test_a_switch_makes_the_prepared_tree_public(deployer):
    prepared = deployer.prepare(HOST, stored(deployer, {"index.html": b"one", "a/b.html": b"b"}))
    assert prepared.changed == ("a/b.html", "index.html")
    assert not deployer.home.public_root(HOST).exists()
    release = deployer.switch(prepared, now=NOW, ledger_head="v1:00", reason="首次发布")
    assert public(deployer) == {"index.html": b"one", "a/b.html": b"b"}
    assert (release.sequence, release.parent, release.kind, release.reason) == (1, "", "publish", "首次发布")
    assert release.moment == NOW


def test_releases_follow_one_another_in_a_signed_chain(deployer):
    first = publish(deployer, {"index.html": b"one", "old.html": b"old"})
    second = publish(deployer, {"index.html": b"two", "old.html": None}, now=NOW + timedelta(minutes=1))
    assert deployer.releases(HOST) == (first, second)
    assert second.parent == first.digest
    assert public(deployer) == {"index.html": b"two"}
    assert chain_problems(deployer) == []
    assert deployer.find(HOST, "index.html").size == 3
    assert deployer.find(HOST, "old.html") is None


def test_what_changes_nothing_makes_no_release(deployer):
    first = publish(deployer, {"index.html": b"one"})
    assert publish(deployer, {"index.html": b"one", "never.html": None}, now=NOW + timedelta(1)) == first
    assert len(deployer.releases(HOST)) == 1


def test_a_tree_prepared_upon_an_older_release_is_refused(deployer):
    publish(deployer, {"index.html": b"one"})
    stale = deployer.prepare(HOST, stored(deployer, {"index.html": b"stale"}))
    publish(deployer, {"index.html": b"two"})
    with pytest.raises(BaseMoved):
        deployer.switch(stale, now=NOW, ledger_head="v1:00")
    assert served(deployer, "index.html") == b"two"


def test_hosts_do_not_disturb_each_other(deployer):
    publish(deployer, {"index.html": b"www"})
    publish(deployer, {"index.html": b"jyj"}, host="jyj.chenghu.localhost")
    assert deployer.hosts() == ("jyj.chenghu.localhost", HOST)
    assert served(deployer, "index.html") == b"www"


@pytest.mark.parametrize("host", ["../etc", ".new-a", "a/b", "", "A.cn", "a..b", "a:80"])
def test_a_host_that_is_no_host_name_is_refused(deployer, host):
    for act in (lambda: deployer.prepare(host, {}), lambda: deployer.recover(host), lambda: deployer.releases(host)):
        with pytest.raises(BadHost):
            act()


def test_objects_are_checked_before_anything_is_public(deployer):
    with pytest.raises(ObjectMissing):
        deployer.prepare(HOST, {"a.html": File("0" * 64, 1)})
    with pytest.raises(ObjectDamaged):
        deployer.prepare(HOST, {"a.html": File(deployer.store.put(b"x"), 2)})
    with pytest.raises(BadPath):
        deployer.prepare(HOST, stored(deployer, {"../a.html": b"x"}))
    assert deployer.sequences(HOST) == []


def test_a_clock_that_went_back_far_is_refused_and_a_little_is_levelled(deployer):
    first = publish(deployer, {"index.html": b"one"})
    with pytest.raises(ClockBehind):
        publish(deployer, {"index.html": b"two"}, now=NOW - timedelta(minutes=1))
    second = publish(deployer, {"index.html": b"two"}, now=NOW - timedelta(seconds=1))
    assert second.moment == first.moment
    assert chain_problems(deployer) == []


def test_without_a_usable_key_nothing_becomes_public(deployer, home):
    publish(deployer, {"index.html": b"one"})
    key = home.keys / "private" / f"{deployer.signer.active().key_id}.key"
    key.chmod(0o644)
    with pytest.raises(KeyExposed):
        publish(deployer, {"index.html": b"two"})
    key.unlink()
    with pytest.raises(KeyMissing):
        publish(deployer, {"index.html": b"two"})
    assert served(deployer, "index.html") == b"one"
    assert deployer.recover(HOST).actions == ()


def test_recovering_a_sound_host_does_nothing(deployer):
    assert deployer.recover(HOST) == Recovered(HOST, 0, ())
    publish(deployer, {"index.html": b"one"})
    assert deployer.recover(HOST) == Recovered(HOST, 1, ())


def test_recovering_puts_back_link_tree_and_head(deployer):
    publish(deployer, {"index.html": b"one"})
    release = publish(deployer, {"index.html": b"two"})
    head = deployer.home.heads_file(HOST).read_bytes()
    deployer.home.public_root(HOST).unlink()
    deployer.home.heads_file(HOST).write_bytes(b"{}")
    deployer.trees.discard(deployer.trees.set_aside(release.root))
    (deployer.home.deployed / f".new-{HOST}").symlink_to("nowhere")
    assert deployer.recover(HOST).actions == ("leftovers", "tree", "link", "heads")
    assert served(deployer, "index.html") == b"two"
    assert deployer.home.heads_file(HOST).read_bytes() == head


def test_a_forged_newest_release_is_never_deployed(deployer):
    publish(deployer, {"index.html": b"one"})
    release = publish(deployer, {"index.html": b"two"})
    file = deployer.home.release_file(HOST, 2)
    file.chmod(0o644)
    file.write_bytes(release.file.replace(b'"reason":""', b'"reason":"x"'))
    for act in (lambda: deployer.recover(HOST), lambda: publish(deployer, {"index.html": b"three"})):
        with pytest.raises(ChainDamaged):
            act()
    assert served(deployer, "index.html") == b"two"


def test_after_a_rotation_recovering_publishes_the_new_key(deployer):
    publish(deployer, {"index.html": b"one"})
    key = deployer.signer.rotate(now=NOW)
    assert deployer.recover(HOST).actions == ("heads",)
    assert key.key_id in deployer.home.heads_file(HOST).read_text()
    assert publish(deployer, {"index.html": b"two"}).key_id == key.key_id
    assert chain_problems(deployer) == []


# ---- going back ------------------------------------------------------------------------------------------------------


def test_a_rollback_is_a_new_release_with_the_old_tree(deployer):
    first = publish(deployer, {"index.html": b"one", "a.html": b"a"})
    publish(deployer, {"index.html": b"two", "a.html": None, "b.html": b"b"})
    back = deployer.rollback(HOST, to_sequence=1, reason="误发", now=NOW, ledger_head="v1:00")
    assert back.kept == ()
    assert (back.release.sequence, back.release.root, back.release.kind) == (3, first.root, "rollback")
    assert (back.release.restores, back.release.reason) == (1, "误发")
    assert public(deployer) == {"index.html": b"one", "a.html": b"a"}
    assert chain_problems(deployer) == []


@pytest.mark.parametrize("keep", [("zw/1.html",), lambda path: path == "zw/1.html"])
def test_a_rollback_never_brings_back_what_was_withdrawn(deployer, keep):
    link = '<a href="/zw/1.html">通知</a>'.encode()
    publish(deployer, {"zw/1.html": b"bad", "zw/1.html.gz": b"bad gz", "zw/index.html": link, "style.css": b"old"})
    today = {
        "zw/1.html": None,
        "zw/1.html.gz": None,
        "zw/1.html.gone": b"gone",
        "zw/index.html": b"no link",
        "style.css": b"new",
    }
    publish(deployer, today)
    back = deployer.rollback(HOST, to_sequence=1, reason="样式有误", now=NOW, ledger_head="v1:00", keep=keep)
    assert public(deployer) == {"zw/1.html.gone": b"gone", "zw/index.html": b"no link", "style.css": b"old"}
    assert back.kept == ("zw/1.html", "zw/1.html.gone", "zw/1.html.gz", "zw/index.html")


def test_a_page_that_only_the_old_tree_has_stays_away_when_it_leads_to_what_was_withdrawn(deployer):
    publish(deployer, {"list/2.html": b"<a href=/zw/1.html>", "zw/1.html": b"bad"})
    publish(deployer, {"list/2.html": None, "zw/1.html": None, "zw/1.html.gone": b"gone"})
    deployer.rollback(HOST, to_sequence=1, reason="x", now=NOW, ledger_head="v1:00", keep=["zw/1.html"])
    assert public(deployer) == {"zw/1.html.gone": b"gone"}


def test_going_back_to_a_release_that_never_was_is_refused(deployer):
    for _ in range(2):
        with pytest.raises(LookupError):
            deployer.rollback(HOST, to_sequence=9, reason="x", now=NOW, ledger_head="v1:00")
        publish(deployer, {"index.html": b"one"})


# ---- a full disk -----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
@pytest.mark.parametrize("inodes", range(30, 75, 3))
def test_a_full_disk_leaves_the_old_page_at_every_step(tmp_path, inodes):
    folder = tmp_path / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size=4m,nr_inodes={inodes}", "none", str(folder)], check=True)
    try:
        releases, refusals = fill_disk(Home(folder))
        assert refusals == 1 or not releases
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill_disk(home: Home) -> tuple[int, int]:
    """Publish until the disk is full; the page is always that of the newest release."""
    try:
        ring = KeyRing(home.prepare())
        ring.create(now=NOW)
    except OSError:
        return 0, 0
    deployer = Deployer(home, ring)
    for number in range(1000):
        try:
            publish(deployer, {"a/index.html": b"%d" % number})
        except OSError as error:
            assert "space" in str(error)
            assert len(deployer.sequences(HOST)) == number
            assert served(deployer, "a/index.html") == (b"%d" % (number - 1) if number else None)
            assert chain_problems_or_none(deployer) == []
            return number, 1
    return number, 0


def chain_problems_or_none(deployer: Deployer):
    return chain_problems(deployer) if deployer.sequences(HOST) else []

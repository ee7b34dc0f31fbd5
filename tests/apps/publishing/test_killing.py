"""Kill -9 at every step and at random moments: the public always sees an old page or a new one, whole."""

import os
import random
import signal
import sys
import time
from datetime import UTC, datetime
from multiprocessing import get_context

import pytest

from jiyue.domain.manifests import File
from jiyue.foundation.home import Home
from jiyue.foundation.keys import KeyRing
from jiyue.publishing.deploying import BaseMoved, Deployer
from jiyue.publishing.verifying import verify

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOST = "www.chenghu.localhost"
PATHS = ("index.html", "zw/index.html", "zw/2026/1.html")
TRIALS = 200
# Everything that touches the disk announces itself to audit hooks under one of these names.
DISK = frozenset({"open", "os.rename", "os.link", "os.symlink", "os.mkdir", "os.chmod", "os.remove", "os.utime"})


@pytest.fixture
def deployer(tmp_path):
    home = Home(tmp_path / "home").prepare()
    ring = KeyRing(home)
    ring.create(now=NOW)
    return Deployer(home, ring)


def publish(deployer: Deployer, number: int) -> None:
    data = b"%d" % number
    file = File(deployer.store.put(data), len(data))
    prepared = deployer.prepare(HOST, dict.fromkeys(PATHS, file))
    deployer.switch(prepared, now=NOW, ledger_head="v1:00")


def publish_for_ever(deployer: Deployer, first: int) -> None:
    number = first
    while True:
        publish(deployer, number)
        number += 1


def public(deployer: Deployer) -> list[bytes]:
    root = deployer.home.public_root(HOST)
    return [(root / path).read_bytes() for path in PATHS]


def assert_sound(deployer: Deployer) -> int:
    """Link, head, chain, directories and bytes are right; gives the number that is public."""
    assert verify(deployer.home).problems == ()
    pages = public(deployer)
    assert len(set(pages)) == 1
    newest = deployer.newest(HOST)
    assert deployer.find(HOST, "index.html").digest == deployer.store.put(pages[0])
    assert newest.sequence == len(deployer.sequences(HOST))
    return int(pages[0])


def test_killed_at_random_moments_nothing_is_half_public(deployer):
    chance = random.Random(20260302)  # noqa: S311 the moments are to be the same in every run
    publish(deployer, 0)
    number = 0
    for trial in range(TRIALS):
        process = get_context("fork").Process(target=publish_for_ever, args=(deployer, number + 1))
        process.start()
        if trial % 10 == 0:  # on a busy machine hardly one gets through within the moments below
            await_release(deployer, trial)
        time.sleep(chance.uniform(0.0, 0.02))
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        assert process.exitcode == -signal.SIGKILL
        # Before anything is repaired, visitors already see one release, whole.
        assert len(set(public(deployer))) == 1
        deployer.recover(HOST)
        assert deployer.recover(HOST).actions == ()
        assert int(public(deployer)[0]) >= number
        number = int(public(deployer)[0])
        # The whole chain takes longer with each release; every step has its turn in the test below.
        if trial % 10 == 9:
            assert assert_sound(deployer) == number
    assert number >= 10  # some got through between the kills


def await_release(deployer: Deployer, trial: int) -> None:
    """Until the child has made one release more, or a minute has passed."""
    had, until = public(deployer), time.monotonic() + 60
    while public(deployer) == had:
        assert time.monotonic() < until, f"nothing was published in trial {trial}"
        time.sleep(0.002)


def publish_and_die_at(deployer: Deployer, number: int, step: int) -> None:
    left = step

    def count(event: str, _arguments: tuple) -> None:
        nonlocal left
        if event in DISK:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    publish(deployer, number)
    os._exit(0)


def test_killed_at_every_single_step_nothing_is_half_public(deployer):
    publish(deployer, 0)
    number, step, died = 0, 0, True
    mended = set()
    while died:
        process = get_context("fork").Process(target=publish_and_die_at, args=(deployer, number + 1, step))
        process.start()
        process.join()
        died = process.exitcode == -signal.SIGKILL
        assert public(deployer) in ([b"%d" % number] * 3, [b"%d" % (number + 1)] * 3)
        mended |= set(deployer.recover(HOST).actions)
        number = assert_sound(deployer)
        step += 1
    assert step > 40
    assert mended == {"leftovers", "link", "heads"}


def test_two_processes_that_publish_at_once_take_turns(deployer):
    publish(deployer, 0)
    processes = [get_context("fork").Process(target=publish_fifty, args=(deployer, name)) for name in (b"a", b"b")]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert len(deployer.sequences(HOST)) == 101
    assert verify(deployer.home).problems == ()
    assert [(deployer.home.public_root(HOST) / name).read_bytes() for name in "ab"] == [b"49", b"49"]


def publish_fifty(deployer: Deployer, name: bytes) -> None:
    for number in range(50):
        data = b"%d" % number
        changes = {name.decode(): File(deployer.store.put(data), len(data))}
        while True:
            try:
                deployer.switch(deployer.prepare(HOST, changes), now=NOW, ledger_head="v1:00")
                break
            except BaseMoved:
                continue

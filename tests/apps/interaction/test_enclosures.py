"""Files for a sender to take away: locked, whole or not there, and forgotten after their time."""

import os
import signal
from datetime import UTC, datetime, timedelta

import pytest

from jiyue.foundation import durable
from jiyue.foundation.home import Home
from jiyue.interaction.letterbox import ENCLOSURES_KEPT, LetterBox

NUMBER, NAME, DATA = "20261120-000001", "letter-2026-1.pdf", b"%PDF-canary"
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def box(tmp_path):
    return LetterBox(Home(tmp_path / "var").prepare())


def files_in(box):
    return [path for path in box.enclosures.folder.rglob("*") if path.is_file()]


def test_only_the_key_of_the_ticket_opens_what_lies_there(box):
    key, other = box.tickets.issue("0123456789"), box.tickets.issue("9876543210")
    box.enclosures.put(NUMBER, NAME, key, DATA, at=NOW)
    assert box.enclosures.read(NUMBER, NAME, key) == DATA
    assert box.enclosures.size(NUMBER, NAME) == len(DATA)
    assert box.enclosures.read(NUMBER, NAME, other) is None
    assert box.enclosures.read(NUMBER, "letter-2026-2.pdf", key) is None
    (path,) = files_in(box)
    assert DATA not in path.read_bytes() and NUMBER not in str(path)
    assert path.stat().st_mode & 0o777 == 0o600
    # moved to another request or name, it is no longer what it was locked for
    moved = box.enclosures._path("20261120-000002", NAME)
    moved.parent.mkdir(parents=True)
    moved.write_bytes(path.read_bytes())
    assert box.enclosures.read("20261120-000002", NAME, key) is None
    path.write_bytes(path.read_bytes()[:-1])
    assert box.enclosures.read(NUMBER, NAME, key) is None


@pytest.mark.parametrize("name", ["", "../1", "a/b", ".hidden", "A.pdf", "a" * 90, "名.pdf", "a\n"])
def test_no_name_leads_out_of_the_folder(box, name):
    key = box.tickets.issue("0123456789")
    assert box.enclosures.read(NUMBER, name, key) is None
    with pytest.raises(ValueError):
        box.enclosures.put(NUMBER, name, key, DATA, at=NOW)


def test_a_kill_leaves_nothing_or_the_whole(box):
    key = box.tickets.issue("0123456789")
    child = os.fork()
    if not child:
        durable.os.rename = lambda *_paths: os.kill(os.getpid(), signal.SIGKILL)
        box.enclosures.put(NUMBER, NAME, key, DATA, at=NOW)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert box.enclosures.read(NUMBER, NAME, key) is None
    assert box.enclosures.size(NUMBER, NAME) is None
    box.enclosures.put(NUMBER, NAME, key, DATA, at=NOW)
    assert box.enclosures.read(NUMBER, NAME, key) == DATA
    assert box.clear(now=NOW + ENCLOSURES_KEPT + timedelta(days=1)) == 2  # the file, and what the killed one left


def test_what_was_kept_its_time_is_forgotten(box):
    key = box.tickets.issue("0123456789")
    box.enclosures.put(NUMBER, NAME, key, DATA, at=NOW)
    box.enclosures.put(NUMBER, "letter-2026-2.pdf", key, DATA, at=NOW + timedelta(days=30))
    assert box.clear(now=NOW + ENCLOSURES_KEPT - timedelta(hours=1)) == 0
    assert box.clear(now=NOW + ENCLOSURES_KEPT + timedelta(hours=1)) == 1
    assert box.enclosures.read(NUMBER, NAME, key) is None
    assert box.enclosures.read(NUMBER, "letter-2026-2.pdf", key) == DATA
    assert box.clear(now=NOW + 2 * ENCLOSURES_KEPT) == 1
    assert not any(box.enclosures.folder.glob("??/*"))

"""The letter box: whole or not at all, whatever is killed, full, damaged or forged."""

import errno
import json
import os
import signal
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jiyue.domain.letter_files import FileRefused
from jiyue.foundation import durable
from jiyue.foundation.home import Home
from jiyue.interaction.letterbox import (
    BadToken,
    Damaged,
    Letter,
    LetterBox,
    NewLetter,
    NewWord,
    NoRoom,
    Receipt,
    Word,
    drafts,
    new_token,
)

NOW = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # the 23rd in Shanghai
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 100


@pytest.fixture
def box(tmp_path):
    return LetterBox(Home(tmp_path / "home").prepare())


def letter(token: str = "", **changed: object) -> NewLetter:
    given = {
        "token": token or new_token(), "kind": "enquiry", "host": "www.chenghu.localhost", "at": NOW,
        "language": "zh-CN", "fields": {"title": "路灯不亮", "text": "三天了", "phone": "000-1234567"},
    }  # fmt: skip
    return NewLetter(**given | changed)


def all_of(box: LetterBox) -> list[Letter | Word | Damaged]:
    return list(box.waiting())


def key_of(box: LetterBox, receipt: Receipt):
    opened = box.tickets.open(receipt.number, receipt.code)
    assert opened is not None
    return opened.key


def test_a_letter_is_taken_out_as_it_was_put_in(box):
    token = new_token()
    kept = box.drafts.keep(token, "照片.png", PNG)
    receipt = box.drop(letter(token), [kept])
    (found,) = all_of(box)
    assert receipt.number.startswith("20261123-") and len(receipt.code) == 10
    assert found.number == receipt.number and found.fields["title"] == "路灯不亮" and found.at == receipt.at
    assert [(file.n, file.name, file.size) for file in found.files] == [(1, "照片.png", len(PNG))]
    assert box.file(found, 1).read_bytes() == PNG
    with pytest.raises(KeyError):
        box.file(found, 2)


def test_only_its_owner_can_look_into_the_box(box):
    box.drop(letter())
    kept = [path for path in box.folder.rglob("*") if path.name != "locks" and path.parent.name != "locks"]
    modes = {stat.S_IMODE(path.stat().st_mode) for path in [box.folder, *kept]}
    assert modes == {0o700, 0o600}


def test_letters_come_out_in_the_order_in_which_they_came(box):
    tokens = [box.drop(letter()).number for _ in range(5)]
    assert [found.number for found in all_of(box)] == tokens


def test_sending_twice_gives_the_same_receipt_and_one_letter(box):
    one = letter()
    first = box.drop(one)
    assert box.drop(one) == first
    (found,) = all_of(box)
    box.taken(found.token)
    assert box.drop(replace(one, fields={"title": "改过"})) == first
    assert all_of(box) == []
    assert box.receipt(one.token) == first and box.receipt(new_token()) is None


def test_taking_twice_does_no_harm(box):
    box.drop(letter())
    (found,) = all_of(box)
    box.taken(found.token)
    box.taken(found.token)
    assert all_of(box) == [] and box.tmp.exists()


def test_the_code_opens_the_ticket_and_nothing_else_does(box):
    receipt = box.drop(letter())
    state = box.tickets.read(receipt.number, receipt.code)
    assert state["state"] == "received" and state["may"] == ["supplement", "withdraw"] and state["title"] == "路灯不亮"
    other = f"{(int(receipt.code) + 1) % 10**10:010d}"
    assert box.tickets.read(receipt.number, other) is None
    assert box.tickets.read("20261123-000000", receipt.code) is None
    stored = b"".join(path.read_bytes() for path in box.folder.rglob("*") if path.is_file())
    assert receipt.code.encode() not in stored


def test_the_worker_writes_what_the_sender_reads_next(box):
    receipt = box.drop(letter())
    (found,) = all_of(box)
    box.tickets.write(receipt.number, found.ticket, {"state": "accepted", "steps": []})
    assert box.tickets.read(receipt.number, receipt.code) == {"state": "accepted", "steps": []}


@pytest.mark.parametrize("damage", [b"", b"JYT1", b"JYT1" + b"\xff" * 60, b"nonsense" * 20])
def test_a_damaged_ticket_opens_for_nobody(box, damage):
    receipt = box.drop(letter())
    (path,) = [path for path in box.tickets.folder.rglob("*") if path.is_file()]
    path.write_bytes(damage)
    assert box.tickets.read(receipt.number, receipt.code) is None


def test_a_ticket_cannot_be_put_in_the_place_of_another(box):
    first, second = box.drop(letter()), box.drop(letter())
    one, other = box.tickets._path(first.number), box.tickets._path(second.number)
    other.write_bytes(one.read_bytes())
    assert box.tickets.read(second.number, first.code) is None


# ── further words ──


def test_a_further_word_is_proved_by_the_ticket(box):
    receipt = box.drop(letter())
    (first,) = all_of(box)
    box.taken(first.token)
    key = key_of(box, receipt)
    word = NewWord(new_token(), receipt.number, "supplement", NOW, {"text": "在北段"})
    box.drop_word(word, key)
    box.drop_word(word, key)
    (found,) = all_of(box)
    assert isinstance(found, Word) and found.fields == {"text": "在北段"} and found.is_proved(first.ticket)
    assert not replace(found, act="withdraw").is_proved(first.ticket)
    stranger = box.tickets.issue("0000000000")
    assert not found.is_proved(stranger)
    box.taken(word.token)
    box.drop_word(word, key)
    assert all_of(box) == []


# ── kills ──


def _killed_at(step: int, act) -> bytes | None:
    """What a child process told before it was killed at its `step`-th call that changes the disk; None if it ended."""
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        left = [step]

        def deadly(real):
            def call(*args, **named):
                left[0] -= 1
                if left[0] <= 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*args, **named)

            return call

        for name in ("fsync", "rename", "write", "mkdir", "link", "unlink", "rmdir"):
            setattr(os, name, deadly(getattr(os, name)))
        told = act()

        with open(write_end, "wb") as out:
            out.write(told)
        os._exit(0)
    os.close(write_end)
    with open(read_end, "rb") as given:
        told = given.read()
    _pid, status = os.waitpid(pid, 0)
    return told if os.WIFSIGNALED(status) else None


def _steps(act_of, check) -> int:
    step = 1
    while _killed_at(step, act_of(step)) is not None:
        check(step)
        step += 1
        assert step < 200
    check(step)
    return step


def test_killed_at_any_step_a_letter_is_whole_or_not_there_and_sent_again_it_is_one(box):
    tokens = {step: new_token() for step in range(1, 200)}

    def act_of(step):
        return lambda: box.drop(letter(tokens[step]), [box.drafts.keep(tokens[step], "a.png", PNG)]).number.encode()

    def check(step):
        token = tokens[step]
        assert not [found for found in all_of(box) if isinstance(found, Damaged)]
        before = [found.number for found in all_of(box)]
        if step % 2:  # the worker may have been quicker than the second sending
            for found in all_of(box):
                box.taken(found.token)
        receipt = box.drop(letter(token), [box.drafts.keep(token, "a.png", PNG)])
        mine = [found.number for found in all_of(box)]
        assert mine == [receipt.number] or (step % 2 and before == [receipt.number] and mine == [])
        assert box.tickets.read(receipt.number, receipt.code)["state"] == "received"
        for found in all_of(box):
            box.taken(found.token)

    assert _steps(act_of, check) > 15


def test_a_page_sent_again_after_its_receipt_was_forgotten_is_a_new_letter(box):
    one = letter()
    first = box.drop(one)
    box.clear(now=datetime.now(UTC) + timedelta(days=4))
    second = box.drop(one)
    found = all_of(box)
    assert [letter.number for letter in found] == [first.number, second.number]
    assert len({letter.token for letter in found} | {one.token}) == 3


def test_what_was_told_to_the_sender_is_on_the_disk(box):
    """A receipt that left the process is a letter in the box, even when the process dies in the next moment."""
    token = new_token()
    read_end, write_end = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(write_end, box.drop(letter(token)).number.encode())
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    told = os.read(read_end, 100).decode()
    assert [found.number for found in all_of(box)] == [told]


def test_killed_at_any_step_a_word_is_whole_or_not_there(box):
    receipt = box.drop(letter())
    key = key_of(box, receipt)
    box.taken(next(iter(box.waiting())).token)
    tokens = {step: new_token() for step in range(1, 200)}

    def word(step):
        return NewWord(tokens[step], receipt.number, "rate", NOW, {"score": "5"})

    def act_of(step):
        return lambda: box.drop_word(word(step), key) or b"told"

    def check(step):
        box.drop_word(word(step), key)
        assert [found.token for found in all_of(box)] == [tokens[step]]
        box.taken(tokens[step])

    assert _steps(act_of, check) > 5


# ── full disk, damage, forgery ──


@pytest.mark.parametrize("number", sorted(durable.FULL))
@pytest.mark.parametrize("at", range(1, 8))
def test_a_full_disk_is_told_and_nothing_half_stays(box, monkeypatch, number, at):
    one, left, real = letter(), [at], durable.write_all

    def full(descriptor: int, data: bytes) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(number, os.strerror(number))
        real(descriptor, data)

    monkeypatch.setattr(durable, "write_all", full)
    if at <= 3:
        with pytest.raises(OSError, match=os.strerror(number)) as raised:
            box.drop(one)
        assert durable.is_full(raised.value) and all_of(box) == []
    assert not list(box.tmp.glob("put-*"))
    left[0] = 0
    receipt = box.drop(one)
    assert [found.number for found in all_of(box)] == [receipt.number]


def test_files_of_strangers_leave_room_for_letters(box, monkeypatch):
    monkeypatch.setattr(drafts, "KEPT_FREE", 1 << 62)
    with pytest.raises(NoRoom):
        box.drafts.keep(new_token(), "a.png", PNG)
    assert box.drop(letter()).number


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (lambda folder: (folder / "letter.json").write_bytes(b"{"), "not JSON"),
        (lambda folder: (folder / "letter.json").write_bytes(b"[" * 100_000), "not JSON"),
        (lambda folder: (folder / "letter.json").write_bytes(b" " * 300_000), "too long"),
        (lambda folder: (folder / "letter.json").write_bytes(b"[]"), "not an object"),
        (lambda folder: (folder / "letter.json").unlink(), "no letter in it"),
        (lambda folder: (folder / "1").unlink(), "file 1: No such file or directory"),
        (lambda folder: (folder / "1").write_bytes(b"x" * len(PNG)), "file 1: digest"),
        (lambda folder: (folder / "1").write_bytes(b"x"), "file 1: size"),
    ],
)
def test_damage_is_told_and_set_aside(box, damage, why):
    token = new_token()
    box.drop(letter(token), [box.drafts.keep(token, "a.png", PNG)])
    (stored,) = (found.token for found in all_of(box))
    damage(box.inside / stored)
    box.drop(letter())
    bad, good = sorted(all_of(box), key=lambda found: isinstance(found, Letter))
    assert bad == Damaged(stored, why) and isinstance(good, Letter)
    box.set_aside(stored)
    box.set_aside(stored)
    assert [type(found) for found in all_of(box)] == [Letter]
    assert len(list(box.damaged.iterdir())) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2}, {"token": "0" * 32}, {"number": "1"}, {"number": "../../x"}, {"kind": "bribe"}, {"fields": {"a": 1}},
        {"fields": None}, {"ticket": None}, {"ticket": {"salt": "zz", "key": "00"}}, {"files": {}}, {"host": 7},
        {"files": [{"n": 2, "name": "a", "size": 1, "digest": "", "type": ""}]},
        {"files": [{"n": 1, "name": "../a", "size": 1, "digest": "", "type": ""}]},
        {"files": [{"n": True, "name": "a", "size": 1, "digest": "", "type": ""}]},
        {"files": [{"n": 1, "name": "a", "size": 1, "digest": "", "type": ""}] * 6},
    ],
)  # fmt: skip
def test_a_letter_that_says_what_no_letter_says_is_damaged(box, change):
    box.drop(letter())
    (path,) = box.inside.glob("*/letter.json")
    path.write_text(json.dumps(json.loads(path.read_bytes()) | change))
    assert [type(found) for found in all_of(box)] == [Damaged]


def test_links_lead_nowhere(box, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "letter.json").write_text("{}")
    token = new_token()
    box.drop(letter(token), [box.drafts.keep(token, "a.png", PNG)])
    (inner,) = box.inside.glob("*/1")
    (box.inside / ("a" * 32)).symlink_to(outside)
    inner.unlink()
    inner.symlink_to("/etc/hostname")
    assert [type(found) for found in all_of(box)] == [Damaged, Damaged]
    box.set_aside("a" * 32)
    assert (outside / "letter.json").exists()


@pytest.mark.parametrize("token", ["", "..", "../../x", "A" * 32, "0" * 31, "0" * 32 + "\n", "0" * 33])
def test_a_token_is_thirty_two_digits_and_nothing_else(box, token):
    for act in (
        lambda: box.drop(replace(letter(), token=token)), lambda: box.taken(token), lambda: box.receipt(token),
        lambda: box.drafts.keep(token, "a.png", PNG), lambda: box.drafts.of(token), lambda: box.drafts.remove(token, "0" * 16),
    ):  # fmt: skip
        with pytest.raises(BadToken):
            act()


@pytest.mark.parametrize("name", ["", "..", "../in", "a/b"])
def test_nothing_outside_the_box_is_set_aside(box, name):
    with pytest.raises(ValueError, match="'"):
        box.set_aside(name)


# ── files of unfinished letters, and clearing ──


def test_files_are_kept_once_in_order_and_can_be_removed(box):
    token = new_token()
    first = box.drafts.keep(token, "../b.png", PNG)
    second = box.drafts.keep(token, "a.png", PNG)
    assert box.drafts.keep(token, "b.png", PNG) == first
    assert [kept.name for kept in box.drafts.of(token)] == ["b.png", "a.png"]
    box.drafts.remove(token, "../../in")
    box.drafts.remove(token, first.id)
    assert box.drafts.of(token) == (second,)
    box.drafts.forget(token)
    assert box.drafts.of(token) == ()


def test_six_files_are_one_too_many(box):
    token = new_token()
    for n in range(5):
        box.drafts.keep(token, f"{n}.png", PNG)
    with pytest.raises(FileRefused, match="too_many"):
        box.drafts.keep(token, "5.png", PNG)
    assert len(box.drafts.of(token)) == 5


def test_what_nobody_sent_is_forgotten_and_what_waits_is_not(box):
    left, sent = new_token(), letter()
    box.drafts.keep(left, "a.png", PNG)
    receipt = box.drop(sent)
    later = datetime.now(UTC) + timedelta(days=2, hours=1)
    assert box.clear(now=later) == 1
    assert box.drafts.of(left) == () and box.receipt(sent.token) == receipt
    assert box.clear(now=later + timedelta(days=1)) == 1
    assert box.receipt(sent.token) is None
    assert [found.number for found in all_of(box)] == [receipt.number]
    assert box.tickets.read(receipt.number, receipt.code) is not None


def test_another_error_of_the_disk_is_not_hidden(box, monkeypatch):
    def broken(*_args):
        raise OSError(errno.EIO, "io")

    monkeypatch.setattr(os, "rename", broken)
    with pytest.raises(OSError, match="io"):
        box.drop(letter())


def test_the_box_is_there_after_preparing_twice(tmp_path):
    home = Home(tmp_path / "home").prepare()
    LetterBox(home), LetterBox(home.prepare())
    assert sorted(path.name for path in Path(home.letters).iterdir()) == [
        "damaged", "enclosures", "in", "receipts", "tickets", "tmp",
    ]  # fmt: skip

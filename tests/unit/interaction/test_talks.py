"""The box of live enquiries: whole or not there, once, proved, and read by the holder of the secret alone."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from jiyue.foundation.home import Home
from jiyue.interaction.letterbox import BadToken, Damaged, StoredFile
from jiyue.interaction.letterbox import talks as box_of
from jiyue.interaction.letterbox.talks import BoxFull, Said, TalkBox, key_of, room_of, ticket_of

SECRET, OTHER = "5" * 32, "6" * 32


@pytest.fixture
def box(tmp_path) -> TalkBox:
    return TalkBox(Home(tmp_path).prepare())


def said(token: str = "a" * 32, act: str = box_of.SAY, text: str = "在吗") -> Said:
    return Said(token, room_of(SECRET), act, "www.example.test", "2026-11-23T02:00:00+00:00", "zh-CN", {"text": text})


def test_what_was_said_comes_out_as_it_went_in(box):
    first = said().proved(key_of(SECRET))
    box.drop(first)
    assert list(box.waiting()) == [first]
    assert first.is_proved(key_of(SECRET)) and not first.is_proved(key_of(OTHER))
    box.taken(first.token)
    box.taken(first.token)
    assert list(box.waiting()) == []


def test_the_same_token_again_changes_nothing(box):
    box.drop(said(text="第一次"))
    box.drop(said(text="第二次"))
    assert [one.fields["text"] for one in box.waiting()] == ["第一次"]


def test_words_come_out_in_their_order(box):
    for n in range(20):
        box.drop(said(f"{19 - n:032x}", text=str(n)))
    assert [one.fields["text"] for one in box.waiting()] == [str(n) for n in range(20)]


def test_no_trace_of_a_writer_that_was_killed_is_taken_for_a_word(box):
    (box.inside / ".tmp-1-abc").write_bytes(b"{")
    assert list(box.waiting()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2}, {"token": "b" * 32}, {"act": "erase"}, {"room": "../../etc"}, {"fields": {"text": 1}}, {"fields": []},
        {"at": None},
        {"host": 7}, {"key": "z" * 64}, {"key": "a" * 63},
    ],
)  # fmt: skip
def test_what_reads_wrong_is_damaged(box, change):
    data = json.loads(said().written()) | change
    (box.inside / f"{'a' * 32}.json").write_text(json.dumps(data))
    [found] = box.waiting()
    assert isinstance(found, Damaged)
    box.set_aside(found.name)
    assert list(box.waiting()) == [] and any(box.damaged.iterdir())


@pytest.mark.parametrize("data", [b"", b"\xff", b"[" * 90_000, b"{}" + b" " * 70_000])
def test_bytes_that_are_no_word_are_damaged(box, data):
    (box.inside / f"{'a' * 32}.json").write_bytes(data)
    assert all(isinstance(found, Damaged) for found in box.waiting())


def test_only_the_secret_opens_the_file(box):
    box.write(room_of(SECRET), key_of(SECRET), {"seq": 1, "words": ["您好"]})
    assert box.read(SECRET) == {"seq": 1, "words": ["您好"]}
    assert box.read(OTHER) is None
    path = box.room_file(room_of(SECRET))
    assert "您好".encode() not in path.read_bytes()
    path.rename(box.room_file(room_of(OTHER)))
    assert box.read(OTHER) is None and box.read(SECRET) is None
    box.room_file(room_of(OTHER)).write_bytes(b"short")
    assert box.read(OTHER) is None


def test_the_first_page_replaces_none(box):
    box.write(room_of(SECRET), key_of(SECRET), {"seq": 5})
    box.create(SECRET, {"seq": 0})
    assert box.read(SECRET) == {"seq": 5}


def test_a_name_that_leads_out_is_refused(box):
    for text in ("", "../x", "A" * 32, "a" * 31):
        with pytest.raises(BadToken):
            box.read(text)
    with pytest.raises(ValueError, match="x"):
        box.set_aside("../x")


def test_a_flood_is_refused_and_not_lost(box, monkeypatch):
    monkeypatch.setattr(box_of, "MOST_LYING", 3)
    for n in range(3):
        box.drop(said(f"{n:032x}"))
    with pytest.raises(BoxFull):
        box.drop(said("f" * 32))
    assert len(list(box.waiting())) == 3


def test_files_that_no_browser_remembers_are_forgotten(box):
    now = datetime.now(UTC)
    box.write(room_of(SECRET), key_of(SECRET), {"seq": 1})
    box.hang_out("www.example.test", {"why": ""})
    assert box.clear(now=now) == 0
    assert box.clear(now=now + timedelta(days=3)) == 1
    assert box.read(SECRET) is None and box.sign("www.example.test")


def test_the_sign_of_a_desk_is_its_own(box):
    box.hang_out("www.example.test", {"why": ""})
    assert box.sign("www.example.test") == {"why": ""} and box.sign("other.example.test") is None
    box.take_in("www.example.test")
    box.take_in("www.example.test")
    assert box.sign("www.example.test") is None


def test_what_killed_writers_left_is_no_word_and_goes(box, monkeypatch):
    now = datetime.now(UTC)
    monkeypatch.setattr(box_of, "MOST_LYING", 2)
    for folder in (box.inside, box.rooms):
        for n in range(3):
            (folder / f".tmp-1-{n}").write_bytes(b"{")
    box.drop(said())
    assert box.clear(now=now) == 0
    assert box.clear(now=now + timedelta(hours=2)) == 6
    assert len(list(box.waiting())) == 1


def test_a_form_is_spent_for_one_conversation(box):
    assert box.spend("a" * 32, "b" * 32) and box.spend("a" * 32, "b" * 32) and not box.spend("a" * 32, "c" * 32)


PNG = b"\x89PNG\r\n\x1a\n" + b"canary" * 20


def with_file(box, token: str = "a" * 32, text: str = "看照片") -> tuple[Said, list]:
    kept = box.drafts.keep("f" * 32, "照片.png", PNG)
    files = (StoredFile(1, kept.name, kept.size, kept.digest, kept.type),)
    return replace(said(token, text=text), files=files).proved(key_of(SECRET)), [box.drafts.path("f" * 32, kept)]


def test_a_word_without_files_is_written_as_it_always_was(box):
    assert b"files" not in said().written()


def test_a_file_comes_out_with_its_word_and_goes_with_it(box):
    word, sources = with_file(box)
    for _time in range(2):
        box.drop(word, sources)
    assert list(box.waiting()) == [word] and word.is_proved(key_of(SECRET))
    assert not replace(word, files=()).is_proved(key_of(SECRET))
    assert box.file(word, 1).read_bytes() == PNG and box.file(word, 1).stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyError):
        box.file(word, 2)
    box.taken(word.token)
    assert list(box.waiting()) == [] and list(box.brought.iterdir()) == []


def test_a_file_whose_bytes_are_others_is_damaged_and_waits_for_a_person(box):
    word, sources = with_file(box)
    box.drop(word, sources)
    path = box.file(word, 1)
    path.unlink()
    path.write_bytes(PNG[:-1] + b"!")
    (found,) = box.waiting()
    assert isinstance(found, Damaged)
    box.set_aside(found.name)
    assert list(box.waiting()) == [] and list(box.brought.iterdir()) == []
    assert sorted(path.is_dir() for path in box.damaged.iterdir()) == [False, True]


@pytest.mark.parametrize("act", [box_of.OPEN, box_of.END, box_of.RATE])
def test_files_come_with_what_is_said_alone(box, act):
    word, sources = with_file(box)
    box.drop(replace(word, act=act), sources)
    (found,) = box.waiting()
    assert isinstance(found, Damaged)


def test_files_of_a_word_that_never_came_go_and_those_of_one_that_waits_stay(box):
    word, sources = with_file(box)
    box.drop(word, sources)
    orphan, sources = with_file(box, "b" * 32)
    box._put_files(orphan.token, sources)  # killed before the word was linked
    box.clear(now=datetime.now(UTC) + timedelta(hours=3))
    assert [path.name for path in box.brought.iterdir()] == [word.token]


def test_what_was_handed_back_goes_with_the_conversation(box):
    page = {"seq": 1, "words": []}
    box.write(room_of(SECRET), key_of(SECRET), page)
    lock = ticket_of(key_of(SECRET))
    box.enclosures.put(room_of(SECRET), "3-1.pdf", lock, b"%PDF-canary", at=datetime.now(UTC))
    assert box.enclosures.read(room_of(SECRET), "3-1.pdf", lock) == b"%PDF-canary"
    assert box.enclosures.read(room_of(SECRET), "3-1.pdf", ticket_of(key_of(OTHER))) is None
    box.clear(now=datetime.now(UTC) + timedelta(days=1))
    assert box.enclosures.size(room_of(SECRET), "3-1.pdf") is not None
    box.clear(now=datetime.now(UTC) + timedelta(days=3))
    assert box.read(SECRET) is None and box.enclosures.size(room_of(SECRET), "3-1.pdf") is None

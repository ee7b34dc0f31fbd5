"""What no row names goes after a day, and is kept aside for a month."""

import os
from datetime import timedelta

import pytest

from jiyue.content.actions import store_attachment, store_picture
from jiyue.content.uploads import ASIDE, GRACE, KEPT, Cleared, clear_uploads
from tests.pictures import png

pytestmark = pytest.mark.django_db


@pytest.fixture
def uploads(home):
    return home / "uploads"


def left(folder, name: str, *, at) -> str:
    """A file as a killed process leaves it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    os.utime(path, (at.timestamp(), at.timestamp()))
    return name


def names(folder) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_what_no_row_names_is_set_aside_after_a_day_and_removed_after_a_month(uploads, now):
    left(uploads, "documents/half.pdf", at=now - GRACE - timedelta(minutes=1))
    young = left(uploads, "documents/young.pdf", at=now - GRACE + timedelta(minutes=1))
    assert clear_uploads(uploads, now=now) == Cleared(set_aside=1, removed=0)
    assert names(uploads) == {young, f"{ASIDE}/documents/half.pdf"}
    almost = now + KEPT - timedelta(minutes=1)
    os.utime(uploads / young, (almost.timestamp(), almost.timestamp()))
    assert clear_uploads(uploads, now=almost) == Cleared(0, 0)
    assert clear_uploads(uploads, now=almost + timedelta(minutes=2)) == Cleared(set_aside=0, removed=1)
    assert names(uploads) == {young}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_whatever_a_row_names_stays(cast, uploads, now):
    common = {"site": cast.city.site, "by": cast.city.editor, "now": now, "title": "湖"}
    picture = store_picture(name="a.png", data=png(), **common)
    store_attachment(name="a.txt", data="内容".encode(), **common)
    picture.get_rendition("max-4x4")
    before = names(uploads)
    assert len(before) == 3
    for name in before:
        left_long_ago = (now - timedelta(days=400)).timestamp()
        os.utime(uploads / name, (left_long_ago, left_long_ago))
    assert clear_uploads(uploads, now=now) == Cleared(0, 0)
    assert names(uploads) == before


def test_an_empty_home_has_nothing_to_clear(uploads, now):
    assert clear_uploads(uploads, now=now) == Cleared(0, 0)


def test_a_second_file_of_a_name_keeps_its_name_too(cast, uploads, now):
    """Findings, lists and public addresses tell the name that was uploaded, never one with random letters in it."""
    given = {"site": cast.city.site, "title": "附件", "by": cast.city.editor, "now": now}
    files = [store_attachment(data=text, name="实施方案.v1.txt", **given) for text in (b"one", b"two", b"three")]
    assert {file.filename for file in files} == {"实施方案.v1.txt"}
    assert len({file.file.name for file in files}) == 3 and len(names(uploads)) == 3
    long = [store_attachment(data=text, name=f"{'很长的文件名' * 20}.txt", **given) for text in (b"four", b"five")]
    assert all(file.filename.endswith(".txt") and file.filename.startswith("很长的文件名") for file in long)
    assert clear_uploads(uploads, now=now + GRACE * 2) == Cleared(0, 0)

"""What letters must say, and which files may come with them."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiyue.domain.letter_files import FileRefused, judge, refuse_too_many, shown_name
from jiyue.domain.letters import (
    KINDS,
    LARGEST_FILE,
    MATTER,
    PERSON,
    WORDS,
    Problem,
    code_of,
    code_shown,
    is_phone,
    number_of,
    problems,
    problems_of_word,
    tidied,
)

WHOLE = {
    "title": "路灯不亮", "text": "湖滨路北段的路灯三天不亮了。", "name": "测试甲", "phone": "000-1234567", "public": "yes",
}  # fmt: skip


def test_a_whole_letter_has_no_problem():
    assert problems("enquiry", WHOLE) == []


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_letter_is_told_everything_it_lacks(kind):
    needed = [field.name for field in KINDS[kind].fields if field.needed and not field.of]
    missing = [problem.field for problem in problems(kind, {}) if problem.code == "missing"]
    assert missing == needed


def test_somebody_must_be_reachable_but_who_finds_a_mistake_owes_no_name():
    unreachable = {**WHOLE, "phone": ""}
    assert problems("help", unreachable) == [Problem("phone", "no_contact")]
    assert problems("help", unreachable, page=MATTER) == []
    assert problems("help", unreachable, page=PERSON) == [Problem("phone", "no_contact")]
    assert problems("error_report", {"category": "typo", "text": "标题少了一个字"}) == []


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"title": "字" * 61}, Problem("title", "too_long", 60)),
        ({"title": "字" * 60}, None),
        ({"text": "短"}, Problem("text", "too_short", 5)),
        ({"text": "字" * 5001}, Problem("text", "too_long", 5000)),
        ({"phone": "不知道"}, Problem("phone", "not_a_phone")),
        ({"email": "a@b"}, Problem("email", "not_an_email")),
        ({"email": "a@example.invalid"}, None),
        ({"public": "maybe"}, Problem("public", "not_a_choice")),
        ({"secret": "1"}, Problem("secret", "unknown")),
    ],
)
def test_each_fault_is_named_at_its_field(changed, problem):
    assert problems("enquiry", WHOLE | changed) == ([problem] if problem else [])


@pytest.mark.parametrize(
    ("typed", "is_one"),
    [
        ("00012345678", True), ("000-1234567", True), ("０００－１２３４５６７", True), ("+86 000 1234 5678", True),
        ("000-1234567转801", True), ("12345", False), ("一二三四五六七", False), ("1" * 30, False), ("000-1234567；家里", False),
    ],
)  # fmt: skip
def test_a_telephone_number_as_people_write_it(typed, is_one):
    assert is_phone(typed) is is_one


def test_further_words_are_checked_too():
    assert problems_of_word("rate", {"score": "6"}) == [Problem("score", "not_a_choice")]
    assert problems_of_word("withdraw", {}) == []
    assert problems_of_word("reopen", {}) == [Problem("text", "missing")]
    assert problems_of_word("supplement", {"text": "补充一张照片", "state": "closed"}) == [Problem("state", "unknown")]
    assert set(WORDS) == {"supplement", "withdraw", "rate", "dispute", "reopen"}


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80))
def test_tidying_twice_is_tidying_once_and_leaves_nothing_invisible(text):
    once = tidied(text)
    assert tidied(once) == once
    assert "\r" not in once and "\x00" not in once and "\u202e" not in once


def test_lines_stay_lines():
    assert tidied("  一\r\n二\r三\x00\u202e \n") == "一\n二\n三"
    assert tidied("半个\ud800字") == "半个?字"


@pytest.mark.parametrize(
    "typed", ["20261122-483920", "20261122483920", "２０２６１１２２－４８３９２０", " 2026 1122 4839 20 "]
)
def test_a_number_is_read_however_it_was_typed(typed):
    assert number_of(typed) == "20261122-483920"


@pytest.mark.parametrize("typed", ["", "2026", "../../etc/passwd", "2026112248392x", "1" * 99, "x" * 14])
def test_what_is_no_number_is_none(typed):
    assert number_of(typed) is None


def test_a_code_is_shown_in_groups_and_read_back():
    assert code_of(code_shown("4823907156")) == "4823907156"
    assert code_of("48239071") is None


# ── files ──


def archive(*members: str, text: bytes = b"<x/>") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for member in members:
            file.writestr(member, text)
    return made.getvalue()


PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
PDF = b"%PDF-1.7\n%%EOF"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("照片.png", PNG), ("照片.JPG", b"\xff\xd8\xff\xe0abc"), ("a.jpeg", b"\xff\xd8\xff\xe0abc"), ("文件.pdf", PDF),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8 "), ("说明.docx", archive("[Content_Types].xml", "word/document.xml")),
        ("表.xlsx", archive("xl/workbook.xml")),
    ],
)  # fmt: skip
def test_files_that_are_taken(name, data):
    assert judge(name, data)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("空.pdf", b"", "empty"),
        ("大.pdf", PDF + b"\0" * LARGEST_FILE, "too_large"),
        ("发票.pdf", b"MZ\x90\0", "program"),
        ("run.pdf", b"#!/bin/sh\n", "program"),
        ("a.exe", b"abc", "wrong_type"),
        ("a.html", b"<script>", "wrong_type"),
        ("没有扩展名", PDF, "wrong_type"),
        ("图.png", PDF, "disguised"),
        ("图.webp", b"XXXX\0\0\0\0WEBP", "disguised"),
        ("文.docx", archive("xl/workbook.xml"), "disguised"),
        ("文.docx", b"PK\x03\x04broken", "damaged"),
        ("文.docx", archive("word/document.xml", "word/vbaProject.bin"), "macros"),
        ("文.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "locked"),
        ("文.docx", archive("word/document.xml", text=b"\0" * (201 << 20)), "bomb"),
    ],
)
def test_each_refused_file_has_its_own_reason(name, data, code):
    with pytest.raises(FileRefused) as refused:
        judge(name, data)
    assert (refused.value.name, refused.value.code) == (name, code)


def test_too_many_files_and_too_much_together():
    with pytest.raises(FileRefused, match="too_many"):
        refuse_too_many(["a"] * 6, [1] * 6)
    with pytest.raises(FileRefused, match="whole_too_large"):
        refuse_too_many(["a", "b", "c"], [4 << 20] * 3)
    refuse_too_many(["a"] * 5, [2 << 20] * 5)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"), ("C:\\temp\\照片.png", "照片.png"), ("a\0b\n.pdf", "ab.pdf"), ("..", "file"),
        ("", "file"), ("发票\u202efdp.exe", "发票fdp.exe"), ("x" * 300 + ".pdf", "x" * 92 + ".pdf"),
    ],
)  # fmt: skip
def test_a_name_leads_nowhere(given, shown):
    assert shown_name(given) == shown


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=300))
def test_a_shown_name_is_stable_and_short(text):
    name = shown_name(text)
    assert shown_name(name) == name and 0 < len(name) <= 100 and "/" not in name and name not in (".", "..")

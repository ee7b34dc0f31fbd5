"""No input raises or hangs: any text, ten megabytes of one line, broken markup, signs that are none."""

import json
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiyue.checks.matter import Matter
from jiyue.checks.reading import matter_of_body, matter_of_file, matter_of_html, matter_of_text
from jiyue.checks.running import check
from jiyue.checks.settings import shipped

PLAIN = shipped(date(2026, 11, 22))
SIGNS = st.sampled_from(list(
    "0123456789Xx -.*@年月日元〔〕（）【】★“”《》，。；：\t|<>/=&#\"'\n\r\x00\u200b\u202e\u202a\ud800\udfff\ufeff"
    "１二密机关张男住号室身份证手机卡内部公开链接图abchref"
))  # fmt: skip
TEXTS = st.text(alphabet=st.one_of(SIGNS, st.characters(codec=None)), max_size=400)


def sound(matter: Matter) -> None:
    """Findings lie in the text, can be said and written as JSON, and masking does not run over the end."""
    for one in check(matter, PLAIN):
        assert 0 <= one.start <= one.end <= len(matter.text)
        assert one.say() and one.place is not None
        json.dumps(one.as_json(), ensure_ascii=False).encode()
        assert all(0 <= fix.start <= fix.end <= len(matter.text) for fix in one.fixes)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_text_is_checked(text):
    sound(matter_of_text(text))


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS)
def test_any_markup_is_checked(text, more):
    sound(
        matter_of_html(
            f"<title>{more}<body><table><tr><td>{text}<td style='{more}'>{more}</table><a href={text}>{more}"
        )
    )


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_any_body_is_checked(text, more):
    body = [
        {"type": "paragraph", "value": text},
        {"type": "table", "value": {"data": [[text, more], [more, None]], "table_header_choice": "row"}},
        {"type": "image", "value": {"image": 1, "alt": text, "decorative": False, "caption": more}},
        {"type": "official", "value": {"title": text, "document_number": more, "body": text, "date": more}},
        {"type": "unheard-of", "value": 3},
    ]
    sound(matter_of_body(body, {"title": text, "document_number": more}))


ENDLESS = {
    "digits": "1", "digits with spaces": "1 ", "mobile numbers": "13812345678 ", "characters": "湖", "spaces": " ",
    "unseen": "1\u200b", "marks": "★机密", "brackets": "〔（【", "right to left": "\u202e湖", "commas": "湖,", "tabs": "1\t",
    "lines": "湖\n", "addresses": "家住湖滨区", "at signs": "a@", "names": "张湖患有", "zero": "\x00",
    "half characters": "\ud800",
}  # fmt: skip


# One line as long as the longest file; what costs more for each sign is tried on half a megabyte.
OURS = ("personal-data", "secrecy")
LONG = ("digits", "mobile numbers", "characters", "spaces")


@pytest.mark.slow
@pytest.mark.parametrize("name", ENDLESS)
def test_megabytes_of_one_line_end_in_time(name):
    piece = ENDLESS[name]
    many = (10_000_000 if name in LONG else 500_000) // len(piece.encode("utf-8", "surrogatepass"))
    started = time.process_time()
    check(matter_of_text(piece * many), PLAIN, only=OURS)
    assert time.process_time() - started < 30


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["<div>", "<table><tr><td>1", "<a href=x>湖", "<p>身份证110101199003077475</p>", "</p>"]
)
def test_a_megabyte_of_markup_ends_in_time(piece):
    started = time.process_time()
    check(matter_of_html(piece * (1_000_000 // len(piece))), PLAIN, only=OURS)
    assert time.process_time() - started < 30


def test_a_file_that_lies_about_itself_is_taken():
    for content in (b"%PDF-1.4 not really %%EOF", b"PK\x03\x04 no archive", "身份证".encode("utf-16"), b"\xff\xfe\x00"):
        check(matter_of_file(content, "名单.docx"), PLAIN)

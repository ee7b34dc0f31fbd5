"""The calendar file as RFC 5545 wants it."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from jiyue.console.duties.icalendar import Entry, calendar_of, escaped, folded

NOW = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)


def test_a_whole_day_and_a_moment():
    entries = [
        Entry("1@x", "甲", date(2026, 12, 31)),
        Entry("2@x", "乙", NOW, note="丙", address="http://x/1", late=True),
    ]
    lines = calendar_of(entries, name="名", now=NOW).decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART;VALUE=DATE:20261231" in lines and "DTEND;VALUE=DATE:20270101" in lines
    assert "DTSTART:20261121T013000Z" in lines and "DTSTAMP:20261121T013000Z" in lines
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2


def test_text_is_escaped_and_control_letters_are_left_out():
    assert escaped("a;b,c\\d\ne\r\nf\x07") == "a\\;b\\,c\\\\d\\ne\\nf"


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=400))
def test_folding_keeps_every_letter_and_no_piece_is_too_long(text):
    whole = folded(text)
    pieces = whole.removesuffix(b"\r\n").split(b"\r\n")
    assert all(len(piece) <= 75 and piece.decode() is not None for piece in pieces)
    assert whole.replace(b"\r\n ", b"").decode() == text + "\r\n"


@given(st.text(max_size=200).filter(lambda text: text.isprintable()))
def test_nobody_breaks_out_of_a_line(title):
    body = calendar_of([Entry("1@x", f"{title}\r\nEND:VCALENDAR\nX:", date(2026, 1, 1))], name="n", now=NOW)
    assert body.replace(b"\r\n ", b"").split(b"\r\n").count(b"END:VCALENDAR") == 1

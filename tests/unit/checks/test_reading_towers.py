"""Pages whose elements stand inside each other: a hundred kilobytes of them kept a process busy for minutes."""

import pytest

from jiyue.checks.reading import matter_of_html, parsing
from jiyue.checks.reading.bounds import Unread
from jiyue.checks.reading.parsing import FEW, parsed
from jiyue.content.feeds.reading import Unreadable
from jiyue.content.intake import IntakeRefused, read
from jiyue.content.sanitising import clean_paragraphs, clean_paste
from tests.unit.content.test_feeds import read as read_feed

LISTS = "<ul><li>" * 60_000 + "底"
# Whoever counts tags takes each of these for closed.
COMMENTED = "<div><!--</div>-->" * 60_000 + "底"
QUOTED = "<article title='</article>'>" * 60_000 + "底"
TOWERS = [LISTS, COMMENTED, QUOTED]


@pytest.fixture(autouse=True)
def hurried(monkeypatch):
    monkeypatch.setattr(parsing, "SECONDS", 1)


@pytest.mark.parametrize("html", TOWERS, ids=["lists", "commented", "quoted"])
def test_no_way_of_stacking_gets_past(html):
    with pytest.raises(Unread) as caught:
        parsed(html)
    assert caught.value.code == "tower"


def test_a_low_tower_is_refused_by_its_height():
    assert parsed("<div>" * 200 + "底", deepest=250)
    with pytest.raises(Unread):
        parsed("<div>" * 300 + "底", deepest=250)
    with pytest.raises(Unread):
        parsed("<div>" * (FEW - 1) + "底")


def test_a_long_honest_page_is_parsed():
    rows = "<tr><td><p><span>甲</span></p></td><td>乙</td></tr>" * 4_000
    page = parsed(f"<html><body><table>{rows}</table></body></html>")
    assert len(page.css("tr")) == 4_000


def test_every_reader_ends_and_keeps_the_words():
    matter = matter_of_html(LISTS)
    assert [trouble.code for trouble in matter.troubles] == ["suspicious"] and "底" in matter.text
    assert "底" in str(clean_paste(LISTS)[-1]["value"])
    assert clean_paragraphs("<div>" * 60_000 + "底&lt;") == "<p>底&lt;</p>"


def test_a_file_is_refused_and_a_portal_told():
    nested = "<div class=TRS_Editor>" * 2_000 + "文" * 100 + "</div>" * 2_000
    with pytest.raises(IntakeRefused) as refused:
        next(read(nested.encode(), name="页.html"))
    assert refused.value.code == "html_tower"
    with pytest.raises(Unreadable) as caught:
        read_feed(f"<html><body>{LISTS}".encode())
    assert caught.value.code == "tower"

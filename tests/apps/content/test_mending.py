"""Words of a body changed where they stand, marks around them left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.content.mending import Spot, mended, replaced, spot_of

pytestmark = pytest.mark.req("PRIV-03")
NUMBER = "13800138000"


def paragraph(html: str) -> dict:
    return {"type": "paragraph", "value": html, "id": "a"}


def table(*rows: list) -> dict:
    return {"type": "table", "value": {"data": list(rows), "table_caption": f"名单 {NUMBER}"}, "id": "t"}


def test_the_nth_occurrence_is_changed_and_no_other():
    blocks = [paragraph(f"<p>{NUMBER}，{NUMBER}</p>"), paragraph(f"<p>{NUMBER}</p>")]
    after = mended(blocks, [(NUMBER, 1, "138****8000")])
    assert [block["value"] for block in after] == [f"<p>{NUMBER}，138****8000</p>", f"<p>{NUMBER}</p>"]
    assert blocks[0]["value"] == f"<p>{NUMBER}，{NUMBER}</p>"


def test_all_occurrences_keep_their_numbers_while_they_are_changed():
    blocks = [paragraph(f"<p>{NUMBER}</p><p>{NUMBER}</p>"), table(["姓名", "电话"], ["甲", NUMBER])]
    after = mended(blocks, [(NUMBER, nth, "x") for nth in range(4)])
    assert NUMBER not in str(after)


def test_words_that_marks_divide_are_changed_and_the_marks_stay():
    block = paragraph('<p>电话 138<strong>0013</strong>8000，<a href="/a">甲 &amp; 乙</a></p>')
    assert mended([block], [(NUMBER, 0, "138****8000")])[0]["value"] == (
        '<p>电话 138****8000<strong></strong>，<a href="/a">甲 &amp; 乙</a></p>'
    )
    assert mended([block], [("甲 & 乙", 0, "甲<乙")])[0]["value"].endswith('<a href="/a">甲&lt;乙</a></p>')


def test_items_cells_and_fields_of_every_block_are_reached():
    blocks = [
        {
            "type": "list",
            "value": {"items": [f"<p>{NUMBER}</p>", {"type": "item", "value": f"<p>{NUMBER}</p>", "id": "x"}]},
        },
        table([NUMBER, None]),
        {"type": "image", "value": {"image": 1, "alt": NUMBER, "caption": NUMBER}},
        {"type": "official", "value": {"title": NUMBER, "body": f"<p>{NUMBER}</p>", "date": None}},
    ]
    count = str(blocks).count(NUMBER)
    assert NUMBER not in str(mended(blocks, [(NUMBER, nth, "×") for nth in range(count)]))


def test_a_place_is_the_block_and_the_occurrence_in_it():
    blocks = [paragraph("<p>甲乙甲</p>"), paragraph("<p>甲</p>")]
    assert [spot_of(blocks, "甲", nth) for nth in range(4)] == [Spot(0, 0), Spot(0, 1), Spot(1, 0), None]
    assert spot_of(blocks, "", 0) is None


def test_what_is_not_there_changes_nothing():
    blocks = [paragraph("<p>甲</p>")]
    assert mended(blocks, [("乙", 0, "丙"), ("甲", 1, "丙")]) == blocks
    assert replaced("甲甲", "甲", 2, "乙") == "甲甲"
    assert replaced("甲甲", "甲", 1, "乙") == "甲乙"


@given(
    st.text(alphabet="甲乙 a<&;>\n", max_size=40), st.text(alphabet="甲乙a&", min_size=1, max_size=3), st.integers(0, 5)
)
def test_any_markup_survives_being_read(html, words, nth):
    after = mended([paragraph(html)], [(words, nth, "丙")])
    assert isinstance(after[0]["value"], str)

"""Changes are found, marked once, and both texts can be read back from the marks."""

from hypothesis import given
from hypothesis import strategies as st

from jiyue.domain.comparison import Change, Piece, changed_lines, pieces


def test_a_changed_number_is_one_mark():
    assert pieces("共完成投资 12.5 亿元", "共完成投资 13.5 亿元") == (
        Piece(Change.SAME, "共完成投资 "), Piece(Change.REMOVED, "12.5"), Piece(Change.ADDED, "13.5"),
        Piece(Change.SAME, " 亿元"),
    )  # fmt: skip


def test_equal_texts_have_no_changes():
    assert changed_lines("一\n二", "一\n二") == []


def test_a_new_paragraph_is_added_and_says_what_stayed_before_it():
    (line,) = changed_lines("一\n二", "一\n二\n三")
    assert (line.change, line.skipped, line.pieces) == ("added", 2, (Piece(Change.ADDED, "三"),))


def test_stray_common_characters_do_not_break_a_change_up():
    assert sum(piece.change == Change.SAME for piece in pieces("甲的乙的丙", "子的丑的寅")) == 0


@given(st.text("甲乙丙 a1\n", max_size=60), st.text("甲乙丙 a1\n", max_size=60))
def test_both_texts_can_be_read_back(before, after):
    found = pieces(before, after)
    assert "".join(piece.text for piece in found if piece.change != Change.ADDED) == before
    assert "".join(piece.text for piece in found if piece.change != Change.REMOVED) == after

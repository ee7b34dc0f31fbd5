"""QR codes: what another encoder draws of the same texts, and a drawing that a scanner can be shown."""

import re
from hashlib import sha256

import pytest

from jiyue.domain.qr_codes import TooLong, qr_code

ADDRESS = "http://www.chenghu.localhost/zwgk/zcwj/2026/1121/42.html?" * 4
# The same texts drawn by an encoder of another house (same version, correction and mask); each fills its version,
# because that encoder fills a shorter text by one byte too many.
DRAWN_ELSEWHERE = {
    14: (21, "c37dcc4c44c5aebd"),
    26: (25, "9db6a395f9b3e5c1"),
    42: (29, "f998fa3eaaeee410"),
    62: (33, "61f2e185dbe1198f"),
    84: (37, "b8428e30a583b8b1"),
    106: (41, "93ba40f5abc2e2d8"),
    122: (45, "16a1074527ffc41b"),
    152: (49, "e5d69e468901838a"),
    180: (53, "166765c47e348863"),
}


@pytest.mark.parametrize("length", DRAWN_ELSEWHERE)
def test_every_version_is_drawn_as_elsewhere(length):
    code = qr_code(ADDRESS[:length])
    rows = "\n".join(f"{row:0{code.size}b}" for row in code.rows)
    assert (code.size, sha256(rows.encode()).hexdigest()[:16]) == DRAWN_ELSEWHERE[length]


@pytest.mark.parametrize("length", [1, 13, 15, 61, 63, 105, 179])
def test_the_smallest_version_that_holds_the_text_is_taken(length):
    capacity = next(most for most in sorted(DRAWN_ELSEWHERE) if most >= length)
    assert qr_code(ADDRESS[:length]).size == DRAWN_ELSEWHERE[capacity][0]


def test_another_text_is_another_code():
    assert qr_code(ADDRESS[:50]).rows != qr_code(ADDRESS[1:51]).rows


def test_the_path_draws_exactly_the_dark_modules():
    code = qr_code(ADDRESS[:60])
    drawn, (x, y) = set(), (0.0, 0.0)
    for letter, numbers in re.findall(r"([Mmh])([-\d. ]+)", code.path):
        given = [float(number) for number in numbers.split()]
        if letter == "h":
            drawn |= {(int(y), int(x) + step) for step in range(int(given[0]))}
            x += given[0]
        else:
            x, y = given if letter == "M" else (x + given[0], y + given[1])
    border = (code.view - code.size) // 2
    dark = {
        (row + border, column + border)
        for row, bits in enumerate(code.rows)
        for column in range(code.size)
        if bits >> (code.size - 1 - column) & 1
    }
    assert border == 4
    assert drawn == dark


def test_a_text_beyond_the_largest_code_is_refused():
    with pytest.raises(TooLong):
        qr_code("x" * 181)

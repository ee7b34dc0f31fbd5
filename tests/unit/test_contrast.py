"""A site's colour must be readable on white."""

import pytest

from jiyue.domain.contrast import MINIMUM, nearest_readable, on_white


def test_black_on_white_is_the_most_there_is():
    assert on_white("#000000") == pytest.approx(21)
    assert on_white("#ffffff") == 1


@pytest.mark.parametrize("colour", ["#4a90e2", "#ff0000", "#ffff00", "#777777", "#ffffff"])
def test_the_proposal_for_a_pale_colour_can_be_read(colour):
    assert on_white(colour) < MINIMUM
    assert on_white(nearest_readable(colour)) >= MINIMUM


def test_a_colour_that_can_be_read_stays_as_it_is():
    assert nearest_readable("#0b3d91") == "#0b3d91"


@pytest.mark.parametrize("colour", ["", "blue", "#12345", "#1234567", "#gggggg", "123456"])
def test_what_is_no_colour_is_refused(colour):
    with pytest.raises(ValueError, match="^" + colour):
        on_white(colour)

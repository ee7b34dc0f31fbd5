"""A site's own colour is refused when it cannot be read, and its shades can be read wherever they are used."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiyue.portal.colours import DARK_PAPER, WHITE, ColourRefused, contrast, parse, site_css, written

CHANNEL = st.integers(0, 255)


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert round(contrast((0, 0, 0), WHITE), 2) == 21


@pytest.mark.parametrize("colour", ["123f7a", "#123", "blue", "#12345g", "", "#123f7a;}body{display:none"])
def test_a_colour_written_otherwise_is_refused(colour: str) -> None:
    with pytest.raises(ColourRefused, match="写法不对"):
        site_css(colour)


def test_a_refusal_proposes_a_colour_that_is_accepted() -> None:
    with pytest.raises(ColourRefused) as refusal:
        site_css("#4a90d9")
    proposed = re.findall("#[0-9a-f]{6}", str(refusal.value))[-1]
    assert site_css(proposed)


@given(st.tuples(CHANNEL, CHANNEL, CHANNEL))
def test_every_accepted_colour_can_be_read_in_both_modes(rgb: tuple[int, int, int]) -> None:
    try:
        css = site_css(written(rgb))
    except ColourRefused:
        assert contrast(rgb, WHITE) < 7
        return
    values = re.findall(r"--(main|band|wash):(#[0-9a-f]{6})", css)
    light, dark = dict(values[:3]), dict(values[3:6])
    assert contrast(parse(light["main"]), WHITE) >= 7
    assert contrast(parse(light["main"]), parse(light["wash"])) >= 4.5
    assert contrast(parse(light["band"]), WHITE) >= 7
    assert contrast(parse(dark["main"]), DARK_PAPER) >= 7
    assert contrast(parse(dark["main"]), parse(dark["wash"])) >= 4.5
    assert contrast(parse(dark["band"]), WHITE) >= 7

"""The one colour a site may choose, and the shades computed from it.

Links and headings use it on white, so it must reach 7:1 there (WCAG 2.2, 1.4.6); the dark mode gets a lighter shade
of the same hue that reaches 7:1 on its dark paper.
"""

import colorsys

from jiyue.domain import contrast as contrasts
from jiyue.domain.contrast import MINIMUM, WHITE, Rgb, contrast, nearest_readable, with_lightness, written

DARK_PAPER = (21, 24, 29)


class ColourRefused(ValueError):
    """The colour is not written as #rrggbb, or is too light to be read on white. The message is worded for people."""


def parse(colour: str) -> Rgb:
    try:
        return contrasts.parse(colour)
    except ValueError as error:
        raise ColourRefused(f"颜色“{colour}”写法不对，请写成 #rrggbb，例如 #123f7a。") from error


def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """`share` of `one` in `other`."""
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def lightest_needed(rgb: Rgb) -> Rgb:
    """The least lightened shade of the same hue, a little calmer, that reaches 8:1 on the dark paper."""
    lightness = colorsys.rgb_to_hls(*(channel / 255 for channel in rgb))[1]
    shade = rgb
    while lightness < 1 and contrast(shade, DARK_PAPER) < MINIMUM + 1:
        lightness += 0.01
        shade = mix(with_lightness(rgb, min(lightness, 1)), WHITE, 0.85)
    return shade


def site_css(colour: str) -> str:
    """The style sheet of one site: its colour and the shades of it.

    Raises ColourRefused, with the nearest colour that would do, when `colour` is below 7:1 on white.
    """
    main = parse(colour)
    ratio = contrast(main, WHITE)
    if ratio < MINIMUM:
        raise ColourRefused(
            f"颜色 {colour} 在白底上的对比度只有 {ratio:.1f}:1，低于 7:1，看不清。"
            f"同色系里最接近的可用颜色是 {nearest_readable(colour)}。"
        )
    light = f"--main:{written(main)};--band:{written(main)};--wash:{written(mix(main, WHITE, 0.05))}"
    dark = (
        f"--main:{written(lightest_needed(main))};--band:{written(mix(main, (0, 0, 0), 0.72))};"
        f"--wash:{written(mix(main, DARK_PAPER, 0.22))}"
    )
    return (
        f":root{{{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root:not([data-theme]){{{dark}}}}}\n"
        f":root[data-theme=dark]{{{dark}}}\n"
    )

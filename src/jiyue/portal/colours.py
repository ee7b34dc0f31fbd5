"""The one colour a site may choose, and the shades computed from it.

Links and headings use it on white, so it must reach 7:1 there (WCAG 2.2, 1.4.6); the dark mode gets a lighter shade
of the same hue that reaches 7:1 on its dark paper.
"""

import colorsys
import re

WHITE = (255, 255, 255)
DARK_PAPER = (21, 24, 29)
MINIMUM = 7.0
_HEX = re.compile(r"#[0-9a-fA-F]{6}")

Rgb = tuple[int, int, int]


class ColourRefused(ValueError):
    """The colour is not written as #rrggbb, or is too light to be read on white. The message is worded for people."""


def parse(colour: str) -> Rgb:
    if not _HEX.fullmatch(colour):
        raise ColourRefused(f"颜色“{colour}”写法不对，请写成 #rrggbb，例如 #123f7a。")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def written(rgb: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def _linear(channel: int) -> float:
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def luminance(rgb: Rgb) -> float:
    red, green, blue = map(_linear, rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio of WCAG 2.2, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: Rgb, other: Rgb, share: float) -> Rgb:
    """`share` of `one` in `other`."""
    red, green, blue = (round(a * share + b * (1 - share)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _with_lightness(rgb: Rgb, lightness: float) -> Rgb:
    hue, _, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in rgb))
    red, green, blue = (round(channel * 255) for channel in colorsys.hls_to_rgb(hue, lightness, saturation))
    return red, green, blue


def darkest_readable(rgb: Rgb) -> Rgb:
    """The nearest shade of the same hue that reaches 7:1 on white, as a proposal for a refused colour."""
    lightness = colorsys.rgb_to_hls(*(channel / 255 for channel in rgb))[1]
    while lightness > 0 and contrast(_with_lightness(rgb, lightness), WHITE) < MINIMUM:
        lightness -= 0.01
    return _with_lightness(rgb, max(lightness, 0))


def lightest_needed(rgb: Rgb) -> Rgb:
    """The least lightened shade of the same hue, a little calmer, that reaches 8:1 on the dark paper."""
    lightness = colorsys.rgb_to_hls(*(channel / 255 for channel in rgb))[1]
    shade = rgb
    while lightness < 1 and contrast(shade, DARK_PAPER) < MINIMUM + 1:
        lightness += 0.01
        shade = mix(_with_lightness(rgb, min(lightness, 1)), WHITE, 0.85)
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
            f"同色系里最接近的可用颜色是 {written(darkest_readable(main))}。"
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

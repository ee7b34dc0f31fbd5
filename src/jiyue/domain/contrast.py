"""How well a colour can be read on white (WCAG 2.2, 1.4.6), for whoever lets a site choose one."""

import colorsys
import re

WHITE = (255, 255, 255)
MINIMUM = 7.0
_HEX = re.compile(r"#[0-9a-fA-F]{6}")

Rgb = tuple[int, int, int]


def parse(colour: str) -> Rgb:
    """`#rrggbb` as three numbers. Raises ValueError for anything else."""
    if not _HEX.fullmatch(colour):
        raise ValueError(colour)
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def written(rgb: Rgb) -> str:
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio of WCAG 2.2, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def on_white(colour: str) -> float:
    """The contrast ratio of `#rrggbb` on white. Raises ValueError."""
    return contrast(parse(colour), WHITE)


def nearest_readable(colour: str) -> str:
    """The nearest shade of the same hue that reaches 7:1 on white. Raises ValueError."""
    rgb = parse(colour)
    lightness = colorsys.rgb_to_hls(*(channel / 255 for channel in rgb))[1]
    while lightness > 0 and contrast(with_lightness(rgb, lightness), WHITE) < MINIMUM:
        lightness -= 0.01
    return written(with_lightness(rgb, max(lightness, 0)))


def _luminance(rgb: Rgb) -> float:
    red, green, blue = map(_linear, rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: int) -> float:
    value = channel / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def with_lightness(rgb: Rgb, lightness: float) -> Rgb:
    """The same hue and saturation at another lightness, 0 to 1."""
    hue, _, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in rgb))
    red, green, blue = (round(channel * 255) for channel in colorsys.hls_to_rgb(hue, lightness, saturation))
    return red, green, blue

"""Landscapes of the lake city, drawn in flat colours by code: the same scene, seed and ratio give the same picture."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable

from PIL import Image, ImageDraw

SIZES = {"16:9": (1600, 900), "3:2": (1500, 1000)}
FINER = 2  # drawn larger and reduced, which smooths every edge
Colour = tuple[int, int, int]

# Sky above, sky at the horizon, far hills, near hills, water far, water near, ground, accent
PALETTES: dict[str, tuple[str, ...]] = {
    "dawn": ("#7FA9C9", "#F7D9BF", "#9DB3C4", "#5F8297", "#E3CDBF", "#3F6C86", "#2C4A52", "#F2A65A"),
    "day": ("#6FB1D9", "#DDF0F5", "#A5CBD0", "#5C9A8D", "#B9DDE4", "#3A87A5", "#2F6B57", "#F4C95D"),
    "green": ("#9CCFCB", "#F3F3DC", "#B5D2BA", "#6DA585", "#CDE5D6", "#4B9190", "#2E6650", "#E8B04A"),
    "dusk": ("#51527F", "#F3B79B", "#8F7FA3", "#56527D", "#E0A894", "#4A4A77", "#2A2C4B", "#FFD28A"),
    "rain": ("#8FA1AB", "#D5DDDD", "#A9B8BD", "#74898F", "#C3CFD1", "#587883", "#3A5157", "#D98E5F"),
    "gold": ("#8CB8CF", "#FBE8C4", "#C5BE9B", "#93984F", "#E4D7A8", "#7C9A78", "#66702C", "#E3A33B"),
    "night": ("#14213D", "#3A5078", "#2E4067", "#1E2D4D", "#3D5480", "#16294A", "#0E1A30", "#FFDD99"),
}


def colour(code: str) -> Colour:
    """#RRGGBB as three numbers."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`share` of `second` in `first`, from 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


class Canvas:
    """A sheet measured in shares of its width and height, whatever its pixels."""

    def __init__(self, palette: str, *, seed: int, size: tuple[int, int]) -> None:
        self.wide, self.high = size[0] * FINER, size[1] * FINER
        self.dice = random.Random(f"{palette}/{seed}")  # noqa: S311 - a picture, not a secret
        names = ("zenith", "horizon", "far", "near", "shallow", "deep", "ground", "accent")
        self.tone = dict(zip(names, map(colour, PALETTES[palette]), strict=True))
        self.image = Image.new("RGB", (self.wide, self.high), self.tone["near"])
        self.pen = ImageDraw.Draw(self.image)

    def at(self, x: float, y: float) -> tuple[float, float]:
        return x * self.wide, y * self.high

    def shape(self, points: list[tuple[float, float]], fill: Colour) -> None:
        self.pen.polygon([self.at(*point) for point in points], fill=fill)

    def box(self, x: float, y: float, wide: float, high: float, fill: Colour) -> None:
        self.pen.rectangle([self.at(x, y), self.at(x + wide, y + high)], fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        """A circle; `radius` is a share of the height."""
        (left, top), reach = self.at(x, y), radius * self.high
        self.pen.ellipse([left - reach, top - reach, left + reach, top + reach], fill=fill)

    def line(self, points: list[tuple[float, float]], fill: Colour, width: float) -> None:
        self.pen.line([self.at(*point) for point in points], fill=fill, width=max(1, round(width * self.high)))

    def shade(self, top: float, bottom: float, first: Colour, second: Colour) -> None:
        """A vertical gradient between two heights."""
        start, end = round(top * self.high), round(bottom * self.high)
        for y in range(start, end):
            self.pen.line([(0, y), (self.wide, y)], fill=mix(first, second, (y - start) / max(1, end - start - 1)))

    def png(self, size: tuple[int, int]) -> bytes:
        target = io.BytesIO()
        self.image.resize(size, Image.Resampling.LANCZOS).save(target, "PNG", optimize=False, compress_level=6)
        return target.getvalue()


def sky(sheet: Canvas, horizon: float, *, sun: bool = True) -> None:
    tone = sheet.tone
    sheet.shade(0, horizon, tone["zenith"], tone["horizon"])
    x, y = sheet.dice.uniform(0.2, 0.8), horizon - sheet.dice.uniform(0.16, 0.3)
    if not sun:
        return
    for ring in range(4, 0, -1):
        here = mix(tone["zenith"], tone["horizon"], y / horizon)
        sheet.disc(x, y, 0.045 + 0.028 * ring, mix(here, tone["accent"], 0.07 * (5 - ring)))
    sheet.disc(x, y, 0.05, mix(tone["accent"], (255, 255, 255), 0.35))


def cloud_bands(sheet: Canvas, horizon: float) -> None:
    pale = mix(sheet.tone["horizon"], (255, 255, 255), 0.55)
    for _ in range(5):
        x, y = sheet.dice.uniform(-0.1, 0.9), sheet.dice.uniform(0.06, horizon * 0.55)
        long = sheet.dice.uniform(0.12, 0.3)
        fill = mix(mix(sheet.tone["zenith"], sheet.tone["horizon"], y / horizon), pale, 0.5)
        box = [sheet.at(x, y), sheet.at(x + long, y + 0.022)]
        sheet.pen.rounded_rectangle(box, radius=0.011 * sheet.high, fill=fill)
        box = [sheet.at(x + long * 0.25, y - 0.02), sheet.at(x + long * 0.7, y + 0.004)]
        sheet.pen.rounded_rectangle(box, radius=0.011 * sheet.high, fill=fill)


def ridge(sheet: Canvas, foot: float, rise: float, fill: Colour) -> None:
    """A line of hills above `foot`, made of three waves."""
    waves = [(sheet.dice.uniform(1, 2.5) * (2**step), sheet.dice.uniform(0, 6.3), 0.5**step) for step in range(3)]

    def height(x: float) -> float:
        return rise * (0.62 + 0.4 * sum(part * math.sin(beat * 3.1 * x + turn) for beat, turn, part in waves))

    crest = [(x / 160, foot - max(0.004, height(x / 160))) for x in range(161)]
    sheet.shape([(0, foot), *crest, (1, foot)], fill)


def hills(sheet: Canvas, horizon: float, layers: int = 3, rise: float = 0.2) -> None:
    for layer in range(layers):
        share = layer / max(1, layers - 1)
        ridge(sheet, horizon, rise * (1 - 0.3 * share), mix(sheet.tone["far"], sheet.tone["near"], share))


def water(sheet: Canvas, shore: float) -> None:
    """The lake from `shore` down, with the hills' pale mirror and bright strokes."""
    tone = sheet.tone
    sheet.shade(shore, 1, tone["shallow"], tone["deep"])
    sheet.box(0, shore, 1, 0.006, mix(tone["shallow"], (255, 255, 255), 0.5))
    for _ in range(70):
        depth = sheet.dice.random() ** 1.6
        y = shore + 0.015 + depth * (0.97 - shore)
        long = 0.02 + 0.09 * depth * sheet.dice.uniform(0.5, 1.3)
        x = sheet.dice.uniform(-0.05, 1)
        here = mix(tone["shallow"], tone["deep"], depth)
        lift = tone["horizon"] if sheet.dice.random() < 0.6 else tone["deep"]
        sheet.line([(x, y), (x + long, y)], mix(here, lift, 0.35), 0.002 + 0.004 * depth)


def boats(sheet: Canvas, shore: float, count: int = 2) -> None:
    for number in range(count):
        size = 0.045 + 0.03 * number
        x, y = 0.18 + 0.6 * sheet.dice.random(), shore + 0.08 + 0.13 * number
        dark = mix(sheet.tone["ground"], (0, 0, 0), 0.15)
        sheet.shape(
            [(x - size, y), (x + size, y), (x + size * 0.7, y + size * 0.32), (x - size * 0.7, y + size * 0.32)], dark
        )
        sheet.line([(x, y), (x, y - size * 2.2)], dark, 0.004)
        sail = mix(sheet.tone["accent"], (255, 255, 255), 0.45)
        sheet.shape([(x + 0.004, y - size * 2.2), (x + 0.004, y - size * 0.2), (x + size * 0.8, y - size * 0.3)], sail)
        sheet.shape([(x - 0.003, y - size * 1.9), (x - 0.003, y - size * 0.2), (x - size * 0.5, y - size * 0.25)], sail)


def birds(sheet: Canvas, low: float) -> None:
    x, y = sheet.dice.uniform(0.15, 0.65), sheet.dice.uniform(0.1, low)
    for _ in range(7):
        dx, dy, size = sheet.dice.uniform(0, 0.2), sheet.dice.uniform(0, 0.1), sheet.dice.uniform(0.008, 0.015)
        wings = [(x + dx - size, y + dy - size * 0.6), (x + dx, y + dy), (x + dx + size, y + dy - size * 0.6)]
        sheet.line(wings, mix(sheet.tone["ground"], sheet.tone["zenith"], 0.3), 0.004)


def reeds(sheet: Canvas, left: float, right: float) -> None:
    for _ in range(round(130 * (right - left)) + 30):
        x, tall = sheet.dice.uniform(left, right), sheet.dice.uniform(0.12, 0.32)
        lean = sheet.dice.uniform(-0.02, 0.035)
        fill = mix(sheet.tone["ground"], sheet.tone["near"], sheet.dice.uniform(0, 0.55))
        sheet.shape([(x - 0.002, 1), (x + 0.002, 1), (x + lean, 1 - tall)], fill)
        if sheet.dice.random() < 0.4:
            tip = mix(sheet.tone["accent"], sheet.tone["ground"], 0.25)
            sheet.shape(
                [
                    (x + lean - 0.003, 1 - tall + 0.05),
                    (x + lean + 0.004, 1 - tall + 0.04),
                    (x + lean + 0.003, 1 - tall - 0.02),
                ],
                tip,
            )


def bank(sheet: Canvas, rise: float) -> None:
    ridge(sheet, 1.02, rise, sheet.tone["ground"])


def house(sheet: Canvas, x: float, foot: float, wide: float, high: float) -> None:
    """A white-walled house under a curved dark roof, lit windows by chance."""
    wall = mix(sheet.tone["horizon"], (255, 255, 255), sheet.dice.uniform(0.25, 0.6))
    roof = mix(sheet.tone["ground"], (20, 24, 32), 0.35)
    sheet.box(x, foot - high, wide, high, wall)
    eave, top = wide * 0.14, high * 0.42
    sheet.shape(
        [
            (x - eave, foot - high - top * 0.08),
            (x + wide * 0.12, foot - high - top * 0.55),
            (x + wide * 0.5, foot - high - top),
            (x + wide * 0.88, foot - high - top * 0.55),
            (x + wide + eave, foot - high - top * 0.08),
            (x + wide, foot - high + 0.004),
            (x, foot - high + 0.004),
        ],
        roof,
    )
    for column in range(2):
        lit = sheet.tone["accent"] if sheet.dice.random() < 0.6 else mix(roof, wall, 0.35)
        sheet.box(x + wide * (0.2 + 0.36 * column), foot - high * 0.66, wide * 0.2, high * 0.3, lit)


def town(sheet: Canvas, foot: float, left: float, right: float, height: float) -> None:
    x = left
    while x < right:
        wide = sheet.dice.uniform(0.04, 0.07)
        house(sheet, x, foot, wide, height * sheet.dice.uniform(0.6, 1.15))
        x += wide * sheet.dice.uniform(0.95, 1.25)


def pagoda(sheet: Canvas, x: float, foot: float, high: float, storeys: int = 5) -> None:
    dark, wall = mix(sheet.tone["ground"], (0, 0, 0), 0.15), mix(sheet.tone["near"], sheet.tone["horizon"], 0.45)
    step = high / (storeys + 1)
    for storey in range(storeys):
        half, y = 0.042 * (1 - 0.13 * storey), foot - step * storey
        sheet.box(x - half * 0.62, y - step, half * 1.24, step, wall)
        sheet.box(x - half * 0.14, y - step * 0.62, half * 0.28, step * 0.4, sheet.tone["accent"])
        sheet.shape(
            [
                (x - half, y - step * 0.92),
                (x + half, y - step * 0.92),
                (x + half * 0.55, y - step * 1.2),
                (x - half * 0.55, y - step * 1.2),
            ],
            dark,
        )
    sheet.line([(x, foot - high), (x, foot - high + step)], dark, 0.007)


def tree(sheet: Canvas, x: float, foot: float, size: float) -> None:
    fill = mix(sheet.tone["near"], sheet.tone["ground"], sheet.dice.uniform(0.2, 0.8))
    sheet.line([(x, foot), (x, foot - size)], mix(sheet.tone["ground"], (0, 0, 0), 0.2), size * 0.07)
    for dx, dy, radius in ((0, 1.1, 0.42), (-0.22, 0.85, 0.33), (0.24, 0.88, 0.34)):
        sheet.disc(
            x + dx * size * 0.6, foot - dy * size, radius * size, mix(fill, sheet.tone["accent"], 0.05 * (dy < 1))
        )


def arched_bridge(sheet: Canvas, deck: float, shore: float, arches: int = 3) -> None:
    stone = mix(sheet.tone["far"], (255, 255, 255), 0.5)
    shadow = mix(stone, sheet.tone["ground"], 0.45)
    curve = [(x / 100, deck + 0.09 * ((x - 50) / 50) ** 2) for x in range(101)]
    sheet.shape([*curve, (1, shore), (0, shore)], stone)
    for arch in range(arches):
        middle, half = (arch + 0.5) / arches, 0.36 / arches
        high = (shore - deck) * (0.78 - 0.32 * abs(middle - 0.5))
        round_ = [
            (middle + half * math.cos(t / 40 * math.pi), shore - high * math.sin(t / 40 * math.pi)) for t in range(41)
        ]
        sheet.shape(round_, mix(sheet.tone["shallow"], sheet.tone["deep"], 0.28))
        sheet.line(round_, shadow, 0.007)
    sheet.line(curve, shadow, 0.012)
    for post in range(2, 99, 4):
        x, y = curve[post]
        sheet.line([(x, y), (x, y - 0.028)], shadow, 0.005)
    sheet.line([(x, y - 0.026) for x, y in curve], shadow, 0.005)


def terraces(sheet: Canvas, top: float) -> None:
    for step in range(9):
        share = step / 8
        y = top + (1.02 - top) * share**1.25
        turn = sheet.dice.uniform(0, 6.3)
        edge = [(x / 80, y + (0.012 + 0.03 * share) * math.sin(x / 80 * 5 + turn)) for x in range(81)]
        field = mix(sheet.tone["near"], sheet.tone["accent"], sheet.dice.uniform(0.05, 0.7))
        sheet.shape([(0, 1.1), *edge, (1, 1.1)], field)
        sheet.line(edge, mix(field, sheet.tone["ground"], 0.45), 0.003 + 0.004 * share)


def stars(sheet: Canvas, horizon: float) -> None:
    for _ in range(90):
        fill = mix(sheet.tone["horizon"], (255, 255, 255), sheet.dice.uniform(0.2, 0.8))
        sheet.disc(sheet.dice.random(), sheet.dice.uniform(0, horizon * 0.8), sheet.dice.uniform(0.001, 0.0025), fill)


def rainfall(sheet: Canvas) -> None:
    for _ in range(220):
        x, y = sheet.dice.random(), sheet.dice.random()
        sheet.line([(x, y), (x - 0.008, y + 0.035)], mix(sheet.tone["shallow"], (255, 255, 255), 0.35), 0.0016)


def campus(sheet: Canvas, foot: float) -> None:
    wall, roof = mix(sheet.tone["horizon"], (255, 255, 255), 0.5), mix(sheet.tone["accent"], sheet.tone["ground"], 0.35)
    glass = mix(sheet.tone["zenith"], sheet.tone["deep"], 0.35)
    for x, wide, high in ((0.12, 0.3, 0.2), (0.42, 0.16, 0.3), (0.58, 0.3, 0.2)):
        sheet.box(x, foot - high, wide, high, wall)
        sheet.box(x - 0.006, foot - high - 0.018, wide + 0.012, 0.02, roof)
        for row in range(round(high / 0.07)):
            for column in range(round(wide / 0.032) - 1):
                sheet.box(x + 0.016 + column * 0.032, foot - high + 0.025 + row * 0.066, 0.018, 0.036, glass)
    sheet.line([(0.5, foot - 0.3), (0.5, foot - 0.46)], sheet.tone["ground"], 0.005)
    sheet.shape([(0.5, foot - 0.46), (0.545, foot - 0.445), (0.5, foot - 0.425)], sheet.tone["accent"])


def _lake(sheet: Canvas) -> None:
    sky(sheet, 0.55)
    cloud_bands(sheet, 0.55)
    hills(sheet, 0.55)
    water(sheet, 0.55)
    boats(sheet, 0.58)
    birds(sheet, 0.28)
    reeds(sheet, -0.02, 0.24)


def _wetland(sheet: Canvas) -> None:
    sky(sheet, 0.46)
    hills(sheet, 0.46, rise=0.12)
    water(sheet, 0.46)
    for _ in range(6):
        x, y, wide = sheet.dice.random(), sheet.dice.uniform(0.52, 0.85), sheet.dice.uniform(0.06, 0.16)
        box = [sheet.at(x - wide, y), sheet.at(x + wide, y + 0.028)]
        sheet.pen.ellipse(box, fill=mix(sheet.tone["near"], sheet.tone["ground"], sheet.dice.random()))
    birds(sheet, 0.3)
    reeds(sheet, -0.02, 1.02)


def _town(sheet: Canvas) -> None:
    sky(sheet, 0.58)
    cloud_bands(sheet, 0.58)
    hills(sheet, 0.58, rise=0.24)
    pagoda(sheet, sheet.dice.uniform(0.65, 0.8), 0.58, 0.36)
    town(sheet, 0.62, -0.02, 1.02, 0.12)
    water(sheet, 0.62)
    boats(sheet, 0.66, 1)


def _bridge(sheet: Canvas) -> None:
    sky(sheet, 0.5)
    hills(sheet, 0.52, rise=0.2)
    town(sheet, 0.53, 0.55, 1.02, 0.07)
    water(sheet, 0.52)
    arched_bridge(sheet, 0.42, 0.66)
    boats(sheet, 0.68, 1)


def _rice(sheet: Canvas) -> None:
    sky(sheet, 0.45)
    cloud_bands(sheet, 0.45)
    hills(sheet, 0.46, rise=0.22)
    town(sheet, 0.48, 0.08, 0.4, 0.07)
    terraces(sheet, 0.46)
    birds(sheet, 0.25)


def _night(sheet: Canvas) -> None:
    sky(sheet, 0.56)
    stars(sheet, 0.56)
    hills(sheet, 0.56, rise=0.18)
    pagoda(sheet, 0.24, 0.57, 0.3)
    town(sheet, 0.6, -0.02, 1.02, 0.1)
    water(sheet, 0.6)
    for _ in range(40):
        x, y = sheet.dice.random(), sheet.dice.uniform(0.63, 0.92)
        sheet.line([(x, y), (x + 0.02, y)], mix(sheet.tone["deep"], sheet.tone["accent"], 0.55), 0.004)


def _rain(sheet: Canvas) -> None:
    sky(sheet, 0.52, sun=False)
    hills(sheet, 0.52, layers=4, rise=0.26)
    water(sheet, 0.52)
    bank(sheet, 0.12)
    reeds(sheet, 0.7, 1.02)
    rainfall(sheet)


def _school(sheet: Canvas) -> None:
    sky(sheet, 0.7)
    cloud_bands(sheet, 0.7)
    hills(sheet, 0.7, rise=0.26)
    campus(sheet, 0.74)
    sheet.box(0, 0.74, 1, 0.26, sheet.tone["near"])
    sheet.shape(
        [(0.46, 0.74), (0.54, 0.74), (0.72, 1), (0.28, 1)], mix(sheet.tone["horizon"], sheet.tone["near"], 0.25)
    )
    for x in (0.04, 0.1, 0.9, 0.96):
        tree(sheet, x, sheet.dice.uniform(0.78, 0.86), sheet.dice.uniform(0.12, 0.18))


def _park(sheet: Canvas) -> None:
    sky(sheet, 0.5)
    cloud_bands(sheet, 0.5)
    hills(sheet, 0.5, rise=0.16)
    water(sheet, 0.5)
    bank(sheet, 0.2)
    sheet.box(0, 0.92, 1, 0.08, sheet.tone["ground"])
    for _ in range(11):
        tree(sheet, sheet.dice.random(), sheet.dice.uniform(0.95, 1.02), sheet.dice.uniform(0.12, 0.24))


# Each scene: the palettes it looks well in, and what is drawn.
SCENES: dict[str, tuple[tuple[str, ...], Callable[[Canvas], None]]] = {
    "lake": (("dawn", "day", "dusk"), _lake),
    "wetland": (("green", "dawn", "gold"), _wetland),
    "town": (("day", "dusk", "dawn"), _town),
    "bridge": (("dawn", "green", "dusk"), _bridge),
    "rice": (("gold", "green"), _rice),
    "night": (("night",), _night),
    "rain": (("rain",), _rain),
    "school": (("day", "green"), _school),
    "park": (("green", "day", "gold"), _park),
}


def draw(scene: str, *, seed: int, ratio: str = "16:9") -> bytes:
    """A PNG of 1600×900 or 1500×1000; KeyError for an unknown scene or ratio."""
    palettes, paint = SCENES[scene]
    size = SIZES[ratio]
    sheet = Canvas(palettes[seed % len(palettes)], seed=seed, size=size)
    paint(sheet)
    return sheet.png(size)

"""Charts drawn on the server: bars and a line, as SVG that stands in the page and prints. Each has its table beside it.

Text keeps its size on every screen because nothing is scaled: widths are shares of the frame, heights are pixels.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

ROW = 46  # pixels a bar takes with its words
BAR = 14
HEIGHT = 180  # of a line's field
MOST_TICKS = 4


@dataclass(frozen=True)
class Bar:
    """One line of a bar chart. `address` opens the list behind it; `tone` is a colour of the style sheet."""

    label: str
    value: int
    address: str = ""
    tone: str = "plain"
    note: str = ""


@dataclass(frozen=True)
class Point:
    """One place on a line: a label for the axis and a value."""

    label: str
    value: int
    address: str = ""


def bars(rows: Sequence[Bar], *, title: str) -> SafeString:
    """Horizontal bars, each under its words, with its number. Empty for no rows: there is nothing to draw."""
    if not rows:
        return SafeString("")
    most = max(max(row.value for row in rows), 1)
    drawn = format_html_join("", "{}", ((_bar(row, number, most),) for number, row in enumerate(rows)))
    return format_html(
        '<svg class="jd-chart" role="img" aria-label="{}" width="100%" height="{}" focusable="false">{}</svg>',
        title, len(rows) * ROW, drawn,
    )  # fmt: skip


def line(points: Sequence[Point], *, title: str) -> SafeString:
    """A line over equal steps, from nought; the highest value is written. Empty for fewer than two points."""
    if len(points) < 2:
        return SafeString("")
    most = max(max(point.value for point in points), 1)
    places = [(100 * number / (len(points) - 1), point.value / most) for number, point in enumerate(points)]
    segments = format_html_join("", "{}", ((_segment(start, end),) for start, end in pairwise(places)))
    return format_html(
        '<svg class="jd-chart" role="img" aria-label="{}" width="100%" height="{}" focusable="false">{}{}{}</svg>',
        title, HEIGHT + 48, _field(most), segments, _ticks(points),
    )  # fmt: skip


def summary(rows: Iterable[Bar | Point]) -> str:
    """The chart in words, for who hears it."""
    return "，".join(f"{row.label} {row.value}" for row in rows)


def _bar(row: Bar, number: int, most: int) -> SafeString:
    top = number * ROW
    return format_html(
        '<text x="0" y="{}" class="jd-chart__words">{}</text>'
        '<text x="100%" y="{}" text-anchor="end" class="jd-chart__number">{}</text>'
        '<rect x="0" y="{}" width="100%" height="{}" class="jd-chart__ground"></rect>'
        '<rect x="0" y="{}" width="{}%" height="{}" class="jd-chart__bar jd-chart__bar--{}"></rect>',
        top + 18, row.label, top + 18, row.value, top + 25, BAR, top + 25, _share(row.value, most), BAR, row.tone,
    )  # fmt: skip


def _share(value: int, most: int) -> str:
    """Percent of the width; what is not nought can always be seen."""
    return f"{max(100 * value / most, 0.5 if value else 0):.2f}"


def _field(most: int) -> SafeString:
    return format_html(
        '<line x1="0" x2="100%" y1="{}" y2="{}" class="jd-chart__axis"></line>'
        '<line x1="0" x2="100%" y1="20" y2="20" class="jd-chart__grid"></line>'
        '<text x="0" y="15" class="jd-chart__number">{}</text>',
        HEIGHT + 20, HEIGHT + 20, most,
    )  # fmt: skip


def _segment(start: tuple[float, float], end: tuple[float, float]) -> SafeString:
    return format_html(
        '<line x1="{}%" y1="{}" x2="{}%" y2="{}" class="jd-chart__line"></line>',
        f"{start[0]:.3f}", f"{_y(start[1]):.1f}", f"{end[0]:.3f}", f"{_y(end[1]):.1f}",
    )  # fmt: skip


def _y(share: float) -> float:
    return 20 + HEIGHT * (1 - share)


def _ticks(points: Sequence[Point]) -> SafeString:
    step = (len(points) - 1) / (MOST_TICKS - 1) if len(points) > MOST_TICKS else 1
    chosen = sorted({round(number * step) for number in range(min(MOST_TICKS, len(points)))})
    return format_html_join(
        "",
        '<text x="{}%" y="{}" text-anchor="{}" class="jd-chart__words">{}</text>',
        ((f"{100 * n / (len(points) - 1):.2f}", HEIGHT + 42, _anchor(n, len(points)), points[n].label) for n in chosen),
    )


def _anchor(number: int, count: int) -> str:
    return "start" if number == 0 else "end" if number == count - 1 else "middle"

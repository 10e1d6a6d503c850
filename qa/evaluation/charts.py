"""Lines and bars as inline SVG: shapes and classes, without script or styles of their own.

`qa/evaluation/report.css` gives the classes their colours, light and dark.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

__all__ = ["Axis", "Bar", "Series", "chart"]

Point = tuple[float, float]

WIDTH, HEIGHT = 360, 270
LEFT, RIGHT, TOP, BOTTOM = 50, 22, 12, 46


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from ``start`` to ``end`` with marks at ``ticks``; ``percent`` shows 0.5 as 50%."""

    label: str
    end: float
    ticks: Sequence[float]
    start: float = 0.0
    percent: bool = True

    def named(self, value: float) -> str:
        """The value as its mark shows it."""
        return f"{100 * value:g}%" if self.percent else f"{value:g}"

    def place(self, value: float) -> float:
        """Where the value lies, from 0 to 1."""
        return (value - self.start) / (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Series:
    """Points joined by a line of the class ``kind``; each of ``dots`` has a radius and a title."""

    points: Sequence[Point]
    kind: str = "line"
    dots: Sequence[tuple[Point, float, str]] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar over the values from ``low`` to ``high``, with a few characters on top, and a title."""

    low: float
    high: float
    height: float
    top: str
    title: str


def chart(title: str, x: Axis, y: Axis, series: Sequence[Series], bars: Sequence[Bar] = ()) -> str:
    """The SVG of a chart, lines above bars; ``title`` is what a screen reader says."""
    shapes = [*_grid(x, y), *(_bar(x, y, bar) for bar in bars)]
    for line in series:
        if len(line.points) > 1:
            joined = " ".join("{},{}".format(*_at(x, y, point)) for point in line.points)
            shapes.append(f'<polyline class="{line.kind}" points="{joined}"/>')
        for point, radius, label in line.dots:
            left, top = _at(x, y, point)
            shapes.append(
                f'<circle class="dot" cx="{left}" cy="{top}" r="{radius:.1f}">'
                f"<title>{escape(label)}</title></circle>"
            )
    middle = (LEFT + WIDTH - RIGHT) / 2
    height = (TOP + HEIGHT - BOTTOM) / 2
    shapes.append(
        f'<text class="label" x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">'
        f"{escape(x.label)}</text>"
        f'<text class="label" transform="translate(13 {height}) rotate(-90)" text-anchor="middle">'
        f"{escape(y.label)}</text>"
    )
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">'
        f"{''.join(shapes)}</svg>"
    )


def _bar(x: Axis, y: Axis, bar: Bar) -> str:
    """The bar, and its words above it, or in it where there is no room."""
    left, top = map(float, _at(x, y, (bar.low, bar.height)))
    right, bottom = map(float, _at(x, y, (bar.high, y.start)))
    words = top - 5 if top - 5 > TOP + 10 else top + 14
    return (
        f'<rect class="bar" x="{left + 1:.1f}" y="{top:.1f}" width="{right - left - 2:.1f}" '
        f'height="{bottom - top:.1f}"><title>{escape(bar.title)}</title></rect>'
        f'<text class="count" x="{(left + right) / 2:.1f}" y="{words:.1f}" text-anchor="middle">'
        f"{escape(bar.top)}</text>"
    )


def _at(x: Axis, y: Axis, point: Point) -> tuple[str, str]:
    left = LEFT + (WIDTH - LEFT - RIGHT) * x.place(point[0])
    top = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * y.place(point[1])
    return f"{left:.1f}", f"{top:.1f}"


def _grid(x: Axis, y: Axis) -> list[str]:
    """The lines and marks of both axes."""
    shapes = []
    for value in y.ticks:
        left, top = _at(x, y, (x.start, value))
        shapes.append(
            f'<line class="grid" x1="{left}" y1="{top}" x2="{WIDTH - RIGHT}" y2="{top}"/>'
            f'<text x="{LEFT - 7}" y="{top}" dy="4" text-anchor="end">{y.named(value)}</text>'
        )
    for value in x.ticks:
        left, top = _at(x, y, (value, y.start))
        shapes.append(
            f'<text x="{left}" y="{HEIGHT - BOTTOM + 17}" text-anchor="middle">'
            f"{x.named(value)}</text>"
        )
    return shapes

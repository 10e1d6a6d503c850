"""Curves on logarithmic axes, as SVG that follows a page's light or dark colours."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from math import ceil, floor, log10

__all__ = ["Curve", "Picture", "power"]

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 74, 190, 40, 54
COLOURS = ("#0b7285", "#c92a2a", "#5f3dc4", "#2b8a3e", "#e67700", "#868e96")
STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#222}.t{font-weight:600;font-size:14px}"
    ".g{stroke:#ccc;stroke-width:.6}.l{fill:none;stroke-width:2}rect{fill:#fff}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}.g{stroke:#555}rect{fill:#181a1b}}"
)


@dataclass(frozen=True, slots=True)
class Curve:
    """A named line, or dots where nothing lies between; ``dashed`` is what nobody measured."""

    name: str
    points: Sequence[tuple[float, float]]
    dots: bool = False
    dashed: bool = False


@dataclass(slots=True)
class Picture:
    """What the axes are called, and the curves."""

    title: str
    across: str
    up: str
    curves: list[Curve] = field(default_factory=list)
    _x: tuple[int, int] = (0, 1)
    _y: tuple[int, int] = (0, 1)

    def svg(self) -> str:
        """The picture."""
        points = [point for curve in self.curves for point in curve.points]
        self._x = _limits([x for x, _ in points])
        self._y = _limits([y for _, y in points])
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
            f"<title>{escape(self.title)}</title><style>{STYLE}</style>",
            f'<rect width="{WIDTH}" height="{HEIGHT}"/>',
            _text(LEFT, 22, self.title, "t"),
            *self._axes(),
            *(self._curve(number, curve) for number, curve in enumerate(self.curves)),
            "</svg>",
        ]
        return "\n".join(parts) + "\n"

    def _at(self, x: float, y: float) -> tuple[float, float]:
        (x0, x1), (y0, y1) = self._x, self._y
        across = LEFT + (log10(x) - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT)
        up = HEIGHT - BOTTOM - (log10(y) - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM)
        return round(across, 1), round(up, 1)

    def _axes(self) -> list[str]:
        (x0, x1), (y0, y1) = self._x, self._y
        found = []
        for power in range(x0, x1 + 1):
            x, low = self._at(10.0**power, 10.0**y0)
            found.append(f'<line class="g" x1="{x}" x2="{x}" y1="{TOP}" y2="{low}"/>')
            found.append(_text(x, low + 17, _number(power), anchor="middle"))
        for power in range(y0, y1 + 1):
            left, y = self._at(10.0**x0, 10.0**power)
            right = WIDTH - RIGHT
            found.append(f'<line class="g" x1="{left}" x2="{right}" y1="{y}" y2="{y}"/>')
            found.append(_text(left - 8, y + 4, _number(power), anchor="end"))
        middle = (LEFT + WIDTH - RIGHT) / 2
        found.append(_text(middle, HEIGHT - 14, self.across, anchor="middle"))
        found.append(
            f'<text transform="translate(16 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" '
            f'text-anchor="middle">{escape(self.up)}</text>'
        )
        return found

    def _curve(self, number: int, curve: Curve) -> str:
        colour = COLOURS[number % len(COLOURS)]
        places = [self._at(*point) for point in curve.points]
        y = TOP + 12 + 20 * number
        x = WIDTH - RIGHT + 14
        named = _text(x + 26, y + 4, curve.name)
        if curve.dots:
            dots = [*places, (x + 10, y)]
            circles = (f'<circle cx="{a}" cy="{b}" r="4" fill="{colour}"/>' for a, b in dots)
            return "".join(circles) + named
        dash = ' stroke-dasharray="5 4"' if curve.dashed else ""
        path = "M" + "L".join(f"{a} {b}" for a, b in places)
        key = f"M{x} {y}h20"
        drawn = f'<path class="l" stroke="{colour}"{dash} d="{path}"/>'
        return drawn + f'<path class="l" stroke="{colour}"{dash} d="{key}"/>' + named


def _limits(values: Sequence[float]) -> tuple[int, int]:
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return low, max(high, low + 1)


def _number(power: int) -> str:
    if 0 <= power <= 4:
        return f"{10**power:,}"
    if -3 <= power < 0:
        return f"{10.0**power:g}"
    return _raised(power)


def power(number: float) -> str:
    """A power of ten, as it is written."""
    return _raised(round(log10(number)))


def _raised(power: int) -> str:
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _text(x: float, y: float, words: str, style: str = "", anchor: str = "start") -> str:
    named = f' class="{style}"' if style else ""
    return f'<text{named} x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'

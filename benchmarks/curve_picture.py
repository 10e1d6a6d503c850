"""The curves of recall against time as an SVG picture, readable on light and on dark pages."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise, product

__all__ = ["drawn"]

WIDTH, HEIGHT = 860, 520
LEFT, RIGHT, TOP, BOTTOM = 70, 24, 60, 56
RECALLS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 1.0)
MISSED_LEAST = 0.001  # of the nearest: what is above is drawn there
COLOURS = ("#d1242f", "#bf6a02", "#0969da", "#1b9aaa", "#8250df", "#c2419b", "#2d8a46")
LETTER, LINE, NEAR = 7.2, 14, 9  # of a label: width of a letter, height, distance to others
STEPS = 20
STYLE = """
.page { fill: #ffffff } text { fill: #1f2328; font: 13px sans-serif }
.title { font-size: 15px; font-weight: bold } .grid { stroke: #d1d9e0 }
.curve { fill: none; stroke-width: 2 } .label { font-weight: bold }
@media (prefers-color-scheme: dark) {
  .page { fill: #0d1117 } text { fill: #e6edf3 } .grid { stroke: #30363d }
  .curve, .dot, .label { filter: brightness(1.35) }
}"""

Curves = Mapping[str, Sequence[tuple[float, float, str]]]
Point = tuple[float, float]
Box = tuple[float, float, float, float]


def drawn(curves: Curves, count: int) -> str:
    """The SVG; ``curves``: by store, the ms, recall and name of its settings, fastest first."""
    times = [ms for curve in curves.values() for ms, _, _ in curve]
    first, last = math.log10(min(times) / 1.3), math.log10(max(times) * 1.3)

    def place(ms: float, recall: float) -> Point:
        across = (math.log10(ms) - first) / (last - first)
        return LEFT + across * (WIDTH - LEFT - RIGHT), _height(recall)

    lines = {
        name: [place(ms, recall) for ms, recall, _ in curve if recall >= RECALLS[0]]
        for name, curve in curves.items()
    }
    title = f"Recall of the ten nearest of {count:,} vectors against the time of one core"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}" role="img">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        f'<rect class="page" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
        f'<text class="title" x="{LEFT}" y="24">{escape(title)}</text>',
        f'<text x="{LEFT}" y="44">up and to the left is better; memory: see the table</text>',
        *_grid(first, last, place),
    ]
    labels = _labels({name: line for name, line in lines.items() if line})
    for (name, line), colour in zip(lines.items(), COLOURS, strict=False):
        if line:
            parts += _curve(name, line, labels[name], colour)
    return "\n".join([*parts, "</svg>\n"])


def _height(recall: float) -> float:
    """By the logarithm of what is missed: half at the bottom, all at the top."""
    most = 1 - RECALLS[0]
    missed = min(most, max(MISSED_LEAST, 1 - recall))
    share = math.log(missed / MISSED_LEAST) / math.log(most / MISSED_LEAST)
    return TOP + share * (HEIGHT - TOP - BOTTOM)


def _grid(first: float, last: float, place: Callable[[float, float], Point]) -> list[str]:
    parts = []
    for recall in RECALLS:
        y = _height(recall)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{recall:g}</text>')
    decades = range(math.floor(first), math.ceil(last) + 1)
    for power, digit in product(decades, (1, 2, 5)):
        ms = digit * 10.0**power
        if first <= math.log10(ms) <= last:
            x, _ = place(ms, 1)
            parts.append(f'<path class="grid" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
            y = HEIGHT - BOTTOM + 20
            parts.append(f'<text x="{x:.1f}" y="{y}" text-anchor="middle">{ms:g}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    what = "milliseconds of a core for a question (logarithmic)"
    parts.append(f'<text x="{middle}" y="{HEIGHT - 14}" text-anchor="middle">{what}</text>')
    where = f"transform='translate(18 {HEIGHT / 2}) rotate(-90)'"
    parts.append(f'<text {where} text-anchor="middle">recall@10</text>')
    return parts


def _curve(name: str, line: Sequence[Point], label: Box, colour: str) -> list[str]:
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in line)
    dots = [
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in line
    ]
    x, _, _, y = label
    at = f'x="{x:.1f}" y="{y - 3:.1f}" style="fill:{colour}"'
    text = f'<text class="label" {at}>{escape(name)}</text>'
    return [f'<path class="curve" d="M{path}" stroke="{colour}"/>', *dots, text]


def _labels(lines: Mapping[str, Sequence[Point]]) -> dict[str, Box]:
    """A box beside each line, where it covers, or is near to, least of all else."""
    drawn_at = {name: list(_points(line)) for name, line in lines.items()}
    found: dict[str, Box] = {}
    for name, line in lines.items():
        others = [point for other, at in drawn_at.items() if other != name for point in at]

        def cost(box: Box, own: str = name, others: Sequence[Point] = others) -> tuple[int, int]:
            left, top, right, bottom = box
            outside = left < LEFT or right > WIDTH - RIGHT
            outside = outside or top < TOP - LINE or bottom > HEIGHT - BOTTOM
            over = sum(
                one[0] < right and left < one[2] and one[1] < bottom and top < one[3]
                for one in found.values()
            )
            covered = _within(box, NEAR, others) + 3 * _within(box, 1, drawn_at[own])
            return outside + over, covered

        wide = LETTER * len(name)
        boxes = [
            (x + dx, y + dy - LINE, x + dx + wide, y + dy)
            for (x, y), dy in product(line, (LINE / 2, -LINE / 2, LINE * 1.5))
            for dx in (10, -10 - wide, -wide / 2)
        ]
        found[name] = min(boxes, key=cost)
    return found


def _points(line: Sequence[Point]) -> Iterator[Point]:
    for (x0, y0), (x1, y1) in pairwise([line[0], *line]):
        for step in range(STEPS):
            share = (step + 1) / STEPS
            yield x0 + (x1 - x0) * share, y0 + (y1 - y0) * share


def _within(box: Box, margin: float, points: Sequence[Point]) -> int:
    left, top, right, bottom = box
    return sum(
        left - margin < x < right + margin and top - margin < y < bottom + margin for x, y in points
    )

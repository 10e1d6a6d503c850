"""The words that are marked as the answer, once a model has pointed at some. Pure."""

from dataclasses import dataclass

from qa.readers.cells import CellReading, FoundCell
from qa.readers.widening import whole_cell, widened
from qa.settings import SETTINGS, CellSettings

__all__ = ["Marked", "marked"]


@dataclass(frozen=True, slots=True)
class Marked:
    """The offsets of the words in the passage's text; ``points`` of the search that their row gains
    as the one of the best cell, or loses as another one; ``doubt``: what the model's margin loses;
    ``in_grid``: whether the words stand in a table or a field; ``fit``: the probability, 0 to 1,
    that the cell answers which they are, 0 where it is not decisive.
    """

    start: int
    end: int
    points: float = 0.0
    doubt: float = 0.0
    in_grid: bool = False
    fit: float = 0.0


def marked(
    text: str, start: int, end: int, reading: CellReading, settings: CellSettings = SETTINGS.cells
) -> Marked:
    """What is marked of a passage's text where a model points at ``start`` to ``end``.

    Words and quantities are made whole, and so are cells. In the line of a cell that answers, that
    cell is marked if it is decisive, and other rows then lose points.
    """
    start, end = widened(text, start, end)
    in_grid = any(
        row.start < end and start < row.end for grid in reading.grids for row in grid.rows
    )
    if reading.lacks and in_grid:
        return Marked(*whole_cell(start, end, reading.grids), doubt=settings.lacking, in_grid=True)
    found = next((cell for cell in reading.cells if _on_line(text, start, end, cell)), None)
    decisive = found is not None and found.fit >= settings.decisive
    if found and decisive:
        start, end = found.cell.start, found.cell.end
    points = settings.points * found.fit if found else 0.0
    best = reading.cells[0] if reading.cells else None
    if best and best.fit >= settings.decisive and in_grid and not found:
        points = -settings.points * best.fit
    fit = found.fit if found and decisive else 0.0
    return Marked(*whole_cell(start, end, reading.grids), points, in_grid=in_grid, fit=fit)


def _on_line(text: str, start: int, end: int, found: FoundCell) -> bool:
    """Whether a cell says something, and stands in the line of a span."""
    low, high = min(start, found.cell.start), max(end, found.cell.end)
    return not found.blank and "\n" not in text[low:high]

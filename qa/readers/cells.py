"""Which cell of a table, or which field, answers a question: by words, types and places.

The row is the one whose other cells have the question's words, the more telling the fewer rows have
them; the column the one whose header has them, and whose cells are of the kind that is asked for.
Rows and columns are treated alike, and so a table whose labels stand in its first column is read as
one whose labels stand in its header, and the label of a row may be the answer. Pure.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from index.query import Query
from index.types import Passage
from qa.readers.cell_kinds import CellKind, asks_for_no_cell, fits_kind, is_blank, kind_of_cell
from qa.readers.cell_words import AskedWord, asked_words, cell_words, likeness, years
from qa.readers.column_words import INTERROGATIVES, contradict, meanings
from qa.readers.evidence import probability
from qa.readers.grids import Cell, Grid, Row, grids
from qa.settings import SETTINGS, CellSettings

__all__ = ["CellReading", "FoundCell", "read_cells"]


_NAMED = 0.35  # fit of a blank cell that is the one asked for
_ENOUGH = 0.4  # margin of a row or a column that is clearly ahead


@dataclass(frozen=True, slots=True)
class FoundCell:
    """A cell that may answer: its row, and the probability (0 to 1) that it does.

    ``blank``: the table has the row and the column, and says nothing there. ``against``: its row
    or its column is another one than asked for. ``measures`` are what the probability is made of.
    """

    cell: Cell
    row: Row
    fit: float
    blank: bool = False
    against: bool = False
    measures: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class CellReading:
    """The best cell of each grid of a passage, best first, and the grids.

    ``absent`` are the names, numbers and codes of the question that neither the passage nor what is
    known of its document has. ``lacks``: the best row or column is another one than asked for, as
    of another year, or it is blank there, or an asked number is absent: then no row answers.
    """

    cells: tuple[FoundCell, ...] = ()
    grids: tuple[Grid, ...] = ()
    absent: tuple[str, ...] = ()
    lacks: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """A cell with its score, and what its row and its column are ahead of the next ones."""

    number: int
    row: Row
    cell: Cell
    score: float
    kind: float
    against: float
    row_margin: float = 0.0
    column_margin: float = 0.0


def read_cells(
    query: Query,
    passage: Passage,
    weights: Mapping[str, float],
    known: str = "",
    settings: CellSettings = SETTINGS.cells,
) -> CellReading:
    """The cells of a passage that answer best, by ``weights`` (idf of the question's stems).

    ``known`` are other words about the document, such as its title.
    """
    found, prose = grids(passage)
    if not found or asks_for_no_cell(query.text):
        return CellReading()
    asked = asked_words(query.text, weights, passage.language or "es")
    if not asked:
        return CellReading()
    lead = f"{known} {passage.context} {_lead(passage.text, prose, found)}"
    elsewhere = [likeness(word, cell_words(passage.text)) for word in asked]
    hints = _hints(query.text)
    read = [_read(query.text, grid, asked, hints, lead, elsewhere, settings) for grid in found]
    cells = sorted((cell for cell in read if cell), key=lambda cell: -cell.fit)
    absent = _absent(asked, f"{lead} {passage.text}", found)
    return CellReading(tuple(cells), tuple(found), absent, _lacks(cells, absent))


def _absent(asked: Sequence[AskedWord], text: str, found: Sequence[Grid]) -> tuple[str, ...]:
    """The names, numbers and codes that stand nowhere; a range of numbers has those inside."""
    words = [cell_words(text)]
    words += [cell_words(c.text) for grid in found for row in grid.rows for c in row.cells]
    return tuple(
        word.text
        for word in asked
        if word.exact and not any(likeness(word, other) for other in words)
    )


def _lacks(cells: Sequence[FoundCell], absent: Sequence[str]) -> bool:
    """Whether the rows are about something else than what is asked, or say nothing of it."""
    if not cells:
        return False
    best = cells[0]
    blank = best.blank and best.fit >= _NAMED
    return blank or best.against or any(map(str.isdigit, "".join(absent)))


def _lead(text: str, prose: Sequence[tuple[int, int]], found: Sequence[Grid]) -> str:
    """The lines before the first row, but the one that belongs to the first of several grids."""
    first = min(row.start for grid in found for row in grid.rows)
    lines = [text[start:end] for start, end in prose if end <= first]
    return " ".join(lines[:-1] if len(found) > 1 else lines)


def _hints(question: str) -> frozenset[str]:
    """What a column may be called that answers the question's interrogatives."""
    words = cell_words(question).words
    hints = " ".join(INTERROGATIVES[word] for word in words if word in INTERROGATIVES)
    return frozenset(name for word in hints.split() for name in meanings(word))


def _read(
    question: str,
    grid: Grid,
    asked: Sequence[AskedWord],
    hints: frozenset[str],
    lead: str,
    elsewhere: Sequence[float],
    settings: CellSettings,
) -> FoundCell | None:
    """The best cell of a grid, with its fit."""
    matches = _Matches(grid, asked)
    around = [likeness(word, cell_words(lead)) for word in asked]
    places = [
        place
        for number, row in enumerate(grid.rows)
        for cell in row.cells
        if (place := matches.place(question, number, row, cell, hints))
    ]
    if not places:
        return None
    best = max(places, key=lambda place: place.score)
    others = [p for p in places if p.row is not best.row and p.cell.column == best.cell.column]
    beside = [p for p in places if p.row is best.row and p.cell is not best.cell]
    best = replace(
        best,
        row_margin=best.score - max((p.score for p in others), default=best.score),
        column_margin=best.score - max((p.score for p in beside), default=best.score),
    )
    where = f"{lead} {best.row.scope} {best.cell.header} {' '.join(c.text for c in best.row.cells)}"
    other_year = bool(years(question) and years(where) and not years(question) & years(where))
    measures = matches.measures(best, around, elsewhere, other_year)
    fit = probability(settings.fit_bias, settings.fit_weights, measures)
    return FoundCell(best.cell, best.row, fit, is_blank(best.cell.text), measures[-1] > 0, measures)


class _Matches:
    """How far the cells and headers of a grid say the words of a question."""

    def __init__(self, grid: Grid, asked: Sequence[AskedWord]) -> None:
        self._asked = asked
        self._is_table = grid.is_table
        self._several = len(grid.rows) > 1
        self._cells = [
            [[likeness(word, cell_words(cell.text)) for word in asked] for cell in row.cells]
            for row in grid.rows
        ]
        self._scopes = [[likeness(word, cell_words(r.scope)) for word in asked] for r in grid.rows]
        headers = {cell.column: cell.header for row in grid.rows for cell in row.cells}
        self._headers = {
            column: [likeness(word, cell_words(words)) for word in asked]
            for column, words in headers.items()
        }
        in_rows = [
            [max([scope[i], *(cell[i] for cell in row)]) for i in range(len(asked))]
            for row, scope in zip(self._cells, self._scopes, strict=True)
        ]
        self._tells_rows = [_telling([row[i] for row in in_rows]) for i in range(len(asked))]
        self._tells_columns = [
            _telling([header[i] for header in self._headers.values()]) for i in range(len(asked))
        ]

    def place(
        self, question: str, number: int, row: Row, cell: Cell, hints: frozenset[str]
    ) -> _Place | None:
        """A cell with its score: the words that its row and its header explain, and its kind."""
        own = self._cells[number][row.cells.index(cell)]
        header = self._headers[cell.column]
        score = 0.0
        keyed = self._keyed(number, row, cell)
        kind_asked = kind_of_cell(question)
        # What is counted is often in no header, or in that of the sum.
        asked_for = 0.8 if kind_asked is CellKind.NUMBER else 1.3
        for i, word in enumerate(self._asked):
            in_row = self._in_row(number, row, cell, i) * self._tells_rows[i]
            above = header[i] * self._tells_columns[i] * (asked_for if word.head else 1.0)
            above *= 0.4 if keyed[i] >= header[i] else 1.0
            score += word.weight * (max(in_row, above) - 0.8 * own[i] * self._tells_rows[i])
        kind = fits_kind(kind_asked, cell.text, cell.header)
        score += 0.7 * kind
        score -= 0.3 * (kind > 0 and not cell.column and self._is_table and not any(header))
        score += 0.2 * bool(hints & cell_words(cell.header).meanings)
        against = _against(question, row, cell)
        score -= against
        score -= 0.1 * _unasked(header, cell.header)
        return _Place(number, row, cell, score, kind, against)

    def _keyed(self, number: int, row: Row, cell: Cell) -> list[float]:
        """How far the headers of other cells that have an asked name or number say each word."""
        keys = [
            self._headers[other.column]
            for other, likes in zip(row.cells, self._cells[number], strict=True)
            if other is not cell
            and any(w.exact and like == 1.0 for w, like in zip(self._asked, likes, strict=True))
        ]
        return [max((key[i] for key in keys), default=-1.0) for i in range(len(self._asked))]

    def _in_row(self, number: int, row: Row, cell: Cell, i: int) -> float:
        """How far the row, but for one cell, says word ``i``."""
        others = [
            likes[i]
            for other, likes in zip(row.cells, self._cells[number], strict=True)
            if other is not cell
        ]
        return max([self._scopes[number][i], *others])

    def measures(
        self, best: _Place, around: Sequence[float], elsewhere: Sequence[float], other_year: bool
    ) -> tuple[float, ...]:
        """What the fit of the best cell is made of.

        The share of the question's words that row, header and what is around them explain; how far
        the row, the column and both are named and ahead of others; the kind; the weight of the
        heaviest name or number that is nowhere; how far what is asked for is named; and what speaks
        against it.
        """
        header = self._headers[best.cell.column]
        rows = [self._in_row(best.number, best.row, best.cell, i) for i in range(len(self._asked))]
        total = sum(word.weight for word in self._asked)
        explained = nowhere = 0.0
        for i, word in enumerate(self._asked):
            here = max(rows[i], header[i])
            explained += word.weight * max(here, around[i])
            if not here and not around[i]:
                nowhere = max(nowhere, word.weight * (word.exact and not elsewhere[i]))
        row = _most(self._asked, rows, self._tells_rows) * _ahead(best.row_margin)
        row = row if self._several else 0.6
        column = _most(self._asked, header, self._tells_columns) * _ahead(best.column_margin)
        named = [max(header[i], rows[i]) for i, word in enumerate(self._asked) if word.head]
        return (
            explained / total,
            row,
            column,
            row * column,
            best.kind,
            nowhere,
            max(named, default=0.5),
            min(1.0, best.against + other_year),
        )


def _most(asked: Sequence[AskedWord], likes: Sequence[float], telling: Sequence[float]) -> float:
    """How far the best of the words names a row or column, 0 to 1."""
    return max(
        word.weight * like * tells for word, like, tells in zip(asked, likes, telling, strict=True)
    )


def _ahead(margin: float) -> float:
    """A margin as a share, 0 to 1, of what is enough."""
    return min(1.0, max(0.0, margin / _ENOUGH))


def _telling(likes: Sequence[float]) -> float:
    """How well a word tells rows, or columns, apart, 0 to 1: the fewer have it, the better."""
    having = sum(like >= 0.5 for like in likes)
    if not having:
        return 0.0
    if len(likes) == 1:
        return 1.0
    return math.log((len(likes) + 1) / having) / math.log(len(likes) + 1)


def _against(question: str, row: Row, cell: Cell) -> float:
    """How many of header and label say something else than the question, as another year."""
    asked, meant = years(question), cell_words(question).meanings
    header, label = cell_words(cell.header), cell_words(_label(row, cell))
    named = years(cell.header)
    other_year = bool(named and asked and not named & asked)
    other = contradict(header.meanings, meant)
    other_row = contradict(label.meanings, meant)
    return float(other_year or other) + float(other_row)


def _label(row: Row, cell: Cell) -> str:
    """What names a row: its first cell, and the first one of words."""
    others = [other.text for other in row.cells if other is not cell]
    named = next((text for text in others if text[:1].isalpha()), "")
    return f"{' '.join(others[:1])} {named}"


def _unasked(likes: Sequence[float], header: str) -> float:
    """The share of a header's words that the question does not have, 0 to 1."""
    words = len(cell_words(header).words)
    return max(0.0, 1 - sum(like > 0 for like in likes) / words) if words else 1.0

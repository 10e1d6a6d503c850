"""What the steps of reading a PDF hand on. Places are in points, from the top left corner."""

from dataclasses import dataclass, field

__all__ = ["MARK_END", "MARK_START", "Box", "Line", "Page", "Rule", "Table", "Word"]

# Around a raised mark inside of a line's text, until it is known whether it belongs to a note.
MARK_START = "\ufdd0"
MARK_END = "\ufdd1"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: of a picture, a cell, a page."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line, horizontal (``top == bottom``) or vertical (``x0 == x1``)."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def horizontal(self) -> bool:
        """Whether it lies rather than stands."""
        return self.x1 - self.x0 >= self.bottom - self.top


@dataclass(slots=True)
class Word:
    """Characters without a space between them, of one font and size.

    ``base`` is the height of the baseline. ``glued``: it follows the word before without a space in
    the file; ``spaced``: a space stands before it.
    ``script`` is ``^`` for raised, ``_`` for lowered characters, ``=`` for the value of a form's
    field.
    """

    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: bool = False
    glued: bool = False
    spaced: bool = False
    script: str = ""
    rise: float = 0.0


@dataclass(slots=True)
class Table:
    """A table: per cell (row, column, rows, columns) and its lines; or rows of finished texts.

    ``xs`` are the edges of its columns. ``starts``: the rows with which later pages begin.
    """

    xs: list[float]
    cells: list[tuple[tuple[int, int, int, int], list["Line"]]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    spans: list[tuple[int, int, int, int]] = field(default_factory=list)
    header_rows: int = 0
    bold_first: bool = False
    title: str = ""  # a first row of one cell over all columns
    starts: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Line:
    """Words on one baseline without a wide gap, or a whole table that stands in their place.

    ``row`` numbers the baselines of a page. ``first_width`` is the width of the first word.
    """

    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: float = 0.0  # share of its characters
    row: int = 0
    first_width: float = 0.0
    table: Table | None = None
    height: float = 0.0  # of a table
    separate: bool = False  # a part of its own, whatever stands around it
    is_field: bool = False

    @property
    def top(self) -> float:
        """The upper edge, about."""
        return self.base - (self.height or 0.8 * self.size)


@dataclass(slots=True)
class Page:
    """What was read of one page."""

    number: int  # from 1
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    turned: list[list[Line]] = field(default_factory=list)  # text in other directions
    images: list[Box] = field(default_factory=list)
    characters: int = 0
    garbled: bool = False  # its fonts do not say which letters they show
    is_scan: bool = False  # a picture without text
    hidden: dict[str, int] = field(default_factory=dict)
    comments: int = 0
    confidence: float | None = None
    printed: str = ""  # the page's number, as it stands at its edge

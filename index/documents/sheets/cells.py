"""Values and styles of Excel to what a cell shows."""

from collections import Counter
from dataclasses import dataclass

from index.documents.sheets.grid import Cell, Kind
from index.documents.sheets.headers import is_figure
from index.documents.sheets.locales import Locale
from index.documents.sheets.number_format import NumberFormat, number_format
from index.documents.sheets.rich_text import PLAIN, RichText

__all__ = ["CellMaker", "Style", "style_of"]

_MOST_SHARED = 100_000


@dataclass(frozen=True, slots=True)
class Style:
    """What of a cell's style changes its text. ``plain`` shows a text as it is."""

    format: NumberFormat
    bold: bool = False
    struck: bool = False
    plain: bool = True


def style_of(code: str, locale: Locale, *, bold: bool = False, struck: bool = False) -> Style:
    """A style by its format code."""
    return Style(
        number_format(code, locale),
        bold,
        struck,
        code == "@" or ("@" not in code and code.count(";") < 3),
    )


class CellMaker:
    """Makes the cells of one workbook; ``counts`` has how many texts were struck through."""

    def __init__(self, locale: Locale, *, from_1904: bool) -> None:
        self.counts: Counter[str] = Counter()
        self.general = style_of("General", locale)
        self._from_1904 = from_1904
        self._words = ("FALSO", "VERDADERO") if locale.language == "es" else ("FALSE", "TRUE")
        self._shared: dict[tuple[str, Kind, bool], Cell] = {}

    def text(self, text: str | RichText, style: Style) -> Cell | None:
        """The cell of a text; None where it shows nothing."""
        read, shown = PLAIN, text if isinstance(text, str) else text.text
        if isinstance(text, RichText):
            read = text
            self.counts["struck"] += read.struck
        if shown and not style.plain:
            shown = " ".join(style.format.text(shown).split())
        kind = Kind.NUMBER if is_figure(shown) else Kind.TEXT
        return self._cell(shown, kind, style, read)

    def number(self, value: float, style: Style) -> Cell | None:
        """The cell of a number or date; None where its format shows nothing."""
        shown = style.format.number(value, from_1904=self._from_1904)
        kind = Kind.DATE if style.format.is_date else Kind.NUMBER
        return self._cell(" ".join(shown.split()) if " " in shown else shown, kind, style)

    def truth(self, value: bool, style: Style) -> Cell | None:
        """The cell of a truth value, in the workbook's language."""
        return self._cell(self._words[value], Kind.TRUTH, style)

    def error(self, text: str, style: Style) -> Cell | None:
        """The cell of an error such as #DIV/0!."""
        return self._cell(text, Kind.NUMBER, style)

    def _cell(self, text: str, kind: Kind, style: Style, read: RichText = PLAIN) -> Cell | None:
        if not text:
            return None
        if style.struck:
            self.counts["struck"] += 1
            return None
        if read is not PLAIN and (read.marks or read.lead):
            text = f"{read.lead} {text}" if read.lead else text
            return Cell(text, kind, style.bold, 0, read.marks, read.lead)
        # One object for equal cells: columns repeat themselves.
        key = (text, kind, style.bold)
        cell = self._shared.get(key)
        if cell is None:
            if len(self._shared) > _MOST_SHARED:
                self._shared.clear()
            cell = self._shared[key] = Cell(text, kind, style.bold)
        return cell

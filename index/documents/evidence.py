"""What a part is where the file does not say it: header rows, forms, labels, captions. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from index.documents.parts import Part
from index.types import BlockRole

__all__ = ["captioned", "form", "header_rows", "is_caption", "is_units", "label_and_value"]

_FIGURE = re.compile(
    r"[(\-−–+]?\s*(?:[$€£¥]|US\$|MXN?|EUR|USD|Bs\.?)?\s*[\-−–+]?\d[\d.,\s'’/:\-–]*"
    r"\s*(?:%|[$€£¥]|°C?|[^\W\d_]{1,5}[²³]?(?:/[A-Za-z]{1,4}[²³]?)?|M\.?N\.?)?\s*\)?"
)
_EMPTY = re.compile(r"[\s\-–—.*]*|n/?[ad]\.?|s/?[dn]\.?", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s*[-–/]\s*(?:19|20)?\d\d)?")
_LABEL_CHARS = 60
_HEADER_CHARS = 60
_MOST_HEADERS = 4
# What a column of labels and one of values are called.
_COLUMN_NAMES = """
    dato datos campo concepto elemento rubro parámetro característica atributo propiedad indicador
    variable valor valores detalle descripción respuesta contenido importe monto cantidad
    field item name parameter property attribute variable value values detail details description
    answer content amount
"""
_NAMES = frozenset(_COLUMN_NAMES.split())
_LABELLED = re.compile(r"([^\s:][^:\n\t]{0,59}?)\s*:[ \t]*\t?[ \t]*(\S.*)", re.DOTALL)
_CAPTION = re.compile(
    r"(?:tabla|cuadro|table|figura|figure|gr[áa]fic[oa]|ilustraci[óo]n|anexo gr[áa]fico|mapa|chart)"
    r"\s+(?:n[.º°o]+\s*)?(?:\d+|[IVX]+)(?:[.\-]\d+)*\s*[.:\-–—]?(?:\s.*)?",
    re.IGNORECASE,
)
_CAPTION_CHARS = 200
_UNIT_WORDS = """
    % ‰ mm cm dm m km m² m2 km² km2 ha hm² m³ m3 hm³ hm3 dam³ l litros ml hl g gr kg t ton toneladas
    s seg min h hr horas días dias meses años v kv w kw kwh mw mwh gwh j kj mj kcal °c ºc c k pa kpa
    bar db ppm mg/l µg/m³ m³/s m3/s l/s km/h hab hab. habitantes personas hab/km² hab/km2 unidades
    uds uds. u pza pzas piezas núm no. número cantidad € $ £ eur usd mxn pesos euros dólares
    miles millones m.n. €/m² $/m² €/kg $/kg €/h $/kwh €/kwh
"""
_UNITS = frozenset(_UNIT_WORDS.split())

Spans = Sequence[tuple[int, int, int, int]]


def is_figure(text: str) -> bool:
    """A number, amount, date or share."""
    return bool(_FIGURE.fullmatch(text.strip()))


def label_and_value(text: str) -> tuple[str, str] | None:
    """The label and the value of a line as forms have them: "Aforo: 85 personas"."""
    found = _LABELLED.fullmatch(text.strip())
    if found is None or found[2].startswith("//") or re.search(r"\d$", found[1]):
        return None
    return found[1], found[2]


def form(rows: Sequence[Sequence[str]]) -> list[tuple[BlockRole, str]] | None:
    """The fields of a table whose cells are labels with a colon and their values; else None."""
    fields: list[tuple[BlockRole, str]] = []
    pairs = 0
    for row in rows:
        cells = [text.strip() for at, text in enumerate(row) if at == 0 or text != row[at - 1]]
        while cells and not cells[-1]:
            cells.pop()
        found = _fields(cells)
        if found is None:
            return None
        pairs += sum(role is BlockRole.FIELD for role, _ in found)
        fields += found
    return fields if pairs and 2 * pairs > len(fields) else None


def _fields(cells: Sequence[str]) -> list[tuple[BlockRole, str]] | None:
    if len(cells) == 1 and not label_and_value(cells[0]) and not cells[0].endswith(":"):
        return [(BlockRole.PARAGRAPH, cells[0])]
    fields: list[tuple[BlockRole, str]] = []
    at = 0
    while at < len(cells):
        text = cells[at]
        if text.endswith(":") and len(text) <= _LABEL_CHARS:
            value = cells[at + 1] if at + 1 < len(cells) else ""
            if value.endswith(":"):
                value, at = "", at - 1
            role = BlockRole.FIELD if value else BlockRole.PARAGRAPH
            fields.append((role, f"{text} {value}".strip()))
            at += 2
        elif label_and_value(text):
            fields.append((BlockRole.FIELD, text))
            at += 1
        elif not text:
            at += 1
        else:
            return None
    return fields


def header_rows(
    rows: Sequence[Sequence[str]], spans: Spans, outstanding: Sequence[bool], *, styled: bool
) -> int:
    """How many rows above are evidently a header; ``outstanding`` are bold or shaded as a whole."""
    if len(rows) < 2 or len(rows[0]) < 2 or not all(map(_header_text, rows[0][1:])):
        return 0
    first = _depth(rows, spans)
    if first >= len(rows):
        return 0
    below = [row for row in rows[first:] if len(row) > 1]
    if not below:
        return 0
    looks = outstanding[0] and not all(outstanding)
    units = first + 1 < len(rows) and is_units(rows[first])
    if units:
        first, below = first + 1, below[1:]
    named = all(text.casefold() in _NAMES for text in rows[0])
    worded = named or _over_words(rows[0], below)
    evident = units or worded or _over_figures(rows[:first], below)
    return first if styled or looks or evident else 0


def is_units(row: Sequence[str]) -> bool:
    """Whether a row below the names of the columns holds their units: km, (%), miles de pesos."""
    said = [text.strip().lower().strip("()[]") for text in row if text.strip()]
    counted = [re.sub(r"^(?:en )?(?:miles|millones) de ", "", text) for text in said]
    return bool(said) and all(text in _UNITS for text in counted)


def is_caption(text: str) -> bool:
    """Whether a line says that it is the title of a table or picture: "Tabla 3. Tarifas"."""
    return len(text) <= _CAPTION_CHARS and _CAPTION.fullmatch(text) is not None


def captioned(parts: Sequence[Part]) -> list[Part]:
    """The parts, in which a paragraph "Tabla 3. ..." right before a table is its caption."""
    made = list(parts)
    for at, (part, after) in enumerate(pairwise(parts)):
        over = part.role is BlockRole.PARAGRAPH and after.role is BlockRole.TABLE and not part.mark
        if over and is_caption(part.text):
            made[at] = replace(part, role=BlockRole.CAPTION)
    return made


def _header_text(text: str) -> bool:
    return bool(text) and len(text) <= _HEADER_CHARS and not text.endswith(":")


def _depth(rows: Sequence[Sequence[str]], spans: Spans) -> int:
    """The rows of a header that cells of its first row span, or divide further."""
    depth = max((height for row, _, height, _ in spans if row == 0), default=1)
    divided = any(row == 0 and width > 1 for row, _, _, width in spans)
    if depth == 1 and divided and len(rows) > 2:
        words = [text for text in rows[1] if text]
        plain = all(not is_figure(text) or _YEAR.fullmatch(text.strip()) for text in words)
        depth = 2 if words and plain else 1
    return min(depth, _MOST_HEADERS)


def _over_figures(header: Sequence[Sequence[str]], below: Sequence[Sequence[str]]) -> bool:
    """Text, or years, over a column of figures; where there are two columns, over figures alone."""
    columns = len(header[0])
    for column in range(1, columns):
        names = [row[column] for row in header if len(row) > column]
        if any(is_figure(name) and not _YEAR.fullmatch(name.strip()) for name in names):
            return False
    for column in range(1, columns):
        values = [row[column] for row in below if len(row) > column]
        told = [text for text in values if not _EMPTY.fullmatch(text)]
        figures = sum(map(is_figure, told))
        if columns == 2:
            # A column is of one kind; the values of a form differ.
            units = {re.sub(r"[\d.,+−\s-]", "", text) for text in told}
            if told and figures == len(told) and len(units) == 1:
                return True
        elif told and figures >= 0.8 * len(told):
            return True
    return False


def _over_words(header: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Three columns or more of words alone: short names over rows that are as wide."""
    distinct = len(set(header)) == len(header) and all(header)
    short = all(len(text) <= 40 and not re.search(r"\d|\w{4}\.$|;$", text) for text in header)
    return len(header) >= 3 and distinct and short and len(below) >= 2

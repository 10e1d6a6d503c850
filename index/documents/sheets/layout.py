"""Sheets to parts: headings, captions, tables with their headers, fields, lines of text."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from index.documents.metadata import Metadata
from index.documents.notices import counted
from index.documents.parts import Converted, Part, table
from index.documents.sheets.grid import Cell, Kind, Sheet, visible
from index.documents.sheets.headers import header_rows, spread_groups
from index.documents.sheets.notes import Placed, take_marks, tied
from index.documents.sheets.regions import Region, regions
from index.types import BlockRole, Notice, NoticeKind

__all__ = ["workbook"]

_NOTICES = (
    ("struck", NoticeKind.DELETED, "{} struck-through text(s) (is/are) left out"),
    ("comments", NoticeKind.COMMENT, "{} comment(s) (is/are) left out"),
    ("pictures", NoticeKind.NO_TEXT, "{} picture(s) (is/are) without text"),
    (
        "repeated",
        NoticeKind.OTHER,
        "{} equal row(s) or cell(s) after the first (is/are) left out",
    ),
    ("damaged", NoticeKind.LOST, "{} part(s) of the workbook (is/are) damaged and left out"),
    (
        "formulas",
        NoticeKind.LOST,
        "{} formula(s) (has/have) no stored result; save the file in its own program",
    ),
)
# What a program calls a sheet that nobody named.
_UNNAMED = re.compile(
    r"(?:sheet|hoja|worksheet|tabelle|feuille?|feuil|foglio|folha|planilha|full|tabla|table)"
    r"[ _]?\d*",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"(?:fuentes?|source|notas?|notes?|n\. ?b|elaboraci[óo]n|observaci[óo]n(?:es)?|remarks?)\b"
    r"\.?\s*:|[*†‡]|\(\*+\)|\(?\d{1,2}[)/]\s",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?…]['\"»”’)\]]*$")
_LONGEST_TITLE = 160  # characters
_LONGEST_LABEL = 60
_MOST_TITLES = 6  # rows
# Labels of forms; a column that holds several of them is no column of a table.
_LABEL_WORDS = (
    "nombre apellido apellidos dirección domicilio teléfono móvil celular correo email e-mail "
    "fecha responsable autor autora proyecto cliente proveedor empresa nif cif rfc curp dni "
    "expediente folio lugar ciudad municipio estado provincia país objeto presupuesto importe "
    "plazo duración inicio fin vigencia horario aforo contacto puesto cargo departamento área "
    "observaciones estatus versión referencia banco cuenta iban name surname address phone "
    "mobile mail date author project client customer supplier company place city country "
    "budget amount deadline duration start end contact position department status version "
    "reference bank account title manager owner capacity schedule notes título total "
)
_LABELS = frozenset(_LABEL_WORDS.split())


def _sheet_parts(sheet: Sheet) -> tuple[list[Part], int, int]:
    """The parts of a sheet, and how many of its rows and columns with content are hidden."""
    lines, hidden_rows, hidden_columns = visible(sheet)
    boxes = sorted(sheet.boxes)
    placed: list[Placed] = []
    found = regions(take_marks(lines), sheet.declared)
    for position, region in enumerate(found):
        while boxes and boxes[0][0] < region.top:
            placed.append(Placed(Part(BlockRole.PARAGRAPH, boxes.pop(0)[1])))
        following = found[position + 1] if position + 1 < len(found) else None
        placed += _region_parts(region, following)
    placed += [Placed(Part(BlockRole.PARAGRAPH, text)) for _, text in boxes]
    parts = tied(placed)
    name = " ".join(sheet.name.split())
    if parts and name and not _UNNAMED.fullmatch(name):
        parts.insert(0, Part(BlockRole.HEADING, name, level=1))
    return parts, hidden_rows, hidden_columns


def _hidden(sheets: int, rows: int, columns: int) -> list[Notice]:
    """One notice of all that a workbook hides; none where it hides nothing."""
    counts = ((sheets, "sheet"), (rows, "row"), (columns, "column"))
    named = [f"{count} hidden {noun}{'s'[: count != 1]}" for count, noun in counts if count]
    if not named:
        return []
    listed = " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))
    verb = "is" if sheets + rows + columns == 1 else "are"
    return [Notice(NoticeKind.HIDDEN, f"{listed} {verb} left out")]


def _region_parts(region: Region, following: Region | None) -> Iterator[Placed]:
    if region.is_text and region.headers is None:
        yield from _text_parts(region, following)
        return
    lines = region.lines
    first, last = 0, len(lines)
    if region.headers is None:
        while region.is_single(first) and first < last:
            first += 1
        while last > first and region.is_single(last - 1) and _is_remark(_only(lines[last - 1][1])):
            last -= 1
        yield from _titles([_only(cells) for _, cells in lines[:first]])
    body = Region(lines[first:last], region.headers)
    fields = _fields(body)
    if fields:
        yield from (Placed(Part(BlockRole.FIELD, text)) for text in fields)
    else:
        yield from _table(body)
    yield from (_line(BlockRole.PARAGRAPH, [_only(cells)]) for _, cells in lines[last:])


def _only(cells: dict[int, Cell]) -> Cell:
    return next(iter(cells.values()))


def _line(role: BlockRole, cells: Sequence[Cell]) -> Placed:
    """A part of one text a line."""
    marks = []
    end = -1
    for cell in cells:
        end += 1 + len(cell.text)
        marks += [(mark, end) for mark in cell.marks]
    return Placed(Part(role, "\n".join(cell.text for cell in cells)), tuple(marks))


def _is_title(cell: Cell) -> bool:
    text = cell.text
    short = len(text) <= _LONGEST_TITLE and not _SENTENCE.search(text)
    remark = cell.lead or _REMARK.match(text)
    return short and not remark and (cell.kind is Kind.TEXT or cell.bold)


def _is_remark(cell: Cell) -> bool:
    return bool(cell.lead or _REMARK.match(cell.text)) or len(cell.text) > _LONGEST_TITLE


def _titles(cells: Sequence[Cell]) -> Iterator[Placed]:
    """Lines above a table: its caption, of one or more lines, and sentences before that."""
    captions: list[Cell] = []
    for cell in cells:
        if _is_title(cell):
            captions.append(cell)
            continue
        if captions:
            yield _line(BlockRole.CAPTION, captions)
        captions = []
        yield _line(BlockRole.PARAGRAPH, [cell])
    if captions:
        yield _line(BlockRole.CAPTION, captions)


def _text_parts(region: Region, following: Region | None) -> Iterator[Placed]:
    """Rows of one text each: the title of the table that follows, a list, or paragraphs."""
    cells = [_only(cells) for _, cells in region.lines]
    over = following is not None and (following.headers is not None or not following.is_text)
    titles = all(map(_is_title, cells))
    if over and titles and len(cells) <= _MOST_TITLES:
        yield from _titles(cells)
        return
    prose = any(_SENTENCE.search(cell.text) or len(cell.text) > _LONGEST_TITLE for cell in cells)
    remarks = any(cell.lead or _REMARK.match(cell.text) for cell in cells)
    if len(cells) > 2 and not prose and not remarks and len(region.columns) == 1:
        part = table([[cell.text] for cell in cells], header_rows=_list_header(cells))
        if part is not None:
            yield Placed(part)
        return
    yield from (_line(BlockRole.PARAGRAPH, [cell]) for cell in cells)


def _list_header(cells: Sequence[Cell]) -> int:
    figures = all(cell.kind is not Kind.TEXT for cell in cells[1:])
    bold = cells[0].bold and not any(cell.bold for cell in cells[1:])
    return int(bold or (figures and cells[0].kind is Kind.TEXT))


def _fields(region: Region) -> list[str]:
    """A form's labels with their values; nothing where the region is no form."""
    if region.headers is not None:
        return []
    rows = [[cells[column] for column in sorted(cells)] for _, cells in region.lines]
    colons = [sum(_is_label(cell) for cell in row) for row in rows]
    if sum(map(bool, colons)) * 3 >= len(rows) * 2:
        return [text for row in rows for text in _pairs(row)]
    if len(region.columns) != 2 or not _is_labelled(rows):
        return []
    return [_field(row) for row in rows]


def _is_label(cell: Cell) -> bool:
    return cell.text.endswith(":") and len(cell.text) <= _LONGEST_LABEL


def _pairs(row: Sequence[Cell]) -> Iterator[str]:
    """Of a row of labels with a colon and values: each label with what follows it."""
    texts: list[str] = []
    seen = 0
    for cell in row:
        if cell.merge and cell.merge == seen:
            continue
        seen = cell.merge
        if _is_label(cell) and texts:
            yield " ".join(texts)
            texts = []
        texts.append(cell.text)
    yield " ".join(texts)


def _is_labelled(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether two columns are labels and values, and not a table of two columns."""
    full = [row for row in rows if len(row) == 2]
    labels = [row[0] for row in full]
    texts = [label.text for label in labels]
    if any(label.kind is not Kind.TEXT or len(label.text) > _LONGEST_LABEL for label in labels):
        return False
    if (
        len(full) < max(2, len(rows) - 1)
        or len(set(texts)) < len(texts)
        or any(cell.merge for row in rows for cell in row)
    ):
        return False
    bold = [row[0].bold for row in full]
    if all(bold) and not any(row[1].bold for row in full):
        return True
    if full[0][0].bold and full[0][1].bold and not bold[1]:
        return False
    known = [bool(_LABELS & set(re.findall(r"[\w-]+", text.lower())[:1])) for text in texts]
    # The first row may be a header: "Nombre" stands over names, too.
    below = sum(known[1:])
    return 3 * below >= len(texts) - 1 and (below >= 2 or len(texts) == 2)


def _field(row: Sequence[Cell]) -> str:
    return ": ".join(cell.text for cell in row)


def _table(region: Region) -> Iterator[Placed]:
    columns = region.columns
    rows: list[list[Cell | None]] = [
        [cells.get(column) for column in columns] for _, cells in region.lines
    ]
    headers = header_rows(rows) if region.headers is None else region.headers
    spread_groups(rows, headers)
    whole = [_is_whole(row) for row in rows]
    shown = [row[:1] if alone else row for row, alone in zip(rows, whole, strict=True)]
    texts = [[cell.text if cell else "" for cell in row] for row in shown]
    part = table(texts, header_rows=headers, spans=_spans(rows, whole))
    if part is not None:
        yield Placed(part, tuple(_marks(shown)))


def _marks(rows: Sequence[Sequence[Cell | None]]) -> Iterator[tuple[str, int]]:
    """The marks of a table's cells, with their offsets in its text."""
    if not any(cell is not None and cell.marks for row in rows for cell in row):
        return
    start = 0
    for row in rows:
        end = start
        for cell in row:
            end += len(cell.text) if cell else 0
            for mark in cell.marks if cell else ():
                yield mark, end
            end += 1
        filled = max((number for number, cell in enumerate(row, 1) if cell), default=0)
        start += sum(len(cell.text) if cell else 0 for cell in row) + filled


def _is_whole(row: Sequence[Cell | None]) -> bool:
    """Whether one merged cell is the whole row."""
    first = row[0]
    merged = first is not None and first.merge > 0
    return merged and len(row) > 1 and all(cell is not None and cell == first for cell in row)


def _spans(
    rows: Sequence[Sequence[Cell | None]], whole: Sequence[bool]
) -> tuple[tuple[int, int, int, int], ...]:
    areas: dict[int, tuple[int, int, int, int]] = {}
    for number, row in enumerate(rows):
        if whole[number]:
            continue
        for column, cell in enumerate(row):
            if cell is None or not cell.merge:
                continue
            top, first, _, last = areas.get(cell.merge, (number, column, number, column))
            areas[cell.merge] = (top, min(first, column), number, max(last, column))
    return tuple(
        (top, first, bottom - top + 1, last - first + 1)
        for top, first, bottom, last in areas.values()
        if (bottom, last) != (top, first)
    )


def workbook(
    sheets: Iterable[Sheet],
    hidden_sheets: int,
    counts: Counter[str],
    metadata: Metadata,
    damaged: Iterable[str] = (),
) -> Converted:
    """The parts of the shown sheets, and notices of what is hidden, left out or damaged."""
    parts: list[Part] = []
    rows = columns = 0
    for sheet in sheets:
        of_sheet, hidden_rows, hidden_columns = _sheet_parts(sheet)
        parts += of_sheet
        rows += hidden_rows
        columns += hidden_columns
    lost = (
        Notice(NoticeKind.LOST, f"the sheet {name!r} is damaged and left out") for name in damaged
    )
    return Converted(
        parts,
        title=metadata.title,
        author=metadata.author,
        created=metadata.created,
        notices=(*_hidden(hidden_sheets, rows, columns), *lost, *counted(counts, _NOTICES)),
    )

"""Spreadsheets: by openpyxl and odfpy; CSV by hand. What is shown is known from the maker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.formats.contents import STREETS, euros
from benchmarks.formats.truth import Heading, Piece, Table, Truth

__all__ = ["Book", "Cell", "Sheet", "books", "delimited", "pieces_of", "write_ods", "write_xlsx"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A value, how a program shows it by its format, and the words that are shown."""

    value: Any
    shown: str
    format: str = "General"


@dataclass(frozen=True, slots=True)
class Sheet:
    """``rows`` with their header; ``hidden_rows`` and ``hidden_columns`` count from 0."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    header_rows: int = 1
    spans: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """Sheets, by their tabs' order."""

    name: str
    title: str
    sheets: tuple[Sheet, ...]


def words(*texts: str) -> tuple[Cell, ...]:
    """Cells of text."""
    return tuple(Cell(text, text) for text in texts)


def books(seed: int = 16) -> list[Book]:
    """Payments, a plan with spans and hidden parts, measurements, and a book of three sheets."""
    random = Random(seed + 1)  # noqa: S311
    return [_payments(random), _hours(), _measures(random), _plan(random)]


def _money(cents: int) -> Cell:
    return Cell(cents / 100, f"${cents / 100:,.2f}", '"$"#,##0.00')


def _share(tenths: int) -> Cell:
    return Cell(tenths / 1000, f"{tenths / 10:.1f}%", "0.0%")


def _day(day: date) -> Cell:
    return Cell(day, day.strftime("%d/%m/%Y"), "dd/mm/yyyy")


def _payments(random: Random) -> Book:
    rows = [words("Fecha", "Proveedor", "Folio", "Importe", "IVA")]
    for number in range(24):
        day = date(2025, random.randrange(1, 13), random.randrange(1, 29))
        name = f"Ferretería {random.choice(STREETS)}"
        folio = f"{number * 37 + 11:05d}"
        rows.append(
            (
                _day(day),
                Cell(name, name),
                Cell(folio, folio),
                _money(random.randrange(1_000, 9_000_000)),
                _share(random.choice((80, 160))),
            )
        )
    secret = [words("Cuenta", "Saldo"), (Cell("Caja negra", "Caja negra"), _money(7_777_701))]
    return Book(
        "pagos",
        "Pagos de 2025",
        (
            Sheet("Pagos", tuple(rows)),
            Sheet("Interno", tuple(secret), hidden=True),
        ),
    )


def _hours() -> Book:
    rows = (
        words("Turno", "Lunes", "Lunes", "Martes", "Martes"),
        words("Turno", "Entrada", "Salida", "Entrada", "Salida"),
        *(
            (
                Cell(name, name),
                *(Cell(time(h, m), f"{h:02d}:{m:02d}", "hh:mm") for h, m in times),
            )
            for name, times in (
                ("Mañana", ((7, 0), (14, 30), (7, 15), (14, 45))),
                ("Tarde", ((14, 0), (21, 30), (14, 5), (21, 35))),
                ("Noche", ((21, 0), (5, 30), (21, 45), (6, 0))),
            )
        ),
    )
    spans = ((0, 0, 2, 1), (0, 1, 1, 2), (0, 3, 1, 2))
    return Book("horarios", "Horarios de la planta", (Sheet("Horarios", rows, 2, spans),))


def _measures(random: Random) -> Book:
    rows = [words("Pozo", "Nivel (m)", "Caudal (l/s)", "Clave interna", "Potable")]
    for number in range(40):
        level, flow = random.randrange(100, 9_000) / 100, random.randrange(1, 4_000)
        rows.append(
            (
                Cell(f"P-{number + 1:02d}", f"P-{number + 1:02d}"),
                Cell(level, f"{level:.2f}", "0.00"),
                Cell(flow, f"{flow:,}", "#,##0"),
                Cell(f"zx{number}q", f"zx{number}q"),
                Cell("sí" if number % 3 else "no", "sí" if number % 3 else "no"),
            )
        )
    sheet = Sheet("Mediciones", tuple(rows), hidden_rows=(5, 6, 20), hidden_columns=(3,))
    return Book("pozos", "Mediciones de los pozos", (sheet,))


def _plan(random: Random) -> Book:
    sheets = []
    for name in ("Ingresos", "Gastos", "Personal"):
        rows = [words("Área", "Concepto", "Enero", "Febrero", "Marzo")]
        for area in ("Archivo", "Caja"):
            for number in range(3):
                thing = f"{name[:-1].lower()} {area.lower()} {number + 1}"
                amounts = (_money(random.randrange(10_000, 900_000)) for _ in range(3))
                rows.append((Cell(area, area), Cell(thing, thing), *amounts))
        sheets.append(Sheet(name, tuple(rows), 1, ((1, 0, 3, 1), (4, 0, 3, 1))))
    return Book("plan", "Plan trimestral", tuple(sheets))


def pieces_of(book: Book) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    """What a reader sees, and the words that the book keeps from its readers."""
    pieces: list[Piece] = []
    seen: set[str] = set()
    hidden: list[str] = []
    for sheet in book.sheets:
        if sheet.hidden:
            hidden += [cell.shown for row in sheet.rows for cell in row]
            continue
        kept_rows = [r for r in range(len(sheet.rows)) if r not in sheet.hidden_rows]
        kept = [c for c in range(len(sheet.rows[0])) if c not in sheet.hidden_columns]
        rows = tuple(tuple(sheet.rows[r][c].shown for c in kept) for r in kept_rows)
        hidden += [sheet.rows[r][0].shown for r in sheet.hidden_rows]
        hidden += [row[c].shown for row in sheet.rows for c in sheet.hidden_columns]
        pieces += [Heading(sheet.name), Table(rows, sheet.header_rows, sheet.spans)]
        seen |= {value for row in rows for value in row}
    return tuple(pieces), tuple(word for word in hidden if word not in seen)


def write_xlsx(book: Book, path: Path) -> None:
    """By openpyxl."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    made: Any = Workbook()
    made.remove(made.active)
    made.properties.title = book.title
    for sheet in book.sheets:
        page = made.create_sheet(sheet.name)
        covered = Table((), spans=sheet.spans).covered
        for r, row in enumerate(sheet.rows):
            for c, cell in enumerate(row):
                if (r, c) in covered:
                    continue
                place = page.cell(r + 1, c + 1, cell.value)
                place.number_format = cell.format if cell.format != "General" else "General"
                place.font = Font(bold=r < sheet.header_rows)
        for row_, column, tall, wide in sheet.spans:
            page.merge_cells(
                start_row=row_ + 1,
                start_column=column + 1,
                end_row=row_ + tall,
                end_column=column + wide,
            )
        for r in sheet.hidden_rows:
            page.row_dimensions[r + 1].hidden = True
        for c in sheet.hidden_columns:
            page.column_dimensions[chr(ord("A") + c)].hidden = True
        page.sheet_state = "hidden" if sheet.hidden else "visible"
    made.save(str(path))


def write_ods(book: Book, path: Path) -> None:
    """By odfpy: values with the words that are shown."""
    from odf import dc, style, table, text
    from odf.opendocument import OpenDocumentSpreadsheet

    made: Any = OpenDocumentSpreadsheet()
    made.meta.addElement(dc.Title(text=book.title))
    unseen = style.Style(name="ta2", family="table")
    unseen.addElement(style.TableProperties(display="false"))
    made.automaticstyles.addElement(unseen)
    for sheet in book.sheets:
        grid = table.Table(name=sheet.name, **({"stylename": unseen} if sheet.hidden else {}))
        for c in range(len(sheet.rows[0])):
            gone = {"visibility": "collapse"} if c in sheet.hidden_columns else {}
            grid.addElement(table.TableColumn(**gone))
        shape = Table((), spans=sheet.spans)
        for r, row in enumerate(sheet.rows):
            gone = {"visibility": "collapse"} if r in sheet.hidden_rows else {}
            line = table.TableRow(**gone)
            for c, cell in enumerate(row):
                if (r, c) in shape.covered:
                    line.addElement(table.CoveredTableCell())
                    continue
                tall, wide = shape.sizes.get((r, c), (1, 1))
                place = table.TableCell(
                    numberrowsspanned=tall, numbercolumnsspanned=wide, **_odf_value(cell)
                )
                place.addElement(text.P(text=cell.shown))
                line.addElement(place)
            grid.addElement(line)
        made.spreadsheet.addElement(grid)
    made.save(str(path))


def _odf_value(cell: Cell) -> dict[str, str]:
    if isinstance(cell.value, date):
        return {"valuetype": "date", "datevalue": cell.value.isoformat()}
    if isinstance(cell.value, time):
        return {"valuetype": "time", "timevalue": cell.value.strftime("PT%HH%MM00S")}
    if isinstance(cell.value, (int, float)):
        kind = "percentage" if cell.shown.endswith("%") else "float"
        return {"valuetype": kind, "value": repr(cell.value)}
    return {"valuetype": "string"}


def delimited(folder: Path, seed: int = 16) -> list[Truth]:
    """CSV and TSV as programs write them: other separators, code pages, quotes, sep= lines."""
    random = Random(seed + 2)  # noqa: S311
    rows: list[tuple[str, ...]] = [("Fecha", "Calle", "Importe", "Observación")]
    for number in range(30):
        day = f"{random.randrange(1, 29):02d}/{random.randrange(1, 13):02d}/2024"
        note = random.choice(("sin novedad", 'dijo "mañana"', "revisó Íñigo; firmó Zoë", "—"))
        street = f"{random.choice(STREETS)} {number + 1}"
        rows.append((day, street, euros(random.randrange(100, 9_999_999)), note))
    ways = (
        ("coma.csv", ",", "utf-8", ""),
        ("punto-y-coma.csv", ";", "cp1252", ""),
        ("con-sep.csv", ";", "utf-8-sig", "sep=;\n"),
        ("barras.csv", "|", "utf-8", ""),
        ("utf16.csv", "\t", "utf-16", ""),
        ("tabuladores.tsv", "\t", "utf-8", ""),
    )
    made = []
    for name, separator, encoding, first in ways:
        body = "".join(separator.join(_quoted(v, separator) for v in row) + "\r\n" for row in rows)
        shown: Sequence[tuple[str, ...]] = rows
        if encoding == "cp1252":
            body = body.replace("—", "–")
            shown = [tuple(v.replace("—", "–") for v in row) for row in rows]
        (folder / name).write_bytes((first + body).encode(encoding))
        made.append(Truth(name, "by hand", (Table(tuple(shown)),)))
    return made


def _quoted(value: str, separator: str) -> str:
    if separator in value or '"' in value:
        return '"' + value.replace('"', '""') + '"'
    return value

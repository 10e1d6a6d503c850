"""Sheets as people lay them out: titles, groups of columns, several tables, forms, prose."""

from pathlib import Path

import pytest

from index.types import BlockRole
from tests.index.documents.sheets.books import read, roles, sheet_of

TABLE, CAPTION, PARAGRAPH, FIELD = (
    BlockRole.TABLE,
    BlockRole.CAPTION,
    BlockRole.PARAGRAPH,
    BlockRole.FIELD,
)


def test_title_unit_and_groups(tmp_path: Path) -> None:
    """Title and unit are the caption; a group's name is repeated over its columns; a row across
    the whole table stands alone; what follows an empty row without a header goes on; the source
    is a paragraph."""
    data = sheet_of(
        ("Ventas por tienda",),
        ("(miles de euros)",),
        (),
        ("Tienda", 2023, None, 2024, None),
        (None, "Ventas", "Gastos", "Ventas", "Gastos"),
        ("Zona Norte",),
        ("León", 1, 2, 3, 4),
        ("Zona Sur",),
        ("Cádiz", 5, 6, 7, 8),
        (),
        ("Total", 6, 8, 10, 12),
        ("Fuente: INE",),
        merged=("A1:E1", "B4:C4", "D4:E4", "A4:A5", "A6:E6"),
    )
    document = read(tmp_path, data)
    assert roles(document) == [
        (CAPTION, "Ventas por tienda\n(miles de euros)"),
        (
            TABLE,
            "Tienda\t2023\t2023\t2024\t2024\nTienda\tVentas\tGastos\tVentas\tGastos\nZona Norte\n"
            "León\t1\t2\t3\t4\nZona Sur\nCádiz\t5\t6\t7\t8\nTotal\t6\t8\t10\t12",
        ),
        (PARAGRAPH, "Fuente: INE"),
    ]
    assert document.blocks[1].header_rows == 2
    assert document.blocks[1].spans == ((0, 0, 2, 1), (0, 1, 1, 2), (0, 3, 1, 2))


def test_group_names_that_are_not_merged(tmp_path: Path) -> None:
    """A name over the first of repeated columns is that of all up to the next."""
    data = sheet_of(
        ("Tienda", "Norte", None, "Sur", None),
        (None, "Ventas", "Gastos", "Ventas", "Gastos"),
        ("ene", 1, 2, 3, 4),
    )
    document = read(tmp_path, data)
    assert document.text.startswith("Tienda\tNorte\tNorte\tSur\tSur\n")
    assert document.blocks[0].header_rows == 2


def test_tables_side_by_side_and_below(tmp_path: Path) -> None:
    """An empty column or row parts tables with headers of their own, each with its title."""
    data = sheet_of(
        ("Producto", "Precio", None, "Ciudad", "Habitantes"),
        ("Pan", 1.2, None, "Toledo", 85000),
        ("Leche", 0.9, None, "León", 122000),
        (),
        ("Segundo cuadro",),
        ("Clave", "Nota"),
        ("x", "bien"),
    )
    assert roles(read(tmp_path, data)) == [
        (TABLE, "Producto\tPrecio\nPan\t1.2\nLeche\t0.9"),
        (TABLE, "Ciudad\tHabitantes\nToledo\t85000\nLeón\t122000"),
        (CAPTION, "Segundo cuadro"),
        (TABLE, "Clave\tNota\nx\tbien"),
    ]


def test_column_set_apart(tmp_path: Path) -> None:
    """A column of totals behind an empty one belongs to its rows; years head columns."""
    data = sheet_of(
        ("Concepto", 2022, 2023, None, "Total"),
        ("Ventas", 10, 20, None, 30),
        ("Gastos", 1, 2, None, 3),
    )
    document = read(tmp_path, data)
    assert document.text == "Concepto\t2022\t2023\tTotal\nVentas\t10\t20\t30\nGastos\t1\t2\t3"
    assert document.blocks[0].header_rows == 1


@pytest.mark.parametrize(
    "rows",
    [
        (("Ana", 1990), ("Luis", 1985), ("Eva", 2001)),
        ((1, 2, 3), (4, 5, 6)),
    ],
)
def test_no_header(tmp_path: Path, rows: tuple[tuple[object, ...], ...]) -> None:
    """Rows of one sort from the first on have none."""
    assert read(tmp_path, sheet_of(*rows)).blocks[0].header_rows == 0


@pytest.mark.parametrize(
    "rows",
    [
        (("Nombre", "Villa"), ("Ana López", "Toledo")),
        (("Id", "Nombre"), (1, "a"), (2, "b")),
        ((None, 0, 1, 2), ("M", 3.5, 0, 1), ("L", 7.2, 1, 2)),
        (("Concepto", 2022, 2023), ("Ventas", 10, 20)),
    ],
)
def test_header(tmp_path: Path, rows: tuple[tuple[object, ...], ...]) -> None:
    """Names over texts or figures, years and the numbers of columns are a header."""
    assert read(tmp_path, sheet_of(*rows)).blocks[0].header_rows == 1


def test_form(tmp_path: Path) -> None:
    """Labels beside values are fields, with or without colons, also two in a row."""
    plain = sheet_of(("Responsable", "Ana Ruelas"), ("Presupuesto", 1250), ("Lugar", "Lugo"))
    assert roles(read(tmp_path, plain)) == [
        (FIELD, "Responsable: Ana Ruelas"),
        (FIELD, "Presupuesto: 1250"),
        (FIELD, "Lugar: Lugo"),
    ]
    colons = sheet_of(("Nombre:", "Luis", None, "CP:", "27001"), ("Ciudad:", "Lugo"))
    assert read(tmp_path, colons).text == "Nombre: Luis\nCP: 27001\nCiudad: Lugo"


def test_prose_and_lists(tmp_path: Path) -> None:
    """Sentences are paragraphs; short words below each other are a table of one column."""
    prose = sheet_of(("Rellene la hoja antes del viernes.",), ("Envíela a la oficina.",))
    assert [role for role, _ in roles(read(tmp_path, prose))] == [PARAGRAPH, PARAGRAPH]
    words = sheet_of(("Ana",), ("Luis",), ("Eva",))
    assert roles(read(tmp_path, words)) == [(TABLE, "Ana\nLuis\nEva")]


def test_sheet_names(tmp_path: Path) -> None:
    """A name that somebody chose is a heading."""
    assert read(tmp_path, sheet_of(("a", 1), name="Hoja1")).text == "a\t1"
    assert read(tmp_path, sheet_of(("a", 1), name="Tarifas")).text == "Tarifas\n\na\t1"

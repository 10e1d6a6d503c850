"""Rows of tables in a text, and their cells."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.outline import outline
from index.text.tables import cell_spans, cells, is_delimiter, readable_row, rows_of
from index.types import BlockRole


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Jaiba\t205 (t)\t\t3", ["Jaiba", "205 (t)", "", "3"]),
        ("\tEnero", ["", "Enero"]),
        ("| Jaiba | 205 |", ["Jaiba", "205"]),
        ("|  | 205 |", ["", "205"]),
        ("| a \\| b | c", ["a | b", "c"]),
        ("Jaiba | 205", ["Jaiba", "205"]),
        ("Zona Norte", ["Zona Norte"]),
    ],
)
def test_cells(line: str, found: list[str]) -> None:
    """Between tabs; between pipes, with or without those at the ends."""
    assert cells(line) == found


def test_a_table_of_markdown_without_outer_pipes() -> None:
    """Its rows have their cells and its header."""
    text = "Especie | 2025\n--- | ---\nJaiba | 205"
    (table,) = outline(text)
    assert (table.role, table.header_rows) == (BlockRole.TABLE, 1)
    assert [cells(line) for line in text.split("\n")[::2]] == [
        ["Especie", "2025"],
        ["Jaiba", "205"],
    ]
    assert is_delimiter("--- | ---")


def test_rows_of_a_text() -> None:
    """None where a line is no row; the row of dashes is left out."""
    assert rows_of("| a | b |\n|---|---|\n| c | d |") == [(0, 9), (20, 29)]
    assert rows_of("a\tb\nuna frase") is None


def test_a_header_of_two_rows_in_one_line() -> None:
    """Each word once in its column."""
    assert readable_row(["\t2025\t2025", "Mes\tTons\tBarcos"]) == "Mes | 2025 Tons | 2025 Barcos"


@given(st.lists(st.text(alphabet="ab ñ5,", max_size=6), min_size=1, max_size=6))
def test_any_cells_between_tabs(row: list[str]) -> None:
    """They come back stripped, and where they are said to stand."""
    line = "\t".join(row)
    assert cells(line) == [cell.strip() for cell in row]
    assert [line[a:b] for a, b in cell_spans(line)] == cells(line)

"""What is evident where a file does not say it."""

import pytest

from index.documents.evidence import captioned, header_rows, is_units
from index.documents.parts import Part, table
from index.types import BlockRole


@pytest.mark.parametrize(
    ("row", "units"),
    [
        (["", "km", "m³/s"], True),
        (["", "(%)", "(miles de pesos)"], True),
        (["Lerma", "km", "m"], False),
        (["", ""], False),
    ],
)
def test_rows_of_units(row: list[str], units: bool) -> None:
    assert is_units(row) is units


def test_units_belong_to_the_header() -> None:
    rows = [["Río", "Largo", "Caudal"], ["", "km", "m³/s"], ["Lerma", "708", "50"]]
    assert header_rows(rows, (), [False] * 3, styled=False) == 2


def test_a_line_that_numbers_a_table_is_its_caption() -> None:
    made = table([["Parque", "Hora"], ["Alameda", "9:00"]])
    assert made is not None
    line = Part(BlockRole.PARAGRAPH, "Tabla 1. Horarios")
    assert [part.role for part in captioned([line, made, line])] == [
        BlockRole.CAPTION,
        BlockRole.TABLE,
        BlockRole.PARAGRAPH,
    ]


def test_words_over_numbered_rows() -> None:
    """An abbreviated name is one too, and a number of days is a figure."""
    rows = [["No.", "Requisito", "Plazo"], ["1.", "Acta", "5 días"], ["2.", "Recibo", "3 días"]]
    assert header_rows(rows, (), [False] * 3, styled=False) == 1

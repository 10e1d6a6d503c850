"""Which cell of a table, or which field, answers a question."""

import pytest

from index.chunking.passages import split
from index.query import Query
from index.types import Document, Passage
from qa.readers.cell_words import number_key
from qa.readers.cells import CellReading, read_cells
from qa.readers.grids import grids

FISH = """| Especie | 2023 (t) | 2024 (t) | 2025 (t) |
|---|---|---|---|
| Camarón | 410 | 380 | 334 |
| Lisa | 120 | 131 | 140 |
| Robalo blanco | 55 | s/d | 58 |"""

BIDS = """| Concepto | Textiles Amatlán | Uniformes del Altiplano |
|---|---|---|
| Monto ofertado | $4,812,600.00 | $4,498,750.00 |
| Plazo de entrega | 45 días naturales | 60 días naturales |"""

STAFF = (
    "Servicio\tResponsable\tExtensión\tSede\n"
    "Sanidad animal\tLeonor Barquero Matas\t5521\tPlaza Mayor 2\n"
    "Registro vitivinícola\tConcha Morante Gil\t5540\tRonda Sur 14\n"
    "Laboratorio comarcal\tIsidro Pazos Luna\t5560\tCalle Real 9"
)

FARES = """Age | Weekday | Weekend | Season pass
0 - 4 | free | free | 0
5 - 15 | $6.50 | $8.00 | 55
16 - 64 | $13.00 | $15.50 | 110"""

FORM = """Nombre del local: Panadería La Espiga
Aforo solicitado: 85 personas
Fecha de apertura: 12 de mayo de 2025
Correo: hola@espiga.example"""


def passage_of(text: str, language: str = "es") -> Passage:
    document = Document("d", text, language=language)
    (passage,) = split(document, lambda texts: [len(t.split()) // 4 for t in texts], 480)
    return passage


def read(question: str, text: str, known: str = "", language: str = "es") -> CellReading:
    passage = passage_of(text, language)
    return read_cells(Query(question), passage, {}, known)


def best(question: str, text: str, language: str = "es") -> str:
    cell = read(question, text, language=language).cells[0].cell
    assert text[cell.start : cell.end] == cell.text
    return cell.text


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("¿Cuánto camarón se capturó en 2024?", FISH, "380"),
        ("How many tons of lisa were caught in 2025?", FISH, "140"),
        ("¿Qué especie alcanzó 410 toneladas en 2023?", FISH, "Camarón"),
        ("¿Cuánto ofertó Uniformes del Altiplano?", BIDS, "$4,498,750.00"),
        ("¿Qué plazo de entrega dio Textiles Amatlán?", BIDS, "45 días naturales"),
        ("¿Quién lleva la sanidad animal?", STAFF, "Leonor Barquero Matas"),
        ("extensión del registro vitivinícola", STAFF, "5540"),
        ("¿Dónde está el laboratorio comarcal?", STAFF, "Calle Real 9"),
        ("¿A qué servicio pertenece la extensión 5560?", STAFF, "Laboratorio comarcal"),
        ("¿Cuál es el nombre del local?", FORM, "Panadería La Espiga"),
        ("¿Cuándo es la apertura?", FORM, "12 de mayo de 2025"),
    ],
)
def test_the_cell_that_answers(question: str, text: str, answer: str) -> None:
    """By row and column, by the first column of a table that stands on its side, and in reverse."""
    assert best(question, text) == answer


def test_a_range_holds_a_number_of_the_question() -> None:
    """As the row of an age, in English, in rows with bare pipes."""
    assert best("How much is a weekend ticket for a 12-year-old?", FARES, "en") == "$8.00"


def test_numbers_are_equal_however_written() -> None:
    """Thousands and decimals of either way of writing."""
    keys = {number_key(text) for text in ("1.250.000,50", "1,250,000.50", "1250000.5")}
    assert keys == {"1250000.5"}
    assert [number_key(text) for text in ("1.250", "0.125", "8,40", "x1")] == [
        "1250",
        "0.125",
        "8.4",
        None,
    ]


def test_a_year_that_the_table_has_not() -> None:
    """No row answers; with a year that it has one does."""
    assert read("¿Cuánta lisa se capturó en 2019?", FISH).lacks
    assert not read("¿Cuánta lisa se capturó en 2023?", FISH).lacks


def test_a_blank_cell_says_nothing() -> None:
    """Where row and column are the ones asked for."""
    reading = read("¿Cuánto robalo blanco se capturó en 2024?", FISH)
    assert reading.cells[0].blank
    assert reading.lacks


def test_a_name_that_is_nowhere_is_absent() -> None:
    """Unless it is known of the document."""
    assert read("¿Cuánta lisa capturó Tocornal en 2024?", FISH).absent == ("Tocornal",)
    assert read("¿Cuánta lisa capturó Tocornal en 2024?", FISH, "Pesca de Tocornal").absent == ()


def test_another_row_fits_worse() -> None:
    """A row that the question does not name is no answer, nor is a reason a cell."""
    named = read("¿Cuánto camarón se capturó en 2024?", FISH).cells[0]
    other = read("¿Cuánta merluza se capturó en 2024?", FISH).cells[0]
    assert named.fit > 0.6 > other.fit + 0.2
    assert read("¿Por qué bajó la captura de camarón en 2024?", FISH).cells == ()


def test_the_header_may_stand_before_the_passage() -> None:
    """As for the later rows of a long table."""
    rows = "\n".join(f"| Pozo {number} | {100 + number} | {number}.5 |" for number in range(1, 60))
    text = f"| Pozo | Profundidad (m) | pH |\n|---|---|---|\n{rows}"
    passages = split(
        Document("d", text, language="es"), lambda texts: [len(t) // 3 for t in texts], 200
    )
    passage = next(p for p in passages if "| Pozo 41 |" in p.text)
    assert passage.header.startswith("| Pozo | Profundidad")
    cell = read_cells(Query("¿Qué profundidad tiene el pozo 41?"), passage, {}).cells[0].cell
    assert (cell.text, cell.header) == ("141", "Profundidad (m)")


def test_header_rows_are_read_together() -> None:
    """The words above a column are those of all its header rows."""
    text = "| Mes | Norte | Norte | Sur |\n| Mes | Alta | Baja | Alta |\n|---|---|---|---|\n"
    table = "\n".join(
        f"| {m} | {i} | {i + 10} | {i + 20} |" for i, m in enumerate(("Enero", "Mayo"))
    )
    found, _ = grids(passage_of(text + table))
    headers = [cell.header for cell in found[0].rows[-1].cells]
    assert headers[0] == "Mes"
    assert found[0].rows[-1].cells[2].text == "11"


def test_semicolons_and_several_fields_on_a_line_are_rows() -> None:
    """Rows of a CSV in a text, and records with their labels."""
    text = "folio;colonia;costo\n4410;Centro;$386.00\n4411;Las Huertas;$214.90"
    assert best("¿Cuánto costó lo de Las Huertas?", text) == "$214.90"
    text = (
        "Placa: KP-41; Área: Tesorería; Estado: Baja\nPlaca: KP-43; Área: Tránsito; Estado: Activo"
    )
    found, _ = grids(passage_of(text))
    assert [cell.text for cell in found[0].rows[0].cells] == ["KP-41", "Tesorería", "Baja"]

"""What marked words need to be whole."""

import pytest

from index.chunking.passages import split
from index.query import Query
from index.types import Document
from qa.readers.cells import read_cells
from qa.readers.marking import marked
from qa.readers.widening import whole_cell, widened


@pytest.mark.parametrize(
    ("text", "mark", "whole"),
    [
        ("El universo tiene 13 mil millones de años.", "13", "13 mil millones de años"),
        ("Asistieron más de 500 personas.", "500", "más de 500"),
        ("La renta es de $48,500.00 M.N. al mes", "48,500", "$48,500.00 M.N."),
        ("una obra menor de 60 metros cuadrados en planta", "60", "60 metros cuadrados"),
        ("un plazo de quince (15) días hábiles.", "quince", "quince (15) días hábiles"),
        ("at least three business days before", "three", "at least three business days"),
        ("cuesta 3,5 millones de euros", "millones", "3,5 millones de euros"),
        ("multa de S/ 5 350 y clausura", "350", "S/ 5 350"),
        ("sube 4.2 % al mes", "4.2", "4.2 %"),
        ("el 5 de agosto de 2024 se firmó", "5", "5 de agosto de 2024"),
        ("el 5 de agosto de 2024 se firmó", "2024", "2024"),
        ("on March 5, 2024 it began", "March", "March 5, 2024"),
        ("expediente 0418/2024, artículo 13", "13", "13"),
        ("Publicado ayer", "do", "Publicado"),
        ("dos de los nueve camiones", "nueve", "nueve"),
        ("Mide 412 metros.", "41", "412 metros"),
        ("¿Quién? Ana.", "Ana", "Ana"),
        ("Costó más de 50 millones.", "50 millones", "más de 50 millones"),
        ("Casi mil personas fueron.", "mil personas", "Casi mil personas"),
        ("It takes at least $40 a day.", "$40", "at least $40"),
        ("Viven cerca de Toledo.", "Toledo", "Toledo"),
        ("Fueron 50 y no más.", "50", "50"),
        ("La reunión es mañana a las cinco.", "a las cinco", "mañana a las cinco"),
        ("Abre el lunes 4, a las 9:30 h.", "a las 9:30", "el lunes 4, a las 9:30 h"),
        ("It opens on Monday at 9 pm.", "at 9 pm", "on Monday at 9 pm"),
        ("Los mercaderes: además de 50 barcos.", "50 barcos", "50 barcos"),
    ],
)
def test_quantities_and_words_are_whole(text: str, mark: str, whole: str) -> None:
    """With limit, currency, scale and unit; a year alone stays alone."""
    at = text.index(mark)
    start, end = widened(text, at, at + len(mark))
    assert text[start:end] == whole


def test_a_cell_is_whole() -> None:
    """The name of a field's value, and the cell of a decisive row; prose stays as it is marked."""
    text = "Nombre del local: Panadería La Espiga\nAforo: 85 personas"
    (passage,) = split(Document("d", text, language="es"), lambda ts: [9 for _ in ts], 480)
    reading = read_cells(Query("¿Cuál es el nombre del local?"), passage, {})
    at = text.index("Panadería")
    start, end = whole_cell(at, at + 9, reading.grids)
    assert text[start:end] == "Panadería La Espiga"
    assert whole_cell(0, 6, reading.grids) == (0, 6)


def test_the_cell_of_the_asked_column_is_marked() -> None:
    """Whatever the model points at in the row, whose points grow; where it lacks, it is doubted."""
    text = "| Especie | 2023 | 2024 |\n|---|---|---|\n| Jaiba | 210 | 190 |\n| Lisa | 120 | 131 |"
    (passage,) = split(Document("d", text, language="es"), lambda ts: [9 for _ in ts], 480)
    at = text.index("210")
    reading = read_cells(Query("¿Cuánta jaiba se capturó en 2024?"), passage, {})
    mark = marked(text, at, at + 3, reading)
    assert (text[mark.start : mark.end], mark.doubt) == ("190", 0.0)
    assert mark.points > 1.0
    assert mark.fit >= 0.5
    other = text.index("131")
    beside = marked(text, other, other + 3, reading)
    assert beside.points < -1.0
    assert beside.fit == 0.0
    reading = read_cells(Query("¿Cuánta jaiba se capturó en 2021?"), passage, {})
    mark = marked(text, at, at + 3, reading)
    assert (mark.points, mark.doubt > 1.0) == (0.0, True)

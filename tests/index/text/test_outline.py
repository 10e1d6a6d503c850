"""The blocks that are seen in a text without any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.decoding import clean
from index.text.outline import outline
from index.types import Block, BlockRole

LONG = "Los antecedentes del caso son muchos, y se cuentan en un párrafo de más de ochenta letras."

LAW = """LEY DE ARCHIVOS DEL ESTADO

TÍTULO PRIMERO
DISPOSICIONES GENERALES

CAPÍTULO I
Del objeto

Artículo 1. Objeto.
Esta ley tiene por objeto regular los archivos de los poderes del Estado y de los municipios.
Artículo 2.- Son sujetos obligados:
I. El Poder Ejecutivo:
a) La Secretaría;
b) El Instituto, y
II.- El Poder Judicial.
Artículo 3o.- Se consideran:
I. Uno;
II. Dos.

CAPÍTULO II
DE LOS PLAZOS

Artículo 4 Bis. Los plazos serán de tres años.

TRANSITORIOS

PRIMERO.- Esta ley entra en vigor mañana."""


def seen(text: str) -> list[tuple[str, int, str, str]]:
    """Role, level, mark and text of the blocks."""
    return [(b.role.value, b.level, b.mark, text[b.start : b.end]) for b in outline(text)]


def roles(text: str) -> list[str]:
    return [f"{b.role.value}{b.level or ''}" for b in outline(text)]


def test_the_parts_of_a_law_are_headings_of_their_levels() -> None:
    headings = [(level, words) for role, level, _, words in seen(LAW) if role == "heading"]
    assert headings == [
        (1, "LEY DE ARCHIVOS DEL ESTADO"),
        (2, "TÍTULO PRIMERO"),
        (3, "DISPOSICIONES GENERALES"),
        (4, "CAPÍTULO I"),
        (5, "Del objeto"),
        (6, "Artículo 1. Objeto."),
        (4, "CAPÍTULO II"),
        (5, "DE LOS PLAZOS"),
        (2, "TRANSITORIOS"),
    ]


def test_an_article_is_a_paragraph_with_its_mark() -> None:
    marks = [mark for role, _, mark, _ in seen(LAW) if role == "paragraph" and mark]
    assert marks == ["Artículo 2.-", "Artículo 3o.-", "Artículo 4 Bis.", "PRIMERO.-"]


def test_the_lists_of_a_law_have_levels() -> None:
    items = [(level, mark) for role, level, mark, _ in seen(LAW) if role == "item"]
    assert items == [(1, "I."), (2, "a)"), (2, "b)"), (1, "II.-"), (1, "I."), (1, "II.")]


def test_markdown_headings_keep_their_levels() -> None:
    text = f"# Informe\n\n{LONG}\n\n### Riego\n\nTexto.\n\nTítulo\n======\n\nSubtítulo\n---\n\nFin."
    assert [b for b in roles(text) if "heading" in b] == [
        "heading1",
        "heading3",
        "heading1",
        "heading2",
    ]


def test_an_article_that_markdown_marks_as_a_heading_is_a_paragraph() -> None:
    text = "##### Art. 2° — El nombrado prestará juramento en el día de la fecha a las 13 horas."
    assert [(role, mark) for role, _, mark, _ in seen(text)] == [("paragraph", "Art. 2° —")]


def test_numbered_headings_have_the_level_of_their_number() -> None:
    text = f"1. Antecedentes\n\n{LONG}\n\n1.1 Objeto\n\n{LONG}\n\n2. Plazos\n\n{LONG}"
    assert roles(text) == [
        "heading1",
        "paragraph",
        "heading2",
        "paragraph",
        "heading1",
        "paragraph",
    ]


def test_a_numbered_list_is_no_row_of_headings() -> None:
    assert roles("Compra:\n\n1. Pan\n2. Leche\n3. Sal")[1:] == ["item1", "item1", "item1"]


def test_inner_items_have_deeper_levels() -> None:
    text = "Lista:\n\n1. Uno\n   - sub uno\n   - sub dos\n     a) hondo\n2. Dos"
    assert roles(text)[1:] == ["item1", "item2", "item2", "item3", "item1"]


def test_the_bullet_is_no_mark() -> None:
    assert seen("Lista:\n\n- [x] hecho\n* otro")[1:] == [
        ("item", 1, "", "- [x] hecho"),
        ("item", 1, "", "* otro"),
    ]


def test_a_letter_is_a_roman_numeral_where_its_list_is() -> None:
    text = "h) uno\ni) dos\nj) tres\n\nPárrafo.\n\nI) uno\nII) dos\nIII) tres\nIV) cuatro\nV) cinco"
    assert [level for role, level, _, _ in seen(text) if role == "item"] == [1] * 8


def test_initials_are_no_marks() -> None:
    assert roles("J. Pérez firmó el acta.\n\nOtro párrafo.") == ["paragraph", "paragraph"]


def test_a_markdown_table_has_a_header_and_a_caption() -> None:
    text = "Tabla 1. Captura\n\n| Especie | 2023 (t) |\n|---|---:|\n| Camarón | 410 |"
    table = text[text.index("|") :]
    assert [(b.role, b.header_rows, text[b.start : b.end]) for b in outline(text)] == [
        (BlockRole.CAPTION, 0, "Tabla 1. Captura"),
        (BlockRole.TABLE, 1, table),
    ]


@pytest.mark.parametrize("mark", ["[^1]", "[1]", "²"])
def test_a_sentence_with_a_note_before_a_table_is_no_heading(mark: str) -> None:
    text = (
        f"# Notas\n\nEl depósito pierde agua.{mark}\n\n| Barrio | Fugas |\n|---|---|\n| Vega | 31 |"
    )
    roles = [block.role for block in outline(text)]
    assert roles == [BlockRole.HEADING, BlockRole.PARAGRAPH, BlockRole.TABLE]


def test_lines_with_tabs_are_a_table() -> None:
    text = "Producto\tEnero\tFebrero\nPan\t3\t4\nLeche\t5\t6"
    assert outline(text) == (Block(BlockRole.TABLE, 0, len(text), header_rows=1),)


def test_rows_with_bare_pipes_are_a_table() -> None:
    """Three or more with as many pipes, without a row of dashes; two sentences are none."""
    text = "Lecturas\n\nPunto | Antes | Ahora\nValle | 60 | 61\nLlano | 38 | 39\n\nFin."
    (table,) = [block for block in outline(text) if block.role is BlockRole.TABLE]
    assert text[table.start : table.end].count("\n") == 2
    assert table.header_rows == 1
    prose = "Elija sí | no | tal vez.\nLuego espere | salga | vuelva."
    assert all(block.role is not BlockRole.TABLE for block in outline(prose))


def test_a_table_of_figures_only_has_no_header() -> None:
    assert outline("Pan\t3\nLeche\t5")[0].header_rows == 0


def test_a_tab_after_a_mark_makes_no_table() -> None:
    assert roles("Lista:\n\n1.\tPan\n2.\tLeche")[1:] == ["item1", "item1"]


def test_fenced_code_is_one_block() -> None:
    assert seen("Uso:\n\n```python\nx = 1\n\ny | 2\n```\n\nFin.")[1] == (
        "code",
        0,
        "",
        "```python\nx = 1\n\ny | 2\n```",
    )


def test_labels_with_values_are_fields() -> None:
    assert roles("Aforo: 85 personas\nSala: Norte\n\nFecha: 3 de septiembre.") == [
        "field",
        "field",
        "field",
    ]


def test_what_speakers_say_is_no_form() -> None:
    text = "Ana: ¿Cómo estás?\nLuis: Bien.\nAna: Me alegro.\nLuis: Adiós."
    assert roles(text) == ["paragraph"] * 4


def test_a_markdown_note_is_anchored_at_its_mark() -> None:
    text = "Ahorra 40 %[^1] de agua.\n\nMás texto.\n\n[^1]: Medido\n    en abril."
    note = outline(text)[-1]
    assert (note.role, note.mark, note.anchor) == (BlockRole.NOTE, "1", text.index("[^1]"))
    assert text[note.start : note.end] == "[^1]: Medido\n    en abril."


def test_a_note_of_a_plain_text_is_anchored_at_its_mark() -> None:
    text = "Lo dijo en 1994 [1] y calló.\n\n[1] Entrevista."
    note = outline(text)[-1]
    assert (note.role, note.mark, note.anchor) == (BlockRole.NOTE, "1", text.index("[1]"))


def test_front_matter_is_in_no_block() -> None:
    assert seen("---\ntitle: Guía\n---\n\n# Riego\n\nTexto.")[0][3] == "# Riego"


@given(st.text(alphabet="aB1. \n\t|-#*:[]^`)", max_size=200))
def test_blocks_are_in_order_and_apart(text: str) -> None:
    text = clean(text)
    at = 0
    for block in outline(text):
        assert at <= block.start < block.end <= len(text)
        at = block.end


def test_many_fences_that_nothing_closes_take_linear_time() -> None:
    """Each is a line like any other; what a longer or another fence closes is code all the same."""
    text = "~~~a\n" * 50_000 + "```\nx = 1\n```"
    codes = [block for block in outline(text) if block.role is BlockRole.CODE]
    assert [text[block.start : block.end] for block in codes] == ["```\nx = 1\n```"]
    text = "~~~~ a\n~~~ b\nx\n~~~"
    (code,) = (block for block in outline(text) if block.role is BlockRole.CODE)
    assert text[code.start : code.end] == "~~~ b\nx\n~~~"


def test_a_note_with_a_raised_number() -> None:
    """Its mark is the number as it is written elsewhere; each raised digit counts."""
    for raised, mark in (("¹", "1"), ("²³", "23"), ("⁴⁰", "40")):
        text = (
            f"El plazo es de un mes{raised} en todos los casos.\n\n{raised} Salvo pacto contrario."
        )
        note = outline(text)[-1]
        assert (note.role, note.mark, note.anchor) == (BlockRole.NOTE, mark, text.index(raised))

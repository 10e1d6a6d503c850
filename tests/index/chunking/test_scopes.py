"""Passages follow the structure: what belongs together stays together, or is the context."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunking.passages import split
from index.types import Block, BlockRole, Document, Passage

LONG = "El organismo publica cada año un informe con las cifras de la pesca y de sus precios."


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def passages_of(text: str, **fields: object) -> list[Passage]:
    return split(Document("d", text, **fields), count_words, 480)  # type: ignore[arg-type]


def table_of(rows: int) -> str:
    lines = [f"Puerto {n}\t{n * 3} toneladas de sardina\t{n} barcos" for n in range(1, rows + 1)]
    return "\n".join(["Puerto\tCaptura\tFlota", *lines])


def tabled(text: str, table: str, **fields: object) -> Document:
    """A document whose first blocks are paragraphs and whose last is a table."""
    start = len(text)
    block = Block(BlockRole.TABLE, start, start + len(table), header_rows=1)
    caption = Block(BlockRole.CAPTION, 0, len(text.rstrip()))
    return Document("d", text + table, blocks=(caption, block), **fields)  # type: ignore[arg-type]


def test_a_short_table_is_one_passage() -> None:
    """With its title, which is not repeated as context."""
    document = tabled("Cuadro 1. Captura por puerto\n\n", table_of(5))
    (passage,) = split(document, count_words, 480)
    assert (passage.text, passage.context, passage.header) == (document.text, "", "")
    assert [block.role for block in passage.blocks] == [BlockRole.CAPTION, BlockRole.TABLE]


def test_rows_of_a_long_table() -> None:
    """Each passage has whole rows; those after the first have title and header as context."""
    document = tabled("Cuadro 1. Captura por puerto\n\n", table_of(200))
    first, *rest = split(document, count_words, 480)
    assert first.text.startswith("Cuadro 1. Captura por puerto\n\nPuerto\tCaptura")
    assert len(rest) > 5
    for passage in rest:
        assert passage.context == "Cuadro 1. Captura por puerto › Puerto | Captura | Flota"
        assert passage.header == "Puerto\tCaptura\tFlota"
        assert all(line.startswith("Puerto ") for line in passage.text.split("\n"))
        assert len(passage.text.split()) <= 120
    rows = [line for p in (first, *rest) for line in p.text.split("\n") if line.endswith("barcos")]
    assert rows == table_of(200).split("\n")[1:]


def test_a_table_that_goes_on_over_a_page() -> None:
    """The rows of the second page have the header of the first, and their own page."""
    table = table_of(200)
    text = "Captura\n\n" + table
    cut = text.index("Puerto 100")
    block = Block(BlockRole.TABLE, 9, len(text), header_rows=1)
    heading = Block(BlockRole.HEADING, 0, 7, level=1)
    document = Document("d", text, blocks=(heading, block), page_starts=(0, cut))
    last = split(document, count_words, 480)[-1]
    assert (last.page, last.header) == (2, "Puerto\tCaptura\tFlota")
    assert last.context == "Captura › Puerto | Captura | Flota"


def test_a_header_of_two_rows_says_each_word_once() -> None:
    """The words above each column, those of both rows."""
    header = "\t2023\t2023\nPuerto\tTons\tBarcos"
    rows = "\n".join(f"Puerto {n}\t{n} tons de sardina fresca\t{n}" for n in range(100))
    block = Block(BlockRole.TABLE, 0, len(header) + 1 + len(rows), header_rows=2)
    document = Document("d", f"{header}\n{rows}", blocks=(block,))
    last = split(document, count_words, 480)[-1]
    assert last.context == "Puerto | 2023 Tons | 2023 Barcos"
    assert last.header == header


def test_a_section_inside_a_table() -> None:
    """A row of one cell stands above the rows after it, up to the next one."""
    rows = [f"Puerto {n}\t{n} toneladas de sardina fresca" for n in range(60)]
    lines = ["Puerto\tCaptura", "Zona Norte", *rows, "Zona Sur", *rows]
    text = "\n".join(lines)
    document = Document("d", text, blocks=(Block(BlockRole.TABLE, 0, len(text), header_rows=1),))
    contexts = [passage.context for passage in split(document, count_words, 480)]
    assert "Zona Norte › Puerto | Captura" in contexts
    assert contexts[-1] == "Zona Sur › Puerto | Captura"


def test_an_empty_first_cell_stays() -> None:
    """A row that begins with a tab keeps it: its cells are in their columns."""
    text = "\tEnero\nNorte\t1"
    document = Document("d", text, blocks=(Block(BlockRole.TABLE, 0, len(text), header_rows=1),))
    assert [passage.text for passage in split(document, count_words, 480)] == [text]


def test_a_list_with_its_introduction() -> None:
    """A list that fits is one passage with what introduces it."""
    text = f"{LONG}\n\nSe acordaron las obras siguientes:\n- el puente;\n- el pozo.\n\n{LONG}"
    assert [passage.text for passage in passages_of(text)] == [
        LONG,
        "Se acordaron las obras siguientes:\n- el puente;\n- el pozo.",
        LONG,
    ]


def test_items_of_a_long_list_have_its_introduction() -> None:
    """What introduces the list is the context of the items that are cut off from it."""
    items = "\n".join(f"{n}. {LONG}" for n in range(1, 31))
    first, *rest = passages_of(f"Los requisitos de la beca son:\n{items}")
    assert first.text.startswith("Los requisitos de la beca son:\n1. ")
    assert {passage.context for passage in rest} == {"Los requisitos de la beca son"}


def test_an_inner_item_has_the_outer_one() -> None:
    """The item above is the context of its parts, where they are cut off."""
    inner = "\n".join(f"{letter}) {LONG}" for letter in "abcdefgh")
    blocks, at = [], 0
    text = f"II. La Dirección de Pesca:\n{inner}\n" + "\n".join(f"IV. {LONG}" for _ in range(20))
    for line in text.split("\n"):
        level = 2 if line[1] == ")" else 1
        blocks.append(Block(BlockRole.ITEM, at, at + len(line), level, line.split()[0]))
        at += len(line) + 1
    passages = split(Document("d", text, blocks=tuple(blocks)), count_words, 480)
    cut = next(passage for passage in passages if passage.text[0] in "bcdefgh")
    assert cut.context == "II. La Dirección de Pesca"


def test_an_article_stays_whole() -> None:
    """With its paragraphs and fractions, up to the next article."""
    text = (
        f"Artículo 4.- {LONG}\n\nI. {LONG}\n\nII. {LONG}\n\nLo anterior sin perjuicio de lo dicho "
        f"en esta ley y en su reglamento, que se publicará.\n\nArtículo 5.- {LONG}"
    )
    first, second = passages_of(text)
    assert first.text.startswith("Artículo 4.-")
    assert first.text.endswith("que se publicará.")
    assert second.text == f"Artículo 5.- {LONG}"


def test_parts_of_a_long_article_say_which() -> None:
    """What does not fit into the passage has the article as its context, below its chapter."""
    paragraphs = "\n\n".join(f"{LONG} {LONG} Párrafo {n}." for n in range(20))
    text = f"CAPÍTULO II DE LA PESCA\n\nArtículo 4.- {paragraphs}\n\nArtículo 5.- {LONG}"
    first, *rest, last = passages_of(text)
    assert first.text.startswith("CAPÍTULO II DE LA PESCA\n\nArtículo 4.-")
    assert {p.context for p in rest} == {"CAPÍTULO II DE LA PESCA › Artículo 4"}
    assert (last.text, last.context) == (f"Artículo 5.- {LONG}", "CAPÍTULO II DE LA PESCA")


def test_the_headings_above() -> None:
    """A heading is in force until one of its level or a higher one; the title tells nothing."""
    text = (
        f"# Anuario\n\n## Zona Norte\n\n{LONG}\n\n{LONG}\n\n### Precios\n\n{LONG}\n\n{LONG}\n\n"
        f"## Zona Sur\n\n{LONG}\n\n{LONG}"
    )
    contexts = [passage.context for passage in passages_of(text, title="Anuario")]
    assert contexts == ["", "Zona Norte", "Zona Norte", "Zona Norte › Precios", "", "Zona Sur"]


def test_a_note_stays_with_its_paragraph() -> None:
    """A note joins what it belongs to."""
    text = f"{LONG}\n\n[1] Según el acta de mayo."
    blocks = (
        Block(BlockRole.PARAGRAPH, 0, len(LONG)),
        Block(BlockRole.NOTE, len(LONG) + 2, len(text), mark="1", anchor=len(LONG)),
    )
    (passage,) = split(Document("d", text, blocks=blocks), count_words, 480)
    assert passage.text == text


def test_fields_of_a_form_stay_together() -> None:
    """Labels and values are one passage, and no heading is seen in them."""
    text = "Nombre del local: La Espiga\nAforo solicitado: 85 personas\nGiro: panadería"
    assert [passage.text for passage in passages_of(text)] == [text]


def test_what_is_in_no_block_is_in_no_passage() -> None:
    """A document's own blocks say what is searched."""
    text = "secreto\n\nvisible"
    blocks = (Block(BlockRole.PARAGRAPH, 9, len(text)),)
    assert [p.text for p in split(Document("d", text, blocks=blocks), count_words, 480)] == [
        "visible"
    ]


ROLES = st.sampled_from([role for role in BlockRole if role is not BlockRole.TURN])
WORDS = st.text(alphabet="abc. \tñ:", min_size=1, max_size=300).filter(lambda text: text.strip())


@given(st.lists(st.tuples(ROLES, WORDS, st.integers(0, 3)), min_size=1, max_size=12))
@settings(max_examples=200, deadline=None)
def test_any_structure(parts: list[tuple[BlockRole, str, int]]) -> None:
    """Passages hold every word of every block once, in order, within the limit on tokens."""
    blocks, pieces, at = [], [], 0
    for role, words, level in parts:
        blocks.append(Block(role, at, at + len(words), level=level, header_rows=min(level, 1)))
        pieces.append(words)
        at += len(words) + 2
    text = "\n\n".join(pieces)
    passages = split(Document("d", text, blocks=tuple(blocks)), count_words, 40)
    assert [word for p in passages for word in p.text.split()] == text.split()
    for before, after in pairwise(passages):
        assert before.end <= after.start
    for passage in passages:
        assert passage.text == text[passage.start : passage.end]
        assert count_words([passage.text])[0] <= 40


@pytest.mark.parametrize("rows", [1, 2])
def test_a_table_of_few_rows(rows: int) -> None:
    """It is one passage also without a title."""
    text = table_of(rows)
    document = Document("d", text, blocks=(Block(BlockRole.TABLE, 0, len(text), header_rows=1),))
    assert [passage.text for passage in split(document, count_words, 480)] == [text]

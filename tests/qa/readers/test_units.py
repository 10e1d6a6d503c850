"""What may be quoted of a passage."""

from dataclasses import replace

import pytest

from index.chunking.passages import split
from index.types import Block, BlockRole, Document, Passage
from qa.readers.units import is_heading, quotable


def passage_of(text: str, *blocks: Block) -> Passage:
    document = Document("d", text, blocks=blocks)
    (passage,) = split(document, lambda texts: [len(t.split()) for t in texts], 480)
    return passage


def quoted(passage: Passage) -> list[str]:
    return [passage.text[start:end] for start, end in quotable(passage)]


def test_a_header_is_not_quoted_alone() -> None:
    """Neither that of a table with tabs, nor Markdown's with its row of dashes."""
    text = "Especie\t2025\nJaiba\t205 (t). Vivas\nLisa\t140"
    passage = passage_of(text, Block(BlockRole.TABLE, 0, len(text), header_rows=1))
    assert quoted(passage) == ["Jaiba\t205 (t). Vivas", "Lisa\t140"]
    assert quoted(passage_of("| Especie | 2025 |\n|---|---|\n| Jaiba | 205 |")) == [
        "| Jaiba | 205 |"
    ]


def test_a_table_that_is_only_a_header_is_quoted() -> None:
    """Nothing else is there."""
    text = "Especie\t2025"
    passage = passage_of(text, Block(BlockRole.TABLE, 0, len(text), header_rows=1))
    assert quoted(passage) == [text]


def test_rows_that_follow_the_header_of_another_passage() -> None:
    """All rows of a passage amid a table may be quoted."""
    text = "Jaiba\t205\nLisa\t140"
    passage = passage_of(text, Block(BlockRole.TABLE, 0, len(text)))
    amid = replace(passage, blocks=(Block(BlockRole.TABLE, -20, len(text), header_rows=1),))
    assert quoted(amid) == ["Jaiba\t205", "Lisa\t140"]


BODY = "Durante su encuentro de septiembre, el secretario destacó que se ha hecho mucho más."


@pytest.mark.parametrize(
    ("heading", "below", "expected"),
    [
        ("El reconocimiento de Marco Rubio a las acciones en México", BODY, True),
        ("¿Quién es el secretario?", BODY, True),
        ("Habló Marco Rubio en Washington.", BODY, False),  # a sentence
        ("Habló Marco Rubio en Washington", "Fue breve.", False),  # nothing below it to head
        ("Marco Rubio, secretario:", BODY, False),  # it announces
    ],
)
def test_a_line_that_heads_a_paragraph(heading: str, below: str, expected: bool) -> None:
    """It does not end as a sentence does, and a longer paragraph follows."""
    text = f"Antes de eso.\n{heading}\n{below}"
    passage = Passage("d", 0, len(text), text, 1)
    start = passage.text.index(heading)
    assert is_heading(passage, start, start + len(heading)) is expected
    assert is_heading(passage, start, start + 5) is expected
    assert not is_heading(passage, passage.text.index(below), len(passage.text))


def test_a_heading_is_one_by_its_block() -> None:
    """Whatever it looks like; a field, or a row, is none."""
    text = f"Se aprobó.\n{BODY}\nAforo 85 personas\n{BODY}"
    second = text.index("Aforo")
    passage = passage_of(
        text,
        Block(BlockRole.HEADING, 0, 10, level=2),
        Block(BlockRole.FIELD, second, second + 17),
    )
    assert is_heading(passage, 0, 10)
    assert not is_heading(passage, second, second + 17)

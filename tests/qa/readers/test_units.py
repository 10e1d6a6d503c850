"""What may be quoted of a passage."""

from dataclasses import replace

from index.chunking.passages import split
from index.types import Block, BlockRole, Document, Passage
from qa.readers.units import quotable


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

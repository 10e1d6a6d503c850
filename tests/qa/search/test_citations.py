"""Where words stand, and what they stand under."""

import pytest

from index.chunking.passages import split
from index.storage.catalog import Origin
from index.types import Block, BlockRole, Document, Passage
from qa.search.citations import cite

HEADER = "Especie\t2024 (t)\t2025 (t)"
ROWS = "\n".join(f"Especie {n}\t{n} toneladas\t{2 * n} toneladas" for n in range(100))
TEXT = f"Captura\n\n{HEADER}\n{ROWS}"
DOCUMENT = Document(
    "d",
    TEXT,
    blocks=(
        Block(BlockRole.HEADING, 0, 7, level=1),
        Block(BlockRole.TABLE, 9, len(TEXT), header_rows=1),
    ),
)


@pytest.fixture(scope="module")
def passages() -> list[Passage]:
    return split(DOCUMENT, lambda texts: [len(text.split()) for text in texts], 480)


def cited(passage: Passage, words: str) -> tuple[str, str, str]:
    start = passage.start + passage.text.index(words)
    citation = cite(passage, start, start + len(words), Origin(None, None))
    assert citation.quote == TEXT[citation.start : citation.end]
    return citation.quote, citation.header, citation.context


def test_a_row_has_its_header(passages: list[Passage]) -> None:
    """From the passage that holds it, and from those after."""
    row = "Especie 3\t3 toneladas\t6 toneladas"
    assert cited(passages[0], row) == (row, HEADER, "")
    row = "Especie 90\t90 toneladas\t180 toneladas"
    above = "Captura › Especie | 2024 (t) | 2025 (t)"
    holder = next(passage for passage in passages if row in passage.text)
    assert cited(holder, row) == (row, HEADER, above)


def test_the_header_itself_has_none(passages: list[Passage]) -> None:
    """What is in the quote is not said again; text outside of the table has no header."""
    assert cited(passages[0], HEADER) == (HEADER, "", "")
    assert cited(passages[0], "Captura") == ("Captura", "", "")

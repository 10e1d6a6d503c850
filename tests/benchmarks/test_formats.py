"""What the benchmark of formats makes, and how it compares."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.formats import conversion, made
from benchmarks.formats.conversion import Timed
from benchmarks.formats.distance import distance
from benchmarks.formats.making import make
from benchmarks.formats.measures import compared, refused
from benchmarks.formats.truth import (
    Heading,
    Item,
    Paragraph,
    Piece,
    Table,
    Truth,
    hidden_texts,
    note_texts,
    runs,
    shown,
)
from index import Document
from index.documents.parts import Part, compose
from index.types import BlockRole, Notice, NoticeKind

PIECES: tuple[Piece, ...] = (
    Heading("Acta"),
    Paragraph("Se fundó en 1994[^Otros dicen 1995.^] con 12 socios."),
    Item("leer;", 1, "a)"),
    Table((("Zona", "Costo"), ("Norte", "30 €"), ("Sur", "40 €"))),
)
TRUTH = Truth("a.odt", "test", PIECES, ("borrador",), ("hidden",))


def document(*parts: Part, notices: tuple[Notice, ...] = ()) -> Document:
    text, _, blocks = compose(parts)
    return Document("a", text, blocks=blocks, notices=notices)


def as_it_stands(rows: str = "Zona\tCosto\nNorte\t30 €\nSur\t40 €") -> list[Part]:
    return [
        Part(BlockRole.HEADING, "Acta", level=1),
        Part(BlockRole.PARAGRAPH, "Se fundó en 1994 con 12 socios."),
        Part(BlockRole.NOTE, "Otros dicen 1995.", mark="1", anchor=16),
        Part(BlockRole.ITEM, "leer;", level=1, mark="a)"),
        Part(BlockRole.TABLE, rows, header_rows=1),
    ]


def wrong(truth: Truth, found: Document) -> list[tuple[str, str]]:
    return [(fact.kind, fact.found) for fact in compared(truth, found).facts if not fact.right]


def slow_distance(expected: str, found: str) -> int:
    row = list(range(len(found) + 1))
    for i, a in enumerate(expected, 1):
        above, row = row, [i]
        for j, b in enumerate(found, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (a != b)))
    return row[-1]


@given(st.text("abc", max_size=20), st.text("abcd", max_size=20))
def test_the_distance_is_levenshteins(expected: str, found: str) -> None:
    """The quick way gives what the table gives."""
    assert distance(expected, found) == slow_distance(expected, found)


def test_marked_text() -> None:
    """Runs say what is shown, what is a note, and what is kept from readers."""
    text = "Cuesta [-100-][+120+] euros[^Al mes.^][# o menos#][!Ojo.!]."
    assert [run.kind for run in runs(text)] == [
        "plain",
        "deleted",
        "inserted",
        "plain",
        "note",
        "hidden",
        "comment",
        "plain",
    ]
    assert shown(text) == "Cuesta 120 euros."
    assert list(note_texts(text)) == [("Cuesta 120 euros", "Al mes.")]
    assert hidden_texts([Paragraph(text)], ("deleted", "hidden")) == ("100", "o menos")


def test_what_is_read_as_it_stands_is_right() -> None:
    """No fact is wrong, no character differs and no number is invented."""
    found = document(*as_it_stands(), notices=(Notice(NoticeKind.HIDDEN, "1 word is left out"),))
    reading = compared(TRUTH, found)
    assert wrong(TRUTH, found) == []
    assert (reading.edits, reading.invented) == (0, ())
    assert reading.in_order == reading.pairs > 0


def test_a_cell_in_another_column_is_wrong() -> None:
    """The header of the column that it stands in is not its own."""
    found = document(*as_it_stands("Zona\tCosto\nNorte\t30 €\n40 €\tSur"))
    assert [kind for kind, _ in wrong(TRUTH, found) if kind == "cell"] == ["cell", "cell"]


def test_a_header_that_is_not_read_as_one_is_wrong() -> None:
    """Every cell lacks its header then."""
    *rest, table = as_it_stands()
    found = document(*rest, Part(BlockRole.TABLE, table.text))
    assert sum(kind == "cell" for kind, _ in wrong(TRUTH, found)) == 6


def test_a_table_over_two_pages_is_one() -> None:
    """The second part of it repeats the header, which takes nothing from its cells."""
    *rest, _ = as_it_stands()
    tables = [
        Part(BlockRole.TABLE, f"Zona\tCosto\n{row}", header_rows=1)
        for row in ("Norte\t30 €", "Sur\t40 €")
    ]
    assert "cell" not in dict(wrong(TRUTH, document(*rest, *tables)))


def test_hidden_words_and_invented_numbers_are_found() -> None:
    """A word is sought as a whole; a number that stands nowhere in the file is invented."""
    found = document(*as_it_stands(), Part(BlockRole.PARAGRAPH, "El borrador decía 19945."))
    assert ("hidden", "borrador") in wrong(TRUTH, found)
    assert compared(TRUTH, found).invented == ("19945",)


def test_a_note_inside_of_a_word_is_wrong() -> None:
    """Its mark is at another place than behind the word that it belongs to."""
    parts = as_it_stands()
    parts[2] = Part(BlockRole.NOTE, "Otros dicen 1995.", mark="1", anchor=14)
    assert ("note", "stands behind 'Acta Se fundó en 19'") in wrong(TRUTH, document(*parts))


def test_what_is_missing_is_said_where_a_notice_says_so() -> None:
    """A file that is refused with a reason is said, an empty reason is not."""
    lost = (Notice(NoticeKind.LOST, "1 table could not be read"),)
    readings = [
        compared(TRUTH, document(*as_it_stands()[:-1], notices=lost)),
        refused(TRUTH, "is damaged"),
        refused(TRUTH, ""),
    ]
    assert [reading.said for reading in readings] == [True, True, False]
    row = made.rows(readings)[-1]
    assert row["said"] > 0
    assert row["wrong"] == len(readings[2].facts)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Truth]]:
    """The files that need no LibreOffice."""
    into = tmp_path_factory.mktemp("made")
    return into, make(into)


def test_the_files_are_there(folder: tuple[Path, list[Truth]]) -> None:
    """At least sixty, each under its own name, each with something in it."""
    into, truths = folder
    assert len({truth.path for truth in truths}) == len(truths) >= 60
    assert all((into / truth.path).stat().st_size > 0 for truth in truths)
    assert all(truth.pieces for truth in truths)


def test_one_file_of_each_format_is_read(folder: tuple[Path, list[Truth]]) -> None:
    """A reader may be at fault, the benchmark is not: nothing is refused."""
    into, truths = folder
    first = {truth.format: truth for truth in reversed(truths)}
    readings = [made.read(into, truth) for truth in first.values()]
    assert [reading.reason for reading in readings if reading.reason] == []
    json.dumps(made.rows(readings))


def test_ratios_are_of_what_both_convert() -> None:
    """The least of the rounds counts; what only one of them converts is counted apart."""
    ours = [
        Timed({"a": 2.0, "b": 1.0}, {"a": 2.0, "b": 1.0}, (), 50.0, 1.0),
        Timed({"a": 1.0, "b": 3.0}, {"a": 1.0, "b": 3.0}, (), 60.0, 2.0),
    ]
    theirs = [Timed({"a": 4.0}, {"a": 2.0}, ("b",), 100.0, 4.0)]
    row, total = conversion.rows([("pdf", ours, theirs)])
    assert (row["files"], row["more"], row["fewer"]) == (1, 1, 0)
    assert (row["times"], row["CPU"], row["times MB"]) == (0.25, 0.5, 0.5)
    assert row["cold"] == (1.0 + 1.0) / (4.0 + 4.0)
    assert total["times"] == row["times"]


def test_a_csv_is_read_and_split(tmp_path: Path) -> None:
    """Its rows become passages, and the seconds are those of a MB."""
    found = conversion.csv_rows(tmp_path, rounds=1, count=50)
    assert found["passages"] > 0
    assert found["s"] >= found["s to read"]

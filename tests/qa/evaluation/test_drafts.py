"""Drafted questions: where they come from, what they hold, and that they can be measured."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index import Document, Index
from index.errors import InputError
from index.text.paragraphs import paragraph_spans
from qa import Retriever
from qa.cli import app as cli
from qa.evaluation import dataset as questions
from qa.evaluation.drafts import cloze, draft

RAIL = (
    "Historia del ferrocarril\n\n"
    "El primer ferrocarril de España unió Barcelona y Mataró el 28 de octubre de 1848, y fue obra "
    "de un comerciante.\n\n"
    "La obra costó 14.500 duros. El proyecto lo dirigió el ingeniero José María Roca durante "
    "cuatro largos años de trabajo."
)
LIGHT = (
    "The lighthouse on the northern island was lit for the first time in 1890 by two keepers. "
    "It was designed by the engineer Robert Louis Stevens after a long storm."
)


def test_cloze() -> None:
    """A date, a number and a name are left out of their sentences, in the document's language."""
    found = cloze(Document("rail", RAIL, language="es"))
    assert [(q.text, q.answers, q.number) for q in found] == [
        (
            "¿Qué fecha falta en «… ferrocarril de España unió Barcelona y Mataró el ____, y fue "
            "obra de un comerciante.»?",
            ("28 de octubre de 1848",),
            2,
        ),
        (
            "¿Qué nombre falta en «El proyecto lo dirigió el ingeniero ____ durante cuatro largos "
            "años de trabajo.»?",
            ("José María Roca",),
            3,
        ),
    ]
    english = cloze(Document("light", LIGHT, language="en"))
    assert [(q.answers, q.number) for q in english] == [
        (("1890",), 1),
        (("Robert Louis Stevens",), 1),
    ]
    assert english[0].text.startswith("Which date is missing in “… ")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """An index of six short documents."""
    with Index.open(tmp_path / "index", create=True) as index:
        index.add(
            Document(
                f"{name}-{copy}",
                text.replace(changed, word).replace("long", word).replace("largos", word),
            )
            for name, text, changed in (("rail", RAIL, "España"), ("light", LIGHT, "keepers"))
            for copy, word in enumerate(("gris", "verde", "azul"))
        )
    return tmp_path / "index"


@pytest.mark.parametrize("number", [1, 4, 11])
def test_draft(library: Path, number: int) -> None:
    """As many as wanted, the same each time, spread, each answer in the paragraph named."""
    with Retriever.open(library) as retriever:
        found = draft(retriever, number)
        assert found == draft(retriever, number)
        assert len(found) == number
        assert len({q.text for q in found}) == number
        assert len({q.document for q in found}) == min(number, 6)
        for question in found:
            assert question.document is not None
            assert question.number is not None
            text = retriever.document(question.document).text
            start, end = paragraph_spans(text)[question.number - 1]
            assert question.answers[0] in " ".join(text[start:end].split())


def test_draft_of_nothing(tmp_path: Path) -> None:
    """An empty index gives none."""
    with Index.open(tmp_path / "index", create=True) as index:
        assert draft(Retriever(index), 3) == []


def test_command(library: Path, tmp_path: Path) -> None:
    """Lines of JSON on standard output, or a CSV file; both are read by `qa eval`."""
    command = ["eval", "--generate", "4", "--index", str(library)]
    printed = CliRunner().invoke(cli.app, command)
    lines = printed.stdout.strip().splitlines()
    assert [set(json.loads(line)) for line in lines] == [set(questions.COLUMNS)] * 4
    out = tmp_path / "draft.csv"
    assert CliRunner().invoke(cli.app, [*command, "--out", str(out)]).exit_code == 0
    assert [q.text for q in questions.read(out).questions] == [
        json.loads(line)["question"] for line in lines
    ]
    again = CliRunner().invoke(cli.app, [*command, "--out", str(out)])
    assert isinstance(again.exception, InputError)
    assert "corrections" in str(again.exception)
    other = CliRunner().invoke(cli.app, [*command, "--out", str(tmp_path / "draft.txt")])
    assert isinstance(other.exception, InputError)
    measured = CliRunner().invoke(cli.app, ["eval", str(out), "--index", str(library), "--json"])
    assert json.loads(measured.stdout)["answerable"] == 4

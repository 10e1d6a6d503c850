"""``qa find`` and the limit by date on the command line."""

import json
from pathlib import Path

import pytest

from index import Document, Index
from index.embedders import Embedder
from tests.qa.cli.test_cli import one_sentence, qa

TEXT = "El canon de riego sube. Nadie votó contra el canon de\nriego."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> str:
    path: Path = tmp_path_factory.mktemp("finding") / "index"
    with Index.open(path, create=True, model=embedder) as index:
        index.add(
            [
                Document("acta.txt", TEXT, title="Acta", metadata={"date": "2024-05-31"}),
                Document("nota.txt", "Sin canon de riego no hay agua.", title="Nota"),
            ]
        )
    return str(path)


def test_every_mention_is_printed(folder: str) -> None:
    """By document, with its place, in its sentence, on one line."""
    result = qa("find", "CANON de riego", "--index", folder)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.split("\n") == [
        "3 menciones de «CANON de riego» en 2 documentos.",
        "",
        "acta.txt (2)",
        "[1] El canon de riego sube.  (¶ 1)",
        "[2] Nadie votó contra el canon de riego.  (¶ 1)",
        "",
        "nota.txt (1)",
        "[3] Sin canon de riego no hay agua.  (¶ 1)",
        "",
    ]


def test_what_is_not_printed_is_counted(folder: str) -> None:
    """And how to see it; --limit 0 prints all."""
    result = qa("find", "canon de riego", "--limit", "1", "--index", folder)
    assert "y 1 más en este documento\n" in result.stdout
    assert "Hay 1 mención más en 1 documento: Nota (1)\n" in result.stdout
    assert result.stderr == "qa find --limit 0 quotes them all.\n"
    whole = qa("find", "canon de riego", "--limit", "0", "--json", "--index", folder)
    found = json.loads(whole.stdout)
    assert (found["total"], found["beyond"], len(found["mentions"])) == (3, 0, 3)
    assert [mention["highlight"] for mention in found["mentions"]] == [[3, 17], [45, 59], [4, 18]]


def test_limits(folder: str) -> None:
    """By date and by document; nothing found is status 1, and said."""
    found = json.loads(qa("find", "riego", "--since", "2024", "--json", "--index", folder).stdout)
    assert [(d["document_id"], d["count"]) for d in found["documents"]] == [("acta.txt", 2)]
    assert (found["since"], found["until"], found["undated"]) == ("2024-01-01", None, 1)
    result = qa("find", "riego", "--in", "acta.txt", "--until", "2023", "--index", folder)
    assert result.returncode == 1
    assert result.stdout.startswith("Ningún documento elegido con fecha hasta el 31 de diciembre")
    assert one_sentence(qa("find", "x", "--in", "gone", "--index", folder))
    hits = json.loads(
        qa("search", "canon", "--until", "2024-05-31", "--json", QA_INDEX=folder).stdout
    )
    assert {hit["document_id"] for hit in hits} == {"acta.txt"}


def test_asking_within_dates(folder: str) -> None:
    """A phrase in quotation marks is found there, too; a wrong date is one sentence."""
    result = qa("ask", '"canon de riego"', "--since", "2024-05", QA_INDEX=folder)
    assert result.returncode == 0
    first, *_, last = result.stdout.strip().split("\n")
    assert (
        first
        == "2 menciones de «canon de riego» en 1 documento con fecha desde el 1 de mayo de 2024."
    )
    assert last == "No se buscó en 1 documento sin fecha."
    for command in ("ask", "search", "find"):
        said = one_sentence(qa(command, "canon", "--since", "31/13/2024", QA_INDEX=folder))
        assert said == (
            "qa: 31/13/2024 is no date: write a year, month or day as 2024, 2024-05, 2024-05-31 "
            "or 31/05/2024."
        )

"""``--export`` and ``qa verify-report`` as a user meets them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index import Index
from tests.qa.cli.test_cli import ASKED, ROOT, one_sentence, qa
from tests.qa.test_serialize import check

SEED = "000_c7ef8c4ca7f3edb6.txt"


@pytest.mark.parametrize("ending", ["docx", "md", "html"])
def test_an_answer_is_written_and_stands(seeds_index: Path, tmp_path: Path, ending: str) -> None:
    """`qa ask --export` prints as before; `qa verify-report` finds each quote as it was."""
    index = ("--index", str(seeds_index))
    report = tmp_path / f"informe.{ending}"
    plain = qa("ask", ASKED, *index)
    result = qa("ask", ASKED, "--export", str(report), *index)
    assert (result.returncode, result.stdout) == (0, plain.stdout)
    assert result.stderr.split() == ["written:", str(report)]
    checked = qa("verify-report", str(report), *index)
    assert checked.returncode == 0
    assert "Cita 1: sigue igual\n" in checked.stdout
    assert SEED in checked.stdout
    assert checked.stdout.strip().endswith("citas siguen en pie.")


def test_what_no_longer_stands_is_status_1(seeds_index: Path, tmp_path: Path) -> None:
    """The JSON fits its schema for each finding; a document that is gone does not stand."""
    index = tmp_path / "index"
    shutil.copytree(seeds_index, index)
    report = tmp_path / "report.html"
    asked = qa(
        "ask",
        "When did Rubio visit Mexico?",
        "--json",
        "--export",
        str(report),
        "--index",
        str(index),
    )
    citations = json.loads(asked.stdout)["citations"]
    same = qa("verify-report", str(report), "--json", "--index", str(index))
    found = json.loads(same.stdout)
    check(found, "verify-report")
    assert (same.returncode, found["stands"], len(found["quotes"])) == (0, True, len(citations))
    for quote, citation in zip(found["quotes"], citations, strict=True):
        assert (quote["status"], quote["finding"]) == ("stands", "same")
        assert quote["place"]["text"] == citation["quote"]
        assert {key: citation[key] for key in quote["cited"]} == quote["cited"]
    with Index.open(index) as opened:
        opened.remove([SEED])
    gone = qa("verify-report", str(report), "--json", "--index", str(index))
    found = json.loads(gone.stdout)
    check(found, "verify-report")
    assert (gone.returncode, found["stands"]) == (1, False)
    assert {quote["status"] for quote in found["quotes"]} == {"gone"}
    told = qa("verify-report", str(report), "--index", str(index))
    assert told.returncode == 1
    assert f"The document {SEED} is not in the index any more." in told.stdout
    assert f"0 of {len(citations)} quotes stand." in told.stdout


def test_a_conversation_is_written_when_it_ends(seeds_index: Path, tmp_path: Path) -> None:
    """`qa chat --export` has all answers in the file, refusals too."""
    report = tmp_path / "charla.md"
    result = subprocess.run(
        [sys.executable, "-m", "qa", "chat", "--index", str(seeds_index), "--export", str(report)],
        input=f"{ASKED}\n¿Quién pintó Las meninas?\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=ROOT,
    )
    assert result.returncode == 0
    text = report.read_text(encoding="utf-8")
    assert "## Pregunta 1: ¿Cuándo visitó Rubio México?" in text
    assert "## Pregunta 2: ¿Quién pintó Las meninas?" in text
    assert "**Los documentos no lo dicen.**" in text
    assert qa("verify-report", str(report), "--index", str(seeds_index)).returncode == 0


def test_what_cannot_be_written_is_said_before_anything_is_asked(tmp_path: Path) -> None:
    """Also where there is no index; a file that is there stays as it was."""
    there = tmp_path / "a.md"
    there.write_text("mío", encoding="utf-8")
    index = ("--index", str(tmp_path / "nowhere"))
    assert "exists" in one_sentence(qa("ask", ASKED, "--export", str(there), *index))
    assert "exists" in one_sentence(qa("chat", "--export", str(there), *index))
    assert ".docx, .md or .html" in one_sentence(qa("ask", ASKED, "--export", "a.pdf", *index))
    assert "qa index" in one_sentence(qa("ask", ASKED, "--export", str(there), "--force", *index))
    assert there.read_text(encoding="utf-8") == "mío"


def test_what_is_no_report_is_one_sentence(seeds_index: Path, tmp_path: Path) -> None:
    """A file without quotes, of another format, or none."""
    index = ("--index", str(seeds_index))
    (tmp_path / "a.md").write_text("Hola.", encoding="utf-8")
    said = one_sentence(qa("verify-report", str(tmp_path / "a.md"), *index))
    assert "a.md has no quote that can be checked" in said
    (tmp_path / "a.pdf").write_text("Hola.", encoding="utf-8")
    said = one_sentence(qa("verify-report", str(tmp_path / "a.pdf"), *index))
    assert "a.pdf cannot be checked" in said
    assert "does not exist" in one_sentence(qa("verify-report", str(tmp_path / "b.docx"), *index))

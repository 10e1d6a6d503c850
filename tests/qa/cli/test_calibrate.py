"""`qa calibrate`: a threshold is found, stored, shown and used; wrong use is one sentence."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from index import Document, Index
from index.embedders import Embedder
from index.errors import IndexLockedError, InputError
from index.query import Query
from qa import Assistant, Hit, Retriever
from qa.calibration.stored import stored
from qa.cli.app import app
from qa.evaluation.calibrate import calibrate
from qa.evaluation.dataset import Question, Questions
from qa.readers import Quote, Reader, Reading
from tests.qa.test_serialize import check

PLACES = ["faro", "molino", "puente", "castillo", "mercado", "teatro", "hospital", "estadio"]
YEARS = {place: 1801 + 11 * number for number, place in enumerate(PLACES)}
LOOSE = ("--wrong", "0.5", "--confidence", "0.6")


@pytest.fixture
def folder(tmp_path: Path, embedder: Embedder) -> Path:
    """An index of one document for each place."""
    with Index.open(tmp_path / "index", create=True, model=embedder) as index:
        index.add(
            Document(place, f"El {place} de Santa Marina se inauguró en {year}.")
            for place, year in YEARS.items()
        )
    return tmp_path / "index"


def questions(path: Path, answers: dict[str, str]) -> Path:
    """A file that asks when each place was opened; an empty answer: no document says."""
    rows = [
        {"question": f"¿Cuándo se inauguró el {place} de Santa Marina?", "answer": answer}
        for place, answer in answers.items()
    ]
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    path.write_text(lines, encoding="utf-8")
    return path


def run(*arguments: str | Path, index: Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--index", str(index)])


def printed(*arguments: str | Path, index: Path) -> Any:
    return json.loads(run(*arguments, "--json", index=index).stdout)


RIGHT = {place: str(year) for place, year in YEARS.items()}


def test_found_stored_shown_and_used(folder: Path, tmp_path: Path) -> None:
    """What is printed is stored; status, why and the assistant have it, until it is forgotten."""
    file = questions(tmp_path / "own.jsonl", RIGHT)
    found = printed("calibrate", file, *LOOSE, index=folder)
    check(found, "calibrate")
    assert found["stored"] is True
    assert (found["share"], found["confidence"]) == (0.5, 0.6)
    assert (found["answers"], found["wrong"], found["answerable"]) == (8, 0, 8)
    assert (found["unanswerable"], found["unanswerable_bound"]) == (0, 1.0)
    status = printed("status", index=folder)
    check(status, "status")
    assert status["min_confidence"] == status["calibration"]["threshold"] == found["threshold"]
    assert status["calibration_void"] is None
    words = run("status", index=folder).stdout
    assert f"threshold: {found['threshold']:.3f}, calibrated 20" in words
    assert "on 8 questions: at most 50.0% of the answers wrong, with 60% confidence" in words
    asked = ("why", "¿Cuándo se inauguró el faro de Santa Marina?", "--expect", "faro")
    why = printed(*asked, index=folder)
    check(why, "why")
    assert why["min_confidence"] == found["threshold"]
    assert why["calibration"] == status["calibration"]
    assert "The threshold is calibrated" in run(*asked, index=folder).stdout
    given = printed(*asked, "--min-confidence", "0.01", index=folder)
    assert (given["min_confidence"], given["calibration"]) == (0.01, None)
    with Retriever.open(folder) as retriever:
        assert Assistant(retriever).min_confidence == found["threshold"]
    assert run("calibrate", "--forget", index=folder).exit_code == 0
    assert printed("status", index=folder)["calibration"] is None


def test_void_with_another_reader(folder: Path, tmp_path: Path) -> None:
    """One that was found with the light reader holds for that one, and status says so."""
    file = questions(tmp_path / "own.jsonl", RIGHT)
    command = ("calibrate", file, *LOOSE, "--reader", "sentences")
    threshold = printed(*command, index=folder)["threshold"]
    other = run("status", index=folder).stdout
    assert "the reader's own" in other
    assert "void is the one of 20" in other
    assert "for the reader was sentences@" in other
    own = printed("status", "--reader", "sentences", index=folder)
    assert (own["min_confidence"], own["calibration_void"]) == (threshold, None)


def test_none_keeps_the_promise(folder: Path, tmp_path: Path) -> None:
    """Where all is wrong that is said, nothing is stored, and the status is 1."""
    file = questions(tmp_path / "own.jsonl", dict.fromkeys(PLACES, "en el año mil"))
    result = run("calibrate", file, *LOOSE, index=folder)
    # The command's status is its return value; it becomes the exit status in `main`.
    assert result.stdout.startswith("No threshold keeps at most 50.0% of the answers wrong")
    found = printed("calibrate", file, *LOOSE, index=folder)
    check(found, "calibrate")
    assert (found["threshold"], found["stored"]) == (None, False)
    assert found["wrong"] == found["answers"] > 0
    with Index.open(folder) as index:
        assert stored(index) is None


def test_in_words(folder: Path, tmp_path: Path) -> None:
    """The lines say what is promised, and what it costs."""
    answers = {**RIGHT, "faro": ""}
    file = questions(tmp_path / "own.jsonl", answers)
    words = run("calibrate", file, *LOOSE, index=folder).stdout
    assert "stored with the index (the reader's own is 0." in words
    assert "promised: at most 50.0% of the answers wrong, with 60% confidence (" in words
    assert " of 7 questions (" in words
    assert " of 1 questions (" in words


def error(*arguments: str | Path, index: Path) -> str:
    result = run(*arguments, index=index)
    assert isinstance(result.exception, InputError)
    assert "\n" not in str(result.exception)
    return str(result.exception)


def test_what_cannot_be(folder: Path, tmp_path: Path) -> None:
    """Each is one sentence that says what to do, and stores nothing."""
    file = questions(tmp_path / "own.jsonl", RIGHT)
    assert error("calibrate", file, index=folder) == (
        "At most 5 % wrong with 95 % confidence need at least 59 answers without a wrong one (93 "
        "with one), and there are 8 questions: add questions, or allow more with --wrong."
    )
    for value in ("0", "1", "-0.1", "7", "nan"):
        assert "share of wrong answers lies" in error(
            "calibrate", file, "--wrong", value, index=folder
        )
        assert "confidence lies" in error("calibrate", file, "--confidence", value, index=folder)
    assert "Give a FILE" in error("calibrate", index=folder)
    assert "Give a FILE" in error("calibrate", file, "--forget", index=folder)
    assert "leave --json out" in error("calibrate", "--forget", "--json", index=folder)
    assert "cannot be read" in error("calibrate", tmp_path / "none.jsonl", index=folder)
    row = {"id": "1", "context": "Un texto.", "question": "¿Qué?", "answers": [{"text": "texto"}]}
    brings = tmp_path / "brings.jsonl"
    brings.write_text(json.dumps(row), encoding="utf-8")
    assert "bring paragraphs of their own" in error("calibrate", brings, index=folder)
    named = tmp_path / "named.csv"
    named.write_text("question,answer,document\n" + "¿Qué?,x,nobody\n" * 3, encoding="utf-8")
    assert "nobody, which is not in" in error("calibrate", named, *LOOSE, index=folder)
    with Index.open(folder) as index:
        assert stored(index) is None


def test_what_cannot_be_stored_is_shown_all_the_same(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The result of many questions is not lost because another process writes."""
    monkeypatch.setattr("index.opened.LOCK_SECONDS", 0)
    file = questions(tmp_path / "own.jsonl", RIGHT)
    with Index.open(folder) as other, other._writing():
        result = run("calibrate", file, *LOOSE, "--json", index=folder)
    assert isinstance(result.exception, IndexLockedError)
    found = json.loads(result.stdout)
    assert (found["stored"], found["answers"]) == (False, 8)


class Told(Reader):
    """Quotes the first hit; how sure it is stands in the question, as two digits."""

    min_confidence = 0.4

    def read(self, query: Query, hits: Sequence[Hit]) -> Reading:
        """The first hit as a whole."""
        quotes = [Quote(hit, hit.passage.start, hit.passage.end, 1.0) for hit in hits[:1]]
        return Reading(tuple(quotes), int(query.text.split()[-1].strip("?")) / 100)


def test_the_counts(folder: Path) -> None:
    """Wrong are other words, and any words where no document answers; the rest is refused."""
    told = [(99, "1801"), (95, "1801"), (90, "1801"), (80, ""), (70, "1900"), (60, "")]
    asked = tuple(
        Question(
            f"line {number}",
            f"¿Cuándo se inauguró el faro? {sure}",
            "",
            (answer,) if answer else (),
        )
        for number, (sure, answer) in enumerate(told, 1)
    )
    with Retriever.open(folder) as retriever:
        found = calibrate(
            Questions({}, asked), retriever, reader=Told(), share=0.4, confidence=0.75
        )
    # Tested: 3 answers, 4, 5 (two wrong: not within .4), which ends it.
    assert found.choice.chosen
    assert (found.choice.chosen.threshold, found.choice.chosen.answers) == (0.9, 3)
    assert found.choice.failed
    assert (found.choice.failed.answers, found.choice.failed.wrong) == (4, 1)
    assert (found.answerable, found.answerable_answered) == (4, 3)
    assert (found.unanswerable, found.unanswerable_answered) == (2, 0)
    assert found.own == 0.4
    assert found.found
    assert (found.found.questions, found.found.reader) == (6, f"{__name__}.Told")

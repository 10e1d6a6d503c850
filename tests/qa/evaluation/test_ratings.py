"""Ratings as questions: the last one counts, and what says nothing is left out."""

import json
from pathlib import Path
from typing import Any

import pytest

from index import Index
from index.errors import InputError
from qa import Retriever
from qa.evaluation.calibrate import calibrate
from qa.evaluation.dataset import read

QUOTE = "La entrada cuesta 11 euros."


def row(answer: str, verdict: str, question: str = "¿Cuánto cuesta?", **rest: Any) -> str:
    cited = {"document_id": "d", "start": 0, "end": 27, "hash": "h", "paragraph": 2, "quote": QUOTE}
    made = {
        "answer": answer, "verdict": verdict, "comment": "", "question": question,
        "searched_for": question, "found": True, "short": "11 euros", "limited": False,
        "citations": [cited],
    }  # fmt: skip
    return json.dumps(made | rest)


def questions(tmp_path: Path, *rows: str) -> Any:
    (tmp_path / "feedback.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return read(tmp_path / "feedback.jsonl")


def test_a_right_answer_is_a_known_one(tmp_path: Path) -> None:
    """Its short words, else its quotes; in its document and paragraph; what was searched for."""
    sets = questions(
        tmp_path,
        row("a", "good", searched_for="¿Cuánto cuesta la entrada?"),
        row("b", "good", "¿Qué cuesta?", short=None),
        row("c", "good", "¿Quién?", found=False, short=None, citations=[]),
    )
    first, second, third = sets.questions
    assert (first.text, first.answers) == ("¿Cuánto cuesta la entrada?", ("11 euros",))
    assert (first.document, first.number, first.hash) == ("d", 2, "h")
    assert second.answers == (QUOTE,)
    assert (third.answers, third.document) == ((), None)
    assert sets.wrong == ()


def test_the_last_rating_of_an_answer_counts(tmp_path: Path) -> None:
    """And of the same answer to the same question, by whomever."""
    sets = questions(tmp_path, row("a", "good"), row("a", "bad"), row("b", "bad"))
    assert sets.questions == ()
    assert [(one.text, one.quotes) for one in sets.wrong] == [("¿Cuánto cuesta?", (QUOTE,))]
    sets = questions(tmp_path, row("a", "bad"), row("b", "good"))
    assert len(sets.questions) == 1
    assert sets.wrong == ()


def test_what_says_nothing_is_left_out(tmp_path: Path) -> None:
    """A refusal of chosen documents, a greeting, a torn line, and what is no rating."""
    sets = questions(
        tmp_path,
        '{"torn": ',
        row("a", "good", found=False, limited=True, citations=[]),
        row("b", "good", "hola", citations=[]),
        row("c", "good", citations=[{"document_id": 3}], short=None),
        row("d", "perhaps"),
        "3",
        row("e", "bad", found=False, citations=[], short=None),
    )
    assert sets.questions == ()
    (wrong,) = sets.wrong
    assert wrong.again((), answered=False)
    assert not wrong.again((QUOTE,), answered=True)


def test_an_answer_comes_again_by_its_best_quote(tmp_path: Path) -> None:
    """Whatever its case and spaces; not where it is refused now."""
    (wrong,) = questions(tmp_path, row("a", "bad")).wrong
    assert wrong.again(("la entrada  cuesta 11 euros.", "x"), answered=True)
    assert not wrong.again(("Cuesta 12.", QUOTE), answered=True)
    assert not wrong.again((QUOTE,), answered=False)


def test_ratings_calibrate_nothing(tmp_path: Path) -> None:
    """They are only of answers that passed the threshold."""
    sets = questions(tmp_path, row("a", "good"))
    with (
        Index.open(tmp_path / "index", create=True) as index,
        pytest.raises(InputError, match="of your own"),
    ):
        calibrate(sets, Retriever(index))

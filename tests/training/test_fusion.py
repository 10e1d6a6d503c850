"""Fitting BM25's share: what a share is worth, and which questions it is fitted on."""

from typing import Any

import pytest

from training import fusion


def row(
    question: str, dense: list[float], lexical: list[float], same: bool = True
) -> dict[str, Any]:
    """The first candidate is the right one."""
    right = [n == 0 for n in range(len(dense))]
    found = {"question": question, "dense": dense, "lexical": lexical, "right": right}
    return {**found, "same": [same] * len(dense)}


def test_a_share_is_worth_the_right_passages_rank() -> None:
    """The vectors have it third, BM25 first; without a right one there is nothing."""
    known = row("x", [0.1, 0.5, 0.9], [9.0, 1.0, 0.0])
    assert fusion.reciprocal_rank(known, 0.0) == pytest.approx(1 / 3)
    assert fusion.reciprocal_rank(known, 1.0) == 1.0
    none = {**known, "right": [False] * 3}
    assert fusion.reciprocal_rank(none, 0.5) == 0.0


def test_tables_by_language_and_kind(capsys: pytest.CaptureFixture[str]) -> None:
    """What is across languages stands apart; numbers and names have a table of their own."""
    words = [row("¿cuántos 5?", [0.1, 0.9], [9.0, 0.0]) for _ in range(30)]
    words += [row("Esto dijo Ana", [0.1, 0.9], [9.0, 0.0]) for _ in range(25)]
    vectors = [row("who was it", [0.9, 0.1], [0.0, 9.0], same=False) for _ in range(20)]
    fusion.report({"transcripts": words, "mixed": vectors + words[:5], "few": words[:3]})
    tables = capsys.readouterr().out.split("\n\n")
    assert tables[0].startswith("Across languages")
    assert "mixed (20)" in tables[0]
    assert "best: 0.0" in tables[0]
    assert "transcripts (55)" in tables[1]
    assert "mixed" not in tables[1]
    assert "transcripts (30)" in tables[2]  # with a number
    assert "transcripts (25)" in tables[3]  # with a name
    assert "few" not in "".join(tables)

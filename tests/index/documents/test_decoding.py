"""Bytes to clean text."""

from index.documents.decoding import clean


def test_marks_piled_on_a_letter() -> None:
    """Those beyond any writing go, for to order them takes too long; other signs stay."""
    piled = clean("a" + "\u0301\u0323" * 100_000 + "b")
    assert (len(piled) < 40, piled[-1]) == (True, "b")
    assert clean(piled) == piled
    assert clean("…" * 500) == "…" * 500
    few = "o\u0323" + "\u0302" * 20
    assert len(clean(few)) == 20

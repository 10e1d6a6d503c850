"""What the benchmark of answers computes, on answers made by hand."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import answers, figures, latency, pools, processors
from benchmarks.figures import Case, Figure
from benchmarks.latency import Waited
from index import Document, Index, Passage
from index.embedders import BUNDLED
from qa import Answer, Citation, Hit
from qa.evaluation.evaluate import Question

TEXT = "Llegó el 5 de mayo. Se fue en junio. No volvió."


def question(*golden: str, paragraph: str = "0") -> Question:
    return Question("id", "¿Cuándo?", paragraph, golden)


def citation(quote: str, document: str = "0", marked: str | None = None) -> Citation:
    at = 100
    place = quote.index(marked) + at if marked else None
    highlight = (place, place + len(marked)) if place is not None and marked else None
    return Citation(document, None, None, None, 1, at, at + len(quote), quote, highlight)


def hit(document: str) -> Hit:
    passage = Passage(document, 0, len(TEXT), TEXT, 1)
    return Hit(TEXT, 1.0, document, citation(TEXT, document), passage, 0.9, None)


def answer(
    *citations: Citation,
    confidence: float = 0.5,
    hits: Sequence[Hit] = (),
    words: str | None = None,
) -> Answer:
    asked = "¿Cuándo?"
    return Answer(asked, asked, True, "", confidence, citations, tuple(hits), short=words)


def values(found: Sequence[Figure]) -> dict[str, float | None]:
    return {each.name: each.value for each in found}


@given(st.lists(st.text(min_size=1)), st.integers(0, 50))
def test_within(quotes: list[str], limit: int) -> None:
    """The quotes are kept in order up to the limit, together its first characters."""
    assert "".join(figures.within(quotes, limit)) == "".join(quotes)[:limit]


@pytest.mark.parametrize(
    ("marked", "best"),
    [
        ("junio", "Se fue en junio."),
        ("junio. No", "Se fue en junio. No volvió."),
        (None, TEXT),
    ],
)
def test_best_sentence(marked: str | None, best: str) -> None:
    """It is the sentence around the marked words, which stand anywhere in the document."""
    assert figures.best_sentence(citation(TEXT, marked=marked), "es") == best


def test_quoted() -> None:
    """A golden answer counts in any quote, but for the best sentence only in that one."""
    cases = [
        Case(question("5 de mayo"), answer(citation(TEXT, marked="mayo"))),
        Case(question("5 de mayo"), answer(citation(TEXT, marked="junio"))),
        Case(question("agosto"), answer(citation("En julio."), citation("En Agosto."))),
        Case(question("agosto"), answer()),
    ]
    assert values(figures.quoted("set", cases, "es")) == {
        "quotes hold the answer": 0.75,
        "best sentence holds it": 0.25,
        "characters of it": (19 + 16 + 9 + 0) / 4,
        "characters quoted": (47 + 47 + 19 + 0) / 4,
        "most characters quoted": 47,
    }


def test_quotes_beyond_the_limit_do_not_count() -> None:
    """Only the first 600 characters quoted may hold the answer."""
    long = answer(citation("x" * 595), citation("En agosto."))
    assert not Case(question("agosto"), long).held
    assert Case(question("En a"), long).held


def test_short() -> None:
    """A question without exact words counts as wrong; articles and marks do not matter."""
    cases = [
        Case(question("el 5 de mayo", "mayo"), answer(words="5 de mayo.")),
        Case(question("mayo"), answer(words="mayo y junio")),
        Case(question("junio"), answer()),
    ]
    found = values(figures.short("exact words", "set", cases))
    assert found["short answer EM"] == pytest.approx(1 / 3)
    assert found["short answer F1"] == pytest.approx((1 + 1 / 2 + 0) / 3)


def test_short_of_a_reader_without_exact_words() -> None:
    """What a reader does not give is not measured, rather than all wrong."""
    cases = [Case(question("mayo"), answer(citation(TEXT)))]
    assert set(values(figures.short("exact words", "set", cases)).values()) == {None}


def test_reranking() -> None:
    """The search, the answer's hits and its first citation are each compared with the paragraph."""
    cases = [
        Case(question(paragraph="0"), answer(citation(TEXT, "0"), hits=[hit("1"), hit("0")])),
        Case(question(paragraph="0"), answer(citation(TEXT, "1"), citation(TEXT, "0"))),
    ]
    assert values(figures.reranking("set", cases, [["1", "0"], ["0"]])) == {
        "recall@1, search": 0.5,
        "recall@1, hits of the answer": 0.0,
        "recall@1, first citation": 0.5,
        "recall@10, search": 1.0,
    }


def test_abstention() -> None:
    """Confidence is compared with and without the passage, at the threshold and for its truth."""
    cited = citation(TEXT)
    present = [
        Case(question("mayo"), answer(cited, confidence=0.9)),
        Case(question("enero"), answer(cited, confidence=0.4)),
    ]
    absent = [
        Case(question("mayo"), answer(cited, confidence=0.6)),
        Case(question("mayo"), answer(confidence=1.0)),  # nothing quoted: no answer
    ]
    found = values(figures.abstention("set", present, absent, 0.5))
    assert found == pytest.approx(
        {
            "AUROC": 3 / 4,
            "answerable answered": 0.5,
            "unanswerable answered": 0.5,
            "calibration error": (0.1 + 0.6 + 0.6 + 0) / 4,
            "calibration error, of right answers": (0.1 + 0.4 + 0.6 + 0) / 4,
            "without, quotes hold it": 0.5,
        }
    )


def test_adversarial() -> None:
    """Questions without golden answers are those to be refused; one kind alone has no AUROC."""
    sure = Case(question("mayo"), answer(citation(TEXT), confidence=0.9))
    unsure = Case(question(), answer(citation(TEXT), confidence=0.2))
    assert values(figures.adversarial("set", [sure, unsure], 0.5)) == {
        "AUROC": 1.0,
        "answerable answered": 1.0,
        "unanswerable answered": 0.0,
    }
    assert values(figures.adversarial("set", [sure], 0.5))["AUROC"] is None


@pytest.mark.parametrize(
    ("value", "at_most", "verdict"),
    [
        (0.9, False, "met"),
        (0.85, False, "missed by 0.0500"),
        (0.9, True, "met"),
        (0.95, True, "missed by 0.0500"),
        (None, False, "not measured"),
    ],
)
def test_verdict(value: float | None, at_most: bool, verdict: str) -> None:
    """A target is the least or the most; a miss says by how much."""
    assert Figure("group", "set", "name", value, 0.9, at_most).verdict == verdict


def test_targets() -> None:
    """A target holds for its set, or for all; a figure without one has no verdict."""
    error = answers.with_target(Figure("abstention", "any", "calibration error", 0.04))
    assert (error.target, error.at_most, error.verdict) == (0.05, True, "met")
    f1 = answers.with_target(Figure("given the passage", "mlqa-es", "short answer F1", 0.5))
    assert (f1.target, f1.verdict) == (0.62, "missed by 0.1200")
    assert answers.with_target(Figure("quotes", "xquad-es", "characters of it", 80)).verdict == ""


def test_waiting() -> None:
    """Waits are in the order of what is shown; what was never shown is left out of its figures."""
    found = latency.figures("300 passages", [Waited(10, 30, 40), Waited(20, None, 60)])
    assert {each.group for each in found} == {latency.GROUP}
    assert values(found) == pytest.approx(
        {
            "first shown, p50": 15,
            "first shown, p95": 19.5,
            "first citation, p50": 30,
            "first citation, p95": 30,
            "whole answer, p50": 50,
            "whole answer, p95": 59,
        }
    )


@given(st.integers(0, 300), st.integers(1, 100))
def test_spread(there_are: int, count: int) -> None:
    """So many items, in order, none twice, from the first on; all where there are fewer."""
    items = [f"{number:03}" for number in range(there_are)]
    chosen = latency.spread(items, count)
    assert len(chosen) == min(count, there_are)
    assert chosen == sorted(set(chosen))
    assert chosen[:1] == items[:1]


def test_a_kept_index_is_used_again(tmp_path: Path) -> None:
    """What an index lacks is added to it; one of other documents is refused."""
    sets = pools.QuestionSet("set", "kept", "es", ("Uno llegó.", "Dos se fue."), ())
    assert sets.others("0") == ["1"]
    with Index.open(tmp_path / "kept", create=True) as index:
        index.add([Document("0", "Uno llegó.")])
    with pools.opened(sets, tmp_path) as retriever:
        assert [info.id for info in retriever.documents()] == ["0", "1"]
    other = pools.QuestionSet("set", "kept", "es", ("Otro.",), ())
    with pytest.raises(SystemExit, match="other documents"), pools.opened(other, tmp_path):
        pass


@pytest.mark.parametrize("other", ["same", "different"])
def test_bits_that_differ_are_a_failure(monkeypatch: pytest.MonkeyPatch, other: str) -> None:
    """The comparison of processors ends with status 1; what could not be run is no difference."""
    ways = {BUNDLED: "same"}
    monkeypatch.setattr(processors, "digests", lambda at: {"model": ways.get(at, other)})
    monkeypatch.setattr(processors, "unsigned", lambda *_: None)
    monkeypatch.setattr(processors, "emulated", lambda: None)
    monkeypatch.setattr("sys.argv", ["processors", "--json"])
    if other == "same":
        processors.main()
        return
    with pytest.raises(SystemExit) as ended:
        processors.main()
    assert ended.value.code == 1

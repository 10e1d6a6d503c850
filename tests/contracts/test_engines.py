"""What every catalog and every engine must do, against exact search: `tests.contracts.oracle`."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from index import Document, Index
from index.query import Query, embed
from index.storage.vectors import Found
from index.text.analysis import STEMMERS, analyse
from index.text.phrases import Phrase
from qa import Retriever
from tests.contracts.oracle import COPY, Exact, Summed, documents, questions

Open = Callable[[], Index]
LIMITS: dict[str, Callable[[str], bool]] = {
    "one": lambda id: id == "doc-007",
    "few": lambda id: id < "doc-020",
    "half": lambda id: int(id[-3:]) % 2 == 0,
    "most": lambda id: not id.endswith("9"),
    "none": lambda _: False,
}
# Tantivy keeps a passage's length in a byte: of 40 words or more, 1 in 8 is lost at most.
ROUNDED = 0.06


def same_length(index: Index) -> float:
    """How far BM25 of an index may be from the formula, as a share of it."""
    return 1e-4 if "Milvus" in type(index._opened.stores).__name__ else ROUNDED


def recall(found: Found, wanted: dict[int, float], share: float, k: int = 10) -> float:
    """The share of the k best that were found; one that is as good as the last of them counts."""
    best = sorted(wanted.values(), reverse=True)[:k]
    if not best:
        return float(not len(found[0]))
    least = best[-1] - share * abs(best[-1])
    good = sum(wanted.get(id, -2.0) >= least for id in found[0][:k].tolist())
    return good / len(best)


def test_documents_are_equal(filled: Index) -> None:
    """What was added is what there is: texts, titles, metadata and passages."""
    given = list(documents())
    assert [one.id for one in filled.documents()] == [one.id for one in given]
    assert filled.counts() == (len(given), sum(filled.size(one.id) for one in given))
    for one in given[::40]:
        kept = filled.document(one.id)
        assert (kept.text, kept.title, kept.metadata) == (one.text, one.title, one.metadata)
        for passage in filled.passages_of(one.id):
            assert passage.text == one.text[passage.start : passage.end]


def test_vectors_are_found(filled: Index, exact: Exact) -> None:
    """Of the ten nearest at least 99 in 100, with their cosines, one by one or many at once."""
    queries = [Query(question) for question in questions()]
    filled._opened.words()
    store = filled._opened.vectors()
    assert store is not None
    vectors = embed(queries, Summed())
    rates = []
    for query, vector, many in zip(queries, vectors, store.search_many(vectors, 10), strict=True):
        wanted, found = exact.cosines(query.question), store.search(vector, 10)
        np.testing.assert_allclose(found[1], many[1], rtol=1e-5)
        np.testing.assert_allclose(
            found[1], [wanted[id] for id in found[0].tolist()], atol=2e-3, rtol=0
        )
        rates.append(recall(found, wanted, 1e-4))
    assert np.mean(rates) >= 0.99


def test_words_are_found(filled: Index, exact: Exact) -> None:
    """Of the ten best by BM25 at least 99 in 100, with their scores."""
    queries, words = [Query(question) for question in questions()], filled._opened.words()
    rates, share = [], same_length(filled)
    for query, many in zip(queries, words.search_many(queries, 10), strict=True):
        wanted, found = exact.bm25(query.question), words.search(query, 10)
        np.testing.assert_allclose(found[1], many[1], rtol=1e-5)
        np.testing.assert_allclose(
            found[1], [wanted[id] for id in found[0].tolist()], rtol=max(share, 1e-4)
        )
        rates.append(recall(found, wanted, 2 * share))
    assert np.mean(rates) >= 0.99


@pytest.mark.parametrize("name", LIMITS)
def test_limits(filled: Index, exact: Exact, name: str) -> None:
    """Only documents of a limit are found, and of those the best, however large the limit is."""
    only = [one.id for one in filled.documents() if LIMITS[name](one.id)]
    limit = filled._opened.limits.of(filled.matching({}, only))
    words, vectors = filled._opened.words(), filled._opened.vectors()
    assert vectors is not None
    for question in questions()[:12]:
        query = Query(question)
        (vector,) = embed([query], Summed())
        near = vectors.search(vector, 10, limit.passages)
        assert recall(near, exact.cosines(question, LIMITS[name]), 1e-4) == 1
        by_words, wanted = words.search(query, 10, limit), exact.bm25(question, LIMITS[name])
        assert recall(by_words, wanted, 2 * same_length(filled)) == 1
        assert set(by_words[0].tolist()) <= wanted.keys()
        found = filled.candidates(question, 10, only)
        assert {one.passage.document_id for one in found} <= set(only)


def test_conditions(filled: Index) -> None:
    """``where`` finds the documents that a condition holds for."""
    where = {"kind": "acta", "year": {"$gte": 2000, "$lt": 2010}}
    matching = filled.matching(where)
    assert sorted(matching) == [
        one.id
        for one in documents()
        if one.metadata["kind"] == "acta" and 2000 <= int(str(one.metadata["year"])) < 2010
    ]
    found = filled.candidates(questions()[0], 20, matching)
    assert found
    assert {one.passage.document_id for one in found} <= set(matching)


def test_without_some(filled: Index, exact: Exact) -> None:
    """Passages that are left out are not found, and the next best come in their place."""
    words, vectors = filled._opened.words(), filled._opened.vectors()
    assert vectors is not None
    for question in questions()[:6]:
        query = Query(question)
        (vector,) = embed([query], Summed())
        out, left = halved(exact.bm25(question))
        assert recall(words.search(query, 10, None, out), left, 2 * same_length(filled)) == 1
        out, left = halved(exact.cosines(question))
        assert recall(vectors.search(vector, 10, None, out), left, 1e-4) == 1


def halved(scores: dict[int, float]) -> tuple[NDArray[np.int64], dict[int, float]]:
    """Half of the thirty best, and all the others."""
    out = np.array(sorted(scores, key=scores.__getitem__)[-30::2], dtype=np.int64)
    return out, {id: score for id, score in scores.items() if id not in out}


def test_copies_count_once(filled: Index) -> None:
    """A paragraph of many documents does not push all else out."""
    found = filled.candidates("este aviso se repite en documentos", 10)
    copies = [one for one in found if one.passage.text == COPY]
    assert copies
    assert len({one.passage.text for one in found}) >= 10


def test_citations(filled: Index) -> None:
    """A hit's citation quotes the document's text at its offsets."""
    retriever = Retriever(filled)
    for question in questions()[:6]:
        hits = retriever.search(question, k=5)
        assert hits
        for hit in hits:
            quoted = filled.document(hit.document_id).text[hit.citation.start : hit.citation.end]
            assert hit.citation.quote == quoted


def test_mentions(filled: Index) -> None:
    """Every mention of a phrase is found: a rare one, and one that most documents have."""
    for phrase in ("se repite en muchos", "cuenta", questions()[3].split()[0], questions()[4]):
        wanted = {
            one.id: spans for one in documents() if (spans := list(Phrase(phrase).spans(one.text)))
        }
        assert dict(filled.mentions(Phrase(phrase))) == wanted


def test_frequencies(filled: Index, exact: Exact) -> None:
    """How many passages hold a word is counted exactly, and so is its idf."""
    words = filled._opened.words()
    for language in STEMMERS:
        for word in {*analyse(" ".join(questions()), language), "nowhere"}:
            assert words.frequency(word, language) == exact.frequency(word, language)
            assert words.idf([word], language)[word] == pytest.approx(exact.idf(word, language))


def test_deletions_and_replacements(opened: Open) -> None:
    """What a write took out is found by no search after it, of any client; the new text is."""
    writer, other = opened(), opened()
    texts = {f"d{n}": f"La carta {n} habla del faro y de la bahía." for n in range(12)}
    writer.add(Document(id, text, language="es") for id, text in texts.items())
    assert found_by_words(other, "faro") == set(texts)
    assert writer.remove(["d1", "d2", "unknown"]) == 2
    writer.add([Document("d3", "La nota habla de los molinos.", language="es")])
    for index in (writer, other, opened()):
        assert found_by_words(index, "faro") == set(texts) - {"d1", "d2", "d3"}
        assert found_by_words(index, "molinos") == {"d3"}
        assert found_by_vectors(index, "faro") == set(texts) - {"d1", "d2"}
        assert index._opened.words().frequency("carta"[:5], "es") in {0, 9}
        assert not index.verify().problems
    assert writer.remove(texts) == 10
    assert found_by_words(other, "faro") == set() == found_by_vectors(other, "faro")
    writer.add([Document("d4", "Otra vez el faro.", language="es")])
    assert found_by_words(other, "faro") == {"d4"} == found_by_vectors(other, "faro")
    assert not other.verify().problems


def test_it_is_kept(opened: Open) -> None:
    """Closed and opened again, it finds the same, and takes more."""
    with opened() as index:
        index.add([Document("a", "El faro de la bahía.", language="es")])
    with opened() as index:
        index.add([Document("b", "El faro del cabo.", language="es")])
        assert found_by_words(index, "faro") == {"a", "b"}
    assert found_by_vectors(opened(), "faro") == {"a", "b"}


def found_by_words(index: Index, question: str) -> set[str]:
    found = index.candidates(question, 50)
    return {one.passage.document_id for one in found if one.lexical is not None}


def found_by_vectors(index: Index, question: str) -> set[str]:
    found = index.candidates(question, 50)
    return {one.passage.document_id for one in found if not np.isnan(one.dense)}

"""What BM25 counts, in the catalog's tables, and the vectors that are made of it."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.query import Query
from index.storage.catalog import SqliteCatalog
from index.storage.milvus.counts import Counts
from index.storage.milvus.published import Published
from index.storage.milvus.server import Server
from index.storage.milvus.words import DRIFT, MilvusWords, averages, drifted, sparse
from index.storage.vectors import Found
from index.text.analysis import analyse

WORDS = ["faro", "bahía", "molino", "carta", "the", "lighthouse", "keeper", "de", "1995", "ñandú"]
texts = st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)
passages = st.lists(st.tuples(st.sampled_from(["es", "en", None]), texts), max_size=6)


@pytest.fixture
def counts(tmp_path_factory: pytest.TempPathFactory) -> Counts:
    return Counts(SqliteCatalog(tmp_path_factory.mktemp("counts") / "c.sqlite", create=True))


def counted(counts: Counts, number: int = 0) -> Published:
    counts.make()
    return Published(number, ("", ""))


@given(writes=st.lists(st.tuples(passages, st.sets(st.integers(1, 12))), max_size=4))
@settings(max_examples=40, deadline=None)
def test_counts_are_exact(tmp_path_factory: pytest.TempPathFactory, writes: list[Any]) -> None:
    """After any additions and removals they are those of what is left, and no other word is."""
    catalog = SqliteCatalog(tmp_path_factory.mktemp("counts") / "c.sqlite", create=True)
    counts, left, last = Counts(catalog), dict[int, tuple[str, Counter[str]]](), 0
    published = counted(counts)
    for added, removed in writes:
        rows = [(last + at, 1, of, text) for at, (of, text) in enumerate(added, 1)]
        last += len(rows)
        published, _ = counts.add(published, rows)
        left |= {id: (of or "es", Counter(analyse(text, of))) for id, _, of, text in rows}
        gone = sorted(removed & left.keys())
        published = counts.remove(published, gone)
        for id in gone:
            del left[id]
    for language in ("es", "en"):
        held = Counter(word for of, words in left.values() if of == language for word in words)
        assert {
            word: passages for word, (_, passages) in counts.known(language, held).items()
        } == dict(held)
        tokens = sum(words.total() for of, words in left.values() if of == language)
        assert published.tokens.get(language, 0) == tokens
    assert published.passages == len(left)
    assert counts.ids().tolist() == sorted(left)
    assert catalog.rows("SELECT count(*) FROM milvus_words WHERE passages <= 0") == [(0,)]
    numbers = [number for (number,) in catalog.rows("SELECT number FROM milvus_words")]
    assert len(set(numbers)) == len(numbers)
    assert 0 not in numbers


class Multiplied(Server):
    """Instead of Milvus: the inner products of some vectors with those of the questions."""

    def __init__(self, vectors: dict[int, dict[int, float]]) -> None:
        self.vectors = vectors

    def search(self, *given: Any, **_: Any) -> list[Found]:
        """All that have a product, best first."""
        found = []
        for query in given[3]:
            products = {
                id: sum(weight * query.get(number, 0) for number, weight in vector.items())
                for id, vector in self.vectors.items()
            }
            best = sorted(products, key=products.__getitem__, reverse=True)[: given[4]]
            scores = np.array([products[id] for id in best], dtype=np.float32)
            found.append((np.array(best, dtype=np.int64), scores))
        return found

    def close(self) -> None:
        """Nothing is open."""


def test_products_are_bm25(counts: Counts) -> None:
    """A question's vector times a passage's is BM25, by the formula and tantivy's statistics."""
    rows = [(1, 1, "es", "El faro, el faro de la bahía."), (2, 1, "es", "El molino de la bahía.")]
    rows.append((3, 1, "en", "The lighthouse keeper."))
    published, worded = counts.add(counted(counts), rows)
    vectors = {one.id: sparse(one, averages(published)) for one in worded}
    words = MilvusWords(Multiplied(vectors), counts, published)
    idf = np.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    # Five words of Spanish in three passages, and three of them in the first.
    wanted = idf * 2 * 2.2 / (2 + 1.2 * (0.25 + 0.75 * 3 / (5 / 3)))
    query = Query("¿Dónde está el faro?")
    (raw,) = Multiplied(vectors).search("", "", "", [words._vector(query)], 3)
    assert raw[1][0] == pytest.approx(wanted, rel=1e-5)
    ids, scores = words.search(query, 1)
    assert (ids.tolist(), scores.tolist()) == ([1], pytest.approx([wanted], rel=1e-5))
    assert words.search(Query("Un zorro."), 5)[0].tolist() == []


def test_drift_is_bounded(counts: Counts) -> None:
    """Weights of an earlier average are at most as far off, as a share, as the average is."""
    random = np.random.default_rng(1)
    rows = [
        (id, 1, "es", " ".join(random.choice(WORDS, random.integers(1, 60))))
        for id in range(1, 200)
    ]
    published, worded = counts.add(counted(counts), rows)
    now = averages(published)
    for share in (-DRIFT, DRIFT):
        before = {language: mean * (1 + share) for language, mean in now.items()}
        assert not drifted({"es": before["es"] / 1.0001}, now) or share < 0
        for one in worded:
            exact, earlier = sparse(one, now), sparse(one, before)
            for number, weight in exact.items():
                assert abs(earlier[number] / weight - 1) <= DRIFT
    assert drifted({"es": now["es"] * (1 + 1.1 * DRIFT)}, now)
    assert drifted({}, now)

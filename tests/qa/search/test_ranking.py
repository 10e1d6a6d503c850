"""The ranking against the same, written plainly: one candidate after the other."""

import math
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Candidate, Document, Index
from index.candidates import Candidates
from index.query import Query
from qa.search.fusion import fuse
from qa.search.ranking import holding, rank
from qa.settings import SETTINGS
from tests.index.test_index import Counting

QUESTIONS = ["¿Qué come el gato?", "Beyoncé", "¿Qué dice el artículo 2?"]
SCORES = st.floats(-1, 1, width=32)


class Found(NamedTuple):
    """What a search may have found of one passage."""

    dense: float
    lexical: float | None


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Twelve passages: four texts of three copies each, in two languages."""
    opened = Index.open(tmp_path_factory.mktemp("index"), create=True, model=Counting())
    texts = ["El gato come pan.", "Artículo 2. El pan se come.", "The cat eats.", "Vino tinto."]
    opened.add(
        [
            Document(f"{n}-{copy}", text.replace(" ", " " * (1 + copy)), language=language)
            for n, (text, language) in enumerate(zip(texts, ("es", "es", "en", None), strict=True))
            for copy in range(3)
        ]
    )
    return opened


def plainly(query: Query, candidates: list[Candidate]) -> list[tuple[int, float, float]]:
    """Ids, cosines and fused scores, best first: copies merged one by one."""

    def order(copy: Candidate) -> tuple[float, float, int]:
        cosine = 0.0 if math.isnan(copy.dense) else round(copy.dense, 5)
        return -(copy.lexical or 0.0), -cosine, copy.id

    best: dict[str, Candidate] = {}
    for one in candidates:
        words = one.passage.words
        first, *others = sorted([one, *([best[words]] if words in best else [])], key=order)
        best[words] = replace(first, dense=max([first.dense, *(o.dense for o in others)]))
    merged = list(best.values())
    if not merged:
        return []
    scores = fuse(
        np.array([one.dense for one in merged]),
        np.array([one.lexical or 0.0 for one in merged]),
        np.array([query.language in {None, one.passage.language} for one in merged]),
    )
    part = "artículo 2" in query.question
    scores += [
        SETTINGS.search.named_part * (part and one.passage.text.startswith("Art")) for one in merged
    ]
    rows = zip((o.id for o in merged), (o.dense for o in merged), scores.tolist(), strict=True)
    return sorted(rows, key=lambda row: (-row[2], row[0]))


@given(
    st.sampled_from(QUESTIONS),
    st.booleans(),
    st.lists(
        st.one_of(
            st.none(), st.builds(Found, SCORES, st.one_of(st.none(), st.floats(0, 20, width=32)))
        ),
        min_size=12,
        max_size=12,
    ),
)
def test_as_one_would_by_hand(
    index: Index, question: str, by_words: bool, scores: list[Found | None]
) -> None:
    """Whatever is found, with or without vectors: the same candidates, scores and order."""
    (every,) = index.candidates_many([Query("gato pan")])
    assert len(every) == 12
    at = {id: place for place, id in enumerate(every.ids.tolist())}
    found = [(id, of) for id, of in enumerate(scores, 1) if of]
    places = [at[id] for id, _ in found]
    ids = np.array([id for id, _ in found], np.int64)
    dense = np.array([math.nan if by_words else of.dense for _, of in found])
    lexical = np.array([math.nan if of.lexical is None else of.lexical for _, of in found])
    candidates = Candidates(ids, dense, lexical, every._read)
    passages = [one.passage for one in every]
    made = [
        Candidate(id, passages[place], math.nan if by_words else of.dense, of.lexical)
        for place, (id, of) in zip(places, found, strict=True)
    ]
    query = Query(question)
    ranking = rank(query, candidates)
    expected = plainly(query, made)
    assert len(ranking) == len(expected)
    assert ranking.ids(99) == [id for id, _, _ in expected]
    got = [(one.candidate.id, one.candidate.dense, one.score) for one in ranking]
    np.testing.assert_array_equal(np.array(got), np.array(expected))
    assert [one.candidate for one in ranking.best(2)] == [one.candidate for one in ranking][:2]


def test_named_documents_and_quoted_words(index: Index) -> None:
    """A preferred document's passages rise by the setting; quoted words must stand there."""
    (found,) = index.candidates_many([Query("gato pan vino")])
    query = Query("gato pan vino")
    plain = {one.candidate.id: one.score for one in rank(query, found)}
    named = rank(query, found, preferred=["3-0", "3-1", "3-2"])
    for one in named:
        raised = one.candidate.passage.document_id.startswith("3")
        assert one.score == plain[one.candidate.id] + SETTINGS.search.named_title * raised
    held = holding('¿Quién dice "se come"?', named)
    assert [one.candidate.passage.document_id[0] for one in held] == ["1"]
    assert list(holding('¿Quién dice "no está aquí"?', named)) == list(named)


def test_nothing_found(tmp_path: Path) -> None:
    """An empty ranking of no candidates."""
    with Index.open(tmp_path, create=True, model=Counting()) as empty:
        (found,) = empty.candidates_many([Query("gato")])
        ranking = rank(Query("gato"), found)
        assert (len(ranking), list(ranking), ranking.best(3), ranking.ids(3)) == (0, [], [], [])

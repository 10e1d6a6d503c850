"""What ranks a passage is read of all that are found, all else only of those that are looked at."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Document, Index, Passage
from index.copies import Copies
from index.query import Query
from index.storage.catalog import Catalog
from qa import Retriever
from tests.index.test_index import Counting

WORDS = ["uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"]
TEXTS = [f"El gato {word} come pan {'de ayer ' * n}." for n, word in enumerate(WORDS)]


@pytest.fixture
def opened(tmp_path: Path) -> Index:
    """Nine documents, and a copy of the first with other white space."""
    index = Index.open(tmp_path, create=True, model=Counting())
    texts = [*TEXTS, TEXTS[0].replace(" ", "\n")]
    index.add([Document(f"d{n}", text, language="es") for n, text in enumerate(texts)])
    return index


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The ids of the passages that are read in whole."""
    ids: list[int] = []
    real = Catalog.passages

    def passages(catalog: Catalog, wanted: Sequence[int]) -> dict[int, Passage]:
        ids.extend(wanted)
        return real(catalog, wanted)

    monkeypatch.setattr(Catalog, "passages", passages)
    return ids


def test_the_same_candidates_as_when_all_are_read(opened: Index) -> None:
    """Ids, scores and words of each are those of its passage."""
    queries = [Query("gato dos"), Query("pan de ayer")]
    for query, found in zip(queries, opened.candidates_many(queries, 3), strict=True):
        every = opened.candidates(query, 3)
        assert [one.id for one in every] == found.ids.tolist()
        np.testing.assert_array_equal([one.dense for one in every], found.dense)
        lexical = [np.nan if one.lexical is None else one.lexical for one in every]
        np.testing.assert_array_equal(lexical, found.lexical)
        numbers = opened.catalog.numbers([one.passage.document_id for one in every])
        assert [(w.document, w.language, w.text) for w in found.words()] == [
            (numbers[one.passage.document_id], one.passage.language, one.passage.text)
            for one in every
        ]
        assert list(opened.catalog.passages(found.ids.tolist()).values()) == sorted(
            (one.passage for one in every), key=lambda passage: passage.document_id
        )


def test_few_passages_are_read_in_whole(opened: Index, read: list[int]) -> None:
    """Of a batch each once, and the others only where the whole ranking is looked at."""
    retriever = Retriever(opened)
    hits = retriever.search_many(["gato pan", "pan de ayer"], 2)
    assert [len(of) for of in hits] == [2, 2]
    assert len(read) == len(set(read)) <= 10
    read.clear()
    search = retriever.find("gato pan", 2)
    assert [one.candidate.passage for one in search.ranking][:2] == [h.passage for h in search.hits]
    assert len(search.ranking) == len(search.ranked) == search.hits[0].candidates_compared == 9
    assert len(read) == len(set(read)) == 9


def test_what_is_removed_before_it_is_read_is_left_out(opened: Index) -> None:
    """The next best takes its place."""
    (found,) = opened.candidates_many([Query("gato pan")])
    before = [one.id for one in opened.candidates("gato pan")]
    opened.remove(["d3"])
    gone = set(before) - set(opened.catalog.passage_ids().tolist())
    assert [one.id for one in found] == [id for id in before if id not in gone]
    assert len(gone) == 1


def test_a_hit_that_is_removed_gives_way_to_the_next(
    opened: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the search and the reading of its passages a document goes."""
    retriever = Retriever(opened)
    first, second, third = retriever.search("gato pan", 3)
    real = Catalog.passages

    def passages(catalog: Catalog, wanted: Sequence[int]) -> dict[int, Passage]:
        found = real(catalog, wanted)
        return {id: of for id, of in found.items() if of.document_id != first.document_id}

    monkeypatch.setattr(Catalog, "passages", passages)
    hits = retriever.search("gato pan", 2)
    assert [hit.text for hit in hits] == [second.text, third.text]


@given(st.lists(st.lists(st.sampled_from(["a", "bb", " ", "\n", "\t ", "ñ"]), max_size=24)))
def test_copies_are_those_with_the_same_words(texts: list[list[str]]) -> None:
    """In one go or one by one; each is equal to the first of its words."""
    joined = ["".join(parts) for parts in texts]
    copies = Copies()
    for id, text in enumerate(joined):
        copies.add([(id, text)])
    words = [" ".join(text.split()) for text in joined]
    assert copies.original == {id: words.index(of) for id, of in enumerate(words)}

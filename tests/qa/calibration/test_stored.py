"""The stored threshold: kept with the index, used while it holds, and void when things changed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from index import Document, Index
from index.embedders import Embedder
from index.errors import IndexLockedError
from index.query import Query
from qa import Assistant, Hit, Retriever
from qa.calibration.standing import standing
from qa.calibration.stored import StoredThreshold, forget, holding, keep, stored, threshold_for
from qa.readers import Quote, Reader, Reading
from qa.readers.described import describe

FOUND = StoredThreshold(
    threshold=0.6,
    share=0.05,
    confidence=0.95,
    questions=120,
    answers=70,
    wrong=0,
    bound=0.042,
    date="2026-11-29",
    reader="tests.qa.calibration.test_stored.Sure",
    model="",
    generation=0,
)


class Sure(Reader):
    """Quotes the first hit, always equally sure; its own threshold is 0.5."""

    sure = 0.55

    def read(self, query: Query, hits: Sequence[Hit]) -> Reading:  # noqa: ARG002
        """The first hit as a whole."""
        quotes = [Quote(hit, hit.passage.start, hit.passage.end, 1.0) for hit in hits[:1]]
        return Reading(tuple(quotes), self.sure if quotes else 0.0)


@pytest.fixture
def index(tmp_path: Path, embedder: Embedder) -> Iterator[Index]:
    with Index.open(tmp_path / "index", create=True, model=embedder) as opened:
        opened.add([Document("faro", "El faro de la isla se encendió en 1890.")])
        yield opened


def found_for(index: Index) -> StoredThreshold:
    return replace(FOUND, model=index.identity, generation=index.generation)


def test_what_is_kept_is_there_when_it_is_opened_again(index: Index) -> None:
    """It lies in the catalog, is replaced by a newer one, and can be forgotten."""
    assert stored(index) is None
    assert not forget(index)
    keep(index, found_for(index))
    keep(index, replace(found_for(index), threshold=0.7))
    with Index.open(index.path) as again:
        assert stored(again) == replace(found_for(index), threshold=0.7)
    assert forget(index)
    assert stored(index) is None


def test_it_is_used_by_default(index: Index) -> None:
    """From then on there is no answer below it; a threshold that is given wins."""
    retriever, asked = Retriever(index), "¿Cuándo se encendió el faro?"
    assistant = Assistant(retriever, reader=Sure())
    assert assistant.ask(asked).found
    keep(index, found_for(index))
    assert assistant.min_confidence == 0.6
    refused = assistant.trace(asked)
    assert not refused.answer.found
    assert refused.min_confidence == 0.6
    assert Assistant(retriever, reader=Sure(), min_confidence=0.5).ask(asked).found
    forget(index)
    assert assistant.ask(asked).found


def test_it_is_void_with_another_reader_or_model(index: Index) -> None:
    """Then the reader's own threshold is used, and the reason is said."""
    keep(index, found_for(index))
    assert holding(index, Sure()) == found_for(index)
    light = describe("sentences", index.identity)
    assert threshold_for(index, light) == 0.33
    assert standing(index, light).void == f"the reader was {FOUND.reader}"
    keep(index, replace(found_for(index), model="another@0"))
    assert threshold_for(index, Sure()) == 0.5
    assert standing(index, light).void == "the embedding model was another@0"


def test_changed_documents_are_told(index: Index) -> None:
    """It still holds for such questions as were asked, but the documents are others."""
    keep(index, replace(found_for(index), reader=describe(None, index.identity).identity))
    default = describe(None, index.identity)
    before = standing(index, default)
    assert (before.min_confidence, before.void, before.changed) == (0.6, None, False)
    index.add([Document("otro", "La torre se levantó en 1902.")])
    after = standing(index, default)
    assert (after.min_confidence, after.void, after.changed) == (0.6, None, True)


@pytest.mark.parametrize("text", ["", "{", "[1]", "{}", '{"threshold": 2}'])
def test_what_cannot_be_read_counts_as_nothing(index: Index, text: str) -> None:
    """As what a later release writes in another form may be."""
    index.keep_setting("calibration", text)
    assert stored(index) is None
    assert threshold_for(index, Sure()) == 0.5


def test_only_one_writes(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process writes it is not stored; reading goes on."""
    monkeypatch.setattr("index.opened.LOCK_SECONDS", 0)
    with Index.open(index.path) as other, other._writing():
        with pytest.raises(IndexLockedError):
            keep(index, found_for(index))
        assert stored(index) is None

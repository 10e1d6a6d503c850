"""The components for Haystack, with its own standard tests of filters."""

import asyncio
import json
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("haystack", reason="needs Haystack: run make test-integrations")

from haystack import Document, Pipeline
from haystack.components.embedders.types import DocumentEmbedder, TextEmbedder
from haystack.components.retrievers import InMemoryBM25Retriever, MultiQueryTextRetriever
from haystack.components.retrievers.types import TextRetriever
from haystack.core.errors import DeserializationError
from haystack.dataclasses import ChatMessage, ExtractedAnswer
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.errors import FilterError
from haystack.testing.document_store import FilterDocumentsTest

from index import Document as OurDocument
from index import Index
from index.embedders import Embedder
from qa import Answer, Retriever
from qa.errors import IndexNotFoundError, InputError, QuestionError
from qa.integrations.haystack import (
    QaAssistant,
    QaDocumentEmbedder,
    QaReader,
    QaTextEmbedder,
    QaTextRetriever,
    where_of,
)
from tests.qa.integrations.conftest import DOCUMENTS, QUESTION, UNANSWERED, in_process

MODULES = ["qa.integrations.haystack"]
DAY = "day_and_time"  # what their tests call date is of another kind than a document's own date


class Store:
    """A thin store over an index: what is filtered there is given back as it was written."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.written: dict[str, Document] = {}

    def write_documents(self, documents: list[Document]) -> None:
        self.written |= {one.id: one for one in documents}
        self.index.add(
            OurDocument(
                one.id,
                one.content or "",
                metadata={DAY if name == "date" else name: v for name, v in one.meta.items()},
            )
            for one in documents
        )

    def filter_documents(self, filters: dict[str, Any] | None = None) -> list[Document]:
        found = self.index.matching(where_of(renamed(filters)) if filters else {})
        return [self.written[id] for id in found]


def renamed(part: Any) -> Any:
    """Filters on the other name of what their tests call date."""
    if isinstance(part, dict):
        return {name: renamed(value) for name, value in part.items()}
    if isinstance(part, list):
        return [renamed(value) for value in part]
    return f"meta.{DAY}" if part == "meta.date" else part


class TestStandardFilters(FilterDocumentsTest):
    """Haystack's tests of filters, through ours."""

    @pytest.fixture
    def document_store(self, tmp_path: Path, embedder: Embedder) -> Iterator[Store]:
        with Index.open(tmp_path / "index", create=True, model=embedder) as index:
            yield Store(index)


def ids(found: dict[str, Any]) -> list[str]:
    return [one.meta["document_id"] for one in found["documents"]]


def by(field: str, value: Any, operator: str = "==") -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


def test_what_a_document_holds(folder: str) -> None:
    """The passage under its own id, and what JSON holds of it."""
    retriever: TextRetriever = QaTextRetriever(folder)
    best = retriever.run(QUESTION)["documents"][0]
    with Retriever.open(folder) as own:
        hit = own.search(QUESTION)[0]
        text = own.document("acta-2").text
    assert (best.id, best.content, best.score) == (hit.id, hit.text, hit.score)
    assert text[best.meta["start"] : best.meta["end"]] == best.content
    assert Document.from_dict(json.loads(json.dumps(best.to_dict()))) == best


def test_filters_of_the_component_and_of_a_run_both_hold(folder: str) -> None:
    """Also where Haystack's own way to join them drops the component's."""
    acts = QaTextRetriever(folder, filters=by("meta.kind", "acta"))
    any_year = {"operator": "OR", "conditions": [by("meta.year", 2024), by("meta.year", 2019)]}
    assert set(ids(acts.run("agua"))) == {"acta-1", "acta-2"}
    assert ids(acts.run("agua", any_year)) == ["acta-2"]
    assert ids(acts.run("agua", by("meta.kind", "ley"))) == []
    assert len(ids(acts.run("agua", {}, top_k=1))) == 1
    since = QaTextRetriever(folder, since="2024", documents=["acta-1", "acta-2", "ley-1"])
    assert ids(since.run("agua")) == ["acta-2"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (by("meta.document_id", ["ley-1", "memo-1"], "in"), {"ley-1", "memo-1"}),
        (by("document_id", "ley-1", "!="), {"acta-1", "acta-2", "memo-1", "nota-1"}),
        (by("meta.date", "2024-04-12T00:00:00", ">="), {"acta-2"}),
        (by("meta.date", "2024-04-12T00:00:00Z"), {"acta-2"}),
        (by("meta.date", "2024-04-11T12:30:00", "<"), {"acta-1"}),
        (by("meta.title", None), {"nota-1"}),
        (by("meta.kind", ["ley", None], "in"), {"ley-1", "memo-1"}),
        (by("meta.kind", ["ley", None], "not in"), {"acta-1", "acta-2", "nota-1"}),
        (by("meta.topics", "agua"), {"acta-2", "ley-1"}),
        (by("meta.urgent", True), {"ley-1"}),
        ({"operator": "AND", "conditions": []}, {one.id for one in DOCUMENTS}),
        ({"operator": "OR", "conditions": []}, set()),
        (
            {"operator": "NOT", "conditions": [by("meta.kind", "acta"), by("meta.year", 2024)]},
            {"acta-1", "ley-1", "memo-1", "nota-1"},  # not all of them
        ),
    ],
)
def test_filters(folder: str, filters: dict[str, Any], found: set[str]) -> None:
    """What the standard tests do not ask."""
    with Retriever.open(folder) as own:
        assert set(own.within(where=where_of(filters)) or ()) == found


@pytest.mark.parametrize(
    "wrong",
    [
        by("id", "a"),
        by("content", "a"),
        by("meta.$or", []),
        by("meta.a", 1, "~"),
        by("meta.a", 1, ["=="]),  # type: ignore[arg-type]
        by("meta.a", "marzo", ">"),
        {**by("meta.a", 1), "more": 1},
        {"operator": "and", "conditions": []},
        {"operator": "AND", "conditions": {"field": "a"}},
        {"operator": "AND", "conditions": ["a"]},
        {"a": 1},
    ],
)
def test_what_is_no_filter(folder: str, wrong: dict[str, Any]) -> None:
    """Is refused when the component is made, as well as when it runs."""
    with pytest.raises(FilterError):
        QaTextRetriever(folder, filters=wrong)
    with pytest.raises(FilterError):
        QaTextRetriever(folder).run("agua", wrong)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda folder: QaTextRetriever(folder, k=1), TypeError),  # type: ignore[call-arg]
        (lambda folder: QaTextRetriever(folder).run("a", where={}), TypeError),
        (lambda folder: QaTextRetriever(folder).run("a", top_k=0), QuestionError),
        (lambda folder: QaTextRetriever(folder).run(""), QuestionError),
        (lambda folder: QaTextRetriever(folder + "no").warm_up(), IndexNotFoundError),
        (lambda _: QaTextRetriever(""), InputError),
        (lambda _: QaReader().run("", []), QuestionError),
    ],
)
def test_what_is_refused(
    folder: str, wrong: Callable[[str], object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        wrong(folder)


def shown(answers: list[ExtractedAnswer]) -> list[str | None]:
    return [answer.data for answer in answers]


def test_a_pipeline_that_is_written_down(folder: str) -> None:
    """It can be read again where its module is allowed, and finds the same words."""
    with Retriever.open(folder) as opened:
        pipeline = Pipeline()
        pipeline.add_component("retriever", QaTextRetriever(opened, by("meta.kind", "acta")))
        pipeline.add_component("reader", QaReader(Path(folder)))
        pipeline.connect("retriever.documents", "reader.documents")
        asked = {"retriever": {"query": QUESTION}, "reader": {"query": QUESTION}}
        answers = pipeline.run(asked)["reader"]["answers"]
        text = pipeline.dumps()
    assert shown(answers)[0] == "3 de mayo"
    assert asyncio.run(pipeline_of(text).run_async(asked))["reader"]["answers"] == answers
    with pytest.raises(DeserializationError):
        Pipeline.loads(text)
    with pytest.raises(DeserializationError):
        Pipeline.loads(text.replace("top_k:", "topk:"), allowed_modules=MODULES)


def pipeline_of(text: str) -> Pipeline:
    return Pipeline.loads(text, allowed_modules=MODULES)


def test_haystacks_own_use_of_a_retriever(folder: str) -> None:
    """From several threads, with our arguments passed on; it is warmed up and closed."""
    retriever = QaTextRetriever(folder)
    many = MultiQueryTextRetriever(retriever=retriever)
    found = many.run(["canon de riego", "library"], retriever_kwargs={"top_k": 1})
    assert set(ids(found)) == {"ley-1", "memo-1"}
    retriever.close()
    assert ids(retriever.run("canon de riego"))[0] == "ley-1"


def test_the_reader_says_where_the_words_stand(folder: str) -> None:
    """In the passage, in the sentence, and in the document; and how sure it is of no answer."""
    documents = QaTextRetriever(folder).run(QUESTION)["documents"]
    for reader in (QaReader(folder), QaReader(), QaReader(folder, reader="sentences")):
        best, *_, nothing = reader.run(QUESTION, documents)["answers"]
        assert best.document.id == documents[0].id
        span, inside = best.document_offset, best.context_offset
        assert best.document.content[span.start : span.end] == best.data
        assert best.context[inside.start : inside.end] == best.data
        assert "3 de mayo" in best.data
        with Retriever.open(folder) as own:
            text = own.document("acta-2").text
        assert text[best.meta["start"] : best.meta["end"]] == best.data
        assert nothing.data is None
        assert nothing.score == pytest.approx(1 - best.score)
        assert ExtractedAnswer.from_dict(json.loads(json.dumps(best.to_dict()))) == best


def test_the_reader_where_there_is_no_answer(folder: str) -> None:
    documents = QaTextRetriever(folder).run(UNANSWERED)["documents"]
    first, second, *_ = QaReader(folder).run(UNANSWERED, documents)["answers"]
    assert first.data is None
    assert first.score > 0.5 > second.score
    assert [one.score for one in QaReader().run(UNANSWERED, [])["answers"]] == [1.0]
    assert None not in shown(QaReader(no_answer=False).run(UNANSWERED, documents)["answers"])


def test_the_reader_reads_documents_of_others() -> None:
    """Those of Haystack's own store and BM25, and documents without text."""
    store = InMemoryDocumentStore()
    store.write_documents([Document(content=one.text) for one in DOCUMENTS])
    found = InMemoryBM25Retriever(store).run(QUESTION)["documents"]
    answers = QaReader().run(QUESTION, [Document(content=None), *found], top_k=1)["answers"]
    assert shown(answers) == ["3 de mayo", None]
    assert answers[0].meta == {}


def test_an_answer(folder: str) -> None:
    """Its documents are its citations; a follow-up leans on the messages before."""
    assistant = QaAssistant(folder)
    made = assistant.run(QUESTION)["answers"][0]
    answer = Answer.from_dict(made.meta)
    assert made.data == answer.text
    assert [one.content for one in made.documents] == [place.quote for place in answer.citations]
    history = [ChatMessage.from_user(QUESTION), ChatMessage.from_assistant(made.data)]
    assert "enferma" in assistant.run("¿Por qué?", history)["answers"][0].data
    other = assistant.run(QUESTION, filters=by("meta.kind", "ley"))["answers"][0]
    assert other.documents == []


def test_embedders() -> None:
    """Copies with vectors; what was given stays as it was."""
    embed_text: TextEmbedder = QaTextEmbedder()
    embed: DocumentEmbedder = QaDocumentEmbedder()
    given = Document(content="agua")
    (embedded,) = embed.run([given])["documents"]
    assert given.embedding is None
    assert len(embedded.embedding) == 384
    assert embedded.embedding != embed_text.run("agua")["embedding"]
    assert embed.run([])["documents"] == []


def test_other_processes(folder: str) -> None:
    """A pickled component and one after a fork work."""
    retriever, reader = QaTextRetriever(folder), QaReader(folder)
    documents = retriever.run(QUESTION)["documents"]
    found = reader.run(QUESTION, documents)
    assert pickle.loads(pickle.dumps(retriever)).run(QUESTION)["documents"] == documents
    assert pickle.loads(pickle.dumps(reader)).run(QUESTION, documents) == found
    assert pickle.loads(pickle.dumps(QaAssistant(folder))).run(QUESTION)["answers"]
    in_process(retriever.run, QUESTION)
    in_process(reader.run, QUESTION, documents)

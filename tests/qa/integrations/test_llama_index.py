"""The components for LlamaIndex, beside its own filters and its own engines."""

import asyncio
import json
import pickle
import warnings
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

pytest.importorskip("llama_index.core", reason="needs LlamaIndex: run make test-integrations")

from llama_index.core import VectorStoreIndex
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle, TextNode
from llama_index.core.vector_stores import (
    FilterCondition,
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
)
from llama_index.core.vector_stores.utils import build_metadata_filter_fn
from pydantic import ValidationError

from qa import Answer, Retriever
from qa.errors import IndexNotFoundError, InputError, QuestionError
from qa.integrations.llama_index import QaEmbedding, QaQueryEngine, QaRetriever, where_of
from tests.qa.integrations.conftest import DOCUMENTS, QUESTION, UNANSWERED, in_process


@pytest.fixture
def retriever(folder: str) -> QaRetriever:
    return QaRetriever(folder)


def ids(nodes: list[NodeWithScore]) -> list[str | None]:
    return [one.node.ref_doc_id for one in nodes]


def test_what_a_node_holds(retriever: QaRetriever, folder: str) -> None:
    """The passage under its own id, its document, and its place."""
    best = retriever.retrieve(QUESTION)[0]
    node = best.node
    assert isinstance(node, TextNode)
    with Retriever.open(folder) as own:
        hit = own.search(QUESTION)[0]
        text = own.document("acta-2").text
    assert (node.node_id, node.text, best.score) == (hit.id, hit.text, hit.score)
    assert node.ref_doc_id == "acta-2"
    assert text[node.start_char_idx : node.end_char_idx] == node.text
    assert node.metadata["relevance"] == hit.relevance
    assert json.loads(json.dumps(node.metadata)) == node.metadata


def test_a_model_reads_the_text_alone(folder: str) -> None:
    """Nothing of the metadata, but what was asked for."""
    for retriever, read in (
        (QaRetriever(folder), ""),
        (QaRetriever(folder, llm_metadata=["title"]), "title: Acta de la comisión\n\n"),
    ):
        node = retriever.retrieve(QUESTION)[0].node
        text = node.get_content(MetadataMode.NONE)
        assert node.get_content(MetadataMode.LLM) == f"{read}{text}"
        assert node.get_content(MetadataMode.EMBED) == text
    prompt = RetrieverQueryEngine.from_args(QaRetriever(folder, 1), llm=MockLLM()).query(QUESTION)
    assert "3 de mayo" in str(prompt)  # this model repeats what it is given
    assert "acta-2" not in str(prompt)


async def test_the_event_loop_is_free(folder: str) -> None:
    """While a search runs, an answer, and an embedding."""
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(tick())
    found, counts = await QaRetriever(folder).aretrieve(QUESTION), [ticks]
    answer = await QaQueryEngine(index=folder).aquery(QUESTION)
    counts.append(ticks)
    await QaEmbedding().aget_query_embedding(QUESTION)
    counts.append(ticks)
    other.cancel()
    assert ids(found)[0] == "acta-2"
    assert "3 de mayo" in str(answer)
    assert 1 < counts[0] < counts[1] - 1 < counts[2] - 2


def test_other_words_to_search_for(retriever: QaRetriever, folder: str) -> None:
    """All are searched for; a vector of another model is not, and a picture is refused."""
    bundle = QueryBundle("agua", custom_embedding_strs=["canon de riego", "library hours"])
    assert set(ids(QaRetriever(folder, 2).retrieve(bundle))) == {"ley-1", "memo-1"}
    bundle = QueryBundle(QUESTION, embedding=[1.0, 0.0])
    assert ids(retriever.retrieve(bundle)) == ids(retriever.retrieve(QUESTION))
    with pytest.raises(QuestionError, match="empty"):
        retriever.retrieve(QueryBundle("", embedding=[1.0, 0.0]))
    with pytest.raises(InputError, match="picture"):
        retriever.retrieve(QueryBundle("agua", image_path="a.png"))


def test_beside_another_retriever(retriever: QaRetriever) -> None:
    """As LlamaIndex fuses them: theirs puts its vector into the bundle that ours gets."""
    nodes = [TextNode(id_=one.id, text=one.text) for one in DOCUMENTS]
    theirs = VectorStoreIndex(nodes, embed_model=QaEmbedding()).as_retriever()
    fused = QueryFusionRetriever(
        [theirs, retriever], llm=MockLLM(), num_queries=1, use_async=False, similarity_top_k=4
    )
    assert {"acta-2"} < {
        one.node.ref_doc_id or one.node.node_id for one in fused.retrieve(QUESTION)
    }


ASKED: dict[str, list[tuple[str, Any]]] = {
    "==": [("kind", "acta"), ("year", 2024), ("year", 2024.0), ("missing", "a")],
    "!=": [("kind", "acta"), ("year", 2024), ("missing", "a")],
    ">": [("year", 2019), ("missing", 1)],
    ">=": [("year", 2023)],
    "<": [("year", 2024), ("missing", 1)],
    "<=": [("year", 2023)],
    "in": [("kind", ["acta", "ley"]), ("year", [2019, 1]), ("kind", []), ("missing", ["a"])],
    "nin": [("kind", ["acta", "ley"]), ("missing", ["a"])],
    "any": [("topics", ["agua", "gasto"]), ("topics", ["no"])],
    "all": [("topics", ["agua", "riego"]), ("topics", ["agua"])],
    "contains": [("topics", "agua")],
    "is_empty": [("topics", None), ("year", None)],
}
FILTERS = [
    MetadataFilter(key=key, operator=FilterOperator(operator), value=value)
    for operator, values in ASKED.items()
    for key, value in values
]


def told_by_theirs(filters: MetadataFilters) -> list[str]:
    """The documents for which LlamaIndex's own reading of its filters holds."""
    by_id = {one.id: one.metadata for one in DOCUMENTS}
    holds = build_metadata_filter_fn(lambda id: by_id[id], filters)
    return [id for id in by_id if holds(id)]


@pytest.mark.parametrize("condition", list(FilterCondition))
def test_filters_mean_what_they_do_there(folder: str, condition: FilterCondition) -> None:
    """Each alone and all pairs, joined in every way."""
    with Retriever.open(folder) as own:
        for one, other in product(FILTERS, FILTERS):
            filters = MetadataFilters(filters=[one, other], condition=condition)
            found = own.within(where=where_of(filters))
            assert sorted(found or ()) == sorted(told_by_theirs(filters)), filters
        assert len(own.within(where=where_of(MetadataFilters(filters=[]))) or ()) == len(DOCUMENTS)


def test_filters_of_the_document_and_nested_ones(folder: str) -> None:
    """Which LlamaIndex's simple store refuses."""

    def made(key: str, value: Any, operator: str = "==") -> MetadataFilter:
        return MetadataFilter(key=key, value=value, operator=FilterOperator(operator))

    inner = MetadataFilters(
        filters=[made("document_id", "ley-1"), made("date", "2024-01-01", ">=")],
        condition=FilterCondition.OR,
    )
    filters = MetadataFilters(filters=[made("year", 2024), inner])
    assert set(ids(QaRetriever(folder, filters=filters).retrieve("agua"))) == {"acta-2", "ley-1"}
    both = QaRetriever(
        folder, filters=filters, where={"kind": "ley"}, documents=["ley-1", "nota-1"]
    )
    assert ids(both.retrieve("agua")) == ["ley-1"]
    with pytest.raises(InputError, match="text_match on title looks inside texts"):
        where_of(MetadataFilters(filters=[made("title", "Acta", "text_match")]))


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda folder: QaRetriever(folder, top_k=1), TypeError),  # type: ignore[call-arg]
        (lambda folder: QaRetriever(folder).retrieve("a", k=1), TypeError),
        (lambda folder: QaRetriever(folder, 0).retrieve("a"), QuestionError),
        (lambda folder: QaRetriever(folder + "no").retrieve("a"), IndexNotFoundError),
        (lambda _: QaRetriever(None), InputError),  # type: ignore[arg-type]
        (lambda folder: QaQueryEngine(index=folder, k=1), ValidationError),
        (lambda _: QaEmbedding(modl="small"), ValidationError),
        (lambda _: QaEmbedding(embeddings_cache={}), ValidationError),
    ],
)
def test_what_is_refused(
    folder: str, wrong: Callable[[str], object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        wrong(folder)


def test_copies_and_other_processes(folder: str) -> None:
    """A pickled one and one after a fork search, also where the retriever was open."""
    with Retriever.open(folder) as opened:
        for retriever in (QaRetriever(folder, 2), QaRetriever(opened, 2)):
            found = retriever.retrieve(QUESTION)
            assert pickle.loads(pickle.dumps(retriever)).retrieve(QUESTION) == found
            in_process(retriever.retrieve, QUESTION)


def test_an_answer(folder: str) -> None:
    """Its source nodes are its citations, in their order."""
    engine = QaQueryEngine(index=folder)
    response = engine.query(QUESTION)
    answer = Answer.from_dict(response.metadata or {})
    assert str(response) == answer.text
    assert [one.node.get_content() for one in response.source_nodes] == [
        place.quote for place in answer.citations
    ]
    assert ids(response.source_nodes)[0] == "acta-2"
    nothing = engine.query(UNANSWERED)
    assert nothing.metadata and not nothing.metadata["found"]
    assert nothing.source_nodes == []
    acts = QaQueryEngine(index=folder, where={"kind": "acta"})
    assert not (acts.query("¿Cuándo se paga el canon de riego?").metadata or {})["found"]


def test_embeddings() -> None:
    """Lists of floats, in batches, of questions and passages apart; they can be pickled."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        embedding = pickle.loads(pickle.dumps(QaEmbedding(embed_batch_size=2)))
    texts = ["agua", "riego", "canon"]
    vectors = embedding.get_text_embedding_batch(texts)
    assert [len(vector) for vector in vectors] == [384] * 3
    assert vectors[0] == embedding.get_text_embedding("agua")
    assert vectors[0] != embedding.get_query_embedding("agua")
    assert json.loads(json.dumps(vectors)) == vectors
    assert asyncio.run(embedding.aget_text_embedding_batch(texts)) == vectors
    assert QaEmbedding.from_dict(embedding.to_dict()).embed_batch_size == 2

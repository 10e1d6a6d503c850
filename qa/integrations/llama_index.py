"""For LlamaIndex: a retriever, embeddings, and a query engine that quotes."""

import asyncio
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from qa import Answer, Citation, Hit, Retriever
from qa.errors import InputError
from qa.integrations import needs
from qa.integrations.opened import Limits, Opened, loaded, metadata_of

with needs("llama-index", "llama_index"):
    from llama_index.core.base.base_retriever import BaseRetriever
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.base.response.schema import Response
    from llama_index.core.callbacks import CallbackManager
    from llama_index.core.query_engine import CustomQueryEngine
    from llama_index.core.schema import (
        NodeRelationship,
        NodeWithScore,
        QueryBundle,
        RelatedNodeInfo,
        TextNode,
    )
    from llama_index.core.vector_stores import FilterCondition, FilterOperator, MetadataFilters
    from pydantic import ConfigDict, Field, PrivateAttr, field_validator

__all__ = ["QaEmbedding", "QaQueryEngine", "QaRetriever", "where_of"]

_OPERATORS = {
    FilterOperator.EQ: "$eq",
    FilterOperator.NE: "$ne",
    FilterOperator.GT: "$gt",
    FilterOperator.GTE: "$gte",
    FilterOperator.LT: "$lt",
    FilterOperator.LTE: "$lte",
    FilterOperator.IN: "$in",
    FilterOperator.NIN: "$nin",
    FilterOperator.CONTAINS: "$eq",  # which a list is to each of its items
    FilterOperator.ANY: "$in",
}


def where_of(filters: MetadataFilters) -> dict[str, Any]:
    """LlamaIndex's filters as a condition of ours (``where``); they may be nested.

    ``document_id`` is the document's. Raises InputError for a search inside texts
    (``text_match``), which a condition cannot do.
    """
    parts = [
        where_of(one)
        if isinstance(one, MetadataFilters)
        else _compared("id" if one.key == "document_id" else one.key, one.operator, one.value)
        for one in filters.filters
    ]
    if filters.condition is FilterCondition.NOT:
        return {"$not": {"$or": parts}}
    if filters.condition is FilterCondition.OR and parts:
        return {"$or": parts}
    return {"$and": parts}


def _compared(name: str, operator: FilterOperator, value: Any) -> dict[str, Any]:
    if operator is FilterOperator.IS_EMPTY:
        return {"$or": [{name: {"$exists": False}}, {name: {"$eq": ""}}]}
    if operator is FilterOperator.ALL:
        return {"$and": [{name: {"$eq": item}} for item in value or ()]}
    if operator not in _OPERATORS:
        raise InputError(
            f"The filter {operator.value} on {name} looks inside texts, which the search itself "
            "does: use one of " + ", ".join(known.value for known in _OPERATORS) + "."
        )
    return {name: {_OPERATORS[operator]: value}}


class QaRetriever(BaseRetriever):
    """Finds passages; safe for threads, and can be pickled.

    The nodes have `qa.Hit.id` as their id, the document as their source, and the metadata of
    `qa.integrations.opened.metadata_of`, of which a model reads only what ``llm_metadata`` names.
    ``NodeWithScore.score`` ranks within one search; ``min_score`` is a least relevance (0 to 1).

    A bundle's ``custom_embedding_strs`` are all searched for. Its ``embedding``, of another model,
    is not used: the search is for its words. Raises what `qa.Retriever.search` raises, and
    InputError for a picture.
    """

    def __init__(  # noqa: PLR0913  # each has its name
        self,
        index: str | Path | Retriever,
        similarity_top_k: int = 5,
        *,
        filters: MetadataFilters | None = None,
        where: Mapping[str, Any] | None = None,
        documents: Collection[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        min_score: float | None = None,
        llm_metadata: Collection[str] = (),
        callback_manager: CallbackManager | None = None,
        verbose: bool = False,
    ) -> None:
        """``index`` is the folder of an index, opened at the first search, or an open retriever.

        The other limits, with ``filters`` and ``where`` both, are those of `qa.Retriever.search`.
        """
        super().__init__(callback_manager=callback_manager, verbose=verbose)
        self.similarity_top_k = similarity_top_k
        self._opened = Opened(index)
        both = [part for part in (where, filters and where_of(filters)) if part is not None]
        self._limits = Limits(documents, {"$and": both} if both else None, since, until)
        self._min_score = min_score
        self._llm_metadata = frozenset(llm_metadata)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        if query_bundle.image_path:
            raise InputError("Documents are searched by words, not by a picture: write a question.")
        questions = query_bundle.custom_embedding_strs or [query_bundle.query_str]
        found = self._opened.get().search_many(
            questions, self.similarity_top_k, min_score=self._min_score, **self._limits.given()
        )
        best: dict[str, Hit] = {}
        for hit in (hit for hits in found for hit in hits):
            if hit.id not in best or best[hit.id].score < hit.score:
                best[hit.id] = hit
        ranked = sorted(best.values(), key=lambda hit: -hit.score)[: self.similarity_top_k]
        return [self._node(hit) for hit in ranked]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)

    def _node(self, hit: Hit) -> NodeWithScore:
        place = hit.citation
        return _node(hit.id, hit.text, place, metadata_of(hit), hit.score, self._llm_metadata)


def _node(
    id: str,
    text: str,
    place: Citation,
    metadata: Mapping[str, Any],
    score: float,
    shown: Collection[str] = (),
) -> NodeWithScore:
    hidden = list(metadata)
    node = TextNode(
        id_=id,
        text=text,
        metadata=dict(metadata),
        excluded_llm_metadata_keys=[name for name in hidden if name not in shown],
        excluded_embed_metadata_keys=hidden,
        start_char_idx=place.start,
        end_char_idx=place.end,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=place.document_id)},
    )
    return NodeWithScore(node=node, score=score)


class QaQueryEngine(CustomQueryEngine):
    """Answers with quotes, or says that the documents do not say; needs no language model.

    ``source_nodes[0]`` is what the answer calls ``[1]``, and ``metadata`` is `qa.Answer.to_dict`.
    ``index`` and the limits are those of `QaRetriever`; below ``min_confidence`` there is no answer
    (`qa.Assistant`). Raises what `qa.Assistant.ask` raises.
    """

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    index: str | Path | Retriever = Field(frozen=True)
    filters: MetadataFilters | None = None
    where: Mapping[str, Any] | None = None
    documents: Collection[str] | None = None
    since: str | None = None
    until: str | None = None
    min_confidence: float | None = Field(default=None, ge=0, le=1)
    _opened: Opened = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        """Note which index is meant; InputError for what names none."""
        super().model_post_init(context)
        self._opened = Opened(self.index)

    def custom_query(self, query_str: str) -> Response:
        """The answer to a question."""
        both = [part for part in (self.where, self.filters and where_of(self.filters)) if part]
        where = {"$and": both} if both else None
        limits = Limits(self.documents, where, self.since, self.until)
        assistant = self._opened.assistant(self.min_confidence)
        answer = assistant.ask(query_str, **limits.given())
        return Response(answer.text, source_nodes=_sources(answer), metadata=answer.to_dict())

    async def acustom_query(self, query_str: str) -> Response:
        """What ``custom_query`` gives, without keeping the event loop waiting."""
        return await asyncio.to_thread(self.custom_query, query_str)


def _sources(answer: Answer) -> list[NodeWithScore]:
    """A node for each citation, in their order."""
    return [
        _node(
            f"{place.document_id}#{place.start}-{place.end}",
            place.quote,
            place,
            place.to_dict(),
            answer.confidence,
        )
        for place in answer.citations
    ]


class QaEmbedding(BaseEmbedding):
    """The bundled embedding model, or another one by name or folder. Safe for threads.

    Unit vectors, of questions and passages apart (`qa.embedder`); raises what that raises. It takes
    no ``embeddings_cache``: LlamaIndex's would give a question the vector of an equal passage.
    """

    model_config = ConfigDict(
        extra="forbid", arbitrary_types_allowed=True, protected_namespaces=("pydantic_model_",)
    )

    model: str | None = None
    model_name: str = "multilingual-e5-small"
    embed_batch_size: int = Field(default=64, gt=0, le=2048)

    @field_validator("embeddings_cache")
    @classmethod
    def _no_cache(cls, cache: Any) -> None:
        if cache is not None:
            raise ValueError("a cache by text alone takes a question for a passage: set none")

    @classmethod
    def class_name(cls) -> str:
        """The name under which it is serialised."""
        return "QaEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        vector: list[float] = loaded(self.model).encode_query(query).tolist()
        return vector

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = loaded(self.model).encode_document(texts).tolist()
        return vectors

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return await asyncio.to_thread(self._get_text_embedding, text)

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return await asyncio.to_thread(self._get_text_embeddings, texts)

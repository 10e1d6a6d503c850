"""For Haystack: a retriever with filters, a reader, an assistant, and embedders."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from index.arguments import positive
from index.embedders import Embedder
from index.embedders import load as load_model
from index.index import Index
from index.query import Query
from index.types import Passage
from qa import Citation, Hit, Retriever
from qa.errors import DocumentNotFoundError
from qa.integrations import needs
from qa.integrations.opened import Limits, Opened, loaded, metadata_of
from qa.readers import Quote, Reader, load
from qa.search.retriever import check_question

with needs("haystack", "haystack"):
    from haystack import Document, component
    from haystack.dataclasses import ChatMessage, ExtractedAnswer, GeneratedAnswer
    from haystack.errors import FilterError

__all__ = ["QaAssistant", "QaDocumentEmbedder", "QaReader", "QaTextEmbedder", "QaTextRetriever"]
__all__ += ["where_of"]

_ORDERED = {">": "$gt", ">=": "$gte", "<": "$lt", "<=": "$lte"}
_OPERATORS = ("==", "!=", *_ORDERED, "in", "not in")
_OF_PASSAGES = {"id", "content", "blob", "score", "embedding", "sparse_embedding"}


def where_of(filters: Mapping[str, Any]) -> dict[str, Any]:
    """Haystack's filters as a condition of ours (``where``).

    ``meta.NAME`` is a value of the document's metadata, or its own ``title``, ``source``,
    ``language``, ``date`` and ``document_id``. Raises FilterError for what is no filter.
    """
    if not isinstance(filters, Mapping):
        raise FilterError(f"A filter is a dictionary, not {filters!r}.")
    if "field" not in filters:
        return _joined(filters)
    _only(filters, {"field", "operator", "value"})
    field, operator, value = filters["field"], filters["operator"], filters["value"]
    if not isinstance(field, str) or field in _OF_PASSAGES or field.startswith(("$", "meta.$")):
        raise FilterError(f"No filter is on {field!r}: name a document's metadata, as meta.year.")
    if operator not in _OPERATORS:
        raise FilterError(f"{operator!r} is no operator of a filter: use {', '.join(_OPERATORS)}.")
    name = field.removeprefix("meta.")
    return _compared("id" if name == "document_id" else name, operator, value)


def _only(filters: Mapping[str, Any], names: set[str]) -> None:
    if set(filters) != names:
        raise FilterError(f"A filter has {', '.join(sorted(names))}, and not {list(filters)}.")


def _joined(filters: Mapping[str, Any]) -> dict[str, Any]:
    _only(filters, {"operator", "conditions"})
    if not isinstance(filters["conditions"], list):
        raise FilterError(f"conditions is a list of filters, not {filters['conditions']!r}.")
    parts = [where_of(condition) for condition in filters["conditions"]]
    match filters["operator"]:
        case "AND":
            return {"$and": parts}
        case "OR":
            return {"$or": parts}
        case "NOT":  # not all of them
            return {"$not": {"$and": parts}}
    raise FilterError(f"Filters are joined by AND, OR or NOT, not by {filters['operator']!r}.")


def _compared(name: str, operator: str, value: Any) -> dict[str, Any]:
    if operator in {"!=", "not in"}:
        return {"$not": _compared(name, "==" if operator == "!=" else "in", value)}
    if operator in _ORDERED:
        return _ordered(name, operator, value)
    if operator == "==":
        return {name: {"$exists": False} if value is None else {"$eq": _value(name, value)}}
    if not isinstance(value, list):
        raise FilterError(f"in and not in take a list of values, and {name} has {value!r}.")
    found = {name: {"$in": [_value(name, one) for one in value if one is not None]}}
    return {"$or": [found, {name: {"$exists": False}}]} if None in value else found


def _ordered(name: str, operator: str, value: Any) -> dict[str, Any]:
    if value is None:
        return {"$or": []}  # nothing is more or less than nothing
    if isinstance(value, str):
        try:
            datetime.fromisoformat(value)
        except ValueError as exc:
            raise FilterError(
                f"{operator} compares numbers, and dates as 2024-05-31: {value!r} is neither."
            ) from exc
    elif isinstance(value, list | dict):
        raise FilterError(f"{operator} compares with one value, and {name} has {value!r}.")
    return {name: {_ORDERED[operator]: _value(name, value)}}


def _value(name: str, value: Any) -> Any:
    """The value; the beginning of a day is that day, where it is compared with the date."""
    if name == "date" and isinstance(value, str):
        return value.removesuffix("Z").removesuffix("+00:00").removesuffix("T00:00:00")
    return value


class _OverIndex:
    """A component over an index, which is opened by ``warm_up`` or at the first run."""

    def __init__(self, index: str | Path | Retriever) -> None:
        self._opened = Opened(index)
        self.index = self._opened.path

    def warm_up(self) -> None:
        """Open the index and load the model, once."""
        if not self._opened.is_open:
            self._opened.get().warm_up()

    def close(self) -> None:
        """Let go of the index; the next run opens it again."""
        self._opened.close()


@component
class QaTextRetriever(_OverIndex):
    """Finds passages; a ``TextRetriever`` of Haystack's. Safe for threads.

    ``Document.id`` is `qa.Hit.id`, ``meta`` is that of `qa.integrations.opened.metadata_of`;
    ``Document.score`` ranks within one search, ``min_score`` is a least relevance (0 to 1).
    """

    def __init__(
        self,
        index: str | Path | Retriever,
        filters: dict[str, Any] | None = None,
        top_k: int = 10,
        min_score: float | None = None,
        documents: Sequence[str] | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> None:
        """``index`` is the folder of an index, or an open retriever; the folder is serialised.

        The limits are those of `qa.Retriever.search`. Raises FilterError for what is no filter.
        """
        _OverIndex.__init__(self, index)  # super() is lost: the decorator makes the class anew
        self.filters, self.top_k, self.min_score = filters, top_k, min_score
        self.documents = None if documents is None else list(documents)
        self.since, self.until = since, until
        where_of(filters or _NO_FILTER)

    @component.output_types(documents=list[Document])
    def run(
        self, query: str, filters: dict[str, Any] | None = None, top_k: int | None = None
    ) -> dict[str, Any]:
        """The best passages, best first; these filters and those of the component both hold.

        Raises what `qa.Retriever.search` raises, and FilterError.
        """
        where = {"$and": [where_of(own or _NO_FILTER) for own in (self.filters, filters)]}
        limits = Limits(self.documents, where, self.since, self.until)
        k = self.top_k if top_k is None else top_k
        retriever = self._opened.get()
        hits = retriever.search(query, k, min_score=self.min_score, **limits.given())
        return {"documents": [_document(hit) for hit in hits]}


_NO_FILTER = {"operator": "AND", "conditions": []}


def _document(hit: Hit) -> Document:
    return Document(id=hit.id, content=hit.text, meta=metadata_of(hit), score=hit.score)


@component
class QaAssistant(_OverIndex):
    """Answers with quotes, or says that the documents do not say; needs no generator."""

    def __init__(
        self,
        index: str | Path | Retriever,
        filters: dict[str, Any] | None = None,
        min_confidence: float | None = None,
    ) -> None:
        """``index`` and ``filters`` as for `QaTextRetriever`, ``min_confidence`` of `qa.Assistant`.

        Raises FilterError for what is no filter.
        """
        _OverIndex.__init__(self, index)  # super() is lost: the decorator makes the class anew
        self.filters, self.min_confidence = filters, min_confidence
        where_of(filters or _NO_FILTER)

    @component.output_types(answers=list[GeneratedAnswer])
    def run(
        self,
        query: str,
        history: list[ChatMessage] | None = None,
        filters: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """One answer: its first document is what it calls ``[1]``, its meta `qa.Answer.to_dict`.

        ``history`` are the messages before. Raises what `qa.Assistant.ask` raises, and FilterError.
        """
        where = {"$and": [where_of(own or _NO_FILTER) for own in (self.filters, filters)]}
        before = [{"role": one.role.value, "content": one.text or ""} for one in history or ()]
        answer = self._opened.assistant(self.min_confidence).ask(query, before, where=where)
        cited = [
            Document(
                id=f"{place.document_id}#{place.start}-{place.end}",
                content=place.quote,
                meta=place.to_dict(),
                score=answer.confidence,
            )
            for place in answer.citations
        ]
        made = GeneratedAnswer(answer.text, query, cited, answer.to_dict())
        return {"answers": [made]}


@component
class QaReader:
    """Finds in documents the very words that answer; an extractive reader without torch.

    It reads documents of any retriever. Those of `QaTextRetriever` over the same ``index`` it reads
    with what the index knows of them: tables, how rare a word is, how they were ranked.
    """

    def __init__(
        self,
        index: str | Path | Retriever | None = None,
        top_k: int = 3,
        no_answer: bool = True,
        reader: str | None = None,
    ) -> None:
        """At most ``top_k`` answers, three at most; with ``no_answer`` one more, without data.

        ``reader`` is "sentences", or the folder of one (`qa.readers.load`).
        """
        self._opened = None if index is None else Opened(index)
        self.index = None if self._opened is None else self._opened.path
        self.top_k, self.no_answer, self.reader = top_k, no_answer, reader
        self._loaded: tuple[Index, Reader] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_loaded": None}

    def warm_up(self) -> None:
        """Load the models, once."""
        self._load()

    def close(self) -> None:
        """Let go of the index; the next run opens it again."""
        self._loaded = None
        if self._opened:
            self._opened.close()

    @component.output_types(answers=list[ExtractedAnswer])
    def run(
        self, query: str, documents: list[Document], top_k: int | None = None
    ) -> dict[str, Any]:
        """The answers, best first; that there is none stands first where it is likelier.

        ``score`` is the probability that the documents answer at all, and of no answer what is left
        of 1. ``document_offset`` counts in ``document.content``, ``context`` quotes the sentences.
        Of documents of ours ``meta`` has ``start`` and ``end`` in the whole text.
        """
        index, reader = self._load()
        question = Query(check_question(query))
        read = [(_hit(index, one), one) for one in documents if (one.content or "").strip()]
        reading = reader.read(question, [hit for hit, _ in read])
        sources = {hit.id: document for hit, document in read}
        quotes = reading.quotes[: positive(self.top_k if top_k is None else top_k)]
        answers = [_answer(query, q, sources[q.hit.id], reading.confidence) for q in quotes]
        nothing = ExtractedAnswer(query=query, score=1 - reading.confidence)
        if not self.no_answer:
            return {"answers": answers}
        is_sure = bool(answers) and reading.confidence >= reader.min_confidence
        return {"answers": [*answers, nothing] if is_sure else [nothing, *answers]}

    def _load(self) -> tuple[Index, Reader]:
        index = self._opened.get().index if self._opened else cast("Index", _NOTHING)
        known = self._loaded
        if known is None or known[0] is not index:
            known = self._loaded = index, load(index, self.reader)
        return known


class _Nothing:
    """In the place of an index: no documents, and every word as rare as any other."""

    @cached_property
    def model(self) -> Embedder:
        return load_model()

    def idf(self, words: Iterable[str], _: str | None) -> dict[str, float]:
        return dict.fromkeys(words, math.log(2))  # what it is among no documents

    def size(self, _: str) -> int:
        return 0

    def passages_of(self, id: str) -> list[Passage]:
        raise DocumentNotFoundError(id)


_NOTHING = _Nothing()


def _hit(index: Index, document: Document) -> Hit:
    """A document as what a search found."""
    text, meta = str(document.content), document.meta
    id = str(meta.get("document_id", document.id))
    passage = _indexed(index, id, document)
    # What other retrievers score by cannot be compared with what reading tells.
    score = float(meta.get("score", 0.0)) if passage else 0.0
    language = Query(text).language
    passage = passage or Passage(id, 0, len(text), text, 1, language=language)
    told = {name: str(meta[name]) for name in ("source", "title", "date") if meta.get(name)}
    place = Citation(
        id,
        told.get("source"),
        told.get("title"),
        passage.page,
        passage.paragraph,
        passage.start,
        passage.end,
        text,
        date=told.get("date"),
    )
    return Hit(text, score, id, place, passage, None, None)


def _indexed(index: Index, id: str, document: Document) -> Passage | None:
    """The passage that a document of ours is, if the index still has it."""
    try:
        passages = index.passages_of(id)
    except DocumentNotFoundError:
        return None
    start = document.meta.get("start")
    same = (one for one in passages if one.start == start and one.text == document.content)
    return next(same, None)


def _answer(query: str, quote: Quote, document: Document, confidence: float) -> ExtractedAnswer:
    passage = quote.hit.passage
    low, high = quote.highlight or (quote.start, quote.end)
    start, end = low - passage.start, high - passage.start
    first = document.meta.get("start")
    return ExtractedAnswer(
        query=query,
        score=confidence,
        data=passage.text[start:end],
        document=document,
        context=passage.text[quote.start - passage.start : quote.end - passage.start],
        document_offset=ExtractedAnswer.Span(start, end),
        context_offset=ExtractedAnswer.Span(low - quote.start, high - quote.start),
        meta={"start": first + start, "end": first + end} if isinstance(first, int) else {},
    )


@component
class QaTextEmbedder:
    """Embeds a question with the bundled model, or another one by name or folder."""

    def __init__(self, model: str | None = None) -> None:
        self.model = model

    def warm_up(self) -> None:
        """Load the model, once; raises what `qa.embedder` raises."""
        loaded(self.model)

    @component.output_types(embedding=list[float])
    def run(self, text: str) -> dict[str, Any]:
        """The unit vector to search with."""
        return {"embedding": loaded(self.model).encode_query(text).tolist()}


@component
class QaDocumentEmbedder:
    """Embeds passages with the bundled model, or another one by name or folder."""

    def __init__(self, model: str | None = None) -> None:
        self.model = model

    def warm_up(self) -> None:
        """Load the model, once; raises what `qa.embedder` raises."""
        loaded(self.model)

    @component.output_types(documents=list[Document])
    def run(self, documents: list[Document]) -> dict[str, Any]:
        """Copies of the documents, each with the unit vector of its content."""
        vectors = loaded(self.model).encode_document([one.content or "" for one in documents])
        pairs = zip(documents, vectors.tolist(), strict=True)
        return {"documents": [replace(one, embedding=vector) for one, vector in pairs]}

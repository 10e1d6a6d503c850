"""The retriever: a question in, the best passages with citations out. Other apps embed this."""

import asyncio
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any

from index.arguments import DocumentIds, ids_in, positive, question_of, share
from index.embedders import Embedder
from index.errors import InputError, QuestionError
from index.index import Index
from index.query import Query
from index.settings import SETTINGS as INDEX_SETTINGS
from index.storage.catalog import DocumentInfo, Origin
from index.storage.conditions import Where
from index.text.messages import describe
from index.types import Document
from qa.asked.documents import Names
from qa.search import reranking
from qa.search.citations import cite
from qa.search.dates import dates_of
from qa.search.mending import mend
from qa.search.mentions import find_mentions
from qa.search.ranking import Ranked, Ranking, holding, rank
from qa.search.relevance import Idf, relevance, weights
from qa.settings import SETTINGS, Settings
from qa.types import Citation, Hit, Mentions

__all__ = ["Ranked", "Retriever", "Search", "check_question", "rank"]

LONGEST_QUESTION = 10_000  # characters; more is a document, not a question
AT_ONCE = INDEX_SETTINGS.search.questions_at_once
GROUPS = 2  # that are searched for at the same time: Python runs one thread at a time


@dataclass(frozen=True, slots=True)
class Search:
    """What one search did: ``query`` is what was searched for, without its typing errors.

    ``ranked`` holds all candidates, best first, and ``hits`` the best of them.
    """

    query: Query
    ranked: Ranking
    hits: tuple[Hit, ...]

    @property
    def ranking(self) -> tuple[Ranked, ...]:
        """All candidates, best first; they are read when this is first asked for."""
        return self.ranked.all


class Retriever:
    """Hybrid search over an index: vectors and BM25, fused. Safe for threads, and after a fork.

    It can be pickled: what is sent to another process is the index's folder, the model's name and
    the settings, and the folder is opened there when it is first used.
    """

    def __init__(self, index: Index, *, settings: Settings = SETTINGS) -> None:
        """``index`` is open, and stays its owner's to close; raises InputError for anything else.

        ``settings`` hold the tuned numbers, also for the readers that read what is found.
        """
        if not isinstance(index, Index):
            raise InputError(f"A retriever needs an open index, not {describe(index)}: open one.")
        self.settings = settings
        self._take(index)

    def _take(self, index: Index) -> None:
        self._index: Index | None = index
        self._names = Names(index)

    def __getstate__(self) -> dict[str, Any]:
        return {"place": self.index.place, "model": self.index.given, "settings": self.settings}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.settings, self._index = state["settings"], None
        self._sent = state["place"], state["model"]

    @property
    def index(self) -> Index:
        """The index; that of a retriever sent from another process is opened now."""
        if self._index is None:
            place, model = self._sent
            self._take(Index.open(place, model=model))
        return self._index  # type: ignore[return-value]

    @property
    def names(self) -> Names:
        """What the documents are called."""
        self.index  # noqa: B018  # opened where it is not yet
        return self._names

    @classmethod
    def open(cls, path: str | Path, *, model: str | Path | Embedder | None = None) -> "Retriever":
        """A retriever over the index at a place; raises what `index.Index.open` raises."""
        return cls(Index.open(path, model=model))

    def __enter__(self) -> "Retriever":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the index."""
        if self._index is not None:
            self._index.close()

    @property
    def warning(self) -> str | None:
        """A sentence where the index is searched by words alone, as `index.Index.warning`."""
        return self.index.warning

    def search(
        self,
        question: str,
        k: int = 5,
        documents: Iterable[str] | None = None,
        *,
        where: Where | None = None,
        min_score: float | None = None,
        rerank: bool = False,
        since: str | None = None,
        until: str | None = None,
    ) -> list[Hit]:
        """The k best passages for a question, best first, each text once.

        ``documents`` limits the search to documents with these ids; where there are none, nothing
        is found. Raises QuestionError for a question without words or of more than 10,000
        characters, or when k is not positive, InputError for ids that are not a list of texts. A
        word with a typing error is searched for as the documents spell it, a number or date as they
        write it. A document whose title the question names is preferred.

        With ``rerank`` the bundled reader reads the ten best, or k, and ranks them by whether they
        answer: more often right, and slower. Raises ModelError where the reader is damaged.

        ``since`` and ``until`` (YYYY, YYYY-MM, YYYY-MM-DD or 31/05/2024, both included) limit the
        search to documents with a date of their own between them, and ``where`` to those with such
        metadata, as in ``{"year": {"$gte": 2020}}`` (`index.storage.conditions`). Only hits of at
        least the relevance ``min_score`` (0 to 1) are given. Raises InputError for what is no
        date, no condition or no such number.
        """
        documents = self.within(documents, where=where, since=since, until=until)
        least = None if min_score is None else share(min_score)
        if rerank:
            settings = self.settings.spans
            search = self.find(question, max(positive(k), settings.reranked), documents)
            model, text = reranking.load_model(), search.query.text
            hits = reranking.rerank(model, text, search.hits, settings)[:k]
        else:
            hits = list(self.find(question, k, documents).hits)
        return _relevant(hits, least)

    def search_many(
        self,
        questions: Iterable[str],
        k: int = 5,
        documents: Iterable[str] | None = None,
        *,
        where: Where | None = None,
        min_score: float | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> list[list[Hit]]:
        """What `search` gives for each of the questions, in their order; raises what it raises."""
        if isinstance(questions, str) or not isinstance(questions, Iterable):
            raise InputError(f"Questions are given as a list, not as {describe(questions)}.")
        least = None if min_score is None else share(min_score)
        documents = self.within(documents, where=where, since=since, until=until)
        queries = [Query(check_question(question)) for question in questions]
        found = [search.hits for search in self.find_many(queries, k, documents)]
        return [_relevant(hits, least) for hits in found]

    async def asearch(
        self,
        question: str,
        k: int = 5,
        documents: Iterable[str] | None = None,
        *,
        where: Where | None = None,
        min_score: float | None = None,
        rerank: bool = False,
        since: str | None = None,
        until: str | None = None,
    ) -> list[Hit]:
        """What `search` gives, without keeping the event loop waiting; raises what it raises."""
        search = partial(self.search, where=where, min_score=min_score, rerank=rerank)
        return await asyncio.to_thread(search, question, k, documents, since=since, until=until)

    def within(
        self,
        documents: Iterable[str] | None = None,
        *,
        where: Where | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> DocumentIds | None:
        """The ids of the documents that all these limits leave, None where there is no limit.

        What is given back limits a search at once, without a look at each id.
        """
        only = None if documents is None else ids_in(documents)
        conditions = [] if where is None else [where]
        if dates := dates_of(since, until):
            conditions.append(dates.condition())
        if not conditions:
            return only
        return self.index.matching({"$and": conditions}, only)

    def warm_up(self) -> None:
        """Load all that the first search needs; raises what a search raises."""
        self.index.warm_up()

    def refresh(self) -> None:
        """See now what another process has written; a search does so by itself."""
        self.index.warm_up()

    def find(
        self, question: str | Query, k: int = 5, documents: Iterable[str] | None = None
    ) -> Search:
        """What `search` gives and how it came about; raises what `search` does."""
        query = question if isinstance(question, Query) else Query(check_question(question))
        return self.find_many([query], k, documents)[0]

    def find_many(
        self, queries: Sequence[Query], k: int = 5, documents: Iterable[str] | None = None
    ) -> list[Search]:
        """What `find` gives for each of the queries, so many at once; raises what `search` does."""
        k = positive(k)
        only = None if documents is None else ids_in(documents)
        groups = [queries[n : n + AT_ONCE] for n in range(0, len(queries), AT_ONCE)]
        if len(groups) < 2:
            return self._find(queries, k, only)
        # While one group is embedded, which Python waits for, the other is ranked.
        with ThreadPoolExecutor(GROUPS) as pool:
            found = pool.map(lambda group: self._find(group, k, only), groups)
            return [search for searches in found for search in searches]

    def _find(
        self, queries: Sequence[Query], k: int, documents: DocumentIds | None
    ) -> list[Search]:
        named = [self.names.named(query.question, documents) for query in queries]
        preferred = [of.documents if of else () for of in named]
        rankings = self._rank(queries, k, documents, preferred)
        idf = Idf(self.index, queries)

        def search(wider: Sequence[Query]) -> list[Ranking]:
            return self._rank(wider, k, documents, [()] * len(wider))

        mended = mend(queries, rankings, search, idf, self.settings.search)
        changed = [n for n, query in enumerate(mended) if query is not queries[n]]
        again = self._rank(
            [mended[n] for n in changed], k, documents, [preferred[n] for n in changed]
        )
        for n, ranking in zip(changed, again, strict=True):
            rankings[n] = ranking
        for n, query in enumerate(queries):
            if not preferred[n]:  # else it may be the document's name that is quoted
                rankings[n] = holding(query.question, rankings[n])
        return self._searches(mended, rankings, k, idf)

    def _searches(
        self, queries: Sequence[Query], rankings: Sequence[Ranking], k: int, idf: Idf
    ) -> list[Search]:
        found = [ranking.best(k) for ranking in rankings]
        cited = {one.candidate.passage.document_id for best in found for one in best}
        origins, settings = self.index.origins(cited), self.settings.search
        searches = []
        for query, ranking, best in zip(queries, rankings, found, strict=True):
            known = weights(query, idf, (one.candidate.passage.language for one in best))
            hits = (
                _hit(one, len(ranking), origins, relevance(one.candidate, query, known, settings))
                for one in best
            )
            searches.append(Search(query, ranking, tuple(hits)))
        return searches

    def mentions(
        self,
        phrase: str,
        *,
        documents: Iterable[str] | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: int | None = 100,
        each: int | None = None,
    ) -> Mentions:
        """Every mention of the exact words of a phrase, in order by document and place.

        All are counted; the first ``limit`` are cited, and where several documents have some at
        most ``each`` of one (None: all). Capitals, accents, white space, double quotation marks
        and a break at the end of a line do not count; whole words alone are found
        (`index.text.phrases`).

        ``documents``, ``since`` and ``until`` limit it as they do `search`. Raises QuestionError
        for a phrase that is empty or of more than 1,000 characters, or a limit below 1, InputError
        for what is no date.
        """
        dates = dates_of(since, until)
        only = None if documents is None else ids_in(documents)
        return find_mentions(self.index, phrase, only, dates, limit, each)

    def _rank(
        self,
        queries: Sequence[Query],
        k: int,
        documents: DocumentIds | None,
        preferred: Sequence[Collection[str]],
    ) -> list[Ranking]:
        count = max(self.settings.search.candidates, 2 * k)
        found = self.index.candidates_many(queries, count, documents)
        rankings = [
            rank(query, candidates, self.settings.search, of)
            for query, candidates, of in zip(queries, found, preferred, strict=True)
        ]
        looked_at = max(k, self.settings.search.spelling_passages)
        if rankings:
            rankings[0].read_ahead([id for of in rankings for id in of.ids(looked_at)])
        return rankings

    def is_stale(self, citation: Citation) -> bool:
        """Whether the cited document is gone, or has another text than when it was cited."""
        if not isinstance(citation, Citation):
            raise InputError(f"A citation of an answer is asked for, not {describe(citation)}.")
        origin = self.index.origins([citation.document_id]).get(citation.document_id)
        return origin is None or origin.hash != citation.hash

    def documents(self) -> list[DocumentInfo]:
        """Every document of the index, by id, without its text."""
        return self.index.documents()

    def document(self, id: str) -> Document:
        """One document with its text; DocumentNotFoundError when there is none of that id."""
        return self.index.document(id)


def _hit(ranked: Ranked, compared: int, origins: Mapping[str, Origin], relevance: float) -> Hit:
    candidate = ranked.candidate
    passage = candidate.passage
    origin = origins.get(passage.document_id, Origin(None, None))
    return Hit(
        text=passage.text,
        score=ranked.score,
        document_id=passage.document_id,
        citation=cite(passage, passage.start, passage.end, origin),
        passage=passage,
        dense=None if math.isnan(candidate.dense) else candidate.dense,
        lexical=candidate.lexical,
        candidates_compared=compared,
        origin=origin,
        relevance=relevance,
    )


def _relevant(hits: Sequence[Hit], least: float | None) -> list[Hit]:
    return [hit for hit in hits if least is None or hit.relevance >= least]


def check_question(question: str) -> str:
    """The question, clean and in one line; raises QuestionError when it cannot be searched for."""
    question = " ".join(question_of(question).split())
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters: ask in {LONGEST_QUESTION:,} or fewer.",
            "long",
        )
    if not question:
        raise QuestionError("The question is empty: write what you want to know.", "empty")
    if not any(character.isalnum() for character in question):
        raise QuestionError("The question has no words: write what you want to know.", "wordless")
    return question

"""The retriever: a question in, the best passages with citations out. Other apps embed this."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType

import numpy as np

from index.arguments import ids_in, positive, question_of
from index.documents.validate import said
from index.embedders import Embedder
from index.errors import InputError, QuestionError
from index.index import Index
from index.storage.catalog import DocumentInfo, Origin
from index.text.language import detect
from index.types import Candidate, Document, Passage
from qa.search.fusion import fuse
from qa.search.spelling import respell
from qa.types import Citation, Hit

__all__ = ["Retriever", "check_question", "cite"]

CANDIDATES = 100
READ = 10  # passages whose words a typing error is compared with
LONGEST_QUESTION = 10_000  # characters; more is a document, not a question


class Retriever:
    """Hybrid search over an index: vectors and BM25, fused. Safe for threads."""

    def __init__(self, index: Index) -> None:
        if not isinstance(index, Index):
            raise InputError(f"A retriever needs an open index, not {said(index)}: open one.")
        self.index = index

    @classmethod
    def open(cls, path: str | Path, *, model: str | Path | Embedder | None = None) -> "Retriever":
        """A retriever over the index in a folder; raises what `index.Index.open` raises."""
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
        self.index.close()

    @property
    def warning(self) -> str | None:
        """A sentence where the index is searched by words alone, as `index.Index.warning`."""
        return self.index.warning

    def search(
        self, question: str, k: int = 5, documents: Iterable[str] | None = None
    ) -> list[Hit]:
        """The k best passages for a question, best first, each text once.

        ``documents`` limits the search to documents with these ids; where there are none, nothing
        is found. Raises QuestionError for a question without words or of more than 10,000
        characters, or when k is not positive, InputError for ids that are not a list of texts. A
        word with a typing error is searched for as the documents spell it.
        """
        return self.find(question, k, documents)[1]

    def find(
        self, question: str, k: int = 5, documents: Iterable[str] | None = None
    ) -> tuple[str, list[Hit]]:
        """The question as it was searched for, without its typing errors, and what `search` gives.

        Raises what `search` does.
        """
        k, question = positive(k), check_question(question)
        documents = None if documents is None else ids_in(documents)  # searched in twice
        ranked = self._ranked(question, k, documents)
        read = [candidate.passage for candidate, _ in ranked[:READ]]
        respelt = respell(question, read, self.index)
        if respelt != question:
            ranked = self._ranked(respelt, k, documents)
        best = ranked[:k]
        origins = self.index.origins({candidate.passage.document_id for candidate, _ in best})
        hits = [_hit(candidate, score, len(ranked), origins) for candidate, score in best]
        return respelt, hits

    def _ranked(
        self, question: str, k: int, documents: list[str] | None
    ) -> list[tuple[Candidate, float]]:
        candidates = self.index.candidates(question, max(CANDIDATES, 2 * k), documents)
        return rank(question, candidates)

    def is_stale(self, citation: Citation) -> bool:
        """Whether the cited document is gone, or has another text than when it was cited."""
        if not isinstance(citation, Citation):
            raise InputError(f"A citation of an answer is asked for, not {said(citation)}.")
        origin = self.index.origins([citation.document_id]).get(citation.document_id)
        return origin is None or origin.hash != citation.hash

    def documents(self) -> list[DocumentInfo]:
        """Every document of the index, by id, without its text."""
        return self.index.documents()

    def document(self, id: str) -> Document:
        """One document with its text; DocumentNotFoundError when there is none of that id."""
        return self.index.document(id)


def rank(question: str, candidates: Sequence[Candidate]) -> list[tuple[Candidate, float]]:
    """Candidates with their fused scores, best first; equal texts are merged before."""
    candidates = _merged(candidates)
    if not candidates:
        return []
    # Words that may be either language, like a name alone, are taken for the passage's.
    language = detect(question)
    scores = fuse(
        np.array([candidate.dense for candidate in candidates]),
        np.array([candidate.lexical or 0.0 for candidate in candidates]),
        np.array([language in {None, candidate.passage.language} for candidate in candidates]),
    )
    ids = np.array([candidate.id for candidate in candidates])
    order = np.lexsort((ids, -scores))
    return [(candidates[place], float(scores[place])) for place in order]


def _merged(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Each text once, with the best scores that its copies have."""
    best: dict[str, Candidate] = {}
    for candidate in candidates:
        words = candidate.passage.words
        known = best.get(words)
        best[words] = _better(known, candidate) if known else candidate
    return list(best.values())


def _better(one: Candidate, other: Candidate) -> Candidate:
    """The copy that the question's words fit best, then the nearest, then the first."""

    def place(copy: Candidate) -> tuple[float, float, int]:
        # Searched by words alone, none has a cosine.
        near = 0.0 if math.isnan(copy.dense) else round(copy.dense, 5)
        return -(copy.lexical or 0.0), -near, copy.id

    first, second = sorted((one, other), key=place)
    return replace(first, dense=max(first.dense, second.dense))


def _hit(candidate: Candidate, score: float, among: int, origins: Mapping[str, Origin]) -> Hit:
    passage = candidate.passage
    origin = origins.get(passage.document_id, Origin(None, None))
    citation = cite(passage, passage.start, passage.end, origin)
    return Hit(
        passage.text,
        score,
        passage.document_id,
        citation,
        passage,
        None if math.isnan(candidate.dense) else candidate.dense,
        candidate.lexical,
        among,
    )


def check_question(question: str) -> str:
    """The question, clean and in one line; raises QuestionError when it cannot be searched for."""
    question = " ".join(question_of(question).split())
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(question):,} characters: ask in {LONGEST_QUESTION:,} or fewer."
        )
    if not question:
        raise QuestionError("The question is empty: write what you want to know.")
    if not any(character.isalnum() for character in question):
        raise QuestionError("The question has no words: write what you want to know.")
    return question


def cite(passage: Passage, start: int, end: int, origin: Origin) -> Citation:
    """The citation of a passage's words from ``start`` to ``end``, offsets in the document."""
    page, paragraph = passage.locate(start)
    quote = passage.text[start - passage.start : end - passage.start]
    return Citation(
        passage.document_id,
        origin.source,
        origin.title,
        page,
        paragraph,
        start,
        end,
        quote,
        date=origin.date,
        hash=origin.hash,
    )

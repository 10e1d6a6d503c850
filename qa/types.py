"""The values of the read side: what a question brings back."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from index.types import Document, Passage

if TYPE_CHECKING:
    from index.storage.catalog import Origin

__all__ = ["Answer", "Citation", "Document", "Hit", "Lack", "LackKind", "MentionedIn", "Mentions"]
__all__ += ["Refusal", "Suggestion", "SuggestionKind", "Turn"]


@dataclass(frozen=True, slots=True)
class Citation:
    """Where words stand: ``quote == document.text[start:end]``, offsets in characters.

    ``page`` (None without pages) and ``paragraph`` count from 1. ``highlight`` holds the offsets,
    in the document, of the words inside the quote that answer, or None. ``date`` is the document's
    own, as YYYY-MM-DD, where it says one; ``hash`` the SHA-256 (hexadecimal) of the document's text
    that the words were taken from: `qa.search.retriever.Retriever.is_stale` compares it.

    ``context`` is what the words stand under in the document (``CAPÍTULO II › Artículo 5``), where
    the passage does not say it itself. ``header`` holds the header rows of the table whose rows the
    quote begins with, as they stand in the document, where they are not in the quote.

    ``page_label`` is the number printed on the page (``iv``), where the document says those of its
    pages. ``ocr`` is how sure OCR was of the page's words (0 to 1), None where they
    were not read by OCR.
    """

    document_id: str
    source: str | None
    title: str | None
    page: int | None
    paragraph: int
    start: int
    end: int
    quote: str
    highlight: tuple[int, int] | None = None
    date: str | None = None
    hash: str = ""
    context: str = ""
    header: str = ""
    page_label: str | None = None
    ocr: float | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question; ``score`` is higher-is-better, comparable within one search.

    ``citation`` quotes the whole ``passage``. ``dense`` (cosine, None where words alone are
    searched) and ``lexical`` (BM25, None if the passage is not among the lexical best) are the
    evidence behind the score, which was standardised over the ``candidates_compared``. ``origin``
    is what citations of the passage say of its document.
    """

    text: str
    score: float
    document_id: str
    citation: Citation
    passage: Passage
    dense: float | None
    lexical: float | None
    candidates_compared: int = 0
    origin: "Origin | None" = None


class LackKind(StrEnum):
    """What kind of thing a question names and a passage does not."""

    ARTICLE = "article"  # or another part with a number, as a chapter
    YEAR = "year"
    DATE = "date"  # a month, or a day of it
    SIDE = "side"  # one of two opposites, as "a favor" and "en contra"
    NAME = "name"
    NUMBER = "number"  # which of several, as "lote 7"
    WORD = "word"  # the rarest word that is missing


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that a question names, ``asked``, and a passage does not.

    ``instead`` holds the passage's own words of that kind, None where it has none. ``nowhere`` says
    that no passage of the index has what was asked.
    """

    kind: LackKind
    asked: str
    instead: str | None = None
    nowhere: bool = False


class SuggestionKind(StrEnum):
    """What to try where there was no answer."""

    UNLIMITED = "unlimited"  # all documents, not only those named
    SPELLING = "spelling"
    PASSAGE = "passage"  # read another one, which has what the nearest lacks
    DOCUMENT = "document"  # ask one alone, whose title has what the nearest lacks


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to try: ``words``, which the documents have, for what was ``asked``.

    For UNLIMITED both are empty. ``citation`` is of the passage or document meant.
    """

    kind: SuggestionKind
    asked: str = ""
    words: str = ""
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was searched where there is no answer, what is nearest, and what to try.

    ``documents`` and ``passages`` count what was searched; ``chosen`` the documents named as a
    limit, None without one. ``nearest`` quotes of the nearest passage a sentence, or a row,
    and ``lacks`` is what that passage lacks, the most telling first. ``beyond`` quotes what all
    documents hold that is nearer than anything in the chosen ones; with ``limited`` it answers,
    so the limit was the reason. Where it was one of dates, ``since`` and ``until`` are the first
    and the last day (YYYY-MM-DD), and ``undated`` documents without a date were left out for it.
    """

    documents: int
    passages: int
    chosen: int | None = None
    nearest: Citation | None = None
    lacks: tuple[Lack, ...] = ()
    beyond: Citation | None = None
    limited: bool = False
    suggestions: tuple[Suggestion, ...] = ()
    since: str | None = None
    until: str | None = None
    undated: int = 0


@dataclass(frozen=True, slots=True)
class MentionedIn:
    """A document with at least one mention, and how many it has."""

    document_id: str
    source: str | None
    title: str | None
    date: str | None
    count: int


@dataclass(frozen=True, slots=True)
class Mentions:
    """Every mention of a phrase: ``total`` of them in ``documents``, by their ids.

    ``citations`` are the first ones, or all, in order by document and place. Each quotes the
    sentence, or the row, of a mention, which is its highlight. ``since`` and ``until`` are the
    first and last day (YYYY-MM-DD) of a limit by the documents' dates, for which ``undated``
    documents were left out; ``chosen`` counts the documents named as a limit, None without one.
    """

    phrase: str
    total: int
    documents: tuple[MentionedIn, ...] = ()
    citations: tuple[Citation, ...] = ()
    chosen: int | None = None
    since: str | None = None
    until: str | None = None
    undated: int = 0

    @property
    def beyond(self) -> int:
        """How many mentions are not among the citations."""
        return self.total - len(self.citations)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents say to a question, or that they do not say.

    ``text`` is made for reading: the quotes with their citation numbers, ``[1]`` being
    ``citations[0]``, one a line, and after them the ``notes``, which no document says. A reply to a
    greeting, or about the collection, is ``found`` and has no citations. ``confidence`` estimates
    the probability that the documents answer. When ``found`` is false there are no citations.
    ``hits`` are the closest passages, first those that the reader would quote, then as they were
    found. ``searched_for`` is the question in full when it was a follow-up, for a summary what is
    quoted instead, else the question itself; ``topic`` is what of it the question had left out.
    ``disagree`` says that citations contradict each other: the newest document then comes first.
    ``refusal``, where a search found no answer, says why; ``text`` then goes on with its sentences.
    Where all that was asked is a phrase in quotation marks, ``mentions`` has all of it.
    """

    question: str
    searched_for: str
    found: bool
    text: str
    confidence: float
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    short: str | None = None
    language: str = "es"
    disagree: bool = False
    notes: tuple[str, ...] = ()
    topic: str = ""
    refusal: Refusal | None = None
    mentions: Mentions | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of a conversation and its answer."""

    question: str
    answer: Answer

"""The values of the read side: what a question brings back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from index.text.hashing import content_hash
from index.types import Document, Metadata, Passage
from qa.fields import made

if TYPE_CHECKING:
    from index.storage.catalog import Origin

__all__ = ["Answer", "Citation", "Document", "Hit", "Lack", "LackKind", "MentionedIn", "Mentions"]
__all__ += ["Refusal", "Suggestion", "SuggestionKind", "Turn", "Written"]


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

    def to_dict(self) -> dict[str, Any]:
        """Its fields as plain values."""
        return asdict(self) | {"highlight": self.highlight and list(self.highlight)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """What `to_dict` was of; raises InputError for anything else."""
        return made(cls, values)


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question; ``score`` is higher-is-better, comparable within one search.

    ``relevance`` (0 to 1) can be compared across questions: it estimates how likely the passage
    answers. ``id`` is the same for the same passage in every process and every index of the
    document. ``metadata`` is the document's.

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
    relevance: float = 0.0

    @property
    def id(self) -> str:
        """``DOCUMENT#START-END-HASH``: the passage's place, and eight digits of its text's hash."""
        place = f"{self.passage.start}-{self.passage.end}-{content_hash(self.text)[:8]}"
        return f"{self.document_id}#{place}"

    @property
    def metadata(self) -> Mapping[str, Metadata]:
        """The document's metadata, dates as YYYY-MM-DD."""
        return self.origin.metadata if self.origin else {}

    def to_dict(self) -> dict[str, Any]:
        """What ``qa search --json`` gives of it."""
        return {
            "id": self.id,
            "score": self.score,
            "relevance": self.relevance,
            "document_id": self.document_id,
            "text": self.text,
            "metadata": dict(self.metadata),
            "citation": self.citation.to_dict(),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """What `to_dict` was of, without the evidence behind the score.

        Raises InputError for anything else.
        """
        from index.storage.catalog import Origin

        found = made(_Found, values)
        cited = found.citation
        place = cited.document_id, cited.start, cited.end, found.text, cited.paragraph
        return cls(
            found.text,
            found.score,
            found.document_id,
            cited,
            Passage(*place, cited.page, context=cited.context, header=cited.header),
            None,
            None,
            origin=Origin(
                cited.title, cited.source, cited.date, cited.hash, metadata=found.metadata
            ),
            relevance=found.relevance,
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """What the dictionary of a hit holds."""

    text: str
    document_id: str
    citation: Citation
    score: float = 0.0
    relevance: float = 0.0
    metadata: dict[str, Any] = field(default_factory=dict)


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

    def to_dict(self) -> dict[str, Any]:
        """Its fields as plain values; what is ``cited`` has its words beside its place."""
        cited = _cited(self.citation)
        return {"kind": self.kind.value, "asked": self.asked, "words": self.words, "cited": cited}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """What `to_dict` was of; raises InputError for anything else."""
        return made(cls, {**values, "citation": _citation(values.get("cited"))})


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

    def to_dict(self) -> dict[str, Any]:
        """Its fields as plain values."""
        return {name.name: getattr(self, name.name) for name in fields(self)} | {
            "nearest": _cited(self.nearest),
            "lacks": [asdict(lack) for lack in self.lacks],
            "beyond": _cited(self.beyond),
            "suggestions": [suggestion.to_dict() for suggestion in self.suggestions],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """What `to_dict` was of; raises InputError for anything else."""
        cited = {name: _citation(values.get(name)) for name in ("nearest", "beyond")}
        return made(cls, {**values, **cited})


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

    def counted(self) -> dict[str, Any]:
        """Its counts as plain values, without the citations."""
        counts = {name.name: getattr(self, name.name) for name in fields(self)}
        counts |= {"beyond": self.beyond, "documents": [asdict(one) for one in self.documents]}
        counts.pop("citations")
        return counts

    def to_dict(self) -> dict[str, Any]:
        """What ``qa find --json`` gives."""
        return {**self.counted(), "mentions": _numbered(self.citations)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """What `to_dict` or `counted` was of; raises InputError for anything else."""
        return made(cls, {**values, "citations": values.get("mentions", ())})


@dataclass(frozen=True, slots=True)
class Written:
    """What a language model had to do with an answer.

    ``shown`` counts its sentences that stand in the answer, each supported by what it cites;
    ``struck`` holds for each of the others why it was left out. Where its sentences were not used,
    ``fallback`` says why, and the answer quotes the documents instead; ``shown`` is then 0. Without
    both, the model has not written anything yet.
    """

    model: str
    shown: int = 0
    struck: tuple[str, ...] = ()
    fallback: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Its fields as plain values."""
        return asdict(self) | {"struck": list(self.struck)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """What `to_dict` was of; raises InputError for anything else."""
        return made(cls, values)


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
    Where a language model was asked, ``written`` tells of it: where its sentences stand, ``text``
    holds them, each with its citation numbers, and ``short`` is None.
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
    written: Written | None = None

    def to_dict(self) -> dict[str, Any]:
        """What ``qa ask --json`` gives."""
        return {
            "question": self.question,
            "searched_for": self.searched_for,
            "found": self.found,
            "answer": self.text,
            "short": self.short,
            "confidence": self.confidence,
            "language": self.language,
            "topic": self.topic,
            "disagree": self.disagree,
            "notes": list(self.notes),
            "citations": _numbered(self.citations),
            "hits": [{"rank": rank, **hit.to_dict()} for rank, hit in enumerate(self.hits, 1)],
            "refusal": self.refusal and self.refusal.to_dict(),
            "mentions": self.mentions and self.mentions.counted(),
            "written": self.written and self.written.to_dict(),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """What `to_dict` was of; raises InputError for anything else.

        What its mentions cite are its citations.
        """
        found = made(cls, {**values, "text": values.get("answer")})
        if found.mentions and not found.mentions.citations:
            return replace(found, mentions=replace(found.mentions, citations=found.citations))
        return found


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier question of a conversation and its answer."""

    question: str
    answer: Answer


def _numbered(citations: Sequence[Citation]) -> list[dict[str, Any]]:
    return [{"number": number, **cited.to_dict()} for number, cited in enumerate(citations, 1)]


def _cited(citation: Citation | None) -> dict[str, Any] | None:
    return {"quote": citation.quote, "citation": citation.to_dict()} if citation else None


def _citation(cited: Any) -> Any:
    return cited.get("citation") if isinstance(cited, Mapping) else cited

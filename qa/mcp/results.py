"""What the tools give, as types from which the SDK makes their schemas.

They are the definitions of docs/json.schema.json, which says what each key means; a test compares
the two. `qa.types.Answer.from_dict` and `qa.types.Hit.from_dict` read them.
"""

from typing import Any, Literal

from typing_extensions import TypedDict  # of those of `typing` inside another, no schema is made

__all__ = ["Asked", "Found", "Listed", "Missed", "Read"]

Stage = Literal["dense", "lexical", "fusion", "reader", "threshold"]
LackKind = Literal["article", "year", "date", "side", "name", "number", "word"]


class Citation(TypedDict):
    """Where words stand."""

    document_id: str
    source: str | None
    title: str | None
    date: str | None
    page: int | None
    paragraph: int
    start: int
    end: int
    hash: str
    context: str
    header: str
    page_label: str | None
    ocr: float | None
    quote: str
    highlight: list[int] | None
    link: str


class Quote(Citation):
    """A quote of an answer and where it stands."""

    number: int


class Hit(TypedDict):
    """A passage that a search found."""

    rank: int
    id: str
    score: float
    relevance: float
    document_id: str
    text: str
    metadata: dict[str, Any]
    citation: Citation


class Found(TypedDict):
    """The best passages, best first."""

    hits: list[Hit]


class Cited(TypedDict):
    """Words of a document and where they stand."""

    quote: str
    citation: Citation


class Lack(TypedDict):
    """Something that the question names and the nearest passage does not."""

    kind: LackKind
    asked: str
    instead: str | None
    nowhere: bool


class Suggestion(TypedDict):
    """Something to try."""

    kind: Literal["unlimited", "spelling", "passage", "document"]
    asked: str
    words: str
    cited: Cited | None


class Refusal(TypedDict):
    """Why there is no answer."""

    documents: int
    passages: int
    chosen: int | None
    nearest: Cited | None
    lacks: list[Lack]
    beyond: Cited | None
    limited: bool
    suggestions: list[Suggestion]
    since: str | None
    until: str | None
    undated: int


class Mentioned(TypedDict):
    """A document with at least one mention, and how many it has."""

    document_id: str
    source: str | None
    title: str | None
    date: str | None
    count: int


class Counted(TypedDict):
    """How often a phrase is mentioned, and where."""

    phrase: str
    total: int
    beyond: int
    chosen: int | None
    since: str | None
    until: str | None
    undated: int
    documents: list[Mentioned]


class Written(TypedDict):
    """A language model's part in an answer."""

    model: str
    shown: int
    struck: list[str]
    fallback: str | None


class Asked(TypedDict):
    """The answer, or that the documents do not say."""

    question: str
    searched_for: str
    found: bool
    answer: str
    short: str | None
    confidence: float
    language: str
    topic: str
    disagree: bool
    notes: list[str]
    citations: list[Quote]
    hits: list[Hit]
    refusal: Refusal | None
    mentions: Counted | None
    written: Written | None


class Read(TypedDict):
    """Words of a document, with what stands around them."""

    id: str
    text: str
    before: str
    after: str
    length: int
    next: int | None
    citation: Citation


class Document(TypedDict):
    """A document of the index."""

    id: str
    title: str | None
    source: str | None
    language: str | None
    passages: int
    date: str | None
    hash: str
    metadata: dict[str, Any]
    link: str


class Listed(TypedDict):
    """Some of the documents, by id."""

    total: int
    offset: int
    next: int | None
    documents: list[Document]


class StageOf(TypedDict):
    """What one stage made of an expected passage."""

    stage: Stage
    rank: int | None
    score: float | None
    limit: float
    passed: bool


class Trace(TypedDict):
    """An expected passage and its way."""

    document_id: str
    page: int | None
    paragraph: int
    start: int
    end: int
    text: str
    lost: Stage | None
    stages: list[StageOf]


class Threshold(TypedDict):
    """What qa calibrate stored with an index."""

    threshold: float
    share: float
    confidence: float
    questions: int
    answers: int
    wrong: int
    bound: float
    date: str
    reader: str
    model: str
    generation: int


class Missed(TypedDict):
    """What became of the expected passages, the one that came furthest first."""

    question: str
    document: str
    paragraph: int | None
    found: bool
    confidence: float
    min_confidence: float
    lost: Stage | None
    sentence: str
    passages: list[Trace]
    calibration: Threshold | None
    refusal: Refusal | None

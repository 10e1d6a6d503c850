"""What the routes give, typed: the models agree with docs/json.schema.json, key by key.

They describe; the values themselves come from `qa.serialize`, and are not copied into them.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

__all__ = ["Added", "Answer", "Documents", "Health", "Hit", "Problem", "Removed", "Whole"]

Count = Annotated[int, Field(ge=0)]
FromOne = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Day = Annotated[str, Field(pattern="^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Pair = Annotated[list[Count], Field(min_length=2, max_length=2)]
Metadata = dict[str, str | float | bool | list[str]]


class _Given(BaseModel, extra="forbid"):
    """No key is left out, and there is no other."""


class Citation(_Given):
    """Where a passage stands; offsets count characters of the document's text."""

    document_id: str
    source: str | None
    title: str | None
    date: Day | None
    page: FromOne | None
    paragraph: FromOne
    start: Count
    end: Count
    hash: Sha256
    context: str
    header: str
    page_label: str | None
    ocr: Share | None
    quote: str
    highlight: Pair | None


class Quote(Citation):
    """A quote of an answer, numbered as in its text, and where it stands."""

    number: FromOne


class Hit(_Given):
    """A passage that a search found; ``relevance`` is comparable across questions."""

    rank: FromOne
    id: str
    score: float
    relevance: Share
    document_id: str
    text: str
    metadata: Metadata
    citation: Citation


class Cited(_Given):
    """Words of a document and where they stand."""

    quote: str
    citation: Citation


class Lack(_Given):
    """Something that the question names and the nearest passage does not."""

    kind: Literal["article", "year", "date", "side", "name", "number", "word"]
    asked: str
    instead: str | None
    nowhere: bool


class Suggestion(_Given):
    """Something to try."""

    kind: Literal["unlimited", "spelling", "passage", "document"]
    asked: str
    words: str
    cited: Cited | None


class Refusal(_Given):
    """Why there is no answer."""

    documents: Count
    passages: Count
    chosen: Count | None
    nearest: Cited | None
    lacks: list[Lack]
    beyond: Cited | None
    limited: bool
    suggestions: list[Suggestion]
    since: str | None
    until: str | None
    undated: Count


class Mentioned(_Given):
    """A document with mentions."""

    document_id: str
    source: str | None
    title: str | None
    date: str | None
    count: FromOne


class Counted(_Given):
    """How often a phrase is mentioned, and where."""

    phrase: str
    total: Count
    beyond: Count
    chosen: Count | None
    since: str | None
    until: str | None
    undated: Count
    documents: list[Mentioned]


class Answer(_Given):
    """The answer, quoted from the documents, or that they do not say (``found`` is false)."""

    question: str
    searched_for: str
    found: bool
    answer: str
    short: str | None
    confidence: Share
    language: str
    topic: str
    disagree: bool
    notes: list[str]
    citations: list[Quote]
    hits: list[Hit]
    refusal: Refusal | None
    mentions: Counted | None


class Listed(_Given):
    """A document of the index."""

    id: str
    title: str | None
    source: str | None
    language: str | None
    passages: Count
    date: Day | None
    hash: Sha256


class Documents(_Given):
    """Some documents of all, by id."""

    documents: list[Listed]
    total: Count
    offset: Count


class Whole(Listed):
    """A document with its text and metadata; a page begins at each of ``page_starts``."""

    metadata: Metadata
    text: str
    page_starts: list[Count]


class Added(_Given):
    """What was added."""

    ids: list[str]
    passages: Count


class Removed(_Given):
    """How many documents were removed."""

    removed: Count


class Health(_Given):
    """Whether questions are taken, and how many are being answered and wait."""

    status: Literal["ok", "stopping"]
    answering: Count
    waiting: Count


class Fault(_Given):
    """What of a request is wrong."""

    name: str
    detail: str


class Problem(BaseModel):
    """Why there is no answer (RFC 9457); ``detail`` is one sentence that says what to do."""

    type: str = "about:blank"
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    error: str = Field(description="the same as detail")
    errors: list[Fault] | None = None


class Place(_Given):
    """A place in the line, from 1."""

    place: FromOne


Event: dict[str, Any] = {
    "type": "object",
    "description": "waiting: a place in line; answer: what is known so far; then one of done (the "
    "whole answer) and error (a problem document). The data of each is JSON.",
    "properties": {
        "event": {"enum": ["waiting", "answer", "done", "error"]},
        "data": {"type": "string"},
    },
    "required": ["event", "data"],
}

"""What the routes take, typed: names that are not known are refused."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from index.errors import InputError
from index.storage.conditions import SQLITE, condition
from qa.search.dates import dates_of
from qa.search.retriever import LONGEST_QUESTION, check_question

__all__ = ["Ask", "AskQuery", "Message", "NewDocument", "NewDocuments", "Page"]
__all__ += ["WHERE", "Search", "SearchMany", "SearchQuery"]

MOST_HITS = 100
MOST_QUESTIONS = 200  # in one request
MOST_DOCUMENTS = 1_000  # in one request
_LONGEST_MESSAGE = 100_000  # characters
_LONGEST_ID = 2_000
_LARGEST = 9 * 10**18  # numbers; the catalog compares those below 2**63


def _that(check: Callable[[Any], Any]) -> AfterValidator:
    """A value that our own check takes; its sentence is told where it does not."""

    def checked(value: Any) -> Any:
        try:
            check(value)
        except InputError as exc:
            raise ValueError(str(exc)) from exc
        return value

    return AfterValidator(checked)


def _whole(value: Any) -> Any:
    """JSON's 12.0 is an integer, its "12" and true are none."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise PydanticCustomError("whole", "write a whole number")
    return value


_NUMBER = {"type": "number", "minimum": -_LARGEST, "maximum": _LARGEST}
_SCALAR = {
    "anyOf": [
        {"type": "string"},
        {"type": "boolean"},
        _NUMBER,
    ]
}
_OPERATORS = {
    **{f"${name}": _SCALAR for name in ("eq", "ne", "gt", "gte", "lt", "lte")},
    **{f"${name}": {"type": "array", "items": _SCALAR} for name in ("in", "nin")},
}
_NAMED = {
    "anyOf": [
        *_SCALAR["anyOf"],
        {
            "type": "object",
            "properties": _OPERATORS,
            "additionalProperties": False,
            "minProperties": 1,
        },
    ]
}


_CONDITIONS = {"$ref": "#/components/schemas/Where"}
WHERE: dict[str, Any] = {
    "type": "object",
    "title": "Where",
    "description": 'Conditions on documents, as {"year": {"$gte": 2020}}: all must hold.',
    "properties": {
        "$and": {"type": "array", "items": _CONDITIONS},
        "$or": {"type": "array", "items": _CONDITIONS},
        "$not": _CONDITIONS,
    },
    "patternProperties": {"^([^$]|$)": _NAMED},
    "additionalProperties": False,
}


def _condition(where: Any) -> None:
    """Raise InputError for what is no condition."""
    _in_range(where)
    condition(where, SQLITE)  # all take the same


def _in_range(value: Any) -> None:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            _in_range(item)
    elif isinstance(value, int | float) and not abs(value) <= _LARGEST:
        raise InputError(f"A number is too large: write {_LARGEST:,} or less.")


def _holds_words(text: str) -> None:
    if not any(character.isalnum() for character in text):
        raise InputError("The document has no words: send its text.")


Question = Annotated[
    StrictStr,
    Field(max_length=LONGEST_QUESTION, min_length=1),
    _that(check_question),
    WithJsonSchema(
        {
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST_QUESTION,
            "pattern": r"[\p{L}\p{N}]",
            "description": "with at least one letter or digit",
        }
    ),
]
Date = Annotated[
    StrictStr,
    Field(max_length=40),
    _that(lambda value: dates_of(value, None)),
    WithJsonSchema(
        {
            "type": "string",
            "anyOf": [
                {"format": "date"},
                {"pattern": "^[1-9][0-9]{3}$"},
                {"pattern": "^[1-9][0-9]{3}-(0[1-9]|1[0-2])$"},
                {"maxLength": 0},
            ],
            "description": "a year, month or day, included; as people write it (31/05/2024), too",
        }
    ),
]
Where = Annotated[dict[str, Any], _that(_condition), WithJsonSchema(_CONDITIONS)]
Ids = Annotated[list[Annotated[StrictStr, Field(max_length=_LONGEST_ID)]], Field(max_length=1_000)]
# An address of more than 64 KB is cut off by the server.
FewIds = Annotated[list[Annotated[StrictStr, Field(max_length=500)]], Field(max_length=50)]
Whole = BeforeValidator(_whole)


class _Taken(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Limits(_Taken):
    """Which documents are searched: all, unless something limits them."""

    documents: Ids | None = Field(None, description="ids of documents")
    where: Where | None = None
    since: Date | None = None
    until: Date | None = None


class Search(Limits):
    """A question whose passages are wanted."""

    question: Question
    k: Annotated[int, Whole] = Field(5, ge=1, le=MOST_HITS, description="passages at most")
    min_score: Annotated[float, Field(strict=True, ge=0, le=1)] | None = Field(
        None, description="the least relevance"
    )
    rerank: StrictBool = Field(False, description="let the reader rank the best: better, slower")


class SearchMany(Limits):
    """Questions of which each has its passages."""

    questions: list[Question] = Field(max_length=MOST_QUESTIONS)
    k: Annotated[int, Whole] = Field(5, ge=1, le=MOST_HITS)
    min_score: Annotated[float, Field(strict=True, ge=0, le=1)] | None = None


class Message(_Taken):
    """One of the conversation so far."""

    role: Literal["user", "assistant", "system", "developer", "tool"]
    content: StrictStr = Field(max_length=_LONGEST_MESSAGE)


class Ask(Limits):
    """A question to be answered; ``history`` is the conversation before it."""

    question: Question
    history: list[Message] = Field(default=[], max_length=200)
    stream: StrictBool = Field(False, description="the answer as it grows: server-sent events")


class AskQuery(BaseModel, extra="forbid"):
    """The same in an address, without conditions and history."""

    q: Question
    document: FewIds | None = None
    since: Date | None = None
    until: Date | None = None


class SearchQuery(AskQuery):
    """A search in an address."""

    k: int = Field(5, ge=1, le=MOST_HITS)


class Page(_Taken):
    """A part of a list."""

    limit: int = Field(100, ge=1, le=1_000)
    offset: int = Field(0, ge=0, le=10_000_000)


Text = Annotated[
    StrictStr,
    _that(_holds_words),
    WithJsonSchema({"type": "string", "minLength": 1, "pattern": r"[\p{L}\p{N}]"}),
]
Number = Annotated[StrictInt | StrictFloat, WithJsonSchema(_NUMBER)]
Value = StrictStr | StrictBool | Number | list[StrictStr]


class NewDocument(_Taken):
    """A document to add, in place of one of the same id."""

    id: StrictStr = Field(min_length=1, max_length=_LONGEST_ID, pattern=r"[^\s\x1c-\x1f\x85]")
    text: Text
    title: StrictStr | None = Field(None, max_length=10_000)
    source: StrictStr | None = Field(None, max_length=10_000)
    language: Literal["es", "en"] | None = Field(None, description="found out where it is null")
    metadata: Annotated[dict[str, Value], _that(_in_range)] = Field(
        {}, description='"date" as YYYY-MM-DD is the date of the document'
    )


class NewDocuments(_Taken):
    """Documents to add: many at once take less time than one by one."""

    documents: list[NewDocument] = Field(min_length=1, max_length=MOST_DOCUMENTS)

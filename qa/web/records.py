"""A conversation as the browser keeps it, and back: the server itself keeps none.

With each answer the browser gets a record: what of the turn is needed to show it again, to
understand what follows and to take it along. It is text, and carries a stamp that this index's key
gives; a record that was changed, or is of another index, is not believed.
"""

import hmac
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any, Final, Literal

from index.types import Passage
from qa.types import (
    Answer,
    Citation,
    Hit,
    Lack,
    LackKind,
    Refusal,
    Suggestion,
    SuggestionKind,
    Turn,
)

__all__ = ["Kept", "conversation_of", "record_of", "turns_of"]

_PURPOSE: Final = b"record "  # so that no stamp of a citation's link is one of a record
_STAMP = 16  # bytes
_QUESTION = 10_000  # characters of a question without an answer: no longer one can be asked
_SHOWN_HITS = 3  # hits that may be shown; of the others follow-ups need the words alone

_Makers = Mapping[str, Callable[[Any], Any]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A question of a conversation that a browser sent, and what became of it.

    ``turn`` is what was shown; where there is nothing, the question was ``stopped``, or its answer
    is of ``another`` index. Where an answer was stopped while it grew, ``turn`` holds what there
    was.
    """

    question: str
    turn: Turn | None
    state: Literal["whole", "stopped", "another"]


def record_of(turn: Turn, key: bytes, *, stopped: bool = False) -> str:
    """The record of a turn; ``stopped`` says that its answer is not whole, and is not built on."""
    answer = replace(turn.answer, hits=()) if stopped else turn.answer
    hits = [_kept_hit(hit, number) for number, hit in enumerate(answer.hits)]
    kept = {"question": turn.question, "answer": _small(replace(answer, hits=())), "hits": hits}
    if stopped:
        kept["stopped"] = True
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    data = b64encode(zlib.compress(text.encode(errors="surrogatepass"), 9)).decode()
    return f"{data}.{_stamp(data, key)}"


def conversation_of(sent: Any, key: bytes) -> list[Kept]:
    """The conversation that a browser sent: JSON pairs of a question and its record, maybe empty.

    Raises ValueError for anything else.
    """
    try:
        pairs = json.loads(sent) if sent else []
    except (TypeError, RecursionError) as exc:
        raise ValueError("It is no JSON.") from exc
    if not isinstance(pairs, list):
        raise ValueError("It is no list.")  # noqa: TRY004  # as json raises for what is no JSON
    return [_kept(pair, key) for pair in pairs]


def turns_of(conversation: Iterable[Kept]) -> list[Turn]:
    """The turns on which a question may follow: those that were answered to the end."""
    return [kept.turn for kept in conversation if kept.turn and kept.state == "whole"]


def _kept(pair: Any, key: bytes) -> Kept:
    match pair:
        case [str(question), str(record)]:
            question = question[:_QUESTION]
        case _:
            raise ValueError("It is no pair of a question and its record.")
    if not record:
        return Kept(question, None, "stopped")
    data, _, stamp = record.rpartition(".")
    if not hmac.compare_digest(stamp.encode(errors="replace"), _stamp(data, key).encode()):
        return Kept(question, None, "another")
    try:
        kept = json.loads(zlib.decompress(b64decode(data)).decode(errors="surrogatepass"))
        turn = Turn(kept["question"], _answer(kept["answer"], kept["hits"]))
    except (ArithmeticError, LookupError, TypeError, ValueError, zlib.error):  # of another release
        return Kept(question, None, "another")
    return Kept(turn.question, turn, "stopped" if kept.get("stopped") else "whole")


def _stamp(data: str, key: bytes) -> str:
    digest = hmac.digest(key, _PURPOSE + data.encode(errors="replace"), "sha256")
    return b64encode(digest[:_STAMP]).decode()


# Values as JSON


def _small(value: Any) -> Any:
    """A value for JSON; of dataclasses only the fields that are not as they are by default."""
    if isinstance(value, Citation) and value.source:
        # The file's name only: the folders of the machine are nobody's business.
        value = replace(value, source=value.source.replace("\\", "/").rpartition("/")[2])
    if is_dataclass(value):
        pairs = ((field, getattr(value, field.name)) for field in fields(value))
        return {f.name: _small(v) for f, v in pairs if f.default is MISSING or v != f.default}
    if isinstance(value, tuple):
        return [_small(item) for item in value]
    return value.value if isinstance(value, Enum) else value


def _kept_hit(hit: Hit, number: int) -> dict[str, Any]:
    if number >= _SHOWN_HITS:
        return {"document_id": hit.document_id, "text": hit.text}
    cited = {"citation": _small(hit.citation)}
    return cited if hit.text == hit.citation.quote else cited | {"text": hit.text}


# And back


def _answer(kept: Mapping[str, Any], hits: Sequence[Mapping[str, Any]]) -> Answer:
    made: _Makers = {
        "citations": lambda cited: tuple(map(_citation, cited)),
        "notes": tuple,
        "refusal": _refusal,
    }
    return Answer(**_built(kept, made) | {"hits": tuple(map(_hit, hits))})


def _built(kept: Mapping[str, Any], made: _Makers) -> dict[str, Any]:
    """The fields, with those that JSON has no form for made again."""
    return {
        name: made[name](v) if name in made and v is not None else v for name, v in kept.items()
    }


def _citation(kept: Mapping[str, Any]) -> Citation:
    return Citation(**_built(kept, {"highlight": tuple}))


def _hit(kept: Mapping[str, Any]) -> Hit:
    if "citation" in kept:
        citation = _citation(kept["citation"])
    else:
        citation = Citation(kept["document_id"], None, None, None, 1, 0, 0, kept["text"])
    text = kept.get("text", citation.quote)
    place = citation.document_id, citation.start, citation.end
    passage = Passage(*place, text, citation.paragraph, citation.page)
    return Hit(text, 0.0, citation.document_id, citation, passage, None, None)


def _refusal(kept: Mapping[str, Any]) -> Refusal:
    made: _Makers = {
        "nearest": _citation,
        "beyond": _citation,
        "lacks": lambda lacks: tuple(Lack(**_built(one, {"kind": LackKind})) for one in lacks),
        "suggestions": lambda found: tuple(
            Suggestion(**_built(one, {"kind": SuggestionKind, "citation": _citation}))
            for one in found
        ),
    }
    return Refusal(**_built(kept, made))

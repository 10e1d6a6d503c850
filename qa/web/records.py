"""A conversation as the browser keeps it, and back: the server itself keeps none.

With each answer the browser gets a record: what of the turn is needed to show it again, to
understand what follows and to take it along. It is text, and carries a stamp that this index's key
gives; a record that was changed, or is of another index, is not believed.
"""

import hmac
import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Final, Literal, cast, get_args, get_origin, get_type_hints

from index.types import Passage
from qa.types import Answer, Citation, Hit, Turn

__all__ = ["Kept", "conversation_of", "record_of", "turns_of"]

_PURPOSE: Final = b"record "  # so that no stamp of a citation's link is one of a record
_STAMP = 16  # bytes
_QUESTION = 10_000  # characters of a question without an answer: no longer one can be asked
_SHOWN_HITS = 3  # hits that may be shown; of the others follow-ups need the words alone


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
        answer = _made(Answer, kept["answer"] | {"hits": []})
        answer = replace(answer, hits=tuple(map(_hit, kept["hits"])))
    except (ArithmeticError, LookupError, TypeError, ValueError, zlib.error):  # of another release
        return Kept(question, None, "another")
    turn = Turn(kept["question"], answer)
    return Kept(turn.question, turn, "stopped" if kept.get("stopped") else "whole")


def _stamp(data: str, key: bytes) -> str:
    digest = hmac.digest(key, _PURPOSE + data.encode(errors="replace"), "sha256")
    return b64encode(digest[:_STAMP]).decode()


# Values as JSON


def _small(value: Any) -> Any:
    """A value for JSON; of dataclasses only the fields that are not as they are by default."""
    if isinstance(value, tuple):
        return [_small(item) for item in value]
    if not is_dataclass(value):
        return value.value if isinstance(value, Enum) else value
    kept = {}
    for field in fields(value):
        content = getattr(value, field.name)
        if field.name == "source" and content:
            # The file's name only: the folders of the machine are nobody's business.
            content = content.replace("\\", "/").rpartition("/")[2]
        if field.default is MISSING or content != field.default:
            kept[field.name] = _small(content)
    return kept


def _kept_hit(hit: Hit, number: int) -> dict[str, Any]:
    if number >= _SHOWN_HITS:
        return {"document_id": hit.document_id, "text": hit.text}
    cited = {"citation": _small(hit.citation)}
    return cited if hit.text == hit.citation.quote else cited | {"text": hit.text}


# And back

_hints = cache(get_type_hints)


def _made(hint: Any, kept: Any) -> Any:
    """What `_small` made so small, by its annotation; without a check, for the stamp is one."""
    if isinstance(hint, UnionType):  # of something and None
        hint = get_args(hint)[0]
    if kept is None:
        return None
    if get_origin(hint) is tuple:
        return tuple(_made(get_args(hint)[0], item) for item in kept)
    if is_dataclass(hint):
        kind = cast("type", hint)
        hints = _hints(kind)
        return kind(**{name: _made(hints[name], value) for name, value in kept.items()})
    return hint(kept) if isinstance(hint, type) and issubclass(hint, Enum) else kept


def _hit(kept: Mapping[str, Any]) -> Hit:
    if "citation" in kept:
        citation: Citation = _made(Citation, kept["citation"])
    else:
        citation = Citation(kept["document_id"], None, None, None, 1, 0, 0, kept["text"])
    text = kept.get("text", citation.quote)
    place = citation.document_id, citation.start, citation.end
    passage = Passage(*place, text, citation.paragraph, citation.page)
    return Hit(text, 0.0, citation.document_id, citation, passage, None, None)

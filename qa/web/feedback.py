"""What people think of answers: right or wrong, and why, in a file of the operator's.

Each line of the file is one rating as JSON; of several of one answer the last one counts. Only an
answer that this server gave can be rated: the page sends the record, which carries its stamp.
"""

import hashlib
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from filelock import FileLock
from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request

from index.errors import QAError
from index.storage.files import flush
from qa.types import Citation, Turn
from qa.web.limits import Questions, person_of
from qa.web.records import conversation_of
from qa.web.refused import RefusedError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from qa.web.collection import Collection

__all__ = ["Rating", "Ratings", "add_feedback", "entry_of", "file_of"]

_FILE: Final = "feedback.jsonl"
_LARGEST = 100_000_000  # bytes of the file: some fifty thousand ratings
_QUESTION = 2_000  # characters kept of a question
_QUOTE = 1_000  # and of a quote
_COMMENT = 2_000
_CITATIONS = 10
_PER_MINUTE = 60  # nobody reads more


class Rating(BaseModel, strict=True):
    """What a page sends: the answer by its record, and what a person thinks of it."""

    question: str
    record: str
    verdict: Literal["good", "bad"]
    comment: str = Field("", max_length=_COMMENT)
    collection: str | None = None


class Ratings:
    """A file to which ratings are added, one line each. Safe for threads and processes."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def add(self, entry: dict[str, Any]) -> None:
        """Write one line, whole; raises OSError where it cannot be, or the file is full.

        On return it is on the disk.
        """
        line = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        data = f"{line}\n".encode(errors="replace")
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        with FileLock(f"{self.file}.lock"):  # of all processes that write to it
            file = os.open(self.file, flags, 0o600)
            try:
                size = os.fstat(file).st_size
                if size + len(data) > _LARGEST:
                    raise OSError("The file of ratings is full.")
                os.lseek(file, max(0, size - 1), os.SEEK_SET)
                if size and os.read(file, 1) != b"\n":
                    data = b"\n" + data  # a disk was full, or a machine lost its power
                # At once, and to the end, so that no other line comes in between.
                if os.write(file, data) < len(data):
                    raise OSError("The disk is full.")
                os.fsync(file)
                if not size:
                    flush(self.file.parent)
            finally:
                os.close(file)


def file_of(setting: str, index: Path) -> Path | None:
    """The file that a setting means: none for ``off``, without one that beside the index."""
    if setting.lower() in {"off", "no", "false", "0"}:
        return None
    return Path(setting) if setting else index / _FILE


def entry_of(rating: Rating, turn: Turn, user: str | None = None) -> dict[str, Any]:
    """A line of the file, its texts cut to a size that is bounded.

    ``answer`` names the answer: a further rating of it has the same name.
    """
    answer = turn.answer
    entry = {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "answer": hashlib.sha256(rating.record.encode(errors="replace")).hexdigest()[:16],
        "verdict": rating.verdict,
        "comment": " ".join(rating.comment.split()),
        "question": turn.question[:_QUESTION],
        "searched_for": answer.searched_for[:_QUESTION],
        "language": answer.language,
        "found": answer.found,
        "confidence": round(answer.confidence, 4),
        "short": (answer.short or "")[:_QUOTE] or None,
        "limited": answer.refusal is not None and answer.refusal.chosen is not None,
        "citations": [_cited(citation) for citation in answer.citations[:_CITATIONS]],
    }
    return entry | ({"user": user} if user else {})


def _cited(citation: Citation) -> dict[str, Any]:
    return {
        "document_id": citation.document_id,
        "start": citation.start,
        "end": citation.end,
        "hash": citation.hash,
        "paragraph": citation.paragraph,
        "quote": citation.quote[:_QUOTE],
    }


def add_feedback(app: "FastAPI", get: Callable[[str | None], "Collection"], setting: str) -> None:
    """``POST /feedback``: 204, or why the rating is not kept, as a status; none where it is off."""
    from fastapi.responses import Response

    limit = Questions(_PER_MINUTE)
    keep = _keeper(get, setting)

    @app.get("/feedback", include_in_schema=False)
    def is_on() -> dict[str, bool]:
        return {"on": file_of(setting, Path()) is not None}

    @app.post("/feedback", include_in_schema=False)
    async def feedback(request: Request) -> Response:
        from fastapi.concurrency import run_in_threadpool

        user = request.scope.get("qa", {}).get("user")
        try:
            limit.take(person_of(request.scope))
            rating = Rating.model_validate_json(await request.body())
            name = None if user == "shared" else user  # one password for everybody has no name
            return Response(status_code=await run_in_threadpool(keep, rating, name))
        except RefusedError as error:
            return Response(status_code=error.status, headers=error.headers)
        except ValidationError:
            return Response(status_code=422)
        except QAError:
            return Response(status_code=404)


def _keeper(
    get: Callable[[str | None], "Collection"], setting: str
) -> Callable[[Rating, str | None], int]:
    """What keeps a rating, and gives the status of the answer."""
    files: dict[Path, Ratings] = {}

    def keep(rating: Rating, user: str | None) -> int:
        collection = get(rating.collection)
        pairs = json.dumps([[rating.question, rating.record]])
        turn = conversation_of(pairs, collection.key)[0].turn
        path = file_of(setting, collection.path)
        if turn is None or path is None:
            return 404
        try:
            files.setdefault(path, Ratings(path)).add(entry_of(rating, turn, user))
        except OSError:
            return 507
        return 204

    return keep

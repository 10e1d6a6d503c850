"""Questions that the chat suggests: to begin with, and after an answer.

They are found while nobody waits for an answer, one at a time: before each question that is tried,
whoever has come first is let through.
"""

import asyncio
import json
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import astuple, replace
from pathlib import Path
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from index.errors import QAError
from index.storage import files
from qa.answering.suggestions import Suggested, follow_ups, suggested
from qa.types import Answer, Turn
from qa.web.records import conversation_of

if TYPE_CHECKING:
    from fastapi import FastAPI

    from qa import Assistant
    from qa.web.collection import Collection

__all__ = ["Guide", "Guides", "add_guidance", "clear_by_button", "running"]
__all__ += ["with_unread"]

EXAMPLES = 4  # questions to begin with
FOLLOW_UPS = 3
_FILE = "suggestions.json"  # beside the index, from which it follows
_RELEASE = 1  # of the file: another one makes it anew
_LOOK = 5.0  # seconds between two looks at whether the index has changed
_PAUSE = 0.05  # seconds between two looks at whether somebody waits
_PATIENCE = 20.0  # seconds after which nobody looks for follow-ups any more
_REMEMBERED = 200  # answers whose follow-ups are known
# Where nothing else is sure.
_CONTENTS: Final = {"es": "¿Qué documentos hay?", "en": "Which documents are there?"}
_UNREAD: Final = {
    "es": (
        "Un archivo no se pudo leer: puede que lo diga",
        "{count} archivos no se pudieron leer: puede que lo digan",
    ),
    "en": (
        "One file could not be read: it may say it",
        "{count} files could not be read: they may say it",
    ),
}


class _GivenUpError(Exception):
    """Somebody waits for an answer, or the server stops."""


class Guide:
    """The suggestions of one collection. Safe for threads."""

    def __init__(self, collection: "Collection", is_idle: Callable[[], bool]) -> None:
        """``is_idle``: whether nobody waits for an answer."""
        self._retriever = collection.retriever
        self._assistant = collection.assistant
        self._is_idle = is_idle
        self._lock = Lock()
        self._made: dict[str, tuple[Suggested, ...]] = {}
        self._state: object = None  # that the questions are made for
        self._following = Lock()  # held while follow-ups are looked for
        self._stopped = Event()
        self._changed = Event()
        self._thread: Thread | None = None

    def start(self) -> None:
        """Make the questions, in a thread that makes them anew when the index changes."""
        with self._lock:
            if self._thread is None and not self._stopped.is_set():
                self._thread = Thread(target=self._run, name="qa-suggestions", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End the thread, when the question that it tries is answered."""
        self._stopped.set()
        self._changed.set()
        if self._thread is not None:
            self._thread.join()

    def questions(self, language: str) -> list[str] | None:
        """What may be asked, none of a document that has changed; None where they are not made yet.

        Raises QAError where the index cannot be read.
        """
        self.start()
        index = self._retriever.index
        made = self._made.get(language)
        if made is None:
            return None if index.counts().documents else []
        now = index.origins({one.document_id for one in made})
        fresh = [one for one in made if (o := now.get(one.document_id)) and o.hash == one.hash]
        if len(fresh) < len(made):
            self._changed.set()
        shown = [one.question for one in fresh]
        return shown or ([_CONTENTS[language]] if index.counts().documents else [])

    def follow_ups(self, turn: Turn, asked: list[str], language: str) -> tuple[str, ...] | None:
        """Questions to ask after an answer; None where it was given up, for somebody waits."""

        def before_each() -> None:
            if self._stopped.is_set() or not self._is_idle():
                raise _GivenUpError

        with self._following:
            try:
                found = follow_ups(self._assistant, turn, language, asked, FOLLOW_UPS, before_each)
                return tuple(found)
            except _GivenUpError:
                return None

    def _run(self) -> None:
        while not self._stopped.is_set():
            self._changed.clear()
            with suppress(QAError, _GivenUpError):  # it is tried again
                self._make()
            self._changed.wait(_LOOK)

    def _make(self) -> None:
        state = self._look()
        if state == self._state:
            return
        file = self._retriever.index.folder / _FILE
        made = _read(file, state[1:])
        if made is None:
            made = {}
            for language in _CONTENTS:
                found = suggested(
                    self._retriever, self._assistant, language, EXAMPLES, self._give_way
                )
                made[language] = tuple(found)
                self._made = self._made | {language: made[language]}
            if self._look() != state:
                return  # made of what is gone: anew
            with suppress(OSError):  # a folder that is not written to
                files.replace(file, lambda path: _write(path, state[1:], made))
        self._made, self._state = made, state

    def _look(self) -> list[Any]:
        """What tells one state of the index, and of who answers, from another."""
        index, assistant = self._retriever.index, self._assistant
        made_with = [assistant.reader.identity, round(assistant.min_confidence, 4), _RELEASE]
        return [index.entry, index.identity, index.generation, *made_with]

    def _give_way(self) -> None:
        """Wait until nobody waits for an answer, nor for follow-ups."""
        while not self._stopped.is_set():
            if self._is_idle() and not self._following.locked():
                return
            self._stopped.wait(_PAUSE)
        raise _GivenUpError


def _read(file: Path, state: list[Any]) -> dict[str, tuple[Suggested, ...]] | None:
    """The questions that were kept for this state; None where there are none."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["state"] != state:
            return None
        return {
            language: tuple(Suggested(*map(str, one)) for one in kept["questions"][language])
            for language in _CONTENTS
        }
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _write(file: Path, state: list[Any], made: dict[str, tuple[Suggested, ...]]) -> None:
    questions = {language: [astuple(one) for one in found] for language, found in made.items()}
    kept = {"state": state, "questions": questions}
    file.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


class Guides:
    """The guides of all collections, by name; each begins when it is first asked for."""

    def __init__(
        self, get: Callable[[str | None], "Collection"], is_idle: Callable[[], bool]
    ) -> None:
        """``get`` gives a collection by name, None being the first; it raises QAError."""
        self._get = get
        self._is_idle = is_idle
        self._lock = Lock()
        self._guides: dict[int, Guide] = {}
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="qa-follow-ups")
        self._found: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    def of(self, name: str | None = None) -> Guide:
        """The guide of a collection; raises QAError where there is none of that name."""
        collection = self._get(name)
        with self._lock:
            guide = self._guides.get(id(collection.retriever))
            if guide is None:
                guide = Guide(collection, self._is_idle)
                self._guides[id(collection.retriever)] = guide
            return guide

    def stop(self) -> None:
        """End all that runs."""
        for guide in list(self._guides.values()):
            guide.stop()
        self._pool.shutdown(cancel_futures=True)

    async def follow_ups(self, asked: "Asked", left: Callable[[], Any]) -> tuple[str, ...]:
        """Questions to ask after an answer, found when nobody waits; none where that takes long.

        ``left`` tells, awaited, whether who asked has gone. Raises QAError where the index cannot
        be read.
        """
        key = asked.model_dump_json()
        loop = asyncio.get_running_loop()
        end = loop.time() + _PATIENCE
        turn = await loop.run_in_executor(None, self._turn, asked)
        while turn and key not in self._found and loop.time() < end and not await left():
            if self._is_idle():
                found = await loop.run_in_executor(self._pool, self._try, asked, turn)
                if found is not None:
                    self._found[key] = found
            else:
                await asyncio.sleep(4 * _PAUSE)
        while len(self._found) > _REMEMBERED:
            self._found.popitem(last=False)
        return self._found.get(key, ())

    def _turn(self, asked: "Asked") -> Turn | None:
        """The answer that this server gave, whole; None where it is none."""
        key = self._get(asked.collection).key
        kept = conversation_of(json.dumps([[asked.question, asked.record]]), key)[0]
        return kept.turn if kept.state == "whole" else None

    def _try(self, asked: "Asked", turn: Turn) -> tuple[str, ...] | None:
        guide = self.of(asked.collection)
        return guide.follow_ups(turn, asked.before, asked.language)


class Asked(BaseModel, strict=True):
    """What a page sends to get questions that may follow: the answer by its record.

    ``before`` are the questions of the conversation.
    """

    question: str
    record: str
    before: list[str] = []
    language: Literal["es", "en"] = "es"
    collection: str | None = None


def with_unread(answer: Answer, assistant: "Assistant") -> Answer:
    """Where the documents do not say: with a note of the files that were not read, if any."""
    refusal = answer.refusal
    if answer.found or refusal is None or refusal.chosen is not None:
        return answer
    try:
        count = len(assistant.retriever.index.catalog.failures())
    except QAError:
        return answer
    one, more = _UNREAD["en" if answer.language == "en" else "es"]
    note = one if count == 1 else more.format(count=count)
    return replace(answer, notes=(*answer.notes, note)) if count else answer


def clear_by_button(scope: Any, **event: Any) -> None:
    """A hidden button, which guide.js presses, after which all documents are searched."""
    import gradio as gr

    gr.Button(elem_id="everywhere", visible="hidden").click(list, None, scope, **event)


def add_guidance(app: "FastAPI", guides: Guides) -> None:
    """``GET /suggestions`` and ``POST /follow``, of which a page makes buttons."""
    from fastapi.responses import JSONResponse

    @app.get("/suggestions", include_in_schema=False)
    def suggestions(language: str = "es", collection: str | None = None) -> dict[str, Any]:
        """The questions to begin with; not ``ready`` while they are being made."""
        language = language if language in _CONTENTS else "es"
        try:
            questions = guides.of(collection or None).questions(language)
        except QAError:  # the page says what is wrong with the index
            questions = []
        return {"questions": questions or [], "ready": questions is not None}

    @app.post("/follow", include_in_schema=False)
    async def follow(request: Request) -> JSONResponse:
        try:
            asked = Asked.model_validate_json(await request.body())
            found = await guides.follow_ups(asked, request.is_disconnected)
        except (ValidationError, QAError):
            found = ()
        return JSONResponse({"questions": found})


@contextmanager
def running(guides: Guides) -> Iterator[Guides]:
    """The guides, the first one at work from now on, until the end."""
    with suppress(QAError):  # the page says what is wrong with the index
        guides.of().start()
    try:
        yield guides
    finally:
        guides.stop()

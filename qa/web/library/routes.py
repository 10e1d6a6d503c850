"""The page of documents, and what it asks for: JSON for its script, and a file as its bytes."""

from collections.abc import Callable
from threading import Lock
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from index.errors import QAError
from qa.web.collection import Collections
from qa.web.front import head_of
from qa.web.library.listing import AT_ONCE, Page, Wanted, listed
from qa.web.library.reasons import reason_in
from qa.web.library.refusals import Refusal, RefusalError
from qa.web.library.shelf import Shelf
from qa.web.library.text import paragraphs
from qa.web.library.uploads import clean_name
from qa.web.own_files import tags
from qa.web.refused import RefusedError
from qa.web.service import Service
from qa.web.strings import error_message

__all__ = ["add_library"]

_AT_ONCE = 6  # files that are being sent
_MOST = 500  # files in one request about them

Lang = Literal["es", "en"]
Text = Annotated[str, Query(max_length=500)]
Name = Annotated[str, Field(max_length=1000)]


class _Asked(BaseModel):
    collection: Name = ""
    lang: Lang = "en"


class _Files(_Asked):
    files: Annotated[list[tuple[Name, int]], Field(max_length=_MOST)]


class _Names(_Asked):
    names: Annotated[list[Name], Field(max_length=_MOST)]


class _Keys(_Asked):
    keys: Annotated[list[Name], Field(max_length=_MOST)]


class Shelves:
    """The shelf of each collection, made when it is first asked for. Safe for threads."""

    def __init__(self, collections: Collections, *, changeable: bool) -> None:
        self.collections = collections
        self.changeable = changeable
        self._shelves: dict[str, Shelf] = {}
        self._lock = Lock()

    def get(self, name: str) -> Shelf:
        """The shelf of a collection by name; raises QAError where it cannot be opened."""
        collection = self.collections.get(name)
        with self._lock:
            if collection.name not in self._shelves:
                shelf = Shelf(collection, changeable=self.changeable)
                self._shelves[collection.name] = shelf
            return self._shelves[collection.name]

    def to_change(self, name: str) -> Shelf:
        """The same; raises RefusalError where nothing may be added or removed."""
        if not self.changeable:
            raise RefusalError(Refusal.NOT_ALLOWED)
        return self.get(name)


def add_library(app: FastAPI, collections: Collections, service: Service) -> None:
    """Add the page and its routes."""
    shelves = Shelves(collections, changeable=service.options.allow_upload)
    root = service.options.root_path
    head = tags(root, styles=("base", "documents"), script="documents")

    @app.get("/documents")
    def page(request: Request) -> HTMLResponse:
        return HTMLResponse(head_of(request.headers, root, "qa", head) + _BODY)

    @app.get("/documents/collections")
    def names() -> dict[str, list[str]]:
        return {"collections": collections.names}

    _add_reading(app, shelves)
    _add_text(app, shelves)
    _add_changing(app, shelves)
    _add_receiving(app, shelves)


def _add_receiving(app: FastAPI, shelves: Shelves) -> None:
    sending = 0

    @app.put("/documents/file")
    async def put_file(
        request: Request,
        name: Text,
        collection: Text = "",
        same: Literal["keep", "replace"] = "keep",
        lang: Lang = "en",
    ) -> JSONResponse:
        try:
            shelf = await run_in_threadpool(shelves.to_change, collection)
            kept = await receive(shelf, request, name, replace=same == "replace")
        except QAError as error:
            return _refused(error, lang)
        return JSONResponse({"name": kept})

    async def receive(shelf: Shelf, request: Request, name: str, *, replace: bool) -> str:
        nonlocal sending
        if sending >= _AT_ONCE:
            raise RefusalError(Refusal.BUSY)
        sending += 1
        try:
            return await _receive(shelf, request, name, replace=replace)
        finally:
            sending -= 1


async def _receive(shelf: Shelf, request: Request, name: str, *, replace: bool) -> str:
    """Write what is sent to the disk, part by part; the name that the file has there."""
    uploads, name = shelf.uploads, clean_name(name)
    length = request.headers.get("content-length", "")
    await run_in_threadpool(uploads.check, name, int(length) if length.isdigit() else None)
    place = uploads.receive()
    incoming = await run_in_threadpool(place.__enter__)
    try:
        async for part in request.stream():
            await run_in_threadpool(incoming.write, part)
        await run_in_threadpool(incoming.finish)
        kept = await run_in_threadpool(uploads.keep, incoming, name, replace=replace)
    except ClientDisconnect as exc:
        raise RefusalError(Refusal.BROKEN) from exc
    finally:
        place.__exit__(None, None, None)
    shelf.indexer.start()
    return kept


def _add_reading(app: FastAPI, shelves: Shelves) -> None:
    about = {
        "changeable": shelves.changeable,
        "collections": shelves.collections.names,
    }

    @app.get("/documents/list")
    def list_documents(  # noqa: PLR0913, PLR0917  # a filter for each
        q: Text = "",
        folder: Text = "",
        state: Text = "",
        since: Text = "",
        until: Text = "",
        sort: Text = "name",
        descending: bool = False,
        offset: Annotated[int, Query(ge=0, le=10**7)] = 0,
        collection: Text = "",
        lang: Lang = "en",
    ) -> JSONResponse:
        try:
            shelf = shelves.get(collection)
            phrase = _phrase(q)
            only = shelf.holding(phrase) if phrase else None
            words = "" if only is not None else q.strip('"“”«» ')
            wanted = Wanted(words, folder, state, since, until, sort, descending, offset)
            found = shelf.listing.page(wanted, only)
        except QAError as error:
            return _refused(error, lang)
        return JSONResponse({**_shown(shelf, found, lang), **about, "offset": offset})


def _shown(shelf: Shelf, found: Page, language: str) -> dict[str, Any]:
    """A page of the list, as JSON."""
    rows = listed(found.entries)
    for row, entry in zip(rows, found.entries, strict=True):
        row["reasons"] = [reason_in(language, reason) for reason in entry.reasons]
        row["inside"] = shelf.listing.inside(entry.id) if entry.id else 0
    return {
        "entries": rows,
        "total": found.total,
        "whole": found.whole,
        "step": AT_ONCE,
        "folders": found.folders,
        "states": found.states,
        "running": shelf.indexer.running,
        "collection": shelf.name,
    }


def _add_text(app: FastAPI, shelves: Shelves) -> None:
    @app.get("/documents/text")
    def text(
        id: Annotated[str, Query(max_length=5000)],
        offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
        collection: Text = "",
        lang: Lang = "en",
    ) -> JSONResponse:
        try:
            document = shelves.get(collection).index.document(id)
        except QAError as error:
            return _refused(error, lang)
        return JSONResponse(paragraphs(document, offset))


def _phrase(words: str) -> str | None:
    """What stands in quotation marks, where that is all that is asked for."""
    words = words.strip()
    quoted = len(words) > 2 and words[0] in '"“«' and words[-1] in '"”»'
    return words[1:-1].strip() or None if quoted else None


def _add_changing(app: FastAPI, shelves: Shelves) -> None:
    def answered(asked: _Asked, work: Callable[[Shelf], Any]) -> JSONResponse:
        try:
            return JSONResponse(work(shelves.to_change(asked.collection)))
        except QAError as error:
            return _refused(error, asked.lang)

    @app.post("/documents/check")
    def check(asked: _Files) -> JSONResponse:
        return answered(asked, lambda shelf: {"files": shelf.checked(asked.files, asked.lang)})

    @app.post("/documents/progress")
    def progress(asked: _Names) -> JSONResponse:
        return answered(asked, lambda shelf: shelf.progress(asked.names, asked.lang))

    @app.post("/documents/cancel")
    def cancel(asked: _Names) -> JSONResponse:
        return answered(asked, lambda shelf: {"names": shelf.cancel(asked.names)})

    @app.post("/documents/remove")
    def remove(asked: _Keys) -> JSONResponse:
        return answered(asked, lambda shelf: {"removed": shelf.remove(asked.keys)})


def _refused(error: QAError, language: str) -> JSONResponse:
    if isinstance(error, RefusalError | RefusedError):
        return JSONResponse({"error": error.say(language)}, error.status)
    status = 404 if isinstance(error, KeyError) else 409
    return JSONResponse({"error": error_message(error, language)}, status)


# All that it shows is filled in by its script.
_BODY = '<body id="documents"><main></main></body>\n</html>\n'

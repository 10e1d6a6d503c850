"""What the panel with a citation's source asks for: its boxes, its pages, its file."""

import os
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote

from index import Index
from index.errors import QAError
from index.types import Document
from qa.web.collection import Collections
from qa.web.source import document_of, is_stale, source_of, span_of
from qa.web.viewer.boxes import Place
from qa.web.viewer.files import Original, ViewError, entry_of, original_of, verified
from qa.web.viewer.process import Renderer

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["ROUTES", "add_viewer"]

ROUTES = r"GET /(source|view|page|original|c/[\w.-]+)"
"""The requests that are answered here, as `qa.web.guard.Guard` takes them."""

_CITE = "#cite-"  # with which the links of the chat begin
_WIDTHS = (800, 1200, 1800, 2600)  # pixels of a picture; few, so that they are in the cache
_KEPT_BYTES = 32 << 20  # of pictures
_SECONDS, _WAITING = 20.0, 24  # for a picture; requests that may wait for it
_OCR_SECONDS, _OCR_WAITING = 120.0, 3
_OCR_MEMORY = 2 << 30
_MOST_PAGES = 8  # on which one quote is boxed
_CONTEXT = 40_000  # characters around a quote that are matched with the page
_CHUNK = 1 << 18
_STATUS = {"gone": 410, "changed": 409, "busy": 503, "slow": 503}


def add_viewer(app: "FastAPI", collections: Collections, root: str) -> None:
    """Add the routes of `ROUTES`; ``root`` is the path above the page.

    All are asked for by the link of a citation, and lead to its document and file alone.
    """
    viewer = _Viewer(collections)
    _add_view(app, viewer)
    _add_pages(app, viewer, root)

    @app.get("/source")
    def source(link: str = "") -> dict[str, Any]:
        cited = viewer.cited(link)
        original = original_of(cited.index, cited.document.id)
        shown = asdict(source_of(link, cited.document))
        if original is None:
            return shown | {"file": None}
        file = {"name": original.name, "pages": original.has_pages, "whole": original.is_container}
        return shown | {"file": file}


def _add_view(app: "FastAPI", viewer: "_Viewer") -> None:
    from anyio.to_thread import run_sync
    from fastapi.responses import JSONResponse, Response

    def refused(reason: str) -> JSONResponse:
        return JSONResponse({"reason": reason}, _STATUS.get(reason, 422))

    @app.get("/view")
    async def view(link: str = "", ocr: bool = False) -> Response:
        original, request = await run_sync(viewer.request, link, ocr)
        try:
            answer = await viewer.asked(original, request)
        except ViewError as exc:
            return refused(str(exc))
        return JSONResponse(answer)

    @app.get("/page")
    async def page(link: str = "", number: int = 1, pixels: int = 0) -> Response:
        original = await run_sync(viewer.original, link)
        width = next((width for width in _WIDTHS if width >= pixels), _WIDTHS[-1])
        try:
            picture = await viewer.picture(original, number, width)
        except ViewError as exc:
            return refused(str(exc))
        # Compressed already.
        return Response(picture, media_type="image/webp", headers={"Content-Encoding": "identity"})


def _add_pages(app: "FastAPI", viewer: "_Viewer", root: str) -> None:
    """What opens in a tab of its own: the file, and the page of a permanent link."""
    from fastapi import HTTPException, Request
    from fastapi.responses import Response, StreamingResponse

    from qa.web.viewer.light import citation_page, problem_page

    @app.get("/original")
    def original(request: Request, link: str = "", download: bool = False) -> Response:
        try:
            found = viewer.original(link)
            file = verified(found.path, found.hash)
        except HTTPException as exc:
            return problem_page(request, root, exc.status_code)
        except ViewError as exc:
            return problem_page(request, root, _STATUS[str(exc)], file=True)
        return StreamingResponse(_chunks(file), headers=_headers(file, found, download))

    @app.get("/c/{rest}")
    def permalink(request: Request, rest: str) -> Response:
        try:
            viewer.cited(_CITE + rest)
        except HTTPException as exc:
            return problem_page(request, root, exc.status_code)
        return citation_page(request, root)


@dataclass(frozen=True, slots=True)
class _Cited:
    index: Index
    document: Document


class _Viewer:
    """Asks for pictures and boxes, and keeps the pictures that were asked for last."""

    def __init__(self, collections: Collections) -> None:
        self._collections = collections
        self._pictures: OrderedDict[tuple[Any, ...], bytes] = OrderedDict()
        self._renderer = Renderer(_SECONDS, _WAITING)
        self._ocr = Renderer(_OCR_SECONDS, _OCR_WAITING, _OCR_MEMORY)  # which keeps nobody waiting

    def cited(self, link: str) -> _Cited:
        """The document of a link; raises HTTPException: 404 for none, 409 for another text."""
        from fastapi import HTTPException

        try:
            collection = self._collections.of_link(link)
            if collection is None:
                raise HTTPException(404)
            document = collection.retriever.document(document_of(link))
        except QAError as exc:  # since removed, or the whole index was
            raise HTTPException(404) from exc
        if is_stale(link, document):
            raise HTTPException(409)
        return _Cited(collection.retriever.index, document)

    def original(self, link: str) -> Original:
        """The file of a link's document; raises HTTPException, 404 for none."""
        return self._original(self.cited(link))

    def _original(self, cited: _Cited) -> Original:
        from fastapi import HTTPException

        original = original_of(cited.index, cited.document.id)
        if original is None:
            raise HTTPException(404)
        return original

    def request(self, link: str, ocr: bool) -> tuple[Original, dict[str, Any]]:
        """The file, and what is asked about it: where the quoted words are on its pages."""
        cited = self.cited(link)
        return self._original(cited), _request(cited.document, link, ocr)

    async def asked(self, original: Original, request: dict[str, Any]) -> dict[str, Any]:
        """The boxes; raises ViewError."""
        _paged(original)
        renderer = self._ocr if request["do"] == "ocr" else self._renderer
        answer, _ = await renderer.ask(
            {"path": str(original.path), "hash": original.hash, **request}
        )
        del answer["bytes"]
        return {**answer, "page": request["numbers"][0], "scan": request["scan"]}

    async def picture(self, original: Original, number: int, pixels: int) -> bytes:
        """A page as WebP; raises ViewError."""
        _paged(original)
        key = (original.path, original.hash, *entry_of(original.path), number, pixels)
        if kept := self._pictures.get(key):
            self._pictures.move_to_end(key)
            return kept
        asked = {"do": "picture", "path": str(original.path), "hash": original.hash}
        _, picture = await self._renderer.ask({**asked, "number": number, "pixels": pixels})
        self._pictures[key] = picture
        while sum(map(len, self._pictures.values())) > _KEPT_BYTES:
            self._pictures.popitem(last=False)
        return picture


def _paged(original: Original) -> None:
    if not original.has_pages:
        raise ViewError("unreadable")


def _request(document: Document, link: str, ocr: bool) -> dict[str, Any]:
    """Where the quote is, in the text of its pages; OCR is for pages that were read by it."""
    start, end, answer = span_of(link)
    starts = document.page_starts or (0,)
    first = max(1, bisect_right(starts, start))
    last = min(bisect_right(starts, max(start, end - 1)), first + _MOST_PAGES - 1)
    from_ = max(starts[first - 1], start - _CONTEXT)
    to = starts[last] if last < len(starts) else len(document.text)
    to = min(to, end + _CONTEXT)
    scan = any(sure is not None for sure in document.page_confidences[first - 1 : last])
    place = Place(
        document.text[from_:to],
        start - from_,
        min(end, to) - from_,
        (answer[0] - from_, answer[1] - from_) if answer else None,
    )
    return {
        "do": "ocr" if ocr and scan else "boxes",
        "numbers": list(range(first, last + 1)),
        "place": asdict(place),
        "wider": len(starts) > 1,
        "scan": scan,
    }


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _headers(file: BinaryIO, original: Original, download: bool) -> dict[str, str]:
    """Shown in the browser only if it is a PDF; anything else is a file to keep."""
    is_pdf = file.read(5) == b"%PDF-"
    file.seek(0)
    size = os.fstat(file.fileno()).st_size
    kind = "inline" if is_pdf and not download else "attachment"
    name = quote(original.name, safe="", errors="replace")
    return {
        "Content-Type": "application/pdf" if is_pdf else "application/octet-stream",
        "Content-Disposition": f"{kind}; filename*=UTF-8''{name}",
        "Content-Length": str(size),
        "Content-Encoding": "identity",  # what is in it is compressed already
    }

"""``/documents``: what the index holds; where it is allowed, documents are added and removed."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from index.types import Document
from qa.search.retriever import Retriever
from qa.web.http import answers
from qa.web.http.asking import last
from qa.web.http.models import NewDocument, NewDocuments, Page
from qa.web.http.routes import router
from qa.web.library.refusals import Refusal, RefusalError
from qa.web.service import Service

__all__ = ["add_documents"]

Id = Annotated[str, Path(max_length=2_000)]


def add_documents(api: FastAPI, retriever: Retriever, service: Service) -> None:
    """Add the routes."""
    routes = router(service, tags=["documents"])
    _add_reading(routes, retriever)
    _add_changing(routes, retriever, service)
    api.include_router(routes)


def _add_reading(routes: APIRouter, retriever: Retriever) -> None:
    @routes.get("/documents", response_model=answers.Documents)
    def list_documents(page: Annotated[Page, Query()]) -> Response:
        """List documents by id."""
        whole = retriever.documents()
        shown = whole[page.offset : page.offset + page.limit]
        listed = [_listed(one) for one in shown]
        return JSONResponse({"documents": listed, "total": len(whole), "offset": page.offset})

    @routes.get("/documents/{id:path}", response_model=answers.Whole)
    def read_document(id: Id) -> Response:
        """Give a document with its text and metadata."""
        document = retriever.document(id)
        origin = retriever.index.origins([id])[id]
        return JSONResponse(
            {
                "id": id,
                "title": document.title,
                "source": document.source,
                "language": document.language,
                "passages": retriever.index.size(id),
                "date": origin.date,
                "hash": origin.hash,
                "metadata": dict(document.metadata),
                "text": document.text,
                "page_starts": list(document.page_starts),
            }
        )


def _listed(info: Any) -> dict[str, Any]:
    return {name: getattr(info, name) for name in answers.Listed.model_fields}


def _add_changing(routes: APIRouter, retriever: Retriever, service: Service) -> None:
    async def written(request: Request, write: Callable[[], Response]) -> Response:
        """Write when it is this one's turn: one after the other."""
        if not service.options.allow_upload:
            raise RefusalError(Refusal.NOT_ALLOWED)

        def work() -> Iterator[Response]:
            yield write()

        done: Response = await last(service.writes.stream(work), request)
        return done

    def add(documents: list[NewDocument]) -> Response:
        made = [Document(**document.model_dump()) for document in documents]
        passages = retriever.index.add(made)
        return JSONResponse({"ids": [one.id for one in made], "passages": passages}, 201)

    @routes.post("/documents", status_code=201, response_model=answers.Added)
    async def add_documents(request: Request, sent: NewDocuments) -> Response:
        """Add documents, each in place of one of the same id."""
        return await written(request, lambda: add(sent.documents))

    @routes.delete("/documents/{id:path}", response_model=answers.Removed)
    async def remove_document(request: Request, id: Id) -> Response:
        """Take a document out of the index; its file, where it came from one, stays."""

        def remove() -> Response:
            retriever.document(id)  # raises where there is none
            return JSONResponse({"removed": retriever.index.remove([id])})

        return await written(request, remove)

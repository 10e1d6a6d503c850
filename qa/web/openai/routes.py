"""The routes under /v1, added to the application of ``qa serve``."""

import asyncio
import base64
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

import numpy as np
from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from numpy.typing import NDArray

from index.embedders import Embedder
from index.errors import QuestionError
from qa.types import Answer
from qa.web.collection import Collection, Collections
from qa.web.http.routes import router
from qa.web.openai.chat import chunks, completion
from qa.web.openai.errors import OpenAIRoute, form
from qa.web.openai.given import ChatRequest, EmbeddingsRequest, ResponsesRequest, conversation
from qa.web.openai.jobs import job_done
from qa.web.openai.responses import response, response_events
from qa.web.openai.streams import Answers, begun, done, last, pieces
from qa.web.openai.written import Links, body, sources
from qa.web.problems import speak
from qa.web.service import Service
from qa.web.workers import Waiting
from qa.writing.writer import Writer

__all__ = ["add_openai"]

_EMBEDDING = "qa-embedding"
_QUERIES, _PASSAGES = f"{_EMBEDDING}-query", f"{_EMBEDDING}-passage"
_AS_QUERY = {"query": True, "search_query": True}
_AS_QUERY |= {"passage": False, "document": False, "search_document": False}
_AT_ONCE = 32  # texts that are embedded between two looks at whether the client is still there
_STREAMED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def add_openai(api: FastAPI, collections: Collections, service: Service) -> None:
    """/v1/models, /v1/chat/completions, /v1/responses and /v1/embeddings.

    Each collection answers under its name as a model. The embedding models are those of the first.
    They are left out of the description: their protocol is described elsewhere.
    """
    routes = router(service, prefix="/v1", route_class=OpenAIRoute, include_in_schema=False)
    models = _Models(collections, service)
    _add_models(routes, models)
    _add_chat(routes, models)
    _add_responses(routes, models)
    _add_embeddings(routes, models)
    api.include_router(routes)
    speak(api, "/v1/", form)


class _Models:
    """The collections by name, and what each needs to answer."""

    def __init__(self, collections: Collections, service: Service) -> None:
        self.collections = collections
        self.service = service
        self.names = [*collections.names, _EMBEDDING, _QUERIES, _PASSAGES]
        self.started = int(time.time())

    @property
    def embedder(self) -> Embedder:
        """The model that embeds, and whose tokens are counted."""
        return self.collections.get().retriever.index.model

    async def collection(self, name: str) -> Collection:
        """The one of this name; raises HTTPException where there is none."""
        if name not in self.collections.names:
            raise HTTPException(404, self.unknown(name, self.collections.names))
        return await asyncio.to_thread(self.collections.get, name)  # it may be opened now

    def unknown(self, name: str, there: Sequence[str]) -> str:
        """That there is no such model, and which there are."""
        return f"There is no model {name[:60]!r} for this: use {', '.join(there)}."

    def links(self, collection: Collection) -> Links:
        """Where its citations open."""
        return Links(self.service.options.web_url, collection.key)

    def count(self, text: str) -> int:
        """The number of a text's tokens in our own model."""
        return self.embedder.count_tokens([text])[0]

    def asked(
        self,
        request: Request,
        collection: Collection,
        question: str,
        history: list[dict[str, str]],
        limits: Mapping[str, Any],
    ) -> Answers:
        """The answer as it grows, from one of the threads for answers."""

        def work() -> Iterator[Answer]:
            return collection.assistant.stream(question, history, **limits)

        return self.service.asked(request.scope, question, work)


def _add_models(routes: APIRouter, models: _Models) -> None:
    def told(name: str) -> dict[str, Any]:
        return {"id": name, "object": "model", "created": models.started, "owned_by": "qa"}

    @routes.get("/models")
    def listed() -> dict[str, Any]:
        """The collections, and the embedding models."""
        return {"object": "list", "data": [told(name) for name in models.names]}

    @routes.get("/models/{name:path}")
    def one(name: str) -> dict[str, Any]:
        """One of them."""
        if name not in models.names:
            raise HTTPException(404, models.unknown(name, models.names))
        return told(name)


def _add_chat(routes: APIRouter, models: _Models) -> None:
    @routes.post("/chat/completions")
    async def complete(request: Request, given: ChatRequest) -> Response:
        """The answer of the documents to the last question of a conversation."""
        collection = await models.collection(given.model)
        question, before = conversation(given.messages)
        job = job_done(question, before)
        links = models.links(collection)
        answers = models.asked(request, collection, question, before, given.limits)
        if not given.stream:
            answer = None if job is not None else await last(answers, request)
            text = body(answer) + sources(answer, links) if answer else job or ""
            return JSONResponse(completion(given.model, question, text, answer, models.count))
        if job is not None:
            items = done(job)
        else:
            settled_only = isinstance(collection.assistant, Writer)
            items = pieces(await begun(answers), links, settled_only=settled_only)
        options = given.stream_options
        with_usage = options is not None and options.include_usage
        parts = chunks(given.model, question, items, models.count, with_usage=with_usage)
        return StreamingResponse(parts, media_type="text/event-stream", headers=_STREAMED)


def _add_responses(routes: APIRouter, models: _Models) -> None:
    @routes.post("/responses")
    async def respond(request: Request, given: ResponsesRequest) -> Response:
        """The same by the newer protocol; nothing is stored."""
        collection = await models.collection(given.model)
        if isinstance(given.input, str):
            question, before = given.input, list[dict[str, str]]()
        else:
            question, before = conversation(given.input)
        links = models.links(collection)
        answers = models.asked(request, collection, question, before, given.limits)
        if not given.stream:
            answer = await last(answers, request)
            text = body(answer) + sources(answer, links)
            return JSONResponse(response(given.model, question, text, answer, models.count))
        items = pieces(
            await begun(answers), links, settled_only=isinstance(collection.assistant, Writer)
        )
        parts = response_events(given.model, question, items, models.count)
        return StreamingResponse(parts, media_type="text/event-stream", headers=_STREAMED)


def _add_embeddings(routes: APIRouter, models: _Models) -> None:
    @routes.post("/embeddings")
    async def embed(request: Request, given: EmbeddingsRequest) -> Response:
        """Unit vectors of texts, as the index has them."""
        as_query = _as_query(given, models)
        model = models.embedder
        if given.dimensions not in {None, model.dimensions}:
            raise QuestionError(f"The vectors have {model.dimensions} dimensions: leave it out.")
        texts = given.texts
        embed_some = model.embed_queries if as_query else model.embed_passages

        def work() -> Iterator[NDArray[np.float32]]:
            for start in range(0, len(texts), _AT_ONCE):
                yield embed_some(texts[start : start + _AT_ONCE])

        service = models.service
        async with aclosing(service.asked(request.scope, "", work, service.searches)) as blocks:
            found = [block async for block in blocks if not isinstance(block, Waiting)]
        spent = sum(model.count_tokens(texts))
        vectors = [_written(vector, given.encoding_format) for vector in np.concatenate(found)]
        data = [
            {"object": "embedding", "index": place, "embedding": vector}
            for place, vector in enumerate(vectors)
        ]
        usage = {"prompt_tokens": spent, "total_tokens": spent}
        return JSONResponse({"object": "list", "model": given.model, "data": data, "usage": usage})


def _as_query(given: EmbeddingsRequest, models: _Models) -> bool:
    """Whether texts are embedded as questions; raises HTTPException or QuestionError."""
    by_name = {_QUERIES: True, _PASSAGES: False}
    if given.model not in {_EMBEDDING, *by_name}:
        raise HTTPException(404, models.unknown(given.model, [_EMBEDDING, *by_name]))
    if given.input_type is None:
        return by_name.get(given.model, False)
    if given.input_type not in _AS_QUERY:
        raise QuestionError(f"input_type is one of {', '.join(_AS_QUERY)}, or left out.")
    return _AS_QUERY[given.input_type]


def _written(vector: NDArray[np.float32], form: str) -> str | list[float]:
    if form == "base64":
        return base64.b64encode(vector.astype("<f4").tobytes()).decode()
    floats: list[float] = vector.tolist()
    return floats

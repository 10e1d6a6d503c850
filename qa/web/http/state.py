"""``/health``, ``/metrics``, and the description of all routes at ``/openapi.json``."""

from typing import Any

from fastapi import FastAPI
from fastapi.responses import Response

from qa.search.retriever import Retriever
from qa.web.http.answers import Fault, Health, Problem
from qa.web.http.models import WHERE
from qa.web.http.routes import router
from qa.web.metrics import CONTENT_TYPE
from qa.web.server import add_health
from qa.web.service import Service

__all__ = ["add_state"]


def add_state(api: FastAPI, retriever: Retriever, service: Service) -> None:
    """Add the routes."""
    add_health(api, service, response_model=Health, tags=["state"])
    routes = router(service, tags=["state"])
    texts: dict[int | str, dict[str, Any]] = {
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}}
    }

    @routes.get("/metrics", response_class=Response, responses=texts)
    def metrics() -> Response:
        """Give what the server has counted, as Prometheus reads it."""
        counts = retriever.index.counts()
        gauges: dict[str, tuple[str, float]] = {
            "qa_answering": ("Answers that are computed now.", service.answers.answering),
            "qa_waiting": ("Questions that wait for an answer.", service.answers.waiting),
            "qa_searching": ("Searches that are made now.", service.searches.answering),
            "qa_documents": ("Documents of the index.", counts.documents),
            "qa_passages": ("Passages of the index.", counts.passages),
        }
        return Response(service.metrics.text(gauges), media_type=CONTENT_TYPE)

    api.include_router(routes)
    _describe(api)


def _describe(api: FastAPI) -> None:
    """Add to the description what no route's own type names."""
    described = api.openapi

    def openapi() -> dict[str, Any]:
        whole = described()
        place = "#/components/schemas/{model}"
        schemas = whole.setdefault("components", {}).setdefault("schemas", {})
        for model in (Problem, Fault):
            schema = model.model_json_schema(ref_template=place)
            schema.pop("$defs", None)
            schemas[model.__name__] = schema
        schemas["Where"] = WHERE
        return whole

    api.openapi = openapi  # type: ignore[method-assign]

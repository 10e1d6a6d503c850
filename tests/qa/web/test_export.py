"""POST /export: a conversation as a file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from index import Document
from index.errors import IndexLockedError
from qa.reports.export import Format
from qa.reports.reading import read_report
from qa.types import Turn
from tests.conftest import CHAT
from tests.qa.reports.made import answered, cited

pytest.importorskip("fastapi", reason=CHAT)

DOCUMENT = Document("faro.txt", "El faro se encendió en 1890.")


def turns_of(conversation: Any) -> Sequence[Turn]:
    """A turn of each text; what is no list of texts is refused."""
    if conversation == "locked":
        raise IndexLockedError("Another process writes to it.")
    if not isinstance(conversation, list):
        raise ValueError(conversation)  # noqa: TRY004  # what the route expects
    return [answered(cited(DOCUMENT, DOCUMENT.text), question=text) for text in conversation]


def post(body: Any, **headers: str) -> Any:
    """The answer to a request, of an application that is protected as the chat is."""
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from qa.web.export import add_export
    from qa.web.server import protect
    from qa.web.service import Service

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    protect(app, "127.0.0.1", Service())
    add_export(app, turns_of)
    client = TestClient(app, "http://localhost:7860")
    sent = {"content": body} if isinstance(body, bytes) else {"json": body}
    return client.post("/export", headers=headers, **sent)


@pytest.mark.parametrize("form", list(Format))
def test_a_conversation_comes_as_a_file(form: Format, tmp_path: Path) -> None:
    """It is a file to keep, in no cache, and holds each question with its quote."""
    body = {"format": form, "language": "es", "conversation": ["¿Cuándo?", "¿Y dónde?"]}
    response = post(body)
    assert response.status_code == 200
    kept = response.headers["content-disposition"]
    assert kept.startswith('attachment; filename="consulta-20')
    assert kept.endswith(f'.{form}"')
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    path = tmp_path / f"a.{form}"
    path.write_bytes(response.content)
    language, quotes = read_report(path)
    assert language == "es"
    assert [quote.words for quote in quotes] == [DOCUMENT.text] * 2


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"format": "html", "language": "es", "conversation": []}, "pregunta algo primero"),
        ({"format": "html", "language": "en", "conversation": []}, "ask something first"),
        ({"format": "html", "language": "es", "conversation": "x"}, "vuelve a cargar la página"),
        ({"format": "pdf", "language": "en", "conversation": []}, "load the page again"),
        ({"format": "md", "language": "en", "conversation": [], "path": "/"}, "load the page"),
        ({"format": "md", "language": "es", "conversation": "locked"}, "El índice no se puede"),
        (b"{", "load the page again"),
        (b"", "load the page again"),
    ],
)
def test_what_is_wrong_is_one_sentence(body: Any, said: str) -> None:
    """In the language that was asked for, else in the browser's, with status 422."""
    response = post(body)
    assert response.status_code == 422
    (error,) = response.json().values()
    assert said in error
    assert "Traceback" not in error


def test_without_a_language_the_browsers_is_spoken() -> None:
    """As for any page."""
    assert "vuelve a cargar" in post(b"", **{"accept-language": "es-MX,en"}).json()["error"]


def test_another_page_gets_nothing() -> None:
    """The route answers the chat's own page alone."""
    body = {"format": "md", "language": "es", "conversation": ["¿Cuándo?"]}
    assert post(body, origin="http://evil.example").status_code == 403

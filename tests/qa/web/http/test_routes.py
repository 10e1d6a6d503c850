"""``qa serve``: the same JSON over HTTP."""

from pathlib import Path

import pytest

from qa import Retriever
from tests.conftest import CHAT

pytest.importorskip("fastapi", reason=CHAT)


def test_search_and_ask(seeds_index: Path) -> None:
    """GET /search and /ask give what --json prints; what is wrong is said with status 422."""
    from fastapi.testclient import TestClient

    from qa.web.http.app import create_api

    with Retriever.open(seeds_index) as retriever:
        client = TestClient(create_api(retriever), "http://localhost:7860")
        hits = client.get("/search", params={"q": "¿Cuándo visitó Rubio México?", "k": 2}).json()
        assert [hit["rank"] for hit in hits] == [1, 2]
        answer = client.get("/ask", params={"q": "When did Rubio visit Mexico?"}).json()
        assert answer["found"] is True
        assert "septiembre de 2025" in answer["answer"]
        nothing = client.get("/search", params={"q": "hola", "document": "nobody"})
        assert nothing.json() == []
        wrong = client.get("/ask", params={"q": "🙂"})
        assert wrong.status_code == 422
        assert "no words" in wrong.json()["error"]
        assert client.get("/search", params={"q": "a", "k": 0}).status_code == 422


@pytest.mark.parametrize(
    ("address", "status", "named"),
    [("/search", 422, "q"), ("/ask?question=a", 422, "q, question"), ("/search?q=a&k=0", 422, "k"),
     ("/search?q=a&k=101", 422, "k"), ("/search?q=a&k=x", 422, "k"), ("/ask?q=a&k=3", 422, "k"),
     ("/ask?q=a&documents=x", 422, "documents"), ("/", 404, ""), ("/docs", 404, ""),
     ("/openapi.json", 404, "")],
)  # fmt: skip
def test_what_is_asked_wrongly_is_one_sentence(
    seeds_index: Path, address: str, status: int, named: str
) -> None:
    """It names the parameters that are missing, wrong or unknown, and says what may be asked."""
    from fastapi.testclient import TestClient

    from qa.web.http.app import create_api

    with Retriever.open(seeds_index) as retriever:
        client = TestClient(create_api(retriever), "http://localhost:7860")
        response = client.get(address)
        assert client.post("/ask", params={"q": "a"}).status_code == 405
    begins = f"Missing, wrong or unknown: {named}; ask" if named else "There is nothing here: ask"
    (error,) = response.json().values()
    assert response.status_code == status
    assert error.startswith(begins)
    assert error.endswith("document.")


def test_it_describes_itself_when_asked(seeds_index: Path) -> None:
    """With ``qa serve --openapi``."""
    from fastapi.testclient import TestClient

    from qa.web.http.app import create_api

    with Retriever.open(seeds_index) as retriever:
        client = TestClient(create_api(retriever, openapi=True), "http://localhost:7860")
        assert set(client.get("/openapi.json").json()["paths"]) == {"/search", "/ask"}

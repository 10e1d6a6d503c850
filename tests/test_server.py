"""``qa serve``: the same JSON over HTTP."""

from pathlib import Path

import pytest

from qa import Retriever
from tests.conftest import CHAT

pytest.importorskip("fastapi", reason=CHAT)


def test_search_and_ask(seeds_index: Path) -> None:
    """GET /search and /ask give what --json prints; what is wrong is said with status 422."""
    from fastapi.testclient import TestClient

    from qa.server import create_api

    with Retriever.open(seeds_index) as retriever:
        client = TestClient(create_api(retriever))
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

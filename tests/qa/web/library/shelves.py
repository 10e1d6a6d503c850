"""A chat over a small index, as its page of documents asks it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from index import Index
from index.embedders import Embedder
from qa import Assistant, Retriever
from tests.conftest import CHAT

pytest.importorskip("gradio", reason=CHAT)
from fastapi.testclient import TestClient

from qa.web.chat import create_app
from qa.web.options import Options
from qa.web.service import Service

__all__ = ["LAW", "MINUTES", "Client", "collection", "opened"]

LAW = "Ley del agua\n\nArtículo 7. La multa por tirar agua es de 300 pesos."
MINUTES = "Acta de la sesión\n\nMarta Soler presidió la sesión del 3 de mayo de 2024."


def collection(work: Path, embedder: Embedder) -> Path:
    """An index of a folder with a law, minutes, an empty file and a program."""
    docs = work / "docs"
    (docs / "leyes").mkdir(parents=True)
    (docs / "actas").mkdir()
    (docs / "leyes" / "agua.txt").write_text(LAW, encoding="utf-8")
    (docs / "actas" / "acta.txt").write_text(MINUTES, encoding="utf-8")
    (docs / "actas" / "vacío.txt").write_text("", encoding="utf-8")
    (docs / "programa.exe").write_bytes(b"MZ\0")
    with Index.open(work / "index", create=True, model=embedder) as index:
        index.sync(docs)
    return work / "index"


class Client:
    """What the script of the page sends."""

    def __init__(self, client: TestClient, language: str = "es") -> None:
        self.http = client
        self.language = language

    def list(self, **wanted: Any) -> dict[str, Any]:
        """The page of the list."""
        answer = self.http.get("/documents/list", params={"lang": self.language, **wanted})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def entries(self, **wanted: Any) -> dict[str, dict[str, Any]]:
        """The entries of a page, by the file's name."""
        return {entry["name"]: entry for entry in self.list(**wanted)["entries"]}

    def put(self, name: str, data: bytes, **more: str) -> Any:
        """Send a file."""
        asked = {"name": name, "lang": self.language, **more}
        return self.http.put("/documents/file", params=asked, content=data)

    def post(self, route: str, **asked: Any) -> Any:
        """Ask for something else."""
        return self.http.post(f"/documents/{route}", json={"lang": self.language, **asked})

    def settled(self, *names: str) -> dict[str, dict[str, Any]]:
        """What became of these files, when the indexing has ended."""
        return dict(self.until(lambda now: not now["running"], *names)["outcomes"])

    def until(self, condition: Callable[[Any], bool], *names: str) -> dict[str, Any]:
        """How far the indexing is, when it is so far."""
        end = time.monotonic() + 120
        while not condition(now := self.post("progress", names=names).json()):
            assert time.monotonic() < end, now
            time.sleep(0.05)
        return dict(now)


@contextmanager
def opened(folder: Path, *, allowed: bool = True) -> Iterator[tuple[Client, Retriever]]:
    """A chat over an index, and its retriever."""
    with Retriever.open(folder) as retriever:
        service = Service(Options(allow_upload=allowed))
        app = create_app(retriever, Assistant(retriever), service=service)
        yield Client(TestClient(app, "http://127.0.0.1:7860")), retriever

"""Suggested questions of a server: made while nobody waits, kept, and made anew."""

import functools
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index import Document, Index
from qa import Assistant, Retriever, Turn
from qa.web import chat
from qa.web.collection import Collection
from qa.web.guidance import Guide
from qa.web.records import record_of
from qa.web.source import key_of
from tests.conftest import CHAT

pytest.importorskip("gradio", reason=CHAT)
from fastapi.testclient import TestClient

FLORA = "Elvira Montalbán Orsi, botánica y dibujante, nació en Monteceniza en 1898."
TENDER = (
    "Licitación de la biblioteca\n\n"
    "1. Presupuesto base: 1.240.000 euros, sin impuestos.\n\n"
    "2. Plazo de ejecución: 14 meses desde la firma del acta de replanteo."
)
WHO = "¿Quién es Elvira Montalbán Orsi?"
KEY = b"k" * 32


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    with Index.open(path, create=True) as index:
        index.add([Document("flora", FLORA), Document("licitacion", TENDER)])
    return path


@pytest.fixture
def retriever(folder: Path) -> Iterator[Retriever]:
    with Retriever.open(folder) as opened:
        yield opened


def wait(condition: Callable[[], Any]) -> Any:
    """The first value that is true, within a minute."""
    end = time.monotonic() + 60
    while not (value := condition()):
        assert time.monotonic() < end, "nothing happened within a minute"
        time.sleep(0.05)
    return value


class Counting(Assistant):
    """Counts the questions."""

    asked = 0

    def ask(self, *args: Any, **named: Any) -> Any:
        """As it does, counted."""
        self.asked += 1
        return super().ask(*args, **named)


def test_questions_are_made_once_and_kept_across_restarts(retriever: Retriever) -> None:
    """In both languages; the next server asks nothing to know them."""
    guide = Guide(Collection("flora", retriever, Assistant(retriever), KEY), lambda: True)
    assert guide.questions("es") is None
    found = wait(lambda: guide.questions("es"))
    assert WHO in found
    assert len(found) == 3
    assert "Who is Elvira Montalbán Orsi?" in wait(lambda: guide.questions("en"))
    file = retriever.index.folder / "suggestions.json"
    wait(file.is_file)
    guide.stop()
    counting = Counting(retriever)
    again = Guide(Collection("flora", retriever, counting, KEY), lambda: True)
    assert wait(lambda: again.questions("es")) == found
    again.stop()
    assert counting.asked == 0


def test_what_was_kept_and_is_damaged_is_made_anew(retriever: Retriever) -> None:
    """Whatever the file holds."""
    for kept in ("", "[]", '{"state": null, "questions": 3}', "\x00"):
        (retriever.index.folder / "suggestions.json").write_text(kept)
        guide = Guide(Collection("flora", retriever, Assistant(retriever), KEY), lambda: True)
        assert WHO in wait(functools.partial(guide.questions, "es"))
        guide.stop()


def test_a_document_that_changes_is_asked_about_no_more(retriever: Retriever, folder: Path) -> None:
    """At once; and soon there are questions of what there is now."""
    guide = Guide(Collection("flora", retriever, Assistant(retriever), KEY), lambda: True)
    assert WHO in wait(lambda: guide.questions("es"))
    wait((folder / "suggestions.json").is_file)
    with Index.open(folder) as index:
        index.add([Document("flora", "Rosario Belmaña, ingeniera de caminos, proyectó el puente.")])
    assert WHO not in (guide.questions("es") or [])
    wait(lambda: "¿Quién es Rosario Belmaña?" in (guide.questions("es") or []))
    guide.stop()


def test_where_nothing_is_sure_the_contents_are_asked_for(folder: Path) -> None:
    """And nothing where there are no documents."""
    with Index.open(folder) as index:
        index.remove(["flora", "licitacion"])
    with Retriever.open(folder) as retriever:
        assistant = Assistant(retriever)
        guide = Guide(Collection("flora", retriever, assistant, KEY), lambda: True)
        wait(lambda: guide.questions("es") is not None)
        assert guide.questions("es") == []
        with Index.open(folder) as index:
            index.add([Document("nada", "ab cd ef gh")])
        wait(lambda: guide.questions("es"))
        assert guide.questions("es") == ["¿Qué documentos hay?"]
        assert assistant.ask("¿Qué documentos hay?").found
        guide.stop()


def test_nothing_is_tried_while_somebody_waits(retriever: Retriever) -> None:
    """Neither to begin with nor after an answer; then it goes on."""
    counting, idle = Counting(retriever), [False]
    guide = Guide(Collection("flora", retriever, counting, KEY), lambda: idle[0])
    guide.start()
    question = "¿Cuál es el presupuesto base de la biblioteca?"
    turn = Turn(question, Assistant(retriever).ask(question))
    assert guide.follow_ups(turn, [], "es") is None
    time.sleep(0.3)
    assert counting.asked == 0
    idle[0] = True
    assert WHO in wait(lambda: guide.questions("es"))
    assert counting.asked > 0
    guide.stop()
    guide.stop()


def test_the_page_gets_them_by_two_addresses(retriever: Retriever) -> None:
    """To begin with, when they are ready; after an answer by its record, and by no other."""
    assistant = Assistant(retriever)
    app = chat.create_app(retriever, assistant)
    client = TestClient(app, "http://127.0.0.1:7860")
    try:
        wait(lambda: client.get("/suggestions?language=en").json()["ready"])
        english = client.get("/suggestions?language=en")
        assert "Who is Elvira Montalbán Orsi?" in english.json()["questions"]
        assert english.headers["cache-control"] == "no-store"
        assert WHO in client.get("/suggestions?language=%3Cb%3E").json()["questions"]
        question = "¿Cuál es el presupuesto base de la biblioteca?"
        turn = Turn(question, assistant.ask(question))
        record = record_of(turn, key_of(retriever.index.folder))
        sent = {"question": question, "record": record, "before": [question]}
        asked = client.post("/follow", content=json.dumps(sent))
        assert asked.json() == {"questions": ["¿Cuál es el plazo de ejecución?"]}
        assert asked.headers["cache-control"] == "no-store"
        sent["before"] = [question, "¿cuál es el plazo de ejecución?"]
        assert client.post("/follow", content=json.dumps(sent)).json() == {"questions": []}
        forged = [sent | {"record": record_of(turn, b"x" * 32)}, sent | {"record": ""}, [], {}]
        for other in forged:
            assert client.post("/follow", content=json.dumps(other)).json() == {"questions": []}
    finally:
        app.state.guides.stop()

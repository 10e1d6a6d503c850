"""A phrase in quotation marks, and a limit by date, as messages of the chat."""

import html
import re
from collections.abc import Iterator

import pytest

from index import Document, Index
from index.embedders import Embedder
from qa import Assistant, Retriever, Turn
from qa.web.http.app import create_api
from qa.web.mentions import message, spoken
from qa.web.responding import answers
from qa.web.source import is_ours
from tests.conftest import CHAT

pytest.importorskip("gradio", reason=CHAT)
from fastapi.testclient import TestClient

KEY = b"k" * 32
HOSTILE = "<b>canon</b> ![x](http://evil.example/x.png)"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Assistant]:
    many = "\n\n".join(f"En la sesión {n} subió el canon de riego un {n} %." for n in range(1, 31))
    with Index.open(tmp_path_factory.mktemp("web"), create=True, model=embedder) as index:
        index.add(
            [
                Document("acta", many, title="Acta", metadata={"date": "2024-05-31"}),
                Document("bando", f"Del canon de riego: {HOSTILE}.", title=HOSTILE),
                *(Document(f"d{n:02}", "Otro canon de riego.", title=f"D{n}") for n in range(80)),
            ]
        )
        yield Assistant(Retriever(index))


def last(
    assistant: Assistant, question: str, language: str = "es", **dates: str
) -> tuple[str, Turn | None]:
    *_, shown = answers(assistant, KEY, question, [], [], language, **dates)
    return shown.content or "", shown.turn


def test_mentions_are_shown_by_document(assistant: Assistant) -> None:
    """The first ones at once, others folded; what is not shown is counted, and how to see it."""
    text, turn = last(assistant, "«canon de riego»")
    lines = html.unescape(text).split("\n")
    assert lines[0] == "**111 menciones de «canon de riego» en 82 documentos**"
    assert lines[2] == "**Acta** *· 31 de mayo de 2024 · 30 menciones*"
    assert lines[4].startswith(
        "> - En la sesión 1 subió el <mark>canon de riego</mark> un 1 %. [\\[1\\]](#cite-"
    )
    assert lines[4].endswith(") *párrafo 1*")
    assert "<details><summary>7 menciones más</summary>" in lines
    assert "*y 20 más en este documento*" in lines
    links = re.findall(r"\]\((#cite-.*?)\)", text)
    assert len(links) == 60
    assert all(is_ours(link, KEY) for link in links)
    assert lines[-5].startswith("Hay 31 menciones más en 31 documentos: D49 (1), D50 (1), ")
    assert lines[-5].endswith(", D68 (1), y otros 11")
    assert lines[-3:] == [
        "Para verlas todas, elige un solo documento en «Buscar en».",
        "",
        "[Copiar respuesta](#copy)",
    ]
    assert turn
    assert turn.answer.found
    assert len(turn.answer.citations) == 60


def test_in_one_document_more_are_shown(assistant: Assistant) -> None:
    """Twelve at once, and the others folded; in the language of the page."""
    answer = spoken(assistant.ask('"canon de riego"', documents=["acta"]), "en")
    lines = html.unescape(message(answer, KEY)).split("\n")
    assert lines[0] == "**30 mentions of “canon de riego” in 1 chosen document**"
    assert lines[2] == "**Acta** *· 31 May 2024 · 30 mentions*"
    assert "<details><summary>18 more mentions</summary>" in lines
    assert lines[-1] == "[Copy answer](#copy)"


def test_hostile_words_stay_text(assistant: Assistant) -> None:
    """In title and mention alike."""
    text, _ = last(assistant, '"canon</b>"')
    assert html.unescape(text).count("<b>") == 2
    assert not re.search(r"<(?!/?mark>)|!\[|\]\((?!#)", text)


def test_the_conversation_goes_on(assistant: Assistant) -> None:
    """A turn of mentions is a turn like another."""
    _, turn = last(assistant, '"canon de riego"')
    assert turn
    *_, after = answers(assistant, KEY, "¿Cuánto subió en la sesión 7?", [turn], [], "es")
    assert "7 %" in html.unescape(after.content or "")
    assert after.turn


@pytest.mark.parametrize(
    ("language", "since", "until", "said"),
    [
        ("es", "31/13/2024", "", "«31/13/2024» no es una fecha: escribe en «Desde» un año, "),
        ("es", "2024", "nunca", "«nunca» no es una fecha: escribe en «Hasta» un año, "),
        ("es", "2025", "2024", "«Desde» es posterior a «Hasta»: cambia las fechas"),
        ("en", "31/13/2024", "", "“31/13/2024” is no date: write a year, month or day in “From”"),
        ("en", "", "<b>", "“<b>” is no date: write a year, month or day in “Until”"),
        ("en", "2025", "2024", "“From” is after “Until”: change the dates and ask again."),
    ],
)
def test_a_wrong_date_is_one_sentence(
    assistant: Assistant, language: str, since: str, until: str, said: str
) -> None:
    """In the language of the page; nothing is searched."""
    shown = list(answers(assistant, KEY, "¿?", [], [], language, since, until))
    (answer,) = shown
    assert html.unescape(answer.content or "").startswith(said)
    assert answer.failed
    assert answer.turn is None


def test_a_limit_by_date_is_said(assistant: Assistant) -> None:
    """Where there is an answer only its documents are quoted; where there is none, it is told."""
    text, _ = last(assistant, '"canon de riego"', since="2024", until="2024")
    assert "30 menciones de «canon de riego» en 1 documento con fecha del" in html.unescape(text)
    assert "No se buscó en 81 documentos sin fecha." in html.unescape(text)
    text, turn = last(assistant, "¿Quién pintó Las meninas?", until="2023")
    assert "Ningún documento tiene fecha hasta el 31 de diciembre de 2023" in html.unescape(text)
    assert turn
    assert not turn.answer.found


def test_dates_over_http(assistant: Assistant) -> None:
    """They limit a search; a wrong one is one sentence."""
    client = TestClient(create_api(assistant.retriever), "http://localhost:7860")
    asked = {"q": "canon de riego", "since": "2024-05", "until": "2024"}
    hits = client.get("/search", params=asked).json()
    assert {hit["document_id"] for hit in hits} == {"acta"}
    found = client.get("/ask", params=asked | {"q": '"canon de riego"'}).json()
    assert found["mentions"]["total"] == 30
    response = client.get("/ask", params=asked | {"since": "mayo"})
    assert response.status_code == 422
    assert response.json()["error"].startswith("mayo is no date: ")

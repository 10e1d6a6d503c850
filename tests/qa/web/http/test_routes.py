"""The routes of ``qa serve``: the same JSON as the command line's, typed, and as events."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index import Document
from qa import Assistant, Retriever
from qa.errors import ModelError
from qa.serialize import answer_json, hits_json
from qa.web.options import Options
from qa.web.service import Service
from tests.conftest import CHAT, ROOT

pytest.importorskip("fastapi", reason=CHAT)
from fastapi.testclient import TestClient

from qa.web.http.app import create_api

OWN = "http://localhost:7860"
ASKED = "¿Cuándo visitó Rubio México?"


@pytest.fixture(scope="module")
def retriever(seeds_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    """Over an index of its own, with two documents that conditions tell apart."""
    folder = tmp_path_factory.mktemp("http") / "index"
    shutil.copytree(seeds_index, folder)
    with Retriever.open(folder) as opened:
        acts = [
            Document(f"acta-{year}", f"El faro de Ahrenshoop se abrió en {year}.",
                     metadata={"year": year, "date": f"{year}-05-01"})
            for year in (1890, 1990)
        ]  # fmt: skip
        opened.index.add(acts)
        yield opened


@pytest.fixture(scope="module")
def client(retriever: Retriever) -> TestClient:
    return TestClient(create_api(retriever, service=Service(Options(allow_upload=True))), OWN)


def events(text: str) -> list[tuple[str, Any]]:
    """The events of a stream and their data."""
    found = []
    for event in text.strip().split("\n\n"):
        if not event.startswith(":"):
            (_, name), (_, data) = (line.split(": ", 1) for line in event.split("\n"))
            found.append((name, json.loads(data)))
    return found


def ids(hits: list[dict[str, Any]]) -> list[str]:
    return [hit["document_id"] for hit in hits]


def test_an_address_and_a_body_ask_the_same(client: TestClient, retriever: Retriever) -> None:
    """And get what the library gives, as ``--json`` prints it."""
    hits = json.loads(json.dumps(hits_json(retriever.search(ASKED, 3))))
    assert client.get("/search", params={"q": ASKED, "k": 3}).json() == hits
    assert client.post("/search", json={"question": ASKED, "k": 3}).json() == hits
    answer = json.loads(json.dumps(answer_json(Assistant(retriever).ask(ASKED))))
    assert "septiembre de 2025" in answer["answer"]
    assert client.get("/ask", params={"q": ASKED}).json() == answer
    assert client.post("/ask", json={"question": ASKED}).json() == answer


def test_limits(client: TestClient) -> None:
    """Documents, conditions, dates, and the least relevance."""
    asked = {"question": "¿Cuándo se abrió el faro de Ahrenshoop?"}

    def found(**limits: Any) -> set[str]:
        return set(ids(client.post("/search", json={**asked, **limits}).json()))

    assert found(where={"year": {"$gte": 1900}}) == {"acta-1990"}
    assert found(since="1890", until="1890-12") == {"acta-1890"}
    assert found(documents=["acta-1990", "nobody"]) == {"acta-1990"}
    assert found(documents=[]) == set()
    assert found(min_score=1) == set()
    assert found(rerank=True, k=1, where={"$not": {"year": 1990}}) == {"acta-1890"}
    answer = client.post("/ask", json={**asked, "where": {"year": 1990}}).json()
    assert {cited["document_id"] for cited in answer["citations"]} == {"acta-1990"}


def test_many_questions_at_once(client: TestClient) -> None:
    """Each has its hits, in the order of the questions."""
    questions = ["¿Cuándo se abrió el faro?", ASKED]
    many = client.post("/search/many", json={"questions": questions, "k": 2}).json()
    each = [client.post("/search", json={"question": one, "k": 2}).json() for one in questions]
    assert many == each


def test_a_conversation_goes_on(client: TestClient) -> None:
    """Messages as chats keep them; what nobody can ask again counts as nothing."""
    history = [
        {"role": "system", "content": "You are helpful."},
        {"role": "user", "content": ASKED},
        {"role": "assistant", "content": "En septiembre."},
        {"role": "user", "content": "🙂"},
    ]
    asked = {"question": "¿Y con quién se reunió?", "history": history}
    assert "Rubio" in client.post("/ask", json=asked).json()["searched_for"]


@pytest.mark.parametrize("way", ["body", "header", "address"])
def test_an_answer_as_it_grows(client: TestClient, way: str) -> None:
    """Each snapshot has the citations of the one before; ``done`` is the whole answer."""
    accept = {"accept": "text/event-stream"}
    if way == "body":
        response = client.post("/ask", json={"question": ASKED, "stream": True})
    elif way == "header":
        response = client.post("/ask", json={"question": ASKED}, headers=accept)
    else:
        response = client.get("/ask", params={"q": ASKED}, headers=accept)
    assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert response.headers["x-accel-buffering"] == "no"
    *grown, (last, whole) = events(response.text)
    assert last == "done"
    assert whole == client.get("/ask", params={"q": ASKED}).json()
    assert {name for name, _ in grown} == {"answer"}
    counts = [len(answer["citations"]) for _, answer in grown]
    assert counts == sorted(counts)


class Broken(Assistant):
    """Fails after the first snapshot."""

    error: Exception = ModelError("The reader is damaged: install the package again.")

    def stream(self, *given: Any, **named: Any) -> Iterator[Any]:
        """Give the first snapshot, and fail."""
        yield next(iter(super().stream(*given, **named)))
        raise self.error


def test_a_failure_is_told_at_the_end_of_a_stream(retriever: Retriever) -> None:
    """As a problem document, also where it is a defect, whose words are nobody's business."""
    broken = Broken(retriever)
    client = TestClient(create_api(retriever, assistant=broken), OWN, raise_server_exceptions=False)
    for error, said in (
        (broken.error, "The reader is damaged: install the package again."),
        (RuntimeError("xyzzy"), "The answer failed: ask again."),
    ):
        broken.error = error
        streamed = client.post("/ask", json={"question": ASKED, "stream": True})
        assert [name for name, _ in events(streamed.text)] == ["answer", "error"]
        assert events(streamed.text)[-1][1]["detail"] == said
        assert "xyzzy" not in streamed.text
    assert client.get("/ask", params={"q": ASKED}).status_code == 500
    broken.error = ModelError("The reader is damaged.")
    whole = client.get("/ask", params={"q": ASKED})
    assert (whole.status_code, whole.headers["retry-after"]) == (503, "10")


@pytest.mark.parametrize(
    ("method", "address", "body", "status", "said"),
    [
        ("GET", "/search", None, 422, "q: field required. GET /search takes q, document, "),
        ("GET", "/ask?question=a&q=a", None, 422, "question: it is not known"),
        ("GET", "/search?q=a&k=0", None, 422, "k: input should be greater than or equal to 1"),
        ("GET", "/search?q=a&k=101", None, 422, "k: "),
        ("GET", "/search?q=a&k=x", None, 422, "k: "),
        ("GET", "/ask?q=a&k=3", None, 422, "k: it is not known"),
        ("GET", "/ask?q=%F0%9F%99%82", None, 422, "The question has no words: "),
        ("GET", "/ask?q=a&since=mayo", None, 422, "mayo is no date: "),
        ("GET", "/ask?q=a&since=2025&until=2024", None, 422, "there is no day"),
        ("GET", "/", None, 404, "There is nothing here: "),
        ("GET", "/docs", None, 404, "There is nothing here: "),
        ("PUT", "/ask", {}, 405, "PUT is not for /ask"),
        ("POST", "/ask", {}, 422, "question: field required. POST /ask takes "),
        ("POST", "/ask", {"question": "a", "k": 3}, 422, "k: it is not known"),
        ("POST", "/ask", {"question": "a", "stream": "yes"}, 422, "stream: "),
        ("POST", "/ask", {"question": "a", "history": [{"role": "me"}]}, 422, "history.0.role: "),
        ("POST", "/search", {"question": 5}, 422, "question: input should be a valid string"),
        ("POST", "/search", {"question": "a", "k": "5"}, 422, "k: "),
        ("POST", "/search", {"question": "a", "k": True}, 422, "k: "),
        ("POST", "/search", {"question": "a", "min_score": 2}, 422, "min_score: "),
        ("POST", "/search", {"question": "a", "where": {"y": {"$x": 1}}}, 422, "$x is no operator"),
        ("POST", "/search", {"question": "a", "where": {"y": 10**19}}, 422, "number is too large"),
        ("POST", "/search", {"question": "a", "documents": "b"}, 422, "documents: "),
        ("POST", "/search", {"question": "a" * 10_001}, 422, "question: "),
        ("POST", "/search", {"question": "a" * 5_000_000}, 413, "send less at once"),
        ("POST", "/search/many", {"questions": ["a"] * 201}, 422, "questions: "),
        ("POST", "/documents", {"documents": [{"id": "", "text": "a"}]}, 422, "documents.0.id: "),
        ("POST", "/documents", {"documents": [{"id": "a", "text": "."}]}, 422, "has no words: "),
        ("POST", "/documents", {"documents": []}, 422, "documents: "),
        ("GET", "/documents/nobody", None, 404, "There is no document nobody"),
        ("DELETE", "/documents/nobody", None, 404, "There is no document nobody"),
        ("GET", "/documents?limit=0", None, 422, "limit: "),
    ],
)  # fmt: skip
def test_what_is_asked_wrongly_is_one_problem(
    client: TestClient, method: str, address: str, body: Any, status: int, said: str
) -> None:
    """RFC 9457's form; the sentence names what is missing, wrong or unknown."""
    response = client.request(method, address, json=body)
    problem = response.json()
    assert (response.status_code, problem["status"]) == (status, status)
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "about:blank"
    assert problem["title"]
    assert said in problem["detail"]
    assert problem["error"] == problem["detail"]
    if status == 405:
        assert response.headers["allow"] == "GET, POST"


@pytest.mark.parametrize("body", ["{", "[" * 100_000, "NaN", '{"question": "\\ud800"}', "\x00"])
def test_what_is_no_json(client: TestClient, body: str) -> None:
    """It is the client's fault."""
    response = client.post("/ask", content=body, headers={"content-type": "application/json"})
    assert response.status_code in {400, 422}
    assert response.headers["content-type"] == "application/problem+json"


def test_documents_come_and_go(client: TestClient) -> None:
    """They are found as soon as they are there, and can be read; ids hold any sign."""
    id = "letters/nº 1#a?b.txt"
    address = "/documents/letters/n%C2%BA%201%23a%3Fb.txt"
    sent = {"id": id, "text": "La corbeta Unicornia zarpó en 1703.", "metadata": {"tags": ["mar"]}}
    before = client.get("/documents").json()["total"]
    added = client.post("/documents", json={"documents": [sent]})
    assert (added.status_code, added.json()) == (201, {"ids": [id], "passages": 1})
    assert ids(client.get("/search", params={"q": "corbeta Unicornia", "k": 1}).json()) == [id]
    whole = client.get(address).json()
    assert (whole["id"], whole["text"], whole["metadata"]) == (id, sent["text"], {"tags": ["mar"]})
    page = client.get("/documents", params={"limit": 1, "offset": before}).json()
    assert (page["total"], page["offset"], len(page["documents"])) == (before + 1, before, 1)
    assert client.delete(address).json() == {"removed": 1}
    assert client.get(address).status_code == 404
    assert client.get("/documents").json()["total"] == before


def test_documents_stay_as_they_are_unless_that_is_allowed(retriever: Retriever) -> None:
    """Reading needs no permission."""
    client = TestClient(create_api(retriever), OWN)
    sent = {"documents": [{"id": "a", "text": "Un texto."}]}
    for response in (client.post("/documents", json=sent), client.delete("/documents/acta-1890")):
        assert response.status_code == 403
        assert "--allow-upload" in response.json()["detail"]
    assert client.get("/documents/acta-1890").status_code == 200


def test_while_another_process_writes(
    client: TestClient, retriever: Retriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 503 and when to try again; searches go on."""
    monkeypatch.setattr("index.opened.LOCK_SECONDS", 0.1)
    code = (
        "import sys; from index import Index\n"
        "with Index.open(sys.argv[1])._writing(): print(flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(retriever.index.path)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as other:  # fmt: skip
        assert other.stdout
        other.stdout.readline()
        sent = {"documents": [{"id": "a", "text": "Un texto."}]}
        refused = client.post("/documents", json=sent)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
        assert "Another process is writing" in refused.json()["detail"]
        assert client.get("/search", params={"q": "faro"}).status_code == 200
        other.communicate()
    assert client.post("/documents", json=sent).status_code == 201
    assert client.delete("/documents/a").status_code == 200


def test_metrics_are_counted(retriever: Retriever) -> None:
    """By route, method and status; as Prometheus' own library reads them."""
    parser = pytest.importorskip("prometheus_client.parser", reason="needs prometheus-client")
    client = TestClient(create_api(retriever), OWN)
    client.get("/ask", params={"q": ASKED})
    client.post("/ask", json={"question": "¿Quién pintó Las meninas?", "stream": True})
    client.get("/documents/nobody")
    client.get("/nothing%22%0A")
    families = parser.text_string_to_metric_families(client.get("/metrics").text)
    samples = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }

    def requests(method: str, route: str, status: str) -> float:
        labels = (("method", method), ("route", route), ("status", status))
        return float(samples["qa_requests_total", *labels])

    assert requests("GET", "/ask", "200") == requests("POST", "/ask", "200") == 1
    assert requests("GET", "/documents/{id:path}", "404") == 1
    assert requests("GET", "none", "404") == 1
    assert samples["qa_answers_total", ("found", "true")] == 1
    assert samples["qa_answers_total", ("found", "false")] == 1
    assert samples["qa_request_duration_seconds_count", ("route", "/ask")] == 2
    assert samples["qa_request_duration_seconds_bucket", ("le", "+Inf"), ("route", "/ask")] == 2
    counts = retriever.index.counts()
    assert samples["qa_documents",] == counts.documents
    assert samples["qa_passages",] == counts.passages
    assert samples["qa_waiting",] == 0


def test_it_needs_no_gradio(seeds_index: Path) -> None:
    """What serves JSON loads nothing of the chat."""
    code = (
        "import sys\nfrom qa import Retriever\nfrom qa.web.http.app import create_api\n"
        "create_api(Retriever.open(sys.argv[1]))\n"
        "print('gradio' in sys.modules, 'docx' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(seeds_index)]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout == "False False\n"


def test_the_description_can_be_left_out(retriever: Retriever) -> None:
    """By default it is there; with ``--no-openapi`` it is not."""
    paths = TestClient(create_api(retriever), OWN).get("/openapi.json").json()["paths"]
    assert set(paths) == {
        "/search", "/search/many", "/ask", "/documents", "/documents/{id}", "/health", "/metrics",
    }  # fmt: skip
    bare = TestClient(create_api(retriever, openapi=False), OWN)
    assert bare.get("/openapi.json").status_code == 404
    assert bare.put("/ask").headers["allow"] == "GET, POST"

"""Ratings of answers: what is taken, what is written, and that each line is whole."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from index import Document, Index
from qa import Assistant, Retriever, Turn
from qa.evaluation.dataset import read
from qa.evaluation.evaluate import measure
from qa.web import chat
from qa.web.feedback import Rating, Ratings, entry_of, file_of
from qa.web.options import Options
from qa.web.passwords import hashed
from qa.web.records import record_of
from qa.web.service import Service
from qa.web.source import key_of
from tests.conftest import CHAT, ROOT

pytest.importorskip("gradio", reason=CHAT)
from fastapi.testclient import TestClient

LIGHT = "El faro se pintó en 1990."
PRICE = "La entrada al faro cuesta 11 euros; los menores pagan 5."
WHEN = "¿Cuándo se pintó el faro?"
COST = "¿Cuánto cuesta la entrada al faro?"
NOBODY = "¿Quién ganó el Mundial de 2022?"


@pytest.fixture
def retriever(tmp_path: Path) -> Iterator[Retriever]:
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([Document("faro", LIGHT), Document("precios", PRICE)])
    with Retriever.open(tmp_path / "index") as opened:
        yield opened


@pytest.fixture
def client(retriever: Retriever) -> Iterator[TestClient]:
    yield client_of(retriever, Options())


def client_of(retriever: Retriever, options: Options) -> TestClient:
    app = chat.create_app(retriever, Assistant(retriever), service=Service(options))
    return TestClient(app, "http://127.0.0.1:7860")


def rating(retriever: Retriever, question: str, verdict: str, comment: str = "") -> dict[str, str]:
    """What the page sends for an answer of the server's."""
    turn = Turn(question, Assistant(retriever).ask(question))
    record = record_of(turn, key_of(retriever.index.folder))
    return {"question": question, "record": record, "verdict": verdict, "comment": comment}


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_rating_is_a_line_with_the_answer(retriever: Retriever, client: TestClient) -> None:
    """Time, question, where its quotes stand, how sure it was, verdict and comment; no person."""
    assert client.get("/feedback").json() == {"on": True}
    sent = rating(retriever, WHEN, "bad", " no fue\nblanco ")
    assert client.post("/feedback", content=json.dumps(sent)).status_code == 204
    (line,) = lines(retriever.index.folder / "feedback.jsonl")
    answer = Assistant(retriever).ask(WHEN)
    assert list(line) == [
        "time", "answer", "verdict", "comment", "question", "searched_for", "language", "found",
        "confidence", "short", "limited", "citations",
    ]  # fmt: skip
    assert (line["verdict"], line["comment"]) == ("bad", "no fue blanco")
    assert (line["question"], line["found"], line["short"]) == (WHEN, True, answer.short)
    cited = line["citations"][0]  # type: ignore[index]
    first = answer.citations[0]
    assert cited["document_id"] == "faro"
    assert (cited["start"], cited["end"], cited["hash"]) == (first.start, first.end, first.hash)
    assert (retriever.index.folder / "feedback.jsonl").stat().st_mode & 0o077 == 0


def test_only_an_answer_of_this_server_is_rated(retriever: Retriever, client: TestClient) -> None:
    """Not one that was changed, or is of another index; nothing is written then."""
    good = rating(retriever, WHEN, "good")
    turn = Turn(WHEN, Assistant(retriever).ask(WHEN))
    for changed, status in (
        ({"record": record_of(turn, b"x" * 32)}, 404),
        ({"record": good["record"].replace("A", "B")}, 404),
        ({"record": ""}, 404),
        ({"verdict": "<b>"}, 422),
        ({"comment": "a" * 2001}, 422),
        ({"record": 7}, 422),
    ):
        assert client.post("/feedback", content=json.dumps(good | changed)).status_code == status
    assert client.post("/feedback", content=b"\xff{").status_code == 422
    assert not (retriever.index.folder / "feedback.jsonl").exists()


def test_ratings_may_be_elsewhere_or_off(retriever: Retriever, tmp_path: Path) -> None:
    """As the operator says; where nothing can be written it is said."""
    sent = json.dumps(rating(retriever, WHEN, "good"))
    named = client_of(retriever, Options(feedback=str(tmp_path / "r.jsonl")))
    assert named.post("/feedback", content=sent).status_code == 204
    assert len(lines(tmp_path / "r.jsonl")) == 1
    off = client_of(retriever, Options(feedback="off"))
    assert off.get("/feedback").json() == {"on": False}
    assert off.post("/feedback", content=sent).status_code == 404
    lost = client_of(retriever, Options(feedback=str(tmp_path / "r.jsonl" / "r.jsonl")))
    assert lost.post("/feedback", content=sent).status_code == 507
    assert not (retriever.index.folder / "feedback.jsonl").exists()
    assert file_of("", Path("/i")) == Path("/i/feedback.jsonl")


def test_who_has_logged_in_is_named(retriever: Retriever, tmp_path: Path) -> None:
    """By their name; without a session nothing is taken."""
    users = tmp_path / "users.txt"
    users.write_text(f"ana:{hashed('secreto')}\n")
    client = client_of(retriever, Options(users=users))
    sent = json.dumps(rating(retriever, WHEN, "good"))
    assert client.post("/feedback", content=sent).status_code in {303, 401}
    client.post("/login", data={"name": "ana", "password": "secreto"})
    assert client.post("/feedback", content=sent).status_code == 204
    (line,) = lines(retriever.index.folder / "feedback.jsonl")
    assert line["user"] == "ana"


def test_sizes_are_bounded(retriever: Retriever, tmp_path: Path) -> None:
    """Whatever was asked, a line has a few thousand characters; a full file takes no more."""
    question = f"{WHEN} {'sí ' * 3000}"
    turn = Turn(question, Assistant(retriever).ask(WHEN))
    entry = entry_of(Rating(question=question, record="r", verdict="bad", comment="c" * 2000), turn)
    assert len(json.dumps(entry)) < 20_000
    ratings = Ratings(tmp_path / "r.jsonl")
    with (tmp_path / "r.jsonl").open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(OSError, match="full"):
        ratings.add(entry)


def test_lines_of_many_threads_are_whole(tmp_path: Path) -> None:
    """Of several objects on one file too; a line that another program left open is closed."""
    file = tmp_path / "r.jsonl"
    file.write_text('{"torn": ')
    several = [Ratings(file), Ratings(file)]

    def write(number: int) -> None:
        for turn in range(40):
            several[number % 2].add({"who": number, "turn": turn, "comment": "ñ" * 3000})

    threads = [Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, *rest = file.read_text(encoding="utf-8").splitlines()
    assert first == '{"torn": '
    written = [json.loads(line) for line in rest]
    assert {(one["who"], one["turn"]) for one in written} == {
        (number, turn) for number in range(8) for turn in range(40)
    }


WRITING = """
import sys
from pathlib import Path
from threading import Thread
from qa.web.feedback import Ratings

ratings = Ratings(Path(sys.argv[1]))

def write(who):
    turn = 0
    while True:
        ratings.add({"who": who, "turn": (turn := turn + 1), "comment": "n" * 2000})

for who in range(4):
    Thread(target=write, args=(who,)).start()
"""


def test_a_server_that_is_killed_leaves_whole_lines(tmp_path: Path) -> None:
    """Several times; the next one goes on."""
    file = tmp_path / "r.jsonl"
    for _ in range(3):
        before = file.stat().st_size if file.exists() else 0
        with subprocess.Popen([sys.executable, "-c", WRITING, str(file)], cwd=ROOT) as process:
            end = time.monotonic() + 60
            while not file.exists() or file.stat().st_size < before + 200_000:
                assert time.monotonic() < end
                time.sleep(0.02)
            os.kill(process.pid, signal.SIGKILL)
    text = file.read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert all(json.loads(line)["comment"] for line in text.splitlines())


def test_ratings_are_questions_to_measure_on(retriever: Retriever, client: TestClient) -> None:
    """Right ones with their answer; wrong ones apart; what is rated anew counts as last rated."""
    once, again = rating(retriever, COST, "bad"), rating(retriever, COST, "good")
    for sent in (
        once,
        again | {"record": once["record"]},
        rating(retriever, WHEN, "bad", "no"),
        rating(retriever, NOBODY, "good"),
    ):
        assert client.post("/feedback", content=json.dumps(sent)).status_code == 204
    file = retriever.index.folder / "feedback.jsonl"
    sets = read(file)
    found = {question.text: question for question in sets.questions}
    assert found.keys() == {COST, NOBODY}
    assert (found[COST].answers, found[COST].document) == (("11 euros",), "precios")
    assert found[NOBODY].answers == ()
    assert [one.text for one in sets.wrong or ()] == [WHEN]
    figures = measure(sets, answers=True, index=retriever.index.folder).figures
    assert (figures["rated right"], figures["rated wrong"]) == (2, 1)
    assert figures["answer in quotes"] == figures["recall@1"] == 1.0
    assert figures["unanswerable answered"] == 0.0
    assert figures["wrong answer again"] == 1.0
    with Index.open(retriever.index.path) as index:
        index.add([Document("faro", "El faro se pintó en 2024.")])
        index.remove(["precios"])
    changed = measure(sets, answers=True, index=retriever.index.folder).figures
    assert changed["wrong answer again"] == 0.0
    assert changed["rated right, document gone"] == 1

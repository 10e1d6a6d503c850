"""A careless program: wrong values at every door end in an error of ours, or are taken."""

import datetime
import math
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import index.sync.writer
from index import Document, Index
from index.errors import (
    DocumentError,
    DocumentNotFoundError,
    IndexStateError,
    InputError,
    QAError,
    QuestionError,
)
from qa import Assistant, Retriever, Turn
from tests.conftest import ROOT
from tests.index.test_index import BREAD, CATS, DOGS, VISIT, Counting, found

HUGE = [10**9, 2**62, 2**64, 10**30]
ODD: Any = Document  # as a program makes them that no type checker reads


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index", create=True, model=Counting()) as made:
        made.add([CATS, BREAD, VISIT, DOGS])
        yield made


@pytest.fixture(scope="module")
def retriever(seeds_index: Path) -> Iterator[Retriever]:
    with Retriever.open(seeds_index) as made:
        yield made


@pytest.fixture(scope="module")
def assistant(retriever: Retriever) -> Assistant:
    return Assistant(retriever, reader="sentences")


# How many


@pytest.mark.parametrize("k", HUGE)
def test_more_than_there_are(opened: Index, k: int) -> None:
    """An enormous k gives all that there is; tantivy would abort the process for want of memory."""
    assert len(opened.candidates("gatos", k)) == 4
    assert len(Retriever(opened).search("gatos", k)) == 4
    assert len(opened.candidates("gatos", k, documents=["cats"])) == 1
    opened.remove(["cats", "bread", "visit", "dogs"])
    assert opened.candidates("gatos", k) == []


def test_more_than_there_are_on_the_command_line_and_over_http(seeds_index: Path) -> None:
    """``-k`` may be enormous, too; over HTTP there is a limit, which is said."""
    command = [sys.executable, "-m", "qa", "search", "Rubio", "-k", str(10**30), "--json"]
    shown = subprocess.run(
        [*command, "--index", str(seeds_index)], cwd=ROOT, capture_output=True, check=False
    )
    assert (shown.returncode, shown.stderr) == (0, b"")
    testclient = pytest.importorskip("fastapi.testclient", reason="needs the chat extra")
    from qa.web.http.app import create_api

    with Retriever.open(seeds_index) as opened:
        asked = {"q": "Rubio", "k": str(10**30)}
        assert testclient.TestClient(create_api(opened)).get("/search", params=asked).is_error


@pytest.mark.parametrize("k", [0, -1, -(10**30), "3", 2.0, None, [3], b"3", float("nan")])
def test_no_number_of_passages(opened: Index, k: Any) -> None:
    """Only whole numbers from 1 count; NumPy's do, too."""
    for search in (opened.candidates, Retriever(opened).search, Retriever(opened).find):
        with pytest.raises(QuestionError, match=r"^The number of passages must be "):
            search("gatos", k)
    two: Any = np.int64(2)
    assert len(Retriever(opened).search("gatos", two)) == 2


# Which documents


@pytest.mark.parametrize("ids", ["cats", b"cats", 3, None, ["cats", 3], [None], [b"cats"], [CATS]])
def test_ids_that_are_no_list_of_texts(opened: Index, assistant: Assistant, ids: Any) -> None:
    """A text alone would be an id a letter: it is refused wherever ids are asked for."""
    opened.add([Document(letter, "Una letra.") for letter in "cats"])
    calls: list[Callable[[], object]] = [lambda: opened.remove(ids), lambda: opened.origins(ids)]
    if ids is not None:
        retriever = Retriever(opened)
        calls += [
            lambda: opened.candidates("gatos", documents=ids),
            lambda: retriever.search("gatos", documents=ids),
            lambda: retriever.find("gatos", documents=ids),
            lambda: assistant.ask("¿Dónde?", documents=ids),
            lambda: list(assistant.stream("¿Dónde?", documents=ids)),
            lambda: assistant.ask("hola", documents=ids),
        ]
    for call in calls:
        with pytest.raises(InputError, match=r"as a list, .*write \[id\]|The id of a document is"):
            call()
    assert len(opened.documents()) == 8


@pytest.mark.parametrize(
    "kind", [tuple, set, dict.fromkeys, iter, np.array, lambda ids: (id for id in ids)]
)
def test_ids_in_any_collection(retriever: Retriever, kind: Callable[[list[str]], Any]) -> None:
    """Also from a generator, which can be read only once: a misspelt question is searched twice."""
    ids = [info.id for info in retriever.documents()][:3]
    question = "¿Cuándo visito el secretaroi a Mexico?"
    expected = retriever.find(question, documents=ids)
    assert expected.query.text == "¿Cuándo visito el secretario a Mexico?"
    assert expected.hits
    assert retriever.find(question, documents=kind(ids)).hits == expected.hits


def test_two_questions_in_some_documents(assistant: Assistant) -> None:
    """A generator also serves two questions that are answered apart."""
    ids = [info.id for info in assistant.retriever.documents()][:1]
    both = "¿Cuándo visitó Rubio México y quién lo recibió?"
    answer = assistant.ask(both, documents=ids)
    assert {hit.document_id for hit in answer.hits} <= set(ids)
    assert assistant.ask(both, documents=(id for id in ids)) == answer


def test_removed_by_a_generator_that_reads_the_index(opened: Index) -> None:
    """What is to go may be said by the index itself."""
    assert opened.remove(info.id for info in opened.documents() if info.language == "es") == 3
    assert [info.id for info in opened.documents()] == ["dogs"]


def test_in_no_documents(retriever: Retriever, assistant: Assistant) -> None:
    """An empty list means none, not all."""
    assert retriever.search("Rubio", documents=[]) == []
    assert retriever.search("Rubio", documents=iter([])) == []
    assert not assistant.ask("¿Cuándo visitó Rubio México?", documents=[]).found
    for question in ("¿De qué trata?", "Resume los documentos", "¿Qué documentos tienes?"):
        answer = assistant.ask(question, documents=[])
        assert (answer.text, answer.citations) == ("No has elegido ningún documento.", ())


def test_a_document_that_is_not_there(opened: Index) -> None:
    """It is an error of ours and a KeyError, and says where to look."""
    for id in ("nobody", "half \ud800"):
        for look in (opened.document, Retriever(opened).document):
            with pytest.raises(KeyError):
                look(id)
            with pytest.raises(QAError, match=r"There is no document .*: qa status") as raised:
                look(id)
            assert isinstance(raised.value, DocumentNotFoundError)
            assert raised.value.id == id
    for wrong in (3, None, b"cats", ["cats"]):
        with pytest.raises(InputError, match="The id of a document is text"):
            opened.document(wrong)  # type: ignore[arg-type]
        with pytest.raises(InputError, match="The id of a document is text"):
            opened.size(wrong)  # type: ignore[arg-type]


# Questions, history, confidence


@pytest.mark.parametrize("question", [None, 3, b"gatos", ["gatos"], "gatos \ud83d"])
def test_no_question(opened: Index, assistant: Assistant, question: Any) -> None:
    """What is no text, or half of one, cannot be asked."""
    retriever = assistant.retriever
    for call in (opened.candidates, Retriever(opened).search, retriever.find, assistant.ask):
        with pytest.raises(QuestionError, match=r"question is text|half a character"):
            call(question)


@pytest.mark.parametrize("history", ["¿Y?", None, 3, [("¿Y?", "Sí.")], [{"role": "user"}]])
def test_no_history(assistant: Assistant, history: Any) -> None:
    """Earlier turns are Turns."""
    with pytest.raises(
        InputError, match=r"list of Turn\(question, answer\)|message of the history"
    ):
        assistant.ask("¿Y por qué?", history)


def test_turns(assistant: Assistant) -> None:
    """They hold a question and an answer; any collection of them will do."""
    answer = assistant.ask("¿Cuándo visitó Rubio México?")
    with pytest.raises(InputError, match="is none"):
        assistant.ask("¿Y por qué?", [Turn("¿Cuándo?", answer.text)])  # type: ignore[arg-type]
    with pytest.raises(QuestionError, match="question is text"):
        assistant.ask("¿Y por qué?", [Turn(None, answer)])  # type: ignore[arg-type]
    turns = [Turn(answer.question, answer)]
    expected = assistant.ask("¿Y por qué?", turns)
    assert assistant.ask("¿Y por qué?", iter(turns)) == expected


@pytest.mark.parametrize("least", [7, -0.1, "0.5", float("nan"), [0.5], 1 + 1e-9])
def test_no_confidence(retriever: Retriever, least: Any) -> None:
    """The least confidence is a number from 0 to 1."""
    with pytest.raises(InputError, match="number from 0 to 1"):
        Assistant(retriever, reader="sentences", min_confidence=least)
    fine: Any
    for fine in (0, 1, Fraction(1, 2), np.float32(0.5)):
        assistant = Assistant(retriever, reader="sentences", min_confidence=fine)
        assert assistant.min_confidence == float(fine)


def test_one_thing_for_another(retriever: Retriever, seeds_index: Path) -> None:
    """A path where a retriever is asked for, and the like."""
    wrong: list[Callable[[], object]] = [
        lambda: Retriever(str(seeds_index)),  # type: ignore[arg-type]
        lambda: Assistant(retriever.index),  # type: ignore[arg-type]
        lambda: Assistant(str(seeds_index)),  # type: ignore[arg-type]
        lambda: Assistant(retriever, reader=3),  # type: ignore[arg-type]
        lambda: retriever.is_stale("memo"),  # type: ignore[arg-type]
        lambda: Index.open(None),  # type: ignore[arg-type]
        lambda: Index.open(3),  # type: ignore[arg-type]
        lambda: Index.open(seeds_index, model=3),  # type: ignore[arg-type]
        lambda: retriever.index.sync([str(seeds_index)]),  # type: ignore[arg-type]
        lambda: retriever.index.sync(None),  # type: ignore[arg-type]
    ]
    for call in wrong:
        with pytest.raises(InputError, match=r"^[^\n]+\.$"):
            call()
    assert Assistant(
        retriever, reader=Path(index.sync.writer.__file__).parents[1] / "embedders/e5-small-es-en"
    )


# Documents


@pytest.mark.parametrize("documents", [CATS, "text", b"text", None, 3])
def test_no_list_of_documents(opened: Index, documents: Any) -> None:
    """One document alone is put in a list."""
    with pytest.raises(QAError, match=r"write \[document\]|is no Document"):
        opened.add(documents)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("text", r"^'text' \(str\): is no Document; make one"),
        (None, "is no Document"),
        ({"id": "a", "text": "b"}, "is no Document"),
        (ODD("a"), "^a: has no text to index$"),
        (ODD("a", None), "^a: needs text as its text, not None"),
        (ODD("a", b"bytes"), r"needs text as its text, not b'bytes' \(bytes\)"),
        (ODD("a", ["text"]), "needs text as its text"),
        (ODD(None, "text"), "^a document without an id: needs text as its id"),
        (ODD(7, "text"), r"^7: needs text as its id, not 7 \(int\)"),
        (ODD("a", "text", title=7), "needs text as its title"),
        (ODD("a", "text", language=7), "needs text as its language"),
        (ODD("a", "text", source=7), "needs a path as its source"),
        (ODD("a", "text", metadata=None), "needs a dictionary as its metadata"),
        (ODD("a", "text", metadata="date"), "needs a dictionary as its metadata"),
        (ODD("a", "text", metadata={"tags": [7]}), "texts as metadata, not {'tags': "),
        (ODD("a", "text", metadata={"share": math.inf}), "texts as metadata, not {'share': "),
        (ODD("a", "text", metadata={7: "x"}), "texts as metadata, not {7: 'x'}"),
        (ODD("a", "text", page_starts=None), "needs a list of offsets as its page_starts"),
        (ODD("a", "text", page_starts=3), "needs a list of offsets as its page_starts"),
        (ODD("a", "text", page_starts="03"), "needs a list of offsets as its page_starts"),
        (ODD("a", "text", page_starts=(0, 1.5)), "needs a list of offsets as its page_starts"),
        (ODD("a", "text", page_starts=(0, 10**30)), "has pages that do not ascend"),
        (ODD("a", "text", page_starts=(-1, 2)), "has pages that do not ascend"),
    ],
)  # fmt: skip
def test_documents_of_wrong_types(opened: Index, document: Any, reason: str) -> None:
    """The reason is said, and what came before is kept."""
    with pytest.raises(DocumentError, match=reason):
        opened.add([Document("good", "Un texto bueno."), document])
    assert found(opened, "texto bueno") == {"good"}


def test_documents_that_are_taken(opened: Index) -> None:
    """Dates of metadata as text, a source as a path, pages as any list."""
    metadata: Any = {
        "year": 2025,
        "share": 0.5,
        "draft": False,
        "author": None,
        "date": datetime.date(2025, 9, 3),
        "printed": datetime.datetime(2025, 9, 3, 10, 30),
        "tags": ("acta", "obra"),
    }
    pages: Any = [0, np.int64(3)]
    source: Any = Path("a folder") / "memo.txt"
    assert opened.add([Document("memo", "Uno dos.", None, source, None, pages, metadata)]) == 1
    kept = opened.document("memo")
    assert kept.metadata == {
        "year": 2025,
        "share": 0.5,
        "draft": False,
        "date": "2025-09-03",
        "printed": "2025-09-03T10:30:00",
        "tags": ["acta", "obra"],
    }
    assert (kept.page_starts, kept.source) == ((0, 3), str(Path("a folder/memo.txt")))
    assert opened.origins(["memo"])["memo"].date == "2025-09-03"


@pytest.mark.parametrize(
    ("given", "day"),
    [
        ("3 de septiembre de 2025", "2025-09-03"),
        (datetime.datetime(2025, 9, 3, 23, 59), "2025-09-03"),
        (20250903, "2025-09-03"),
        ("marzo de 2025", None),
        (2025, None),
        ("2025-02-30", None),
        ("now", None),
        ("", None),
    ],
)
def test_the_date_of_a_document(opened: Index, given: Any, day: str | None) -> None:
    """A citation's date is a day that exists, or none; what was given is kept."""
    opened.add([Document("memo", "La reunión es el lunes.", metadata={"date": given})])
    (info,) = [info for info in opened.documents() if info.id == "memo"]
    assert info.date == opened.origins(["memo"])["memo"].date == day
    assert opened.document("memo").metadata["date"] == (day or str(given))


# Other processes


PROCESSES = """
import multiprocessing, sys
from index import Document, Index
from index.errors import DocumentError, IndexStateError
from qa import Retriever
from tests.index.test_index import Counting


def search(word):
    return retriever.search(word)[0].document_id


def add(text):
    with Index.open(sys.argv[1], model=Counting()) as index:
        index.add([Document("a.pdf", text)])


if __name__ == "__main__":
    with Index.open(sys.argv[1], create=True, model=Counting()) as made:
        made.add([Document("cats", "Los gatos duermen.")])
    retriever = Retriever.open(sys.argv[1], model=Counting())
    assert search("gatos") == "cats"
    with multiprocessing.get_context("fork").Pool(1) as pool:
        print(pool.apply_async(search, ["gatos"]).get(60))
        try:
            pool.apply_async(add, [""]).get(60)
        except DocumentError as exc:
            print(exc)
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        try:
            pool.apply_async(print, [retriever.index]).get(60)
        except IndexStateError as exc:
            print(exc)
    assert search("gatos") == "cats"
    retriever.close()
"""


def test_in_other_processes(tmp_path: Path) -> None:
    """A forked process opens the index anew, an error arrives from there, and an open index cannot
    be sent; the parent's goes on working."""
    script = tmp_path / "program.py"
    script.write_text(textwrap.dedent(PROCESSES))
    shown = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "index")],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    forked, failed, sent = shown.stdout.splitlines()
    assert forked == "cats"
    assert failed == "a.pdf: has no text to index"
    assert sent.startswith("An open index cannot be copied or sent to another process: open ")


def test_no_copy_of_an_open_index(opened: Index) -> None:
    """Two objects on one connection would close it for each other; a retriever opens its own."""
    import copy

    with pytest.raises(IndexStateError, match="cannot be copied"):
        copy.deepcopy(opened)
    with copy.deepcopy(Retriever(opened)) as other:
        assert other.index is not opened

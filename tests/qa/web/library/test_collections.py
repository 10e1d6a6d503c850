"""Several collections in one chat: opened when they are used, and never mixed."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from index import Document, Index
from index.embedders import Embedder
from index.errors import IndexNotFoundError, InputError
from qa import Assistant, Retriever
from qa.web.collection import Collections, opener
from qa.web.options import Options, read
from qa.web.refused import RefusedError
from qa.web.service import Service
from tests.conftest import CHAT, ROOT
from tests.qa.web.library.shelves import LAW, MINUTES, Client

pytest.importorskip("gradio", reason=CHAT)
from fastapi.testclient import TestClient
from starlette.requests import Request

from qa.web.chat import create_app
from qa.web.library.chooser import asked_for, documents_of
from qa.web.responding import answers


@pytest.fixture
def folders(tmp_path: Path, embedder: Embedder) -> dict[str, Path]:
    for name, text in (("leyes", LAW), ("actas", MINUTES)):
        with Index.open(tmp_path / name, create=True, model=embedder) as index:
            index.add([Document("uno", text)])
    return {"leyes": tmp_path / "leyes", "actas": tmp_path / "actas"}


@pytest.fixture
def collections(folders: dict[str, Path]) -> Iterator[Collections]:
    opened = Collections(folders, opener(None, "sentences"))
    yield opened
    opened.close()


def answer(collections: Collections, name: str | None, question: str) -> str:
    """What is shown at the end on the page of a collection."""
    found = asked_for(collections, page_of(f"collection={name}" if name else ""))
    shown: list[Any] = list(answers(found.assistant, found.key, question, [], [], "es"))
    return str(shown[-1][0])


def page_of(address: str) -> Request:
    """A request of a page with this address."""
    return Request({"type": "http", "query_string": address.encode(), "headers": []})


def test_answers_are_those_of_the_collection_that_is_chosen(collections: Collections) -> None:
    """Without a choice, of the first."""
    question = "¿Quién presidió la sesión?"
    assert "Marta Soler presidió" in answer(collections, "actas", question)
    for other in (None, "", "leyes"):
        assert "Marta Soler" not in answer(collections, other, question)
    assert "300 pesos" in answer(collections, None, "¿De cuánto es la multa por tirar agua?")


def test_a_citation_opens_in_its_own_collection(collections: Collections) -> None:
    """Both have a document of the same id; the link's stamp tells them apart."""
    shown = answer(collections, "actas", "¿Quién presidió la sesión?")
    (link,) = set(re.findall(r"#cite-[\w.-]+", shown))
    found = collections.of_link(link)
    assert found is not None and found.name == "actas"
    assert collections.of_link(link[:-1]) is None
    app = create_app(found.retriever, found.assistant, collections=collections)
    client = TestClient(app, "http://127.0.0.1:7860")
    source = client.get("/source", params={"link": link}).json()
    assert "Marta Soler" in str(source["paragraphs"])


def test_a_collection_is_opened_when_it_is_used(folders: dict[str, Path]) -> None:
    """Links of others are recognised without opening any; the model is in memory once."""
    opened: list[Path] = []
    open_folder = opener(None, "sentences")

    def noted(folder: Path) -> tuple[Retriever, Assistant]:
        opened.append(folder)
        return open_folder(folder)

    collections = Collections(folders, noted)
    collections.require()
    assert collections.of_link("#cite-x.1.2.h.stamp") is None and opened == []
    first, second = collections.get(), collections.get("actas")
    assert opened == [folders["leyes"], folders["actas"]]
    assert collections.get("leyes") is first
    assert first.retriever.index.model is second.retriever.index.model
    assert first.key != second.key
    with pytest.raises(RefusedError, match="There is no collection of that name"):
        collections.get("otras")
    collections.close()


def test_the_list_is_of_the_collection_that_is_named(collections: Collections) -> None:
    """And what is added to one is not in the other."""
    first = collections.get()
    service = Service(Options(allow_upload=True))
    app = create_app(first.retriever, first.assistant, service=service, collections=collections)
    client = Client(TestClient(app, "http://127.0.0.1:7860"))
    client.put("nueva.txt", b"Something new.", collection="actas")
    while client.post("progress", names=[], collection="actas").json()["running"]:
        pass
    assert client.list(collection="actas")["whole"] == 2
    found = client.list()
    assert (found["whole"], found["collection"], found["collections"]) == (
        1, "leyes", ["leyes", "actas"],
    )  # fmt: skip
    unknown = client.http.get("/documents/list?collection=otras&lang=es")
    assert (unknown.status_code, unknown.json()["error"]) == (
        404, "No hay ninguna colección con ese nombre: elige otra arriba.",
    )  # fmt: skip


def test_what_the_address_of_the_chat_asks_for(collections: Collections) -> None:
    """A collection, and documents to search in."""
    page = page_of("collection=actas&in=uno&in=dos")
    assert (asked_for(collections, page).name, documents_of(page)) == ("actas", ["uno", "dos"])
    assert (asked_for(collections, page_of("")).name, documents_of(page_of(""))) == ("leyes", [])
    with pytest.raises(RefusedError):
        asked_for(collections, page_of("collection=otras"))


def test_the_setting_names_them() -> None:
    """In its order; what it cannot be is said."""
    options = read({"collections": "leyes=/srv/leyes, Actas de 2024 = actas"}, "127.0.0.1")
    assert options.collections == (("leyes", Path("/srv/leyes")), ("Actas de 2024", Path("actas")))
    for wrong in ("leyes", "=x", "a=/b,a=/c", "a="):
        with pytest.raises(
            InputError, match=r"--collections \(QA_COLLECTIONS\) is .*: set it to names"
        ):
            read({"collections": wrong}, "127.0.0.1")


@pytest.mark.parametrize(
    ("host", "variables", "allowed"),
    [
        ("127.0.0.1", {}, True),
        ("0.0.0.0", {}, False),  # noqa: S104
        ("0.0.0.0", {"QA_ALLOW_UPLOAD": "on"}, True),  # noqa: S104
        ("127.0.0.1", {"QA_ALLOW_UPLOAD": "off"}, False),
        ("127.0.0.1", {"QA_PROXY": "127.0.0.1"}, False),
        ("127.0.0.1", {"QA_ALLOWED_HOSTS": "qa.example.org"}, False),
        ("127.0.0.1", {"QA_ROOT_PATH": "/docs"}, False),
        ("127.0.0.1", {"SPACE_ID": "ana/qa"}, False),
    ],
)
def test_who_may_add_documents(
    host: str, variables: dict[str, str], allowed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By default only where nobody beyond this machine reaches it, also not through a proxy."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert read({}, host).allow_upload is allowed


def test_a_folder_without_an_index_is_said_at_start(folders: dict[str, Path]) -> None:
    """In one line, by the command too."""
    missing = folders["leyes"].with_name("nada")
    with pytest.raises(IndexNotFoundError):
        Collections({**folders, "nada": missing}, opener(None, None)).require()
    command = [sys.executable, "-m", "qa", "web", "--port", "0", "--collections", f"a={missing}"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1 and f"There is no index in {missing}" in ended.stderr

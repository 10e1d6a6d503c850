"""The list of documents: states, dates, filters, order, and a page at a time."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Document, Index
from index.embedders import Embedder
from qa import Retriever
from tests.conftest import CHAT
from tests.qa.web.library.shelves import LAW, Client, collection, opened

pytest.importorskip("gradio", reason=CHAT)


DAY = 1_700_000_000  # 2023-11-14


@pytest.fixture(scope="module")
def chat(
    tmp_path_factory: pytest.TempPathFactory, embedder: Embedder
) -> Iterator[tuple[Client, Retriever, Path]]:
    work = tmp_path_factory.mktemp("listing")
    folder = collection(work, embedder)
    docs = work / "docs"
    (docs / "leyes" / "cambia.txt").write_text("Esta ley cambia.", encoding="utf-8")
    (docs / "leyes" / "se va.txt").write_text("Esta ley se va.", encoding="utf-8")
    old = docs / "leyes" / "vieja.html"
    date = '<meta property="article:published_time" content="1998-02-03T00:00:00Z">'
    old.write_text(f"<html><head><title>Vieja</title>{date}</head><p>Ley vieja.</p></html>")
    os.utime(docs / "leyes" / "agua.txt", (DAY, DAY))
    with Index.open(folder, model=embedder) as index:
        index.sync(docs)
        index.add([Document("nota", "Una nota de un programa.", title="Nota")])
    (docs / "leyes" / "cambia.txt").write_text("Esta ley ha cambiado.", encoding="utf-8")
    (docs / "leyes" / "se va.txt").unlink()
    (docs / "actas" / "acta.txt").touch()  # the same bytes: it is as it was
    with opened(folder) as (client, retriever):
        yield client, retriever, docs


def test_every_file_has_its_state(chat: tuple[Client, Retriever, Path]) -> None:
    """And the reason, in the language of the page."""
    client, _, _ = chat
    entries = client.entries()
    assert {name: entry["state"] for name, entry in entries.items()} == {
        "acta.txt": "indexed",
        "agua.txt": "indexed",
        "cambia.txt": "changed",
        "nota": "indexed",
        "programa.exe": "skipped",
        "se va.txt": "gone",
        "vacío.txt": "failed",
        "vieja.html": "indexed",
    }
    law = entries["agua.txt"]
    assert (law["title"], law["folder"], law["passages"]) == ("Ley del agua", "docs/leyes", 1)
    assert (law["date"], law["day"], law["size"]) == (None, "2023-11-14", len(LAW.encode()))
    assert entries["vieja.html"]["date"] == "1998-02-03"
    assert entries["vacío.txt"]["reasons"] == ["Está vacío."]
    english = Client(client.http, "en").entries()["vacío.txt"]
    assert english["reasons"] == ["It is empty; add text or leave it out."]
    assert entries["programa.exe"]["key"] == "", "what lies in the operator's folder"


def test_no_path_of_the_machine_is_told(chat: tuple[Client, Retriever, Path]) -> None:
    """Only the folder that was indexed, by its name."""
    client, _, docs = chat
    answer = client.http.get("/documents/list")
    assert str(docs.parent) not in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"q": "ACTA sesion"}, ["acta.txt"]),
        ({"q": "leyes vieja"}, ["vieja.html"]),
        ({"folder": "docs/actas"}, ["acta.txt", "vacío.txt"]),
        ({"state": "changed"}, ["cambia.txt"]),
        ({"state": "gone"}, ["se va.txt"]),
        ({"state": "failed"}, ["vacío.txt"]),
        ({"since": "1998-02-03", "until": "2023-11-14"}, ["agua.txt", "vieja.html"]),
        ({"since": "2023-11-15", "folder": "docs/leyes"}, ["cambia.txt"]),
        ({"q": "nada de esto"}, []),
    ],
)
def test_filters(
    chat: tuple[Client, Retriever, Path], wanted: dict[str, str], names: list[str]
) -> None:
    """By words of name, title and folder, by folder, by state and by date."""
    found = chat[0].list(**wanted)
    assert sorted(entry["name"] for entry in found["entries"]) == sorted(names)
    assert (found["total"], found["whole"]) == (len(names), 8)


def test_a_phrase_is_looked_for_in_the_texts(chat: tuple[Client, Retriever, Path]) -> None:
    """In quotation marks of any kind; without them it is looked for in the names alone."""
    client, _, _ = chat
    for phrase in ('"presidió la sesión"', "«presidió la sesión» ", "“presidió la sesión”"):
        assert client.entries(q=phrase).keys() == {"acta.txt"}
    assert client.entries(q="presidió la sesión") == {}


def test_order(chat: tuple[Client, Retriever, Path]) -> None:
    """By title or name, date and size, up and down."""
    client, _, _ = chat

    def names(**wanted: str) -> list[str]:
        return [entry["name"] for entry in client.list(state="indexed", **wanted)["entries"]]

    by_name = [entry["name"] for entry in client.list()["entries"]]
    assert by_name[:2] == ["acta.txt", "cambia.txt"]
    assert names(sort="date")[:3] == ["nota", "vieja.html", "agua.txt"]
    assert names(sort="date", descending="true")[-3:] == ["agua.txt", "vieja.html", "nota"]
    assert names(sort="size", descending="true")[0] == "vieja.html"


def test_a_document_to_read(chat: tuple[Client, Retriever, Path]) -> None:
    """Its paragraphs; of one that is gone, a sentence."""
    client, _, _ = chat
    found = client.http.get("/documents/text", params={"id": "leyes/agua.txt"}).json()
    assert (found["title"], found["name"], found["next"]) == ("Ley del agua", "agua.txt", None)
    assert [one["text"] for one in found["paragraphs"]] == LAW.split("\n\n")
    missing = client.http.get("/documents/text", params={"id": "x", "lang": "en"})
    assert (missing.status_code, missing.json()["error"][:25]) == (404, "There is no document x: q")


def test_a_long_document_comes_in_parts(chat: tuple[Client, Retriever, Path]) -> None:
    """Which together are all of it, also where a paragraph does not end."""
    client, retriever, _ = chat
    text = "\n\n".join(f"Párrafo {number}. " + "palabra " * 60 for number in range(120))
    text += "\n\n" + "sinfin" * 3000
    retriever.index.add([Document("largo", text)])
    whole: list[str] = []
    offset: int | None = 0
    while offset is not None:
        address = f"/documents/text?id=largo&offset={offset}"
        found = client.http.get(address).json()
        assert sum(len(one["text"]) for one in found["paragraphs"]) < 30_000
        whole += [one["text"] for one in found["paragraphs"]]
        offset = found["next"]
    assert "".join("".join(whole).split()) == "".join(text.split())
    retriever.index.remove(["largo"])


def test_ten_thousand_files(chat: tuple[Client, Retriever, Path]) -> None:
    """The answer stays bounded, and each of them can be reached."""
    client, retriever, docs = chat
    many = {
        f"{docs}/muchos/{number:05}.txt": "has no text; check the file" for number in range(10_000)
    }
    with Index.open(retriever.index.path) as index, index.catalog.transaction():
        index.catalog.record_problems(f"{docs}/muchos", many, {})
    first = client.list(folder="muchos")
    assert (first["total"], len(first["entries"]), first["step"]) == (10_000, 100, 100)
    last = client.list(folder="muchos", offset=9_950)
    assert [entry["name"] for entry in last["entries"]][-1] == "09999.txt"
    assert last["entries"][0]["state"] == "no_text"
    assert client.list(q="muchos 04711")["total"] == 1
    with Index.open(retriever.index.path) as index, index.catalog.transaction():
        index.catalog.record_problems(f"{docs}/muchos", {}, {})
    assert client.list()["whole"] == 8

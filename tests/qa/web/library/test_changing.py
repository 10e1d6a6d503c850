"""Adding documents and taking them out, by what the page sends."""

import io
import shutil
import signal
import socket
import zipfile
from collections import namedtuple
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from index import Index
from index.embedders import Embedder
from qa import Retriever
from qa.web.library import uploads
from qa.web.library.uploads import clean_name
from tests.files import docx, pdf
from tests.qa.web.library.shelves import MINUTES, Client, collection, opened
from tests.qa.web.processes import served, until

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def chat(tmp_path: Path, embedder: Embedder) -> Iterator[tuple[Client, Retriever, Path]]:
    """A chat, its retriever, and the folder of what is added."""
    folder = collection(tmp_path, embedder)
    with opened(folder) as (client, retriever):
        yield client, retriever, tmp_path / "index-uploads"


def files(folder: Path) -> set[str]:
    """All files in a folder, also those that are hidden."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def zipped(**members: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"carpeta/{name}.txt", text)
    return data.getvalue()


def test_files_of_all_kinds_become_documents(chat: tuple[Client, Retriever, Path]) -> None:
    """What is in a ZIP, too; of what is not read, the reason is said."""
    client, retriever, folder = chat
    sent = {
        "aviso.pdf": pdf([["El faro de Nerja mide 30 metros."]]),
        "oficio.docx": docx([("", "El oficio 47 ordena cerrar el puente.")]),
        "lote.zip": zipped(uno="La alcaldesa vetó el plan.", dos="El plan costaba mucho."),
        "roto.pdf": b"%PDF-1.4 nothing more",
    }
    for name, data in sent.items():
        assert client.put(name, data).json() == {"name": name}
    became = client.settled(*sent)
    assert {name: one["state"] for name, one in became.items()} == {
        "aviso.pdf": "indexed", "oficio.docx": "indexed", "lote.zip": "indexed",
        "roto.pdf": "failed",
    }  # fmt: skip
    assert became["lote.zip"]["inside"] == 2
    assert became["roto.pdf"]["reasons"] == [
        "Está dañado o no es lo que su nombre dice: ábrelo en su programa y guárdalo de nuevo."
    ]
    assert files(folder) == set(sent)
    hit = retriever.search("¿Cuánto mide el faro?", k=1)[0]
    assert (hit.document_id, hit.text) == ("aviso.pdf", "El faro de Nerja mide 30 metros.")
    assert (
        retriever.search("¿Quién vetó el plan?", k=1)[0].document_id == "lote.zip/carpeta/uno.txt"
    )
    entries = client.entries()
    assert entries["aviso.pdf"]["folder"] == "@added" and entries["aviso.pdf"]["uploaded"]
    assert entries["roto.pdf"]["state"] == "failed"
    assert client.entries(folder="lote.zip/carpeta").keys() == {"uno.txt", "dos.txt"}


def test_a_later_sync_of_any_folder_neither_loses_nor_doubles(
    chat: tuple[Client, Retriever, Path],
) -> None:
    """Of the operator's own folder, of the one above both, and of what was added."""
    client, retriever, folder = chat
    client.put("acta.txt", "El acta añadida cita a Zubrón.".encode())
    client.settled()
    before = {info.id for info in retriever.documents()}
    assert len(before) == 3
    for place in (folder.parent / "docs", folder.parent, folder):
        report = retriever.index.sync(place)
        assert (report.added, report.removed) == ([], [])
        assert {info.id for info in retriever.documents()} == before


@pytest.mark.parametrize("same", ["keep", "replace"])
def test_a_file_of_the_same_name(chat: tuple[Client, Retriever, Path], same: str) -> None:
    """It is told before it is sent; both are kept, or the new one takes the place."""
    client, retriever, _ = chat
    client.put("acta.txt", b"The first text.")
    checked = client.post("check", files=[["C:\\docs\\acta.txt", 9], ["otra.txt", 9]]).json()
    assert [(one["name"], one["exists"]) for one in checked["files"]] == [
        ("acta.txt", True),
        ("otra.txt", False),
    ]
    kept = client.put("acta.txt", b"The second text.", same=same).json()["name"]
    assert client.settled(kept)[kept]["state"] == "indexed"
    texts = {
        entry["name"]: retriever.document(entry["id"]).text
        for entry in client.entries(folder="@added").values()
    }
    if same == "keep":
        assert texts == {"acta.txt": "The first text.", "acta (2).txt": "The second text."}
    else:
        assert texts == {"acta.txt": "The second text."}


def test_what_is_not_taken_is_said_at_once(
    chat: tuple[Client, Retriever, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kind, the size, an empty file and a full disk; before it is sent and when it is."""
    client, _, folder = chat
    monkeypatch.setattr(uploads, "MAX_BYTES", 1 << 20)
    wrong = {
        "juego.exe": (b"MZ", 415, "No se leen archivos de este tipo (.exe): "),
        "foto.JPG": (b"\xff\xd8", 415, "Es una imagen: "),
        "nada.txt": (b"", 422, "El archivo está vacío."),
        "mucho.txt": (b"x" * (1 << 20) + b"x", 413, "Es demasiado grande: el límite es de 1 MB"),
    }
    asked = [[name, len(data)] for name, (data, _, _) in wrong.items()]
    problems = [one["problem"] for one in client.post("check", files=asked).json()["files"]]
    for (name, (data, status, sentence)), problem in zip(wrong.items(), problems, strict=True):
        answer = client.put(name, data)
        assert (answer.status_code, answer.json()["error"]) == (status, problem)
        assert problem.startswith(sentence)
    # Without its length, it is measured while it comes.
    parts = client.http.put(
        "/documents/file", params={"name": "a.txt"}, content=iter([b"x" * 2**20] * 2)
    )
    assert parts.status_code == 413
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(1, 1, 0))
    full = Client(client.http, "en").put("a.txt", b"text")
    assert (full.status_code, full.json()["error"]) == (
        507, "The server's disk is full: tell who runs it.",
    )  # fmt: skip
    assert not folder.exists() or not files(folder)


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ana\\acta.txt", "acta.txt"),
        (".oculto.txt", "oculto.txt"),
        ("~$acta.docx", "acta.docx"),
        ("factura\u202efdp.txt", "facturafdp.txt"),
        ("a\0b\x1b[31m\u200b.txt", "ab[31m.txt"),
        ("a<b>c:d?.txt", "a_b_c_d_.txt"),
        ("con.txt", "documento-con.txt"),
        ("  acta \u00a0 final .txt", "acta final.txt"),
        ("n\u0303and\u00fa.txt", "ñandú.txt"),
        ("...", "documento"),
    ],
)
def test_names_are_cleaned(name: str, cleaned: str) -> None:
    """No path, nothing that is not seen, nothing that a system gives another meaning."""
    assert clean_name(name) == cleaned


def test_long_names_keep_their_ending() -> None:
    """In bytes, no file system takes more."""
    name = clean_name("ñ" * 500 + ".docx")
    assert name.endswith("ñ.docx") and len(name.encode()) <= 180


def test_nothing_is_changed_where_it_is_not_allowed(tmp_path: Path, embedder: Embedder) -> None:
    """The list is there; every other route says so."""
    with opened(collection(tmp_path, embedder), allowed=False) as (client, retriever):
        assert client.list()["changeable"] is False
        answers = [
            client.put("a.txt", b"text"),
            client.post("remove", keys=["d:leyes/agua.txt"]),
            client.post("cancel", names=[]),
            client.post("check", files=[]),
            client.post("progress", names=[]),
        ]
        assert {answer.status_code for answer in answers} == {403}
        assert "--allow-upload" in answers[0].json()["error"]
        assert retriever.index.has("leyes/agua.txt")
        assert not (tmp_path / "index-uploads").exists()


def test_pages_of_other_sites_change_nothing(chat: tuple[Client, Retriever, Path]) -> None:
    """Neither by a form, nor by a script."""
    client, retriever, folder = chat
    evil = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    put = client.http.put("/documents/file?name=a.txt", content=b"text", headers=evil)
    form = client.http.post("/documents/remove", files={"keys": b"x"}, headers=evil)
    keys = {"keys": ["d:leyes/agua.txt"]}
    script = client.http.post("/documents/remove", json=keys, headers=evil)
    asked = {**evil, "Access-Control-Request-Method": "PUT"}
    before = client.http.options("/documents/file?name=a.txt", headers=asked)
    assert [one.status_code for one in (put, form, script, before)] == [403] * 4
    assert "access-control-allow-origin" not in before.headers
    # Nor by a form of a page that hides where it comes from: it cannot send JSON.
    assert client.http.post("/documents/remove", files={"keys": b"x"}).status_code == 422
    assert retriever.index.has("leyes/agua.txt") and not folder.exists()


def test_cancelling_takes_back_what_is_not_indexed_yet(
    chat: tuple[Client, Retriever, Path],
) -> None:
    """While another process writes, it waits, and says so; searches go on."""
    client, retriever, folder = chat
    with Index.open(retriever.index.path) as other, other.catalog.writing(1):
        client.put("una.txt", b"One text.")
        waiting = client.until(lambda now: now["phase"] == "waiting", "una.txt")
        assert waiting["outcomes"] == {"una.txt": {"state": "pending"}}
        assert (
            retriever.search("¿Quién presidió la sesión?", k=1)[0].document_id == "actas/acta.txt"
        )
        refused = client.post("remove", keys=["d:leyes/agua.txt"])
        assert refused.status_code == 409 and "indexando" in refused.json()["error"]
        assert client.post("cancel", names=["una.txt"]).json() == {"names": ["una.txt"]}
        assert client.post("progress", names=["una.txt"]).json()["outcomes"] == {
            "una.txt": {"state": "gone"}
        }
    assert files(folder) == set()
    client.put("otra.txt", b"Another text.")
    assert client.settled("otra.txt")["otra.txt"]["state"] == "indexed"
    assert client.post("cancel", names=["otra.txt"]).json() == {"names": []}
    assert {info.id for info in retriever.documents()} == {
        "actas/acta.txt", "leyes/agua.txt", "otra.txt",
    }  # fmt: skip


def test_removing(chat: tuple[Client, Retriever, Path]) -> None:
    """What was added here goes for good; a file of the operator's stays, and comes back."""
    client, retriever, folder = chat
    client.put("una.txt", b"One text.")
    client.put("lote.zip", zipped(uno="Uno.", dos="Dos."))
    client.put("roto.docx", b"nothing")
    client.settled()
    entries = client.entries()
    assert client.post("remove", keys=[entries["una.txt"]["key"]]).json() == {"removed": 1}
    assert files(folder) == {"lote.zip", "roto.docx"}
    assert client.post("remove", keys=[entries["uno.txt"]["key"]]).json() == {"removed": 1}
    assert client.post("remove", keys=[entries["roto.docx"]["key"]]).json() == {"removed": 1}
    client.settled()
    assert files(folder) == set()
    assert client.post("remove", keys=["d:actas/acta.txt"]).json() == {"removed": 1}
    assert client.entries().keys() == {"agua.txt", "vacío.txt", "programa.exe"}
    acta = folder.parent / "docs" / "actas" / "acta.txt"
    assert acta.read_text(encoding="utf-8") == MINUTES
    assert retriever.index.sync(folder.parent / "docs").added == ["actas/acta.txt"]
    again = client.post("remove", keys=[entries["una.txt"]["key"]])
    assert (again.status_code, again.json()["error"]) == (
        404, "Este documento ya no está: vuelve a cargar la lista.",
    )  # fmt: skip


def half_sent(address: str, name: str) -> socket.socket:
    """A connection on which half of a file was sent."""
    where = urlsplit(address)
    assert where.hostname and where.port
    connection = socket.create_connection((where.hostname, where.port))
    head = f"PUT /documents/file?name={name} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    head += "Content-Length: 2000\r\n\r\n"
    connection.sendall(head.encode() + b"x" * 1000)
    return connection


def test_a_broken_upload_and_a_killed_server_leave_nothing_half(
    tmp_path: Path, embedder: Embedder
) -> None:
    """What had come whole by then is indexed by the next server."""
    index, folder = collection(tmp_path, embedder), tmp_path / "index-uploads"
    incoming = folder / ".incoming"

    def names(address: str) -> set[str]:
        found = httpx.get(f"{address}/documents/list", timeout=60).json()
        return {entry["name"] for entry in found["entries"]}

    with served("web", index, tmp_path) as server:
        with half_sent(server.address, "media.txt"):
            until(lambda: list(incoming.glob("*")))
        until(lambda: not list(incoming.glob("*")))
        with half_sent(server.address, "otra.txt"):
            until(lambda: list(incoming.glob("*")))
            server.process.send_signal(signal.SIGKILL)
            server.process.wait()
    assert len(list(incoming.glob("*"))) == 1
    (folder / "entera.txt").write_text("La ley entera llegó a tiempo.", encoding="utf-8")
    with served("web", index, tmp_path) as server:
        before = names(server.address)
        assert "media.txt" not in before and "otra.txt" not in before
        until(lambda: "entera.txt" in names(server.address))
        assert files(folder) == {"entera.txt"}


@pytest.mark.skipif(not Path("/proc/self/cmdline").is_file(), reason="needs /proc")
def test_indexing_ends_with_the_server(tmp_path: Path, embedder: Embedder) -> None:
    """Though it was killed; the next server goes on with what was not indexed yet."""
    index, folder = collection(tmp_path, embedder), tmp_path / "index-uploads"
    folder.mkdir()
    words = "\n\n".join(f"La ley {n} regula el riego de la parcela {n * 7}." for n in range(3000))
    (folder / "larga.txt").write_text(words, encoding="utf-8")

    def indexing() -> list[Path]:
        found = []
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                said = process.read_bytes()
                if b"qa.web.library.indexing" in said and bytes(index.absolute()) in said:
                    found.append(process)
        return found

    with served("web", index, tmp_path) as server:
        httpx.get(f"{server.address}/documents/list", timeout=60)
        until(indexing)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        until(lambda: not indexing())

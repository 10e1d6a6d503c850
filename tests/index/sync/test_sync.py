"""Folders and files into the index, and out of it again."""

import io
import json
import os
import shutil
import stat
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index import Document, Index
from index.embedders import Embedder
from index.errors import InputError, QAError
from index.sync.sync import Report, Step
from tests.files import pdf
from tests.index.test_index import Counting

LINK = "is a link, which is not followed; give the file or folder itself"
CATS = "Los gatos negros duermen en el tejado de la casa vieja."
BREAD = "El pan se hace con harina de trigo, agua y sal."


@pytest.fixture
def index(tmp_path: Path, embedder: Embedder) -> Iterator[Index]:
    with Index.open(tmp_path / "index", create=True, model=embedder) as opened:
        yield opened


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """A folder with two documents, one of them in a folder below."""
    folder = tmp_path / "docs"
    write(folder / "cats.txt", CATS)
    write(folder / "más cosas" / "pan.md", BREAD)
    return folder


def write(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def done(report: Report) -> dict[str, object]:
    """What a report says, without what is empty and the numbers."""
    names = ("added", "changed", "moved", "removed", "unchanged", "failed", "skipped")
    return {name: value for name in names if (value := getattr(report, name))}


def found(index: Index, question: str) -> set[str]:
    """The documents that have a word of the question."""
    candidates = index.candidates(question)
    return {one.passage.document_id for one in candidates if one.lexical is not None}


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, who may read and write everything."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_an_unmounted_disk_loses_nothing(index: Index, docs: Path) -> None:
    """A folder that is empty on another disk than before keeps its documents, and is named."""
    index.sync(docs)
    before = index.documents()
    kept = docs.with_name("kept")
    docs.rename(kept)
    docs.mkdir()
    real = index.catalog.get("disks") or ""
    index.catalog.put("disks", json.dumps({str(docs): docs.stat().st_dev + 1}))
    for _ in range(2):
        report = index.sync(docs)
    assert index.documents() == before
    assert report.removed == []
    assert list(report.failed) == [str(docs)]
    assert "mount it" in report.failed[str(docs)]
    docs.rmdir()
    kept.rename(docs)
    report = index.sync(docs)
    assert (report.failed, report.removed, len(report.unchanged)) == ({}, [], len(before))
    assert json.loads(index.catalog.get("disks") or "") == json.loads(real)
    for path in list(docs.rglob("*")):
        if path.is_file():
            path.unlink()
    assert len(index.sync(docs).removed) == len(before)


def test_a_folder_s_life(index: Index, docs: Path) -> None:
    """Files are added, left alone, indexed again when they change, and taken out."""
    report = index.sync(docs)
    assert done(report) == {"added": ["cats.txt", "más cosas/pan.md"]}
    assert report.passages == 2
    assert report.seconds > 0
    document = index.document("cats.txt")
    assert (document.text, document.source) == (CATS, str(docs / "cats.txt"))

    report = index.sync(docs)
    assert done(report) == {"unchanged": ["cats.txt", "más cosas/pan.md"]}
    assert report.passages == 0

    write(docs / "cats.txt", "Los perros ladran de noche junto al río.")
    write(docs / "nuevo.txt", "Las gaviotas vuelan sobre el puerto.")
    (docs / "más cosas" / "pan.md").unlink()
    assert done(index.sync(docs)) == {
        "added": ["nuevo.txt"],
        "changed": ["cats.txt"],
        "removed": ["más cosas/pan.md"],
    }
    assert found(index, "perros gaviotas") == {"cats.txt", "nuevo.txt"}
    assert found(index, "gatos pan harina") == set()


def test_a_change_of_the_same_size(index: Index, docs: Path) -> None:
    """The time of change tells, when the size does not."""
    index.sync(docs)
    write(docs / "cats.txt", CATS.replace("gatos", "perro"))
    os.utime(docs / "cats.txt", ns=(0, 12345))
    assert index.sync(docs).changed == ["cats.txt"]
    assert found(index, "perro") == {"cats.txt"}


def test_what_cannot_be_read_is_named(index: Index, docs: Path) -> None:
    """Broken files are reported with the reason; the rest is indexed; they are tried again."""
    write(docs / "a.txt", b"\x00\x01\x02\xff" * 300)
    write(docs / "b.txt", b"")
    write(docs / "c.pdf", b"%PDF-1.4 broken")
    write(docs / "d.txt", "***\n\n---")
    report = index.sync(docs)
    assert report.added == ["cats.txt", "más cosas/pan.md"]
    assert report.failed.keys() == {
        str(docs / name) for name in ("a.txt", "b.txt", "c.pdf", "d.txt")
    }
    assert report.failed[str(docs / "a.txt")] == "is not text but binary data; check the file"
    assert report.failed[str(docs / "b.txt")] == "is empty; add text or leave it out"
    assert report.failed[str(docs / "d.txt")] == "has no text to index"
    assert index.catalog.failures() == report.failed

    for name in ("b.txt", "c.pdf", "d.txt"):
        (docs / name).unlink()
    write(docs / "a.txt", "Ahora es texto.")
    assert done(index.sync(docs)) == {
        "added": ["a.txt"],
        "unchanged": ["cats.txt", "más cosas/pan.md"],
    }
    assert index.catalog.failures() == {}


def test_a_file_that_failed_is_not_read_again(
    index: Index, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as it is as it was, its reason is kept; named itself, it is tried again."""
    write(docs / "c.pdf", b"%PDF-1.4 broken")
    write(docs / "b.txt", b"")
    for name in ("c.pdf", "b.txt"):
        os.utime(docs / name, ns=(0, 0))
    failed = index.sync(docs).failed
    assert failed.keys() == {str(docs / "c.pdf"), str(docs / "b.txt")}

    with monkeypatch.context() as patched:
        patched.setattr("index.sync.pool.Readers.read", None)
        report = index.sync(docs)
    assert report.failed == index.catalog.failures() == failed
    assert report.passages == 0
    monkeypatch.setattr(
        "index.documents.read.read_document", lambda path, id: Document(id, BREAD, source=str(path))
    )
    assert index.sync(docs / "b.txt").added == ["b.txt"]
    assert index.catalog.failures().keys() == {str(docs / "c.pdf")}
    os.utime(docs / "c.pdf", ns=(0, 1))
    assert index.sync(docs).failed.keys() == {str(docs / "c.pdf")}


def test_a_document_that_broke_is_taken_out(index: Index, docs: Path) -> None:
    """Its old text is no longer what the file says, so it must not be quoted."""
    index.sync(docs)
    write(docs / "cats.txt", b"\x00\xff" * 500)
    report = index.sync(docs)
    assert report.failed.keys() == {str(docs / "cats.txt")}
    assert found(index, "gatos") == set()
    assert [info.id for info in index.documents()] == ["más cosas/pan.md"]


def test_links_devices_and_other_files_are_skipped(index: Index, docs: Path) -> None:
    """Links are not followed, hidden files not seen, and other formats not read."""
    secret = docs.parent / "secret"
    write(secret / "secret.txt", "La contraseña es girasol.")
    (docs / "link.txt").symlink_to(secret / "secret.txt")
    (docs / "broken.txt").symlink_to(docs / "nowhere.txt")
    (docs / "folder").symlink_to(secret)
    (docs / "circle").symlink_to(docs)
    os.mkfifo(docs / "pipe.txt")
    write(docs / ".hidden.txt", "oculto")
    write(docs / "~$acta.docx", "Marta")
    write(docs / ".git" / "notes.txt", "oculto")
    write(docs / "song.mp3", "x")
    report = index.sync(docs)
    assert done(report) == {
        "added": ["cats.txt", "más cosas/pan.md"],
        "skipped": {
            str(docs / name): reason
            for name, reason in {
                "broken.txt": LINK,
                "circle": LINK,
                "folder": LINK,
                "link.txt": LINK,
                "song.mp3": "is not a document of a known format",
                "pipe.txt": "is a device or a pipe, not a file",
            }.items()
        },
    }
    assert index.catalog.skipped() == report.skipped
    assert found(index, "girasol oculto") == set()


def test_what_may_not_be_read(tmp_path_factory: pytest.TempPathFactory, index: Index) -> None:
    """A file or folder without permission is named; what was indexed of that folder stays."""
    base = tmp_path_factory.mktemp("rights")
    docs = base / "docs"
    write(docs / "open.txt", CATS)
    write(docs / "closed" / "pan.txt", BREAD)
    write(docs / "private.txt", "Las gaviotas vuelan.")
    index.sync(docs)
    for folder in (base, *base.parents):
        if "pytest-of-" in str(folder):
            folder.chmod(0o755)
    for path in (index.folder, *index.folder.rglob("*")):
        path.chmod(0o777)
        path.parent.chmod(0o777)
    os.utime(docs / "private.txt", ns=(0, 0))
    (docs / "private.txt").chmod(0)
    (docs / "closed").chmod(0)
    try:
        with as_nobody():
            report = index.sync(docs)
    finally:
        (docs / "closed").chmod(stat.S_IRWXU)
    assert done(report) == {
        "unchanged": ["open.txt"],
        "failed": {
            str(
                docs / "closed"
            ): "cannot be looked into (Permission denied); check its permissions",
            str(docs / "private.txt"): "may not be read; check its permissions",
        },
    }
    assert found(index, "pan") == {"closed/pan.txt"}


def test_names_that_are_not_utf8(index: Index, docs: Path) -> None:
    """They are reported in a form that can be printed and kept."""
    try:
        write(Path(os.fsdecode(os.fsencode(docs) + b"/caf\xe9.txt")), CATS)
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    report = index.sync(docs)
    assert report.failed == {f"{docs}/caf?.txt": "has a name that is not UTF-8; rename it"}
    assert index.catalog.failures() == report.failed
    assert len(report.added) == 2


def test_one_file(index: Index, docs: Path) -> None:
    """A file that is named is indexed alone, and its folder's other documents stay."""
    assert index.sync(docs / "cats.txt").added == ["cats.txt"]
    write(docs / "bad.txt", b"")
    assert index.sync(docs).added == ["más cosas/pan.md"]
    assert done(index.sync(docs / "cats.txt")) == {"unchanged": ["cats.txt"]}
    assert index.catalog.failures().keys() == {str(docs / "bad.txt")}
    assert len(index.documents()) == 2
    write(docs / "song.mp3", "x")
    assert "unknown format" in index.sync(docs / "song.mp3").failed[str(docs / "song.mp3")]


def test_folders_of_the_same_names(index: Index, tmp_path: Path) -> None:
    """Equal paths in several folders are several documents; each keeps its id."""
    folders = [tmp_path / name / "docs" for name in ("a", "b", "c")]
    for folder in folders:
        write(folder / "x.txt", f"Un texto de la carpeta {folder.parent.name * 3}.")
    index.add([])
    reports = [index.sync(folder) for folder in folders]
    assert [report.added for report in reports] == [["x.txt"], ["docs/x.txt"], ["c/docs/x.txt"]]
    assert [index.sync(folder).unchanged for folder in folders] == [
        ["x.txt"],
        ["docs/x.txt"],
        ["c/docs/x.txt"],
    ]
    (folders[1] / "x.txt").unlink()
    assert index.sync(*folders).removed == ["docs/x.txt"]
    assert found(index, "aaa bbb ccc") == {"x.txt", "c/docs/x.txt"}


def test_a_folder_in_a_folder_of_the_same_name(index: Index, tmp_path: Path) -> None:
    """An id with the folder's name before it is no other file's of that folder."""
    write(tmp_path / "a" / "docs" / "x.txt", "Un texto de la carpeta aaa.")
    index.sync(tmp_path / "a" / "docs")
    docs = tmp_path / "b" / "docs"
    write(docs / "x.txt", "Un texto de la carpeta bbb.")
    write(docs / "docs" / "x.txt", "Un texto de la carpeta ccc.")
    assert index.sync(docs).added == ["docs/x.txt", "docs/docs/x.txt"]
    assert sorted(index.sync(docs).unchanged) == ["docs/docs/x.txt", "docs/x.txt"]
    assert found(index, "aaa bbb ccc") == {"x.txt", "docs/x.txt", "docs/docs/x.txt"}


def test_documents_added_by_hand_stay(index: Index, docs: Path) -> None:
    """A sync neither removes nor replaces them."""
    index.add([Document("cats.txt", "Un memorando sobre delfines.")])
    assert index.sync(docs).added == ["docs/cats.txt", "más cosas/pan.md"]
    assert found(index, "delfines gatos") == {"cats.txt", "docs/cats.txt"}
    assert index.sync(docs).removed == []


def test_pages_come_along(index: Index, docs: Path) -> None:
    """A PDF's passages know their page."""
    write(docs / "acta.pdf", pdf([["El canciller viajó."], ["La comisión se reunió."]]))
    index.sync(docs)
    (best,) = [one for one in index.candidates("comisión") if one.lexical is not None]
    assert best.passage.locate(best.passage.text.index("La comisión")) == (2, 2)


def test_progress(index: Index, docs: Path) -> None:
    """Files and bytes done, and passages embedded, for the files that are read, and the end."""
    write(docs / "vacío.txt", b"")
    seen: list[Step] = []
    index.sync(docs, on_progress=seen.append)
    assert seen[0] == Step(0, 3, 0, 0.0, "")
    assert (seen[-1].files, seen[-1].of, seen[-1].embedded, seen[-1].share) == (3, 3, 2, 1.0)
    for before, after in pairwise(seen):
        assert (before.files, before.embedded) <= (after.files, after.embedded)
    (docs / "vacío.txt").unlink()
    seen.clear()
    index.sync(docs, on_progress=seen.append)
    assert seen == []


@pytest.mark.parametrize("name", ["missing", "pipe", "x" * 5000, "nul\0"])
def test_a_path_that_is_nothing(index: Index, docs: Path, name: str) -> None:
    """It is an error, found before anything is changed, also when other paths are good."""
    os.mkfifo(docs.parent / "pipe")
    with pytest.raises(InputError):
        index.sync(docs, docs.parent / name)
    assert index.documents() == []


def test_interrupted_by_the_caller(index: Index, docs: Path) -> None:
    """What an error in the caller's progress report stops is whole, and the next sync goes on."""

    def stop(step: Step) -> None:
        if step.embedded:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index.sync(docs, on_progress=stop)
    assert index.candidates("gatos") == []
    assert index.sync(docs).added == ["cats.txt", "más cosas/pan.md"]
    assert found(index, "gatos pan") == {"cats.txt", "más cosas/pan.md"}


def test_the_index_inside_its_documents(docs: Path, embedder: Embedder) -> None:
    """An index may lie in the folder that it indexes: its own files are no documents."""
    with Index.open(docs / "index", create=True, model=embedder) as index:
        assert index.sync(docs).added == ["cats.txt", "más cosas/pan.md"]
        assert index.sync(docs).added == []


def test_errors_are_ours() -> None:
    """A caller catches one class."""
    assert issubclass(InputError, QAError)


# What is embedded again


@pytest.fixture
def model() -> Counting:
    return Counting()


@pytest.fixture
def counted(tmp_path: Path, model: Counting) -> Iterator[Index]:
    """An index whose model says what it embedded."""
    with Index.open(tmp_path / "index", create=True, model=model) as opened:
        yield opened


def long(*words: str) -> str:
    """One long paragraph of each word: as many passages."""
    return "\n\n".join(f"{word} " * 80 + "fin." for word in words)


def held(index: Index) -> list[tuple[str, str]]:
    """The passages that end with "fin.", with their documents, as a search brings them up."""
    candidates = [one for one in index.candidates("fin", k=1000) if one.lexical is not None]
    return sorted((one.passage.document_id, one.passage.text) for one in candidates)


def test_one_paragraph_edited(counted: Index, model: Counting, docs: Path) -> None:
    """One passage is embedded, and the report counts it."""
    write(docs / "libro.txt", long("uno", "dos", "tres"))
    assert counted.sync(docs).embedded == 5
    model.embedded.clear()
    write(docs / "libro.txt", long("uno", "cinco", "tres"))
    report = counted.sync(docs)
    assert (report.changed, report.passages, report.embedded) == (["libro.txt"], 3, 1)
    assert model.embedded == [long("cinco")]


def test_a_copy(counted: Index, model: Counting, docs: Path) -> None:
    """Its words are known already."""
    counted.sync(docs)
    model.embedded.clear()
    shutil.copy(docs / "cats.txt", docs / "copia.txt")
    assert counted.sync(docs).added == ["copia.txt"]
    assert model.embedded == []


@pytest.mark.parametrize("new", ["tomo.md", "más cosas/otro sitio/libro.md"])
def test_a_moved_file(counted: Index, model: Counting, docs: Path, new: str) -> None:
    """It is reported as moved and embeds nothing; its id is the new path, its passages stay."""
    write(docs / "libro.md", "# El libro mayor\n\n" + long("uno", "dos"))
    counted.sync(docs)
    before = {one.id: one.passage.text for one in counted.candidates("x")}
    model.embedded.clear()
    (docs / new).parent.mkdir(exist_ok=True)
    (docs / "libro.md").rename(docs / new)
    report = counted.sync(docs)
    assert report.moved == {"libro.md": new}
    assert (report.added, report.changed, report.removed, report.embedded) == ([], [], [], 0)
    assert model.embedded == []
    assert {one.id: one.passage.text for one in counted.candidates("x")} == before
    assert counted.document(new).source == str(docs / new)
    assert done(counted.sync(docs)).keys() == {"unchanged"}


def test_a_title_from_a_moved_file_s_name(counted: Index, docs: Path) -> None:
    """It is the new name's, as in an index made anew, and still nothing is embedded."""
    text = "Un texto largo que acaba en un punto y no tiene título alguno."
    write(docs / "acta_uno.txt", text)
    counted.sync(docs)
    assert counted.document("acta_uno.txt").title == "acta uno"
    (docs / "acta_uno.txt").rename(docs / "acta_dos.txt")
    report = counted.sync(docs)
    assert (report.moved, report.embedded) == ({"acta_uno.txt": "acta_dos.txt"}, 0)
    assert counted.document("acta_dos.txt").title == "acta dos"


def test_moved_and_edited(counted: Index, model: Counting, docs: Path) -> None:
    """A file that moved and changed is a new document, but what it kept is not embedded again."""
    write(docs / "libro.txt", long("uno", "dos", "tres"))
    counted.sync(docs)
    model.embedded.clear()
    (docs / "libro.txt").unlink()
    write(docs / "tomo.txt", long("uno", "cinco", "tres"))
    report = counted.sync(docs)
    assert (report.added, report.removed) == (["tomo.txt"], ["libro.txt"])
    assert model.embedded == [long("cinco")]
    assert counted.catalog.rows("SELECT count(*) FROM spare") == [(0,)]


def test_files_that_change_places(counted: Index, model: Counting, docs: Path) -> None:
    """Each path says what its file says now; nothing is embedded."""
    write(docs / "a.txt", long("uno"))
    write(docs / "b.txt", long("dos"))
    counted.sync(docs)
    model.embedded.clear()
    (docs / "a.txt").rename(docs / "c.txt")
    (docs / "b.txt").rename(docs / "a.txt")
    (docs / "c.txt").rename(docs / "b.txt")
    assert counted.sync(docs).changed == ["a.txt", "b.txt"]
    assert counted.document("a.txt").text == long("dos")
    assert counted.document("b.txt").text == long("uno")
    assert model.embedded == []


def test_a_folder_that_moved(counted: Index, model: Counting, tmp_path: Path) -> None:
    """A file that went from one indexed folder to another keeps its passages, and its id."""
    write(tmp_path / "a" / "x.txt", long("uno"))
    write(tmp_path / "b" / "y.txt", long("dos"))
    counted.sync(tmp_path / "a", tmp_path / "b")
    model.embedded.clear()
    (tmp_path / "a" / "x.txt").rename(tmp_path / "b" / "x.txt")
    assert counted.sync(tmp_path / "a", tmp_path / "b").moved == {"x.txt": "x.txt"}
    assert counted.document("x.txt").source == str(tmp_path / "b" / "x.txt")
    assert model.embedded == []


def test_a_touched_file(counted: Index, docs: Path) -> None:
    """Another time of change and the same bytes are no change; the new time is remembered."""
    counted.sync(docs)
    os.utime(docs / "cats.txt", ns=(0, 12345))
    assert done(counted.sync(docs)) == {"unchanged": ["cats.txt", "más cosas/pan.md"]}
    stamps = {known.id: known.stamp.modified for known in counted.catalog.files(str(docs))}
    assert stamps["cats.txt"] == 12345


def test_a_change_within_one_tick_of_the_clock(counted: Index, docs: Path) -> None:
    """A file that was new when it was read is compared by its bytes, for its time may not tell."""
    status = (docs / "cats.txt").stat()
    counted.sync(docs)
    write(docs / "cats.txt", CATS.replace("gatos", "perro"))
    os.utime(docs / "cats.txt", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert counted.sync(docs).changed == ["cats.txt"]


# Folders in folders


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_folder_and_one_in_it(counted: Index, docs: Path, order: tuple[int, int]) -> None:
    """A file that lies in both is one document, at once and one after the other."""
    roots = [docs, docs / "más cosas"]
    paths = [roots[n] for n in order]
    assert len(counted.sync(*paths).added) == 2
    for path in (*paths, *paths):
        assert done(counted.sync(path)).keys() == {"unchanged"}
    assert len(counted.documents()) == 2
    (docs / "más cosas" / "pan.md").unlink()
    assert len(counted.sync(docs).removed) == 1


def test_a_hidden_folder_by_name(counted: Index, docs: Path) -> None:
    """What was named stays when the folder around it, which passes it over, is synced."""
    write(docs / ".notas" / "x.txt", long("uno"))
    assert counted.sync(docs / ".notas").added == ["x.txt"]
    assert len(counted.sync(docs).added) == 2
    assert counted.sync(docs).removed == []
    (docs / ".notas" / "x.txt").unlink()
    assert counted.sync(docs).removed == ["x.txt"]


def test_a_failure_in_a_folder_in_a_folder(counted: Index, docs: Path) -> None:
    """It is forgotten when the inner folder is synced and has none."""
    write(docs / "más cosas" / "x.txt", b"")
    assert counted.sync(docs).failed
    (docs / "más cosas" / "x.txt").unlink()
    counted.sync(docs / "más cosas")
    assert counted.catalog.failures() == {}


# Meanwhile


def test_what_is_gone_is_not_found_while_others_are_read(counted: Index, docs: Path) -> None:
    """A removed file's passages vanish before anything is embedded, also for another reader."""
    counted.sync(docs)
    (docs / "cats.txt").unlink()
    write(docs / "nuevo.txt", long("uno"))
    seen: list[tuple[set[str], set[str]]] = []
    with Index.open(counted.path, model=Counting()) as reader:
        assert found(reader, "gatos") == {"cats.txt"}

        def look(step: Step) -> None:
            if not step.embedded:
                seen.append((found(counted, "gatos fin"), found(reader, "gatos fin")))

        counted.sync(docs, on_progress=look)
        assert seen
        assert all(one == (set(), set()) for one in seen)
        assert found(reader, "gatos fin") == {"nuevo.txt"}


def test_what_is_done_is_found_while_the_rest_is_embedded(
    counted: Index, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each group of passages can be searched, by vector and by word, as soon as it is written."""
    monkeypatch.setattr("index.sync.writer.EMBED_AT_ONCE", 2)
    monkeypatch.setattr("index.storage.derived.PUBLISH_SHARE", 1e9)
    for n in range(6):
        write(docs / f"n{n}.txt", long(f"palabra{n}", "otra"))
    seen: list[tuple[int, int]] = []
    with Index.open(counted.path, model=Counting()) as reader:
        look = lambda step: seen.append((step.files, len(held(reader))))  # noqa: E731
        counted.sync(docs, on_progress=look)
    files = {files: passages for files, passages in seen if 0 < files < 8}
    assert len(files) > 2
    assert all(passages >= 2 * (files - 3) for files, passages in files.items())


# Hostile files


def test_odd_names(counted: Index, docs: Path) -> None:
    """Newlines, emoji, quotes and marks of SQL in a name are part of it."""
    names = ["a\nb.txt", "🎉 fiesta.txt", 'it\'s "x"; DROP TABLE documents--.txt', "%s*?[x].txt"]
    for name in names:
        write(docs / name, f"El archivo de nombre raro {len(name)}.")
    assert set(names) <= set(counted.sync(docs).added)
    assert done(counted.sync(docs)).keys() == {"unchanged"}
    assert counted.document("a\nb.txt").source == str(docs / "a\nb.txt")


def test_a_folder_too_deep(counted: Index, docs: Path) -> None:
    """A path of thousands of characters is indexed or named, not an error of ours."""
    deep = docs
    for _ in range(12):
        deep = deep / ("x" * 200)
    deep.mkdir(parents=True)
    write(deep / "fondo.txt", long("uno"))
    report = counted.sync(docs)
    assert len(report.added) == 3
    assert done(counted.sync(docs)).keys() == {"unchanged"}


def test_an_index_in_its_own_folder_is_passed_over(docs: Path) -> None:
    """Its files are neither documents nor reported as skipped."""
    with Index.open(docs / "index", create=True, model=Counting()) as index:
        assert len(index.sync(docs).added) == 2
        assert index.sync(docs).skipped == {}


def test_stopped_amid_a_long_document(
    tmp_path: Path, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was embedded of it is not embedded again, though the document was not written."""
    monkeypatch.setattr("index.sync.writer.EMBED_AT_ONCE", 3)
    monkeypatch.setattr("index.sync.writer.KEEP_FROM", 4)
    words = [f"palabra{n}" for n in range(12)]
    write(docs / "libro.txt", long(*words))

    class Stopping(Counting):
        def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
            if len(self.embedded) >= 9:
                raise KeyboardInterrupt
            return super().encode(texts)

    first, second = Stopping(), Counting()
    with Index.open(tmp_path / "index", create=True, model=first) as index:
        with pytest.raises(KeyboardInterrupt):
            index.sync(docs)
        assert index.health().interrupted
    with Index.open(tmp_path / "index", model=second) as index:
        assert len(index.sync(docs).added) == 3
        assert sorted(first.embedded + second.embedded) == sorted(
            [*long(*words).split("\n\n"), CATS, BREAD]
        )
        assert not index.health().interrupted
        assert len(held(index)) == 12


def test_files_that_an_earlier_release_had_read(index: Index, docs: Path) -> None:
    """They are searched as they were, and read again by the next sync, which says so."""
    index.sync(docs)
    index.catalog.execute("UPDATE documents SET reading = 1")
    health = index.health()
    assert len(health.to_reread) == 2
    assert (health.changed, health.new) == ([], [])
    assert index.verify().problems == []
    assert found(index, "gatos") == {"cats.txt"}
    write(docs / "más cosas" / "pan.md", BREAD + " Se hornea una hora.")
    report = index.sync(docs)
    assert (report.reread, report.changed) == (["cats.txt"], ["más cosas/pan.md"])
    assert (report.unchanged, report.failed) == ([], {})
    assert index.health().to_reread == []
    again = index.sync(docs)
    assert (again.reread, again.unchanged) == ([], ["cats.txt", "más cosas/pan.md"])


def test_files_that_an_earlier_release_could_not_read(index: Index, docs: Path) -> None:
    """They are tried again once, though they are as they were: this release may read them."""
    write(docs / "roto.pdf", b"%PDF-1.4 nothing")
    os.utime(docs / "roto.pdf", (1, 1))  # one that changed just now is always tried again
    (reason,) = index.sync(docs).failed.values()
    source = str(docs / "roto.pdf")
    index.catalog.execute("UPDATE failures SET reason = 'has an old reason'")
    assert index.sync(docs).failed == {source: "has an old reason"}
    index.catalog.execute("UPDATE meta SET value = '1' WHERE key = 'reading'")
    assert index.health().failed == {source: "has an old reason"}
    assert index.sync(docs).failed == {source: reason}
    index.catalog.execute("UPDATE failures SET reason = 'has an old reason'")
    assert index.sync(docs).failed == {source: "has an old reason"}


def test_what_a_file_loses_is_said(index: Index, tmp_path: Path) -> None:
    """A part that cannot be read is in the report of the sync, and in the index's health."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("roto.docx", b"PK nothing")
        archive.writestr("gatos.txt", CATS)
    write(tmp_path / "docs" / "todo.zip", packed.getvalue())
    report = index.sync(tmp_path / "docs")
    (line,) = report.incomplete["todo.zip"]
    assert "roto.docx" in line
    assert index.health().notices["todo.zip"] == [f"lost: {line}"]


def test_words_of_an_earlier_analysis_are_made_again(index: Index, docs: Path) -> None:
    """A release that analyses words otherwise does not search those of an earlier one."""
    write(docs / "ley.txt", "ARTÍCULO XIII.- El archivo guarda los expedientes ocho años.")
    index.sync(docs)
    recorded = json.loads(index.catalog.get("words") or "")
    index.catalog.put("words", json.dumps({**recorded, "analysis": 1}))
    with Index.open(index.catalog.folder, model=index.model) as reopened:
        assert "ley.txt" in found(reopened, "artículo 13")
        assert json.loads(reopened.catalog.get("words") or "")["analysis"] == recorded["analysis"]

"""Folders and files into the index, and out of it again."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index import Index
from index.embedders import Embedder
from index.errors import InputError, QAError
from index.sync import Report
from tests.files import pdf

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
    names = ("added", "changed", "removed", "unchanged", "failed", "skipped")
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
    write(docs / ".git" / "notes.txt", "oculto")
    write(docs / "photo.jpg", "x")
    report = index.sync(docs)
    assert done(report) == {
        "added": ["cats.txt", "más cosas/pan.md"],
        "skipped": {
            str(docs / "broken.txt"): "is a link or a device, not a file",
            str(docs / "link.txt"): "is a link or a device, not a file",
            str(docs / "photo.jpg"): "is not a document of a known format",
            str(docs / "pipe.txt"): "is a link or a device, not a file",
        },
    }
    assert found(index, "girasol oculto") == set()


def test_what_may_not_be_read(tmp_path_factory: pytest.TempPathFactory, index: Index) -> None:
    """A file or folder without permission is named; what was indexed of that folder stays."""
    base = tmp_path_factory.mktemp("rights")
    docs = base / "docs"
    write(docs / "open.txt", CATS)
    write(docs / "closed" / "pan.txt", BREAD)
    write(docs / "private.txt", "Las gaviotas vuelan.")
    index.sync(docs)
    for folder in (base, *list(base.parents)[:2]):
        folder.chmod(0o755)
    for path in (index.path, *index.path.rglob("*")):
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
    write(docs / "photo.jpg", "x")
    assert "unknown format" in index.sync(docs / "photo.jpg").failed[str(docs / "photo.jpg")]


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
    from index import Document

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
    """Files done, files in all and the name at hand, for the files that are read, and the end."""
    seen: list[tuple[int, int, str]] = []
    index.sync(docs, on_progress=lambda *values: seen.append(values))
    assert seen == [(0, 2, "cats.txt"), (1, 2, "pan.md"), (2, 2, "")]
    seen.clear()
    index.sync(docs, on_progress=lambda *values: seen.append(values))
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

    def stop(done: int, _total: int, _name: str) -> None:
        if done == 1:
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

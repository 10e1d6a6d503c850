"""Files that hold files: what is in them is indexed, and comes and goes with them."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path

import pytest

from index import Document, Index
from index.storage.catalog import Catalog, FileStamp
from index.sync import pool
from index.sync.plan import File
from index.types import Notice, NoticeKind
from tests.index.documents.mail.test_read import locked
from tests.index.sync.test_pool import HOSTILE
from tests.index.sync.test_sync import found, write
from tests.index.test_index import Counting

ACT = "El acta de la junta de enero se aprobó por unanimidad."
LEASE = "El contrato de alquiler dura tres años y la fianza es de 900 euros."
BREAD = "El pan se hace con harina de trigo, agua y sal."


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with Index.open(tmp_path / "index", create=True, model=Counting()) as opened:
        yield opened


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    write(folder / "archivo.zip", zipped({"actas/enero.txt": ACT, "correo.eml": mail(LEASE)}))
    write(folder / "pan.txt", BREAD)
    return folder


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def mail(attached: str, name: str = "contrato.txt") -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Ana <ana@e.org>", "El contrato"
    message.set_content("Le envío el contrato del piso.")
    message.add_attachment(attached.encode(), "text", "plain", filename=name)
    message.set_boundary("b")
    return message.as_bytes()


def ids(index: Index) -> list[str]:
    return [document.id for document in index.documents()]


ALL = [
    "archivo.zip",
    "archivo.zip/actas/enero.txt",
    "archivo.zip/correo.eml",
    "archivo.zip/correo.eml/contrato.txt",
    "pan.txt",
]


def is_sound(index: Index) -> bool:
    return not index.verify().problems


def test_what_is_in_a_file_is_indexed(index: Index, docs: Path) -> None:
    """Found and cited by its path inside; the report counts files."""
    report = index.sync(docs)
    assert report.added == ["archivo.zip", "pan.txt"]
    assert ids(index) == ALL
    assert found(index, "fianza") == {"archivo.zip/correo.eml/contrato.txt"}
    origins = index.origins(ALL)
    inside = docs / "archivo.zip" / "correo.eml" / "contrato.txt"
    assert origins["archivo.zip/correo.eml/contrato.txt"].source == str(inside)
    assert is_sound(index)


def test_a_second_sync_does_nothing(index: Index, docs: Path) -> None:
    """What is in a file does not look like files that are gone."""
    index.sync(docs)
    report = index.sync(docs)
    assert report.unchanged == ["archivo.zip", "pan.txt"]
    assert (report.removed, report.passages) == ([], 0)
    health = index.health()
    assert (health.gone, health.new, health.changed, health.documents) == ([], [], [], 5)
    assert index.verify().files == 2


def test_a_file_that_changes(index: Index, docs: Path) -> None:
    """All that was in it is replaced by what is; what is the same is not embedded again."""
    index.sync(docs)
    write(docs / "archivo.zip", zipped({"actas/enero.txt": ACT, "nuevo.txt": "Algo nuevo."}))
    report = index.sync(docs)
    assert report.changed == ["archivo.zip"]
    assert ids(index) == [*ALL[:2], "archivo.zip/nuevo.txt", "pan.txt"]
    assert found(index, "fianza") == set()
    assert report.embedded == 2  # the list and the new text
    assert is_sound(index)


def test_a_file_that_is_gone(index: Index, docs: Path) -> None:
    """And all that was in it."""
    index.sync(docs)
    (docs / "archivo.zip").unlink()
    assert index.sync(docs).removed == ["archivo.zip"]
    assert ids(index) == ["pan.txt"]
    assert found(index, "fianza") == set()
    assert is_sound(index)


def test_a_file_that_moves(index: Index, docs: Path) -> None:
    """What is in it moves along, and nothing is embedded again; two may exchange their places."""
    write(docs / "otro.zip", zipped({"pan.txt": BREAD + " Y levadura."}))
    index.sync(docs)
    (docs / "archivo.zip").rename(docs / "x")
    (docs / "otro.zip").rename(docs / "archivo.zip")
    (docs / "x").rename(docs / "viejo.zip")
    report = index.sync(docs)
    assert ids(index) == [
        "archivo.zip",
        "archivo.zip/pan.txt",
        "pan.txt",
        *(id.replace("archivo", "viejo") for id in ALL[:4]),
    ]
    assert report.embedded == 0
    id = "viejo.zip/correo.eml/contrato.txt"
    assert found(index, "fianza") == {id}
    inside = docs / "viejo.zip" / "correo.eml" / "contrato.txt"
    assert index.origins([id])[id].source == str(inside)
    (docs / "viejo.zip").unlink()
    index.sync(docs)
    assert ids(index) == ["archivo.zip", "archivo.zip/pan.txt", "pan.txt"]
    assert is_sound(index)


def test_a_file_that_moves_into_a_folder(index: Index, docs: Path) -> None:
    """Moved files keep what is in them under their new path."""
    index.sync(docs)
    (docs / "sub").mkdir()
    (docs / "archivo.zip").rename(docs / "sub" / "archivo.zip")
    report = index.sync(docs)
    assert report.moved == {"archivo.zip": "sub/archivo.zip"}
    assert "sub/archivo.zip/correo.eml/contrato.txt" in ids(index)
    assert is_sound(index)


def test_removing_a_file(index: Index, docs: Path) -> None:
    """By its id, with what is in it; it counts once."""
    index.sync(docs)
    assert index.remove(["archivo.zip"]) == 1
    assert ids(index) == ["pan.txt"]
    index.sync(docs)
    assert ids(index) == ALL


def test_removing_what_is_in_a_file(index: Index, docs: Path) -> None:
    """As a file that is removed, it comes back with the next sync."""
    index.sync(docs)
    assert index.remove(["archivo.zip/actas/enero.txt"]) == 1
    assert ids(index) == [ALL[0], *ALL[2:]]
    assert index.health().changed == [str(docs / "archivo.zip")]
    assert index.sync(docs).changed == ["archivo.zip"]
    assert ids(index) == ALL


def test_a_file_inside_that_fails(index: Index, docs: Path) -> None:
    """It is a notice of the file that holds it; the rest is indexed."""
    files: dict[str, str | bytes] = {
        "roto.pdf": b"%PDF",
        "foto.xyz": b"x",
        "blanco.txt": " ",
        "actas/enero.txt": ACT,
    }
    write(docs / "archivo.zip", zipped(files))
    report = index.sync(docs)
    assert report.failed == {}
    assert ids(index) == [*ALL[:2], "pan.txt"]
    lost, blank, unknown = index.health().notices["archivo.zip"]
    assert lost.startswith("lost: roto.pdf is damaged")
    assert blank == "lost: blanco.txt is empty; add text or leave it out"
    assert unknown == "other: 1 file in it (foto.xyz) is of no known format"


def test_a_file_inside_that_becomes_broken(index: Index, docs: Path) -> None:
    """Its old text is no longer what the file says."""
    index.sync(docs)
    write(docs / "archivo.zip", b"PK broken")
    assert index.sync(docs).failed.keys() == {str(docs / "archivo.zip")}
    assert ids(index) == ["pan.txt"]


@pytest.mark.parametrize("name", ["crash.pdf", "hang.pdf"])
def test_a_file_inside_that_ends_the_worker(
    docs: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What a hostile file costs is that file, also inside of another; the rest is read once."""
    monkeypatch.setattr(pool, "_CODE", HOSTILE)
    files = {"a.eml": mail(LEASE), name: b"x", "b.eml": mail(ACT, name)}
    path = docs / "archivo.zip"
    write(path, zipped(files))
    file = File(str(path), "archivo.zip", FileStamp("/", 1, 1), is_indexed=False)
    with pool.Readers(seconds=1.5) as readers:
        ((_, _, documents),) = readers.read([file])
    assert isinstance(documents, list)
    assert [document.id for document in documents] == [
        "archivo.zip",
        "archivo.zip/a.eml",
        "archivo.zip/a.eml/contrato.txt",
        "archivo.zip/b.eml",
    ]
    reasons = [notice.text.partition(" ")[0] for notice in documents[0].notices]
    assert reasons == [name, f"b.eml/{name}"]


def test_ids_that_are_taken(index: Index, docs: Path, tmp_path: Path) -> None:
    """What is in a file takes no other document's place."""
    index.add([Document("archivo.zip/actas/enero.txt", "Lo que alguien añadió a mano.")])
    index.sync(docs)
    assert "mano" in index.document("archivo.zip/actas/enero.txt").text
    assert index.document("archivo.zip/actas/enero (2).txt").text == ACT
    write(tmp_path / "otros" / "archivo.zip" / "correo.eml", mail(BREAD))
    index.sync(tmp_path / "otros")
    assert index.document("otros/archivo.zip/correo.eml/contrato.txt").text == BREAD
    index.remove(["archivo.zip"])
    assert len(ids(index)) == 4


def test_ids_that_are_taken_in_the_same_sync(index: Index, tmp_path: Path) -> None:
    """Of two archives whose members would have one id, none loses its document."""
    inner = zipped({"acta.txt": ACT})
    write(tmp_path / "uno" / "a.zip", zipped({"b.zip": inner, "c.txt": LEASE}))
    write(tmp_path / "dos" / "a.zip" / "b.zip", zipped({"acta.txt": BREAD}))
    index.sync(tmp_path / "uno", tmp_path / "dos")
    texts = {index.document(id).text for id in ids(index)}
    assert texts >= {ACT, LEASE, BREAD}
    report = index.sync(tmp_path / "uno", tmp_path / "dos")
    assert (report.changed, len(report.unchanged)) == ([], 2)


def test_an_interruption_leaves_the_old_or_the_new(
    index: Index, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file and what is in it are written at once, or not at all."""
    index.sync(docs)
    write(docs / "archivo.zip", zipped({"a.txt": "Uno.", "b.txt": "Dos."}))
    add: Callable[..., None] = Catalog.add
    added: list[str] = []

    def interrupted(self: Catalog, document: Document, *args: object, **more: object) -> None:
        if len(added) == 2:
            raise KeyboardInterrupt
        added.append(document.id)
        add(self, document, *args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Catalog, "add", interrupted)
        with pytest.raises(KeyboardInterrupt):
            index.sync(docs)
    assert added == ["archivo.zip", "archivo.zip/a.txt"]
    assert ids(index) == ALL
    assert found(index, "fianza") == {"archivo.zip/correo.eml/contrato.txt"}
    index.sync(docs)
    assert ids(index) == ["archivo.zip", "archivo.zip/a.txt", "archivo.zip/b.txt", "pan.txt"]
    assert is_sound(index)


def test_mailbox(index: Index, tmp_path: Path) -> None:
    """Each mail is a document, and so are its attachments."""
    line = b"From ana@e.org Mon Mar  3 10:00:00 2025\n"
    write(tmp_path / "c.mbox", line + mail(LEASE) + b"\n\n" + line + mail(ACT))
    index.sync(tmp_path / "c.mbox")
    assert ids(index) == [
        "c.mbox",
        "c.mbox/El contrato (2).eml",
        "c.mbox/El contrato (2).eml/contrato.txt",
        "c.mbox/El contrato.eml",
        "c.mbox/El contrato.eml/contrato.txt",
    ]
    assert found(index, "unanimidad") == {"c.mbox/El contrato (2).eml/contrato.txt"}


def test_a_locked_archive_is_read_when_its_password_is_given(index: Index, docs: Path) -> None:
    """Though it is as it was; without one, and afterwards, it is left as it is."""
    write(docs / "archivo.zip", locked("acta.txt", ACT.encode(), b"clave"))
    index.sync(docs)
    assert ids(index) == ["archivo.zip", "pan.txt"]
    assert index.sync(docs).unchanged == ["archivo.zip", "pan.txt"]
    index.sync(docs, passwords=["clave"])
    assert found(index, "unanimidad") == {"archivo.zip/acta.txt"}
    assert index.sync(docs, passwords=["clave"]).unchanged == ["archivo.zip", "pan.txt"]


def test_pictures_in_a_file(index: Index, docs: Path) -> None:
    """They are no failures; one notice says that OCR may read them."""
    write(docs / "archivo.zip", zipped({"a.png": b"x", "b.jpg": b"x", "c.txt": ACT}))
    assert index.sync(docs).incomplete == {}
    (notice,) = index.health().notices["archivo.zip"]
    pictures = "2 files in it (a.png, b.jpg) are pictures"
    assert notice == f"other: {pictures}; if they are of text, --ocr reads them"


def test_what_is_not_whole_is_named_by_the_id_that_it_has(
    index: Index, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where another document has the id that it would have had."""
    lost = (Notice(NoticeKind.LOST, "its second page is damaged"),)
    inner = Document("archivo.zip/acta.pdf", ACT, source="acta.pdf", notices=lost)

    def read(_: pool.Readers, files: Sequence[File]) -> Iterator[pool.Read]:
        for file in files:
            yield file, file.stamp, [Document(file.id, LEASE, source=file.path), inner]

    monkeypatch.setattr(pool.Readers, "read", read)
    index.add([Document("archivo.zip/acta.pdf", BREAD)])
    report = index.sync(docs / "archivo.zip")
    assert report.incomplete == {"archivo.zip/acta (2).pdf": ["its second page is damaged"]}

"""Conversion in worker processes: what a hostile file costs is that file."""

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from index import Document, Index
from index.errors import DocumentError
from index.storage.catalog import FileStamp
from index.sync import pool as module
from index.sync.plan import File
from index.sync.pool import Readers
from tests.conftest import ROOT
from tests.files import docx, eml, odt, pdf
from tests.index.test_index import Counting

HOSTILE = """
import os, signal, sys, time
sys.path[:] = [{!r}, *{!r}]
import index.documents.contents
import index.documents.progress
import index.documents.worker
real = index.documents.contents.read_bytes

def read_bytes(data, path, id, options):
    if path.stem == "hang":
        time.sleep(1000)
    if path.stem == "loop":
        signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals) - {{signal.SIGALRM}})
        while True:
            pass
    if path.stem == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if path.stem == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if path.stem == "leave":
        sys.exit(3)
    if path.stem == "raise":
        raise RecursionError("deep")
    if path.stem == "noise":
        print("noise", flush=True)
        os.write(1, b"more noise")
    if path.stem == "pages":
        for _ in range(4):
            time.sleep(0.6)
            index.documents.progress.step()
    return real(data, path, id, options)

index.documents.contents.read_bytes = read_bytes
index.documents.worker.serve({})
"""


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    """A converter that does what a file's name says."""
    monkeypatch.setattr(module, "_CODE", HOSTILE)


ENDED = re.compile(r"^State:\t[ZX]", re.MULTILINE)  # in /proc: dead, whether or not reaped


def files(*paths: Path) -> list[File]:
    return [File(str(path), path.name, FileStamp("/", 1, 1), is_indexed=False) for path in paths]


def read(*paths: Path, **limits: float) -> dict[str, str]:
    """Each file's text, or the reason why it has none."""
    with Readers(**limits) as readers:  # type: ignore[arg-type]
        return {
            file.id: found.reason if isinstance(found, DocumentError) else found[0].text
            for file, _, found in readers.read(files(*paths))
        }


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def children(parent: int | None = None) -> set[int]:
    """The processes that this one, or another, has started and that have not ended."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
        except OSError:
            continue
        if f"\nPPid:\t{parent or os.getpid()}\n" in text and not ENDED.search(text):
            found.add(int(status.parent.name))
    return found


def test_formats_through_a_worker(tmp_path: Path) -> None:
    """A document comes back from the worker as it is when it is read here, each field."""
    from index.documents.read import read_document

    paths = [
        write(tmp_path / "a.pdf", pdf([["Uno ñ €"], ["Dos"]], title="Título")),
        write(tmp_path / "b.docx", docx([("Heading1", "Cabeza"), ("", "Cuerpo 🎉")], author="Yo")),
        write(tmp_path / "c.odt", odt(["Uno", "Dos"])),
        write(tmp_path / "d.eml", eml("Asunto", "a@b.example", "Hola")),
        write(tmp_path / "e.html", "<title>Página</title><p>Texto"),
        write(tmp_path / "f.txt", "llano"),
    ]
    with Readers() as readers:
        found = {file.id: documents for file, _, documents in readers.read(files(*paths))}
    assert found == {path.name: [read_document(path, path.name)] for path in paths}


def test_plain_text_starts_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor do files that cannot be text; a worker is started by the first that needs one."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    paths = [
        write(tmp_path / f"{n}.{end}", f"Texto {n}") for n in range(9) for end in ("txt", "md")
    ]
    assert len(read(*paths, write(tmp_path / "b.txt", b"\x00\xff" * 99))) == 19


def test_a_worker_is_light() -> None:
    """It brings neither the model nor the stores along."""
    script = (
        "import sys, index.documents.worker; print(*{name.split('.')[0] for name in sys.modules})"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True
    )
    heavy = {"torch", "gradio", "faiss", "tantivy", "onnxruntime", "sentence_transformers"}
    assert heavy & set(shown.stdout.split()) == set()


@pytest.mark.usefixtures("hostile")
def test_a_file_whose_pages_are_read_one_by_one_has_the_time_for_each(tmp_path: Path) -> None:
    """A worker that says that it goes on is not stopped."""
    path = write(tmp_path / "pages.pdf", pdf([["Texto"]]))
    assert read(path, seconds=1.5) == {path.name: "Texto"}


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("name", ["crash", "killed", "leave"])
def test_a_crash_costs_its_file(tmp_path: Path, name: str) -> None:
    """The file is named with what happened; a new worker reads the next ones."""
    paths = [write(tmp_path / f"{n}.pdf", pdf([[f"El texto {n}."]])) for n in range(6)]
    bad = write(tmp_path / f"{name}.pdf", pdf([["x"]]))
    found = read(*paths[:3], bad, *paths[3:])
    assert found.pop(bad.name).startswith("stops its converter: it is damaged or needs more than")
    assert found == {f"{n}.pdf": f"El texto {n}." for n in range(6)}


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("name", ["hang", "loop"])
def test_a_hang_costs_its_file(tmp_path: Path, name: str) -> None:
    """After its time the file is named; others are read meanwhile."""
    bad = write(tmp_path / f"{name}.pdf", pdf([["x"]]))
    good = [write(tmp_path / f"{n}.pdf", pdf([[f"El texto {n}."]])) for n in range(3)]
    with Readers(seconds=5) as readers:
        order = [(file.id, found) for file, _, found in readers.read(files(bad, *good))]
    (reason,) = [found.reason for _, found in order if isinstance(found, DocumentError)]
    assert reason == "takes longer than 5 seconds to read; split it into smaller files"
    assert {id for id, _ in order} == {bad.name, "0.pdf", "1.pdf", "2.pdf"}
    assert module.WORKERS < 2 or order[-1][0] == bad.name


@pytest.mark.usefixtures("hostile")
def test_what_a_converter_raises_or_prints(tmp_path: Path) -> None:
    """An error of an unknown kind is the file's; what is printed does not get into the text."""
    noise = write(tmp_path / "noise.pdf", pdf([["Texto"]]))
    error = write(tmp_path / "raise.pdf", pdf([["x"]]))
    assert read(noise, error) == {
        "noise.pdf": "Texto",
        "raise.pdf": "cannot be converted (RecursionError); save it anew",
    }


@pytest.mark.skipif(sys.platform != "linux", reason="the limit on memory is Linux's")
def test_too_much_memory(tmp_path: Path) -> None:
    """A real file whose conversion needs more than it may have is named; small ones are read."""
    rows = "\n".join(f"fila {n},valor {n},otro texto,{n * 7}" for n in range(300_000))
    big = write(tmp_path / "big.csv", rows)
    small = write(tmp_path / "small.csv", "a,b\nuno,dos")
    found = read(big, small, memory=160 << 20)
    assert found["big.csv"] == (
        "needs more memory than a file may take; split it into smaller files"
    )
    assert "uno" in found["small.csv"]


def bomb(megabytes: int) -> bytes:
    """A Word file whose text, packed, is a thousandth of what it says."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(docx([("", "hola")]))) as base,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in base.namelist():
            text = base.read(name)
            if b"hola" in text:
                head, tail = text.split(b"hola")
                text = head + b"A " * (megabytes << 19) + tail
            packed.writestr(name, text)
    return buffer.getvalue()


def nested(depth: int) -> bytes:
    return b"<p>" + b"<div>" * depth + b"hondo" + b"</div>" * depth


def test_a_folder_of_hostile_files(tmp_path: Path) -> None:
    """Bombs, nesting and broken files are named or read; the good file is indexed all the same."""
    docs = tmp_path / "docs"
    docs.mkdir()
    write(docs / "bomb.docx", bomb(300))
    write(docs / "bomb.txt", b"A" * 3_000_000)
    write(docs / "nested.html", nested(20_000))
    write(docs / "nested.docx", docx([("", "x")]).replace(b"<w:body>", b"<w:body>" * 2000))
    write(docs / "cut.pdf", pdf([["Uno"]])[:300])
    write(docs / "pages.pdf", pdf([[""]] * 3))
    write(docs / "zeros.xlsx", bytes(100_000))
    write(docs / "good.pdf", pdf([["El faro de la isla."]]))
    with Index.open(tmp_path / "index", create=True, model=Counting()) as index:
        report = index.sync(docs)
        assert "good.pdf" in report.added
        assert len(report.added) + len(report.failed) == 8
        named = {Path(path).name for path in report.failed}
        assert {"bomb.docx", "cut.pdf", "pages.pdf", "zeros.xlsx"} <= named
        assert all(reason and "\n" not in reason for reason in report.failed.values())
        assert any(one.lexical for one in index.candidates("faro"))


def test_a_pipe_in_the_place_of_a_file(tmp_path: Path) -> None:
    """A file that became a pipe or a link to a device after it was listed is not waited for."""
    os.mkfifo(tmp_path / "pipe.txt")
    os.mkfifo(tmp_path / "pipe.pdf")
    (tmp_path / "zero.txt").symlink_to("/dev/zero")
    found = read(*(tmp_path / name for name in ("pipe.txt", "pipe.pdf", "zero.txt")), seconds=5)
    assert set(found.values()) == {"is not a file; name a file or a folder of files"}


def test_a_file_that_vanishes(tmp_path: Path) -> None:
    """It is named; nothing else is lost."""
    assert read(tmp_path / "gone.txt", tmp_path / "gone.pdf") == {
        "gone.txt": "does not exist; check the path",
        "gone.pdf": "does not exist; check the path",
    }


@pytest.mark.parametrize("times", [1, 1000])
def test_a_file_that_changes_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    """It is read once more, and named when it does not come to rest: no half of it is indexed."""
    import index.documents.read as reading

    path = write(tmp_path / "log.txt", "línea 0\n")
    real, reads = reading.read_document, [0]

    def growing(path: Path, id: str) -> Document:
        found = real(path, id)
        reads[0] += 1
        if reads[0] <= times:
            with path.open("a") as file:
                file.write(f"línea {reads[0]}\n")
        return found

    monkeypatch.setattr(reading, "read_document", growing)
    expected = {
        1: "línea 0\nlínea 1\n",
        1000: "changes while it is read; index it when it is at rest",
    }
    assert read(path) == {"log.txt": expected[times]}
    assert reads == [2]


def test_a_document_whose_file_does_not_come_to_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last whole text stays, the file is named, and the next sync reads it."""
    import index.documents.read as reading

    docs = tmp_path / "docs"
    docs.mkdir()
    path = write(docs / "log.txt", "línea uno\n")
    real = reading.read_document

    def growing(path: Path, id: str) -> Document:
        found = real(path, id)
        with path.open("a") as file:
            file.write("línea\n")
        return found

    with Index.open(tmp_path / "index", create=True, model=Counting()) as opened:
        assert opened.sync(docs).added == ["log.txt"]
        write(path, "línea dos y más\n")
        with monkeypatch.context() as patched:
            patched.setattr(reading, "read_document", growing)
            assert opened.sync(docs).failed == {str(path): module.CHANGES}
        assert opened.document("log.txt").text == "línea uno\n"
        assert opened.sync(docs).changed == ["log.txt"]
        assert opened.document("log.txt").text.startswith("línea dos y más\nlínea\n")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="counts processes in /proc")
@pytest.mark.usefixtures("hostile")
def test_no_process_is_left(tmp_path: Path) -> None:
    """Leaving amid a file that hangs ends every worker, long before the file's time is up."""
    before = children()
    paths = [write(tmp_path / "hang.pdf", b"x"), write(tmp_path / "a.pdf", pdf([["Uno"]]))]
    with Readers() as readers:
        next(readers.read(files(*paths)))
        assert children() > before
    assert not children() - before


MAIN = """
import sys
from pathlib import Path
from index.sync.pool import Readers
from tests.index.sync.test_pool import files
with Readers(seconds=60) as readers:
    for _ in readers.read(files(*map(Path, sys.argv[1:]))):
        print("read", flush=True)
        sys.stdin.read()
"""


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="counts processes in /proc")
def test_a_worker_ends_with_its_master(tmp_path: Path) -> None:
    """When the process that asks is killed, its workers do not stay."""
    path = write(tmp_path / "a.pdf", pdf([["Uno"]]))
    with subprocess.Popen(
        [sys.executable, "-c", MAIN, str(path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as master:
        assert master.stdout is not None
        assert master.stdout.readline() == "read\n"
        workers = children(master.pid)
        assert workers
        os.kill(master.pid, signal.SIGKILL)
        for _ in range(1200):
            if not any(map(is_running, workers)):
                break
            threading.Event().wait(0.05)
        assert not any(map(is_running, workers))


def is_running(process: int) -> bool:
    """Whether a process has not ended; a dead one that nobody has reaped has."""
    try:
        return not ENDED.search(Path(f"/proc/{process}/status").read_text())
    except OSError:
        return False


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="counts processes in /proc")
def test_a_dead_process_that_nobody_reaped_has_ended() -> None:
    """Where process 1 does not reap, a dead worker stays in the table of processes."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert Path(f"/proc/{process.pid}").is_dir()
        assert not is_running(process.pid)
        assert process.pid not in children()


def test_a_worker_answers_in_json(tmp_path: Path) -> None:
    """One line for each request, whatever the names and the text hold."""
    path = write(tmp_path / "a\nb.txt", "uno\ndos\ttres \ud7ff 🎉")
    options = {"ocr": False, "passwords": [], "failed": {}, "known": []}
    request = {"path": str(path), "id": "x\ny", "seconds": 9}
    result = subprocess.run(
        [sys.executable, "-c", "from index.documents.worker import serve; serve(1 << 31)"],
        cwd=ROOT,
        input=(json.dumps(request | options) + "\n") * 2,
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = map(json.loads, result.stdout.splitlines())
    assert first == second
    assert first["document"]["text"] == "uno\ndos\ttres \ud7ff 🎉"
    assert first["document"]["id"] == "x\ny"

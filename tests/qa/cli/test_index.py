"""Indexing from the command line: stopping, going on, watching, status and proof."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from index import Index
from index.errors import IndexStateError
from tests.conftest import ROOT
from tests.index.test_index import Counting
from tests.qa.cli.test_cli import one_sentence, qa

# The command line with a model that is fast or, once so many passages are embedded, very slow.
STUBBED = """
import signal, sys, time
from pathlib import Path

# A shell that starts the tests in the background lets all ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
import index.index, index.opened
from tests.index.test_index import Counting

fast = int(sys.argv.pop(1))

class Slow(Counting):
    def encode(self, texts):
        if len(self.embedded) + len(texts) > fast:
            Path(sys.argv[-1] + ".slow").touch()
            time.sleep(600)
        return super().encode(texts)

index.index.load = index.opened.load = lambda name=None: Slow()
import index.sync.writer
index.sync.writer.EMBED_AT_ONCE = 4
from qa.cli.app import main
main()
"""


@contextmanager
def running(fast: int, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """``qa`` in a process of its own, with the stub for a model."""
    with subprocess.Popen(
        [sys.executable, "-c", STUBBED, str(fast), *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def until(true: Callable[[], bool], seconds: float = 120) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def ids(folder: Path) -> list[str]:
    try:
        with Index.open(folder) as opened:
            return [info.id for info in opened.documents()]
    except IndexStateError:
        return []  # it is being made


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for n in range(20):
        (folder / f"n{n:02}.txt").write_text(f"El texto número {n} habla de la palabra w{n}w.")
    return folder


def test_ctrl_c_stops_and_the_next_run_goes_on(tmp_path: Path, docs: Path) -> None:
    """What is done stays and can be asked, it is said how much, and the rest follows."""
    index = tmp_path / "index"
    arguments = ("index", str(docs), "--index", str(index))
    with running(12, *arguments) as process:
        until(Path(f"{index}.slow").exists)
        assert len(ids(index)) == 12
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=120)
    assert process.returncode == 130
    assert stderr == (
        "qa: Stopped: 12 of 20 files are done; the same command goes on from there.\n"
    )
    with Index.open(index, model=Counting()) as opened:
        assert {
            candidate.passage.document_id
            for candidate in opened.candidates("w3w")
            if candidate.lexical
        } == {"n03.txt"}
    with running(8, *arguments) as process:
        _, stderr = process.communicate(timeout=120)
    assert process.returncode == 0
    assert stderr.startswith("8 added, 0 changed, 0 moved, 0 removed, 12 unchanged, 0 failed; ")
    assert len(ids(index)) == 20


def test_progress_on_a_terminal(tmp_path: Path, docs: Path) -> None:
    """A bar shows the files, the passages a second and the time left, and the name's letters."""
    pty = pytest.importorskip("pty")
    (docs / "n05.txt").rename(docs / "z\x1b[31m.txt")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", STUBBED, "16", "index", str(docs)]
    with subprocess.Popen(
        [*command, "--index", str(tmp_path / "index")],
        cwd=ROOT,
        stderr=theirs,
        env=os.environ | {"COLUMNS": "120", "TERM": "xterm"},
    ) as process:
        os.close(theirs)
        shown = b""
        deadline = time.monotonic() + 120
        while not re.search(rb"16/20 files, \d+ passages/s.*\d:\d\d:\d\d", shown):
            assert time.monotonic() < deadline, shown
            shown += os.read(ours, 4096)
        process.kill()
    os.close(ours)
    assert b"[31m.txt" not in shown


def test_watch_keeps_in_step(tmp_path: Path, docs: Path) -> None:
    """Files that come, change and go are seen without being told; Ctrl-C ends with status 0."""
    index = tmp_path / "index"
    with running(1000, "index", str(docs), "--watch", "--index", str(index)) as process:
        until(lambda: len(ids(index)) == 20)
        assert process.stderr is not None
        lines = [process.stderr.readline() for _ in range(2)]
        assert lines[0].startswith("20 added")
        assert lines[1] == "Watching; Ctrl-C ends.\n"
        (docs / "nuevo.txt").write_text("Un texto nuevo.")
        lines = [process.stderr.readline()]
        (docs / "n00.txt").unlink()
        lines.append(process.stderr.readline())
        (docs / "sub").mkdir()
        (docs / "n01.txt").rename(docs / "sub" / "n01.txt")
        lines.append(process.stderr.readline())
        assert {"nuevo.txt", "sub/n01.txt"} < set(ids(index))
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=120)
    assert (process.returncode, stderr) == (0, "")
    assert [line.split(" in ")[0] for line in lines] == [
        "1 added, 0 changed, 0 moved, 0 removed, 20 unchanged, 0 failed; "
        "1 passages, 1 of them embedded,",
        "0 added, 0 changed, 0 moved, 1 removed, 20 unchanged, 0 failed; "
        "0 passages, 0 of them embedded,",
        "0 added, 0 changed, 1 moved, 0 removed, 19 unchanged, 0 failed; "
        "0 passages, 0 of them embedded,",
    ]


def test_watching_an_index_inside_its_documents(docs: Path) -> None:
    """What the index writes does not count as a change of the documents."""
    index = docs / "index"
    with running(1000, "index", str(docs), "--watch", "--index", str(index)) as process:
        assert process.stderr is not None
        assert [process.stderr.readline().split(",")[0] for _ in range(2)] == [
            "20 added",
            "Watching; Ctrl-C ends.\n",
        ]
        time.sleep(3)
        before = (index / "catalog.sqlite").stat().st_mtime_ns
        time.sleep(3)
        assert (index / "catalog.sqlite").stat().st_mtime_ns == before
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=120)
    assert stderr == ""


def test_watch_and_json(docs: Path) -> None:
    """One document of JSON has an end, and watching has none."""
    assert "--json" in one_sentence(qa("index", str(docs), "--watch", "--json"))


def test_status_and_verify(tmp_path: Path, docs: Path) -> None:
    """A right index has status 0; what is wrong is named, and the status of verify is then 1."""
    index = tmp_path / "index"
    (docs / "foto.png").write_bytes(b"x")
    (docs / "vacío.txt").write_bytes(b"")
    with running(1000, "index", str(docs), "--index", str(index)) as process:
        process.communicate(timeout=120)
    assert process.returncode == 2
    result = qa("verify", "--index", str(index))
    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr == "20 documents, 20 passages, 20 files: all agree\n"

    (docs / "n00.txt").write_text("Otro texto.")
    (docs / "n01.txt").unlink()
    (docs / "n02.txt").rename(docs / "z.txt")
    (docs / "a\nb.txt").write_text("Un nombre raro.")
    state = json.loads(qa("status", "--json", "--index", str(index)).stdout)
    assert {name: [Path(path).name for path in state[name]] for name in state if name in KINDS} == {
        "changed": ["n00.txt"],
        "new": ["a\nb.txt"],
        "gone": ["n01.txt"],
        "moved": ["z.txt"],
        "failed": ["vacío.txt"],
        "skipped": ["foto.png"],
    }
    assert len(state["documents"]) == state["passages"] == 20
    shown = qa("status", "--index", str(index))
    assert shown.returncode == 0
    for line in (
        f"not indexed: {docs}/vacío.txt: is empty; add text or leave it out",
        f"changed since: {docs}/n00.txt",
        f"gone since: {docs}/n01.txt",
        "run qa index again to bring the index in step",
    ):
        assert line in shown.stdout
    result = qa("verify", "--json", "--index", str(index))
    assert result.returncode == 1
    assert json.loads(result.stdout)["problems"] == [
        f"{docs}/n00.txt: has changed; run qa index on it again.",
        f"{docs}/a\nb.txt: is not indexed; run qa index on it again.",
        f"{docs}/n01.txt: is gone; run qa index on it again.",
        f"{docs}/z.txt: has moved; run qa index on it again.",
    ]
    (index / "catalog.sqlite").write_bytes(b"no database" * 999)
    assert "damaged" in one_sentence(qa("verify", "--index", str(index)))


KINDS = {"changed", "new", "gone", "moved", "failed", "skipped"}


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path: Path, docs: Path) -> None:
    """It waits a while, and then says which process writes."""
    index = str(tmp_path / "index")
    with running(4, "index", str(docs), "--index", index) as process:
        until(lambda: len(ids(tmp_path / "index")) == 4)
        result = qa("remove", "n00.txt", "--index", index)
        assert f"(process {process.pid})" in one_sentence(result)
        assert os.path.lexists(tmp_path / "index" / "writer.pid")


@pytest.mark.parametrize("path", ["", " "])
def test_an_empty_path_is_not_this_folder(tmp_path: Path, path: str) -> None:
    """As of a variable that is not set: nothing is indexed, and no index folder is made."""
    refused = qa("index", path, "--index", str(tmp_path / "index"))
    assert one_sentence(refused) == (
        "qa: A path is empty, which would be this folder: name one, with . for this."
    )
    assert not (tmp_path / "index").exists()

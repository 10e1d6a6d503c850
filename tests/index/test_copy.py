"""An index copied from a folder or a server to another one."""

import itertools
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import index.copy as copying
from benchmarks.letters import Letters
from index import Document, Index
from index.copy import copy
from index.errors import IndexDamagedError, IndexNotFoundError, IndexStateError, InputError
from index.storage.database import COPYING
from index.storage.opening import open_catalog, place_of
from index.types import Candidate
from tests.conftest import ROOT
from tests.postgres import Server
from tests.samples import samples

STOPPED = """
import sys, time
import index.copy
from index.storage.opening import place_of
index.copy.PASSAGES = 1
index.copy.copy(place_of(sys.argv[1]), place_of(sys.argv[2]), on_progress=lambda *_: time.sleep(.1))
"""
LIMITED = """
import resource, sys
from qa.cli.app import main
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
sys.argv = ["qa", "copy", *sys.argv[1:]]
main()
"""
QUESTIONS = ("¿Cuándo vence el plazo de inscripción?", "plazo 17", "harina")

Places = Callable[[str], str]


@pytest.fixture(params=["folder", "postgres"])
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Places:
    """Gives places of one kind where there is no index yet, by name."""
    if request.param == "folder":
        return lambda name: str(tmp_path / name)
    server: Server = request.getfixturevalue("postgres")
    given: dict[str, str] = {}
    return lambda name: given.setdefault(name, server.address())


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Files of every format, with files in files, and some that fail."""
    folder = tmp_path / "docs"
    folder.mkdir()
    for suffix, data in samples().items():
        (folder / f"plazo{suffix}").write_bytes(data)
    for n in range(30):
        (folder / f"nota {n}.txt").write_text(f"Nota {n}. El plazo {n} vence el día {n}.")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "damaged.docx").write_bytes(b"PK\x03\x04 no archive")
    for file in folder.iterdir():
        os.utime(file, (1_700_000_000, 1_700_000_000))
    return folder


@pytest.fixture
def source(tmp_path: Path, docs: Path) -> str:
    """An index of them in a folder, with a document of a program and a setting."""
    return made(str(tmp_path / "source"), docs)


def made(place: str, docs: Path) -> str:
    with Index.open(place, create=True, model=Letters()) as index:
        index.sync(docs)
        index.add([Document("memo", "La harina llega el lunes.", metadata={"year": 2024})])
        index.keep_setting("threshold", "0.5")
    return place


def contents(place: str) -> tuple[Any, ...]:
    """All that a catalog holds, in order, without numbers of its own."""
    catalog = open_catalog(place_of(place))
    documents = ", ".join(copying._DOCUMENT)
    passages = ", ".join(f"p.{name}" for name in copying._PASSAGE)
    held = (
        catalog.rows(f"SELECT {documents} FROM documents ORDER BY id"),
        catalog.rows(
            f"SELECT d.id, {passages} FROM passages p JOIN documents d ON d.number = p.document"
            " ORDER BY d.id, p.start, p.id"
        ),
        catalog.rows(
            "SELECT source, root, reason, skipped, size, modified FROM failures ORDER BY source"
        ),
        [(key, value) for key, value in copying._meta(catalog).items()],
    )
    catalog.close()
    return tuple([tuple(row) for row in rows] for rows in held)


def shown(candidates: list[Candidate]) -> list[tuple[Any, ...]]:
    return sorted(
        (c.passage.document_id, c.passage.start, c.dense, c.lexical or 0.0) for c in candidates
    )


@pytest.mark.parametrize("where", ["folder", "postgres"])
def test_a_copy_is_equal(
    places: Places, where: str, tmp_path: Path, docs: Path, request: pytest.FixtureRequest
) -> None:
    """From each kind of place to each: the same rows, the same hits, and nothing to be done."""
    source = made(places("source"), docs)
    target = str(tmp_path / "target")
    if where == "postgres":
        target = request.getfixturevalue("postgres").address()
    with Index.open(source, model=Letters()) as index:
        copied = index.copy_to(target)
        held = index.counts()
        found = [shown(index.candidates(question)) for question in QUESTIONS]
    assert (copied.documents, copied.passages) == held
    assert (copied.copied, copied.present, copied.rounds) == (held.documents, 0, 0)
    assert contents(target) == contents(source)
    with Index.open(target, model=Letters()) as index:
        again = [shown(index.candidates(question)) for question in QUESTIONS]
        assert [[c[:2] for c in hits] for hits in again] == [[c[:2] for c in h] for h in found]
        for hits, other in zip(again, found, strict=True):
            for mine, its in zip(hits, other, strict=True):
                assert mine[2:] == pytest.approx(its[2:], abs=1e-3)
        assert not index.verify().problems
        assert index.setting("threshold") == "0.5"
        report = index.sync(docs)
        assert not (report.added or report.changed or report.removed or report.embedded)
        assert set(report.failed) == {str(docs / "empty.txt"), str(docs / "damaged.docx")}
        index.remove(["memo"])
        index.add([Document("new", "La harina se acabó.")])
        assert {c.passage.document_id for c in index.candidates("harina") if c.lexical} == {"new"}


def test_a_killed_copy_goes_on(source: str, places: Places) -> None:
    """It cannot be opened; what is there and equal is left, what changed meanwhile is copied."""
    target = places("target")
    process = subprocess.Popen(
        [sys.executable, "-c", STOPPED, source, target], env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    while _documents(target) < 5:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    there = _documents(target)
    with pytest.raises(IndexStateError, match="a copy that was stopped: run the same qa copy"):
        Index.open(target)
    with Index.open(source, model=Letters()) as index:
        first = sorted(info.id for info in index.documents() if _has(target, info.id))[:2]
        index.remove(first[:1])
        index.add([Document("later", "Un texto que vino después.")])
    copied = copy(place_of(source), place_of(target))
    assert 0 < copied.present <= there - 1
    assert copied.copied == copied.documents - copied.present
    assert contents(target) == contents(source)
    with Index.open(source, model=Letters()) as index, Index.open(target, model=Letters()) as new:
        assert new.verify() == index.verify()


def _documents(place: str) -> int:
    try:
        catalog = open_catalog(place_of(place))
    except (IndexNotFoundError, IndexStateError):
        return 0
    held = catalog.counts().documents
    catalog.close()
    return held


def _has(place: str, id: str) -> bool:
    catalog = open_catalog(place_of(place))
    held = catalog.has(id)
    catalog.close()
    return held


def test_changes_meanwhile_are_followed(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A source that is written to amid the copy is copied as it is at the end."""
    monkeypatch.setattr(copying, "PASSAGES", 10)
    changes = iter([Document("memo", "La harina llega el martes."), Document("new", "Otro.")])

    with Index.open(source, model=Letters()) as index:

        def change(*_: object) -> None:
            if document := next(changes, None):
                index.add([document])
                index.remove(["nota 3.txt"])

        copied = index.copy_to(tmp_path / "target", on_progress=change)
    assert copied.rounds == 1
    assert contents(str(tmp_path / "target")) == contents(source)


def test_a_source_that_never_rests_is_said(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some rounds the copy ends with a sentence, and goes on later."""
    monkeypatch.setattr(copying, "PASSAGES", 1)
    numbers = itertools.count()
    with Index.open(source, model=Letters()) as index:
        with pytest.raises(IndexStateError, match="written to all the time: run the same command"):
            index.copy_to(
                tmp_path / "target",
                on_progress=lambda *_: index.add([Document("memo", f"Otro {next(numbers)}.")]),
            )
        index.copy_to(tmp_path / "target")
    assert contents(str(tmp_path / "target")) == contents(source)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE documents SET text = text || 'x' WHERE id = 'memo'", "its text"),
        (
            "UPDATE passages SET text = 'La harina.' WHERE text LIKE '%harina%'",
            "the text of a pass",
        ),
        ("UPDATE passages SET vector = zeroblob(768) WHERE text LIKE '%harina%'", "a vector"),
    ],
)
def test_a_damaged_document_is_named(source: str, tmp_path: Path, change: str, what: str) -> None:
    """It is not copied; when it was mended the copy goes on."""
    database = sqlite3.connect(Path(source) / "catalog.sqlite")
    with database:
        database.execute(change)
    database.close()
    with pytest.raises(IndexDamagedError, match=rf"document memo .* is damaged \({what}"):
        copy(place_of(source), tmp_path / "target")
    with Index.open(source, model=Letters()) as index:
        index.add([Document("memo", "La harina llega el lunes.")])
    copy(place_of(source), tmp_path / "target")
    assert contents(str(tmp_path / "target")) == contents(source)


def test_places_that_are_refused(source: str, tmp_path: Path) -> None:
    """Each with a sentence; nothing is made, and what is there stays as it is."""
    target = tmp_path / "target"
    with pytest.raises(IndexNotFoundError, match="There is no index in"):
        copy(tmp_path / "none", target)
    with pytest.raises(InputError):
        copy(place_of(source), target, engine="nonsense")
    assert not target.exists()
    with pytest.raises(IndexStateError, match=r"There is an index in .* already: copy to another"):
        copy(place_of(source), place_of(source))
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(IndexStateError, match=r"cannot be made: (Not a directory|File exists)\."):
        copy(place_of(source), tmp_path / "file" / "index")
    copy(place_of(source), target)
    before = contents(str(target))
    with pytest.raises(IndexStateError, match=r"There is an index in .* already"):
        copy(place_of(source), target)
    assert contents(str(target)) == before
    catalog = open_catalog(target)
    catalog.put(COPYING, json.dumps(["/another/index", None]))
    catalog.close()
    with pytest.raises(IndexStateError, match="holds a copy of /another/index that was stopped"):
        copy(place_of(source), target)
    with pytest.raises(IndexStateError, match="is a copy that was stopped: complete it first"):
        copy(target, tmp_path / "third")


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command(source: str, tmp_path: Path) -> None:
    """A full disk is one line and status 2; then it goes on; the verdict is JSON."""
    target = str(tmp_path / "target")
    full = run("-c", LIMITED, source, target)
    assert full.returncode == 2
    assert full.stderr.startswith("qa: The index in ")
    assert full.stderr.count("\n") == 1
    done = run("-m", "qa", "copy", source, target, "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["documents"] == _documents(source) == said["copied"] + said["present"]
    assert len(said["checksum"]) == 64
    assert contents(target) == contents(source)

"""Other weights of a bundled model: an old index is searched by its words, and embedded anew."""

import json
import math
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from index import Candidate, Document, Index
from index.embedders import DEFAULT_MODEL, REVISIONS, SMALL_MODEL, load, present_identity
from index.errors import IndexStateError, ModelMismatchError
from index.storage.catalog import Catalog
from index.storage.vectors import VectorStore, choice
from index.sync import renewal
from index.sync.sync import Step
from qa import Assistant, Retriever
from qa.evaluation.explain import StageName, explain
from tests.conftest import ROOT
from tests.index.storage.test_crashes import content, found
from tests.index.test_index import Counting
from tests.qa.cli.test_cli import qa

WORDS = ["gato", "perro", "luna", "mar", "sol", "pan", "río", "monte", "tren", "libro", "faro"]
BY_HAND = [
    Document("memo", "El memorando habla del faro y del mar.", title="Memo"),
    Document("copia", "El memorando habla del faro y del mar.", title="Memo"),
]
ASKED = "¿Cuándo visitó Rubio México?"
QUESTION = "¿Qué texto habla del gato y del mar?"


class Weights(Counting):
    """A model that comes with qa, with the weights of some revision: no two are alike."""

    def __init__(self, revision: str = "new", name: str = DEFAULT_MODEL) -> None:
        super().__init__()
        self.name = name
        self.identity = f"{name}@{revision}"
        seed = zlib.crc32(self.identity.encode())
        self._turned, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(26, 26)))

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The letters of a text, turned."""
        # One at a time: the rounding of a product depends on how many rows it has.
        rows = [row @ self._turned for row in super().encode(texts)]
        return np.array(rows, dtype=np.float32).reshape(-1, 26)


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The weights that are here are the new ones, and four texts are embedded at once."""
    monkeypatch.setattr("index.storage.recorded_model.present_identity", lambda name: f"{name}@new")
    monkeypatch.setattr("index.opened.load", lambda _=None: Weights())
    monkeypatch.setattr("index.sync.renewal.EMBED_AT_ONCE", 4)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for n, word in enumerate(WORDS):
        (folder / f"d{n:02}.txt").write_text(f"Este texto número {n} habla de {word} y de w{n}w.")
    return folder


def make(folder: Path, docs: Path, revision: str) -> Path:
    """An index of files and of documents by hand."""
    with Index.open(folder, create=True, model=Weights(revision)) as index:
        index.sync(docs)
        index.add(BY_HAND)
    return folder


@pytest.fixture
def old(tmp_path: Path, docs: Path) -> Path:
    return make(tmp_path / "old", docs, "old")


@pytest.fixture
def fresh(tmp_path: Path, docs: Path) -> list[tuple[object, ...]]:
    """What an index made with the new weights holds, each vector to the bit."""
    with Index.open(make(tmp_path / "fresh", docs, "new")) as index:
        return content(index)


def is_by_words(candidates: Sequence[Candidate]) -> bool:
    """Whether no vector took part; the other candidates must have the new weights' cosines."""
    if all(math.isnan(one.dense) and one.lexical is not None for one in candidates):
        return True
    model = Weights()
    (query,) = model.embed_queries([QUESTION])
    vectors = model.embed_passages([one.passage.indexed_text for one in candidates])
    assert [one.dense for one in candidates] == pytest.approx((vectors @ query).tolist(), abs=2e-3)
    return False


def test_an_old_index_is_searched_by_words(old: Path) -> None:
    """It opens, says so, and finds by BM25 alone; nothing in it changes."""
    with Index.open(old) as index:
        before = content(index)
        candidates = index.candidates(QUESTION)
        assert {one.passage.document_id for one in candidates} >= {"d00.txt", "d03.txt", "memo"}
        assert is_by_words(candidates)
        assert index.warning == (
            f"The index in {old} was made with other weights of its model: it is searched by words "
            "alone until qa upgrade, or the next qa index, embeds it anew."
        )
        assert index.health().outdated
        assert index.verify().problems == []
        assert content(index) == before
        assert index.remove(["d00.txt"]) == 1
        assert found(index, "gato") == set()
        assert index.warning


@pytest.mark.parametrize("way", ["sync", "add", "upgrade"])
@pytest.mark.parametrize("limit", [50_000, 4])
def test_the_next_write_embeds_all_anew(
    old: Path,
    docs: Path,
    fresh: list[tuple[object, ...]],
    monkeypatch: pytest.MonkeyPatch,
    way: str,
    limit: int,
) -> None:
    """Files' and other documents, each text once; then it is what a fresh index is, in every bit,
    for readers that were open all the time as well, and also where codes are searched."""
    monkeypatch.setattr(choice, "EXACT_MOST", limit)
    steps: list[Step] = []
    with Index.open(old) as reader, Index.open(old, model=Weights()) as index:
        assert is_by_words(reader.candidates(QUESTION))
        assert is_by_words(index.candidates(QUESTION))
        if way == "sync":
            report = index.sync(docs, on_progress=steps.append)
            assert (report.renewed, len(report.unchanged), report.embedded) == (12, 11, 0)
        elif way == "add":
            index.add(BY_HAND)
        else:
            assert index.upgrade(steps.append) == 12
        assert isinstance(index.model, Weights)
        texts = {one.text for one in index.catalog.passages(ids(index)).values()}
        assert sorted(index.model.embedded) == sorted(texts)
        if way != "add":
            assert [(step.embedded, step.of) for step in steps[:3]] == [(4, 0), (8, 0), (12, 0)]
        for opened in (index, reader):
            assert content(opened) == fresh
            assert not is_by_words(opened.candidates(QUESTION))
            assert opened.warning is None
            assert not opened.health().outdated
            assert opened.verify().problems == []
        assert index.upgrade() == 0


def test_only_other_weights_of_the_same_model(tmp_path: Path, docs: Path, old: Path) -> None:
    """Another model is refused as ever, and changes nothing."""
    with pytest.raises(ModelMismatchError, match=r"made with the model .*@old, not counting"):
        Index.open(old, model=Counting())
    with pytest.raises(ModelMismatchError, match=r"@old, not e5-tiny-es-en@new"):
        Index.open(old, model=Weights(name=SMALL_MODEL))
    theirs = Weights("8a4f", "theirs")
    with Index.open(tmp_path / "theirs", create=True, model=theirs) as index:
        index.sync(docs)
    with pytest.raises(ModelMismatchError, match=r"theirs@8a4f, not e5-small-es-en@new"):
        Index.open(tmp_path / "theirs", model=Weights())
    with Index.open(tmp_path / "theirs", model=theirs) as index:
        assert index.warning is None
        assert index.upgrade() == 0
        assert not any(math.isnan(one.dense) for one in index.candidates(QUESTION))


@pytest.mark.parametrize("revision", [REVISIONS[DEFAULT_MODEL][0], "new", "0123456789ab"])
def test_an_index_made_with_an_export(old: Path, docs: Path, revision: str) -> None:
    """On a machine with a GPU, and opened here: of earlier weights it is old, of these it is not;
    of weights that never came with qa it is another model's."""
    shutil.rmtree(old)
    make(old, docs, revision)
    with Index.open(old, model=Weights(revision)) as index:
        index.catalog.put("model", "/there/my-export")
    if revision.startswith("01"):
        with Index.open(old) as index, pytest.raises(ModelMismatchError, match="0123456789ab"):
            index.candidates(QUESTION)
        return
    with Index.open(old) as index:
        assert is_by_words(index.candidates(QUESTION)) == (revision != "new")
        assert index.upgrade() == (0 if revision == "new" else 12)
        assert not is_by_words(index.candidates(QUESTION))


def test_revisions_that_came_with_qa_are_known() -> None:
    """With other weights their revision is added: indexes made with their export depend on it."""
    for name, revisions in REVISIONS.items():
        assert present_identity(name).removeprefix(f"{name}@") in revisions
        assert present_identity(name) == load(name).identity


def test_its_time_is_reported(old: Path, docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That of a sync holds all that it did."""
    renew = renewal.renew

    def slow(*given: Any) -> int:
        time.sleep(2)
        return renew(*given)

    monkeypatch.setattr("index.sync.renewal.renew", slow)
    with Index.open(old) as index:
        assert index.sync(docs).seconds > 2


# Stopped, and gone on


KILLED = """
import os, shutil, sqlite3, sys
from pathlib import Path
import index.opened, index.storage.derived, index.storage.recorded_model, index.sync.renewal
from index import Index
from tests.index.sync.test_renewal import Weights

index.storage.recorded_model.present_identity = lambda name: f"{name}@new"
index.sync.renewal.EMBED_AT_ONCE = 4
index.opened.load = lambda _=None: Weights()
before, work = Path(sys.argv[1]), Path(sys.argv[2])
calls = last = 0

class Connection(sqlite3.Connection):
    def execute(self, sql, *values):
        global calls
        result = super().execute(sql, *values)
        if sql.startswith(("COMMIT", "INSERT INTO meta", "DELETE FROM meta")):
            calls += 1
            if calls == last:
                os._exit(9)
        return result

connect = sqlite3.connect
sqlite3.connect = lambda *args, **kwargs: connect(*args, factory=Connection, **kwargs)
status = 9
while status:
    last += 1
    shutil.copytree(before, work / str(last))
    child = os.fork()
    if not child:
        with Index.open(work / str(last)) as opened:
            opened.upgrade()
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in {0, 9}, status
print(last - 1)
"""


def test_killed_at_every_write(tmp_path: Path, old: Path, fresh: list[tuple[object, ...]]) -> None:
    """Whichever write is the last: it is searched by words, or by the new vectors once all are
    there; the next upgrade embeds what is left, and the index is what a fresh one is."""
    (tmp_path / "left").mkdir()
    command = [sys.executable, "-c", KILLED, str(old), str(tmp_path / "left")]
    shown = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    left: list[int] = []
    for point in range(1, int(shown.stdout) + 1):
        folder = tmp_path / "left" / str(point)
        with Index.open(folder) as index:
            assert is_by_words(index.candidates(QUESTION)) == bool(index.warning)
            assert found(index, "w7w") == {"d07.txt"}
            left.append(index.upgrade())
            assert content(index) == fresh
            assert not is_by_words(index.candidates(QUESTION))
            assert index.verify().problems == []
        assert len(list(folder.glob("vectors-*"))) == 1
    assert sorted(left, reverse=True) == left
    assert set(left) == {12, 8, 4, 0}


def test_removed_while_it_is_half_done(old: Path, docs: Path, tmp_path: Path) -> None:
    """What an interruption left can be searched and shrunk; the rest is completed."""
    with Index.open(old) as index:
        with pytest.raises(KeyboardInterrupt):
            index.upgrade(interrupt)
        assert is_by_words(index.candidates(QUESTION))
        (docs / "d03.txt").unlink()
        assert index.remove(["d03.txt", "copia"]) == 2
        assert not list(old.glob("vectors-*"))  # what was removed is in none of before
        assert found(index, "mar") == {"memo"}
        assert index.verify().problems == [
            "Making the vectors anew was interrupted: run qa upgrade again."
        ]
        assert index.sync(docs).renewed in {7, 8}  # of 12, without 4 and perhaps the removed one
        expected = make(tmp_path / "other", docs, "new")
    with Index.open(expected) as other, Index.open(old) as index:
        other.remove(["copia"])
        assert content(index) == content(other)
        assert not is_by_words(index.candidates(QUESTION))


def interrupt(_: Step) -> None:
    raise KeyboardInterrupt


def test_weights_that_change_again(
    old: Path, fresh: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half way to other weights there are newer ones: it begins anew, and mixes none."""
    with monkeypatch.context() as between:
        between.setattr(
            "index.storage.recorded_model.present_identity", lambda name: f"{name}@between"
        )
        between.setattr("index.opened.load", lambda _=None: Weights("between"))
        with Index.open(old) as index, pytest.raises(KeyboardInterrupt):
            index.upgrade(interrupt)
    with Index.open(old) as index:
        assert is_by_words(index.candidates(QUESTION))
        assert index.upgrade() == 12
        assert content(index) == fresh


def test_vectors_kept_for_an_interrupted_sync_are_not_used(old: Path, docs: Path) -> None:
    """What the weights before left for a sync to go on with goes with them."""
    text = "Un texto nuevo que se quedó a medias."
    (docs / "nuevo.txt").write_text(text)
    with Index.open(old, model=Weights("old")) as index:
        (vector,) = index.model.embed_passages([text])
        from index.text.hashing import text_digest

        index.catalog.keep_vectors({text_digest(text): vector})
    with Index.open(old) as index:
        report = index.sync(docs)
        assert (report.renewed, report.embedded) == (12, 1)
        assert not is_by_words(index.candidates(QUESTION))


# Several at once


@pytest.mark.parametrize("limit", [50_000, 4])
def test_searching_while_it_is_embedded_anew(
    old: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    """In other threads, through the same object and others: at each moment by words, or by the new
    vectors alone."""
    monkeypatch.setattr(choice, "EXACT_MOST", limit)
    monkeypatch.setattr("index.sync.renewal.EMBED_AT_ONCE", 1)
    errors: list[BaseException] = []
    last: list[bool] = []
    stop = threading.Event()

    def search(index: Index) -> None:
        try:
            ways = [is_by_words(index.candidates(QUESTION))]
            while not stop.is_set():
                ways.append(is_by_words(index.candidates(QUESTION)))
                assert found(index, "w7w") == {"d07.txt"}
            ways.append(is_by_words(index.candidates(QUESTION)))
            assert sorted(ways, reverse=True) == ways
            last.append(ways[-1])
        except BaseException as exc:  # noqa: BLE001  # raised again by the test, in its own thread
            errors.append(exc)

    with Index.open(old) as index, Index.open(old) as other:
        threads = [threading.Thread(target=search, args=(one,)) for one in (index, other) * 2]
        for thread in threads:
            thread.start()
        assert index.upgrade(lambda _: time.sleep(0.01)) == 12
        stop.set()
        for thread in threads:
            thread.join(60)
    assert errors == []
    assert last == [False] * 4


def test_only_the_writer_builds_the_store(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which takes minutes where it is large: others search by words until it is published."""
    monkeypatch.setattr(choice, "EXACT_MOST", 4)
    builder = choice.build
    by_words: list[bool] = []

    def build(catalog: Catalog) -> VectorStore:
        with Index.open(old) as late:
            by_words.extend(is_by_words(one.candidates(QUESTION)) for one in (reader, late, index))
            assert late.warning
        return builder(catalog)

    monkeypatch.setattr("index.storage.derived.build", build)
    with Index.open(old) as reader, Index.open(old) as index:
        assert index.upgrade() == 12
        assert by_words == [True] * 3
        assert len(list(old.glob("vectors-*"))) == 1
        assert not any(is_by_words(one.candidates(QUESTION)) for one in (reader, index))


def test_a_program_that_still_has_the_weights_before(old: Path) -> None:
    """While it runs, another release makes the vectors anew: it goes on by words, and writes none
    of its own among them."""
    with Index.open(old, model=Weights("old")) as before, Index.open(old) as after:
        assert not any(math.isnan(one.dense) for one in before.candidates(QUESTION))
        after.upgrade()
        assert is_by_words(before.candidates(QUESTION))
        assert before.warning
        for write in (lambda: before.add(BY_HAND), before.upgrade):
            with pytest.raises(ModelMismatchError, match="start this program again"):
                write()  # type: ignore[no-untyped-call]
        assert not is_by_words(after.candidates(QUESTION))


def test_an_old_index_that_cannot_be_written(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is searched by words, and an upgrade says why not."""
    with Index.open(old) as index:
        monkeypatch.setattr("index.storage.sqlite.SqliteDatabase.writing", refuse)
        assert is_by_words(index.candidates(QUESTION))
        with pytest.raises(IndexStateError, match="cannot be written"):
            index.upgrade()


def refuse(*_: object) -> Iterator[None]:
    raise IndexStateError("The index cannot be written.")


# With the real model


@pytest.fixture
def aged(tmp_path: Path, seeds_index: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index of seeds/ as an earlier release left it: other vectors, published as they are."""
    monkeypatch.undo()
    folder = tmp_path / "aged"
    shutil.copytree(seeds_index, folder)
    with sqlite3.connect(folder / "catalog.sqlite") as db:
        turned = np.random.default_rng(0).normal(size=384)
        for id, known in db.execute("SELECT id, vector FROM passages").fetchall():
            vector = np.frombuffer(known, np.float16) * turned
            blob = (vector / np.linalg.norm(vector)).astype(np.float16).tobytes()
            values = (blob, zlib.crc32(blob), id)
            db.execute("UPDATE passages SET vector = ?, crc = ? WHERE id = ?", values)
        identity = f"{DEFAULT_MODEL}@{REVISIONS[DEFAULT_MODEL][0]}"
        db.execute("UPDATE meta SET value = ? WHERE key = 'identity'", [identity])
        db.execute("DELETE FROM meta WHERE key = 'vectors'")
    db.close()
    with Index.open(folder) as index:
        index.remove([])
        assert index.verify().problems == []
    return folder


def test_answers_by_words(aged: Path) -> None:
    """What the documents say is answered and quoted, with the reader's own likeness; the rest is
    not answered."""
    with Retriever.open(aged) as retriever:
        assert retriever.warning
        hits = retriever.search(ASKED, k=3)
        assert hits
        assert {hit.dense for hit in hits} == {None}
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assistant = Assistant(retriever)
        answer = assistant.ask(
            "¿Cuántos presuntos integrantes de organizaciones ha capturado México?"
        )
        assert answer.found
        assert answer.short == "más de 50"
        assert not assistant.ask("¿Quién ganó el Mundial de fútbol de 2022?").found
        assert not assistant.ask("xyzzy plugh").found


def test_a_passage_searched_for_by_words_is_explained(aged: Path) -> None:
    """Its meaning has no rank."""
    with Retriever.open(aged) as retriever:
        (hit,) = retriever.search(ASKED, k=1)
        found = explain(Assistant(retriever), ASKED, hit.document_id, hit.citation.paragraph)
        dense, lexical = (
            found.traces[0].stage(name) for name in (StageName.DENSE, StageName.LEXICAL)
        )
    assert (dense.rank, dense.score, dense.passed) == (None, None, False)
    assert lexical.rank == 1


def test_the_command_line_says_so(aged: Path, seeds_index: Path) -> None:
    """On standard error, one sentence, until ``qa upgrade``; results stay what they are."""
    at = ("--index", str(aged))
    said = f"The index in {aged} was made with other weights of its model: it is searched by words"
    asked = qa("search", ASKED, "--json", *at)
    assert asked.returncode == 0
    assert json.loads(asked.stdout)[0]["document_id"]
    assert asked.stderr.startswith(f"qa: {said}")
    assert asked.stderr.count("\n") == 1
    assert said in qa("status", *at).stdout
    done = qa("upgrade", *at)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.endswith(" passages embedded anew\n")
    with Index.open(aged) as index, Index.open(seeds_index) as other:
        ours, theirs = (
            np.concatenate([block for _, block in each.catalog.vectors(ids(each))])
            for each in (index, other)
        )
        assert (ours * theirs).sum(axis=1).min() > 0.98
        assert index.verify().problems == []
    again = qa("upgrade", *at)
    assert (again.returncode, again.stderr) == (0, "Nothing to do: it has these weights\n")


def ids(index: Index) -> list[int]:
    return [int(id) for id in index.catalog.passage_ids()]


UPGRADE = """
import sys
import index.sync.renewal
from index import Index

index.sync.renewal.EMBED_AT_ONCE = 1
with Index.open(sys.argv[1]) as opened:
    opened.upgrade(lambda step: print(step.embedded, flush=True))
"""


def test_killed_with_the_real_model(aged: Path, seeds_index: Path) -> None:
    """kill -9 amid the work; the next upgrade goes on where it was, and compares no two weights."""
    command = [sys.executable, "-c", UPGRADE, str(aged)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while process.stdout.readline() != "5\n":
            assert process.poll() is None
        os.kill(process.pid, signal.SIGKILL)
    with Index.open(aged) as index, Index.open(seeds_index) as other:
        texts = index.catalog.rows("SELECT count(DISTINCT digest) FROM passages")[0][0]
        assert all(math.isnan(one.dense) for one in index.candidates("¿Cuándo visitó Rubio?"))
        assert 0 < index.upgrade() <= texts - 5
        for question in (ASKED, "When did Rubio visit Mexico?"):
            ours, theirs = (
                {one.id: one.dense for one in each.candidates(question)} for each in (index, other)
            )
            assert ours == pytest.approx(theirs, abs=0.02)


def test_stopping_an_upgrade(old: Path) -> None:
    """Ctrl-C ends it with status 130, and the same command goes on."""
    code = STUBBED.replace("FAST", "8")
    with subprocess.Popen(
        [sys.executable, "-c", code, "upgrade", "--index", str(old)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        until(Path(f"{old}.slow").exists)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=120)
    assert (process.returncode, said) == (
        130,
        "qa: Stopped; the same command goes on from there.\n",
    )
    done = subprocess.run(
        [sys.executable, "-c", STUBBED.replace("FAST", "99"), "upgrade", "--index", str(old)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "4 passages embedded anew\n"


STUBBED = """
import signal, sys, time
from pathlib import Path

signal.signal(signal.SIGINT, signal.default_int_handler)
import index.opened, index.storage.recorded_model, index.sync.renewal
from tests.index.sync.test_renewal import Weights

class Slow(Weights):
    def encode(self, texts):
        if len(self.embedded) + len(texts) > FAST:
            Path(sys.argv[-1] + ".slow").touch()
            time.sleep(600)
        return super().encode(texts)

index.storage.recorded_model.present_identity = lambda name: f"{name}@new"
index.sync.renewal.EMBED_AT_ONCE = 4
index.opened.load = lambda _=None: Slow()
from qa.cli.app import main
main()
"""


def until(true: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    for _ in range(2400):
        if true():
            return
        time.sleep(0.05)
    raise AssertionError("nothing happened")

"""Files read and embedded by the workers of a Ray cluster on this machine."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from benchmarks.letters import Letters
from index import Index
from index.embedders import Embedder
from index.errors import IndexStateError, InputError, MissingExtraError
from index.sync import cluster as cluster_module
from index.sync.cluster import LOCAL, cluster
from index.sync.sync import Report
from tests.conftest import ROOT
from tests.files import pdf
from tests.index.sync.slow import Deadly, Slow
from tests.samples import samples

needs_ray = pytest.mark.skipif(
    find_spec("ray") is None, reason="Ray is not installed: make test-integrations"
)
UNREACHABLE = "127.0.0.1:1"
INTERRUPTED = """
import sys
from pathlib import Path
from index import Index
from tests.index.sync.slow import Slow
with Index.open(sys.argv[1], create=True, model=Slow(Path(sys.argv[3]))) as index:
    index.sync(sys.argv[2], ray="local")
"""


one_or_two = pytest.mark.parametrize("workers", [1, 2], indirect=True)
two = pytest.mark.parametrize("workers", [2], indirect=True)


@pytest.fixture(scope="module")
def workers(request: pytest.FixtureRequest) -> Iterator[int]:
    """A cluster with so many workers, which the syncs inside use."""
    import ray

    ray.init(address=LOCAL, num_cpus=request.param, include_dashboard=False)
    yield request.param
    ray.shutdown()


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Every format, copies, a long document, and files that fail, each for another reason."""
    folder = tmp_path / "docs"
    (folder / "más").mkdir(parents=True)
    for suffix, data in samples().items():
        (folder / f"plazo{suffix}").write_bytes(data)
    (folder / "más" / "plazo.txt").write_bytes(samples()[".txt"])
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.md").write_text(" \n\n ")
    (folder / "damaged.docx").write_bytes(b"PK\x03\x04 no archive")
    (folder / "scan.pdf").write_bytes(pdf([[]]))
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 9)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n")
    (folder / "control.txt").write_text("Una línea\x00 con\u200b caracteres raros.\n")
    long = "\n\n".join(f"Artículo {n}. {'El plazo vence hoy. ' * 30}{n * n}" for n in range(1200))
    (folder / "long.txt").write_text(long)
    aged(folder)
    return folder


def aged(folder: Path) -> None:
    """Let the files have changed long ago: so their stamps do not depend on when they are read."""
    for file in folder.rglob("*.*"):
        os.utime(file, (1_700_000_000, 1_700_000_000))


def kept(folder: Path) -> tuple[list[Any], list[Any]]:
    """All that a catalog holds of documents and passages, in order, without their numbers."""
    database = sqlite3.connect(folder / "catalog.sqlite")
    names = [row[1] for row in database.execute("PRAGMA table_info(documents)")]
    columns = ", ".join(name for name in names if name != "number")
    documents = database.execute(f"SELECT {columns} FROM documents ORDER BY id").fetchall()
    names = [f'p."{row[1]}"' for row in database.execute("PRAGMA table_info(passages)")]
    columns = ", ".join(name for name in names if name not in {'p."id"', 'p."document"'})
    passages = database.execute(
        f"SELECT d.id, {columns} FROM passages p JOIN documents d ON d.number = p.document"
        " ORDER BY d.id, p.start"
    ).fetchall()
    database.close()
    assert documents
    assert passages
    return documents, passages


def synced(
    folder: Path, docs: Path, model: Embedder | None = None, ray: str | None = None
) -> Report:
    with Index.open(folder, create=True, model=model or Letters()) as index:
        report = index.sync(docs, ray=ray)
        assert not index.verify().problems
    return report


def said(report: Report) -> dict[str, Any]:
    """What a report says, but for the time that it took."""
    return asdict(replace(report, seconds=0.0))


@needs_ray
@one_or_two
def test_a_cluster_gives_what_this_machine_gives(tmp_path: Path, docs: Path, workers: int) -> None:
    """Equal documents, passages, bits of vectors, failures, reasons and counts; also once more."""
    assert workers
    plain, spread = tmp_path / "plain", tmp_path / "spread"
    here = synced(plain, docs)
    assert len(here.failed) >= 5
    assert here.passages > 1200
    assert said(synced(spread, docs, ray=LOCAL)) == said(here)
    assert kept(spread) == kept(plain)
    (docs / "plazo.txt").write_text("El plazo vence el 4 de junio.")
    aged(docs)
    (docs / "plazo.md").unlink()
    (docs / "plazo.docx").rename(docs / "plazo nuevo.docx")
    assert said(synced(spread, docs, ray=LOCAL)) == said(synced(plain, docs))
    assert kept(spread) == kept(plain)


@needs_ray
@two
def test_a_killed_worker_costs_a_retry(tmp_path: Path, docs: Path, workers: int) -> None:
    """Killed amid a long document, it is started again; no document is lost or doubled."""
    assert workers
    log = tmp_path / "log"
    log.touch()

    def kill() -> None:
        while len(log.read_text().split()) < 100:
            time.sleep(0.05)
        os.kill(int(log.read_text().split()[-1]), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    report = synced(tmp_path / "spread", docs, Slow(log, 0.002), LOCAL)
    killer.join()
    assert len(set(log.read_text().split())) > workers
    assert said(report) == said(synced(tmp_path / "plain", docs))
    assert kept(tmp_path / "spread") == kept(tmp_path / "plain")


@needs_ray
@two
def test_a_killed_sync_goes_on_from_there(tmp_path: Path, docs: Path, workers: int) -> None:
    """What was written is not read again, and of a long document not all is embedded again."""
    assert workers
    folder, log = tmp_path / "spread", tmp_path / "log"
    log.touch()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    environment.pop("RAY_ADDRESS", None)
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(folder), str(docs), str(log)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while _kept_vectors(folder) < 300 or not _documents(folder):
            assert process.poll() is None
            time.sleep(0.1)
    finally:
        process.kill()
        process.wait()
    written, vectors = _documents(folder) - _members(folder), _kept_vectors(folder)
    assert written > 0
    report = synced(folder, docs, ray=LOCAL)
    assert len(report.unchanged) == written
    whole = synced(tmp_path / "plain", docs)
    assert report.embedded <= whole.embedded - vectors
    assert sorted([*report.added, *report.unchanged]) == sorted(whole.added)
    assert kept(folder) == kept(tmp_path / "plain")


def _count(folder: Path, table: str) -> int:
    try:
        database = sqlite3.connect(f"{(folder / 'catalog.sqlite').as_uri()}?mode=ro", uri=True)
        with database:
            return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def _kept_vectors(folder: Path) -> int:
    return _count(folder, "spare")


def _documents(folder: Path) -> int:
    return _count(folder, "documents")


def _members(folder: Path) -> int:
    return _count(folder, "documents WHERE container IS NOT NULL")


@needs_ray
@two
def test_a_worker_without_the_files_is_sent_them(
    tmp_path: Path, docs: Path, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a file is not as it is here, a worker asks for its bytes: the result is the same."""
    assert workers
    # What the plan says of the files is not what a worker finds at their paths.
    rows = cluster_module._rows
    monkeypatch.setattr(
        cluster_module, "_rows", lambda files: [{**r, "size": -1} for r in rows(files)]
    )
    report = synced(tmp_path / "spread", docs, ray=LOCAL)
    assert said(report) == said(synced(tmp_path / "plain", docs))
    assert kept(tmp_path / "spread") == kept(tmp_path / "plain")


@needs_ray
@two
def test_a_worker_lost_for_good_is_said(tmp_path: Path, docs: Path, workers: int) -> None:
    """After some retries the sync ends with one sentence; the next one, elsewhere, completes it."""
    assert workers
    with (
        Index.open(tmp_path / "index", create=True, model=Deadly()) as index,
        pytest.raises(IndexStateError, match=r"lost a worker for good.*goes on from there"),
    ):
        index.sync(docs, ray=LOCAL)
    assert said(synced(tmp_path / "index", docs)) == said(synced(tmp_path / "plain", docs))


@needs_ray
@two
def test_the_bundled_model_in_workers(
    tmp_path: Path, workers: int, embedder: Embedder, seeds_index: Path
) -> None:
    """A worker loads it by its name, and its vectors have the same bits."""
    assert workers
    assert embedder
    with Index.open(tmp_path / "index", create=True) as index:
        index.sync(ROOT / "seeds", ray=LOCAL)
    assert kept(tmp_path / "index") == kept(seeds_index)


@needs_ray
def test_no_cluster_answers(tmp_path: Path, docs: Path) -> None:
    """An address at which nothing answers is said, and nothing is made."""
    result = subprocess.run(
        [sys.executable, "-m", "qa", "index", str(docs), "--ray", UNREACHABLE, "--index", "i"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert result.stderr.startswith(f"qa: No Ray cluster answers at {UNREACHABLE} (")
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "i").exists()


@pytest.mark.parametrize("address", ["", "host", "ray://host:10001", "host:port", ":6379"])
def test_what_is_no_address(address: str) -> None:
    """It is refused before Ray is imported."""
    with (
        pytest.raises(InputError, match="is no address of a Ray cluster: give HOST:PORT"),
        cluster(address),
    ):
        pass


def test_without_ray(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra that is missing is named."""
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r'pip install "qa\[ray\]"'), cluster(LOCAL):
        pass


@needs_ray
def test_a_cluster_that_lost_all_machines_is_said(
    tmp_path: Path, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ray would wait for ever for others: the sync ends with a sentence, and goes on later."""
    import ray
    from ray.cluster_utils import Cluster

    monkeypatch.setattr(cluster_module, "LOST_SECONDS", 3.0)
    ray.shutdown()  # the cluster of the tests above
    machines = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    other = machines.add_node(num_cpus=1)
    ray.init(address=machines.address)
    log = tmp_path / "log"
    log.touch()

    def take_away() -> None:
        while len(log.read_text().split()) < 800:
            time.sleep(0.05)
        machines.remove_node(other)

    taker = threading.Thread(target=take_away)
    taker.start()
    try:
        with (
            Index.open(tmp_path / "index", create=True, model=Slow(log, 0.005)) as index,
            pytest.raises(IndexStateError, match=r"lost all of its workers: start some, and run"),
        ):
            index.sync(docs, ray=LOCAL)
        taker.join()
    finally:
        ray.shutdown()
        machines.shutdown()
    report = synced(tmp_path / "index", docs)
    whole = synced(tmp_path / "plain", docs)
    assert report.embedded < whole.embedded
    assert kept(tmp_path / "index") == kept(tmp_path / "plain")

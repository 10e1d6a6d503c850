"""A disk with no room, or that cannot be read: one of our errors, and nothing is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from index import Document, Index
from tests.conftest import ROOT
from tests.index.storage.power_loss.checking import Promise, check
from tests.index.storage.power_loss.recording import can_record
from tests.index.test_index import Counting

TEXTS = {id: f"El texto de la palabra w{n}w." for n, id in enumerate("abc")}
STATES = [{"a", "b"}, {"a", "b", "c"}, {"b", "c"}]
AT = 300  # the call of a kind that fails, of those of one process

# For each fault a process that opens a copy of an index, searches it, adds a document and removes
# one; it counts the steps that were acknowledged.
FAULTS = """
import os, resource, shutil, sys, traceback
import faiss, filelock, tantivy
import index.sync.verify, index.sync.writer, index.text.language, index.candidates
from pathlib import Path
from index import Document, Index
from index.errors import QAError
from index.storage.vector_replica import VectorReplica
from index.storage.word_replica import WordReplica
from tests.index.test_index import Counting

before, work, how, at = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])

def limit(size):  # of any file; Python ignores the signal that comes with it
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, -1))

def limited(save, size):
    def call(*args, **kwargs):
        limit(size)
        try:
            return save(*args, **kwargs)
        finally:
            limit(-1)
    return call

def prepare(number):
    if how == "catalog":
        limit(number * 2048)
    elif how == "words":
        WordReplica.save = limited(WordReplica.save, number * 50)
    elif how == "vectors":
        VectorReplica.save = limited(VectorReplica.save, number * 50)
    else:
        none = 1000  # no file is open under this number, but the call counts
        for call in (lambda: os.fsync(none), lambda: os.fdatasync(none),
                     lambda: os.pread(none, 1, 0), lambda: os.read(none, 1)):
            for _ in range(at - 1 - number):
                try:
                    call()
                except OSError:
                    pass

def write(folder, steps):
    with Index.open(folder, model=Counting()) as index:
        index.candidates("texto")
        index.add([Document("c", "El texto de la palabra w2w.")])
        os.write(steps, b".")
        index.remove(["a"])
        os.write(steps, b".")

for number in range(int(sys.argv[5])):
    folder = work / str(number)
    shutil.copytree(before, folder)
    child = os.fork()
    if not child:
        steps = os.open(f"{folder}.steps", os.O_WRONLY | os.O_CREAT)
        try:
            prepare(number)
            write(folder, steps)
        except QAError as exc:
            print(f"{number}\\t{exc}", flush=True)
        except BaseException:
            traceback.print_exc()
            os._exit(2)
        os._exit(0)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        sys.exit(2)
"""


def run(tmp_path: Path, how: str, count: int, *command: str) -> list[str]:
    """What was said of ``count`` faults; each left an index that holds what was acknowledged."""
    before, work = tmp_path / "before", tmp_path / "work"
    with Index.open(before, create=True, model=Counting()) as index:
        index.add([Document(id, TEXTS[id]) for id in sorted(STATES[0])])
    work.mkdir()
    program: list[str | Path] = [
        *command,
        sys.executable,
        "-c",
        FAULTS,
        before,
        work,
        how,
        str(AT),
        str(count),
    ]
    done = subprocess.run(
        program, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    states = [{id: TEXTS[id] for id in sorted(state)} for state in STATES]
    for number in range(count):
        steps = len((work / f"{number}.steps").read_bytes())
        after = states[min(steps + 1, 2)]
        check(work / str(number), Promise(states[steps], after, whole=True, made=True), tmp_path)
    return [line.partition("\t")[2] for line in done.stdout.splitlines()]


@pytest.mark.parametrize("how", ["catalog", "words", "vectors"])
def test_no_room_for_a_file(tmp_path: Path, how: str) -> None:
    """Whichever file cannot grow any more, and whether SQLite, tantivy or FAISS writes it."""
    said = run(tmp_path, how, 20)
    assert len(said) > 10
    assert all("cannot be" in one for one in said)


@pytest.mark.slow
@pytest.mark.parametrize("calls", ["fsync,fdatasync", "pread64,read"])
def test_a_disk_with_errors(tmp_path: Path, calls: str) -> None:
    """Whichever flush or read fails, once: it is said, or what is derived is made again."""
    if reason := can_record():
        pytest.skip(reason)
    inject = f"-einject={calls}:error=EIO:when={AT}"
    said = run(
        tmp_path, "calls", 40, "strace", "-f", "--seccomp-bpf", "-o", "/dev/null",
        f"-etrace={calls}", inject,
    )  # fmt: skip
    assert said
    assert all("disk I/O" in one or "Input/output" in one for one in said)

"""The power goes while an index is written: nothing acknowledged is lost, nothing is half there."""

import random
import secrets
from pathlib import Path

import pytest

from index.storage.vectors.choice import EXACT_MOST
from tests.index.storage.power_loss.disk import Rules, after_flush, after_loss
from tests.index.storage.power_loss.orders import Recording, recorded, run, run_again
from tests.index.storage.power_loss.recording import (
    ROOT,
    Flushed,
    Made,
    Operation,
    Removed,
    Renamed,
    Resized,
    Tree,
    Written,
    can_record,
)

FEW, MANY = 100, 4000
SEED = 20


@pytest.fixture(scope="module", params=[EXACT_MOST, 4], ids=["vectors", "codes"])
def recording(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Recording:
    """What a writer did, from the making of an index to the moment when the power goes."""
    if reason := can_record():
        pytest.skip(reason)
    return recorded(tmp_path_factory.mktemp("power"), request.param)


def test_all_that_is_done_is_recorded(recording: Recording) -> None:
    """Done again, the recorded operations give the files that the writer left, byte by byte."""
    disk = recording.docs.parent / "disk"
    left = {
        str(path.relative_to(disk)): None if path.is_dir() else path.read_bytes()
        for path in disk.rglob("*")
        if not path.name.endswith("-shm")  # in memory
    }
    again = after_flush(recording.operations)
    assert {path: again[path] for path in again if not path.endswith("-shm")} == left


def test_the_power_goes_at_any_moment(recording: Recording) -> None:
    """Whatever the disk has kept: the index opens, and holds what was acknowledged, once."""
    assert run(recording, SEED, range(FEW)) > FEW // 2


@pytest.mark.slow
def test_the_power_goes_thousands_of_times(recording: Recording) -> None:
    """The same with a seed of its own each time, which an error names."""
    assert run(recording, secrets.randbelow(1 << 32), range(MANY)) > MANY // 2


@pytest.mark.slow
def test_the_power_goes_again(recording: Recording, tmp_path: Path) -> None:
    """So it is when the power goes once more, while what the first loss left is mended."""
    seed = secrets.randbelow(1 << 32)
    assert run_again(recording, tmp_path, seed, range(25), orders=20) > 200


# What may be left, by hand

NEW = (Made(ROOT, "new", 1), Written(1, 0, b"new"))
OLD = (Made(ROOT, "old", 2), Written(2, 0, b"old"), Flushed(2, 2), Flushed(ROOT, 2))
TWO = b"a" * 512, b"b" * 512
POSSIBLE: dict[str, tuple[tuple[Operation, ...], Rules, list[Tree]]] = {
    "a file that is not flushed": (
        NEW,
        Rules.ANY,
        [{}, {"new": b""}, {"new": b"new"}, {"new": b"\0\0\0"}, {"new": b"?"}],
    ),
    "its bytes are flushed, its name is not": (
        (*NEW, Flushed(1, 2)),
        Rules.ANY,
        [{}, {"new": b"new"}],
    ),
    "its name is flushed, its bytes are not": (
        (*NEW, Flushed(ROOT, 2)),
        Rules.ANY,
        [{"new": b""}, {"new": b"new"}, {"new": b"\0\0\0"}, {"new": b"?"}],
    ),
    "a write that ended after the flush began": (
        (NEW[0], Flushed(ROOT, 1), NEW[1], Flushed(1, 1)),
        Rules.ANY,
        [{"new": b""}, {"new": b"new"}, {"new": b"\0\0\0"}, {"new": b"?"}],
    ),
    "a file in place of another": (
        (*OLD, *NEW, Flushed(1, 6), Renamed(ROOT, "new", ROOT, "old", 1)),
        Rules.ANY,
        [{"old": b"old"}, {"old": b"old", "new": b"new"}, {"old": b"new"}],
    ),
    "two sectors of a file": (
        (OLD[0], Written(2, 0, b"o" * 1024), *OLD[2:], Written(2, 0, b"".join(TWO))),
        Rules.ANY,
        [{"old": a + b} for a in (b"o" * 512, TWO[0]) for b in (b"o" * 512, TWO[1])],
    ),
    "two writes to one sector": (
        (*OLD, Written(2, 0, b"n"), Written(2, 1, b"n")),
        Rules.ANY,
        [{"old": b"old"}, {"old": b"nld"}, {"old": b"nnd"}],
    ),
    "a file that is cut": (
        (*OLD, Resized(2, 1)),
        Rules.ANY,
        [{"old": b"old"}, {"old": b"o"}, {"old": b"o\0\0"}],
    ),
    "two names": (
        (Made(ROOT, "a", 1), Made(ROOT, "b", 2)),
        Rules.ANY,
        [{}, {"a": b""}, {"b": b""}, {"a": b"", "b": b""}],
    ),
    "two names in a journal": (
        (Made(ROOT, "a", 1), Made(ROOT, "b", 2)),
        Rules.JOURNAL,
        [{}, {"a": b""}, {"a": b"", "b": b""}],
    ),
    "a flush writes the journal": (
        (Made(ROOT, "a", 1), Made(ROOT, "b", 2), Flushed(2, 2), Removed(ROOT, "a")),
        Rules.JOURNAL,
        [{"a": b"", "b": b""}, {"b": b""}],
    ),
    "a folder whose name is not flushed": (
        (Made(ROOT, "f", 1, is_folder=True), Made(1, "new", 2), Flushed(1, 2)),
        Rules.ANY,
        [{}, {"f": None, "f/new": b""}],
    ),
}


@pytest.mark.parametrize("name", POSSIBLE)
def test_what_may_be_left(name: str) -> None:
    """Each possibility comes up, and nothing else does; "?" stands for anything."""
    operations, rules, possible = POSSIBLE[name]
    known = {content for tree in possible for content in tree.values()}
    found: list[Tree] = []
    for seed in range(400):
        tree = after_loss(operations, random.Random(seed), rules)  # noqa: S311
        tree = {name: content if content in known else b"?" for name, content in tree.items()}
        if tree not in found:
            found.append(tree)
    assert len(found) == len(possible)
    assert all(tree in possible for tree in found)

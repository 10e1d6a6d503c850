"""Many orders in which a disk may have kept what a writer did, each opened and checked."""

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from index.storage.vectors import choice
from index.storage.vectors.choice import EXACT_MOST
from tests.index.storage.power_loss.checking import Promise, check, lay, promised
from tests.index.storage.power_loss.disk import Rules, after_loss
from tests.index.storage.power_loss.recording import (
    ROOT,
    Made,
    Operation,
    Said,
    Tree,
    operations,
    record,
)
from tests.index.storage.power_loss.workload import INDEX

__all__ = ["Loss", "Recording", "draw", "recorded", "run", "run_again"]

WRITER = [sys.executable, "-m", "tests.index.storage.power_loss.workload"]
_MEMORY = Path("/dev/shm")  # noqa: S108  # a flush costs nothing there


@dataclass(frozen=True, slots=True)
class Recording:
    """What a writer did, the folder of documents that it read, and the number of vectors up to
    which it kept them themselves, not codes.
    """

    operations: Sequence[Operation]
    docs: Path
    exact: int


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss of power: after so many operations, by which rules, and what is left."""

    after: int
    rules: Rules
    left: Tree


def recorded(folder: Path, exact: int = EXACT_MOST) -> Recording:
    """The writer's work, recorded in a folder, or as it was recorded there before."""
    disk, docs, said, trace = (folder / name for name in ("disk", "docs", "said", "trace"))
    if not trace.exists():
        disk.mkdir(parents=True)
        docs.mkdir()
        try:
            record([*WRITER, "main", str(exact), disk, said, docs], trace)
        except subprocess.CalledProcessError as exc:
            raise AssertionError(exc.stderr.decode()) from exc
    return Recording(operations(trace, disk, said, {}), docs, exact)


def draw(
    done: Sequence[Operation], seed: int, number: int, first: int = 0, below: int = ROOT
) -> Loss:
    """One loss of power, of the ``first`` operations or later; the same for the same seed."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311
    after, rules = chance.randint(first, len(done)), chance.choice(list(Rules))
    return Loss(after, rules, after_loss(done[:after], chance, rules, below))


def run(recording: Recording, seed: int, numbers: Iterable[int]) -> int:
    """Check what each of these losses leaves; how many were different.

    AssertionError says with which seed and number the first wrong one is drawn again.
    """
    seen: set[int] = set()
    for number in numbers:
        loss = draw(recording.operations, seed, number)
        promise = promised(recording.operations[: loss.after])
        _check(loss, promise, recording, f"--seed {seed} --only {number}", seen)
    return len(seen)


def run_again(
    recording: Recording, folder: Path, seed: int, numbers: Iterable[int], orders: int
) -> int:
    """Lose the power again, ``orders`` times each, while what a first loss left is mended.

    What happens in ``folder``. How many losses were different.
    """
    losses = [draw(recording.operations, seed, number) for number in numbers]
    disk, said, trace = (folder / name for name in ("disk", "said", "trace"))
    for place, loss in enumerate(losses):
        (disk / f"{place:03}").mkdir(parents=True)
        lay(loss.left, disk / f"{place:03}")
    before = {str(path.relative_to(disk)): _bytes(path) for path in sorted(disk.rglob("*"))}
    record([*WRITER, "mend", str(recording.exact), disk, said], trace)
    done = operations(trace, disk, said, before)
    folders = [one.number for one in done if isinstance(one, Made) and one.folder == ROOT]
    begun = [done.index(_opens(place)) for place in range(len(losses))]
    seen: set[int] = set()
    for place, (loss, first) in enumerate(zip(losses, begun, strict=True)):
        last = [*begun, len(done)][place + 1]
        promise = promised(recording.operations[: loss.after])
        for order in range(orders):
            again = draw(done[:last], seed, order, first, folders[place])
            then = promised(done[first : again.after], promise)
            _check(again, then, recording, f"(loss {place}, order {order}, seed {seed})", seen)
    return len(seen)


def _opens(place: int) -> Said:
    return Said(json.dumps({"opens": place}))


def _bytes(path: Path) -> bytes | None:
    return None if path.is_dir() else path.read_bytes()


def _check(loss: Loss, promise: Promise, recording: Recording, name: str, seen: set[int]) -> None:
    """Check what is left, unless that was ``seen`` before."""
    key = hash((tuple(sorted(loss.left.items())), repr(promise)))
    if key in seen:
        return
    seen.add(key)
    with tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        lay(loss.left, Path(folder))
        try:
            with patch.object(choice, "EXACT_MOST", recording.exact):
                check(Path(folder) / INDEX, promise, recording.docs)
        except Exception as exc:
            raise AssertionError(
                f"{exc}\nLost after {loss.after} operations, by the rules {loss.rules}. Again:"
                f" python -m tests.index.storage.power_loss {recording.docs.parent} {name}"
            ) from exc

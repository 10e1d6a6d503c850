"""What a disk may hold after the power is lost in the middle of some operations.

The rules are those of Pillai et al., "All File Systems Are Not Created Equal" (OSDI 2014), and
what SQLite takes for granted of a disk (sqlite.org/atomiccommit.html, section 2):

- What was flushed is kept: of a file its bytes and its size, of a folder its names. To flush a file
  keeps none of its names, neither one that is new nor one that it was renamed to.
- Of what was not flushed anything may be kept, in any order. A write is kept in sectors of 512
  bytes, each whole or not at all. A sector holds what was in it at some moment: it never has a
  write without those to the same sector before it. Bytes that no write touched stay as they are
  (SQLite's "powersafe overwrite").
- A file's size is kept apart from its bytes. Where the size is kept and the bytes are not, there
  are zeros, or anything else.
- A name that is made, removed or changed is so or is not. A change of name is whole: the old name
  or the new; between two folders, it is kept once one of them is flushed. Names are kept in any
  order (`Rules.ANY`) or in that of the operations, through all folders, as a file system with a
  journal keeps them (`Rules.JOURNAL`: ext4, XFS). No rename flushes the file that it renames (ext4
  does so as a courtesy: auto_da_alloc).
"""

import random
from collections.abc import Sequence
from enum import StrEnum

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
)

__all__ = ["Rules", "after_flush", "after_loss"]

SECTOR = 512  # bytes
SHARES = (0.0, 0.1, 0.5, 0.9, 1.0)  # of what is not flushed, how much is kept

Named = Made | Removed | Renamed


class Rules(StrEnum):
    """In which order names are kept."""

    ANY = "any"
    JOURNAL = "journal"


def after_loss(
    operations: Sequence[Operation], chance: random.Random, rules: Rules, below: int = ROOT
) -> Tree:
    """What may be there when the power is lost after these operations, one of the possibilities.

    Each draws anew how much of what is not flushed is kept, from nothing to all. ``below``: the
    number of the folder that is looked at.
    """
    flushed: dict[int, int] = {}
    for operation in operations:
        if isinstance(operation, Flushed):
            before = flushed.get(operation.number, 0)
            flushed[operation.number] = max(before, operation.until)
    folders = _folders(_kept_names(operations, flushed, chance, rules))
    changes: dict[int, list[tuple[int, Written | Resized]]] = {}
    for place, operation in enumerate(operations):
        if isinstance(operation, Written | Resized):
            changes.setdefault(operation.number, []).append((place, operation))
    tree: Tree = {}
    found = [("", below)]
    while found:
        path, number = found.pop()
        if number in folders:
            tree[path] = None
            found += [(f"{path}/{name}".lstrip("/"), n) for name, n in folders[number].items()]
        else:
            tree[path] = _content(changes.get(number, []), flushed.get(number, 0), chance)
    tree.pop("", None)
    return tree


def after_flush(operations: Sequence[Operation]) -> Tree:
    """What is there when all is kept."""
    numbers = {ROOT, *(made.number for made in operations if isinstance(made, Made))}
    flushes = [Flushed(number, len(operations)) for number in numbers]
    return after_loss([*operations, *flushes], random.Random(), Rules.ANY)  # noqa: S311


def _kept_names(
    operations: Sequence[Operation], flushed: dict[int, int], chance: random.Random, rules: Rules
) -> list[Named]:
    """The changes of names that are kept, in their order."""
    named = [(place, one) for place, one in enumerate(operations) if isinstance(one, Named)]
    if rules is Rules.JOURNAL:  # whatever is flushed, the journal is written up to there
        until = max(flushed.values(), default=0)
        least = sum(place < until for place, _ in named)
        return [one for _, one in named[: chance.randint(least, len(named))]]
    share = chance.choice(SHARES)
    kept: list[Named] = []
    lost: set[tuple[int, str]] = set()  # names of which a change is lost, and so all later ones
    for place, one in named:
        names = {(one.folder, one.name)}
        until = flushed.get(one.folder, 0)
        if isinstance(one, Renamed):
            names.add((one.to_folder, one.to_name))
            until = max(until, flushed.get(one.to_folder, 0))
        if place < until or (lost.isdisjoint(names) and chance.random() < share):
            kept.append(one)
        else:
            lost |= names
    return kept


def _folders(kept: Sequence[Named]) -> dict[int, dict[str, int]]:
    """The numbers of what is in each folder, by name."""
    folders: dict[int, dict[str, int]] = {ROOT: {}}
    for one in kept:
        match one:
            case Made(folder, name, number, is_folder):
                folders.setdefault(folder, {})[name] = number
                if is_folder:
                    folders.setdefault(number, {})
            case Removed(folder, name):
                folders.get(folder, {}).pop(name, None)
            case Renamed(folder, name, to_folder, to_name, number):
                folders.get(folder, {}).pop(name, None)
                folders.setdefault(to_folder, {})[to_name] = number
    return folders


def _content(
    changes: Sequence[tuple[int, Written | Resized]], until: int, chance: random.Random
) -> bytes:
    """The bytes that a file may have; all changes before ``until`` are kept."""
    file = _File(chance.choice(SHARES), chance)
    for place, change in changes:
        file.change(change, certain=place < until)
    return bytes(file.data[: file.size].ljust(file.size, b"\0"))


class _File:
    """A file, sector by sector: once something of a sector is lost, so is all that followed."""

    def __init__(self, share: float, chance: random.Random) -> None:
        self.data, self.size = bytearray(), 0
        self._share, self._chance = share, chance
        self._lost: set[int] = set()  # sectors; -1 is the size
        self._flushed = 0  # bytes
        self._garbage = chance.random() < 0.5

    def change(self, change: Written | Resized, *, certain: bool) -> None:
        """Write or resize it, as far as that is kept."""
        if isinstance(change, Written):
            start, end = change.offset, change.offset + len(change.data)
            size = max(self.size, end)
        else:
            start, size = change.size, change.size
            end = max(start, len(self.data))
        self.data.extend(bytes(max(0, end - len(self.data))))
        for sector in range(start // SECTOR, -(-end // SECTOR)):
            first, last = max(start, sector * SECTOR), min(end, (sector + 1) * SECTOR)
            if self._keeps(sector, certain=certain):
                data = change.data if isinstance(change, Written) else bytes(end - start)
                self.data[first:last] = data[first - start : last - start]
            elif self._garbage and first >= self._flushed:
                self.data[first:last] = self._chance.randbytes(last - first)
        if self._keeps(-1, certain=certain):
            self.size = size
        if certain:
            self._flushed = self.size

    def _keeps(self, sector: int, *, certain: bool) -> bool:
        if certain:
            return True
        if sector in self._lost or self._chance.random() >= self._share:
            self._lost.add(sector)
            return False
        return True

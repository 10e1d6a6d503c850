"""The catalog's vectors once more, in a file that searches map into memory.

SQLite takes some 6 us to find a vector, a mapped file less than one: so a thousand can be compared
exactly where codes are scanned. The file only spares that time: a vector that it lacks is read from
the catalog.

There are two files. The one has the vectors, 16 bits for a number; the other has their ids, int64,
ascending. New ones come at the end. What is removed is overwritten with zeros, and its id is made
negative. The catalog records how many rows there are, and for which passages: so where it is put
back from a copy of earlier, what was added since counts for nothing.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.settings import SETTINGS
from index.storage.catalog import Catalog
from index.storage.files import flush
from index.storage.published import PassagesState
from index.storage.vectors import NONE, Ids, Vectors
from index.storage.vectors.faiss import single_threaded

__all__ = ["MappedVectors"]

DEAD_SHARE = SETTINGS.vectors.dead_share

_RECORD = "mapped_vectors"  # key of the catalog
SPAN = 4  # times as many numbers as rows, up to which there is a table of 4 bytes for each number
_CHECKED = 16  # rows that are compared with the catalog when the file is opened
_AT_ONCE = 400_000  # numbers of a block; of many more OpenBLAS gives half to another thread
_SIGN_WORDS = 8  # 16-bit words of a row, of which at least one is not zero


class _Record(NamedTuple):
    """What the catalog records: the files' name without suffix, their rows, the passages and the
    identity of the model that they are of.
    """

    file: str
    rows: int
    state: PassagesState
    identity: str | None


class _Files(NamedTuple):
    """The opened files: the ids as they are kept, and without the sign of those removed; the rows;
    and of each id from the first on its row, int32, where few ids are missing.
    """

    kept: Ids
    ids: Ids
    rows: NDArray[np.float16]
    table: NDArray[np.int32] | None

    def places(self, ids: Ids) -> Ids:
        """In which row each of these ids is, if it is in any: its id is that of the row."""
        # A search among a million takes as long as reading what it finds.
        found: Ids = (
            np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
            if self.table is None
            else self.table.take(ids - self.ids[0], mode="clip").astype(np.int64)
        )
        return found


class MappedVectors:
    """Vectors by their ids, from the files where these have them, else from the catalog.

    Searches may go on in other threads while it is opened or saved. Only the writer may `save`.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._record: _Record | None = None  # of what is opened
        self._files: _Files | None = None

    def __call__(self, ids: Ids) -> Iterator[tuple[Ids, Vectors]]:
        """The vectors, float32, with their ids, in blocks; ids that are gone are left out."""
        files = self._files
        if files is None:
            yield from self._catalog.vectors(ids)
            return
        at_once = max(1, _AT_ONCE // files.rows.shape[1])
        for start in range(0, len(ids), at_once):
            wanted = ids[start : start + at_once]
            places = files.places(wanted)
            there = files.kept[places] == wanted
            rows = files.rows.take(places[there], axis=0, mode="clip")
            # Another process may have removed it meanwhile.
            written = rows.view(np.uint16)[:, :_SIGN_WORDS].any(axis=1)
            if not written.all():
                there[there], rows = written, rows[written]
            yield wanted[there], _as_floats(rows)
            if not there.all():
                yield from self._catalog.vectors(wanted[~there])

    # The files

    def open(self) -> None:
        """Map what the catalog records now; without it, all is read from the catalog."""
        record = self._recorded()
        if record != self._record:
            self._record, self._files = record, self._opened(record) if record else None

    def is_saved(self) -> bool:
        """Whether the files hold the catalog's passages, and were found to be right."""
        record = self._recorded()
        if record is None or (record == self._record and self._files is None):
            return False
        return record.state == self._catalog.state() and self._path(record, "f16").is_file()

    def save(self, ids: Ids) -> None:
        """Bring the files in step with the catalog, whose passages have these ascending ids.

        Raises OSError where they cannot be written.
        """
        self.open()
        if self.is_saved():
            return
        record = self._updated(ids) or self._written_anew(ids)
        self._catalog.put(_RECORD, json.dumps(record))
        self._record = None  # the same one may have been of files that were harmed
        self.open()
        self._delete_others(record.file)

    def delete(self) -> None:
        """Delete the files; the vectors are then read from the catalog."""
        if self._recorded():
            self.withdraw()
        self.open()
        self._delete_others(None)

    def withdraw(self) -> None:
        """Record that there are no files."""
        self._catalog.delete(_RECORD)

    def problems(self) -> Iterator[str]:
        """How the files disagree with the catalog, as a sentence; reads all of them."""
        self.open()
        if (record := self._record) is None:
            return
        files, name = self._files, f"{record.file}.f16"
        if files is None:
            yield f"{name} is not what was written"
            return
        for ids, block in self._catalog.vectors(files.kept[files.kept > 0].tolist()):
            rows = files.rows[np.searchsorted(files.ids, ids)]
            if not np.array_equal(rows, block.astype(np.float16)):
                yield f"{name} holds other vectors than the catalog"
                return

    def _recorded(self) -> _Record | None:
        """What the catalog records, if it is of the vectors that it has."""
        if (text := self._catalog.get(_RECORD)) is None:
            return None
        file, rows, state, identity = json.loads(text)
        if identity != self._catalog.vectors_origin().identity:
            return None  # an earlier release made the vectors anew
        return _Record(file, rows, PassagesState(*state), identity)

    def _path(self, record: _Record, suffix: str) -> Path:
        return self._catalog.folder / f"{record.file}.{suffix}"

    def _opened(self, record: _Record) -> _Files | None:
        """The files that are recorded; None where they are missing or hold something else."""
        try:
            kept = np.fromfile(self._path(record, "ids"), dtype=np.int64, count=record.rows)
            shape = (record.rows, self._dimensions)
            rows = np.memmap(self._path(record, "f16"), np.float16, "r", shape=shape)
        except (OSError, ValueError):
            return None
        ids = np.abs(kept) if (kept < 0).any() else kept
        if len(kept) < record.rows or ids[-1] > record.state.largest_id:
            return None
        if (np.diff(ids) <= 0).any():
            return None
        files = _Files(kept, ids, np.asarray(rows), _table(ids))
        return files if self._agrees(files) else None

    def _agrees(self, files: _Files) -> bool:
        """Whether some rows, the last one among them, are those of the catalog."""
        last = len(files.ids) - 1
        places = np.unique(np.linspace(0, last, _CHECKED).astype(np.int64))
        return all(
            np.array_equal(files.rows[np.searchsorted(files.ids, ids)], block.astype(np.float16))
            for ids, block in self._catalog.vectors(files.kept[places].tolist())
        )

    def _updated(self, ids: Ids) -> _Record | None:
        """The record of the files with what is new, without what is gone.

        None where they are better written anew: as much is gone as there is, or they cannot be
        used.
        """
        record, files = self._record, self._files
        if record is None or files is None:
            return None
        live = files.kept[files.kept > 0]
        new = ids[ids > files.ids[-1]]
        gone = NONE
        if not np.array_equal(ids[: len(live)], live):
            gone = np.setdiff1d(live, ids, assume_unique=True)
        if len(files.ids) + len(new) > len(ids) / (1 - DEAD_SHARE):
            return None
        self._remove(record, files.ids, np.searchsorted(files.ids, gone))
        added = self._append(record, new)
        return self._of_now(record.file, record.rows + added)

    def _of_now(self, file: str, rows: int) -> _Record:
        state = PassagesState(*self._catalog.state())
        return _Record(file, rows, state, self._catalog.vectors_origin().identity)

    def _remove(self, record: _Record, ids: Ids, places: Ids) -> None:
        """Overwrite the rows at these places with zeros, and make their ids negative."""
        if not len(places):
            return
        zeros = bytes(2 * self._dimensions)
        with self._path(record, "f16").open("r+b") as file:
            for place in places.tolist():
                file.seek(len(zeros) * place)
                file.write(zeros)
        flush(self._path(record, "f16"))
        with self._path(record, "ids").open("r+b") as file:
            for place, id in zip(places.tolist(), ids[places].tolist(), strict=True):
                file.seek(ids.itemsize * place)
                file.write(np.int64(-id).tobytes())
        flush(self._path(record, "ids"))

    def _append(self, record: _Record, new: Ids) -> int:
        """Write the vectors of these ids after the rows that count; how many were there.

        The file is not cut before: a process that still maps more of it would crash.
        """
        added = []
        with self._path(record, "f16").open("r+b") as file:
            file.seek(2 * self._dimensions * record.rows)
            for ids, block in self._catalog.vectors(new.tolist()):
                order = np.argsort(ids)
                file.write(block[order].astype(np.float16).tobytes())
                added.append(ids[order])
        flush(self._path(record, "f16"))
        ids = np.concatenate([NONE, *added])
        with self._path(record, "ids").open("r+b") as file:
            file.seek(ids.itemsize * record.rows)
            file.write(ids.tobytes())
        flush(self._path(record, "ids"))
        return len(ids)

    def _written_anew(self, ids: Ids) -> _Record:
        """The record of new files; others may still search the ones before."""
        name = f"rows-{self._catalog.get('generation') or '0'}"
        names = (f"{name}-{number}" for number in count())
        empty = next(
            one
            for one in (self._of_now(name, 0) for name in names)
            if not self._path(one, "f16").exists()
        )
        for suffix in ("f16", "ids"):
            self._path(empty, suffix).touch()
        flush(self._catalog.folder)
        return self._of_now(empty.file, self._append(empty, ids))

    def _delete_others(self, kept: str | None) -> None:
        for path in self._catalog.folder.glob("rows-*"):
            if path.stem != kept:
                with suppress(OSError):  # Windows keeps what another process still maps
                    path.unlink()

    @property
    def _dimensions(self) -> int:
        return int(self._catalog.get("dimensions") or 0)


def _table(ids: Ids) -> NDArray[np.int32] | None:
    """The place of each id from the first to the last one; None where most have none."""
    span = int(ids[-1] - ids[0]) + 1
    if span > SPAN * len(ids):
        return None
    table = np.zeros(span, dtype=np.int32)
    table[ids - ids[0]] = np.arange(len(ids))
    return table


def _as_floats(rows: NDArray[np.float16]) -> Vectors:
    """The same as 32 bits; FAISS takes half as long for it as NumPy."""
    import faiss

    if not len(rows):
        return rows.astype(np.float32)
    coder = faiss.ScalarQuantizer(rows.shape[1], faiss.ScalarQuantizer.QT_fp16)
    with single_threaded():
        return np.asarray(coder.decode(rows.view(np.uint8)), dtype=np.float32)

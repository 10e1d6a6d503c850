"""One writer at a time: the lock on an index, and who holds it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.errors import IndexLockedError, IndexStateError
from index.storage.database import Database

__all__ = ["file_lock"]


@contextmanager
def file_lock(catalog: Database, wait: float) -> Iterator[None]:
    """Hold the writer's lock on an open index; ``wait``: seconds until it must be free.

    The operating system releases it when a process ends. Raises IndexLockedError, which names the
    process that holds it, or IndexStateError where nothing can be written, or another index has
    taken the place of this one.
    """
    from filelock import FileLock, Timeout

    folder, shown = catalog.folder, catalog.shown
    catalog.require_in_place()  # else the lock would make the folder again
    holder = folder / "writer.pid"
    lock = FileLock(folder / "writer.lock", timeout=wait)
    try:
        lock.acquire()
    except Timeout as exc:
        raise IndexLockedError(
            f"Another process is writing to the index in {shown}{_who(holder)}: "
            "wait until it has ended."
        ) from exc
    except OSError as exc:
        raise IndexStateError(f"The index in {shown} cannot be written: {exc}.") from exc
    try:
        catalog.require_in_place()
        with suppress(OSError):  # only for messages; the disk may be full
            holder.write_text(str(os.getpid()), encoding="ascii")
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()
        if not catalog.is_in_place():  # moved away in just that moment, and the folder made anew
            with suppress(OSError):
                if {path.name for path in folder.iterdir()} == {"writer.lock"}:
                    (folder / "writer.lock").unlink()
                    folder.rmdir()


def _who(holder: Path) -> str:
    try:
        return f" (process {int(holder.read_text(encoding='ascii'))})"
    except (OSError, ValueError):
        return ""

"""One writer at a time: the lock on an index, and who holds it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from index.errors import IndexLockedError, IndexStateError

__all__ = ["writing"]


@contextmanager
def writing(folder: Path, wait: float) -> Iterator[None]:
    """Hold the writer's lock on the index in a folder; ``wait``: seconds for it to come free.

    The system lets go of it when a process dies. Raises IndexLockedError, which names the process
    that holds it, or IndexStateError where nothing can be written.
    """
    from filelock import FileLock, Timeout

    holder = folder / "writer.pid"
    lock = FileLock(folder / "writer.lock", timeout=wait)
    try:
        lock.acquire()
    except Timeout as exc:
        raise IndexLockedError(
            f"Another process is writing to the index in {folder}{_who(holder)}: "
            "wait until it has ended."
        ) from exc
    except OSError as exc:
        raise IndexStateError(f"The index in {folder} cannot be written: {exc}.") from exc
    try:
        with suppress(OSError):  # a courtesy, and the disk may be full
            holder.write_text(str(os.getpid()), encoding="ascii")
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _who(holder: Path) -> str:
    try:
        return f" (process {int(holder.read_text(encoding='ascii'))})"
    except (OSError, ValueError):
        return ""

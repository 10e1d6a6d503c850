"""Files written whole or not at all, and their checksums."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

__all__ = ["replace", "sha256"]


def replace(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` make a file, then put it at ``path``; both are on the disk on return.

    A reader, or a crash at any moment, sees the old file or the new one, whole.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        write(temporary)
        _flush(temporary)
        temporary.replace(path)
        _flush(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """The file's SHA-256 as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""Files written whole or not at all, and their checksums."""

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

__all__ = ["checksum", "flush", "is_writable", "make_folder", "replace", "sha256"]

_AT_ONCE = 1 << 20
_BLOCK = 4096


def replace(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` make a file, then put it at ``path``; both are on the disk on return.

    Readers see the old file or the new one, each whole; so it is after a crash at any moment.
    """
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        write(temporary)
        flush(temporary)
        temporary.replace(path)
        flush(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Put the bytes of a file, or the names in a folder, on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(path: Path) -> None:
    """Make a folder, with those above it that are missing; all are on the disk on return."""
    missing = [folder for folder in path.parents if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in (path, *missing):
        with suppress(PermissionError):  # a folder that may be written, but not read
            flush(folder.parent)


def is_writable(folder: Path) -> bool:
    """Whether this process may make files in a folder."""
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def sha256(path: str | Path) -> str:
    """The file's SHA-256 as hexadecimal digits."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksum(path: Path) -> str:
    """A checksum that notices any flipped byte, and any lost or moved block.

    Each 4,096 bytes are summed as 64-bit words; the checksum is the SHA-256 of the sums and of the
    length. It reads more than 5 GB/s, where SHA-256 of all bytes reads 0.8 on the same machine. It
    does not protect from a person who changes a file on purpose: they could change the checksum,
    too.
    """
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    # Of a small file no more is read and summed than there is of it.
    buffer = bytearray(min(_AT_ONCE, -(-size // _BLOCK) * _BLOCK))
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(buffer):
            buffer[count:] = bytes(len(buffer) - count)
            words = np.frombuffer(buffer, dtype=np.uint64).reshape(-1, _BLOCK // 8)
            sums = np.zeros(_AT_ONCE // _BLOCK, dtype=np.uint64)
            words.sum(axis=1, dtype=np.uint64, out=sums[: len(words)])
            digest.update(sums.tobytes())
    return digest.hexdigest()

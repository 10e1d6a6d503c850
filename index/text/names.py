"""Names of documents that must differ."""

from collections.abc import Callable
from pathlib import PurePosixPath

__all__ = ["numbered"]


def numbered(name: str, is_taken: Callable[[str], bool]) -> str:
    """The name, or with the first number that makes it free: ``acta (2).txt``."""
    suffix = PurePosixPath(name).suffix
    stem = name.removesuffix(suffix)
    number, free = 1, name
    while is_taken(free):
        number += 1
        free = f"{stem} ({number}){suffix}"
    return free

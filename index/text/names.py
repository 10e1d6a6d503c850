"""Names of documents that must differ."""

from collections.abc import Callable
from pathlib import PurePosixPath

__all__ = ["numbered"]


def numbered(name: str, is_taken: Callable[[str], bool]) -> str:
    """The name, or with the first number that makes it free: ``acta (2).txt``.

    Where numbers in between are free, it may be a later one: of many that are taken, few are asked.
    """
    if not is_taken(name):
        return name
    suffix = PurePosixPath(name).suffix
    stem = name.removesuffix(suffix)
    taken, free = 1, 2
    while is_taken(f"{stem} ({free}){suffix}"):
        taken, free = free, 2 * free
    while free - taken > 1:
        middle = (taken + free) // 2
        if is_taken(f"{stem} ({middle}){suffix}"):
            taken = middle
        else:
            free = middle
    return f"{stem} ({free}){suffix}"

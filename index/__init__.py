"""The write side: documents in, a searchable index out. See README.md for the whole."""

from typing import TYPE_CHECKING, Any

from index.types import Candidate, Document, Passage

if TYPE_CHECKING:
    from index.index import Index

__all__ = ["Candidate", "Document", "Index", "Passage"]


def __getattr__(name: str) -> Any:
    # Loaded when first used, so that importing the package costs nothing.
    if name == "Index":
        from index.index import Index

        return Index
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

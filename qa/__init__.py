"""The read side: a question in, a cited answer out. See README.md for the whole."""

from typing import TYPE_CHECKING, Any

from index.types import Document
from qa.types import Answer, Citation, Hit, Turn

if TYPE_CHECKING:
    from index.index import Index
    from qa.assistant import Assistant
    from qa.retriever import Retriever

__all__ = ["Answer", "Assistant", "Citation", "Document", "Hit", "Index", "Retriever", "Turn"]


def __getattr__(name: str) -> Any:
    # Loaded when first used, so that importing the package costs nothing.
    if name == "Assistant":
        from qa.assistant import Assistant

        return Assistant
    if name == "Index":
        from index.index import Index

        return Index
    if name == "Retriever":
        from qa.retriever import Retriever

        return Retriever
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

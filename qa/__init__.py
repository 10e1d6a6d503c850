"""The read side: a question in, a cited answer out. See README.md for the whole."""

from typing import TYPE_CHECKING, Any

from qa.types import Answer, Citation, Hit, Turn

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.retriever import Retriever

__all__ = ["Answer", "Assistant", "Citation", "Hit", "Retriever", "Turn"]


def __getattr__(name: str) -> Any:
    # Loaded when first used, so that importing the package costs nothing.
    if name == "Assistant":
        from qa.assistant import Assistant

        return Assistant
    if name == "Retriever":
        from qa.retriever import Retriever

        return Retriever
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

"""The read side: a question in, a cited answer out. See README.md for the whole."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from qa.imports import settle

settle()  # before anything of the package `index` is imported

from qa.types import Answer, Citation, Document, Hit, Turn  # noqa: E402

if TYPE_CHECKING:
    from index.index import Index
    from qa.answering.assistant import Assistant
    from qa.embedding import embedder
    from qa.search.retriever import Retriever

__all__ = ["Answer", "Assistant", "Citation", "Document", "Hit", "Index", "Retriever", "Turn"]
__all__ += ["embedder"]

# Loaded when first used, so that importing the package costs nothing.
_LATER = {
    "Assistant": "qa.answering.assistant",
    "Index": "qa.search.retriever",
    "Retriever": "qa.search.retriever",
    "embedder": "qa.embedding",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_LATER[name]), name)

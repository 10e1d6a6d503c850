"""A language model writes from the passages that were found, and what it writes is verified."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.writing.client import LanguageModel, Limits
    from qa.writing.writer import Writer

__all__ = ["LanguageModel", "Limits", "Writer"]

_LATER = {"LanguageModel": "client", "Limits": "client", "Writer": "writer"}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LATER[name]}"), name)

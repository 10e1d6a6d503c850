"""Retrievers, embeddings and answers for LangChain, LlamaIndex and Haystack; each thin.

``qa.integrations.langchain``, ``.llama_index`` and ``.haystack`` need the framework of that name:
``pip install "qa[langchain]"`` and so on. Nothing else imports them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from qa.errors import MissingExtraError

__all__ = ["needs"]


@contextmanager
def needs(extra: str, package: str) -> Iterator[None]:
    """While ``package`` is imported: MissingExtraError, which names the extra, where it is not."""
    try:
        yield
    except ModuleNotFoundError as exc:
        if (exc.name or "").partition(".")[0] != package:
            raise
        raise MissingExtraError(
            f'{package} is not installed: pip install "qa[{extra}]" brings it.'
        ) from exc

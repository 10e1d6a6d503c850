"""What a document must be before it is indexed."""

from itertools import pairwise

from index.errors import DocumentError
from index.types import Document

__all__ = ["check", "encodable"]


def check(document: Document) -> None:
    """Raise DocumentError when a document cannot be kept, with the reason.

    Its id must not be empty, its texts must be encodable (a lone surrogate is not: no file, screen
    or network carries it), and its pages must begin in ascending order inside the text.
    """
    source = shown(document.source or document.id) or "a document without an id"
    if not document.id.strip():
        raise DocumentError(source, "has an empty id; give each document one of its own")
    texts = [document.id, document.text, document.title or "", document.source or ""]
    texts += [document.language or "", *document.metadata, *document.metadata.values()]
    if not all(encodable(text) for text in texts):
        raise DocumentError(source, "holds half a character (a lone surrogate); decode it anew")
    starts = document.page_starts
    ascending = all(before <= after for before, after in pairwise(starts))
    if starts and not (starts[0] == 0 and ascending and starts[-1] <= len(document.text)):
        raise DocumentError(source, "has pages that do not ascend from 0 to the text's length")


def encodable(text: str) -> bool:
    """Whether a text can be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def shown(text: str) -> str:
    """A text as it can be printed and kept; what is not encodable becomes a question mark."""
    return text.encode(errors="replace").decode()

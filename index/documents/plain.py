"""Plain text and Markdown: kept whole, its line ends and indents are what the reader sees."""

from index.documents.decoding import clean, decode
from index.documents.parts import Converted, ReadOptions

__all__ = ["read_markdown", "read_plain"]


def read_plain(data: bytes, options: ReadOptions) -> Converted:  # noqa: ARG001
    """The text of a file without markup. Raises ValueError if the bytes are no text."""
    return Converted(text=clean(decode(data)))


def read_markdown(data: bytes, options: ReadOptions) -> Converted:
    """The text of a Markdown file, as it is written. Raises ValueError as `read_plain`."""
    return read_plain(data, options)

"""Plain text and Markdown: kept whole, its line ends and indents are what the reader sees.

A word that a line's end cuts in two is made whole. The front matter of Markdown is not in the text.
"""

import re

from index.documents.decoding import clean, clean_pages, decoded
from index.documents.parts import Converted, ReadOptions
from index.documents.plaintext.front_matter import (
    AUTHOR_KEYS,
    DATE_KEYS,
    TITLE_KEYS,
    body,
    fields,
    named,
    title_block,
    unnamed,
)
from index.documents.plaintext.wrapped import whole_words
from index.types import Notice, NoticeKind

__all__ = ["read_markdown", "read_plain"]

_UNCERTAIN = Notice(
    NoticeKind.OTHER,
    "the encoding of its letters is not certain; save it as UTF-8 if they are wrong",
)
_LINE_END = re.compile("\r\n?")
# A page's end inside of a sentence.
_INSIDE = re.compile(r"(?<=[^\s.!?…:;])[ \t]*\n?\n?\f\n?\n?[ \t]*(?=[^\W\d_A-ZÁÉÍÓÚÑ])")
_MOST_NAMED = 5  # fields that a notice names


def read_plain(data: bytes, options: ReadOptions) -> Converted:  # noqa: ARG001
    """The text of a file without markup; form feeds part its pages.

    Raises ValueError if the bytes are no text.
    """
    text, certain = decoded(data)
    text = whole_words(_lines(text))
    notices = () if certain else (_UNCERTAIN,)
    if "\f" not in text:
        return Converted(text=clean(text), notices=notices)
    text = text.rstrip("\f\n\r \t")
    text, starts = _paged(text)
    text, starts = clean_pages(text, starts)
    pages = starts if len(starts) > 1 else ()
    return Converted(text=text, page_starts=pages, notices=notices)


def read_markdown(data: bytes, options: ReadOptions) -> Converted:  # noqa: ARG001
    """The text of a Markdown file as it is written, and what its front matter names.

    Raises ValueError if the bytes are no text.
    """
    text, certain = decoded(data)
    text = clean(_lines(text))
    values, rest = title_block(text) or (fields(text), body(text))
    notices = [] if certain else [_UNCERTAIN]
    left_out = unnamed(values)
    if left_out and rest.strip():
        names = ", ".join(left_out[:_MOST_NAMED]) + (" ..." if len(left_out) > _MOST_NAMED else "")
        notices.append(Notice(NoticeKind.OTHER, f"of its front matter are left out: {names}"))
    return Converted(
        text=rest if rest.strip() else text,
        title=next(iter(named(values, TITLE_KEYS)), None),
        author=", ".join(named(values, AUTHOR_KEYS)) or None,
        date=next(iter(named(values, DATE_KEYS)), None),
        notices=tuple(notices),
    )


def _lines(text: str) -> str:
    return _LINE_END.sub("\n", text) if "\r" in text else text


def _paged(text: str) -> tuple[str, tuple[int, ...]]:
    """The text, in which line ends stand for form feeds, and where its pages begin."""
    pieces: list[str] = []
    starts = [0]
    at = end = 0
    for match in re.finditer("\f", text):
        inside = _INSIDE.search(text, max(end, match.start() - 4), match.end() + 4)
        first, last = inside.span() if inside and inside.start() <= match.start() else match.span()
        if first < end:
            continue
        pieces += (text[end:first], "\n" if inside else "\n\n")
        at += first - end + len(pieces[-1])
        starts.append(at)
        end = last
    return "".join([*pieces, text[end:]]), tuple(starts)

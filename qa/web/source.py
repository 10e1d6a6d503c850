"""Where a citation's link points: the quoted words among the paragraphs around them."""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from index.chunking.structure import paragraphs_of, with_blocks
from index.errors import IndexStateError
from index.index import Index
from index.storage.files import replace
from index.text.hashing import content_hash
from index.types import Document
from qa.reports.plain import on_one_line
from qa.types import Citation
from qa.web.fragments import Fragment, Table, fragments_of, tables_of

__all__ = [
    "Fragment",
    "Source",
    "Table",
    "document_of",
    "is_ours",
    "is_stale",
    "key_of",
    "link_of",
    "link_to",
    "permalink",
    "shared_key_of",
    "source_of",
    "span_of",
    "titled",
]

_PREFIX = "#cite-"
_PERMANENT = "/c/"
_HASH = "h"  # before the first digits of the hash of the document's text
_DIGITS = 12
_KEY = "citations.key"
_BYTES = 32  # of the key
_STAMP = 16  # bytes of a link's stamp
_CONTEXT = 1000  # characters shown before or after a quote, at most
_QUOTE = 4000  # characters shown of a quote, at most
_TITLE = 500  # characters shown of a title


@dataclass(frozen=True, slots=True)
class Source:
    """The quoted words in their paragraphs, with the paragraphs before and after, cut to fit.

    ``page`` (None without pages) and ``paragraph``, both from 1, are those of the first quoted
    character; ``page_label`` is what is printed on that page, where it is not its number, and
    ``ocr`` says whether it was read by OCR. ``name`` is that of the document's file, where it is
    not the title. ``cut`` says that a paragraph or the quote is not shown whole; there it has an
    ellipsis.
    """

    title: str
    name: str | None
    page: int | None
    paragraph: int
    paragraphs: tuple[tuple[Fragment, ...], ...]
    cut: bool
    page_label: str | None = None
    ocr: bool = False
    tables: tuple[Table, ...] = ()


def shared_key_of(index: Index, fresh: bytes | None = None) -> bytes:
    """The `key_of` an index; of one on a server, all app servers have the same."""
    fresh = fresh or secrets.token_bytes(_BYTES)
    if isinstance(index.place, Path):
        return key_of(index.folder, fresh)
    try:
        return bytes.fromhex(index.first_setting(_KEY, fresh.hex()))
    except (IndexStateError, ValueError):  # it may only be read
        return key_of(index.folder, fresh)


def key_of(folder: Path, fresh: bytes | None = None) -> bytes:
    """The key with which the citations of an index are stamped; made where there is none, or fresh.

    It is kept in the index's folder, so that links still open after a restart. Where it cannot be
    kept or read there, it is another one each time.
    """
    path = folder / _KEY
    fresh = fresh or secrets.token_bytes(_BYTES)
    try:
        if not path.is_file() or path.stat().st_size != _BYTES:
            replace(path, lambda temporary: _write_secret(temporary, fresh))
        return path.read_bytes()
    except OSError:  # a folder of somebody else, or on a medium that is not written to
        return fresh


def _write_secret(path: Path, secret: bytes) -> None:
    path.touch(0o600, exist_ok=False)
    path.write_bytes(secret)


def link_to(citation: Citation, key: bytes) -> str:
    """The link of a citation: its document, its offsets and those of the words that answer.

    It ends with a part of the hash of the document's text, and the stamp that this key gives.
    """
    name = urlsafe_b64encode(citation.document_id.encode(errors="surrogateescape")).decode()
    numbers = (citation.start, citation.end, *(citation.highlight or ()))
    text = _HASH + citation.hash[:_DIGITS]
    link = ".".join([_PREFIX + name.rstrip("="), *map(str, numbers), text])
    return f"{link}.{_stamp(link, key)}"


def permalink(citation: Citation, key: bytes, web: str) -> str:
    """The address of the page that opens a citation, in the chat at the address ``web``."""
    return f"{web}{_PERMANENT}{link_to(citation, key).removeprefix(_PREFIX)}"


def link_of(permalink: str) -> str:
    """The link of a citation whose page has this address; any other gives one of nobody's."""
    return f"{_PREFIX}{permalink.rpartition(_PERMANENT)[2]}"


def is_ours(link: str, key: bytes) -> bool:
    """Whether a link was made with this key, and so leads to words that were cited."""
    unstamped, _, stamp = link.rpartition(".")
    return hmac.compare_digest(stamp.encode(errors="replace"), _stamp(unstamped, key).encode())


def _stamp(link: str, key: bytes) -> str:
    digest = hmac.digest(key, link.encode(errors="replace"), "sha256")
    return urlsafe_b64encode(digest[:_STAMP]).decode().rstrip("=")


def document_of(link: str) -> str:
    """The id of the document that a link names; ValueError if it is no citation's link."""
    name = link.removeprefix(_PREFIX).partition(".")[0]
    return urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode(errors="surrogateescape")


def is_stale(link: str, document: Document) -> bool:
    """Whether the document's text is another one than when the link was made."""
    text = link.split(".")[-2].removeprefix(_HASH)
    return not content_hash(document.text).startswith(text)


def span_of(link: str) -> tuple[int, int, tuple[int, int] | None]:
    """Start and end of the quote that a link points at, and of the words in it that answer.

    Raises ValueError where they are no such offsets.
    """
    places = link.removeprefix(_PREFIX).split(".")[1:-2]
    start, end, *answer = (int(number) for number in places)
    bounds = [start, *answer, end]
    if len(answer) not in {0, 2} or bounds != sorted(bounds) or not 0 <= start < end:
        raise ValueError(link)
    return start, end, (answer[0], answer[1]) if answer else None


def source_of(link: str, document: Document) -> Source:
    """What a link shows of its document; ValueError if it points outside of the text."""
    start, end, answer = span_of(link)
    blocks = with_blocks(document).blocks
    paragraphs = list(paragraphs_of(document.text, blocks))
    spans = [span for span, _ in paragraphs]
    bounds = (start, *(answer or ()), end)
    if not (spans and end <= len(document.text)):
        raise ValueError(link)
    page = bisect_right(document.page_starts, start)
    label = document.page_labels[page - 1] if 0 < page <= len(document.page_labels) else ""
    near = _near(bounds)
    first = _paragraph_at(spans, near[0])
    window = max(0, first - 1), min(len(spans), _paragraph_at(spans, near[1] - 1) + 2)
    shown = spans[window[0] : window[1]]
    from_, to = near[0] - _CONTEXT, near[1] + _CONTEXT
    name = _file_name(document.source)
    title = titled(document.title, document.source, document.id)
    return Source(
        title=title[:_TITLE],
        name=name if name != title else None,
        page=page or None,
        paragraph=_paragraph_at(spans, start) + 1,
        paragraphs=tuple(
            tuple(fragments_of(document.text, span, bounds, (from_, to))) for span in shown
        ),
        cut=near != (start, end) or shown[0][0] < from_ or shown[-1][1] > to,
        page_label=label if label not in {"", str(page)} else None,
        ocr=any(sure is not None for sure in document.page_confidences[max(0, page - 1) : page]),
        tables=tuple(tables_of(document.text, paragraphs, window, bounds, (from_, to))),
    )


def titled(title: str | None, source: str | None, id: str) -> str:
    """What a document is called: its title, or its file's name, or its id; on one line.

    Nothing in it reorders or hides what stands beside it.
    """
    return on_one_line(title or "") or _file_name(source) or on_one_line(id)


def _file_name(source: str | None) -> str | None:
    """The file's name only: the folders of the machine with the index are nobody's business."""
    name = (source or "").replace("\\", "/").rstrip("/").rpartition("/")[2]
    return on_one_line(name) or None


def _paragraph_at(spans: list[tuple[int, int]], place: int) -> int:
    """The number, from 0, of the paragraph that holds a character."""
    return max(0, bisect_right(spans, place, key=lambda span: span[0]) - 1)


def _near(bounds: tuple[int, ...]) -> tuple[int, int]:
    """The quote, or of a long one what lies around the words that answer."""
    start, end = bounds[0], bounds[-1]
    answer = bounds[1] if len(bounds) == 4 else start
    start = max(start, min(answer - _QUOTE // 2, end - _QUOTE))
    return start, min(end, start + _QUOTE)

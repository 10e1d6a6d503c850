"""Where words stand: ids and addresses of them, and the words that stand there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from fnmatch import fnmatchcase
from typing import Any, Final
from urllib.parse import quote, unquote

from index.errors import DocumentNotFoundError, InputError
from index.storage.catalog import DocumentInfo
from index.storage.conditions import Where
from index.text.folding import fold
from index.text.hashing import content_hash
from index.types import Document
from qa.search.citations import cite
from qa.search.retriever import Retriever
from qa.types import Citation
from qa.web.source import document_of, is_stale, link_of, permalink, shared_key_of, span_of

__all__ = ["DOCUMENTS", "LONGEST", "LONGEST_WHOLE", "address_of", "id_of", "links_in", "listed"]
__all__ += ["page_of", "read", "read_place", "whole"]

DOCUMENTS: Final = "qa://documents"
LONGEST: Final = 20_000  # characters that are read at once, without those around them
LONGEST_WHOLE: Final = 200_000  # characters of a document that is read as a whole

_PLACE = re.compile(r"(\d{1,12})-(\d{1,12})(?:-([0-9a-f]{8}))?")


def address_of(document: str, place: str = "") -> str:
    """The address (URI) of a document's text, or of a place in it."""
    return f"{DOCUMENTS}/{quote(document, safe='/')}" + (f"#{place}" if place else "")


def id_of(citation: Citation) -> str:
    """The id of the cited words, which is that of `qa.types.Hit` where they are a passage."""
    return f"{citation.document_id}#{_place(citation)}"


def _place(citation: Citation) -> str:
    return f"{citation.start}-{citation.end}-{content_hash(citation.quote)[:8]}"


def links_in(value: Any, retriever: Retriever, web: str = "") -> Any:
    """The value with a ``link`` in each dictionary of a citation.

    ``web`` is the address of a chat over the same index, on whose page it then opens.
    """
    key = shared_key_of(retriever.index) if web else b""

    def linked(value: Any) -> Any:
        if isinstance(value, list):
            return [linked(item) for item in value]
        if not isinstance(value, Mapping):
            return value
        found = {name: linked(item) for name, item in value.items()}
        if "paragraph" in found and "quote" in found:
            citation = Citation.from_dict(found)
            if web:
                found["link"] = permalink(citation, key, web)
            else:
                found["link"] = address_of(citation.document_id, _place(citation))
        return found

    return linked(value)


def read_place(retriever: Retriever, place: str, before: int = 0, after: int = 0) -> dict[str, Any]:
    """What `read` gives of an id or address of words; InputError for what is none.

    InputError also where other words stand there since.
    """
    if place.startswith(("http://", "https://")):
        return _read_page(retriever, place, before, after)
    document, mark, where = place.removeprefix(f"{DOCUMENTS}/").rpartition("#")
    found = _PLACE.fullmatch(where) if mark else None
    if not found:
        raise _no_id(place)
    if place.startswith(f"{DOCUMENTS}/"):
        document = unquote(document)
    start, end, digits = int(found[1]), int(found[2]), found[3]
    words = retriever.document(document).text[start:end]
    if digits and content_hash(words)[:8] != digits:
        raise _changed(document)
    return read(retriever, document, start, end, before, after)


def _read_page(retriever: Retriever, address: str, before: int, after: int) -> dict[str, Any]:
    """The same of the address of a chat's page."""
    link = link_of(address)
    try:
        id, (start, end, _) = document_of(link), span_of(link)
    except ValueError as exc:
        raise _no_id(address) from exc
    if is_stale(link, retriever.document(id)):
        raise _changed(id)
    return read(retriever, id, start, end, before, after)


def _no_id(place: str) -> InputError:
    return InputError(
        f"{place} is no id of a passage: give one as the tools do, DOCUMENT#START-END-HASH, or "
        "document, start and end."
    )


def _changed(document: str) -> InputError:
    return InputError(f"{document} has changed, and says something else there now: search anew.")


def read(
    retriever: Retriever,
    id: str,
    start: int = 0,
    end: int | None = None,
    before: int = 0,
    after: int = 0,
) -> dict[str, Any]:
    """The words of a document from ``start`` to ``end``, at most `LONGEST`, and those around them.

    Offsets and lengths count characters. Raises DocumentNotFoundError, and InputError where there
    are no such words.
    """
    document = retriever.document(id)
    text = document.text
    stop = min(len(text), start + LONGEST, len(text) if end is None else end)
    if not 0 <= start < stop:
        raise InputError(
            f"{id} has the characters from 0 to {len(text)}: start must be before end and that."
        )
    citation = _cited(retriever, document, start, stop)
    return {
        "id": id_of(citation),
        "text": citation.quote,
        "before": text[max(0, start - before) : start],
        "after": text[stop : stop + after],
        "length": len(text),
        "next": stop if stop < len(text) else None,
        "citation": citation.to_dict(),
    }


def _cited(retriever: Retriever, document: Document, start: int, end: int) -> Citation:
    """The citation of any words of a document, as that of the passage in which they begin."""
    passages = retriever.index.passages_of(document.id)
    origin = retriever.index.origins([document.id]).get(document.id)
    if not passages or origin is None:  # removed at this moment
        raise DocumentNotFoundError(document.id)
    passage = next((one for one in reversed(passages) if one.start <= start), passages[0])
    inside = min(max(start, passage.start), passage.end - 1)
    return replace(
        cite(passage, inside, inside + 1, origin),
        start=start,
        end=end,
        quote=document.text[start:end],
        hash=content_hash(document.text),
    )


def whole(retriever: Retriever, id: str) -> str:
    """The text of a document; InputError where it is longer than `LONGEST_WHOLE`."""
    text = retriever.document(id).text
    if len(text) <= LONGEST_WHOLE:
        return text
    address = address_of(id)
    raise InputError(
        f"{id} has {len(text):,} characters, too many at once: read a part, as "
        f"{address}#0-{LONGEST}, or one of its pages, as {address}?page=1."
    )


def page_of(retriever: Retriever, id: str, page: str) -> str:
    """The text of one page, from 1; InputError where there is none of that number."""
    document = retriever.document(id)
    starts = document.page_starts
    if not starts:
        raise InputError(f"{id} has no pages: read a part, as {address_of(id)}#0-{LONGEST}.")
    if not (page.isdecimal() and 1 <= int(page[:9]) <= len(starts)):
        raise InputError(f"{id} has pages 1 to {len(starts)}: there is none numbered {page}.")
    number = int(page)
    return document.text[starts[number - 1] : (*starts[1:], len(document.text))[number - 1]]


def _named(documents: Sequence[DocumentInfo], pattern: str) -> list[DocumentInfo]:
    wanted = fold(pattern)
    wanted = wanted if {"*", "?"} & set(wanted) else f"*{wanted}*"

    def fits(name: str | None) -> bool:
        return fnmatchcase(fold(name or ""), wanted)

    return [one for one in documents if fits(one.id) or fits(one.title) or fits(one.source)]


def listed(
    retriever: Retriever,
    pattern: str | None = None,
    where: Where | None = None,
    limit: int = 50,
    offset: int = 0,
) -> dict[str, Any]:
    """Documents by id, those that a pattern and a condition fit; raises InputError for the latter.

    A pattern with ``*`` or ``?`` is that of a whole id, title or source, another one of a part of
    it; capitals and accents do not count.
    """
    found = retriever.documents()
    if where:
        ids = set(retriever.index.matching(where))
        found = [one for one in found if one.id in ids]
    if pattern:
        found = _named(found, pattern)
    shown = found[offset : offset + limit]
    origins = retriever.index.origins([one.id for one in shown])
    return {
        "total": len(found),
        "offset": offset,
        "next": offset + limit if offset + limit < len(found) else None,
        "documents": [
            {
                **asdict(one),
                "metadata": dict(origins[one.id].metadata) if one.id in origins else {},
                "link": address_of(one.id),
            }
            for one in shown
        ],
    }

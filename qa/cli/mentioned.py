"""The lines that tell of the mentions of a phrase."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from qa.answering.mentions import around, counted, left_out, more, rest
from qa.types import Citation, Mentions

__all__ = ["lines_of"]

_SIDE = 80  # characters shown before and after a mention


def lines_of(found: Mentions, language: str) -> Iterator[tuple[str, str | None]]:
    """Each line with its style: the count, the mentions by document, and what is not quoted."""
    yield f"{counted(found, language)}.", "bold"
    counts = {document.document_id: document.count for document in found.documents}
    number = 0
    for id, group in groupby(found.citations, attrgetter("document_id")):
        before = number
        yield f"\n{' '.join(id.split())} ({counts[id]:,})", "bold"
        for citation in group:
            number += 1
            words = "".join(around(citation, _SIDE)).strip()
            yield f"[{number}] {words}  ({_place(citation)})", None
        if left := counts[id] - (number - before):
            yield more(left, language), "dim"
    for line in (rest(found, language), left_out(found, language)):
        if line:
            yield f"\n{line}", "dim"


def _place(citation: Citation) -> str:
    page = citation.page_label or citation.page
    paragraph = f"¶ {citation.paragraph}"
    return f"p. {' '.join(str(page).split())}, {paragraph}" if page else paragraph

"""Where words stand in a document."""

from index.storage.catalog import Origin
from index.types import Passage
from qa.types import Citation

__all__ = ["cite"]


def cite(passage: Passage, start: int, end: int, origin: Origin) -> Citation:
    """The citation of a passage's words from ``start`` to ``end``, offsets in the document."""
    page, paragraph = passage.locate(start)
    quote = passage.text[start - passage.start : end - passage.start]
    return Citation(
        passage.document_id,
        origin.source,
        origin.title,
        page,
        paragraph,
        start,
        end,
        quote,
        date=origin.date,
        hash=origin.hash,
    )

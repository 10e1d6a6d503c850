"""Where the sentences of a text are, by sentencex's rules."""

import re
from itertools import pairwise

from index.text.paragraphs import paragraph_spans, stripped

__all__ = ["sentence_spans"]

Span = tuple[int, int]

_ENUMERATOR = re.compile(
    r"(?:[IVXLC]{1,6}|\d{1,4}|[a-zA-Z]|\(?\w{1,3}\)|[-•*]|"
    r"(?:art[íi]culo|art|article|cap[íi]tulo|chapter|secci[óo]n|section|fracci[óo]n)\.?"
    r"\s+(?:\d{1,4}[ºo°]?|[IVXLC]+))\s*[.):]?[-–—]?",
    re.IGNORECASE,
)


def sentence_spans(text: str, language: str | None) -> list[Span]:
    """Offsets of the sentences, stripped; they hold all but white space and separator lines.

    A sentence ends where its paragraph ends at the latest. ``language`` is an ISO 639-1 code; None
    is taken for Spanish.

    A numbering that stands alone (``II.``, ``Artículo 5.``) belongs to the sentence after it.
    """
    spans: list[Span] = []
    for start, end in paragraph_spans(text):
        pending: int | None = None
        for a, b in _cut(text[start:end], language):
            first = start + a if pending is None else pending
            pending = first if _ENUMERATOR.fullmatch(text, first, start + b) else None
            if pending is None or start + b == end:
                spans.append((first, start + b))
    return spans


def _cut(paragraph: str, language: str | None) -> list[Span]:
    from sentencex import get_sentence_boundaries

    boundaries = get_sentence_boundaries(language or "es", paragraph)
    # Only the places where sentences begin are taken over, so that no character is lost.
    starts = {boundary["start_index"] for boundary in boundaries}
    cuts = sorted({0, len(paragraph), *(s for s in starts if s < len(paragraph))})
    spans = (stripped(paragraph, a, b) for a, b in pairwise(cuts))
    return [(a, b) for a, b in spans if a < b]

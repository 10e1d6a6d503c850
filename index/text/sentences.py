"""Where the sentences of a text are, by sentencex's rules and those of `abbreviations`."""

import re

from index.text.abbreviations import begins, goes_on
from index.text.marks import ORDINAL
from index.text.paragraphs import is_row, paragraph_spans, stripped

__all__ = ["sentence_spans"]

Span = tuple[int, int]

_ENUMERATOR = re.compile(
    r"[#*_\"“«\s]*(?:[IVXLC]{1,8}|\.?\d{1,4}(?:\.\d{1,3}){0,4}\s?(?:[ºo°ª]|[rdtmv][aeo]r?)?|"
    r"[a-zA-Z]|\(?\w{1,3}\)|[-•*]|"
    r"(?:art[íi]culo|art|article|cap[íi]tulo|chapter|secci[óo]n|section|fracci[óo]n|cl[áa]usula|"
    r"clause|anexo|annex|t[íi]tulo|title|regla|rule|base|punto|inciso)(?:\.\s*|\s+|(?=\d))"
    r"(?:\d{1,4}(?:\.\d{1,3})*\s?[ºo°]?(?:-[A-ZÑ])?(?:\.?\s(?:bis|ter|qu[aá]ter|[A-Z]))?|[IVXLC]+|"
    rf"(?:{ORDINAL})(?:\s(?:{ORDINAL}))?)|(?:{ORDINAL})(?:\s(?:{ORDINAL}))?)[*_]*\s*[.):]*\s?[-–—]*[*_]*"
    r"(?:\s+\(?\w{1,3}[.)])?",
    re.IGNORECASE,
)
_LONGEST_NUMBER = 60  # characters
_STOP = re.compile(r"\.\s+(?P<word>[A-ZÁÉÍÓÚÑ][a-záéíóúñ]*)(?=\s)")
_BEFORE_STOP = re.compile(
    r"[^\W\d_]{4}|.[A-ZÑ]\.[A-ZÑ]|.?[\W_](?:etc|pza|pzas|[kcm]?m|k?gs?|mts|ml|hr?s|min|s/n|ha)"
    r"|.*\s[IVX]{1,3}|.*[\d\W][%€ºª$]"
)


def sentence_spans(text: str, language: str | None) -> list[Span]:
    """Offsets of the sentences, stripped; they hold all but white space and separator lines.

    A sentence ends where its paragraph ends at the latest. ``language`` is an ISO 639-1 code; None
    is taken for Spanish.

    A numbering that stands alone (``II.``, ``Artículo 5.``) belongs to the sentence after it. A row
    of a table, with tabs or pipes between its cells, is one sentence.
    """
    spans: list[Span] = []
    for start, end in paragraph_spans(text):
        if is_row(text, start, end):
            spans.append((start, end))
            continue
        pending: int | None = None
        for a, b in _cut(text[start:end], language):
            first = start + a if pending is None else pending
            last = start + b
            numbers = last - first <= _LONGEST_NUMBER and _ENUMERATOR.fullmatch(text, first, last)
            pending = first if numbers else None
            if pending is None or start + b == end:
                spans.append((first, start + b))
    return spans


def _cut(paragraph: str, language: str | None) -> list[Span]:
    from sentencex import get_sentence_boundaries

    boundaries = get_sentence_boundaries(language or "es", paragraph)
    # Only the places where sentences begin are taken over, so that no character is lost.
    starts = sorted({b["start_index"] for b in boundaries if 0 < b["start_index"] < len(paragraph)})
    starts += _missed(paragraph, set(starts))
    spans: list[Span] = []
    first = 0
    for start in sorted(starts):
        a, b = stripped(paragraph, first, start)
        following, _ = stripped(paragraph, start, len(paragraph))
        if a < b and not goes_on(paragraph, b, following):
            spans.append((a, b))
            first = start
    last = stripped(paragraph, first, len(paragraph))
    return [*spans, last] if last[0] < last[1] else spans


def _missed(paragraph: str, starts: set[int]) -> list[int]:
    """Where sentences begin with a word that begins them, outside of quotations and brackets.

    sentencex misses some of them after an acronym and after a number in brackets.
    """
    missed = []
    for match in _STOP.finditer(paragraph):
        start, end = match.start("word"), match.start()
        if start in starts or not begins(match["word"]):
            continue
        before = paragraph[:end]
        even = before.count('"') % 2 == 0
        apart = all(before.count(o) <= before.count(c) for o, c in ("()", "«»", "“”", "[]"))
        if even and apart and _BEFORE_STOP.fullmatch(before, max(0, end - 4)):
            missed.append(start)
    return missed

"""Answers as they are shown: quotes with their numbers, one more at a time, and the notes."""

from collections.abc import Generator
from dataclasses import replace
from itertools import product

from index.storage.catalog import Origin
from index.text.months import written_date
from qa.answering.contradictions import arrange
from qa.readers import Quote, Reading
from qa.search.citations import cite, on_one_line
from qa.settings import AnswerSettings
from qa.types import Answer, Citation

__all__ = ["grow", "joined"]

HALF = {"es": "Los documentos no dicen:", "en": "The documents do not say:"}
DISAGREE = {  # by language, and whether a document has a date
    ("es", True): "Los documentos no coinciden; el más reciente va primero.",
    ("en", True): "The documents do not agree; the newest comes first.",
    ("es", False): "Los documentos no coinciden.",
    ("en", False): "The documents do not agree.",
}


def joined(question: str, answers: tuple[Answer, Answer], settings: AnswerSettings) -> list[Answer]:
    """Two answers as snapshots of one, numbered through; what neither says stands at the end.

    None at all where neither question is answered, or their best quotes are too long together.
    """
    answered = [answer for answer in answers if answer.found]
    citations = _together([answer.citations for answer in answered], settings.max_joined_characters)
    if not citations:
        return []
    first, second = answers
    disagree = any(answer.disagree for answer in answered)
    unsaid = [f"{HALF[first.language]} {answer.question}" for answer in answers if not answer.found]
    notes = (*(note for answer in answered for note in answer.notes), *unsaid)
    alone = first.searched_for == first.question  # no follow-up
    both = replace(
        first,
        question=question,
        searched_for=question if alone else f"{first.searched_for} {second.question}",
        found=True,
        confidence=min(answer.confidence for answer in answered),
        hits=tuple({hit.passage: hit for hit in (*first.hits, *second.hits)}.values()),
        short="; ".join(answer.short for answer in answered if answer.short) or None,
        disagree=disagree,
        notes=(),
        refusal=None,
    )
    return _snapshots(both, citations, notes)


def _together(groups: list[tuple[Citation, ...]], most: int) -> tuple[Citation, ...]:
    """The best citation of each group, then the others in turn, each place once; none too many."""
    kept: list[Citation] = []
    length = 0
    for rank, number in product(range(max(map(len, groups), default=0)), range(len(groups))):
        if rank >= len(groups[number]):
            continue
        cited = groups[number][rank]
        if any(_overlap(cited, other) for other in kept):
            continue
        length += len(cited.quote)
        if length > most:
            return tuple(kept) if rank else ()
        kept.append(cited)
    return tuple(kept)


def _overlap(one: Citation, other: Citation) -> bool:
    same = one.document_id == other.document_id
    return same and one.start < other.end and other.start < one.end


def grow(
    answer: Answer, reading: Reading, settings: AnswerSettings, *, compare: bool = True
) -> Generator[Answer, None, Answer]:
    """The answer with one citation more each time, and at the end whether they contradict.

    Without ``compare`` each quote speaks of its own document.
    """
    quotes, disagree = reading.quotes, False
    if compare:
        quotes, disagree = arrange(answer.searched_for, quotes, settings.copied_words)
    citations = tuple(_cited(quote) for quote in quotes)
    answer = replace(
        answer,
        found=True,
        confidence=reading.confidence,
        short=_short(citations[0]),
        disagree=disagree,
    )
    dated = any(citation.date for citation in citations)
    notes = ((DISAGREE[answer.language, dated],) if disagree else ()) + reading.notes
    snapshots = _snapshots(answer, citations, notes)
    yield from snapshots
    return snapshots[-1]


def _snapshots(
    answer: Answer, citations: tuple[Citation, ...], notes: tuple[str, ...]
) -> list[Answer]:
    """The answer with one citation more each time; the last one has the notes, too."""
    dated = answer.language if answer.disagree else None
    lines = [_marked(citation, number, dated) for number, citation in enumerate(citations, 1)]
    grown = [
        replace(answer, text="\n".join(lines[:count]), citations=citations[:count])
        for count in range(1, len(citations) + 1)
    ]
    if notes:
        grown.append(replace(grown[-1], text="\n".join([*lines, *notes]), notes=notes))
    return grown


def _short(citation: Citation) -> str | None:
    """The very words that answer, where the reader pointed at them."""
    if citation.highlight is None:
        return None
    start, end = citation.highlight
    return citation.quote[start - citation.start : end - citation.start]


def _cited(quote: Quote) -> Citation:
    cited = quote.hit.citation
    origin = quote.hit.origin or Origin(cited.title, cited.source, cited.date, cited.hash)
    citation = cite(quote.hit.passage, quote.start, quote.end, origin)
    return replace(citation, highlight=quote.highlight)


def _marked(citation: Citation, number: int, language: str | None = None) -> str:
    """The words in quotation marks, on one line, with their number; with a language, and a date."""
    words = on_one_line(citation)
    opened = "“" if words.startswith("«") or "»" in words else "«"
    quoted = f"{opened}{words}{'”' if opened == '“' else '»'} [{number}]"
    return (
        f"{written_date(citation.date, language)}: {quoted}"
        if citation.date and language
        else quoted
    )

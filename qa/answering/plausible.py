"""Whether a quote can be the answer: by its type, and by what it was quoted for before."""

import re
from collections.abc import Sequence

from index.query import Query
from index.text.folding import fold
from qa.readers import Quote, Reading
from qa.readers.answer_types import asked_type, fits
from qa.types import Turn

__all__ = ["is_plausible"]

REPEATED = 2
"""Turns before in which the same words were the answer, from which on that is suspicious."""


def is_plausible(query: Query, reading: Reading, history: Sequence[Turn]) -> bool:
    """Whether the marked words of the best quote can be of the type asked for, and are no stopgap.

    Words that answered the last two questions will not answer a third that asks for something else:
    when, then how much, then who. And one number does not count both galleries and litres.
    """
    quote = reading.quotes[0]
    if quote.highlight is None:
        return True
    # With a note ("the list has five items") the words need not be the answer alone.
    possible = bool(reading.notes) or _is_of_type(query.question, quote)
    return possible and not _is_stopgap(query.question, quote, history)


def _is_of_type(question: str, quote: Quote) -> bool:
    text, shift = quote.hit.text, quote.hit.passage.start
    start, end = quote.highlight or (quote.start, quote.end)
    return fits(
        question, text[start - shift : end - shift], text[quote.start - shift : quote.end - shift]
    )


def _is_stopgap(question: str, quote: Quote, history: Sequence[Turn]) -> bool:
    """Whether the last turns had these very words for answers to questions of other types."""
    last = [turn for turn in history if turn.answer.citations][-REPEATED:]
    place = quote.hit.document_id, quote.highlight
    cited = [turn.answer.citations[0] for turn in last]
    same = [(citation.document_id, citation.highlight) == place for citation in cited]
    types = {asked_type(question), *(asked_type(turn.question) for turn in last)}
    if same[-1:] == [True] and _counts_otherwise(last[-1].question, question):
        return True
    return len(same) == REPEATED and all(same) and len(types) > 1


_COUNTED = re.compile(r"\b(?:cu[aá]nt(?:as?|os)|how many)\s+(\w+)", re.IGNORECASE)


def _counts_otherwise(before: str, question: str) -> bool:
    """Whether both questions ask how many, and of different things."""
    counted = [_COUNTED.search(text) for text in (before, question)]
    nouns = {fold(match[1]).rstrip("s") for match in counted if match}
    return all(counted) and len(nouns) > 1

"""Every mention of a phrase, cited: in its sentence, and counted by document."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.arguments import positive, question_of
from index.errors import QuestionError
from index.index import Index
from index.storage.catalog import Origin
from index.text.phrases import Phrase
from index.text.sentences import sentence_spans
from index.types import BlockRole, Passage
from qa.search.citations import cite
from qa.search.dates import Dates
from qa.types import Citation, MentionedIn, Mentions

__all__ = ["find_mentions", "quoted_in"]

Span = tuple[int, int]

_QUOTED = re.compile(r'"([^"]+)"|“([^“”]+)”|«([^«»]+)»')
_LONGEST = 1_000  # characters of a phrase
_NOWHERE = Origin(None, None)


def quoted_in(question: str) -> list[Phrase]:
    """The phrases of two words or more that a question has in quotation marks.

    A word alone is often marked because it is not meant by the letter.
    """
    quoted = (Phrase("".join(parts)) for parts in _QUOTED.findall(question))
    return [phrase for phrase in quoted if len(phrase.words) > 1]


def find_mentions(
    index: Index,
    phrase: str,
    documents: Sequence[str] | None,
    dates: Dates,
    limit: int | None,
    each: int | None,
) -> Mentions:
    """What `qa.search.retriever.Retriever.mentions` gives."""
    phrase = _checked(phrase)
    within, undated = dates.within(index, documents) if dates else (documents, 0)
    found = index.mentions(Phrase(phrase), within)
    cited = list(_first(found, _limit(limit), _limit(each)))
    origins = index.origins([id for id, _ in found])
    citations = [
        citation for id, spans in cited for citation in _cited(index, id, spans, origins.get(id))
    ]
    return Mentions(
        phrase,
        sum(len(spans) for _, spans in found),
        tuple(_mentioned(id, len(spans), origins.get(id, _NOWHERE)) for id, spans in found),
        tuple(citations),
        None if documents is None else len(set(documents)),
        dates.since,
        dates.until,
        undated,
    )


def _checked(phrase: str) -> str:
    """The phrase, clean and in one line; raises QuestionError when it cannot be looked for."""
    phrase = " ".join(question_of(phrase).split())
    if len(phrase) > _LONGEST:
        raise QuestionError(
            f"The phrase has {len(phrase):,} characters: look for {_LONGEST:,} or fewer."
        )
    if not Phrase(phrase):
        raise QuestionError("The phrase is empty: write the words to look for.")
    return phrase


def _limit(most: int | None) -> int | None:
    return most if most is None else positive(most)


def _first(
    found: Sequence[tuple[str, list[Span]]], limit: int | None, each: int | None
) -> Iterator[tuple[str, list[Span]]]:
    """The first mentions, not more than the limits; ``each`` is none for one document alone."""
    left = limit
    each = each if len(found) > 1 else None
    for id, spans in found:
        first = spans[: each if left is None else left if each is None else min(each, left)]
        if not first:
            return
        yield id, first
        left = None if left is None else left - len(first)


def _mentioned(id: str, count: int, origin: Origin) -> MentionedIn:
    return MentionedIn(id, origin.source, origin.title, origin.date, count)


def _cited(
    index: Index, id: str, spans: Sequence[Span], origin: Origin | None
) -> Iterator[Citation]:
    """The citations of mentions in one document; none where it was removed or changed since."""
    passages = index.passages_of(id) if origin else []
    at = 0
    for start, end in spans:
        while at < len(passages) and passages[at].end <= start:
            at += 1
        if at == len(passages) or passages[at].start > start:
            continue
        passage = passages[at]
        if end > passage.end:  # it goes on in the next passage
            last = next((p.end for p in passages[at:] if p.end >= end), end)
            text = index.document(id).text[passage.start : last]
            passage = replace(passage, end=last, text=text)
        first, stop = _around(passage, start - passage.start, end - passage.start)
        citation = cite(passage, passage.start + first, passage.start + stop, origin or _NOWHERE)
        yield replace(citation, highlight=(start, end))


def _around(passage: Passage, start: int, end: int) -> Span:
    """The sentences, or the rows of a table, that hold these characters of a passage."""
    text = passage.text
    for block in passage.blocks:
        at = block.start - passage.start
        if block.role is BlockRole.TABLE and at <= start < block.end - passage.start:
            stop = text.find("\n", end)
            return text.rfind("\n", 0, start) + 1, len(text) if stop < 0 else stop
    spans = sentence_spans(text, passage.language)
    held = [(a, b) for a, b in spans if a < end and start < b]
    return min([start, *(a for a, _ in held)]), max([end, *(b for _, b in held)])

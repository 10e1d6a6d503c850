"""A reading made whole: the list, the definition or the side that a question asks for.

A reader points at a few words of a sentence. Some questions ask for more than that, or for the
other half of a sentence; what they ask for is seen in their words, and where it stands in what was
found and in its structure, whatever the reader chose.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from index.index import Index
from qa.answering.matching import Matcher
from qa.answering.polarity import voted, without_opposed
from qa.answering.statements import article, defined, said_about
from qa.answering.whole_lists import counted, item, listed
from qa.questions.kinds import Asked, QuestionKind, asked_kind
from qa.readers import Reading
from qa.search.retriever import Search
from qa.settings import AnswerSettings
from qa.types import Hit

__all__ = ["shaped"]


def shaped(search: Search, reading: Reading, index: Index, settings: AnswerSettings) -> Reading:
    """The reading of a search, with the quote that answers this kind of question."""
    query, hits = search.query, search.hits
    if not hits:
        return reading
    asked = asked_kind(query.question)
    matcher = Matcher(index, query, settings)
    if asked is not None and asked.kind is QuestionKind.VOTE:
        return without_opposed(query.question, voted(matcher, hits, reading))
    reading = without_opposed(query.question, reading)
    return _SHAPES[asked.kind](asked, matcher, hits, reading) if asked else reading


def _defined(asked: Asked, matcher: Matcher, hits: Sequence[Hit], reading: Reading) -> Reading:
    """A definition; where there is none, a list: "¿qué son causas de rescisión?" """
    defining = defined(asked, matcher, hits, reading)
    if defining is not reading:
        return defining
    other = listed(replace(asked, kind=QuestionKind.LIST, sure=False), matcher, hits, reading)
    best, whole = (one.quotes[0] if one.quotes else None for one in (reading, other))
    same = best and whole and best.hit.document_id == whole.hit.document_id
    inside = best and whole and best.start < whole.end and whole.start < best.end
    return other if same and inside else reading


_SHAPES: Mapping[QuestionKind, Callable[[Asked, Matcher, Sequence[Hit], Reading], Reading]] = {
    QuestionKind.LIST: listed,
    QuestionKind.COUNT: counted,
    QuestionKind.ITEM: item,
    QuestionKind.DEFINITION: _defined,
    QuestionKind.ABOUT: said_about,
    QuestionKind.PART: article,
}

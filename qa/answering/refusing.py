"""What a refusal tells, looked up: what was searched, what is nearest, what lies beyond a limit.

One more search, and a reading of what it finds, is made only where the question was limited to some
documents. The sentences are made in `refusals`.
"""

import difflib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from index.query import Query
from index.storage.catalog import Origin
from index.text.analysis import STEMMERS, analyse
from index.text.folding import fold
from index.text.months import written_date
from index.types import Passage
from qa.answering.asking import Asking
from qa.answering.lacking import lacks, mentions
from qa.answering.refusals import told
from qa.answering.trace import Snapshots, Step, Trace
from qa.conversation.lexicon import tokenize
from qa.readers import Quote
from qa.readers.units import quotable
from qa.search.citations import cite
from qa.search.dates import Dates
from qa.search.retriever import Ranked, Retriever
from qa.types import Answer, Citation, Hit, Lack, LackKind, Refusal, Suggestion, SuggestionKind

__all__ = ["dated", "refuse"]

_LIKENESS = 0.8  # of two spellings, by `difflib`, from which on one may be meant for the other
_LETTERS = 5  # of the shortest word that may be misspelt
_WORD = re.compile(r"[^\W\d_]+")
_TITLED = {LackKind.YEAR, LackKind.NAME, LackKind.WORD}  # what a document's title may have


def refuse(answer: Answer, step: Step, asking: Asking, *, beyond: bool) -> Answer:
    """The refused answer with what was searched, what the nearest passage lacks and what to try.

    Its text goes on with these sentences. With ``beyond`` it tells what there is outside of the
    documents that the search was limited to; without it, nothing of them.
    """
    retriever, limited = asking.retriever, asking.documents is not None
    refusal = _counted(asking.documents, retriever)
    if answer.hits:
        refusal = _with_nearest(
            refusal, step, answer.hits[0], retriever, whole=beyond or not limited
        )
    if limited and beyond and refusal.documents < retriever.index.counts().documents:
        refusal = _with_beyond(refusal, step, asking)
    text = "\n".join((answer.text, *told(refusal, answer.language)))
    return replace(answer, refusal=refusal, text=text)


def dated(
    snapshots: Snapshots, documents: Sequence[str] | None, dates: Dates, undated: int
) -> Snapshots:
    """The answer, whose refusal says that the search was limited by date as well.

    ``documents`` were named as a limit; ``undated`` of them, or of all, have no date.
    """

    def told_so(answer: Answer) -> Answer:
        if answer.refusal is None:
            return answer
        chosen = None if documents is None else len(set(documents))
        refusal = replace(
            answer.refusal, chosen=chosen, since=dates.since, until=dates.until, undated=undated
        )
        said = (answer.text.split("\n", 1)[0], *told(refusal, answer.language))
        return replace(answer, refusal=refusal, text="\n".join(said))

    while True:
        try:
            answer = next(snapshots)
        except StopIteration as end:
            trace: Trace = end.value
            return replace(trace, answer=told_so(trace.answer))
        yield told_so(answer)


def _counted(documents: Sequence[str] | None, retriever: Retriever) -> Refusal:
    index = retriever.index
    if documents is None:
        return Refusal(*index.counts())
    there = index.origins(set(documents))
    return Refusal(len(there), sum(index.size(id) for id in there), len(set(documents)))


def _with_nearest(
    refusal: Refusal, step: Step, hit: Hit, retriever: Retriever, *, whole: bool
) -> Refusal:
    """With what the nearest passage lacks, and where that stands.

    Only with ``whole`` the words of all the index are looked at.
    """
    query, ranking = step.search.query, step.search.ranking
    nowhere = _nowhere(query, ranking, retriever) if whole else set()
    found = _lacks(query, hit, nowhere, retriever)
    instead = next((lack.instead for lack in found if lack.instead), "")
    return replace(
        refusal,
        nearest=_most_telling(query, hit, step.reading.quotes, instead),
        lacks=tuple(found),
        suggestions=(
            *_spellings(query, ranking, nowhere),
            *_where_else(found, hit.passage, ranking, retriever),
        ),
    )


def _nowhere(query: Query, ranking: Sequence[Ranked], retriever: Retriever) -> set[str]:
    """The folded words of the question that no passage of the index has, whatever their ending."""
    words = {word.plain for word in tokenize(query.text)}
    for language in STEMMERS:
        stems = {word: analyse(word, language) for word in words}
        every = {stem for found in stems.values() for stem in found}
        # No passage holds the empty word, so its weight is that of a word which none holds.
        idf = retriever.index.idf({"", *every}, language)
        unknown = {stem for stem in every if idf[stem] == idf[""]}
        words = {word for word, found in stems.items() if found and unknown.issuperset(found)}
    # It may be there all the same as a part of another word: FY2024.
    texts = [fold(ranked.candidate.passage.indexed_text) for ranked in ranking] if words else []
    return {word for word in words if not any(word in text for text in texts)}


def _lacks(query: Query, hit: Hit, nowhere: Collection[str], retriever: Retriever) -> list[Lack]:
    """What the passage lacks of the question; where that is nothing, of a follow-up's topic."""
    passage = hit.passage
    language = _language(passage)
    weights = retriever.index.idf(set(query.stems(language)), language)
    for asked in (query.question, query.topic):
        found = lacks(
            asked,
            passage.text,
            around=_around(hit),
            language=language,
            same_language=query.language in {None, passage.language},
            weights=weights,
            nowhere=nowhere,
        )
        if found:
            return found
    return []


def _language(passage: Passage) -> str:
    return passage.language if passage.language in STEMMERS else "es"


def _around(hit: Hit) -> str:
    """What a passage belongs to: its headings, its table's header, its document's name and date."""
    cited, passage = hit.citation, hit.passage
    names = (passage.context, passage.header, cited.title, cited.source, cited.document_id)
    dates = [written_date(cited.date, name) for name in STEMMERS] if cited.date else []
    # "acta_2024.pdf" names a year, too.
    return "\n".join(text for text in (*names, *dates) if text).replace("_", " ")


def _most_telling(query: Query, hit: Hit, quotes: Sequence[Quote], instead: str) -> Citation:
    """The sentence or row of a passage that has these words, else what fits the question best."""
    passage = hit.passage
    for quote in quotes:
        first, last = quote.start - passage.start, quote.end - passage.start
        if quote.hit.passage == passage and instead in passage.text[first:last]:
            return cite(passage, quote.start, quote.end, _origin(hit))
    stems = set(query.stems(_language(passage)))

    def fits(span: tuple[int, int]) -> tuple[bool, int, int]:
        text = passage.text[slice(*span)]
        shared = len(stems.intersection(analyse(text, passage.language)))
        return bool(instead) and instead in text, shared, -span[0]

    start, end = max(quotable(passage), key=fits, default=(0, len(passage.text)))
    return cite(passage, passage.start + start, passage.start + end, _origin(hit))


def _origin(hit: Hit) -> Origin:
    cited = hit.citation
    return hit.origin or Origin(cited.title, cited.source, cited.date, cited.hash)


def _spellings(
    query: Query, ranking: Sequence[Ranked], nowhere: Collection[str]
) -> Iterator[Suggestion]:
    """For words that no passage has, those of the best passages that look most alike."""
    wrong = [w for w in tokenize(query.question) if w.plain in nowhere and len(w.plain) >= _LETTERS]
    passages = [ranked.candidate.passage for ranked in ranking] if wrong else []
    for word in wrong:
        # Only names are alike in both languages without being another word: national, nacional.
        texts = [p.text for p in passages if word.is_name or query.language in {None, p.language}]
        spelt: dict[str, str] = {}
        for other in (other for text in texts for other in _WORD.findall(text)):
            alike = other[0].lower() == word.text[0].lower() and len(other) >= _LETTERS
            if alike and (other[0].isupper() or not word.is_name):
                spelt.setdefault(fold(other), other)
        for near in difflib.get_close_matches(word.plain, spelt, 1, _LIKENESS):
            yield Suggestion(SuggestionKind.SPELLING, word.text, spelt[near])


def _where_else(
    found: Sequence[Lack], nearest: Passage, ranking: Sequence[Ranked], retriever: Retriever
) -> Iterator[Suggestion]:
    """For what is lacking, the best other passage that has it, and a document of that title."""
    others = [r.candidate.passage for r in ranking if r.candidate.passage.words != nearest.words]
    origins = retriever.index.origins({passage.document_id for passage in others})
    for lack in found:
        for passage in others if not lack.nowhere else ():
            if mentions(passage.text, lack):
                spans = quotable(passage)
                span = next((s for s in spans if mentions(passage.text[slice(*s)], lack)), None)
                start, end = span or (0, len(passage.text))
                origin = origins.get(passage.document_id, Origin(None, None))
                cited = cite(passage, passage.start + start, passage.start + end, origin)
                yield Suggestion(SuggestionKind.PASSAGE, lack.asked, citation=cited)
                break
        for passage in others if lack.kind in _TITLED else ():
            origin = origins.get(passage.document_id, Origin(None, None))
            named = origin.title or passage.document_id
            if passage.document_id != nearest.document_id and mentions(named, lack):
                cited = cite(passage, passage.start, passage.end, origin)
                yield Suggestion(SuggestionKind.DOCUMENT, lack.asked, named, cited)
                break


def _with_beyond(refusal: Refusal, step: Step, asking: Asking) -> Refusal:
    """With what the documents outside the chosen ones have, where it answers or is nearer."""
    documents = asking.documents or ()
    search = asking.retriever.find(step.search.query, asking.hits)
    read = asking.read(step.query, search)
    reading = read.reading
    inside = {hit.passage.words for hit in step.search.hits}

    def is_outside(hit: Hit) -> bool:
        return hit.document_id not in documents and hit.passage.words not in inside

    answers = asking.confidence(read) > 0
    if answers and is_outside(reading.quotes[0].hit):
        quote = reading.quotes[0]
        beyond = cite(quote.hit.passage, quote.start, quote.end, _origin(quote.hit))
    # With nothing to compare, none is nearer.
    elif refusal.nearest and search.hits and is_outside(search.hits[0]):
        answers = False
        beyond = _most_telling(search.query, search.hits[0], reading.quotes, "")
    else:
        return refusal
    suggestions = (Suggestion(SuggestionKind.UNLIMITED), *refusal.suggestions)
    return replace(refusal, beyond=beyond, limited=answers, suggestions=suggestions)

"""Questions as the passages found spell their words, and write their numbers and dates."""

from collections.abc import Callable, Sequence

from index.query import Query
from index.types import Passage
from qa.asked.written import as_written, in_every_form
from qa.search.ranking import Ranking
from qa.search.relevance import Rarity
from qa.search.spelling import respell
from qa.settings import SETTINGS, SearchSettings

__all__ = ["mend"]


def mend(
    queries: Sequence[Query],
    rankings: Sequence[Ranking],
    search: Callable[[Sequence[Query]], Sequence[Ranking]],
    rarity: Rarity,
    settings: SearchSettings = SETTINGS.search,
) -> list[Query]:
    """The queries as the best passages of their rankings write them, each itself if they agree.

    Where these have none of a question's numbers and dates, all their forms are searched for.
    """
    mended: list[Query] = []
    wider: dict[int, Query] = {}
    for n, (query, ranking) in enumerate(zip(queries, rankings, strict=True)):
        passages = _best(ranking, settings)
        spelt = respell(query, passages, rarity, settings)
        written = as_written(spelt.question, spelt.language, passages)
        if written is None and (forms := in_every_form(spelt.question, spelt.language)):
            wider[n] = spelt.reworded(forms)
        mended.append(_reworded(spelt, written))
    for n, ranking in zip(wider, search([*wider.values()]), strict=True):
        spelt = mended[n]
        passages = _best(ranking, settings)
        mended[n] = _reworded(spelt, as_written(spelt.question, spelt.language, passages))
    return mended


def _reworded(query: Query, question: str | None) -> Query:
    return query if question in {None, query.question} else query.reworded(question or "")


def _best(ranking: Ranking, settings: SearchSettings) -> list[Passage]:
    """The passages with which a question is compared."""
    return [ranked.candidate.passage for ranked in ranking.best(settings.spelling_passages)]

"""How likely a passage answers a question, comparable across questions."""

import math

from index.types import Candidate
from qa.settings import SearchSettings

__all__ = ["relevance"]


def relevance(candidate: Candidate, settings: SearchSettings) -> float:
    """From 0 to 1, by a logistic function of the cosine and of BM25's score.

    Where the index is searched by words alone, by the second only.
    """
    lexical = math.log1p(candidate.lexical or 0.0)
    if math.isnan(candidate.dense):
        constant, of_words = settings.relevance_lexical
        logit = constant + of_words * lexical
    else:
        constant, of_cosine, of_words = settings.relevance
        logit = constant + of_cosine * candidate.dense + of_words * lexical
    return 1 / (1 + math.exp(-logit))

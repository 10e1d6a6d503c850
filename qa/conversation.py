"""Follow-up questions: what is meant by "¿Y cuándo fue?" after an earlier question.

Without a language model: a question that begins like a follow-up, or that has no content words of
its own, is searched for together with the content of the question before it.
"""

import re
from collections.abc import Sequence

from index.language import detect
from index.lexical import analyse
from qa.types import Turn

__all__ = ["resolve"]

OPENING = re.compile(r"^\W*(y|e|and|but|pero|entonces|so|then)\b", re.IGNORECASE)
POINTING = re.compile(
    r"\b(él|ella|ellos|ellas|eso|esto|aquello|ese|esa|esos|esas|ahí|allí|dicho|dicha|"
    r"he|she|they|it|him|them|that|those|this|there)\b",
    re.IGNORECASE,
)
FEW = 1  # content words of a question that leans on the one before


def resolve(question: str, history: Sequence[Turn]) -> str:
    """The question to search for: as it is, or after the one that it follows up."""
    if not history:
        return question
    words = set(analyse(question, detect(question)))
    leans = OPENING.search(question) or POINTING.search(question)
    if len(words) > FEW and not (leans and len(words) <= 3):
        return question
    return f"{history[-1].answer.searched_for} {question}"

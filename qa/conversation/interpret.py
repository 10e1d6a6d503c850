"""The ways in which a question may be meant, each with how likely that is.

`rewrite` says what a question asks in full if it follows up. Whether it does is often open:
"¿cuánto cuesta la entrada?" may be about the museum of the question before, or about any. Then both
are searched for, and what is found decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from index.embedders import Embedder
from index.query import Query
from qa.conversation.antecedents import Antecedent
from qa.conversation.follow_up_head import follow_up_probability
from qa.conversation.followup import FollowUpKind
from qa.conversation.rewrite import in_topic, resolution
from qa.types import Turn

__all__ = ["LEAST", "Interpretation", "interpretations"]

LEAST = 0.1
"""Least probability of what is tried; that of the plain words where they point at something."""
OPEN = 0.5
"""Least probability by the head that what no rule takes for a follow-up is one: of 89 such turns of
frozen conversations 17 follow up, all at .5 and more, and ten others; those score better alone."""
BY_RULE = 0.6
"""Probability that what a rule finds elliptic follows up, where the model has no head."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A wording to search for and how likely, 0 to 1, it is what was meant.

    ``within`` limits the search to the documents that were spoken of, where the question points at
    something in them. ``if_better``: only where its best passage has a better score than the next
    interpretation's.
    """

    query: Query
    probability: float
    within: tuple[str, ...] | None = None
    if_better: bool = False


def interpretations(
    query: Query, history: Sequence[Turn], model: Embedder
) -> tuple[Interpretation, ...]:
    """The wordings of a question after others, the likeliest first."""
    found = resolution(query, history)
    if found.antecedent is None or found.certain or found.kind is FollowUpKind.FRAGMENT:
        first = Interpretation(found.query, 1.0)
        return (first,) if found.other is None else (first, Interpretation(found.other, 1.0))
    if found.kind in {FollowUpKind.PERSON, FollowUpKind.PLACE, FollowUpKind.THING}:
        likely: float | None = 1 - LEAST
    else:
        likely = follow_up_probability(query, found.antecedent.text, model)
    if found.kind is None:
        return _if_better(query, found.antecedent, likely)
    likely = BY_RULE if likely is None else likely
    first = Interpretation(found.query, likely)
    if likely >= 1 - LEAST:
        return first, _nearby(query, found.antecedent)
    both = (first, Interpretation(query, 1 - likely))
    return tuple(sorted(both, key=lambda way: -way.probability))


def _if_better(
    query: Query, antecedent: Antecedent, likely: float | None
) -> tuple[Interpretation, ...]:
    """What no rule takes for a follow-up: about what was spoken of, if that is found better."""
    if likely is None or likely < OPEN:
        return (Interpretation(query, 1.0),)
    full = Interpretation(in_topic(query, antecedent), likely, if_better=True)
    return full, Interpretation(query, 1 - likely)


def _nearby(query: Query, antecedent: Antecedent) -> Interpretation:
    """The plain words, asked of the documents that were cited last, or came nearest."""
    answer = antecedent.turn.answer
    near = [hit.document_id for hit in answer.hits[:1]]
    cited = [citation.document_id for citation in answer.citations] or near
    return Interpretation(query, LEAST, tuple(dict.fromkeys(cited)) or None)

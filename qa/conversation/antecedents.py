"""The earlier turn that a follow-up goes on from: the last one, or the one that it names."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.text.folding import fold
from qa.conversation.entities import with_capitals
from qa.conversation.lexicon import content_words, stems, tokenize
from qa.conversation.people import gender_wanted, people_in
from qa.conversation.rules import LANGUAGES, word_list
from qa.types import Turn

__all__ = ["Antecedent", "language_of", "last_antecedent", "mentioned"]


@dataclass(frozen=True, slots=True)
class Antecedent:
    """The earlier turn that a follow-up goes on from.

    ``question`` is what it asked, in full, and ``topic`` what it had itself left out; both are
    empty after the summary of a document.
    """

    turn: Turn
    question: str
    topic: str

    @property
    def text(self) -> str:
        """The topic, if any, and the question."""
        return f"{self.topic}: {self.question}" if self.topic else self.question

    @property
    def language(self) -> str:
        """The language of the turn, one that there are rules for."""
        return language_of(self.turn)


def last_antecedent(history: Sequence[Turn]) -> Antecedent:
    """The last turn that was about something."""
    for turn in reversed(history):
        if _is_summary(turn):
            return Antecedent(turn, "", "")
        if turn is not history[0] and _goes_on(turn):
            continue
        if content_words(tokenize(turn.question), language_of(turn)):
            return _antecedent(turn)
    return _antecedent(history[-1])


def _goes_on(turn: Turn) -> bool:
    """Whether a question was searched for as it was, but began with "and" and names nothing.

    "¿Y el proyecto qué extensión tiene?" is about what was spoken of before.
    """
    words = tokenize(turn.question)
    lower = turn.question == turn.question.lower()  # a name would not show
    opens = bool(words) and not lower and words[0].plain in word_list("openings")
    as_asked = fold(turn.answer.searched_for) == fold(turn.question)
    return opens and as_asked and not any(word.is_name for word in words)


def language_of(turn: Turn) -> str:
    """The language of an earlier answer; a program may have given it another one."""
    language = turn.answer.language
    return language if language in LANGUAGES else "es"


def _is_summary(turn: Turn) -> bool:
    """Whether an answer quotes how a document begins: what it is about then stands at the end."""
    topic = turn.answer.topic
    return bool(topic) and turn.answer.searched_for.endswith(f": {topic}")


def _antecedent(turn: Turn) -> Antecedent:
    """The turn with its question and topic, as they were spelt when they were searched for."""
    searched = turn.answer.searched_for or turn.question
    words, count = tokenize(searched), len(tokenize(turn.answer.topic))
    if not 0 < count < len(words):
        return Antecedent(turn, with_capitals(searched, turn), "")
    end = words[count - 1].end
    question = searched[end:].partition(": ")[2]
    return Antecedent(turn, with_capitals(question, turn), searched[:end])


def mentioned(what: str, history: Sequence[Turn]) -> Antecedent | None:
    """The last turn whose question holds these words; None where they name something new."""
    language = language_of(history[-1])
    wanted = [stems(word.text, language) for word in content_words(tokenize(what), language)]
    earlier = [_antecedent(turn) for turn in reversed(history)] if wanted else []
    for texts in (
        [antecedent.question for antecedent in earlier],
        [antecedent.text for antecedent in earlier],
    ):
        for antecedent, text in zip(earlier, texts, strict=True):
            if all(word <= stems(text, language) for word in wanted):
                return antecedent
    sought = gender_wanted(what)
    for turn in reversed(history):
        if sought and people_in(turn.answer.searched_for, sought):
            return _antecedent(turn)
    return None if wanted else last_antecedent(history)

"""What an earlier question was about, as the topic of the one that follows it up."""

import re
from dataclasses import replace

from index.query import Query
from qa.conversation.antecedents import Antecedent
from qa.conversation.entities import find_names
from qa.conversation.lexicon import is_function_word, tokenize
from qa.conversation.substitute import OPENING, QUESTION_WORD

__all__ = ["capitalised", "with_topic", "without_opening"]

LONGEST_TOPIC = 200  # characters of an earlier question that are searched for again

_AN_ARTICLE = r"\b(?:el|la|los|las|the|un|una|an?|del|al)\W"
_TELL = re.compile(
    r"^\W*(?:please )?(?:tell me|show me|describe|explain|dime|expl[ií]ca(?:me)?|h[aá]blame|"
    r"cu[eé]ntame|(?:re)?s[uú]m(?:e|eme|ir)|sintetiza|summari[sz]e|sum up|"
    r"(?:(?:haz(?:me)?|dame|quiero|give me|make|i (?:want|need)) )?(?:un |a |the )?"
    r"(?:\w+ )?(?:resumen|summary|overview))"
    r"(?: more| m[aá]s| breve| corto)?(?: about| de| del| of| sobre)?\s+",
    re.IGNORECASE,
)
_ASKING_AGAIN = re.compile(r"[,\s]*¿")
_CONDITION = re.compile(r"(?<=\w),? (?:si|if) \w.*$", re.IGNORECASE)
_NAMED_FIRST = re.compile(
    r"\W*((?:\w+ ){1,5}?)(?:(?:a|de|en|con|por|para) )?"
    r"(?:qué|quién(?:es)?|cuándo|cuánt[oa]s?|cómo|a?dónde|cuál(?:es)?)\b"
)


def without_opening(question: str) -> str:
    """The question without the "and" that it begins with: "¿Y quién...?" is "¿Quién...?"."""
    opening = OPENING.match(question)
    rest = question[opening.end() :] if opening else question
    if not opening or not any(letter.isalnum() for letter in rest):
        return question
    return capitalised(rest, opened="¿" in opening[0])


def capitalised(question: str, *, opened: bool) -> str:
    """The question with a capital; with "¿" where the one it is taken from was ``opened`` so."""
    mark = "¿" if opened and "?" in question and not question.startswith("¿") else ""
    first = 1 if question.startswith("¿") else 0
    return mark + question[:first] + question[first : first + 1].upper() + question[first + 1 :]


def with_topic(
    antecedent: Antecedent, question: str, query: Query, *, fragment: bool = False
) -> Query:
    """The question, with what the earlier one was about as its topic.

    A fragment needs all of it: what is asked of "la memoria" stands in the question before.
    """
    topic = antecedent.topic
    if not topic and antecedent.question:
        asks_again = QUESTION_WORD.fullmatch(question.strip(" ?.!"))
        topic = _things(antecedent, verb=bool(asks_again), whole=fragment)
    return query.reworded(without_opening(question), topic[:LONGEST_TOPIC].strip(" ¿?,"))


def _things(antecedent: Antecedent, *, verb: bool, whole: bool) -> str:
    """The things that a question names, with or without the verb before them.

    What was asked of them before, "abrió" in "abrió el museo", would only find that again.
    """
    question = antecedent.question
    language = antecedent.language
    aside = _ASKING_AGAIN.search(question, 1)  # "Ayer Elena Ruiz ¿cuánto cobró?" is about her
    if aside and (names := find_names(question[: aside.start()])):
        return names[-1][0]
    if aside and 0 < len(tokenize(question[: aside.start()])) <= 5:  # "Artículo 31: ¿a qué hora?"
        rest = replace(antecedent, question=question[aside.end() - 1 :].replace("¿", " ").strip())
        head = question[: aside.start()].strip(" ,:;¿")
        return f"{head}, {_things(rest, verb=verb, whole=whole)}"
    named = _NAMED_FIRST.match(question)  # "Elena Ruiz cuánto cobró"
    if named and (names := find_names(named[1])):
        return names[-1][0]
    topic = _TELL.sub("", QUESTION_WORD.sub("", question))
    topic = _CONDITION.sub("", topic)
    kept = [word for word in tokenize(topic) if not is_function_word(word, language)]
    if not kept:
        return topic
    start = kept[0].start
    article = re.compile(rf"\W+{_AN_ARTICLE}", re.IGNORECASE)
    after = article.match(topic, kept[0].end)
    noun = re.search(f"{_AN_ARTICLE}$", topic[:start], re.IGNORECASE) or kept[0].text[0].isupper()
    if not verb and len(kept) > 1 and not noun:
        if after:
            start = after.end()
        elif kept[1].is_name and kept[1].start == kept[0].end + 1:
            start = kept[1].start
        elif not whole and len(kept) > 2 and kept[1].start == kept[0].end + 1:
            # "Hora abre el aula", "altura tiene Peñaclara"
            after = article.match(topic, kept[1].end)
            if after:
                start = after.end()
            elif kept[2].is_name and kept[2].start == kept[1].end + 1:
                start = kept[2].start
    return topic[start : kept[-1].end]

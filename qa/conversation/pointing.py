"""Whom or what a question points at: "él", "su marido", "there"."""

import re
from collections.abc import Sequence

from index.text.folding import fold
from qa.conversation.antecedents import Antecedent
from qa.conversation.entities import NAME, find_names, is_place, without_genitive
from qa.conversation.followup import FollowUpKind
from qa.conversation.lexicon import tokenize
from qa.conversation.people import cited_words, gender_wanted, may_be, people_in
from qa.conversation.rules import is_enabled
from qa.types import Turn

__all__ = [
    "ABOUT",
    "HIS",
    "OF_A_LIFE",
    "PERSON",
    "RELATIVE",
    "WHO",
    "earlier_person",
    "person_meant",
    "place_meant",
    "whose",
]

WHO = re.compile(r"\b(?:qui[eé]n(?:es)?|who|whom)\b", re.IGNORECASE)
_WHO_IS = re.compile(rf"\b(?i:qui[eé]n (?:es|era|fue)|who (?:is|was)) ({NAME.pattern})\W*$")
PERSON = re.compile(r"(?<!\w)(?:[éÉ]l|el(?=\W*$)|ella|he|she|him)(?!\w)", re.IGNORECASE)
HIS = re.compile(r"\b(?:his|her)\b(?=\s+\w)", re.IGNORECASE)
# What is asked of people.
OF_A_LIFE = re.compile(
    r"\b(naci\w*|estudi\w+|muri\w+|viv(e|ia|io|en)|crecio|se caso|casad[oa]|trabaj(a|o|aba)|dijo|"
    r"dice|escribio|gano|piensa|opina|hij[oa]s?|herman[oa]s?|espos[oa]|edad|enterrad[oa]|jubil\w+|"
    r"retir(o|ado|ada)|fallec\w+|born|study|studied|"
    r"die[sd]?|lived?|grow up|grew up|marr(y|ied)|works?|worked|says?|said|writes?|wrote|thinks?|"
    r"won|learn\w*|old is|child|children|wife|husband|brothers?|sisters?|buried|retired?)\b"
)
RELATIVE = re.compile(
    r"\b(?:sus?|his|her|their) (?P<kin>maridos?|mujer|espos[oa]s?|hij[oa]s?|herman[oa]s?|padres?|"
    r"madre|abuel[oa]s?|niet[oa]s?|sobrin[oa]s?|ti[oa]s?|prim[oa]s?|suegr[oa]s?|novi[oa]|pareja|"
    r"viud[oa]|husband|wife|sons?|daughters?|child|children|brothers?|sisters?|father|mother|"
    r"parents?|partner|uncle|aunt|nephew|niece|widow|widower)\b",
    re.IGNORECASE,
)
ABOUT = re.compile(r"\b(?:qu[eé] (?:hay|pasa|me dices) (?:de|con)|qu[eé] tal|what about)\b", re.I)
_OF_WOMEN = {"mujer", "madre"}


def whose(relative: re.Match[str], person: str) -> str:
    """Somebody's relative in words: "el marido de Eva Gil", "Eva Gil's husband"."""
    kin = relative["kin"].lower()
    if not relative[0].lower().startswith("su"):
        return f"{person}'s {kin}"
    woman = kin.rstrip("s").endswith("a") or kin in _OF_WOMEN
    article = {(True, True): "las", (True, False): "la", (False, True): "los"}
    return f"{article.get((woman, kin.endswith('s')), 'el')} {kin} de {person}"


def earlier_person(question: str, history: Sequence[Turn]) -> str | None:
    """The last person of its pronoun's gender that an earlier turn asked about or quoted."""
    wanted = gender_wanted(question)
    if wanted is None or not is_enabled("earlier-person"):
        return None
    for turn in reversed(history):
        texts = (turn.answer.searched_for, *(cited_words(turn) if turn.answer.found else ()))
        people = [pair for text in texts for pair in people_in(text, wanted)]
        if people:
            return next((name for name, sure in people if sure), people[0][0])
    return None


def person_meant(question: str, antecedent: Antecedent, kind: FollowUpKind) -> str | None:
    """The person that a question points at: in the question before, else in the words cited.

    Never a man by "she" or a woman by "he", and after "who" the one who was found.
    """
    before = antecedent.text
    wanted = gender_wanted(question)
    if (of_whom := _WHO_IS.search(before)) and may_be(before, of_whom[1], wanted):
        return of_whom[1]
    asks_who = bool(WHO.search(before))
    if kind is FollowUpKind.ELLIPSIS and not asks_who:
        return None
    asked = people_in(before, wanted)
    certain = [name for name, sure in asked if sure]
    if not asks_who and (certain or (asked and not wanted)):
        return max(certain or [name for name, _ in asked], key=lambda name: len(name.split()))
    asked_words = {fold(word.text) for word in tokenize(before)}
    # What came nearest, where nothing was quoted, may only name whom "who" asked for.
    quoted = asks_who or bool(antecedent.turn.answer.citations)
    cited = [
        (name, sure)
        for text in (cited_words(antecedent.turn) if quoted else ())
        for name, sure in people_in(text, wanted)
    ]
    new = [pair for pair in cited if not set(fold(pair[0]).split()) <= asked_words]
    candidates = new if asks_who else new or cited
    if wanted and any(sure for _, sure in candidates):
        candidates = [pair for pair in candidates if pair[1]]
    elif asked and not asks_who:
        return max((name for name, _ in asked), key=lambda name: len(name.split()))
    full = [name for name, _ in candidates if len(name.split()) > 1]
    if full or candidates:
        return (full or [name for name, _ in candidates])[0]
    return asked[-1][0] if asked and kind is FollowUpKind.PERSON else None


def place_meant(antecedent: Antecedent) -> str | None:
    """The place that "there" points at: in the question before, else in the words cited."""
    for text in (antecedent.text, *cited_words(antecedent.turn)):
        places = [without_genitive(match) for match in find_names(text) if is_place(text, match)]
        if places:
            return places[-1]
    # What begins a topic begins no sentence.
    names = find_names(f"de {antecedent.topic}") or find_names(antecedent.text)
    return without_genitive(names[-1]) if names else None

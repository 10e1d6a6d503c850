"""What people write besides questions to the documents, recognised without a language model.

A message is cut into phrases of the rows "intents" of `qa.conversation.data`. It is taken for a
greeting, a request for a summary and so on only when these phrases cover all of its words:
anything more, as in "hola, ¿cuándo vino?", is a question to the documents.
"""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from functools import cache, lru_cache

from index.text.folding import without_accents
from qa.conversation.lexicon import is_function_word, tokenize
from qa.conversation.rules import LANGUAGES, disabled, expand, rules, word_list

__all__ = ["STATEMENTS", "Intent", "recognise", "split_questions"]

LONGEST_MESSAGE = 24  # words; a longer message is a question to the documents
LONGEST_PHRASE = 14  # words


class Intent(StrEnum):
    """What a message wants that is no question to the documents."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    COMPLAINT = "complaint"
    ACKNOWLEDGEMENT = "acknowledgement"
    HELP = "help"
    COLLECTION = "collection"
    SUMMARY = "summary"
    # A summary that points at what was said last, if anything was: "¿de qué trata?"
    SUMMARY_OF_THIS = "summary of this"
    REPEAT = "repeat"


# Of the intents of a message's phrases, the first in this order is the message's.
_PRECEDENCE = (
    Intent.SUMMARY,
    Intent.COLLECTION,
    Intent.SUMMARY_OF_THIS,
    Intent.HELP,
    Intent.REPEAT,
    Intent.COMPLAINT,
    Intent.GOODBYE,
    Intent.THANKS,
    Intent.GREETING,
    Intent.ACKNOWLEDGEMENT,
)
# With a question mark these ask something: "¿Está bien?", "¿gracias a ti?".
STATEMENTS = frozenset({Intent.ACKNOWLEDGEMENT, Intent.THANKS, Intent.GOODBYE})
"""The intents that nobody has who asks something."""

_COURTESY = len(_PRECEDENCE)  # "please" alone is no intent
_NOTHING = 1000  # phrases: more than a message has


def recognise(message: str) -> tuple[Intent, str] | None:
    """What a message wants and its language, ``"es"`` or ``"en"``; None for a real question."""
    words = _normalised(message)
    if not 0 < len(words) <= LONGEST_MESSAGE:
        return None
    spoken = (*((language,) for language in LANGUAGES), LANGUAGES)  # "gracias, bye" is in both
    respelt = _respelt(words)
    for tokens in (words, respelt) if respelt != words else (words,):
        for languages in spoken:
            rank = _lowest_rank(tokens, languages)
            if rank < _COURTESY and not ("?" in message and _PRECEDENCE[rank] in STATEMENTS):
                return _PRECEDENCE[rank], languages[0]
    return None


def _normalised(message: str) -> list[str]:
    """The words in lower case, without accents and English contractions."""
    letters = unicodedata.normalize("NFKD", message.casefold()).replace("’", "'")
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    plain = re.sub(r"\b(\w+)n'?t\b", _negation, plain)
    for pattern, full in _CONTRACTIONS:
        plain = pattern.sub(full, plain)
    return re.findall(r"\w+", plain)


_VERBS = {"do", "did", "does", "is", "was", "are", "were", "have", "has", "could", "would"}
_CONTRACTIONS = [
    (re.compile(r"\b(what|how|that|it|who|where)'?s\b"), r"\1 is"),
    (re.compile(r"\bi'?m\b"), "i am"),
    (re.compile(r"\b(you|they|we)'re\b"), r"\1 are"),
    (re.compile(r"\b(i|you|we)'ve\b"), r"\1 have"),
    (re.compile(r"\b(i|you|that|it|we)'ll\b"), r"\1 will"),
    (re.compile(r"\b(i|you|we)'d\b"), r"\1 would"),
]


def _negation(match: re.Match[str]) -> str:
    return f"{match[1]} not" if match[1] in _VERBS else match[0]


def _lowest_rank(words: Sequence[str], languages: Sequence[str]) -> int:
    """The place in `_PRECEDENCE` of a message that phrases cover; `_COURTESY` or more if none do.

    Of the ways to cut it, one with the fewest phrases: "hola otra vez" is one greeting.
    """
    best = [(0, _COURTESY)] + [(_NOTHING, _COURTESY)] * len(words)
    for start in range(len(words)):
        phrases, rank = best[start]
        if phrases == _NOTHING:
            continue
        for end in range(start + 1, min(len(words), start + LONGEST_PHRASE) + 1):
            phrase = " ".join(words[start:end])
            for language in languages:
                phrase_rank = _phrase_rank(phrase, language, disabled())
                if phrase_rank is not None:
                    best[end] = min(best[end], (phrases + 1, min(rank, phrase_rank)))
    return best[-1][1] if best[-1][0] < _NOTHING else _COURTESY


@lru_cache(maxsize=4096)
def _phrase_rank(phrase: str, language: str, off: frozenset[str]) -> int | None:
    """The place in `_PRECEDENCE` of a whole phrase of one language; None where it is none."""
    return next((rank for rank, form in _patterns(language, off) if form.fullmatch(phrase)), None)


@cache
def _patterns(language: str, off: frozenset[str]) -> list[tuple[int, re.Pattern[str]]]:
    """The pattern of each row, with the rank of its intent; the first rank first."""
    patterns = []
    for rule in rules("intents", language):
        if rule.name not in off:
            intent = rule.values["intent"]
            rank = _PRECEDENCE.index(Intent(intent)) if intent else _COURTESY
            prefix, suffix = (rule.values.get(name, "") for name in ("prefix", "suffix"))
            form = f"{prefix}(?:{'|'.join(rule.values['forms'])}){suffix}"
            patterns.append((rank, re.compile(expand(form, language))))
    return sorted(patterns, key=lambda row: row[0])


def _respelt(words: Sequence[str]) -> list[str]:
    """Words of social phrases without their typing errors: "grcias" is "gracias".

    An error is a vowel too few or too many, or two letters in the wrong order.
    """
    spellings = sorted(word_list("social_words"))
    return [
        next((right for right in spellings if _is_misspelling(word, right)), word) for word in words
    ]


def _is_misspelling(typed: str, right: str) -> bool:
    if typed == right or typed[:1] != right[:1] or abs(len(typed) - len(right)) > 1:
        return False
    if len(typed) == len(right):
        places = [place for place in range(len(right)) if typed[place] != right[place]]
        return (
            len(places) == 2
            and sorted(typed[p] for p in places) == sorted(right[p] for p in places)
            and places[1] - places[0] == 1
        )
    longer, shorter = sorted((typed, right), key=len, reverse=True)
    return any(
        longer[:place] + longer[place + 1 :] == shorter and longer[place] in "aeiou"
        for place in range(1, len(longer) - 1)
    )


# Two questions in one

_ASKING = {
    "es": r"(?:qué|quién(?:es)?|cuándo|cuánt[oa]s?|cuál(?:es)?|dónde|cómo|por qué)",
    "en": r"(?:what|who|whom|whose|when|where|why|which|how)",
}
# Typed without accents; "que" and "como" are left out, for they mostly join clauses.
_BARE = r"(?:quien(?:es)?|cuando|cuant[oa]s?|cual(?:es)?|donde)"
_LEADING = r"(?:a|con|de|desde|en|hasta|para|por|sobre|in|on|at|from|to|with|by|for)"
_FULL_STOP = re.compile(r"(?<=\?)\s*(?:(?:y|e|and)\s+)?(?=\S)", re.IGNORECASE)
_ALSO = re.compile(r"^(¿?)\s*(?:y|e|and)\s+", re.IGNORECASE)
_TELL = (
    r"(?:(?:por favor,? |please,? )?(?:dime|d[ií]ganme|d[ií]game|quiero saber|quisiera saber|"
    r"(?:me )?(?:puedes|podr[ií]as) decir(?:me)?|(?:(?:can|could) you )?(?:please )?tell me|"
    r"i (?:want|would like) to know|do you know) )?"
)
# After these comes a verb, not what is counted or chosen.
_VERB_NEXT = re.compile(
    r"[¿¡\s]*(?:cu[aá]ndo|d[oó]nde|qui[eé]n(?:es)?|c[oó]mo|when|where|who|how(?! (?:many|much)))\b",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"\b(?:el|la|los|las|del|al|un|una|su|sus|este|esta|ese|esa|"
    r"the|an?|its|their|his|her|this|that) \w",
    re.IGNORECASE,
)


def split_questions(question: str, language: str | None = None) -> tuple[str, str] | None:
    """The two questions that one message asks, or None where it may as well be one.

    Both must begin by asking, each with words of its own, and the first must be whole: "¿cuándo y
    dónde nació?" is one question. ``language`` is its language, where that is known.
    """
    cuts = [_ALSO.sub(r"\1", cut) for cut in _FULL_STOP.split(question.strip())]
    if len(cuts) == 2 and all(_asks(part) and _count_content(part, language) for part in cuts):
        return cuts[0], cuts[1]
    if len(cuts) != 1:
        return None
    accented = question != without_accents(question)
    for asking in [*_ASKING.values(), *([] if accented else [_BARE])]:
        lead = rf"[¿¡\s]*(?:{_LEADING} )?"
        form = rf"[¿¡\s]*{_TELL}({lead}{asking}\b.+?),? (?:y|e|and) ((?:{_LEADING} )?{asking}\b.+)"
        match = re.fullmatch(form, question, re.IGNORECASE)
        if not match or len(re.findall(rf"\b{asking}\b", question, re.IGNORECASE)) != 2:
            continue
        first, second = match.groups()
        if _is_whole(first, second, language) and _count_content(second, language) >= 1:
            first = first if first.startswith("¿") else _opened(first, question)
            return (f"{first}?" if "?" in second else first), _opened(second, question)
    return None


def _is_whole(first: str, second: str, language: str | None) -> bool:
    """Whether the first half says what it is about, or leaves it out as the second does.

    In "¿cuándo nació y qué premio ganó Irma?" the second half alone says it.
    """
    told = _count_content(first, language)
    if told != 1 or _NOUN.search(first):
        return told > 0
    named = any(word.is_name for word in tokenize(second))
    return bool(_VERB_NEXT.match(first)) and not named and _count_content(second, language) <= 2


def _asks(part: str) -> bool:
    asking = rf"[¿¡\s]*(?:{_LEADING} )?(?:{_ASKING['es']}|{_ASKING['en']}|{_BARE}|que|como)\b"
    is_question = re.match(asking, part, re.IGNORECASE) and part.rstrip().endswith("?")
    return bool(is_question) and recognise(part) is None


def _count_content(part: str, language: str | None) -> int:
    """How many different words of a question are neither function words nor ask."""
    languages = (language,) if language else LANGUAGES
    return len(
        {
            word.plain
            for word in tokenize(part)
            if not any(is_function_word(word, spoken) for spoken in languages)
        }
    )


def _opened(part: str, question: str) -> str:
    """The second half as a question of its own, with the mark that the first began with."""
    return f"¿{part[:1].upper()}{part[1:]}" if question.lstrip().startswith("¿") else part

"""A fragment put into the question before: "¿y en Coahuila?", "and the one in York?"."""

import re

from index.text.folding import fold
from qa.conversation.entities import (
    MONTH,
    NAME,
    YEAR,
    as_in_passages,
    find_names,
    has_date,
    is_place,
)
from qa.conversation.lexicon import is_function_word, tokenize
from qa.conversation.rules import LANGUAGES, is_enabled
from qa.types import Turn

__all__ = [
    "OPENING",
    "PREPOSITION",
    "QUESTION_WORD",
    "with_counted_noun",
    "with_interrogative",
    "with_replacement",
]

OPENING = re.compile(
    r"^\W*(?:(?:y|e|and|but|pero|entonces|so|then)\b|(?:what|how) about\b|qu[eé] (?:hay|pasa) "
    r"(?:de|con)\b|qu[eé] me dices de\b|qu[eé] tal\b)\W*(?:(?:what|how) about\b|"
    r"qu[eé] (?:hay|pasa) (?:de|con)\b|qu[eé] me dices de\b|qu[eé] tal\b)?\W*",
    re.IGNORECASE,
)
PREPOSITION = r"(en|in|at|para|for|de|del|of|con|with|sobre|about|por|by|from|desde|durante)"
# What a question begins with: "a quiénes", "how many".
QUESTION_WORD = re.compile(
    r"^\W*(?:(?:a|en|de|con|por|para|desde|hasta|in|at|from|to|for|since) )?(?:por qu[eé]|qu[eé]|"
    r"qui[eé]n(?:es)?|cu[aá]l(?:es)?|cu[aá]ndo|cu[aá]nt[oa]s?|a?d[oó]nde|c[oó]mo|what|who|whom|"
    r"whose|which|when|where|why|how(?: (?:many|much|long|often|far|old|big|deep|tall))?)\b\s*",
    re.IGNORECASE,
)
_WITH_NOUN = re.compile(r"cu[aá]nt|how m|which|cu[aá]l", re.IGNORECASE)
_HOW_MANY = re.compile(r"\b(cu[aá]nt[oa]s|how many) ([^\W\d]+s)\b", re.IGNORECASE)
# "El del norte", "the one in York": its noun is the one that has the same article.
_WITHOUT_NOUN = re.compile(
    r"(?:\w+ )?(?:(?P<article>el|la|los|las) (?P<rest>(?:del?|que|en|con|para)\b.+)|"
    r"(?:the|that|those) (?:ones? )?(?P<english>(?:of|in|on|at|for|from|with)\b.+))",
    re.IGNORECASE,
)
_ARTICLE = r"(?:el|la|los|las|the)"
_WEEKDAY = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|lunes|martes|mi[eé]rcoles|jueves|viernes|"
    r"s[aá]bados?|domingos?",
    re.IGNORECASE,
)


def with_replacement(before: str, fragment: str, turn: Turn) -> str | None:
    """The earlier question with a year, a month, a place or a name in the place of its own.

    None where the fragment replaces nothing.
    """
    full = before
    for name, form in (("replace-year", YEAR), ("replace-month", MONTH)):
        new, old = form.findall(fragment), form.findall(full)
        if is_enabled(name) and len(new) == len(old) == 1 and fold(new[0]) != "may":
            full = full.replace(old[0], new[0])
            fragment = form.sub("", fragment)
    if swapped := _with_other_complement(full, fragment) or _with_other_kind(full, fragment):
        return swapped
    rest = re.sub(r"^(?:\W*(?:en|in|de|del|of|el|la|the)\b)+\W*$", "", fragment).strip(" ,")
    if not rest:
        return full if full != before else None
    if _WEEKDAY.search(rest):
        return None
    match = re.match(rf"{PREPOSITION}\s+(?:{_ARTICLE}\s+)?(.+)$", rest, re.IGNORECASE)
    again = (
        _with_other_place(full, match[1], match[2], turn)
        if match
        else _with_other_name(full, rest, turn)
    )
    again = again or _with_other_phrase(full, fragment)
    if again is None and full != before:
        return f"{full.rstrip(' ?')} {rest}?"
    return again


def _with_other_place(before: str, preposition: str, new: str, turn: Turn) -> str | None:
    """What stands behind the same preposition, if there is one such: a name for a name."""
    if not is_enabled("replace-place"):
        return None
    same = {"en": "en|in", "in": "en|in|at", "del": "de|del", "de": "de|del"}
    like = same.get(preposition.lower(), re.escape(preposition.lower()))
    before_it = rf"(?i:\b(?:{like})\s+(?:{_ARTICLE}\s+)?)"
    new = as_in_passages(new, turn)
    olds = []
    if new != new.lower() or before == before.lower():
        olds = list(re.finditer(rf"{before_it}({NAME.pattern})", before))
    if not olds and new == new.lower():  # typed in lower case, or no name
        end = rf"(?=\W*$| (?:en|in|{_ARTICLE})\b)"
        olds = list(re.finditer(rf"{before_it}([a-záéíóúñü]\w*){end}", before))
    if len(olds) != 1 or has_date(olds[0][1]) or has_date(new):
        return None
    return before[: olds[0].start(1)] + new + before[olds[0].end(1) :]


def _with_other_phrase(before: str, fragment: str) -> str | None:
    """What follows "para" or "con": "¿y para niños?" after "¿Cuánto cuesta para adultos?"."""
    preposition = _PHRASE.match(fragment)
    if not is_enabled("replace-phrase") or not preposition:
        return None
    phrase = re.compile(
        rf"\b{preposition[1]}\b.+?(?=,? (?:en|in|at|del?|of) (?:{_ARTICLE} )?[A-ZÁÉÍÓÚÑ]|\W*$)",
        re.I,
    )
    olds = list(phrase.finditer(before))
    words = re.findall(rf"(?i)\b{preposition[1]}\b", before)
    if len(olds) != 1 or len(words) != 1 or olds[0].start() < 5:
        return None
    return before[: olds[0].start()] + fragment + before[olds[0].end() :]


_PHRASE = re.compile(r"(para|con|contra|por|sobre|for|with|about|against|from|by) (?=\w)", re.I)


def _with_other_name(before: str, new: str, turn: Turn) -> str | None:
    """A name for the only name of the earlier question that is not a place."""
    if not is_enabled("replace-name"):
        return None
    new = re.sub(r"^(?:el|la|los|las|the|a|al|de|del)\s+(?=[A-ZÁÉÍÓÚÑ])", "", new)
    new = as_in_passages(new, turn)
    asks = is_function_word(tokenize(new)[0], "en") if new else True
    if asks or not NAME.fullmatch(new):
        return None
    olds = [match for match in find_names(before) if not is_place(before, match)]
    if len(olds) != 1:
        return None
    return before[: olds[0].start()] + new + before[olds[0].end() :]


def with_interrogative(before: str, fragment: str) -> str | None:
    """The earlier question with "why" for what it asked: "¿por qué?", "since when?"."""
    asks = QUESTION_WORD.match(fragment)
    if not is_enabled("ask-again") or not asks or asks.end() < len(fragment):
        return None
    old = QUESTION_WORD.match(before)
    # "How many" and "which" have a noun behind them that would be left alone.
    if not old or _WITH_NOUN.search(old[0]) or len(tokenize(before)) < 3:
        return None
    opened = "¿" if "¿" in old[0] else ""
    return f"{opened}{fragment[0].upper()}{fragment[1:]} {before[old.end() :]}"


def with_counted_noun(before: str, fragment: str) -> str | None:
    """The earlier question with other things that it counts: "¿y cuántas niñas?", "and chairs?"."""
    if not is_enabled("count-other"):
        return None
    old, new = _HOW_MANY.search(before), _HOW_MANY.fullmatch(fragment)
    if not old or (new is None and not re.fullmatch(r"[^\W\d]+s", fragment)):
        return None
    many = fragment if new else f"{_in_agreement(old[1], fragment)} {fragment}"
    many = many.lower() if old[1].islower() else many[0].upper() + many[1:]
    return before[: old.start()] + many + before[old.end() :]


def _in_agreement(many: str, noun: str) -> str:
    """ "Cuántas" or "cuántos", as the noun wants it."""
    end = re.search(r"[oa]s$", noun)
    return re.sub(r"[oa]s$", end[0], many) if end else many


def _with_other_complement(before: str, fragment: str) -> str | None:
    """The earlier question with another "of" behind its noun: "y la de urgencias"."""
    match = _WITHOUT_NOUN.fullmatch(fragment)
    if not is_enabled("replace-complement") or not match:
        return None
    article, rest = match["article"] or "the", match["rest"] or match["english"]
    link = rest.split()[0].lower()
    like = {"de": "del?", "del": "del?", "in": "in|at|on|of", "of": "of|in"}.get(link, link)
    noun = re.search(rf"(?i:\b{article} [^\W\d]+) (?=(?:{like})\b)", before)
    if not noun:
        return None
    end = re.search(r"\W*$", before)
    return before[: noun.end()] + rest + (end[0] if end else "")


def _with_other_kind(before: str, fragment: str) -> str | None:
    """The earlier question with "part-time staff" for "full-time staff"."""
    new, old = tokenize(fragment), tokenize(before)
    functional = any(is_function_word(word, language) for word in new for language in LANGUAGES)
    if not is_enabled("replace-kind") or not 2 <= len(new) <= 3 or functional:
        return None
    for at in range(len(new) - 1, len(old)):
        same = old[at - len(new) + 1 : at + 1]
        if new[-1].plain == same[-1].plain and not any(is_function_word(w, "en") for w in same):
            return before[: same[0].start] + fragment + before[same[-1].end :]
    return None

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
    "with_condition",
    "with_counted_noun",
    "with_interrogative",
    "with_other_noun",
    "with_other_time",
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
    if other := _with_other_code(before, fragment):
        return other
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


_CODE = r"[^\W\d_]{0,4}-?\d+[^\W\d_]?"
_ANY_CODE = re.compile(rf"(?<![\w.,-]){_CODE}(?![\w-]|[.,]\d)")
_NUMBERED = re.compile(rf"(?:{_ARTICLE} )?(?:(?P<noun>[^\W\d_]{{4,}}) )?(?P<code>{_CODE})", re.I)


def _with_other_code(before: str, fragment: str) -> str | None:
    """The earlier question with another code or number: "E07" for "E04", "section 13" for "12"."""
    new = _NUMBERED.fullmatch(fragment)
    if not is_enabled("replace-code") or not new or YEAR.fullmatch(new["code"]):
        return None
    olds = [old for old in _ANY_CODE.finditer(before) if _shape(old[0]) == _shape(new["code"])]
    if len(olds) != 1 or YEAR.fullmatch(olds[0][0]):
        return None
    old = olds[0]
    if new["noun"] and not fold(before[: old.start()]).rstrip().endswith(fold(new["noun"])):
        return None
    code = new["code"].upper() if old[0].isupper() else new["code"]
    return before[: old.start()] + code + before[old.end() :]


def _shape(code: str) -> str:
    """ "A-9" of "k-24": a code with each letter an A and its digits a 9."""
    return re.sub(r"\d+", "9", re.sub(r"[^\W\d_]", "A", code))


_DETERMINER = r"(?:el|la|los|las|un|una|unos|unas|the|an?)"
_ANY_PREPOSITION = (
    r"(?:a|al|ante|con|contra|de|del|desde|durante|en|entre|hacia|hasta|para|por|según|segun|sin|"
    r"sobre|tras|about|after|against|at|before|between|by|for|from|in|into|of|off|on|over|through|"
    r"to|under|until|with|without)"
)
_NOUN_PHRASE = re.compile(
    rf"(?<=\s){_DETERMINER}(?: (?!(?:{_ANY_PREPOSITION}|{_DETERMINER})\b)[^\W\d_]+){{1,3}}"
    rf"(?= {_ANY_PREPOSITION}\b|\W*$)",
    re.IGNORECASE,
)
_NEW_NOUN = re.compile(rf"{_DETERMINER} (?=\w)(?P<rest>.+)", re.IGNORECASE)
_SAID_OF_IT = re.compile(r" [^\W\d_]+(?:ed|en|wn|lt)$", re.IGNORECASE)
_AUXILIARY = re.compile(r"\b(?:do|does|did|can|could|will|would|should|must|may)$", re.IGNORECASE)


def with_other_noun(before: str, fragment: str) -> str | None:
    """The earlier question with another thing: "la memoria" for "el precio" it asked about.

    None unless it has one such thing, behind its verb and not behind a preposition.
    """
    new = _NEW_NOUN.fullmatch(fragment)
    if not is_enabled("replace-noun") or not new or len(tokenize(fragment)) > LONGEST_NOUN:
        return None
    olds = [
        old
        for old in _NOUN_PHRASE.finditer(before)
        if not re.search(
            rf"\b(?:{_ANY_PREPOSITION}|y|e|o|and|or)$",
            before[: old.start()].rstrip(),
            re.IGNORECASE,
        )
    ]
    if len(olds) != 1 or len(tokenize(before[: olds[0].start()])) < 1:
        return None
    start, end = olds[0].span()
    head = before[:start].rstrip()
    if said := _SAID_OF_IT.search(before[start:end]):
        end = start + said.start()
    elif _AUXILIARY.search(head) and " " in before[start:end].partition(" ")[2]:
        end = start + before[start:end].rindex(" ")
    if len(before[start:end].split()) < 2:  # an article and its noun
        return None
    rest = before[end:]
    link = re.match(rf"\s+({_ANY_PREPOSITION})\b", rest, re.IGNORECASE)
    again = link and re.search(rf"\w {link[1]}\b", new["rest"], re.IGNORECASE)
    if again:  # "el proyecto en las becas" after "el precio en la licitación"
        end_mark = re.search(r"\W*$", rest)
        rest = end_mark[0] if end_mark else ""
    return before[:start] + fragment + rest


LONGEST_NOUN = 7  # words of a thing that is put in the place of another
_CONDITION = re.compile(r"(?:y |and )?(?:si|if) \w.*", re.IGNORECASE)


def with_condition(before: str, fragment: str) -> str | None:
    """The earlier question under a condition: "¿y si es una moto?"."""
    if not is_enabled("condition") or not _CONDITION.fullmatch(fragment):
        return None
    kept = re.sub(r",? (?:si|if) \w.*$", "", before.rstrip(" ?.!"), flags=re.IGNORECASE)
    if len(tokenize(kept)) < 2 or not QUESTION_WORD.match(kept):
        return None
    return f"{kept} {fragment[0].lower()}{fragment[1:]}?"


_TIMES = (
    _WEEKDAY.pattern + r"|weekends?|fin(?:es)? de semana|festivos|holidays|bank holidays",
    r"verano|invierno|oto[ñn]o|primavera|summer|winter|autumn|spring|navidad(?:es)?|christmas|"
    r"easter|semana santa",
    r"mañanas?|tardes?|noches?|mornings?|afternoons?|evenings?|night",
)


def with_other_time(before: str, fragment: str) -> str | None:
    """The earlier question for another day or season: "¿y los lunes?", "and in winter?"."""
    if not is_enabled("other-time"):
        return None
    for times in _TIMES:
        phrase = (
            rf"(?P<link>(?:(?:en|por|durante|los|las|el|la|de|a|in|on|at|the|during) )*)(?:{times})"
        )
        if not (new := re.fullmatch(phrase, fragment, re.IGNORECASE)):
            continue
        olds = list(re.finditer(rf"\b{phrase}\b", before, re.IGNORECASE))
        if len(olds) == 1:
            start = olds[0].start() if new["link"] else olds[0].end("link")
            return before[:start] + fragment + before[olds[0].end() :]
        if olds or not QUESTION_WORD.match(before):
            return None
        english = re.match(r"\w+day|weekend|holiday", fragment, re.IGNORECASE)
        when = fragment if new["link"] or not english else f"on {fragment}"
        return f"{before.rstrip(' ?')} {when}?"
    return None


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

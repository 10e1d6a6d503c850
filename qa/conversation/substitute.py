"""A piece of a question put into the question before: "¿y en Coahuila?", "and the one in York?"."""

import re

from index.text.folding import fold
from qa.conversation.entities import MONTH, NAMES, YEAR, as_cited, dated, in_place, named
from qa.conversation.lexicon import ASKING, bare, words
from qa.types import Turn

__all__ = ["OPENING", "PREPOSITION", "QUESTION_WORD", "asked_again", "counted", "replaced"]

OPENING = re.compile(
    r"^\W*(?:(?:y|e|and|but|pero|entonces|so|then)\b|(?:what|how) about\b|qu[eé] (?:hay|pasa) "
    r"(?:de|con)\b|qu[eé] tal\b)\W*",
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
_COUNTED = re.compile(r"cu[aá]nt|how m|which|cu[aá]l", re.IGNORECASE)
_HOW_MANY = re.compile(r"\b(cu[aá]nt[oa]s|how many) ([^\W\d]+s)\b", re.IGNORECASE)
# "El del norte", "the one in York": its noun is the one that has the same article.
_THE_ONE = re.compile(
    r"(?:\w+ )?(?:(?P<article>el|la|los|las) (?P<rest>(?:del?|que|en|con|para)\b.+)|"
    r"(?:the|that|those) (?:ones? )?(?P<english>(?:of|in|on|at|for|from|with)\b.+))",
    re.IGNORECASE,
)


def replaced(before: str, piece: str, turn: Turn) -> str | None:
    """The earlier question with a year, a month, a place or a name put in place of its own."""
    full = before
    for kind in (YEAR, MONTH):
        new, old = kind.findall(piece), kind.findall(full)
        if len(new) == len(old) == 1 and fold(new[0]) != "may":
            full = full.replace(old[0], new[0])
            piece = kind.sub("", piece)
    if swapped := _the_one(full, piece) or _of_a_kind(full, piece):
        return swapped
    rest = re.sub(r"^(?:\W*(?:en|in|de|del|of|el|la|the)\b)+\W*$", "", piece).strip(" ,")
    if not rest:
        return full if full != before else None
    match = re.match(rf"{PREPOSITION}\s+(?:(?:el|la|los|las|the)\s+)?(.+)$", rest, re.IGNORECASE)
    full_again = (
        _same_place(full, match[1], match[2], turn) if match else _same_name(full, rest, turn)
    )
    if full_again is None and full != before:
        return f"{full.rstrip(' ?')} {rest}?"
    return full_again


def _same_place(before: str, preposition: str, new: str, turn: Turn) -> str | None:
    same = {"en": "en|in", "in": "en|in|at", "del": "de|del", "de": "de|del"}
    like = same.get(preposition.lower(), re.escape(preposition.lower()))
    before_it = rf"(?i:\b(?:{like})\s+(?:(?:el|la|los|las|the)\s+)?)"
    olds = list(re.finditer(rf"{before_it}({NAMES.pattern})", before))
    if not olds:  # typed in lower case
        end = r"(?=\W*$| (?:en|in)\b)"
        olds = list(re.finditer(rf"{before_it}([^\W\d_]\w*){end}", before))
    if len(olds) != 1 or dated(olds[0][1]) or dated(new):
        return None
    return before[: olds[0].start(1)] + as_cited(new, turn) + before[olds[0].end(1) :]


def _same_name(before: str, new: str, turn: Turn) -> str | None:
    """A name for the only name of the earlier question that is not a place."""
    new = re.sub(r"^(?:el|la|los|las|the|a|al|de|del)\s+(?=[A-ZÁÉÍÓÚÑ])", "", new)
    new = as_cited(new, turn)
    if not NAMES.fullmatch(new):
        return None
    olds = [match for match in named(before) if not in_place(before, match)]
    if len(olds) != 1:
        return None
    return before[: olds[0].start()] + new + before[olds[0].end() :]


def asked_again(before: str, piece: str) -> str | None:
    """The earlier question with "why" for what it asked: "¿por qué?", "since when?"."""
    asks = QUESTION_WORD.match(piece)
    if not asks or asks.end() < len(piece):
        return None
    topic, mark, last = before.rpartition(": ")
    old = QUESTION_WORD.match(last)
    # "How many" and "which" have a noun behind them that would be left alone.
    if not old or _COUNTED.search(old[0]) or len(words(last)) < 3:
        return None
    opened = "¿" if "¿" in old[0] else ""
    return f"{topic}{mark}{opened}{piece[0].upper()}{piece[1:]} {last[old.end() :]}"


def counted(before: str, piece: str) -> str | None:
    """The earlier question with other things that it counts: "¿y cuántas niñas?", "and chairs?"."""
    old, new = _HOW_MANY.search(before), _HOW_MANY.fullmatch(piece)
    if not old or (new is None and not re.fullmatch(r"[^\W\d]+s", piece)):
        return None
    many = piece if new else f"{_agreeing(old[1], piece)} {piece}"
    many = many.lower() if old[1].islower() else many[0].upper() + many[1:]
    return before[: old.start()] + many + before[old.end() :]


def _agreeing(many: str, noun: str) -> str:
    """ "Cuántas" or "cuántos", as the noun wants it."""
    end = re.search(r"[oa]s$", noun)
    return re.sub(r"[oa]s$", end[0], many) if end else many


def _the_one(before: str, piece: str) -> str | None:
    """The earlier question with another "of" behind its noun: "y la de urgencias"."""
    match = _THE_ONE.fullmatch(piece)
    if not match:
        return None
    article, rest = match["article"] or "the", match["rest"] or match["english"]
    link = rest.split()[0].lower()
    like = {"de": "del?", "del": "del?", "in": "in|at|on|of", "of": "of|in"}.get(link, link)
    noun = re.search(rf"(?i:\b{article} [^\W\d]+) (?=(?:{like})\b)", before)
    if not noun:
        return None
    end = re.search(r"\W*$", before)
    return before[: noun.end()] + rest + (end[0] if end else "")


def _of_a_kind(before: str, piece: str) -> str | None:
    """The earlier question with "part-time staff" for "full-time staff"."""
    new, old = words(piece), words(before)
    if not 2 <= len(new) <= 3 or any(bare(word, language) for word in new for language in ASKING):
        return None
    for at in range(len(new) - 1, len(old)):
        same = old[at - len(new) + 1 : at + 1]
        if new[-1].plain == same[-1].plain and not any(bare(word, "en") for word in same):
            return before[: same[0].start] + piece + before[same[-1].end :]
    return None

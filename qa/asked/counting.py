"""Numbers in words, Spanish and English: "mil doscientos cincuenta", "thirty-five". Pure."""

import re

__all__ = ["COUNTING", "COUNTING_IN", "counted"]

_BELOW_30 = (
    "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis "
    "diecisiete dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro "
    "veinticinco veintiseis veintisiete veintiocho veintinueve"
)
_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_BELOW_21 = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
_ENGLISH_TENS = "thirty forty fifty sixty seventy eighty ninety"
_HUNDREDS = {"dosc": 2, "tresc": 3, "cuatroc": 4, "quin": 5, "seisc": 6, "setec": 7}
_HUNDREDS |= {"ochoc": 8, "novec": 9}
_VALUES = {word: n for n, word in enumerate(_BELOW_30.split(), 2)}
_VALUES |= {word: 10 * n for n, word in enumerate(_TENS.split(), 3)}
_VALUES |= {word: n for n, word in enumerate(_BELOW_21.split(), 2)}
_VALUES |= {word: 10 * n for n, word in enumerate(_ENGLISH_TENS.split(), 3)}
_VALUES |= {f"{stem}ient{end}s": 100 * n for stem, n in _HUNDREDS.items() for end in "oa"}
_VALUES |= {"cien": 100, "ciento": 100, "veintiun": 21, "veintiuna": 21}
_ONES = {"uno": 1, "un": 1, "una": 1, "one": 1}
_TIMES = {"hundred": 100, "mil": 1000, "thousand": 1000, "millon": 10**6, "millones": 10**6}
_TIMES |= {"million": 10**6, "billion": 10**9}
_ALONE = frozenset(("hundred", "millon", "millones", "thousand", "million", "billion"))

# Words that mean something else in the other language: "once upon", "ten cuidado", "mil".
_SPANISH_ONLY = frozenset((*_BELOW_30.split(), *_TENS.split(), "un", "una", "mil", "cien"))
_ENGLISH_ONLY = frozenset((*_BELOW_21.split(), *_ENGLISH_TENS.split(), "one", "hundred"))
_EITHER = frozenset(("once", "ten"))


def _alternatives(left_out: frozenset[str]) -> str:
    words = {*_VALUES, *_ONES, *_TIMES} - left_out
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + r")(?![^\W_])"


COUNTING = _alternatives(frozenset())
"""The alternatives of a pattern for one word of a number, in lower case without accents."""

COUNTING_IN = {
    "es": _alternatives(_ENGLISH_ONLY),
    "en": _alternatives(_SPANISH_ONLY),
    None: _alternatives(_EITHER),
}
"""The same of a language; None where it is not known."""


def counted(words: str) -> int | None:
    """The number that words write, in lower case without accents.

    None for what is no number, and for ``uno`` or ``hundreds`` alone, which mostly count nothing.
    """
    parts = [word for word in re.split(r"[\s-]+", words) if word not in {"y", "and"}]
    if len(parts) == 1 and (parts[0] in _ONES or parts[0] in _ALONE):
        return None
    total, group = 0, 0
    for word in parts:
        if word in _TIMES:
            factor = _TIMES[word]
            if factor == 100:
                group = max(group, 1) * factor
            elif factor == 10**6 and word.startswith("millon"):  # after "mil": mil millones
                total, group = (total + max(group, 0 if total else 1)) * factor, 0
            else:
                total, group = total + max(group, 1) * factor, 0
        elif word in _VALUES or word in _ONES:
            group += _VALUES.get(word) or _ONES[word]
        else:
            return None
    return total + group

"""Numbers of articles, chapters and centuries, however they are written: 13, XIII, 3o., tercero.

People ask for "artículo 13" of a law that writes "ARTÍCULO XIII.-"; and where twenty articles
speak of article 13, only one is it. So words are added to those of a text: the number in figures
where it is written otherwise, and a word for each part that begins in the text. Pure.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.text.folding import fold
from index.text.marks import ARTICLE, LEGAL_PART, ORDINAL, roman_value

__all__ = ["NumberedPart", "asked_parts", "number_words", "numbered_parts", "written_parts"]

_ARTICLES = (
    r"art[íi]culos?|articles?|arts?|cl[áa]usulas?|clauses?|puntos?|bases?|reglas?|rules?|"
    r"lineamientos?"
)
_PARTS = (
    r"libro|book|cap[íi]tulos?|cap|chapters?|t[íi]tulos?|title|secci[óo]n|section|anexo|annex|"
    r"ap[ée]ndice|appendix"
)
_OTHERS = r"siglos?|fracci[óo]n|fracciones|fracc|tomo|volumen|volume|parte|part"
_UNITS = "uno dos tres cuatro cinco seis siete ocho nueve"
_CARDINALS = (  # from 10
    "diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veinte "
    "veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho "
    "veintinueve"
)
_ROUND = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_ENGLISH_CARDINALS = (  # from 11
    "eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty"
)
_ACCENTED = {"dieciseis": "diecis[ée]is", "veintidos": "veintid[óo]s"}
_ACCENTED |= {"veintitres": "veintitr[ée]s", "veintiseis": "veintis[ée]is"}
_CARDINAL = (
    rf"(?:{_ROUND.replace(' ', '|')})(?:\sy\s(?:{_UNITS.replace(' ', '|')}))?(?!\w)|"
    + "|".join(
        rf"{_ACCENTED.get(word, word)}(?!\w)"
        for word in f"{_CARDINALS} {_UNITS} {_ENGLISH_CARDINALS}".split()
    )
)
_WRITTEN = re.compile(
    rf"(?<!\w)(?:(?:(?P<article>{_ARTICLES})|(?P<part>{_PARTS})|(?P<other>{_OTHERS}))\.?\s+|§\s?)"
    rf"(?:(?P<figures>\d{{1,4}})(?P<sign>\s?[º°ª]|[oa](?!\w))?|(?P<roman>[ivxlc]{{1,7}})"
    rf"|(?P<word>{_CARDINAL}|(?:{ORDINAL})(?:\s(?:{ORDINAL}))?))(?![^\W\d_])"
    r"(?:(?:-\s?|\s)(?P<letter>(?-i:[A-ZÑ])|(?<=-)[a-zñ])(?!\w))?"
    r"(?:\.?\s?-?\s?(?P<again>bis|ter|qu[aá]ter|quinquies|sexies|septies|octies)(?!\w))?",
    re.IGNORECASE,
)
_CENTURY = re.compile(r"(?<!\w)s\.\s?(?P<roman>[IVX]{1,6})(?!\w)")
# Where a part may begin: with a line, or after what it stands under.
_BEGIN = re.compile(r"(?:\A|\n|› |: )[\s*_#>\"“«(]*(?=[A-ZÁÉÍÓÚÜ§])")
_PART_NAMES = {"boo": "lib", "cha": "cap", "ann": "ane", "app": "ape"}

_WORDS = (
    "primero segundo tercero cuarto quinto sexto septimo octavo noveno",
    "primera segunda tercera cuarta quinta sexta septima octava novena",
    "first second third fourth fifth sixth seventh eighth ninth tenth",
    "one two three four five six seven eight nine ten",
    "primer * tercer * * * setimo",
    "* * * * * * setima",
)
_VALUES = {word: n for words in _WORDS for n, word in enumerate(words.split(), 1)}
_TENS = ("decim", "vigesim", "trigesim", "cuadragesim", "quincuagesim")
_VALUES |= {stem + end: 10 * n for n, stem in enumerate(_TENS, 1) for end in "oa"}
_VALUES |= {word: n for n, word in enumerate(_UNITS.split(), 1)}
_VALUES |= {word: n for n, word in enumerate(_CARDINALS.split(), 10)}
_VALUES |= {word: 10 * n for n, word in enumerate(_ROUND.split(), 3)}
_VALUES |= {word: n for n, word in enumerate(_ENGLISH_CARDINALS.split(), 11)}
_VALUES |= {stem + end: n for stem, n in (("undecim", 11), ("duodecim", 12)) for end in "oa"}


class NumberedPart(NamedTuple):
    """A part that a text names by its number, which is ``text[start:end]``.

    ``word`` is the same however the number is written: ``art13``, ``cap2``, ``sig19``.
    """

    word: str
    start: int
    end: int


def numbered_parts(text: str) -> list[NumberedPart]:
    """The articles, chapters, centuries and so on that a text names, wherever it does."""
    found = []
    for match in _WRITTEN.finditer(text):
        number = _in_figures(match)
        kind = fold(match["other"] or "")[:3]
        word = f"{kind}{number}" if kind and number else _part_word(match)
        if word:
            start = next(match.start(of) for of in ("figures", "roman", "word") if match[of])
            found.append(NumberedPart(word, start, match.end()))
    found += [
        NumberedPart(f"sig{number}", match.start("roman"), match.end())
        for match in _CENTURY.finditer(text)
        if (number := _in_figures(match))
    ]
    return found


def number_words(text: str) -> list[str]:
    """The words that are added to those of a text: ``13`` for ``artículo XIII``, and ``art13``
    where article 13 begins in the text or is what it stands under.
    """
    figures = [
        number
        for match in (*_WRITTEN.finditer(text), *_CENTURY.finditer(text))
        if (number := _in_figures(match)) and not _is_plain(match)
    ]
    return [*figures, *_begun_parts(text)]


def asked_parts(question: str) -> list[str]:
    """The words of `number_words` for the parts that a question names, wherever it does."""
    return [word for word, _ in written_parts(question)]


def written_parts(text: str) -> list[tuple[str, str]]:
    """The parts that a text names anywhere, as `asked_parts` gives them and as they are written."""
    matches = _WRITTEN.finditer(text)
    return [(word, match[0]) for match in matches if (word := _part_word(match))]


def _begun_parts(text: str) -> Iterator[str]:
    for place in _BEGIN.finditer(text):
        start = place.end()
        match = ARTICLE.match(text, start) or LEGAL_PART.match(text, start)
        numbered = _WRITTEN.match(text, start)
        if match is None and not (numbered and numbered["word"]):
            continue
        if numbered:
            word = _part_word(numbered)
        elif match:  # ``SEGUNDO.-``
            number = _ordinal(match[0].rstrip(" .:)-–—"))
            word = f"art{number}" if number else ""
        if word:
            yield word


def _part_word(match: re.Match[str]) -> str:
    """One word for a part and its number, ``art3bis``, ``cap2``; empty for what is no part."""
    number = _in_figures(match)
    if match["other"] or not number:
        return ""
    letter = (match["letter"] or "").lower().replace("ñ", "enie")
    kind = fold(match["part"] or "")[:3]
    return f"{_PART_NAMES.get(kind, kind) or 'art'}{number}{letter}{fold(match['again'] or '')}"


def _in_figures(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if groups.get("figures"):
        return str(int(groups["figures"]))
    if groups["roman"]:
        # "Parte c" is no hundredth part.
        single = len(groups["roman"]) == 1 and groups["roman"] in "cClL"
        return str(roman_value(groups["roman"].lower()) or "") if not single else ""
    return _ordinal(groups["word"])


def _is_plain(match: re.Match[str]) -> bool:
    """Whether the number is written in figures alone, and so is a word already."""
    groups = match.groupdict()
    return bool(groups.get("figures")) and not groups["sign"]


def _ordinal(words: str) -> str:
    """The number of an ordinal or cardinal in words; empty for what is none, as ``único``."""
    values = [_VALUES.get(word, 0) for word in fold(words).split() if word != "y"]
    return str(sum(values)) if values and all(values) else ""

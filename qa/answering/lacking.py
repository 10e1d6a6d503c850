"""What a question names and a passage does not: another year, article, name, number or side.

Pure functions of two texts. Nothing is called lacking that may stand there in other words: another
form of a word, a short name, a year inside a range. Across languages words and names are left
alone, for they may be translated.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from index.text.folding import fold
from index.text.months import MONTH_NUMBERS
from index.text.numbers import asked_parts, number_words, written_parts
from qa.answering.sides import other_side
from qa.conversation.entities import find_names
from qa.conversation.lexicon import Word, content_words, function_words, stems, tokenize
from qa.conversation.rules import LANGUAGES, word_list
from qa.readers.evidence import NUMBERS, kind_words
from qa.types import Lack, LackKind

__all__ = ["alike", "lacks", "mentions"]

_SHARED = 5  # first letters that forms of one word share
_ENDING = 3  # letters that they have after those, at most
_LONG_NUMBER = 3  # figures of a number that tells which, as 4512 of "expediente 4512"
_BEFORE_NOUN = {"cuanta", "cuantas", "cuantos", "which"}  # these ask, and no verb follows
_SHOWN = 2  # other years of a passage that are named

_WORD = re.compile(r"[^\W\d_]+")
_YEAR = re.compile(r"(?<![\w.,/$€#-])(?:1[5-9]|20)\d\d(?![\w$€%]|[.,]\d|\s?(?:%|€|pesos|euros))")
_YEAR_AT_ALL = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_RANGE = re.compile(
    r"(?<!\d)((?:1[5-9]|20)\d\d)\s?(?:-|–|—|/|a|al?|y|and|to|until|hasta)\s?(?:el |de )?"
    r"((?:1[5-9]|20)\d\d)(?!\d)"
)
_DECADE = re.compile(
    r"(?<!\d)((?:1[5-9]|20)\d)0s\b|\b(?:d[ée]cada|a[ñn]os|decade)(?: de| of)?(?: los| the)?"
    r" ((?:1[5-9]|20)\d)0(?!\d)"
)
_SHORT_YEAR = re.compile(r"(?<!\d)\d{1,2}[/.-]\d{1,2}[/.-](\d\d)(?!\d)")
# "May" and "March" are months only with a capital: "the fee may rise".
_MONTH_NAMES = "|".join(name for name in MONTH_NUMBERS if name not in {"may", "march"})
_DATE = re.compile(
    rf"(?<!\w)(?:(?P<day>\d{{1,2}})(?:º|st|nd|rd|th)?(?: de| of)? )?"
    rf"(?P<month>(?i:{_MONTH_NAMES})|May|MAY|March|MARCH)(?: (?P<after>\d{{1,2}})(?![\d:.%]))?"
    rf"(?!\w)|(?<![\d/.-])(?P<one>\d{{1,2}})[/-](?P<two>\d{{1,2}})[/-](?:\d{{4}}|\d\d)(?!\d)"
)
_NUMBER = re.compile(r"(?<![\w.,/-])\d+(?:[.,]\d+)*(?![\w/]|-\d)")
_BEFORE = re.compile(r"([^\W\d_]+)[.:]?\s+(?:(?:n[.º°]+|no\.|n[úu]mero|number|#)\s*)?$", re.I)
_AFTER = re.compile(r"\s+(?:de )?([^\W\d_]+)")
_LINKS = re.compile(r"(?:\s*\b(?:del?|la|las|los|el|of|the)\b)*\s*$", re.IGNORECASE)


def lacks(
    question: str,
    passage: str,
    *,
    around: str = "",
    language: str = "es",
    same_language: bool = True,
    weights: Mapping[str, float] | None = None,
    nowhere: Collection[str] = (),
) -> list[Lack]:
    """What the passage lacks of what the question names, the most telling first.

    ``around`` is what the passage belongs to, as its title and date: what stands there is not
    lacking. ``language`` is the passage's, and ``same_language`` says that the question is in it.
    ``weights`` holds the idf of stems, which chooses among the missing words; ``nowhere`` holds
    the folded words of the question that no passage of the index has.
    """
    whole = f"{passage}\n{around}"
    text = _Text(passage, whole, frozenset(_folded(whole)))
    found = [
        *_articles(question, text),
        *_years(question, text),
        *_dates(question, text),
        *_sides(question, text),
    ]
    if same_language:
        found += _names(question, text)
        found += _numbers(question, text, language)
        found += _words(question, text, language, weights or {}, nowhere, found)
    marked = [replace(lack, nowhere=_is_nowhere(lack, nowhere)) for lack in found]
    return sorted(marked, key=lambda lack: (lack.instead is None, lack.kind is LackKind.WORD))


@dataclass(frozen=True, slots=True)
class _Text:
    """A passage, and the same with what it belongs to, of which there are also the folded words."""

    own: str
    whole: str
    words: frozenset[str]

    def has(self, word: str) -> bool:
        """Whether a form of a folded word stands in it or around it."""
        return word in self.words or any(alike(word, other) for other in self.words)


def alike(one: str, other: str) -> bool:
    """Whether two folded words may be forms of one: jubilados, jubilación."""
    if one == other:
        return True
    longer, shorter = max(len(one), len(other)), min(len(one), len(other))
    if one.rstrip("s") == other.rstrip("s") and shorter > 2:
        return True
    same = next((n for n, pair in enumerate(zip(one, other, strict=False)) if len({*pair}) > 1), -1)
    same = shorter if same < 0 else same
    return same >= _SHARED and longer - same <= max(_ENDING, same - 2)


def _folded(text: str) -> list[str]:
    return [fold(word) for word in _WORD.findall(text)]


def mentions(text: str, lack: Lack) -> bool:
    """Whether a text has, word for word, what another lacks; an article must begin in it."""
    if lack.kind is LackKind.ARTICLE:
        return not set(asked_parts(lack.asked)).isdisjoint(number_words(text))
    return f" {_plain(lack.asked)} " in f" {_plain(text)} "


@lru_cache(maxsize=256)  # of a question's candidates, for each thing that is lacking
def _plain(text: str) -> str:
    """The folded words of a text with single spaces."""
    return " ".join(re.findall(r"\w+", fold(text)))


def _is_nowhere(lack: Lack, nowhere: Collection[str]) -> bool:
    words = re.findall(r"\w+", fold(lack.asked))
    telling = [word for word in words if not _is_function_word(word)]
    if lack.kind in {LackKind.WORD, LackKind.NAME, LackKind.YEAR}:
        return bool(telling) and all(word in nowhere for word in telling)
    return False


def _is_function_word(word: str) -> bool:
    return any(word in function_words(language) for language in LANGUAGES)


def _articles(question: str, text: _Text) -> Iterator[Lack]:
    """Articles, chapters and the like that the passage is not of, and does not name."""
    held = {*asked_parts(text.whole), *number_words(text.whole)}
    for word, asked in written_parts(question):
        if word in held:
            continue
        kind = re.split(r"\d", word)[0]
        others = (own for other, own in written_parts(text.own) if _is_part(other, kind, text))
        yield Lack(LackKind.ARTICLE, asked, next(others, None))


def _is_part(word: str, kind: str, text: _Text) -> bool:
    """Whether a part of this kind begins in the passage, which so speaks of it."""
    return word.startswith(kind) and word in number_words(text.own)


def _years(question: str, text: _Text) -> Iterator[Lack]:
    own = [match[0] for match in _YEAR.finditer(text.own)]
    for asked in dict.fromkeys(match[0] for match in _YEAR.finditer(question)):
        if not _has_year(int(asked), text.whole):
            nearest = sorted(set(own), key=lambda year: (abs(int(year) - int(asked)), year))
            yield Lack(LackKind.YEAR, asked, _listed(sorted(nearest[:_SHOWN])))


def _has_year(year: int, text: str) -> bool:
    """Whether a year is named, also as 05/08/24, or lies in a range or decade that is."""
    if any(int(match[0]) == year for match in _YEAR_AT_ALL.finditer(text)):
        return True
    if any(int(first) <= year <= int(last) for first, last in _RANGE.findall(text)):
        return True
    decades = (int(one or other) for one, other in _DECADE.findall(text))
    shorts = (int(short) for short in _SHORT_YEAR.findall(text))
    return year // 10 in decades or year % 100 in shorts


def _listed(words: Sequence[str]) -> str | None:
    return " – ".join(words) if words else None


_Days = set[tuple[int | None, int]]


def _read_date(match: re.Match[str]) -> _Days:
    """The days and months that a date may mean: 05/08 both ways."""
    if match["one"]:
        one, two = int(match["one"]), int(match["two"])
        return {(day, month) for day, month in ((one, two), (two, one)) if month <= 12}
    day = match["day"] or match["after"]
    return {(int(day) if day else None, MONTH_NUMBERS[match["month"].lower()])}


def _dates(question: str, text: _Text) -> Iterator[Lack]:
    """Months, and days of a month, of which the passage names only others."""
    around = [day for match in _DATE.finditer(text.whole) for day in _read_date(match)]
    for match in _DATE.finditer(question):
        asked = _read_date(match)
        if any(_agree(one, other) for one in asked for other in around):
            continue
        others = [other[0].strip() for other in _DATE.finditer(text.own)]
        yield Lack(LackKind.DATE, match[0].strip(), others[0] if others else None)


def _agree(one: tuple[int | None, int], other: tuple[int | None, int]) -> bool:
    """Whether two dates may be one; a month alone may be any of its days."""
    return one[1] == other[1] and (None in {one[0], other[0]} or one[0] == other[0])


def _sides(question: str, text: _Text) -> Iterator[Lack]:
    for asked, instead in other_side(question, text.own, text.whole):
        yield Lack(LackKind.SIDE, asked, instead)


def _capitals(name: str) -> list[str]:
    """The folded words of a name that carry it."""
    words = (word for word in _WORD.findall(name) if word[0].isupper())
    return [word for word in map(fold, words) if not _is_function_word(word) and len(word) > 1]


def _names(question: str, text: _Text) -> Iterator[Lack]:
    own = [(match[0], _capitals(match[0])) for match in find_names(text.own)]
    parts = [asked for _, asked in written_parts(question)]
    for match in find_names(question):
        if any(match[0] in asked for asked in parts):  # the III of "capítulo III"
            continue
        asked = _capitals(match[0])
        missing = [word for word in asked if not text.has(word)]
        if not missing or _is_acronym(match[0], asked, text.whole):
            continue
        rival = next((name for name, words in own if _is_rival(asked, words, missing)), None)
        if len(missing) == len(asked):
            rival = rival or _of_same_noun(question, match.start(), text.own)
        if rival or len(missing) == len(asked):
            yield Lack(LackKind.NAME, _trimmed(match[0]), rival)


def _trimmed(name: str) -> str:
    return re.sub(r"['’]s?$", "", name).strip(" .,;:")


def _is_acronym(name: str, asked: Sequence[str], text: str) -> bool:
    """Whether name or text has the other's initials: ONU, Organización de las Naciones Unidas."""
    if name.isupper() and " " not in name:
        initials = "".join(word[0] for word in _capitals(text))
        return fold(name) in initials or fold(name).rstrip("s") in initials
    return len(asked) > 1 and "".join(word[0] for word in asked) in _folded(text)


def _is_rival(asked: Sequence[str], other: Sequence[str], missing: Sequence[str]) -> bool:
    """Whether another name is of the same kind: María López for María Pérez, but not for María."""
    if len(asked) < 2 or len(other) < 2 or all(word in asked for word in other):
        return False
    if any(alike(word, one) for word in other for one in missing):
        return False
    if asked[0] == other[0]:
        return asked[-1] != other[-1]
    return asked[-1] == other[-1] and any(
        {asked[0], other[0]} <= words for words in (_given_names(), _kinds_of_things())
    )


def _given_names() -> frozenset[str]:
    return word_list("women") | word_list("men")


def _kinds_of_things() -> frozenset[str]:
    return word_list("organisation_words") | word_list("generic_nouns")


def _noun_before(text: str, start: int) -> str:
    """The word before a name without its articles: "calle" of "la calle de Hidalgo"."""
    before = _LINKS.sub("", text[:start])
    words = _WORD.findall(before[-40:])
    word = fold(words[-1]) if words and before[-1:].isalpha() else ""
    return "" if _is_function_word(word) or len(word) < 4 else word


def _of_same_noun(question: str, start: int, text: str) -> str | None:
    """The name that follows in the text the noun that a name follows in the question."""
    noun = _noun_before(question, start)
    if not noun:
        return None
    names = [m[0] for m in find_names(text) if alike(noun, _noun_before(text, m.start()))]
    return _trimmed(names[0]) if names else None


def _plain_number(number: str) -> str:
    """A number without its marks, so that 1.250.000,50 is 1,250,000.50."""
    return re.sub(r"[.,]", "", re.sub(r"[.,]00?$", "", number)).lstrip("0")


def _nouns_at(text: str, match: re.Match[str]) -> list[str]:
    """The words beside a number that say of what it is: "lote 7", "85 personas"."""
    before, after = _BEFORE.search(text[: match.start()]), _AFTER.match(text, match.end())
    words = [fold(found[1]) for found in (before, after) if found]
    return [word for word in words if not _is_function_word(word) and len(word) > 2]


def _with_noun(text: str, match: re.Match[str]) -> str:
    """A number with the noun before it, if any."""
    before = _BEFORE.search(text[: match.start()])
    if before is None or _is_function_word(fold(before[1])) or len(before[1]) < 3:
        return match[0]
    return " ".join(text[before.start() : match.end()].split())


def _numbers(question: str, text: _Text, language: str) -> Iterator[Lack]:
    """Numbers that tell which one is meant, where the passage has another beside the same noun."""
    around = {_plain_number(match[0]) for match in _NUMBER.finditer(text.whole)}
    spelt = (NUMBERS.get(word.lower()) for word in _WORD.findall(text.whole))
    around |= {str(value) for value in spelt if value}
    own = [(m, _noun_stems(text.own, m, language)) for m in _NUMBER.finditer(text.own)]
    for asked in _plain_numbers(question):
        if _plain_number(asked[0]) in around:
            continue
        nouns = _noun_stems(question, asked, language)
        instead = next((_with_noun(text.own, m) for m, beside in own if nouns & beside), None)
        if instead or len(_plain_number(asked[0])) >= _LONG_NUMBER:
            yield Lack(LackKind.NUMBER, _with_noun(question, asked), instead)


def _noun_stems(text: str, match: re.Match[str], language: str) -> set[frozenset[str]]:
    return {stems(noun, language) for noun in _nouns_at(text, match)} - {frozenset()}


def _plain_numbers(question: str) -> Iterator[re.Match[str]]:
    """The question's numbers that are no years, dates or numbers of articles."""
    taken = [match.span() for kind in (_YEAR, _DATE) for match in kind.finditer(question)]
    parts = [asked for _, asked in written_parts(question)]
    for match in _NUMBER.finditer(question):
        inside = any(start <= match.start() < end for start, end in taken)
        if not inside and not any(asked.endswith(match[0]) for asked in parts):
            yield match


def _words(
    question: str,
    text: _Text,
    language: str,
    weights: Mapping[str, float],
    nowhere: Collection[str],
    found: Sequence[Lack],
) -> list[Lack]:
    """The rarest word that is missing; a verb or part of a name only where no passage has it."""
    known = {word for lack in found for word in re.findall(r"\w+", fold(lack.asked))}
    known |= {word for kind in kind_words(question) for word in re.findall(r"\w+", fold(kind))}
    names = {word for m in find_names(question) for word in _capitals(m[0])}
    words = tokenize(question)
    verbs = {word.plain for before, word in pairwise(words) if _asks(before)}
    missing = [
        word
        for word in content_words(words, language)
        if word.plain not in known
        and word.plain.isalpha()
        and word.plain not in MONTH_NUMBERS
        and (word.plain not in verbs | names or word.plain in nowhere)
        and not text.has(word.plain)
        and stems(word.text, language).isdisjoint(stems(text.whole, language))
    ]
    if not missing:
        return []

    def weight(plain: str) -> tuple[bool, bool, float]:
        idf = max((weights.get(stem, 0.0) for stem in stems(plain, language)), default=0.0)
        return plain in nowhere, plain not in verbs, idf

    rarest = max(missing, key=lambda word: weight(word.plain))
    # What is done may be said otherwise, so it only counts where there is nothing better to say.
    return [] if rarest.plain in verbs and found else [Lack(LackKind.WORD, rarest.text)]


def _asks(word: Word) -> bool:
    """Whether a word is an interrogative, or "se", after which there is mostly a verb."""
    return word.stem_of_contraction in word_list("interrogatives") - _BEFORE_NOUN | {"se"}

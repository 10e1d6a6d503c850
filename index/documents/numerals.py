"""Numbers as lists and headings show them: 3, c, iii, 3.º, tercero."""

from collections.abc import Callable

__all__ = ["letters", "numeral", "ordinal", "roman"]

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_MOST_LETTERS = 26 * 30
_MOST_ROMAN = 4999
_SIGNS = "*†‡§"

_EN_ONES_TEXT = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
"""
_EN_TENS_TEXT = """
    _ _ twenty thirty forty fifty sixty seventy eighty ninety
"""
_EN_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_ES_ONES_TEXT = """
    cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince
    dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro
    veinticinco veintiséis veintisiete veintiocho veintinueve
"""
_ES_TENS_TEXT = """
    _ _ _ treinta cuarenta cincuenta sesenta setenta ochenta noventa
"""
_ES_HUNDREDS_TEXT = """
    _ ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos
    novecientos
"""
_ES_ORDINALS_TEXT = """
    _ primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo undécimo duodécimo
    decimotercero decimocuarto decimoquinto decimosexto decimoséptimo decimoctavo decimonoveno
"""
_ES_ORDINAL_TENS_TEXT = """
    _ décimo vigésimo trigésimo cuadragésimo quincuagésimo sexagésimo septuagésimo octogésimo
    nonagésimo
"""
_ES_ORDINAL_HUNDREDS_TEXT = """
    _ centésimo ducentésimo tricentésimo cuadringentésimo quingentésimo sexcentésimo
    septingentésimo octingentésimo noningentésimo
"""

_EN_ONES = tuple(_EN_ONES_TEXT.split())
_EN_TENS = tuple(_EN_TENS_TEXT.split())
_ES_ONES = tuple(_ES_ONES_TEXT.split())
_ES_TENS = tuple(_ES_TENS_TEXT.split())
_ES_HUNDREDS = tuple(_ES_HUNDREDS_TEXT.split())
_ES_ORDINALS = tuple(_ES_ORDINALS_TEXT.split())
_ES_ORDINAL_TENS = tuple(_ES_ORDINAL_TENS_TEXT.split())
_ES_ORDINAL_HUNDREDS = tuple(_ES_ORDINAL_HUNDREDS_TEXT.split())


def numeral(count: int, style: str, language: str = "", pattern: str = "") -> str:
    """A number as the style of Word (``w:numFmt``) writes it; an unknown one writes it as decimal.

    ``language`` is the tag of the words, ``pattern`` the sample of a custom style (``001, 002``).
    """
    if style == "custom":
        sample = pattern.split(",", 1)[0].strip()
        return str(count).zfill(len(sample) if sample.isdigit() and len(sample) < 10 else 1)
    write = _STYLES.get(style)
    if write is not None:
        return write(count)
    words = _WORDS.get(style)
    if words is not None:
        spanish, english = words
        return (spanish if language.lower().startswith("es") else english)(count)
    return str(count)


def roman(count: int) -> str:
    """A small Roman numeral; figures for what has none."""
    if not 0 < count <= _MOST_ROMAN:
        return str(count)
    pieces = []
    for size, signs in _ROMAN:
        pieces.append(signs * (count // size))
        count %= size
    return "".join(pieces)


def letters(count: int, *, doubled: bool = True) -> str:
    """a, b, ... z, and then aa, bb, ... where ``doubled``, else aa, ab, ..."""
    if count < 1 or (doubled and count > _MOST_LETTERS):
        return str(count)
    if doubled:
        return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
    text = ""
    while count:
        count, letter = divmod(count - 1, 26)
        text = chr(ord("a") + letter) + text
    return text


def _sign(count: int) -> str:
    if not 0 < count <= 40:
        return str(count)
    return _SIGNS[(count - 1) % 4] * ((count - 1) // 4 + 1)


def _circled(count: int) -> str:
    return chr(0x2460 + count - 1) if 0 < count <= 20 else str(count)


def _english_ordinal(count: int) -> str:
    teen = 10 < count % 100 < 20
    return f"{count}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(count % 10, 'th')}"


def _english(count: int) -> str:
    if not 0 <= count < 1_000_000:
        return str(count)
    if count < 20:
        return _EN_ONES[count]
    if count < 100:
        rest = f"-{_EN_ONES[count % 10]}" if count % 10 else ""
        return _EN_TENS[count // 10] + rest
    size, name = (100, "hundred") if count < 1000 else (1000, "thousand")
    rest = f" {_english(count % size)}" if count % size else ""
    return f"{_english(count // size)} {name}{rest}"


def _english_rank(count: int) -> str:
    if not 0 <= count < 1_000_000:
        return _english_ordinal(count)
    words = _english(count)
    cut = max(words.rfind(" "), words.rfind("-")) + 1
    last = words[cut:]
    ending = last[:-1] + "ieth" if last.endswith("y") else last + "th"
    return words[:cut] + _EN_ORDINALS.get(last, ending)


def _spanish(count: int) -> str:
    if not 0 <= count < 1_000_000:
        return str(count)
    if count < 30:
        return _ES_ONES[count]
    if count < 100:
        rest = f" y {_ES_ONES[count % 10]}" if count % 10 else ""
        return _ES_TENS[count // 10] + rest
    if count < 1000:
        rest = f" {_spanish(count % 100)}" if count % 100 else ""
        return "cien" if count == 100 else _ES_HUNDREDS[count // 100] + rest
    thousands = count // 1000
    before = "" if thousands == 1 else _short(_spanish(thousands)) + " "
    rest = f" {_spanish(count % 1000)}" if count % 1000 else ""
    return f"{before}mil{rest}"


def _short(words: str) -> str:
    """Before a noun: veintiún mil, treinta y un mil."""
    if words.endswith("veintiuno"):
        return words[: -len("uno")] + "ún"
    return words[:-1] if words.endswith("uno") else words


def ordinal(count: int) -> str:
    """The Spanish word: primero, duodécimo; figures above 999."""
    if not 0 < count < 1000:
        return f"{count}º"
    if count < 20:
        return _ES_ORDINALS[count]
    hundreds, tens, ones = count // 100, count // 10 % 10, count % 10
    words = [_ES_ORDINAL_HUNDREDS[hundreds]] if hundreds else []
    if 0 < count % 100 < 20:
        words.append(_ES_ORDINALS[count % 100])
    else:
        words += [_ES_ORDINAL_TENS[tens]] if tens else []
        words += [_ES_ORDINALS[ones]] if ones else []
    return " ".join(words)


def _first_upper(write: Callable[[int], str]) -> Callable[[int], str]:
    def written(count: int) -> str:
        words = write(count)
        return words[:1].upper() + words[1:]

    return written


_STYLES: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "decimalZero": lambda count: f"{count:02}",
    "lowerRoman": roman,
    "upperRoman": lambda count: roman(count).upper(),
    "lowerLetter": letters,
    "upperLetter": lambda count: letters(count).upper(),
    "hex": lambda count: f"{count:X}",
    "chicago": _sign,
    "numberInDash": lambda count: f"- {count} -",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedParen": lambda count: f"({count})",
    "decimalEnclosedFullstop": lambda count: f"{count}.",
}
# In Spanish, in English.
_WORDS: dict[str, tuple[Callable[[int], str], Callable[[int], str]]] = {
    "ordinal": (lambda count: f"{count}º", _english_ordinal),
    "cardinalText": (_first_upper(_spanish), _first_upper(_english)),
    "ordinalText": (_first_upper(ordinal), _first_upper(_english_rank)),
}

"""Numbers as lists and headings show them: 3, c, C, iii, III, 03, tercero."""

__all__ = ["letters", "ordinal", "roman"]

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
    (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_UNITS = [
    "primero",
    "segundo",
    "tercero",
    "cuarto",
    "quinto",
    "sexto",
    "séptimo",
    "octavo",
    "noveno",
]
_TENS = ["décimo", "vigésimo", "trigésimo", "cuadragésimo", "quincuagésimo", "sexagésimo"]
_LARGEST = 4999


def roman(number: int) -> str:
    """A small Roman numeral; figures for what has none."""
    if not 0 < number <= _LARGEST:
        return str(number)
    text = ""
    for value, letter in _ROMAN:
        while number >= value:
            text += letter
            number -= value
    return text


def letters(number: int, *, doubled: bool) -> str:
    """a, b, ... z, and then aa, bb, ... where ``doubled``, else aa, ab, ..."""
    if not 0 < number <= _LARGEST:
        return str(number)
    if doubled:
        return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    text = ""
    while number:
        number, letter = divmod(number - 1, 26)
        text = chr(ord("a") + letter) + text
    return text


def ordinal(number: int) -> str:
    """The Spanish word: primero, décimo segundo; figures above 69."""
    tens, units = divmod(number, 10)
    if not 0 < number < 10 * (len(_TENS) + 1):
        return f"{number}.º"
    words = [_TENS[tens - 1]] if tens else []
    return " ".join(words + ([_UNITS[units - 1]] if units else []))

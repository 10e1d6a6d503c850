"""How a place writes numbers and dates, as far as spreadsheets need it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.text.language import ENGLISH_WORDS, SPANISH_WORDS
from index.text.months import MONTHS

__all__ = ["ENGLISH", "Locale", "by_code", "by_tag", "by_words", "day_name", "month_name"]


@dataclass(frozen=True, slots=True)
class Locale:
    """A language (ISO 639-1) and the signs and the order of numbers and dates."""

    language: str = "en"
    decimal: str = "."
    group: str = ","
    day_first: bool = False


ENGLISH = Locale()

# The lower ten bits of Windows' locale numbers name the language.
_LANGUAGES = {0x0A: "es", 0x09: "en", 0x16: "pt", 0x0C: "fr", 0x07: "de", 0x10: "it", 0x03: "ca"}
_NEUTRAL = frozenset((0x0000, 0x0400, 0xF400, 0xF800))  # the system's own, long date, time
# Spanish with a decimal point: Mexico, Central America, Peru and the north of the Caribbean.
_POINT_CODES = frozenset(
    (0x080A, 0x100A, 0x180A, 0x1C0A, 0x280A, 0x440A, 0x480A, 0x4C0A, 0x500A, 0x540A)
)
_POINT_PLACES = frozenset(("MX", "GT", "PA", "DO", "PE", "SV", "HN", "NI", "PR", "US"))

_MONTH_NAMES = {
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro "
    "dezembro",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
    "dicembre",
    "ca": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
}
_MONTHS = {**MONTHS, **{language: tuple(names.split()) for language, names in _MONTH_NAMES.items()}}
_DAYS = {  # from Monday
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "ca": "dilluns dimarts dimecres dijous divendres dissabte diumenge",
}
# What sheets are headed with, beside the function words of the language.
_HEADS_ES = (
    "fecha nombre importe cantidad precio monto tienda ventas mes año código clave concepto "
    "dirección teléfono correo ciudad estado región proveedor cliente producto gastos "
    "ingresos saldo cuota pago pagado hora descripción unidad unidades horas días"
)
_HEADS_EN = (
    "date name amount quantity price store sales month year code key item address phone "
    "mail city state region supplier customer product expenses income balance fee payment "
    "paid time description unit units hours days"
)
_HEADS = {"es": frozenset(_HEADS_ES.split()), "en": frozenset(_HEADS_EN.split())}
_WORD = re.compile(r"[^\W\d_]+")


def by_code(code: int) -> Locale | None:
    """The locale of a Windows number (0x0C0A is Spanish of Spain); None for the system's own."""
    code &= 0xFFFF
    language = _LANGUAGES.get(code & 0x3FF)
    if code in _NEUTRAL or language is None:
        return None
    return _locale(language, point=code in _POINT_CODES, american=code == 0x0409)


def by_tag(tag: str) -> Locale | None:
    """The locale of a language tag such as ``es-MX``; None where the tag is empty or unknown."""
    language, _, place = tag.strip().replace("_", "-").partition("-")
    place = place.upper()
    if language.lower() not in _MONTHS:
        return None
    return _locale(language.lower(), point=place in _POINT_PLACES, american=place in ("", "US"))


def _locale(language: str, *, point: bool, american: bool) -> Locale:
    if language == "en":
        return Locale(day_first=not american)
    if language == "es" and point:
        return Locale("es", day_first=True)
    return Locale(language, ",", " " if language == "fr" else ".", day_first=True)


def by_words(texts: Iterable[str]) -> Locale:
    """The locale of a workbook that names none: the language of its words, a decimal point."""
    counts = {"es": 0, "en": 0}
    for text in texts:
        for word in _WORD.findall(text.lower()):
            counts["es"] += word in SPANISH_WORDS or word in _HEADS["es"]
            counts["en"] += word in ENGLISH_WORDS or word in _HEADS["en"]
            counts["es"] += not word.isascii() and any(letter in "áéíóúñ" for letter in word)
    return Locale("es", day_first=True) if counts["es"] > counts["en"] else ENGLISH


def month_name(month: int, language: str, letters: int) -> str:
    """A month's name: whole (4 letters asked), its first three (3) or its initial (5)."""
    name = _MONTHS.get(language, _MONTHS["en"])[month - 1]
    name = name.capitalize() if language == "en" else name
    if letters == 5:
        return name[0].upper()
    return name if letters == 4 else name[:3]


def day_name(weekday: int, language: str, letters: int) -> str:
    """A day's name, whole or its first three letters; ``weekday`` counts from Monday, 0."""
    name = _DAYS.get(language, _DAYS["en"]).split()[weekday]
    return name if letters == 4 else name[:3]

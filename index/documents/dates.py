"""The date of a document as YYYY-MM-DD, from what it says of itself. Pure.

Only days that exist count, and nothing is guessed: where day and month may be either number, as in
3/9/2025, there is no date.
"""

import re
from collections.abc import Iterator
from datetime import date
from email.utils import parsedate

from index.text.months import MONTH_NUMBERS

__all__ = ["dateline", "iso_date", "name_date", "published_date"]

HEAD = 600  # characters of a text in which its date may stand
_EARLIEST, _LATEST = 1000, 2199  # years

_MONTHS = MONTH_NUMBERS | {name[:3]: number for name, number in MONTH_NUMBERS.items()}
_MONTHS |= {"setiembre": 9, "sept": 9, "set": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))

_ISO = r"(?P<y>\d{4})(?P<s>[-/._])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"
_DAY_FIRST = (
    rf"(?P<d>\d{{1,2}}|primero)(?:\s?[ºo°.]|st|nd|rd|th)?,?\s(?:de\s|of\s)?(?P<m>{_MONTH})\b\.?,?"
    r"(?:\s(?:de|del(?:\saño)?))?\s(?P<y>\d{4})(?!\d)"
)
_MONTH_FIRST = rf"(?P<m>{_MONTH})\b\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<y>\d{{4}})(?!\d)"
_SLASHES = r"(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4})(?!\d)"
_WRITTEN = [
    re.compile(rf"(?<![\w/.-]){form}", re.IGNORECASE)
    for form in (_ISO, _DAY_FIRST, _MONTH_FIRST, _SLASHES)
]
_DIGIT = re.compile(r"\d")
_IN_NAME = (
    re.compile(r"(?<!\d)(?P<y>\d{4})(?P<s>[-_.])(?P<m>\d{2})(?P=s)(?P<d>\d{2})(?!\d)"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)"),
)
_STAMP = re.compile(r"(?:D:)?(?P<y>\d{4})-?(?P<m>\d\d)-?(?P<d>\d\d)(?=$|[T\s\d+Z-])")

# Before a date in its line: places, a weekday, who wrote, or a word that announces the date.
_BEFORE_CHARS = 80
_ANNOUNCED = re.compile(
    r"(?:fecha|publicad[oa]|actualizad[oa]|date|dated|published|posted|updated|created|issued)\b"
    r"[\w .]{0,60}:?\s*(?:el|on)?",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?:[^\W\d_]\.?)+|[(),.:|/*_•·–—-]+")
_SMALL_WORDS = """
    a de del el en la las los on the y
    lunes martes miércoles jueves viernes sábado domingo
    monday tuesday wednesday thursday friday saturday sunday
"""
_SMALL = frozenset(_SMALL_WORDS.split())
# After it: the end of the line or of the sentence, a dash, a time.
_AFTER = re.compile(r"[*_)\]]*(?:\s*$|\.\s|[.,]?\s*[-–—|·•(/]|,?\s+(?:a las\s)?\d{1,2}[:.h]\d?)")
# Where laws say when they, and their last reform, were published. Gazettes write the day first.
_GAZETTE = (
    r"(?:D\.?\s?O\.?\s?F\b|B\.?\s?O\b|P\.?\s?O\b|G\.?\s?O\b|BOE|"
    r"(?:diario|bolet[íi]n|peri[óo]dico|gaceta|registro)\s(?:oficial|del|de)\b|gaceta\b)"
)
_LAST_REFORM = re.compile(
    r"[úu]ltimas?\s(?:reformas?|modificaci[óo]n(?:es)?|actualizaci[óo]n)\b", re.IGNORECASE
)
_PUBLICATION = re.compile(
    rf"(?:publicad[ao]s?|publicaci[óo]n)\s(?:en\s)?(?:el\s|la\s)?{_GAZETTE}|^{_GAZETTE}",
    re.IGNORECASE | re.MULTILINE,
)
_SAID_CHARS = 2500  # of a text's beginning, in which it says so
_AFTER_CHARS = 100  # between that and the day
# In a sentence it is said of another text: "la Ley 45, publicada en ...".
_TOLD = re.compile(
    r"\b(?:la|el|los|las|al|del|conforme|seg[úu]n|que|en|a)\s(?:[^\n]*[\s,])?$", re.IGNORECASE
)


def published_date(text: str) -> str | None:
    """The day of a law's last reform, else of its publication, as its first lines say it.

    ``Última reforma publicada DOF 01-04-2024``, ``Publicado en el D.O.F. el 3 de septiembre de
    2025``; not what is said of another law in a sentence.
    """
    head = text[:_SAID_CHARS]
    for form in (_LAST_REFORM, _PUBLICATION):
        for match in form.finditer(head):
            before = head[head.rfind("\n", 0, match.start()) + 1 : match.start()]
            line = head[match.end() : match.end() + _AFTER_CHARS].split("\n", 1)[0]
            told = len(before) > _BEFORE_CHARS or _TOLD.search(before)
            if told and form is _PUBLICATION:
                continue
            day = next(_days_first(line), None)
            if day:
                return day
    return None


def _days_first(line: str) -> Iterator[str]:
    """The days that a line names, in order; of two numbers the first is the day."""
    found = []
    for written in _WRITTEN:
        for match in written.finditer(line):
            parts = match.groupdict()
            of = (parts["m"], parts["d"]) if "m" in parts else (parts["b"], parts["a"])
            day = _day(parts["y"], *of)
            if day:
                found.append((match.start(), day))
    yield from (day for _, day in sorted(found))


def iso_date(value: str) -> str | None:
    """The day that a metadata field names: ISO 8601, a PDF's or a mail's form, or in words."""
    value = " ".join(value.split()).strip("\"'")
    if not value:
        return None
    stamp = _STAMP.match(value)
    if stamp:
        return _day(stamp["y"], stamp["m"], stamp["d"])
    mailed = parsedate(value)
    if mailed:
        return _day(mailed[0], mailed[1], mailed[2])
    return next((day for _, _, day in _written(value)), None)


def name_date(name: str) -> str | None:
    """The day in a file's name: ``2025-09-03 acta.pdf``, ``acta_20250903.pdf``."""
    days = (
        _day(match["y"], match["m"], match["d"])
        for form in _IN_NAME
        for match in form.finditer(name)
    )
    return next(filter(None, days), None)


def dateline(text: str) -> str | None:
    """The day that one of the first lines gives as the text's own, not as that of an event.

    It stands alone, after a place (``Ciudad de México, 3 de septiembre de 2025``) or after a word
    that announces it (``Published: September 3, 2025``), and its line or sentence ends with it.
    """
    at = 0
    for line in text[: HEAD + _BEFORE_CHARS].split("\n"):
        if at >= HEAD:
            break
        at += len(line) + 1
        for start, end, day in _written(line) if _DIGIT.search(line) else ():
            if _leads_to_date(line[:start]) and _AFTER.match(line, end):
                return day
    return None


def _leads_to_date(before: str) -> bool:
    words = before.strip(" \t#>*_")
    # In brackets after a name stand the dates of a life, not the text's date.
    if len(words) > _BEFORE_CHARS or words.count("(") > words.count(")"):
        return False
    if not words or _ANNOUNCED.fullmatch(words):
        return True
    parts = re.findall(r"\S+", words)
    if not all(_is_place(part) for part in parts):
        return False
    # "El 3 de septiembre" tells of an event; "Madrid, a 3 de septiembre" is a dateline.
    alone = all(part.casefold().strip(",") in _SMALL for part in parts)
    return not alone or parts[0].casefold().strip(",") not in {"el", "en", "on", "the", "del", "de"}


def _is_place(part: str) -> bool:
    pieces = _PLACE.findall(part)
    if "".join(pieces) != part:
        return False
    words = [piece for piece in pieces if piece[0].isalpha()]
    return all(word[0].isupper() or word.casefold() in _SMALL for word in words)


def _written(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and day of the dates in a text, in order."""
    dates = []
    for form in _WRITTEN:
        for match in form.finditer(text):
            parts = match.groupdict()
            day = _day(parts["y"], parts["m"], parts["d"]) if "m" in parts else _either(**parts)
            if day:
                dates.append((match.start(), match.end(), day))
    yield from sorted(dates)


def _either(a: str, b: str, y: str, **_: str) -> str | None:
    """The day of two numbers in any order, where only one order makes a date."""
    days = {_day(y, month, day) for day, month in ((a, b), (b, a))} - {None}
    return days.pop() if len(days) == 1 else None


def _day(year: str | int, month: str | int, day: str | int) -> str | None:
    """YYYY-MM-DD; None for a day that does not exist."""
    number = _MONTHS.get(str(month).lower(), month)
    try:
        existing = date(int(year), int(number), 1 if day == "primero" else int(day))
    except (ValueError, OverflowError):  # the latter for a year of many digits
        return None
    return existing.isoformat() if _EARLIEST <= existing.year <= _LATEST else None

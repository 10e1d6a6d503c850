"""Numbers, shares, dates, times and numbered parts of a text, as values: however they are written.

``1.250.000,50``, ``1,250,000.50`` and ``1250000.50`` are one number; ``5 de agosto de 2024``,
``05/08/2024`` and ``August 5, 2024`` one date. Three figures after one point or comma are
thousands, unless a zero stands alone before it. Pure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from index.text.folding import fold
from index.text.months import MONTH_NUMBERS
from index.text.numbers import numbered_parts
from qa.asked.counting import COUNTING, COUNTING_IN, counted

__all__ = ["Value", "ValueKind", "folded", "values"]


class ValueKind(StrEnum):
    """What a value is; only values of one kind can be the same."""

    NUMBER = "number"
    SHARE = "share"  # of a hundred
    DATE = "date"
    TIME = "time"
    PART = "part"  # an article, chapter, century by its number


@dataclass(frozen=True, slots=True)
class Value:
    """A value and its place in a text. Two are the same where they share one of their ``keys``.

    ``within`` are the keys of what holds it: of a day its month and its year, and the day of any
    year. A number has none.
    """

    kind: ValueKind
    keys: frozenset[str]
    start: int
    end: int
    within: frozenset[str] = frozenset()

    def is_same(self, other: "Value") -> bool:
        """Whether both are one value."""
        return self.kind is other.kind and not self.keys.isdisjoint(other.keys)

    def is_in(self, other: "Value") -> bool:
        """Whether the other is the same, or says more of it, as a date its year."""
        if self.is_same(other):
            return True
        years = other.kind is ValueKind.DATE and self.kind in {ValueKind.DATE, ValueKind.NUMBER}
        return years and not self.keys.isdisjoint(other.within)


_MONTHS = {**MONTH_NUMBERS, **{name[:3]: number for name, number in MONTH_NUMBERS.items()}}
_MONTHS |= {"setiembre": 9, "sept": 9, "set": 9}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_WORD = rf"primero|{COUNTING}(?:\s(?:y\s)?{COUNTING})?"
_YEAR_WORD = rf"(?:dos\s)?mil(?:\s(?:y\s)?{COUNTING}){{0,4}}"
_YEAR = rf"(?P<y>\d{{4}}(?!\d)|{_YEAR_WORD})"
_DATES = tuple(
    re.compile(rf"(?<![\w/.-]){form}")
    for form in (
        r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?![\w/-])",
        r"(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4}|(?<!\.)\d\d)(?![\w/-]|\.\d)",
        rf"(?P<d>\d{{1,2}}|{_DAY_WORD})(?:\s?[º°]|o\.?|er|st|nd|rd|th)?,?\s"
        rf"(?:dias?\s(?:del mes\s)?)?(?:de\s|of\s)?(?P<m>{_MONTH})\b\.?"
        rf"(?:,?\s(?:de\s|del\s(?:ano\s)?)?{_YEAR})?",
        rf"(?P<m>{_MONTH})\b\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s{_YEAR}",
        rf"(?P<m>{'|'.join(MONTH_NUMBERS)})\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)",
        rf"(?P<m>{_MONTH})\b\.?,?\s(?:de\s|del\s(?:ano\s)?|of\s)?{_YEAR}",
    )
)

_HOUR = rf"(?P<h>\d{{1,2}}|{COUNTING})"
_PARTS_OF_DAY = (
    r"(?:(?:de|por|en)\sla\s(?P<part>manana|tarde|noche|madrugada)|del?\s(?P<noon>mediodia))"
)
_TIMES = tuple(
    re.compile(rf"(?<![\w:.,]){form}")
    for form in (
        r"(?P<h>\d{1,2})(?:[:.](?P<mi>\d\d))?\s?(?P<ap>[ap])\.?\s?m\b\.?",
        r"(?P<h>\d{1,2}):(?P<mi>\d\d)(?::\d\d)?(?:\s?(?:h|hrs?|hs|horas|hours)\b\.?)?(?!\d)"
        rf"(?:\s{_PARTS_OF_DAY})?",
        r"(?P<h>\d{1,2})\s?(?:h|hrs|hs)\b\.?(?:\s?(?P<mi>\d\d)\b)?",
        rf"las?\s{_HOUR}(?:[:.](?P<mi>\d\d)|\sy\s(?P<past>media|cuarto|{COUNTING}|\d\d)"
        rf"|\smenos\s(?P<to>cuarto))?(?:(?:\sen\spunto|\shoras)?\s{_PARTS_OF_DAY}"
        r"|\sen\spunto|\shoras|(?=\s*[?,;.)]|$))(?!\w)",
        rf"(?P<half>half past )?{_HOUR}\so['’]?clock"
        r"(?:\sin\sthe\s(?P<part>morning|afternoon|evening))?",
        r"(?P<word>mediodia|medianoche|noon|midnight)\b",
    )
)
_AFTERNOON = frozenset(("tarde", "noche", "afternoon", "evening"))
_NAMED_TIMES = {"mediodia": "12:00", "noon": "12:00", "medianoche": "0:00", "midnight": "0:00"}

_SCALES = {"mil": 3, "thousand": 3, "millon": 6, "millones": 6, "million": 6, "billion": 9}
_SCALES |= {"mil millones": 9, "millardo": 9, "millardos": 9, "billon": 12, "billones": 12}
_SCALE = "|".join(sorted(_SCALES, key=len, reverse=True))
_FIGURES = (
    r"(?:\d{1,3}['’]\d{3}(?:,\d{3})+(?!\d)"
    r"|\d{1,3}(?P<s>[.,'’ \u00a0\u202f])\d{3}(?:(?P=s)\d{3})*(?!\d)|\d+)(?:[.,]\d+)?"
)
_NUMBER = re.compile(
    rf"(?<![\w.,/:])(?P<n>{_FIGURES})(?:\s(?P<scale>{_SCALE})\b)?(?![.,]?\d)"
    r"(?P<share>\s?%|\spor\s(?:ciento|cien)\b|\sper\s?cent\b|\spercent\b)?"
)
_WORDS = {
    language: re.compile(
        rf"(?<!\w)(?P<n>{word}(?:(?:-|\s(?:y\s|and\s)?){word}){{0,9}})"
        r"(?P<share>\spor\s(?:ciento|cien)\b|\sper\s?cent\b|\spercent\b|\s%)?"
    )
    for language, word in COUNTING_IN.items()
}


def values(text: str, language: str | None = None) -> list[Value]:
    """The values of a text, in order, none inside another.

    Of a date of two numbers the first is the day, in English (``"en"``) either.
    """
    plain = folded(text)
    found = [
        Value(ValueKind.PART, frozenset((part.word,)), part.start, part.end)
        for part in numbered_parts(text)
    ]
    for read in (_dates, _times, _numbers):
        taken = [(value.start, value.end) for value in found]
        found += [
            value
            for value in read(plain, language)
            if not any(value.start < end and start < value.end for start, end in taken)
        ]
    return sorted(found, key=lambda value: value.start)


def folded(text: str) -> str:
    """The text in lower case without accents, each character in its place."""
    plain = fold(text)
    if len(plain) != len(text):
        plain = "".join(fold(character)[:1] or " " for character in text)
    return plain


def _dates(plain: str, language: str | None) -> Iterator[Value]:
    taken: list[tuple[int, int]] = []
    for form in _DATES:
        for match in form.finditer(plain):
            start, end = match.span()
            days = _days(match.groupdict(), language)
            if days and not any(start < b and a < end for a, b in taken):
                taken.append((start, end))
                keys = frozenset(f"{y}-{m}-{d}" for y, m, d in days)
                yield Value(ValueKind.DATE, keys, start, end, frozenset(_holding(days)))


def _days(parts: dict[str, str | None], language: str | None) -> list[tuple[str, int, int | str]]:
    """Year, month and day, "" for what is not said; none where there is no such day."""
    year = _year(parts.get("y"))
    if parts.get("a"):
        day, month = int(parts["a"] or 0), int(parts["b"] or 0)
        orders = [(day, month), (month, day)] if language == "en" or month > 12 else [(day, month)]
        return [(year, m, d) for d, m in dict.fromkeys(orders) if _exists(m, d)]
    written = parts["m"] or ""
    number = int(written) if written.isdigit() else _MONTHS[written]
    named = parts.get("d")
    if not named:
        return [(year, number, "")] if year else []
    value = 1 if named == "primero" else int(named) if named.isdigit() else counted(named)
    return [(year, number, int(value))] if value and _exists(number, int(value)) else []


def _exists(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def _year(written: str | None) -> str:
    if not written:
        return ""
    if not written.isdigit():
        return str(counted(written) or "")
    return written if len(written) == 4 else f"{'20' if int(written) < 50 else '19'}{written}"


def _holding(days: list[tuple[str, int, int | str]]) -> Iterator[str]:
    for year, month, day in days:
        yield from (f"-{month}-{day}", f"{year}-{month}-", f"-{month}-", year)


def _times(plain: str, _: str | None) -> Iterator[Value]:
    taken: list[tuple[int, int]] = []
    for form in _TIMES:
        for match in form.finditer(plain):
            start, end = match.span()
            keys = _hours(match.groupdict())
            if keys and not any(start < b and a < end for a, b in taken):
                taken.append((start, end))
                yield Value(ValueKind.TIME, frozenset(keys), start, end)


def _hours(parts: dict[str, str | None]) -> list[str]:
    """The hours and minutes, of 24, that a time may mean."""
    if word := parts.get("word"):
        return [_NAMED_TIMES[word]]
    written = parts["h"] or ""
    hour = int(written) if written.isdigit() else counted(written) or 1  # "la una"
    past = parts.get("past")
    minutes = int(parts.get("mi") or 0) + (30 if parts.get("half") else 0)
    if past:
        named = {"media": 30, "cuarto": 15}.get(past)
        minutes = named or (int(past) if past.isdigit() else int(counted(past) or 0))
    if parts.get("to"):
        hour, minutes = hour - 1, 45
    part = parts.get("part")
    if parts.get("ap") == "p" or part in _AFTERNOON or (parts.get("noon") and hour < 3):
        hours = [hour if hour >= 12 else hour + 12]
    elif parts.get("ap") == "a" or part:
        hours = [hour % 12 if hour == 12 else hour]
    elif written.isdigit() or hour > 12 or parts.get("noon"):
        hours = [hour]
    else:  # "las tres" may be 15:00
        hours = [hour, hour + 12]
    return [f"{h}:{minutes:02d}" for h in hours if 0 <= h <= 24 and minutes < 60]


def _numbers(plain: str, language: str | None) -> Iterator[Value]:
    ends: list[tuple[int, int]] = []
    for match in _NUMBER.finditer(plain):
        number = _figures(match["n"]) * 10 ** _SCALES.get(match["scale"] or "", 0)
        ends.append(match.span())
        yield _counted(match, number)
    for match in _WORDS.get(language, _WORDS[None]).finditer(plain):
        start, end = match.span()
        value = counted(match["n"])
        if value is not None and not any(start < b and a < end for a, b in ends):
            yield _counted(match, Decimal(value))


def _counted(match: re.Match[str], number: Decimal) -> Value:
    kind = ValueKind.SHARE if match["share"] else ValueKind.NUMBER
    key = format(number.normalize(), "f")
    return Value(kind, frozenset((key,)), *match.span())


def _figures(written: str) -> Decimal:
    """The number that figures with points, commas and spaces write."""
    if re.search("['’]", written):  # 1'250,000.50
        written = re.sub("['’,](?=\\d{3}(?!\\d))", "", written)
    written = re.sub(r"\s", "", written)
    marks = [mark for mark in written if mark in ".,"]
    if len(set(marks)) == 2:  # the last one is of the decimals
        whole, fraction = re.split(rf"[{marks[-1]}]", written, maxsplit=1)
        return Decimal(f"{re.sub('[.,]', '', whole)}.{fraction}")
    if len(marks) > 1:
        return Decimal(re.sub("[.,]", "", written))
    whole, _, fraction = written.replace(",", ".").partition(".")
    grouped = len(fraction) == 3 and len(whole) <= 3 and whole.strip("0")
    return Decimal(whole + fraction) if grouped else Decimal(f"{whole}.{fraction or 0}")

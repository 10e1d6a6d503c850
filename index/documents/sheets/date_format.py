"""Dates and times of spreadsheets: days and parts of days counted from 1900 or 1904."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from index.documents.sheets.locales import day_name, month_name

__all__ = ["DATE_TOKEN", "date_of", "date_text", "serial"]

DATE_TOKEN = frozenset(("date", "elapsed"))
"""The kinds of tokens that show a part of a date or a time."""

_DAY = 86_400
_LAST = 2_958_466  # the day after 31 December 9999


def date_of(seconds: Decimal, *, from_1904: bool) -> datetime | None:
    """The moment so many seconds after the first day; None for what no calendar holds."""
    days = int(seconds // _DAY)
    if not 0 <= days < _LAST:
        return None
    if from_1904:
        start = datetime(1904, 1, 1)
    else:
        # 1900 is taken for a leap year: what is before 1 March of it is a day off.
        start = datetime(1899, 12, 31) if days < 60 else datetime(1899, 12, 30)
    try:
        return start + timedelta(seconds=float(seconds))
    except OverflowError:
        return None


def date_text(
    tokens: Sequence[tuple[str, str]],
    value: float,
    language: str,
    from_1904: bool,
    decimal: str = ".",
) -> str | None:
    """What the tokens of a date format show of a number; None where it is no date."""
    elapsed = any(kind == "elapsed" for kind, _ in tokens)
    places = max((_places(text) for kind, text in tokens if kind == "date"), default=0)
    exact = Decimal(repr(abs(value) if elapsed else value)) * _DAY
    if not exact.is_finite() or abs(exact) > Decimal(_LAST) * _DAY:
        return None
    seconds = exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    moment = date_of(seconds, from_1904=from_1904)
    if moment is None:
        return None
    half = any(kind == "date" and text.upper() in ("AM/PM", "A/P") for kind, text in tokens)
    shown = []
    for place, (kind, text) in enumerate(tokens):
        if kind == "elapsed":
            shown.append(_elapsed(text, seconds))
        elif kind == "date":
            minutes = text[0] in "mM" and _is_minutes(tokens, place)
            shown.append(_token(text, moment, seconds, language, minutes, half, decimal))
        elif kind == "digit":
            shown.append(text if text == "0" else "")
        else:
            shown.append(text)
    sign = "-" if elapsed and value < 0 and seconds else ""
    return sign + "".join(shown)


def _places(text: str) -> int:
    """The decimals of a token of seconds."""
    return text.count("0")


def _is_minutes(tokens: Sequence[tuple[str, str]], place: int) -> bool:
    """Whether an m stands for minutes: after hours or before seconds."""
    if len(tokens[place][1]) > 2:
        return False
    timed = [(n, text) for n, (kind, text) in enumerate(tokens) if kind in DATE_TOKEN]
    before = [text for n, text in timed if n < place and text.upper() not in ("AM/PM", "A/P")]
    after = [text for n, text in timed if n > place]
    return bool((before and before[-1][0] in "hH") or (after and after[0][0] in "sS"))


def _elapsed(text: str, seconds: Decimal) -> str:
    unit = {"h": 3600, "m": 60, "s": 1}[text[0]]
    return str(int(seconds // unit)).zfill(len(text))


def _token(
    text: str,
    moment: datetime,
    seconds: Decimal,
    language: str,
    minutes: bool,
    half: bool,
    decimal: str,
) -> str:
    letter, many = text[0].lower(), len(text)
    if text.upper() in ("AM/PM", "A/P"):
        sign = "AM" if moment.hour < 12 else "PM"
        return sign if many == 5 else sign[0].lower() if text.islower() else sign[0]
    if letter in "ye":
        year = str(moment.year)
        return year[2:] if letter == "y" and many < 3 else year
    if letter == "d" and many > 2:
        return day_name(moment.weekday(), language, min(many, 4))
    if letter == "m" and many > 2:
        return month_name(moment.month, language, min(many, 5))
    if letter == "s":
        return _seconds(text, seconds, decimal)
    hour = int(seconds % _DAY // 3600)
    hour = hour % 12 or 12 if half else hour
    minute = int(seconds % 3600 // 60)
    value = {"d": moment.day, "h": hour, "m": minute if minutes else moment.month}[letter]
    return str(value).zfill(min(many, 2))


def _seconds(text: str, seconds: Decimal, decimal: str) -> str:
    """Seconds, with a fraction where the token has one (``ss.00``)."""
    width = sum(letter in "sS" for letter in text)
    whole, _, fraction = f"{seconds % 60:f}".partition(".")
    places = len(text) - width - 1
    shown = whole.zfill(min(width, 2))
    return shown + decimal + fraction.ljust(places, "0")[:places] if places > 0 else shown


def serial(value: str, *, from_1904: bool) -> float | None:
    """The day number of a date written as ISO 8601; None where it is none."""
    value = value.removesuffix("Z")
    try:
        if "T" not in value and ":" in value:
            clock = time.fromisoformat(value)
            return (clock.hour * 3600 + clock.minute * 60 + clock.second) / 86400
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    first = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)
    days = moment.date().toordinal() - first.toordinal()
    return days + (moment.hour * 3600 + moment.minute * 60 + moment.second) / 86400

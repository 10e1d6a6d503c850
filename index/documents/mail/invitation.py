"""The events of an iCalendar text, which mails carry as invitations."""

import re
from collections.abc import Iterator
from datetime import datetime

from index.documents.decoding import clean
from index.documents.mail.head import language_of
from index.documents.parts import Part
from index.text.months import written_date
from index.types import BlockRole

__all__ = ["invitation"]

MAX_EVENTS = 1000

_LABELS = {
    "es": ("Evento", "Evento cancelado", "Cuándo", "Lugar", "Organiza"),
    "en": ("Event", "Cancelled event", "When", "Where", "Organizer"),
}
_LINE = re.compile(r"([A-Za-z-]+)((?:;[^:;\"]+(?:\"[^\"]*\")?)*):(.*)")
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_NAME = re.compile(r"CN=(\"[^\"]*\"|[^;:]*)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([nN,;\\])")


def invitation(text: str) -> list[Part]:
    """What, when and where: fields for each event, then the words of its description."""
    lines = re.sub(r"\r?\n[ \t]", "", text.replace("\r\n", "\n")).split("\n")
    events = list(_events(lines))
    language = language_of([text for event in events for _, text in event.values()])
    cancelled = any(line.strip().upper() == "METHOD:CANCEL" for line in lines)
    return [part for event in events for part in _shown(event, language, cancelled=cancelled)]


def _events(lines: list[str]) -> Iterator[dict[str, tuple[str, str]]]:
    """Of each event: the name of a property, its parameters and its value."""
    event: dict[str, tuple[str, str]] | None = None
    inner = count = 0
    for line in lines:
        word = line.strip().upper()
        if word == "BEGIN:VEVENT":
            event, inner = {}, 0
        elif word == "END:VEVENT" and event is not None:
            yield event
            event, count = None, count + 1
            if count == MAX_EVENTS:
                return
        elif word.startswith("BEGIN:"):
            inner += 1
        elif word.startswith("END:"):
            inner -= 1
        elif event is not None and not inner and (match := _LINE.fullmatch(line.rstrip())):
            event.setdefault(match[1].upper(), (match[2], _unescaped(match[3])))


def _unescaped(value: str) -> str:
    return clean(_ESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], value)).strip()


def _shown(event: dict[str, tuple[str, str]], language: str, *, cancelled: bool) -> Iterator[Part]:
    name, off, when, where, who = _LABELS[language]
    cancelled = cancelled or event.get("STATUS", ("", ""))[1].upper() == "CANCELLED"
    parameters, organizer = event.get("ORGANIZER", ("", ""))
    person = _NAME.search(parameters)
    address = re.sub("(?i)^mailto:", "", organizer)
    named = " ".join(
        filter(None, (person[1].strip('"') if person else "", f"<{address}>" if address else ""))
    )
    values = (
        (off if cancelled else name, event.get("SUMMARY", ("", ""))[1]),
        (when, _moments(event, language)),
        (where, event.get("LOCATION", ("", ""))[1]),
        (who, clean(named)),
    )
    for label, value in values:
        if value:
            yield Part(BlockRole.FIELD, f"{label}: {' '.join(value.split())}")
    for paragraph in re.split(r"\n\s*\n", event.get("DESCRIPTION", ("", ""))[1]):
        if paragraph.strip():
            yield Part(BlockRole.PARAGRAPH, paragraph.strip())


def _moments(event: dict[str, tuple[str, str]], language: str) -> str:
    start, end = (_moment(event.get(name, ("", ""))[1]) for name in ("DTSTART", "DTEND"))
    if start is None:
        return ""
    (day, time), (last, until) = start, end or start
    if not time:
        return written_date(day, language)  # the whole day
    shown = f"{written_date(day, language)}, {time}"
    if end is None or (day, time) == (last, until):
        return shown
    return (
        f"{shown}–{until}" if day == last else f"{shown} – {written_date(last, language)}, {until}"
    )


def _moment(value: str) -> tuple[str, str] | None:
    """Day and time of a stamp; the time is empty for a whole day."""
    match = _STAMP.fullmatch(value)
    try:
        day = datetime(*map(int, match.groups()[:3])).date() if match else None  # type: ignore[arg-type]
    except ValueError:
        return None
    if match is None or day is None:
        return None
    zone = " UTC" if match[6] else ""
    return day.isoformat(), f"{match[4]}:{match[5]}{zone}" if match[4] else ""

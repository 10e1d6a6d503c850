"""A limit by the documents' own dates."""

import re
from calendar import monthrange
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from index.errors import InputError
from index.index import Index
from index.text.messages import describe, printable

__all__ = ["Dates", "dates_of"]

_YEAR_FIRST = re.compile(r"[0-9]{4}(?:-[0-9]{1,2}){0,2}")
_DAY_FIRST = re.compile(
    r"(?:[0-9]{1,2}(?P<between>[/.-]))?[0-9]{1,2}(?(between)(?P=between)|[/.-])[0-9]{4}"
)

_SHOWN = 40  # characters of what is no date, in the message


@dataclass(frozen=True, slots=True)
class Dates:
    """The first and the last day, both included, as YYYY-MM-DD; None where there is no limit."""

    since: str | None = None
    until: str | None = None

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None

    def holds(self, day: str) -> bool:
        """Whether a day, as YYYY-MM-DD, is within them."""
        return (self.since or day) <= day <= (self.until or day)

    def condition(self) -> dict[str, dict[str, str]]:
        """The condition on documents (`index.storage.conditions`) that these dates make."""
        limits = {"$gte": self.since, "$lte": self.until}
        return {"date": {operator: day for operator, day in limits.items() if day is not None}}

    def within(self, index: Index, documents: Iterable[str] | None = None) -> tuple[list[str], int]:
        """The ids of the documents of these dates, and how many others have no date.

        ``documents`` are the ids of those that are looked at, by default all.
        """
        only: Collection[str] | None = None if documents is None else set(documents)
        names = [name for name in index.names() if only is None or name.id in only]
        dated = [name.id for name in names if name.date and self.holds(name.date)]
        return dated, sum(name.date is None for name in names)


def dates_of(since: str | None, until: str | None) -> Dates:
    """The limit that two dates make, or nothing; both included.

    Each is YYYY, YYYY-MM or YYYY-MM-DD, or as people write it, the day first: 5/2024, 31/05/2024,
    31-05-2024 or 31.5.2024.

    Raises InputError for what is no date, and where the last is before the first.
    """
    first, last = _days(since), _days(until)
    dates = Dates(first and first[0].isoformat(), last and last[1].isoformat())
    if dates.since and dates.until and dates.since > dates.until:
        raise InputError(f"From {since} until {until} there is no day: change the two dates.")
    return dates


def _days(given: str | None) -> tuple[date, date] | None:
    """The first and the last day of a year, month or day."""
    if given is None:
        return None
    if not isinstance(given, str):
        raise InputError(f"A date is text as 2024-05-31, not {describe(given)}: write it so.")
    if not given.strip():
        return None
    try:
        year, month, day = [*_numbers(given.strip()), None, None, None][:3]
        first = date(year or 0, 1 if month is None else month, 1 if day is None else day)
    except ValueError as exc:
        shown = printable(" ".join(given.split())[:_SHOWN])
        raise InputError(
            f"{shown} is no date: write a year, month or day as 2024, 2024-05, 2024-05-31 "
            "or 31/05/2024."
        ) from exc
    if day is not None:
        return first, first
    last = 12 if month is None else month
    return first, date(first.year, last, monthrange(first.year, last)[1])


def _numbers(given: str) -> list[int]:
    """Year, month and day, as far as they are given; nothing where it is written as no date."""
    if _YEAR_FIRST.fullmatch(given):
        return [int(number) for number in given.split("-")]
    if _DAY_FIRST.fullmatch(given):
        return [int(number) for number in reversed(re.split("[/.-]", given))]
    return []

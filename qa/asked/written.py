"""A question's numbers, dates and times as the passages write them.

"¿Qué obra costará 1,250,000.50 pesos?" of a text with ``1.250.000,50`` shares no word with it. So
the value is put into the question as it stands in the best passages. Nothing is guessed: another
form of the very same value must stand there.
"""

import re
from collections.abc import Sequence
from decimal import Decimal

from index.text.months import MONTHS
from index.types import Passage
from qa.asked.values import Value, ValueKind, folded, values

__all__ = ["as_written", "in_every_form"]

Held = tuple[Value, str, bool]
"""A value of a passage, how it is written, and whether that is in the question's language."""

MOST_FIGURES = 20  # of a number that is more than a mark
FEWEST_FIGURES = 4  # of a whole number that is searched for in other forms


def as_written(question: str, language: str | None, passages: Sequence[Passage]) -> str | None:
    """The question with its values as the passages, best first, write them.

    What one of them writes as the question does stays, and what has but words that the question
    has too. From a passage in another language no words are taken. A day without a year is that of
    one year only where no passage has it of another. None where a value is in none of them.
    """
    asked = values(question, language)
    if not asked:
        return question
    missing, changed = False, False
    held = [
        (value, passage.indexed_text[value.start : value.end], language == passage.language)
        for passage in passages
        for value in values(passage.indexed_text, passage.language)
    ]
    for value in reversed(asked):
        own = question[value.start : value.end]
        same = [held_as for held_as in held if value.is_same(held_as[0])]
        if not same and value.kind is ValueKind.DATE:
            same = _of_one_year(value, held)
        missing = missing or not same
        forms = [form for _, form, alike in same if alike or not any(map(str.isalpha, form))]
        if forms and not _is_small(value) and not any(_words(own) <= _words(f) for f in forms):
            question = question[: value.start] + forms[0] + question[value.end :]
            changed = True
    return None if missing and not changed else question


def _words(form: str) -> set[str]:
    return set(re.findall(r"\d+(?:[.,]\d+)*|[^\W\d_]+", folded(form)))


def _is_small(value: Value) -> bool:
    """Whether a number is one of those that stand everywhere."""
    return value.kind is ValueKind.NUMBER and all(len(key) == 1 for key in value.keys)


def _of_one_year(value: Value, held: Sequence[Held]) -> list[Held]:
    """The forms of a day that is asked for without its year."""
    if not all(key.startswith("-") for key in value.keys):
        return []
    dates = [held_as for held_as in held if value.is_in(held_as[0])]
    return dates if len({of[0].keys for of in dates}) == 1 else []


def in_every_form(question: str, language: str | None) -> str | None:
    """The question with all forms of its values, to be searched for where none of them is found.

    None where it has no value that is rare enough for that: a date, a time, a number of four
    figures or with decimals.
    """
    wider, found = question, False
    for value in reversed(values(question, language)):
        forms = [form for key in sorted(value.keys) for form in _forms(value.kind, key)]
        if forms:
            wider = f"{wider[: value.start]}{' '.join(forms)}{wider[value.end :]}"
            found = True
    return wider if found else None


def _forms(kind: ValueKind, key: str) -> list[str]:
    if kind is ValueKind.NUMBER:
        return _number_forms(Decimal(key))
    if kind is ValueKind.DATE:
        return _date_forms(*key.split("-"))
    if kind is ValueKind.TIME:
        return _time_forms(*map(int, key.split(":")))
    return []


def _number_forms(number: Decimal) -> list[str]:
    if number.adjusted() > MOST_FIGURES:
        return []
    whole = int(number)
    decimals = max(2, -int(number.as_tuple().exponent)) if number != whole else 0
    if not decimals and len(str(whole)) < FEWEST_FIGURES:
        return []
    grouped = f"{number:,.{decimals}f}"
    plain = f"{number:.{decimals}f}"
    swapped = grouped.translate(str.maketrans(",.", ".,"))
    forms = [grouped, swapped, plain, plain.replace(".", ","), swapped.replace(".", " ")]
    if number % 10**6 == 0:
        forms.append(f"{whole // 10**6} millones")
    return list(dict.fromkeys(forms))


def _date_forms(year: str, month: str, day: str) -> list[str]:
    number = int(month)
    spanish, english = (MONTHS[language][number - 1] for language in ("es", "en"))
    if not (year and day):
        return []
    return [
        f"{day} de {spanish} de {year}",
        f"{english.capitalize()} {day}, {year}",
        f"{int(day):02d}/{number:02d}/{year}",
        f"{day}/{number}/{year}",
    ]


def _time_forms(hour: int, minute: int) -> list[str]:
    half = f"{hour % 12 or 12}:{minute:02d} {'pm' if hour >= 12 else 'am'}"
    whole = [f"{hour} horas"] if not minute else []
    return [f"{hour}:{minute:02d}", half, *whole]

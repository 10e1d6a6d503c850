"""Numbers, dates and times of a text as values."""

import pytest

from qa.asked.counting import counted
from qa.asked.values import Value, ValueKind, values

NUMBERS = """
1250000.5: 1.250.000,50 | 1,250,000.50 | 1250000.50 | 1 250 000,50 | 1250000,5 | 1'250,000.50
1500.5: 1500.50 | 1.500,50 | 1,500.50
1500: 1.500 | 1,500 | 1500 | mil quinientos | fifteen hundred
0.125: 0,125 | 0.125
3000000: 3 millones | 3,000,000 | tres millones | 3 million | three million
3400000: 3.4 millones | 3,4 millones | 3.400.000
2000000000: 2 mil millones | dos mil millones | 2 billion
13: trece | 13 | thirteen
2024: dos mil veinticuatro | 2024
250: doscientos cincuenta | two hundred and fifty
"""
SHARES = "8: 8 % | 8% | ocho por ciento | 8 por ciento | eight per cent"
DATES = """
2024-8-5: 5 de agosto de 2024 | 05/08/2024 | 5/8/24 | 2024-08-05 | August 5, 2024 | 5 August 2024
2024-8-5: 5th of August, 2024 | cinco de agosto de dos mil veinticuatro | Aug. 5, 2024 | 05-08-2024
2023-5-1: 1o. de mayo de 2023 | primero de mayo de 2023 | 1º de mayo del 2023
2024-8-: agosto de 2024 | August 2024 | agosto del año 2024
-8-5: 5 de agosto | August 5
"""
TIMES = """
15.00: 15:00 h | 15:00 | 3 pm | 3:00 p. m. | las tres de la tarde | las 15 horas | 15 hrs
15.30: 15:30 | 3:30 PM | las tres y media de la tarde | half past 3 o'clock in the afternoon
8.00: 8 am | las ocho de la mañana | 8:00
13.00: la una de la tarde | 1 p.m.
12.00: mediodía | noon | 12:00
"""
PARTS = """
art13: artículo 13 | ARTÍCULO XIII | artículo trece | cláusula décima tercera | art. 13
sig19: siglo 19 | siglo XIX | s. XIX | siglo diecinueve
cap2: capítulo 2 | Capítulo II | capítulo segundo | chapter 2
"""
ROWS = {
    ValueKind.NUMBER: NUMBERS,
    ValueKind.SHARE: SHARES,
    ValueKind.DATE: DATES,
    ValueKind.TIME: TIMES,
    ValueKind.PART: PARTS,
}
FORMS = [
    (kind, row.split(": ")[0].replace(".", ":" if kind is ValueKind.TIME else "."), form.strip())
    for kind, rows in ROWS.items()
    for row in rows.strip().splitlines()
    for form in row.partition(": ")[2].split("|")
]


@pytest.mark.parametrize(("kind", "key", "form"), FORMS)
def test_all_forms_of_a_value(kind: ValueKind, key: str, form: str) -> None:
    """Each has the same key, alone and in a sentence."""
    for text in (form, f"Dice {form}, y nada más."):
        assert [(value.kind, sorted(value.keys)) for value in values(text)] == [(kind, [key])]


@pytest.mark.parametrize(
    "text",
    ["una y otra cosa", "la versión 3.2.1", "may not keep animals", "v3.2", "hundreds of them"],
)
def test_what_is_no_value(text: str) -> None:
    """Words that count nothing, and figures that are no number."""
    assert values(text) == []


def test_day_and_month_may_be_either_in_english() -> None:
    """In Spanish the first number is the day, unless there is no such month."""
    assert values("05/08/2024", "en")[0].keys == {"2024-8-5", "2024-5-8"}
    assert values("08/25/2024", "es")[0].keys == {"2024-8-25"}


def test_a_date_holds_its_year_and_month() -> None:
    """And a number is not in another."""
    (day,), (month,), (year,) = map(values, ("05/08/2024", "agosto de 2024", "2024"))
    assert month.is_in(day)
    assert year.is_in(day)
    assert not day.is_in(month)
    assert not day.is_same(month)


def test_places_in_the_text() -> None:
    """They are of the text as it is, with its accents."""
    text = "Pagó 1.250,50 pesos el día 5 de agosto, artículo XIII."
    found: list[Value] = values(text, "es")
    assert [text[v.start : v.end] for v in found] == ["1.250,50", "5 de agosto", "XIII"]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("mil doscientos cincuenta", 1250),
        ("dos millones quinientos mil", 2_500_000),
        ("mil millones", 10**9),
        ("treinta y cinco", 35),
        ("thirty-five", 35),
        ("one hundred and one", 101),
        ("una", None),
        ("casa", None),
    ],
)
def test_numbers_in_words(words: str, number: int | None) -> None:
    """Spanish and English, in lower case without accents."""
    assert counted(words) == number

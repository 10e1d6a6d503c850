"""Number formats: what is compared was displayed by LibreOffice, with an English interface."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.sheets.locales import ENGLISH, Locale, by_code, by_tag, by_words
from index.documents.sheets.number_format import general, number_format

DAY = 45509.604166666664  # 5 August 2024, 14:30
SPANISH = Locale("es", day_first=True)

SHOWN = [
    ("0", 1234.5, "1235"),
    ("0", -0.4, "0"),
    ("0.00", 0.125, "0.13"),
    ("0.00", 99.995, "100.00"),
    ("0.00", 1.005, "1.01"),
    ("#,##0", 1234567.891, "1,234,568"),
    ("#,##0.00", -1234.5, "-1,234.50"),
    ("0%", 0.16, "16%"),
    ("0.0%", 0.125, "12.5%"),
    ("0.0 %", 0.125, "12.5 %"),
    ("0.00E+00", 1234.5, "1.23E+03"),
    ("0.00E+00", 99.995, "1.00E+02"),
    ("##0.0E+0", 0.125, "125.0E-3"),
    ("# ?/?", 1234.5, "1234 1/2"),
    ("# ?/?", 0.125, "1/8"),
    ("# ?/8", 1234.5, "1234 4/8"),
    ("?/?", 1234.5, "2469/2"),
    ("# ??/??", 45509.604166, "45509 29/48"),
    ("#,##0_);(#,##0)", -1234.5, "(1,235)"),
    ("#,##0.00;(#,##0.00);-", 0, "-"),
    ("00000", 3100, "03100"),
    ("00000", -1, "-00001"),
    ("000-00-0000", 1234567, "001-23-4567"),
    ("(000) 000-0000", 5512345678, "(551) 234-5678"),
    ('#,##0.00 "€"', 1234.5, "1,234.50 €"),
    ("#,##0.00\\ [$€-C0A]", 1234.5, "1,234.50 €"),
    ("[$$-80A]#,##0.00", -1234.5, "-$1,234.50"),
    ('"$"#,##0.00', 1234.5, "$1,234.50"),
    ("[$R$-416] #,##0.00", 1234.5, "R$ 1,234.50"),
    ("[$-C0A]#,##0.00", 1234.5, "1.234,50"),
    ("#,##0,", 1234567.891, "1,235"),
    ('0.0,,"M"', 1234567.891, "1.2M"),
    ("[<1]0.00;[>=1000]#,##0;0.0", 99.995, "100.0"),
    ("[<1]0.00;[>=1000]#,##0;0.0", -1, "-1.00"),
    ('[>100]"alto";"bajo"', 12, "bajo"),
    ('[Red]-0.00;[Blue]+0.00;"cero"', 0, "cero"),
    ("0.00;;", -1, ""),
    (";;;", 5, ""),
    ("#.##", 1, "1"),
    ("0.##", 0.125, "0.13"),
    ("0.0##", 45509, "45509.0"),
    ('0" kg"', 1234.5, "1235 kg"),
    ('0 "m²"', 1, "1 m²"),
    ('_-* #,##0.00 "€"_-;-* #,##0.00 "€"_-;_-* "-"?? "€"_-;_-@_-', 0, "- €"),
    ("+0;-0;0", 1, "+1"),
    ("dd/mm/yyyy", DAY, "05/08/2024"),
    ("d-mmm-yy", DAY, "5-Aug-24"),
    ("system-date", DAY, "8/5/2024"),
    ('[$-C0A]dddd, d" de "mmmm" de "yyyy', DAY, "lunes, 5 de agosto de 2024"),
    ("[$-80A]d\\ mmm\\ yyyy;@", DAY, "5 ago 2024"),
    ("[$-409]mmmm d, yyyy;@", DAY, "August 5, 2024"),
    ("[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", DAY, "Monday, August 5, 2024"),
    ("[$-407]d. mmmm yyyy", 45458, "15. Juni 2024"),
    ("dd/mm/yyyy hh:mm", DAY, "05/08/2024 14:30"),
    ("h:mm AM/PM", DAY, "2:30 PM"),
    ("h:mm a/p", DAY, "2:30 p"),
    ("hh:mm:ss.00", 0.5 + 1.25 / 86400, "12:00:01.25"),
    ("mm:ss", 0.0215, "30:58"),
    ("[h]:mm", 1.5, "36:00"),
    ("[h]:mm:ss", -0.4, "-9:36:00"),
    ("[mm]:ss", 0.125, "180:00"),
    ("mmmmm", DAY, "A"),
    ('h "h" mm "min"', DAY, "14 h 30 min"),
    ("@", 1234.5, "1234.5"),
    ('General" uds"', 12, "12 uds"),
]


@pytest.mark.parametrize(("code", "value", "shown"), SHOWN)
def test_shown(code: str, value: float, shown: str) -> None:
    """A format shows a number as a spreadsheet program does."""
    assert " ".join(number_format(code, ENGLISH).number(value).split()) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.333333333"),
        (1234567.891, "1234567.891"),
        (5512345678, "5512345678"),
        (525512345678, "525512345678"),
        (0.00001, "0.00001"),
        (0.000012345, "0.000012345"),
        (1e-12, "1E-12"),
        (1e20, "1E+20"),
        (-0.5, "-0.5"),
        (-0.0, "0"),
    ],
)
def test_general(value: float, shown: str) -> None:
    """Without a format, no noise of binary fractions, and no exponent where it is not needed."""
    assert general(value, ENGLISH) == shown


def test_days_before_march_1900() -> None:
    """The calendar that counts 29 February 1900 is a day off before it; that of 1904 is not."""
    code = number_format("dd/mm/yyyy", ENGLISH)
    assert code.number(1) == "01/01/1900"
    assert code.number(61) == "01/03/1900"
    assert code.number(0, from_1904=True) == "01/01/1904"
    assert code.number(44047, from_1904=True) == "05/08/2024"


def test_no_date_for_a_negative_or_endless_number() -> None:
    """What no calendar holds is shown as the number that it is."""
    code = number_format("dd/mm/yyyy", ENGLISH)
    assert code.number(-5) == "-5"
    assert code.number(1e12) == "1000000000000"


def test_language_of_the_workbook() -> None:
    """Without a tag, names of months and the order of a short date are those of the workbook."""
    assert number_format("d mmm yyyy", SPANISH).number(DAY) == "5 ago 2024"
    assert number_format("system-date", SPANISH).number(DAY) == "05/08/2024"


def test_texts() -> None:
    """A section for texts is applied to them, and may hide them."""
    assert number_format('0;-0;0;@" (sic)"', ENGLISH).text("León") == "León (sic)"
    assert number_format(";;;", ENGLISH).text("León") == ""
    assert number_format("0.00", ENGLISH).text("León") == "León"


def test_locales() -> None:
    """Spain writes a decimal comma, Mexico a point; what is unknown says nothing."""
    assert by_tag("es-ES") == by_code(0xC0A) == Locale("es", ",", ".", day_first=True)
    assert by_tag("es-MX") == by_code(0x80A) == SPANISH
    assert by_tag("en-US") == ENGLISH
    assert by_tag("") is by_tag("tlh") is by_code(0xF800) is None
    assert by_words(["Fecha", "Importe", "Ferretería"]) == SPANISH
    assert by_words(["Date", "Amount of sales"]) == by_words([]) == ENGLISH


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e14, max_value=1e14))
def test_general_is_close(value: float) -> None:
    """A shown number is the stored one, to ten characters or nine figures."""
    assert math.isclose(float(general(value, ENGLISH)), value, rel_tol=1e-4, abs_tol=1e-8)


@given(st.text(alphabet='0#?.,%;[]<>=-+/\\"_*@ EeyYmMdhs$€AP', max_size=25), st.floats(-1e6, 1e6))
def test_any_code_shows_something(code: str, value: float) -> None:
    """No code, however broken, raises an error."""
    assert isinstance(number_format(code, ENGLISH).number(value), str)

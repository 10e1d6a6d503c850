"""What stands raised, read between its neighbours."""

import pytest

from index.documents.superscripts import raised


@pytest.mark.parametrize(
    ("before", "text", "after", "shown"),
    [
        ("12", "50", " € el litro", ",50"),
        ("$3", "99", " hoy", ".99"),
        ("$1,500", "00", "", ".00"),
        ("1.500", "50", " euros", ",50"),
        ("80", "50", " pesos", ".50"),
        ("son 80", "12", " pesos", None),
        ("1.500,00", "12", " €", None),
        ("en 1994", "12", " se firmó", None),
        ("CO", "2", " sale", "²"),
        ("12 Km", "2", ".", "²"),
        ("5", "2", " = 25", "²"),
        ("20", "2", " años", None),
        ("9,8 m/s", "2", "", "²"),
        ("25 ", "o", "C", "°"),
        ("D", "ña", ". Ana", "ña"),
        ("N.", "o", " 7", "º"),
    ],
)
def test_raised(before: str, text: str, after: str, shown: str | None) -> None:
    """Cents, exponents, degrees, abbreviations; None is the mark of a note."""
    assert raised(before, text, after) == shown


def test_a_known_note_is_no_exponent() -> None:
    assert raised("cuesta 12", "50", " €", noted=True) is None
    assert raised("mide 5 m", "2", "", noted=True) == "²"

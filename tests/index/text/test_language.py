"""Spanish or English, of a few words or of many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.language import TABLE, detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bienes muebles", "es"),
        ("recoleccion de residuos", "es"),
        ("ordenanza fiscal", "es"),
        ("El Salvador rechazó el tratado", "es"),
        ("waste collection", "en"),
        ("wildlife preserve", "en"),
        ("¿Qué es SQLite?", "es"),
        ("What is Ciudad Juárez known for?", "en"),
        ("La Ley " * 400, "es"),
        ("the law " * 400, "en"),
        ("1999", None),
        ("¿?", None),
        ("", None),
        ("SQLite", None),
        ("Bonn", None),
    ],
)
def test_languages(text: str, language: str | None) -> None:
    """What tells nothing, as a name alone, is in neither."""
    assert detect(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "el ple municipal aprova el pressupost",
        "serviço de coleta de lixo",
        "amélioration de l'éclairage dans les écoles",
        "água potável",
        "Reglament de règim intern",
    ],
)
def test_other_romance_languages(text: str) -> None:
    """They are rather Spanish than English."""
    assert detect(text) == "es"


@given(st.text(max_size=300))
def test_any_text_has_an_answer(text: str) -> None:
    """The same for small and large letters; and what has no letters is in neither."""
    assert detect(text) in {"es", "en", None}
    if text.isascii():
        assert detect(text.upper()) == detect(text.lower())
        assert any(map(str.isalpha, text)) or detect(text) is None


def test_the_table_is_small() -> None:
    """It is in every installation."""
    assert TABLE.stat().st_size < 60_000

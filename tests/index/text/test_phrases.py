"""What counts as the exact words of a phrase."""

import pytest

from index.text.phrases import Phrase


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("canon de riego", "El CANON de\n  riego.", ["CANON de\n  riego"]),
        ("regimen", "Régimen, regímenes", ["Régimen"]),
        ("año", "El ano y el AÑO.", ["AÑO"]),
        (
            "canon",
            "canones, cañón, canon2, 2canon, canon_b, Xcanon canon",
            ["cañón", "canon", "canon"],
        ),
        ("camino real", "cami-\n  no real; ca-\nmi-\nno real", ["cami-\n  no real"]),
        ("político-social", "político-\nsocial, político–social", 2),
        ("2019-2024", "2019–2024 y 2019 - 2024", ["2019–2024"]),
        ("12", "1-\n2 y 12", ["12"]),
        ('la ley "Bases"', "La ley «Bases»; la ley Bases; la «ley Bases»", 3),
        ("la ley", "dijo “la” ley", ["la” ley"]),
        ("O'Brien", "O’Brien", ["O’Brien"]),
        ("agua, luz", "agua luz; agua, luz", ["agua, luz"]),
        ("5 %", "El 5 % y el 15 %, 5%", ["5 %"]),
        ("§", "el § 5", ["§"]),
        ("1.250", "$1.250,50 y 11.250", ["1.250"]),
        ("no no", "no no no", ["no no"]),
        ("a a", "xa a a", ["a a"]),
        ("Ñandú", "un ñandu", ["ñandu"]),
        ("pena", "la peña", ["peña"]),
        ("йод", "Йод и иод", ["Йод", "иод"]),
        ('" "', 'a " " b', []),
        ("", "a", []),
        ("a.b", "axb a.b", ["a.b"]),
    ],
)
def test_what_is_found(phrase: str, text: str, found: list[str] | int) -> None:
    """In these words, or so many times."""
    mentions = [text[start:end] for start, end in Phrase(phrase).spans(text)]
    assert (mentions if isinstance(found, list) else len(mentions)) == found


def test_a_part_of_a_text() -> None:
    """A mention is whole within the offsets, and whole words are those of all of the text."""
    assert list(Phrase("canon").spans("canon canones", 1)) == []
    assert list(Phrase("canon").spans("canon canones", 0, 4)) == []
    assert list(Phrase("canon").spans("xcanon canon", 1)) == [(7, 12)]

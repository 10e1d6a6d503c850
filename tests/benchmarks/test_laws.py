"""The labels of articles that benchmarks.laws looks for."""

import pytest

from benchmarks.laws import articles_of, label_at


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("Artículo 13. El", "13"),
        ("ARTICULO 3o. Bis.- Para", "3 bis"),
        ("Artículo 353- Ñ.- Los", "353-ñ"),
        ("Artículo XIII.- El", "13"),
        ("SEGUNDO. Se deroga", "2º"),
        ("Décimo Tercero. El", "13º"),
        ("Los artículos 13 y 14", None),
    ],
)
def test_label_at(words: str, label: str | None) -> None:
    """The number, with letter and bis; an ordinal is another than figures."""
    assert label_at(words) == label


def test_articles_of() -> None:
    """The last number stands for all before it."""
    listed = {"last": 2, "also": "2 Bis", "transitory": "primero, segundo"}
    assert articles_of(listed) == (["1", "2", "2 Bis"], [], ["primero", "segundo"])

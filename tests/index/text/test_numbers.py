"""Numbers of parts, however they are written."""

import pytest

from index.text.marks import ARTICLE
from index.text.numbers import asked_parts, number_words, numbered_parts
from index.text.sentences import sentence_spans


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Artículo 15-A. El trabajo", "Artículo 15-A."),
        ("Artículo 3o. Bis.- Para efectos", "Artículo 3o. Bis.-"),
        ("Artículo 153-F Bis. Los patrones", "Artículo 153-F Bis."),
        ("Artículo 353- Ñ.- Los sindicatos", "Artículo 353- Ñ.-"),
        ("Artículo 279 Quáter.- El patrón", "Artículo 279 Quáter.-"),
        ("ARTÍCULO 1.-Las disposiciones", "ARTÍCULO 1.-"),
        ("Artículo 86.- A trabajo igual", "Artículo 86.-"),
        ("Artículo 5 a 7", "Artículo 5"),
        ("DÉCIMO SEGUNDO.- Se deroga", "DÉCIMO SEGUNDO.-"),
    ],
)
def test_articles_put_in_later(text: str, label: str) -> None:
    """Letters and bis belong to an article's number, the words after it do not."""
    match = ARTICLE.match(text)
    assert match is not None
    assert match[0] == label


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ARTÍCULO XIII.- El archivo", ["13", "art13"]),
        ("Artículo 13. El archivo", ["art13"]),
        ("Artículo 3o. Bis.- Para efectos", ["3", "art3bis"]),
        ("Título I › Artículo 15-A: El trabajo", ["1", "tit1", "art15a"]),
        ("SEGUNDO.- Se deroga", ["art2"]),
        ("Décimo Primero. Los sujetos", ["art11"]),
        ("CAPÍTULO II\nDe los plazos", ["2", "cap2"]),
        ("conforme al artículo 13, fracción XV", ["15"]),
        ("En el siglo XIX y en el s. XX", ["19", "20"]),
        ("ÚNICO.- Se reforma", []),
        ("La parte c de la obra", []),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    """A number in figures, and a word for what begins; a reference is no beginning."""
    assert number_words(text) == words


def test_words_of_a_question() -> None:
    """However an article is asked for, it is the same word."""
    for question in ("¿Qué dice el artículo 13?", "el art. XIII", "Artículo décimo tercero"):
        assert asked_parts(question) == ["art13"]
    assert asked_parts("artículo 15-a") == asked_parts("artículo 15-A") == ["art15a"]
    assert asked_parts("cláusula segunda del capítulo III") == ["art2", "cap3"]
    assert asked_parts("¿Qué pasó en el siglo XIX?") == []


def test_a_number_is_no_sentence() -> None:
    """A number of two words, or with a letter, stays with the sentence after it."""
    for text in ("Décimo Tercero. El Archivo opera.", "Artículo 343-A. Las minas son todas."):
        assert sentence_spans(text, "es") == [(0, len(text))]


@pytest.mark.parametrize(
    ("text", "word", "number"),
    [
        ("el artículo 13 de la ley", "art13", "13"),
        ("ARTÍCULO XIII.- El archivo", "art13", "XIII"),
        ("artículo trece", "art13", "trece"),
        ("Artículo Treinta y dos. Se", "art32", "Treinta y dos"),
        ("article thirteen", "art13", "thirteen"),
        ("el artículo 3o. Bis", "art3bis", "3o. Bis"),
        ("en el siglo diecinueve", "sig19", "diecinueve"),
        ("en el s. XIX", "sig19", "XIX"),
    ],
)
def test_places_of_numbers(text: str, word: str, number: str) -> None:
    """Of each part its word, and where its number stands."""
    (part,) = numbered_parts(text)
    assert (part.word, text[part.start : part.end]) == (word, number)


def test_numbers_in_words_begin_a_part() -> None:
    """As figures do."""
    assert number_words("ARTÍCULO TRECE.- Del archivo.") == ["13", "art13"]
    assert asked_parts("¿Qué dice el artículo veintidós?") == ["art22"]

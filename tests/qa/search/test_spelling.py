"""Typing errors in a question, and what is none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index import Document, Index
from qa import Retriever
from qa.search.spelling import one_apart

WORD = st.text("abcñ", min_size=1, max_size=6)


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    with Index.open(tmp_path_factory.mktemp("spelling"), create=True) as index:
        index.add(
            [
                Document("es", "María visitó Guadalajara y dijo que el acueducto es nacional."),
                Document("en", "The international harbour of Veracruz was dredged by engineers."),
            ]
        )
        yield Retriever(index)


@pytest.mark.parametrize(
    ("typed", "searched"),
    [
        ("¿Qué dijo María del acueudcto?", "¿Qué dijo María del acueducto?"),
        ("que dijo maria del acuducto", "¿Qué dijo María del acueducto?"),
        ("cuando nacio el acueducto", "¿Cuándo nació el acueducto?"),
        ("quien se murio", "¿Quién se murió?"),
        ("cuanto dinero dijo", "¿Cuánto dinero dijo?"),
        ("de que dijo que es nacional maria", "¿De qué dijo que es nacional María?"),
        ("Cuando visito guadalajara", "¿Cuándo visitó Guadalajara?"),
        ("¿QUÉ VISITÓ MARÍA?", "¿qué visitó María?"),
        ("who dredged veracruz", "who dredged Veracruz"),
        ("¿Quién visitó Guadaljara?", "¿Quién visitó Guadalajara?"),
        ("¿QUIÉN VISITÓ GUADALAAJARA?", "¿quién visitó Guadalajara?"),
        ("Who dredged the harbpur?", "Who dredged the harbour?"),
    ],
)
def test_a_wrong_letter_is_put_right(retriever: Retriever, typed: str, searched: str) -> None:
    """A long word that no document holds becomes the one beside it, as it is written there."""
    assert retriever.find(typed).query.text == searched


@pytest.mark.parametrize(
    "question",
    [
        "¿Qué dijo María del acueducto?",  # nothing is wrong
        "¿Qué dijo Maria del acueducto?",  # an accent is no error
        "¿Qué visitaron?",  # another ending of a known word
        "¿Quién es Marta?",  # a short name is another person
        "¿Qué dijo del oleoducto?",  # two letters away
        "Who is national?",  # near a word of the other language only
        "¿En 1726?",
        "ONU",
    ],
)
def test_what_is_no_typing_error_stays(retriever: Retriever, question: str) -> None:
    """Known words, short names, far words, numbers, abbreviations."""
    assert retriever.find(question).query.text == question


def test_search_forgives_a_typing_error(retriever: Retriever) -> None:
    """The scores are those of the word as it should be."""
    right, wrong = (retriever.search(f"¿Qué es {word}?") for word in ("acueducto", "acueudcto"))
    assert [(hit.text, hit.score) for hit in wrong] == [(hit.text, hit.score) for hit in right]


@given(WORD, WORD)
def test_one_apart_is_an_edit_of_one(one: str, other: str) -> None:
    """As by trying all edits: leaving out, adding, changing, swapping neighbours."""
    edits = {one[:n] + one[n + 1 :] for n in range(len(one))}
    edits |= {one[:n] + letter + one[n:] for n in range(len(one) + 1) for letter in "abcñ"}
    edits |= {one[:n] + letter + one[n + 1 :] for n in range(len(one)) for letter in "abcñ"}
    edits |= {one[:n] + one[n : n + 2][::-1] + one[n + 2 :] for n in range(len(one) - 1)}
    assume(one != other)
    assert one_apart(one, other) == (other in edits)


def test_a_heading_lends_no_capitals(tmp_path: Path) -> None:
    """A word that only a heading has is written in the case that it was typed in."""
    with Index.open(tmp_path, create=True) as index:
        index.add([Document("a", "DERBI EN VALDERRAMA\n\nGanaron los de casa por dos goles.")])
        found = Retriever(index).find("¿Quién ganó el debri de Valderama?")
        assert found.query.question == "¿Quién ganó el derbi de Valderrama?"

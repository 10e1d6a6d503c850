"""Splitting documents into passages, and passages into sentences."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from index.chunking.passages import split
from index.chunking.roles import label
from index.chunking.speakers import spoken_name
from index.chunking.structure import with_blocks
from index.text.paragraphs import SEPARATOR, paragraph_spans
from index.text.regions import front_matter_end
from index.text.sentences import sentence_spans
from index.types import Document, Passage, Role

SEED = Path(__file__).parents[3] / "seeds" / "000_c7ef8c4ca7f3edb6.txt"
LONG = "Esta es una oración normal que tiene bastante más de ochenta caracteres para estar sola."


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def count_characters(texts: Sequence[str]) -> list[int]:
    return [len(text) + 2 for text in texts]


def texts_of(text: str, max_tokens: int = 480, language: str | None = None) -> list[str]:
    document = Document("d", text, language=language)
    return [passage.text for passage in split(document, count_words, max_tokens)]


def test_seed() -> None:
    """The seed: a lede, a byline of its own, a heading joined to its paragraph, the rest alone."""
    text = SEED.read_text(encoding="utf-8")
    lines = text.split("\n")
    passages = split(Document("seed", text), count_words, 480)
    assert [p.text for p in passages] == [*lines[:6], "\n".join(lines[6:8]), *lines[8:]]
    assert [p.paragraph for p in passages] == [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14]
    above = [lines[6]] * 6  # the heading, for what stands below the paragraph that it is joined to
    byline = "Autor, quien escribió el artículo"
    assert [p.context for p in passages] == ["", byline, *[""] * 5, *above]
    assert [p.role for p in passages] == [Role.BODY, Role.BYLINE, *[Role.BODY] * 11]
    heading = passages[6]
    assert heading.paragraph_breaks == (text.index("Durante su encuentro"),)
    assert heading.locate(heading.end - 1) == (None, 8)


@pytest.mark.parametrize(
    ("language", "line", "context"),
    [
        ("es", "Ana María de la Fuente", "Autor, quien escribió el artículo"),
        ("es", "Por Ana López", "Autor, quien escribió el artículo"),
        ("en", "By Anna Smith", "Author, who wrote the article"),
        ("en", "Related Work", None),
        ("es", "Presidencia de la República", None),
        ("es", "Resumen Ejecutivo", None),
        ("es", "Por Ana López y otros", None),
    ],
)
def test_byline(language: str, line: str, context: str | None) -> None:
    """A name near the top is a passage of its own; what only looks like a name is a heading."""
    text = f"Un título bastante largo para este artículo\n{line}\n{LONG}"
    passages = split(Document("d", text, language=language), count_words, 480)
    bylines = [p for p in passages if p.role is Role.BYLINE]
    expected = [] if context is None else [(line, context)]
    assert [(p.text, p.context) for p in bylines] == expected


def test_author_of_the_metadata_is_a_byline() -> None:
    """In English a bare name counts when the metadata names the author so."""
    text = f"A title of this article\nAnna Smith\n{LONG}"
    document = Document("d", text, language="en", metadata={"author": "Anna Smith"})
    assert [p.context for p in split(document, count_words, 480)] == [
        "",
        "Author, who wrote the article",
        "",
    ]


def test_headings_join_what_they_head() -> None:
    """Markdown headings, chains of them and plain headings join; one at the end leans back."""
    text = f"# Uno\n\n## Dos\n\n{LONG}\n\nUn encabezado\n\n{LONG}\n\n## Final"
    assert texts_of(text) == [
        f"# Uno\n\n## Dos\n\n{LONG}",
        f"Un encabezado\n\n{LONG}\n\n## Final",
    ]


def test_heading_goes_with_the_first_piece() -> None:
    """A heading whose paragraph is too long stays with the paragraph's first sentences."""
    body = " ".join(f"Frase número {n} de este párrafo." for n in range(8))
    assert texts_of(f"## Encabezado\n{body}", max_tokens=14) == [
        "## Encabezado\nFrase número 0 de este párrafo. Frase número 1 de este párrafo.",
        "Frase número 2 de este párrafo. Frase número 3 de este párrafo.",
        "Frase número 4 de este párrafo. Frase número 5 de este párrafo.",
        "Frase número 6 de este párrafo. Frase número 7 de este párrafo.",
    ]


def test_short_paragraphs_join_up_to_120_tokens() -> None:
    """List items become one passage with their introduction; a normal paragraph stays alone."""
    items = "\n".join(f"- cosa {n}" for n in range(5))
    assert texts_of(f"{LONG}\n\nHacen falta:\n\n{items}\n\n{LONG}") == [
        LONG,
        f"Hacen falta:\n\n{items}",
        LONG,
    ]
    many = "\n".join(f"- cosa {n}" for n in range(100))
    assert [len(text.split()) for text in texts_of(many)] == [120, 120, 60]


def talk(*turns: tuple[str, str]) -> str:
    """A transcript as governments publish them: a label in capitals, separators between turns."""
    return "\n---\n".join(f"{speaker}\n{words}" for speaker, words in turns)


def said(words: int) -> str:
    """A paragraph of so many words."""
    return " ".join(["palabra"] * (words - 1)) + " fin."


QUESTION = ("PREGUNTA", "¿Cuándo es?")
MINISTER = "SECRETARIA DE SALUD, ANA LÓPEZ"


def test_short_turns_are_one_passage() -> None:
    """Neighbouring short turns join over their separators; no speaker is named twice."""
    text = talk(QUESTION, (MINISTER, "El lunes."), ("PREGUNTA", "¿Y dónde?"), (MINISTER, "Aquí."))
    (passage,) = split(Document("d", text), count_words, 480)
    assert (passage.text, passage.context) == (text, "")


def test_long_turn_keeps_its_speaker() -> None:
    """Passages from the middle of a turn name its speaker in the context, none elsewhere."""
    answer = "\n".join([said(130)] * 5)
    text = talk(QUESTION, (MINISTER, answer), QUESTION, (MINISTER, "El lunes."))
    *passages, last = split(Document("d", text), count_words, 480)
    assert passages[0].text.startswith(talk(QUESTION, (MINISTER, "palabra")))
    assert (last.text.split("\n")[0], last.context) == ("PREGUNTA", "")
    assert len(passages) > 2
    assert [p.context for p in passages] == [
        "",
        *["Secretaria de Salud, Ana López"] * (len(passages) - 1),
    ]
    assert all(MINISTER not in p.text for p in passages[1:])
    assert passages[1].indexed_text == f"Secretaria de Salud, Ana López: {passages[1].text}"


def test_piece_of_a_long_paragraph_keeps_its_speaker() -> None:
    """So do the pieces of a paragraph that is cut at its sentences."""
    words = " ".join(f"Frase número {n} de esta respuesta." for n in range(40))
    text = f"Q: Why?\n\nMs. Smith: {words}\n\nQ: Really?\n\nMs. Smith: Yes."
    passages = split(Document("d", text, language="en"), count_words, 60)
    cut = [p for p in passages if p.text.startswith("Frase")]
    assert len(cut) >= 3
    assert {p.context for p in cut} == {"Ms. Smith"}


def test_answer_stays_with_its_question() -> None:
    """A short question goes with the answer's first paragraph, however long that is."""
    text = talk((MINISTER, said(150)), QUESTION, (MINISTER, f"{said(250)}\n{said(200)}"), QUESTION)
    starts = [p.text.split("\n")[0] for p in split(Document("d", text), count_words, 480)]
    assert starts[:2] == [MINISTER, "PREGUNTA"]
    held = [p.text for p in split(Document("d", text), count_words, 480) if "¿" in p.text]
    assert held[0] == talk(QUESTION, (MINISTER, said(250)))


@pytest.mark.parametrize(
    ("form", "first", "second"),
    [
        ("{}\n{}\n---\n", "PREGUNTA", "PRESIDENTA, ANA LÓPEZ"),
        ("{}\n{}\n\n", "PREGUNTA:", "JUAN PÉREZ:"),
        ("{}: {}\n\n", "PREGUNTA", "PRESIDENTA ANA LÓPEZ"),
        ("{}: {}\n\n", "Q", "A"),
        ("{}. {}\n\n", "P", "R"),
        ("{}.- {}\n\n", "Pregunta", "Respuesta"),
        ("— {}: {}\n\n", "Ana", "Luis de la Fuente"),
        ("**{}:** {}\n\n", "Interviewer", "Dr. Anna Smith"),
        ("{}: {}\n\n", "SPEAKER 1", "SPEAKER 2"),
    ],
)
def test_forms_of_dialogue(form: str, first: str, second: str) -> None:
    """Labels alone or before their words, in capitals or not, in either language."""
    text = "".join(form.format(name, said(100)) for name in (first, second) * 3)
    paragraphs = label(with_blocks(Document("d", text)))
    speakers = [paragraph.speaker for paragraph in paragraphs if paragraph.turn]
    assert speakers == [first.rstrip(":"), second.rstrip(":")] * 3
    assert all(paragraph.speaker for paragraph in paragraphs)


@pytest.mark.parametrize(
    "text",
    [
        "CAPÍTULO I\nUno.\nDISPOSICIONES GENERALES\nDos.\nCAPÍTULO I\nTres.",
        "RESUMEN\nUno.\nCONTEXTO\nDos.\nRESULTADOS\nTres.\nMÉTODO\nCuatro.",
        "Nombre: Ana\nEdad: 30\nNombre: Luis\nEdad: 40\nNombre: Eva\nEdad: 50",
        f"Nota: {LONG}\n\n" + f"{LONG}\n\n" * 9 + f"Ejemplo: {LONG}\n\nNota: {LONG}",
        "A. Una cosa.\n\nB. Otra cosa.\n\nC. La tercera.",
        "Ana: Hola.",
        "",
    ],
)
def test_what_is_no_dialogue(text: str) -> None:
    """Headings in capitals, forms, notes and lists have no speakers."""
    paragraphs = label(with_blocks(Document("d", text)))
    assert [p for p in paragraphs if p.speaker or p.turn] == []


def test_speaker_ends_at_a_separator() -> None:
    """What follows a separator without a label is nobody's words."""
    text = talk(QUESTION, (MINISTER, "El lunes."), ("PREGUNTA", "Gracias.")) + f"\n---\n{LONG}"
    assert label(with_blocks(Document("d", text)))[-1].speaker == ""


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("PRESIDENTA DE MÉXICO, CLAUDIA SHEINBAUM", "Presidenta de México, Claudia Sheinbaum"),
        ("DIRECTOR (IMSS), ZOÉ ROBLEDO-RUIZ", "Director (IMSS), Zoé Robledo-Ruiz"),
        ("Ana de la Fuente", "Ana de la Fuente"),
        ("A", "A"),
    ],
)
def test_spoken_name(written: str, name: str) -> None:
    """A label in capitals as in a sentence; others as they are."""
    assert spoken_name(written) == name


def test_separators_divide_and_belong_to_no_passage() -> None:
    """Without speakers a separator line keeps even short paragraphs apart."""
    assert texts_of("uno\n---\ndos\n* * *\ntres\n=====") == ["uno", "dos", "tres"]
    assert texts_of("---\n\n***\n") == []


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    """Lines that break in the middle of sentences at one width are joined; a list after is not."""
    text = (
        "La Secretaría informó que el encuentro se celebró el pasado martes en la\n"
        "capital, donde ambas delegaciones revisaron los avances del programa y\n"
        "acordaron reunirse de nuevo en diciembre.\n"
        "El siguiente encuentro será en la ciudad de Washington, con la asistencia de\n"
        "los dos cancilleres.\n"
        "1. primer punto\n"
        "2. segundo punto"
    )
    starts = [text[a:b].split(maxsplit=1)[0] for a, b in paragraph_spans(text)]
    assert starts == ["La", "El", "1.", "2."]


def test_one_paragraph_a_line() -> None:
    """Lines that begin like sentences are paragraphs, however similar their widths."""
    text = "\n".join(
        f"{word} línea de unos sesenta caracteres sin punto" for word in ("Una", "Otra")
    )
    assert len(paragraph_spans(text)) == 2


def test_pages() -> None:
    """Page and paragraph of a passage are those of its start; breaks inside it are kept."""
    text = f"{LONG}\n\nOtra frase que sigue en la página que viene {LONG}\n\n{LONG}"
    turn = text.index("que viene")
    last = text.rindex("Esta es")
    document = Document("d", text, page_starts=(0, turn, last, last))
    first, second, third = split(document, count_words, 480)
    assert (first.page, first.page_breaks) == (1, ())
    assert (second.page, second.page_breaks, second.paragraph) == (1, (turn,), 2)
    assert second.locate(turn - 1) == (1, 2)
    assert second.locate(turn) == (2, 2)
    assert (third.page, third.paragraph) == (4, 3)


def test_word_longer_than_the_window_is_cut() -> None:
    """A word of 10,000 characters is cut into pieces that fit."""
    passages = split(Document("d", "x" * 10_000), count_characters, 500)
    assert "".join(p.text for p in passages) == "x" * 10_000
    assert max(count_characters([p.text for p in passages])) <= 500


def assert_sound(document: Document, passages: list[Passage], max_tokens: int) -> None:
    text = document.text
    end = 0
    for p in passages:
        assert p.text == text[p.start : p.end] == p.text.strip() != ""
        assert p.start >= end
        assert all(not g.strip() or SEPARATOR.fullmatch(g) for g in _lines(text[end : p.start]))
        end = p.end
    assert all(not g.strip() or SEPARATOR.fullmatch(g) for g in _lines(text[end:]))
    counts = count_characters([p.text for p in passages])
    assert all(count <= max_tokens for count in counts)
    starts = [a for a, _ in paragraph_spans(text)]
    for p in passages:
        offsets = range(p.start, p.end)
        own = [p.locate(offset) for offset in offsets]
        paragraphs = [sum(start <= offset for start in starts) for offset in offsets]
        pages = [sum(start <= offset for start in document.page_starts) for offset in offsets]
        assert own == list(zip(pages, paragraphs, strict=True))


def _lines(text: str) -> list[str]:
    return re.split("[\n\r\v\f\x85\u2028\u2029]", text)


LABELS = ["\n---\nPREGUNTA\n", "\n---\nJUEZA\n", "\n\nQ: ", "\n\nA: ", "\n\n**Ana:** "]
WORDS = [
    "\n",
    "\n\n",
    "---",
    " ",
    ". ",
    "? ",
    "# ",
    "- ",
    "Por ",
    "PREGUNTA",
    "Ana López",
    "a",
    "II. ",
]
PIECES = st.sampled_from([*WORDS, *LABELS, LONG])


@given(
    st.lists(PIECES | st.text(max_size=6), max_size=30).map("".join),
    st.integers(3, 60),
    st.lists(st.integers(0, 300), max_size=4).map(sorted),
)
@settings(max_examples=300, deadline=None)
def test_passages_are_sound(text: str, max_tokens: int, pages: list[int]) -> None:
    """For any text: in order, covering, stripped, within the limit, at the right place."""
    assume(not front_matter_end(text))  # it is in no passage
    document = Document("d", text, page_starts=(0, *pages))
    assert_sound(document, split(document, count_characters, max_tokens), max_tokens)


@given(st.lists(PIECES, min_size=5, max_size=40).map("".join), st.integers(20, 300))
@settings(max_examples=200, deadline=None)
def test_speakers_stay_with_their_words(text: str, max_tokens: int) -> None:
    """For any text: a passage names its first words' speaker, in its label or its context."""
    document = Document("d", text, language="es")
    paragraphs = label(with_blocks(document))
    for passage in split(document, count_characters, max_tokens):
        own = next(p for p in paragraphs if p.start <= passage.start < p.end)
        labelled = own.turn and own.start == passage.start
        if own.speaker and passage.role is Role.BODY:
            assert passage.context == ("" if labelled else spoken_name(own.speaker))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        (
            "es",
            ["El Sr. López llegó a EE. UU. el martes.", "Vio el art. 5, p. ej. la II."],
        ),
        ("es", ["¿Qué dijo?", "«No sé. Quizá mañana», respondió.", "Pagó 3.5 millones."]),
        ("es", ["“Es así.”", "Luego se fue."]),
        ("en", ["Mr. Smith went to Washington, D.C. on Jan. 5.", "He paid $3.50."]),
        (None, ["ARTÍCULO 1. El Ejecutivo decide.", "II. Que el delito sea grave."]),
    ],
)
def test_sentences(language: str | None, expected: list[str]) -> None:
    """Abbreviations, quotations, decimals and numberings do not end a sentence."""
    text = " ".join(expected)
    assert [text[a:b] for a, b in sentence_spans(text, language)] == expected


def test_sentences_end_with_their_paragraph() -> None:
    """A line end that ends a paragraph ends the sentence; a separator is in none."""
    text = "Un encabezado\nUna frase. Otra\n---\nFin"
    assert [text[a:b] for a, b in sentence_spans(text, "es")] == [
        "Un encabezado",
        "Una frase.",
        "Otra",
        "Fin",
    ]


@given(st.lists(PIECES | st.text(max_size=6), max_size=20).map("".join))
@settings(deadline=None)
def test_sentences_cover_the_text(text: str) -> None:
    """For any text the sentences hold all but white space and separators, in order."""
    end = 0
    for a, b in sentence_spans(text, "es"):
        assert end <= a < b
        assert text[a:b] == text[a:b].strip()
        assert all(not g.strip() or SEPARATOR.fullmatch(g) for g in _lines(text[end:a]))
        end = b
    assert all(not g.strip() or SEPARATOR.fullmatch(g) for g in _lines(text[end:]))


def test_a_thousand_pages() -> None:
    """Each paragraph of a long document is a passage (how fast: ``benchmarks.passages``)."""
    page = "\n\n".join([LONG * 5] * 6)
    document = Document("d", "\n\n".join([page] * 1000))
    assert len(split(document, count_words, 480)) == 6000


def test_dots_in_place_of_text_are_no_passage() -> None:
    """Where a law leaves something out, the dots stay with what is before or after them."""
    long = "El patrón paga el salario. " * 4
    found = texts_of(f"{long}\n\n..........\n\nTRANSITORIOS\n\nPrimero. Rige hoy.", max_tokens=12)
    assert len(found) > 2
    assert all(any(map(str.isalnum, passage)) for passage in found)
    assert sum(".........." in passage for passage in found) == 1

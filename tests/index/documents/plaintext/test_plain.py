"""Plain text and Markdown: encodings, pages, whole words, front matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.decoding import decode
from index.documents.parts import Converted, ReadOptions
from index.documents.plaintext.plain import read_markdown, read_plain
from index.documents.plaintext.wrapped import whole_words

WORDS = "El señor Muñoz pagó la fianza según el técnico; ¿cuánto? Está aquí."


def plain(data: bytes) -> Converted:
    return read_plain(data, ReadOptions())


def markdown(text: str) -> Converted:
    return read_markdown(text.encode(), ReadOptions())


@pytest.mark.parametrize(
    "encoding",
    [
        "utf-8",
        "cp1252",
        "cp850",
        "cp437",
        "mac-roman",
        "utf-16-le",
        "utf-16-be",
        "utf-32-le",
        "utf-32-be",
    ],
)
def test_encodings_without_a_mark(encoding: str) -> None:
    made = plain(WORDS.encode(encoding))
    assert made.text == WORDS
    assert made.notices == ()


def test_bad_bytes_in_utf8_are_read_alone() -> None:
    data = "El señor Muñoz pagó. ".encode() + b"El ca\xf1\xf3n lleg\xf3 \x93tarde\x94."
    assert plain(data).text == "El señor Muñoz pagó. El cañón llegó “tarde”."


def test_a_bad_byte_alone_is_no_letter() -> None:
    data = "Un pontón en el río Carcarañá. ".encode() + b"\xff\nUno \xf3 dos, ca\xf1a \xfe fin."
    assert plain(data).text == "Un pontón en el río Carcarañá. \nUno ó dos, caña  fin."


def test_bad_bytes_after_a_mark_of_utf8() -> None:
    assert plain(b"\xef\xbb\xbfA\xc3\xb1o y ca\xf1a").text == "Año y caña"


@pytest.mark.parametrize(
    "words",
    [
        "“Hola” — dijo—, don’t… 20 €, 1º, Nº 5, mamá",
        "cost–benefit and Bose–Einstein, word—word",
        "Œuvre, cœur, ¿qué?, ¡ah!, «sí», ½ y ±3°",
        "d’accord, l’été",
    ],
)
def test_windows_text_stays_windows_text(words: str) -> None:
    assert decode(words.encode("cp1252")) == words


def test_form_feeds_are_pages() -> None:
    made = plain(b"Uno.\n\fDos que\n\fsigue aqu\xc3\xad.\f")
    assert made.text == "Uno.\n\n\nDos que\nsigue aquí."
    assert made.text is not None
    assert [made.text[start : start + 5] for start in made.page_starts] == [
        "Uno.\n",
        "Dos q",
        "sigue",
    ]


def test_words_cut_at_a_line_end_are_whole() -> None:
    text = (
        "El Consejo General de la Organización de Cooperación acordó que la coope-\n"
        "ración entre los Estados miembros se regirá por los principios de buena\n"
        "fe, y que la cuota será de doce mil quinientos euros, pa-\n"
        "gaderos en enero, salvo acuerdo de la Comisión Per-\n"
        "manente. Los años 1990-\n1995 y la reunión franco-\nalemana.\n"
    )
    assert whole_words(text) == (
        "El Consejo General de la Organización de Cooperación acordó que la cooperación\n"
        "entre los Estados miembros se regirá por los principios de buena\n"
        "fe, y que la cuota será de doce mil quinientos euros, pagaderos\n"
        "en enero, salvo acuerdo de la Comisión Permanente.\n"
        "Los años 1990-\n1995 y la reunión franco-\nalemana.\n"
    )


@pytest.mark.parametrize(
    ("cut", "whole"),
    [
        ("franco-\nalemana", "franco-alemana"),
        ("teórico-\npráctico", "teórico-práctico"),
        ("well-\nknown", "well-known"),
        ("COOPE-\nRACIÓN", "COOPERACIÓN"),
        ("coope\xad\nración", "cooperación"),
        ("Castilla-\nMancha", "Castilla-Mancha"),
        ("socioeconó-\nmico", "socioeconómico"),
    ],
)
def test_the_hyphen_of_a_compound_stays(cut: str, whole: str) -> None:
    lead = "Una línea bastante larga que acaba en "
    assert whole_words(f"{lead}{cut}, y sigue.") == f"{lead}{whole},\ny sigue."


def test_the_text_tells_how_a_word_is_written() -> None:
    lead = "El vicepresidente habló, y al acabar la reunión el vice-\npresidente calló."
    assert "vicepresidente\ncalló." in whole_words(lead)


def test_short_lines_are_verses() -> None:
    assert whole_words("mar-\nazul") == "mar-\nazul"


@given(st.text(alphabet="ab-\n \fá", max_size=120))
def test_no_letter_is_lost(text: str) -> None:
    whole = whole_words(text)
    assert [c for c in whole if c in "abá"] == [c for c in text if c in "abá"]
    assert whole.count("\f") == text.count("\f")


@pytest.mark.parametrize(
    ("front", "title", "author", "date"),
    [
        (
            "---\ntitle: Guía\nauthor: Vivero\ndate: 2025-09-03\n---\n",
            "Guía",
            "Vivero",
            "2025-09-03",
        ),
        ('---\ntitle: "Riego: \\"uno\\""  # c\n---\n', 'Riego: "uno"', None, None),
        (
            "---\nTítulo: >\n  Una guía\n  larga\nautora: 'Ana'\n---\n",
            "Una guía larga",
            "Ana",
            None,
        ),
        (
            "---\nauthors:\n  - name: Ana López\n    email: a@b.c\n  - Luis\n---\n",
            None,
            "Ana López",
            None,
        ),
        ('---\nautores: [Ana, "Paz, Luis"]\n...\n', None, "Ana, Paz, Luis", None),
        (
            '+++\ntitle = "Guía"\nauthors = [\n "Ana",\n "Luis",\n]\n+++\n',
            "Guía",
            "Ana, Luis",
            None,
        ),
    ],
)
def test_front_matter(front: str, title: str | None, author: str | None, date: str | None) -> None:
    made = markdown(f"{front}\n# Riego\n\nTexto.")
    assert made.text == "# Riego\n\nTexto."
    assert (made.title, made.date) == (title, date)
    assert author is None or (made.author or "").startswith(author)


def test_what_else_the_front_matter_says_is_named() -> None:
    made = markdown("---\ntitle: Guía\nlayout: post\nestado: pendiente\n---\nTexto.")
    assert [n.text for n in made.notices] == ["of its front matter are left out: estado"]


def test_a_separator_is_no_front_matter() -> None:
    text = "---\n\nSolo texto.\n\n---\n\nOtro."
    assert markdown(text).text == text


def test_a_dialogue_between_rules_is_no_front_matter() -> None:
    """A colon makes no key where the first line has words before it that are none."""
    text = "---\n— Buenos días: ¿está Ana?\nLuis: No.\n---\nSalió."
    assert "¿está Ana?" in (markdown(text).text or "")


@pytest.mark.parametrize("text", ["y", "7", "Sí"])
def test_a_text_of_one_letter(text: str) -> None:
    """It is short, and no UTF-16."""
    assert read_plain(text.encode(), ReadOptions()).text == text


def test_utf8_that_ends_inside_of_a_character() -> None:
    """A file that was cut while it was copied: all but the cut letter is read."""
    data = "El año de Muñoz.\nFin del cañó".encode()[:-1]
    assert decode(data) == "El año de Muñoz.\nFin del cañ"


def test_a_capital_before_the_letter_of_an_old_mac() -> None:
    """Año, whose ñ is a dash in Windows."""
    assert decode("Año nuevo".encode("mac_roman")) == "Año nuevo"


def test_front_matter_of_other_forms() -> None:
    """A person as a map on one line, doubled apostrophes, and Pandoc's title block."""
    person = read_markdown(b"---\nauthor: {name: Ana Ruiz, email: a@b.c}\n---\nx\n", ReadOptions())
    assert person.author == "Ana Ruiz"
    quoted = read_markdown(b"---\ntitle: 'L''eau'  # nota\n---\nx\n", ReadOptions())
    assert quoted.title == "L'eau"
    block = read_markdown(
        b"% El riego\n% Ana Ruiz; Luis Paz\n% 2023-05-04\n\nTexto.\n", ReadOptions()
    )
    assert (block.title, block.author, block.date) == (
        "El riego",
        "Ana Ruiz, Luis Paz",
        "2023-05-04",
    )
    assert block.text == "Texto.\n"

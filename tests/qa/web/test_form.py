"""The form of an answer: its headline, what is folded, and where a quote stands."""

import html
from dataclasses import replace
from pathlib import Path

import pytest

from index import Index
from qa import Answer, Assistant, Citation, Retriever
from qa.web.form import headline, place, related, shorten_middle
from qa.web.guidance import with_unread
from qa.web.render import render
from qa.web.strings import WORDS

KEY = b"k" * 32
QUOTE = "La entrada cuesta 11 euros; los menores de 12 años pagan 5."


def citation(quote: str, marked: str = "", start: int = 100) -> Citation:
    at = start + quote.index(marked)
    highlight = (at, at + len(marked)) if marked else None
    return Citation("d", "/a/d.pdf", "D", 2, 3, start, start + len(quote), quote, highlight)


def answer(short: str | None, *citations: Citation, **rest: bool) -> Answer:
    return Answer("¿q?", "¿q?", True, "", 0.9, citations, short=short, **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("short", "quote", "shown"),
    [
        ("11 euros", QUOTE, True),
        ("11 euros.", f"{QUOTE[:27]} Los menores pagan menos, y los mayores nada.", True),
        ("del 26 de abril al 4 de mayo", "La semana va del 26 de abril al 4 de mayo de este año, "
         "y se vacuna gratis.", True),
        ("que los menores", f"Dijo que los menores pagan 5. {QUOTE}", False),  # a fragment
        ("es la entrada", f"Lo caro es la entrada. {QUOTE}", False),
        ("entrada de los", f"La entrada de los menores. {QUOTE}", False),
        ("(la entrada", f"Se paga (la entrada o el abono). {QUOTE}", False),
        ("La entrada cuesta 11 euros; los menores de 12 años", QUOTE, False),  # the quote again
        ("a b c d e f g h i j k l m", f"a b c d e f g h i j k l m {QUOTE}", False),  # a sentence
        (None, QUOTE, False),
    ],
)  # fmt: skip
def test_a_headline_is_an_answer_alone(short: str | None, quote: str, shown: bool) -> None:
    """A few words that say it; no fragment, no sentence, not the quote again."""
    found = headline(answer(short, citation(quote, (short or "").rstrip("."))))
    assert found == ((short or "").rstrip(".") if shown else None)


def test_several_answers_have_no_headline() -> None:
    """Neither quotes that disagree nor the items of a list."""
    first, other = citation(QUOTE, "11 euros"), citation("Cuesta 12 euros desde mayo.", "12 euros")
    assert headline(answer("11 euros", first, other, disagree=True)) is None
    assert related(answer("11 euros", first, other, disagree=True)) == set()
    items = citation("- Las personas mayores de 60 años.", "personas"), citation("- Los niños.")
    assert headline(answer("personas", *items)) is None
    assert related(answer("personas", *items)) == set()


def test_what_only_adds_to_the_answer_is_folded() -> None:
    """Not another marked answer; without any marked words the first two are shown."""
    first, other = citation(QUOTE, "11 euros"), citation("Se entra en grupos.")
    second = citation("La pasarela mide 142 metros.", "142 metros")
    assert related(answer("11 euros", first, other, second, other)) == {1, 3}
    assert related(answer(None, *[citation(QUOTE)] * 3)) == {2}
    shown = html.unescape(render(answer("11 euros", first, other), KEY))
    before, folded = shown.split("<details><summary>También relacionado</summary>")
    assert "**11 euros**" in before
    assert "Se entra en grupos." not in before
    assert "Se entra en grupos. [\\[2\\]]" in folded
    english = replace(answer("11 euros", first, other), language="en")
    assert "<summary>Also related</summary>" in render(english, KEY)


def test_a_long_title_keeps_its_two_ends() -> None:
    """Cut between words; a word without end is cut where there is no room."""
    title = "Ley 27/2014, de 27 de noviembre, del Impuesto sobre Sociedades de la Nación"
    assert shorten_middle(title, 40) == "Ley 27/2014, de 27 de…de la Nación"
    assert shorten_middle("a" * 99, 10) == "a" * 6 + "…" + "a" * 4
    assert shorten_middle("uno  dos", 10) == "uno dos"


@pytest.mark.parametrize(
    ("title", "source", "names"),
    [
        ("Ley de sociedades", "/srv/ley27.pdf", ["Ley de sociedades", "ley27.pdf"]),
        ("Ley de indulto", "C:\\leyes\\LEY_DE_INDULTO.pdf", ["LEY_DE_INDULTO.pdf"]),
        ("acta.txt", "acta.txt", ["acta.txt"]),
        ("Acta", None, ["Acta"]),
        (None, None, ["d"]),
    ],
)
def test_a_quote_stands_in_a_file(title: str | None, source: str | None, names: list[str]) -> None:
    """Title and file's name, or the one that says both; never a folder."""
    cited = replace(citation(QUOTE), title=title, source=source, page=None)
    assert place(cited, WORDS["es"]) == [*names, "párr. 3"]


def test_a_place_is_short() -> None:
    """The page as printed, with its sheet."""
    cited = replace(citation(QUOTE), date="2024-05-02", page_label="iv", ocr=0.8)
    assert place(cited, WORDS["es"])[1:] == [
        "2 de mayo de 2024", "pág. iv (hoja 2), párr. 3", "leído por OCR",
    ]  # fmt: skip
    assert place(replace(cited, page_label=None), WORDS["en"])[2] == "p. 2, para. 3"


def test_files_that_were_not_read_are_mentioned_where_nothing_is_found(tmp_path: Path) -> None:
    """With a way to them, in the language of the answer; not where documents were chosen."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "faro.txt").write_text("El faro se pintó en 1990.")
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / "docs" / name).write_bytes(b"%PDF-1.4 broken")
    with Index.open(tmp_path / "index", create=True) as index:
        index.sync(tmp_path / "docs")
        assistant = Assistant(Retriever(index))
        refused = with_unread(assistant.ask("¿Quién ganó el Mundial de futbol?"), assistant)
        shown = html.unescape(render(refused, KEY))
        assert "[2 archivos no se pudieron leer: puede que lo digan](#documents)" in shown
        (tmp_path / "docs" / "b.pdf").unlink()
        index.sync(tmp_path / "docs")
        english = with_unread(assistant.ask("Who won the football World Cup?"), assistant)
        assert "[One file could not be read: it may say it](#documents)" in html.unescape(
            render(english, KEY)
        )
        chosen = assistant.ask("¿Quién ganó el Mundial?", documents=["nada"])
        assert with_unread(chosen, assistant) == chosen
        found = assistant.ask("¿Cuándo se pintó el faro?")
        assert found.found
        assert with_unread(found, assistant) == found

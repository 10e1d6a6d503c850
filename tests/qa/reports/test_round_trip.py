"""Any quote comes back from its report as it was, and is found to stand."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index import Document
from qa.reports.export import Format
from qa.reports.plain import keyed, shown
from qa.reports.reading import read_report
from tests.qa.reports.made import answered, cited, saved

# Characters that mean something to one of the formats or to us, among letters, and all others.
_SIGNS = st.sampled_from(list("«»“”\"'.,:;-–—#*_`~|<>&[](){}\\/!?=+$%^@1290 \t\n·…"))
_ODD = st.sampled_from(list("\u202e\u2066\u200b\u200d\xad\ufeff\x1b\x07\x00\x85\u2028\ufffd\xa0́"))
_ANY = st.characters(exclude_categories=["Cs"])  # half characters are in no document
_CHARACTER = st.one_of(_SIGNS, _SIGNS, st.sampled_from(list("aeñÁx")), _ODD, _ANY)
_QUOTE = st.lists(_CHARACTER, min_size=1, max_size=60).map("".join)
_WORD = st.sampled_from(["12", "1,5", "euros", "a|b", "**x**", "<b>", "-", "===", "«a»", "1.", "x"])
_ROW = st.lists(_WORD, min_size=2, max_size=4).map("\t".join)
_ROWS = st.lists(_ROW, min_size=1, max_size=4).map("\n".join)

REFERENCE = f"Referencia: caracteres 1–2 de a.txt · SHA-256 del texto: {'0' * 64}"


def came_back(document: Document, quote: str, marked: str, form: Format) -> None:
    """Assert that a quote is read back as it was with its reference, and the one after it."""
    turn = answered(cited(document, quote, marked), cited(document, "Después."))
    with tempfile.TemporaryDirectory() as folder:
        _, quotes = read_report(saved(Path(folder), turn, form=form))
    found, following = quotes
    assert following.words == "Después."
    assert found.reference is not None
    assert found.reference.document_id == "a b.txt"
    start = document.text.index(quote)
    assert (found.reference.start, found.reference.end) == (start, start + len(quote))
    assert keyed(f"{found.header}\n{found.words}").says(keyed(quote))


@pytest.mark.parametrize("form", list(Format))
@given(quote=_QUOTE, cut=st.integers(0, 60))
@example("Cita 2: otra", 3)
@example(REFERENCE, 0)
@example(f"{REFERENCE}\n\n{REFERENCE}", 0)
@example("» x «", 0)
@example("---\n\n# Título\n1. uno\n- dos\n    código", 9)
@example("| a | b |\n|---|---|\n| 1\\|2 | <script> |", 0)
@example("Sea:\n\nAño\tMulta\n2023\t1.500,50 €\n\ny nada más.", 0)
@settings(max_examples=60, deadline=None)
def test_any_quote_comes_back(form: Format, quote: str, cut: int) -> None:
    """Whatever signs, line ends and rows it has, wherever its marked words begin."""
    if not keyed(quote).key:
        return
    marked = quote[cut : cut + 5]
    document = Document("a\nb.txt", f"Antes. {quote} Después.", title="Cita 9: «x»")
    came_back(document, quote, marked, form)


@pytest.mark.parametrize("form", list(Format))
@given(rows=_ROWS, before=st.booleans())
@settings(max_examples=40, deadline=None)
def test_rows_come_back(form: Format, rows: str, before: bool) -> None:
    """A quote of rows is a table in each form, with its cells in order."""
    quote = f"Los precios:\n{rows}" if before else rows
    came_back(Document("a\nb.txt", f"Antes.\n\n{quote}\n\nDespués."), quote, "", form)


@given(st.text())
def test_nothing_that_hides_is_shown(text: str) -> None:
    """No control, mark of direction or zero-width space is left; what is shown stays as it is."""
    once = shown(text)
    assert once.replace("\n", "").isprintable()
    assert shown(once) == once
    assert keyed(once).key == keyed(text).key


@given(st.lists(_CHARACTER, max_size=80).map("".join))
def test_every_word_has_its_place(text: str) -> None:
    """A text's key is found in it, from its first to its last word."""
    words = keyed(text)
    if words.key:
        place = words.find(words)
        assert place is not None
        assert keyed(text[slice(*place)]).key == words.key

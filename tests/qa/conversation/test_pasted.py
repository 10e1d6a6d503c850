"""Text as people paste it: decomposed letters, soft hyphens, invisible characters, odd spaces."""

import unicodedata
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import Document, Index
from index.documents.decoding import clean, clean_pages
from index.embedders import Embedder
from qa import Assistant, Retriever, Turn
from qa.search.retriever import check_question
from tests.index.test_index import Counting

QUESTION = "¿Qué pensión percibirá el cónyuge supérstite?"
TEXTS = {
    "ley": "El cónyuge supérstite percibirá una pensión del setenta por ciento del haber.",
    "pan": "El panadero amasó la harina y encendió el horno de leña de la panadería.",
    "mar": "El capitán zarpó con la corbeta hacia el océano antes del amanecer.",
    "sol": "La astrónoma midió el diámetro del cráter con un telescopio portátil.",
}

# Each of them shows the same words.
PASTED: list[Callable[[str], str]] = [
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: text.replace("ci", "c\xadi").replace("er", "e\xadr"),
    "\u200b".join,
    lambda text: text.replace("i", "i\u200d").replace("e", "e\u200c"),
    lambda text: "\ufeff" + text.replace("é", "\u2060é\u200e"),
    lambda text: text.replace(" ", "\xa0"),
    lambda text: text.replace(" ", "\u2009\u202f"),
    lambda text: text.replace(" ", " \r\n\x00 "),
    lambda text: unicodedata.normalize("NFD", text).replace(" ", "\u2003\xad"),
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("pasted")
    with Index.open(folder, create=True, model=embedder) as opened:
        opened.add(Document(id, text) for id, text in TEXTS.items())
        yield Assistant(Retriever(opened))


@pytest.mark.parametrize("paste", PASTED)
def test_a_pasted_question(assistant: Assistant, paste: Callable[[str], str]) -> None:
    """It is answered as if it had been typed."""
    pasted = paste(QUESTION)
    assert pasted != QUESTION
    assert check_question(pasted) == QUESTION
    answer = assistant.ask(pasted)
    assert answer == assistant.ask(QUESTION)
    assert "setenta por ciento" in answer.citations[0].quote
    retriever = assistant.retriever
    assert retriever.search(pasted) == retriever.search(QUESTION)
    assert retriever.index.candidates(pasted) == retriever.index.candidates(clean(pasted))


@pytest.mark.parametrize("paste", PASTED)
def test_a_pasted_history(assistant: Assistant, paste: Callable[[str], str]) -> None:
    """A follow-up is understood whatever the earlier question was made of."""
    answer = assistant.ask(QUESTION)
    typed = assistant.ask("¿Y qué más?", [Turn(QUESTION, answer)])
    assert typed.searched_for != "¿Y qué más?"
    assert assistant.ask("¿Y qué más?", [Turn(paste(QUESTION), answer)]) == typed


@pytest.mark.parametrize("paste", PASTED)
def test_a_pasted_document(tmp_path: Path, paste: Callable[[str], str]) -> None:
    """It is kept clean, found by its words, and the quote stands where its citation says."""
    title = "Título de la pensión"
    with Index.open(tmp_path, create=True, model=Counting()) as opened:
        opened.add([Document("ley", paste(TEXTS["ley"]), title=paste(title))])
        kept = opened.document("ley")
        assert " ".join(kept.text.split()) == TEXTS["ley"]
        assert " ".join((kept.title or "").split()) == title
        (hit,) = Retriever(opened).search("pensión")
        assert hit.lexical is not None
        assert hit.citation.quote == kept.text[hit.citation.start : hit.citation.end]
        opened.add([Document("copy", kept.text)])
        hashes = {info.hash for info in opened.documents()}
        assert len(hashes) == 1


def test_the_same_text_is_embedded_once(tmp_path: Path) -> None:
    """Pasted or typed, the words are the same."""
    model = Counting()
    with Index.open(tmp_path, create=True, model=model) as opened:
        opened.add(Document(str(n), paste(TEXTS["pan"])) for n, paste in enumerate(PASTED[:7]))
        assert len(model.embedded) == 2  # one has two spaces between words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("co\u200doperar", "cooperar"),
        ("\u200dcooperar", "cooperar"),
        ("co\xad\u200doperar", "cooperar"),
        ("👩\u200d👧 vino", "👩\u200d👧 vino"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Viê\u0323\u200ct", "Việt"),
    ],
)
def test_joiners(text: str, expected: str) -> None:
    """Between Latin letters they are dropped; families and Persian words need them."""
    assert clean(text) == expected


# Lists: of several alphabets a text would mix what is rare among all characters there are.
PIECES = st.lists(
    st.one_of(
        st.sampled_from("aeée\u0301\u0323\u0308oñ. \n\r\f\xad\xa0\u200b\u200d\u2028\x00\u3000가"),
        st.sampled_from("\u1100\u1161\u11a8\u0958ﬁ😀👩Å\u212b"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=30,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_what_is_clean_stays(text: str) -> None:
    """Cleaning twice is cleaning once."""
    assert clean(clean(text)) == clean(text)


def starts_of(pages: list[str]) -> list[int]:
    return [sum(map(len, pages[:number])) for number in range(len(pages))]


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=6))
def test_pages_begin_where_they_began(pages: list[str]) -> None:
    """Each page has its own clean text; where pages touch, a letter and its mark stay together."""
    text, starts = clean_pages("".join(pages), starts_of(pages))
    assert text == clean("".join(pages))
    assert len(starts) == len(pages)
    assert starts[0] == 0
    assert all(one <= other for one, other in pairwise([*starts, len(text)]))


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=6))
def test_pages_that_begin_with_a_word(pages: list[str]) -> None:
    """Where a page begins with a plain letter it has, to the character, what it had before."""
    pages = [f"P{number} {page} z" for number, page in enumerate(pages)]
    text, starts = clean_pages("".join(pages), starts_of(pages))
    ends = [*starts[1:], len(text)]
    assert [text[a:b] for a, b in zip(starts, ends, strict=True)] == [clean(p) for p in pages]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(PIECES, min_size=1, max_size=5))
def test_citations_of_pasted_pages(tmp_path: Path, pages: list[str]) -> None:
    """Each hit quotes the document's text at its offsets, on the page that has its words."""
    pages = [f"Hoja hoja{number}hoja.\n\n{page}\n\n" for number, page in enumerate(pages)]
    with Index.open(tmp_path / "index", create=True, model=Counting()) as opened:
        opened.add([Document("d", "".join(pages), page_starts=tuple(starts_of(pages)))])
        retriever = Retriever(opened)
        text = retriever.document("d").text
        for number in range(len(pages)):
            hits = retriever.search(f"hoja{number}hoja", k=50)
            for hit in hits:
                assert hit.citation.quote == text[hit.citation.start : hit.citation.end] == hit.text
            (hit,) = [hit for hit in hits if f"hoja{number}hoja" in hit.text]
            place = hit.passage.start + hit.text.index(f"hoja{number}hoja")
            assert hit.passage.locate(place)[0] == number + 1


def test_many_pages_take_no_longer_than_their_text() -> None:
    """Text without a plain letter, and a page a character."""
    text = "한\u200b" * 2_000
    cleaned, starts = clean_pages(text, range(0, len(text), 2))
    assert cleaned == "한" * 2_000
    assert starts == tuple(range(2_000))

"""Equal texts count once: what stands in every document does not hide what stands in one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import index.candidates
from index import Document, Index
from index.candidates import Search
from index.storage.vectors import Found, Ids, choice
from qa import Retriever
from tests.index.test_index import Counting

CLOSING = (
    "Comuníquese este decreto sobre el subsidio de las viviendas rurales, publíquese, dese a la "
    "Dirección Nacional del Registro Oficial y archívese con sus anexos."
)
ANSWER = "El subsidio se paga el día 5 de cada mes en las oficinas del Correo."
QUESTION = "¿Dónde se archiva y publica el decreto sobre el subsidio de las viviendas rurales?"


def decree(number: int, closing: str = CLOSING) -> str:
    """A decree of two passages, the second being what all of them end with."""
    subject = f"Artículo 1. Desígnase a la persona número {number} en el cargo {number * 7}. "
    return f"{subject * 12}\n\n{closing * 4}"


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    """110 files with the same closing paragraph, and one that answers."""
    base = tmp_path_factory.mktemp("decrees")
    (base / "docs").mkdir()
    for number in range(110):
        (base / "docs" / f"decreto-{number:03d}.txt").write_text(decree(number), "utf-8")
    (base / "docs" / "subsidio.txt").write_text(ANSWER, "utf-8")
    with Index.open(base / "index", create=True) as opened:
        assert len(opened.sync(base / "docs").added) == 111
        yield Retriever(opened)


def test_what_answers_is_found_second(retriever: Retriever) -> None:
    """The closing paragraph once, and then the one that answers."""
    hits = retriever.search(QUESTION, k=8)
    assert hits[0].text == CLOSING * 4
    assert hits[1].text == ANSWER
    assert len({hit.text for hit in hits}) == 8
    # Of the hundred that are ranked each is another text.
    assert hits[0].candidates_compared >= 100
    candidates = retriever.index.candidates(QUESTION)
    assert len({one.passage.text for one in candidates}) >= 100


def test_in_some_documents(retriever: Retriever) -> None:
    """The copy that is found is one of these documents'."""
    chosen = [f"decreto-{number:03d}.txt" for number in range(60, 108)]
    hits = retriever.search(QUESTION, documents=[*chosen, "subsidio.txt"])
    assert [hit.text for hit in hits[:2]] == [CLOSING * 4, ANSWER]
    assert {hit.document_id for hit in hits} <= {*chosen, "subsidio.txt"}
    (first, *others) = retriever.search(QUESTION, documents=["decreto-107.txt"])
    assert (first.text, first.document_id, len(others)) == (
        CLOSING * 4,
        "decreto-107.txt",
        1,
    )


def test_copies_are_removed(tmp_path: Path) -> None:
    """As long as one document has the paragraph, it is found there."""
    model = Counting()
    with Index.open(tmp_path, create=True, model=model) as opened:
        opened.add([Document(f"d{n}", decree(n)) for n in range(150)])
        retriever = Retriever(opened)
        for left in (150, 149, 2, 1):
            opened.remove([f"d{n}" for n in range(150 - left)])
            (hit,) = retriever.search("Comuníquese y archívese", k=1)
            assert hit.text == CLOSING * 4
            assert int(hit.document_id[1:]) >= 150 - left
        opened.remove(["d149"])
        assert retriever.search("Comuníquese y archívese") == []


@pytest.mark.parametrize("codes", [False, True], ids=["exact", "codes"])
@pytest.mark.parametrize("k", [1, 2, 3, 10, 1000])
def test_against_every_passage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, k: int, codes: bool
) -> None:
    """The k best texts of each search, whatever copies they have, in what layout and of whom."""
    if codes:
        monkeypatch.setattr(choice, "EXACT_MOST", 4)
    texts = {f"t{n}": f"gato {'pan ' * (n % 3)} {'abcdefghij'[n % 10] * n} fin." for n in range(20)}
    documents = [
        Document(f"{name}-{copy}", " \n"[copy % 2].join(text.split(" ")), language="es")
        for n, (name, text) in enumerate(texts.items())
        for copy in range(1 + 7 * (n % 5))
    ]
    with Index.open(tmp_path, create=True, model=Counting()) as opened:
        opened.add(documents)
        every = opened.candidates("gato pan", k=len(documents))
        assert len(every) == len(documents)
        found = opened.candidates("gato pan", k=k)
    for score in ("dense", "lexical"):
        best: dict[str, float] = {}
        for one in every:
            value = getattr(one, score)
            best[one.passage.words] = max(best.get(one.passage.words, -2), round(value, 5))
        least = sorted(best.values())[-min(k, len(best))]
        wanted = {words for words, value in best.items() if value > least + 1e-5}
        assert wanted <= {one.passage.words for one in found}
    assert len({one.passage.words for one in found}) <= 2 * k


def test_searched_again_only_for_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without many copies one search of each kind is enough; with a thousand, two are."""
    searches: list[int] = []
    real = index.candidates._best

    def best(first: Found, search: Search, k: int, read: Any) -> Found:
        def counted(asked: int, without: Ids) -> Found:
            searches.append(asked)
            return search(asked, without)

        searches.append(index.candidates._first(k))
        return real(first, counted, k, read)

    monkeypatch.setattr(index.candidates, "_best", best)
    with Index.open(tmp_path, create=True, model=Counting()) as opened:

        def spanish(id: str, text: str) -> Document:
            return Document(id, text, language="es")

        opened.add([spanish(f"d{n}", f"Decreto {n}n del gato {n * 'a'}.") for n in range(300)])
        opened.add([spanish("copy", "Decreto 299n del gato 7.")])
        assert len(opened.candidates("gato", k=100)) >= 100
        assert searches == [125, 125]
        opened.add([spanish(f"c{n}", "El gato, el gato, el gato.") for n in range(1000)])
        searches.clear()
        candidates = opened.candidates("gato", k=100)
        assert len(searches) == 4
        assert len({one.passage.text for one in candidates}) >= 100

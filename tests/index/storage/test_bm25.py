"""BM25 over stemmed words, in two languages."""

import math
from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexStateError
from index.query import Query
from index.storage.bm25 import Lexical
from index.storage.limits import Limit
from index.storage.vectors import Allowed
from index.text.analysis import analyse

Row = tuple[int, int, str | None, str]

ROWS: list[Row] = [
    (1, 10, "es", "Cuándo visitó el secretario la capital"),
    (2, 10, "es", "Las visitas de los gatos negros"),
    (3, 20, "en", "The cat visited several running dogs"),
    (4, 20, None, "México y Ñandú, pingüinos y águilas"),
    (5, 30, "fr", "mot inconnu"),
]


@pytest.fixture
def lexical(tmp_path: Path) -> Lexical:
    made = Lexical.make(tmp_path / "lexical")
    made.update([], ROWS)
    return made


def limit(*documents: int) -> Limit:
    """A limit to the documents with these numbers."""
    ids = [id for id, number, *_ in ROWS if number in documents]
    return Limit(documents, Allowed(np.array(ids, dtype=np.int64)), len(ids) / len(ROWS))


def found(lexical: Lexical, question: str, k: int = 10, only: Limit | None = None) -> list[int]:
    return [int(id) for id in lexical.search(Query(question), k, only)[0]]


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("cuando visito", [1, 2]),  # accents are folded; "cuando" is a stop word
        ("CUÁNDO VISITÓ", [1, 2]),
        ("un gato negro", [2]),  # "gatos negros": Spanish stems
        ("mexico", [4]),  # a passage in no known language is taken for Spanish
        ("nandu pinguino aguila", [4]),
        ("inconnu", [5]),
        ("dog", [3]),  # "dogs": English stems
        ("he runs", [3]),
        ("the of and", []),  # stop words alone
        ("el de la", []),
        ("¿? … —", []),
        ("", []),
        ("zebra", []),
        ("x" * 100_000, []),
        ("\x00 dog", [3]),
    ],
)
def test_questions(lexical: Lexical, question: str, ids: list[int]) -> None:
    """Case, accents and inflection do not matter, and an odd question finds nothing."""
    assert found(lexical, question) == ids


def test_the_score_is_bm25(tmp_path: Path) -> None:
    """Scores are BM25 with k1 1.2 and b .75, computed here by hand; best first."""
    lexical = Lexical.make(tmp_path / "lexical")
    texts = ["gato perro", "gato gato gato perro", "perro casa mesa silla", "casa"]
    lexical.update([], [(id, 1, "es", text) for id, text in enumerate(texts)])
    mean = sum(len(text.split()) for text in texts) / 4
    idf = math.log(1 + (4 - 2 + 0.5) / (2 + 0.5))

    def bm25(text: str) -> float:
        n, length = text.split().count("gato"), len(text.split())
        return idf * n * 2.2 / (n + 1.2 * (1 - 0.75 + 0.75 * length / mean))

    ids, scores = lexical.search(Query("gatos"), 10)
    assert ids.tolist() == [1, 0]
    assert scores.tolist() == pytest.approx([bm25(texts[1]), bm25(texts[0])], rel=1e-5)
    assert lexical.idf(["gat", "nada"], "es")["gat"] == pytest.approx(idf)
    assert lexical.idf(["nada"], "es")["nada"] == pytest.approx(math.log(1 + 4.5 / 0.5))


def test_only_in_some_documents(lexical: Lexical) -> None:
    """The filter leaves the scores as they are."""
    everywhere = dict(zip(*lexical.search(Query("visita gato"), 10), strict=True))
    ids, scores = lexical.search(Query("visita gato"), 10, limit(20, 99))
    assert ids.tolist() == []  # "visita" and "gato" are Spanish, and document 20 is not
    ids, scores = lexical.search(Query("visita gato"), 10, limit(10))
    assert sorted(ids.tolist()) == [1, 2]
    assert dict(zip(ids, scores, strict=True)) == everywhere
    assert found(lexical, "visita", only=limit()) == []


def test_k_limits(lexical: Lexical) -> None:
    """No more than k come back, the best of all; an enormous k takes no memory."""
    assert found(lexical, "visita de gatos", k=1) == [2]
    for enormous in (10**9, 2**62, 10**30):
        assert found(lexical, "visita de gatos", k=enormous) == [2, 1]
    assert Lexical(None).search(Query("gatos"), 10**30)[0].tolist() == []


def test_without_some(lexical: Lexical) -> None:
    """The best but for these passages; unknown ones count for nothing."""
    without = np.array([2, 77], dtype=np.int64)
    ids, scores = lexical.search(Query("visita de gatos"), 1, excluded_ids=without)
    assert (ids.tolist(), len(scores)) == ([1], 1)
    assert lexical.search(Query("visita de gatos"), 10**30, limit(10), without)[0].tolist() == [1]


def test_update(lexical: Lexical) -> None:
    """Passages are taken out and put in by id; the others keep theirs."""
    assert (len(lexical), lexical.ids().tolist()) == (5, [1, 2, 3, 4, 5])
    lexical.update([2, 99], [(2**40, 50, "es", "gato nuevo")])
    assert (len(lexical), lexical.ids().tolist()) == (5, [1, 3, 4, 5, 2**40])
    assert found(lexical, "gato") == [2**40]
    assert found(lexical, "visita") == [1]


def test_another_reader_sees_it(lexical: Lexical, tmp_path: Path) -> None:
    """A second object on the folder sees what the first has written, once it reloads."""
    reader = Lexical(tmp_path / "lexical")
    lexical.update([1], [])
    reader.reload()
    assert reader.ids().tolist() == [2, 3, 4, 5]


def test_a_folder_without_an_index_is_refused(tmp_path: Path) -> None:
    """A reader makes nothing: only the writer does."""
    with pytest.raises(ValueError, match="holds no tantivy index"):
        Lexical(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "meta.json").write_text("garbage")
    with pytest.raises(ValueError, match="meta"):
        Lexical(tmp_path)


def test_in_memory() -> None:
    """Without a folder it is empty and searches all the same."""
    empty = Lexical(None)
    assert (len(empty), empty.ids().tolist(), found(empty, "gato")) == (0, [], [])


def test_one_writer(lexical: Lexical, tmp_path: Path) -> None:
    """A folder in which another writer is at work is named in the error."""
    import tantivy

    other = tantivy.Index.open(str(tmp_path / "lexical")).writer(heap_size=15_000_000)
    with pytest.raises(IndexStateError, match="lexical is damaged or cannot be written"):
        lexical.update([1], [])
    del other
    lexical.update([1], [])
    assert lexical.ids().tolist() == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Las capturas de los presuntos delincuentes", "es", ["captur", "presunt", "delincuent"]),
        ("The captured members of the organizations", "en", ["captur", "member", "organiz"]),
        ("visitó", None, ["visit"]),
        ("Estados Unidos", "es", ["estad", "unid"]),  # no stop word: the list is short on purpose
    ],
)
def test_analysis(text: str, language: str | None, words: list[str]) -> None:
    """Words are folded, stripped of stop words and stemmed in their language."""
    assert analyse(text, language) == words


def test_written_anew(lexical: Lexical, tmp_path: Path) -> None:
    """What is removed still counts in BM25's sums, until the rest is written anew."""
    fresh = Lexical.make(tmp_path / "fresh")
    fresh.update([], ROWS[1:])
    assert lexical.removed() == 0
    lexical.update([1], [])
    assert (lexical.removed(), len(lexical)) == (1, 4)
    before = {path.name for path in lexical.files()}
    lexical.rewrite(ROWS[1:])
    assert (lexical.removed(), lexical.ids().tolist()) == (0, [2, 3, 4, 5])
    assert not before & {path.name for path in lexical.files()}
    for question in ("visitas", "gatos negros", "cat"):
        scores, expected = lexical.search(Query(question), 9), fresh.search(Query(question), 9)
        assert scores[0].tolist() == expected[0].tolist()
        assert scores[1].tolist() == expected[1].tolist()

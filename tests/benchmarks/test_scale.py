"""A collection that grows past what is searched exactly, and shrinks again, with small limits."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from benchmarks.letters import Letters
from benchmarks.scale_beside import compared
from index import Document, Index
from index.storage.vectors import choice

WORDS = ["gato", "perro", "luna", "mar", "sol", "pan", "río", "monte", "tren", "libro"]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "EXACT_MOST", 40)
    monkeypatch.setattr(choice, "FAR_SHARE", 1.0)
    monkeypatch.setattr(choice, "GROWTH", 2)


def documents(numbers: range) -> Iterator[Document]:
    """One passage each, no two alike."""
    for number in numbers:
        words = [WORDS[int(digit)] for digit in str(number)]
        yield Document(str(number), " ".join(["Esto es", *words * 3, "y nada más."]))


def fitted(folder: Path) -> int:
    """What the published file's name says of its kind: 0 exact, else what it was fitted to."""
    (file,) = folder.glob("vectors-*.faiss")
    return int(file.stem.split("-")[-1])


def check(index: Index, numbers: range) -> None:
    """The index holds these, agrees with itself, and finds what brute force finds."""
    assert index.verify().problems == []
    assert {info.id for info in index.documents()} == set(map(str, numbers))
    texts = [document.text for document in documents(numbers)]
    table = index.model.embed_passages(texts)
    for number in (numbers[0], numbers[-1]):
        question = index.document(str(number)).text
        (query,) = index.model.embed_queries([question])
        found = index.candidates(question, 10)
        cosines = sorted((one.dense for one in found), reverse=True)[:10]
        np.testing.assert_allclose(cosines, np.sort(table @ query)[::-1][:10], atol=1e-3)


def test_an_index_changes_its_store_as_it_grows(tmp_path: Path) -> None:
    """Exact, then codes, codes fitted anew when it has doubled, and exact when little is left.

    A reader that was open all the time sees each step.
    """
    with (
        Index.open(tmp_path, create=True, model=Letters()) as index,
        Index.open(tmp_path, model=Letters()) as reader,
    ):
        for size, kind in ((30, 0), (60, 60), (100, 60), (150, 150), (160, 150)):
            index.add(documents(range(len(index.documents()), size)))
            assert fitted(tmp_path) == kind
            check(index, range(size))
            check(reader, range(size))
        index.remove(map(str, range(10, 160)))
        assert fitted(tmp_path) == 0
        check(index, range(10))
        check(reader, range(10))


def test_another_process_takes_over(tmp_path: Path) -> None:
    """Codes are read from their file, and lost ones are made again."""
    with Index.open(tmp_path, create=True, model=Letters()) as index:
        index.add(documents(range(60)))
    before = next(tmp_path.glob("vectors-*.faiss")).read_bytes()
    for damage in (Path.exists, Path.unlink, lambda path: path.write_bytes(before[:-9])):
        damage(next(tmp_path.glob("vectors-*.faiss")))
        with Index.open(tmp_path, model=Letters()) as index:
            assert index.candidates("gato")
            check(index, range(60))
        assert fitted(tmp_path) == 60


def test_an_index_made_before_is_given_codes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index that is large already gets its codes with the next write, if nothing is new too."""
    monkeypatch.setattr(choice, "EXACT_MOST", 1000)
    with Index.open(tmp_path, create=True, model=Letters()) as index:
        index.add(documents(range(60)))
        assert fitted(tmp_path) == 0
    monkeypatch.setattr(choice, "EXACT_MOST", 40)
    with Index.open(tmp_path, model=Letters()) as index:
        assert index.remove(["none"]) == 0
        assert fitted(tmp_path) == 60
        check(index, range(60))


def test_two_builds_are_compared() -> None:
    """The ratio of the medians, and of recall the other way round: above 1 is better."""
    own = [{"ms": ms, "recall@10": 0.99} for ms in (9.0, 2.0, 1.0)]
    rows = compared(own, [{"ms": 8.0, "recall@10": 0.9}])
    assert [(row["measure"], row["times"]) for row in rows] == [
        ("ms", 4.0),
        ("recall@10", pytest.approx(1.1)),
    ]

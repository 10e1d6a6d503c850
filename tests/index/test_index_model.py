"""Any history of files and syncs, against a plain dictionary that is searched by brute force."""

import shutil
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from index import Document, Index
from index.chunking import passages
from index.storage.vectors import choice, codes
from index.types import Passage
from tests.index.test_index import Counting

NAMES = st.sampled_from(["a.txt", "b.txt", "ñ/a.txt", "ñ/c d.txt", "ñ/o/b.txt", "x.md"])
WORDS = ("gato", "perro", "luna", "mar", "sol", "pan")
PARAGRAPHS = st.sampled_from([f"{word} texto " * 45 + "fin." for word in WORDS])
TEXTS = st.lists(PARAGRAPHS, min_size=1, max_size=3).map("\n\n".join)


class History(RuleBasedStateMachine):
    """Files and documents come, change, move and go; the index is opened, closed and searched."""

    @initialize()
    def begin(self) -> None:
        """An empty folder, an empty index, and a reader that stays open."""
        self.base = Path(tempfile.mkdtemp())
        self.docs = self.base / "docs"
        self.docs.mkdir()
        self.files: dict[str, str] = {}
        self.added: dict[str, str] = {}
        self.indexed: dict[str, str] = {}  # what the index is to hold
        self.model = Counting()
        self.index = Index.open(self.base / "index", create=True, model=self.model)
        self.reader = Index.open(self.base / "index", model=Counting())

    def teardown(self) -> None:
        """Leave nothing behind."""
        self.index.close()
        self.reader.close()
        shutil.rmtree(self.base)

    @rule(name=NAMES, text=TEXTS)
    def write(self, name: str, text: str) -> None:
        """A file is made, or written anew."""
        path = self.docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.files[name] = text

    @rule(data=st.data(), paragraph=PARAGRAPHS)
    @precondition(lambda self: self.files)
    def edit(self, data: st.DataObject, paragraph: str) -> None:
        """A file gets one paragraph more."""
        name = data.draw(st.sampled_from(sorted(self.files)))
        self.write(name, f"{self.files[name]}\n\n{paragraph}")

    @rule(data=st.data(), new=NAMES)
    @precondition(lambda self: self.files)
    def move(self, data: st.DataObject, new: str) -> None:
        """A file goes to another place, where another may have been."""
        name = data.draw(st.sampled_from(sorted(self.files)))
        (self.docs / new).parent.mkdir(parents=True, exist_ok=True)
        (self.docs / name).rename(self.docs / new)
        self.files[new] = self.files.pop(name)

    @rule(data=st.data())
    @precondition(lambda self: self.files)
    def delete(self, data: st.DataObject) -> None:
        """A file goes."""
        name = data.draw(st.sampled_from(sorted(self.files)))
        (self.docs / name).unlink()
        del self.files[name]

    @rule(text=TEXTS)
    def add(self, text: str) -> None:
        """A document is added by hand, or changed."""
        self.index.add([Document("memo", text)])
        self.added["memo"] = self.indexed["memo"] = text

    @rule(data=st.data())
    @precondition(lambda self: self.indexed)
    def remove(self, data: st.DataObject) -> None:
        """A document is taken out; if it has a file, the next sync brings it in again."""
        id = data.draw(st.sampled_from(sorted(self.indexed)))
        assert self.reader.remove([id]) == 1
        del self.indexed[id]
        self.added.pop(id, None)

    @rule()
    def sync(self) -> None:
        """The index becomes what the folder is; no text that it knew is embedded."""
        before = {one.text for one in split(self.indexed)}
        self.model.embedded.clear()
        report = self.index.sync(self.docs)
        assert not before & set(self.model.embedded)
        assert len(set(self.model.embedded)) == len(self.model.embedded) == report.embedded
        self.indexed = self.files | self.added
        assert self.index.verify().problems == []

    @rule()
    def reopen(self) -> None:
        """The index is closed and opened."""
        self.index.close()
        self.index = Index.open(self.base / "index", model=self.model)

    @invariant()
    def searches_are_exact(self) -> None:
        """The index and a reader beside it find what a search of every passage finds."""
        if not hasattr(self, "index"):
            return
        expected = split(self.indexed)
        for word in ("gato", "luna"):
            for index in (self.index, self.reader):
                candidates = index.candidates(word, k=1000)
                assert {place(one.passage) for one in candidates if one.lexical is not None} == {
                    place(one) for one in expected if word in one.text
                }
                found = {place(one.passage): one.dense for one in candidates}
                assert found == pytest.approx(cosines(word, expected), abs=1e-3)


def place(passage: Passage) -> tuple[str, int, int, str]:
    return passage.document_id, passage.start, passage.end, passage.text


def split(documents: dict[str, str]) -> list[Passage]:
    """The passages of documents."""
    model = Counting()
    return [
        one
        for id, text in documents.items()
        for one in passages.split(
            Document(id, text, title=id, language="es"), model.count_tokens, model.max_tokens
        )
    ]


def cosines(question: str, held: list[Passage]) -> dict[tuple[str, int, int, str], float]:
    """Each passage's cosine with a question."""
    model = Counting()
    (query,) = model.encode([question])
    values = model.encode([one.text for one in held]) @ query if held else np.empty(0)
    return {place(one): float(value) for one, value in zip(held, values, strict=True)}


class LargeHistory(History):
    """The same, where four passages are many: vectors are searched as codes and fitted anew."""

    @initialize()
    def begin(self) -> None:
        """As before, with small limits."""
        self.limits = pytest.MonkeyPatch()
        self.limits.setattr(choice, "EXACT_MOST", 4)
        self.limits.setattr(choice, "GROWTH", 2)
        # Two bits for each of a few dimensions, fitted to a handful of vectors, are coarse.
        self.limits.setattr(codes, "CODE_SIMILARITY", 0.3)
        super().begin()

    def teardown(self) -> None:
        """With the usual limits again."""
        super().teardown()
        self.limits.undo()


TestHistory = History.TestCase
TestLargeHistory = LargeHistory.TestCase
TestHistory.settings = TestLargeHistory.settings = settings(
    max_examples=12,
    stateful_step_count=18,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)

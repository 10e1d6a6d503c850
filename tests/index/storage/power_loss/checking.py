"""What must be true of an index after the power was lost while it was written."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from index import Document, Index
from index.errors import IndexNotFoundError
from index.query import Query
from tests.index.storage.power_loss.recording import Operation, Said, Tree
from tests.index.test_index import Counting

__all__ = ["Promise", "check", "lay", "promised"]

Texts = dict[str, str]
MOST = 1000  # candidates; more than there are passages


@dataclass(frozen=True, slots=True)
class Promise:
    """What was acknowledged, and what was being written when the power went.

    ``before`` holds the texts by document id of all acknowledged steps, ``after`` those of the step
    in flight, too; ``whole``: that step is all or nothing. ``made``: the index was acknowledged.
    """

    before: Texts
    after: Texts
    whole: bool
    made: bool

    def allows(self, held: Texts) -> bool:
        """Whether an index may hold these."""
        if self.whole:
            return held in (self.before, self.after)
        # No two documents have the same text: a file that moves is neither lost nor doubled.
        lasting = set(self.before.values()) & set(self.after.values())
        return (
            all(
                held.get(id) in {self.before.get(id), self.after.get(id)}
                for id in self.before.keys() | self.after.keys() | held.keys()
            )
            and lasting <= set(held.values())
            and len(set(held.values())) == len(held)
        )


_NOTHING = Promise({}, {}, whole=True, made=False)


def promised(operations: Sequence[Operation], promise: Promise = _NOTHING) -> Promise:
    """What a writer had promised after these operations, and ``promise`` before them."""
    for operation in operations:
        if not isinstance(operation, Said):
            continue
        match json.loads(operation.text):
            case {"done": texts}:
                promise = Promise(texts, texts, whole=True, made=True)
            case {"begun": texts, "whole": whole}:
                promise = replace(promise, after=texts, whole=whole)
    return promise


def lay(tree: Tree, folder: Path) -> None:
    """Put files and folders on the disk."""
    for path, content in sorted(tree.items()):
        if content is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(content)


def check(folder: Path, promise: Promise, docs: Path) -> None:
    """Open what is left, search it, write to it and verify it; AssertionError where it is wrong.

    ``docs``: the folder that was synced, which is as it will be.
    """
    try:
        index = Index.open(folder, model=Counting())
    except IndexNotFoundError:
        assert not promise.made, "an index that was acknowledged is gone"
        index = Index.open(folder, create=True, model=Counting())
    with index:
        held = _texts(index)
        assert promise.allows(held), f"holds {held}"
        _search(index, held)
        index.add([Document("next", "El texto que sigue: wnextw.")])
        held["next"] = "El texto que sigue: wnextw."
        assert _texts(index) == held
        _search(index, held)
        problems = [one for one in index.verify().problems if not one.startswith(str(docs))]
        assert problems == []
    _leaves_nothing(folder)


def _leaves_nothing(folder: Path) -> None:
    """No file lies there that nobody will ever read or delete."""
    names = {path.name for path in folder.iterdir()}
    (vectors,) = {name for name in names if name.startswith("vectors-")}
    rows = {name for name in names if name.startswith("rows-")}
    if rows:
        (rows_name,) = {name.rpartition(".")[0] for name in rows}
        assert rows == {f"{rows_name}.f16", f"{rows_name}.ids"}
    assert names == {"catalog.sqlite", "lexical", "writer.lock", vectors} | rows
    assert bool(rows) == (not vectors.endswith("-0.faiss"))
    words = folder / "lexical"
    segments = (words / "meta.json").read_text().replace("-", "")
    for path in words.iterdir():
        if path.suffix not in {".json", ".lock"}:
            assert path.suffix, path.name
            assert path.stem.partition(".")[0] in segments, path.name


def _texts(index: Index) -> Texts:
    """The texts by document id, each with all of its passages, once."""
    texts = {id: index.document(id).text for id in (info.id for info in index.documents())}
    assert len(texts) == index.counts().documents
    for id, text in texts.items():
        found = [(p.start, p.end, p.text) for p in index.passages_of(id)]
        assert found == _passages(text), f"{id} is half there"
    return texts


def _search(index: Index, held: Texts) -> None:
    """Every passage is found, once, by its words and by its vector; nothing else is."""
    passages = index.catalog.passages(index.catalog.passage_ids().tolist())
    found = index.candidates("texto", k=MOST)
    assert {one.id: one.passage for one in found} == passages
    assert len(found) == len(passages)
    assert all(one.dense == one.dense for one in found), "a vector is missing"
    words = [f"w{n}w" for n in range(10)]
    answers = index.candidates_many([Query(word) for word in words], k=MOST)
    for word, brought_up in zip(words, answers, strict=True):
        by_words = {one.passage.document_id for one in brought_up if one.lexical is not None}
        assert by_words == {id for id, text in held.items() if word in text}, word


@cache
def _passages(text: str) -> list[tuple[int, int, str]]:
    """How a text is cut."""
    from index.chunking import passages
    from index.chunking.structure import with_blocks

    model = Counting()
    document = with_blocks(Document("any", text, language="es"))
    split = passages.split(document, model.count_tokens, model.max_tokens)
    return [(passage.start, passage.end, passage.text) for passage in split]

"""The lexical store: tantivy's BM25 over stemmed words, derived from the catalog.

Each passage is analysed in its own language, and a question in both, so that one index serves
Spanish and English. Accents are folded before stemming: people type "cuando visito" and mean
"Cuándo visitó".
"""

import json
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import IndexStateError
from index.query import Query
from index.settings import SETTINGS
from index.storage.files import is_writable
from index.storage.limits import Limit
from index.storage.vectors import NONE
from index.storage.words import WordStore
from index.text.analysis import STEMMERS, analyser, with_numbers

__all__ = ["Lexical"]

_KEPT = frozenset((".json", ".lock"))
MEMORY = SETTINGS.writing.word_buffer
FILTERED_SHARE = SETTINGS.search.filtered_share
SPARE = 1.3  # times as many as should hold enough of a limit: its documents may fit less


class Lexical(WordStore):
    """A folder with a tantivy index. One process writes at a time; any number search."""

    def __init__(self, folder: Path | None) -> None:
        """Open it; without a folder it is empty, in memory. ValueError for a damaged one."""
        import tantivy

        self._schema = _schema()
        self.folder = folder
        self._copy: TemporaryDirectory[str] | None = None
        if folder and not (folder / "meta.json").is_file():
            raise ValueError(f"{folder} holds no tantivy index")
        if folder and not is_writable(folder):
            # Tantivy writes a lock even to read.
            self._copy = TemporaryDirectory()
            folder = Path(shutil.copytree(folder, self._copy.name, dirs_exist_ok=True))
        self._index = tantivy.Index(self._schema, path=str(folder) if folder else None)
        for language in STEMMERS:
            self._index.register_tokenizer(language, analyser(language))

    @classmethod
    def make(cls, folder: Path) -> "Lexical":
        """An empty one in place of whatever the folder holds; only the writer may.

        Raises IndexStateError when the folder cannot be written.
        """
        import tantivy

        with _mapped(folder):
            # A damaged index is of no use: the catalog has all that it held.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(exist_ok=True)  # fails where the index was moved away
            tantivy.Index(_schema(), path=str(folder))
            return cls(folder)

    def files(self) -> list[Path]:
        """The files that hold the words; each is written once and never changed."""
        # meta.json and its kin are replaced at each commit, and hold no words.
        return [path for path in (self.folder or Path()).glob("*.*") if path.suffix not in _KEPT]

    def delete_leftovers(self) -> None:
        """Delete what an interrupted writer left in the folder; only the writer may.

        Tantivy itself deletes only files that it has listed; without its list nothing is deleted.
        """
        if self.folder is None:
            return
        try:
            listed = json.loads((self.folder / ".managed.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        segments = (self.folder / "meta.json").read_text(encoding="utf-8").replace("-", "")
        for path in self.files():
            segment = path.name.partition(".")[0]
            if path.name not in listed and (not segment or segment not in segments):
                path.unlink(missing_ok=True)

    def reload(self) -> None:
        """See what another process has written since."""
        self._index.reload()

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def ids(self) -> NDArray[np.int64]:
        """The ids of the passages it holds, ascending."""
        import tantivy

        searcher = self._index.searcher()
        if not searcher.num_docs:
            return np.empty(0, dtype=np.int64)
        with _mapped(self.folder):
            every = tantivy.Query.all_query()
            hits = searcher.search(every, limit=searcher.num_docs, count=False).hits
            addresses = [address for _, address in hits]
            return np.sort(np.array(searcher.fast_field_values("id", addresses), dtype=np.int64))

    def update(
        self,
        removed: Iterable[int],
        added: Iterable[tuple[int, int, str | None, str]],
    ) -> None:
        """Take out passages by id and add others (id, document's number, language, text).

        Raises IndexStateError when the folder is damaged or cannot be written.
        """
        with _mapped(self.folder):
            writer = self._index.writer(heap_size=MEMORY, num_threads=1)
            for id in removed:
                writer.delete_documents_by_term("id", int(id))
            self._add(writer, added)
            self._index.reload()

    def rewrite(self, passages: Iterable[tuple[int, int, str | None, str]]) -> None:
        """Hold these passages alone, written anew: nothing of what was removed is left."""
        with _mapped(self.folder):
            writer = self._index.writer(heap_size=MEMORY, num_threads=1)
            writer.delete_all_documents()
            self._add(writer, passages)
            self._index.reload()

    def removed(self) -> int:
        """How many removed passages are still in the files. Only BM25's sums still count them."""
        if self.folder is None:
            return 0
        meta = json.loads((self.folder / "meta.json").read_text(encoding="utf-8"))
        deletes = (segment.get("deletes") or {} for segment in meta["segments"])
        return sum(counts.get("num_deleted_docs", 0) for counts in deletes)

    @staticmethod
    def _add(writer: Any, passages: Iterable[tuple[int, int, str | None, str]]) -> None:
        import tantivy

        for id, number, language, text in passages:
            document = tantivy.Document()
            document.add_integer("id", id)
            document.add_integer("document", number)
            document.add_text(language if language in STEMMERS else "es", with_numbers(text))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def search(
        self,
        query: Query,
        k: int,
        limit: Limit | None = None,
        excluded_ids: NDArray[np.int64] = NONE,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The ids of the k best passages and their BM25 scores, best first.

        ``limit`` limits the search to its documents, and the passages in ``excluded_ids`` are left
        out. Raises IndexStateError when the folder is damaged.
        """
        wanted = self._words_of(query)
        if wanted is None or (limit is not None and not len(limit.passages)):
            return NONE, np.empty(0, dtype=np.float32)
        count = k + len(excluded_ids)
        if limit is None:
            ids, scores = self._best(wanted, count)
        elif limit.share < FILTERED_SHARE:
            ids, scores = self._best(self._in_documents(wanted, limit.documents), count)
        else:
            ids, scores = self._best_of(wanted, count, limit)
        left = ~np.isin(ids, excluded_ids)
        return ids[left][:k], scores[left][:k]

    def _words_of(self, query: Query) -> Any:
        """Any of the query's words; None where it has none."""
        from tantivy import Occur
        from tantivy import Query as Bm25

        words = [
            (Occur.Should, Bm25.term_query(self._schema, language, word, index_option="freq"))
            for language in STEMMERS
            for word in dict.fromkeys(query.stems(language))
        ]
        return Bm25.boolean_query(words) if words else None

    def _in_documents(self, wanted: Any, documents: Sequence[int]) -> Any:
        from tantivy import Occur
        from tantivy import Query as Bm25

        only = Bm25.term_set_query(self._schema, "document", [int(n) for n in documents])
        # A constant of zero: the filter must not add to the score.
        only = Bm25.const_score_query(only, 0.0)
        return Bm25.boolean_query([(Occur.Must, wanted), (Occur.Must, only)])

    def _best_of(
        self, wanted: Any, count: int, limit: Limit
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The best of all, without those that the limit leaves out, until there are enough."""
        asked = int(count / limit.share * SPARE) + 1
        while True:
            ids, scores = self._best(wanted, asked)
            kept = limit.passages.holds(ids)
            if kept.sum() >= count or len(ids) < asked:
                return ids[kept], scores[kept]
            asked *= 4

    def _best(self, wanted: Any, count: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        searcher = self._index.searcher()
        # Tantivy takes memory for as many as it is asked for, and panics when it is asked for none.
        limit = min(count, searcher.num_docs)
        if not limit:
            return NONE, np.empty(0, dtype=np.float32)
        with _mapped(self.folder):
            hits = searcher.search(wanted, limit=limit, count=False).hits
            held = [address for _, address in hits]
            ids = np.array(searcher.fast_field_values("id", held) if held else [], dtype=np.int64)
        return ids, np.array([score for score, _ in hits], dtype=np.float32)

    def frequency(self, word: str, language: str) -> int:
        """How many passages of a language hold an analysed word."""
        return int(self._index.searcher().doc_freq(language, word))

    def holding(self, words: Mapping[str, Collection[str]]) -> NDArray[np.int64]:
        """The ids of the passages that hold one of the analysed words of their language, ascending.

        Raises IndexStateError when the folder is damaged.
        """
        import tantivy

        searcher = self._index.searcher()
        if not searcher.num_docs:
            return NONE
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, language, word))
            for language, of_language in words.items()
            for word in of_language
        ]
        with _mapped(self.folder):
            wanted = tantivy.Query.const_score_query(tantivy.Query.boolean_query(terms), 0.0)
            hits = searcher.search(wanted, limit=searcher.num_docs, count=False).hits
            held = [address for _, address in hits]
            ids = searcher.fast_field_values("id", held) if held else []
        return np.sort(np.array(ids, dtype=np.int64))

    def idf(self, words: Iterable[str], language: str | None) -> dict[str, float]:
        """BM25's inverse document frequency of analysed words, ln(1 + (N - n + .5) / (n + .5))."""
        searcher = self._index.searcher()
        total = searcher.num_docs
        field = language if language in STEMMERS else "es"
        holding = {word: searcher.doc_freq(field, word) for word in words}
        return {word: float(np.log1p((total - n + 0.5) / (n + 0.5))) for word, n in holding.items()}


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_integer_field("document", indexed=True)
    for language in STEMMERS:
        builder.add_text_field(language, tokenizer_name=language, index_option="freq")
    return builder.build()


@contextmanager
def _mapped(folder: Path | None) -> Iterator[None]:
    try:
        yield
    # A damaged file can also make tantivy panic. Python sees a BaseException whose class cannot be
    # imported.
    except BaseException as exc:
        if not isinstance(exc, ValueError | OSError) and type(exc).__name__ != "PanicException":
            raise
        raise IndexStateError(
            f"The index in {folder} is damaged or cannot be written: check the disk, or delete "
            "that folder, which is made again."
        ) from exc

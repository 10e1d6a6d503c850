"""Documents into the catalog: cut into passages, embedded where their words are new, written."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.chunking import passages
from index.chunking.structure import with_blocks
from index.documents.decoding import clean
from index.documents.read import READING
from index.documents.validate import checked
from index.embedders import Embedder, checked_vectors
from index.errors import DocumentError
from index.settings import SETTINGS
from index.storage.catalog import Catalog, FileStamp
from index.text import language
from index.text.hashing import text_digest
from index.types import Document, Notice, NoticeKind, Passage

__all__ = ["CutDocument", "Split", "Stamped", "Vectors", "Writer", "Written", "embed", "split"]

EMBED_AT_ONCE = SETTINGS.writing.embed_at_once
KEEP_FROM = SETTINGS.writing.keep_vectors_from

Split = tuple[Document, list[Passage]]
Vectors = Mapping[bytes, NDArray[Any]]
"""Unit vectors by the `text_digest` of what was embedded; float32, or float16 from elsewhere."""


@dataclasses.dataclass(frozen=True, slots=True)
class CutDocument(Document):
    """A document that was cut, and perhaps embedded, elsewhere (`index.sync.cluster`).

    ``kept`` is the document as it is to be written, with these passages; without it, ``reason``
    says why it cannot be kept. ``vectors`` are some of those that it and what is in its file need.
    """

    kept: Document | None = None
    passages: Sequence[Passage] = ()
    reason: str = ""
    vectors: Vectors = dataclasses.field(default_factory=dict)

    def split(self) -> Split:
        """What `split` gave for it, under its present id and with its present notices."""
        if self.kept is None:
            raise DocumentError(self.source or self.id, self.reason)
        notices = tuple(Notice(notice.kind, clean(notice.text)) for notice in self.notices)
        return dataclasses.replace(self.kept, id=self.id, notices=notices), list(self.passages)


class Stamped(NamedTuple):
    """A document to be written, its file's stamp, and the documents of the files in that file."""

    document: Document
    stamp: FileStamp | None = None
    members: Sequence[Document] = ()


class _Ready(NamedTuple):
    """A document with its passages, and those of the files in its file: written at once."""

    own: Split
    members: list[Split]
    stamp: FileStamp | None
    vectors: Vectors

    @property
    def passages(self) -> int:
        return sum(len(passages) for _, passages in (self.own, *self.members))


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """A document that was written, and the number of passages of it and of the files in it."""

    id: str
    passages: int


class Writer:
    """Writes documents in groups; made for one write, by the holder of the writer's lock.

    ``publish`` is called after each group; ``on_embedded`` after each batch of passages, with their
    number, also amid a long document. ``embedded`` counts them.
    """

    def __init__(
        self,
        catalog: Catalog,
        model: Callable[[], Embedder],
        publish: Callable[[], object],
        on_embedded: Callable[[int], object] | None = None,
    ) -> None:
        self._catalog = catalog
        self._model = model
        self._publish = publish
        self.on_embedded = on_embedded
        self.embedded = 0

    def write(
        self, documents: Iterable[Stamped], failed: Callable[[Document, str], object] | None = None
    ) -> Iterator[list[Written]]:
        """Write documents, each in place of an earlier one of its id; yields each group written.

        What is in a document's file is written with it or not at all. For a document that cannot
        be kept, ``failed`` is called with the reason; without it DocumentError is raised, and the
        documents before it are written. Of one in another's file, that one gets a notice.
        """
        group: list[_Ready] = []
        for document, stamp, members in documents:
            try:
                group.append(self._ready(document, stamp, members))
            except DocumentError as exc:
                if failed is None:
                    if group:
                        yield self._write(group)
                    raise
                failed(document, exc.reason)
            if sum(ready.passages for ready in group) >= EMBED_AT_ONCE:
                yield self._write(group)
                group = []
        if group:
            yield self._write(group)

    def _ready(
        self, document: Document, stamp: FileStamp | None, members: Sequence[Document]
    ) -> _Ready:
        kept, lost = [], []
        vectors = document.vectors if isinstance(document, CutDocument) else {}
        for member in members:
            try:
                kept.append(self._split(member))
            except DocumentError as exc:
                inside = member.id.removeprefix(f"{document.id}/")
                lost.append(Notice(NoticeKind.LOST, f"{inside} {exc.reason}"))
        if lost:
            document = dataclasses.replace(document, notices=(*document.notices, *lost))
        return _Ready(self._split(document), kept, stamp, vectors)

    def _split(self, document: Document) -> Split:
        return (
            document.split()
            if isinstance(document, CutDocument)
            else split(document, self._model())
        )

    def _write(self, group: Sequence[_Ready]) -> list[Written]:
        texts = [split for ready in group for _, split in (ready.own, *ready.members)]
        made = {digest: vector for ready in group for digest, vector in ready.vectors.items()}
        vectors = self._vectors([passage for split in texts for passage in split], made)
        with self._catalog.transaction():
            for own, members, stamp, _ in group:
                id = own[0].id
                if stamp:
                    # The text that a file had before may be in another file now.
                    self._catalog.keep_vectors_of(id)
                self._add(own, vectors, stamp)
                for member in members:
                    self._add(member, vectors, container=id)
            self._catalog.advance()
        self._publish()
        return [Written(ready.own[0].id, ready.passages) for ready in group]

    def _add(
        self,
        split: Split,
        vectors: Mapping[bytes, NDArray[np.float32]],
        stamp: FileStamp | None = None,
        container: str | None = None,
    ) -> None:
        document, found = split
        rows = np.stack([vectors[text_digest(passage.indexed_text)] for passage in found])
        self._catalog.add(document, found, rows, stamp, reading=READING, container=container)

    def _vectors(self, split: Sequence[Passage], made: Vectors) -> dict[bytes, NDArray[np.float32]]:
        """The vectors of passages by the digest of their text; only what is new is embedded.

        ``made``: vectors that were made elsewhere.
        """
        texts = {text_digest(passage.indexed_text): passage.indexed_text for passage in split}
        known = self._catalog.known_vectors(list(texts))
        new = sorted((text, digest) for digest, text in texts.items() if digest not in known)
        taken = {d: made[d].astype(np.float32) for _, d in new if d in made}
        if taken:
            self._count(taken, keep=False)
        known |= taken
        new = [(text, digest) for text, digest in new if digest not in taken]
        for start in range(0, len(new), EMBED_AT_ONCE):
            batch = new[start : start + EMBED_AT_ONCE]
            vectors = embed(
                self._model(),
                [text for text, _ in batch],
                int(self._catalog.get("dimensions") or 0),
            )
            embedded = dict(zip((digest for _, digest in batch), vectors, strict=True))
            known |= embedded
            # Else an interruption would cost minutes of work.
            self._count(embedded, keep=len(new) > KEEP_FROM)
        return known

    def keep(self, vectors: Vectors) -> None:
        """Keep vectors of a long document that is not there yet; those that are new count."""
        known = self._catalog.known_vectors(list(vectors))
        if new := {digest: vectors[digest] for digest in vectors if digest not in known}:
            self._count(new, keep=True)

    def _count(self, embedded: Vectors, *, keep: bool) -> None:
        if keep:
            with self._catalog.transaction():
                self._catalog.keep_vectors(dict(embedded))
        self.embedded += len(embedded)
        if self.on_embedded:
            self.on_embedded(len(embedded))


def split(document: Document, model: Embedder) -> Split:
    """A document as it is kept, and its passages. Raises DocumentError where it cannot be kept."""
    document = checked(document)
    if not document.language:
        document = dataclasses.replace(document, language=language.detect(document.text))
    document = with_blocks(document)
    found = passages.split(document, model.count_tokens, model.max_tokens)
    if not found:
        raise DocumentError(document.source or document.id, "has no text to index")
    return document, found


def embed(model: Embedder, texts: Sequence[str], dimensions: int) -> NDArray[np.float32]:
    """Unit vectors of passages, float32 [len(texts), dimensions]; raises ModelError for others."""
    return checked_vectors(model, model.embed_passages(texts), len(texts), dimensions)

"""Documents into the catalog: cut into passages, embedded where their words are new, written."""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.chunking import passages
from index.chunking.structure import with_blocks
from index.documents.read import READING
from index.documents.validate import checked
from index.embedders import Embedder, checked_vectors
from index.errors import DocumentError
from index.settings import SETTINGS
from index.storage.catalog import Catalog, FileStamp
from index.text import language
from index.text.hashing import text_digest
from index.types import Document, Passage

__all__ = ["Stamped", "Writer", "Written", "embed"]

EMBED_AT_ONCE = SETTINGS.writing.embed_at_once
KEEP_FROM = SETTINGS.writing.keep_vectors_from

Stamped = tuple[Document, FileStamp | None]
Split = tuple[Document, list[Passage], FileStamp | None]


@dataclasses.dataclass(frozen=True, slots=True)
class Written:
    """A document that was written, and the number of its passages."""

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

        For a document that cannot be kept, ``failed`` is called with the reason; without it
        DocumentError is raised, and the documents before it are written.
        """
        group: list[Split] = []
        for document, stamp in documents:
            try:
                group.append((*self._split(document), stamp))
            except DocumentError as exc:
                if failed is None:
                    if group:
                        yield self._write(group)
                    raise
                failed(document, exc.reason)
            if sum(len(split) for _, split, _ in group) >= EMBED_AT_ONCE:
                yield self._write(group)
                group = []
        if group:
            yield self._write(group)

    def _split(self, document: Document) -> tuple[Document, list[Passage]]:
        document = checked(document)
        if not document.language:
            document = dataclasses.replace(document, language=language.detect(document.text))
        document = with_blocks(document)
        model = self._model()
        split = passages.split(document, model.count_tokens, model.max_tokens)
        if not split:
            raise DocumentError(document.source or document.id, "has no text to index")
        return document, split

    def _write(self, group: Sequence[Split]) -> list[Written]:
        vectors = self._vectors([passage for _, split, _ in group for passage in split])
        with self._catalog.transaction():
            for document, split, stamp in group:
                digests = [text_digest(passage.indexed_text) for passage in split]
                if stamp:
                    # The text that a file had before may be in another file now.
                    self._catalog.keep_vectors_of(document.id)
                own = np.stack([vectors[digest] for digest in digests])
                self._catalog.add(document, split, own, stamp, reading=READING)
            self._catalog.advance()
        self._publish()
        return [Written(document.id, len(split)) for document, split, _ in group]

    def _vectors(self, split: Sequence[Passage]) -> dict[bytes, NDArray[np.float32]]:
        """The vectors of passages by the digest of their text; only what is new is embedded."""
        texts = {text_digest(passage.indexed_text): passage.indexed_text for passage in split}
        known = self._catalog.known_vectors(list(texts))
        new = sorted((text, digest) for digest, text in texts.items() if digest not in known)
        for start in range(0, len(new), EMBED_AT_ONCE):
            batch = new[start : start + EMBED_AT_ONCE]
            vectors = embed(
                self._model(),
                [text for text, _ in batch],
                int(self._catalog.get("dimensions") or 0),
            )
            embedded = dict(zip((digest for _, digest in batch), vectors, strict=True))
            known |= embedded
            if len(new) > KEEP_FROM:
                # Else an interruption would cost minutes of work.
                with self._catalog.transaction():
                    self._catalog.keep_vectors(embedded)
            self.embedded += len(batch)
            if self.on_embedded:
                self.on_embedded(len(batch))
        return known


def embed(model: Embedder, texts: Sequence[str], dimensions: int) -> NDArray[np.float32]:
    """Unit vectors of passages, float32 [len(texts), dimensions]; raises ModelError for others."""
    return checked_vectors(model, model.embed_passages(texts), len(texts), dimensions)

"""Many vectors as short codes in lists of neighbours: the nearest lists are scanned, and the best
compared exactly.

k-means parts the vectors into lists. A code says where a vector lies relative to its list's centre:
product quantisation (Jegou et al. 2011) with four bits for two dimensions, in FAISS's fast-scan
layout (Andre et al. 2015): 96 bytes for 384 dimensions, where the vector itself has 1,536. The
vectors stay on the disk, in the catalog. Always the same share of the lists is scanned, so a
collection that grows is found as before; once it has outgrown its lists they are made anew.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.settings import SETTINGS
from index.storage.threads import both
from index.storage.vectors import NONE, Allowed, Found, Ids, Vectors
from index.storage.vectors.faiss import FaissStore, best, read, selector, single_threaded

__all__ = ["CodeStore", "EarlierCodes", "Stored"]

LISTS = SETTINGS.vectors.lists
SCANNED = SETTINGS.vectors.scanned
SCANNED_LEAST = SETTINGS.vectors.scanned_least
SCANNED_PER_READ = SETTINGS.vectors.scanned_per_read
COMPARED = SETTINGS.vectors.compared
COMPARED_SHARE = SETTINGS.vectors.compared_share
CODE_SIMILARITY = SETTINGS.vectors.code_similarity

FARTHEST = SETTINGS.vectors.farthest

APART = 8  # one of so many of a sample is not trained on
BITS, BLOCK = 4, 32  # of a code's part; vectors that the fast scan looks at together

Stored = Callable[[Ids], Iterator[tuple[Ids, Vectors]]]
"""The vectors themselves by id, with their ids, in blocks; ids that are gone are left out."""


class CodeStore(FaissStore):
    """Codes in FAISS beside vectors that are stored elsewhere."""

    layout = 2
    kinds = ("IndexIVFPQFastScan",)

    def __init__(
        self,
        dimensions: int,
        index: Any,
        stored: Stored,
        trained_on: int,
        least_similarity: float = -1.0,
    ) -> None:
        super().__init__(dimensions, index)
        self._stored = stored
        self.trained_on, self.least_similarity = trained_on, least_similarity

    @classmethod
    def train(cls, sample: Vectors, stored: Stored, trained_on: int) -> "CodeStore":
        """An empty store whose lists and codes suit vectors like those of the sample.

        ``sample``: [n, dimensions]. ``trained_on``: how many vectors it stands for.
        """
        import faiss

        dimensions = sample.shape[1]
        lists = min(len(sample), lists_for(trained_on))
        parts = dimensions // 2 if dimensions % 2 == 0 else dimensions
        centres = faiss.IndexFlatIP(dimensions)
        codes: Any = faiss.IndexIVFPQFastScan(
            centres, dimensions, lists, parts, BITS, faiss.METRIC_INNER_PRODUCT, BLOCK
        )
        codes.own_fields = True  # FAISS frees the centres
        centres.this.disown()  # type: ignore[attr-defined]
        codes.by_residual = True
        for clustering in (codes.cp, codes.pq.cp):
            clustering.min_points_per_centroid = 1  # FAISS would print a warning below 39
        # The least similarity is that of vectors that the lists were not fitted to.
        apart = np.arange(len(sample)) % APART == 0
        fitted = sample[~apart] if len(sample) > APART**3 else sample
        if len(fitted) < 2**BITS:  # FAISS wants as many as a part of a code has values
            fitted = np.resize(fitted, (2**BITS, dimensions))
        with single_threaded():  # two hundred small tasks, whose threads wait for each other
            codes.train(np.ascontiguousarray(fitted, dtype=np.float32))
        store = cls(dimensions, codes, stored, trained_on)
        store.least_similarity = float(np.quantile(store.similarities(sample[apart]), FARTHEST))
        return store

    @classmethod
    def open(
        cls,
        path: Path,
        dimensions: int,
        stored: Stored,
        trained_on: int,
        least_similarity: float = -1.0,
    ) -> "CodeStore":
        """The store in a file; ValueError when it is not one of ours of so many dimensions."""
        index = read(path, dimensions, *cls.kinds)
        return cls(dimensions, index, stored, trained_on, least_similarity)

    def similarities(self, vectors: Vectors) -> Vectors:
        """The products of vectors, [n, dimensions], with the nearest list's centre: [n]."""
        with single_threaded():
            nearest, _ = self._index.quantizer.search(
                np.ascontiguousarray(vectors, dtype=np.float32), 1
            )
        return np.asarray(nearest[:, 0], dtype=np.float32)

    def _stored_ids(self) -> Ids:
        """The ids in FAISS, list after list."""
        import faiss

        lists = self._index.invlists
        sizes = [lists.list_size(number) for number in range(lists.nlist)]
        parts = [
            np.array(faiss.rev_swig_ptr(lists.get_ids(number), size))
            for number, size in enumerate(sizes)
            if size
        ]
        return np.concatenate([NONE, *parts])

    def add(self, ids: Ids, vectors: Vectors) -> None:
        """Add vectors under new ids, in the calling thread."""
        with single_threaded():
            super().add(ids, vectors)

    def search(
        self, query: Vectors, k: int, allowed: Allowed | None = None, excluded_ids: Ids = NONE
    ) -> Found:
        """The ids of the k nearest by their codes and then their cosines, best first."""
        wanted, share = self._wanted(k), self._share()
        among = self.ids() if allowed is None else allowed.ids
        # Of equal vectors and another one FAISS may leave that out, where all are asked for.
        if len(among) <= len(excluded_ids) + wanted + len(self) // SCANNED_PER_READ:
            ids = np.setdiff1d(among[self.holds(among)], excluded_ids)
            return best(*self._compared(query, ids), k)
        # The nearest of few lie as far away as more of all do.
        share = min(1.0, share * len(self) / max(1, len(among)))
        looked_for = min(len(self), len(excluded_ids) + wanted)
        if not len(excluded_ids):
            found, scanned = self._in_halves(query, looked_for, share, allowed)
            if scanned == looked_for:
                return best(*found, k)
        while True:
            (ids,) = self._scan(query[None], looked_for, share, allowed)
            if len(ids) == looked_for or share >= 1:
                return best(*self._compared(query, np.setdiff1d(ids, excluded_ids)), k)
            share = 1.0  # what is allowed lies farther from the question than the rest

    def search_many(self, queries: Vectors, k: int, allowed: Allowed | None = None) -> list[Found]:
        """What `search` gives for each of the unit vectors [n, dimensions]."""
        wanted = min(len(self), self._wanted(k))
        if len(queries) == 1 or allowed is not None or wanted == len(self):
            return [self.search(query, k, allowed) for query in queries]
        scanned = self._scan(queries, wanted, self._share())
        held, vectors = self._read(np.unique(np.concatenate(scanned)))
        found = []
        for ids, query in zip(scanned, queries, strict=True):
            if len(ids) < wanted:
                found.append(self.search(query, k))
                continue
            of = np.searchsorted(held, ids[np.isin(ids, held)])
            found.append(best(held[of], vectors[of] @ query, k))
        return found

    def _share(self) -> float:
        """Which share of the lists is scanned."""
        return min(1.0, max(SCANNED, SCANNED_LEAST / max(1, len(self))))

    def _wanted(self, k: int) -> int:
        """How many that are best by their codes are compared."""
        return max(COMPARED, int(COMPARED_SHARE * min(k, len(self))))

    def _in_halves(
        self, query: Vectors, wanted: int, share: float, allowed: Allowed | None
    ) -> tuple[Found, int]:
        """The best by their codes in this share of the lists with their cosines, in no order; how
        many they were before those that are gone from the catalog were left out.

        Two threads do it where another one is free: each scans half of the lists, of the near and
        of the far ones, and compares half as many.
        """
        kept = None if allowed is None else selector(allowed)
        probed = max(1, math.ceil(self._index.nlist * share))
        with self._guard:
            with single_threaded():
                products, lists = self._index.quantizer.search(query[None], probed)
            halves = [
                (most, products[0, first::2], lists[0, first::2])
                for first, most in enumerate((wanted - wanted // 2, wanted // 2))
            ]
            parts = both(lambda half: self._in_lists(query, kept, *half), halves)
        ids, cosines = zip(*(found for found, _ in parts), strict=True)
        return (np.concatenate(ids), np.concatenate(cosines)), sum(count for _, count in parts)

    def _in_lists(
        self, query: Vectors, kept: Any, wanted: int, products: Vectors, lists: Ids
    ) -> tuple[Found, int]:
        """The same in these lists alone, given with the query's products with their centres.

        ``kept``: what limits it, or None, which FAISS's own method for Python does not take.
        """
        import faiss

        if not wanted or not len(lists):
            return (NONE, np.empty(0, dtype=np.float32)), 0
        products, lists = np.ascontiguousarray(products), np.ascontiguousarray(lists)
        ids, scores = np.empty(wanted, dtype=np.int64), np.empty(wanted, dtype=np.float32)
        params: Any = faiss.SearchParametersIVF(nprobe=len(lists))  # type: ignore[call-arg]
        params.sel = kept
        places: Any = [faiss.swig_ptr(array) for array in (lists, products, scores, ids)]
        with single_threaded():
            self._index.search_preassigned_c(
                1, faiss.swig_ptr(query), wanted, *places, False, params
            )
        ids = ids[ids >= 0]
        return self._compared(query, np.sort(ids)), len(ids)

    def _compared(self, query: Vectors, ids: Ids) -> Found:
        """Those of these ids that are in the catalog, and their cosines."""
        blocks = [(held, block @ query) for held, block in self._stored(ids)]
        if not blocks:
            return NONE, np.empty(0, dtype=np.float32)
        held, cosines = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
        return held, cosines

    def _scan(
        self, queries: Vectors, wanted: int, share: float, allowed: Allowed | None = None
    ) -> list[Ids]:
        """The ids of the best by their codes in this share of the lists, those nearest to each."""
        import faiss

        if not wanted or not len(queries):
            return [NONE] * len(queries)
        params: Any = faiss.SearchParametersIVF(  # type: ignore[call-arg]
            nprobe=math.ceil(self._index.nlist * share)
        )
        if allowed is not None:
            params.sel = kept = selector(allowed)  # noqa: F841 - else Python would free it
        with self._guard, single_threaded():
            _, scanned = self._index.search(queries, wanted, params=params)
        return [ids[ids >= 0] for ids in scanned]

    def _read(self, ids: Ids) -> tuple[Ids, Vectors]:
        """The vectors of these ids, by ascending ids; what is gone is left out."""
        blocks = list(self._stored(ids))
        if not blocks:
            return NONE, np.empty((0, self._index.d), dtype=np.float32)
        held, vectors = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
        order = np.argsort(held)
        return held[order], vectors[order]

    def scores(self, query: Vectors, ids: Sequence[int]) -> Vectors:
        """The cosines of these ids; NaN for an id that is not held."""
        values = np.full(len(ids), np.nan, dtype=np.float32)
        wanted = np.array(ids, dtype=np.int64)
        held = self.holds(wanted)
        if held.any():
            found, cosines = self._compared(query, wanted[held])
            if np.array_equal(found, wanted[held]):  # as a rule
                values[held] = cosines
                return values
            known = dict(zip(found.tolist(), cosines.tolist(), strict=True))
            values[held] = [known.get(id, np.nan) for id in wanted[held].tolist()]
        return values

    def agrees(self, ids: Ids, vectors: Vectors) -> bool:
        """Whether the codes of these ids, all of which it has, stand for about these vectors."""
        with self._guard, single_threaded():
            decoded, coded = self._decoded(ids), self._coded(vectors)
        lengths = np.linalg.norm(decoded, axis=1) * np.linalg.norm(coded, axis=1)
        return bool((np.sum(decoded * coded, axis=1) > CODE_SIMILARITY * lengths).all())

    def _coded(self, vectors: Vectors) -> Vectors:
        """These vectors, as far as their codes say."""
        index = self._index
        centres = index.quantizer.reconstruct_n()[index.quantizer.assign(vectors, 1)[:, 0]]
        offsets = index.pq.decode(index.pq.compute_codes(vectors - centres))
        return np.asarray(centres + offsets, dtype=np.float32)

    def _decoded(self, ids: Ids) -> Vectors:
        """The vectors that the codes of these ids stand for: the centre and the parts' offsets."""
        import faiss

        index, lists = self._index, self._index.invlists
        sizes = np.array([lists.list_size(number) for number in range(index.nlist)])
        stored = self._stored_ids()
        order = np.argsort(stored)
        places = order[np.searchsorted(stored, ids, sorter=order)]
        numbers = np.repeat(np.arange(index.nlist), sizes)[places]
        offsets = places - (np.cumsum(sizes) - sizes)[numbers]
        packer = index.get_CodePacker()
        blocks = [
            faiss.rev_swig_ptr(lists.get_codes(number), -(-size // BLOCK) * packer.block_size)
            for number, size in enumerate(sizes.tolist())
        ]
        where = zip(numbers.tolist(), offsets.tolist(), strict=True)
        codes = np.stack(
            [packer.unpack_1(blocks[of].reshape(-1, packer.block_size), at) for of, at in where]
        )
        centres = index.quantizer.reconstruct_n()[numbers]
        return np.asarray(centres + index.pq.decode(codes), dtype=np.float32)


class EarlierCodes(CodeStore):
    """The codes of a file that an earlier release wrote, all of which are scanned.

    They are used until the next writer makes such as are made now.
    """

    layout = 1
    kinds = ("IndexIDMap2 IndexRaBitQFastScan",)

    def _stored_ids(self) -> Ids:
        return FaissStore._stored_ids(self)

    def _in_halves(
        self, query: Vectors, wanted: int, share: float, allowed: Allowed | None
    ) -> tuple[Found, int]:
        """They are in no lists: scanned by one thread."""
        (ids,) = self._scan(query[None], wanted, share, allowed)
        return self._compared(query, ids), len(ids)

    def _scan(
        self, queries: Vectors, wanted: int, share: float, allowed: Allowed | None = None
    ) -> list[Ids]:
        """The ids of the best by their codes; ``share`` below 1 says that some may be missed."""
        if not wanted or not len(queries):
            return [NONE] * len(queries)
        looked_for = wanted
        if allowed is not None:  # this kind of index knows no limit
            likely = 2 * wanted * len(self) // max(1, len(allowed))
            looked_for = min(len(self), max(wanted, likely)) if share < 1 else len(self)
        with self._guard, single_threaded():
            _, scanned = self._index.search(queries, looked_for)
        found = [ids[ids >= 0] for ids in scanned]
        if allowed is not None:
            found = [ids[allowed.holds(ids)][:wanted] for ids in found]
        return found

    def _coded(self, vectors: Vectors) -> Vectors:
        return vectors

    def _decoded(self, ids: Ids) -> Vectors:
        return np.asarray(self._index.reconstruct_batch(ids), dtype=np.float32)


def lists_for(count: int) -> int:
    """The lists that so many vectors are parted into."""
    return max(1, round(LISTS * math.sqrt(count)))

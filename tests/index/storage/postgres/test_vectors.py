"""Vectors in PostgreSQL, by HNSW, against exact search."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.storage.opening import open_catalog
from index.storage.postgres import vectors as module
from index.storage.postgres.address import Address
from index.storage.postgres.catalog import PostgresCatalog
from index.storage.vectors import NONE, Allowed
from index.types import Document, Passage
from tests.postgres import Server

DIMENSIONS, PASSAGES = 32, 600


@pytest.fixture(scope="module")
def catalog(postgres: Server) -> Iterator[PostgresCatalog]:
    opened = open_catalog(Address.parse(postgres.address()), create=True)
    assert isinstance(opened, PostgresCatalog)
    opened.put("dimensions", str(DIMENSIONS))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def held(catalog: PostgresCatalog) -> dict[int, NDArray[np.float32]]:
    """The vectors as they are kept, by their ids, with an HNSW index."""
    draw = np.random.default_rng(1)
    block = draw.standard_normal((PASSAGES, DIMENSIONS)).astype(np.float32)
    block /= np.linalg.norm(block, axis=1, keepdims=True)
    for number in range(0, PASSAGES, 100):
        passages = [Passage(f"d{number}", 0, 1, f"t{number} {n}", 1) for n in range(100)]
        document = Document(f"d{number}", "t")
        catalog.add(document, passages, block[number : number + 100])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "EXACT_MOST", PASSAGES - 1)
        catalog.own_vectors.index()
    catalog.rows("SELECT set_config('enable_seqscan', 'off', false)")
    kept = block.astype(np.float16).astype(np.float32)
    return dict(zip(catalog.passage_ids().tolist(), kept, strict=True))


def test_the_graph_is_used(catalog: PostgresCatalog, held: dict[int, NDArray[np.float32]]) -> None:
    """The index that a search goes by is HNSW's, made as the settings say."""
    (said,) = catalog.rows("SELECT indexdef FROM pg_indexes WHERE indexname = 'vectors_hnsw'")
    assert "USING hnsw" in said[0]
    assert len(catalog.own_vectors) == len(held) == PASSAGES
    asked = module._text(np.ones(DIMENSIONS, dtype=np.float32))
    with catalog.transaction():
        catalog.rows("SELECT set_config('enable_seqscan', 'off', true)")
        cast = f"embedding::halfvec({DIMENSIONS})"
        plan = catalog.rows(
            f"EXPLAIN SELECT id FROM vectors ORDER BY {cast} <#> ?::halfvec LIMIT 5", [asked]
        )
    assert any("vectors_hnsw" in line for (line,) in plan)


@pytest.mark.parametrize("share", [None, 0.01, 0.3, 0.9])
@pytest.mark.parametrize("few", [0, 10_000])
def test_as_exact_search(
    catalog: PostgresCatalog,
    held: dict[int, NDArray[np.float32]],
    share: float | None,
    few: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same ids in the same order, with exact cosines, also of some, and without some."""
    monkeypatch.setattr(module, "FEW", few)
    draw = np.random.default_rng(few + int(100 * (share or 0)))
    ids = np.array(list(held), dtype=np.int64)
    block = np.stack(list(held.values()))
    for excluded in (NONE, draw.choice(ids, 40, replace=False)):
        chosen = ids if share is None else draw.choice(ids, int(share * PASSAGES), replace=False)
        allowed = None if share is None else Allowed(chosen)
        query = draw.standard_normal(DIMENSIONS).astype(np.float32)
        query /= np.linalg.norm(query)
        cosines = dict(zip(ids.tolist(), (block @ query).tolist(), strict=True))
        left = sorted(set(chosen.tolist()) - set(excluded.tolist()), key=lambda id: -cosines[id])
        found, scores = catalog.own_vectors.search(query, 20, allowed, excluded)
        assert found.tolist() == left[:20]
        assert scores == pytest.approx([cosines[id] for id in left[:20]], abs=1e-5)
        asked = [left[0] if left else 1, 10**9]
        got = catalog.own_vectors.scores(query, asked)
        assert np.isnan(got[1])
        if left:
            assert got[0] == pytest.approx(cosines[left[0]], abs=1e-5)


def test_what_it_agrees_with(
    catalog: PostgresCatalog, held: dict[int, NDArray[np.float32]]
) -> None:
    """It holds the vectors of the catalog, and no others."""
    ids = np.array(list(held), dtype=np.int64)
    block = np.stack(list(held.values()))
    assert catalog.own_vectors.agrees(ids, block)
    block[5] = block[6]
    assert not catalog.own_vectors.agrees(ids, block)
    assert not catalog.own_vectors.agrees(np.array([10**9]), block[:1])
    catalog.own_vectors.save(Path("nowhere"))


def test_what_is_removed_is_gone(
    catalog: PostgresCatalog, held: dict[int, NDArray[np.float32]]
) -> None:
    """With its document, at the commit."""
    gone = set(catalog.passage_ids([catalog.numbers(["d0"])["d0"]]).tolist())
    assert len(gone) == 100
    with catalog.transaction():
        catalog.remove(["d0"])
    query = np.stack(list(held.values()))[0]
    found, _ = catalog.own_vectors.search(query, PASSAGES)
    assert len(found) == PASSAGES - 100
    assert not gone & set(found.tolist())

"""The file of an index's vectors: what is published of it stands in the catalog."""

import json
from typing import Any

from index.storage.catalog import Catalog
from index.storage.files import checksum
from index.storage.vectors import VectorStore

__all__ = ["KEY", "clean", "published", "write"]

KEY = "vectors"  # in the catalog


def published(catalog: Catalog) -> dict[str, Any]:
    """The file's name and checksum, the state of the passages that it holds, and its `fitted`."""
    return dict(json.loads(catalog.get(KEY) or "{}"))


def write(catalog: Catalog, vectors: VectorStore) -> dict[str, Any]:
    """Write a file of the catalog's vectors; what to publish of it."""
    name = f"vectors-{catalog.get('generation') or '0'}-{vectors.fitted}.faiss"
    path = catalog.folder / name
    vectors.save(path)
    found = {"file": name, "checksum": checksum(path), "state": catalog.state()}
    return {**found, "fitted": vectors.fitted}


def clean(catalog: Catalog) -> None:
    """Delete every such file but the published one, with what an interrupted writer left."""
    kept = published(catalog).get("file")
    for old in catalog.folder.glob("vectors-*"):
        if old.name != kept:
            old.unlink(missing_ok=True)

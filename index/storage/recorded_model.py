"""Which embedding model an index records as its own, and which weights that model has now."""

from pathlib import Path

from index.embedders import DEFAULT_MODEL, FILES, REVISIONS, present_identity
from index.storage.catalog import Catalog

__all__ = ["model_to_open", "present_weights"]


def present_weights(catalog: Catalog) -> str | None:
    """The identity that the bundled model which made the index has now; None for any other model.

    It may have been made with any weights that the model ever had, or with an export of them
    (`index.embedders.export`).
    """
    identity = catalog.get("identity") or ""
    name, _, revision = identity.partition("@")
    if name not in FILES:
        return None
    now = present_identity(name)
    is_bundled = catalog.get("model") == name or identity == now or revision in REVISIONS[name]
    return now if is_bundled else None


def model_to_open(catalog: Catalog) -> str:
    """The name or folder of the model to open an index with.

    It is the recorded one. But if that was an export of a bundled model, and the export is not here
    or has earlier weights, it is the bundled model.
    """
    recorded = catalog.get("model") or DEFAULT_MODEL
    now = present_weights(catalog)
    if now is None or (now == catalog.get("identity") and Path(recorded).is_dir()):
        return recorded
    return now.partition("@")[0]

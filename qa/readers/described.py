"""What is known of a reader without loading its model, as `qa status` shows it."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from index.embedders import BUNDLED
from index.errors import ModelError
from qa.calibration.collections import CollectionBound, bounds_of
from qa.readers import SENTENCES, identity_of
from qa.readers.sentences import SentenceReader
from qa.settings import SETTINGS, Settings

__all__ = ["Description", "describe", "folder_bounds", "folder_identity"]

SPANS = "spans"


@dataclass(frozen=True)
class Description:
    """What `qa.readers.Reader` has under the same names; ``folder`` is None for the light one."""

    folder: Path | None
    settings: Settings
    min_confidence: float
    bounds: tuple[CollectionBound, ...] = ()

    @cached_property
    def identity(self) -> str:
        """Found out when it is asked for, since all files of the reader are read."""
        if self.folder is None:
            return SentenceReader.identity_with(self.settings)
        return folder_identity(self.folder, self.settings)


def describe(name: str | Path | None, model: str, *, settings: Settings = SETTINGS) -> Description:
    """The reader that `qa.readers.load` gives for this name and an index of this model's identity.

    Raises ModelError where there is none.
    """
    if name == SENTENCES:
        return Description(None, settings, SentenceReader.min_confidence)
    folder = BUNDLED if name is None else Path(name)
    try:
        least = float(_fitted_for(_settings_of(folder), model)["min_confidence"])
    except (KeyError, TypeError, ValueError) as exc:
        raise _absent(folder) from exc
    return Description(folder, settings, least, folder_bounds(folder, model))


def folder_identity(folder: Path, settings: Settings) -> str:
    """The identity of a span reader: of its weights, what was fitted, and the settings."""
    fitted = _settings_of(folder)
    for own in (fitted, *fitted.get("models", {}).values()):
        own.pop("bounds", None)  # they are measured with it, and change nothing
    try:
        digests = []
        for path in sorted(folder.glob("reader*.onnx")):
            with path.open("rb") as file:
                digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as exc:
        raise _absent(folder) from exc
    return identity_of(SPANS, digests, json.dumps(fitted, sort_keys=True), settings)


def folder_bounds(folder: Path, model: str) -> tuple[CollectionBound, ...]:
    """The bounds in a span reader's reader.json for an embedding model, by its identity.

    Raises ModelError where they cannot be read.
    """
    try:
        return bounds_of(_fitted_for(_settings_of(folder), model))
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        raise ModelError(
            f"The bounds in {folder / 'reader.json'} cannot be read: make them anew with "
            "python -m benchmarks.bounds, or take them out."
        ) from exc


def _fitted_for(fitted: dict[str, Any], model: str) -> dict[str, Any]:
    """What was fitted for one embedding model; for the default one it stands outside."""
    own: dict[str, Any] = fitted.get("models", {}).get(model.partition("@")[0], fitted)
    return own


def _settings_of(folder: Path) -> dict[str, Any]:
    try:
        fitted = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
        if isinstance(fitted, dict):
            return fitted
    except (OSError, ValueError) as exc:
        raise _absent(folder) from exc
    raise _absent(folder)


def _absent(folder: Path) -> ModelError:
    return ModelError(f"There is no reader in {folder}: name a folder with a reader.json.")

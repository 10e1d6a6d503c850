"""What is in an index and what is wrong with it. Only the entries of files are read."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from index.documents.permission import LOCKED, NONE_OPENS
from index.storage.catalog import Catalog
from index.storage.engines import Engine
from index.sync.plan import Plan, plan
from index.sync.scans import confidences, empty_pages
from index.sync.sync import synced

__all__ = ["Health", "health", "since"]


@dataclass(frozen=True, slots=True)
class Health:
    """The state of an index.

    ``folders``: folder -> when it was last found in step (ISO 8601, UTC). ``failed`` and
    ``skipped``: file -> reason, as of the last sync. ``changed``, ``new``, ``gone`` and ``moved``:
    files by what happened to them since. ``to_reread``: files that an earlier release had read and
    the next sync reads again. ``notices``: document id -> what of its file is not in its text, each
    with its kind. ``empty_pages``: document id -> its pages (from 1) without text. ``ocr``:
    document id -> how sure OCR was of each page (0 to 1, None where it was not needed), of those
    that it has read. ``locked``: files that need a password. ``unpublished``: passages whose
    vectors are in the catalog and not yet in the file from which searches start. ``interrupted``:
    whether a sync was stopped and is to be completed. ``outdated``: whether other weights of the
    model made the vectors, so that searches go by words alone until the next sync or
    `index.index.Index.upgrade`. ``size``: bytes on the disk.
    """

    documents: int
    passages: int
    folders: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    to_reread: list[str] = field(default_factory=list)
    notices: dict[str, list[str]] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    empty_pages: dict[str, list[int]] = field(default_factory=dict)
    ocr: dict[str, list[float | None]] = field(default_factory=dict)
    locked: list[str] = field(default_factory=list)
    unpublished: int = 0
    interrupted: bool = False
    outdated: bool = False
    size: int = 0


def health(catalog: Catalog, engine: Engine, *, outdated: bool) -> Health:
    """The state of an index. It looks once at the entry of each indexed file."""
    folder = catalog.folder
    documents, passages = catalog.counts()
    changes = since(catalog, folder)
    failed = catalog.failures()
    return Health(
        documents=documents,
        passages=passages,
        folders=synced(catalog),
        failed=failed,
        skipped=catalog.skipped(),
        changed=[f.path for f in changes.work if f.is_indexed and not f.is_outdated],
        to_reread=[file.path for file in changes.work if file.is_outdated],
        notices={
            id: [f"{notice.kind.value}: {notice.text}" for notice in notices]
            for id, notices in catalog.notices().items()
        },
        # Files that failed at the last sync are among `failed`.
        new=[f.path for f in changes.work if not f.is_indexed and f.path not in failed],
        gone=[file.source for file in changes.gone],
        moved=[file.path for _, file in changes.moved],
        empty_pages=dict(empty_pages(catalog)),
        ocr=confidences(catalog),
        locked=[path for path, reason in failed.items() if reason in {LOCKED, NONE_OPENS}],
        unpublished=0 if outdated else engine.unpublished(),
        interrupted=catalog.has_kept_vectors(),
        outdated=outdated,
        size=catalog.disk_size(),
    )


def since(catalog: Catalog, folder: Path) -> Plan:
    """What a sync of all that was indexed would do now; documents added by hand have no file."""
    # os.path.isdir is False, and Path.is_dir raises, where a folder may not be looked into.
    folders = [Path(path) for path in synced(catalog) if os.path.isdir(path)]  # noqa: PTH112
    planned = plan(catalog, folders, folder.resolve())
    # Files that were named one by one, and those of folders that do not exist any more.
    in_folders = {file.source for path in folders for file in catalog.files(str(path))}
    others = [file for file in catalog.files(os.sep) if file.source not in in_folders]
    planned.gone += [file for file in others if not os.path.lexists(file.source)]
    present = [Path(file.source) for file in others if os.path.isfile(file.source)]  # noqa: PTH113
    named = plan(catalog, present, folder.resolve())
    planned.work += named.work
    planned.unchanged += named.unchanged
    # Files that moved are only read again for their title.
    moved = {file.path for _, file in planned.moved}
    planned.work = [file for file in planned.work if file.path not in moved]
    return planned

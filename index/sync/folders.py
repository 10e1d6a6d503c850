"""What is in a folder of documents. Only the files' entries are read, never the files."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from index.text.messages import is_encodable, printable

__all__ = ["Listing", "listing"]

LINK = "is a link, which is not followed; give the file or folder itself"
DEVICE = "is a device or a pipe, not a file"
OTHER = "is not a document of a known format"


@dataclass(slots=True)
class Listing:
    """The files of a folder that may be documents, by path, in order of their names.

    ``pictures`` are documents only where OCR is allowed. ``failed`` and ``skipped`` give the reason
    for others. ``unreadable_folders`` could not be
    looked into; each ends with a slash.
    """

    files: dict[str, os.stat_result] = field(default_factory=dict)
    pictures: dict[str, os.stat_result] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    unreadable_folders: list[str] = field(default_factory=list)


def listing(path: Path, excluded_folder: Path | None = None) -> Listing:
    """The documents in a folder; a file is taken as it is, whatever its name.

    Hidden files and folders and Office's locks are left out, as is ``excluded_folder``. Links are
    not followed: they may lead out of the folder, or in a circle.
    """
    listed = Listing()
    if not path.is_dir():
        listed.files[str(path)] = path.stat()
        return listed
    pending = [str(path)]
    while pending:
        folder = pending.pop()
        try:
            with os.scandir(folder) as entries:
                ordered = sorted(entries, key=lambda entry: entry.name)
        except OSError as exc:
            listed.unreadable_folders.append(f"{folder}{os.sep}")
            reason = f"cannot be looked into ({exc.strerror}); check its permissions"
            listed.failed[printable(folder)] = reason
            continue
        below = [entry.path for entry in ordered if _list(entry, listed)]
        pending += reversed([path for path in below if path != str(excluded_folder)])
    return listed


def _list(entry: os.DirEntry[str], listed: Listing) -> bool:
    """List a file, or why it is no document; whether the entry is a folder to be looked into."""
    from index.documents.read import PICTURE_SUFFIXES, SUFFIXES

    path = entry.path
    suffix = os.path.splitext(entry.name)[1].lower()  # noqa: PTH122  # for speed
    if entry.name.startswith((".", "~$")):  # "~$acta.docx" says that Word has the file open
        return False
    try:
        if entry.is_symlink():
            listed.skipped[printable(path)] = LINK
        elif entry.is_dir():
            return True
        elif not entry.is_file():
            listed.skipped[printable(path)] = DEVICE
        elif suffix not in SUFFIXES and suffix not in PICTURE_SUFFIXES:
            listed.skipped[printable(path)] = OTHER
        elif not is_encodable(path):
            listed.failed[printable(path)] = "has a name that is not UTF-8; rename it"
        else:
            kind = listed.files if suffix in SUFFIXES else listed.pictures
            kind[path] = entry.stat()
    except FileNotFoundError:
        pass  # It was removed in this moment.
    except OSError as exc:
        listed.failed[printable(path)] = exc.strerror or "cannot be read"
    return False

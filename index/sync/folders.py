"""What is in a folder of documents, by one look at each file's entry."""

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

    ``failed`` and ``skipped`` give the reason for others; ``closed`` are the folders, with a slash
    at their end, that could not be looked into.
    """

    files: dict[str, os.stat_result] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)


def listing(path: Path, without: Path | None = None) -> Listing:
    """The documents in a folder; a file is taken as it is, whatever its name.

    Hidden files and folders are passed over, as is the folder ``without``; links are not followed:
    they may lead out of the folder, or in a circle.
    """
    found = Listing()
    if not path.is_dir():
        found.files[str(path)] = path.stat()
        return found
    open_folders = [str(path)]
    while open_folders:
        folder = open_folders.pop()
        try:
            with os.scandir(folder) as entries:
                ordered = sorted(entries, key=lambda entry: entry.name)
        except OSError as exc:
            found.closed.append(f"{folder}{os.sep}")
            reason = f"cannot be looked into ({exc.strerror}); check its permissions"
            found.failed[printable(folder)] = reason
            continue
        below = [entry.path for entry in ordered if _look(entry, found)]
        open_folders += reversed([one for one in below if one != str(without)])
    return found


def _look(entry: os.DirEntry[str], found: Listing) -> bool:
    """Note a file, or why it is none; whether the entry is a folder to be looked into."""
    from index.documents.read import SUFFIXES

    path = entry.path
    if entry.name.startswith("."):
        return False
    try:
        if entry.is_symlink():
            found.skipped[printable(path)] = LINK
        elif entry.is_dir():
            return True
        elif not entry.is_file():
            found.skipped[printable(path)] = DEVICE
        elif os.path.splitext(entry.name)[1].lower() not in SUFFIXES:  # noqa: PTH122  # for speed
            found.skipped[printable(path)] = OTHER
        elif not is_encodable(path):
            found.failed[printable(path)] = "has a name that is not UTF-8; rename it"
        else:
            found.files[path] = entry.stat()
    except FileNotFoundError:
        pass  # It went while we looked.
    except OSError as exc:
        found.failed[printable(path)] = exc.strerror or "cannot be read"
    return False

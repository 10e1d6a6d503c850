"""ZIP archives as people send them: a folder of files. Each becomes a document of its own.

No path of an archive ever touches the disk: members are unpacked in memory, one at a time.
"""

import posixpath
import re
import zipfile
from collections.abc import Sequence
from functools import partial

from index.documents.decoding import clean
from index.documents.package import Package
from index.documents.parts import Attachment, ConversionError, Converted, Part, ReadOptions
from index.documents.permission import LOCKED
from index.types import BlockRole

__all__ = ["read_zip"]

_ENCRYPTED, _UTF_8 = 0x1, 0x800  # flags of a member; the second is that of its name
_DRIVE = re.compile(r"^[A-Za-z]:")
# What programs leave in folders.
_FURNITURE = frozenset(("__macosx", "thumbs.db", "desktop.ini"))


def read_zip(data: bytes, options: ReadOptions) -> Converted:
    """The list of an archive's files, which are attachments. Raises ConversionError.

    Hidden files, and those that file managers make, are no part of it.
    """
    package = Package(data)
    attachments = []
    for info in package.infos():
        name = _name(info)
        if name and not any(_is_furniture(piece) for piece in name.split("/")):
            read = partial(_bytes_of, package, info, options.passwords)
            attachments.append(Attachment(name, read))
    if not attachments:
        raise ConversionError("holds no files; check the archive")
    parts = [Part(BlockRole.ITEM, attachment.name, level=1) for attachment in attachments]
    return Converted(parts, attachments=attachments)


def _bytes_of(package: Package, info: zipfile.ZipInfo, passwords: Sequence[str]) -> bytes:
    if info.flag_bits & _ENCRYPTED and not passwords:
        raise ConversionError(LOCKED)
    return package.read_member(info, passwords)


def _name(info: zipfile.ZipInfo) -> str:
    """The member's path inside the archive; never one that leads out of it."""
    name = info.filename
    if not info.flag_bits & _UTF_8:
        # The format says code page 437. Windows writes that of the country, Macs UTF-8.
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode()
        except UnicodeDecodeError:
            name = raw.decode("cp850")
    path = posixpath.normpath("/" + _DRIVE.sub("", clean(name).replace("\\", "/")))
    return " ".join(path.lstrip("/").split())


def _is_furniture(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _FURNITURE

"""Files that are ZIP archives of XML (DOCX, XLSX, PPTX, ODF, EPUB), opened with limits.

Nothing that an archive or its XML names is fetched, no entity is expanded, and what would need more
room than a real file does is refused before it is unpacked.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator, Sequence
from types import TracebackType

from lxml import etree

from index.documents.parts import ConversionError
from index.documents.permission import ENCRYPTED, NONE_OPENS

__all__ = ["DAMAGED", "DEEP", "TOO_LARGE", "UNTRUSTED", "Package", "elements", "parse_xml"]

MAX_MEMBER = 512 << 20  # bytes unpacked, of one member
MAX_TOTAL = 1 << 30  # of all that is read
MAX_MEMBERS = 100_000
_RATIO = 1000  # unpacked to packed, of members above a megabyte

DAMAGED = "is damaged or not what its name says; open it in its own program and save it anew"
DEEP = "is nested deeper than the safety limits allow; open it in its own program and save it anew"
TOO_LARGE = "is larger inside than the safety limits allow; split it into smaller files"
# How XML is parsed: no entity is expanded and nothing is fetched.
UNTRUSTED = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": True,
    "remove_pis": True,
}
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)


class Package:
    """An archive that is read member by member; used in a ``with`` statement.

    Raises ConversionError for what is no archive, damaged, encrypted or too large inside.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as exc:
            raise ConversionError(DAMAGED) from exc
        if len(infos) > MAX_MEMBERS:
            raise ConversionError(TOO_LARGE)
        self._infos = {info.filename: info for info in infos if not info.is_dir()}
        self._read = 0

    def __enter__(self) -> "Package":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name in self._infos

    def names(self) -> list[str]:
        """The names of the files in it, in the archive's order."""
        return list(self._infos)

    def infos(self) -> list[zipfile.ZipInfo]:
        """Every file in it, in the archive's order, also where two have one name."""
        return [info for info in self._zip.infolist() if not info.is_dir()]

    def read(self, name: str) -> bytes:
        """The bytes of one member; KeyError where there is none of that name."""
        return self.read_member(self._infos[name])

    def read_member(self, info: zipfile.ZipInfo, passwords: Sequence[str] = ()) -> bytes:
        """The bytes of one member of `infos`, opened with the password that fits."""
        self._read += info.file_size
        if info.compress_type not in _METHODS:
            raise ConversionError("is packed in a way that cannot be read; unpack it first")
        swollen = info.file_size > _RATIO * max(1, info.compress_size) > 0
        if info.file_size > MAX_MEMBER or self._read > MAX_TOTAL:
            raise ConversionError(TOO_LARGE)
        if swollen and info.file_size > 1 << 20:
            raise ConversionError(TOO_LARGE)
        locked = bool(info.flag_bits & _ENCRYPTED)
        for password in passwords if locked else ():
            try:
                return self._unpacked(info, password.encode())
            except ConversionError:
                continue
        if locked:
            none = NONE_OPENS if passwords else ENCRYPTED
            raise ConversionError(none)
        return self._unpacked(info, None)

    def _unpacked(self, info: zipfile.ZipInfo, password: bytes | None) -> bytes:
        try:
            with self._zip.open(info, pwd=password) as member:
                data = member.read(info.file_size + 1)
        # zlib.error and its like have no common base; a damaged member may raise any of them.
        except Exception as exc:
            raise ConversionError(DAMAGED) from exc
        if len(data) > info.file_size:
            raise ConversionError(TOO_LARGE)
        return data

    def xml(self, name: str) -> etree._Element | None:
        """The root element of one member; None where there is none of that name."""
        return parse_xml(self.read(name)) if name in self else None

    def target(self, kind: str, usual: str) -> str:
        """The name of the part that the whole of an Office file has of a kind, else the usual."""
        kinds = self.relations("").values()
        return next((name for each, name in kinds if each == kind and name in self), usual)

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Of an Office part: relation id -> the last word of its type, and the target's name.

        Targets outside of the archive are left out.
        """
        folder, base = posixpath.split(name)
        root = self.xml(posixpath.join(folder, "_rels", f"{base}.rels"))
        relations = {}
        for relation in root if root is not None else ():
            target = relation.get("Target", "")
            if relation.get("TargetMode") == "External" or not isinstance(relation.tag, str):
                continue
            path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
            kind = relation.get("Type", "").rsplit("/", 1)[-1]
            relations[relation.get("Id", "")] = (kind, posixpath.normpath(path))
        return relations


def parse_xml(data: bytes) -> etree._Element:
    """The root element; no entity is expanded and nothing is fetched. Raises ConversionError."""
    parser = etree.XMLParser(**UNTRUSTED)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise ConversionError(DAMAGED) from exc
    if root is None:
        raise ConversionError(DAMAGED)
    return root


def elements(root: etree._Element) -> Iterator[etree._Element]:
    """The children that are elements: no comments and no entities."""
    return (child for child in root if isinstance(child.tag, str))

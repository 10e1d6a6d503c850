"""Title, author and time of making, as office files say them of themselves.

What programs put there of their own is not told apart here: `index.documents.read` does so for all.
"""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lxml import etree

from index.documents.decoding import one_line
from index.documents.package import Package, elements
from index.documents.parts import ConversionError

__all__ = ["Metadata", "core_properties", "ole_properties", "opendocument_metadata"]

_TITLE, _AUTHOR, _CREATED, _CODE_PAGE = 2, 4, 12, 1
_ANSI, _UNICODE, _TIME = 30, 31, 64
_MOST = 200  # properties
_ENCODINGS = {1200: "utf-16-le", 65001: "utf-8", 10000: "mac-roman"}


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the file says; None where it says nothing."""

    title: str | None = None
    author: str | None = None
    created: str | None = None
    language: str = ""


def _said(title: str, author: str, created: str, language: str = "") -> Metadata:
    title, author, created = map(one_line, (title, author, created))
    return Metadata(title or None, author or None, created or None, language)


def core_properties(package: Package) -> Metadata:
    """Those of a newer Office file; what is damaged of them is left out."""
    said = _texts(package, package.target("core-properties", "docProps/core.xml"))
    get = said.get
    return _said(get("title", ""), get("creator", ""), get("created", ""), get("language", ""))


def _texts(package: Package, name: str) -> dict[str, str]:
    try:
        root = package.xml(name)
    except ConversionError:
        return {}
    return {} if root is None else _named(root)


def _named(root: etree._Element) -> dict[str, str]:
    return {child.tag.rpartition("}")[2]: child.text or "" for child in elements(root)}


def opendocument_metadata(root: etree._Element | None) -> Metadata:
    """Those of an OpenDocument file, in the element ``office:meta`` below the root."""
    said: dict[str, str] = {}
    for meta in root.iter("{*}meta") if root is not None else ():
        said = {**_named(meta), **said}
    author = said.get("initial-creator", "").strip() or said.get("creator", "")
    return _said(said.get("title", ""), author, said.get("creation-date", ""))


def ole_properties(stream: bytes) -> Metadata:
    """Those of an old Office file, in its stream ``SummaryInformation`` ([MS-OLEPS])."""
    try:
        said = _values(stream)
    except (struct.error, ValueError, OverflowError, LookupError):
        return Metadata()
    return _said(*(said.get(id, "") for id in (_TITLE, _AUTHOR, _CREATED)))


def _values(data: bytes) -> dict[int, str]:
    (start,) = struct.unpack_from("<I", data, 44)
    _, count = struct.unpack_from("<II", data, start)
    places = dict(
        struct.unpack_from("<II", data, start + 8 + 8 * n) for n in range(min(count, _MOST))
    )
    page = 1252
    if _CODE_PAGE in places:
        (page,) = struct.unpack_from("<H", data, start + places[_CODE_PAGE] + 4)
    encoding = _ENCODINGS.get(page, f"cp{page}")
    wanted = [id for id in (_TITLE, _AUTHOR, _CREATED) if id in places]
    return {id: _value(data, start + places[id], encoding) for id in wanted}


def _value(data: bytes, at: int, encoding: str) -> str:
    (kind,) = struct.unpack_from("<I", data, at)
    if kind == _TIME:
        (ticks,) = struct.unpack_from("<Q", data, at + 4)
        moment = datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)
        return moment.isoformat() if ticks else ""
    if kind not in (_ANSI, _UNICODE):
        return ""
    (size,) = struct.unpack_from("<I", data, at + 4)
    size = min(size, 1 << 16) * (2 if kind == _UNICODE else 1)
    raw = data[at + 8 : at + 8 + size]
    return raw.decode("utf-16-le" if kind == _UNICODE else encoding, "replace").partition("\0")[0]

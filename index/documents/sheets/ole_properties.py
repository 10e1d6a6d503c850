"""Title, author and date in the property set of an old Office file (MS-OLEPS)."""

import struct
from datetime import UTC, datetime, timedelta

from index.documents.sheets.grid import cleaned
from index.documents.sheets.metadata import Metadata, author_or_none

__all__ = ["properties"]

_TITLE, _AUTHOR, _CREATED, _CODE_PAGE = 2, 4, 12, 1
_SHORT, _ANSI, _UNICODE, _TIME = 2, 30, 31, 64
_MOST = 200  # properties


def properties(data: bytes) -> Metadata:
    """What a stream ``SummaryInformation`` says; nothing where it is damaged."""
    try:
        said = _values(data)
    except (struct.error, ValueError, OverflowError, LookupError):
        return Metadata()
    created = said.get(_CREATED)
    return Metadata(
        title=cleaned(str(said.get(_TITLE, ""))) or None,
        author=author_or_none(str(said.get(_AUTHOR, ""))),
        created=str(created) if created else None,
    )


def _values(data: bytes) -> dict[int, str | int]:
    (start,) = struct.unpack_from("<I", data, 44)
    _, count = struct.unpack_from("<II", data, start)
    places = dict(
        struct.unpack_from("<II", data, start + 8 + 8 * n) for n in range(min(count, _MOST))
    )
    code_page = 1252
    if _CODE_PAGE in places:
        (code_page,) = struct.unpack_from("<H", data, start + places[_CODE_PAGE] + 4)
    encoding = {1200: "utf-16-le", 65001: "utf-8", 10000: "mac-roman"}.get(
        code_page, f"cp{code_page}"
    )
    return {
        id: _value(data, start + places[id], encoding)
        for id in (_TITLE, _AUTHOR, _CREATED)
        if id in places
    }


def _value(data: bytes, at: int, encoding: str) -> str:
    (kind,) = struct.unpack_from("<I", data, at)
    if kind == _TIME:
        (ticks,) = struct.unpack_from("<Q", data, at + 4)
        if not ticks:
            return ""
        return (datetime(1601, 1, 1, tzinfo=UTC) + timedelta(microseconds=ticks // 10)).isoformat()
    if kind not in (_ANSI, _UNICODE):
        return ""
    (size,) = struct.unpack_from("<I", data, at + 4)
    size = min(size, 1 << 16) * (2 if kind == _UNICODE else 1)
    raw = data[at + 8 : at + 8 + size]
    return raw.decode("utf-16-le" if kind == _UNICODE else encoding, "replace").partition("\0")[0]

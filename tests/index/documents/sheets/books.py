"""Small workbooks, made by the libraries that people use."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from index.documents.read import read_document
from index.types import BlockRole, Document

__all__ = ["read", "roles", "saved", "sheet_of", "zipped"]


def saved(*fills: tuple[str, Callable[[Worksheet], None]]) -> bytes:
    """A workbook with a sheet of each name, filled by its function."""
    book = Workbook()
    book.remove(book.active)
    for name, fill in fills:
        fill(book.create_sheet(name))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_of(
    *rows: tuple[object, ...], name: str = "Sheet1", merged: tuple[str, ...] = ()
) -> bytes:
    """A workbook with one sheet of these rows; None is an empty cell."""

    def fill(sheet: Worksheet) -> None:
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if value is not None:
                    sheet.cell(number, column, value)
        for area in merged:
            sheet.merge_cells(area)

    return saved((name, fill))


def read(tmp_path: Path, data: bytes, name: str = "a.xlsx") -> Document:
    """The document of a file's bytes."""
    path = tmp_path / name
    path.write_bytes(data)
    return read_document(path, "d")


def roles(document: Document) -> list[tuple[BlockRole, str]]:
    """The blocks, as their roles and texts."""
    return [(block.role, document.text[block.start : block.end]) for block in document.blocks]


def zipped(**members: str) -> bytes:
    """An archive of texts; ``__`` in a name is a slash, ``_0`` a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_0", "."), text)
    return out.getvalue()

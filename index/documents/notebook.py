"""Jupyter notebooks to parts: Markdown, code and short outputs; nothing is run."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from index.documents.decoding import clean, decode, one_line
from index.documents.html.read import parts_of_html
from index.documents.notices import counted
from index.documents.parts import ConversionError, Converted, Part, ReadOptions
from index.documents.plaintext.markdown import markdown_parts
from index.types import BlockRole, Notice, NoticeKind

__all__ = ["read_notebook"]

_DAMAGED = "is damaged or not what its name says; open it in Jupyter and save it anew"
_OUTPUT_LINES = 60
_OUTPUT_CHARS = 6000
_TERMINAL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_OVERWRITTEN = re.compile(r"^.*\r(?!\n)", re.MULTILINE)
# How Python shows an object that has nothing to read: <Figure size 640x480>, <Axes: title=...>.
_OBJECT = re.compile(r"\[?<[^<>]*(?:<[^<>]*>[^<>]*)*>,?\]?|\[?(?:Text|Line2D)\(.*")


def read_notebook(data: bytes, options: ReadOptions) -> Converted:  # noqa: ARG001
    """The cells of a notebook of format 3 or 4. Raises ConversionError, ValueError for no text."""
    try:
        notebook = json.loads(decode(data), strict=False)
    except (RecursionError, json.JSONDecodeError) as exc:
        raise ConversionError(_DAMAGED) from exc
    if not isinstance(notebook, dict):
        raise ConversionError(_DAMAGED)
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        sheets = _list(notebook.get("worksheets"))
        cells = [cell for sheet in sheets for cell in _list(_dict(sheet).get("cells"))]
        if not sheets:
            raise ConversionError(_DAMAGED)
    outputs = _Outputs()
    parts = [part for cell in cells for part in _cell(_dict(cell), outputs)]
    metadata = _dict(notebook.get("metadata"))
    authors = [_dict(author).get("name") for author in _list(metadata.get("authors"))]
    return Converted(
        parts,
        title=_line(metadata.get("title")) or _first_heading(parts),
        author=", ".join(filter(None, map(_line, authors))) or None,
        date=_line(metadata.get("date")),
        notices=outputs.notices(),
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _line(value: Any) -> str | None:
    return one_line(value) or None if isinstance(value, str) else None


def _text(value: Any) -> str:
    """A text that is written whole, or as a list of its lines."""
    return clean(_raw(value))


def _raw(value: Any) -> str:
    pieces = value if isinstance(value, list) else [value]
    return "".join(piece for piece in pieces if isinstance(piece, str))


def _first_heading(parts: Iterable[Part]) -> str | None:
    return next((part.text for part in parts if part.role is BlockRole.HEADING), None)


def _cell(cell: dict[str, Any], outputs: "_Outputs") -> Iterator[Part]:
    kind = cell.get("cell_type")
    source = _text(cell.get("source", cell.get("input", "")))
    if kind == "markdown":
        yield from markdown_parts(source)
    elif kind == "heading":
        level = cell.get("level")
        words = " ".join(source.split())
        shown = level if isinstance(level, int) and 0 < level < 7 else 1
        yield Part(BlockRole.HEADING, words, level=shown)
    elif kind == "code":
        if source.strip():
            yield Part(BlockRole.CODE, source.strip("\n").rstrip())
        for output in _list(cell.get("outputs")):
            yield from outputs.parts(_dict(output))
    elif kind in ("raw", "html") and source.strip():
        is_html = kind == "html" or "html" in str(_dict(cell.get("metadata")).get("format", ""))
        yield from parts_of_html(source) if is_html else [Part(BlockRole.PARAGRAPH, source.strip())]


_NOTICES = (("long", NoticeKind.OTHER, "{} long output(s) (is/are) left out"),)


class _Outputs:
    """What the code gave, as it stands in the file; what is too long to be read is counted."""

    def __init__(self) -> None:
        self._long = 0

    def notices(self) -> tuple[Notice, ...]:
        """What was left out."""
        return counted({"long": self._long}, _NOTICES)

    def parts(self, output: dict[str, Any]) -> Iterator[Part]:
        """The parts of one output."""
        kind = output.get("output_type")
        if kind in ("error", "pyerr"):
            said = f"{output.get('ename') or 'Error'}: {output.get('evalue') or ''}"
            yield from self._printed(said.strip(" :"))
        elif kind == "stream":
            yield from self._printed(_raw(output.get("text")))
        else:
            # In format 3 the kinds of data are keys of the output itself.
            data = _dict(output.get("data")) or {
                "text/html": output.get("html"),
                "text/plain": output.get("text"),
                "image/png": output.get("png"),
            }
            yield from self._shown(data)

    def _shown(self, data: dict[str, Any]) -> Iterator[Part]:
        html = _text(data.get("text/html"))
        if "<table" in html.lower():
            yield from parts_of_html(html)
        elif _text(data.get("text/markdown")).strip():
            yield from markdown_parts(_text(data.get("text/markdown")))
        else:
            plain = _text(data.get("text/plain"))
            if not _OBJECT.fullmatch(plain.strip()):
                yield from self._printed(plain)

    def _printed(self, text: str) -> Iterator[Part]:
        text = _OVERWRITTEN.sub("", _TERMINAL.sub("", text).replace("\r\n", "\n"))
        text = clean(text).strip("\n").rstrip()
        if text.count("\n") >= _OUTPUT_LINES or len(text) > _OUTPUT_CHARS:
            self._long += 1
        elif text.strip():
            yield Part(BlockRole.CODE, text)

"""A report as one HTML file that reads and prints without a network.

It holds no script and loads nothing, and its policy forbids both: whatever a document says is text.
"""

import base64
import hashlib
from html import escape
from importlib.resources import files

from qa.reports.parts import Cell, Kind, Part, Run, Style

__all__ = ["write_page"]

_TAGS = {Kind.TITLE: "h1", Kind.QUESTION: "h2", Kind.PLACE: "h3"}
_CLASSES = {Kind.SMALL: "small", Kind.REFERENCE: "reference"}
_STYLES = {Style.STRONG: "strong", Style.MARKED: "mark"}


def write_page(parts: list[Part], title: str, language: str) -> bytes:
    """The parts as a page in UTF-8."""
    style = files("qa.reports").joinpath("report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    body = "\n".join(map(_written, parts))
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        f"{body}\n</main>\n</body>\n</html>\n"
    ).encode(errors="replace")


def _written(part: Part) -> str:
    if part.kind is Kind.TABLE:
        return f"<blockquote>{_table(part)}</blockquote>"
    text = _runs(part.runs)
    if part.kind is Kind.QUOTE:
        return f'<blockquote><p dir="auto">{text}</p></blockquote>'
    tag = _TAGS.get(part.kind, "p")
    named = f' class="{_CLASSES[part.kind]}"' if part.kind in _CLASSES else ""
    return f"<{tag}{named}>{text}</{tag}>"


def _table(part: Part) -> str:
    head, body = part.rows[: part.header_rows], part.rows[part.header_rows :]
    heads = f"<thead>{''.join(_row(row, 'th') for row in head)}</thead>" if head else ""
    return f"<table>{heads}<tbody>{''.join(_row(row, 'td') for row in body)}</tbody></table>"


def _row(row: tuple[Cell, ...], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{_runs(cell)}</{tag}>' for cell in row)}</tr>"


def _runs(runs: tuple[Run, ...]) -> str:
    return "".join(map(_run, runs))


def _run(run: Run) -> str:
    text = escape(run.text).replace("\n", "<br>\n")
    tag = _STYLES.get(run.style)
    return f"<{tag}>{text}</{tag}>" if tag else text

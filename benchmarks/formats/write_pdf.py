"""PDF by reportlab, whose Platypus flows a document over pages."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from benchmarks.formats.truth import (
    Content,
    Heading,
    Item,
    Paragraph,
    Piece,
    Table,
    runs,
    shown,
)

__all__ = ["flattened", "write_pdf"]

A4 = (595.0, 842.0)
LEFT = 70.0


def write_pdf(content: Content, path: Path) -> None:
    """By Platypus: what flows over pages, with running headers that alternate and page numbers."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph as Flow
    from reportlab.platypus import SimpleDocTemplate, Spacer

    styles = getSampleStyleSheet()
    story: list[Any] = []
    for piece in content.pieces:
        if isinstance(piece, Table):
            story += [_grid(piece, styles), Spacer(1, 10)]
            continue
        mark = piece.mark or ("•" if isinstance(piece, Item) else "")
        words = "".join(_markup(run.text, run.kind) for run in runs(piece.text))
        if isinstance(piece, Heading):
            story.append(Flow(words, styles[f"Heading{piece.level}"]))
        elif isinstance(piece, Item):
            style = styles["Normal"].clone(f"item{piece.level}")
            style.leftIndent, style.bulletIndent = 18 * piece.level + 6, 18 * piece.level - 10
            story.append(Flow(words, style, bulletText=mark))
        else:
            story += [Flow(f"{mark} {words}".strip(), styles["Normal"]), Spacer(1, 6)]

    def furniture(canvas: Any, document: Any) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawCentredString(A4[0] / 2, 30, str(document.page))
        left, right = content.running
        if left and document.page > 1:
            odd = document.page % 2
            draw = canvas.drawRightString if odd else canvas.drawString
            draw(A4[0] - LEFT if odd else LEFT, 810, right if odd else left)

    made = SimpleDocTemplate(
        str(path), pagesize=A4, title=content.title, author=content.author, invariant=1
    )
    made.build(story, onFirstPage=furniture, onLaterPages=furniture)


def _markup(text: str, kind: str) -> str:
    if kind not in ("plain", "bold", "inserted"):
        return ""
    words = escape(text)
    return f"<b>{words}</b>" if kind == "bold" else words


def _grid(piece: Table, styles: Any) -> Any:
    from reportlab.lib import colors
    from reportlab.platypus import Paragraph as Flow
    from reportlab.platypus import Table as Grid

    covered = piece.covered
    cells = [
        [
            "" if (r, c) in covered else Flow(escape(value), styles["Normal"])
            for c, value in enumerate(row)
        ]
        for r, row in enumerate(piece.rows)
    ]
    commands: list[tuple[Any, ...]] = [("GRID", (0, 0), (-1, -1), 0.5, colors.black)]
    commands += [
        ("SPAN", (column, row), (column + wide - 1, row + tall - 1))
        for row, column, tall, wide in piece.spans
    ]
    return Grid(cells, repeatRows=piece.header_rows, style=commands)


def flattened(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces as Platypus writes them: without notes."""
    return tuple(
        piece if isinstance(piece, Table) else type(piece)(shown(piece.text), *_rest(piece))
        for piece in pieces
    )


def _rest(piece: Heading | Paragraph | Item) -> tuple[Any, ...]:
    return (piece.mark,) if isinstance(piece, Paragraph) else (piece.level, piece.mark)

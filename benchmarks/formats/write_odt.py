"""OpenDocument texts by odfpy: numbers typed as text, bullets, tables, notes, hidden text."""

from pathlib import Path
from typing import Any

from benchmarks.formats.truth import Content, Heading, Item, Table, runs

__all__ = ["bullets", "write_odt"]


def write_odt(content: Content, path: Path) -> None:
    """Write the document."""
    from odf import dc, meta, style, table, text
    from odf.opendocument import OpenDocumentText

    made: Any = OpenDocumentText()
    made.meta.addElement(dc.Title(text=content.title))
    made.meta.addElement(meta.InitialCreator(text=content.author))
    hidden = style.Style(name="oculto", family="text")
    hidden.addElement(style.TextProperties(display="none"))
    made.automaticstyles.addElement(hidden)
    filling = _Filling(text, hidden)
    for piece in content.pieces:
        if isinstance(piece, Table):
            made.text.addElement(_table(piece, table, text))
        elif isinstance(piece, Heading):
            made.text.addElement(filling.fill(text.H(outlinelevel=piece.level), piece.text))
        elif isinstance(piece, Item) and not piece.mark:
            made.text.addElement(bullets(text, filling.fill(text.P(), piece.text), piece.level))
        else:
            mark = f"{piece.mark} " if piece.mark else ""
            made.text.addElement(filling.fill(text.P(text=mark) if mark else text.P(), piece.text))
    made.save(str(path))


def bullets(text: Any, paragraph: Any, level: int) -> Any:
    """A list of one item, inside of as many lists as its level says."""
    for _ in range(level):
        outer, entry = text.List(), text.ListItem()
        entry.addElement(paragraph)
        outer.addElement(entry)
        paragraph = outer
    return paragraph


class _Filling:
    def __init__(self, text: Any, hidden: Any) -> None:
        self.text, self.hidden, self.notes = text, hidden, 0

    def fill(self, element: Any, words: str) -> Any:
        """The element with the words in it."""
        for run in runs(words):
            if run.kind == "note":
                element.addElement(self.note(run.text))
            elif run.kind == "hidden":
                element.addElement(self.text.Span(stylename=self.hidden, text=run.text))
            elif run.kind not in ("deleted", "comment"):
                element.addText(run.text)
        return element

    def note(self, words: str) -> Any:
        self.notes += 1
        note = self.text.Note(id=f"n{self.notes}", noteclass="footnote")
        note.addElement(self.text.NoteCitation(text=str(self.notes)))
        body = self.text.NoteBody()
        body.addElement(self.text.P(text=words))
        note.addElement(body)
        return note


def _table(piece: Table, table: Any, text: Any) -> Any:
    spans = piece.sizes
    covered = piece.covered
    grid = table.Table()
    grid.addElement(table.TableColumn(numbercolumnsrepeated=len(piece.rows[0])))
    head = table.TableHeaderRows()
    for r, row in enumerate(piece.rows):
        line = table.TableRow()
        for c, value in enumerate(row):
            if (r, c) in covered:
                line.addElement(table.CoveredTableCell())
                continue
            tall, wide = spans.get((r, c), (1, 1))
            cell = table.TableCell(numberrowsspanned=tall, numbercolumnsspanned=wide)
            cell.addElement(text.P(text=value))
            line.addElement(cell)
        (head if r < piece.header_rows else grid).addElement(line)
        if r == piece.header_rows - 1:
            grid.addElement(head)
    return grid

"""Presentations by python-pptx: bullets, tables, speaker's notes, hidden slides, moved slides."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.formats.truth import Heading, Item, Paragraph, Piece, Table

__all__ = ["Deck", "Slide", "pieces_of", "write_pptx"]


@dataclass(frozen=True, slots=True)
class Slide:
    """A title with bullets, a table or both; ``notes`` are the speaker's."""

    title: str
    bullets: tuple[tuple[str, int], ...] = ()
    table: Table | None = None
    notes: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Deck:
    """Slides in the order in which they are shown."""

    name: str
    title: str
    author: str
    slides: tuple[Slide, ...]


def pieces_of(deck: Deck) -> tuple[tuple[Piece, ...], tuple[str, ...]]:
    """What is shown with the notes, and the words of hidden slides."""
    pieces: list[Piece] = []
    hidden: list[str] = []
    for slide in deck.slides:
        if slide.hidden:
            hidden += [slide.title, *(words for words, _ in slide.bullets)]
            continue
        pieces.append(Heading(slide.title))
        pieces += [Item(words, level) for words, level in slide.bullets]
        pieces += [slide.table] if slide.table else []
        pieces += [Paragraph(slide.notes, "Notas:")] if slide.notes else []
    return tuple(pieces), tuple(hidden)


def write_pptx(deck: Deck, path: Path) -> None:
    """The slides are made in another order than they are shown in, as after moving them."""
    from pptx import Presentation
    from pptx.util import Inches

    made: Any = Presentation()
    made.core_properties.title, made.core_properties.author = deck.title, deck.author
    order = [*range(1, len(deck.slides)), 0]
    for number in order:
        slide = deck.slides[number]
        page = made.slides.add_slide(made.slide_layouts[1 if slide.bullets else 5])
        page.shapes.title.text = slide.title
        if slide.bullets:
            frame = page.placeholders[1].text_frame
            for place, (words, level) in enumerate(slide.bullets):
                paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
                paragraph.text, paragraph.level = words, level - 1
        if slide.table:
            rows = slide.table.rows
            box = (Inches(0.5), Inches(4), Inches(9), Inches(2.5))
            _fill(page.shapes.add_table(len(rows), len(rows[0]), *box).table, slide.table)
        if slide.notes:
            page.notes_slide.notes_text_frame.text = slide.notes
        if slide.hidden:
            page._element.set("show", "0")
    ids = made.slides._sldIdLst
    ids.insert(0, ids[-1])
    made.save(str(path))


def _fill(grid: Any, table: Table) -> None:
    for r, row in enumerate(table.rows):
        for c, value in enumerate(row):
            if (r, c) not in table.covered:
                grid.cell(r, c).text = value
    for row_, column, tall, wide in table.spans:
        grid.cell(row_, column).merge(grid.cell(row_ + tall - 1, column + wide - 1))

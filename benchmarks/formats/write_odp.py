"""Presentations by odfpy: frames of title and outline, notes, hidden slides; no tables."""

from pathlib import Path
from typing import Any

from benchmarks.formats.write_odt import bullets
from benchmarks.formats.write_slides import Deck, Slide

__all__ = ["write_odp"]

_PRESENTATION = "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"


def write_odp(deck: Deck, path: Path) -> None:
    """Write the presentation."""
    from odf import dc, draw, meta, style
    from odf.opendocument import OpenDocumentPresentation

    made: Any = OpenDocumentPresentation()
    made.meta.addElement(dc.Title(text=deck.title))
    made.meta.addElement(meta.InitialCreator(text=deck.author))
    layout = style.PageLayout(name="pl")
    layout.addElement(style.PageLayoutProperties(pagewidth="28cm", pageheight="21cm"))
    made.automaticstyles.addElement(layout)
    made.masterstyles.addElement(style.MasterPage(name="m", pagelayoutname=layout))
    unseen = style.Style(name="oculta", family="drawing-page")
    unseen.addElement(style.DrawingPageProperties(visibility="hidden"))
    made.automaticstyles.addElement(unseen)
    for number, slide in enumerate(deck.slides):
        hidden = {"stylename": unseen} if slide.hidden else {}
        page = draw.Page(name=f"p{number}", masterpagename="m", **hidden)
        _fill(page, slide)
        made.presentation.addElement(page)
    made.save(str(path))


def _fill(page: Any, slide: Slide) -> None:
    from odf import presentation, text

    page.addElement(_frame("title", 1, text.P(text=slide.title)))
    if slide.bullets:
        items = (bullets(text, text.P(text=words), level) for words, level in slide.bullets)
        page.addElement(_frame("outline", 5, *items))
    if slide.notes:
        notes = presentation.Notes()
        notes.addElement(_frame("notes", 10, text.P(text=slide.notes)))
        page.addElement(notes)


def _frame(kind: str, top: int, *contents: Any) -> Any:
    from odf import draw

    frame = draw.Frame(width="24cm", height="3cm", x="2cm", y=f"{top}cm")
    frame.setAttrNS(_PRESENTATION, "class", kind)
    box = draw.TextBox()
    for content in contents:
        box.addElement(content)
    frame.addElement(box)
    return frame

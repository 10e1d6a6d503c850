"""Presentations by python-pptx: bullets, tables, speaker's notes, hidden slides, moved slides."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.formats.truth import Heading, Item, Paragraph, Piece, Table

__all__ = ["Deck", "Slide", "decks", "pieces_of", "write_odp", "write_pptx"]


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


def decks() -> list[Deck]:
    """A plan, a course and a report."""
    water = Table(
        (
            ("Cuenca", "2023", "2024", "Cambio"),
            ("Alta", "38,2 hm³", "41,0 hm³", "+7,3 %"),
            ("Media", "22,5 hm³", "19,9 hm³", "−11,6 %"),
            ("Baja", "9,1 hm³", "9,1 hm³", "0,0 %"),
        )
    )
    merged = Table(
        (
            ("Grupo", "Asistentes", "Asistentes"),
            ("Grupo", "Mañana", "Tarde"),
            ("Primero", "18", "21"),
            ("Segundo", "16", "9"),
        ),
        2,
        ((0, 0, 2, 1), (0, 1, 1, 2)),
    )
    return [
        Deck(
            "agua",
            "Reservas de agua",
            "Matilde Urrutia Paz",
            (
                Slide("Reservas de agua", (("Balance de la cuenca en 2024.", 1),)),
                Slide("Volumen embalsado", (), water, "El dato de la cuenca media aún se revisa."),
                Slide("Borrador de multas", (("La multa sería de 66 000 euros.", 1),), hidden=True),
                Slide(
                    "Medidas",
                    (
                        ("Cerrar dos compuertas.", 1),
                        ("La del molino, en abril.", 2),
                        ("La del puente, en mayo.", 2),
                        ("Medir cada 15 días.", 1),
                    ),
                ),
            ),
        ),
        Deck(
            "curso",
            "Curso de primeros auxilios",
            "Gonzalo Ibarra",
            (
                Slide("Curso de primeros auxilios", (("Del 3 al 7 de febrero.", 1),)),
                Slide("Grupos", (("Los dos grupos comparten aula.", 1),), merged),
                Slide("Material", (("Vendas: 40.", 1), ("Camillas: 2.", 1)), None, "Pedir 5 más."),
            ),
        ),
        Deck(
            "museo",
            "El museo en cifras",
            "Carla Bustos",
            (
                Slide("El museo en cifras", (("Visitas: 128.450 en 2025.", 1),)),
                Slide(
                    "Origen", (("Escuelas: 31 %.", 1), ("Turismo: 44 %.", 1), ("Barrio: 25 %.", 1))
                ),
                Slide("Fin", (("Gracias a las 62 personas voluntarias.", 1),)),
            ),
        ),
    ]


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
        pieces += [Paragraph(slide.notes)] if slide.notes else []
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


def write_odp(deck: Deck, path: Path) -> None:
    """By odfpy: frames of title and outline, notes, hidden slides; tables are left to others."""
    from odf import dc, draw, meta, presentation, style, text
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

    def frame(kind: str, top: int) -> tuple[Any, Any]:
        outer = draw.Frame(width="24cm", height="3cm", x="2cm", y=f"{top}cm")
        outer.setAttrNS("urn:oasis:names:tc:opendocument:xmlns:presentation:1.0", "class", kind)
        box = draw.TextBox()
        outer.addElement(box)
        return outer, box

    for number, slide in enumerate(deck.slides):
        page = draw.Page(
            name=f"p{number}",
            masterpagename="m",
            **({"stylename": unseen} if slide.hidden else {}),
        )
        outer, box = frame("title", 1)
        box.addElement(text.P(text=slide.title))
        page.addElement(outer)
        if slide.bullets:
            outer, box = frame("outline", 5)
            for words, level in slide.bullets:
                top = inner = text.List()
                for _ in range(level - 1):
                    entry, nested = text.ListItem(), text.List()
                    entry.addElement(nested)
                    inner.addElement(entry)
                    inner = nested
                entry = text.ListItem()
                entry.addElement(text.P(text=words))
                inner.addElement(entry)
                box.addElement(top)
            page.addElement(outer)
        if slide.notes:
            notes = presentation.Notes()
            outer, box = frame("notes", 10)
            box.addElement(text.P(text=slide.notes))
            notes.addElement(outer)
            page.addElement(notes)
        made.presentation.addElement(page)
    made.save(str(path))

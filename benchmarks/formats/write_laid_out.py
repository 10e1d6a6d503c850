"""PDF laid out by hand with reportlab: columns, broken words, labels, notes, what is not seen."""

from pathlib import Path
from typing import Any

from benchmarks.formats.truth import Heading, Paragraph, Piece, Table, Truth
from benchmarks.formats.write_pdf import A4, LEFT

__all__ = ["write_laid_out"]

TOP = 770.0
FONT = "Times-Roman"


def write_laid_out(folder: Path) -> list[Truth]:
    """What only a page laid out by hand has."""
    return [
        _columns(folder),
        _broken_words(folder),
        _labels(folder),
        _footnotes(folder),
        _plain_table(folder),
        _invisible(folder),
    ]


class _Page:
    """Lines drawn one under the other, on as many pages as they need."""

    def __init__(self, path: Path, title: str) -> None:
        from reportlab.pdfgen.canvas import Canvas

        self.canvas: Any = Canvas(str(path), pagesize=A4, invariant=1)
        self.canvas.setTitle(title)
        self.y = TOP

    def line(self, text: str, *, size: float = 11, x: float = LEFT, font: str = FONT) -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, self.y, text)
        self.y -= size * 1.3

    def wrapped(self, text: str, width: float, *, x: float = LEFT, size: float = 11) -> None:
        from reportlab.lib.utils import simpleSplit

        for line in simpleSplit(text, FONT, size, width):
            self.line(line, size=size, x=x)
        self.y -= 6

    def next(self) -> None:
        self.canvas.showPage()
        self.y = TOP


_COLUMNS = (
    "El mercado viejo cerró en 1987 y volvió a abrir nueve años más tarde, cuando el barrio juntó "
    "11.400 firmas y el ayuntamiento compró el edificio.",
    "Las obras costaron 3,2 millones de euros. Se cambió el techo, se levantó un suelo nuevo de "
    "granito y se dejaron las columnas de hierro tal como estaban.",
    "Hoy tiene 64 puestos, de los que 51 están ocupados. El alquiler medio es de 410 euros al mes "
    "y no ha subido desde 2019.",
    "Los vecinos piden que abra también los domingos por la tarde; los vendedores, que se arregle "
    "el aparcamiento, donde solo caben 38 coches.",
    "El concejo decidirá en octubre, después de una consulta en la que pueden votar todas las "
    "personas de más de 16 años.",
)


def _columns(folder: Path) -> Truth:
    path, title = folder / "dos-columnas.pdf", "El mercado viejo, cuarenta años después"
    page = _Page(path, title)
    page.line(title, size=18, font="Helvetica-Bold")
    top = page.y - 10
    for texts, x in ((_COLUMNS[:3], LEFT), (_COLUMNS[3:], 310.0)):
        page.y = top
        for text in texts:
            page.wrapped(text, 215, x=x)
    page.canvas.save()
    pieces: tuple[Piece, ...] = (Heading(title), *map(Paragraph, _COLUMNS))
    return Truth("dos-columnas.pdf", "reportlab", pieces, title=title, levels=False)


def _broken_words(folder: Path) -> Truth:
    path, title = folder / "guiones.pdf", "Aviso sobre el abastecimiento"
    page = _Page(path, title)
    page.line(title, size=18, font="Helvetica-Bold")
    page.y -= 10
    for line in (
        "El servicio de abasteci-",
        "miento se corta el martes entre las 8:00 y las 10:30, y el plan 2024-",
        "2026 prevé otras tres interrupciones. La empresa franco-",
        "alemana que hace la obra responde de los daños que cause, y la res-",
        "ponsable de la zona atiende en el teléfono 555-0147.",
    ):
        page.line(line)
    page.canvas.save()
    text = (
        "El servicio de abastecimiento se corta el martes entre las 8:00 y las 10:30, y el plan "
        "2024-2026 prevé otras tres interrupciones. La empresa franco-alemana que hace la obra "
        "responde de los daños que cause, y la responsable de la zona atiende en el teléfono "
        "555-0147."
    )
    pieces = (Heading(title), Paragraph(text))
    return Truth("guiones.pdf", "reportlab", pieces, title=title, levels=False)


def _labels(folder: Path) -> Truth:
    path, title = folder / "etiquetas.pdf", "Manual del guardabosques"
    page = _Page(path, title)
    labels = ("i", "ii", "1", "2", "3")
    texts = (
        "Este manual se entrega a cada guardabosques el día en que toma su puesto.",
        "La segunda edición corrige las distancias del monte bajo.",
        "La ronda de la mañana empieza a las 6:30 en la caseta del embalse.",
        "Cada incendio se anota con su hora, su viento y sus hectáreas.",
        "Las llaves del depósito se guardan en la caseta 12.",
    )
    page.line(title, size=18, font="Helvetica-Bold")
    for number, (label, text) in enumerate(zip(labels, texts, strict=True)):
        page.y -= 10
        page.wrapped(text, 400)
        page.canvas.setFont(FONT, 9)
        page.canvas.drawCentredString(A4[0] / 2, 30, label)
        if number:
            page.canvas.setFont(FONT, 9)
            page.canvas.drawString(LEFT, 815, "Manual" if number % 2 else "Guardabosques")
        page.next()
    for start, style, first in ((0, "ROMAN_LOWER", 1), (2, "ARABIC", 1)):
        page.canvas.addPageLabel(start, style, first)
    page.canvas.save()
    pieces: tuple[Piece, ...] = (Heading(title), *map(Paragraph, texts))
    return Truth("etiquetas.pdf", "reportlab", pieces, title=title, labels=labels, levels=False)


def _footnotes(folder: Path) -> Truth:
    path, title = folder / "notas-al-pie.pdf", "Historia breve del puente"
    page = _Page(path, title)
    page.line(title, size=18, font="Helvetica-Bold")
    page.y -= 10
    canvas = page.canvas

    def cited(before: str, mark: str, after: str) -> None:
        canvas.setFont(FONT, 11)
        canvas.drawString(LEFT, page.y, before)
        x = LEFT + canvas.stringWidth(before, FONT, 11)
        canvas.setFont(FONT, 6.5)
        canvas.drawString(x, page.y + 4, mark)
        x += canvas.stringWidth(mark, FONT, 6.5)
        canvas.setFont(FONT, 11)
        canvas.drawString(x, page.y, after)
        page.y -= 14

    cited("La primera piedra se puso en 1884", "1", " y la última, siete años más tarde, con")
    page.line("la torre norte aún sin reloj.")
    page.y -= 8
    cited("En la riada de 1912", "2", " cayeron dos arcos, que se rehicieron en piedra")
    page.line("más oscura, como se ve todavía.")
    page.y = 120
    canvas.line(LEFT, 132, LEFT + 120, 132)
    page.line("1 La fecha es la de la inscripción.", size=8)
    page.line("2 Murieron 14 personas.", size=8)
    canvas.save()
    pieces = (
        Heading(title),
        Paragraph(
            "La primera piedra se puso en 1884[^La fecha es la de la inscripción.^] y la última, "
            "siete años más tarde, con la torre norte aún sin reloj."
        ),
        Paragraph(
            "En la riada de 1912[^Murieron 14 personas.^] cayeron dos arcos, que se rehicieron en "
            "piedra más oscura, como se ve todavía."
        ),
    )
    return Truth("notas-al-pie.pdf", "reportlab", pieces, title=title, levels=False)


def _plain_table(folder: Path) -> Truth:
    """Columns without any rule between them."""
    path, title = folder / "tabla-sin-rayas.pdf", "Aforo de las salas"
    page = _Page(path, title)
    rows = (
        ("Sala", "Aforo", "Superficie", "Precio por hora"),
        ("Alameda", "85", "120,0 m²", "45,00 €"),
        ("Boldo", "40", "62,5 m²", "27,50 €"),
        ("Canelo", "12", "18,0 m²", "9,00 €"),
        ("Lenga", "210", "305,0 m²", "130,00 €"),
    )
    page.line(title, size=18, font="Helvetica-Bold")
    page.y -= 10
    page.line("Los precios son de 2025 y llevan incluida la limpieza.")
    page.y -= 10
    for number, row in enumerate(rows):
        font = "Times-Bold" if number == 0 else FONT
        page.canvas.setFont(font, 11)
        for column, value in enumerate(row):
            page.canvas.drawString(LEFT + 115 * column, page.y, value)
        page.y -= 16
    page.canvas.save()
    pieces = (
        Heading(title),
        Paragraph("Los precios son de 2025 y llevan incluida la limpieza."),
        Table(rows),
    )
    return Truth("tabla-sin-rayas.pdf", "reportlab", pieces, title=title, levels=False)


def _invisible(folder: Path) -> Truth:
    """Words that are drawn with no ink, and words outside of the page."""
    path, title = folder / "invisible.pdf", "Bases del concurso de fachadas"
    page = _Page(path, title)
    page.line(title, size=18, font="Helvetica-Bold")
    page.y -= 10
    page.line("El premio es de 900 euros y se entrega en la plaza.")
    text = page.canvas.beginText(LEFT, page.y)
    text.setFont(FONT, 11)
    text.setTextRenderMode(3)
    text.textOut("El jurado ya eligió a la ganadora.")
    page.canvas.drawText(text)
    page.canvas.setFont(FONT, 11)
    page.canvas.drawString(LEFT, -60, "Copia de trabajo 771.")
    page.canvas.save()
    pieces = (Heading(title), Paragraph("El premio es de 900 euros y se entrega en la plaza."))
    hidden = ("El jurado ya eligió a la ganadora.", "Copia de trabajo 771.")
    return Truth("invisible.pdf", "reportlab", pieces, hidden, title=title, levels=False)

"""PDF files that the tests of the viewer draw, with the words whose places they know."""

import io
from collections.abc import Callable, Sequence

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

__all__ = ["drawn", "law", "lines"]

SIZE = 10  # of the type, in points


def drawn(draw: Callable[[Canvas], None], size: tuple[float, float] = A4) -> bytes:
    """The bytes of what a function draws."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=size)
    canvas.setFont("Helvetica", SIZE)
    draw(canvas)
    canvas.save()
    return file.getvalue()


def lines(
    canvas: Canvas, texts: Sequence[str], top: float = 760, left: float = 60, step: float = 13
) -> float:
    """Write lines one under the other; the height of the next one."""
    for text in texts:
        canvas.drawString(left, top, text)
        top -= step
    return top


_ARTICLES = (
    ("Artículo 1. Esta ley regula el uso del agua de riego en los municipios del valle y la",
     "conservación de las acequias que la conducen hasta las parcelas de los regantes."),
    ("Artículo 2. Cada junta de regantes llevará un libro de turnos, que estará a la vista de",
     "todos los vecinos en la casa comunal durante los meses de riego."),
    ("Artículo 3. Quien abra una compuerta fuera de su turno pagará una multa de 350 pesos, que",
     "la tesorería cobrará dentro de los treinta días siguientes a su noti-",
     "ficación por escrito."),
)  # fmt: skip
_MORE = (
    ("Artículo 4. La junta de regantes elegirá cada dos años a su presidenta o presidente, por",
     "mayoría de los votos de quienes tengan una parcela con derecho de agua."),
    ("Artículo 5. Cuando falte el agua, se dará primero a los huertos familiares y después a los",
     "cultivos de temporada, según el orden del libro de turnos."),
)  # fmt: skip


def law(pages: int = 3) -> bytes:
    """A law about irrigation: a fine of 350 pesos on its first page, a table on its second."""

    def draw(canvas: Canvas) -> None:
        canvas.setTitle("Ley de Aguas de Riego del Valle")
        canvas.setFont("Helvetica-Bold", 15)
        canvas.drawString(60, 780, "Ley de Aguas de Riego del Valle")
        canvas.setFont("Helvetica", SIZE)
        top = 750.0
        for article in _ARTICLES:
            top = lines(canvas, article, top) - 9
        canvas.showPage()
        canvas.setFont("Helvetica", SIZE)
        top = 780.0
        for article in _MORE:
            top = lines(canvas, article, top) - 9
        _tariff(canvas, top - 10)
        for number in range(3, pages + 1):
            canvas.showPage()
            canvas.setFont("Helvetica", SIZE)
            lines(canvas, [f"Transitorio {number}. Esta ley entra en vigor al día siguiente."], 780)

    return drawn(draw)


def _tariff(canvas: Canvas, top: float) -> None:
    rows = (
        ("Zona", "Cuota anual", "Turno"),
        ("Zona norte", "120 pesos", "martes"),
        ("Zona sur", "95 pesos", "jueves"),
        ("Zona oriente", "210 pesos", "sábado"),
    )
    edges = (60, 200, 320, 420)
    for number in range(len(rows) + 1):
        canvas.line(edges[0], top - 20 * number, edges[-1], top - 20 * number)
    for edge in edges:
        canvas.line(edge, top, edge, top - 20 * len(rows))
    for number, row in enumerate(rows):
        canvas.setFont("Helvetica-Bold" if number == 0 else "Helvetica", SIZE)
        for edge, cell in zip(edges, row, strict=False):
            canvas.drawString(edge + 5, top - 20 * number - 14, cell)

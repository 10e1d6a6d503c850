"""The made-up documents of a town hall, about which the tasks ask."""

import io
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

__all__ = ["write_files", "write_letter"]

_WRITTEN = datetime(2025, 3, 1, 12, tzinfo=UTC).timestamp()
_LAW = "Ley de Aguas del Municipio de San Andrés"
_PAGES = (
    (
        "Título primero. Disposiciones generales",
        "Artículo 1. Esta ley regula el suministro, el uso y el cuidado del agua potable en el "
        "municipio de San Andrés, y obliga a todas las personas que reciban el servicio.",
        "Artículo 2. El organismo operador del agua llevará un padrón de usuarios, que revisará "
        "cada año durante el mes de enero.",
        "Artículo 3. Toda toma tendrá un medidor, que el organismo instala y lee sin costo para "
        "el usuario.",
    ),
    (
        "Título segundo. Del servicio",
        "Artículo 4. El suministro no podrá suspenderse a hospitales, escuelas ni estancias "
        "infantiles, aunque tengan adeudos.",
        "Artículo 5. El organismo avisará con cuarenta y ocho horas de anticipación de todo corte "
        "programado, en la radio local y en su tablero de avisos.",
        "Artículo 6. Quien se mude dará aviso al organismo dentro de los quince días siguientes, "
        "para que la cuenta quede a nombre del nuevo usuario.",
    ),
    (
        "Título tercero. De las infracciones y sanciones",
        "Artículo 7. Quien desperdicie agua potable al lavar la banqueta o el automóvil con "
        "manguera pagará una multa de 2,400 pesos la primera vez, y el doble si reincide.",
        "Artículo 8. Quien conecte una toma clandestina a la red pagará una multa de 18,000 pesos "
        "y los gastos de la reparación.",
        "Artículo 9. Las multas se pagan en la tesorería dentro de los treinta días siguientes a "
        "su notificación; después causan un recargo del dos por ciento mensual.",
    ),
    (
        "Transitorios",
        "Primero. Esta ley entra en vigor el día siguiente al de su publicación.",
        "Segundo. Se abroga el reglamento de aguas que estaba en vigor.",
    ),
)
_MINUTES = {
    "acta-2024-03-14.docx": (
        "Acta de la sesión del 14 de marzo de 2024",
        "La regidora Elena Duarte propuso un comité de vigilancia del agua, que se aprobó por "
        "nueve votos.",
        "El comité de vigilancia se reunirá el primer lunes de cada mes.",
        "El síndico Raúl Pineda pidió reparar el pozo de La Loma antes de las lluvias.",
    ),
    "acta-2024-06-20.docx": (
        "Acta de la sesión del 20 de junio de 2024",
        "El comité de vigilancia informó que halló tres tomas clandestinas en la colonia "
        "Las Flores.",
        "La regidora Elena Duarte dijo que el pozo de La Loma ya da 14 litros por segundo.",
        "El cabildo acordó comprar una bomba nueva para el pozo de La Loma, porque la anterior "
        "se quemó en mayo.",
    ),
    "acta-2025-02-06.docx": (
        "Acta de la sesión del 6 de febrero de 2025",
        "El comité de vigilancia presentó su informe anual y pidió dos inspectores más.",
        "La regidora Elena Duarte dijo que el pozo de La Loma bajó a 9 litros por segundo.",
        "El cabildo aprobó por siete votos contratar a un inspector.",
    ),
}
_REPORTS = {
    "informe-fugas-2023.txt": (
        "Informe de fugas 2023\n\nSan Andrés, 15 de enero de 2024\n\n"
        "En la red de San Andrés se pierde por fugas el 38 por ciento del agua que se bombea.\n\n"
        "Se repararon 112 fugas en el año.\n"
    ),
    "informe-fugas-2024.txt": (
        "Informe de fugas 2024\n\nSan Andrés, 20 de enero de 2025\n\n"
        "En la red de San Andrés se pierde por fugas el 29 por ciento del agua que se bombea.\n\n"
        "Se repararon 187 fugas en el año.\n"
    ),
}
_RATES = (
    ("Uso", "Tarifa por metro cúbico", "Cuota fija mensual"),
    ("Doméstico", "12.50 pesos", "80 pesos"),
    ("Comercial", "21.00 pesos", "150 pesos"),
    ("Industrial", "34.75 pesos", "420 pesos"),
    ("Riego de jardines", "18.20 pesos", "95 pesos"),
)


def write_files(folder: Path) -> None:
    """A law (PDF), three minutes (DOCX), two reports and a draft (text), and a table (XLSX)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ley-de-aguas.pdf").write_bytes(_law())
    for name, paragraphs in _MINUTES.items():
        _write_minutes(folder / name, paragraphs)
    for name, text in _REPORTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    _write_rates(folder / "tarifas.xlsx")
    draft = "Borrador\n\nPalabras para la inauguración de la biblioteca.\n"
    (folder / "borrador.txt").write_text(draft, encoding="utf-8")
    for path in folder.iterdir():
        os.utime(path, (_WRITTEN, _WRITTEN))


def write_letter(folder: Path) -> Path:
    """A document that is not in the collection yet."""
    path = folder / "carta-vecinos.txt"
    text = "Carta de los vecinos de Las Flores\n\nPedimos que el camión cisterna pase los martes "
    path.write_text(text + "a las siete de la mañana.\n", encoding="utf-8")
    return path


def _law() -> bytes:
    """The law, a page for each of its titles."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.utils import simpleSplit
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setTitle(_LAW)
    for number, (heading, *articles) in enumerate(_PAGES, start=1):
        top = 780.0
        if number == 1:
            canvas.setFont("Times-Bold", 20)
            canvas.drawString(66, top, _LAW)
            top -= 40
        canvas.setFont("Times-Bold", 15)
        canvas.drawString(66, top, heading)
        canvas.setFont("Times-Roman", 14)
        for article in articles:
            top -= 16
            for line in simpleSplit(article, "Times-Roman", 14, 463):
                top -= 20
                canvas.drawString(66, top, line)
        canvas.drawCentredString(297, 40, str(number))
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _write_minutes(path: Path, paragraphs: Sequence[str]) -> None:
    from docx import Document

    document = Document()
    heading, *rest = paragraphs
    document.core_properties.title = heading
    document.core_properties.created = datetime.fromisoformat(path.stem[5:]).replace(tzinfo=UTC)
    document.add_heading(heading, 1)
    for paragraph in rest:
        document.add_paragraph(paragraph)
    document.save(str(path))


def _write_rates(path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Tarifas 2025"
    for row in _RATES:
        sheet.append(row)
    book.save(path)

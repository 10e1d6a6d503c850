"""PDF files that the tests draw, and the parts that are read of them."""

import ctypes
import io
import textwrap
from collections.abc import Callable, Sequence

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdfium2 import raw
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from index.documents.parts import ConversionError, Converted, Part, ReadOptions, compose
from index.documents.pdf.hyphens import Vocabulary, join
from index.documents.pdf.marks import resolved
from index.documents.pdf.model import MARK_END, MARK_START
from index.documents.pdf.read import read_pdf
from index.types import BlockRole, NoticeKind

_PROSE = (
    "El municipio aprobó en sesión ordinaria el presupuesto de egresos para el ejercicio "
    "siguiente, con una partida para el alumbrado público y otra para los caminos rurales.",
    "La tesorería informará cada trimestre sobre el avance del gasto y publicará los contratos "
    "que superen cien mil pesos, salvo los que la ley declare reservados.",
    "Los vecinos podrán presentar observaciones por escrito ante la contraloría, que responderá "
    "en un plazo de veinte días hábiles y llevará un registro de cada una.",
)


def _read(draw: Callable[[Canvas], None]) -> Converted:
    return read_pdf(_bytes(draw), ReadOptions())


def _lines(
    canvas: Canvas, lines: Sequence[str], top: float = 760, left: float = 60, step: float = 12
) -> float:
    for line in lines:
        canvas.drawString(left, top, line)
        top -= step
    return top


def _texts(converted: Converted) -> list[str]:
    return [part.text for part in converted.parts]


def _roles(converted: Converted) -> list[tuple[BlockRole, str]]:
    return [(part.role, part.text) for part in converted.parts]


def _wrapped(text: str, width: int = 95) -> list[str]:
    return textwrap.wrap(text, width)


def _next_page(canvas: Canvas, size: float = 10) -> None:
    canvas.showPage()
    canvas.setFont("Helvetica", size)


def test_wrapped_lines_are_one_paragraph() -> None:
    """A line end inside of a paragraph is a space; a short line and a gap end it."""

    def draw(canvas: Canvas) -> None:
        top = _lines(canvas, _wrapped(_PROSE[0]))
        _lines(canvas, _wrapped(_PROSE[1]), top - 8)

    assert _texts(_read(draw)) == [_PROSE[0], _PROSE[1]]


def test_sentence_goes_on_over_the_page_break() -> None:
    """A sentence that a page end cuts is one part, and its break says where the page begins."""

    def draw(canvas: Canvas) -> None:
        _lines(canvas, ["La multa que fija este reglamento de aguas no podrá exceder de"])
        _next_page(canvas)
        _lines(canvas, ["cien cuotas."])

    (part,) = _read(draw).parts
    assert (
        part.text == "La multa que fija este reglamento de aguas no podrá exceder de cien cuotas."
    )
    assert part.text[part.breaks[0] :] == "cien cuotas."


def test_columns_are_read_one_after_the_other() -> None:
    """Two columns of prose, with baselines of their own, under a heading over both."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(150, 800, "Boletín municipal de Río Claro")
        canvas.setFont("Helvetica", 10)
        _lines(canvas, _wrapped(f"{_PROSE[0]} {_PROSE[1]}", 44), 760, 60)
        _lines(canvas, _wrapped(f"Más. {_PROSE[2]} {_PROSE[0]}", 44), 757, 310)

    assert _texts(_read(draw)) == [
        "Boletín municipal de Río Claro",
        f"{_PROSE[0]} {_PROSE[1]}",
        f"Más. {_PROSE[2]} {_PROSE[0]}",
    ]


def test_alternating_headers_and_page_numbers_are_left_out() -> None:
    """Headers that change by page and chapter stand at the edge; the sentences stay whole."""

    def draw(canvas: Canvas) -> None:
        for page in range(1, 9):
            _next_page(canvas) if page > 1 else None
            canvas.setFont("Helvetica", 8)
            if page % 2:
                canvas.drawString(60, 815, "LEY DE AGUAS")
            else:
                canvas.drawRightString(535, 815, f"CAPÍTULO {1 + page // 5}. DE LOS DERECHOS")
            canvas.drawCentredString(297, 30, f"- {page} -")
            canvas.setFont("Helvetica", 10)
            _lines(canvas, _wrapped(f"del plazo {page}. {_PROSE[page % 3]} El término será"))

    text = " ".join(_texts(_read(draw)))
    assert "LEY DE AGUAS" not in text
    assert "CAPÍTULO" not in text
    assert "- 3 -" not in text
    assert "El término será del plazo 5." in text


def test_sentence_that_recurs_at_the_foot_of_each_page_is_body() -> None:
    """What stands at the body's line distance is no footer, however often it comes."""

    def draw(canvas: Canvas) -> None:
        for page in range(5):
            _next_page(canvas) if page else None
            top = 790.0
            while top > 120:
                top = _lines(canvas, _wrapped(_PROSE[page % 3]), top) - 6
            canvas.drawString(60, top, "El dictamen de la comisión es favorable.")

    assert sum("dictamen" in text for text in _texts(_read(draw))) == 5


def test_records_of_a_page_each_keep_their_sentences() -> None:
    """Short pages that are alike but for the name keep all that they say."""

    def draw(canvas: Canvas) -> None:
        for name in ("Ana", "Luis", "Eva", "Juan"):
            canvas.setFont("Helvetica-Bold", 12)
            canvas.drawString(60, 800, f"Expediente de {name}")
            canvas.setFont("Helvetica", 10)
            canvas.drawString(60, 760, "El dictamen es favorable.")
            canvas.drawString(60, 724, "El plazo para recurrir es de quince días.")
            canvas.showPage()

    texts = _texts(_read(draw))
    assert texts.count("El dictamen es favorable.") == 4
    assert texts.count("El plazo para recurrir es de quince días.") == 4
    assert "Expediente de Eva" in texts


def test_roman_page_number_is_left_out() -> None:
    """A lone "ii" at the foot is the page's number."""

    def draw(canvas: Canvas) -> None:
        _lines(canvas, ["Prólogo. Este manual lo escribió el equipo de la presa."])
        canvas.drawCentredString(297, 40, "ii")

    assert _texts(_read(draw)) == ["Prólogo. Este manual lo escribió el equipo de la presa."]


def test_footnote_stands_after_its_sentence() -> None:
    """The note does not cut the sentence that goes on over the page; its mark is gone."""

    def draw(canvas: Canvas) -> None:
        _lines(canvas, ["El reglamento prohíbe a los concesionarios perforar pozos sin permiso de"])
        canvas.drawString(60, 748, "la comisión,")
        _raised(canvas, 60 + canvas.stringWidth("la comisión,", "Helvetica", 10), 748, "1")
        x = 70 + canvas.stringWidth("la comisión,", "Helvetica", 10)
        canvas.drawString(x, 748, "salvo cuando la obra pueda durar hasta")
        canvas.line(60, 110, 180, 110)
        _raised(canvas, 60, 95, "1", 8)
        canvas.setFont("Helvetica", 8)
        canvas.drawString(66, 95, "La comisión se creó por acuerdo de 1998.")
        _next_page(canvas)
        _lines(canvas, ["quince días naturales."])

    body, note = _read(draw).parts
    assert body.text == (
        "El reglamento prohíbe a los concesionarios perforar pozos sin permiso de la comisión, "
        "salvo cuando la obra pueda durar hasta quince días naturales."
    )
    assert (note.role, note.text, note.mark) == (
        BlockRole.NOTE,
        "La comisión se creó por acuerdo de 1998.",
        "1",
    )
    assert note.anchor is not None
    assert body.text[: note.anchor].endswith("la comisión,")


def _raised(canvas: Canvas, x: float, y: float, text: str, size: float = 10) -> None:
    canvas.setFont("Helvetica", 0.6 * size)
    canvas.drawString(x, y + 0.4 * size, text)
    canvas.setFont("Helvetica", size)


def _spelt(canvas: Canvas, y: float, pieces: Sequence[tuple[str, str]]) -> None:
    """Words with raised (^) and lowered (_) ones among them."""
    x = 60.0
    for kind, text in pieces:
        size = 6 if kind else 10
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, y + {"^": 4, "_": -2, "": 0}[kind], text)
        x += canvas.stringWidth(text, "Helvetica", size)


def test_exponents_and_ordinals_stay() -> None:
    """What is raised or lowered and is no note's mark is written as one reads it."""

    def draw(canvas: Canvas) -> None:
        _spelt(
            canvas,
            760,
            [
                *(("", "Mide 120 m"), ("^", "2"), ("", " y emite CO"), ("_", "2")),
                *(("", " según el 1."), ("^", "o"), ("", " y 10"), ("^", "6"), ("", " casos.")),
            ],
        )

    assert _texts(_read(draw)) == ["Mide 120 m² y emite CO₂ según el 1.º y 10⁶ casos."]


def test_hyphens_at_line_ends() -> None:
    """Halves of a word are joined; ranges, compounds and names keep their hyphen."""

    def draw(canvas: Canvas) -> None:
        _lines(
            canvas,
            [
                *("La adminis-", "tración de 1990-", "1995 rige de enero-", "febrero en la OFI-"),
                *("CINA del COVID-", "19 y del vice-", "Presidente médico-", "quirúrgico."),
            ],
        )

    assert _texts(_read(draw)) == [
        "La administración de 1990-1995 rige de enero-febrero en la OFICINA del COVID-19 y del "
        "vice-Presidente médico-quirúrgico."
    ]


def _ruled(
    canvas: Canvas, rows: Sequence[Sequence[Sequence[str]]], xs: Sequence[int], top: int
) -> int:
    """A table of cells with several lines, with its rules."""
    heights = [max(len(cell) for cell in row) * 12 + 6 for row in rows]
    bottom = top - sum(heights)
    for x in xs:
        canvas.line(x, top, x, bottom)
    for row, height in zip(rows, heights, strict=True):
        canvas.line(xs[0], top, xs[-1], top)
        for x, cell in zip(xs, row, strict=False):
            _lines(canvas, cell, top - 12, x + 3)
        top -= height
    canvas.line(xs[0], top, xs[-1], top)
    return top


_WRAPPED = (
    (("Trámite",), ("Requisito",), ("Costo",)),
    (("Licencia de obra menor", "de 60 metros"), ("Plano firmado y copia", "del predio"), ("820",)),
    (("Poda de árboles",), ("Fotografías del árbol", "y visto bueno"), ("150",)),
)
_WRAPPED_TEXT = (
    "Trámite\tRequisito\tCosto\n"
    "Licencia de obra menor de 60 metros\tPlano firmado y copia del predio\t820\n"
    "Poda de árboles\tFotografías del árbol y visto bueno\t150"
)


def test_ruled_table_with_wrapped_cells() -> None:
    """Each cell is whole, row by row."""

    def draw(canvas: Canvas) -> None:
        _ruled(canvas, _WRAPPED, (60, 220, 360, 420), 780)

    (part,) = _read(draw).parts
    assert (part.role, part.text, part.header_rows) == (BlockRole.TABLE, _WRAPPED_TEXT, 1)


def test_cell_cut_by_the_page_end_is_whole() -> None:
    """The rest of a cell that stands alone on the next page joins it."""

    def draw(canvas: Canvas) -> None:
        rows = (("Obra", "Descripción", "Monto"), ("Puente", "Reparación del puente", "120"))
        for row, top in zip(
            (*rows, ("Camino", "Trazo de la", "300")), (780, 760, 740), strict=True
        ):
            for text, x in zip(row, (60, 160, 360), strict=True):
                canvas.drawString(x, top, text)
        _next_page(canvas)
        canvas.drawString(160, 780, "zona norte")
        for top, row in ((760, ("Pozo", "Perforación", "80")), (740, ("Presa", "Muro", "90"))):
            for text, x in zip(row, (60, 160, 360), strict=True):
                canvas.drawString(x, top, text)

    (part,) = _read(draw).parts
    assert part.text.split("\n")[2:4] == [
        "Camino\tTrazo de la zona norte\t300",
        "Pozo\tPerforación\t80",
    ]


def test_table_without_rules() -> None:
    """Columns that only stand aligned are a table, also with wrapped cells."""

    def draw(canvas: Canvas) -> None:
        top = 780.0
        for row in _WRAPPED:
            bottoms = [
                _lines(canvas, cell, top, x) for x, cell in zip((60, 220, 380), row, strict=True)
            ]
            top = min(bottoms) - 6

    (part,) = _read(draw).parts
    assert (part.role, part.text, part.header_rows) == (BlockRole.TABLE, _WRAPPED_TEXT, 1)


def test_cells_over_several_columns_and_rows() -> None:
    """The text of a cell that spans others is in each of them, and the spans say so."""

    def draw(canvas: Canvas) -> None:
        for x, top, bottom in ((60, 780, 720), (120, 780, 720), (180, 760, 720), (240, 780, 720)):
            canvas.line(x, top, x, bottom)
        for y, left in ((780, 60), (760, 120), (740, 60), (720, 60)):
            canvas.line(left, y, 240, y)
        cells = ((65, 765, "Zona"), (140, 765, "Ventas"), (125, 745, "Enero"), (185, 745, "Feb"))
        for x, y, text in (*cells, (65, 725, "Norte"), (125, 725, "10"), (185, 725, "20")):
            canvas.drawString(x, y, text)

    (part,) = _read(draw).parts
    assert part.text == "Zona\tVentas\tVentas\nZona\tEnero\tFeb\nNorte\t10\t20"
    assert part.spans == ((0, 0, 2, 1), (0, 1, 1, 2))
    assert part.header_rows == 2


def test_table_goes_on_on_the_next_page() -> None:
    """The rows of the next page join, its repeated header does not."""
    header = (("Municipio",), ("2023",))

    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 800, "Cuadro 1. Población")
        _ruled(canvas, (header, (("Norte",), ("10",)), (("Sur",), ("20",))), (60, 200, 300), 780)
        _next_page(canvas)
        _ruled(canvas, (header, (("Este",), ("30",))), (60, 200, 300), 780)

    caption, part = _read(draw).parts
    assert (caption.role, caption.text) == (BlockRole.CAPTION, "Cuadro 1. Población")
    assert part.text == "Municipio\t2023\nNorte\t10\nSur\t20\nEste\t30"
    assert part.text[part.breaks[0] :] == "Este\t30"


def test_articles_chapters_and_items() -> None:
    """A chapter is a heading with its name, an article a paragraph, its parts are items."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 10)
        canvas.drawCentredString(297, 790, "CAPÍTULO II")
        canvas.drawCentredString(297, 778, "De los permisos")
        canvas.setFont("Helvetica", 10)
        _lines(canvas, ["Artículo 5o.- Para obtener el permiso de perforación se requiere:"], 750)
        _lines(canvas, ["I. Presentar la solicitud;", "II. Pagar los derechos:"], 730, 70, 16)
        _lines(canvas, ["a) En efectivo, o", "b) Con tarjeta."], 690, 90, 16)
        _lines(canvas, [_PROSE[0][:90], _PROSE[0][91:]], 650)

    parts = _read(draw).parts
    assert [(p.role, p.level, p.mark, p.text) for p in parts[:6]] == [
        (BlockRole.HEADING, 1, "", "CAPÍTULO II De los permisos"),
        (
            BlockRole.PARAGRAPH,
            0,
            "Artículo 5o.-",
            "Para obtener el permiso de perforación se requiere:",
        ),
        (BlockRole.ITEM, 1, "I.", "Presentar la solicitud;"),
        (BlockRole.ITEM, 1, "II.", "Pagar los derechos:"),
        (BlockRole.ITEM, 2, "a)", "En efectivo, o"),
        (BlockRole.ITEM, 2, "b)", "Con tarjeta."),
    ]


def test_labels_and_values_are_fields() -> None:
    """Labels with their values beside them are fields, one a line."""

    def draw(canvas: Canvas) -> None:
        _lines(canvas, ["Nombre:", "Domicilio:", "Teléfono:"], 760, 60, 14)
        _lines(canvas, ["Ana López", "Calle 5", "555 1234"], 760, 160, 14)

    assert _roles(_read(draw)) == [
        (BlockRole.FIELD, "Nombre: Ana López"),
        (BlockRole.FIELD, "Domicilio: Calle 5"),
        (BlockRole.FIELD, "Teléfono: 555 1234"),
    ]


def test_value_of_a_form_stands_beside_its_label() -> None:
    """A field's value comes on the line of its label."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "Aforo solicitado:")
        canvas.acroForm.textfield(
            name="f1", value="85 personas", x=160, y=694, width=200, height=18, fontSize=10
        )

    assert _roles(_read(draw)) == [(BlockRole.FIELD, "Aforo solicitado: 85 personas")]


def test_hidden_text_is_left_out_and_counted() -> None:
    """White on white, outside of the page, too small, or never drawn: one notice."""

    def draw(canvas: Canvas) -> None:
        _lines(canvas, ["El plazo es de diez días."])
        canvas.drawString(-300, 700, "afuera")
        text = canvas.beginText(60, 600)
        text.setTextRenderMode(3)
        text.textLine("invisible")
        canvas.saveState()
        canvas.drawText(text)
        canvas.restoreState()
        canvas.setFillColorRGB(0, 0, 0.5)
        canvas.rect(55, 640, 300, 20, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.drawString(60, 645, "Blanco sobre azul se lee.")
        canvas.drawString(60, 500, "blanco")

    converted = _read(draw)
    assert _texts(converted) == ["El plazo es de diez días.", "Blanco sobre azul se lee."]
    (notice,) = converted.notices
    assert (notice.kind, notice.text) == (
        NoticeKind.HIDDEN,
        "3 words that nobody sees are left out",
    )


def _bytes(draw: Callable[[Canvas], None]) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setFont("Helvetica", 10)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _changed(data: bytes, change: Callable[[pypdfium2.PdfPage], None]) -> Converted:
    """What is read of a file after its first page was changed."""
    document = pypdfium2.PdfDocument(data)
    page = document[0]
    change(page)
    page.close()
    file = io.BytesIO()
    document.save(file)
    return read_pdf(file.getvalue(), ReadOptions())


def test_text_outside_of_the_crop_box_is_left_out() -> None:
    """A page shows no more than its crop box."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "Dentro se lee.")
        canvas.drawString(60, 100, "Fuera no.")

    converted = _changed(_bytes(draw), lambda page: page.set_cropbox(0, 400, 595, 842))
    assert _texts(converted) == ["Dentro se lee."]
    assert [notice.kind for notice in converted.notices] == [NoticeKind.HIDDEN]


def test_text_boxes_are_read_and_comments_counted() -> None:
    """A text box that lies over the page is text; a comment is none, and gives a notice."""

    def annotate(page: pypdfium2.PdfPage) -> None:
        kinds = (
            (raw.FPDF_ANNOT_FREETEXT, "Recuadro: pague en caja."),
            (raw.FPDF_ANNOT_TEXT, "¿Sí?"),
        )
        for kind, text in kinds:
            annotation = raw.FPDFPage_CreateAnnot(page, kind)
            raw.FPDFAnnot_SetRect(annotation, raw.FS_RECTF(60, 640, 300, 620))
            coded = ctypes.create_string_buffer(text.encode("utf-16-le") + b"\0\0")
            value = ctypes.cast(coded, ctypes.POINTER(raw.FPDF_WCHAR))
            raw.FPDFAnnot_SetStringValue(annotation, b"Contents", value)
            raw.FPDFPage_CloseAnnot(annotation)

    data = _bytes(lambda canvas: canvas.drawString(60, 700, "El texto de la página."))
    converted = _changed(data, annotate)
    assert _texts(converted) == ["El texto de la página.", "Recuadro: pague en caja."]
    assert [(n.kind, n.text) for n in converted.notices] == [
        (NoticeKind.COMMENT, "1 comment is left out")
    ]


def test_layer_that_is_off_is_left_out() -> None:
    """Optional content that the file hides at first is not read, and counted."""
    stream = (
        b"BT /F 11 Tf 60 700 Td (Visible) Tj ET "
        b"/OC /L BDC BT /F 11 Tf 60 600 Td (apagada) Tj ET EMC"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R "
        b"/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
        b"/Resources << /Font << /F 4 0 R >> /Properties << /L 6 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >> stream\n%b\nendstream" % (len(stream), stream),
        b"<< /Type /OCG /Name (Borrador) >>",
    ]
    body = b"".join(b"%d 0 obj %b endobj\n" % pair for pair in enumerate(objects, 1))
    data = b"%PDF-1.7\n" + body + b"trailer << /Root 1 0 R /Size 7 >>\n%%EOF"
    converted = read_pdf(data, ReadOptions())
    assert _texts(converted) == ["Visible"]
    (notice,) = converted.notices
    assert notice.text == "1 word on a layer that is off is left out"


def test_words_printed_twice_are_read_once() -> None:
    """Text that is drawn again a little aside looks bold, and is there once."""

    def draw(canvas: Canvas) -> None:
        for shift in (0, 0.3, 0.6):
            canvas.drawString(60 + shift, 700, "Multa de 900 pesos.")

    assert _texts(_read(draw)) == ["Multa de 900 pesos."]


def test_spaces_that_only_the_places_show() -> None:
    """Words that are drawn one by one have spaces between them."""

    def draw(canvas: Canvas) -> None:
        x = 60.0
        for word in ("Palabras", "puestas", "una", "a", "una."):
            canvas.drawString(x, 700, word)
            x += canvas.stringWidth(word, "Helvetica", 10) + 2.8

    assert _texts(_read(draw)) == ["Palabras puestas una a una."]


def test_turned_text_is_read_line_by_line() -> None:
    """Text that stands on end is read in its own direction, on turned pages too."""

    def draw(canvas: Canvas) -> None:
        lines = ["Texto girado que sigue en", "una segunda línea."]
        canvas.drawString(60, 780, "Texto derecho.")
        for number in range(2):
            canvas.saveState()
            canvas.translate(300, 200)
            canvas.rotate(90)
            _lines(canvas, lines, 0, 0)
            canvas.restoreState()
            if not number:
                _next_page(canvas)
                canvas.setPageRotation(90)

    assert (
        _texts(_read(draw))
        == ["Texto derecho."] + ["Texto girado que sigue en una segunda línea."] * 2
    )


def test_title_over_two_lines() -> None:
    """The largest lines at the top are one heading."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(60, 790, "Informe anual de la comisión")
        canvas.drawString(60, 768, "de aguas y saneamiento")
        canvas.setFont("Helvetica", 10)
        _lines(canvas, _wrapped(_PROSE[0]), 730)

    assert _roles(_read(draw))[0] == (
        BlockRole.HEADING,
        "Informe anual de la comisión de aguas y saneamiento",
    )


def test_pages_are_where_they_begin() -> None:
    """Each page's offset in the composed text is that of its first words."""

    def draw(canvas: Canvas) -> None:
        for page in range(3):
            _next_page(canvas) if page else None
            _lines(canvas, [f"Página {page} de la memoria, que es breve."])

    converted = _read(draw)
    text, starts, _ = compose(converted.parts, converted.pages)
    assert [text[start : start + 8] for start in starts] == ["Página 0", "Página 1", "Página 2"]


def test_page_that_is_a_picture_gives_a_notice() -> None:
    """A page without text is named, with the remedy."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    def draw(canvas: Canvas) -> None:
        _lines(canvas, ["Esta página tiene texto, y la siguiente es una imagen escaneada."])
        _next_page(canvas)
        canvas.drawImage(ImageReader(Image.new("L", (60, 80), 200)), 0, 0, 595, 842)

    (notice,) = _read(draw).notices
    assert notice.kind is NoticeKind.NO_TEXT
    assert notice.text == "page 2 has no text: it may be a scan, index with --ocr"


def test_what_is_no_pdf_is_refused_in_one_sentence() -> None:
    """A damaged file names the remedy."""
    with pytest.raises(ConversionError, match="is damaged or not what its name says"):
        read_pdf(b"%PDF-1.7 nothing else", ReadOptions())


_WORDS = st.text("abcdeé", min_size=2, max_size=6)


@given(_WORDS, _WORDS, st.sampled_from(["", "-", ".", "1990-"]))
def test_joining_lines_loses_no_letter(left: str, right: str, end: str) -> None:
    """Two lines joined have the letters and figures of both, in their order."""
    text = join(left + end, right, Vocabulary([]))
    wanted = [sign for sign in left + end + right if sign.isalnum()]
    assert [sign for sign in text if sign.isalnum()] == wanted


@given(st.lists(st.tuples(_WORDS, st.sampled_from(["", "1", "2", "*"])), min_size=1, max_size=6))
def test_marks_of_notes_leave_only_the_text(pieces: list[tuple[str, str]]) -> None:
    """Without its marks the text is what it was, and each mark's offset is where it stood."""
    marked = "".join(
        word + (f"{MARK_START}{mark}{MARK_END}" if mark else "") + "; " for word, mark in pieces
    )
    text, _, notes = resolved(marked, [], lambda mark, offset: bool(mark) and offset >= 0)
    assert text == "".join(f"{word}; " for word, _ in pieces)
    ends, length = [], 0
    for word, mark in pieces:
        length += len(word)
        ends += [(mark, length)] if mark else []
        length += 2
    assert notes == ends


def test_parts_are_clean() -> None:
    """No mark of the reader's own stays in a text."""

    def draw(canvas: Canvas) -> None:
        _spelt(canvas, 760, [("", "Según el censo"), ("^", "7"), ("", " de la región.")])

    (part,) = _read(draw).parts
    assert isinstance(part, Part)
    assert part.text == "Según el censo de la región."


def test_numbered_records_keep_their_headings() -> None:
    """A heading whose number counts with the pages is no header with a page number."""

    def draw(canvas: Canvas) -> None:
        for number in range(1, 6):
            canvas.drawString(60, 800, f"Expediente {number}")
            canvas.drawString(60, 780, f"Oficio {number + 113}/2023")
            _lines(canvas, _wrapped(f"{number}. {_PROSE[number % 3]}"), 740)
            _next_page(canvas)

    text = " ".join(_texts(_read(draw)))
    assert "Expediente 4" in text
    assert "Oficio 117/2023" in text


def _columns(canvas: Canvas, lefts: Sequence[float], lead: float) -> list[str]:
    """Columns of short paragraphs, each column a little lower than the one before."""
    said = []
    for number, left in enumerate(lefts):
        top = 780 - 3.0 * number
        for place in range(6):
            words = f"Párrafo {number}{place} de la columna: {_PROSE[(number + place) % 3]}"
            said.append(words)
            top = _lines(canvas, _wrapped(words, 28), top, left, 11) - lead
    return said


@pytest.mark.parametrize(("lefts", "lead"), [((60, 300), 4), ((40, 215, 390), 4), ((60, 300), 13)])
def test_columns_whose_lines_stand_at_other_heights(lefts: Sequence[float], lead: float) -> None:
    """Newspapers: two or three columns of paragraphs are read one after the other, no table."""
    said: list[str] = []

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 9)
        said.extend(_columns(canvas, lefts, lead))

    assert _texts(_read(draw)) == said


def test_paragraphs_that_begin_side_by_side_are_no_rows() -> None:
    """Gaps of two columns at the same heights, but for some, are those of paragraphs."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 9)
        for left, lengths in ((60, (4, 3, 3, 4, 3, 4, 3, 3)), (320, (3, 4, 3, 3, 4, 3, 4, 3))):
            top = 780.0
            for number, count in enumerate(lengths):
                lines = [
                    f"{number} el agua de los pueblos vecinos baja sola y" for _ in range(count)
                ]
                top = (
                    _lines(
                        canvas, [*lines[:-1], "llega al mar entre las rocas grises."], top, left, 11
                    )
                    - 6
                )

    assert not [part for part in _read(draw).parts if part.role is BlockRole.TABLE]


def test_a_sentence_of_every_page_is_no_header() -> None:
    """Pages of few lines, each with the same sentences, between a header and a number."""

    def draw(canvas: Canvas) -> None:
        for number in range(1, 7):
            canvas.setFont("Helvetica", 9)
            canvas.drawString(60, 810, "Ley de Aguas del Estado")
            canvas.drawCentredString(297, 40, f"Página {number} de 6")
            canvas.setFont("Helvetica", 11)
            lines = (
                f"El expediente {number} es de Luis Mora y de su hermana.",
                "El plazo para recurrir es de quince días.",
                "",
                "Firma: el director.",
            )
            _lines(canvas, lines, 760, 60, 14)
            canvas.showPage()

    text = compose(_read(draw).parts)[0]
    assert text.count("El plazo para recurrir es de quince días.") == 6
    assert "Ley de Aguas" not in text
    assert "Página" not in text


def test_pages_of_one_line_are_not_emptied() -> None:
    """Even where the line is alike on all of them, but for a number."""

    def draw(canvas: Canvas) -> None:
        for number in range(1, 6):
            canvas.drawString(
                60, 760, f"Texto de la hoja {number}. Las compuertas se abren en junio."
            )
            canvas.drawCentredString(297, 40, str(number))
            canvas.showPage()

    assert len(_read(draw).parts) == 5


def test_a_last_reform_of_every_header_is_read_once() -> None:
    """It stands nowhere else, and the law's date is that."""

    def draw(canvas: Canvas) -> None:
        for number in range(1, 4):
            canvas.setFont("Helvetica", 7)
            canvas.drawString(330, 800, "FECHA DE ULTIMA REFORMA:")
            canvas.drawString(330, 791, "P.O. 72 DE FECHA 6 DE SEPTIEMBRE DE 2015")
            canvas.setFont("Helvetica", 11)
            _lines(canvas, _wrapped(f"ARTÍCULO {number}. {_PROSE[number - 1]}", 80), 740)
            canvas.showPage()

    assert compose(_read(draw).parts)[0].count("6 DE SEPTIEMBRE DE 2015") == 1


def test_numbers_that_pages_show_are_their_labels() -> None:
    """An extract from a journal without page labels; one page has no number, the last nothing."""

    def draw(canvas: Canvas) -> None:
        for number in range(117, 123):
            _lines(canvas, _wrapped(f"{number}: {_PROSE[number % 3]} {_PROSE[0]}", 80), 740)
            if number != 119:
                canvas.drawCentredString(297, 40, str(number))
            canvas.showPage()

    assert _read(draw).page_labels == ("117", "118", "119", "120", "121", "122", "")


def test_boxes_with_a_small_label_are_fields() -> None:
    """A form that is drawn: the label in small type over what is filled in."""

    def draw(canvas: Canvas) -> None:
        boxes = (
            (50, 150, "NOMBRE", "Ana Ruiz"),
            (200, 150, "CURP", "RUPA80"),
            (350, 150, "FECHA", "3/5"),
        )
        for x, width, label, value in boxes:
            canvas.rect(x, 700, width, 30)
            canvas.setFont("Helvetica", 6)
            canvas.drawString(x + 3, 722, label)
            canvas.setFont("Helvetica", 10)
            canvas.drawString(x + 5, 706, value)

    assert _roles(_read(draw)) == [
        (BlockRole.FIELD, "NOMBRE: Ana Ruiz"),
        (BlockRole.FIELD, "CURP: RUPA80"),
        (BlockRole.FIELD, "FECHA: 3/5"),
    ]


def test_a_form_field_under_its_label() -> None:
    """Labels over fields that stand side by side."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 9)
        for number, (label, value) in enumerate((("Nombre", "Ana"), ("Apellidos", "Ruiz Paz"))):
            canvas.drawString(60 + 160 * number, 760, label)
            canvas.acroForm.textfield(
                name=f"t{number}", x=60 + 160 * number, y=735, width=130, height=20, value=value
            )

    assert _roles(_read(draw)) == [
        (BlockRole.FIELD, "Nombre: Ana"),
        (BlockRole.FIELD, "Apellidos: Ruiz Paz"),
    ]


def test_notes_at_the_end_stand_where_they_are_named() -> None:
    """Under a heading of their own; the heading goes with them."""

    def draw(canvas: Canvas) -> None:
        for number in (1, 2):
            canvas.setFont("Helvetica", 11)
            canvas.drawString(60, 760, "El autor afirma")
            canvas.setFont("Helvetica", 7)
            canvas.drawString(138, 764, str(number))
            canvas.setFont("Helvetica", 11)
            canvas.drawString(143, 760, "que el agua es de todos.")
            _lines(canvas, _wrapped(_PROSE[number], 80), 730)
            canvas.showPage()
        canvas.setFont("Helvetica", 14)
        canvas.drawString(60, 760, "Notas")
        canvas.setFont("Helvetica", 10)
        _lines(canvas, ("1. Ruiz, Ana, El agua, 2001.", "2. Paz, Luis, La lluvia, 2002."), 735)

    parts = [(part.role, part.mark, part.text) for part in _read(draw).parts]
    assert parts[:2] == [
        (BlockRole.PARAGRAPH, "", "El autor afirma que el agua es de todos."),
        (BlockRole.NOTE, "1", "Ruiz, Ana, El agua, 2001."),
    ]
    assert parts[4] == (BlockRole.NOTE, "2", "Paz, Luis, La lluvia, 2002.")
    assert len(parts) == 6


def test_a_first_row_over_all_columns_is_the_title() -> None:
    """It stands as a caption, and the row under it is the header."""

    def draw(canvas: Canvas) -> None:
        canvas.grid([60, 160, 260], [700, 680, 660])
        canvas.rect(60, 700, 200, 20)
        canvas.drawString(65, 706, "Tarifas 2024")
        for row, (zone, fee) in enumerate((("Zona", "Alta"), ("Norte", "12"))):
            canvas.drawString(65, 686 - 20 * row, zone)
            canvas.drawString(165, 686 - 20 * row, fee)

    parts = _read(draw).parts
    assert [(part.role, part.text) for part in parts] == [
        (BlockRole.CAPTION, "Tarifas 2024"),
        (BlockRole.TABLE, "Zona\tAlta\nNorte\t12"),
    ]
    assert parts[1].header_rows == 1


def test_a_raised_figure_after_a_long_number_is_a_note_s() -> None:
    """124⁴ is no power; a dash at a line's end between numbers stays a range."""
    assert resolved(f"por 124{MARK_START}4{MARK_END} millones", [], lambda *_: False)[0] == (
        "por 124 millones"
    )
    assert join("las páginas 12–", "15 y", Vocabulary([])) == "las páginas 12–15 y"


def _two_columns(canvas: Canvas, top: float, first: int, rows: int) -> None:
    """A table of two columns with all its rules."""
    for number in range(rows):
        base = top - 18 * number
        canvas.drawString(64, base, f"{first + number}/2023")
        canvas.drawString(264, base, f"{first + number},50 €")
    for number in range(rows + 1):
        height = top + 13 - 18 * number
        canvas.line(60, height, 460, height)
    for x in (60, 260, 460):
        canvas.line(x, top + 13, x, top + 13 - 18 * rows)


def test_header_right_above_a_table_on_each_of_two_pages() -> None:
    """A header of the body's type without a gap below it is no cell of the table beneath it."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 790, "Informe anual · Obras")
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(60, 768, "Expedientes del año")
        canvas.setFont("Helvetica", 10)
        _two_columns(canvas, 740, 101, 36)
        _next_page(canvas)
        canvas.drawString(60, 790, "Informe anual · Obras")
        _two_columns(canvas, 772, 137, 20)

    texts = _texts(_read(draw))
    assert len(texts) == 2
    assert texts[0] == "Expedientes del año"
    assert "136/2023\t136,50 €\n137/2023\t137,50 €" in texts[1]
    assert not any("Informe" in text for text in texts)


def test_headers_that_change_in_the_upper_margin() -> None:
    """Small type in the margin above the text is a header, also where its words change."""

    def draw(canvas: Canvas) -> None:
        for header, prose in zip(("", "Informe anual", "Dirección"), _PROSE, strict=True):
            canvas.setFont("Helvetica", 7)
            canvas.drawString(60, 815, header)
            canvas.setFont("Helvetica", 10)
            _lines(canvas, _wrapped(prose))
            _next_page(canvas)

    assert _texts(_read(draw)) == list(_PROSE)


def test_copies_of_a_form_keep_their_first_lines() -> None:
    """Where the pages are copies, what comes again on each of them is no header."""

    def draw(canvas: Canvas) -> None:
        for name in ("Ana Ruiz", "Luis Soto"):
            canvas.setFont("Helvetica", 10)
            _lines(canvas, ["Recibo de pago", "Tesorería municipal", f"Recibí de {name}"])
            canvas.showPage()

    assert " ".join(_texts(_read(draw))).count("Recibo de pago") == 2


def test_marks_of_footnotes_in_a_column_of_their_own() -> None:
    """Small numbers aside from their notes at the foot of a page are marks, no table."""

    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 760, "El club cumplió 61 años")
        canvas.setFont("Helvetica", 6)
        canvas.drawString(168, 764, "1")
        canvas.setFont("Helvetica", 10)
        canvas.drawString(172, 760, "con el muelle nuevo.")
        canvas.drawString(60, 730, "La segunda final se remó en 5:58,2")
        canvas.setFont("Helvetica", 6)
        canvas.drawString(218, 734, "2")
        canvas.setFont("Helvetica", 10)
        _lines(canvas, _wrapped(_PROSE[0]), 700)
        canvas.line(60, 100, 180, 100)
        canvas.setFont("Helvetica", 8)
        for base, mark, note in (
            (88, "1", "Se fundó el 2 de octubre de 1963."),
            (77, "2", "Récord del club."),
        ):
            canvas.drawString(60, base, mark)
            canvas.drawString(77, base, note)

    parts = _read(draw).parts
    assert [part.text for part in parts] == [
        "El club cumplió 61 años con el muelle nuevo.",
        "Se fundó el 2 de octubre de 1963.",
        "La segunda final se remó en 5:58,2",
        "Récord del club.",
        _PROSE[0],
    ]
    assert [part.mark for part in parts if part.role is BlockRole.NOTE] == ["1", "2"]


def test_a_file_that_was_cut_short_is_said_to_be() -> None:
    """Its pages are found without its table of them; a whole file has no such notice."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4, pageCompression=0)
    canvas.drawString(72, 700, "El plazo es de tres días.")
    canvas.save()
    whole = made.getvalue()
    cut = whole[: whole.rindex(b"xref")]
    assert read_pdf(whole, ReadOptions()).notices == ()
    notices = read_pdf(cut, ReadOptions()).notices
    assert [notice.text for notice in notices] == ["the file ends too early; get it anew"]

"""Quoted words are boxed where they stand on the page, and nowhere else."""

import io
import random
from collections.abc import Sequence
from pathlib import Path

import pypdfium2
import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from index.documents.parts import ReadOptions
from index.documents.read import read_bytes
from qa.web.viewer.boxes import Box, Place
from qa.web.viewer.matching import letters_of, match, repeated
from qa.web.viewer.pictures import Pages
from tests.index.documents.pdf.scans import picture, scan
from tests.qa.web.viewer.drawn import drawn, law, lines

Rows = list[tuple[int, float, float]]


class Quoted:
    """A PDF as it is read, and its boxes in points of the page as it is shown."""

    def __init__(self, data: bytes, size: tuple[float, float] = A4, *, ocr: bool = False) -> None:
        self.document, _ = read_bytes(data, Path("a.pdf"), "a", ReadOptions(ocr=ocr))
        self.pages = Pages(data, ".pdf")
        self.size = size

    def boxes(self, quote: str, answer: str = "", from_: int = 0) -> list[Box]:
        """The boxes of the first such quote after an offset; all of its letters are found."""
        text = self.document.text
        start = text.index(quote, from_)
        inner = text.index(answer, start) if answer else 0
        place = Place(
            text, start, start + len(quote), (inner, inner + len(answer)) if answer else None
        )
        boxes, share = self.pages.boxes(place, range(1, self.pages.count + 1))
        assert share == 1
        return boxes

    def rows(self, quote: str, from_: int = 0) -> Rows:
        """Of each box its page, its left edge and its middle, from the bottom."""
        width, height = self.size
        return [
            (box.page, box.left * width, (1 - box.top - box.height / 2) * height)
            for box in self.boxes(quote, from_=from_)
        ]


def near(rows: Rows, expected: Sequence[tuple[int, float, float]]) -> bool:
    """Whether each row is on that page and begins there, its baseline inside of it."""
    return len(rows) == len(expected) and all(
        page == on and abs(left - x) < 2 and 0 < middle - base < 6
        for (page, left, middle), (on, x, base) in zip(rows, expected, strict=True)
    )


def test_each_line_of_a_quote_has_its_box() -> None:
    """Also of a word that the line end divides; the words that answer have one of their own."""
    quoted = Quoted(law())
    quote = "pagará una multa de 350 pesos, que la tesorería cobrará dentro de los treinta días"
    boxes = quoted.boxes(quote, "350 pesos")
    assert [(box.page, box.kind) for box in boxes] == [
        (1, "quote"), (1, "quote"), (1, "answer")
    ]  # fmt: skip
    first, second, answer = boxes
    assert answer.top == pytest.approx(first.top, abs=0.001)
    assert first.left < answer.left < answer.left + answer.width < first.left + first.width
    assert second.left == pytest.approx(60 / A4[0], abs=0.002)
    assert second.top > first.top + 0.9 * first.height
    divided = quoted.boxes("notificación")
    assert len(divided) == 2
    assert divided[0].left > divided[1].left == pytest.approx(60 / A4[0], abs=0.002)


def test_the_right_one_of_several() -> None:
    """What is said three times is told apart by what stands around it."""
    said = "El plazo será de diez días hábiles."

    def draw(canvas: Canvas) -> None:
        for number, subject in enumerate(("Recursos", "Quejas", "Consultas")):
            lines(canvas, [f"{subject} de los vecinos", said], 700 - 60 * number)

    quoted = Quoted(drawn(draw))
    text = quoted.document.text
    places = [text.index("Recursos"), text.index("Quejas"), text.index("Consultas")]
    for number, place in enumerate(places):
        assert near(quoted.rows(said, place), [(1, 60, 700 - 60 * number - 13)])


def test_lines_that_are_read_in_another_order() -> None:
    """A quote that the page has once is found there, although the lines around it are repeated."""
    rows = [f"Artículo {number}. (Se deroga)." for number in range(865, 870)]
    note = "Artículo reformado por decreto de 1980. Derogado por decreto de 2012."

    def draw(canvas: Canvas) -> None:
        for number, row in enumerate(rows):
            lines(canvas, [row, note], 700 - 40 * number)

    pages = Pages(drawn(draw), ".pdf")
    text = "\n".join([*rows, *[note] * 5])
    for number, row in enumerate(rows):
        start = text.index(row)
        (box,), share = pages.boxes(Place(text, start, start + len(row)), [1])
        assert share == 1
        assert near(
            [(1, box.left * A4[0], (1 - box.top - box.height / 2) * A4[1])],
            [(1, 60, 700 - 40 * number)],
        )


def test_columns_that_the_file_holds_row_by_row() -> None:
    """The boxes of the left column's words are in the left column."""
    left = ("El consejo aprobó por mayoría", "el nuevo reglamento de aguas", "de los pueblos.")
    right = ("La tesorera informó después", "que el reglamento de mercados", "sigue en vigor.")

    def draw(canvas: Canvas) -> None:
        for number, (one, other) in enumerate(zip(left, right, strict=True)):
            for x, text in ((60, one), (320, other)):
                canvas.drawString(x, 700 - 13 * number, text)

    quoted = Quoted(drawn(draw))
    rows = quoted.rows("por mayoría el nuevo reglamento de aguas de los pueblos.")
    assert near(rows[1:], [(1, 60, 687), (1, 60, 674)])
    assert near(quoted.rows("el reglamento de mercados sigue"), [(1, 341, 687), (1, 320, 674)])


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_shown_turned(turn: int) -> None:
    """The boxes lie where the words are in the picture."""

    def draw(canvas: Canvas) -> None:
        lines(canvas, ["La primera línea habla del pozo", "y la segunda habla del molino."], 700)

    document, file = pypdfium2.PdfDocument(drawn(draw)), io.BytesIO()
    document[0].set_rotation(turn)
    document.save(file)
    width, height = A4
    size = A4 if turn == 180 else A4[::-1]
    boxes = Quoted(file.getvalue(), size).boxes("del pozo y la segunda")
    edges = []
    for box in boxes:
        x0, y0 = box.left * size[0], box.top * size[1]
        x1, y1 = x0 + box.width * size[0], y0 + box.height * size[1]
        # Left, bottom and top of the box on the page before it is turned.
        edges.append(
            {
                90: (y0, x0, x1),
                180: (width - x1, y0, y1),
                270: (width - y1, height - x1, height - x0),
            }[turn]
        )
    assert len(edges) == 2
    (left, bottom, top), below = edges
    assert 150 < left < 180
    assert bottom < 700 < top < bottom + 14
    assert below[0] == pytest.approx(60, abs=2)
    assert below[1] < 687 < below[2] < 700


def test_a_page_that_is_cut() -> None:
    """Places count from the corner of what is shown."""

    def draw(canvas: Canvas) -> None:
        canvas.setCropBox((40, 600, 440, 800))
        lines(canvas, ["El puente se inauguró en mayo."], 700)

    rows = Quoted(drawn(draw), (400, 200)).rows("El puente se inauguró en mayo.")
    assert near(rows, [(1, 20, 100)])


def test_a_quote_that_goes_on_over_the_page() -> None:
    """Boxes on both pages, not in the running header between."""

    def draw(canvas: Canvas) -> None:
        for number in range(1, 5):
            canvas.setFont("Helvetica", 10)
            canvas.drawString(60, 810, "Gaceta del Municipio")
            filled = [
                f"En la página {number} se habla del asunto {n} de la lista" for n in range(3)
            ]
            lines(canvas, filled, 750)
            lines(canvas, [f"y el artículo {number} dice que la cuota de riego será"], 700)
            canvas.showPage()

    quoted = Quoted(drawn(draw))
    text = quoted.document.text
    start = text.index("y el artículo 2 dice")
    rows = quoted.rows(text[start : text.index("asunto 0", start)])
    assert near(rows, [(2, 60, 700), (3, 60, 750)])


def test_cells_of_a_table_row() -> None:
    """The row that is quoted, although other rows say the same in their cells."""
    rows = [("Obra", "Licitada", "Terminada")]
    rows += [(name, "Sí", "No") for name in ("Puente", "Escuela", "Mercado", "Clínica")]

    def draw(canvas: Canvas) -> None:
        for number, row in enumerate(rows):
            for x, cell in zip((60, 200, 320), row, strict=True):
                canvas.drawString(x, 700 - 20 * number, cell)
        for number in range(len(rows) + 1):
            canvas.line(55, 714 - 20 * number, 420, 714 - 20 * number)
        for x in (55, 195, 315, 420):
            canvas.line(x, 714, x, 714 - 20 * len(rows))

    quoted = Quoted(drawn(draw))
    assert near(quoted.rows("Mercado\tSí\tNo"), [(1, 60, 640), (1, 200, 640), (1, 320, 640)])


def test_words_that_are_not_on_the_page() -> None:
    """They have no boxes."""
    pages = Pages(law(), ".pdf")
    text = "Quxwz jkvb ñññ zzyx"
    assert pages.boxes(Place(text, 0, len(text)), [1]) == ([], 0)


def test_words_of_a_scan() -> None:
    """As OCR reads them once more, also on a page that is shown turned."""
    pytest.importorskip("rapidocr", reason="needs OCR: run pip install '.[ocr]'")
    pages = Pages(scan(picture(), picture(turn=90)), ".pdf")
    text = "¿Cuándo volvió? El 14 de marzo de 1998."
    place = Place(text, 0, len(text), (text.index("14 de"), len(text) - 1))
    for number, turned in ((1, False), (2, True)):
        boxes, share = pages.scanned_boxes(place, number)
        assert share > 0.9
        quote, answer = boxes
        # 1,200 by 520 pixels; the second line begins at (80, 140).
        at, size = (quote.left, quote.width), (quote.top, quote.height)
        if turned:  # counterclockwise: what was on the left is at the bottom
            at, size = (1 - quote.top - quote.height, quote.height), (quote.left, quote.width)
        assert at[0] == pytest.approx(80 / 1200, abs=0.02)
        assert at[0] + at[1] == pytest.approx(945 / 1200, abs=0.06)
        assert size[0] < 165 / 520 < size[0] + size[1] < 200 / 520 + 0.05
        assert answer.width * answer.height < 0.7 * quote.width * quote.height


def test_letters_without_accents_and_ligatures() -> None:
    """Each with the offset of the character that it is part of."""
    assert letters_of("ﬁn. Año 2º") == ("finAno2o", [0, 0, 1, 4, 5, 6, 8, 9])


def distance(one: int, other: int) -> float:
    """As far as the places are apart."""
    return abs(one - other)


@pytest.mark.parametrize("seed", range(5))
def test_every_letter_is_found_in_another_order(seed: int) -> None:
    """Lines in any order, with others between them: each letter leads to its own."""
    random_ = random.Random(seed)  # noqa: S311  # a test's order
    words = [f"linea{number}dice{random_.randrange(10**6)}" for number in range(40)]
    shuffled = [*words, *(f"cabecera{n}" for n in range(10))]
    random_.shuffle(shuffled)
    wanted, found = "".join(words), "".join(shuffled)
    breaks = [sum(map(len, shuffled[:number])) for number in range(len(shuffled))]
    places = match(wanted, found, breaks, distance, 40)
    assert all(found[place] == letter for letter, place in zip(wanted, places, strict=True))
    assert len(set(places)) == len(places)


def test_a_cell_that_is_repeated_leads_to_the_one_that_is_there() -> None:
    """Only where it is asked for, and not too far away."""
    wanted, found = "EURASIAEUR", "XXEURASIAXX"
    places = match(wanted, found, [], distance, 2)
    assert places[:7] == [2, 3, 4, 5, 6, 7, 8]
    assert places[7:] == [-1] * 3
    repeated(wanted, found, places, [0] * 7 + [1] * 3, distance, 3)
    assert places[7:] == [-1] * 3
    repeated(wanted, found, places, [0] * 7 + [1] * 3, distance, 50)
    assert places[7:] == [2, 3, 4]

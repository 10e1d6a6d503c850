"""Presentations: PowerPoint's, made with python-pptx, and OpenDocument's, written as XML."""

import io
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from index.documents.opendocument.odp import read_odp
from index.documents.parts import ConversionError, Converted, ReadOptions, compose
from index.documents.read import read_bytes
from index.documents.slides.charts import chart_parts, diagram_parts
from index.documents.slides.layout import Box, reading_order
from index.documents.slides.pptx import read_pptx
from index.types import BlockRole
from tests.index.documents.opendocument.test_odt import ROOT

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
TITLE_ONLY, TITLE_BODY, COMPARISON, BLANK = 5, 1, 4, 6


def saved(deck: Any) -> bytes:
    file = io.BytesIO()
    deck.save(file)
    return file.getvalue()


def read(deck: Any) -> Converted:
    return read_pptx(saved(deck), ReadOptions())


def text(deck: Any) -> str:
    converted = read(deck)
    return compose(converted.parts, converted.pages)[0]


def slide(deck: Any, layout: int, title: str = "") -> Any:
    made = deck.slides.add_slide(deck.slide_layouts[layout])
    if title:
        made.shapes.title.text = title
    return made


def box(on: Any, left: float, top: float, words: str, width: float = 2, height: float = 0.5) -> Any:
    made = on.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    made.text_frame.text = words
    return made


def add_run(shape: Any, words: str, **properties: str) -> None:
    run = shape.text_frame.paragraphs[0].add_run()
    run.text = words
    for name, value in properties.items():
        run._r.get_or_add_rPr().set(name, value)


def numbered(paragraph: Any, kind: str, **attributes: str) -> None:
    element = etree.SubElement(paragraph._p.get_or_add_pPr(), f"{{{A}}}{kind}")
    for name, value in attributes.items():
        element.set(name, value)


def test_order_pages_and_hidden_slides() -> None:
    """The presentation's order counts; a hidden slide keeps its number and has no text."""
    deck = Presentation()
    for title in ("Uno", "Dos", "Tres"):
        slide(deck, TITLE_ONLY, title)
    order = deck.slides._sldIdLst
    order.insert(0, order[2])
    deck.slides[1]._element.set("show", "0")
    converted = read(deck)
    assert [(part.text, part.page) for part in converted.parts] == [("Tres", 1), ("Dos", 3)]
    assert converted.pages == 3
    assert [notice.text for notice in converted.notices] == ["1 hidden slide is left out"]
    assert compose(converted.parts, converted.pages)[1] == (0, 6, 6)


def test_first_slide_number() -> None:
    """Slides are labelled as PowerPoint counts them."""
    deck = Presentation()
    deck.part._element.set("firstSlideNum", "5")
    for title in ("Uno", "Dos"):
        slide(deck, TITLE_ONLY, title)
    assert read(deck).page_labels == ("5", "6")


def test_bullets_and_numbers() -> None:
    """Inherited bullets, own numbers with their start and look, and paragraphs without either."""
    deck = Presentation()
    frame = slide(deck, TITLE_BODY, "Pasos").placeholders[1].text_frame
    rows: list[tuple[str, int, str, dict[str, str]]] = [
        ("Antes", 0, "buNone", {}),
        ("uno", 0, "buAutoNum", {"type": "arabicPeriod"}),
        ("interno", 1, "buAutoNum", {"type": "alphaLcParenR"}),
        ("dos", 0, "buAutoNum", {"type": "arabicPeriod"}),
        ("siete", 0, "buAutoNum", {"type": "romanUcParenBoth", "startAt": "7"}),
        ("viñeta", 0, "", {}),
        ("de nuevo", 0, "buAutoNum", {"type": "arabicPeriod"}),
    ]
    for at, (words, level, kind, attributes) in enumerate(rows):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.text, paragraph.level = words, level
        if kind:
            numbered(paragraph, kind, **attributes)
    assert text(deck) == (
        "Pasos\n\nAntes\n\n1. uno\n  a) interno\n2. dos\n(VII) siete\n• viñeta\n1. de nuevo"
    )


def test_title_in_one_line() -> None:
    """A line break in a title is a space, in other text a line end."""
    deck = Presentation()
    made = slide(deck, 0, "Plan\vde riego")
    made.placeholders[1].text = "Norte\vy sur"
    assert text(deck) == "Plan de riego\n\nNorte\ny sur"


def test_compared_columns() -> None:
    """What stands below a heading is read after it."""
    deck = Presentation()
    made = slide(deck, COMPARISON, "Zonas")
    words = ("Norte", "10 ha", "Sur", "20 ha")
    for placeholder, said in zip(list(made.placeholders)[1:], words, strict=True):
        placeholder.text = said
    assert text(deck) == "Zonas\n\nNorte\n\n• 10 ha\n\nSur\n\n• 20 ha"


def test_shapes_by_their_place() -> None:
    """From the top, rows from the left, a group together; placeholders before all."""
    deck = Presentation()
    made = slide(deck, TITLE_ONLY, "Título")
    for left, top, words in ((5, 3, "D"), (1, 3, "C"), (5, 2.4, "B"), (1, 2.4, "A")):
        box(made, left, top, words)
    group = made.shapes.add_group_shape()
    for top, words in ((6.5, "F"), (6, "E")):
        box(group, 1, top, words)
    assert text(deck).split("\n\n") == ["Título", "A", "B", "C", "D", "E", "F"]


def test_hidden_and_outside_shapes() -> None:
    """Nobody sees them who is shown the slide."""
    deck = Presentation()
    made = slide(deck, BLANK)
    box(made, 1, 1, "Visible")
    box(made, 1, 2, "Oculta")._element.nvSpPr.cNvPr.set("hidden", "1")
    box(made, -9, 1, "Fuera")
    converted = read(deck)
    assert [part.text for part in converted.parts] == ["Visible"]
    assert [notice.text for notice in converted.notices] == [
        "1 hidden shape is left out",
        "1 shape outside of its slide is left out",
    ]


def test_raised_marks_and_struck_text() -> None:
    """An exponent stays, a note below is tied to its mark, struck text is out."""
    deck = Presentation()
    made = slide(deck, BLANK)
    body = box(made, 1, 1, "Eran 20 m")
    for words, properties in (
        ("2", {"baseline": "30000"}),
        (" en 1994", {}),
        ("1", {"baseline": "30000"}),
        (" por ", {}),
        ("100", {"strike": "sngStrike"}),
        ("120 pesos", {}),
    ):
        add_run(body, words, **properties)
    source = box(made, 1, 6, "")
    add_run(source, "1", baseline="30000")
    add_run(source, " Fuente: INEGI.")
    converted = read(deck)
    assert [(part.role, part.text, part.anchor) for part in converted.parts] == [
        (BlockRole.PARAGRAPH, "Eran 20 m² en 1994 por 120 pesos", None),
        (BlockRole.NOTE, "Fuente: INEGI.", 18),
    ]


def test_table_with_merged_cells() -> None:
    """A first row across is the title; a cell over two rows is in both."""
    deck = Presentation()
    shape = slide(deck, BLANK).shapes.add_table(4, 2, 0, 0, Inches(4), Inches(2))
    grid = shape.table
    for row, words in enumerate((("Gasto", ""), ("Año", "Monto"), ("2024", "10"), ("", "20"))):
        for column, said in enumerate(words):
            grid.cell(row, column).text = said
    grid.cell(0, 0).merge(grid.cell(0, 1))
    grid.cell(2, 0).merge(grid.cell(3, 0))
    caption, table = read(deck).parts
    assert (caption.role, caption.text) == (BlockRole.CAPTION, "Gasto")
    assert table.text == "Año\tMonto\n2024\t10\n2024\t20"
    assert (table.header_rows, table.spans) == (1, ((1, 0, 2, 1),))


def test_chart_as_a_table() -> None:
    """Its title, and each category with the values of its series, as they are formatted."""
    deck = Presentation()
    data = CategoryChartData(number_format="0.0%")
    data.categories = ["Este", "Oeste"]
    data.add_series("2023", (0.192, 0.2))
    data.add_series("2024", (0.3, None))
    frame = slide(deck, BLANK).shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(4), Inches(3), data
    )
    frame.chart.has_title = True
    frame.chart.chart_title.text_frame.text = "Ventas"
    caption, table = read(deck).parts
    assert caption.text == "Ventas"
    assert table.text == "\t2023\t2024\nEste\t19.2%\t30.0%\nOeste\t20.0%"
    assert table.header_rows == 1


def test_chart_with_categories_of_two_levels() -> None:
    """The outer level is repeated with each of the inner."""
    levels = (
        "<lvl><pt idx='0'><v>T1</v></pt><pt idx='1'><v>T2</v></pt></lvl>"
        "<lvl><pt idx='0'><v>2024</v></pt></lvl>"
    )
    values = "<numCache><pt idx='0'><v>1</v></pt><pt idx='1'><v>2.50</v></pt></numCache>"
    root = etree.fromstring(
        f"<chartSpace><chart><plotArea><barChart><ser><cat>{levels}</cat><val>{values}</val></ser>"
        "</barChart></plotArea></chart></chartSpace>"
    )
    assert chart_parts(root)[0].text == "2024 T1\t1\n2024 T2\t2.5"


def test_diagram_as_a_list() -> None:
    """Each text once, below the one that it belongs to, in their order."""

    def point(id_: str, words: str = "", kind: str = "node") -> str:
        body = f"<t><p><r><t>{words}</t></r></p></t>"
        return f"<pt modelId='{id_}' type='{kind}'>{body}</pt>"

    links = (("0", "b", "1"), ("0", "a", "0"), ("a", "c", "0"))
    root = etree.fromstring(
        "<dataModel><ptLst>"
        + point("0", kind="doc")
        + point("b", "Dos")
        + point("a", "Uno")
        + point("c", "Interno")
        + point("x", "Otra vez", "pres")
        + "</ptLst><cxnLst>"
        + "".join(f"<cxn srcId='{s}' destId='{d}' srcOrd='{n}'/>" for s, d, n in links)
        + "</cxnLst></dataModel>"
    )
    parts = diagram_parts(root, Counter())
    assert [(part.text, part.level) for part in parts] == [("Uno", 1), ("Interno", 2), ("Dos", 1)]


def test_speaker_notes() -> None:
    """On their own slide, after a mark in their language, unless they say so themselves."""
    deck = Presentation()
    for title, note in (
        ("Uno", "Recordar el plazo de la entrega."),
        ("Two", "Remember the date of the meeting."),
        ("Tres", "Nota: callar."),
    ):
        slide(deck, TITLE_ONLY, title).notes_slide.notes_text_frame.text = note
    assert text(deck) == (
        "Uno\n\nNotas: Recordar el plazo de la entrega.\n\n"
        "Two\n\nNotes: Remember the date of the meeting.\n\nTres\n\nNota: callar."
    )
    assert [part.page for part in read(deck).parts] == [1, 1, 2, 2, 3, 3]


def test_text_that_recurs_on_most_slides() -> None:
    """Where it stands at the same place it is furniture: it is read once."""
    deck = Presentation()
    for title in ("Uno", "Dos", "Tres"):
        box(slide(deck, TITLE_ONLY, title), 7, 7, "Confidencial")
    assert text(deck).count("Confidencial") == 1


def test_footers_and_empty_slides() -> None:
    """Date, footer and number are out; a slide without text keeps its page."""
    deck = Presentation()
    made = slide(deck, TITLE_ONLY, "Uno")
    footer = box(made, 1, 7, "Pie de página")._element
    properties = footer.nvSpPr.find(f"{{{footer.nsmap['p']}}}nvPr")
    etree.SubElement(properties, f"{{{footer.nsmap['p']}}}ph").set("type", "ftr")
    slide(deck, BLANK)
    slide(deck, TITLE_ONLY, "Tres")
    assert text(deck) == "Uno\n\nTres"
    assert [part.page for part in read(deck).parts] == [1, 3]


def test_slide_that_is_a_picture() -> None:
    """It is said which."""
    deck = Presentation()
    slide(deck, TITLE_ONLY, "Uno")
    made = slide(deck, BLANK)
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63"
        "64f8cf500f000387018080ba4b280000000049454e44ae426082"
    )
    made.shapes.add_picture(io.BytesIO(pixel), 0, 0)
    assert [notice.text for notice in read(deck).notices] == ["slide 2 is a picture without text"]


def test_metadata_of_the_template() -> None:
    """Its date, author and title are none of the presentation's; those set are."""
    deck = Presentation()
    slide(deck, TITLE_ONLY, "Uno")
    file = io.BytesIO()
    deck.save(file)
    document, _ = read_bytes(file.getvalue(), Path("a.pptx"), "", ReadOptions())
    assert (document.title, document.metadata) == ("Uno", {})
    deck.core_properties.title, deck.core_properties.author = "Informe", "Ana"
    converted = read(deck)
    assert (converted.title, converted.author) == ("Informe", "Ana")


def test_comments() -> None:
    """They and the answers to them are out, and counted."""
    deck = Presentation()
    slide(deck, TITLE_ONLY, "Uno")
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(deck))) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "ppt/slides/_rels/slide1.xml.rels":
                link = b'<Relationship Id="c" Type="x/comments" Target="../comments/c.xml"/>'
                data = data.replace(b"</Relationships>", link + b"</Relationships>")
            new.writestr(name, data)
        new.writestr("ppt/comments/c.xml", "<cmLst><cm><reply/></cm><cm>No.</cm></cmLst>")
    converted = read_pptx(file.getvalue(), ReadOptions())
    assert [part.text for part in converted.parts] == ["Uno"]
    assert [notice.text for notice in converted.notices] == ["3 comments are left out"]


def test_slide_that_is_missing() -> None:
    """The others are read, and it is said."""
    deck = Presentation()
    slide(deck, TITLE_ONLY, "Uno")
    slide(deck, TITLE_ONLY, "Dos")
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(deck))) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            if name != "ppt/slides/slide1.xml":
                new.writestr(name, old.read(name))
    converted = read_pptx(file.getvalue(), ReadOptions())
    assert [(part.text, part.page) for part in converted.parts] == [("Dos", 2)]
    assert "1 slide cannot be read and is left out" in [n.text for n in converted.notices]


@pytest.mark.parametrize("read_it", [read_pptx, read_odp])
def test_what_is_no_presentation(read_it: Callable[[bytes, ReadOptions], Converted]) -> None:
    """One sentence says what to do."""
    with pytest.raises(ConversionError, match="is damaged or not what its name says"):
        read_it(b"PK\x03\x04 no archive", ReadOptions())


def odp(*pages: str, styles: str = "") -> Converted:
    automatic = (
        '<style:style style:name="out" style:family="drawing-page"><style:drawing-page-properties '
        'presentation:visibility="hidden"/></style:style>'
    )
    root = ROOT.replace(
        "<office:document",
        "<office:document"
        ' xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"'
        ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"',
    )
    data = (
        f"{root}<office:automatic-styles>{automatic}{styles}</office:automatic-styles>"
        f"<office:body><office:presentation>{''.join(pages)}</office:presentation></office:body>"
        "</office:document>"
    )
    return read_odp(data.encode(), ReadOptions())


def frame(words: str, kind: str = "", top: float = 1, attributes: str = "") -> str:
    class_ = f'presentation:class="{kind}"' if kind else ""
    place = f'svg:x="1cm" svg:y="{top}cm" svg:width="5cm" svg:height="1cm"'
    body = words if words.startswith("<") else f"<text:p>{words}</text:p>"
    return (
        f"<draw:frame {class_} {place} {attributes}><draw:text-box>{body}</draw:text-box>"
        "</draw:frame>"
    )


def test_opendocument_slides() -> None:
    """Titles, text by its place, notes, hidden slides, placeholders and footers."""
    converted = odp(
        "<draw:page>"
        + frame("Abajo", top=9)
        + frame("Arriba", top=5)
        + frame("Uno", "title")
        + frame("Pie", "footer")
        + frame("Haga clic", "outline", 3, 'presentation:placeholder="true"')
        + "<presentation:notes>"
        + frame("Recordar el plazo de la obra.", "notes")
        + "</presentation:notes></draw:page>",
        '<draw:page draw:style-name="out">' + frame("Oculta", "title") + "</draw:page>",
        "<draw:page>" + frame("Tres", "title") + "</draw:page>",
    )
    assert [(part.text, part.page) for part in converted.parts] == [
        ("Uno", 1),
        ("Arriba", 1),
        ("Abajo", 1),
        ("Recordar el plazo de la obra.", 1),
        ("Tres", 3),
    ]
    assert converted.parts[3].mark == "Notas:"
    assert [notice.text for notice in converted.notices] == ["1 hidden slide is left out"]


def test_numbers_of_a_text_box_go_on_through_its_lists() -> None:
    """Impress writes what is one list on the slide as several."""
    style = (
        '<text:list-style style:name="{}"><text:list-level-style-number text:level="1" '
        'style:num-format="1" style:num-suffix="."/></text:list-style>'
    )
    lists = "".join(
        f'<text:list text:style-name="{name}"><text:list-item><text:p>x</text:p></text:list-item>'
        "</text:list>"
        for name in "ab"
    )
    page = "<draw:page>" + frame(lists, "outline") + frame(lists, "outline", 5) + "</draw:page>"
    converted = odp(page, styles=style.format("a") + style.format("b"))
    assert [part.mark for part in converted.parts] == ["1.", "2.", "1.", "2."]


def test_widest_gap_is_cut_first() -> None:
    """Columns with heads of their own are read one by one, rows that are alike row by row."""
    columns = [Box(0, 0, 4, 1), Box(6, 0, 4, 1), Box(0, 1.2, 4, 5), Box(6, 1.2, 4, 5)]
    assert reading_order(columns) == [0, 2, 1, 3]
    cards = [Box(6, 2, 4, 1), Box(0, 2, 4, 1), Box(6, 0.5, 4, 1), Box(0, 0.5, 4, 1)]
    assert reading_order(cards) == [3, 2, 1, 0]


_boxes = st.builds(Box, *(st.integers(0, 20) for _ in range(4)))


@given(st.lists(st.none() | _boxes, max_size=12))
def test_every_box_is_read_once(boxes: list[Box | None]) -> None:
    """Whatever their places."""
    assert sorted(reading_order(boxes)) == list(range(len(boxes)))

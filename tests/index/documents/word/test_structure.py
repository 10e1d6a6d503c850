"""Headings, notes, tables, forms, lists that somebody typed."""

from index.documents.parts import compose
from tests.index.documents.word.making import (
    blocks,
    cell,
    level,
    numbering,
    p,
    r,
    read,
    style,
    table,
    text,
)

HIGH = '<w:vertAlign w:val="superscript"/>'
BOLD = "<w:b/>"


def note(kind: str, id: int, *words: str) -> str:
    ref = f'<w:r><w:{kind}Ref/></w:r><w:r><w:t xml:space="preserve"> </w:t></w:r>'
    first, *rest = words
    return f'<w:{kind} w:id="{id}">{p(ref + r(first))}{"".join(map(p, rest))}</w:{kind}>'


def ref(kind: str, id: int, more: str = "") -> str:
    return f'<w:r><w:rPr>{HIGH}</w:rPr><w:{kind}Reference w:id="{id}"{more}/></w:r>'


def notes_of(body: str, **parts: str) -> list[tuple[str, str, str]]:
    """Of each note: its mark, its text, and what stands before its anchor."""
    whole, _, made = compose(read(body, **parts).parts)
    return [
        (block.mark, whole[block.start : block.end], whole[: block.anchor][-8:])
        for block in made
        if block.role.value == "note"
    ]


def test_notes_follow_their_paragraph() -> None:
    """The mark never stays in a word; footnotes and endnotes count each for themselves."""
    body = p(
        r("La coope") + ref("footnote", 2) + r("ración rige") + ref("endnote", 2) + r(".")
    ) + p(r("Y ") + ref("footnote", 3) + r(" más."))
    parts = {
        "footnotes": note("footnote", 2, "Uno.", "Otra línea.") + note("footnote", 3, "Dos."),
        "endnotes": note("endnote", 2, "Al final."),
    }
    assert text(body, **parts) == (
        "La cooperación rige.\n\n[1] Uno.\nOtra línea.\n\n[i] Al final.\n\nY más.\n\n[2] Dos."
    )
    assert notes_of(body, **parts) == [
        ("1", "[1] Uno.\nOtra línea.", "La coope"),
        ("i", "[i] Al final.", "ión rige"),
        ("2", "[2] Dos.", "inal.\n\nY"),
    ]


def test_notes_are_numbered_as_the_file_says() -> None:
    """Format and start by the settings, anew in each section; a mark that somebody typed."""
    settings = (
        '<w:footnotePr><w:numFmt w:val="lowerLetter"/><w:numStart w:val="2"/>'
        '<w:numRestart w:val="eachSect"/></w:footnotePr>'
    )
    custom = '<w:r><w:footnoteReference w:id="4" w:customMarkFollows="1"/><w:t>*</w:t></w:r>'
    body = (
        p(r("a") + ref("footnote", 1) + r(" b") + ref("footnote", 2), "<w:sectPr/>")
        + p(r("c") + custom + r(" d") + ref("footnote", 3))
        + "<w:sectPr/>"
    )
    footnotes = "".join(note("footnote", id, f"n{id}") for id in (1, 2, 3)) + (
        f'<w:footnote w:id="4">{p("* n4")}</w:footnote>'
    )
    found = notes_of(body, footnotes=footnotes, settings=settings)
    assert [(mark, words) for mark, words, _ in found] == [
        ("b", "[b] n1"),
        ("c", "[c] n2"),
        ("*", "[*] n4"),
        ("b", "[b] n3"),
    ]


def test_the_note_of_a_deleted_reference_is_out() -> None:
    """It is not counted either."""
    body = p(f'<w:del w:id="1">{ref("footnote", 1)}</w:del>' + r("a") + ref("footnote", 2))
    footnotes = note("footnote", 1, "fuera") + note("footnote", 2, "dentro")
    assert text(body, footnotes=footnotes) == "a\n\n[1] dentro"


def test_a_note_in_a_table_follows_it() -> None:
    """Its anchor is in the row."""
    body = table([p(r("Renta") + ref("footnote", 1)), "500"], ["Luz", "20"])
    assert notes_of(body, footnotes=note("footnote", 1, "Anual.")) == [("1", "[1] Anual.", "Renta")]


def test_typed_notes_are_notes() -> None:
    """A paragraph that begins with a raised mark follows the part that has the mark; m² stays."""
    body = (
        p(r("Mide 5 m") + r("2", HIGH) + r(" según el acta") + r("2", HIGH) + r("."))
        + p("Otro párrafo.")
        + p(r("2", HIGH) + r(" Acta de 1990."))
    )
    assert text(body) == "Mide 5 m² según el acta.\n\n[2] Acta de 1990.\n\nOtro párrafo."
    assert notes_of(body) == [("2", "[2] Acta de 1990.", " el acta")]


def test_headings_by_style_or_outline() -> None:
    """Names in Spanish or English, styles that inherit, an outline level of one's own; titles."""
    styles = (
        style("Ttulo2", "<w:pPr><w:outlineLvl w:val='1'/></w:pPr>", name="heading 2")
        + style("Mi", based="Ttulo2")
        + style("Puesto", name="Title")
    )
    body = (
        p("Reglamento", '<w:pStyle w:val="Puesto"/>')
        + p("Uno", '<w:pStyle w:val="Mi"/>')
        + p("Dos", '<w:outlineLvl w:val="2"/>')
        + p("Tres", '<w:pStyle w:val="Ttulo1"/>')
        + p("Cuatro", '<w:pStyle w:val="Mi"/><w:outlineLvl w:val="9"/>')
    )
    read_ = read(body, styles=styles)
    assert [(part.role.value, part.level) for part in read_.parts] == [
        ("heading", 1),
        ("heading", 2),
        ("heading", 3),
        ("heading", 1),
        ("paragraph", 0),
    ]
    assert read_.title == "Reglamento"


def test_a_short_bold_line_over_text_is_a_heading() -> None:
    """Below those that have a style; no bold sentence, and no bold lines in a row."""
    body = (
        p(r("Zona Norte", BOLD))
        + p("Abre a las nueve.")
        + p(r("Todo este párrafo está en negritas.", BOLD))
        + p("Texto.")
        + p(r("Ana Pérez", BOLD))
        + p(r("Directora", BOLD))
        + p(r("Juan López", BOLD))
        + p("Secretario")
    )
    assert [role for role, _ in blocks(body)] == ["heading", *["paragraph"] * 7]


def test_spans_and_headers() -> None:
    """A cell that spans is repeated, and the header's rows are counted."""
    header = "<w:tr><w:trPr><w:tblHeader/></w:trPr>{}</w:tr>"
    body = table(
        header.format(
            cell("Zona", '<w:vMerge w:val="restart"/>') + cell("Precio", '<w:gridSpan w:val="2"/>')
        ),
        header.format(cell("", "<w:vMerge/>") + cell("2023") + cell("2024")),
        ["Norte", "5", "6"],
    )
    (part,) = read(body).parts
    assert part.text == "Zona\tPrecio\tPrecio\nZona\t2023\t2024\nNorte\t5\t6"
    assert part.header_rows == 2
    assert set(part.spans) == {(0, 0, 2, 1), (0, 1, 1, 2)}


def test_a_row_of_one_cell_is_alone_and_the_first_is_the_title() -> None:
    """The title is a caption; a cell across the table below is a row with one text."""
    whole = f"<w:tr>{cell('{}', '<w:gridSpan w:val=' + chr(34) + '3' + chr(34) + '/>')}</w:tr>"
    body = table(
        whole.format("Tarifas 2024"),
        ["Uso", "Base", "Exceso"],
        whole.format("Zona Norte"),
        ["Casa", "10", "12"],
        ["Local", "20", "25"],
    )
    caption, made = read(body).parts
    assert (caption.role.value, caption.text) == ("caption", "Tarifas 2024")
    assert made.text == "Uso\tBase\tExceso\nZona Norte\nCasa\t10\t12\nLocal\t20\t25"
    assert made.header_rows == 1


def test_headers_that_are_evident() -> None:
    """Words over figures; a bold first row; not the first of labels and values."""

    def headers(*rows: list[str]) -> int:
        return read(table(*rows)).parts[0].header_rows

    assert headers(["Concepto", "Importe"], ["Renta", "$1,200.00"], ["Luz", "300"]) == 1
    assert headers(["Lugar", "Toluca"], ["Aforo", "85 personas"]) == 0
    assert headers(["Renta", "500"], ["Luz", "300"]) == 0
    assert headers([p(r("Nombre", BOLD)), p(r("Cargo", BOLD))], ["Ana", "Jueza"]) == 1
    assert headers(["Año", "2023", "2024"], ["Agua", "10", "11"], ["Luz", "5", "6"]) == 1


def test_a_style_of_tables_shows_its_header() -> None:
    """Where the style has a first row of its own, and the table uses it."""
    styles = style(
        "Grid", '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr></w:tblStylePr>', kind="table"
    )
    look = '<w:tblStyle w:val="Grid"/><w:tblLook w:val="04A0"/>'
    rows = (["Nombre", "Cargo"], ["Ana", "Jueza"])
    assert read(table(*rows, properties=look), styles=styles).parts[0].header_rows == 1
    off = look.replace("04A0", "0480")
    assert read(table(*rows, properties=off), styles=styles).parts[0].header_rows == 0


def test_nearly_the_same_edges_are_one_column() -> None:
    """Word's grid has an edge for each width that a row ever had."""
    wide = '<w:gridSpan w:val="2"/>'
    body = table(
        f"<w:tr>{cell('Nombre', wide)}{cell('Edad')}</w:tr>",
        f"<w:tr>{cell('Ana')}{cell('30', wide)}</w:tr>",
        grid=(2000, 40, 2000),
    )
    assert read(body).parts[0].text == "Nombre\tEdad\nAna\t30"


def test_deleted_and_hidden_rows_are_out() -> None:
    """Each with its notice."""
    body = table(
        ["a", "b"],
        f'<w:tr><w:trPr><w:del w:id="1"/></w:trPr>{cell("c")}{cell("d")}</w:tr>',
        f"<w:tr><w:trPr><w:hidden/></w:trPr>{cell('e')}{cell('f')}</w:tr>",
    )
    found = read(body)
    assert [part.text for part in found.parts] == ["a\tb"]
    assert [notice.text for notice in found.notices] == [
        "1 hidden row is left out",
        "1 deletion that was tracked is left out",
    ]


def test_a_form_table_is_fields() -> None:
    """Labels with a colon beside their values, in two columns or four."""
    body = table(["Nombre:", "Ana", "Edad:", "30"], ["Aforo:", "85 personas", "Firma:", ""])
    assert blocks(body) == [
        ("field", "Nombre: Ana"),
        ("field", "Edad: 30"),
        ("field", "Aforo: 85 personas"),
        ("paragraph", "Firma:"),
    ]


def test_a_box_of_one_cell_is_no_table() -> None:
    """A frame around text, and one column, are only a layout."""
    assert blocks(table([p("uno") + p("dos")])) == [("paragraph", "uno"), ("paragraph", "dos")]
    assert blocks(table(["uno"], ["dos"])) == [("paragraph", "uno"), ("paragraph", "dos")]


def test_tables_in_tables() -> None:
    """Inside of a layout they stand alone; inside of data they follow it."""
    inner = table(["Luz", "20"], ["Agua", "30"])
    laid = table([p("Norte"), inner + p()])
    assert blocks(laid) == [("paragraph", "Norte"), ("table", "Luz\t20\nAgua\t30")]
    data = table(["Zona", "Cuota"], ["Norte", p("ver") + inner + p()], ["Sur", "nada"])
    assert [words for _, words in blocks(data)] == [
        "Zona\tCuota\nNorte\tver\nSur\tnada",
        "Luz\t20\nAgua\t30",
    ]


def test_numbers_in_cells() -> None:
    """The numbers that Word makes in a column."""
    made = numbering(level(0, "decimal", "%1."))
    body = table([p("a", num=1), "b"], [p("c", num=1), "d"])
    assert read(body, numbering=made).parts[0].text == "1. a\tb\n2. c\td"


def test_fields_by_tabs_or_neighbours() -> None:
    """A label and its value; a sentence with a colon is none."""
    tab = "<w:r><w:tab/></w:r>"
    assert blocks(p(r("Fecha:") + tab + r("3 de mayo"))) == [("field", "Fecha: 3 de mayo")]
    assert blocks(p("Expediente: 12/24") + p("Actor: Ana")) == [
        ("field", "Expediente: 12/24"),
        ("field", "Actor: Ana"),
    ]
    assert (
        blocks(p("Se avisa: hoy no hay servicio en la oficina de la zona norte."))[0][0]
        == "paragraph"
    )


def test_lines_with_tabs_are_a_table() -> None:
    """Two or more lines with as many columns."""
    tab = "<w:r><w:tab/></w:r>"
    lines = "".join(
        p(tab.join(map(r, row)))
        for row in (("Concepto", "2023", "2024"), ("Renta", "500", "600"), ("Luz", "20", "30"))
    )
    (part,) = read(lines).parts
    assert part.text == "Concepto\t2023\t2024\nRenta\t500\t600\nLuz\t20\t30"
    assert part.header_rows == 1


def test_typed_lists_are_items() -> None:
    """Marks that somebody typed, two or more in a row."""
    body = p("Se pide:") + p("a) acta;") + p("b) firma.") + p("- una cosa") + p("Fin.")
    parts = read(body).parts
    assert [(part.role.value, part.mark, part.text) for part in parts] == [
        ("paragraph", "", "Se pide:"),
        ("item", "a)", "acta;"),
        ("item", "b)", "firma."),
        ("item", "", "una cosa"),
        ("paragraph", "", "Fin."),
    ]


def test_captions() -> None:
    """By their style, or by their words over a table."""
    styles = style("Descripcin", name="caption")
    body = (
        p("Figura 1. Plano", '<w:pStyle w:val="Descripcin"/>')
        + p("Tabla 2. Cuotas")
        + table(["a", "b"], ["c", "d"])
    )
    assert [role for role, _ in blocks(body, styles=styles)] == ["caption", "caption", "table"]


def test_a_column_of_automatic_numbers() -> None:
    """Cells without words show their number."""
    defined = numbering(level(0, "decimal", "%1."))
    rows = [[p("", num=1), "Acta", "5 días"], [p("", num=1), "Recibo", "3 días"]]
    body = table(["No.", "Requisito", "Plazo"], *rows)
    shown = "No.\tRequisito\tPlazo\n1.\tActa\t5 días\n2.\tRecibo\t3 días"
    assert text(body, numbering=defined) == shown

"""OpenDocument texts, written here as one XML file each, as .fodt files are."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents.numerals import letters, ordinal, roman
from index.documents.opendocument.odt import read_odt
from index.documents.parts import ConversionError, Converted, ReadOptions, compose
from index.documents.raised import MARK, raised, settled
from index.types import BlockRole

ROOT = """<?xml version="1.0" encoding="UTF-8"?><office:document
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:form="urn:oasis:names:tc:opendocument:xmlns:form:1.0"
 xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"
 xmlns:math="http://www.w3.org/1998/Math/MathML"
 xmlns:field="urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/">"""
STYLES = """
<style:style style:name="Standard" style:family="paragraph"/>
<style:style style:name="Title" style:family="paragraph"/>
<style:style style:name="Caption" style:family="paragraph"/>
<style:style style:name="Preformatted_20_Text" style:family="paragraph"/>
<style:style style:name="Hidden" style:family="paragraph">
 <style:text-properties text:display="none"/></style:style>
<style:style style:name="Child" style:family="paragraph" style:parent-style-name="Hidden"/>
<style:style style:name="Heading_20_1" style:family="paragraph" style:default-outline-level="1"/>
<style:style style:name="Bare" style:family="paragraph" style:parent-style-name="Heading_20_1"
 style:list-style-name=""/>
<style:style style:name="Up" style:family="text">
 <style:text-properties style:text-position="33% 58%"/></style:style>
<style:style style:name="Down" style:family="text">
 <style:text-properties style:text-position="sub 58%"/></style:style>
<style:style style:name="Struck" style:family="text">
 <style:text-properties style:text-line-through-style="solid"/></style:style>
<style:style style:name="Signs" style:family="text">
 <style:text-properties style:font-name="Wingdings1"/></style:style>
<style:style style:name="Off" style:family="text">
 <style:text-properties text:display="none"/></style:style>
<text:outline-style>
 <text:outline-level-style text:level="1" style:num-format="I" style:num-suffix="."/>
 <text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/>
</text:outline-style>
<text:list-style style:name="L">
 <text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
 <text:list-level-style-number text:level="2" style:num-format="a" style:num-suffix=")"/>
 <text:list-level-style-number text:level="3" style:num-format="1" style:num-suffix="."
  text:display-levels="3"/>
</text:list-style>
<text:list-style style:name="Art"><text:list-level-style-number text:level="1"
 style:num-format="1" style:num-prefix="Artículo " style:num-suffix="." text:start-value="5"/>
</text:list-style>
<text:list-style style:name="B"><text:list-level-style-bullet text:level="1"/>
 <text:list-level-style-bullet text:level="2"/></text:list-style>
"""


def flat(body: str, meta: str = "") -> bytes:
    """A whole .fodt file with that body."""
    return (
        f"{ROOT}<office:meta>{meta}</office:meta><office:styles>{STYLES}</office:styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document>"
    ).encode()


def read(body: str, meta: str = "") -> Converted:
    return read_odt(flat(body, meta), ReadOptions())


def text(body: str) -> str:
    return compose(read(body).parts)[0]


def notices(body: str) -> list[str]:
    return [notice.text for notice in read(body).notices]


def item(words: str, inner: str = "", attributes: str = "") -> str:
    return f"<text:list-item {attributes}><text:p>{words}</text:p>{inner}</text:list-item>"


def listed(items: str, attributes: str = 'text:style-name="L"') -> str:
    return f"<text:list {attributes}>{items}</text:list>"


def note(mark: str, words: str) -> str:
    return (
        f"<text:note><text:note-citation>{mark}</text:note-citation>"
        f"<text:note-body><text:p>{words}</text:p></text:note-body></text:note>"
    )


def cell(words: str, attributes: str = "") -> str:
    return f"<table:table-cell {attributes}><text:p>{words}</text:p></table:table-cell>"


def table(*rows: str, header: str = "") -> str:
    head = f"<table:table-header-rows>{header}</table:table-header-rows>" if header else ""
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    return f"<table:table>{head}{body}</table:table>"


def test_headings_have_the_numbers_of_the_outline() -> None:
    """Levels show those above; a style without a list has none; a list header neither."""
    converted = read(
        '<text:h text:outline-level="1" text:style-name="Heading_20_1">Uno</text:h>'
        '<text:h text:outline-level="2">Dos</text:h><text:h text:outline-level="2">Tres</text:h>'
        '<text:h text:outline-level="1" text:style-name="Bare">Sin</text:h>'
        '<text:h text:outline-level="1" text:is-list-header="true">Cabeza</text:h>'
        '<text:h text:outline-level="1">Cuatro</text:h>'
    )
    heads = [(part.mark, part.text, part.level) for part in converted.parts]
    assert heads == [
        ("I.", "Uno", 1),
        ("I.1", "Dos", 2),
        ("I.2", "Tres", 2),
        ("", "Sin", 1),
        ("", "Cabeza", 1),
        ("II.", "Cuatro", 1),
    ]
    assert {part.role for part in converted.parts} == {BlockRole.HEADING}


def test_nested_lists() -> None:
    """Each level has its own numbers, which begin again below each item."""
    third = listed(item("tercero"), "")
    body = listed(
        item("uno", listed(item("a") + item("b", third), ""))
        + item("dos", listed(item("otra"), ""))
    )
    assert text(body) == "1. uno\n  a) a\n  b) b\n    1.b.1. tercero\n2. dos\n  a) otra"


def test_list_headers_and_later_paragraphs_have_no_number() -> None:
    """Nor do they count."""
    body = (
        "<text:list text:style-name='L'><text:list-header><text:p>Cabeza</text:p>"
        "</text:list-header><text:list-item><text:p>uno</text:p><text:p>sigue</text:p>"
        "</text:list-item><text:list-item><text:p>dos</text:p></text:list-item></text:list>"
    )
    assert text(body) == "Cabeza\n\n1. uno\n\nsigue\n\n2. dos"


def test_lists_that_go_on() -> None:
    """From the list before of the same style, or from a named one; else they begin anew."""
    one = 'text:style-name="L" xml:id="x"'
    goes_on = 'text:style-name="L" text:continue-numbering="true"'
    named = 'text:style-name="L" text:continue-list="x"'
    body = (
        listed(item("a"), one)
        + listed(item("b"), goes_on)
        + listed(item("c") + item("d", attributes='text:start-value="7"'))
        + listed(item("e"), named)
    )
    assert text(body) == "1. a\n2. b\n1. c\n7. d\n3. e"


def test_an_item_of_only_a_list_goes_on() -> None:
    """Writer writes it so where a paragraph cuts an inner list in two."""
    inner = "<text:list-item>" + listed(item("c"), 'text:continue-numbering="true"')
    body = listed(item("uno", listed(item("a") + item("b"), "")) + inner + "</text:list-item>")
    assert text(body) == "1. uno\n  a) a\n  b) b\n  c) c"


def test_numbers_that_are_words_make_paragraphs() -> None:
    """An article is no item: it stands apart, with its number."""
    body = listed(item("Multas.") + item("Plazos."), 'text:style-name="Art"')
    assert text(body) == "Artículo 5. Multas.\n\nArtículo 6. Plazos."
    assert [part.mark for part in read(body).parts] == ["Artículo 5.", "Artículo 6."]


def test_bullets() -> None:
    """Items without numbers, by their level."""
    body = listed(item("uno", listed(item("dos"), "")), 'text:style-name="B"')
    assert text(body) == "• uno\n  • dos"


def test_spaces_tabs_and_line_breaks() -> None:
    """They never glue two words."""
    body = (
        "<text:p>uno<text:s/>dos<text:s text:c='3'/>tres<text:tab/>cuatro"
        "<text:line-break/>cinco<text:soft-page-break/> seis,\n   siete</text:p>"
    )
    assert text(body) == "uno dos tres cuatro\ncinco seis, siete"


def test_code_keeps_its_spaces() -> None:
    """And its lines are one block."""
    line = '<text:p text:style-name="Preformatted_20_Text">{}</text:p>'
    parts = read(line.format("si x:") + line.format('<text:s text:c="4"/>y')).parts
    assert [(part.role, part.text) for part in parts] == [(BlockRole.CODE, "si x:\n    y")]


def test_notes_stand_after_their_paragraph() -> None:
    """Their marks are in no word; the anchor says where they stood."""
    body = f"<text:p>La coope{note('1', 'Véase 1994.')}ración {note('*', 'Fin.')} sigue.</text:p>"
    converted = read(body + "<text:p>Otro.</text:p>")
    assert [(part.text, part.mark, part.anchor) for part in converted.parts] == [
        ("La cooperación sigue.", "", None),
        ("Véase 1994.", "1", 8),
        ("Fin.", "*", 14),
        ("Otro.", "", None),
    ]
    assert compose(converted.parts)[0].startswith("La cooperación sigue.\n\n[1] Véase 1994.")


def test_what_is_raised_is_not_glued() -> None:
    """Exponents, ordinals and chemistry read as they look; a struck number is out."""
    up, down = '<text:span text:style-name="Up">', '<text:span text:style-name="Down">'
    body = (
        f"<text:p>20 m{up}2</text:span>, 10{up}3</text:span>, 1{up}o</text:span> de mayo, "
        f"2{up}nd</text:span>, CO{down}2</text:span>, "
        '<text:span text:style-name="Struck">100</text:span>120</text:p>'
    )
    assert text(body) == "20 m², 10³, 1º de mayo, 2nd, CO₂, 120"
    assert notices(body) == ["1 struck-out stretch is left out"]


def test_raised_marks_are_tied_to_the_paragraph_that_begins_with_them() -> None:
    """A note that was written by hand."""
    up = '<text:span text:style-name="Up">1</text:span>'
    body = f"<text:p>En 1994{up} subió.</text:p><text:p>Medio.</text:p><text:p>{up} INEGI.</text:p>"
    assert text(body) == "En 1994 subió.\n\n[1] INEGI.\n\nMedio."


def test_raised_marks_without_a_note_are_out() -> None:
    """They belong to no word or number; cents are cents, and a note's anchor stays at its place."""
    up = '<text:span text:style-name="Up">{}</text:span>'
    body = (
        f"<text:p>En 1994{up.format('3')} y 2{up.format('10')} = 1024, a 12{up.format('50')} € el "
        f"agua{up.format('a')} y 1994{note('1', 'Nota.')} fue.</text:p>"
    )
    assert text(body) == "En 1994 y 2¹⁰ = 1024, a 12,50 € el agua y 1994 fue.\n\n[1] Nota."
    assert read(body).parts[1].anchor == 46


def test_hidden_text() -> None:
    """By a style or its parent, a section, a condition or a field."""
    body = (
        "<text:p text:style-name='Child'>a</text:p>"
        "<text:p>Ve<text:span text:style-name='Off'>b</text:span>o.</text:p>"
        "<text:section text:display='none'><text:p>c</text:p></text:section>"
        "<text:section text:display='condition' text:is-hidden='true'><text:p>d</text:p>"
        "</text:section><text:section text:display='condition'><text:p>Sí.</text:p></text:section>"
        "<text:p>Y <text:hidden-text text:string-value='e' text:is-hidden='true'/>no.</text:p>"
        "<text:p><text:hidden-paragraph text:is-hidden='true'/>f</text:p>"
        "<text:p><text:variable-set text:display='none'>g</text:variable-set>fin</text:p>"
    )
    assert text(body) == "Veo.\n\nSí.\n\nY no.\n\nfin"
    assert notices(body) == ["6 hidden parts are left out"]


def test_changes_and_comments() -> None:
    """What was deleted is out, what was inserted is in, and paragraphs that were joined are one."""
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>cien</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
        "<text:p>Son <text:change/> <text:change-start/>120<text:change-end/> euros"
        "<office:annotation><dc:creator>Ana</dc:creator><text:p>¿Sí?</text:p></office:annotation>"
        ".</text:p>"
    )
    assert text(body) == "Son 120 euros."
    assert notices(body) == ["1 deleted stretch is left out", "1 comment is left out"]


def test_frames_once_and_at_their_anchor() -> None:
    """After the paragraph that they are anchored in; a picture's description is not text."""
    body = (
        "<text:p>Marco <draw:frame><draw:text-box><text:p>Dentro.</text:p></draw:text-box>"
        "<svg:desc xmlns:svg='urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0'>no"
        "</svg:desc></draw:frame>sigue.</text:p>"
        "<draw:custom-shape><text:p>Forma.</text:p></draw:custom-shape>"
    )
    assert text(body) == "Marco sigue.\n\nDentro.\n\nForma."


def test_frames_of_a_page_come_last() -> None:
    """The file has them first, and the title is not theirs."""
    frame = (
        "<draw:frame text:anchor-type='page'><draw:text-box><text:p>Lado.</text:p></draw:text-box>"
        "</draw:frame>"
    )
    assert text(frame + "<text:p>Convenio</text:p>") == "Convenio\n\nLado."


def test_fields_ruby_and_indexes() -> None:
    """Fields are as shown, a reading stands in brackets; a table of contents is furniture."""
    body = (
        "<text:p>Ver <text:bookmark-ref>artículo 5</text:bookmark-ref>, <text:ruby><text:ruby-base>"
        "base</text:ruby-base><text:ruby-text>lectura</text:ruby-text></text:ruby>.</text:p>"
        "<text:table-of-content><text:index-body><text:p>Uno<text:tab/>7</text:p>"
        "</text:index-body></text:table-of-content>"
    )
    assert text(body) == "Ver artículo 5, base (lectura)."


def test_table_with_spans_and_a_note() -> None:
    """Cells that span are repeated; the note stands after the table, anchored in it."""
    head = (
        "<table:table-row>"
        + cell("Año")
        + cell(f"Gasto{note('1', 'En miles.')}", "table:number-columns-spanned='2'")
        + "<table:covered-table-cell/></table:table-row>"
    )
    rows = (
        cell("2024", "table:number-rows-spanned='2'") + cell("Enero") + cell("10"),
        "<table:covered-table-cell/>" + cell("Febrero") + cell("20"),
    )
    parts = read(table(*rows, header=head)).parts
    assert parts[0].text == "Año\tGasto\tGasto\n2024\tEnero\t10\n2024\tFebrero\t20"
    assert parts[0].header_rows == 1
    assert parts[0].spans == ((0, 1, 1, 2), (1, 0, 2, 1))
    assert (parts[1].text, parts[1].anchor) == ("En miles.", parts[0].text.index("Gasto") + 5)


def test_title_row_and_evident_header() -> None:
    """A first row across the table is its title; words over figures are the header."""
    parts = read(
        table(
            cell("Gasto", "table:number-columns-spanned='2'") + "<table:covered-table-cell/>",
            cell("Mes") + cell("Monto"),
            cell("Enero") + cell("$1,200"),
            cell("Total", "table:number-columns-spanned='2'") + "<table:covered-table-cell/>",
        )
    ).parts
    assert [(part.role, part.text) for part in parts] == [
        (BlockRole.CAPTION, "Gasto"),
        (BlockRole.TABLE, "Mes\tMonto\nEnero\t$1,200\nTotal"),
    ]
    assert parts[1].header_rows == 1


def test_repeated_hidden_and_nested_cells() -> None:
    """Repeated cells are there as often, a hidden row is out, a table inside follows its own."""
    inner = "<table:table-cell>" + table(cell("x") + cell("y"), cell("z") + cell("w"))
    body = (
        "<table:table><table:table-row>"
        + cell("0", "table:number-columns-repeated='2'")
        + inner
        + "</table:table-cell></table:table-row><table:table-row table:visibility='collapse'>"
        + cell("no")
        + "</table:table-row><table:table-row>"
        + cell("1")
        + "</table:table-row></table:table>"
    )
    assert text(body) == "0\t0\n1\n\nx\ty\nz\tw"
    assert notices(body) == ["1 hidden part is left out"]


def test_caption_below_its_table_stands_before_it() -> None:
    """As a caption it is that of the table after it."""
    caption = (
        '<text:p text:style-name="Caption">Tabla <text:sequence>1</text:sequence>: Gasto</text:p>'
    )
    roles = [part.role for part in read(table(cell("a") + cell("1")) + caption).parts]
    assert roles == [BlockRole.CAPTION, BlockRole.TABLE]


def test_layout_table() -> None:
    """A table of one cell only places what is in it."""
    assert text(table(cell(f"Solo{note('1', 'Nota.')}."))) == "Solo.\n\n[1] Nota."


def test_form_values() -> None:
    """A value stands with its label; boxes say whether they are ticked."""
    body = (
        "<office:forms><form:form><form:fixed-text form:id='l' form:label='Nombre'/>"
        "<form:text form:id='t' form:current-value='Alicia'/>"
        "<form:checkbox form:id='c' form:label='Acepta' form:current-state='checked'/>"
        "</form:form></office:forms>"
        "<text:p><draw:control draw:control='l'/><draw:control draw:control='t'/></text:p>"
        "<text:p><draw:control draw:control='t'/>Firma:</text:p>"
        "<text:p><draw:control draw:control='c'/></text:p>"
    )
    parts = read(body).parts
    assert [(part.role, part.text) for part in parts] == [
        (BlockRole.FIELD, "Nombre: Alicia"),
        (BlockRole.FIELD, "Firma: Alicia"),
        (BlockRole.PARAGRAPH, "☒ Acepta"),
    ]


def test_formula_in_a_line() -> None:
    """Its exponents are raised."""
    body = (
        "<text:p>Sea <draw:frame><draw:object><math:math><math:mrow><math:msup><math:mi>x</math:mi>"
        "<math:mn>2</math:mn></math:msup><math:mo>+</math:mo><math:mfrac><math:mi>a</math:mi>"
        "<math:mi>b</math:mi></math:mfrac></math:mrow></math:math></draw:object></draw:frame>"
        "positivo.</text:p>"
    )
    assert text(body) == "Sea x² + a/b positivo."


def test_metadata() -> None:
    """Title, author and creation."""
    converted = read(
        "<text:p>Hola.</text:p>",
        "<dc:title> Acta </dc:title><meta:initial-creator>Ana</meta:initial-creator>"
        "<dc:creator>Eva</dc:creator><meta:creation-date>2024-05-06T10:00:00</meta:creation-date>",
    )
    assert (converted.title, converted.author) == ("Acta", "Ana")
    assert converted.created == "2024-05-06T10:00:00"


def test_title_style_is_a_heading() -> None:
    """So it gives the document its title."""
    part = read('<text:p text:style-name="Title">Convenio</text:p>').parts[0]
    assert (part.role, part.level) == (BlockRole.HEADING, 1)


def test_encrypted_and_deep_files_are_refused() -> None:
    """In one sentence each."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "META-INF/manifest.xml",
            '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            "<m:file-entry><m:encryption-data/></m:file-entry></m:manifest>",
        )
        archive.writestr("content.xml", b"\x00\x01")
    with pytest.raises(ConversionError, match="is encrypted"):
        read_odt(file.getvalue(), ReadOptions())
    deep = "<text:section>" * 3000 + "<text:p>x</text:p>" + "</text:section>" * 3000
    with pytest.raises(ConversionError, match="open it in its own program"):
        read(deep)


def test_entities_are_not_expanded() -> None:
    """Nor is anything fetched."""
    data = flat("<text:p>a&amp;b</text:p>").replace(
        b"<office:document\n", b'<!DOCTYPE x [<!ENTITY e "bomba">]><office:document\n'
    )
    data = data.replace(b"a&amp;b", b"a&e;b")
    assert "bomba" not in compose(read_odt(data, ReadOptions()).parts)[0]


@given(st.lists(st.text("ab .,", max_size=5), min_size=1, max_size=5))
@settings(max_examples=200, deadline=None)
def test_marks_leave_only_spaces_behind(pieces: list[str]) -> None:
    """Letters stay, offsets are inside the text, and there is one for each mark."""
    settled_text, offsets = settled(MARK.join(pieces))
    assert len(offsets) == len(pieces) - 1
    assert settled_text.replace(" ", "") == "".join(pieces).replace(" ", "")
    assert all(0 <= offset <= len(settled_text) for offset in offsets)
    assert list(offsets) == sorted(offsets)


def test_numerals() -> None:
    """As lists show them."""
    assert [roman(n) for n in (4, 9, 1994)] == ["iv", "ix", "mcmxciv"]
    assert [letters(n, doubled=False) for n in (1, 26, 27, 53)] == ["a", "z", "aa", "ba"]
    assert [letters(n, doubled=True) for n in (26, 27, 53)] == ["z", "aa", "aaa"]
    assert [ordinal(n) for n in (1, 12, 20, 99)] == [
        "primero",
        "duodécimo",
        "vigésimo",
        "nonagésimo noveno",
    ]


def test_raised_letters() -> None:
    """Ordinals after numbers and abbreviations; a letter after a word is a mark."""
    assert raised("a", "5") == "ª"
    assert raised("o", "N") == "º"
    assert raised("a", "Total") == "ᵃ"
    assert raised("er", "1") == "er"
    assert raised("-2", "s") == "⁻²"


def test_a_column_of_automatic_numbers() -> None:
    """Cells without words show their number."""
    goes_on = 'text:style-name="L" text:continue-numbering="true"'
    cell = "<table:table-cell>{}</table:table-cell>"
    rows = "".join(
        f"<table:table-row>{cell.format(listed(item(''), goes_on))}"
        f"{cell.format(f'<text:p>{words}</text:p>')}</table:table-row>"
        for words in ("Acta", "Recibo")
    )
    assert text(f"<table:table>{rows}</table:table>") == "1.\tActa\n2.\tRecibo"


def test_check_boxes_and_signs() -> None:
    """A legacy field, and the signs of a picture font."""
    mark = (
        '<field:fieldmark field:type="vnd.oasis.opendocument.field.FORMCHECKBOX">'
        '<field:param field:name="Checkbox_Checked" field:value="{}"/></field:fieldmark>'
    )
    signs = '<text:span text:style-name="Signs">\uf0fe</text:span>'
    assert text(f"<text:p>{mark.format('true')} Sí {mark.format('false')} No {signs}</text:p>") == (
        "☒ Sí ☐ No ☑"
    )

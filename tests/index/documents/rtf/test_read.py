"""RTF as a word processor shows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents.parts import Converted, Part, ReadOptions, compose
from index.documents.rtf.read import read_rtf
from index.types import BlockRole

HEAD = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times;}{\f1\fcharset204 Arial;}}"
STYLES = r"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2 Título 2;}{\s3 Title;}}"


def rtf(body: str, head: str = HEAD) -> Converted:
    return read_rtf(f"{head}{body}}}".encode("latin-1"), ReadOptions())


def text(body: str, head: str = HEAD) -> str:
    return compose(rtf(body, head).parts)[0]


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (HEAD, r"El ni\'f1o pag\'f3 por el \u225\'e1rbol."),
        (r"{\rtf1\mac{\fonttbl{\f0 Times;}}\f0 ", r"El ni\'96o pag\'97 por el \'87rbol."),
        (r"{\rtf1\pca\ansicpg850{\fonttbl{\f0 T;}}\f0 ", r"El ni\'a4o pag\'a2 por el \'a0rbol."),
        (r"{\rtf1\pc ", r"El ni\'a4o pag\'a2 por el \'a0rbol."),
        (r"{\rtf1\ansi{\fonttbl{\f0\fcharset77 T;}}\f0 ", r"El ni\'96o pag\'97 por el \'87rbol."),
        (r"{\rtf1\ansi\uc2 ", r"El ni\u241\'3f\'3fo pag\u243??{\uc0 \u32} por el \u225??rbol."),
    ],
)
def test_code_pages(head: str, body: str) -> None:
    assert text(body.replace(r"{\uc0 \u32}", "") + r"\par", head) == "El niño pagó por el árbol."


def test_a_font_has_its_code_page() -> None:
    assert text(r"\f0 A\'f1o {\f1\'cc\'e8\'f0} fin.\par") == "Año Мир fin."


def test_pairs_of_unicode() -> None:
    assert text(r"\u-10179 ?\u-8704 ? fin.\par") == "😀 fin."


def test_spaces_hyphens_and_signs() -> None:
    body = r"10\~km\emdash franco\_alemana, co\-mida \ldblquote s\'ed\rdblquote  \{x\}\par"
    assert text(body) == "10 km—franco-alemana, comida “sí” {x}"


def test_deleted_and_hidden_text_is_left_out_with_a_notice() -> None:
    made = rtf(r"Uno {\deleted borrado }dos{\v  oculto} tres.{\*\annotation Mal.}\par")
    assert compose(made.parts)[0] == "Uno dos tres."
    assert [notice.text for notice in made.notices] == [
        "1 piece of hidden text is left out",
        "1 deleted piece of text is left out",
        "1 comment is left out",
    ]


def test_headers_pictures_and_field_codes_are_left_out() -> None:
    body = (
        r"{\header Encabezado}{\footer P\'e1gina {\chpgn}}Ver "
        r'{\field{\*\fldinst HYPERLINK "http://x"}{\fldrslt el manual}}.'
        r"{\pict\pngblip 89504e47}{\*\bkmkstart a}{\object{\*\objdata 00}{\result }}\par"
    )
    made = rtf(body)
    assert compose(made.parts)[0] == "Ver el manual."
    assert made.notices == ()


def test_footnotes_follow_their_paragraph() -> None:
    body = r"Subi\'f3 {\super\chftn}{\footnote {\super\chftn} Dato de 2024.}, dijo.\par Otro.\par"
    assert rtf(body).parts == [
        Part(BlockRole.PARAGRAPH, "Subió, dijo."),
        Part(BlockRole.NOTE, "Dato de 2024.", mark="1", anchor=5),
        Part(BlockRole.PARAGRAPH, "Otro."),
    ]


def test_a_footnote_as_libreoffice_writes_it() -> None:
    body = r"Subi\'f3{\loch{\super\loch\chftn{\*\footnote \chftn\pard\plain {\tab Dato.}}}}"
    body += r", dijo.\par"
    parts = rtf(body).parts
    assert [(p.text, p.mark, p.anchor) for p in parts] == [
        ("Subió, dijo.", "", None),
        ("Dato.", "1", 5),
    ]


def test_a_note_with_a_mark_of_its_own() -> None:
    body = r"En 1994{\super 3}{\footnote {\super 3} Entrevista.} fue.\par"
    assert [(p.text, p.anchor) for p in rtf(body).parts] == [
        ("En 1994 fue.", None),
        ("Entrevista.", 7),
    ]


def test_raised_and_lowered_figures() -> None:
    assert text(r"5 m{\super 2} de CO{\sub 2} y el 1{\super o}.\par") == "5 m² de CO₂ y el 1º."


def test_lists_have_their_numbers_and_levels() -> None:
    body = (
        r"\pard\ls1\ilvl0{\listtext 1.\tab}Uno\par\pard\ls1\ilvl1{\listtext a)\tab}Hondo\par"
        r"\pard{\pntext\'b7\tab}Punto\par"
    )
    assert [(p.role, p.level, p.mark, p.text) for p in rtf(body).parts] == [
        (BlockRole.ITEM, 1, "1.", "Uno"),
        (BlockRole.ITEM, 2, "a)", "Hondo"),
        (BlockRole.ITEM, 1, "", "Punto"),
    ]


def test_headings_by_style_and_outline() -> None:
    body = (
        STYLES + r"\pard\s3 Informe\par\pard\s1 Objeto\par\pard\s2 Plazos\par"
        r"\pard\outlinelevel2 Hondo\par\pard Texto.\par"
    )
    assert [(p.role.value, p.level) for p in rtf(body).parts] == [
        ("heading", 1),
        ("heading", 1),
        ("heading", 2),
        ("heading", 3),
        ("paragraph", 0),
    ]


def test_bold_lines_are_headings_where_there_are_no_styles() -> None:
    made = rtf(r"{\b Objeto}\par Texto uno.\par Texto dos.\par {\b Plazos}\par Texto.\par")
    assert [p.role.value for p in made.parts].count("heading") == 2


def test_a_table_with_a_title_a_span_and_a_cell_over_two_rows() -> None:
    row = r"\trowd\cellx2000\cellx4000\cellx6000\intbl "
    tall = r"\trowd\clvmgf\cellx2000\cellx4000\cellx6000\intbl "
    rest = r"\trowd\clvmrg\cellx2000\cellx4000\cellx6000\intbl "
    wide = r"\trowd\cellx2000\cellx6000\intbl "
    body = (
        r"\trowd\cellx6000\intbl Ventas\cell\row"
        + row
        + r"Zona\cell Enero\cell Febrero\cell\row"
        + tall
        + r"Norte\cell 3\cell 4\cell\row"
        + rest
        + r"\cell 5\par 6\cell 7\cell\row"
        + wide
        + r"Sur\cell 9\cell\row\pard Fin.\par"
    )
    assert rtf(body).parts == [
        Part(BlockRole.CAPTION, "Ventas"),
        Part(
            BlockRole.TABLE,
            "Zona\tEnero\tFebrero\nNorte\t3\t4\nNorte\t5 6\t7\nSur\t9\t9",
            header_rows=1,
            spans=((1, 0, 2, 1), (3, 1, 1, 2)),
        ),
        Part(BlockRole.PARAGRAPH, "Fin."),
    ]


def test_a_frame_stands_before_its_paragraph() -> None:
    body = r"Antes {\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt Cuadro.\par}}{\shprslt x}}"
    body += r"despu\'e9s.\par"
    assert text(body) == "Cuadro.\n\nAntes después."


def test_title_author_and_date() -> None:
    made = rtf(r"{\info{\title Gu\'eda}{\author Ana}{\creatim\yr2025\mo9\dy3}}Texto.\par")
    assert (made.title, made.author, made.created) == ("Guía", "Ana", "2025-09-03")


@pytest.mark.parametrize(
    "end", ["", "}", "}}}}", "{{{{", "\\", "\\'", "\\u", r"\bin99999 x", r"\row\cell"]
)
def test_what_is_cut_off_ends_there(end: str) -> None:
    assert text(r"Texto." + end).startswith("Texto.")


WORDS = r"""
    { } \par \cell \row \trowd \cellx100 \clvmrg \footnote \super \v \deleted \u225 \'e1 \pard \s1
    \listtext \shptxt \stylesheet \fonttbl \info \upr \ud \* \bin3 \b0 texto 1. \line \f1 \plain
"""
PIECES = st.sampled_from(WORDS.split())


@given(st.lists(PIECES, max_size=40))
def test_nothing_breaks_it(pieces: list[str]) -> None:
    made = rtf(" ".join(pieces) + " x")
    for part in made.parts:
        assert part.text.strip()
        assert "\ufdd0" not in part.text


def test_notes_that_other_programs_mark_as_optional() -> None:
    """A star may stand before a note; the program's number is no exponent before it."""
    body = (
        r"Mide 5 m{\super 2}{\super\chftn{\*\footnote\chftn\pard Del acta.}} hoy"
        r"{\super\chftn{\*\footnote\ftnalt\chftn\pard Al final.}}.\par"
    )
    assert [(part.text, part.mark, part.anchor) for part in rtf(body).parts] == [
        ("Mide 5 m² hoy.", "", None),
        ("Del acta.", "1", 9),
        ("Al final.", "i", 13),
    ]


def test_struck_text_is_left_out() -> None:
    assert text(r"Cuesta {\strike 100}120 o {\striked1 5}6.\par") == "Cuesta 120 o 6."


def test_signs_of_picture_fonts() -> None:
    """A check box and a Greek letter, as Unicode or as a byte of their font."""
    head = r"{\rtf1\ansi{\fonttbl{\f0 Arial;}{\f1\fcharset2 Wingdings;}{\f2 Symbol;}}"
    body = r"{\f1\u-3842\'fe} si {\f1\'a8} no, {\f2 a}\par"
    assert text(body, head) == "☑ si ☐ no, α"


def test_an_empty_line_parts_two_tables() -> None:
    """The second is a form: labels and their values."""
    row = r"\trowd\cellx900\cellx1800\pard\intbl {}\cell {}\cell\row"
    body = (
        row.format("Mes", "Litros")
        + row.format("Enero", "45")
        + r"\pard\par"
        + row.format("Nombre:", "Ana")
        + row.format("Cargo:", "Jefa")
        + r"\pard Fin.\par"
    )
    parts = rtf(body).parts
    assert [(part.role, part.text, part.header_rows) for part in parts] == [
        (BlockRole.TABLE, "Mes\tLitros\nEnero\t45", 1),
        (BlockRole.FIELD, "Nombre: Ana", 0),
        (BlockRole.FIELD, "Cargo: Jefa", 0),
        (BlockRole.PARAGRAPH, "Fin.", 0),
    ]


def test_an_author_who_is_written_twice_is_one() -> None:
    info = (
        r"{\info{\title Acta}{\author Nora Iturbe}{\creatim\yr2024\mo5\dy6}{\author Nora Iturbe}}"
    )
    converted = rtf(info + r"Texto.\par")
    assert converted.author == "Nora Iturbe"
    assert (converted.title, converted.created) == ("Acta", "2024-05-06")


def test_names_of_columns_are_a_header_without_a_word_of_the_program() -> None:
    def row(*cells: str) -> str:
        edges = "".join(rf"\cellx{3000 * (i + 1)}" for i in range(len(cells)))
        return rf"\trowd{edges}" + "".join(rf"\intbl {cell}\cell " for cell in cells) + r"\row"

    named = rtf(row("Dato", "Valor") + row("Folio", "00731") + row("Nombre", "Ana")).parts
    unnamed = rtf(row("Folio", "00731") + row("Nombre", "Ana") + row("Edad", "31")).parts
    assert [part.header_rows for part in (*named, *unnamed)] == [1, 0]


def test_letters_in_plain_utf8() -> None:
    """Scripts write them so, though RTF is ASCII."""
    parts = read_rtf("{\\rtf1\\ansi El niño pagó 5 €.\\par}".encode(), ReadOptions()).parts
    assert [part.text for part in parts] == ["El niño pagó 5 €."]

"""What Word shows: tracked changes, hidden text, fields, controls, boxes, signs."""

import pytest

from index.types import NoticeKind
from tests.index.documents.word.making import blocks, level, numbering, p, r, read, style, text

DELETED_MARK = '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'
VANISH = "<w:vanish/>"


def gone(words: str, tag: str = "del") -> str:
    return f'<w:{tag} w:id="1" w:author="a"><w:r><w:delText>{words}</w:delText></w:r></w:{tag}>'


def came(words: str, tag: str = "ins") -> str:
    return f'<w:{tag} w:id="1" w:author="a">{r(words)}</w:{tag}>'


def notices(body: str, **parts: str) -> dict[NoticeKind, str]:
    return {notice.kind: notice.text for notice in read(body, **parts).notices}


def test_changes_are_accepted() -> None:
    """What was deleted or moved away is out, what was inserted or moved here is in."""
    body = p(r("cuesta ") + gone("100") + came("120") + r(" euros")) + p(
        gone("viejo", "moveFrom") + came("nuevo", "moveTo")
    )
    assert text(body) == "cuesta 120 euros\n\nnuevo"
    assert notices(body) == {
        NoticeKind.DELETED: "1 deletion that was tracked is left out",
    }


def test_a_deleted_paragraph_mark_joins() -> None:
    """The two are one, with the properties of the one whose end is left; also three."""
    styles = style("Heading1", name="heading 1")
    head = '<w:pStyle w:val="Heading1"/>'
    body = p("El diez por ", DELETED_MARK) + p("ciento", DELETED_MARK) + p(" es suyo.", head)
    assert blocks(body, styles=styles) == [("heading", "El diez por ciento es suyo.")]
    assert text(p("uno") + p("dos", DELETED_MARK)) == "uno\n\ndos"


def test_an_inserted_and_then_deleted_text_is_out() -> None:
    """A deletion inside of an insertion."""
    body = p(r("a ") + f'<w:ins w:id="1">{gone("b")}</w:ins>' + r("c"))
    assert text(body) == "a c"


def test_old_properties_are_not_read() -> None:
    """What a tracked change of format keeps of before does not count."""
    changed = '<w:rPrChange w:id="1"><w:rPr><w:vanish/></w:rPr></w:rPrChange>'
    before = '<w:pPrChange w:id="1"><w:pPr><w:pStyle w:val="Heading1"/></w:pPr></w:pPrChange>'
    assert blocks(p(r("visto", changed), before)) == [("paragraph", "visto")]


def test_hidden_text_is_left_out_and_counted() -> None:
    """By the run, by a style of characters or of paragraphs, by inheritance, by the defaults."""
    styles = (
        style("Oculto", f"<w:rPr>{VANISH}</w:rPr>", kind="character")
        + style("Secreto", f"<w:rPr>{VANISH}</w:rPr>")
        + style("Hijo", based="Secreto")
    )
    body = (
        p(r("visible") + r("no", VANISH) + r("tampoco", VANISH) + r(" y más"))
        + p(r("no", '<w:rStyle w:val="Oculto"/>'))
        + p("no", '<w:pStyle w:val="Secreto"/>')
        + p(r("no") + r("sí", '<w:vanish w:val="0"/>'), '<w:pStyle w:val="Hijo"/>')
    )
    assert text(body, styles=styles) == "visible y más\n\nsí"
    assert notices(body, styles=styles) == {
        NoticeKind.HIDDEN: "4 hidden stretches of text are left out"
    }
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{VANISH}</w:rPr></w:rPrDefault></w:docDefaults>"
    )
    assert text(p(r("no") + r("sí", '<w:vanish w:val="false"/>')), styles=defaults) == "sí"


def test_two_styles_that_hide_show() -> None:
    """A toggle property: on in the paragraph's style and on in the character's is off."""
    styles = style("P", f"<w:rPr>{VANISH}</w:rPr>") + style(
        "C", f"<w:rPr>{VANISH}</w:rPr>", kind="character"
    )
    body = p(r("sí", '<w:rStyle w:val="C"/>') + r("no"), '<w:pStyle w:val="P"/>')
    assert text(body, styles=styles) == "sí"


def test_a_hidden_paragraph_mark_runs_a_heading_in() -> None:
    """A style separator: heading and text are one line, with the heading's number."""
    made = numbering(level(0, "decimal", "%1."))
    styles = style("Heading1", name="heading 1")
    separator = '<w:pStyle w:val="Heading1"/><w:rPr><w:vanish/><w:specVanish/></w:rPr>'
    body = p("Precio. ", separator, num=1) + p("Es de 5 euros.") + p("Pago", num=1)
    parts = read(body, numbering=made, styles=styles).parts
    assert [(part.role.value, part.mark, part.text) for part in parts] == [
        ("item", "1.", "Precio. Es de 5 euros."),
        ("item", "2.", "Pago"),
    ]


def field(instruction: str, result: str | None = None, data: str = "") -> str:
    shown = "" if result is None else f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}'
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{data}</w:fldChar></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>{shown}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_fields_show_their_result() -> None:
    """Not what they are told, nor a field inside of that; one without end hides nothing."""
    body = p(r("a ") + field(" DATE ", r("hoy")) + r(" b"))
    assert text(body) == "a hoy b"
    inner = field(
        f"IF </w:instrText></w:r>{field(' PAGE ', r('7'))}<w:r><w:instrText> = 1", r("sí")
    )
    assert text(p(inner)) == "sí"
    assert text(p('<w:fldSimple w:instr="AUTHOR"><w:r><w:t>Ana</w:t></w:r></w:fldSimple>')) == "Ana"
    assert (
        text(p('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + r("todo")) + p("más"))
        == "todo\n\nmás"
    )
    assert text(p(r("Uno") + field(' XE "Uno" '))) == "Uno"
    assert text(p(field(" MACROBUTTON Nada [Nombre aquí] "))) == "[Nombre aquí]"


@pytest.mark.parametrize(
    ("instruction", "data", "shown"),
    [
        ("FORMCHECKBOX", '<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>', "☒ Sí"),
        ("FORMCHECKBOX", '<w:checkBox><w:default w:val="0"/></w:checkBox>', "☐ Sí"),
        (
            "FORMDROPDOWN",
            (
                '<w:ddList><w:result w:val="1"/><w:listEntry w:val="A"/><w:listEntry '
                'w:val="B"/></w:ddList>'
            ),
            "B Sí",
        ),
    ],
)
def test_form_fields(instruction: str, data: str, shown: str) -> None:
    """A box that is ticked or not, and the entry that was chosen."""
    made = field(instruction, None, f"<w:ffData>{data}</w:ffData>")
    assert text(p(made + r(" Sí"))) == shown


def test_a_table_of_contents_has_no_page_numbers() -> None:
    """Its entries stay; the numbers of pages would stick to them."""
    styles = style("TDC1", name="toc 1")
    entry = r("Objeto") + "<w:r><w:tab/></w:r>" + field("PAGEREF _Toc1", r("15"))
    body = p(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>TOC \\o</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + entry,
        '<w:pStyle w:val="TDC1"/>',
    ) + p('<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    typed = p(r("Fin......") + "<w:r><w:tab/></w:r>" + r("16"), '<w:pStyle w:val="TDC1"/>')
    assert blocks(body + typed, styles=styles) == [("item", "Objeto"), ("item", "Fin")]


def test_controls() -> None:
    """What somebody filled in is text, what a control asks for is not; a box is ticked or not."""
    asks = (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        f"{r('Escriba aquí')}</w:sdtContent></w:sdt>"
    )
    filled = f"<w:sdt><w:sdtPr/><w:sdtContent>{r('Ana')}</w:sdtContent></w:sdt>"
    tick = (
        '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="{}"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent>{r('?')}</w:sdtContent></w:sdt>"
    )
    body = (
        p(r("Nombre: ") + filled)
        + p(r("Edad: ") + asks)
        + p(tick.format(1) + r(" Sí ") + tick.format(0) + r(" No"))
    )
    assert blocks(body) == [
        ("field", "Nombre: Ana"),
        ("paragraph", "Edad:"),
        ("paragraph", "☒ Sí ☐ No"),
    ]
    block = f"<w:sdt><w:sdtPr/><w:sdtContent>{p('uno')}{p('dos')}</w:sdtContent></w:sdt>"
    assert text(block) == "uno\n\ndos"


BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>{0}"
    "</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
    "<w:txbxContent>{0}</w:txbxContent></v:textbox></w:pict></mc:Fallback>"
    "</mc:AlternateContent></w:r>"
)


def test_a_text_box_is_read_once_after_its_anchor() -> None:
    """Of the choice or of the fallback; boxes in boxes too."""
    body = p(r("antes ") + BOX.format(p("en la caja") + p("dos")) + r("y después")) + p("fin")
    assert text(body) == "antes y después\n\nen la caja\n\ndos\n\nfin"
    inner = p(BOX.format(p(r("fuera") + BOX.format(p("dentro")))))
    assert text(inner) == "fuera\n\ndentro"
    old = (
        f"<w:r><w:pict><v:textbox><w:txbxContent>{p('vieja')}</w:txbxContent>"
        f"</v:textbox></w:pict></w:r>"
    )
    assert text(p(old)) == "vieja"
    fallback = (
        "<w:r><mc:AlternateContent><mc:Choice Requires='x'/><mc:Fallback><w:t>solo aquí</w:t>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert text(p(fallback)) == "solo aquí"


def test_signs() -> None:
    """Hyphens, breaks, tabs, signs of picture fonts, spaces that are not kept."""
    signs = (
        "<w:r><w:t>ex</w:t><w:noBreakHyphen/><w:t>juez</w:t><w:tab/><w:t>y</w:t>"
        "<w:softHyphen/><w:br/><w:t> fin </w:t></w:r>"
    )
    assert text(p(signs)) == "ex-juez y\nfin"
    tick = (
        '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t xml:space="preserve"> '
        'listo </w:t><w:sym w:font="Symbol" w:char="F06D"/></w:r>'
    )
    assert text(p(tick)) == "☑ listo μ"
    typed = '<w:r><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t>\uf0fc</w:t></w:r>'
    assert text(p(typed + r(" hecho"))) == "✓ hecho"
    unknown = '<w:r><w:sym w:font="Webdings" w:char="F021"/></w:r>'
    assert notices(p(r("a") + unknown)) == {NoticeKind.LOST: "1 sign of a picture font is left out"}


def test_two_breaks_end_a_paragraph() -> None:
    """An empty line in a paragraph parts it."""
    assert (
        text(p("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:br/><w:br/><w:t>c</w:t></w:r>"))
        == "a\nb\n\nc"
    )


def test_a_drop_cap_joins_its_word() -> None:
    """The letter stands in a frame of its own, before the rest of its paragraph."""
    body = p("E", '<w:framePr w:dropCap="drop" w:lines="3"/>') + p("l contrato vence.")
    assert text(body) == "El contrato vence."


@pytest.mark.parametrize(
    ("before", "high", "after", "said"),
    [
        ("412 m", "2", " de lote", "412 m² de lote"),
        ("5 kg/m", "3", "", "5 kg/m³"),
        ("3 m·s", "-1", "", "3 m·s⁻¹"),
        ("2,5 × 10", "6", " UFC", "2,5 × 10⁶ UFC"),
        ("x", "2", " + 1", "x² + 1"),
        ("El 1.", "er", " día", "El 1.er día"),
        ("El 1.", "o", " de mayo", "El 1.º de mayo"),
        ("la 3", "a", " sesión", "la 3ª sesión"),
        ("the 2", "nd", " day", "the 2nd day"),
        ("N.", "o", " 7", "N.º 7"),
        ("Word", "TM", "", "Word™"),
        ("en 1994", "3", " se firmó", "en 1994 se firmó"),
        ("el tratado", "12", ".", "el tratado."),
        ("el tratado ", "1", " dice", "el tratado dice"),
        ("el tratado ", "(1)", ", dice", "el tratado, dice"),
        ("Total", "a", "", "Total"),
        ("Total", "*", " 5", "Total 5"),
        ("e", "x", "", "eˣ"),
        ("Precio: 12", "50", " € el litro", "Precio: 12,50 € el litro"),
        ("Cuesta $3", "99", " hoy", "Cuesta $3.99 hoy"),
        ("son 1.500", "00", " euros", "son 1.500,00 euros"),
        ("en 1994", "12", " se firmó", "en 1994 se firmó"),
        ("E=mc", "2", ".", "E=mc²."),
        ("2", "10", " = 1024", "2¹⁰ = 1024"),
        ("5", "2", " = 25", "5² = 25"),
        ("a 25 ", "o", "C", "a 25 °C"),
        ("D", "ña", ". Ana", "Dña. Ana"),
    ],
)
def test_superscript(before: str, high: str, after: str, said: str) -> None:
    """Exponents and ordinals are read; the marks of notes, which stick to words, are not."""
    body = p(r(before) + r(high, '<w:vertAlign w:val="superscript"/>') + r(after))
    assert text(body) == said


def test_subscript() -> None:
    """CO₂."""
    body = p(r("CO") + r("2", '<w:vertAlign w:val="subscript"/>') + r(" en el aire"))
    assert text(body) == "CO₂ en el aire"


def test_equations() -> None:
    """In one line, as one types them."""

    def run(words: str) -> str:
        return f"<m:r><m:t>{words}</m:t></m:r>"

    fraction = f"<m:f><m:num>{run('a+b')}</m:num><m:den>{run('2')}</m:den></m:f>"
    power = f"<m:sSup><m:e>{run('x')}</m:e><m:sup>{run('2')}</m:sup></m:sSup>"
    root = f"<m:rad><m:radPr><m:degHide/></m:radPr><m:deg/><m:e>{run('n')}</m:e></m:rad>"
    body = p(r("Sea ") + f"<m:oMath>{power}{run('=')}{fraction}{run('+')}{root}</m:oMath>" + r("."))
    assert text(body) == "Sea x²=(a+b)/2+√n."


def test_code_keeps_its_lines() -> None:
    """A paragraph in a style of code keeps its spaces."""
    styles = style("Code")
    body = p("if x:", '<w:pStyle w:val="Code"/>') + p("    return 1", '<w:pStyle w:val="Code"/>')
    assert blocks(body, styles=styles) == [("code", "if x:\n    return 1")]

"""XML documents: JATS articles, Akoma Ntoso acts, other prose."""

import pytest

from index.documents.parts import ConversionError, Converted, ReadOptions, compose
from index.documents.xml.read import read_xml
from index.types import BlockRole, NoticeKind


def read(xml: str) -> Converted:
    return read_xml(xml.encode(), ReadOptions())


def lines(found: Converted) -> list[tuple[str, str, str]]:
    return [(str(part.role), part.mark, part.text) for part in found.parts]


_FRONT = """<front><article-meta><title-group><article-title>Riego y suelos</article-title>
        </title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Pérez</surname>
<given-names>Ana</given-names>
</name><xref ref-type="aff" rid="a"><sup>1</sup></xref></contrib></contrib-group>
<pub-date pub-type="collection"><year>2020</year></pub-date>
<pub-date pub-type="epub"><day>3</day><month>9</month><year>2020</year></pub-date>
<abstract><p>Se midió.</p></abstract></article-meta></front>"""


def jats(body: str, back: str = "") -> str:
    return (
        '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.2//EN" "x.dtd"><article xml:lang="es" '
        'xmlns:mml="http://www.w3.org/1998/Math/MathML" dtd-version="1.2">'
        f"{_FRONT}<body>{body}</body><back>{back}</back></article>"
    )


def test_jats_front() -> None:
    """Title, authors and whole date of publication; the abstract under its heading."""
    found = read(jats("<p>Texto&nbsp;final.</p>"))
    assert (found.title, found.author, found.date) == ("Riego y suelos", "Ana Pérez", "2020-09-03")
    assert lines(found) == [
        ("heading", "", "Riego y suelos"),
        ("paragraph", "", "Ana Pérez"),
        ("heading", "", "Resumen"),
        ("paragraph", "", "Se midió."),
        ("paragraph", "", "Texto final."),
    ]


def test_jats_sections_notes_and_references() -> None:
    """Sections with levels, lists, formulas, notes at their place, references with their number."""
    found = read(
        jats(
            """<sec><label>1</label><title>Métodos</title><p>En 1994<xref ref-type="fn" rid="f1">
            <sup>1</sup></xref> (<xref ref-type="bibr" rid="b">López</xref>) 4 m<sup>2</sup>.<fn>
            <label>2</label><p>Aquí.</p></fn></p><sec><title>Pasos</title>
        <list list-type="alpha-lower">
            <list-item><p>uno</p></list-item></list></sec></sec>""",
            """<fn-group><fn id="f1"><label>1</label><p>Censo.</p></fn></fn-group><ref-list>
        <ref id="b">
            <label>1.</label><element-citation><person-group><name><surname>López</surname>
        <given-names>J
            </given-names></name></person-group><year>2001</year><source>Agro</source>
        </element-citation>
            </ref></ref-list>""",
        )
    )
    assert [(p.role, p.level, p.mark, p.text) for p in list(found.parts)[4:]] == [
        (BlockRole.HEADING, 2, "", "1 Métodos"),
        (BlockRole.PARAGRAPH, 0, "", "En 1994 (López) 4 m²."),
        (BlockRole.NOTE, 0, "1", "Censo."),
        (BlockRole.NOTE, 0, "2", "Aquí."),
        (BlockRole.HEADING, 3, "", "Pasos"),
        (BlockRole.ITEM, 1, "a.", "uno"),
        (BlockRole.HEADING, 2, "", "Referencias"),
        (BlockRole.ITEM, 1, "1.", "López J. 2001. Agro."),
    ]


def test_jats_table() -> None:
    """Label and caption before the table, its foot's notes after it."""
    found = read(
        jats(
            """<table-wrap><label>Cuadro 1</label><caption><title>Rinde</title></caption><table>
        <thead>
            <tr><th>Zona</th><th>2020<xref ref-type="table-fn" rid="t"><sup>a</sup></xref></th></tr>
            </thead><tbody><tr><td>Norte</td><td>2.5</td></tr></tbody></table><table-wrap-foot>
            <fn id="t"><label>a</label><p>a partir de mayo.</p></fn></table-wrap-foot>
        </table-wrap>"""
        )
    )
    assert lines(found)[4:] == [
        ("caption", "", "Cuadro 1. Rinde"),
        ("table", "", "Zona\t2020\nNorte\t2.5"),
        ("note", "a", "a partir de mayo."),
    ]


def test_akoma_ntoso() -> None:
    """Numbers are marks, headings have levels; amended words, notes and quoted articles."""
    found = read(
        """<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act><meta>
        <identification><FRBRWork><FRBRdate date="2024-03-01"/><FRBRauthor href="#c"/></FRBRWork>
        </identification><publication date="2024-03-05"/><references><TLCOrganization eId="c"
        showAs="Congreso"/></references></meta><preface><p><docTitle>Ley de Aguas</docTitle></p>
        </preface>
        <body><chapter><num>Capítulo I</num><heading>General</heading><article>
        <num>Artículo 1.</num>
        <content><p>Cuota de <del>100</del><ins>120</ins> pesos<authorialNote marker="1">
        <p>Reformado.</p>
        </authorialNote>.</p></content></article><article><num>Artículo 2.</num><paragraph>
        <num>1.</num>
        <intro><p>Son:</p></intro><list><point><num>a)</num><content><p>pagar;</p></content></point>
        </list></paragraph></article><article><num>Artículo 3.</num><content><p><mod>Dirá:
        <quotedStructure startQuote="«" endQuote="»"><article><num>Artículo 9.</num><content>
        <p>Multa.</p>
        </content></article></quotedStructure></mod></p></content></article></chapter></body></act>
        </akomaNtoso>"""
    )
    assert (found.title, found.author, found.date) == ("Ley de Aguas", "Congreso", "2024-03-05")
    assert [notice.kind for notice in found.notices] == [NoticeKind.DELETED]
    assert lines(found) == [
        ("heading", "", "Ley de Aguas"),
        ("heading", "Capítulo I", "General"),
        ("paragraph", "Artículo 1.", "Cuota de 120 pesos."),
        ("note", "1", "Reformado."),
        ("heading", "", "Artículo 2."),
        ("paragraph", "1.", "Son:"),
        ("item", "a)", "pagar;"),
        ("paragraph", "Artículo 3.", "Dirá:"),
        ("paragraph", "«Artículo 9.", "Multa.»"),
    ]


def test_other_prose() -> None:
    """XML of another kind is read where it holds sentences."""
    prose = "El equipo se enciende con el botón verde y espera diez segundos."
    found = read(f"<book><chapter><title>Uso</title><para>{prose}</para></chapter></book>")
    assert found.title == "Uso"
    assert compose(found.parts)[0] == f"Uso\n\n{prose}"


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ("<a><b>1</b><b>2</b></a>", "holds data and no document"),
        ("<svg><path d='M0'/></svg>", "holds data and no document"),
        ("<a><b></a>", "is damaged"),
        ("hola", "is damaged"),
    ],
)
def test_refused(xml: str, reason: str) -> None:
    """Data and broken files are refused in one sentence."""
    with pytest.raises(ConversionError, match=reason):
        read(xml)


def test_entities_and_attributes_of_ours() -> None:
    """No file is read through an entity; what only we set means nothing in a file."""
    xml = jats('<p part-mark="9.">Hola &x; mundo.</p>').replace(
        '"x.dtd"', '"x.dtd" [<!ENTITY x SYSTEM "file:///etc/passwd">]'
    )
    assert lines(read(xml))[-1] == ("paragraph", "", "Hola mundo.")

"""Whole files: metadata, other spellings, what is broken or hostile, what stands inside."""

import io
from pathlib import Path

import docx as python_docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents.parts import ConversionError, ReadOptions, compose
from index.documents.read import read_bytes
from index.documents.word import read_docx
from tests import files
from tests.index.documents.word.making import NAMES, docx, p, r, read, table, text
from tests.index.documents.word.old import OLD

CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-'
    'properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/'
    'terms/"><dc:title>{}</dc:title><dc:creator>{}</dc:creator><dcterms:created>{}'
    "</dcterms:created></cp:coreProperties>"
)


def opened(data: bytes) -> str:
    return compose(read_docx(data, ReadOptions()).parts)[0]


def test_metadata() -> None:
    """Title, author and date of making; what programs put there is none."""
    said = read_docx(
        docx(p("x"), core=CORE.format("Acta", "Ana López", "2024-05-03T10:00:00Z")), ReadOptions()
    )
    assert (said.title, said.author, said.created) == ("Acta", "Ana López", "2024-05-03T10:00:00Z")
    data = docx(p("x"), core=CORE.format("", "python-docx", "2013-12-23T23:15:00Z"))
    assert read_bytes(data, Path("a.docx"), "", ReadOptions())[0].metadata == {}


def test_a_file_of_python_docx() -> None:
    """Its styles, its lists and its tables; nothing of its template."""
    document = python_docx.Document()
    document.add_heading("Informe", 0)
    document.add_heading("Datos", 1)
    document.add_paragraph("uno", style="List Number")
    document.add_paragraph("dos", style="List Number")
    document.add_paragraph("punto", style="List Bullet 2")
    grid = document.add_table(rows=2, cols=2)
    for place, words in enumerate(("Mes", "Monto", "Mayo", "5")):
        grid.cell(place // 2, place % 2).text = words
    file = io.BytesIO()
    document.save(file)
    found = read_docx(file.getvalue(), ReadOptions())
    assert (
        compose(found.parts)[0]
        == "Informe\n\nDatos\n\n1. uno\n2. dos\n  • punto\n\nMes\tMonto\nMayo\t5"
    )
    assert found.title == "Informe"
    assert read_bytes(file.getvalue(), Path("a.docx"), "", ReadOptions())[0].metadata == {}


def test_the_strict_form() -> None:
    """Other names for the same elements."""
    data = docx(p("uno") + p(r("x", "<w:vanish/>") + r("dos")))
    for kind in ("wordprocessingml/2006/main", "officeDocument/2006/relationships"):
        old = f"http://schemas.openxmlformats.org/{kind}".encode()
        new = f"http://purl.oclc.org/ooxml/{kind.replace('2006/', '')}".encode()
        data = replaced(data, old, new)
    assert opened(data) == "uno\n\ndos"


def replaced(data: bytes, old: bytes, new: bytes) -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(old, new))
    return out.getvalue()


def test_utf_16() -> None:
    """A part in UTF-16."""
    xml = (
        f'<?xml version="1.0" encoding="UTF-16"?><w:document {NAMES}><w:body>'
        f"{p('año')}</w:body></w:document>"
    )
    assert opened(docx("", extra={})) == ""
    data = docx(p("@@"))
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            own = xml.encode("utf-16") if name == "word/document.xml" else source.read(name)
            target.writestr(name, own)
    assert opened(out.getvalue()) == "año"


def test_headers_are_out_but_a_letterhead_with_a_date() -> None:
    """The header of the first page alone is read where it names a number or date."""
    head = f"<w:hdr {NAMES}>{{}}</w:hdr>"
    section = (
        '<w:sectPr>{}<w:headerReference w:type="first" r:id="x0"/>'
        '<w:headerReference w:type="default" r:id="x1"/></w:sectPr>'
    )
    extra = {
        "word/header1.xml": head.format(p("Oficio 123/2024")),
        "word/header2.xml": head.format(p("Página 2")),
    }
    with_first = docx(p("Cuerpo.") + section.format("<w:titlePg/>"), extra=extra)
    assert opened(with_first) == "Oficio 123/2024\n\nCuerpo."
    without = docx(p("Cuerpo.") + section.format(""), extra=extra)
    assert opened(without) == "Cuerpo."


def test_files_inside_are_read() -> None:
    """A page that stands in the file as a whole; one that is missing is told of."""
    page = "<html><body><h1>Acta</h1><p>Texto del acta.</p></body></html>"
    data = docx(
        p("antes") + '<w:altChunk r:id="x0"/>' + '<w:altChunk r:id="no"/>',
        extra={"word/afchunk.html": page},
    )
    assert opened(data) == "antes\n\nActa\n\nTexto del acta."
    assert [notice.text for notice in read_docx(data, ReadOptions()).notices] == [
        "1 file inside of it could not be read"
    ]


@pytest.mark.parametrize(
    ("ending", "inner"),
    [
        ("rtf", rb"{\rtf1\ansi Texto del anexo.\par}"),
        ("docx", docx(p("Texto del anexo."))),
        ("doc", OLD),
        ("odt", files.odt(["Texto del anexo."])),
    ],
)
def test_office_files_inside_are_read(ending: str, inner: bytes) -> None:
    """By the reader of their format."""
    data = docx(p("antes") + '<w:altChunk r:id="x0"/>', extra={f"word/afchunk.{ending}": inner})
    found = "Cuesta 120 pesos" if ending == "doc" else "antes\n\nTexto del anexo."
    assert found in opened(data)


def test_comments_are_out() -> None:
    """They are counted."""
    found = read(p("x"), comments='<w:comment w:id="0"><w:p/></w:comment><w:comment w:id="1"/>')
    assert [notice.text for notice in found.notices] == ["2 comments are left out"]


def test_a_diagram() -> None:
    """The words of SmartArt."""
    data = (
        f"<dgm:dataModel {NAMES}><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>Junta</a:t>"
        "</a:r></a:p></dgm:t></dgm:pt>"
        "<dgm:pt><dgm:t><a:p><a:r><a:t>Comité</a:t></a:r></a:p></dgm:t></dgm:pt>"
        "</dgm:ptLst></dgm:dataModel>"
    )
    drawing = '<w:r><w:drawing><dgm:relIds r:dm="x0"/></w:drawing></w:r>'
    assert opened(docx(p(drawing), extra={"word/data1.xml": data})) == "Junta\nComité"


def test_what_is_broken_is_told_in_a_sentence() -> None:
    """No traceback: no archive, no document, XML that ends early, too deep."""
    deep = "<w:smartTag>" * 3000 + "</w:smartTag>" * 3000
    for data in (b"PK\x03\x04 no", b"nada", docx("<w:p>"), docx(f"<w:p>{deep}</w:p>")):
        with pytest.raises(ConversionError):
            read_docx(data, ReadOptions())


def test_entities_are_not_expanded() -> None:
    """An entity leaves nothing, and no file is fetched."""
    data = replaced(
        docx(p("a@b")),
        f"<w:document {NAMES}>".encode(),
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
        + f"<w:document {NAMES}>".encode(),
    )
    assert opened(replaced(data, b"@", b"&e;")).startswith("a")


def test_hostile_numbers() -> None:
    """Spans, levels and numbers that no program writes."""
    wide = (
        f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr>{p("x")}</w:tc>'
        f"<w:tc>{p('y')}</w:tc></w:tr>"
    )
    assert len(text(table(wide, ["a", "b"]))) < 1000
    assert text(p("x", '<w:numPr><w:ilvl w:val="-5"/><w:numId w:val="1e99"/></w:numPr>')) == "x"
    assert text(p("\ufdd0x\ufdd3 y\ufdd1")) == "x y"


_TAGS = st.sampled_from(
    [
        "p",
        "r",
        "t",
        "tbl",
        "tr",
        "tc",
        "ins",
        "del",
        "sdt",
        "sdtContent",
        "txbxContent",
        "pict",
        "hyperlink",
    ]
)
_TREES = st.recursive(
    st.sampled_from(
        [
            "<w:t>uno</w:t>",
            "<w:tab/>",
            "<w:br/>",
            '<w:footnoteReference w:id="1"/>',
            "<w:fldChar w:fldCharType='begin'/>",
            "<w:fldChar w:fldCharType='end'/>",
            "",
        ]
    ),
    lambda inner: st.tuples(_TAGS, st.lists(inner, max_size=4)).map(
        lambda made: f"<w:{made[0]}>{''.join(made[1])}</w:{made[0]}>"
    ),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(_TREES)
def test_any_tree_is_read(tree: str) -> None:
    """Elements in places where they do not belong break nothing, and no mark stays in the text."""
    whole, _, made = compose(read(p("a") + tree + p("b")).parts)
    assert not any("\ufdd0" <= letter <= "\ufdef" for letter in whole)
    assert all(0 <= block.start < block.end <= len(whole) for block in made)

"""Reading files of all accepted formats."""

import asyncio
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from index.chunking.passages import split
from index.documents import read as documents
from index.documents.parts import Part, without_furniture
from index.documents.read import SUFFIXES, read_document
from index.errors import DocumentError
from index.types import BlockRole, Document
from tests import files

PAGES = (
    (
        "Informe de seguridad",
        "",
        "La reunión se celebró el 2 de septiembre en la Ciudad de México y",
        "terminó con un acuerdo entre ambos gobiernos sobre la frontera que",
        "será revisado cada mes por una comisión de alto nivel formada por",
    ),
    (
        "representantes de las dos cancillerías.",
        "",
        "El canciller viajó a Washington (EE. UU.) el martes.",
    ),
)


def read(tmp_path: Path, name: str, data: bytes) -> Document:
    path = tmp_path / name
    path.write_bytes(data)
    return read_document(path, "d")


def test_pdf_pages_and_flowing_paragraph(tmp_path: Path) -> None:
    """Wrapped lines are one paragraph, also over a page break; page starts count characters."""
    document = read(tmp_path, "a.pdf", files.pdf(PAGES, title="Acta"))
    assert document.title == "Acta"
    assert document.source == str(tmp_path / "a.pdf")
    turn = document.text.index("representantes")
    assert document.page_starts == (0, turn)
    assert "ambos gobiernos sobre la frontera que será revisado" in document.text
    assert "formada por representantes de las dos cancillerías." in document.text
    passages = split(document, lambda texts: [len(t.split()) for t in texts], 480)
    flowing = next(p for p in passages if "representantes" in p.text)
    assert flowing.locate(turn - 1)[0] == 1
    assert flowing.locate(turn)[0] == 2
    assert passages[-1].text == "El canciller viajó a Washington (EE. UU.) el martes."
    assert passages[-1].page == 2


def test_pdf_without_text(tmp_path: Path) -> None:
    """A scanned PDF is an error that names the remedy."""
    with pytest.raises(DocumentError, match="has no text; it may be a scan"):
        read(tmp_path, "scan.pdf", files.pdf([[], []]))


def test_docx(tmp_path: Path) -> None:
    """Plain words without Markdown, title and author from the metadata, no pages."""
    body = "La **reunión** de 3_5 pesos | nada! se celebró [en México](x)."
    data = files.docx([("Heading1", "Antecedentes"), ("", body)], "Memoria", "Ana López")
    document = read(tmp_path, "a.docx", data)
    assert document.text == f"Antecedentes\n\n{body}"
    assert document.title == "Memoria"
    assert document.metadata["author"] == "Ana López"
    assert document.page_starts == ()


def test_odt_csv_and_mail(tmp_path: Path) -> None:
    """Paragraphs, rows with tabs, and the mail's head and body."""
    assert read(tmp_path, "a.odt", files.odt(["Uno.", "Dos: ñandú."])).text == "Uno.\n\nDos: ñandú."
    assert read(tmp_path, "a.csv", b'pais,hab\nChile,"19,5"\n').text == "pais\thab\nChile\t19,5"
    mail = read(tmp_path, "a.eml", files.eml("Reunión", "Ana López <a@example.org>", "El martes."))
    assert mail.title == "Reunión"
    assert mail.metadata["author"] == "Ana López"
    assert mail.text.endswith("El martes.")


def test_html(tmp_path: Path) -> None:
    """Title of the head, no scripts, styles, menus or hidden text; tables by row."""
    page = """<!doctype html><html><head><meta charset="iso-8859-1"><title>El t&iacute;tulo</title>
    <meta name="author" content="Ana López"><style>p{}</style></head><body>
    <nav><a href=/>Inicio</a></nav><script>alert(1)</script><h1>Encabezado</h1>
    <p>Una <b>frase</b>
       larga &amp; clara.<br>Otra línea.</p><p hidden>Oculto</p><ul><li>uno<li>dos</ul>
    <table><tr><th>Año</th><td><div>2025</div></td></tr></table>
    <img src="http://example.org/x.png" alt="foto"></body></html>"""
    document = read(tmp_path, "a.html", page.encode("latin-1"))
    assert document.title == "El título"
    assert document.metadata["author"] == "Ana López"
    assert document.text == (
        "Encabezado\n\nUna frase larga & clara.\nOtra línea.\n\n• uno\n• dos\n\nAño\t2025"
    )


def test_html_main_content_and_link_runs(tmp_path: Path) -> None:
    """What the page marks as its main content is taken; elsewhere runs of bare links are left."""
    text = "Contenido de la página. " * 20
    main = f"<div>Publicidad</div><main><p>{text}</p></main>"
    assert read(tmp_path, "a.html", main.encode()).text == text.strip()
    links = "<ul>" + "<li><a href=x>Enlace</a>" * 5 + "</ul><p>Texto.</p>"
    assert read(tmp_path, "b.html", links.encode()).text == "Texto."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
def test_encodings_of_plain_text(tmp_path: Path, encoding: str) -> None:
    """The same words from any of the usual encodings, with plain line ends."""
    data = "Él pagó 5.\r\nAñádelo…".replace("…", "." if encoding == "latin-1" else "…")
    document = read(tmp_path, "a.txt", data.encode(encoding))
    assert document.text == data.replace("\r\n", "\n")


def test_invisible_characters_are_left_out(tmp_path: Path) -> None:
    """Controls and marks that reorder text go, letters are composed, spaces are plain."""
    data = "a\u202eb\u200bc\x07 e\u0301\xa0f\u00adg".encode()
    assert read(tmp_path, "a.txt", data).text == "abc é fg"


@pytest.mark.parametrize(
    ("name", "data", "title"),
    [
        ("mi_memo-1.md", b"texto\n\n## El plan ##\n\nMas texto.", "El plan"),
        ("mi_memo-1.txt", b"Una primera\nMas texto.", "Una primera"),
        ("mi_memo-1.txt", b"Una frase completa.\nMas texto.", "mi memo 1"),
        ("mi_memo-1.html", b"<p>Uno.</p><h2>Dos</h2>", "Dos"),
    ],
)
def test_title(tmp_path: Path, name: str, data: bytes, title: str) -> None:
    """The first heading, else a short first line, else the file's name."""
    assert read(tmp_path, name, data).title == title


PLACE_AND_DATE = "Ciudad de México, 3 de septiembre de 2025"


@pytest.mark.parametrize(
    ("name", "text", "date"),
    [
        ("a.txt", f"Acta\n\n{PLACE_AND_DATE}\n\nTexto.", "2025-09-03"),
        ("a.txt", f"{PLACE_AND_DATE}.- El canciller llegó ayer.", "2025-09-03"),
        ("a.txt", "Conferencia\nPresidencia\n02 de enero de 2025\n---\nTexto.", "2025-01-02"),
        ("a.txt", "Madrid, a 1º de junio de 2025", "2025-06-01"),
        ("a.txt", "Miércoles, 3 de marzo del 2027, 10:45 h", "2027-03-03"),
        ("a.txt", "A title\n\nSeptember 3, 2025\n\nText.", "2025-09-03"),
        ("a.txt", "WASHINGTON (AP) — Sept. 3, 2025 — The envoy came.", "2025-09-03"),
        ("a.txt", "Published on 3rd September 2025", "2025-09-03"),
        ("a.md", "**Fecha de publicación:** 2025-09-03", "2025-09-03"),
        ("a.txt", "Lima, 13/9/2025", "2025-09-13"),
        ("a.txt", "Boston, 9/13/2025", "2025-09-13"),
        ("a.txt", "Lima, 3/9/2025", None),
        ("a.txt", "Ciudad de México, 31 de febrero de 2025", None),
        ("a.txt", "February 29, 2025", None),
        ("a.txt", "El 3 de septiembre de 2025 llegó el canciller.", None),
        ("a.txt", "La reunión fue el 3 de septiembre de 2025.", None),
        ("a.txt", "Benito Juárez (21 de marzo de 1806 - 18 de julio de 1872) nació aquí.", None),
        ("a.txt", "Una frase.\n" * 60 + PLACE_AND_DATE, None),
        ("2025-09-03 acta.txt", "Lima, 4 de mayo de 2024", "2025-09-03"),
        ("acta_20250903.txt", "Texto.", "2025-09-03"),
        ("acta_20250931.txt", "Lima, 4 de mayo de 2024", "2024-05-04"),
        ("expediente-120250903.txt", "Texto.", None),
        ("2020-01-01.md", "---\ntitle: Acta\ndate: 2025-09-03T10:00\n---\nTexto.", "2025-09-03"),
        ("2020-01-01.md", '+++\ndate = "2025-09-03"\n+++\nTexto.', "2025-09-03"),
        ("2020-01-01.md", "---\nfecha: 3 de septiembre de 2025\n---\nTexto.", "2025-09-03"),
        ("2020-01-01.md", "---\ndate: pronto\n---\nTexto.", "2020-01-01"),
        ("2020-01-01.txt", "---\ndate: 2025-09-03\n---\nTexto.", "2020-01-01"),
    ],
)
def test_date_of_a_text(tmp_path: Path, name: str, text: str, date: str | None) -> None:
    """Front matter, else the file's name, else a dateline at the top; never when it was saved."""
    assert read(tmp_path, name, text.encode()).metadata.get("date") == date


@pytest.mark.parametrize(
    ("page", "date"),
    [
        ('<meta property="article:published_time" content="2025-09-03T23:30:00-06:00">', 3),
        ('<meta name="date" content="2025-09-03"><time datetime="2025-09-04">hoy</time>', 3),
        ('<time datetime="2025-09-03T10:00">hoy</time><time datetime="2025-09-04">luego</time>', 3),
        (
            '<time datetime="2025-09-04"></time>'
            '<time itemprop="datePublished" datetime="2025-09-03"></time>',
            3,
        ),
        ('<nav><time datetime="2025-09-04">x</time></nav><p>Lima, 3 de septiembre de 2025</p>', 3),
        ('<meta name="date" content="2025-02-31">', None),
    ],
)
def test_date_of_a_page(tmp_path: Path, page: str, date: int | None) -> None:
    """The head's publication time, else the first time element, as written there."""
    found = read(tmp_path, "a.html", f"{page}<p>Un texto.</p>".encode()).metadata.get("date")
    assert found == (f"2025-09-{date:02}" if date else None)


def test_date_of_a_mail(tmp_path: Path) -> None:
    """A mail is of the day in its head, whatever the file's name says."""
    mail = files.eml("Reunión", "Ana López <a@example.org>", "El martes.")
    assert read(tmp_path, "2020-01-01.eml", mail).metadata["date"] == "2025-03-03"


@pytest.mark.parametrize(
    ("name", "line", "created", "date"),
    [
        ("a.pdf", "El martes.", "20250903101500", None),
        ("a.pdf", "Lima, 4 de mayo de 2024", "20250903101500", "2024-05-04"),
        ("20240504.pdf", "El martes.", "20250903101500", "2024-05-04"),
        ("a.pdf", "El martes.", "19700101000000", None),
    ],
)
def test_a_creation_date_is_no_date(
    tmp_path: Path, name: str, line: str, created: str, date: str | None
) -> None:
    """When a PDF was made says nothing of when it was published; a program's epoch says nothing."""
    data = files.pdf([[line]], "Acta").replace(
        b"/Title (Acta)", f"/Title (Acta) /CreationDate (D:{created}Z)".encode()
    )
    metadata = read(tmp_path, name, data).metadata
    assert metadata.get("date") == date
    assert metadata.get("created") == (None if created[:4] == "1970" else "2025-09-03")


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n\t ", "is empty"),
        ("a.txt", bytes(range(256)) * 20, "is not text but binary data"),
        ("a.html", bytes(range(256)) * 20, "is not text but binary data"),
        ("a.html", b"<script>alert(1)</script>", "has no text"),
        ("a.pdf", b"%PDF-1.4 garbage", "is damaged"),
        ("a.docx", b"PK\x03\x04 garbage", "is damaged"),
        ("a.docx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "is encrypted"),
        ("a.xyz", b"text", "has an unknown format"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    """Each is one sentence that names the file and the reason."""
    with pytest.raises(DocumentError) as caught:
        read(tmp_path, name, data)
    assert caught.value.reason.startswith(reason)
    assert str(caught.value) == f"{tmp_path / name}: {caught.value.reason}"


def test_missing_directory_and_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file, a folder instead of a file, and a file over the limit are errors too."""
    with pytest.raises(DocumentError, match="does not exist"):
        read_document(tmp_path / "none.txt", "d")
    (tmp_path / "folder.txt").mkdir()
    with pytest.raises(DocumentError, match="is not a file"):
        read_document(tmp_path / "folder.txt", "d")
    monkeypatch.setattr(documents, "MAX_BYTES", 3)
    with pytest.raises(DocumentError, match="is larger than"):
        read(tmp_path, "a.txt", b"text")


def test_reading_inside_an_event_loop(tmp_path: Path) -> None:
    """Also where an event loop runs, as in a notebook or a server, and without the network."""

    async def inside() -> Document:
        return read(tmp_path, "a.odt", files.odt(["Uno."]))

    assert asyncio.run(inside()).text == "Uno."


def test_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page with remote images and style sheets is read without opening a connection."""

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    page = b'<link rel=stylesheet href="http://example.org/a.css"><img src="http://example.org/a">x'
    assert read(tmp_path, "a.html", page).text == "x"


def test_page_furniture() -> None:
    """Running headers go but for their first appearance, page numbers go, content stays."""
    pages = [
        Part(BlockRole.PARAGRAPH, words, page)
        for page in range(1, 5)
        for words in ("LEY DE ARCHIVOS", f"Artículo {page}", f"Texto {page}.", str(page))
    ]
    kept = [block.text for block in without_furniture(pages)]
    assert kept == [
        "LEY DE ARCHIVOS",
        *(words for page in range(1, 5) for words in (f"Artículo {page}", f"Texto {page}.")),
    ]


def test_suffixes() -> None:
    """The formats that the README promises."""
    promised = {".txt", ".md", ".html", ".htm", ".pdf", ".docx", ".odt", ".rtf", ".epub", ".eml"}
    assert promised | {".pptx", ".xlsx", ".csv"} <= SUFFIXES


@pytest.mark.parametrize("name", ["a.pdf", "a.odt", "a.xlsx", "a.rtf", "a.txt", "a.html"])
def test_a_file_under_another_name_is_read_as_what_it_is(tmp_path: Path, name: str) -> None:
    data = files.docx([("Heading1", "Contrato"), ("", "La renta es de 1.450 euros al mes.")])
    document = read(tmp_path, name, data)
    assert document == replace(read(tmp_path, "a.docx", data), source=str(tmp_path / name))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        *((f"a.{ending}", b"\n<!DOCTYPE html><p>La renta sube.</p>")
          for ending in ("doc", "docx", "odt", "ods", "rtf", "xls", "xlsx", "ppt", "pptx", "odp")),
        ("a.doc", b"La renta sube."),
        ("a.rtf", "La renta sube.".encode("utf-16")),
        ("a.docx", rb"{\rtf1 La renta sube.\par}"),
    ],
)  # fmt: skip
def test_a_page_or_a_text_under_an_office_name(tmp_path: Path, name: str, data: bytes) -> None:
    """As many programs export them."""
    assert read(tmp_path, name, data).text.strip() == "La renta sube."


@pytest.mark.parametrize("name", ["a.docx", "a.html", "a.txt"])
def test_a_pdf_under_another_name_is_no_source_text(tmp_path: Path, name: str) -> None:
    document = read(tmp_path, name, files.pdf([["La feria se traslada al prado."]]))
    assert document.text.strip() == "La feria se traslada al prado."


def test_rtf_under_the_name_of_a_text(tmp_path: Path) -> None:
    document = read(tmp_path, "a.txt", rb"{\rtf1\ansi La huelga dura {\v mucho }tres d\'edas.\par}")
    assert document.text.strip() == "La huelga dura tres días."

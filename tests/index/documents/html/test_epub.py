"""EPUB: the chapters of a book in reading order."""

import io
import zipfile

import pytest

from index.documents.html.epub import read_epub
from index.documents.parts import ConversionError, Converted, Part, ReadOptions, compose
from index.types import BlockRole, NoticeKind

_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="O/c.opf" media-type="application/oebps-package+xml"/></rootfiles>'
    "</container>"
)


def epub(
    pages: dict[str, str],
    *,
    metadata: str = "",
    spine: str = "",
    extra: dict[str, str] | None = None,
    manifest: str = "",
) -> bytes:
    """A book of pages by name, in their order, or in that of ``spine``."""
    items = "".join(
        f'<item id="{n}" href="{n}.xhtml" media-type="application/xhtml+xml"/>' for n in pages
    )
    order = spine or "".join(f'<itemref idref="{n}"/>' for n in pages)
    book = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><metadata>'
        f"{metadata}</metadata><manifest>{items}{manifest}</manifest><spine>{order}</spine></package>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", _CONTAINER)
        archive.writestr("O/c.opf", book)
        for name, body in pages.items():
            archive.writestr(
                f"O/{name}.xhtml",
                '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" '
                f'xmlns:epub="http://www.idpf.org/2007/ops">{body}</html>',
            )
        for name, text in (extra or {}).items():
            archive.writestr(name, text)
    return stream.getvalue()


def read(*args: dict[str, str], **kwargs: str | dict[str, str]) -> Converted:
    return read_epub(epub(*args, **kwargs), ReadOptions())  # type: ignore[arg-type]


def test_order_and_metadata() -> None:
    """The spine's order; title, authors without translators, date of publication."""
    found = read(
        {"b": "<body><h1>Dos</h1><p>b</p></body>", "a": "<body><h1>Uno</h1><p>a</p></body>"},
        spine='<itemref idref="a" /><itemref idref="b" linear="yes"/><itemref idref="nada"/>',
        metadata="<dc:title>El faro</dc:title><dc:creator opf:role='aut'>Ana</dc:creator>"
        "<dc:creator opf:role='trl'>Luis</dc:creator>"
        "<dc:date opf:event='modification'>2024</dc:date>"
        "<dc:date opf:event='publication'>2020-05-04</dc:date>",
    )
    assert compose(found.parts)[0] == "Uno\n\na\n\nDos\n\nb"
    assert (found.title, found.author, found.date) == ("El faro", "Ana", "2020-05-04")


def test_notes_in_another_file() -> None:
    """A note of the book's last file stands after the paragraph that refers to it."""
    reference = '<a epub:type="noteref" href="n.xhtml#n1"><sup>1</sup></a>'
    found = read(
        {
            "a": f"<body><p>En mayo{reference} fue.</p><p>Fin.</p></body>",
            "n": '<body><aside epub:type="footnote" id="n1"><p>1. Según el diario. '
            '<a href="a.xhtml#r" epub:type="backlink">↩</a></p></aside></body>',
        }
    )
    assert list(found.parts) == [
        Part(BlockRole.PARAGRAPH, "En mayo fue."),
        Part(BlockRole.NOTE, "Según el diario.", mark="1", anchor=7),
        Part(BlockRole.PARAGRAPH, "Fin."),
    ]


def test_printed_pages() -> None:
    """The numbers of the printed edition are page labels, and stand in no sentence."""
    mark = '<span epub:type="pagebreak" title="12"> 12 </span>'
    found = read({"a": f"<body><p>Empieza en la página{mark} y acaba.</p><p>Otro.</p></body>"})
    text, starts, _ = compose(found.parts, found.pages)
    assert text == "Empieza en la página y acaba.\n\nOtro."
    assert found.page_labels == ("11", "12")
    assert starts == (0, text.index("y acaba"))


def test_page_list_of_the_contents() -> None:
    """Also where only the contents name the places at which the pages begin."""
    nav = (
        '<html xmlns="http://www.w3.org/1999/xhtml" '
        'xmlns:epub="http://www.idpf.org/2007/ops"><body>'
        '<nav epub:type="toc"><ol><li><a href="a.xhtml">La llegada</a></li></ol></nav>'
        '<nav epub:type="page-list"><ol><li><a href="a.xhtml#p">5</a></li>'
        '<li><a href="a.xhtml#q">6</a></li></ol></nav></body></html>'
    )
    found = read(
        {"a": '<body><p id="p">Uno.</p><p id="q">Dos.</p></body>'},
        manifest='<item id="nav" href="nav.xhtml" properties="nav" '
        'media-type="application/xhtml+xml"/>',
        spine='<itemref idref="nav"/><itemref idref="a"/>',
        extra={"O/nav.xhtml": nav},
    )
    assert found.page_labels == ("5", "6")
    assert [(part.text, part.page) for part in found.parts] == [
        ("La llegada", 1),
        ("Uno.", 1),
        ("Dos.", 2),
    ]


def test_hidden_by_a_sheet_of_the_book() -> None:
    """The book's own style sheets hide, and a notice says so; a page of links is no text."""
    links = "".join(f"<p><a href='{name}'>{name}</a></p>" for name in "abc")
    found = read(
        {
            "t": f"<body>{links}</body>",
            "a": '<head><link rel="stylesheet" href="s.css"/></head><body><p class="no">X</p>'
            "<p>Texto. <del>viejo</del></p></body>",
        },
        extra={"O/s.css": ".no { display: none }"},
    )
    assert [part.text for part in found.parts] == ["Texto."]
    assert [notice.kind for notice in found.notices] == [NoticeKind.HIDDEN, NoticeKind.DELETED]


def test_missing_chapter() -> None:
    """A chapter that is not in the archive is said."""
    found = read(
        {"a": "<body><p>Uno.</p></body>"},
        manifest='<item id="z" href="z.xhtml" media-type="application/xhtml+xml"/>',
        spine='<itemref idref="a"/><itemref idref="z"/>',
    )
    assert [notice.text for notice in found.notices] == ["1 chapter could not be read"]


def test_protected_book() -> None:
    """A book with encrypted chapters is named as such; scrambled fonts lock nothing."""
    entry = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
        '<EncryptedData xmlns="http://www.w3.org/2001/04/xmlenc#">'
        '<EncryptionMethod Algorithm="{}"/>'
        '<CipherData><CipherReference URI="O/a.xhtml"/></CipherData></EncryptedData></encryption>'
    )
    pages = {"a": "<body><p>Uno.</p></body>"}
    with pytest.raises(ConversionError, match="protected"):
        read(pages, extra={"META-INF/encryption.xml": entry.format("aes128-cbc")})
    font = entry.format("http://www.idpf.org/2008/embedding")
    assert read(pages, extra={"META-INF/encryption.xml": font}).parts

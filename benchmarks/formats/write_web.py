"""Pages and books (HTML, EPUB) and Markdown, written by hand."""

import zipfile
from collections.abc import Iterator, Sequence
from html import escape
from itertools import count
from pathlib import Path

from benchmarks.formats.truth import Content, Heading, Item, Piece, Table, runs, shown

__all__ = ["with_one_header", "write_epub", "write_html", "write_markdown"]

_TYPES = {"a": "a", "I": "I", "1": "1"}
_INLINE = {
    "bold": "<b>{}</b>",
    "inserted": "<ins>{}</ins>",
    "deleted": "<del>{}</del>",
    "hidden": '<span class="o">{}</span>',
    "comment": "<!-- {} -->",
}


def write_html(content: Content, path: Path) -> None:
    """A page with menu and foot, which are no part of the text."""
    body = _Body(count(1)).html(content.pieces)
    path.write_text(
        '<!DOCTYPE html><html lang="es"><head><meta charset="utf-8">'
        f"<title>{escape(content.title)}</title>"
        f'<meta name="author" content="{escape(content.author)}">'
        "<style>.o{display:none} p{margin:1em}</style><script>var n = 31337;</script></head>"
        '<body><nav><a href="/">Inicio</a> <a href="/mapa">Mapa del sitio</a></nav>'
        f"<main>{body}</main><footer>Todos los derechos 2031</footer></body></html>",
        encoding="utf-8",
    )


def write_epub(content: Content, path: Path) -> None:
    """A book with a chapter for each heading of the second level."""
    chapters: list[list[Piece]] = [[]]
    for piece in content.pieces:
        if isinstance(piece, Heading) and piece.level == 2 and chapters[-1]:
            chapters.append([])
        chapters[-1].append(piece)
    names = [f"c{number}.xhtml" for number in range(len(chapters))]
    # Read in the order of the spine, whatever that of the archive.
    items = "".join(
        f'<item id="{n}" href="{n}" media-type="application/xhtml+xml"/>' for n in names
    )
    spine = "".join(f'<itemref idref="{n}"/>' for n in names)
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" '
        'unique-identifier="i"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="i">x</dc:identifier><dc:title>{escape(content.title)}</dc:title>'
        f"<dc:creator>{escape(content.author)}</dc:creator><dc:language>es</dc:language></metadata>"
        f'<manifest>{items}<item id="nav" href="nav.xhtml" properties="nav" '
        'media-type="application/xhtml+xml"/></manifest>'
        f"<spine>{spine}</spine></package>"
    )
    container = (
        '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" '
        'version="1.0"><rootfiles><rootfile full-path="O/p.opf" '
        'media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    numbers = count(1)
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", container)
        book.writestr("O/p.opf", package)
        pages = [_xhtml(_Body(numbers).html(c)) for c in chapters]
        for name, page in reversed(list(zip(names, pages, strict=True))):
            book.writestr(f"O/{name}", page)
        links = "".join(f'<li><a href="{n}">Parte</a></li>' for n in names)
        book.writestr("O/nav.xhtml", _xhtml(f'<nav epub:type="toc"><ol>{links}</ol></nav>'))


def write_markdown(content: Content, path: Path) -> None:
    """Headings, lists and tables of pipes; no notes and nothing hidden."""
    lines = []
    for piece in content.pieces:
        if isinstance(piece, Table):
            table = with_one_header(piece)
            rows = ["| " + " | ".join(row) + " |" for row in table.rows]
            rule = "|" + " --- |" * len(table.rows[0])
            lines += ["", *rows[: table.header_rows], rule, *rows[table.header_rows :], ""]
        elif isinstance(piece, Heading):
            lines += ["", "#" * piece.level + " " + shown(piece.text), ""]
        elif isinstance(piece, Item):
            lines.append("   " * (piece.level - 1) + f"{piece.mark or '-'} {shown(piece.text)}")
        else:
            lines += ["", f"{piece.mark} {shown(piece.text)}".strip(), ""]
    path.write_text("\n".join(lines), encoding="utf-8")


def with_one_header(table: Table) -> Table:
    """Markdown has one header row: the words above each column stand in it."""
    head, body = table.rows[: table.header_rows], table.rows[table.header_rows :]
    first = tuple(" ".join(dict.fromkeys(above)) for above in zip(*head, strict=True))
    return Table((first, *body), 1) if len(head) > 1 else table


def _xhtml(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" '
        'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>x</title>'
        f"<style>.o{{display:none}}</style></head><body>{body}</body></html>"
    )


class _Body:
    """The elements of a page's body; ``numbers`` are those of its notes."""

    def __init__(self, numbers: Iterator[int]) -> None:
        self.numbers = numbers
        self.notes: list[str] = []
        self.lists: list[str] = []  # the tags of those that are open

    def html(self, pieces: Sequence[Piece]) -> str:
        made = [self.piece(piece) for piece in pieces] + [self.close(0)]
        if self.notes:
            made.append(f'<section class="footnotes">{"".join(self.notes)}</section>')
        return "".join(made)

    def piece(self, piece: Piece) -> str:
        if isinstance(piece, Item):
            return self.item(piece)
        ends = self.close(0)
        if isinstance(piece, Table):
            return ends + _table(piece)
        if isinstance(piece, Heading):
            return f"{ends}<h{piece.level}>{self.inline(piece.text)}</h{piece.level}>"
        mark = f"<b>{piece.mark}</b> " if piece.mark else ""
        return f"{ends}<p>{mark}{self.inline(piece.text)}</p>"

    def item(self, item: Item) -> str:
        text = f"<li>{self.inline(item.text)}"
        if len(self.lists) >= item.level:
            return f"{self.close(item.level)}</li>{text}"
        tag = "ol" if item.mark else "ul"
        self.lists.append(tag)
        kind = f' type="{_TYPES.get(item.mark[0], "1")}"' if item.mark else ""
        return f"<{tag}{kind}>{text}"

    def close(self, depth: int) -> str:
        ends = ""
        while len(self.lists) > depth:
            ends += f"</li></{self.lists.pop()}>"
        return ends

    def inline(self, text: str) -> str:
        made = []
        for run in runs(text):
            words = escape(run.text)
            if run.kind == "note":
                number = next(self.numbers)
                made.append(f'<sup><a href="#n{number}" id="r{number}">{number}</a></sup>')
                back = f'<a href="#r{number}">{number}</a>'
                self.notes.append(f'<p id="n{number}">{back} {words}</p>')
            else:
                made.append(_INLINE.get(run.kind, "{}").format(words))
        return "".join(made)


def _table(piece: Table) -> str:
    spans = piece.sizes
    covered = piece.covered
    made = "<table>"
    for r, row in enumerate(piece.rows):
        tag = "th" if r < piece.header_rows else "td"
        cells = ""
        for c, value in enumerate(row):
            if (r, c) in covered:
                continue
            tall, wide = spans.get((r, c), (1, 1))
            size = (f' rowspan="{tall}"' if tall > 1 else "") + (
                f' colspan="{wide}"' if wide > 1 else ""
            )
            cells += f"<{tag}{size}>{escape(value)}</{tag}>"
        made += f"<tr>{cells}</tr>"
    return made + "</table>"

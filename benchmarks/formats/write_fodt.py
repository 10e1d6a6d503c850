"""OpenDocument texts as one XML file, by hand, as LibreOffice reads it."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from benchmarks.formats.truth import Content, Heading, Item, Piece, Table, runs

__all__ = ["write_fodt"]

_SPACES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_WHO = (
    "<office:change-info><dc:creator>Ofelia</dc:creator>"
    "<dc:date>2024-05-06T07:08:09</dc:date></office:change-info>"
)
_LISTS = {"a)": ("a", "", ")"), "I.": ("I", "", "."), "1.": ("1", "", ".")}
_ARTICLE = ("1", "Artículo ", ".")


def write_fodt(content: Content, path: Path) -> None:
    """Write the document as one XML file."""
    path.write_text(_Flat(content).document(), encoding="utf-8")


class _Flat:
    def __init__(self, content: Content) -> None:
        self.content = content
        self.notes = 0
        self.changes: list[str] = []
        self.articles = 0

    def document(self) -> str:
        body = "".join(self.blocks(self.content.pieces))
        names = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _SPACES.items())
        changes = "".join(self.changes)
        tracked = f"<text:tracked-changes>{changes}</text:tracked-changes>" if changes else ""
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><office:document {names} office:version="1.3" '
            'office:mimetype="application/vnd.oasis.opendocument.text">'
            f"<office:meta><dc:title>{escape(self.content.title)}</dc:title>"
            f"<meta:initial-creator>{escape(self.content.author)}</meta:initial-creator>"
            f"<dc:creator>{escape(self.content.author)}</dc:creator>"
            "<meta:creation-date>2024-05-06T07:08:09</meta:creation-date></office:meta>"
            f"{self.styles()}<office:body><office:text>{tracked}{body}</office:text></office:body>"
            "</office:document>"
        )

    def styles(self) -> str:
        lists = "".join(
            f'<text:list-style style:name="L{number}">'
            + "".join(_level(level, *kind) for level in (1, 2, 3))
            + "</text:list-style>"
            for number, kind in enumerate([*_LISTS.values(), _ARTICLE])
        )
        bullets = "".join(
            f'<text:list-level-style-bullet text:level="{level}" text:bullet-char="•">'
            f"{_place(level)}</text:list-level-style-bullet>"
            for level in (1, 2, 3)
        )
        header = " · ".join(self.content.running) if any(self.content.running) else ""
        head = f"<style:header><text:p>{header}</text:p></style:header>" if header else ""
        return (
            '<office:styles><style:style style:name="Standard" style:family="paragraph"/>'
            '<style:style style:name="Heading_20_1" style:family="paragraph" '
            'style:parent-style-name="Standard" style:default-outline-level="1">'
            '<style:text-properties fo:font-size="18pt" fo:font-weight="bold"/></style:style>'
            '<style:style style:name="Heading_20_2" style:family="paragraph" '
            'style:parent-style-name="Standard" style:default-outline-level="2">'
            '<style:text-properties fo:font-size="14pt" fo:font-weight="bold"/></style:style>'
            '<style:style style:name="Heading_20_3" style:family="paragraph" '
            'style:parent-style-name="Standard" style:default-outline-level="3">'
            '<style:text-properties fo:font-size="12pt" fo:font-weight="bold"/></style:style>'
            "</office:styles><office:automatic-styles>"
            f'{lists}<text:list-style style:name="LB">{bullets}</text:list-style>'
            '<style:style style:name="oculto" style:family="text">'
            '<style:text-properties text:display="none"/></style:style>'
            '<style:style style:name="fuerte" style:family="text">'
            '<style:text-properties fo:font-weight="bold"/></style:style>'
            '<style:style style:name="celda" style:family="table-cell">'
            '<style:table-cell-properties fo:border="0.5pt solid #000000" fo:padding="0.1cm"/>'
            "</style:style>"
            '<style:page-layout style:name="pm"><style:page-layout-properties '
            'fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/>'
            "<style:header-style/></style:page-layout></office:automatic-styles>"
            '<office:master-styles><style:master-page style:name="Standard" '
            f'style:page-layout-name="pm">{head}</style:master-page></office:master-styles>'
        )

    def blocks(self, pieces: Sequence[Piece]) -> list[str]:
        made: list[str] = []
        depth = 0
        for piece in pieces:
            if isinstance(piece, Item):
                made.append(self.item(piece, depth))
                depth = piece.level
                continue
            made.append(_closed(depth))
            depth = 0
            if isinstance(piece, Table):
                made.append(self.table(piece))
            elif isinstance(piece, Heading):
                name = f"Heading_20_{piece.level}"
                made.append(
                    f'<text:h text:style-name="{name}" text:outline-level="{piece.level}">'
                    f"{self.inline(piece.text)}</text:h>"
                )
            elif piece.mark:
                self.articles += 1
                made.append(
                    f'<text:list text:style-name="L{len(_LISTS)}"><text:list-item '
                    f'text:start-value="{self.articles}"><text:p>{self.inline(piece.text)}</text:p>'
                    "</text:list-item></text:list>"
                )
            else:
                made.append(
                    f'<text:p text:style-name="Standard">{self.inline(piece.text)}</text:p>'
                )
        return [*made, _closed(depth)]

    def item(self, item: Item, depth: int) -> str:
        own = f"<text:list-item><text:p>{self.inline(item.text)}</text:p>"
        if depth >= item.level:
            return (
                "</text:list-item></text:list>" * (depth - item.level) + "</text:list-item>" + own
            )
        kinds = list(_LISTS)
        name = f"L{_kind(item.mark, kinds)}" if item.mark else "LB"
        return f'<text:list text:style-name="{name}">{own}'

    def inline(self, text: str) -> str:
        made = []
        for run in runs(text):
            words = escape(run.text)
            if run.kind == "note":
                self.notes += 1
                made.append(
                    f'<text:note text:id="ftn{self.notes}" text:note-class="footnote">'
                    f"<text:note-citation>{self.notes}</text:note-citation><text:note-body>"
                    f"<text:p>{words}</text:p></text:note-body></text:note>"
                )
            elif run.kind in ("deleted", "inserted"):
                made.append(self.change(run.kind, words))
            elif run.kind == "comment":
                made.append(
                    "<office:annotation><dc:creator>Ofelia</dc:creator>"
                    f"<text:p>{words}</text:p></office:annotation>"
                )
            elif run.kind in ("hidden", "bold"):
                style = "oculto" if run.kind == "hidden" else "fuerte"
                made.append(f'<text:span text:style-name="{style}">{words}</text:span>')
            else:
                made.append(words)
        return "".join(made)

    def change(self, kind: str, words: str) -> str:
        name = f"ct{len(self.changes) + 1}"
        gone = kind == "deleted"
        inner = f"<text:deletion>{_WHO}<text:p>{words}</text:p></text:deletion>"
        inner = inner if gone else f"<text:insertion>{_WHO}</text:insertion>"
        self.changes.append(
            f'<text:changed-region xml:id="{name}" text:id="{name}">{inner}</text:changed-region>'
        )
        if gone:
            return f'<text:change text:change-id="{name}"/>'
        return (
            f'<text:change-start text:change-id="{name}"/>{words}'
            f'<text:change-end text:change-id="{name}"/>'
        )

    def table(self, piece: Table) -> str:
        spans = piece.sizes
        covered = piece.covered
        rows = []
        for r, row in enumerate(piece.rows):
            cells = ""
            for c, value in enumerate(row):
                if (r, c) in covered:
                    cells += "<table:covered-table-cell/>"
                    continue
                tall, wide = spans.get((r, c), (1, 1))
                cells += (
                    f'<table:table-cell table:style-name="celda" office:value-type="string" '
                    f'table:number-rows-spanned="{tall}" table:number-columns-spanned="{wide}">'
                    f"<text:p>{escape(value)}</text:p></table:table-cell>"
                )
            rows.append(f"<table:table-row>{cells}</table:table-row>")
        head = "".join(rows[: piece.header_rows])
        return (
            "<table:table><table:table-column "
            f'table:number-columns-repeated="{len(piece.rows[0])}"/>'
            f"<table:table-header-rows>{head}</table:table-header-rows>"
            f"{''.join(rows[piece.header_rows :])}</table:table>"
        )


def _kind(mark: str, kinds: list[str]) -> int:
    if mark.endswith(")"):
        return kinds.index("a)")
    return kinds.index("1.") if mark[0].isdigit() else kinds.index("I.")


def _closed(depth: int) -> str:
    return "</text:list-item></text:list>" * depth


def _level(level: int, kind: str, before: str, after: str) -> str:
    return (
        f'<text:list-level-style-number text:level="{level}" style:num-format="{kind}" '
        f'style:num-prefix="{before}" style:num-suffix="{after}">{_place(level)}'
        "</text:list-level-style-number>"
    )


def _place(level: int) -> str:
    return (
        '<style:list-level-properties text:list-level-position-and-space-mode="label-alignment">'
        '<style:list-level-label-alignment text:label-followed-by="space" '
        f'fo:margin-left="{level * 0.7}cm" fo:text-indent="-0.6cm"/></style:list-level-properties>'
    )

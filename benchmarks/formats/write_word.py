"""Word files by python-docx: automatic numbers, notes, tracked changes, hidden text, comments."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.formats.truth import Content, Heading, Item, Paragraph, Table, runs

__all__ = ["write_docx"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_NOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_WHO = 'w:id="{}" w:author="Ofelia" w:date="2024-05-06T07:08:09Z"'
# How a mark is counted: Word's name of the format, and the text around the number.
_COUNTED = (
    ("a)", "lowerLetter", "%1)"),
    ("I.", "upperRoman", "%1."),
    ("1.", "decimal", "%1."),
    ("Artículo 1.", "decimal", "Artículo %1."),
)


def write_docx(content: Content, path: Path) -> None:
    """Write the document."""
    import docx

    document: Any = docx.Document()
    core = document.core_properties
    core.title, core.author = content.title, content.author
    writer = _Writer(document)
    if any(content.running):
        section = document.sections[0]
        section.header.paragraphs[0].text = " · ".join(content.running)
    for piece in content.pieces:
        writer.piece(piece)
    writer.finish()
    document.save(str(path))


class _Writer:
    def __init__(self, document: Any) -> None:
        self.document = document
        self.notes: list[str] = []
        self.lists: dict[tuple[str, int], int] = {}
        self.ids = iter(range(900, 10_000))
        self.counts: dict[int, int] = {}

    def piece(self, piece: Heading | Paragraph | Item | Table) -> None:
        if not isinstance(piece, Item):
            # A list that begins after other text counts anew; articles go on.
            self.lists = {key: num for key, num in self.lists.items() if key[0][0] == "A"}
        if isinstance(piece, Table):
            self.table(piece)
        elif isinstance(piece, Heading):
            self.text(self.document.add_heading(level=piece.level), piece.text)
        elif isinstance(piece, Item) and not piece.mark:
            style = "List Bullet" if piece.level == 1 else f"List Bullet {piece.level}"
            self.text(self.document.add_paragraph(style=style), piece.text)
        else:
            paragraph = self.document.add_paragraph()
            if piece.mark:
                level = piece.level if isinstance(piece, Item) else 1
                self.number(paragraph, piece.mark, level)
            self.text(paragraph, piece.text)

    def text(self, paragraph: Any, text: str) -> None:
        for run in runs(text):
            if run.kind == "note":
                self.notes.append(run.text)
                self.xml(
                    paragraph,
                    '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
                    f'<w:footnoteReference w:id="{len(self.notes) + 1}"/></w:r>',
                )
            elif run.kind in ("deleted", "inserted"):
                tag, kept = ("del", "delText") if run.kind == "deleted" else ("ins", "t")
                who = _WHO.format(next(self.ids))
                inner = f'<w:r><w:{kept} xml:space="preserve">{run.text}</w:{kept}></w:r>'
                self.xml(paragraph, f"<w:{tag} {who}>{inner}</w:{tag}>")
            elif run.kind == "comment":
                self.document.add_comment(paragraph.runs[-1], text=run.text, author="Ofelia")
            else:
                added = paragraph.add_run(run.text)
                added.bold = True if run.kind == "bold" else None
                added.font.hidden = True if run.kind == "hidden" else None

    def xml(self, paragraph: Any, xml: str) -> None:
        from docx.oxml import parse_xml

        at = xml.index(">") if " " not in xml.split(">", 1)[0] else xml.index(" ")
        paragraph._p.append(parse_xml(f'{xml[:at]} xmlns:w="{_W}"{xml[at:]}'))

    def number(self, paragraph: Any, mark: str, level: int) -> None:
        counted = next(each for each in _COUNTED if _alike(each[0], mark))
        key = (counted[0], level)
        if key not in self.lists:
            self.lists[key] = self.numbering(counted[1], counted[2], level)
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = self.lists[key]

    def numbering(self, kind: str, text: str, level: int) -> int:
        """A new numbering of one level; its number."""
        from docx.oxml import parse_xml

        root = self.document.part.numbering_part.element
        abstract = next(self.ids)
        indent = 360 * level
        made = parse_xml(
            f'<w:abstractNum xmlns:w="{_W}" w:abstractNumId="{abstract}">'
            '<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            f'<w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/>'
            f'<w:pPr><w:ind w:left="{indent}" w:hanging="360"/></w:pPr></w:lvl></w:abstractNum>'
        )
        root.insert(0, made)
        return int(root.add_num(abstract).numId)

    def table(self, piece: Table) -> None:
        rows = piece.rows
        table = self.document.add_table(len(rows), len(rows[0]), style="Table Grid")
        covered = piece.covered
        cells = [list(row.cells) for row in table.rows]
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if (r, c) not in covered:
                    cells[r][c].text = value
        for row_, column, tall, wide in piece.spans:
            cells[row_][column].merge(cells[row_ + tall - 1][column + wide - 1])
        for r in range(piece.header_rows):
            from docx.oxml import OxmlElement

            table.rows[r]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))

    def finish(self) -> None:
        """The notes, in a part of their own."""
        if not self.notes:
            return
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        separators = "".join(
            f'<w:footnote w:type="{kind}" w:id="{number}">'
            f"<w:p><w:r><w:{tag}/></w:r></w:p></w:footnote>"
            for number, kind, tag in (
                (0, "separator", "separator"),
                (1, "continuationSeparator", "continuationSeparator"),
            )
        )
        body = "".join(
            f'<w:footnote w:id="{number}"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/>'
            "</w:rPr><w:footnoteRef/></w:r>"
            f'<w:r><w:t xml:space="preserve"> {text}</w:t></w:r></w:p></w:footnote>'
            for number, text in enumerate(self.notes, 2)
        )
        xml = f'<w:footnotes xmlns:w="{_W}">{separators}{body}</w:footnotes>'
        owner = self.document.part
        part = Part(PackURI("/word/footnotes.xml"), _NOTES, xml.encode(), owner.package)
        owner.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _alike(pattern: str, mark: str) -> bool:
    """Whether both are counted in the same way."""
    tests: dict[str, Callable[[str], bool]] = {
        "a)": lambda m: m.endswith(")"),
        "I.": lambda m: m[0] in "IVX",
        "1.": lambda m: m[0].isdigit(),
        "Artículo 1.": lambda m: m.startswith("Artículo"),
    }
    return tests[pattern](mark)

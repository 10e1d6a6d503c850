"""Parts of a document out of the paragraphs of its pages: joined, with their roles and notes."""

from collections import defaultdict
from collections.abc import Sequence

from index.documents.decoding import clean, clean_pages, one_line
from index.documents.parts import Part
from index.documents.pdf.columns import regions
from index.documents.pdf.endnotes import Endnotes
from index.documents.pdf.hyphens import Vocabulary, join
from index.documents.pdf.marks import resolved
from index.documents.pdf.model import Page, Table
from index.documents.pdf.notes import take_notes
from index.documents.pdf.paragraphs import Para, Spacing, continued, paragraphs
from index.documents.pdf.roles import Roles, with_titles
from index.documents.pdf.tables import finish, joined_tables, lengthen_cell
from index.types import BlockRole

__all__ = ["assemble"]


def assemble(pages: Sequence[Page]) -> list[Part]:
    """The parts of a document, in the order in which they are read."""
    spacing = Spacing(pages)
    words = Vocabulary(line.text for page in pages for line in page.lines)
    body: list[Para] = []
    notes: list[Para] = []
    for page in pages:
        found, below = _of_page(page, spacing, words)
        _append(body, found, words)
        for note in below:
            if note.note == "" and notes:
                _lengthen(notes[-1], note, words)
            else:
                notes.append(note)
        page.lines = []
    return _parts(body, notes, spacing)


def _of_page(page: Page, spacing: Spacing, words: Vocabulary) -> tuple[list[Para], list[Para]]:
    body: list[Para] = []
    notes: list[Para] = []
    for region in regions(page.lines):
        found = paragraphs(region, page.number, spacing, words)
        for para in found:
            if para.table is not None and para.table.cells:
                finish(para.table, words)
        found, below = take_notes(found, page, spacing.body)
        _append(body, found, words)
        notes += below
    for lines in page.turned:
        body += paragraphs(lines, page.number, spacing, words)
    for para in body:
        if para.table is not None and para.table.cells:
            finish(para.table, words)
    body = _titled(body)
    return [para for para in body if para.text or (para.table and para.table.rows)], notes


def _titled(paras: Sequence[Para]) -> list[Para]:
    """The paragraphs, with the title of a table before it."""
    result: list[Para] = []
    for para in paras:
        if para.table is not None and para.table.title:
            title = Para(para.table.title, para.page, para.size, x0=para.x0, gap=para.gap)
            title.is_caption = title.separate = True
            result.append(title)
        result.append(para)
    return result


def _append(body: list[Para], found: Sequence[Para], words: Vocabulary) -> None:
    """Add the paragraphs of the next column or page; one that goes on there is whole."""
    if not found:
        return
    first = found[0]
    last = body[-1] if body else None
    if last is None:
        body += found
        return
    if last.table is not None and last.page < first.page:
        body += found[_taken_by_table(last.table, found, words) :]
        return
    if last.text and first.text and continued(last, first):
        _lengthen(last, first, words)
        last.full, last.lines = first.full, last.lines + first.lines
        body += found[1:]
        return
    body += found


def _taken_by_table(before: Table, found: Sequence[Para], words: Vocabulary) -> int:
    """How many of a page's first paragraphs belong to the table that the page before ends with."""
    rest = 0
    if len(found) > 1 and found[1].table is not None and _is_rest_of_cell(found[0]):
        rest = 1
    following = found[rest].table
    if following is None or not before.rows or not following.rows:
        return 0
    before_rest = [list(row) for row in before.rows[-1:]]
    if rest and not lengthen_cell(before, found[0].x0, found[0].text, words):
        return 0
    if joined_tables(before, following, words):
        return rest + 1
    before.rows[-1:] = before_rest
    return 0


def _is_rest_of_cell(para: Para) -> bool:
    return para.table is None and para.lines == 1 and len(para.text) < 80 and not para.is_field


def _lengthen(first: Para, second: Para, words: Vocabulary) -> None:
    text = join(first.text, second.text, words)
    begins = len(text) - len(second.text)
    page = first.page + len(first.breaks)
    first.breaks += [begins] * (second.page - page)
    first.breaks += [begins + offset for offset in second.breaks]
    first.text = text


def _parts(body: Sequence[Para], notes: Sequence[Para], spacing: Spacing) -> list[Part]:
    waiting: dict[tuple[int, str], list[Para]] = defaultdict(list)
    for note in notes:
        waiting[note.page, note.note or ""].append(note)
    endnotes = Endnotes(with_titles(body))
    body = endnotes.body
    roles = Roles(body, spacing.body)
    parts: list[Part] = []
    last_page = 1
    for para in body:
        if para.page > last_page:
            parts += _unnamed(waiting, para.page)
            last_page = para.page
        text, breaks = _text(para)
        made, used = _part(para, text, breaks, roles, (waiting, endnotes))
        if made is not None:
            parts.append(made)
            parts += used
    parts += _unnamed(waiting, None)
    return parts + [_note(note, None) for note in endnotes.left()]


def _text(para: Para) -> tuple[str, list[int]]:
    """The clean text of a paragraph or table, and where in it later pages begin."""
    if para.table is None:
        text, starts = clean_pages(para.text, (0, *para.breaks))
        return text.replace("\n", " "), list(starts[1:])
    rows = ["\t".join(one_line(cell) for cell in row) for row in para.table.rows]
    rows = [row.rstrip("\t") for row in rows]
    breaks = [sum(len(row) + 1 for row in rows[:start]) for start in para.table.starts]
    return "\n".join(rows), breaks


def _part(
    para: Para,
    text: str,
    breaks: list[int],
    roles: Roles,
    known: tuple[dict[tuple[int, str], list[Para]], Endnotes],
) -> tuple[Part | None, list[Part]]:
    """A paragraph as a part, and the notes that it names."""
    waiting, endnotes = known

    def page_at(offset: int) -> int:
        return para.page + sum(start <= offset for start in breaks)

    def is_note(mark: str, offset: int) -> bool:
        return bool(waiting.get((page_at(offset), mark))) or endnotes.has(para, mark)

    text, breaks, named = resolved(text, breaks, is_note)
    if not text.strip():
        return None, []
    # The mark of an item or article leaves the text; compose writes it again.
    part = roles.part(para, text, tuple(breaks))
    shift = len(text) - len(part.text) if para.table is None else 0
    notes = []
    for mark, offset in named:
        for page in range(para.page, para.page + len(breaks) + 1):
            found = waiting.get((page, mark))
            if found:
                notes.append(_note(found.pop(0), max(0, offset - shift)))
                break
        else:
            last = endnotes.take(para, mark)
            notes += [_note(last, max(0, offset - shift))] if last else []
    return part, notes


def _note(note: Para, anchor: int | None) -> Part:
    text, _ = clean_pages(note.text, (0,))
    text, _, _ = resolved(text, [], _no_note)
    mark = clean(note.note or "")
    return Part(BlockRole.NOTE, text.strip(), note.page, mark=mark, anchor=anchor)


def _no_note(_mark: str, _offset: int) -> bool:
    return False


def _unnamed(waiting: dict[tuple[int, str], list[Para]], before: int | None) -> list[Part]:
    """The notes of the pages before one that no text named."""
    found = [
        note
        for (page, _), notes in sorted(waiting.items(), key=lambda item: item[0][0])
        if before is None or page < before - 1
        for note in notes
    ]
    for key in list(waiting):
        if before is None or key[0] < before - 1:
            del waiting[key]
    return [_note(note, None) for note in found]

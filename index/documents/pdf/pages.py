"""One page: its words, lines, drawn rules and pictures, as far as a reader of it sees them."""

import ctypes
from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

from index.documents.pdf.annotations import annotations
from index.documents.pdf.characters import INVISIBLE, Glyphs, Style, words_of
from index.documents.pdf.drawing import drawn
from index.documents.pdf.fields import place_values
from index.documents.pdf.forms import form_values, hidden_values
from index.documents.pdf.lines import lines_of, lower_initials, mark_scripts
from index.documents.pdf.model import Box, Line, Page, Rule, Word
from index.documents.pdf.ruled import take_tables
from index.documents.pdf.turning import Frame
from index.documents.pdf.visible import Inked

__all__ = ["read_page"]

_MAX_CHARACTERS = 400_000  # of one page; more are a damaged file's or an attack
_SMALLEST = 1.5  # points; nobody reads what is smaller
_GARBLED = 0.3
_SURE = 0.8  # of OCR, that one letter alone is a letter
_FEW = 60  # characters over a scan: a stamp, a page's number
_MOST_OF_PAGE = 0.55
_ODD = frozenset("\ufffd\ufffe\uffff")

_Edges = tuple[float, float, float, float]
_Found = tuple[Word, Style, _Edges]


def read_page(document: Any, number: int, *, layered: bool, ocr: bool) -> Page:
    """Page ``number`` (from 0) of an open document; ``layered``: it has optional layers.

    A page that pdfium cannot load is empty, with a count in ``hidden["lost"]``. Raises
    ConversionError where a page needs OCR, ``ocr`` allows it and it is not installed.
    """
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        loaded = document[number]
    except pypdfium2.PdfiumError:
        return Page(number + 1, 0, 0, hidden={"lost": 1})
    try:
        textpage = pdfium.FPDFText_LoadPage(loaded.raw)
        try:
            page, words = _read(loaded, textpage, number, layered)
        finally:
            if textpage:
                pdfium.FPDFText_ClosePage(textpage)
        if page.is_scan or page.garbled:
            if ocr:
                return _scanned(loaded, page)
            if page.garbled:
                words = []
        _lay_out(page, words)
        return page
    finally:
        loaded.close()


def _read(loaded: Any, textpage: Any, number: int, layered: bool) -> tuple[Page, list[Word]]:
    """The page with its drawing, and its words in the file's order."""

    handle = loaded.raw
    visible, rotation = _visible_part(handle)
    frame = Frame(visible, rotation)
    page = Page(number + 1, frame.width, frame.height)
    rules, images = drawn(handle)
    page.images = [frame.box(_edges(image)) for image in images]
    found = _found(page, loaded, textpage, visible, images, layered)
    page.characters = sum(len(word.text) for word, _, _ in found)
    page.garbled = _is_garbled(found)
    groups: dict[int | None, list[_Found]] = {}
    for one in found:
        groups.setdefault(one[1].angle, []).append(one)
    boxes, page.comments = annotations(handle)
    values = form_values(loaded)
    unseen = hidden_values(loaded)
    if unseen:
        page.hidden["fields"] = unseen
    if rotation not in groups and len(groups) == 1 and not boxes and not values:
        frame = Frame(visible, next(iter(groups)) or 0)
        page.width, page.height = frame.width, frame.height
    page.rules = _rules(frame, rules)
    words = _placed(frame, groups.pop(frame.angle, []))
    place_values(words, values, frame)
    for text, edges in boxes:
        words += _box_words(frame, text, edges)
    page.turned = _turned(visible, groups)
    page.is_scan = _is_scan(page, words, has_values=bool(values))
    return page, words


def _found(
    page: Page,
    loaded: Any,
    textpage: Any,
    visible: _Edges,
    images: Sequence[Box],
    layered: bool,
) -> list[_Found]:
    """The words of the page that its readers see."""
    import pypdfium2.raw as pdfium

    count = max(0, pdfium.FPDFText_CountChars(textpage)) if textpage else 0
    if not count:
        return []
    if count > _MAX_CHARACTERS:
        page.hidden["lost"] = 1
    address = ctypes.cast(textpage, ctypes.c_void_p).value or 0
    glyphs = Glyphs(address, min(count, _MAX_CHARACTERS))
    return _seen(page, loaded.raw, list(words_of(glyphs)), visible, images, layered)


def _turned(visible: _Edges, groups: dict[int | None, list[_Found]]) -> list[list[Line]]:
    """The lines of the text in other directions, the most first."""
    turned = []
    for angle, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        frame = Frame(visible, angle or 0)
        slanting = angle is None
        turned.append([_slanting(frame, group)] if slanting else lines_of(_placed(frame, group)))
    return turned


def _is_scan(page: Page, words: Sequence[Word], *, has_values: bool) -> bool:
    """Whether the page is a picture, without text or with next to none over it."""
    if not page.images or has_values:
        return False
    if not words and not page.turned:
        return True
    largest = max(_area(image) for image in page.images)
    return page.characters < _FEW and largest > _MOST_OF_PAGE * page.width * page.height


def _lay_out(page: Page, words: list[Word]) -> None:
    """Put the words into tables and lines."""
    words = take_tables(page, words)
    page.lines += lines_of(words, page.rules)


def _scanned(loaded: Any, page: Page) -> Page:
    """The page as OCR reads it."""
    from index.documents.pdf.ocr import read_page_by_ocr

    found, page.confidence = read_page_by_ocr(loaded)
    visible, rotation = _visible_part(loaded.raw)
    frame = Frame(visible, rotation)
    page.width, page.height = frame.width, frame.height
    usual = median(line.size for line in found) if found else 0.0
    words = []
    for line in found:
        if len(line.text.strip()) == 1 and line.confidence < _SURE:
            continue  # a speck, or a stroke of a signature
        box = frame.box(line.box)
        # The size of a font is only guessed: what is nearly the usual one is the usual one.
        size = usual if 0.78 < line.size / usual < 1.25 else line.size
        base = box.bottom - 0.21 * size
        words.append(Word(line.text, box.x0, box.x1, base, max(1.0, size), spaced=True))
    page.turned, page.garbled, page.is_scan = [], False, not words
    page.characters = sum(len(word.text) for word in words)
    page.lines = lines_of(words)
    return page


def _edges(box: Box) -> _Edges:
    return box.x0, box.top, box.x1, box.bottom


def _visible_part(handle: Any) -> tuple[_Edges, int]:
    import pypdfium2.raw as pdfium

    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(handle, box)
    rotation = (pdfium.FPDFPage_GetRotation(handle) % 4) * 90
    return (box.left, box.bottom, box.right, box.top), rotation


def _seen(
    page: Page,
    handle: Any,
    found: list[_Found],
    visible: _Edges,
    images: Sequence[Box],
    layered: bool,
) -> list[_Found]:
    """The words that a reader of the page sees; the others are counted."""
    frame = Frame(visible, 0)
    hidden: Counter[str] = Counter()
    ink = Inked(handle, visible)
    if layered:
        ink.layers()
    kept = []
    covered = [image for image in images if image.x1 > image.x0 and image.bottom > image.top]
    for word, style, edges in found:
        why = ""
        if word.size < _SMALLEST and edges[3] - edges[1] < _SMALLEST:
            why = "tiny"
        elif not frame.holds(edges):
            why = "outside"
        elif style.mode == INVISIBLE:
            why = "" if _over(edges, covered) else "invisible"
        elif layered and not ink.shows_layers(edges):
            why = "layer"
        elif style.white and not ink.shows(edges):
            why = "invisible"
        if why:
            hidden[why] += 1
        else:
            kept.append((word, style, edges))
    page.hidden.update(hidden)
    return kept


def _over(edges: _Edges, images: Sequence[Box]) -> bool:
    x, y = (edges[0] + edges[2]) / 2, (edges[1] + edges[3]) / 2
    return any(image.x0 <= x <= image.x1 and image.top <= y <= image.bottom for image in images)


def _is_garbled(found: Sequence[_Found]) -> bool:
    """Whether most characters have no meaning: the fonts do not say which letters they show."""
    total = odd = 0
    for word, _, _ in found:
        total += len(word.text)
        if not word.text.isascii():
            odd += sum("\ue000" <= sign <= "\uf8ff" or sign in _ODD for sign in word.text)
        elif not word.text.isprintable():
            odd += sum(not sign.isprintable() for sign in word.text)
    return total >= 20 and odd > _GARBLED * total


def _placed(frame: Frame, found: Sequence[_Found]) -> list[Word]:
    """The words with their places, in the file's order; pieces of one style are one word."""
    words: list[Word] = []
    for word, style, edges in found:
        box = frame.box(edges)
        word.base = frame.point(*style.base)[1]
        word.x0, word.x1 = box.x0, box.x1
        before = words[-1] if words else None
        if (
            before is not None
            and word.glued
            and word.size == before.size
            and word.bold == before.bold
            and abs(word.base - before.base) < 0.1
            and abs(word.x0 - before.x1) < 0.15 * word.size
        ):
            before.text += word.text
            before.x1 = max(before.x1, word.x1)
            continue
        words.append(word)
    lower_initials(words)
    mark_scripts(words)
    return words


def _rules(frame: Frame, boxes: Sequence[Box]) -> list[Rule]:
    rules = []
    for edges in boxes:
        box = frame.box(_edges(edges))
        x, y = (box.x0 + box.x1) / 2, (box.top + box.bottom) / 2
        if box.x1 - box.x0 >= box.bottom - box.top:
            rules.append(Rule(box.x0, y, box.x1, y))
        else:
            rules.append(Rule(x, box.top, x, box.bottom))
    return rules


def _slanting(frame: Frame, found: Sequence[_Found]) -> Line:
    """Text across the page, as a stamp, in the file's order."""
    box = frame.box(found[0][2])
    text = " ".join(word.text for word, _, _ in found)
    return Line(text, box.x0, box.x1, box.bottom, found[0][0].size, separate=True)


def _box_words(frame: Frame, text: str, edges: _Edges) -> list[Word]:
    """The words of a text box that lies over the page, line by line."""
    box = frame.box(edges)
    rows = [" ".join(row.split()) for row in text.splitlines() if row.strip()]
    size = max(4.0, min(12.0, 0.8 * (box.bottom - box.top) / max(1, len(rows))))
    return [
        Word(row, box.x0, max(box.x1, box.x0 + 0.4 * size * len(row)), base, size, spaced=True)
        for row, base in ((row, box.top + (n + 1) * 1.2 * size) for n, row in enumerate(rows))
    ]


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.bottom - box.top)

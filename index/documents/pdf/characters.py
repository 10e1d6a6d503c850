"""The words of a page with their places, from pdfium's characters.

Calls into pdfium cost a microsecond each, so boxes and fonts are asked for at the ends of words
alone; only a word of two fonts or sizes is looked at character by character.
"""

import ctypes
import math
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from index.documents.pdf.model import Word

__all__ = ["Glyphs", "words_of"]

_RUN = re.compile(r"[^\s\x02\ufffe]+[\x02\ufffe]?|[\x02\ufffe]")
# pdfium marks a hyphen at a line end with one of these.
_HYPHENS = str.maketrans({"\x02": "-", "\ufffe": "-"})
_FONT_NAME_BYTES = 200
_BOLD = re.compile(r"bold|black|heavy|demi(?!ng)", re.IGNORECASE)
INVISIBLE = 3  # the text render mode of the words that OCR laid under a scan
STROKED = 2
_NO_SPACE = 0.165  # of the type size: a narrower gap is none between words
WHITE = 250


class _Rect(ctypes.Structure):
    _fields_ = (
        ("left", ctypes.c_float),
        ("top", ctypes.c_float),
        ("right", ctypes.c_float),
        ("bottom", ctypes.c_float),
    )


class _Matrix(ctypes.Structure):
    _fields_ = tuple((name, ctypes.c_float) for name in "abcdef")


@cache
def _functions() -> dict[str, Any]:
    """pdfium's functions with plain pointers, which ctypes calls twice as fast as typed ones."""
    import pypdfium2.raw as pdfium

    pointer, integer = ctypes.c_void_p, ctypes.c_int
    wanted = {
        "FPDFText_GetTextObject": (pointer, pointer, integer),
        "FPDFText_GetLooseCharBox": (integer, pointer, integer, pointer),
        "FPDFText_GetCharOrigin": (integer, pointer, integer, pointer, pointer),
        "FPDFText_GetMatrix": (integer, pointer, integer, pointer),
        "FPDFText_GetFontSize": (ctypes.c_double, pointer, integer),
        "FPDFText_IsGenerated": (integer, pointer, integer),
        "FPDFText_GetUnicode": (ctypes.c_uint, pointer, integer),
        "FPDFText_GetText": (integer, pointer, integer, integer, pointer),
        "FPDFTextObj_GetTextRenderMode": (integer, pointer),
        "FPDFTextObj_GetFont": (pointer, pointer),
        "FPDFFont_GetBaseFontName": (ctypes.c_size_t, pointer, pointer, ctypes.c_size_t),
        "FPDFPageObj_GetFillColor": (integer, pointer, pointer, pointer, pointer, pointer),
    }
    addresses = {name: ctypes.cast(getattr(pdfium, name), ctypes.c_void_p) for name in wanted}
    return {
        name: ctypes.PYFUNCTYPE(*types)(addresses[name].value or 0)
        for name, types in wanted.items()
    }


class Style:
    """What the characters of one text object share."""

    __slots__ = ("angle", "base", "bold", "mode", "size", "white")

    def __init__(self, angle: int | None, base: tuple[float, float], size: float) -> None:
        self.angle = angle  # of 0, 90, 180, 270; None for slanting text
        self.base = base
        self.size = size
        self.bold = False
        self.mode = 0
        self.white = False


class Glyphs:
    """The characters of one page's text; ``text[i]`` is the character with number i."""

    def __init__(self, textpage: int, count: int) -> None:
        self._page = textpage
        self._call = _functions()
        self._rect = _Rect()
        self._rect_at = ctypes.addressof(self._rect)
        self._matrix = _Matrix()
        self._point = (ctypes.c_double * 2)()
        self._point_at = ctypes.addressof(self._point)
        self._colour = (ctypes.c_uint * 4)()
        self._styles: dict[int, Style] = {}
        self._fonts: dict[int | None, bool] = {}
        self.text = self._text(count)

    def _text(self, count: int) -> str:
        buffer = ctypes.create_string_buffer(2 * count + 2)
        written = self._call["FPDFText_GetText"](self._page, 0, count, buffer)
        text = buffer.raw[: 2 * max(0, written - 1)].decode("utf-16-le", "replace")
        if len(text) == count:
            return text
        # Characters without a code, or of two units: one by one then.
        codes = (self._call["FPDFText_GetUnicode"](self._page, at) for at in range(count))
        return "".join(chr(code) if 0 < code < 0x110000 else "\ufffd" for code in codes)

    def owner(self, at: int) -> int:
        """The text object of a character, 0 for one that pdfium added."""
        return self._call["FPDFText_GetTextObject"](self._page, at) or 0

    def box(self, at: int) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of a character with the room that its font gives it."""
        rect = self._rect
        self._call["FPDFText_GetLooseCharBox"](self._page, at, self._rect_at)
        return rect.left, rect.bottom, rect.right, rect.top

    def is_added(self, at: int) -> bool:
        """Whether pdfium added a space, where it saw a gap."""
        return bool(self._call["FPDFText_IsGenerated"](self._page, at))

    def style(self, at: int, owner: int) -> Style:
        """The style of a character's text object."""
        style = self._styles.get(owner)
        if style is None:
            style = self._styles[owner] = self._new_style(at, owner)
        return style

    def _new_style(self, at: int, owner: int) -> Style:
        call, matrix = self._call, self._matrix
        call["FPDFText_GetMatrix"](self._page, at, ctypes.addressof(matrix))
        scale = math.hypot(matrix.c, matrix.d) or math.hypot(matrix.a, matrix.b) or 1.0
        size = call["FPDFText_GetFontSize"](self._page, at) * scale
        call["FPDFText_GetCharOrigin"](self._page, at, self._point_at, self._point_at + 8)
        angle = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
        nearest = round(angle / 90) * 90
        straight = nearest % 360 if abs(angle - nearest) < 3 else None
        style = Style(straight, (self._point[0], self._point[1]), abs(size))
        if not owner:
            return style
        style.mode = call["FPDFTextObj_GetTextRenderMode"](owner)
        style.bold = style.mode == STROKED or self._is_bold(call["FPDFTextObj_GetFont"](owner))
        colour = self._colour
        at_colour = ctypes.addressof(colour)
        if call["FPDFPageObj_GetFillColor"](
            owner, at_colour, at_colour + 4, at_colour + 8, at_colour + 12
        ):
            style.white = min(colour[0], colour[1], colour[2]) >= WHITE and style.mode in (0, 4)
        return style

    def _is_bold(self, font: int | None) -> bool:
        if not font:
            return False
        if font not in self._fonts:
            buffer = ctypes.create_string_buffer(_FONT_NAME_BYTES)
            self._call["FPDFFont_GetBaseFontName"](font, buffer, _FONT_NAME_BYTES)
            name = buffer.value.decode("utf-8", "replace")
            self._fonts[font] = bool(_BOLD.search(name))
        return self._fonts[font]


def words_of(glyphs: Glyphs) -> Iterator[tuple[Word, Style, tuple[float, float, float, float]]]:
    """The words in the file's order: with the style, and the box in the page's own coordinates.

    The words' own places are not set yet.
    """
    text = glyphs.text
    last = -1
    right = 0.0
    for run in _RUN.finditer(text):
        start, end = run.span()
        first_owner, last_owner = glyphs.owner(start), glyphs.owner(end - 1)
        if first_owner == last_owner:
            pieces = [(start, end, first_owner)]
        else:
            pieces = _pieces(glyphs, start, end)
        for begin, stop, owner in pieces:
            style = glyphs.style(begin, owner)
            end_before = right
            left, bottom, right, top = glyphs.box(begin)
            close = abs(left - end_before) < _NO_SPACE * style.size
            if stop - begin > 1:
                left2, bottom2, right2, top2 = glyphs.box(stop - 1)
                left, right = min(left, left2), max(right, right2)
                bottom, top = min(bottom, bottom2), max(top, top2)
            word = Word(text[begin:stop].translate(_HYPHENS), 0, 0, 0, style.size, style.bold)
            word.glued = begin == last
            word.spaced = text[begin - 1 : begin] == " "
            if close and word.spaced and begin - 1 == last and glyphs.is_added(begin - 1):
                word.glued, word.spaced = True, False  # letters set apart, and no space
            last = stop
            yield word, style, (left, bottom, right, top)


def _pieces(glyphs: Glyphs, start: int, end: int) -> list[tuple[int, int, int]]:
    pieces = []
    begin, owner = start, glyphs.owner(start)
    for at in range(start + 1, end):
        now = glyphs.owner(at)
        if now != owner:
            pieces.append((begin, at, owner))
            begin, owner = at, now
    pieces.append((begin, end, owner))
    return pieces

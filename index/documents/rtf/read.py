"""RTF as a word processor shows it: code pages, lists, tables, notes; what it hides is left out.

What is no RTF is left to the converter, where it is installed.
"""

import re
from collections import Counter
from dataclasses import replace

from index.documents.decoding import clean, one_line
from index.documents.notices import counted
from index.documents.numerals import roman
from index.documents.parts import Converted, Part, ReadOptions
from index.documents.raised import MARK, raised, settled, tied
from index.documents.rtf.tables import Row, parts_of
from index.documents.rtf.tokens import Token, Tokens, charset_codec, codec_of
from index.documents.rtf.words import (
    HEADING_STYLE,
    INFO,
    SHOWN,
    SIGNS,
    SKIPPED,
    SYMBOLS,
    TITLE_STYLE,
    Paragraph,
    State,
)
from index.documents.superscripts import lowered
from index.documents.symbols import PICTURE_FONTS, symbol
from index.text.marks import ARTICLE, item_mark
from index.types import BlockRole, NoticeKind

__all__ = ["read_rtf"]

_MAX_DEPTH = 2000
_HEADING_CHARS = 200
_STRONG_CHARS = 120
_SENTENCE_END = re.compile(r"[.!…:;,][\"'»”’)\]]*$")
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_NOTICES = (
    (NoticeKind.HIDDEN, NoticeKind.HIDDEN, "{} piece(s) of hidden text (is/are) left out"),
    (NoticeKind.DELETED, NoticeKind.DELETED, "{} deleted piece(s) of text (is/are) left out"),
    (NoticeKind.COMMENT, NoticeKind.COMMENT, "{} comment(s) (is/are) left out"),
)
_PROPERTIES = frozenset(
    ("pard", "s", "outlinelevel", "ilvl", "pnlvl", "li", "intbl", "yr", "mo", "dy")
)
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_BULLET = re.compile(r"[^\w(]+|[o§]")


def read_rtf(data: bytes, options: ReadOptions) -> Converted:
    """The parts of an RTF file. Raises ConversionError where it cannot be read."""
    start = data[:1024].find(b"{\\rtf")
    if start < 0:
        from index.documents.converter import convert

        return convert(data, "document.rtf", options)
    return _Reader(_escaped(data[start:])).read()


def _escaped(data: bytes) -> bytes:
    """The file with its letters in plain UTF-8 as control words: RTF itself is ASCII."""
    if data.isascii():
        return data
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return data
    return _NOT_ASCII.sub(_control_words, text).encode("ascii")


def _control_words(match: re.Match[str]) -> str:
    units = match[0].encode("utf-16-le")
    numbers = [int.from_bytes(units[at : at + 2], "little") for at in range(0, len(units), 2)]
    return "{\\uc1" + "".join(f"\\u{number}?" for number in numbers) + "}"


class _Reader:
    """Goes through the tokens once; a paragraph, row or note becomes a part where it ends."""

    def __init__(self, data: bytes) -> None:
        self._tokens = Tokens(data)
        self._state = State()
        self._stack: list[State] = []
        self._codec = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._styles: dict[int, int] = {}
        self._style = 0
        self._names: list[str] = []
        self._bytes = bytearray()
        self._skip = 0  # characters that stand for a \\u that was read
        self._high = 0  # the first half of a pair of \\u
        self._paragraph = Paragraph()
        self._note: Paragraph | None = None
        self._rows: list[Row] = []
        self._row = Row()
        self._merge: set[str] = set()
        self._cell_notes: list[Part] = []
        self._boxes: list[Paragraph] = []
        self._indents: list[int] = []  # of the items of the lists that are open
        self._strong: list[int] = []  # numbers of the parts that are all bold
        self._default: int | None = None  # font
        self._parts: list[Part] = []
        self._info: dict[str, list[str]] = {}
        self._made: dict[str, int] = {}
        self._counts: Counter[str] = Counter()
        self._last_left = ""
        self._numbers = {"": 0, "end": 0}  # of notes
        self._counted = False  # whether the program numbers the note that follows
        self._kind = ""  # of the note that is read
        self._own = ""  # its mark, where the program does not number it
        self._signs: dict[int, str] = {}  # the names of fonts of signs

    def read(self) -> Converted:
        """The file, as far as it goes: one that is cut off ends where it does."""
        for token in self._tokens:
            self._take(token)
        self._flush()
        self._end_paragraph()
        self._end_table()
        self._head()
        info = {name: clean("".join(words)).strip() for name, words in self._info.items()}
        made = [self._made.get(part, 0) for part in ("yr", "mo", "dy")]
        return Converted(
            tied(self._parts),
            title=info.get("title") or None,
            author=info.get("author") or None,
            created="{:04}-{:02}-{:02}".format(*made) if all(made) else None,
            notices=counted(self._counts, _NOTICES),
        )

    def _head(self) -> None:
        """Short bold paragraphs are headings where no style says so and not all is bold."""
        plain = sum(part.role is BlockRole.PARAGRAPH for part in self._parts)
        styled = any(part.role is BlockRole.HEADING for part in self._parts)
        if styled or 2 * len(self._strong) > plain:
            return
        for i in self._strong:
            part = self._parts[i]
            if len(part.text) <= _STRONG_CHARS and not _SENTENCE_END.search(part.text):
                text = " ".join(part.text.split())
                self._parts[i] = replace(part, role=BlockRole.HEADING, text=text, level=1)

    def _take(self, token: Token) -> None:
        kind = token.kind
        if kind == "text":
            self._take_bytes(token.data)
            return
        if self._skip:
            if kind in ("word", "symbol") and token.word != "u":
                self._skip -= 1
                return
            self._skip = 0
        if self._bytes:
            self._flush()
        if kind == "{":
            if len(self._stack) < _MAX_DEPTH:
                self._stack.append(self._state)
                self._state = self._state.copy()
            else:
                self._tokens.skip_group()
        elif kind == "}":
            self._close()
        elif kind == "symbol":
            self._symbol(token.word)
        else:
            self._word(token.word, token.number, starred=kind == "star")

    def _take_bytes(self, data: bytes) -> None:
        if self._skip:
            skipped = min(self._skip, len(data))
            self._skip -= skipped
            data = data[skipped:]
        self._bytes += data

    def _flush(self) -> None:
        if not self._bytes:
            return
        data, self._bytes = bytes(self._bytes), bytearray()
        if self._state.font and self._state.target in ("body", "note"):
            signs = (" " if byte == 32 else symbol(self._state.font, byte) for byte in data)
            self._emit("".join(sign or "" for sign in signs))
            return
        self._emit(data.decode(self._state.codec, errors="replace").replace("\ufffd", ""))

    def _emit(self, text: str) -> None:
        """Add text to what the group is for."""
        state = self._state
        if self._high and not "\udc00" <= text[:1] <= "\udfff":
            self._high = 0
        if state.target in ("fonts", "styles"):
            self._names.append(text)
        elif state.target in INFO:
            self._info[state.target].append(text)
        elif state.target == "mark":
            self._paragraph.mark += text
        elif state.target in ("body", "note"):
            self._emit_shown(text)

    def _emit_shown(self, text: str) -> None:
        state = self._state
        if state.deleted or state.hidden or state.struck:
            kind = NoticeKind.HIDDEN if state.hidden else NoticeKind.DELETED
            if text.strip() and self._last_left != kind:
                self._counts[kind] += 1
                self._last_left = kind
            return
        self._last_left = "" if text.strip() else self._last_left
        paragraph = self._note if state.target == "note" and self._note else self._paragraph
        if state.script > 0:
            text = raised(text, paragraph.text[-8:])
        elif state.script < 0:
            text = lowered(text)
        paragraph.bold = paragraph.bold and (state.bold or not text.strip())
        paragraph.add(text)

    def _close(self) -> None:
        target, box = self._state.target, self._state.box
        if not self._stack:
            return
        self._state = self._stack.pop()
        if target == "note" and self._state.target != "note":
            self._end_note()
        if target == "styles" and self._names:
            self._named_style()
        if target == "fonts":
            self._named_font()
        if box and not self._state.box:
            self._end_paragraph()
            self._paragraph = self._boxes.pop()

    def _symbol(self, symbol: str) -> None:
        if symbol in SYMBOLS:
            self._emit(SYMBOLS[symbol])
        elif symbol in "\r\n":
            self._end_paragraph()

    def _word(self, word: str, number: int | None, *, starred: bool) -> None:
        if word in SKIPPED or (starred and word not in SHOWN) or word == "annotation":
            self._counts[NoticeKind.COMMENT] += word == "annotation"
            self._tokens.skip_group()
        elif word in SIGNS:
            self._emit(SIGNS[word])
        elif word == "u":
            self._unicode(number or 0)
        elif not (
            self._character(word, number)
            or self._layout(word, number)
            or self._properties(word, number)
        ):
            self._destination(word)

    def _destination(self, word: str) -> None:
        """Groups that hold something else than the text."""
        state = self._state
        if word == "fonttbl":
            state.target = "fonts"
        elif word == "stylesheet":
            state.target = "styles"
        elif word == "info":
            state.target = "info"
        elif word in INFO and state.target == "info":
            # Some programs write the author twice: when the file was made and when it was changed.
            state.target = "skip" if word in self._info else word
            self._info.setdefault(word, [])
        elif word in ("listtext", "pntext"):
            state.target = "mark"
            self._paragraph.mark = ""
        elif word == "upr":
            state.target = "upr"
        elif word == "ud":
            state.target = next(
                (s.target for s in reversed(self._stack) if s.target != "upr"), "body"
            )
        elif word == "footnote":
            self._begin_note()
        elif word == "chftn":
            self._counted = state.target == "body"
        elif word == "ftnalt":
            self._kind = "end"
        elif word in ("shptxt", "dptxbxtext") and not state.box and state.target == "body":
            state.box = True
            self._boxes.append(self._paragraph)
            self._paragraph = Paragraph()

    def _character(self, word: str, number: int | None) -> bool:
        """What a control word says of the characters after it."""
        state, on = self._state, number != 0
        if word in ("ansi", "mac", "pc", "pca", "ansicpg", "cpg", "f", "fcharset", "deff"):
            self._code_page(word, number or 0)
        elif word == "b":
            state.bold = on
        elif word == "uc":
            state.after = max(0, number if number is not None else 1)
        elif word == "v":
            state.hidden = on
        elif word in ("deleted", "mvf"):
            state.deleted = on
        elif word in ("strike", "striked"):
            state.struck = on
        elif word in ("super", "sub", "nosupersub"):
            state.script = {"super": 1, "sub": -1}.get(word, 0) if on else 0
        elif word in ("up", "dn"):
            state.script = 0 if number == 0 else (1 if word == "up" else -1)
        elif word == "plain":
            state.hidden = state.deleted = state.struck = False
            state.bold = False
            state.script = 0
            state.font = ""
            state.codec = self._fonts.get(
                -1 if self._default is None else self._default, self._codec
            )
        else:
            return False
        return True

    def _code_page(self, word: str, number: int) -> None:
        state = self._state
        if word == "deff":
            self._default = number
        elif word in ("ansi", "mac", "pc", "pca"):
            self._codec = {"mac": "mac-roman", "pc": "cp437", "pca": "cp850"}.get(word, "cp1252")
            state.codec = self._codec
        elif word == "ansicpg":
            self._codec = state.codec = codec_of(number, self._codec)
        elif state.target == "fonts":
            self._named_font()
            if word == "f":
                self._font = number
                self._fonts.setdefault(number, self._codec)
            elif word == "fcharset":
                self._fonts[self._font] = charset_codec(number, self._codec)
            elif word == "cpg":
                self._fonts[self._font] = codec_of(number, self._codec)
        elif word == "f":
            state.codec = self._fonts.get(number, self._codec)
            state.font = self._signs.get(number, "")

    def _unicode(self, number: int) -> None:
        code = number + 0x10000 if number < 0 else number
        self._skip = self._state.after
        if 0xD800 <= code < 0xDC00:
            self._high = code
        elif 0xDC00 <= code < 0xE000 and self._high:
            pair = 0x10000 + ((self._high - 0xD800) << 10) + (code - 0xDC00)
            self._high = 0
            self._emit(chr(pair))
        elif 0xF020 <= code <= 0xF0FF:
            # Symbol fonts keep their signs there; in a list they are its bullets.
            bullet = self._state.target == "mark" or code == 0xF0B7
            self._emit("•" if bullet else symbol(self._state.font, code) or "")
        elif 0 < code <= 0x10FFFF:
            self._emit(chr(code))

    def _layout(self, word: str, number: int | None) -> bool:
        """Ends of paragraphs, cells and rows."""
        if word in ("par", "sect"):
            if self._state.target == "note" and self._note:
                self._note.add(" ")
            elif self._paragraph.in_table:
                self._paragraph.add("\n")
            else:
                self._end_paragraph()
        elif word == "cell":
            self._end_cell()
        elif word == "row":
            self._end_row()
        elif word == "trowd":
            self._row.edges, self._row.merges, self._row.header = [], [], False
            self._merge = set()
        elif word in ("clmgf", "clmrg", "clvmgf", "clvmrg"):
            self._merge.add(word)
        elif word == "cellx":
            self._row.edges.append(number or 0)
            self._row.merges.append(frozenset(self._merge))
            self._merge = set()
        elif word == "trhdr":
            self._row.header = True
        else:
            return False
        return True

    def _properties(self, word: str, number: int | None) -> bool:
        """What a control word says of the paragraph, of a style, or of the file."""
        paragraph, target = self._paragraph, self._state.target
        if word not in _PROPERTIES:
            return False
        if target == "styles":
            self._style_word(word, number)
        elif target == "creatim":
            self._made[word] = number or 0
        elif target != "body":
            return True
        elif word == "pard":
            paragraph.style = paragraph.outline = None
            paragraph.level = paragraph.indent = 0
            paragraph.in_table = False
        elif word == "s":
            paragraph.style = number
        elif word == "outlinelevel":
            paragraph.outline = number
        elif word in ("ilvl", "pnlvl"):
            paragraph.level = max(0, (number or 0) - (word == "pnlvl"))
        elif word == "li":
            paragraph.indent = number or 0
        elif word == "intbl":
            paragraph.in_table = True
        return True

    def _style_word(self, word: str, number: int | None) -> None:
        if word == "s":
            self._style = number or 0
            self._names = []
        elif word == "outlinelevel" and number is not None and number < 9:
            self._styles.setdefault(self._style, number + 1)

    def _named_style(self) -> None:
        """The level of the style whose name was read."""
        name = "".join(self._names).strip().rstrip(";").strip()
        self._names = []
        heading = HEADING_STYLE.match(name)
        if heading:
            self._styles[self._style] = int(heading["level"])
        elif TITLE_STYLE.fullmatch(name):
            self._styles[self._style] = 1

    def _named_font(self) -> None:
        """Keep the font whose name was read where it shows signs."""
        name = "".join(self._names).strip().rstrip(";").strip().lower()
        self._names = []
        if name in PICTURE_FONTS:
            self._signs[self._font] = name

    # Notes

    def _begin_note(self) -> None:
        self._state.target = "note"
        self._state.script = 0
        self._note = Paragraph()
        self._kind = self._own = ""
        before = self._paragraph.text
        # A mark of one's own stands raised right before the note.
        own = None if self._counted else re.search(r"[⁰¹²³⁴-⁹]{1,3}$|(?<=\S)\*{1,3}$", before)
        self._counted = False
        if own and not self._state.hidden:
            self._own = own[0].translate(_PLAIN)
            self._paragraph.pieces = [before[: own.start()]]

    def _end_note(self) -> None:
        note, self._note = self._note, None
        text = one_line(note.text) if note else ""
        text = re.sub(r"^(?:[⁰¹²³⁴-⁹]{1,3}|\*{1,3})\s*", "", text)
        if text and not (self._state.hidden or self._state.deleted):
            self._numbers[self._kind] += not self._own
            number = self._numbers[self._kind]
            mark = self._own or (roman(number) if self._kind else str(number))
            self._paragraph.add(MARK)
            self._paragraph.notes.append(Part(BlockRole.NOTE, text, mark=mark))

    # Paragraphs and tables

    def _end_paragraph(self) -> None:
        paragraph = self._paragraph
        if self._state.deleted and paragraph.text.strip():
            paragraph.add(" ")  # a paragraph's end that was deleted
            return
        self._paragraph = replace(paragraph, pieces=[], notes=[], mark="", bold=True)
        text, anchors = settled(_spaced(paragraph.text))
        if not text.strip():
            if self._rows and not paragraph.in_table and not self._row.cells:
                self._end_table()  # an empty line parts two tables
            return
        self._end_table()
        lead = len(text) - len(text.lstrip())
        part = self._part(paragraph, text.strip())
        moved = len(text.strip()) - len(part.text)
        if part.role is BlockRole.ITEM:
            part = replace(part, level=max(part.level, self._depth(paragraph.indent)))
        else:
            self._indents.clear()
        if paragraph.bold and part.role is BlockRole.PARAGRAPH:
            self._strong.append(len(self._parts))
        self._parts.append(part)
        for anchor, note in zip(anchors, paragraph.notes, strict=False):
            place = min(len(part.text), max(0, anchor - lead - moved))
            self._parts.append(replace(note, anchor=place))

    def _depth(self, indent: int) -> int:
        """The level of a list's item by its indent, among the items right before it."""
        while self._indents and self._indents[-1] > indent:
            self._indents.pop()
        if not self._indents or self._indents[-1] < indent:
            self._indents.append(indent)
        return len(self._indents)

    def _part(self, paragraph: Paragraph, text: str) -> Part:
        mark = one_line(paragraph.mark)
        listed = bool(paragraph.mark.strip())
        bullet = listed and _BULLET.fullmatch(mark)
        mark = "" if bullet else mark
        level = paragraph.outline + 1 if paragraph.outline is not None else 0
        level = level if 0 < level < 10 else self._styles.get(paragraph.style or -1, 0)
        if level and len(text) <= _HEADING_CHARS:
            return Part(BlockRole.HEADING, " ".join(text.split()), level=level, mark=mark)
        if listed and not ARTICLE.match(f"{mark} "):
            return Part(BlockRole.ITEM, text, level=paragraph.level + 1, mark=mark)
        typed = None if listed else item_mark(text, 0, len(text))
        if typed and (not typed.text or typed.text[0].isdigit() or typed.text[-1] == ")"):
            return Part(BlockRole.ITEM, text[typed.end :], level=1, mark=typed.text)
        return Part(BlockRole.PARAGRAPH, text, mark=mark)

    def _end_cell(self) -> None:
        paragraph = self._paragraph
        mark = one_line(paragraph.mark)
        text = f"{mark} {paragraph.text}" if mark else paragraph.text
        self._row.cells.append(text)
        notes, self._paragraph = (
            paragraph.notes,
            replace(paragraph, pieces=[], notes=[], mark="", bold=True),
        )
        self._cell_notes += notes

    def _end_row(self) -> None:
        self._rows.append(self._row)
        self._row = Row([], list(self._row.edges), list(self._row.merges), self._row.header)

    def _end_table(self) -> None:
        if self._row.cells:
            self._end_row()
        rows, self._rows = self._rows, []
        if not rows:
            return
        for row in rows:
            row.cells = [settled(_spaced(cell).replace("\t", " "))[0] for cell in row.cells]
        self._parts += parts_of(rows)
        self._parts += self._cell_notes
        self._cell_notes = []


def _spaced(text: str) -> str:
    """Clean text; a single tab in a line is a space, for it parts no columns."""
    text = clean(text)
    lines = text.split("\n")
    lines = [line if line.strip().count("\t") > 1 else line.replace("\t", " ") for line in lines]
    return "\n".join(re.sub(" {2,}", " ", line).strip(" ") for line in lines)

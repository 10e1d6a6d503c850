"""The HTML that Outlook keeps inside of compressed RTF ([MS-OXRTFCP] and [MS-OXRTFEX])."""

import codecs
import re
import struct

__all__ = ["html_in_rtf", "unpacked_rtf"]

MAX_BYTES = 16 << 20
_PACKED, _PLAIN = b"LZFu", b"MELA"
_WINDOW = 4096
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    b"\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0"
    b"\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)
_TOKEN = re.compile(
    rb"\\'([0-9a-fA-F]{2})"
    rb"|\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_SKIPPED = frozenset((b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pntext", b"pict"))
_LETTERS = {b"par": "\r\n", b"line": "\r\n", b"tab": "\t", b"lquote": "‘", b"rquote": "’"}
_LETTERS |= {b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"endash": "–", b"emdash": "—"}
# The code page of a font's character set.
_CHARSETS = {0: "cp1252", 128: "cp932", 134: "gbk", 136: "cp950", 161: "cp1253", 162: "cp1254"}
_CHARSETS |= {177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 238: "cp1250"}


def unpacked_rtf(data: bytes) -> bytes:
    """The RTF of a message's property; empty where it is none."""
    if len(data) < 16:
        return b""
    size, kind = struct.unpack_from("<4xI4s", data)
    if kind == _PLAIN:
        return data[16 : 16 + size]
    if kind != _PACKED or size > MAX_BYTES:
        return b""
    out = bytearray(_DICTIONARY)
    at = 16
    while at < len(data) and len(out) < size + len(_DICTIONARY):
        control, at = data[at], at + 1
        for bit in range(8):
            if at >= len(data):
                break
            if not control >> bit & 1:
                out.append(data[at])
                at += 1
                continue
            if at + 2 > len(data):
                return bytes(out[len(_DICTIONARY) :])
            reference = data[at] << 8 | data[at + 1]
            at += 2
            length = (reference & 0xF) + 2
            # Offsets are places in a ring of 4096 bytes; the end of the text is at one of them.
            back = (len(out) - (reference >> 4)) % _WINDOW
            if back == 0:
                return bytes(out[len(_DICTIONARY) :])
            for _ in range(length):
                out.append(out[-back] if back <= len(out) else 0x20)
    return bytes(out[len(_DICTIONARY) : len(_DICTIONARY) + size])


def html_in_rtf(rtf: bytes) -> str | None:
    """The HTML from which RTF was made; None where it was not made from HTML."""
    if b"\\fromhtml1" not in rtf[:2000]:
        return None
    return _Reader(rtf).html()


class _State:
    """What holds until a group ends."""

    def __init__(self) -> None:
        self.skipped = self.tag = self.hidden = False
        self.unicode_skip = 1
        self.codec = ""

    def copy(self) -> "_State":
        other = _State()
        other.__dict__.update(self.__dict__)
        return other


class _Reader:
    def __init__(self, rtf: bytes) -> None:
        self._rtf = rtf
        page = re.search(rb"\\ansicpg(\d+)", rtf[:2000])
        self._page = _codec(f"cp{page[1].decode()}" if page else "cp1252")
        fonts = re.finditer(
            rb"\\f(\d+)(?:\\[a-z]{1,12}-?\d{0,9}){0,9}?\\fcharset(\d+)", rtf[:100_000]
        )
        self._fonts = {int(font[1]): _CHARSETS.get(int(font[2]), "") for font in fonts}
        self._out: list[str] = []
        self._bytes = bytearray()
        self._state = _State()
        self._stack: list[_State] = []
        self._star = False
        self._to_skip = 0

    def html(self) -> str:
        for match in _TOKEN.finditer(self._rtf):
            code, word, number, symbol, brace, text = match.groups()
            if code:
                self._byte(int(code, 16))
                continue
            if text and not self._to_skip and not self._is_silent():
                self._bytes += text
                continue
            self._flush()
            if brace:
                self._group(brace)
            elif symbol:
                self._symbol(symbol)
            elif word:
                self._word(word, int(number) if number else None)
            elif text:
                kept, self._to_skip = text[self._to_skip :], max(0, self._to_skip - len(text))
                self._bytes += b"" if self._is_silent() else kept
        self._flush()
        return "".join(self._out)

    def _is_silent(self) -> bool:
        state = self._state
        return state.skipped or (state.hidden and not state.tag)

    def _flush(self) -> None:
        if self._bytes:
            codec = "" if self._state.tag else self._state.codec
            self._out.append(self._bytes.decode(codec or self._page, "replace"))
            self._bytes.clear()

    def _byte(self, value: int) -> None:
        if self._to_skip:
            self._to_skip -= 1
        elif not self._is_silent():
            self._bytes.append(value)

    def _group(self, brace: bytes) -> None:
        self._to_skip, self._star = 0, False
        if brace == b"{":
            self._stack.append(self._state)
            self._state = self._state.copy()
        elif self._stack:
            self._state = self._stack.pop()

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._star = True
        elif not self._is_silent():
            self._out.append(
                {"~": "\xa0", "_": "\u2011", "-": "\xad"}.get(
                    symbol.decode("latin-1"), symbol.decode("latin-1")
                )
            )

    def _word(self, word: bytes, number: int | None) -> None:
        state = self._state
        star, self._star = self._star, False
        if word == b"htmltag":
            state.tag = star
        elif star or word in _SKIPPED:
            state.skipped = True
        elif word == b"htmlrtf":
            state.hidden = number != 0
        elif word == b"uc":
            state.unicode_skip = number or 0
        elif word == b"f" and number is not None:
            state.codec = _codec(self._fonts.get(number, ""))
        elif word == b"u" and number is not None:
            if not self._is_silent():
                self._out.append(chr(number % 0x10000))
            self._to_skip = state.unicode_skip
        elif word in _LETTERS and not self._is_silent():
            self._out.append(_LETTERS[word])


def _codec(name: str) -> str:
    try:
        return codecs.lookup(name).name if name else ""
    except LookupError:
        return "cp1252"

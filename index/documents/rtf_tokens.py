"""The words of RTF: groups, control words, bytes; and the code pages of its bytes. Pure."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Token", "Tokens", "charset_codec", "codec_of"]

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n\x00]+"
    rb"|([^\\{}\r\n\x00]+)|(.)",
    re.DOTALL,
)
_BRACE = re.compile(rb"\\bin(\d{1,10}) ?|\\[\\{}]|([{}])")
# A font's character set: the code page of its bytes.
_CHARSETS = {
    77: "mac-roman",
    78: "cp932",
    128: "cp932",
    129: "cp949",
    130: "johab",
    134: "gbk",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
    254: "cp437",
    255: "cp850",
}
_PAGES = {10000: "mac-roman", 65001: "utf-8", 936: "gbk", 1361: "johab", 28591: "cp1252"}


@dataclass(frozen=True, slots=True)
class Token:
    """``{`` or ``}``, a control word with its number, or text as the bytes of one code page."""

    kind: str  # "{", "}", "word", "symbol", "hex", "text"
    word: str = ""
    number: int | None = None
    data: bytes = b""


def charset_codec(charset: int, default: str) -> str:
    """The codec of a font's character set; those without one are in the document's."""
    return _CHARSETS.get(charset, default)


def codec_of(page: int, default: str) -> str:
    """The codec of a numbered code page."""
    name = _PAGES.get(page, f"cp{page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return default


class Tokens:
    """The tokens of RTF, of which the rest of a group may be skipped."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def skip_group(self) -> None:
        """Go to just before the brace that ends the group."""
        depth = 0
        while match := _BRACE.search(self._data, self._at):
            if match[1]:
                self._at = match.end() + int(match[1])
                continue
            if match[2] == b"{":
                depth += 1
            elif match[2] == b"}":
                if depth == 0:
                    self._at = match.start()
                    return
                depth -= 1
            self._at = match.end()
        self._at = len(self._data)

    def __iter__(self) -> Iterator[Token]:
        while match := _TOKEN.match(self._data, self._at):
            self._at = match.end()
            token = _token(match)
            if token is None:
                continue
            if token.word == "bin":
                self._at += max(0, token.number or 0)
                continue
            yield token


def _token(match: re.Match[bytes]) -> Token | None:
    word, number, hexed, symbol, brace, text, _ = match.groups()
    if text is not None:
        return Token("text", data=text)
    if word is not None:
        return Token("word", word.decode("ascii"), None if number is None else int(number))
    if hexed is not None:
        return Token("hex", data=bytes.fromhex(hexed.decode("ascii")))
    if brace is not None:
        return Token(brace.decode("ascii"))
    return Token("symbol", symbol.decode("latin-1")) if symbol is not None else None

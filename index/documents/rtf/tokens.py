"""The words of RTF: groups, control words, bytes; and the code pages of its bytes. Pure."""

import codecs
import re
from collections.abc import Iterator
from typing import NamedTuple

from index.documents.rtf.words import WORDS

__all__ = ["Token", "Tokens", "charset_codec", "codec_of"]


def _any_of(words: frozenset[str]) -> bytes:
    """A pattern for one of the words, parted by their first letters so that it is quick."""
    rests: dict[str, list[str]] = {}
    for word in sorted(words, key=len, reverse=True):
        rests.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{first}(?:{'|'.join(of)})" for first, of in rests.items()).encode("ascii")


# Of the control words only those that mean something to the reader are seen; runs of others, most
# of all that there are, are passed over at once.
_TOKEN = re.compile(
    rb"(?:[\r\n\x00]++|\\(?!(?:" + _any_of(WORDS) + rb")(?![a-zA-Z]))"
    rb"[a-zA-Z]{1,32}+(?:-?\d{1,10}+)?+ ?+)*+"
    rb"(?:([^\\{}\r\n\x00]++)|([{}])|\\(\*\\)?([a-zA-Z]{1,32})(-?\d{1,10})? ?"
    rb"|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|(.)|$)",
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


class Token(NamedTuple):
    """``{`` or ``}``, a control word with its number, or text as the bytes of one code page.

    A starred word begins a group that those may pass over who do not know it.
    """

    kind: str  # "{", "}", "word", "star", "symbol", "text"
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
        while self._at < len(self._data) and (match := _TOKEN.match(self._data, self._at)):
            self._at = match.end()
            token = _token(match)
            if token is None:
                continue
            if token.word == "bin":
                self._at += max(0, token.number or 0)
                continue
            yield token


_BRACES = {b"{": Token("{"), b"}": Token("}")}


def _token(match: re.Match[bytes]) -> Token | None:
    text, brace, star, word, number, hexed, symbol, _ = match.groups()
    if text is not None:
        return Token("text", "", None, text)
    if brace is not None:
        return _BRACES[brace]
    if word is not None:
        kind = "star" if star else "word"
        return Token(kind, word.decode("ascii"), None if number is None else int(number))
    if hexed is not None:
        return Token("text", "", None, bytes.fromhex(hexed.decode("ascii")))
    return Token("symbol", symbol.decode("latin-1")) if symbol is not None else None

"""Bytes to clean text. Every text that is indexed went through ``clean``."""

import codecs
import re
import unicodedata
from collections.abc import Sequence

from index.documents.codepages import guessed, without_mark

__all__ = ["clean", "clean_pages", "decode", "decoded", "one_line"]

_BOMS = (
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Ends of lines and of pages, and what else is shown as another character.
_SHOWN = {
    **dict.fromkeys("\r\v\x85\u2028", "\n"),
    **dict.fromkeys("\f\u2029", "\n\n"),
    **dict.fromkeys("\u2010\u2011", "-"),  # hyphens that are shown like the common one
}
_JOINING = frozenset("\u200c\u200d")
# Controls, marks that show nothing, and the marks that reorder text on the screen: a quote must
# read as it looks. Tabs and line feeds stay.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff\ufffe\uffff]"
)
# Between Latin letters they show nothing either; emoji and other scripts need them.
_JOINERS = re.compile("(?<![^\x00-\u036f\u1e00-\u1eff])[\u200c\u200d]+")
_SPACES = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Any character that the patterns above change: most texts have none.
_UNCLEAN = re.compile(
    f"[\r\v\f\x85\u2010\u2011\u2028\u2029\u200c\u200d{_INVISIBLE.pattern[1:-1]}{_SPACES.pattern[1:-1]}]"
)
_CUT = "unexpected end of data"
_ONE_BYTE = ("iso8859", "cp125", "ascii", "mac-", "cp850", "cp437")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
_MOST_CONTROLS = 0.02
# Characters before a page's start among which a printable ASCII one is looked for.
_LOOKED_BACK = 200


def decode(data: bytes, declared: str | None = None) -> str:
    """Text of plain bytes: by byte-order mark, declared encoding, UTF-8, or what they look like.

    Raises ValueError if the bytes are no text.
    """
    return decoded(data, declared)[0]


def decoded(data: bytes, declared: str | None = None) -> tuple[str, bool]:
    """As `decode`, and whether the encoding is certain."""
    text, certain = _decoded(data, declared)
    text = text.rstrip("\x00")  # with which some programs fill a file up
    controls = len(_CONTROL.findall(text))
    if controls > 2 + _MOST_CONTROLS * len(text):
        raise ValueError("binary data")
    return text, certain


def _decoded(data: bytes, declared: str | None) -> tuple[str, bool]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            if encoding == "utf-8-sig":
                data = data[len(mark) :]
                break
            return data.decode(encoding, errors="ignore"), True
    wide = without_mark(data)
    if wide:
        return data.decode(wide, errors="ignore"), True
    if declared and _is_narrow(declared) and not data.isascii():
        # Pages and mails that call themselves Latin-1 and are UTF-8 are many; by chance no text is.
        try:
            return data.decode("utf-8"), True
        except UnicodeDecodeError:
            pass
    for encoding in filter(None, (declared, "utf-8")):
        try:
            # What calls itself Latin-1 is Windows-1252, as browsers read it.
            latin = codecs.lookup(encoding).name in ("iso8859-1", "ascii")
            return data.decode("cp1252" if latin else encoding), True
        except LookupError:
            continue
        except UnicodeDecodeError as exc:
            whole = data[: exc.start]
            if encoding == "utf-8" and exc.reason == _CUT and not whole.isascii():
                return whole.decode(encoding), True  # the file ends inside of a character
            continue
    return guessed(data)


def _is_narrow(encoding: str) -> bool:
    """Whether an encoding has one byte for a character."""
    try:
        return codecs.lookup(encoding).name.startswith(_ONE_BYTE)
    except LookupError:
        return False


def clean(text: str) -> str:
    r"""The text as a reader sees it: NFC, ``\n`` line ends, plain spaces, nothing invisible.

    What is clean stays as it is.
    """
    odd = set(_UNCLEAN.findall(text))
    if not odd:
        return unicodedata.normalize("NFC", text)
    # Few kinds of characters are odd in a text: each is replaced in a pass of its own.
    if "\r" in odd:
        text = text.replace("\r\n", "\n")
    for sign in odd - _JOINING:
        text = text.replace(sign, _SHOWN.get(sign, "" if _INVISIBLE.match(sign) else " "))
    text = unicodedata.normalize("NFC", text)
    # Joiners are judged by their neighbours, which are known only now. Then letters may compose.
    return unicodedata.normalize("NFC", _JOINERS.sub("", text)) if odd & _JOINING else text


def one_line(text: str) -> str:
    """The clean text on one line, with single spaces."""
    if not text.isascii() or not text.isprintable():
        text = clean(text)
    return " ".join(text.split())


def clean_pages(text: str, starts: Sequence[int]) -> tuple[str, tuple[int, ...]]:
    """The clean text, and the offsets at which its pages, ascending from 0, begin then."""
    cleaned = clean(text)
    if cleaned == text:
        return text, tuple(starts)
    cleaned_starts: list[int] = []
    at = cleaned_at = 0  # the same place in the text and in the clean text
    for start in starts:
        # A text may be cut before a printable ASCII character: what is before it and what is after
        # it are cleaned, or composed, by themselves.
        lowest = max(at, start - _LOOKED_BACK)
        places = range(start, lowest, -1)
        cut = next((place for place in places if " " <= text[place : place + 1] <= "~"), lowest)
        at, cleaned_at = cut, cleaned_at + len(clean(text[at:cut]))
        offset = min(cleaned_at + len(clean(text[cut:start])), len(cleaned))
        cleaned_starts.append(max([offset, *cleaned_starts[-1:]]))
    return cleaned, tuple(cleaned_starts)

"""Which encoding bytes without a mark are in, by the letters that stand beside each other. Pure."""

import codecs
import re

__all__ = ["guessed", "without_mark"]

_SAMPLE = 4096  # characters outside of ASCII that are looked at
_BESIDE = 8  # characters on each side of them
_HEAD = 8192  # bytes in which NUL bytes are counted
_HIGH = re.compile(rb"[\x80-\xff]+")
_NOT_PLAIN = re.compile(rb"[^\t\n\r -~]")
# What UTF-8 makes of the characters of Western languages: two bytes, or a mark or sign of three.
_UTF8_PAIR = re.compile(rb"[\xc2\xc3][\x80-\xbf]|\xe2[\x80-\x84][\x80-\xbf]")
_SPANISH = frozenset("áéíóúñ")
_MARKS = frozenset("'’")
_OPENING = frozenset("¿¡«“‘")
_CLOSING = frozenset("»”’…")
_ORDINALS = frozenset("ºª°")
_WORDS = frozenset("áéíóúàèìòùâêôåöªº")  # of one letter
_BESIDE_WORD = re.compile(rb"[0-9A-Za-z\x80-\xff'.-]")
# The letters ó and ñ of an old Mac are dashes in Windows: resoluci—n, se–or.
_DASHED = re.compile(r"ci—n(?![^\W\d_])|(?<![^\W\d_]{6})[aeiouAEIOU]–(?=[aeiou][^\W\d_]{0,5}\b)")
# Signs that stand in texts, but never between two letters.
_SIGNS = frozenset("€£¢§©®™†•·¼½¾²³¹±×µ")


def without_mark(data: bytes) -> str | None:
    """The name of UTF-16 or UTF-32 that has no byte-order mark; None for what is neither.

    Their characters of Western languages have NUL bytes, always in the same places.
    """
    head = data[: _HEAD - _HEAD % 4]
    head = head[: len(head) - len(head) % 4] or head[: len(head) - len(head) % 2]
    if head.count(0) * 3 < len(head):
        return None
    others = head.replace(b"\0", b"")
    plain = len(others) - len(_NOT_PLAIN.findall(others))
    if not head or 2 * plain < len(others):
        return None
    zeros = [head[place::4].count(0) * 4 for place in range(4)]
    full = [count >= 0.7 * len(head) for count in zeros]
    empty = [count <= 0.1 * len(head) for count in zeros]
    forms = {
        "utf-16-le": (empty[0], full[1], empty[2], full[3]),
        "utf-16-be": (full[0], empty[1], full[2], empty[3]),
        "utf-32-le": (empty[0], full[1], full[2], full[3]),
        "utf-32-be": (full[0], full[1], full[2], empty[3]),
    }
    return next((name for name, places in forms.items() if all(places)), None)


def guessed(data: bytes) -> tuple[str, bool]:
    """The text of bytes that are no plain UTF-8, and whether its encoding is certain.

    Where the characters are UTF-8 but for some bytes, only these are read as Windows-1252. Else it
    is Windows-1252, unless its signs would stand where no text has them and the letters of DOS
    (code page 850) or of an old Mac stand where Spanish has its own.
    """
    if _UTF8_PAIR.search(data):
        text = data.decode("utf-8", errors=_HANDLER)
        good, bad = _judged(_sampled(data, "utf-8"))
        if good > bad:
            return text, True
    windows = _judged(_sampled(data, "cp1252"))
    best, score = "cp1252", windows
    if windows[1]:
        for encoding in ("cp850", "mac-roman"):
            good, bad = _judged(_sampled(data, encoding))
            if 4 * bad <= windows[1] and good > max(windows[0], 2 * bad) and good > score[0]:
                best, score = encoding, (good, bad)
    certain = score[1] <= score[0]
    return data.decode(best, errors=_HANDLER), certain


def _one_byte(error: UnicodeError) -> tuple[str, int]:
    """A byte that an encoding does not know, as Windows-1252; what it does not know, as Latin-1.

    A letter that stands alone and is no word is what a broken file has left, not text.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    end = error.start + 1
    byte = error.object[error.start : end]
    try:
        letter = byte.decode("cp1252")
    except UnicodeDecodeError:
        return byte.decode("latin-1"), end
    beside = error.object[max(0, error.start - 1) : error.start] + error.object[end : end + 1]
    stray = letter.isalpha() and letter.lower() not in _WORDS and not _BESIDE_WORD.search(beside)
    return "" if stray else letter, end


_HANDLER = "single-bytes-as-windows-1252"
codecs.register_error(_HANDLER, _one_byte)


def _sampled(data: bytes, encoding: str) -> str:
    """The words around the first bytes outside of ASCII."""
    spans: list[tuple[int, int]] = []
    count = 0
    for match in _HIGH.finditer(data):
        start, end = max(0, match.start() - _BESIDE), match.end() + _BESIDE
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        count += match.end() - match.start()
        if count >= _SAMPLE:
            break
    return b"\n".join(data[a:b] for a, b in spans).decode(encoding, errors=_HANDLER)


def _judged(text: str) -> tuple[int, int]:
    """How many characters outside of ASCII stand where a text has them, and how many do not."""
    good = bad = 0
    padded = f" {text} "
    for before, character, after in zip(padded, padded[1:], padded[2:], strict=False):
        if character > "\x7f":
            value = _value(before, character, after)
            good, bad = good + max(0, value), bad + max(0, -value)
    return good, bad + 2 * len(_DASHED.findall(text))


def _value(before: str, character: str, after: str) -> int:
    if character.isalpha() and character not in _ORDINALS:
        return _value_of_letter(before, character, after)
    between = before.isalpha() and after.isalpha()
    if character in "–—\xa0":
        value = 0
    elif character in _MARKS:
        value = int(before.isalpha())
    elif character in _OPENING:
        value = -2 if before.isalnum() else int(after.isalnum() or after in "¿¡«“‘")
    elif character in _CLOSING:
        value = -1 if between else 1
    elif character in _ORDINALS:
        ordinal = before.isdigit() or (before.isalpha() and not after.isalpha())
        value = 1 if ordinal else -1
    elif character in _SIGNS:
        glued = (character in "£¢" and after.isalpha()) or (character in "¼½¾" and before.isalpha())
        value = -2 if between or glued else 0
    else:
        value = -2 if between or "\x80" <= character <= "\x9f" else -1
    return value


def _value_of_letter(before: str, character: str, after: str) -> int:
    if character > "\u024f":
        return -2
    if character == "œ" and after != "u":
        return -1
    lower = character.islower()
    near = [neighbour for neighbour in (before, after) if neighbour.isalpha()]
    if lower:
        # Between capitals, or after a sign or digit, no small letter stands.
        if not near:
            return 0 if before in " \n(" and after in " \n,." else -2
        fits = all(n.islower() for n in near) or (before.isupper() and after.islower())
        return (2 if character in _SPANISH else 1) if fits else -2
    if before.islower() or before.isdigit():
        return -2
    return 1 if near else -1

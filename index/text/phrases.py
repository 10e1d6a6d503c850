r"""Where the exact words of a phrase stand in a text.

Capitals and accents do not count (but an ñ in the phrase is no n), nor does the white space between
words, nor the kind of dash or apostrophe. Double quotation marks may stand around words or not. A
word may be broken once at the end of a line (``cami-\nno``). All other signs count. Only whole
words are found. Pure.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from index.text.folding import fold

__all__ = ["Phrase"]

Span = tuple[int, int]

_DASHES = "-‐‑‒–—―−"
_APOSTROPHES = "'’‘‛`´"
_MARK = '["“”„‟«»″]'
_AT_MOST = 100  # characters of white space between two words
_SPACE = rf"[\s{_MARK[1:-1]}]{{1,{_AT_MOST}}}"
_END_OF_LINE = r"[ \t]{0,20}\n[ \t]{0,20}"
_BROKEN = f"[-‐]{_END_OF_LINE}"
_BREAK = 42  # characters of it, at most
_TWICE = re.compile(rf"[^\W_](?:{_BROKEN}[^\W_]+){{2}}")
_LAST = 0x2E00  # above it, no letter has a simpler one
# Accents that tantivy does not fold as we do: who looks for them has to write them.
_KEPT = frozenset("İǦǧ")
_WORD = re.compile(r"[^\W_]+")


class Phrase:
    """A phrase to look for.

    ``words`` are its words, folded; ``reach`` is how many characters a mention has at most. Without
    anything but white space and quotation marks it is empty (``bool(phrase)``), and found nowhere.
    """

    def __init__(self, phrase: str) -> None:
        words = re.sub(rf"(?<=\w){_MARK}+(?=\w)", " ", phrase)
        signs = " ".join(re.sub(_MARK, "", words).split())
        self.words = tuple(_WORD.findall(_folded(signs)))
        self._pattern, self.reach = _compiled(signs)

    def __bool__(self) -> bool:
        return self.reach > 0

    def spans(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
        """The offsets of the mentions between two offsets, in order; they do not overlap."""
        at, stop = start, len(text) if end is None else end
        while self and (match := self._pattern.search(text, at, stop)):
            if _is_whole(text, match.start(), match.end()) and not _TWICE.search(match[0]):
                yield match.span()
                at = match.end()
            else:
                at = match.start() + 1


def _compiled(signs: str) -> tuple[re.Pattern[str], int]:
    """The pattern of these signs, and how many characters it matches at most."""
    pattern, reach = "", 0
    for before, sign in zip(f" {signs}", signs, strict=False):
        if sign.isalpha() and before.isalpha():
            pattern, reach = f"{pattern}(?:{_BROKEN})?", reach + _BREAK
        elif pattern and " " not in {before, sign} and not (before.isalnum() and sign.isalnum()):
            pattern, reach = f"{pattern}{_MARK}{{0,3}}", reach + 3
        one, most = _one(sign)
        pattern, reach = pattern + one, reach + most
    return re.compile(pattern), reach


def _one(sign: str) -> tuple[str, int]:
    """What stands for a sign of the phrase, and how many characters that is at most."""
    if sign == " ":
        return _SPACE, _AT_MOST
    if sign in _DASHES:
        return f"[{re.escape(_DASHES)}](?:{_END_OF_LINE})?", _BREAK
    if sign in _APOSTROPHES:
        return f"[{_APOSTROPHES}]", 1
    if sign in "ñÑ":  # another letter than n, for who writes it
        return "[ñÑ]", 1
    return f"[{re.escape(_letters().get(_folded(sign), sign))}]", 1


def _folded(text: str) -> str:
    return "".join(sign if sign in _KEPT else fold(sign) or sign for sign in text)


@cache
def _letters() -> dict[str, str]:
    """The characters that are folded to the same."""
    same: dict[str, str] = {}
    for sign in map(chr, range(_LAST)):
        if sign.isalnum() and len(folded := _folded(sign)) == 1:
            same[folded] = same.get(folded, "") + sign
    return same


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word goes on beyond these offsets."""
    return not (_are_joined(text, start) or _are_joined(text, end))


def _are_joined(text: str, at: int) -> bool:
    """Whether a letter or digit stands before an offset, and one, or an accent, after it."""
    if not 0 < at < len(text):
        return False
    before, after = (unicodedata.category(sign)[0] for sign in text[at - 1 : at + 1])
    return before in "LNM" and after in "LNM"

"""Words of hard-wrapped text that a line end cuts in two. Pure.

The word is made whole and the line ends after it: ``coope-`` / ``ración entre`` becomes
``cooperación`` / ``entre``. The hyphen of a compound stays: ``franco-alemana``.
"""

import re
from collections import Counter
from functools import cache

__all__ = ["whole_words"]

_CUT = re.compile(r"(?P<first>[^\W\d_]+(?:[-‐][^\W\d_]+)*)(?P<hyphen>[-‐\xad¬])[ \t]*$")
_REST = re.compile(r"(?P<page>[ \t]*\f?)[ \t]*(?P<rest>[^\W\d_]+)(?P<after>\S*)[ \t]*")
_WORD = re.compile(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*")
_HYPHENS = frozenset("-‐\xad¬")
_MIN_LINE = 30  # characters
# The first parts of compounds that keep their hyphen.
_FIRST_PARTS = """
    anglo franco hispano luso germano italo ítalo greco austro chino ruso judeo árabe turco sino
    indo afro norte sur centro este oeste castellano catalano vasco argentino mexicano chileno
    español francés inglés alemán cívico socio político económico jurídico técnico
    teórico práctico histórico físico químico médico público científico lógico cultural
    self well non half high low long short ex cross all ever co first second third
    decision evidence state user cost part full time
"""
_COMPOUND = frozenset(_FIRST_PARTS.split())
_LEARNED = re.compile(r"[^\W\d_]*[áéíóú][^\W\d_aeiouáéíóú]+ico")
_VOWELS = frozenset("aeoáéóAEOÁÉÓ")


def whole_words(text: str) -> str:
    """The text, its lines ending with a line feed, in which no line ends inside of a word."""
    if not _may_cut(text):
        return text
    words = cache(lambda: Counter(word.lower() for word in _WORD.findall(text)))
    lines = text.split("\n")
    kept: list[str] = []
    width = 0  # of the last line, as it was written
    for line in lines:
        ends = kept and kept[-1].rstrip(" \t")[-1:] in _HYPHENS
        cut = _CUT.search(kept[-1]) if ends else None
        rest = _REST.match(line) if cut else None
        hard = cut is not None and cut["hyphen"] in "-‐"
        narrow = hard and (width < _MIN_LINE or "|" in kept[-1])
        width = len(line)
        if cut is None or rest is None or narrow:
            kept.append(line)
            continue
        compound = hard and _is_compound(cut["first"], rest["rest"], words())
        whole = f"{cut['first']}{cut['hyphen'] if compound else ''}{rest['rest']}{rest['after']}"
        kept[-1] = kept[-1][: cut.start()] + whole
        left = rest["page"].lstrip(" \t") + line[rest.end() :]
        if left:
            kept.append(left)
    return "\n".join(kept)


def _may_cut(text: str) -> bool:
    """Whether a line ends with a hyphen after a letter, before a line that begins with one."""
    for end in (f"{hyphen}{space}\n" for hyphen in _HYPHENS for space in ("", " ")):
        at = text.find(end)
        while at >= 0:
            if text[at - 1 : at].isalpha() and at and _REST.match(text, at + len(end)):
                return True
            at = text.find(end, at + 1)
    return False


def _is_compound(first: str, rest: str, words: Counter[str]) -> bool:
    """Whether the hyphen belongs to the word, as the text's other words and its parts tell."""
    last = re.split("[-‐]", first)[-1].lower()
    whole, parted = words[f"{last}{rest}".lower()], words[f"{last}-{rest}".lower()]
    if whole != parted:
        return parted > whole
    if rest[0].isupper() and not first.isupper():
        return True
    if last in _COMPOUND or _LEARNED.fullmatch(last):
        return True
    # Spanish cuts no word between two open vowels at a line's end, unless it is a compound.
    return last[-1] in _VOWELS and rest[0] in _VOWELS

"""Text in DrawingML, as PowerPoint shows it: paragraphs with their bullets and numbers."""

import re
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from functools import lru_cache

from lxml import etree

from index.documents.decoding import clean
from index.documents.numerals import letters, roman
from index.documents.package import elements
from index.documents.parts import Part
from index.documents.raised import raised
from index.documents.superscripts import lowered
from index.documents.word.formulas import formula
from index.types import BlockRole

__all__ = ["Numbering", "child", "local", "paragraphs", "truth", "words"]

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RUN = re.compile(r"[ \t]+")
_LINE_END = re.compile(r" *\n *")
_BULLETS = frozenset(("buNone", "buChar", "buAutoNum", "buBlip"))
_NUMBERS: dict[str, Callable[[int], str]] = {
    "arabic": str,
    "romanUc": lambda number: roman(number).upper(),
    "romanLc": roman,
    "alphaUc": lambda number: letters(number).upper(),
    "alphaLc": letters,
}
_AROUND = {
    "Period": "{}.",
    "ParenR": "{})",
    "ParenBoth": "({})",
    "Minus": "{} -",
    "Plain": "{}",
}
_AUTOMATIC = re.compile(
    "(arabic|romanUc|romanLc|alphaUc|alphaLc)(Period|ParenR|ParenBoth|Minus|Plain)"
)
MAX_LEVELS = 9


@lru_cache(8192)
def local(tag: str) -> str:
    """The name of an element or attribute without its namespace: strict files have others."""
    return tag.rpartition("}")[2]


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first descendant on a path of names."""
    for step in path:
        if element is None:
            return None
        element = next(element.iterchildren(f"{{*}}{step}"), None)
    return element


def truth(value: str | None) -> bool:
    """Whether an attribute says yes."""
    return value in ("1", "true", "on")


def words(body: etree._Element | None, counts: Tally[str] | None = None) -> str:
    """The text of a body on one line, its numbered items with their numbers."""
    parts = paragraphs(body, (), Tally() if counts is None else counts)
    texts = (f"{part.mark} {part.text}" if part.mark else part.text for part in parts)
    return " ".join(" ".join(texts).split())


def paragraphs(
    body: etree._Element | None, styles: Sequence[etree._Element], counts: Tally[str]
) -> list[Part]:
    """The paragraphs of a text body.

    ``styles`` are the list styles that the body inherits, the nearest first.
    """
    parts: list[Part] = []
    numbering = Numbering()
    own = child(body, "lstStyle")
    chain = [*([own] if own is not None else []), *styles]
    for paragraph in elements(body) if body is not None else ():
        if local(paragraph.tag) != "p":
            continue
        text = _text(paragraph, counts)
        if not text:
            continue
        properties = child(paragraph, "pPr")
        level = _level(properties)
        bullet = _bullet(properties, level, chain)
        kind = local(bullet.tag) if bullet is not None else "buNone"
        label = numbering.label(level, *_automatic(bullet))
        if kind == "buNone":
            parts.append(Part(BlockRole.PARAGRAPH, text))
        else:
            parts.append(Part(BlockRole.ITEM, text, level=level + 1, mark=label))
    return parts


def _level(properties: etree._Element | None) -> int:
    value = properties.get("lvl", "0") if properties is not None else "0"
    return min(int(value), MAX_LEVELS - 1) if value.isascii() and value.isdigit() else 0


def _bullet(
    properties: etree._Element | None, level: int, chain: Sequence[etree._Element]
) -> etree._Element | None:
    inherited = (child(style, f"lvl{level + 1}pPr") for style in chain)
    for holder in (properties, *inherited):
        for each in elements(holder) if holder is not None else ():
            if local(each.tag) in _BULLETS:
                return each
    return None


class Numbering:
    """Counts automatic numbers; a paragraph of an outer level, or a bare one, ends a list."""

    def __init__(self) -> None:
        self._running: dict[int, tuple[str, int]] = {}

    def label(self, level: int, kind: str, start: int = 1) -> str:
        """The number of a paragraph, such as ``arabicPeriod``; empty without a kind."""
        for deeper in [each for each in self._running if each > level]:
            del self._running[deeper]
        if not kind:
            self._running.pop(level, None)
            return ""
        # Another start is another list.
        key = f"{kind} {start}"
        running, number = self._running.get(level, ("", 0))
        number = number + 1 if running == key else start
        self._running[level] = (key, number)
        found = _AUTOMATIC.fullmatch(kind)
        return _AROUND[found[2]].format(_NUMBERS[found[1]](number)) if found else f"{number}."


def _automatic(bullet: etree._Element | None) -> tuple[str, int]:
    """The kind and start of an automatic number, an empty kind for other bullets."""
    if bullet is None or local(bullet.tag) != "buAutoNum":
        return "", 1
    first = bullet.get("startAt", "1")
    start = min(int(first), 32767) if first.isascii() and first.isdigit() else 1
    return bullet.get("type", "arabicPeriod"), start


def _text(paragraph: etree._Element, counts: Tally[str]) -> str:
    pieces: list[str] = []
    _gather(paragraph, pieces, counts)
    text = "".join(pieces)
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = clean(text)
    return _LINE_END.sub("\n", _RUN.sub(" ", text)).strip()


def _gather(parent: etree._Element, pieces: list[str], counts: Tally[str]) -> None:
    for run in elements(parent):
        kind = local(run.tag)
        if kind in ("r", "fld"):
            _run(run, pieces, counts)
        elif kind == "br":
            pieces.append("\n")
        elif kind == "AlternateContent":
            chosen = child(run, "Choice")
            _gather(chosen if chosen is not None else run, pieces, counts)
        elif kind in ("m", "oMath", "oMathPara"):
            pieces.append(formula(run))


def _run(run: etree._Element, pieces: list[str], counts: Tally[str]) -> None:
    text = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), _content(run))
    properties = child(run, "rPr")
    if properties is not None and properties.get("strike", "noStrike") != "noStrike":
        counts["struck"] += 1
        return
    baseline = properties.get("baseline", "0") if properties is not None else "0"
    if baseline.startswith("-"):
        text = lowered(text)
    elif baseline not in ("0", "0%"):
        text = raised(text, "".join(pieces[-3:])[-8:])
    pieces.append(text)


def _content(run: etree._Element) -> str:
    text = child(run, "t")
    return (text.text or "") if text is not None else ""

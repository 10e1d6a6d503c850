"""What the engines of OCR hand on: lines, first in pixels of the image, then on the page."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Box", "Recognised", "ScannedLine", "has_descenders", "size_of", "turn_of"]

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Recognised:
    """A line of the image: ``box`` is left, top, right and bottom in pixels, from the top left.

    ``size`` is that of its font in pixels; ``paragraph`` numbers the paragraphs that the engine
    sees. ``turn`` is by how many degrees, clockwise, the page is to be turned to read the line.
    """

    text: str
    box: Box
    confidence: float
    size: float
    paragraph: int
    turn: int = 0


@dataclass(frozen=True, slots=True)
class ScannedLine:
    """A line of a scanned page, in reading order.

    ``box`` is left, bottom, right and top, in points of the page before it is turned, as those of
    PDFium's text; ``size`` is that of its font in points. ``confidence`` goes from 0 to 1. Lines of
    one ``paragraph``, as the engine sees it, have the same number.
    """

    text: str
    box: Box
    confidence: float
    size: float
    paragraph: int


# Of a font's size: the height of small letters, and what of others stands above and below them.
_SMALL, _ABOVE, _BELOW = 0.48, 0.23, 0.21


def size_of(text: str, height: float) -> float:
    """The size of the font of which these letters have this height."""
    above = any(
        letter.isupper() or letter.isdigit() or letter in "bdfhijkltáéíóúñü!?¿¡" for letter in text
    )
    return height / (_SMALL + _ABOVE * above + _BELOW * has_descenders(text))


def has_descenders(text: str) -> bool:
    """Whether a letter of the text goes below the line."""
    return any(letter in "gjpqyçQ,;¿¡()" for letter in text)


def turn_of(lines: Sequence[Recognised]) -> int:
    """By how many degrees, clockwise, to turn the page so that most of its letters stand up."""
    letters: Counter[int] = Counter()
    for line in lines:
        letters[line.turn] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0

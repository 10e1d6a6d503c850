"""A stream of text as sentences, each with the numbers of the passages that it cites."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.text.sentences import sentence_spans

__all__ = ["Draft", "drafts"]

_MARK = re.compile(
    r"\s*[\[【]\s*(?:(?:pasajes?|passages?|n[.º°]?)\s*)?\^?"
    r"(?P<numbers>\d{1,4}(?:\s*(?:,|;|y|and)\s*\d{1,4})*)\s*[\]】]",
    re.IGNORECASE,
)
_THOUGHT = re.compile(r"\s*<think>.*?(?:</think>|\Z)", re.DOTALL)
_BULLET = re.compile(r"\s*(?:[-*•–]|#{1,6}|\d{1,2}[.)])\s+")
_ACCORDING = re.compile(
    r"\A(?:según|de acuerdo con|en|according to|in)\s*,\s*(?P<first>\w)", re.IGNORECASE
)
_EMPHASIS = re.compile(r"\*\*|__")
_BEGUN = 8  # characters of a next sentence from which on the one before is whole


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as a model wrote it, without its marks; ``numbers`` are what the marks say.

    ``is_item`` says that it stands on a line of its own, after others.
    """

    text: str
    numbers: tuple[int, ...]
    is_item: bool = False


def drafts(pieces: Iterable[str], language: str) -> Iterator[Draft]:
    """The sentences of a text that comes in pieces, each as soon as the next has begun."""
    written = ""
    first = True
    for piece in pieces:
        written += piece
        if "<think>" in written and "</think>" not in written:
            continue
        written = _THOUGHT.sub("", written)
        *whole, (rest, is_new) = _cut(written, language)
        if whole and len(_MARK.sub("", rest).strip()) >= _BEGUN:
            for text, is_item in whole:
                yield from _draft(text, is_item and not first)
                first = False
            ended = written[len(written.rstrip()) :]
            written = ("\n" if is_new else "") + rest + ended
    for text, is_item in _cut(_THOUGHT.sub("", written), language):
        yield from _draft(text, is_item and not first)
        first = False


def _cut(written: str, language: str) -> list[tuple[str, bool]]:
    """The sentences with their marks, and whether a new line begins with each; never empty.

    The marks are left aside while it is cut: a mark after a full stop is of the sentence before.
    """
    marks = list(_MARK.finditer(written))
    bare, places = "", []
    end = 0
    for match in marks:
        bare += written[end : match.start()]
        places.append(len(bare))
        end = match.end()
    bare += written[end:]
    spans = sentence_spans(bare, language) or [(0, len(bare))]
    found = []
    for number, (start, stop) in enumerate(spans):
        begin = spans[number - 1][1] if number else 0
        last = number + 1 == len(spans)
        own = "".join(
            match[0]
            for match, place in zip(marks, places, strict=True)
            if (start < place or not number) and (place <= stop or last)
        )
        found.append((bare[start:stop] + own, "\n" in bare[begin:start]))
    return found


def _draft(text: str, is_item: bool) -> Iterator[Draft]:
    numbers = (int(n) for match in _MARK.finditer(text) for n in re.findall(r"\d+", match[0]))
    bare = _EMPHASIS.sub("", _MARK.sub("", text))
    bare = " ".join(_BULLET.sub("", bare, count=1).split())
    bare = _ACCORDING.sub(lambda match: match["first"].upper(), bare)  # "Según [1], ..."
    if any(sign.isalnum() for sign in bare):
        yield Draft(bare, tuple(dict.fromkeys(numbers)), is_item)

"""Lines from words: baselines, raised and lowered characters, spaces, words printed twice."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from index.documents.decoding import one_line
from index.documents.pdf.model import MARK_END, MARK_START, Line, Rule, Word

__all__ = ["lines_of", "lower_initials", "mark_scripts", "text_of", "tidy"]

_WIDE = 1.0  # of the type size: a gap that may divide columns
_STRETCHED_WORDS = 2  # spaces of a line that shows a column's margins, at least
_STRETCHED = 8.0  # of the type size: the widest gap of a line that is stretched
_NEAR_LINES = 16.0  # of the type size
_PIECES = 40
_RAISED = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")
_LIGATURES = re.compile("[\ufb00-\ufb06]")
_LETTERS = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
_NOT_MARK = re.compile(r"[^\d*†‡§a-zA-Z()\[\],]")


def mark_scripts(words: Sequence[Word]) -> None:
    """Find raised and lowered words among words in the file's order, and set them on their line."""
    for before, word in pairwise(words):
        gap = word.x0 - before.x1
        if not before.script and _script_of(word, before, gap):
            word.script = _script_of(word, before, gap)
            word.rise, word.base = before.base - word.base, before.base
        elif before.script in ("^", "_") and word.glued and word.size == before.size:
            if abs(before.base - before.rise - word.base) < 0.1 * word.size:
                word.script, word.rise, word.base = before.script, before.rise, before.base
        elif not before.script and _script_of(before, word, gap) == "^":
            # A mark that stands before its text, as at the beginning of a note.
            before.script, before.rise, before.base = "^", word.base - before.base, word.base


def lower_initials(words: Sequence[Word]) -> None:
    """Set a large first letter, several lines high, on the line of the text that it begins."""
    for letter, word in pairwise(words):
        if len(letter.text) != 1 or not letter.text.isupper() or letter.size < 1.7 * word.size:
            continue
        gap = word.x0 - letter.x1
        tops = (letter.base - 0.7 * letter.size) - (word.base - 0.7 * word.size)
        beside = -0.3 * word.size < gap < 0.9 * word.size
        if beside and (abs(tops) < 0.6 * word.size or abs(letter.base - word.base) < 1):
            letter.base, letter.size, letter.x1 = word.base, word.size, word.x0
            word.glued = True


def _script_of(small: Word, large: Word, gap: float) -> str:
    smaller = small.size < 0.85 * large.size
    if not smaller and not (small.glued and small.size < 1.02 * large.size):
        return ""
    if not -0.5 * large.size < gap < 0.6 * large.size or len(small.text) > 6:
        return ""
    rise = (large.base - small.base) / (large.size or 1)
    if not smaller and not (abs(rise) > 0.2 and small.text.isdigit()):
        return ""
    if 0.15 < rise < 0.8:
        return "^"
    return "_" if -0.65 < rise < -0.08 and smaller else ""


def lines_of(words: Sequence[Word], rules: Sequence[Rule] = ()) -> list[Line]:
    """Lines from the top to the bottom; words on one baseline with a wide gap make several."""
    rows: list[list[Word]] = []
    base = -1e9
    for word in sorted(words, key=lambda word: word.base):
        if rows and word.base - base <= 0.28 * min(word.size, rows[-1][0].size):
            rows[-1].append(word)
        else:
            rows.append([word])
            base = word.base
    standing = [rule for rule in rules if not rule.horizontal]
    lines: list[Line] = []
    for number, row in enumerate(rows):
        row.sort(key=lambda word: word.x0)
        lines += _cut(row, number, standing)
    return _unstretched(lines, rows)


def _unstretched(lines: list[Line], rows: Sequence[Sequence[Word]]) -> list[Line]:
    """The lines; pieces of one that was only stretched to both margins of its column are one.

    Its gaps are alike, and a line without wide gaps near it has the same left and right edge.
    """
    whole: dict[tuple[int, int], list[Line]] = {}
    counts = Counter(line.row for line in lines)
    if len(counts) == len(lines):
        return lines
    for line in lines:
        if line.text.count(" ") >= _STRETCHED_WORDS:
            whole.setdefault((round(line.x0), round(line.x1)), []).append(line)
    found: list[Line] = []
    place = 0
    while place < len(lines):
        end = place + 1
        first = lines[place]
        while end < len(lines) and lines[end].row == first.row and end - place < _PIECES:
            end += 1
        stop = next(
            (
                stop
                for stop in range(end, place + 1, -1)
                if _is_like(whole, first, lines[stop - 1])
                and _evenly(rows[first.row], first.x0, lines[stop - 1].x1)
            ),
            place + 1,
        )
        if stop > place + 1:
            words = rows[first.row]
            last = lines[stop - 1].x1
            first = _line([w for w in words if first.x0 <= w.x0 and w.x1 <= last], first.row)
        found.append(first)
        place = stop
    return found


def _is_like(whole: dict[tuple[int, int], list[Line]], first: Line, last: Line) -> bool:
    """Whether a line near by has the left edge of one piece and the right edge of another."""
    x0, x1 = round(first.x0), round(last.x1)
    return any(
        abs(other.base - first.base) < _NEAR_LINES * first.size
        for left in (x0 - 1, x0, x0 + 1)
        for right in (x1 - 1, x1, x1 + 1)
        for other in whole.get((left, right), ())
    )


def _evenly(row: Sequence[Word], x0: float, x1: float) -> bool:
    """Whether the words between two places stand about equally far apart, and are no figures."""
    words = [word for word in row if x0 <= word.x0 and word.x1 <= x1]
    gaps = [after.x0 - before.x1 for before, after in pairwise(words) if not after.glued]
    gaps = [gap for gap in gaps if gap > 0.1 * words[0].size]
    letters = sum(any(map(str.isalpha, word.text)) for word in words)
    if not gaps or 2 * letters <= len(words):
        return False
    return max(gaps) < min(1.5 * min(gaps) + 1, _STRETCHED * words[0].size)


def _cut(row: list[Word], number: int, standing: Sequence[Rule]) -> Iterable[Line]:
    """The lines of one row of words."""
    top, bottom = row[0].base - 0.7 * row[0].size, row[0].base
    crossed = [rule.x0 for rule in standing if rule.top < bottom and rule.bottom > top]
    group: list[Word] = []
    end = 0.0
    for word in row:
        if group:
            before = group[-1]
            if _printed_twice(before, word):
                before.bold = True
                continue
            gap = word.x0 - end
            divided = crossed and any(end - 2 < x < word.x0 + 2 for x in crossed)
            if (gap > _WIDE * max(before.size, word.size) or divided) and not word.script:
                yield _line(group, number)
                group = []
                end = 0.0
        group.append(word)
        end = max(end, word.x1)
    if group:
        yield _line(group, number)


def _printed_twice(before: Word, word: Word) -> bool:
    """Whether a word is there again, a little aside, to look bold."""
    return before.text == word.text and word.x0 - before.x0 < 0.3 * min(
        word.size, before.x1 - before.x0
    )


def _line(words: list[Word], number: int) -> Line:
    plain = [word for word in words if word.script in ("", "=")] or words
    weights: dict[float, int] = {}
    bold = total = 0
    for word in plain:
        length = len(word.text)
        weights[word.size] = weights.get(word.size, 0) + length
        total += length
        bold += length if word.bold else 0
    size = max(weights, key=lambda size: weights[size])
    return Line(
        text_of(words),
        min(word.x0 for word in words),
        max(word.x1 for word in words),
        max(plain, key=lambda word: len(word.text)).base,
        size,
        bold / max(1, total),
        number,
        words[0].x1 - words[0].x0,
        is_field=any(word.script == "=" for word in words),
    )


def text_of(words: Sequence[Word]) -> str:
    """The text of the words of one line; what may be a note's mark stands between two marks."""
    if any(_RTL.search(word.text) for word in words):
        words = sorted(words, key=lambda word: -word.x1)
    pieces: list[str] = []
    before: Word | None = None
    for word in words:
        if before is not None and not _touch(before, word):
            pieces.append(" ")
        pieces.append(_shown(word))
        before = word
    text = "".join(pieces).replace(MARK_END + MARK_START, "")
    if _LIGATURES.search(text):
        text = _LIGATURES.sub(lambda match: _LETTERS[match[0]], text)
    return text


def _touch(before: Word, word: Word) -> bool:
    gap = word.x0 - before.x1
    size = max(before.size, word.size)
    if word.glued:
        return gap < 0.25 * size
    if word.script == "^" and before.text[-1:].isalnum():
        return gap < 0.12 * size
    return not word.spaced and -0.3 * size < gap < 0.08 * size


def _shown(word: Word) -> str:
    if word.script in ("", "="):
        return word.text
    if word.script == "_":
        return word.text.translate(_LOWERED) if word.text.isdigit() else word.text
    if _NOT_MARK.search(word.text):
        return word.text
    return f"{MARK_START}{word.text}{MARK_END}"


def tidy(text: str) -> str:
    """Clean text with single spaces."""
    return one_line(text)

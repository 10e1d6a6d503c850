"""The exact edit distance of two texts, quick enough for whole documents."""

__all__ = ["distance"]


def distance(expected: str, found: str) -> int:
    """Insertions, deletions and replacements of one character that turn one into the other.

    Levenshtein's distance, exactly: a column of the table is two integers of as many bits as
    ``expected`` has characters (Myers 1999, in Hyyrö's form), so a column takes a few operations.
    """
    if not expected or not found:
        return max(len(expected), len(found))
    places: dict[str, int] = {}
    for number, character in enumerate(expected):
        places[character] = places.get(character, 0) | 1 << number
    full = (1 << len(expected)) - 1
    last = 1 << len(expected) - 1
    rises, falls, score = full, 0, len(expected)
    for character in found:
        same = places.get(character, 0)
        level = (((same & rises) + rises) ^ rises) | same | falls
        up, down = falls | (full & ~(level | rises)), rises & level
        score += bool(up & last) - bool(down & last)
        up, down = (up << 1 | 1) & full, (down << 1) & full
        rises, falls = down | (full & ~(level | up)), up & level
    return score

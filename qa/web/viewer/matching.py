"""Where the letters of one text stand in another that has them in another order. Pure.

A document's text is not what its PDF holds: columns and tables are put in order, words that a line
end divides are joined, running headers are left out. Long runs of letters are the same in both all
the same. They are matched first, the longest before the others, each letter once; so what a page
says twice is told apart by the words around it. Short runs are matched near their neighbours only.
"""

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

__all__ = ["letters_of", "likeliest", "match", "occurrences", "repeated"]

# Letters of a run, at least, one round after the other; the last two only beside what is matched.
_ROUNDS = (32, 12, 6, 3, 1)
_ONLY_NEAR = 6
_MOST_PLACES = 60  # of one run of letters; one that stands in more tells nothing
_PASSES = 4  # of a round: what lost a part of itself to a longer run is looked for again

Near = Callable[[int, int], float]
_Tile = tuple[int, float, int, int]  # letters (negative), distance to its neighbours, places


def letters_of(text: str) -> tuple[str, list[int]]:
    """Letters and digits, without accents and ligatures, and the offset of each in the text."""
    letters: list[str] = []
    offsets: list[int] = []
    for offset, sign in enumerate(text):
        plain = sign if sign.isascii() else unicodedata.normalize("NFKD", sign)
        for letter in plain:
            if letter.isalnum():
                letters.append(letter)
                offsets.append(offset)
    return "".join(letters), offsets


def occurrences(wanted: str, found: str) -> list[int]:
    """The places of all of ``found`` that read as ``wanted`` from there."""
    places, place = [], found.find(wanted) if wanted else -1
    while place >= 0:
        places.append(place)
        place = found.find(wanted, place + 1)
    return places


def likeliest(occurrences: Sequence[int], places: Sequence[int]) -> range:
    """Of several occurrences of a text the places of that which holds most of its matched letters.

    ``places`` are those that `match` gave its letters.
    """
    length = len(places)

    def held(start: int) -> int:
        return sum(start <= place < start + length for place in places)

    start = max(occurrences, key=held)
    return range(start, start + length)


def match(
    wanted: str, found: str, breaks: Sequence[int], distance: Near, nearest: float
) -> list[int]:
    """Of each letter of ``wanted``, its place in ``found``, or -1.

    ``breaks`` are the places at which lines begin, in order: the next line may be another one than
    in ``wanted`` and begin with the same letters, so a few of them alone are not matched with the
    line before. ``distance`` of two places of ``found`` is how far apart they are to the eye; runs
    of less than 6 letters are matched only within ``nearest`` of the letter before or after them.
    """
    places = [-1] * len(wanted)
    taken = bytearray(len(found))
    for least in _ROUNDS:
        starts = _starts(found, least)
        for _ in range(_PASSES):
            runs = _Runs(wanted, found, breaks, places, taken)
            tiles = sorted(_tiles(runs, least, starts, distance))
            if least < _ONLY_NEAR:
                tiles = [tile for tile in tiles if tile[1] <= nearest]
            if not _take(tiles, places, taken):
                break
    return places


def _starts(found: str, least: int) -> dict[str, list[int]]:
    starts: dict[str, list[int]] = defaultdict(list)
    for at in range(len(found) - least + 1):
        starts[found[at : at + least]].append(at)
    return starts


class _Runs:
    """Runs of letters that both texts have and that are not matched yet."""

    def __init__(
        self,
        wanted: str,
        found: str,
        breaks: Sequence[int],
        places: Sequence[int],
        taken: Sequence[int],
    ) -> None:
        self.wanted = wanted
        self.found = found
        self.places = places
        self.taken = taken
        self.matched = [at for at, place in enumerate(places) if place >= 0]
        self._breaks = breaks

    def whole(self, at: int, place: int) -> tuple[int, int, int] | None:
        """The run that begins here: its two places and length; None where it begins earlier."""
        if self.taken[place] or self._goes_on(at - 1, place - 1):
            return None
        length = 0
        while self._goes_on(at + length, place + length):
            length += 1
        # Without the few letters before the first break, and those after the last.
        first = bisect_left(self._breaks, place + 1)
        last = bisect_left(self._breaks, place + length) - 1
        if first <= last:
            before = self._breaks[first] - place
            after = place + length - self._breaks[last]
            length -= after if after < _ONLY_NEAR else 0
            if before < _ONLY_NEAR and before < length:
                at, place, length = at + before, place + before, length - before
        return at, place, length

    def _goes_on(self, at: int, place: int) -> bool:
        return (
            0 <= at < len(self.wanted)
            and 0 <= place < len(self.found)
            and self.wanted[at] == self.found[place]
            and self.places[at] < 0
            and not self.taken[place]
        )

    def beside(self, at: int, length: int) -> list[tuple[int, bool]]:
        """The places of the nearest matched letters before and after, and whether it is before."""
        return _neighbours(at, length, self.places, self.matched)


def _tiles(
    runs: _Runs, least: int, starts: dict[str, list[int]], distance: Near
) -> Iterator[_Tile]:
    """The runs of so many letters or more."""
    short = least < _ONLY_NEAR
    for begin in range(len(runs.wanted) - least + 1):
        if runs.places[begin] >= 0:
            continue
        candidates = starts.get(runs.wanted[begin : begin + least], ())
        if short:
            candidates = _around(candidates, runs.beside(begin, 1))
        elif len(candidates) > _MOST_PLACES:
            continue
        for candidate in candidates:
            at, place, length = runs.whole(begin, candidate) or (0, 0, 0)
            if length < least:
                continue
            gaps = [
                distance(other, place if before else place + length - 1)
                for other, before in runs.beside(at, length)
            ]
            yield -length, min(gaps, default=float("inf") if short else 0.0), at, place


def _around(candidates: Sequence[int], beside: Sequence[tuple[int, bool]]) -> list[int]:
    """The candidates next to the neighbours' places, where there are many."""
    if len(candidates) <= _MOST_PLACES:
        return list(candidates)
    near: set[int] = set()
    for other, _ in beside:
        middle = bisect_left(candidates, other)
        near.update(candidates[max(0, middle - _MOST_PLACES // 4) : middle + _MOST_PLACES // 4])
    return sorted(near)


def _neighbours(
    at: int, length: int, places: Sequence[int], matched: Sequence[int]
) -> list[tuple[int, bool]]:
    """The places of the nearest matched letters before and after a run; whether it is before."""
    right = bisect_left(matched, at)
    beside = [(places[matched[right - 1]], True)] if right else []
    right = bisect_left(matched, at + length)
    return beside + ([(places[matched[right]], False)] if right < len(matched) else [])


def _take(tiles: Sequence[_Tile], places: list[int], taken: bytearray) -> bool:
    """Match the runs whose letters are still free; whether there were any."""
    any_taken = False
    for minus, _, at, place in tiles:
        length = -minus
        free = all(one < 0 for one in places[at : at + length])
        if free and not any(taken[place : place + length]):
            places[at : at + length] = range(place, place + length)
            taken[place : place + length] = b"\1" * length
            any_taken = True
    return any_taken


def repeated(
    wanted: str,
    found: str,
    places: list[int],
    cells: Sequence[int],
    distance: Near,
    farthest: float,
) -> None:
    """Match cells whose letters are left to letters that are matched already.

    A cell that spans others is said in each of them, and stands on the page once. ``cells`` numbers
    the cell of each letter, -1 for those that are not looked for. Of several places the nearest to
    the neighbours is taken, if it is not farther away than ``farthest``.
    """
    at = 0
    while at < len(wanted):
        stop = at
        while stop < len(wanted) and places[stop] < 0 and cells[stop] == cells[at] >= 0:
            stop += 1
        if stop > at:
            matched = [one for one, place in enumerate(places) if place >= 0]
            beside = _neighbours(at, stop - at, places, matched)
            run, place, best = wanted[at:stop], -1, farthest
            while beside and (place := found.find(run, place + 1)) >= 0:
                gap = min(distance(other, place) for other, _ in beside)
                if gap < best:
                    best = gap
                    places[at:stop] = range(place, place + len(run))
        at = max(stop, at + 1)

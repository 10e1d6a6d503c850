"""Limits of a search, told to Milvus in bounded pieces, or applied to more hits than asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.settings import SETTINGS
from index.storage.vectors import NONE, Found, Ids

__all__ = ["EVERYTHING", "MOST", "Condition", "Within", "best"]

MOST = 16_384
"""The most hits that Milvus gives for one query, and values that we give it in one filter."""
SHARE = SETTINGS.milvus.filtered_share
SPARE = 1.3  # times as many as should hold enough of a limit


@dataclass(frozen=True, slots=True)
class Condition:
    """Rows whose ``field`` has one of ``values``, if it is given, without those of ``excluded``.

    ``excluded`` are numbers of rows.
    """

    field: str | None = None
    values: Sequence[int] = ()
    excluded: Sequence[int] = ()
    range: tuple[int, int] | None = None

    def written(self, most: int | None) -> tuple[str, dict[str, list[int]]]:
        """As Milvus reads it: a text, with lists of more than ``most`` values beside it by name."""
        parts, beside = [], {}
        for field, test, values in (
            (self.field, "in", self.values),
            ("id" if len(self.excluded) else None, "not in", self.excluded),
        ):
            if field is None:
                continue
            given = [int(value) for value in values]
            if most is not None and len(given) > most:
                name = "only" if test == "in" else "without"
                parts.append(f"{field} {test} {{{name}}}")
                beside[name] = given
            else:
                parts.append(f"{field} {test} {given}")
        if self.range:
            parts.append(f"id >= {self.range[0]} and id < {self.range[1]}")
        return " and ".join(parts), beside


EVERYTHING = Condition()


@dataclass(frozen=True, slots=True)
class Within:
    """A limit: rows whose ``field`` has one of ``values``; ``share`` (0 to 1) of all.

    ``holds`` says which of some passages' ids are within it.
    """

    field: str
    values: Sequence[int]
    share: float
    holds: Callable[[Ids], NDArray[np.bool_]]


Ask = Callable[[int, Condition], list[Found]]
"""Takes k and a condition; gives for each query the ids of the k best and their scores."""


def best(ask: Ask, k: int, within: Within | None, excluded: Sequence[int]) -> list[Found]:
    """The k best for each query within a limit, best first, without some rows.

    Of a limit that holds much, the best of all are asked for, and the others left out. Else it is
    told in pieces, each of a bounded size.
    """
    if within is None:
        return ask(min(k, MOST), Condition(excluded=excluded))
    asked = int(k / max(within.share, 1e-9) * SPARE) + 1
    while within.share >= SHARE and asked <= MOST:
        found = ask(asked, Condition(excluded=excluded))
        kept = [_kept(one, within.holds(one[0]), k) for one in found]
        if all(
            len(ids) >= k or len(every) < asked
            for (ids, _), (every, _) in zip(kept, found, strict=True)
        ):
            return kept
        asked *= 4
    pieces = [
        ask(min(k, MOST), Condition(within.field, within.values[at : at + MOST], excluded))
        for at in range(0, len(within.values), MOST)
    ]
    return [_merged(of_query, k) for of_query in zip(*pieces, strict=True)]


def _kept(found: Found, held: NDArray[np.bool_], k: int) -> Found:
    return found[0][held][:k], found[1][held][:k]


def _merged(pieces: Sequence[Found], k: int) -> Found:
    if len(pieces) == 1:
        return pieces[0]
    ids = np.concatenate([ids for ids, _ in pieces] or [NONE])
    scores: NDArray[Any] = np.concatenate([scores for _, scores in pieces])
    order = np.argsort(-scores, kind="stable")[:k]
    return ids[order], scores[order]

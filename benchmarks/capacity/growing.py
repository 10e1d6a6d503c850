"""What grows with the passages: the wait of a search, memory, disk, the time to open and to add.

Each is a line: so much, and so much more by passage; one for vectors that are compared exactly, and
one for codes that are scanned. They are laid through rows of `benchmarks.scale` at other sizes than
those that they are compared with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.capacity.rates import Rates
from index.settings import SETTINGS

__all__ = ["MEASURES", "Line", "grown", "line"]

MEASURES = (
    "dense_p50_ms", "lexical_p50_ms", "search_p50_ms", "search_p95_ms", "resident_mb",
    "bytes_per_passage", "open_s", "add_1000_s",
)  # fmt: skip
EXACT = SETTINGS.vectors.exact
WORDS = "lexical_p50_ms"  # which know nothing of vectors
OF_ALL = "bytes_per_passage"  # what is so much of each passage, and no line itself


@dataclass(frozen=True, slots=True)
class Line:
    """So much, and so much more by passage."""

    fixed: float
    each: float

    def at(self, passages: float) -> float:
        """Its value."""
        return self.fixed + self.each * passages


def line(rates: Rates, measure: str, *, codes: bool) -> Line:
    """Through the smallest and the largest of the sizes of this kind; of words, of all sizes."""
    of_kind = [row for row in rates.scale if measure == WORDS or (row["passages"] > EXACT) == codes]
    rows = sorted(of_kind, key=lambda row: float(row["passages"]))
    if len(rows) < 2:
        kind = "above" if codes else "up to"
        raise SystemExit(f"The rate 'scale' needs two sizes {kind} {EXACT:,} passages.")
    few, many = rows[0], rows[-1]
    each = (_of(many, measure) - _of(few, measure)) / (many["passages"] - few["passages"])
    return Line(_of(few, measure) - each * few["passages"], each)


def grown(rates: Rates, measure: str, passages: float) -> float:
    """A measure of `benchmarks.scale` at a size."""
    value = line(rates, measure, codes=passages > EXACT).at(passages)
    return value / passages if measure == OF_ALL else value


def _of(row: Mapping[str, Any], measure: str) -> float:
    return float(row[measure]) * (row["passages"] if measure == OF_ALL else 1)

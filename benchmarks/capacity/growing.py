"""What grows with the passages: the wait of a search, memory, disk, the time to open and to add.

The wait where codes are scanned follows from the parts: how long a code takes, and how many are
scanned. All else is a line, so much and so much more by passage, one for vectors that are compared
exactly and one for codes, laid through sizes other than those that they are compared with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.capacity.rates import Rates
from index.settings import SETTINGS

__all__ = ["MEASURES", "Line", "grown", "line", "scanning"]

MEASURES = (
    "dense_p50_ms", "lexical_p50_ms", "search_p50_ms", "search_p95_ms", "resident_mb",
    "bytes_per_passage", "open_s", "add_1000_s",
)  # fmt: skip
EXACT = SETTINGS.vectors.exact
WORDS = "lexical_p50_ms"  # which know nothing of vectors
SCANS = ("dense_p50_ms", "search_p50_ms", "search_p95_ms")
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
    rows = sorted(of_kind, key=_passages)
    if len(rows) < 2:
        kind = "above" if codes else "up to"
        raise SystemExit(f"The rate 'scale' needs two sizes {kind} {EXACT:,} passages.")
    few, many = rows[0], rows[-1]
    each = (_of(many, measure) - _of(few, measure)) / (many["passages"] - few["passages"])
    return Line(_of(few, measure) - each * few["passages"], each)


def scanning(rates: Rates) -> Line:
    """Seconds of a search of many codes, by the parts: its share of codes, and words; and all else.

    What else a search takes is that of the smallest size that is scanned.
    """
    each = SETTINGS.vectors.scanned * rates.scan_codes
    each += line(rates, WORDS, codes=True).each / 1000
    at = 1e6  # where more than the least are scanned
    return Line(grown(rates, "search_p50_ms", at) / 1000 - each * at, each)


def grown(rates: Rates, measure: str, passages: float) -> float:
    """A measure of `benchmarks.scale` at a size."""
    if passages > EXACT and measure in SCANS:
        return _scanned(rates, measure, passages)
    value = line(rates, measure, codes=passages > EXACT).at(passages)
    return value / passages if measure == OF_ALL else value


def _scanned(rates: Rates, measure: str, passages: float) -> float:
    """Milliseconds of a search, or of its vectors alone, by the parts."""
    rows = sorted((row for row in rates.scale if row["passages"] > EXACT), key=_passages)
    least, largest = rows[0], rows[-1]
    lists = SETTINGS.vectors.lists * (passages**0.5 - least["passages"] ** 0.5)
    centres = 1000 * lists * rates.scan_exact
    codes = 1000 * rates.scan_codes * (_looked(passages) - _looked(least["passages"]))
    if measure == "dense_p50_ms":
        return float(least[measure] + codes + centres)
    words = line(rates, WORDS, codes=True).each * (passages - least["passages"])
    middle = least["search_p50_ms"] + codes + centres + words
    tail = largest[measure] / largest["search_p50_ms"]  # 1 of the median itself
    return float(middle * tail)


def _looked(passages: float) -> float:
    """Codes that are scanned of so many."""
    least = min(passages, SETTINGS.vectors.scanned_least)
    return max(least, SETTINGS.vectors.scanned * passages)


def _passages(row: Mapping[str, Any]) -> float:
    return float(row["passages"])


def _of(row: Mapping[str, Any], measure: str) -> float:
    return float(row[measure]) * (row["passages"] if measure == OF_ALL else 1)

"""docs/scale.md: its tables are written from the points and the rates, its text by hand."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import measure
from benchmarks.capacity.check import compared
from benchmarks.capacity.fleet import Fleet, arriving
from benchmarks.capacity.growing import grown, scanning
from benchmarks.capacity.plan import MONTH, SIZES, answer_seconds, hours, indexing_hours, plan
from benchmarks.capacity.rates import Rates, points

__all__ = ["PAPER", "sizes", "written"]

PAPER = Path(__file__).parents[2] / "docs" / "scale.md"
BETWEEN = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- /table -->)", re.DOTALL)
TAILS, RARELY = (1, 8, 64), 0.01  # shards; questions a second
STALLED = 0.01
CODE = 96  # bytes: index.storage.vectors.codes
WORKERS = 64  # cores that read and embed


def written(text: str, rates: Rates) -> str:
    """The text with the tables of these rates between their marks."""
    tables: dict[str, Callable[[Rates], list[dict[str, str]]]] = {
        "sizes": sizes, "check": check, "rates": measured, "stores": stores,
        "tail": tail, "derived": derived,
    }  # fmt: skip

    def table(match: re.Match[str]) -> str:
        return match[1] + _markdown(tables[match[2]](rates)) + match[3]

    return BETWEEN.sub(table, text)


def sizes(rates: Rates) -> list[dict[str, str]]:
    """A row a figure, a column a size."""
    plans = [plan(rates, size) for size in SIZES]
    rows: dict[str, list[Any]] = {
        "disk, GB": [p.disk_gb for p in plans],
        "memory, GB": [p.memory_gb for p in plans],
        "shards": [p.shards for p in plans],
        **{
            f"machines, for {name} alone": [p.machines[name] for p in plans]
            for name in plans[0].machines
        },
        "machines in all": [p.together for p in plans],
        "what needs most of them": [p.most[0] for p in plans],
        "and then": [p.most[1] for p in plans],
        **{f"core hours, {name}": [p.hours[name] for p in plans] for name in plans[0].hours},
        f"hours with {WORKERS} cores and a writer a shard": [
            indexing_hours(rates, p.passages, WORKERS, p.shards) for p in plans
        ],
        f"machines for a month at {rates.price_core_hour} a core hour": [
            p.together * rates.machine_cores * MONTH * rates.price_core_hour for p in plans
        ],
        "embedding once, at that price": [
            (p.hours["embedding"] or 0) * rates.price_core_hour for p in plans
        ],
    }
    return [
        {"passages": name, **{f"{s:,}": _number(v) for s, v in zip(SIZES, values, strict=True)}}
        for name, values in rows.items()
    ]


def check(rates: Rates) -> list[dict[str, str]]:
    """Each point, measured and simulated."""
    return [
        {
            "point": row.what,
            "measured": _number(row.measured),
            "simulated": _number(row.simulated),
            "ratio": f"{row.ratio:.2f}",
            "within 15 %": "fitted" if row.fitted else "yes" if row.within else "no",
        }
        for row in compared(rates)
    ]


def measured(rates: Rates) -> list[dict[str, str]]:
    """The rates that are one number, and where each is from."""
    return [
        {"rate": f"`{name}`", "value": _number(rate.value), "of": rate.unit, "from": rate.by}
        for name, rate in rates.of.items()
        if not isinstance(rate.value, list)
    ]


def stores(rates: Rates) -> list[dict[str, str]]:
    """What was measured of each place that an index can be in."""
    del rates
    return [
        {"store": name, "passages": f"{passages:,}", "a search, p50, ms": _number(wait)}
        for name, rows in points()["stores"].items()
        for passages, wait in rows
    ]


def tail(rates: Rates) -> list[dict[str, str]]:
    """Shards of a million passages, a question at a time: as they are, with looks that stall, and
    with a second replica that is asked where one is late.
    """
    rows = []
    for shards in TAILS:
        plain = Fleet(1e6 * shards, shards, 2, 2 * shards, cores=rates.machine_cores)
        late = 2 * grown(rates, "search_p95_ms", 1e6) / 1000
        stalled = replace(plain, stalled=STALLED)
        row = {"shards": f"{shards:,}"}
        kinds = {"": plain, ", some stall": stalled, ", asked again": replace(stalled, hedge=late)}
        for name, fleet in kinds.items():
            waits = arriving(rates, fleet, RARELY, 300, reads=False).search
            for share in (50, 99):
                row[f"p{share}{name}"] = _number(1000 * measure.percentile(waits, share))
        rows.append(row)
    return rows


def derived(rates: Rates) -> list[dict[str, str]]:
    """What follows from the rates by hand."""
    spent = hours(rates, 1e6)
    indexed = 1e6 / 3600 / sum(spent[name] or 0 for name in ("reading", "OCR", "embedding"))
    each = scanning(rates).each
    answer = answer_seconds(rates)
    rows = {
        "an answer, with its page, s of a core": answer,
        "answers a minute of a core": 60 / answer,
        "a search's part that grows, s of a core for each million passages": 1e6 * each,
        "passages at which it takes as long as the answer": answer / each,
        "passages that a core indexes in a day": 86400 * indexed,
        f"passages that {WORKERS} cores index in a day": WORKERS * 86400 * indexed,
        "cores for a million new passages a day": 1e6 / 86400 / indexed,
        "cores for 10⁸ new passages a day": 1e8 / 86400 / indexed,
        "cores that embed for one writer": rates.passage_embedding / rates.passage_writing,
        "GB/s of a core that scans codes": CODE / rates.scan_codes / 1e9,
        "a scanned page by OCR, times its embedding": None
        if rates.page_ocr is None
        else rates.page_ocr / (rates.passages_a_page * rates.passage_embedding),
    }
    return [{"from the rates": name, "value": _number(value)} for name, value in rows.items()]


def _markdown(rows: Sequence[dict[str, str]]) -> str:
    lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _number(value: Any) -> str:
    match value:
        case None:
            return "-"
        case str():
            return value
        case int():
            return f"{value:,}"
        case _ if value >= 100:
            return f"{value:,.0f}"
        case _ if value >= 0.001 or not value:
            return f"{value:.3g}"
        case _:
            return f"{value * 1e9:.3g} × 10⁻⁹" if value < 1e-6 else f"{value * 1e6:.3g} × 10⁻⁶"

"""Every mention of a phrase by the index, beside a scan of all texts; both must find the same.

python -m benchmarks.mentions --data DATA [--work WORK] [--phrases N] [--json] [--out FILE]

The phrases are words that follow each other in the paragraphs of MLQA dev (benchmarks/pools.py).
"""

import argparse
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from benchmarks import measure, pools
from index.text.phrases import Phrase

__all__ = ["measured"]

LENGTHS = (1, 2, 3, 6)  # words of a phrase


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, help="keep the index in this folder")
    parser.add_argument("--phrases", type=int, default=25, help="of each length")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = arguments.work or Path(folder)
        rows = list(measured(arguments.data, work, arguments.phrases))
    measure.save({"mentions": {"lengths": rows}}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        measure.table("Every mention of a phrase, milliseconds", rows)


def measured(data: Path, work: Path, phrases: int) -> Iterator[dict[str, float]]:
    """By the phrases' length in words: mentions found, and medians in milliseconds.

    Raises SystemExit where the index does not find what the scan finds.
    """
    collection = pools.read("mlqa-es", data)
    of = random.Random(7)  # noqa: S311  # the same each time
    with pools.opened(collection, work) as retriever:
        index = retriever.index
        index.mentions(Phrase("warm"))
        texts = {info.id: index.document(info.id).text for info in index.documents()}
        for length in LENGTHS:
            found, narrowed, scanned = 0, [], []
            for _ in range(phrases):
                phrase = Phrase(_words(of, list(texts.values()), length))
                started = perf_counter()
                mentions = dict(index.mentions(phrase))
                then = perf_counter()
                every = {id: list(phrase.spans(text)) for id, text in texts.items()}
                scanned.append(perf_counter() - then)
                narrowed.append(then - started)
                found += sum(map(len, mentions.values()))
                if mentions != {id: spans for id, spans in every.items() if spans}:
                    raise SystemExit("The index and the scan disagree.")
            ours, theirs = measure.median(narrowed), measure.median(scanned)
            row = {"words": length, "mentions": found, "index_ms": 1000 * ours}
            yield row | {"scan_ms": 1000 * theirs, "times": theirs / ours}


def _words(of: random.Random, texts: list[str], length: int) -> str:
    words = of.choice(texts).split()
    first = of.randrange(max(1, len(words) - length))
    return " ".join(words[first : first + length])


if __name__ == "__main__":
    main()

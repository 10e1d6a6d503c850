"""How fast documents are cut into passages, and passages into sentences; the model counts tokens.

python -m benchmarks.passages [--pages 1000] [--rounds 5] [--json] [--out FILE]
"""

import argparse
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from benchmarks import measure
from index.chunking.passages import split
from index.embedders import load
from index.text.sentences import sentence_spans
from index.types import Document

__all__ = ["measured"]

LINE = "Esta es una oración normal que tiene bastante más de ochenta caracteres para estar sola. "
PARAGRAPH = LINE * 5
PAGE = "\n\n".join([PARAGRAPH] * 6)
SENTENCES = 100  # times that a paragraph's are found in a round


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    results = measured(arguments.pages, arguments.rounds)
    measure.save({"passages": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        rows = [{"measure": name, "value": value} for name, value in results.items()]
        measure.table("Cutting into passages and sentences", rows)


def measured(pages: int, rounds: int) -> dict[str, float]:
    """Medians: seconds to cut so many pages, milliseconds to find a paragraph's sentences."""
    model = load()
    document = Document("d", "\n\n".join([PAGE] * pages), language="es")
    held = len(split(document, model.count_tokens, model.max_tokens))  # loads what it needs
    sentence_spans(PARAGRAPH, "es")
    cut = [
        _seconds(lambda: split(document, model.count_tokens, model.max_tokens))
        for _ in range(rounds)
    ]
    found = [
        _seconds(lambda: [sentence_spans(PARAGRAPH, "es") for _ in range(SENTENCES)])
        for _ in range(rounds)
    ]
    return {
        "pages": pages,
        "passages": held,
        "split_s": measure.median(cut),
        "sentences_ms": 1000 * measure.median(found) / SENTENCES,
    }


def _seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


if __name__ == "__main__":
    main()

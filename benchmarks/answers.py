"""How good the answers are: quotes, exact words, order, abstention, with targets; and their time.

    python -m benchmarks.answers --data DATA [--work FOLDER] [--reader FOLDER|sentences]
        [--every N] [--only SET,...] [--json] [--out FILE]

Each set's questions are asked of all its paragraphs, each a document; of all but the one that was
asked about; and of that one alone. `--only time` measures the time instead, over 10,000 passages.
The work folder keeps the indexes, and the benchmark uses them again.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from math import sqrt
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Any

from benchmarks import figures, latency, measure, pools
from benchmarks.figures import Case, Figure
from qa import Assistant
from qa.evaluation import evaluate

__all__ = ["TARGETS", "measured", "with_target"]

TIME = "time"
DEEP = 10  # documents of the search that are looked at

# By group and figure, the target of each set ("": of all): at least this or, below, at most.
TARGETS: dict[tuple[str, str], dict[str, float]] = {
    ("quotes", "quotes hold the answer"): {"xquad-es": 0.93, "xquad-en": 0.95, "mlqa-es": 0.80},
    ("quotes", "best sentence holds it"): {"xquad-es": 0.86, "xquad-en": 0.88, "mlqa-es": 0.70},
    ("exact words", "short answer F1"): {"xquad-es": 0.62, "mlqa-es": 0.50},
    ("given the passage", "short answer F1"): {
        "xquad-es": 0.70,
        "mlqa-es": 0.62,
        "mlqa-en-es": 0.55,
    },
    ("re-ranking", "recall@1, first citation"): {"xquad-es": 0.97, "mlqa-es": 0.78},
    ("abstention", "AUROC"): {
        "xquad-es": 0.97,
        "xquad-en": 0.97,
        "mlqa-es": 0.88,
        "squad-es-v2": 0.80,
    },
    ("abstention", "answerable answered"): {"xquad-es": 0.92},
}
MOST: dict[tuple[str, str], dict[str, float]] = {
    ("quotes", "most characters quoted"): {"": 600},
    ("abstention", "unanswerable answered"): {"xquad-es": 0.05},
    ("abstention", "calibration error"): {"": 0.05},
    (latency.GROUP, "first shown, p95"): {"": 60},
    (latency.GROUP, "whole answer, p50"): {"": 150},
    (latency.GROUP, "whole answer, p95"): {"": 300},
}


def main() -> None:
    """Measure the sets asked for, and print every figure beside its target."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, help="where indexes are kept; nowhere if left out")
    parser.add_argument("--reader", help="a span reader's folder, or sentences; else the default")
    parser.add_argument("--every", type=int, default=1, help="ask only every so many questions")
    parser.add_argument("--only", default=",".join(pools.SETS), help="sets, or time")
    parser.add_argument("--passages", type=int, default=10_000, help="what time is measured over")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    names = arguments.only.split(",")
    if unknown := set(names) - {*pools.SETS, TIME}:
        parser.error(f"there is no set {', '.join(sorted(unknown))}")
    with TemporaryDirectory() as made:
        arguments.work = arguments.work or Path(made)
        found: list[Figure] = []
        for name in names:
            found += map(with_target, _figures(name, arguments))
            # After each set, for all of them take an hour.
            measure.save(_results(found, arguments), as_json=False, out=arguments.out)
    if arguments.json:
        measure.save(_results(found, arguments), as_json=True, out=None)
    else:
        show(found)


def _results(found: Sequence[Figure], arguments: argparse.Namespace) -> dict[str, Any]:
    return {
        "reader": Path(arguments.reader).name if arguments.reader else "default",
        "every": arguments.every,
        "answers": [asdict(each) | {"verdict": each.verdict} for each in found],
    }


def _figures(name: str, arguments: argparse.Namespace) -> list[Figure]:
    if name == TIME:
        return latency.measured(
            arguments.data,
            arguments.work,
            arguments.passages,
            lambda retriever: Assistant(retriever, reader=arguments.reader),
        )
    return measured(
        pools.read(name, arguments.data), arguments.work, arguments.reader, arguments.every
    )


def measured(sets: pools.QuestionSet, work: Path, reader: str | None, every: int) -> list[Figure]:
    """All figures of one set, of every so many of its questions."""
    asked = sets.questions[::every]
    with pools.opened(sets, work) as retriever:
        # It must answer: whether it would have is seen from its confidence.
        assistant = Assistant(retriever, reader=reader, min_confidence=0.0)
        threshold = assistant.reader.min_confidence
        cases = _asked(assistant, asked, sets.name, "with its passage", lambda _: None)
        if any(not question.answers for question in sets.questions):
            found = figures.adversarial(sets.name, cases, threshold)
        else:
            ranked = [evaluate.rank(retriever, question.text, DEEP) for question in asked]
            absent = _asked(assistant, asked, sets.name, "without", sets.others)
            alone = _asked(assistant, asked, sets.name, "of it alone", lambda id: [id])
            found = [
                *figures.quoted(sets.name, cases, sets.language),
                *figures.short("exact words", sets.name, cases),
                *figures.reranking(sets.name, cases, ranked),
                *figures.abstention(sets.name, cases, absent, threshold),
                *figures.short("given the passage", sets.name, alone),
            ]
    _say_error(sets.name, len(asked), len(sets.questions))
    return found


def _asked(
    assistant: Assistant,
    asked: Sequence[evaluate.Question],
    name: str,
    how: str,
    documents: Callable[[str], list[str] | None],
) -> list[Case]:
    """Every question and its answer; ``documents`` gives what it is asked of, by its paragraph."""
    started = monotonic()
    cases = [
        Case(each, assistant.ask(each.text, documents=documents(each.paragraph))) for each in asked
    ]
    each_ms = 1000 * (monotonic() - started) / max(1, len(cases))
    print(f"{name}, {how}: {len(cases):,} questions, {each_ms:.0f} ms each", file=sys.stderr)
    return cases


def _say_error(name: str, asked: int, there_are: int) -> None:
    """How far a share of so many questions may be from that of all such questions."""
    errors = " and ".join(f"{sqrt(p * (1 - p) / asked):.3f} at {p}" for p in (0.5, 0.9))
    print(
        f"{name}: {asked:,} of {there_are:,} questions; standard error of a share: {errors}",
        file=sys.stderr,
    )


def with_target(figure: Figure) -> Figure:
    """The figure with its target, if it has one."""
    for table, at_most in ((TARGETS, False), (MOST, True)):
        targets = table.get((figure.group, figure.name), {})
        target = targets.get(figure.set, targets.get(""))
        if target is not None:
            return replace(figure, target=target, at_most=at_most)
    return figure


def show(found: Sequence[Figure]) -> None:
    """One table a group, the figures of a kind together."""
    groups = dict.fromkeys(each.group for each in found)
    for group in groups:
        measure.table(group, list(_rows([each for each in found if each.group == group])))


def _rows(found: Sequence[Figure]) -> Iterator[dict[str, str]]:
    order = list(dict.fromkeys(each.name for each in found))
    for each in sorted(found, key=lambda each: order.index(each.name)):
        limit = "" if each.target is None else f"{'<=' if each.at_most else '>='} "
        yield {
            "figure": each.name,
            "set": each.set,
            "measured": figures.shown(each.value),
            "target": limit + (figures.shown(each.target) if limit else ""),
            "": each.verdict,
        }


if __name__ == "__main__":
    main()

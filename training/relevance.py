"""Fit a hit's relevance: how likely a passage answers, by its own measures alone.

    python -m training.relevance --data DATA [--work FOLDER] [--questions 300] [--rows FILE]

Asked is what `training.confidence` asks, and questions written by hand in Spanish and in English
about documents in either language. Each question is asked of its whole collection, of a few
documents with the right one, and of a few without it. The ten best passages count, as callers see
them: 1 where a passage answers, else 0. Two thirds of the questions are fitted on; of the others
the area under the curve and the expected calibration error (ten bins of 0.1) are printed, by set
and by whether the passage is in another language. The weights stand in `qa.settings`.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import Document, Index
from index.query import Query
from qa import Retriever
from qa.evaluation.metrics import holds
from qa.search.relevance import measures, weights
from training.asked import Collection, Question, collections

__all__ = ["area", "calibration_error", "fit"]

HITS = 10
BY_HAND = ("across", "lists", "prose", "tables", "tables2")
Floats = NDArray[np.float64]
Row = dict[str, Any]


def by_hand(data: Path) -> dict[str, Collection]:
    """The hand-written questions about documents of their own, a third of which is across."""
    folder = data / "questions"
    contexts = [row for name in BY_HAND for row in _lines(folder / f"{name}.contexts.jsonl")]
    asked = [row for name in BY_HAND for row in _lines(folder / f"{name}.questions.jsonl")]
    documents = [Document(row["id"], row["context"]) for row in contexts]
    questions = [
        Question(
            row["question"],
            (row["context_id"],),
            () if row["impossible"] else tuple(row["answers"]),
        )
        for row in asked
    ]
    ids = [one.id for one in documents]
    return {"by hand": Collection(documents, ids, questions, short=False)}


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def rows(
    name: str, asked: Collection, count: int, work: Path, draw: random.Random
) -> Iterator[Row]:
    """The measures of the best hits of so many questions, and which of them answer."""
    with Index.open(work / name, create=True) as index:
        held = {one.id for one in index.documents()}
        index.add(one for one in asked.documents if one.id not in held)
        retriever = Retriever(index)
        for number, question in enumerate(
            draw.sample(asked.questions, min(count, len(asked.questions)))
        ):
            few = asked.few(question.documents[0], draw)
            without = [id for id in few if id not in question.documents]
            for size, documents in (("all", None), ("few", few), ("without", without)):
                yield from (
                    {"set": name, "size": size, "question": f"{name} {number}", **found}
                    for found in _hits(retriever, question, documents, short=asked.short)
                )


def _hits(
    retriever: Retriever, question: Question, documents: list[str] | None, *, short: bool
) -> Iterator[Row]:
    search = retriever.find(Query(question.text), HITS, documents)
    known = [answer for answer in question.answers if answer]
    of = weights(search.query, retriever.index, [hit.passage.language for hit in search.hits])
    for ranked in search.ranking[:HITS]:
        passage = ranked.candidate.passage
        right = (
            bool(question.answers)
            and passage.document_id in question.documents
            and (short or holds(passage.text, known))
        )
        yield {"measures": measures(ranked.candidate, search.query, of), "right": right}


def fit(values: Floats, right: Floats, steps: int = 50) -> Floats:
    """The weights, the constant first, that make the labels likeliest, by Newton's method.

    ``values``: [n, measures]; ``right``: [n], 0 or 1. A tiny penalty keeps them finite.
    """
    x = np.column_stack([np.ones(len(values)), values])
    found: Floats = np.zeros(x.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ found))
        slope = x.T @ (right - p) - 1e-3 * found
        curve = (x * (p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(x.shape[1])
        found = found + np.linalg.solve(curve, slope)
    return found


def estimate(values: Floats, weights: Floats) -> Floats:
    """The relevance by these weights."""
    estimated: Floats = 1 / (1 + np.exp(-(weights[0] + values @ weights[1:])))
    return estimated


def area(estimated: Floats, right: Floats) -> float:
    """How often what is right has more than what is not (area under the ROC curve)."""
    _, places, times = np.unique(estimated, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(times) - (times - 1) / 2)[places]
    positive = right > 0
    n, m = positive.sum(), (~positive).sum()
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * m)) if n and m else float("nan")


def calibration_error(estimated: Floats, right: Floats, bins: int = 10) -> float:
    """The mean distance of estimate and truth over bins of equal width, weighed by their size."""
    of = np.minimum((estimated * bins).astype(int), bins - 1)
    gaps = [
        (of == n).mean() * abs(estimated[of == n].mean() - right[of == n].mean())
        for n in range(bins)
        if (of == n).any()
    ]
    return float(sum(gaps))


def report(found: Sequence[Row]) -> None:
    """Fit on two thirds of the questions, and print what the others say."""
    names = sorted({row["question"] for row in found})
    held = set(names[::3])
    values = np.array([row["measures"] for row in found], dtype=float)
    right = np.array([row["right"] for row in found], dtype=float)
    test = np.array([row["question"] in held for row in found])
    for title, columns in (("with vectors", [0, 1, 2]), ("by words alone", [1])):
        weights = fit(values[~test][:, columns], right[~test])
        print(f"{title}:", [round(float(weight), 2) for weight in weights])
        estimated = estimate(values[:, columns], weights)
        groups = {"held out": test}
        groups |= {f"  {size}": test & _of(found, "size", size) for size in ("all", "few")}
        groups |= {
            f"  {name}": test & _of(found, "set", name)
            for name in sorted({r["set"] for r in found})
        }
        groups |= {"  one language": test & (values[:, 2] == 0)}
        groups |= {"  across languages": test & (values[:, 2] == 1)}
        for name, of in groups.items():
            print(
                f"{name:24} {of.sum():6} hits, {right[of].mean():.3f} right,"
                f" area {area(estimated[of], right[of]):.3f},"
                f" calibration error {calibration_error(estimated[of], right[of]):.3f}"
            )


def _of(found: Sequence[Row], key: str, value: str) -> NDArray[np.bool_]:
    return np.array([row[key] == value for row in found])


def main() -> None:
    """Search, fit, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, help="where the collections' indexes are kept")
    parser.add_argument("--questions", type=int, default=300, help="of each set")
    parser.add_argument("--rows", type=Path, help="where to keep what was found, or where it is")
    arguments = parser.parse_args()
    if arguments.rows and arguments.rows.exists():
        report(json.loads(arguments.rows.read_text()))
        return
    draw = random.Random(0)  # noqa: S311 (a sample, not a secret)
    asked = {**collections(arguments.data, draw), **by_hand(arguments.data)}
    with tempfile.TemporaryDirectory() as made:
        work = arguments.work or Path(made)
        found = [
            row
            for name, one in asked.items()
            for row in rows(name, one, arguments.questions, work, draw)
        ]
    if arguments.rows:
        arguments.rows.write_text(json.dumps(found))
    report(found)


if __name__ == "__main__":
    main()

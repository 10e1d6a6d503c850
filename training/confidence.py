"""Fit how sure a reader may be that the documents answer, and from where on it should answer.

    python -m training.confidence --data DATA [--reader FOLDER] [--questions 150] [--rows FILE]

DATA holds qa/ and corpus/ (see training/README.md). The questions are those that no reader is
trained on (`training.reader_data.held_out`); TyDi QA's development part, which gives no answers:
there the right passage counts; and questions written over transcripts and laws. Each is asked of a
collection with its own passage, and once more with that passage taken out and every other one that
holds the same words, where nothing answers it. All sets weigh alike. How often a quote holds the
gold answer, and what SQuAD-es v2 asks that its passages do not answer, is only reported. SQuAD-es
comes from XQuAD's articles: what is fitted here is reported on MLQA.

With a span reader's FOLDER the result is written to its reader.json; without it the sentence
reader is measured, and the result printed. Questions are asked of few passages, of some and of
all: in a small collection a span reader has fewer measures, in a mixed one more stands out.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from index import Index
from index.embedders import load as load_model
from qa import Retriever
from qa.evaluation.metrics import auroc, bins, calibration_error, holds
from qa.readers import SENTENCES, CalibratedReader, load
from qa.readers.evidence import probability
from training.asked import ADVERSARIAL, Collection, Question, collections

HITS = 8  # as `qa.answering.assistant.Assistant` reads
FALSE_ANSWERS = 0.05  # of questions that the documents do not answer

Tested = tuple[str, str | None]
"""A reader and an embedding model, as `qa.readers.load` and `Index.open` take them."""

Row = tuple[tuple[float, ...], bool, bool]
"""Measures of the best quote, whether the quotes answer, and whether anything could."""


def measured(
    reader: CalibratedReader, asked: Question, retriever: Retriever, scope: list[str], short: bool
) -> Iterator[Row]:
    """The rows of one question: with what answers it and, if it has an answer, without.

    What is taken out is searched no more: scores are standardised over what is left.
    """
    hits = retriever.search(asked.text, 2 * HITS, scope)
    quotes, measures = reader.weigh(asked.text, hits[:HITS])
    own = [quote for quote in quotes if quote.hit.document_id in asked.documents]
    texts = [
        quote.hit.text[quote.start - quote.hit.passage.start :][: quote.end - quote.start]
        # In one of many documents the same few words may mean anything.
        for quote in (quotes if short else own)
    ]
    if any(asked.answers):
        right = any(holds(text, asked.answers) for text in texts)
    else:
        right = bool(asked.answers) and bool(own)
    yield measures, right, bool(asked.answers)
    if asked.answers:
        known = [answer for answer in asked.answers if answer]
        gone = {*asked.documents, *(h.document_id for h in hits if short and holds(h.text, known))}
        left = retriever.search(asked.text, 2 * HITS, [id for id in scope if id not in gone])
        others = [hit for hit in left if not holds(hit.text, known)]
        yield reader.weigh(asked.text, others[:HITS])[1], False, False


def rows(asked: Collection, count: int, draw: random.Random, tested: Tested) -> list[Row]:
    """The rows of so many questions, drawn at random: asked of all, of few and of thinned passages.

    Whole articles are hard: much in them is about the same. Thinned ones are easy to be wrong in:
    without its own passage a question still has one that stands out. Of long documents' paragraphs
    a few make a small folder.
    """
    if asked.short:
        parts = ((asked, True, True), (asked.thinned(draw), True, False))
    else:
        parts = ((asked, True, True), (asked.excerpts(), False, True))
    return [row for part in parts for row in _rows(*part, count, draw, tested)]


def _rows(
    asked: Collection, whole: bool, few: bool, count: int, draw: random.Random, tested: Tested
) -> Iterator[Row]:
    """The rows of the whole collection, of a few documents of it for each question, or of both."""
    chosen = draw.sample(asked.questions, min(count, len(asked.questions)))
    ids = [document.id for document in asked.documents]
    small = [asked.few(question.documents[0], draw) if few else [] for question in chosen]
    kept = {*ids} if whole else {id for scope in small for id in scope}
    reader, model = tested
    with (
        tempfile.TemporaryDirectory() as made,
        Index.open(made, create=True, model=model) as index,
    ):
        index.add([document for document in asked.documents if document.id in kept])
        retriever = Retriever(index)
        opened = load(index, reader)
        if not isinstance(opened, CalibratedReader):
            raise TypeError(reader)
        for question, scope in zip(chosen, small, strict=True):
            if whole:
                yield from measured(opened, question, retriever, ids, asked.short)
            if few:
                yield from measured(opened, question, retriever, scope, asked.short)


def fit(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Logistic regression by Newton's method with a little ridge; the bias comes first."""
    mean, deviation = x.mean(0), x.std(0)
    z = np.column_stack([np.ones(len(x)), (x - mean) / deviation])
    beta = np.zeros(z.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-z @ beta))
        gradient = z.T @ (weight * (y - p)) - 1e-3 * beta
        hessian = (z * (weight * p * (1 - p))[:, None]).T @ z + 1e-3 * np.eye(len(beta))
        beta += np.linalg.solve(hessian, gradient)
    scaled = beta[1:] / deviation
    return np.concatenate([[beta[0] - scaled @ mean], scaled])


def calibrate(sets: dict[str, list[Row]]) -> list[float]:
    """Bias and weights, fitted on all sets but the adversarial one, each weighing alike."""
    fitted = {name: found for name, found in sets.items() if found and name != ADVERSARIAL}
    rows = [row for found in fitted.values() for row in found]
    x = np.array([measures for measures, *_ in rows])
    y = np.array([answerable for *_, answerable in rows], dtype=float)
    weight = np.concatenate([np.full(len(f), len(y) / len(f)) for f in fitted.values()])
    return [float(value) for value in fit(x, y, weight / len(fitted))]


def threshold(sets: dict[str, list[tuple[float, Row]]]) -> float:
    """The least confidence to answer from, with 5 % of false answers on average of the sets."""
    false = [
        (p, 1 / len(found))
        for found in ([p for p, (*_, some) in rows if not some] for rows in sets.values())
        for p in found
    ]
    allowed = FALSE_ANSWERS * sum(weight for _, weight in false)
    for p, weight in sorted(false, reverse=True):
        allowed -= weight
        if allowed < 0:
            return p
    return 0.0


def confidences(calibrations: dict[int, list[float]], found: list[Row]) -> list[tuple[float, Row]]:
    """Each row with its confidence, by the calibration for as many measures as it has."""
    return [
        (probability(calibrations[len(row[0])][0], calibrations[len(row[0])][1:], row[0]), row)
        for row in found
    ]


def report(name: str, found: list[tuple[float, Row]], least: float) -> None:
    """How well the confidence tells."""
    positive = [p for p, (*_, answerable) in found if answerable]
    negative = [p for p, (*_, answerable) in found if not answerable]
    error = calibration_error(bins([p for p, _ in found], [some for _, (*_, some) in found]))
    right = np.mean([p >= least and own for p, (_, own, some) in found if some])
    print(
        f"{name}: {len(found)} readings, AUROC {auroc(positive, negative):.3f}, "
        f"calibration error {error:.3f}; at {least:.2f} answered "
        f"{np.mean(np.array(positive) >= least):.3f}, rightly {right:.3f}, without an answer "
        f"{np.mean(np.array(negative) >= least):.3f}",
        flush=True,
    )


def fitted(sets: dict[str, list[Row]]) -> dict[str, Any]:
    """What reader.json holds, fitted on these rows; how well it tells is printed."""
    sizes = sorted({len(measures) for found in sets.values() for measures, *_ in found})
    parts = {
        size: {name: [r for r in found if len(r[0]) == size] for name, found in sets.items()}
        for size in sizes
    }
    calibrations = {size: calibrate(part) for size, part in parts.items()}
    sure = {name: confidences(calibrations, found) for name, found in sets.items()}
    least = threshold({name: found for name, found in sure.items() if name != ADVERSARIAL})
    for size in sizes:
        for name, found in sure.items():
            own = [each for each in found if len(each[1][0]) == size]
            # The questions without an answer are held against those of the same articles with one.
            kin = [e for e in sure["squad-es"] if len(e[1][0]) == size and e[1][2]]
            if own:
                also = kin if name == ADVERSARIAL else []
                report(f"{name}, {size} measures", own + also, least)
    return {"calibrations": list(calibrations.values()), "min_confidence": round(least, 2)}


def write(path: Path, settings: dict[str, Any], model: str | None) -> None:
    """Put what was fitted into reader.json: in its own place for another embedding model."""
    held = json.loads(path.read_text(encoding="utf-8"))
    if model is None:
        held |= settings
    else:
        held.setdefault("models", {})[load_model(model).identity.partition("@")[0]] = settings
    path.write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    """Measure, fit, and write or print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader", default=SENTENCES, help="a folder of training.reader export")
    parser.add_argument("--model", help="the embedding model, if it is not the default one")
    parser.add_argument("--questions", type=int, default=150, help="of each set")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=Path, help="where to keep what was measured, or where it is")
    arguments = parser.parse_args()
    draw = random.Random(arguments.seed)  # noqa: S311  # a sample, not a secret
    if arguments.rows and arguments.rows.exists():
        found = json.loads(arguments.rows.read_text())
    else:
        found = {
            name: rows(asked, arguments.questions, draw, (arguments.reader, arguments.model))
            for name, asked in collections(arguments.data, draw).items()
        }
    if arguments.rows:
        arguments.rows.write_text(json.dumps(found))
    settings = fitted(found)
    print(json.dumps(settings, indent=2))
    if arguments.reader != SENTENCES:
        write(Path(arguments.reader) / "reader.json", settings, arguments.model)


if __name__ == "__main__":
    main()

"""Fit how sure a reader may be that the documents answer, and from where on it should answer.

    python -m training.confidence --data DATA [--reader FOLDER] [--written QUESTIONS]
        [--questions 150] [--work FOLDER] [--rows FILE]

DATA holds qa/ and corpus/ (see training/README.md). The questions are those that no reader is
trained on (`training.reader_data.held_out`); TyDi QA's development part, which gives no answers:
there the right passage counts; and questions written over transcripts and laws. Each is asked of a
collection with its own passage, and once more with that passage taken out and every other one that
holds the same words, where nothing answers it. All sets weigh alike. How often a quote holds the
gold answer, and what SQuAD-es v2 asks that its passages do not answer, is only reported. SQuAD-es
comes from XQuAD's articles: what is fitted here is reported on MLQA.

With a span reader's FOLDER the result is written to its reader.json; without it the sentence
reader is measured, and the result printed. Questions are asked of few passages, of some and of
all: in a small collection a span reader has fewer features, in a mixed one more stands out.
"""

import argparse
import hashlib
import json
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize

from index import Document, Index
from index.embedders import load as load_model
from index.query import Query
from qa import Retriever
from qa.evaluation.metrics import auroc, bins, calibration_error, holds
from qa.readers import SENTENCES, CalibratedReader, Calibration, Evidence, load
from qa.readers.spans import FEATURES
from training import questions_data
from training.asked import ADVERSARIAL, Collection, Question, collections

BY_HAND = "by hand"
# Of the features of `qa.readers.spans`, those whose sign is known: margin, head, cell, similarity,
# shared words, what the quote is ahead; and that the passage lacks a value or a name.
SPEAK_FOR, SPEAK_AGAINST = {0, 1, 2, 5, 6, 13}, {4, 10}
BY_HAND_WEIGHT = 4.0
# Of these, those that tell whether the passage is about what is asked; the others tell whether the
# words answer.
ABOUT = {5, 6, 7, 11, 12, 13}
RIDGE = 2e-3  # of the mean cost
HITS = 10  # as `qa.answering.assistant.Assistant` reads
FALSE_ANSWERS = 0.05  # of questions that the documents do not answer


class Tested(NamedTuple):
    """A reader and an embedding model, as `qa.readers.load` and `Index.open` take them.

    ``work`` is the folder that keeps the indexes, which take minutes to embed.
    """

    reader: str
    model: str | None
    work: Path


class Row(NamedTuple):
    """One reading: its features, whether its quotes answer, and whether anything could.

    ``calibration`` names the features, and ``least`` is the least confidence, as
    `qa.readers.Evidence` has them.
    """

    calibration: str
    features: tuple[float, ...]
    right: bool
    answerable: bool
    least: float = 0.0


def measured(
    reader: CalibratedReader, asked: Question, retriever: Retriever, scope: list[str], short: bool
) -> Iterator[Row]:
    """The rows of one question: with what answers it and, if it has an answer, without.

    What is taken out is searched no more: scores are standardised over what is left.
    """
    query = Query(asked.text)
    hits = retriever.search(asked.text, 2 * HITS, scope)
    evidence = reader.extract_features(query, hits[:HITS])
    quotes = evidence.quotes
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
    yield _row(evidence, right=right, answerable=bool(asked.answers))
    if asked.answers:
        known = [answer for answer in asked.answers if answer]
        gone = {*asked.documents, *(h.document_id for h in hits if short and holds(h.text, known))}
        left = retriever.search(asked.text, 2 * HITS, [id for id in scope if id not in gone])
        others = [hit for hit in left if not holds(hit.text, known)]
        evidence = reader.extract_features(query, others[:HITS])
        yield _row(evidence, right=False, answerable=False)


def _row(evidence: Evidence, *, right: bool, answerable: bool) -> Row:
    return Row(evidence.calibration, evidence.features, right, answerable, evidence.least)


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
    with opened([one for one in asked.documents if one.id in kept], tested) as (retriever, reader):
        for question, scope in zip(chosen, small, strict=True):
            if whole:
                yield from measured(reader, question, retriever, ids, asked.short)
            if few:
                yield from measured(reader, question, retriever, scope, asked.short)


@contextmanager
def opened(
    documents: Sequence[Document], tested: Tested
) -> Iterator[tuple[Retriever, CalibratedReader]]:
    """A retriever over the documents, and the reader; the index is kept, by what is in it."""
    digest = hashlib.sha256(str(tested.model).encode("utf-8"))
    for document in documents:
        digest.update(f"{document.id}\0{document.text}\0".encode())
    folder = tested.work / digest.hexdigest()[:16]
    with Index.open(folder, create=True, model=tested.model) as index:
        held = {info.id for info in index.documents()}
        index.add([document for document in documents if document.id not in held])
        reader = load(index, tested.reader)
        if not isinstance(reader, CalibratedReader):
            raise TypeError(tested.reader)
        yield Retriever(index), reader


def by_hand(folder: Path, tested: Tested) -> dict[str, list[Row]]:
    """The rows of hand-written questions: each asked of its own context, and of all of our own.

    Only of the contexts that are kept for this (`training.questions_data.PARTS`).
    """
    every = questions_data.read(folder)
    part, _ = questions_data.PARTS
    asked = [item for item in every if questions_data.held_out_part(item.document) == part]
    own = [item for item in every if item.document == item.context_id]
    found: dict[str, list[Row]] = {BY_HAND: [], f"{BY_HAND}, all": []}
    texts = {item.context_id: item.context for item in (*asked, *own)}
    documents = [Document(id, text) for id, text in texts.items()]
    with opened(documents, tested) as (retriever, reader):
        open_ids = list({item.context_id for item in own})
        for item in asked:
            question = Question(item.question, (item.context_id,), item.answers)
            found[BY_HAND].append(_asked(reader, question, retriever, [item.context_id]))
            if item.context_id in open_ids:
                found[f"{BY_HAND}, all"].append(_asked(reader, question, retriever, open_ids))
    return found


def _asked(
    reader: CalibratedReader, question: Question, retriever: Retriever, scope: list[str]
) -> Row:
    """A question as it is asked, of these documents."""
    evidence = reader.extract_features(
        Query(question.text), retriever.search(question.text, HITS, scope)
    )
    text = " ".join(
        quote.hit.text[quote.start - quote.hit.passage.start :][: quote.end - quote.start]
        for quote in evidence.quotes
        if quote.hit.document_id in question.documents
    )
    right = bool(question.answers) and holds(text, question.answers)
    return _row(evidence, right=right, answerable=bool(question.answers))


def fit(
    x: np.ndarray, y: np.ndarray, weight: np.ndarray, groups: Sequence[Sequence[int]]
) -> list[np.ndarray]:
    """A product of logistic models by L-BFGS, one a group of columns, its bias first.

    ``x`` [rows, features] float64, ``y`` and ``weight`` [rows]. Of the features whose sign is known
    none counts against what it is evidence for; a little ridge keeps the others small.
    """
    mean, deviation = x.mean(0), x.std(0) + 1e-9
    z = (x - mean) / deviation
    ends = np.cumsum([1 + len(group) for group in groups])[:-1]

    def cost(beta: np.ndarray) -> tuple[float, np.ndarray]:
        parts = np.split(beta, ends)
        each = [_logistic(p[0] + z[:, g] @ p[1:]) for p, g in zip(parts, groups, strict=True)]
        chance = np.clip(np.prod(each, 0), 1e-9, 1 - 1e-9)
        told = weight * (y * np.log(chance) + (1 - y) * np.log(1 - chance))
        slope = weight * (1 - y / chance) / (1 - chance)
        gradients = []
        for part, group, own in zip(parts, groups, each, strict=True):
            inner = slope * chance * (1 - own)
            ridge = 2 * RIDGE * len(y) * np.concatenate([[0.0], part[1:]])
            gradients.append(np.concatenate([[inner.sum()], z[:, group].T @ inner]) + ridge)
        square = sum(float(part[1:] @ part[1:]) for part in parts)
        return RIDGE * len(y) * square - told.sum(), np.concatenate(gradients)

    bounds = [bound for group in groups for bound in ((None, None), *map(_bound, group))]
    start = np.zeros(len(bounds))
    found = minimize(cost, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    scaled = []
    for part, group in zip(np.split(found, ends), groups, strict=True):
        weights = part[1:] / deviation[group]
        scaled.append(np.concatenate([[part[0] - weights @ mean[group]], weights]))
    return scaled


def _logistic(logit: np.ndarray) -> np.ndarray:
    value: np.ndarray = 1 / (1 + np.exp(-np.clip(logit, -60, 60)))
    return value


def _bound(place: int) -> tuple[float | None, float | None]:
    """What a feature's weight may be, by what it is known to be evidence for."""
    return (0.0 if place in SPEAK_FOR else None), (0.0 if place in SPEAK_AGAINST else None)


def calibrate(sets: dict[str, list[Row]]) -> Calibration:
    """What is fitted on all sets but the adversarial one.

    Each weighs alike, but for those by hand, which weigh four times as much: half of what else is
    asked without an answer is of another subject altogether.
    """
    fitted = {name: found for name, found in sets.items() if found and name != ADVERSARIAL}
    # Elsewhere a quote may answer in other words than the golden ones.
    labelled = [(name.startswith(BY_HAND), row) for name, found in fitted.items() for row in found]
    rows = [row for _, row in labelled]
    x = np.array([row.features for row in rows])
    y = np.array([r.right if by_hand else r.answerable for by_hand, r in labelled], dtype=float)
    shares = [BY_HAND_WEIGHT if name.startswith(BY_HAND) else 1.0 for name in fitted]
    weight = np.concatenate(
        [np.full(len(f), s / len(f)) for s, f in zip(shares, fitted.values(), strict=True)]
    )
    weight *= len(y) / sum(shares)
    count = x.shape[1]
    groups = [list(range(count))]  # of the sentence reader
    if count in FEATURES.values():
        groups = [[i for i in range(count) if (i in ABOUT) == about] for about in (False, True)]
    made: Calibration | None = None
    for group, (bias, *found) in reversed(
        list(zip(groups, fit(x, y, weight, groups), strict=True))
    ):
        by_place = dict(zip(group, map(float, found), strict=True))
        made = Calibration(float(bias), tuple(by_place.get(i, 0.0) for i in range(count)), made)
    if made is None:
        raise ValueError("no features")
    return made


def threshold(sets: dict[str, list[tuple[float, Row]]]) -> float:
    """The least confidence to answer from, with 5 % of false answers on average of the sets."""
    false = [
        (p, 1 / len(found))
        for found in ([p for p, row in rows if not row.answerable] for rows in sets.values())
        for p in found
    ]
    allowed = FALSE_ANSWERS * sum(weight for _, weight in false)
    for p, weight in sorted(false, reverse=True):
        allowed -= weight
        if allowed < 0:
            return p
    return 0.0


def confidences(calibrations: dict[str, Calibration], rows: list[Row]) -> list[tuple[float, Row]]:
    """Each row with its confidence, by the calibration of its features."""
    return [
        (max(row.least, calibrations[row.calibration].confidence(row.features)), row)
        for row in rows
    ]


def report(name: str, found: list[tuple[float, Row]], least: float) -> None:
    """How well the confidence tells."""
    positive = [p for p, row in found if row.answerable]
    negative = [p for p, row in found if not row.answerable]
    error = calibration_error(bins([p for p, _ in found], [row.right for _, row in found]))
    right = np.mean([p >= least and row.right for p, row in found if row.answerable])
    print(
        f"{name}: {len(found)} readings, AUROC {auroc(positive, negative):.3f}, "
        f"calibration error {error:.3f}; at {least:.2f} answered "
        f"{np.mean(np.array(positive) >= least):.3f}, rightly {right:.3f}, without an answer "
        f"{np.mean(np.array(negative) >= least):.3f}",
        flush=True,
    )


def fitted(sets: dict[str, list[Row]]) -> dict[str, Any]:
    """What reader.json holds, fitted on these rows; how well it tells is printed."""
    kinds = sorted({row.calibration for rows in sets.values() for row in rows if row.features})
    sets = {name: [row for row in rows if row.features] for name, rows in sets.items()}
    parts = {
        kind: {name: [r for r in rows if r.calibration == kind] for name, rows in sets.items()}
        for kind in kinds
    }
    calibrations = {kind: calibrate(part) for kind, part in parts.items()}
    sure = {name: confidences(calibrations, found) for name, found in sets.items()}
    # Near misses are another matter than questions about what is not there at all.
    easy = {n: f for n, f in sure.items() if n != ADVERSARIAL and not n.startswith(BY_HAND)}
    least = threshold(easy)
    for kind in kinds:
        for name, rows in sure.items():
            own = [(p, row) for p, row in rows if row.calibration == kind]
            # The questions without an answer are held against those of the same articles with one.
            kin = [(p, r) for p, r in sure["squad-es"] if r.calibration == kind and r.answerable]
            if own:
                also = kin if name == ADVERSARIAL else []
                report(f"{name}, {kind}", own + also, least)
    return {
        "calibrations": {kind: asdict(fitted) for kind, fitted in calibrations.items()},
        "min_confidence": round(least, 2),
    }


def write(path: Path, settings: dict[str, Any], model: str | None) -> None:
    """Put what was fitted into reader.json: in its own place for another embedding model."""
    held = json.loads(path.read_text(encoding="utf-8"))
    if model is None:
        held |= settings
    else:
        held.setdefault("models", {})[load_model(model).identity.partition("@")[0]] = settings
    path.write_text(json.dumps(held, indent=2) + "\n", encoding="utf-8")


def _measured(arguments: argparse.Namespace) -> dict[str, list[Row]]:
    """The rows of every set."""
    draw = random.Random(arguments.seed)  # noqa: S311  # a sample, not a secret
    with tempfile.TemporaryDirectory() as made:
        work = arguments.work or Path(made)
        tested = Tested(arguments.reader, arguments.model, work)
        found = {}
        for name, asked in collections(arguments.data, draw).items():
            found[name] = rows(asked, arguments.questions, draw, tested)
            print(f"{name}: {len(found[name])} readings", file=sys.stderr, flush=True)
        if arguments.written:
            found |= by_hand(arguments.written, tested)
    return found


def main() -> None:
    """Measure, fit, and write or print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader", default=SENTENCES, help="a folder of training.reader export")
    parser.add_argument("--written", type=Path, help="questions by hand (training.questions_data)")
    parser.add_argument("--model", help="the embedding model, if it is not the default one")
    parser.add_argument("--questions", type=int, default=150, help="of each set")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", type=Path, help="where indexes are kept; nowhere if left out")
    parser.add_argument("--rows", type=Path, help="where to keep what was measured, or where it is")
    arguments = parser.parse_args()
    if arguments.rows and arguments.rows.exists():
        kept = json.loads(arguments.rows.read_text())
        found = {name: [Row(*row) for row in rows] for name, rows in kept.items()}
    else:
        found = _measured(arguments)
    if arguments.rows:
        arguments.rows.write_text(json.dumps(found))
    settings = fitted(found)
    print(json.dumps(settings, indent=2))
    if arguments.reader != SENTENCES:
        write(Path(arguments.reader) / "reader.json", settings, arguments.model)


if __name__ == "__main__":
    main()

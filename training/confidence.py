"""Fit how sure we may be that quotes answer: for qa/readers/evidence.py, or a span reader.

    python -m training.confidence --data DATA [--questions 400] [--reader FOLDER]

DATA holds qa/ (SQuAD-es v1.1, TyDi QA; see training/README.md). Each question is asked
of a collection with its own passage, where it counts as answered when a quote holds the gold
answer, and once more with that passage taken out, where nothing answers it. Both languages weigh
alike. SQuAD-es comes from XQuAD's articles: what is fitted here is reported on MLQA. With a span
reader's FOLDER the weights are written to its reader.json. A reader is too sure of what it was
trained on: give a reader that has not seen these questions.
"""

import argparse
import json
import lzma
import random
import tempfile
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index import Document, Index
from qa import Hit, Retriever
from qa.readers.sentences import SentenceReader
from qa.readers.spans import SpanReader

PASSAGES = 600


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the number of its passage and the accepted answers."""

    id: str
    text: str
    passage: int
    answers: tuple[str, ...]


def squad(path: Path) -> tuple[list[str], list[Question]]:
    """The passages and the answerable questions of a file in SQuAD's format."""
    raw = lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()
    passages: list[str] = []
    questions = []
    for article in json.loads(raw)["data"]:
        for paragraph in article["paragraphs"]:
            passages.append(paragraph["context"])
            questions += [
                Question(
                    asked["id"],
                    asked["question"],
                    len(passages) - 1,
                    tuple(answer["text"] for answer in asked["answers"]),
                )
                for asked in paragraph["qas"]
                if asked["answers"]
            ]
    return passages, questions


def examples(
    passages: list[str], questions: list[Question], count: int, seed: int, folder: Path | None
) -> Iterator[tuple[tuple[float, ...], bool]]:
    """Evidence and whether the quotes answer, twice a question: with its passage and without."""
    drawn = random.Random(seed)  # noqa: S311  # a sample, not a secret
    chosen = drawn.sample(questions, min(count, len(questions)))
    kept = {question.passage for question in chosen}
    others = [number for number in range(len(passages)) if number not in kept]
    kept |= set(drawn.sample(others, max(0, min(PASSAGES - len(kept), len(others)))))
    with tempfile.TemporaryDirectory() as made, Index.open(made, create=True) as index:
        index.add(Document(str(number), passages[number]) for number in sorted(kept))
        reader = SpanReader(index, folder) if folder else SentenceReader(index)
        retriever = Retriever(index)
        for question in chosen:
            hits = retriever.search(question.text, k=10)
            yield measured(reader, question, hits[:8])
            without = [hit for hit in hits if hit.document_id != str(question.passage)]
            yield measured(reader, question, without[:8])[0], False


def measured(
    reader: SentenceReader | SpanReader, question: Question, hits: list[Hit]
) -> tuple[tuple[float, ...], bool]:
    """The evidence of a reading, and whether a quote holds a gold answer."""
    reading, evidence = reader.weigh(question.text, hits)
    quoted = [
        quote.hit.passage.text[quote.start - quote.hit.passage.start :][: quote.end - quote.start]
        for quote in reading
    ]
    right = any(answer in words for answer in question.answers for words in quoted)
    return evidence if isinstance(evidence, tuple) else astuple(evidence), right


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


def auroc(scores: np.ndarray, y: np.ndarray) -> float:
    """The probability that an answered question scores above one that is not."""
    ranks = scores.argsort().argsort()[y].sum() - y.sum() * (y.sum() - 1) / 2
    return float(ranks / (y.sum() * (~y).sum()))


def main() -> None:
    """Collect the evidence, fit, and print weights and how well they tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=400, help="of each kind")
    parser.add_argument("--reader", type=Path, help="a folder that training.reader export wrote")
    arguments = parser.parse_args()
    folder = arguments.data / "qa"
    es, asked_es = squad(folder / "squad-es-v1.1-small.json")
    tydi, asked_tydi = squad(folder / "tydiqa-en-train.json")
    sets: dict[str, Any] = {
        "es": (es, asked_es),
        "en": (tydi, asked_tydi),
    }
    rows, labels, weights = [], [], []
    for seed, (name, (passages, questions)) in enumerate(sets.items()):
        found = list(examples(passages, questions, arguments.questions, seed, arguments.reader))
        x = np.array([evidence for evidence, _ in found])
        y = np.array([right for _, right in found])
        print(f"{name}: {len(y)} examples, {y.mean():.3f} answered;", end=" ")
        print("AUROC of each:", [round(auroc(column, y), 3) for column in x.T], flush=True)
        rows.append(x)
        labels.append(y)
        weights.append(np.full(len(y), 1 / len(y)))
    x, y, weight = np.concatenate(rows), np.concatenate(labels), np.concatenate(weights)
    beta = fit(x, y.astype(float), weight * len(y) / weight.sum())
    print("BIAS =", round(float(beta[0]), 2))
    print("WEIGHTS =", tuple(round(float(value), 2) for value in beta[1:]))
    if arguments.reader:
        settings = {"bias": float(beta[0]), "weights": [float(value) for value in beta[1:]]}
        (arguments.reader / "reader.json").write_text(json.dumps(settings, indent=2) + "\n")
    for name, one, right in zip(sets, rows, labels, strict=True):
        p = 1 / (1 + np.exp(-(beta[0] + one @ beta[1:])))
        away = (p[1::2] >= 0.5).mean()
        print(
            f"{name}: AUROC {auroc(p, right):.3f}; at 0.5, answered with the passage"
            f" {(p[::2] >= 0.5).mean():.3f}, without {away:.3f}"
        )
        for least in (0.3, 0.35, 0.4, 0.6, 0.7):
            print(f"   at {least}: {(p[::2] >= least).mean():.3f}, {(p[1::2] >= least).mean():.3f}")


if __name__ == "__main__":
    main()

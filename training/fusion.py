"""Fit BM25's share in the fusion of both searches, on questions that nothing is measured with.

    python -m training.fusion --data DATA [--model NAME] [--questions 300] [--rows FILE]

Prints the mean reciprocal rank of the right passage for each share, by set; all sets weigh alike.
The best shares stand in `qa.search.fusion`. Across languages: English questions over Spanish
transcripts and laws, and sentences of parallel texts, searched for among those of the other one.
``--rows`` keeps what was searched, or reads it. It also prints the best share of the questions with
a number, with a name, and of the others, which is how we know whether these deserve a share of
their own.
"""

import argparse
import json
import random
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index import Document, Index
from index.embedders import DEFAULT_MODEL, load
from index.text.language import detect
from qa.evaluation.metrics import holds
from qa.search.fusion import weighted
from training import cloze
from training.asked import ADVERSARIAL, Collection, Question, collections

SHARES = tuple(round(0.05 * n, 2) for n in range(15))
PAIRS = 1500  # sentences of the collection across languages
NUMBER = re.compile(r"\d")
NAME = re.compile(r"(?<=[a-zñáéíóú,] )[A-ZÁÉÍÓÚÑ]\w+|[\"«“]")

Row = dict[str, Any]


def across(data: Path, draw: random.Random) -> Collection:
    """Sentences of parallel texts, each the question for its counterpart."""
    pairs = [
        pair
        for document in cloze.documents(data / cloze.PARALLEL)
        for pair in document
        if all(60 <= len(pair[language]) <= 300 for language in ("en", "es"))
    ]
    chosen = draw.sample(pairs, PAIRS)
    documents, questions = [], []
    for number, pair in enumerate(chosen):
        asked, told = draw.choice((("en", "es"), ("es", "en")))
        documents.append(Document(str(number), pair[told]))
        questions.append(Question(pair[asked], (str(number),), ("",)))
    return Collection(documents, ["parallel"] * len(documents), questions)


def rows(asked: Collection, count: int, draw: random.Random, model: str) -> Iterator[Row]:
    """The candidates of so many questions: scores, whether in one language, whether right."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Index.open(folder, create=True, model=load(model)) as index,
    ):
        index.add(asked.documents)
        for question in draw.sample(asked.questions, min(count, len(asked.questions))):
            language = detect(question.text)
            known = [answer for answer in question.answers if answer]
            found = index.candidates(question.text)
            yield {
                "question": question.text,
                "dense": [one.dense for one in found],
                "lexical": [one.lexical or 0.0 for one in found],
                "same": [language in {None, one.passage.language} for one in found],
                "right": [
                    one.passage.document_id in question.documents
                    and (asked.short or holds(one.passage.text, known))
                    for one in found
                ],
            }


def reciprocal_rank(row: Row, share: float) -> float:
    """Of the first right candidate, with this share of BM25; 0 if there is none."""
    scores = weighted(np.array(row["dense"]), np.array(row["lexical"]), share)
    right = np.array(row["right"])
    if not right.any():
        return 0.0
    return float(1 / (1 + (scores > scores[right].max()).sum()))


def table(sets: dict[str, list[Row]], chosen: Callable[[Row], bool] = lambda _: True) -> None:
    """Print the mean reciprocal rank by share and set, and the best share of all sets alike."""
    means: dict[str, list[float]] = {}
    for name, found in sets.items():
        kept = [row for row in found if chosen(row)]
        if len(kept) >= 20:
            means[f"{name} ({len(kept)})"] = [
                float(np.mean([reciprocal_rank(row, share) for row in kept])) for share in SHARES
            ]
    if not means:
        return
    print("share", *(f"{share:5.2f}" for share in SHARES))
    for name, values in means.items():
        print(*(f"{value:5.3f}" for value in values), name)
    best = int(np.mean(list(means.values()), axis=0).argmax())
    print(f"best: {SHARES[best]}\n", flush=True)


def main() -> None:
    """Search, and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", default=DEFAULT_MODEL, help="its name or folder")
    parser.add_argument("--questions", type=int, default=300, help="of each set")
    parser.add_argument("--rows", type=Path, help="where to keep what was found, or where it is")
    arguments = parser.parse_args()
    draw = random.Random(0)  # noqa: S311 (a sample, not a secret)
    if arguments.rows and arguments.rows.exists():
        sets: dict[str, list[Row]] = json.loads(arguments.rows.read_text())
    else:
        asked = {**collections(arguments.data, draw), "across": across(arguments.data, draw)}
        sets = {
            name: list(rows(one, arguments.questions, draw, arguments.model))
            for name, one in asked.items()
            if name != ADVERSARIAL
        }
        if arguments.rows:
            arguments.rows.write_text(json.dumps(sets))
    report(sets)


def told_alike(row: Row) -> bool:
    """Whether a right passage was found in the question's language."""
    return any(same and right for same, right in zip(row["same"], row["right"], strict=True))


def report(sets: dict[str, list[Row]]) -> None:
    """All tables."""
    across = {name: [row for row in found if not told_alike(row)] for name, found in sets.items()}
    same = {name: [row for row in found if told_alike(row)] for name, found in sets.items()}
    print("Across languages")
    table(across)
    kinds: Sequence[tuple[str, Callable[[Row], bool]]] = (
        ("In one language", lambda _: True),
        ("With a number", lambda row: bool(NUMBER.search(row["question"]))),
        ("With a name", lambda row: bool(NAME.search(row["question"]))),
        (
            "With neither",
            lambda row: not (NUMBER.search(row["question"]) or NAME.search(row["question"])),
        ),
    )
    for title, chosen in kinds:
        print(title)
        table(same, chosen)


if __name__ == "__main__":
    main()

"""Whether what is written of a passage is checked well: true sentences pass, changed ones do not.

    python -m benchmarks.verification --data DATA [--part dev|test] [--paragraphs N] [--seed S]
        [--rows FILE] [--json] [--out FILE]

DATA is described in its README. ``dev``, the default, is what the check was made on: SQuAD-es and
SQuAD train, TyDi QA, and the questions of QUESTIONS that readers are trained on. ``test`` is asked
once, at the end: XQuAD in both languages and across, MLQA dev, and the held-out part of the
questions. The sentences are made by `benchmarks.statements`. Printed are the share of the true ones
that are struck, by form, and of the changed ones that are stopped, by kind. ``--rows`` keeps every
sentence with its verdict.
"""

import argparse
import json
import lzma
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import measure
from benchmarks.statements import KINDS, Asked, Statement, changed, true_ones
from index.types import Passage
from qa.search.reranking import load_model
from qa.writing.checking import Checker
from training import questions_data

__all__ = ["Row", "groups", "main", "passage_of", "statements"]

Group = list[Asked]


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence that was checked; ``change`` is empty for a true one."""

    collection: str
    language: str
    form: str
    change: str
    origin: str
    supported: bool
    reason: str
    words: str
    sentence: str
    before: str
    passage: str


def groups(data: Path, part: str, many: int, seed: int) -> dict[str, list[Group]]:
    """By collection, paragraphs with the questions about each, at most ``many`` of them."""
    draw = random.Random(seed)  # noqa: S311 (not for secrets)
    found = _dev(data) if part == "dev" else _test(data)
    return {
        name: draw.sample(made, min(many, len(made)))
        for name, make in found.items()
        if (made := make())
    }


def _dev(data: Path) -> dict[str, Callable[[], list[Group]]]:
    return {
        "squad-es": lambda: _squad(data / "qa/squad-es-v1.1-small.json", "es"),
        "squad-en": lambda: _squad(data / "qa/squad-en-v1.1-train.json.xz", "en"),
        "tydiqa-en": lambda: _squad(data / "qa/tydiqa-en-dev.json", "en"),
        "questions": lambda: _questions(data, held_out=False),
    }


def _test(data: Path) -> dict[str, Callable[[], list[Group]]]:
    es, en = data / "eval/xquad.es.json", data / "eval/xquad.en.json"
    return {
        "xquad-es": lambda: _squad(es, "es"),
        "xquad-en": lambda: _squad(en, "en"),
        "xquad-across": lambda: _across(es, en),
        "mlqa-es": lambda: _mlqa(data / "eval/mlqa-dev.ctx-es.q-es.jsonl", "es", "es"),
        "mlqa-en": lambda: _mlqa(data / "eval/mlqa-dev.ctx-en.q-en.jsonl", "en", "en"),
        "questions": lambda: _questions(data, held_out=True),
    }


def _squad(path: Path, language: str) -> list[Group]:
    packed = path.read_bytes()
    articles = json.loads(lzma.decompress(packed) if path.suffix == ".xz" else packed)["data"]
    made = [
        [
            Asked(
                part["context"], article.get("title", ""), qa["question"], answer, *[language] * 2
            )
            for qa in part["qas"]
            for answer in [a["text"] for a in qa["answers"]][:1]
        ]
        for article in articles
        for part in article["paragraphs"]
    ]
    return [group for group in made if group]


def _across(es: Path, en: Path) -> list[Group]:
    """English questions and answers about the Spanish passages of the same ids."""
    pairs = zip(_squad(es, "es"), _squad(en, "en"), strict=True)
    return [
        [
            Asked(a.passage, a.title, b.question, b.answer, "en", "es")
            for a, b in zip(*pair, strict=True)
        ]
        for pair in pairs
    ]


def _mlqa(path: Path, asked: str, told: str) -> list[Group]:
    made: dict[str, Group] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        answer = (
            row["answers"][0] if isinstance(row["answers"], list) else row["answers"]["text"][0]
        )
        answer = answer["text"] if isinstance(answer, dict) else answer
        made[row["context"]].append(
            Asked(row["context"], row["title"], row["question"], answer, asked, told)
        )
    return list(made.values())


def _questions(data: Path, *, held_out: bool) -> list[Group]:
    from index.text.language import detect

    made: dict[str, Group] = defaultdict(list)
    for one in questions_data.read(data / "questions"):
        test = questions_data.held_out_part(one.document) == "test"
        train = not questions_data.held_out(one.document)
        if one.answers and (test if held_out else train):
            told, asked = detect(one.context) or "es", detect(one.question) or "es"
            answer = one.answers[0]
            if asked == told or len(answer.split()) <= 3:  # it is in the passage's language
                title = "" if one.document == one.context_id else one.document
                made[one.context].append(
                    Asked(one.context, title, one.question, answer, asked, told)
                )
    return list(made.values())


def statements(found: Sequence[Group], seed: int) -> Iterator[Statement]:
    """The true sentences of each paragraph, and of each at most one changed one of each kind."""
    texts: dict[str, list[str]] = defaultdict(list)
    for group in found:
        texts[group[0].passage_language].append(group[0].passage)
    for number, group in enumerate(found):
        draw = random.Random(f"{seed}-{number}")  # noqa: S311
        for true in true_ones(group, draw):
            yield true
            others = [t for t in texts[true.language] if t != group[0].passage]
            for kind in KINDS:
                if others and (made := changed(true, others, kind, draw)):
                    yield made


def passage_of(asked: Asked) -> Passage:
    """The paragraph as a passage."""
    text = asked.passage
    return Passage(
        "d",
        0,
        len(text),
        text,
        1,
        language=asked.passage_language,
        context=asked.title.replace("_", " "),
    )


def rows(checker: Checker, name: str, found: Sequence[Group], seed: int) -> Iterator[Row]:
    """Every sentence of a collection with its verdict."""
    for made in statements(found, seed):
        verdict = checker.check(made.text, [passage_of(made.asked)], question=made.question)
        yield Row(
            name,
            made.language,
            made.form,
            made.change,
            made.origin,
            verdict.supported,
            str(verdict.reason or ""),
            verdict.words,
            made.text,
            made.before,
            made.asked.passage,
        )


def shares(checked: Sequence[Row]) -> dict[str, list[dict[str, Any]]]:
    """The share of the true ones struck, by form, and of the changed ones stopped, by kind."""
    true = [row for row in checked if not row.change]
    wrong = [row for row in checked if row.change]
    return {
        "true, struck": _by(true, lambda row: row.form, stopped=True),
        "changed, stopped": _by(wrong, lambda row: row.change, stopped=True),
        "changed, stopped, by origin": _by(
            [r for r in wrong if r.origin], lambda row: f"{row.change} {row.origin}", stopped=True
        ),
    }


def _by(found: Sequence[Row], key: Callable[[Row], str], *, stopped: bool) -> list[dict[str, Any]]:
    cells: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for row in found:
        for name in (key(row), "all"):
            for column in (row.collection, "all"):
                cells[name][column].append(row.supported is not stopped)
    columns = [*dict.fromkeys(row.collection for row in found), "all"]
    return [
        {"": name, **{c: _share(cells[name][c]) for c in columns}, "n": len(cells[name]["all"])}
        for name in sorted(cells, key=lambda n: (n == "all", n))
    ]


def _share(held: Sequence[bool]) -> str:
    return f"{sum(held) / len(held):.3f} ({len(held)})" if held else ""


def main() -> None:
    """Check the sentences and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--part", choices=("dev", "test"), default="dev")
    parser.add_argument("--paragraphs", type=int, default=100, help="of each collection")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    checker = Checker(load_model())
    started, checked = perf_counter(), []
    for name, found in groups(
        arguments.data, arguments.part, arguments.paragraphs, arguments.seed
    ).items():
        checked += list(rows(checker, name, found, arguments.seed))
    seconds = perf_counter() - started
    if arguments.rows:
        lines = (json.dumps(asdict(row), ensure_ascii=False) for row in checked)
        arguments.rows.write_text("\n".join(lines) + "\n", encoding="utf-8")
    results = {**shares(checked), "milliseconds a sentence": 1000 * seconds / len(checked)}
    measure.save({"verification": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        print(measure.processor()["name"])
        for title, table in shares(checked).items():
            measure.table(title, table)
        print(f"{results['milliseconds a sentence']:.1f} ms a sentence")


if __name__ == "__main__":
    main()

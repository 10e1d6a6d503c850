"""Questions written by hand, near misses among them: words, quotes, refusals, and how sure.

    python -m benchmarks.handwritten --questions QUESTIONS [--data DATA] [--modes given,open,laws]
        [--reader FOLDER] [--part test] [--work FOLDER] [--rows FILE] [--json]

QUESTIONS is described in training/questions_data.py; what nothing was fitted on is asked.
``given``: each question of its own context alone. ``open``: of all documents of our own together,
those that were trained on, too. ``laws``: the same among 5,000 paragraphs of laws (DATA/corpus).
F1 and exact
match are of the marked words, over the answerable questions; a refusal counts 0. A quote holds the
answer when all its words stand in the quotes together, in the other modes of the right document.
The assistant must answer; below the reader's threshold its answer counts as a refusal, but the
calibration error compares each confidence with what would have been quoted.
``--part`` asks another part instead, that which confidence was fitted on or which the reader was
trained on; ``--rows`` keeps every answer, as `benchmarks.bounds` reads them.
"""

import argparse
import json
import lzma
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks import measure
from index import Document, Index
from qa import Assistant, Retriever
from qa.evaluation.metrics import auroc, bins, calibration_error
from training import questions_data
from training.reader_score import exact_match, f1, normalised

__all__ = ["MODES", "Row", "figures", "main", "rows"]

MODES = ("given", "open", "laws")
LAWS = 5_000  # paragraphs of laws that stand among the documents
TRAINED = "trained"
LEAST = 120  # characters of such a paragraph
# What `benchmarks.bounds` tells apart: of one document each, by what it is, and of many.
KINDS = {
    "across": "across languages",
    "laws-a": "laws",
    "laws-b": "laws",
    "laws-mx": "laws",
    "tables": "tables and forms",
    "tables2": "tables and forms",
    "transcripts-a": "transcripts",
    "transcripts-b": "transcripts",
    "transcripts-c": "transcripts",
}
MANY = {"open": "many documents", "laws": "many documents among laws"}
OPEN = {"tables", "tables2", "lists", "prose", "across"}


@dataclass(frozen=True, slots=True)
class Row:
    """A question and what was answered; ``right`` if a quote of the right document answers.

    ``found`` says that the default threshold lets it pass.
    """

    collection: str
    group: str
    kind: str
    question: str
    answers: tuple[str, ...]
    impossible: bool
    found: bool
    right: bool
    confidence: float
    short: str
    quotes: tuple[str, ...]


def rows(
    mode: str,
    asked: Sequence[questions_data.Asked],
    assistant: Assistant,
) -> Iterator[Row]:
    """Every question's row; ``given`` asks of its own context alone.

    The ``assistant`` answers whatever its confidence.
    """
    threshold = assistant.reader.min_confidence
    for item in asked:
        limit = [item.context_id] if mode == "given" else None
        answer = assistant.ask(item.question, documents=limit)
        own = [c for c in answer.citations if c.document_id == item.context_id]
        quotes = tuple(citation.quote for citation in answer.citations)
        told = f" {normalised(' '.join(quotes))} "
        holds = bool(own) and any(f" {normalised(gold)} " in told for gold in item.answers)
        found = answer.found and answer.confidence >= threshold
        yield Row(
            collection=MANY.get(mode) or KINDS.get(item.group, item.group),
            group=item.group,
            kind=item.kind,
            question=item.question,
            answers=item.answers,
            impossible=not item.answers,
            found=found,
            right=answer.found and holds,
            confidence=answer.confidence,
            short=(answer.short or "") if found else "",
            quotes=quotes,
        )


def figures(found: Sequence[Row]) -> dict[str, float]:
    """All figures of some rows; NaN where nothing is of the kind."""
    yes = [row for row in found if not row.impossible]
    no = [row for row in found if row.impossible]
    given = [row for row in found if row.found]
    told = [[row.confidence for row in part] for part in (yes, no)]
    sure = bins([row.confidence for row in found], [row.right for row in found])
    return {
        "answerable": len(yes),
        "impossible": len(no),
        "F1": _mean([f1(row.short, row.answers) for row in yes]),
        "exact": _mean([exact_match(row.short, row.answers) for row in yes]),
        "quote holds": _mean([row.found and row.right for row in yes]),
        "answered": _mean([row.found for row in yes]),
        "refused": _mean([not row.found for row in no]),
        "AUROC": auroc(*told) if all(told) else float("nan"),
        "of answers right": _mean([row.right for row in given]),
        "wrong of all": _mean([row.found and not row.right for row in found]),
        "calibration error": calibration_error(sure),
    }


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")


def laws(data: Path, count: int = LAWS) -> Iterator[Document]:
    """So many paragraphs of laws, each a document, from laws evenly apart."""
    with lzma.open(data / "corpus" / "laws-es-ar.jsonl.xz", "rt", encoding="utf-8") as file:
        paragraphs = (
            Document(f"law-{number}-{place}", text)
            for number, line in enumerate(islice(file, 0, None, 3))
            for place, text in enumerate(json.loads(line)["paragraphs"])
            if len(text) >= LEAST
        )
        yield from islice(paragraphs, count)


def _documents(mode: str, every: Sequence[questions_data.Asked], data: Path) -> list[Document]:
    kept = [item for item in every if mode == "given" or item.group in OPEN]
    texts = {item.context_id: item.context for item in kept}
    made = [Document(id, text) for id, text in texts.items()]
    return [*made, *laws(data)] if mode == "laws" else made


def _asked(mode: str, arguments: argparse.Namespace) -> list[Row]:
    """The rows of one mode."""
    every = questions_data.read(arguments.questions)
    documents = _documents(mode, every, arguments.data)
    asked = [
        item
        for item in every
        if (questions_data.held_out_part(item.document) or TRAINED) == arguments.part
        and (mode == "given" or item.group in OPEN)
    ][:: arguments.every]
    folder = arguments.work / f"handwritten-{'laws' if mode == 'laws' else mode}"
    if not folder.exists():
        with Index.open(folder, create=True) as index:
            index.add(documents)
    with Retriever.open(folder) as retriever:
        assistant = Assistant(retriever, reader=arguments.reader, min_confidence=0.0)
        return list(rows(mode, asked, assistant))


def main() -> None:
    """Measure the modes asked for, and print a table for each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--data", type=Path, help="for the laws")
    parser.add_argument("--modes", default="given,open")
    parser.add_argument("--reader", help="a span reader's folder, or sentences; else the default")
    parts = (*questions_data.PARTS, TRAINED)
    parser.add_argument("--part", default="test", choices=parts, help="whose questions are asked")
    parser.add_argument("--every", type=int, default=1, help="ask only every so many questions")
    parser.add_argument("--work", type=Path, help="where indexes are kept; nowhere if left out")
    parser.add_argument("--rows", type=Path, help="keep all answers in this file")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    modes = arguments.modes.split(",")
    if unknown := set(modes) - {*MODES}:
        parser.error(f"there is no mode {', '.join(sorted(unknown))}")
    if "laws" in modes and not arguments.data:
        parser.error("the laws need --data")
    with TemporaryDirectory() as made:
        arguments.work = arguments.work or Path(made)
        found = {mode: _asked(mode, arguments) for mode in modes}
    if arguments.rows:
        lines = (json.dumps(asdict(row), ensure_ascii=False) for m in modes for row in found[m])
        arguments.rows.write_text("\n".join(lines) + "\n", encoding="utf-8")
    tables = {mode: _tables(found[mode]) for mode in modes}
    if arguments.json:
        print(json.dumps(tables, indent=2))
        return
    for mode, table in tables.items():
        measure.table(mode, [{"set": name} | _shown(row) for name, row in table.items()])


def _tables(found: Sequence[Row]) -> dict[str, dict[str, float]]:
    """The figures of all rows, of tables and lists together, and of each set."""
    groups = dict.fromkeys(row.group for row in found)
    parts = {"all": found}
    parts["tables and lists"] = [r for r in found if r.group in {"tables", "tables2", "lists"}]
    parts |= {group: [row for row in found if row.group == group] for group in groups}
    return {name: figures(part) for name, part in parts.items() if part}


def _shown(row: dict[str, float]) -> dict[str, str]:
    counts = {"answerable", "impossible"}
    return {k: str(v) if k in counts else f"{v:.3f}" for k, v in row.items()}


if __name__ == "__main__":
    main()

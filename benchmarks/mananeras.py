"""Fifty written questions over fifty transcripts of press conferences, twelve without an answer.

    python -m benchmarks.mananeras --data DATA [--work FOLDER] [--reader FOLDER|sentences]
                                   [--min-confidence SHARE] [--missed] [--json] [--out FILE]

A question counts as right when a quote from a transcript that answers holds one of the wordings
that the file of questions lists. The transcripts and their index stay in the folder that --work
names and are used again. --min-confidence 0 never refuses, which shows what the reader finds;
--missed prints what went wrong.
"""

import argparse
import json
import lzma
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from benchmarks import measure
from index import Index
from qa import Answer, Assistant, Retriever

__all__ = ["Asked", "judge", "questions", "write"]

QUESTIONS = Path(__file__).parent / "questions" / "mananeras.jsonl"
TRANSCRIPTS = Path("corpus") / "mananeras-mx.jsonl.xz"
DEPTHS = (1, 5, 10)  # passages
LONGEST = 600  # characters that an answer may quote
# The shares that are aimed at.
TARGETS = {"right": 0.85, "refused": 0.90}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the wordings that answer it, and the documents that say them: none, neither.

    ``about`` is the transcript that the question was written over.
    """

    text: str
    answers: tuple[str, ...]
    documents: tuple[str, ...]
    about: str


def main() -> None:
    """Ask all questions, and print how many were answered as they should be."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, help="keep the transcripts and their index here")
    parser.add_argument("--reader", help="a span reader's folder, or sentences")
    parser.add_argument("--min-confidence", type=float, help="answer from this confidence on")
    parser.add_argument("--missed", action="store_true", help="print what went wrong")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    asked = questions(QUESTIONS)
    with TemporaryDirectory() as folder:
        work = arguments.work or Path(folder)
        results = _run(asked, arguments.data, work, arguments.reader, arguments.min_confidence)
    measure.save({"mananeras": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        show(results, missed=arguments.missed)


def questions(file: Path) -> list[Asked]:
    """The questions of a file; it is one that `qa eval` reads, with more columns."""
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [
        Asked(
            row["question"],
            tuple(row["answer"]),
            (row["document"], *row["also"]) if row["document"] else (),
            row["about"],
        )
        for row in rows
    ]


def write(data: Path, names: Iterable[str], folder: Path) -> None:
    """Write the named transcripts, DATE-ID.txt, as text files; those that are there stay."""
    wanted = set(names)
    folder.mkdir(parents=True, exist_ok=True)
    with lzma.open(data / TRANSCRIPTS, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            file = folder / f"{row['date']}-{row['id']}.txt"
            if file.name in wanted and not file.exists():
                file.write_text(row["text"], encoding="utf-8")


def _run(
    asked: Sequence[Asked], data: Path, work: Path, reader: str | None, least: float | None
) -> dict[str, Any]:
    write(data, (question.about for question in asked), work / "mananeras")
    with Index.open(work / "ix-mananeras", create=True) as index:
        report = index.sync(work / "mananeras")
        retriever = Retriever(index)
        assistant = Assistant(retriever, reader=reader, min_confidence=least)
        assistant.ask(asked[0].text)  # the models are loaded with the first question
        results = [judge(question, assistant) for question in asked]
        return {
            "transcripts": len(index.documents()),
            "passages": sum(document.passages for document in index.documents()),
            "indexing_s": round(report.seconds, 1),
            **_summary(results),
            "questions": results,
        }


def judge(question: Asked, assistant: Assistant) -> dict[str, Any]:
    """What became of one question; ``rank``: of the first passage that holds an answer, or None."""
    started = perf_counter()
    answer = assistant.ask(question.text)
    seconds = perf_counter() - started
    hits = assistant.retriever.search(question.text, max(DEPTHS))
    holding = (n for n, hit in enumerate(hits, 1) if _holds(question, hit.document_id, hit.text))
    rank = next(holding, None)
    return {
        "question": question.text,
        "answerable": bool(question.answers),
        "outcome": _outcome(question, answer, rank),
        "rank": rank,
        "confidence": round(answer.confidence, 3),
        "quoted": [citation.quote for citation in answer.citations],
        "from": [citation.document_id for citation in answer.citations],
        "ms": round(1000 * seconds, 1),
    }


def _outcome(question: Asked, answer: Answer, rank: int | None) -> str:
    """``right``, or the step at which a question was lost."""
    if not question.answers:
        return "answered, though nothing answers" if answer.found else "right"
    if any(_holds(question, cited.document_id, cited.quote) for cited in answer.citations):
        return "right"
    if rank is None:
        return f"no passage among {max(DEPTHS)} answers"
    return "other words quoted" if answer.found else "not answered"


def _holds(question: Asked, document: str, text: str) -> bool:
    words = _plain(text)
    return document in question.documents and any(_plain(a) in words for a in question.answers)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _summary(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    known = [result for result in results if result["answerable"]]
    unknown = [result for result in results if not result["answerable"]]
    times = [result["ms"] for result in results]
    recall = {
        f"recall@{depth}": _share((result["rank"] or depth + 1) <= depth for result in known)
        for depth in DEPTHS
    }
    return {
        "answerable": len(known),
        "right": _share(result["outcome"] == "right" for result in known),
        "unanswerable": len(unknown),
        "refused": _share(result["outcome"] == "right" for result in unknown),
        "auroc": _auroc(known, unknown),
        "longest": max(sum(map(len, result["quoted"])) for result in results),
        **recall,
        "p50_ms": measure.percentile(times, 50),
        "p95_ms": measure.percentile(times, 95),
    }


def _auroc(known: Sequence[dict[str, Any]], unknown: Sequence[dict[str, Any]]) -> float:
    """How often a question with an answer has the higher confidence of two; .5 is chance."""
    pairs = [(float(a["confidence"]), float(b["confidence"])) for a in known for b in unknown]
    return round(sum((a > b) + 0.5 * (a == b) for a, b in pairs) / len(pairs), 4)


def _share(hits: Iterable[bool]) -> float:
    values = list(hits)
    return round(sum(values) / len(values), 4)


def show(results: dict[str, Any], *, missed: bool) -> None:
    """The figures beside what is aimed at; ``missed``: and every question that went wrong."""
    aims = {name: f">= {share:.2f}" for name, share in TARGETS.items()}
    aims["longest"] = f"<= {LONGEST}"
    figures = {name: value for name, value in results.items() if name != "questions"}
    measure.table(
        f"{results['answerable']} questions with and {results['unanswerable']} without an answer",
        [
            {"figure": name, "value": value, "aim": aims.get(name, "")}
            for name, value in figures.items()
        ],
    )
    for result in results["questions"] if missed else ():
        if result["outcome"] != "right":
            place = f", passage {result['rank']}" if result["rank"] else ""
            print(f"\n{result['question']}\n  {result['outcome']}{place}", end="")
            print(f", confidence {result['confidence']:.3f}")
            for quote, document in zip(result["quoted"], result["from"], strict=True):
                print(f"  «{quote}» ({document[:10]})")


if __name__ == "__main__":
    main()

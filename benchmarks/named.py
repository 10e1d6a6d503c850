"""What questions name: documents, numbers and dates, versions of a rule, authors, verb tenses.

python -m benchmarks.named [KIND...] [--missed]

``questions/named-KIND.jsonl`` hold small invented documents, and questions. An answer is right
where its words, or those quoted first, hold ``answer`` (null: it must be refused), of the document
``source``, with what is ``said`` in its text, and ``disagree`` as given.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from index.index import Index
from index.types import Document
from qa.answering.assistant import Assistant
from qa.search.retriever import Retriever
from qa.types import Answer

__all__ = ["KINDS", "is_right", "rows_of"]

QUESTIONS = Path(__file__).parent / "questions"
KINDS = ("documents", "numbers", "versions", "authors", "tenses")


def rows_of(kind: str) -> tuple[list[Document], list[dict[str, Any]]]:
    """The documents and the questions of a kind."""
    lines = (QUESTIONS / f"named-{kind}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    documents = [
        Document(row["document"], row["text"], row.get("title"), metadata=row.get("metadata") or {})
        for row in rows
        if "document" in row
    ]
    return documents, [row for row in rows if "question" in row]


def is_right(row: Mapping[str, Any], answer: Answer) -> bool:
    """Whether an answer is as the row of its question wants it."""
    if row.get("said", "") not in answer.text:
        return False
    if row["answer"] is None or not answer.found:
        return row["answer"] is None and not answer.found
    if not answer.citations:  # a reply to something else
        return False
    first = answer.citations[0]
    if row.get("source") not in {None, first.document_id}:
        return False
    if row.get("disagree") not in {None, answer.disagree}:
        return False
    return row["answer"] in f"{answer.short or ''}\n{first.quote}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Ask all questions of some kinds, or of all, and print how many are answered right."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--missed", action="store_true", help="show what is not answered right")
    options = parser.parse_args(arguments)
    for kind in options.kinds or KINDS:
        documents, rows = rows_of(kind)
        with TemporaryDirectory() as folder, Index.open(folder, create=True) as index:
            index.add(documents)
            assistant = Assistant(Retriever(index))
            answers = [assistant.ask(row["question"]) for row in rows]
        right = [is_right(row, answer) for row, answer in zip(rows, answers, strict=True)]
        refused = [row["answer"] is None for row in rows]
        answered = sum(r and not n for r, n in zip(right, refused, strict=True))
        print(
            f"{kind}: {sum(right)}/{len(rows)} right; answered {answered}/{refused.count(False)}, "
            f"refused {sum(right) - answered}/{sum(refused)}"
        )
        for row, answer, ok in zip(rows, answers, right, strict=True):
            if options.missed and not ok:
                said = " ".join(answer.text.split())
                print(f"  {row['question']} -> {answer.confidence:.2f} {answer.disagree} {said}")


if __name__ == "__main__":
    main()

"""Passages re-ranked by reading them: recall beside the search's own order.

    python -m benchmarks.reranking --data DATA [--work FOLDER] [--every N] [--only SET,...] [--json]

Each question is asked of all paragraphs of its collection (benchmarks/pools.py), each a document;
recall@k is how often its own paragraph is among the first k documents. ``search`` is the order that
`Retriever.search` gives, ``re-ranked`` that with ``rerank=True``.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import measure, pools
from qa import Hit, Retriever

__all__ = ["main", "recall"]

DEPTH = 10
SETS = ("xquad-es", "mlqa-es", "mlqa-en-es")


def recall(retriever: Retriever, asked: pools.QuestionSet, every: int) -> list[dict[str, Any]]:
    """A row for each order: recall@1, @5 and @10 of every so many of the questions."""
    places: dict[str, list[int]] = {"search": [], "re-ranked": []}
    for question in asked.questions[::every]:
        for way, found in places.items():
            hits = retriever.search(question.text, DEPTH, rerank=way != "search")
            found.append(place(hits, question.paragraph))
    return [
        {"set": asked.name, "questions": len(found), "order": way}
        | {f"recall@{k}": sum(at <= k for at in found) / len(found) for k in (1, 5, 10)}
        for way, found in places.items()
    ]


def place(hits: Sequence[Hit], document: str) -> int:
    """Where the document stands among those of the hits, from 1; DEPTH + 1 if it is not there."""
    ids = dict.fromkeys(hit.document_id for hit in hits)
    return next((at for at, id in enumerate(ids, 1) if id == document), DEPTH + 1)


def main() -> None:
    """Measure the sets, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, help="where indexes are kept; nowhere if left out")
    parser.add_argument("--every", type=int, default=1, help="ask only every so many questions")
    parser.add_argument("--only", default=",".join(SETS), help="sets")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    rows = []
    with TemporaryDirectory() as made:
        for name in arguments.only.split(","):
            sets = pools.read(name, arguments.data)
            with pools.opened(sets, arguments.work or Path(made)) as retriever:
                rows += recall(retriever, sets, arguments.every)
    if arguments.json:
        measure.save({"reranking": rows}, as_json=True, out=None)
    else:
        measure.table("Recall of documents", rows)


if __name__ == "__main__":
    main()

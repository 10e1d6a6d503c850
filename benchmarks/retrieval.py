"""Recall of embedding models, with BM25 alone and both fused, beside each other.

    python -m benchmarks.retrieval --data DATA [--model NAME ...] [--questions-by NAME]
        [--dimensions N] [--every N] [--json] [--out FILE]

A model is one that ``--model`` of the command line takes, or a folder that training wrote; with
``--questions-by`` another one embeds the questions, as where an index was made on a GPU, and with
``--dimensions`` only the first N of each vector count. XQuAD
is asked of its own 240 paragraphs, MLQA dev of 1,886 (benchmarks/pools.py); a paragraph's place is
that of its best passage. Nothing is trained, tuned or weighted on these questions.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import measure, pools
from index import Candidate, Document, Index
from index.candidates import Candidates
from index.embedders import Embedder, load
from index.query import Query
from qa.evaluation import evaluate
from qa.search.retriever import rank

__all__ = ["figures"]

WAYS = ("dense", "BM25", "fused")
DEPTHS = (1, 10)
FAR = 10**6


def main() -> None:
    """Measure each model and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", nargs="+", default=[None], help="names or folders")
    parser.add_argument("--questions-by", help="the model of the questions, if another one")
    parser.add_argument("--dimensions", type=int, help="keep only so many of the vectors")
    parser.add_argument("--every", type=int, default=1, help="ask every N-th question")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--out", type=Path, help="write the results to this file, too")
    arguments = parser.parse_args()
    results: dict[str, Any] = {}
    for name in arguments.model:
        model = load(name)
        if arguments.questions_by:
            # Both are of this process alone: nothing else asks the first one.
            model.embed_queries = load(arguments.questions_by).embed_queries  # type: ignore[method-assign]
        if arguments.dimensions:
            model = Cut(model, arguments.dimensions)
        results[name or model.name] = dict(figures(arguments.data, model, arguments.every))
        measure.save({"retrieval": results}, as_json=False, out=arguments.out)
    measure.save({"retrieval": results}, as_json=arguments.json, out=arguments.out)
    if not arguments.json:
        show(results)


class Cut(Embedder):
    """A model of which only the first dimensions are kept, as unit vectors."""

    def __init__(self, model: Embedder, dimensions: int) -> None:
        """Everything else is the model's."""
        self._model, self.dimensions = model, dimensions
        self.name, self.identity, self.max_tokens = model.name, model.identity, model.max_tokens
        self.query_prefix, self.passage_prefix = model.query_prefix, model.passage_prefix

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, float32 [len(texts), dimensions]."""
        vectors = self._model.encode(texts)[:, : self.dimensions]
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """As the model counts."""
        return self._model.count_tokens(texts)


def collections(data: Path) -> Iterator[tuple[pools.QuestionSet, list[pools.QuestionSet]]]:
    """Each collection with the sets of questions that are asked of it."""
    spanish = pools.read("xquad-es", data)
    across = evaluate.read(data / pools.XQUAD_ES, questions=data / pools.XQUAD_EN)
    places = {id: str(place) for place, id in enumerate(across.paragraphs)}
    asked = tuple(replace(each, paragraph=places[each.paragraph]) for each in across.questions)
    yield spanish, [spanish, replace(spanish, name="xquad-en-es", questions=asked)]
    english = pools.read("xquad-en", data)
    yield english, [english]
    large = pools.read("mlqa-es", data)
    yield large, [large, pools.read("mlqa-en-es", data)]


def figures(data: Path, model: Embedder, every: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """By set of questions: how many, and recall by way and depth."""
    for collection, sets in collections(data):
        with (
            tempfile.TemporaryDirectory() as folder,
            Index.open(folder, create=True, model=model) as index,
        ):
            index.add([Document(str(n), text) for n, text in enumerate(collection.texts)])
            for asked in sets:
                places: dict[str, list[int]] = {way: [] for way in WAYS}
                for question in asked.questions[::every]:
                    query = Query(question.text)
                    for way, ranked in ways(query, index.candidates_many([query])[0]).items():
                        places[way].append(place(ranked, question.paragraph))
                recall = {
                    way: {k: float(np.mean(np.array(p) <= k)) for k in DEPTHS}
                    for way, p in places.items()
                }
                yield asked.name, {"questions": len(places["fused"]), **recall}


def ways(query: Query, found: Candidates) -> dict[str, list[Candidate]]:
    """The candidates in the order of the vectors, of BM25 alone, and of both."""
    lexical = [one for one in found if one.lexical is not None]
    return {
        "dense": sorted(found, key=lambda one: -one.dense),
        "BM25": sorted(lexical, key=lambda one: -(one.lexical or 0.0)),
        "fused": [ranked.candidate for ranked in rank(query, found)],
    }


def place(ranked: list[Candidate], document: str) -> int:
    """Of the document among the documents, in the order of their best passages; 1 is first."""
    seen = dict.fromkeys(one.passage.document_id for one in ranked)
    return next((n for n, id in enumerate(seen, 1) if id == document), FAR)


def show(results: dict[str, Any]) -> None:
    """A table with a line for each model and way, a column for each set."""
    rows = []
    for model, sets in results.items():
        for way in WAYS:
            row = {"model": model, "way": way}
            for name, found in sets.items():
                row[name] = " / ".join(f"{found[way][k]:.3f}" for k in DEPTHS)
            rows.append(row)
    asked = next(iter(results.values()))
    counts = ", ".join(f"{name} {found['questions']}" for name, found in asked.items())
    measure.table(f"Recall@1 / @10 ({counts} questions)", rows)


if __name__ == "__main__":
    main()

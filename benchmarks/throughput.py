"""How many questions a second: a batch of them through this project and its peers, in one run.

    python -m benchmarks.throughput --data DATA [--passages 49900] [--questions 1000] [--rounds 2]
        [--model export|ours] [--only SYSTEM ...] [--work FOLDER] [--json]

Some texts make two passages, so that there are 50,000. All hold the same ones under the same
vectors, which are handed to them, and embed the questions themselves with the same model: its
sentence-transformers export, as their users would (in batches where they take any), or with
``--model ours`` this project's own embedder. Each has a process of its own, and they are asked in
turn. The peers search vectors alone, exactly, in FAISS where they offer it; this project also
searches words, fuses, mends spelling and cites, with `Retriever.search` one by one and with
`Retriever.search_many`. ``cpu`` is the processor's time of all threads, which a busy machine
changes less than the wall's. Needs benchmarks/requirements.txt.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import numpy as np

from benchmarks import latency, measure, pools, scale_corpus

__all__ = ["SYSTEMS", "main"]

K, TABLE = 10, 3000
SLOW = ("Haystack",)  # asked a part: its store multiplies lists of Python
PART = 20
Batch = Callable[[Sequence[str]], list[list[str]]]


class Handed(scale_corpus.Mixed):
    """The same vector for a text, whatever it stands beside."""

    def embed_passages(self, texts: Sequence[str]) -> Any:
        """Float32 [texts, dimensions]."""
        return np.concatenate([super(Handed, self).embed_passages([text]) for text in texts])


def corpus(data: Path, work: Path, count: int) -> tuple[list[str], Any]:
    """So many passages, and the model that has a vector for each of them."""
    wiki = pools.read("mlqa-es", data).texts
    texts = chain(wiki, scale_corpus.paragraphs(data))
    kept = dict.fromkeys(" ".join(text.split()) for text in texts)
    model = Handed(scale_corpus.vectors(data, work / "vectors.npy", TABLE))
    return list(islice(kept, count)), model


def questions(data: Path, count: int) -> list[str]:
    """Of XQuAD and MLQA, a third of them in English."""
    asked = [each.text for name in latency.SETS for each in pools.read(name, data).questions]
    return latency.spread(asked, count)


class Sentences:
    """The model as a peer has it: the export in sentence-transformers, or our own embedder."""

    def __init__(self, model: Path | None) -> None:
        self.model: Any = None
        if model is None:
            from index.embedders import load

            self._ours = load()
        else:
            from sentence_transformers import SentenceTransformer

            self.model = SentenceTransformer(str(model), device="cpu")

    def queries(self, texts: Sequence[str]) -> Any:
        """Unit vectors, float32 [texts, dimensions]."""
        if self.model is None:
            return self._ours.embed_queries(list(texts))
        return self.model.encode(
            list(texts), prompt="query: ", normalize_embeddings=True, batch_size=32
        )


def ours(many: bool) -> Callable[..., Batch]:
    """This project, one by one or many at once."""

    def build(texts: Sequence[str], vectors: Any, model: Any, work: Path) -> Batch:
        from index import Document, Index
        from qa import Retriever

        del vectors
        with Index.open(work / f"ix-{len(texts)}", create=True, model=model) as index:
            if index.counts().documents < len(texts):
                index.add(Document(str(n), text) for n, text in enumerate(texts))
        retriever = Retriever.open(work / f"ix-{len(texts)}", model=model)

        def ask(asked: Sequence[str]) -> list[list[str]]:
            one = (retriever.search(question, K) for question in asked)
            found = retriever.search_many(asked, K) if many else one
            return [[hit.document_id for hit in hits] for hits in found]

        return ask

    return build


def langchain(texts: Sequence[str], vectors: Any, sentences: Sentences, work: Path) -> Batch:
    """FAISS store; ``retriever.batch``, which asks one by one in threads."""
    from langchain_community.vectorstores import FAISS
    from langchain_community.vectorstores.utils import DistanceStrategy
    from langchain_core.embeddings import Embeddings

    del work

    class Given(Embeddings):  # type: ignore[misc]
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            raise NotImplementedError

        def embed_query(self, text: str) -> list[float]:
            found: list[float] = sentences.queries([text])[0].tolist()
            return found

    store = FAISS.from_embeddings(
        list(zip(texts, vectors.tolist(), strict=True)),
        Given(),
        ids=[str(n) for n in range(len(texts))],
        distance_strategy=DistanceStrategy.MAX_INNER_PRODUCT,
    )
    retriever = store.as_retriever(search_kwargs={"k": K})
    return lambda asked: [[one.id or "" for one in of] for of in retriever.batch(list(asked))]


def llama_index(texts: Sequence[str], vectors: Any, sentences: Sentences, work: Path) -> Batch:
    """FAISS store; one by one, for it has no batch."""
    import faiss
    from llama_index.core import StorageContext, VectorStoreIndex
    from llama_index.core.embeddings import MockEmbedding
    from llama_index.core.schema import QueryBundle, TextNode
    from llama_index.vector_stores.faiss import FaissVectorStore

    del work
    nodes = [
        TextNode(id_=str(n), text=text, embedding=vector)
        for n, (text, vector) in enumerate(zip(texts, vectors.tolist(), strict=True))
    ]
    store = FaissVectorStore(faiss.IndexFlatIP(vectors.shape[1]))
    storage = StorageContext.from_defaults(vector_store=store)
    index = VectorStoreIndex(
        nodes, storage_context=storage, embed_model=MockEmbedding(vectors.shape[1])
    )
    retriever = index.as_retriever(similarity_top_k=K)

    def ask(asked: Sequence[str]) -> list[list[str]]:
        # The questions' vectors in batches, as no retriever of its own would have them.
        rows = sentences.queries(asked).tolist()
        bundles = [QueryBundle(q, embedding=row) for q, row in zip(asked, rows, strict=True)]
        return [[node.node_id for node in retriever.retrieve(bundle)] for bundle in bundles]

    return ask


def haystack(texts: Sequence[str], vectors: Any, sentences: Sentences, work: Path) -> Batch:
    """InMemoryDocumentStore; one by one, with the questions' vectors made in batches."""
    from haystack import Document
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    del work
    store = InMemoryDocumentStore(embedding_similarity_function="dot_product")
    store.write_documents(
        [
            Document(id=str(n), content=text, embedding=vector)
            for n, (text, vector) in enumerate(zip(texts, vectors.tolist(), strict=True))
        ]
    )

    def ask(asked: Sequence[str]) -> list[list[str]]:
        rows = sentences.queries(asked).tolist()
        found = (store.embedding_retrieval(row, top_k=K) for row in rows)
        return [[document.id for document in of] for of in found]

    return ask


def txtai(texts: Sequence[str], vectors: Any, sentences: Sentences, work: Path) -> Batch:
    """FAISS, flat; ``batchsearch``, which embeds and searches all at once."""
    from txtai import Embeddings

    del work, texts

    def transform(inputs: Sequence[Any]) -> Any:
        given = all(isinstance(each, np.ndarray) for each in inputs)
        return np.stack(list(inputs)) if given else sentences.queries(inputs)

    embeddings = Embeddings(
        method="external", transform=transform, backend="faiss", faiss={"components": "IDMap,Flat"}
    )
    embeddings.index((n, vector, None) for n, vector in enumerate(vectors))
    return lambda asked: [
        [str(id) for id, _ in of] for of in embeddings.batchsearch(list(asked), K)
    ]


SYSTEMS: dict[str, Callable[..., Batch]] = {
    "one by one": ours(many=False),
    "ours": ours(many=True),
    "LangChain": langchain,
    "LlamaIndex": llama_index,
    "Haystack": haystack,
    "txtai": txtai,
}


def serve(arguments: argparse.Namespace) -> None:
    """Build one system, then answer each line of input with the times of a batch."""
    texts, mixed = corpus(arguments.data, arguments.work, arguments.passages)
    asked = questions(arguments.data, arguments.questions)
    name = arguments.system
    if name in SLOW:
        asked = asked[:PART]
    export = arguments.model == "export"
    model = Sentences(arguments.work / "export" if export else None)
    own = name in {"ours", "one by one"}
    vectors = None if own else mixed.embed_passages(texts)
    ask = SYSTEMS[name](texts, vectors, mixed if own else model, arguments.work)
    ask(asked[:10])
    print("ready", flush=True)
    for _ in sys.stdin:
        wall, cpu = perf_counter(), process_time()
        found = ask(asked)
        wall, cpu = perf_counter() - wall, process_time() - cpu
        told = {"wall_ms": 1000 * wall / len(asked), "cpu_ms": 1000 * cpu / len(asked)}
        print(json.dumps({**told, "found": [of[:1] for of in found[:PART]]}), flush=True)


def compare(arguments: argparse.Namespace) -> dict[str, Any]:
    """Ask all in turn, round after round; of each system the best round."""
    children = {}
    for name in arguments.only or SYSTEMS:
        options = [f"--{key}={getattr(arguments, key)}" for key in ("data", "work", "model")]
        options += [f"--{key}={getattr(arguments, key)}" for key in ("passages", "questions")]
        children[name] = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.throughput", "--system", name, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        _told(children[name], "ready")
    best: dict[str, Any] = {}
    for _ in range(arguments.rounds):
        for name, child in children.items():
            assert child.stdin is not None  # noqa: S101  # it was asked for
            child.stdin.write("\n")
            child.stdin.flush()
            told = json.loads(_told(child, "{"))
            before = best.get(name, told)
            best[name] = {key: min(told[key], before[key]) for key in ("wall_ms", "cpu_ms")}
            print(name, best[name], file=sys.stderr)
    for child in children.values():
        child.communicate()
    return best


def _told(child: "subprocess.Popen[str]", beginning: str) -> str:
    """The next line that begins so: a peer may print lines of its own."""
    assert child.stdout is not None  # noqa: S101  # it was asked for
    for line in child.stdout:
        if line.startswith(beginning):
            return line
    raise SystemExit(f"{child.args!r} ended.")


def main() -> None:
    """Measure all, and print a table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=49_900)
    parser.add_argument("--questions", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--model", choices=("export", "ours"), default="export")
    parser.add_argument("--only", nargs="*", choices=SYSTEMS)
    parser.add_argument("--work", type=Path, help="where the index and the model are kept")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--system", choices=SYSTEMS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.system:
        serve(arguments)
        return
    with TemporaryDirectory() as made:
        arguments.work = arguments.work or Path(made)
        if not (arguments.work / "export").exists():
            measure.export_model(arguments.work / "export")
        results = compare(arguments)
    if arguments.json:
        measure.save({"throughput": results}, as_json=True, out=None)
        return
    own = results.get("ours", {"wall_ms": float("nan"), "cpu_ms": float("nan")})
    rows = [
        {"system": name, **told, "wall / ours": told["wall_ms"] / own["wall_ms"]}
        | {"cpu / ours": told["cpu_ms"] / own["cpu_ms"]}
        for name, told in results.items()
    ]
    measure.table(f"ms a question, {arguments.passages:,} passages", rows)


if __name__ == "__main__":
    main()

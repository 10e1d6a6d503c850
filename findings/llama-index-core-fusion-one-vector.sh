#!/usr/bin/env bash
# Found: a retriever of LlamaIndex writes the question's vector into the query bundle that it was given,
# and one that finds a vector there does not embed the question itself. So where two retrievers get the
# same bundle, as from QueryFusionRetriever with one query, the second searches its own index with the
# vector of the first one's model. Nothing is said; where both vectors are equally long it finds
# something, and something else than it finds alone.
# Why it matters: a collection in Spanish and one in English, each with the model that suits it, or an
# old and a new model beside each other, are fused in just this way, and the second then answers at
# random. A retriever of one's own must not take a vector in the bundle for one of its own model.
# Seen with llama-index-core 0.14.25, with models that give a known vector.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet llama-index-core==0.14.25
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from llama_index.core import VectorStoreIndex
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.llms import MockLLM
from llama_index.core.retrievers import QueryFusionRetriever
from llama_index.core.schema import QueryBundle, TextNode


class Model(BaseEmbedding):
    vector: list[float]

    def _get_query_embedding(self, query):
        return self.vector

    async def _aget_query_embedding(self, query):
        return self.vector

    def _get_text_embedding(self, text):
        return self.vector


def retriever(vector):
    """Over the same two passages, with a model that puts every question at this vector."""
    nodes = [
        TextNode(id_="near the first", text="uno", embedding=[1.0, 0.0]),
        TextNode(id_="near the second", text="dos", embedding=[0.0, 1.0]),
    ]
    index = VectorStoreIndex(nodes, embed_model=Model(vector=vector))
    return index.as_retriever(similarity_top_k=1)


def ids(found):
    return [one.node.node_id for one in found]


first, second = retriever([1.0, 0.0]), retriever([0.0, 1.0])
print(f"llama-index-core {version('llama-index-core')}")
alone = ids(first.retrieve("q")), ids(second.retrieve("q"))
bundle = QueryBundle("q")
shared = ids(first.retrieve(bundle)), ids(second.retrieve(bundle))
fused = QueryFusionRetriever(
    [first, second], llm=MockLLM(), num_queries=1, use_async=False, similarity_top_k=2
)
both = ids(fused.retrieve("q"))
print(f"each alone: {alone}")
print(f"one after the other, the same bundle: {shared}; it holds {bundle.embedding}")
print(f"fused: {both}")
assert alone == (["near the first"], ["near the second"])
assert shared == (["near the first"], ["near the first"]), "each embeds the question itself"
assert both == ["near the first"], "each embeds the question itself when they are fused"
PY

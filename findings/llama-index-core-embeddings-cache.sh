#!/usr/bin/env bash
# Found: LlamaIndex's cache of embeddings files a vector under the text alone. A question whose words
# are also a passage's gets the passage's vector instead of its own, and a second model with the same
# cache gets the first one's vectors for whatever texts both have, also of another length.
# Why it matters: E5, BGE, Nomic and others embed a question otherwise than a passage. People ask with
# the words of a heading or of a listed question ("opening hours"), and those are passages: with a
# cache the search answers them worse than all others, and answers them well again without. After a
# change of the model, a cache that was kept mixes the vectors of two models in one index.
# Seen with llama-index-core 0.14.25, with models that say what they were asked for.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet llama-index-core==0.14.25
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.storage.kvstore import SimpleKVStore

QUESTION, PASSAGE = [1.0, 0.0], [0.0, 1.0]


class Model(BaseEmbedding):
    def _get_query_embedding(self, query):
        return QUESTION

    async def _aget_query_embedding(self, query):
        return QUESTION

    def _get_text_embedding(self, text):
        return PASSAGE


class Other(Model):
    def _get_text_embedding(self, text):
        return [0.5, 0.5, 0.5, 0.5]


words = "What are the opening hours?"
alone = Model()
print(f"llama-index-core {version('llama-index-core')}")
without = alone.get_text_embedding(words), alone.get_query_embedding(words)
cached = Model(model_name="first", embeddings_cache=SimpleKVStore())
within = cached.get_text_embedding(words), cached.get_query_embedding(words)
fresh = cached.get_query_embedding("When is it open?")
other = Other(model_name="second", embeddings_cache=cached.embeddings_cache)
second = other.get_text_embedding(words), other.get_text_embedding("Closed on Mondays.")
print(f"without a cache: the passage {without[0]}, the question {without[1]}")
print(f"with a cache: the passage {within[0]}, the question {within[1]}; other words {fresh}")
print(f"another model, the same cache: the same passage {second[0]}, another one {second[1]}")
assert without == (PASSAGE, QUESTION)
assert within == (PASSAGE, PASSAGE), "questions and passages are kept apart"
assert fresh == QUESTION, "other questions are concerned, too"
assert second == (PASSAGE, [0.5, 0.5, 0.5, 0.5]), "models are kept apart"
PY

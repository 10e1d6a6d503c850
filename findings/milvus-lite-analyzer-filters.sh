#!/usr/bin/env bash
# Found: milvus-lite takes an analyser with a stemmer and a filter that removes accents, and uses
# neither, without a word; of all filters it knows stop words alone. A Milvus server, by its
# documentation, does both with the same parameters, so the same program finds "contratos" for
# "contrato" on a server and not in the file in which it was tried out.
# Why it matters: search over Spanish documents loses every plural and verb form, and each word that
# people type without its accent; nothing says so, since create_collection and the searches succeed.
# Seen with milvus-lite 3.2.2 and pymilvus 3.0.2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet milvus-lite==3.2.2 pymilvus==3.0.2
cd "$folder"
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from pymilvus import DataType, Function, FunctionType, MilvusClient

SPANISH = {
    "tokenizer": "standard",
    "filter": [
        "lowercase",
        "asciifolding",
        {"type": "stemmer", "language": "spanish"},
    ],
}
print("milvus-lite", version("milvus-lite"), "pymilvus", version("pymilvus"))
client = MilvusClient("my.db")
schema = client.create_schema(auto_id=False)
schema.add_field("id", DataType.INT64, is_primary=True)
schema.add_field(
    "text", DataType.VARCHAR, max_length=500, enable_analyzer=True, analyzer_params=SPANISH
)
schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
schema.add_function(
    Function("bm25", FunctionType.BM25, input_field_names="text", output_field_names="words")
)
index = client.prepare_index_params()
index.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
client.create_collection("laws", schema=schema, index_params=index)
client.insert("laws", [{"id": 1, "text": "los contratos de construcción"}])


def found(question):
    hits = client.search("laws", data=[question], anns_field="words", limit=5)
    return [hit["id"] for hit in hits[0]]


for question in ("contratos", "contrato", "construcción", "construccion"):
    print(f"{question!r}: {found(question)}, with the analyser that was asked for [1]")
assert found("contratos") == [1]
assert found("contrato") == [], "the stemmer is used now"
assert found("construcción") == [1]
assert found("construccion") == [], "accents are removed now"
PY

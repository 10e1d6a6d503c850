#!/usr/bin/env bash
# Found: MilvusClient("my.db") opens a port. The file is served over TCP on 127.0.0.1 without any
# password, for as long as the program runs, and a token that is set is not asked for. The file's
# permissions do not help: another process, of another user too, lists, reads, changes and drops all.
# Why it matters: a local file looks private. On a machine that several people log in to, or in a
# container that shares its network, the passages of one person's documents are open to the others.
# Seen with milvus-lite 3.2.2 and pymilvus 3.0.2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 700 "$folder"
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet milvus-lite==3.2.2 pymilvus==3.0.2
cat > "$folder/other.py" <<'PY'
import sys

from pymilvus import MilvusClient

other = MilvusClient(f"http://127.0.0.1:{sys.argv[1]}")
print("another process reads:", list(other.query("letters", filter="id > 0", output_fields=["text"])))
other.drop_collection("letters")
PY
cd "$folder"
"$folder/venv/bin/python" - <<'PY'
import os
import subprocess
import sys
from importlib.metadata import version

from pymilvus import DataType, MilvusClient

print("milvus-lite", version("milvus-lite"), "pymilvus", version("pymilvus"))
client = MilvusClient("my.db", token="root:secret")
os.chmod("my.db", 0o700)
schema = client.create_schema(auto_id=False)
schema.add_field("id", DataType.INT64, is_primary=True)
schema.add_field("text", DataType.VARCHAR, max_length=100)
schema.add_field("vector", DataType.FLOAT_VECTOR, dim=2)
index = client.prepare_index_params()
index.add_index("vector", index_type="FLAT", metric_type="IP")
client.create_collection("letters", schema=schema, index_params=index)
client.insert("letters", [{"id": 1, "text": "private", "vector": [1.0, 0.0]}])
from milvus_lite.server_manager import server_manager_instance  # only to know the port

((_, _, port),) = server_manager_instance._servers.values()
done = subprocess.run([sys.executable, "other.py", str(port)], capture_output=True, text=True)
print(done.stdout.strip() or done.stderr.strip()[-300:])
assert "private" in done.stdout, "the file is no longer open to others"
print("what is left for its owner:", client.list_collections())
assert client.list_collections() == [], "others can no longer change it"
PY

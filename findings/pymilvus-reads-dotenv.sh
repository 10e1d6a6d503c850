#!/usr/bin/env bash
# Found: importing pymilvus sets environment variables of the program. It reads a file .env that lies
# beside the virtual environment, or in any folder above it, whatever the working directory is.
# Why it matters: a .env with keys, proxies or addresses that another program was meant to read is in
# force from the import on, in every library of the process and in its child processes. An application
# that sends documents to nobody by default can find itself with OPENAI_API_KEY or a proxy set.
# Seen with pymilvus 3.0.2 (with python-dotenv 1.x).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/project/.venv"
"$folder/project/.venv/bin/python" -m pip install --quiet pymilvus==3.0.2
echo "HTTPS_PROXY=http://proxy.invalid:3128" > "$folder/project/.env"
cd /
env -u HTTPS_PROXY "$folder/project/.venv/bin/python" - <<'PY'
import os
from importlib.metadata import version

print("pymilvus", version("pymilvus"))
print("before the import:", os.environ.get("HTTPS_PROXY"))
assert "HTTPS_PROXY" not in os.environ
import pymilvus  # noqa: E402, F401

print("after the import: ", os.environ.get("HTTPS_PROXY"))
assert os.environ.get("HTTPS_PROXY") == "http://proxy.invalid:3128", "the file is no longer read"
PY

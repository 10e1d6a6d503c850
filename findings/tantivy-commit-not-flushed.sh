#!/usr/bin/env bash
# Found: tantivy's commit() returns before the commit is on the disk. A commit is the new meta.json: it is
# written to another name, flushed, and renamed. The folder is flushed before that, for the segments,
# and not after it: the rename is left to the system, some seconds later (on ext4 five by default).
# Why it matters: the documentation of IndexWriter::commit says that one can go on from this point after a
# failure of the hardware. A program that acknowledges a document, or records elsewhere that it is
# indexed, after commit() loses it with the power: the index opens as of the commit before, without an
# error. Flush the folder after commit() yourself, before you rely on it.
# Seen with tantivy 0.27.0 (PyPI) on Linux; needs strace.
set -euo pipefail
command -v strace >/dev/null || { echo "needs strace: run apt-get install strace" >&2; exit 1; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet tantivy==0.27.0
mkdir "$folder/index"
cat >"$folder/commit.py" <<'PY'
import os
import sys

import tantivy

builder = tantivy.SchemaBuilder()
builder.add_text_field("text", stored=True)
index = tantivy.Index(builder.build(), path=sys.argv[1])
writer = index.writer(heap_size=15_000_000, num_threads=1)
for text in ("one", "two"):
    writer.add_document(tantivy.Document(text=text))
    writer.commit()
    os.write(1, b"commit returned\n")
os._exit(0)  # as when the power goes: nothing is closed
PY
strace -f -y -o "$folder/trace" -e trace=rename,renameat,renameat2,fsync,fdatasync,write \
	"$folder/venv/bin/python" "$folder/commit.py" "$folder/index" >/dev/null
"$folder/venv/bin/python" - "$folder/trace" "$folder/index" <<'PY'
import re
import sys
from importlib.metadata import version
from pathlib import Path

calls = []
for line in Path(sys.argv[1]).read_text(errors="replace").splitlines():
    if re.search(rf"f(data)?sync\(\d+<{sys.argv[2]}>", line):
        calls.append("flush of the folder")
    elif "rename" in line and line.count('meta.json"'):
        calls.append("rename to meta.json")
    elif "commit returned" in line:
        calls.append("commit returned")
print(f"tantivy {version('tantivy')}: {'; '.join(calls)}")
commits = [place for place, call in enumerate(calls) if call == "commit returned"]
assert len(commits) == 2
assert all(calls[place - 1] == "rename to meta.json" for place in commits), "it is flushed"
PY

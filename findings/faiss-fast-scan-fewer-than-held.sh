#!/usr/bin/env bash
# Found: IndexIVFPQFastScan with residuals gives fewer vectors than it holds, though all lists are
# scanned and as many are asked for: of four equal vectors and another one it gives four, and says
# nothing. Of distinct vectors all come.
# Why it matters: folders of documents hold copies (forms, notices, headers), so equal vectors are
# usual; a small or narrowly limited search that trusts the index to give all that it holds loses
# passages. Where few are held, compare all vectors instead.
# Seen with faiss-cpu 1.15.1.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet faiss-cpu==1.15.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import faiss
import numpy as np

faiss.omp_set_num_threads(1)


def given(vectors):
    """How many come back when as many are asked for as are held, in all lists."""
    centres = faiss.IndexFlatIP(8)
    index = faiss.IndexIVFPQFastScan(centres, 8, 2, 4, 4, faiss.METRIC_INNER_PRODUCT, 32)
    index.by_residual = True
    for clustering in (index.cp, index.pq.cp):
        clustering.min_points_per_centroid = 1
    index.train(np.resize(vectors, (16, 8)))
    index.add(vectors)
    _, ids = index.search(vectors[:1], len(vectors), params=faiss.SearchParametersIVF(nprobe=2))
    return int((ids >= 0).sum())


vectors = np.random.default_rng(0).normal(size=(5, 8)).astype(np.float32)
vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
equal = np.concatenate([np.repeat(vectors[:1], 4, axis=0), vectors[1:2]])
found = given(vectors), given(equal)
print(f"faiss {faiss.__version__}: of five distinct vectors {found[0]}, of four equal ones and another {found[1]}")
assert found == (5, 4), found
PY

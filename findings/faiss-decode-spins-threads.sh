#!/usr/bin/env bash
# Found: ScalarQuantizer.decode shares even some hundred vectors among all OpenMP threads, which then
# spin while they wait: 800 vectors of 384 numbers, read 300 times with two milliseconds in between,
# cost the processor several times what one thread takes. FAISS's searches of one question do not.
# Why it matters: a search that compares its best candidates exactly decodes as many for each
# question. On a laptop the fans hear it, and a search that others share the cores with slows them
# and itself. One call of omp_set_num_threads(1) around it, in the same thread, is enough.
# Seen with faiss-cpu 1.15.1, which brings its own OpenMP, on two processors.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet faiss-cpu==1.15.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import os
import time

import faiss
import numpy as np

processors = len(os.sched_getaffinity(0))
assert processors > 1, "this needs two processors"
coder = faiss.ScalarQuantizer(384, faiss.ScalarQuantizer.QT_fp16)
codes = np.ones((800, 384), np.float16).view(np.uint8)


def cost(threads):
    """Milliseconds of the processor's time, of all threads, that one call takes."""
    faiss.omp_set_num_threads(threads)
    coder.decode(codes)
    started = time.process_time()
    for _ in range(300):
        coder.decode(codes)
        time.sleep(0.002)
    return 1000 * (time.process_time() - started) / 300


one, two = min(cost(1) for _ in range(3)), min(cost(2) for _ in range(3))
print(f"faiss {faiss.__version__}: {one:.2f} ms of processor by one thread, {two:.2f} by two")
assert two > 1.5 * one, (one, two)
PY

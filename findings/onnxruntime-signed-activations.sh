#!/usr/bin/env bash
# Found: on a processor with AVX2 and without VNNI, ONNX Runtime multiplies signed bytes by signed
# bytes several times more slowly than unsigned bytes by signed ones, and more slowly than float32:
# signed activations have no kernel of their own there. Unsigned activations with a zero point of 128
# hold the same numbers. But with them the sums of two neighbouring products saturate in 16 bits
# (64,770 becomes 32,767), unless two neighbouring weights of one sign add up to 128 at most.
# Why it matters: signed activations are the usual way to quantise a model, and symmetric ones the
# natural way to give each token of a text a scale of its own. An embedding model for laptops that is
# quantised so is slower than the model in float32 that it came from, and nothing says so.
# Seen with onnxruntime 1.32.0 on an AMD EPYC with AVX2, one thread: 210 tokens, 384 inputs, 1,536
# outputs take 2 ms with unsigned activations, 3 ms in float32 and 10 to 14 ms with signed ones.
set -euo pipefail
if ! grep -qw avx2 /proc/cpuinfo || grep -qwE 'avx_vnni|avx512_vnni|avx512f' /proc/cpuinfo; then
	echo "this processor is of another kind than the finding's: nothing to see here"
	exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet onnxruntime==1.32.0 onnx==1.23.2 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
from time import perf_counter

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

TOKENS, IN, OUT = 210, 384, 1536
KINDS = {np.uint8: TensorProto.UINT8, np.int8: TensorProto.INT8, np.float32: TensorProto.FLOAT}


def session(kind, weights):
    whole = kind is not np.float32
    node = helper.make_node("MatMulInteger" if whole else "MatMul", ["x", "w"], ["y"])
    x = helper.make_tensor_value_info("x", KINDS[kind], ["tokens", IN])
    y = helper.make_tensor_value_info("y", TensorProto.INT32 if whole else TensorProto.FLOAT, None)
    graph = helper.make_graph([node], "g", [x], [y], [numpy_helper.from_array(weights, "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options)


draw = np.random.default_rng(0)
weights = draw.integers(-64, 65, (IN, OUT)).astype(np.int8)
sessions = {kind: session(kind, weights) for kind in (np.uint8, np.int8)}
sessions[np.float32] = session(np.float32, weights.astype(np.float32))
given = {kind: draw.integers(0, 128, (TOKENS, IN)).astype(kind) for kind in sessions}
found = {}
for _ in range(40):
    for kind, one in sessions.items():
        started = perf_counter()
        (result,) = one.run(None, {"x": given[kind]})
        taken = 1000 * (perf_counter() - started)
        found[kind] = min(taken, found.get(kind, taken))
        np.testing.assert_allclose(result, given[kind].astype(np.int64) @ weights.astype(np.int64))
unsigned, signed, exact = (found[kind] for kind in (np.uint8, np.int8, np.float32))
print(
    f"onnxruntime {onnxruntime.__version__}: unsigned {unsigned:.2f} ms, signed {signed:.2f} ms, "
    f"float32 {exact:.2f} ms"
)
large = session(np.uint8, np.full((IN, OUT), 127, np.int8))
(result,) = large.run(None, {"x": np.full((1, IN), 255, np.uint8)})
print(f"{IN} products of 255 and 127: {result[0, 0]:,} instead of {IN * 255 * 127:,}")
assert signed > 1.5 * exact > 1.5 * unsigned, "signed activations are no longer the slowest"
assert result[0, 0] == IN // 2 * 32767, "the sums no longer saturate"
PY

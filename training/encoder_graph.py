"""Write a BERT sentence encoder as ONNX, from its weights alone, and quantise it to int8.

The graph goes from token ids to unit vectors: mean pooling over the mask and L2 normalisation are
part of it. Initialisers keep the names of the Hugging Face checkpoint (linear weights transposed to
[in, out]; query, key and value side by side), so that the weights can be read back from the file.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20
SHARED = 100_000  # bytes of a tensor from which sharing it is worth the while
Weights = Mapping[str, np.ndarray]


class _Graph:
    """Nodes and initialisers as they are added; every method returns the name of its output."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.initialisers: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        if name not in self.initialisers:
            self.initialisers[name] = numpy_helper.from_array(np.array(value, order="C"), name)
        return name

    def op(self, kind: str, *inputs: str, name: str = "", **attributes: object) -> str:
        output = name or f"{kind}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], output, **attributes))
        return output

    def ints(self, *values: int) -> str:
        return self.constant("ints_" + "_".join(map(str, values)), np.array(values, dtype=np.int64))

    def linear(
        self,
        x: str,
        name: str,
        weight: np.ndarray,
        bias: np.ndarray,
        smooth: np.ndarray | None = None,
    ) -> str:
        if smooth is not None:
            x = self.op("Mul", x, self.constant(f"{name}.smoothing", 1 / smooth))
            weight = weight * smooth
        product = self.op("MatMul", x, self.constant(f"{name}.weight", weight.T))
        return self.op("Add", product, self.constant(f"{name}.bias", bias))

    def norm(self, x: str, name: str, weights: Weights, epsilon: float) -> str:
        scale = self.constant(f"{name}.weight", weights[f"{name}.weight"])
        shift = self.constant(f"{name}.bias", weights[f"{name}.bias"])
        return self.op("LayerNormalization", x, scale, shift, axis=-1, epsilon=epsilon)


def build(
    weights: Weights, layers: int, heads: int, epsilon: float, head: str = "mean"
) -> onnx.ModelProto:
    """The encoder as a float32 model: ``input_ids``, ``attention_mask`` [batch, tokens] int64.

    ``head="mean"`` gives ``embedding`` [batch, hidden]; ``head="tokens"`` the last hidden state,
    ``states`` [batch, tokens, hidden]; ``head="span"`` ``logits`` [batch, tokens, 2] of an answer's
    start and end, by ``span.weight`` [2, hidden] and ``span.bias``. A layer's
    second feed-forward product has its inputs divided by ``encoder.layer.N.output.dense.smoothing``
    [in], if given, and its weights multiplied: the same, with less to lose in int8.
    """
    graph = _Graph()
    hidden = weights["embeddings.word_embeddings.weight"].shape[1]
    x = _embeddings(graph, weights, epsilon)
    mask = graph.op("Cast", "attention_mask", to=TensorProto.FLOAT)
    open_mask = graph.op("Unsqueeze", mask, graph.ints(1, 2))
    one = graph.constant("one", np.array(1, np.float32))
    far = graph.constant("far", np.array(-1e4, np.float32))
    bias = graph.op("Mul", graph.op("Sub", one, open_mask), far)
    for layer in range(layers):
        x = _layer(graph, x, bias, weights, f"encoder.layer.{layer}", heads, hidden, epsilon)
    if head == "mean":
        output = _mean(graph, x, mask)
        shape: list[str | int] = ["batch", hidden]
    elif head == "span":
        logits = graph.linear(x, "span", weights["span.weight"], weights["span.bias"])
        output = graph.op("Identity", logits, name="logits")
        shape = ["batch", "tokens", 2]
    else:
        output = graph.op("Identity", x, name="states")
        shape = ["batch", "tokens", hidden]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    made = helper.make_graph(
        graph.nodes,
        "encoder",
        inputs,
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)],
        list(graph.initialisers.values()),
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.checker.check_model(model)
    return model


def _embeddings(graph: _Graph, weights: Weights, epsilon: float) -> str:
    name = "embeddings.word_embeddings.weight"
    words = graph.op("Gather", graph.constant(name, weights[name]), "input_ids")
    # There is one token type, so its vector is added to the positions' once and for all.
    positions = (
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    table = graph.constant("embeddings.position_embeddings.weight", positions)
    length = graph.op("Shape", "input_ids", start=1, end=2)
    here = graph.op("Slice", table, graph.ints(0), length, graph.ints(0))
    return graph.norm(graph.op("Add", words, here), "embeddings.LayerNorm", weights, epsilon)


def _layer(
    graph: _Graph,
    x: str,
    bias: str,
    weights: Weights,
    name: str,
    heads: int,
    hidden: int,
    epsilon: float,
) -> str:
    def pair(part: str) -> tuple[np.ndarray, np.ndarray]:
        return weights[f"{name}.{part}.weight"], weights[f"{name}.{part}.bias"]

    size = hidden // heads
    parts = [pair(f"attention.self.{part}") for part in ("query", "key", "value")]
    # The scale of the attention goes into the query's weights: one operation less a layer.
    parts[0] = (parts[0][0] / np.float32(size**0.5), parts[0][1] / np.float32(size**0.5))
    joined = graph.linear(
        x,
        f"{name}.attention.self.qkv",
        np.concatenate([weight for weight, _ in parts]),
        np.concatenate([shift for _, shift in parts]),
    )
    split = graph.op("Reshape", joined, graph.ints(0, 0, 3, heads, size))
    turned = graph.op("Transpose", split, perm=[2, 0, 3, 1, 4])
    query, key, value = (
        graph.op("Gather", turned, graph.constant(f"index_{i}", np.array(i, np.int64)), axis=0)
        for i in range(3)
    )
    logits = graph.op("MatMul", query, graph.op("Transpose", key, perm=[0, 1, 3, 2]))
    shares = graph.op("Softmax", graph.op("Add", logits, bias), axis=-1)
    mixed = graph.op("Transpose", graph.op("MatMul", shares, value), perm=[0, 2, 1, 3])
    joined = graph.op("Reshape", mixed, graph.ints(0, 0, hidden))
    out = graph.linear(joined, f"{name}.attention.output.dense", *pair("attention.output.dense"))
    x = graph.norm(graph.op("Add", out, x), f"{name}.attention.output.LayerNorm", weights, epsilon)
    inner = graph.op(
        "Gelu", graph.linear(x, f"{name}.intermediate.dense", *pair("intermediate.dense"))
    )
    product = f"{name}.output.dense"
    out = graph.linear(inner, product, *pair("output.dense"), weights.get(f"{product}.smoothing"))
    return graph.norm(graph.op("Add", out, x), f"{name}.output.LayerNorm", weights, epsilon)


def _mean(graph: _Graph, x: str, mask: str) -> str:
    weight = graph.op("Unsqueeze", mask, graph.ints(-1))
    total = graph.op("ReduceSum", graph.op("Mul", x, weight), graph.ints(1), keepdims=0)
    length = graph.op("ReduceSum", mask, graph.ints(1), keepdims=1)
    return graph.op(
        "LpNormalization", graph.op("Div", total, length), name="embedding", axis=-1, p=2
    )


def quantise(model: onnx.ModelProto, path: Path) -> None:
    """Write ``model`` to ``path`` in int8: weights per channel, activations at run time."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        model,
        path,
        op_types_to_quantize=["MatMul", "Gather"],
        per_channel=True,
        weight_type=QuantType.QInt8,
        extra_options={"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT},
    )


def share(path: Path, other: Path) -> int:
    """Let the model in ``path`` read what it has in common with ``other``, beside it, from there.

    Tensors of 100,000 bytes or more whose bytes are the same are stored as external data: the other
    file's name, offset and length. So the other file must not change any more. Returns the number
    of bytes that are stored once instead of twice.
    """
    model = onnx.load(path)
    held = {tensor.name: tensor.raw_data for tensor in onnx.load(other).graph.initializer}
    content = other.read_bytes()
    saved = 0
    for tensor in model.graph.initializer:
        raw = tensor.raw_data
        if len(raw) < SHARED or held.get(tensor.name) != raw:
            continue
        place = {"location": other.name, "offset": content.index(raw), "length": len(raw)}
        tensor.ClearField("raw_data")
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in place.items():
            tensor.external_data.add(key=key, value=str(value))
        saved += len(raw)
    path.write_bytes(model.SerializeToString())
    return saved

"""Write a BERT sentence encoder as ONNX, from its weights alone, in float32 or in int8.

The graph takes the token ids of one text and gives its unit vector: no pads, no mask, so nothing
that stands beside a text can change its vector. Mean pooling and L2 normalisation are part of it.
Initialisers keep the names of the Hugging Face checkpoint (linear weights transposed to [in, out];
query, key and value side by side), so that the weights can be read back from the file.

In int8 each token's activations have a scale of their own, their greatest over 127, and each
output's weights theirs. Processors without VNNI add the products of two neighbouring inputs in 16
bits: 255 * (a + b) must stay below 32,768, so no two neighbouring weights of one sign sum up to
more than 128 (`steps`). The sums are then the same on every processor.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 20
MICROSOFT = "com.microsoft"  # ONNX Runtime's own operators: the product of int8
SHARED = 100_000  # bytes of a tensor from which sharing it is worth the while
PAIR = 127.99  # of two neighbouring weights of one sign, so that both rounded up are 128 at most
ZERO = 128  # of the activations, which are unsigned
Weights = Mapping[str, np.ndarray]


class _Graph:
    """Nodes and initialisers as they are added; every method returns the name of its output."""

    def __init__(self, *, int8: bool) -> None:
        self.int8 = int8
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

    def number(self, name: str, value: float) -> str:
        return self.constant(name, np.array(value, np.float32))

    def product(self, x: str, name: str, weights: Weights) -> str:
        """The inputs [tokens, in] times a matrix, [tokens, out], without its bias."""
        weight = weights[f"{name}.weight"]
        smooth = weights.get(f"{name}.smoothing")
        if smooth is not None:
            x = self.op("Mul", x, self.constant(f"{name}.smoothing", 1 / smooth))
            weight = weight * smooth
        if not self.int8:
            return self.op("MatMul", x, self.constant(f"{name}.weight", weight.T))
        return self._int8_product(x, name, weight)

    def _int8_product(self, x: str, name: str, weight: np.ndarray) -> str:
        greatest = self.op("ReduceMax", self.op("Abs", x), self.ints(1), keepdims=0)
        positive = self.op("Max", greatest, self.number("tiny", 1e-10))
        scales = self.op("Mul", positive, self.number("step", 1 / 127))
        zero = self.constant("zero", np.array(ZERO, np.uint8))
        zeros = self.op("Expand", zero, self.op("Shape", scales))
        rounded = self.op("QuantizeLinear", x, scales, zeros, axis=0)
        scale = steps(weight)
        made = self.op(
            "MatMulIntegerToFloat",
            rounded,
            self.constant(f"{name}.weight_quantized", np.rint(weight.T / scale).astype(np.int8)),
            self.number("one", 1),
            self.constant(f"{name}.weight_scale", scale),
            zero,
            self.constant(f"{name}.weight_zero_point", np.array(0, np.int8)),
            domain=MICROSOFT,
        )
        return self.op("Mul", made, self.op("Unsqueeze", scales, self.ints(1)))

    def linear(self, x: str, name: str, weights: Weights) -> str:
        bias = self.constant(f"{name}.bias", weights[f"{name}.bias"])
        return self.op("Add", self.product(x, name, weights), bias)

    def norm(self, x: str, name: str, weights: Weights, epsilon: float) -> str:
        scale = self.constant(f"{name}.weight", weights[f"{name}.weight"])
        shift = self.constant(f"{name}.bias", weights[f"{name}.bias"])
        return self.op("LayerNormalization", x, scale, shift, axis=-1, epsilon=epsilon)


def steps(weight: np.ndarray) -> np.ndarray:
    """What one of int8 stands for in each output's weights: float32 [out], of weights [out, in].

    Rounded to it, weights are at most 127, and two neighbouring inputs' of one sign together 128.
    """
    pairs = weight.reshape(len(weight), -1, 2)
    both = np.maximum(pairs, 0).sum(2).max(1), np.maximum(-pairs, 0).sum(2).max(1)
    greatest = np.abs(weight).max(1) / 127
    step = np.maximum(np.maximum(*both) / PAIR, greatest)
    found: np.ndarray = np.maximum(step, 1e-12).astype(np.float32)
    return found


def build(
    weights: Weights,
    layers: int,
    heads: int,
    epsilon: float,
    head: str = "mean",
    *,
    int8: bool = False,
) -> onnx.ModelProto:
    """The encoder of one text: ``input_ids`` [tokens] int64.

    ``head="mean"`` gives ``embedding`` [hidden]; ``head="tokens"`` the last hidden state,
    ``states`` [tokens, hidden]; ``head="span"`` ``logits`` [tokens, outputs] of an answer's start
    and end, by ``span.weight`` [outputs, hidden] and ``span.bias``; of three the third tells at the
    first token whether the passage answers. A product's inputs are divided by
    ``PRODUCT.smoothing`` [in], if given, and its weights multiplied: the same, with less to lose
    in int8.
    """
    graph = _Graph(int8=int8)
    hidden = weights["embeddings.word_embeddings.weight"].shape[1]
    x = _embeddings(graph, weights, epsilon)
    for layer in range(layers):
        x = _layer(graph, x, weights, f"encoder.layer.{layer}", heads, epsilon)
    output, shape = _head(graph, x, weights, head, hidden)
    made = helper.make_graph(
        graph.nodes,
        "encoder",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["tokens"])],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)],
        list(graph.initialisers.values()),
    )
    sets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(made, opset_imports=sets[: 1 + int8], ir_version=9)
    onnx.checker.check_model(model)
    return model


def _head(
    graph: _Graph, x: str, weights: Weights, head: str, hidden: int
) -> tuple[str, list[str | int]]:
    """The output that is asked for, and its shape."""
    if head == "mean":
        mean = graph.op("ReduceMean", x, graph.ints(0), keepdims=0)
        return graph.op("LpNormalization", mean, name="embedding", axis=-1, p=2), [hidden]
    if head == "span":
        # Two or three outputs: nothing to gain in int8.
        product = graph.op("MatMul", x, graph.constant("span.weight", weights["span.weight"].T))
        bias = graph.constant("span.bias", weights["span.bias"])
        return graph.op("Add", product, bias, name="logits"), ["tokens", len(weights["span.bias"])]
    return graph.op("Identity", x, name="states"), ["tokens", hidden]


def _embeddings(graph: _Graph, weights: Weights, epsilon: float) -> str:
    name = "embeddings.word_embeddings.weight"
    if graph.int8:
        words = _int8_words(graph, name, weights[name])
    else:
        words = graph.op("Gather", graph.constant(name, weights[name]), "input_ids")
    # There is one token type, so its vector is added to the positions' once and for all.
    positions = (
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    table = graph.constant("embeddings.position_embeddings.weight", positions)
    length = graph.op("Shape", "input_ids")
    here = graph.op("Slice", table, graph.ints(0), length, graph.ints(0))
    return graph.norm(graph.op("Add", words, here), "embeddings.LayerNorm", weights, epsilon)


def _int8_words(graph: _Graph, name: str, table: np.ndarray) -> str:
    """The rows of the word embeddings, held in eight bits with one scale and zero for all."""
    low, high = float(table.min()), float(table.max())
    scale = np.array((high - low) / 255, np.float32)
    zero = np.array(np.rint(-low / scale), np.uint8)
    rounded = np.clip(np.rint(table / scale) + zero, 0, 255).astype(np.uint8)
    rows = graph.op("Gather", graph.constant(f"{name}_quantized", rounded), "input_ids")
    scales = graph.constant(f"{name}_scale", scale)
    return graph.op("DequantizeLinear", rows, scales, graph.constant(f"{name}_zero_point", zero))


def _layer(graph: _Graph, x: str, weights: Weights, name: str, heads: int, epsilon: float) -> str:
    mixed = _attention(graph, x, weights, f"{name}.attention.self", heads)
    out = graph.linear(mixed, f"{name}.attention.output.dense", weights)
    x = graph.norm(graph.op("Add", out, x), f"{name}.attention.output.LayerNorm", weights, epsilon)
    inner = graph.op("Gelu", graph.linear(x, f"{name}.intermediate.dense", weights))
    out = graph.linear(inner, f"{name}.output.dense", weights)
    return graph.norm(graph.op("Add", out, x), f"{name}.output.LayerNorm", weights, epsilon)


def _attention(graph: _Graph, x: str, weights: Weights, name: str, heads: int) -> str:
    """What each token takes from all, [tokens, hidden]."""
    hidden = len(weights[f"{name}.query.bias"])
    size = hidden // heads
    # The scale of the attention goes into the query's weights: one operation less a layer.
    shares = {"query": np.float32(size**-0.5), "key": np.float32(1), "value": np.float32(1)}
    joined = {
        f"{name}.qkv.{kind}": np.concatenate(
            [weights[f"{name}.{part}.{kind}"] * share for part, share in shares.items()]
        )
        for kind in ("weight", "bias")
    }
    smoothing = f"{name}.qkv.smoothing"
    if smoothing in weights:
        joined[smoothing] = weights[smoothing]
    made = graph.linear(x, f"{name}.qkv", joined)
    split = graph.op("Reshape", made, graph.ints(0, 3, heads, size))
    turned = graph.op("Transpose", split, perm=[1, 2, 0, 3])
    query, key, value = (
        graph.op("Gather", turned, graph.constant(f"index_{i}", np.array(i, np.int64)), axis=0)
        for i in range(3)
    )
    logits = graph.op("MatMul", query, graph.op("Transpose", key, perm=[0, 2, 1]))
    mixed = graph.op("MatMul", graph.op("Softmax", logits, axis=-1), value)
    return graph.op("Reshape", graph.op("Transpose", mixed, perm=[1, 0, 2]), graph.ints(0, hidden))


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

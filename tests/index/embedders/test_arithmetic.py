"""The bundled models' arithmetic: its sums of whole numbers are the same on every processor.

On one processor a text's vector has the same bits in any company.

Processors without VNNI add two products of an unsigned and a signed byte in 16 bits, those with it
in 32. Unsigned weights take a kernel that is exact everywhere: it stands here for the other kind of
processor than the one at hand (`benchmarks.processors` runs the other kind itself).
"""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from benchmarks.processors import unsigned
from index import Document, Index
from index.embedders import BUNDLED, Embedder, load
from index.embedders.encoder import Encoder
from tests.conftest import MODELS as EXTRA
from tests.conftest import ROOT

onnx = pytest.importorskip("onnx", reason=EXTRA)

MODELS = ("model", "small", "reader")
GREATEST, LEAST = 2**15 - 1, -(2**15)
TEXTS = [
    "¿Cuándo visitó Rubio México?",
    "x",
    "El canciller viajó a Washington para reunirse con el secretario de Estado. " * 9,
    "1.234,56 € — Ñandú, pingüino; artículo 3.º bis",
    "The reading room opens at nine o'clock. " * 60,
]


def products(name: str) -> dict[str, np.ndarray]:
    """The matrices of a bundled model's products, [in, out]."""
    graph = onnx.load(BUNDLED / f"{name}.onnx").graph
    held = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    nodes = [node for node in graph.node if node.op_type == "MatMulIntegerToFloat"]
    return {node.input[1]: held[node.input[1]] for node in nodes}


@pytest.mark.parametrize("name", MODELS)
def test_no_sum_of_two_products_leaves_16_bits(name: str) -> None:
    """Whatever the activations, 0 to 255, two neighbouring products add up to a 16-bit number."""
    found = products(name)
    config = json.loads(
        (BUNDLED / ("small.json" if name == "small" else "config.json")).read_text()
    )
    assert len(found) == 4 * config["layers"]
    for weights in found.values():
        assert weights.dtype == np.int8
        pairs = weights.astype(np.int64).reshape(-1, 2, weights.shape[1])
        assert 255 * np.maximum(pairs, 0).sum(1).max() <= GREATEST
        assert 255 * np.minimum(pairs, 0).sum(1).min() >= LEAST


@settings(max_examples=200, deadline=None)
@given(
    arrays.arrays(
        np.float32,
        st.tuples(st.integers(1, 4), st.integers(1, 6).map(lambda n: 2 * n)),
        elements=st.floats(-1e3, 1e3, width=32),
    )
)
def test_any_weights_are_rounded_so(weight: np.ndarray) -> None:
    """No rounded weight is above 127, no two neighbours of one sign together above 128."""
    pytest.importorskip("torch", reason=EXTRA)
    from training import encoder_graph

    rounded = np.rint(weight / encoder_graph.steps(weight)[:, None])
    assert np.abs(rounded).max() <= 127
    pairs = rounded.reshape(len(rounded), -1, 2)
    assert np.maximum(pairs, 0).sum(2).max() <= 128
    assert np.maximum(-pairs, 0).sum(2).max() <= 128
    assert (np.abs(rounded * encoder_graph.steps(weight)[:, None] - weight)).max() <= (
        0.51 * encoder_graph.steps(weight).max()
    )


@pytest.mark.parametrize("name", MODELS)
def test_the_other_kind_of_processor_gives_the_same_bits(name: str, tmp_path: Path) -> None:
    """The sums of the fast kernel are exact: another kernel that cannot saturate agrees."""
    other = unsigned(BUNDLED / f"{name}.onnx", tmp_path / f"{name}.onnx")
    rows = [encoding.ids[:512] for encoding in tokens(TEXTS)]
    for here, there in zip(
        Encoder(BUNDLED / f"{name}.onnx").run(rows), Encoder(other).run(rows), strict=True
    ):
        assert here.tobytes() == there.tobytes()


def tokens(texts: list[str]) -> list[Any]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(BUNDLED / "tokenizer.json"))
    encoded: list[Any] = tokenizer.encode_batch([f"passage: {text}" for text in texts])
    return encoded


def test_a_product_is_that_of_whole_numbers() -> None:
    """The runtime's product, at the greatest activations and weights there are, beside NumPy's."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    name, weights = max(products("model").items(), key=lambda item: item[1].astype(int).sum())
    node = helper.make_node("MatMulInteger", ["x", "w"], ["y"])
    x = helper.make_tensor_value_info("x", TensorProto.UINT8, ["tokens", len(weights)])
    y = helper.make_tensor_value_info("y", TensorProto.INT32, ["tokens", weights.shape[1]])
    graph = helper.make_graph([node], name, [x], [y], [numpy_helper.from_array(weights, "w")])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    given = np.full((3, len(weights)), 255, np.uint8)
    given[1] = 255 * (weights[:, 0] > 0)
    given[2] = 255 * (weights[:, 0] < 0)
    (made,) = session.run(None, {"x": given})
    np.testing.assert_array_equal(made, given.astype(np.int64) @ weights.astype(np.int64))


def test_many_threads_give_the_same_bits(embedder: Embedder) -> None:
    """Texts that are embedded at the same time do not disturb each other."""
    expected = embedder.encode(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: embedder.encode(TEXTS), range(8)):
            assert found.tobytes() == expected.tobytes()


def test_many_small_syncs_are_one_large(tmp_path: Path) -> None:
    """Documents that are added one by one have the vectors of a fresh index, bit by bit."""
    texts = (ROOT / "seeds").glob("*.txt")
    paragraphs = [part for path in texts for part in path.read_text().split("\n\n") if part.strip()]
    for number, text in enumerate([*paragraphs, *TEXTS]):
        (tmp_path / "docs").mkdir(exist_ok=True)
        (tmp_path / "docs" / f"{number}.txt").write_text(text)
        with Index.open(tmp_path / "many", create=True) as index:
            index.sync(tmp_path / "docs")
    with Index.open(tmp_path / "once", create=True) as index:
        index.sync(tmp_path / "docs")
    assert len(vectors(tmp_path / "once")) >= 10
    assert vectors(tmp_path / "many") == vectors(tmp_path / "once")


def vectors(folder: Path) -> dict[tuple[str, int], bytes]:
    with Index.open(folder) as index:
        found = index.catalog.rows(
            "SELECT d.id, start, vector FROM passages p JOIN documents d ON d.number = document"
        )
        return {(id, start): bytes(vector) for id, start, vector in found}


def test_the_order_of_a_search_does_not_depend_on_how_it_was_added(tmp_path: Path) -> None:
    """Together or one by one: each question ranks all documents alike, with the same scores."""
    documents = [Document(str(n), f"{TEXTS[n % 5][:300]} Caso {n}.") for n in range(25)]
    found = []
    for name, groups in (("one", [documents]), ("many", [[each] for each in documents])):
        with Index.open(tmp_path / name, create=True, model=load("small")) as index:
            for group in groups:
                index.add(group)
            found.append(
                [
                    sorted((-one.dense, one.passage.document_id) for one in index.candidates(text))
                    for text in TEXTS
                ]
            )
    assert found[0] == found[1]

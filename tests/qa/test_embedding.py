"""The embedding model by itself, beside sentence-transformers with the same weights."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.embedders import Embedder
from index.errors import InputError
from qa import embedder as open_embedder
from qa.embedding import TextEmbedder
from tests.conftest import MODELS

TEXTS = ["El faro se encendió en 1890.", "A bridge", ""]


@pytest.fixture(scope="module")
def own(embedder: Embedder) -> TextEmbedder:
    return open_embedder(embedder)


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The bundled model exported, in the real library."""
    pytest.importorskip("onnx", reason=MODELS)
    sentence_transformers = pytest.importorskip("sentence_transformers", reason=MODELS)
    from index.embedders.export import export

    folder: Path = tmp_path_factory.mktemp("export") / "model"
    export(folder)
    return sentence_transformers.SentenceTransformer(str(folder), device="cpu")


GIVEN: list[dict[str, Any]] = [
    {},
    {"prompt_name": "query"},
    {"prompt": "passage: "},
    {"prompt": "", "truncate_dim": 100},
    {"truncate_dim": 100, "normalize_embeddings": True},
    {"batch_size": 1, "show_progress_bar": False, "normalize_embeddings": True},
    {"convert_to_tensor": True},
    {"convert_to_numpy": False},
    {"precision": "float32", "output_value": "sentence_embedding", "device": "cpu"},
]


@pytest.mark.parametrize("given", GIVEN, ids=str)
@pytest.mark.parametrize("inputs", [TEXTS, tuple(TEXTS), TEXTS[0]], ids=["list", "tuple", "text"])
def test_as_sentence_transformers(
    own: TextEmbedder, theirs: Any, inputs: Any, given: dict[str, Any]
) -> None:
    """The same types, shapes and numbers, but for what int8 loses."""
    for name in ("encode", "encode_query", "encode_document"):
        mine, other = getattr(own, name)(inputs, **given), getattr(theirs, name)(inputs, **given)
        assert type(mine) is type(other)
        if isinstance(mine, list):
            assert {type(one) for one in mine} == {type(one) for one in other}
            mine, other = np.stack(mine), np.stack(other)
        assert mine.shape == other.shape
        assert mine.dtype == other.dtype
        one, two = np.atleast_2d(mine), np.atleast_2d(other)
        lengths = np.linalg.norm(one, axis=1) * np.linalg.norm(two, axis=1)
        assert ((one * two).sum(axis=1) > 0.98 * lengths).all()


def test_what_it_says_of_itself(own: TextEmbedder, theirs: Any) -> None:
    """Dimensions, longest text, device, tokens and similarities are the library's."""
    assert own.get_embedding_dimension() == theirs.get_embedding_dimension() == 384
    assert own.get_sentence_embedding_dimension() == 384
    assert own.max_seq_length == theirs.max_seq_length == 512
    assert own.device == str(theirs.device)
    assert own.similarity_fn_name == theirs.similarity_fn_name
    assert own.prompts["query"] == theirs.prompts["query"]
    long = "faro " * 1000
    tokens = own.tokenize([*TEXTS, long])
    for place, text in enumerate([*TEXTS, long]):
        ids = theirs.tokenizer(text, truncation=True, max_length=512)["input_ids"]
        kept = tokens["attention_mask"][place].astype(bool)
        assert tokens["input_ids"][place][kept].tolist() == ids
    vectors = own.encode(TEXTS) * 3
    for name in ("similarity", "similarity_pairwise"):
        mine = getattr(own, name)(vectors, vectors)
        other = getattr(theirs, name)(vectors, vectors).numpy()
        assert mine.dtype == other.dtype == np.float32
        np.testing.assert_allclose(mine, other, atol=1e-5)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"precision": "int8"}, "precision='int8' cannot be had"),
        ({"output_value": "token_embeddings"}, "output_value="),
        ({"device": "cuda"}, "device='cuda'"),
        ({"pool": {}}, "pool="),
        ({"prompt_name": "nothing"}, "no prompt"),
        ({"normalise": True}, "no argument normalise"),
        ({"batch_size": 0}, "batch_size is a whole number"),
        ({"truncate_dim": 0}, "truncate_dim is a whole number"),
    ],
)
def test_what_cannot_be_had(own: TextEmbedder, given: dict[str, Any], message: str) -> None:
    """It is refused in one sentence, not passed over."""
    for encode in (own.encode, own.encode_query, own.encode_document):
        with pytest.raises(InputError, match=message):
            encode("faro", **given)


@pytest.mark.parametrize("inputs", [7, None, b"faro", ["faro", 7]])
def test_only_texts(own: TextEmbedder, inputs: Any) -> None:
    """Nothing else is embedded; of no texts there are no vectors."""
    with pytest.raises(InputError, match="Texts are embedded"):
        own.encode(inputs)
    assert own.encode([]).shape == (0, 384)

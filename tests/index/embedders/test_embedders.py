"""The embedding models: the bundled one, and any other."""

import importlib.util
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index import Document, Index
from index.embedders import BUNDLED, DEFAULT_MODEL, SMALL_MODEL, Embedder, load
from index.embedders.onnx import OnnxEmbedder
from index.embedders.sentence_transformer import SentenceTransformerEmbedder
from index.errors import MissingExtraError, ModelError, ModelMismatchError
from index.query import Query
from qa import Assistant, Retriever
from tests.conftest import MODELS, ROOT
from tests.index.test_index import Counting

SENTENCES = [
    "¿Cuándo visitó Rubio México?",
    "El secretario de Estado viajó a México en septiembre.",
    "The quick brown fox jumps over the lazy dog.",
    "x",
    "Los delfines nadan. " * 200,
]

# The bundled model


def test_the_bundled_model(embedder: Embedder) -> None:
    """Its name, sizes and prompts; a passage has room for the prompt and the special tokens."""
    assert (embedder.name, embedder.dimensions, embedder.max_tokens) == (DEFAULT_MODEL, 384, 506)
    assert embedder.identity.startswith("e5-small-es-en@")
    assert (embedder.query_prefix, embedder.passage_prefix) == ("query: ", "passage: ")


def test_unit_vectors_that_do_not_depend_on_the_batch(embedder: Embedder) -> None:
    """Vectors have length 1, and a text's has the same bits alone or among others, in any order."""
    together = embedder.embed_passages(SENTENCES)
    assert together.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = np.concatenate([embedder.embed_passages([text]) for text in SENTENCES])
    assert alone.tobytes() == together.tobytes()
    assert embedder.embed_passages(SENTENCES[::-1])[::-1].tobytes() == together.tobytes()
    assert embedder.encode([]).shape == (0, 384)


def test_however_many_processors_the_threads_are_few(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A container shows all of its machine's, of which it may use but some."""
    started = []

    class Pool(ThreadPoolExecutor):
        def __init__(self, threads: int) -> None:
            started.append(threads)
            super().__init__(threads)

    monkeypatch.setattr("index.embedders.encoder.ThreadPoolExecutor", Pool)
    for processors in (64, 3):
        monkeypatch.setattr("index.embedders.encoder._processors", lambda n=processors: n)
        embedder.encode(["x"] * 20)
    assert started == [8, 3]


@pytest.mark.parametrize("name", ["base", "small"])
def test_it_understands_both_languages(name: str) -> None:
    """A question is nearest to the passage that answers it, also in the other language."""
    embedder = load(name)
    passages = embedder.embed_passages(SENTENCES[1:3])
    questions = ["¿Cuándo fue el secretario a México?", "When did the secretary go to Mexico?"]
    questions += ["¿Qué animal salta sobre el perro perezoso?", "What does the fox jump over?"]
    assert (embedder.embed_queries(questions) @ passages.T).argmax(axis=1).tolist() == [0, 0, 1, 1]


def test_what_is_too_long_is_cut(embedder: Embedder) -> None:
    """Beyond the window nothing counts; within it everything does."""
    words = "delfín " * 600
    (a, b, c) = embedder.embed_passages([words, words + "gato " * 500, words[: 7 * 90] + "gato"])
    assert a @ b == pytest.approx(1, abs=1e-6)
    assert a @ c < 0.9999


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=5))
def test_any_text(embedder: Embedder, texts: list[str]) -> None:
    """Any texts give finite vectors and a number of tokens, none for what shows nothing."""
    vectors = embedder.embed_passages(texts)
    assert vectors.shape == (len(texts), 384)
    assert np.isfinite(vectors).all()
    assert len(embedder.count_tokens(texts)) == len(texts)
    assert embedder.count_tokens(["", "hola"])[0] == 0


def test_the_small_model(tmp_path: Path) -> None:
    """It has half of the layers, a name of its own, and an index that is made with it knows it."""
    small = load("small")
    assert (small.name, small.dimensions, small.max_tokens) == (SMALL_MODEL, 384, 506)
    settings = [json.loads((BUNDLED / name).read_text()) for name in ("config.json", "small.json")]
    assert settings[1]["layers"] * 2 == settings[0]["layers"]
    with Index.open(tmp_path / "index", create=True, model="small") as index:
        index.add([Document(str(n), text) for n, text in enumerate(SENTENCES)])
    with Index.open(tmp_path / "index") as index:
        best = max(index.candidates("What does the fox jump over?"), key=lambda one: one.dense)
        assert best.passage.document_id == "2"
        assert index.model.identity == small.identity
    with pytest.raises(ModelMismatchError, match="made with the model e5-tiny-es-en@"):
        Index.open(tmp_path / "index", model="base")


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}", b"\x00\xff junk"])
def test_a_damaged_installation(tmp_path: Path, name: str, content: bytes | None) -> None:
    """A file of the model that is missing or damaged is one sentence with the remedy."""
    for file in BUNDLED.iterdir():
        (tmp_path / file.name).symlink_to(file)
    (tmp_path / name).unlink()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelError, match=r"cannot be loaded: copy that folder again\.$"):
        OnnxEmbedder(tmp_path)
    if name != "config.json":  # what the small one reads as well
        with pytest.raises(ModelError, match=r"cannot be loaded: copy that folder again\.$"):
            OnnxEmbedder(tmp_path, "small")


# Any other model


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny random BERT with prompts, as a sentence-transformers folder."""
    if importlib.util.find_spec("sentence_transformers") is None:
        pytest.skip(MODELS)
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("models")
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))  # noqa: S106  # no password
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=300, special_tokens=special)
    tokenizer.train_from_iterator([*SENTENCES, "pregunta texto"], trainer)
    names = dict(zip(("pad_token", "unk_token", "cls_token", "sep_token"), special, strict=True))
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=64, **names
    ).save_pretrained(folder / "bert")
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
    BertModel(
        BertConfig(vocab_size=300, intermediate_size=32, max_position_embeddings=64, **sizes)
    ).save_pretrained(folder / "bert")
    encoder = Transformer(str(folder / "bert"), max_seq_length=64)
    prompts = {"query": "pregunta ", "document": "texto "}
    SentenceTransformer(
        modules=[encoder, Pooling(16)], prompts=prompts, device="cpu"
    ).save_pretrained(str(folder / "tiny"))
    return folder / "tiny"


@pytest.fixture(scope="module")
def tiny(other: Path) -> Embedder:
    return load(str(other))


def test_another_model_by_folder(tiny: Embedder, other: Path) -> None:
    """It gives the vectors that sentence-transformers gives, of length 1, with its prompts."""
    from sentence_transformers import SentenceTransformer

    peer = SentenceTransformer(str(other), device="cpu")
    for ours, prompt in ((tiny.embed_passages, "texto "), (tiny.embed_queries, "pregunta ")):
        theirs = peer.encode([prompt + text for text in SENTENCES], normalize_embeddings=True)
        np.testing.assert_allclose(ours(SENTENCES), theirs, atol=1e-5)
    assert not np.allclose(tiny.embed_queries(["x"]), tiny.embed_passages(["x"]), atol=1e-3)
    assert (tiny.dimensions, tiny.name) == (16, str(other))
    assert tiny.count_tokens(["", "x", "x x"]) == [0, 1, 2]
    assert tiny.max_tokens + max(tiny.count_tokens(["pregunta ", "texto "])) + 2 == 64
    assert tiny.embed_passages([]).shape == (0, 16)


def test_an_index_with_another_model(tiny: Embedder, other: Path, tmp_path: Path) -> None:
    """It works from end to end, remembers its model, and refuses the bundled one unharmed."""
    folder = tmp_path / "index"
    documents = [Document(str(n), text) for n, text in enumerate(SENTENCES)]
    with Index.open(folder, create=True, model=str(other)) as index:
        index.add(documents)
        before = index.candidates("¿Cuándo visitó Rubio México?")
        (query,) = tiny.embed_queries(["¿Cuándo visitó Rubio México?"])
        first = next(one for one in before if one.passage.document_id == "0")
        (vector,) = tiny.embed_passages([SENTENCES[0]])
        assert first.dense == pytest.approx(float(vector @ query), abs=2e-3)
    with pytest.raises(ModelMismatchError, match=r"the model .*/tiny@\w{16}, not e5-small"):
        Index.open(folder, model=DEFAULT_MODEL)
    with Index.open(folder) as index:
        assert index.candidates("¿Cuándo visitó Rubio México?") == before
        assert index.model.identity == tiny.identity


def test_a_relative_folder(other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index made with a relative folder opens from another working directory."""
    monkeypatch.chdir(other.parent)
    with Index.open(tmp_path / "index", create=True, model=other.name) as index:
        index.add([Document("a", SENTENCES[1])])
    monkeypatch.chdir(tmp_path)
    with Index.open(tmp_path / "index") as index:
        assert [one.passage.document_id for one in index.candidates("México")] == ["a"]


def test_other_weights_are_another_model(tiny: Embedder, other: Path, tmp_path: Path) -> None:
    """The identity changes with any weight, and not with the folder's name or place."""
    from safetensors.numpy import load_file, save_file

    copy = tmp_path / "another name"
    shutil.copytree(other, copy)
    assert load(str(copy)).identity == tiny.identity
    weights = load_file(copy / "model.safetensors")
    # Saved anew and in two files, they are the same weights; one value far inside is not.
    save_file(dict(reversed(weights.items())), copy / "model.safetensors", metadata={"a": "b"})
    assert load(str(copy)).identity == tiny.identity
    weights["embeddings.word_embeddings.weight"][200, 3] += 0.01
    save_file(weights, copy / "model.safetensors", metadata={"format": "pt"})
    assert load(str(copy)).identity != tiny.identity


def test_a_folder_that_was_renamed(other: Path, tmp_path: Path) -> None:
    """An index made with a model in one folder is opened with it in another, and refuses others."""
    shutil.copytree(other, tmp_path / "first")
    with Index.open(tmp_path / "index", create=True, model=tmp_path / "first") as index:
        index.add([Document("a", SENTENCES[1])])
    (tmp_path / "first").rename(tmp_path / "second")
    with Index.open(tmp_path / "index", model=tmp_path / "second") as index:
        assert [one.passage.document_id for one in index.candidates("México")] == ["a"]
    with Index.open(tmp_path / "index") as index, pytest.raises(ModelError, match="its folder"):
        index.candidates("México")


def test_an_identity_of_before(
    tiny: Embedder, other: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Indexes that recorded the folder's name and a sample of the weights are opened as well; the
    sample is taken once of each model that is loaded."""
    import hashlib

    from index.embedders import sentence_transformer

    sampled = []
    sample = sentence_transformer._sample

    def noted(model: object) -> str:
        sampled.append(model)
        return sample(model)

    monkeypatch.setattr(sentence_transformer, "_sample", noted)

    digest = hashlib.sha256()
    for name, tensor in sorted(tiny._model.state_dict().items()):  # type: ignore[attr-defined]
        digest.update(name.encode() + tensor.flatten()[:256].numpy().tobytes())
    before = f"tiny@{digest.hexdigest()[:12]}"
    renamed = shutil.copytree(other, tmp_path / "renamed")
    with Index.open(tmp_path / "index", create=True, model=other) as index:
        index.add([Document("a", SENTENCES[1])])
        index.catalog.put("identity", before)
    for model in (None, tiny, renamed):
        with Index.open(tmp_path / "index", model=model) as index:
            assert len(index.candidates("México")) == 1
            assert index.verify().problems == []
    assert len(sampled) == 3
    with Index.open(tmp_path / "index", model=other) as index:
        index.catalog.put("identity", before.replace("@", "@0"))
    with pytest.raises(ModelMismatchError, match="@0"):
        Index.open(tmp_path / "index", model=other)


def test_a_question_is_embedded_once(other: Path, tmp_path: Path) -> None:
    """Search, reader and spelling share the question's vector, in threads of their own, too."""

    class Noted(SentenceTransformerEmbedder):
        asked: list[str]

        def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
            self.asked += texts
            return super().embed_queries(texts)

    model = Noted(str(other))
    model.asked = []
    with Index.open(tmp_path / "index", create=True, model=model) as index:
        index.add([Document(str(n), text) for n, text in enumerate(SENTENCES)])
        for reader in (None, "sentences"):
            assistant = Assistant(Retriever(index), reader=reader, min_confidence=0)
            model.asked.clear()
            assert assistant.ask(f"¿Cuándo visitó Rubio México {reader}?").hits
            assert model.asked == [f"¿Cuándo visitó Rubio México {reader}?"]
        model.asked.clear()
        questions = [f"¿Cuándo nadan los {n} delfines?" for n in range(8)]
        expected = [assistant.ask(question) for question in questions]
        assert model.asked == questions
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(assistant.ask, questions)) == expected
        assert sorted(model.asked) == sorted(questions * 2)


def test_nobody_changes_a_vector_that_others_use(tmp_path: Path) -> None:
    """A question's vector cannot be written to; what a model gives is the caller's own."""
    model = Counting()
    with Index.open(tmp_path, create=True, model=model) as index:
        index.add([Document(str(n), text) for n, text in enumerate(SENTENCES)])
        before = index.candidates("delfines")
        vectors = model.embed_queries(["delfines"])
        vectors[:] = 0
        with pytest.raises(ValueError, match="read-only"):
            Query("delfines").vector(model)[:] = 0
        assert index.candidates("delfines") == before
        model.encode = lambda texts: np.full((len(texts), 25), np.nan, np.float32)  # type: ignore[method-assign]
        with pytest.raises(ModelError, match="counting gave no usable vectors"):
            index.candidates("otra pregunta")


def test_the_bundled_model_gives_a_new_array(embedder: Embedder) -> None:
    """What one caller does with a vector is nothing to another."""
    (first,) = embedder.embed_queries(["delfines"])
    kept = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(embedder.embed_queries(["delfines"])[0], kept)


def test_the_program_goes_on_logging(other: Path, tmp_path: Path) -> None:
    """While models load or fail to, another thread's warnings arrive, and settings stay."""
    import logging
    import threading

    from transformers.utils import logging as transformers_logging

    names = ["theirs", "sentence_transformers", "transformers", "huggingface_hub"]
    levels = [logging.getLogger(name).level for name in names]
    said: list[str] = []
    heard: list[str] = []
    stop = threading.Event()
    handler = logging.Handler()
    handler.emit = lambda record: heard.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("theirs")
    logger.addHandler(handler)

    def log() -> None:
        while not stop.is_set():
            said.append(str(len(said)))
            logger.warning(said[-1])
            stop.wait(0.001)

    thread = threading.Thread(target=log)
    thread.start()
    try:
        load(str(other))
        for name in (str(tmp_path), "no-such/model", "/nowhere"):
            with pytest.raises(ModelError):
                load(name)
    finally:
        stop.set()
        thread.join()
        logger.removeHandler(handler)
    assert len(said) > 1
    assert heard == said
    assert [logging.getLogger(name).level for name in names] == levels
    assert logging.root.manager.disable == 0
    assert transformers_logging.is_progress_bar_enabled()


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize("name", ["no-such/model", "nosuchmodel", "/nowhere", "a b", "x" * 5000])
def test_an_unknown_model(tmp_path: Path, name: str) -> None:
    """It is one sentence, and no folder is made for the index."""
    with pytest.raises(ModelError, match=r"cannot be loaded: give the name of [^.]*\.$"):
        Index.open(tmp_path / "index", create=True, model=name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize("damage", ["empty folder", "weights", "config"])
def test_a_damaged_model(other: Path, tmp_path: Path, damage: str) -> None:
    """A folder that holds no model, or half of one, is one sentence too."""
    folder = tmp_path / "model"
    if damage == "empty folder":
        folder.mkdir()
    else:
        shutil.copytree(other, folder)
        name = {"weights": "model.safetensors", "config": "config.json"}[damage]
        (folder / name).write_bytes((folder / name).read_bytes()[:50])
    with pytest.raises(ModelError, match=r"model cannot be loaded: give the name of"):
        load(str(folder))


def test_pickled_weights_are_not_loaded(other: Path, tmp_path: Path) -> None:
    """Weights that could run code when they are read are refused."""
    import torch
    from safetensors.torch import load_file

    folder = tmp_path / "model"
    shutil.copytree(other, folder)
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError):
        load(str(folder))


def test_code_in_a_model_is_not_run(other: Path, tmp_path: Path) -> None:
    """A module of the model's own is refused, not imported."""
    folder = tmp_path / "model"
    shutil.copytree(other, folder)
    (folder / "theirs.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    modules = json.loads((folder / "modules.json").read_text())
    modules[0]["type"] = "theirs.Module"
    (folder / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(ModelError):
        load(str(folder))
    assert not (tmp_path / "ran").exists()


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is to be installed is said."""
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingExtraError, match=r"pip install '\.\[models\]'"):
        load("any/model")


def test_a_hub_out_of_reach_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loader, which would try for a minute, is not sent there."""
    loader = pytest.importorskip("sentence_transformers", reason=MODELS)
    offline: list[bool] = []

    def refuse(_: str, *, local_files_only: bool, **__: object) -> None:
        offline.append(local_files_only)
        raise OSError("not in the cache")

    monkeypatch.setattr(loader, "SentenceTransformer", refuse)
    with pytest.raises(ModelError, match="no-such/model cannot be loaded"):
        load("no-such/model")
    assert offline == [True]


@pytest.mark.usefixtures("other")
def test_without_network_it_fails() -> None:
    """With a name that is not here and a hub out of reach, the error is one of ours."""
    script = "from index.embedders import load; load('no-such/model')"
    proxy = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")
    shown = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PATH": "", "HF_HOME": "/nonexistent", **proxy},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    last = shown.stderr.strip().splitlines()[-1]
    assert last.startswith("index.errors.ModelError: The embedding model no-such/model cannot be")

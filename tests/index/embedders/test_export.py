"""The bundled model as a sentence-transformers folder."""

import importlib.util
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from index import Document, Index
from index.embedders import Embedder, export, load
from index.embedders.export import export as write
from index.errors import InputError, MissingExtraError, ModelError, ModelMismatchError
from tests.conftest import MODELS

TEXTS = [
    "¿Cuándo visitó Rubio México?",
    "El canciller De la Fuente viajó a Washington para reunirse con el secretario de Estado.",
    "When did the secretary of state visit Mexico?",
    "The reading room opens at nine o'clock, and closes at five (except on Sundays).",
    "Ñandú, pingüino y 1.234,56 €",
    "x",
    "Rubio reconoció que México ha mostrado compromiso y resultados tangibles. " * 40,
]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    for name in ("onnx", "sentence_transformers"):
        if importlib.util.find_spec(name) is None:
            pytest.skip(MODELS)
    folder = tmp_path_factory.mktemp("export") / "mi modelo"
    write(folder)
    return folder


def test_the_same_vectors(exported: Path, embedder: Embedder) -> None:
    """sentence-transformers loads it offline and gives our vectors, prompts included."""
    from sentence_transformers import SentenceTransformer

    peer = SentenceTransformer(str(exported), device="cpu", local_files_only=True)
    assert peer.max_seq_length == 512
    for ours, theirs in (
        (embedder.embed_queries(TEXTS), peer.encode_query(TEXTS)),
        (embedder.embed_passages(TEXTS), peer.encode_document(TEXTS)),
        (embedder.embed_passages(TEXTS), peer.encode(TEXTS, prompt_name="passage")),
    ):
        np.testing.assert_allclose(np.linalg.norm(theirs, axis=1), 1, atol=1e-5)
        assert (ours * theirs).sum(axis=1).min() >= 0.99
    tokens = peer.tokenizer(TEXTS, add_special_tokens=False, verbose=False)["input_ids"]
    assert [len(ids) for ids in tokens] == embedder.count_tokens(TEXTS)


def test_the_small_model(exported: Path, tmp_path: Path) -> None:
    """By its name, with its own vectors; no other name is bundled."""
    from sentence_transformers import SentenceTransformer

    write(tmp_path / "small", "small")
    peer = SentenceTransformer(str(tmp_path / "small"), device="cpu", local_files_only=True)
    small = load("small")
    assert (small.embed_passages(TEXTS) * peer.encode_document(TEXTS)).sum(axis=1).min() >= 0.98
    assert export.twin(tmp_path / "small") == small.identity != export.twin(exported)
    with pytest.raises(InputError, match="No model large comes with qa: say base or small"):
        write(tmp_path / "large", "large")


def test_every_weight_is_there(exported: Path) -> None:
    """The file has exactly the tensors of a BertModel of its configuration, all of them float32."""
    from safetensors.numpy import load_file
    from transformers import BertConfig, BertModel

    weights = load_file(exported / "model.safetensors")
    config = BertConfig.from_pretrained(exported)
    wanted = {name: tuple(tensor.shape) for name, tensor in BertModel(config).state_dict().items()}
    assert {name: tensor.shape for name, tensor in weights.items()} == wanted
    assert {tensor.dtype for tensor in weights.values()} == {np.dtype(np.float32)}
    prompts = json.loads((exported / "config_sentence_transformers.json").read_text())["prompts"]
    assert prompts == {"query": "query: ", "document": "passage: ", "passage": "passage: "}


def test_all_may_read_it(exported: Path) -> None:
    """The weights have the rights of the other files."""
    modes = {path.stat().st_mode for path in exported.iterdir() if path.is_file()}
    assert len(modes) == 1


def test_an_empty_folder_is_filled(exported: Path, tmp_path: Path) -> None:
    """It may exist when nothing is in it; nothing else is left beside it."""
    (tmp_path / "empty").mkdir()
    write(tmp_path / "empty")
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]
    names = {path.name for path in (tmp_path / "empty").iterdir()}
    assert names == {path.name for path in exported.iterdir()}


def test_what_is_there_stays(tmp_path: Path) -> None:
    """A folder with something in it, or a file, is refused and left alone."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="full is not empty: name one that is to be made"):
        write(tmp_path / "full")
    for name in ("file", "file/below", "x" * 300, "nul\0"):
        with pytest.raises(InputError, match=r"name another one\.$"):
            write(tmp_path / name)
    assert (tmp_path / "full" / "notes.txt").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "full"]


@pytest.mark.parametrize("name", ["onnx", "safetensors"])
def test_without_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """What is missing and how to get it is one sentence, and nothing is made."""
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=rf"needs {name}: run pip install '\.\[models\]'"):
        write(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bundled model that cannot be read is named, and nothing is made."""
    monkeypatch.setattr(export, "BUNDLED", tmp_path)
    with pytest.raises(ModelError, match="cannot be read: install the package again"):
        write(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When writing fails half way, neither the folder nor a part of it is left."""

    def fail(path: Path, value: object) -> None:  # noqa: ARG001  # what it stands in for takes them
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "_json", fail)
    with pytest.raises(InputError, match="cannot be written: No space left on device"):
        write(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_an_index_made_elsewhere_is_searched_here(exported: Path, tmp_path: Path) -> None:
    """Made with the exported model, as on a GPU; asked with the bundled one, and the other way."""
    with Index.open(tmp_path / "index", create=True, model=str(exported)) as index:
        index.add([Document(str(n), text) for n, text in enumerate(TEXTS)])
    with Index.open(tmp_path / "index", model=load()) as index:
        best = max(index.candidates("¿A qué hora cierra la sala?"), key=lambda one: one.dense)
        assert best.passage.document_id == "3"
        index.add([Document("new", "La biblioteca cierra los lunes.")])
    with Index.open(tmp_path / "index", model=str(exported)) as index:
        best = max(index.candidates("¿Qué día cierra la biblioteca?"), key=lambda one: one.dense)
        assert best.passage.document_id == "new"


@pytest.mark.parametrize("damage", ["weights", "no source", "not a source"])
def test_other_weights_are_another_model(exported: Path, tmp_path: Path, damage: str) -> None:
    """Trained further, or of unknown origin: an index of the bundled model refuses it."""
    folder = tmp_path / "model"
    shutil.copytree(exported, folder)
    if damage == "weights":
        content = bytearray((folder / "model.safetensors").read_bytes())
        content[-1] ^= 1
        (folder / "model.safetensors").write_bytes(content)
    elif damage == "no source":
        (folder / export.SOURCE).unlink()
    else:
        (folder / export.SOURCE).write_text("[]")
    assert export.twin(exported) == load().identity
    assert export.twin(folder) is None
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([Document("1", TEXTS[0])])
    with pytest.raises(ModelMismatchError, match="was made with the model"):
        Index.open(tmp_path / "index", model=str(folder))

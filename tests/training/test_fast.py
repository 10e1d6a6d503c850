"""Training on packed data: what is packed comes back in batches, and int8 that is trained for."""

import json
import lzma
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.conftest import MODELS

torch = pytest.importorskip("torch", reason=MODELS)
pytest.importorskip("onnx", reason=MODELS)

from index.embedders import export  # noqa: E402
from index.embedders.encoder import Encoder  # noqa: E402
from tests.training.test_reader import CONFIG, tiny_base, tiny_data  # noqa: E402
from training import (  # noqa: E402 (they need what may be missing)
    cloze,
    contrast,
    encoder_graph,
    encoder_torch,
    fast,
    fast_tasks,
    loop,
    pack,
    packed,
    reader_data,
    reader_score,
    smoothing,
)

ANIMALS = {"dog": "perro", "cat": "gato", "bird": "ave", "fish": "pez", "horse": "caballo"}
YEARS = range(1801, 1841)


def squad(language: str, first: int, count: int) -> list[dict[str, Any]]:
    """Articles of one paragraph and a question: which year an animal came."""
    made = []
    for number, year in enumerate(YEARS[first : first + count]):
        english, spanish = list(ANIMALS.items())[number % 5]
        tag = "".join("abcdefghij"[int(digit)] for digit in str(7 * year))
        passage, question = {
            "en": (
                f"The {english} {tag} came in {year}. It then left the city again.",
                f"{english} {tag}",
            ),
            "es": (
                f"El {spanish} {tag} vino en {year}. Luego se fue de la ciudad otra vez.",
                f"{spanish} {tag}",
            ),
        }[language]
        asked = {"en": f"When did the {question} come?", "es": f"¿Cuándo vino el {question}?"}
        answer = {"text": str(year), "answer_start": passage.index(str(year))}
        entry = {"id": f"{language}{year}", "question": asked[language], "answers": [answer]}
        title = f"{language} {number}"
        made.append({"title": title, "paragraphs": [{"context": passage, "qas": [entry]}]})
    return made


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a little of everything that is packed."""
    folder = tmp_path_factory.mktemp("data")
    for name in ("qa", "eval", "train", "corpus"):
        (folder / name).mkdir()
    (folder / "eval" / "xquad.es.json").write_text('{"data": []}')

    def put(name: str, rows: list[dict[str, Any]]) -> None:
        text = "\n".join(map(json.dumps, rows))
        (folder / name).write_bytes(lzma.compress(text.encode()))

    english = json.dumps({"data": squad("en", 0, 20)}).encode()
    (folder / "qa" / reader_data.SQUAD_EN).write_bytes(lzma.compress(english))
    for name in (reader_data.TYDI, pack.TYDI_DEV):
        (folder / "qa" / name).write_text(json.dumps({"data": squad("en", 20, 6)}))
    for name in reader_data.SQUAD_ES:
        (folder / "qa" / name).write_text(json.dumps({"data": squad("es", 26, 10)}))
    pairs = [
        {"source": "openstax", "document": str(n // 8), "order": n, **pair}
        for n in range(80)
        for one, uno in [list(ANIMALS.items())[n % 5]]
        for pair in [
            {
                "en": f"The {one} came to the city in {1700 + n}, and Peter saw the {one}.",
                "es": f"El {uno} vino a la ciudad en {1700 + n}, y Peter vio el {uno}.",
            }
        ]
    ]
    put(cloze.PARALLEL, pairs)
    paragraph = "El perro que vino a la ciudad se fue otra vez en el mismo año. " * 4
    put("corpus/laws-es-ar.jsonl.xz", [{"id": "1", "title": "Ley", "paragraphs": [paragraph] * 3}])
    put("corpus/mananeras-mx.jsonl.xz", [{"id": "1", "date": "2025-01-01", "text": paragraph}])
    return folder


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("base")
    tiny_base(folder)
    return folder


@pytest.fixture(scope="module")
def file(data: Path, base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("packed") / "packed.npz"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "sys.argv", ["pack", *map(str, ("--base", base, "--data", data, "--out", path))]
        )
        patch.setattr(reader_data.held_out, "__defaults__", (3,))
        pack.main()
    return path


@pytest.fixture
def drawn(file: Path, base: Path) -> packed.Packed:
    return packed.Packed(file, reader_score.tokenizer(base), "cpu", seed=1)


def read(base: Path, ids: Any, mask: Any) -> str:
    return str(reader_score.tokenizer(base).decode(ids[mask.bool()].tolist()))


def test_questions_come_back_with_the_passage_that_answers(
    drawn: packed.Packed, base: Path
) -> None:
    """The window holds the answer, in the language that is asked for."""
    task = fast_tasks.Contrast(drawn, 40, encoder_torch.SpanEncoder(CONFIG, 60), 0.0)
    asked = drawn.draw(task.pools, fast_tasks.KINDS, 40)
    right = drawn.column(asked.rows, "passage")
    numbers = torch.cat([right, *task._wrong(asked.rows)])
    ids, mask = task._windows(asked, numbers)
    start, end = drawn.span(asked, "start", "end")
    spanish = 0
    for row in range(len(asked.rows)):
        text = drawn.passages[right[row]]
        side = int(asked.passage[row])
        spanish += side
        tokens = drawn.tokens(drawn.whole(text[side][None], 9999), torch.arange(2000)[None])[0]
        answer = reader_score.tokenizer(base).decode(tokens[start[row] : end[row] + 1].tolist())
        assert answer and answer in read(base, ids[row], mask[row])
    assert 0 < spanish < len(asked.rows)
    question, seen = drawn.questions(asked)
    assert read(base, question[0], seen[0]).startswith("query:")
    assert read(base, ids[0], mask[0]).startswith("passage:")


def test_a_reader_is_told_where_the_answer_is(drawn: packed.Packed, base: Path) -> None:
    """The gold span is the year; changed questions have none, and what is held out is not drawn."""
    task = fast_tasks.Read(drawn, 64, 0.5)

    class Seen(encoder_torch.SpanEncoder):
        def forward(self, ids: Any, mask: Any) -> Any:
            self.given = ids, mask
            return torch.zeros(*ids.shape, 2)

    asked = drawn.draw({"tydi": task.pools["tydi"]}, {"tydi": 1.0}, 64)
    change = torch.arange(64) < 32
    model = Seen(CONFIG, 60)
    logits, gold, known = task.score(model, asked, change, 0.0)
    ids, _ = model.given
    tokenizer = reader_score.tokenizer(base)
    for row in range(64):
        first, last = gold[row].tolist()
        if first:
            assert tokenizer.decode(ids[row, first : last + 1].tolist()).strip(" .").isdigit()
            assert logits[row, first, 0] == 0
    assert (gold[32:, 0] > 0).all()
    assert (gold[:32, 0] == 0).any()
    assert known.all()
    held = torch.cat(list(drawn.held().values()))
    assert len(held) > 0
    assert not torch.isin(drawn.trained(answered=False), held).any()


@pytest.mark.slow
@pytest.mark.parametrize("task", ["contrast", "distil", "reader"])
def test_what_was_trained_is_kept(task: str, file: Path, base: Path, tmp_path: Path) -> None:
    """A hundred steps lower the loss; the file holds the trained layers, no others."""
    out = tmp_path / "out.safetensors"
    line = f"{task} --packed {file} --start {base} --out {out} --batch 16 --device cpu"
    line += " --frozen-layers 1 --layers 1 --asked 0"
    arguments = fast.parser().parse_args(line.split())
    torch.manual_seed(0)
    tokenizer = reader_score.tokenizer(base)
    model, trained = fast.prepared(arguments, packed.Packed(file, tokenizer, "cpu"))
    optimizer = loop.optimiser(model)
    losses = [fast.step(model, trained, optimizer, 1e-2) for _ in range(100)]
    assert np.mean(losses[-20:]) < 0.97 * np.mean(losses[:10])
    assert "squad-es" in trained.measure(model)
    fast.save(model, out)
    kept = encoder_torch.trained(out)
    layer = 0 if task == "distil" else 1
    assert {name.split(".")[2] for name in kept if name.startswith("encoder")} == {str(layer)}
    assert ("span.weight" in kept) == (task == "reader")
    state = model.state_dict()
    for name, value in kept.items():
        np.testing.assert_allclose(value, state[name].detach(), atol=2e-3)


def test_a_training_lasts_as_long_as_it_may(
    file: Path, base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    """The command measures before and after, and writes the file; frozen layers are not in it."""
    out = tmp_path / "out.safetensors"
    line = f"fast contrast --packed {file} --start {base} --out {out} --batch 8 --seconds 1"
    monkeypatch.setattr("sys.argv", [*line.split(), "--device", "cpu", "--frozen-layers", "1"])
    fast.main()
    said = capsys.readouterr().out
    assert said.startswith("before: squad-en 00 ")
    assert "share 1.0: squad-en 00 " in said
    assert not any(".layer.0." in name for name in encoder_torch.trained(out))


def outlying() -> dict[str, np.ndarray]:
    """An encoder's weights where one input of the last product is a hundred times the others."""
    torch.manual_seed(3)
    model = encoder_torch.SpanEncoder(CONFIG | {"intermediate": 64}, 60)
    with torch.no_grad():
        model.encoder["layer"][0].intermediate["dense"].bias[7] = 100.0
        model.encoder["layer"][0].output["dense"].weight[:, 7] *= 0.01
    return encoder_torch.to_numpy(model)


def test_smoothing_keeps_the_product_and_what_int8_loses_less(base: Path, tmp_path: Path) -> None:
    """In float32 nothing changes; in int8 the vectors are nearer; undone, the weights are back."""
    import onnxruntime

    weights, config = outlying(), CONFIG | {"intermediate": 64}
    tokenizer = reader_score.tokenizer(base)
    smooth = smoothing.smoothed(weights, config, tokenizer, tiny_data(tmp_path))
    given = {"input_ids": np.array([0, *range(5, 40), 2])}

    def built(tensors: dict[str, np.ndarray], *, int8: bool) -> bytes:
        graph = encoder_graph.build(tensors, 2, 2, 1e-12, int8=int8)
        return bytes(graph.SerializeToString())

    def answer(graph: bytes) -> Any:
        return onnxruntime.InferenceSession(graph).run(None, given)[0]

    plain, same = (answer(built(tensors, int8=False)) for tensors in (weights, smooth))
    np.testing.assert_allclose(plain, same, atol=1e-5)
    lost, less = (
        np.linalg.norm(plain - answer(built(tensors, int8=True))) for tensors in (weights, smooth)
    )
    assert less < 0.5 * lost

    (tmp_path / "1.onnx").write_bytes(built(smooth, int8=True))
    found = export.weights(config, tmp_path / "1.onnx")
    name = "encoder.layer.0.output.dense"
    vector = smooth[f"{name}.smoothing"]
    step = encoder_graph.steps(weights[f"{name}.weight"] * vector)[:, None] / vector
    difference = np.abs(found[f"{name}.weight"] - weights[f"{name}.weight"])
    assert (difference <= 0.51 * step + 1e-7).all()


def test_rounded_products_are_those_of_int8(base: Path, tmp_path: Path) -> None:
    """The training sees what the exported graph computes; the weights get gradients."""
    weights = outlying()
    config = CONFIG | {"intermediate": 64}
    tokenizer = reader_score.tokenizer(base)
    ids = torch.tensor([[0, *range(5, 40), 2]])
    for tensors in (weights, smoothing.smoothed(weights, config, tokenizer, tiny_data(tmp_path))):
        graph = encoder_graph.build(tensors, 2, 2, 1e-12, head="tokens", int8=True)
        (tmp_path / "8.onnx").write_bytes(graph.SerializeToString())
        (expected,) = Encoder(tmp_path / "8.onnx").run(ids.tolist())
        # The training does not round word embeddings: here they are what the graph holds.
        words = "embeddings.word_embeddings.weight"
        held = export.weights(config, tmp_path / "8.onnx")[words]
        model = encoder_torch.from_base({**weights, words: held}, config).eval()
        smoothing.round_products(model, tensors)
        made = model.states(ids, torch.ones_like(ids))[0]
        np.testing.assert_allclose(made.detach(), expected, atol=2e-2)
    made.sum().backward()
    gradient = model.encoder["layer"][1].output["dense"].weight.grad
    assert gradient.abs().sum() > 0


def test_a_share_of_tuned_layers_is_laid_over(base: Path, tmp_path: Path) -> None:
    """--share .25 is a quarter of the way from the base's weights to the tuned ones."""
    from safetensors.torch import save_file

    model, _ = reader_score.base_model(base)
    name = "encoder.layer.1.output.dense.weight"
    before = model.state_dict()[name].clone()
    save_file({name: (before + 4).half()}, tmp_path / "tuned.safetensors")
    fast.lay(model, encoder_torch.trained(tmp_path / "tuned.safetensors"), 0.25)
    np.testing.assert_allclose(model.state_dict()[name], before + 1, atol=2e-3)
    found, _ = contrast.weights(base, [tmp_path / "tuned.safetensors"], 0.25)
    np.testing.assert_allclose(found[name], before + 1, atol=2e-3)

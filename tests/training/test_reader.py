"""The span reader's training: its data, windows, batches, schedule, checkpoints and export."""

import argparse
import json
import lzma
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from tests.conftest import MODELS

torch = pytest.importorskip("torch", reason=MODELS)
pytest.importorskip("onnx", reason=MODELS)

from index.embedders.encoder import Encoder  # noqa: E402
from training import (  # noqa: E402 (they need what may be missing)
    cloze,
    contrast,
    encoder_graph,
    encoder_torch,
    loop,
    negatives,
    reader,
    reader_data,
    reader_features,
    reader_score,
    vocabulary,
)
from training.reader_data import Example  # noqa: E402

CONFIG = {
    "dimensions": 8,
    "max_tokens": 512,
    "layers": 2,
    "heads": 2,
    "intermediate": 16,
    "epsilon": 1e-12,
}
LETTERS = "abcdefghijklmnopqrstuvwxyzáéíóúñ0123456789.,:;¿?"
PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
PIECES += [(letter, -5.0) for letter in LETTERS]
WORDS = st.lists(st.text("abcñ", min_size=1, max_size=6), min_size=1, max_size=120)


def dice(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 (not for secrets)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return vocabulary.tokenizer(PIECES, None)


def article(title: str, passage: str, answer: str = "", key: str = "1") -> dict[str, Any]:
    answers = [{"text": answer, "answer_start": passage.index(answer)}] if answer else []
    entry = {"id": key, "question": f"¿{title}?", "answers": answers, "is_impossible": not answer}
    return {"title": title, "paragraphs": [{"context": passage, "qas": [entry]}]}


def test_held_out_is_deterministic_and_just_enough() -> None:
    """Whole articles are kept for calibration, whatever their order, until the count is met."""
    articles = [article(title, "a b", "a") for title in "abcdefgh"]
    kept = reader_data.held_out(articles, 3)
    assert len(kept) == 3
    assert reader_data.held_out(articles[::-1], 3) == kept


def test_passages_of_the_evaluation_are_left_out() -> None:
    """A passage that shares ten words in a row with an evaluation passage is not trained on."""
    shared = "uno dos tres cuatro cinco seis siete ocho nueve diez"
    seen = reader_data.shingles(f"Antes {shared.upper()}, después")
    articles = [article("x", f"y {shared} z", "tres"), article("y", "uno dos tres", "dos")]
    assert [e.passage for e in reader_data.answered(articles, "en", seen)] == ["uno dos tres"]


def test_examples_keep_offsets_and_absence() -> None:
    """An answer is its characters; an impossible question has none."""
    articles = [article("x", "el río Tajo", "Tajo"), article("y", "nada")]
    first, second = reader_data.answered(articles, "es", set())
    assert (first.passage[first.start : first.end], second.start) == ("Tajo", -1)
    assert second.kind == "es-none"


def test_squad_es_is_opt_in_and_without_xquad(tmp_path: Path) -> None:
    """By default no SQuAD-es; on request, not the paragraphs that XQuAD asks about."""
    eval_, qa = tmp_path / "eval", tmp_path / "qa"
    eval_.mkdir()
    qa.mkdir()

    def write(path: Path, articles: list[dict[str, Any]]) -> None:
        path.write_text(json.dumps({"data": articles}))

    # The article whose title comes first by its digest is the one that is kept for calibration.
    both = [article("x", "c", "c"), article("y", "c", "c")]
    (kept,) = reader_data.held_out(both, 1)
    title = "y" if kept == "x" else "x"
    english = json.dumps({"data": [article("e", "a b", "a")] * 400}).encode()
    (qa / reader_data.SQUAD_EN).write_bytes(lzma.compress(english))
    write(qa / reader_data.TYDI, [article("t", "c d", "c")])
    write(eval_ / "xquad.es.json", [article("z", "otro", "otro", "shared")])
    free, also = article(title, "libre aquí", "libre"), article(title, "usado aquí", "aquí", "2")
    used = article(title, "usado aquí", "usado", "shared")
    write(qa / reader_data.SQUAD_ES[0], [free, also])
    held = [article(kept, f"c {i}", "c", str(i)) for i in range(400)]
    one = {"title": kept, "paragraphs": [p for a in held for p in a["paragraphs"]]}
    write(qa / reader_data.SQUAD_ES[1], [used, one])
    assert not {"es", "es-none"} & set(reader_data.pools(tmp_path).examples)
    spanish = reader_data.pools(tmp_path, squad_es=True).examples["es"]
    assert {example.passage for example in spanish} == {"libre aquí"}


NAVARRA = "La ley fue aprobada en 1982 por las Cortes de España. Entró en vigor el 10 de agosto."
MADRID = "La ley de Madrid entró en vigor mucho después, tras un largo debate sobre el agua."


def test_wrong_passages_do_not_hold_the_answer() -> None:
    """The question goes to a passage like it without the answer, in its own language."""
    example = Example("¿Cuándo entró en vigor la ley?", NAVARRA, 72, 84, "es", "a")
    assert example.passage[72:84] == "10 de agosto"
    texts = [
        NAVARRA,
        MADRID,
        "La ley entró en vigor el 10 de agosto.",
        "The law of Madrid en vigor.",
    ]
    wrong = negatives.Negatives({"a": texts})
    made = wrong.like(example, dice(1))
    assert made == Example(example.question, MADRID, -1, -1, "es-wrong", "a")


def test_a_passage_without_its_answer() -> None:
    """The sentences that hold the answer are left out, the others stay."""
    passage = f"{MADRID} Fue en 1999. Nadie la había pedido, y 1999 fue un año difícil para todos."
    start = passage.index("1999")
    made = negatives.without(Example("¿Cuándo?", passage, start, start + 4, "es", "a"), dice(0))
    assert made == Example("¿Cuándo?", MADRID, -1, -1, "es-wrong", "a")
    assert negatives.without(Example("¿Cuándo?", "Fue en 1999.", 7, 11, "es", "a"), dice(0)) is None


def test_a_question_with_another_number_or_name() -> None:
    """What takes its place is of the same kind, out of the passage, and not the answer."""
    passage = "Subió a 40 en 1982 y a 70 en 1990, dijo el diario Excélsior de la ciudad de México."
    made = negatives.swapped(
        Example("¿A cuánto subió en 1982?", passage, 8, 10, "es", "a"), dice(0)
    )
    assert made is not None
    assert made.question in {"¿A cuánto subió en 70?", "¿A cuánto subió en 1990?"}
    assert (made.passage, made.start) == (passage, -1)
    assert negatives.swapped(Example("¿cuánto subió?", passage, 8, 10), dice(0)) is None


def test_a_share_of_the_questions_is_made_unanswerable() -> None:
    """About that share of those with an answer; those without one stay as they are."""
    answered = Example("¿Cuándo entró en vigor la ley?", NAVARRA, 72, 84, "es", "a")
    without = Example("¿Por qué?", NAVARRA, kind="es-none")
    wrong = negatives.Negatives({"a": [NAVARRA, MADRID]})
    made = wrong.epoch([answered] * 300 + [without] * 50, 0.4, 1)
    assert made[300:] == [without] * 50
    assert 40 < sum(example.start < 0 for example in made[:300]) < 90  # half find no way
    assert made == wrong.epoch([answered] * 300 + [without] * 50, 0.4, 1)


def test_cloze_asks_in_one_language_and_answers_in_the_other() -> None:
    """The year taken out of the English sentence is the answer in the Spanish passage."""
    pair = {
        "en": "The first great railway of the whole country was opened in 1847 by the queen.",
        "es": "El primer gran ferrocarril del país fue inaugurado en 1847 por la reina.",
    }
    made = cloze.cloze([pair], 0, "en", "es", dice(0))
    assert made is not None
    assert made.passage[made.start : made.end] == "1847"
    assert made.question.endswith("was opened in what year by the queen?")


@given(WORDS, st.data())
def test_features_mark_the_answer(words: list[str], data: st.DataObject) -> None:
    """Whatever the window, the marked tokens spell the answer, or there is no answer."""
    tokenizer = vocabulary.tokenizer(PIECES, None)
    passage = " ".join(words)
    at = data.draw(st.integers(0, len(words) - 1))
    start = len(" ".join([*words[:at], ""]))
    example = Example("abc cba", passage, start, start + len(words[at]))
    seed = data.draw(st.integers(0, 999))
    made = reader_features.feature(tokenizer, example, dice(seed))
    assert made is not None
    assert len(made.ids) <= reader_features.MAX_TOKENS + 8
    if made.start:
        assert made.first <= made.start <= made.end
        assert tokenizer.decode(made.ids[made.start : made.end + 1]).strip() == words[at]


def test_batches_hold_each_feature_once_within_the_tokens() -> None:
    """Batches of like lengths, pads counted; nothing lost, the same for the same seed."""
    lengths = [dice(i).randint(5, 60) for i in range(90)]
    features = [reader_features.Feature([7] * n, 1, 0, 0) for n in lengths]
    made = reader_features.batches(features, 200, 3)
    assert all(max(len(f.ids) for f in batch) * len(batch) <= 200 for batch in made)
    assert sorted(len(f.ids) for batch in made for f in batch) == sorted(lengths)
    assert made == reader_features.batches(features, 200, 3)


def test_rate_rises_then_falls_to_nothing() -> None:
    """The peak is at the end of the warm-up, nothing is left at the end of the time."""
    assert loop.rate(loop.WARM_UP, 2.0) == pytest.approx(2.0)
    assert loop.rate(0.0, 2.0) < 0.1
    assert loop.rate(1.0, 2.0) == 0.0
    assert loop.rate(0.525, 2.0) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "answer", "exact", "f1"),
    [
        ("El Río Tajo.", "río tajo", 1.0, 1.0),
        ("the Tagus", "Tagus", 1.0, 1.0),
        ("en 1847", "1847", 0.0, 2 / 3),
        ("nada", "algo", 0.0, 0.0),
    ],
)
def test_scores(text: str, answer: str, exact: float, f1: float) -> None:
    """SQuAD's scores, with Spanish articles left out too."""
    assert reader_score.exact_match(text, [answer]) == exact
    assert reader_score.f1(text, ["zzz", answer]) == pytest.approx(f1)


def test_long_passages_are_read_whole(tokenizer: Tokenizer) -> None:
    """A span far behind the first window is found, with its characters in the passage."""
    target = tokenizer.token_to_id("ñ")

    def run(rows: Sequence[Sequence[int]]) -> list[np.ndarray]:
        """The target's tokens have a score of 1 each way."""
        found = [(np.array(row) == target).astype(np.float32)[:, None] for row in rows]
        return [np.repeat(each, 3, axis=1) for each in found]

    passage = "ab " * 400 + "ñ" + " ab" * 50
    (found,) = reader_score.read_spans(run, tokenizer, [("abc", passage)])
    tokenizer.no_truncation()
    assert (found.start, found.end, found.margin) == (1200, 1201, 2.0)


def tiny_base(folder: Path) -> None:
    from safetensors.numpy import save_file

    torch.manual_seed(0)
    model = encoder_torch.SpanEncoder(CONFIG, len(PIECES) + 1)
    weights = encoder_torch.to_numpy(model)
    save_file(
        {k: v for k, v in weights.items() if not k.startswith("span")},
        folder / "model.safetensors",
    )
    vocabulary.tokenizer(PIECES, None).save(str(folder / "tokenizer.json"))
    (folder / "config.json").write_text(json.dumps(CONFIG))


def tiny_data(folder: Path) -> Path:
    """The folder, with what int8 is smoothed by."""
    (folder / "qa").mkdir(exist_ok=True)
    for name in (reader_data.TYDI, reader_data.SQUAD_ES[1]):
        text = json.dumps({"data": [article(title, f"abc {title} cab", "cab") for title in "abc"]})
        (folder / "qa" / name).write_text(text)
    return folder


def test_graph_and_torch_agree() -> None:
    """The exported graph gives the logits that the training saw, of a text alone or padded."""
    import onnxruntime

    torch.manual_seed(1)
    model = encoder_torch.SpanEncoder(CONFIG, 20).eval()
    weights = encoder_torch.to_numpy(model)
    graph = encoder_graph.build(weights, 2, 2, 1e-12, head="span")
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    ids = np.array([[0, 5, 9, 2], [0, 7, 2, 1]], np.int64)
    mask = (ids != 1).astype(np.int64)
    theirs = model(torch.from_numpy(ids), torch.from_numpy(mask)).detach().numpy()
    for row, kept, expected in zip(ids, mask == 1, theirs, strict=True):
        (ours,) = session.run(["logits"], {"input_ids": row[kept]})
        np.testing.assert_allclose(ours, expected[kept], atol=1e-4)


def test_two_models_share_what_they_have_in_common(tmp_path: Path) -> None:
    """The reader is smaller by the bytes of the equal tensors, and gives the same logits."""
    import onnxruntime

    torch.manual_seed(2)
    large = CONFIG | {"dimensions": 64, "intermediate": 512}
    weights = encoder_torch.to_numpy(encoder_torch.SpanEncoder(large, 2000).eval())
    path = tmp_path / "reader.onnx"
    for name, head in (("model.onnx", "mean"), ("reader.onnx", "span")):
        graph = encoder_graph.build(weights, 2, 2, 1e-12, head=head, int8=True)
        (tmp_path / name).write_bytes(graph.SerializeToString())
    inputs = {"input_ids": np.array([0, 5, 9, 2])}
    size, whole = path.stat().st_size, onnxruntime.InferenceSession(path).run(None, inputs)[0]
    saved = encoder_graph.share(path, tmp_path / "model.onnx")
    assert saved >= 2000 * 64
    assert path.stat().st_size < size - saved + 1000
    np.testing.assert_array_equal(onnxruntime.InferenceSession(path).run(None, inputs)[0], whole)


def test_a_run_goes_on_where_it_was_saved(tmp_path: Path) -> None:
    """Weights, place in the data and schedule come back; a new stage restarts only the schedule."""
    tiny_base(tmp_path)
    arguments = argparse.Namespace(base=tmp_path, out=tmp_path, stage="1", frozen_layers=1)
    run = reader.load(arguments, "data")
    batch = [reader_features.Feature([0, 5, 2, 2, 6, 7, 2], 4, 5, 5)] * 4
    frozen = run.model.encoder["layer"][0].attention.self["query"].weight.clone()
    losses = [loop.step(run, batch, reader.loss, 0.01) for _ in range(30)]
    assert losses[-1] < losses[0] / 2
    assert torch.equal(frozen, run.model.encoder["layer"][0].attention.self["query"].weight)
    run.progress.seconds, run.progress.chunk, run.progress.batch = 9.0, 3, 2
    loop.save(run)
    loop.save(run)
    assert (tmp_path / "previous.pt").exists()
    again = reader.load(arguments, "data")
    assert again.progress == run.progress
    assert loop.step(again, batch, reader.loss, 0.0) == pytest.approx(
        loop.step(run, batch, reader.loss, 0.0)
    )
    arguments.stage = "2"
    later = reader.load(arguments, "other data").progress
    assert (later.seconds, later.epoch, later.chunk, later.seen) == (0.0, 1, 0, 120)


def test_the_stream_continues_the_same(tmp_path: Path, tokenizer: Tokenizer) -> None:
    """Batches after a restart are those that would have come without it."""
    tiny_base(tmp_path)
    arguments = argparse.Namespace(
        base=tmp_path, out=tmp_path, stage="1", frozen_layers=0, english=10, tokens=100, wrong=0.0
    )
    examples = [Example(f"abc {i}", f"x {i} y", 2, 3, "tydi", str(i)) for i in range(40)]
    pools = reader_data.Pools({"tydi": examples}, {})
    run = reader.load(arguments, "data")
    batches = reader.stream(tokenizer, pools, run, arguments)
    before = [next(batches) for _ in range(5)]
    expected = [next(batches) for _ in range(5)]
    run.progress = loop.Progress(batch=len(before), material="data")
    restarted = reader.stream(tokenizer, pools, run, arguments)
    assert [next(restarted) for _ in range(5)] == expected


@pytest.mark.slow
def test_contrast_pulls_a_question_to_its_passage(tmp_path: Path) -> None:
    """After some steps each question is nearest its own passage; what is frozen stays."""
    tiny_base(tmp_path)
    model, _ = reader_score.base_model(tmp_path, frozen_layers=1)
    model.span.requires_grad_(False)
    frozen = model.encoder["layer"][0].attention.self["query"].weight.clone()
    run = loop.load(model, tmp_path, "1", "data")
    draw = dice(3)
    rows = [[0, *(draw.randrange(5, 20) for _ in range(6)), 2] for _ in range(12)]
    batch = [contrast.Triple(*rows[i : i + 3]) for i in range(0, 12, 3)]
    losses = [loop.step(run, batch, contrast.loss, 5e-3) for _ in range(150)]
    assert losses[-1] < 0.1 < losses[0]
    asked = model.vectors(*contrast.padded([triple.question for triple in batch]))
    right = model.vectors(*contrast.padded([triple.right for triple in batch]))
    assert (asked @ right.T).argmax(1).tolist() == [0, 1, 2, 3]
    assert torch.equal(frozen, model.encoder["layer"][0].attention.self["query"].weight)


def test_a_tuned_model_is_exported_between_the_base_and_itself(tmp_path: Path) -> None:
    """Its vectors are those of the mean of both weights; no checkpoint gives the base's."""
    tiny_base(tmp_path)
    tuned, _ = reader_score.base_model(tmp_path)
    with torch.no_grad():
        for parameter in tuned.encoder.parameters():
            parameter.mul_(1.5)
    loop.save(loop.load(tuned, tmp_path, "1", "data"))
    rows = [[0, 5, 9, 7, 2], [0, 6, 2]]
    ids, mask = contrast.padded(rows)
    data = tiny_data(tmp_path)
    for share, checkpoint in ((0.0, []), (0.5, [tmp_path / "checkpoint.pt"])):
        out = tmp_path / str(share)
        contrast.export(
            argparse.Namespace(
                base=tmp_path, checkpoint=checkpoint, share=share, out=out, data=data
            )
        )
        expected, _ = reader_score.base_model(tmp_path)
        with torch.no_grad():
            for parameter in expected.encoder.parameters():
                parameter.mul_(1 + 0.5 * share)
        made = np.stack(Encoder(out / "model.onnx").run(rows))
        # The product of both is that of int8, of random weights.
        cosines = (made * expected.vectors(ids, mask).detach().numpy()).sum(1)
        assert cosines.min() > 0.95
        assert {path.name for path in out.iterdir()} == {
            "model.onnx",
            "config.json",
            "tokenizer.json",
        }


def test_the_mean_of_checkpoints(tmp_path: Path) -> None:
    """Of several checkpoints the logits are those of the mean of their weights."""
    tiny_base(tmp_path)
    paths = []
    for scale in (1.0, 2.0):
        model, _ = reader_score.base_model(tmp_path)
        torch.manual_seed(5)
        with torch.no_grad():
            model.span.weight.copy_(scale * torch.ones_like(model.span.weight))
            model.span.bias.fill_(scale)
        paths.append(tmp_path / f"{scale}.pt")
        torch.save({"model": model.state_dict()}, paths[-1])
    row = torch.tensor([[0, 5, 9, 2]])
    models = [reader_score.base_model(tmp_path)[0].eval() for _ in range(3)]
    for model, chosen in zip(models, (paths[:1], paths[1:], paths), strict=True):
        model.load_state_dict(encoder_torch.trained(*chosen))
    one, two, both = (model(row, torch.ones_like(row)).detach().numpy() for model in models)
    np.testing.assert_allclose(both, (one + two) / 2, atol=1e-5)
    assert not np.allclose(one, two)

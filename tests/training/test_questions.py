"""Hand-written questions: their split and windows, the reader's third output, its figures."""

import argparse
import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.search.span_model import READER, graph
from tests.conftest import MODELS

torch = pytest.importorskip("torch", reason=MODELS)
pytest.importorskip("onnx", reason=MODELS)

from tests.training.test_reader import CONFIG, dice  # noqa: E402
from training import (  # noqa: E402 (they need what may be missing)
    cloze,
    encoder_graph,
    encoder_torch,
    loop,
    questions_data,
    questions_score,
    reader_data,
    reader_features,
    reader_questions,
    reader_score,
    vocabulary,
)
from training.reader_data import Example  # noqa: E402

LETTERS = "abcdefghijklmnopqrstuvwxyzáéíóúñ0123456789.,:;¿?|"
PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -2.0)]
PIECES += [(letter, -5.0) for letter in LETTERS]
TABLE = "| año | lluvia |\n| 2022 | 108 |\n| 2023 | 1.108 |\n| 2024 | 108 |"


def written(folder: Path, contexts: list[dict[str, Any]], questions: list[dict[str, Any]]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("contexts", contexts), ("questions", questions)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"one.{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def question(
    context: str, asked: str, answers: list[str], near: str = "", number: int = 1
) -> dict[str, Any]:
    return {
        "id": f"{context}-q{number}",
        "context_id": context,
        "question": asked,
        "answers": answers,
        "impossible": not answers,
        "kind": "when",
        "near": near,
    }


def test_questions_are_read_with_the_place_of_their_answer(tmp_path: Path) -> None:
    """Answerable ones mark their answer; near misses have none, but the words that tempt."""
    contexts = [
        {"id": "a", "source": "own", "context": "Se fundó en 1982."},
        {"id": "b", "source": "laws/12", "context": "La ley de 1990."},
    ]
    questions = [
        question("a", "¿Cuándo se fundó?", ["1982", "en 1982"]),
        question("b", "¿Quién la votó?", [], "ley"),
    ]
    first, second = questions_data.read(written(tmp_path, contexts, questions))
    example = first.example
    assert example.passage[example.start : example.end] == "1982"
    assert (first.document, second.document) == ("a", "laws/12")
    assert second.example.start == -1
    assert second.span == (3, 6)
    with pytest.raises(FileNotFoundError):
        questions_data.read(tmp_path / "one")


def test_a_fifth_of_the_documents_is_held_out() -> None:
    """By the hash of the document alone: excerpts of one law are never on both sides."""
    kept = [questions_data.held_out(f"d{number}") for number in range(2000)]
    assert 0.17 < sum(kept) / len(kept) < 0.23
    assert kept[:9] == [questions_data.held_out(f"d{number}") for number in range(9)]


@pytest.mark.parametrize(
    ("words", "asked", "expected"),
    [
        # Whole numbers only, and the line that the question names.
        ("108", "¿Cuánta lluvia hubo en 2022?", TABLE.index("108")),
        ("año", "", 2),
        ("lluvi", "", TABLE.index("lluvi")),
        ("nada", "", None),
    ],
)
def test_the_place_that_the_question_means(words: str, asked: str, expected: int | None) -> None:
    """Of equal words the whole ones are marked, in the line with most of the question's words."""
    found = questions_data.place(TABLE, words, asked)
    assert (found and found[0]) == expected


def test_of_equal_cells_the_one_in_the_right_row() -> None:
    """Rows far apart are told apart by what the question names."""
    rows = [f"| {year} | 108 | {'relleno ' * 20}|" for year in (2021, 2022, 2023)]
    text = "\n".join(rows)
    found = questions_data.place(text, "108", "¿Cuánta lluvia hubo en 2023?")
    assert found == (text.rindex("108"), text.rindex("108") + 3)


@given(
    st.lists(st.text("abcñ", min_size=1, max_size=9), min_size=1, max_size=500),
    st.data(),
)
def test_windows_hold_the_answer(words: list[str], data: st.DataObject) -> None:
    """Whatever the window, the answer's offsets spell it; it is 500 to 950 characters and lines."""
    joints = data.draw(st.sampled_from([" ", "\n"]))
    at = data.draw(st.integers(0, len(words) - 1))
    before = "".join(word + joints for word in words[:at])
    passage = before + joints.join(words[at:])
    start, end = len(before), len(before) + len(words[at])
    example = Example("q", passage, start, end)
    made = questions_data.cut(example, (start, end), dice(data.draw(st.integers(0, 99))))
    assert made.passage[made.start : made.end] == words[at]
    assert made.passage in passage
    least, most = questions_data.WINDOW
    assert min(least, len(passage)) <= len(made.passage) <= most + 2 * questions_data.LINE
    missed = questions_data.cut(Example("q", passage), (start, end), dice(1))
    assert (missed.start, words[at] in missed.passage) == (-1, True)


def test_an_answer_longer_than_a_window_is_kept_whole() -> None:
    """A list of two thousand characters is in the window from its first to its last."""
    answer = "a) bc " * 400
    passage = "x " * 300 + answer + "y " * 300
    example = Example("q", passage, 600, 600 + len(answer))
    made = questions_data.cut(example, (600, 600 + len(answer)), dice(2))
    assert made.passage[made.start : made.end] == answer


def asked(number: int, answers: tuple[str, ...]) -> questions_data.Asked:
    context = f"En {1900 + number} se fundó la sociedad Norte. " + "Nadie dijo más que eso. " * 9
    return questions_data.Asked(
        group="one",
        document=f"d{number}",
        context_id=f"d{number}",
        kind="when",
        question=f"¿Cuándo se fundó la sociedad {number}?",
        context=context,
        answers=answers,
        span=(3, 7),
    )


def shares(items: list[questions_data.Asked], wrong: float) -> questions_data.Epochs:
    others = {"es": [Example("q", f"abc {number}", 0, 3, "es") for number in range(50)]}
    passages = questions_data.Passages(items, vocabulary.tokenizer(PIECES, None))
    return questions_data.Epochs(items, others, passages, questions_data.Shares(0.5, wrong))


def test_an_epoch_has_every_question_once_and_the_others_by_the_mix() -> None:
    """A share of the answerable ones comes again without an answer; the same for the same seed."""
    items = [asked(number, (str(1900 + number),) if number % 3 else ()) for number in range(90)]
    epochs = shares(items, 0.5)
    made = epochs.epoch(3, {"es": 20, "en": 5})
    assert made == epochs.epoch(3, {"es": 20, "en": 5})
    assert made != epochs.epoch(4, {"es": 20, "en": 5})
    own = [example for example in made if not example.kind.startswith("es")]
    wrong = [example for example in own if example.kind.endswith("-wrong")]
    assert len(own) - len(wrong) == 90
    assert 10 < len(wrong) < 50
    assert all(example.start < 0 for example in wrong)
    none = shares(items, 0.0).epoch(3, {})
    assert (len(none), sum(example.start < 0 for example in none)) == (90, 30)


def test_a_question_is_asked_of_its_passage_as_the_index_has_it() -> None:
    """The passage that holds the answer, below its heading; one beside it lacks its words."""
    filler = "Nadie dijo más que eso en toda la tarde de aquel día. " * 12
    context = f"# Norte\n\nEn 1907 se fundó la sociedad. {filler}\n\n# Sur\n\n{filler}"
    item = questions_data.Asked("one", "d", "d", "when", "¿Cuándo?", context, ("1907",), (12, 16))
    assert context[12:16] == "1907"
    passages = questions_data.Passages([item], vocabulary.tokenizer(PIECES, None))
    whole = passages.example(item)
    assert whole is not None
    assert whole.passage[whole.start : whole.end] == "1907"
    assert whole.passage in passages.texts("d")
    beside = passages.beside(item, dice(1))
    assert beside is not None
    assert (beside.start, "1907" in beside.passage) == (-1, False)
    split = replace(item, span=(12, len(context)))
    assert passages.example(split) is None


def tiny_reader(folder: Path) -> Path:
    """A folder with a reader as the product has it, beside its embedding model."""
    torch.manual_seed(0)
    model = encoder_torch.SpanEncoder(CONFIG, len(PIECES) + 1)
    weights = encoder_torch.to_numpy(model)
    folder.mkdir(parents=True, exist_ok=True)
    embedder = encoder_graph.build(weights, 2, 2, 1e-12, int8=True)
    (folder / "model.onnx").write_bytes(embedder.SerializeToString())
    (folder / READER).write_bytes(reader_score.graph(weights, CONFIG).SerializeToString())
    (folder / "config.json").write_text(json.dumps(CONFIG))
    vocabulary.tokenizer(PIECES, None).save(str(folder / "tokenizer.json"))
    return folder


def test_the_shipped_reader_is_read_back(tmp_path: Path) -> None:
    """Its scores and its head are the file's own, but for what int8 loses."""
    folder = tiny_reader(tmp_path)
    ids = [0, 5, 9, 2, 2, 7, 8, 2]
    (logits,) = graph(folder)([ids])
    (theirs,) = reader_score.torch_run(reader_questions.shipped(folder))([ids])
    assert logits.shape == (8, 3)
    np.testing.assert_allclose(logits, theirs, atol=0.05)


def test_the_weights_between_the_shipped_and_the_trained(tmp_path: Path) -> None:
    """A share of nothing gives the shipped ones, half the mean, one the trained ones."""
    folder = tiny_reader(tmp_path)
    tuned = reader_questions.shipped(folder)
    with torch.no_grad():
        tuned.span.bias.add_(2.0)
    (tmp_path / "run").mkdir()
    loop.save(loop.load(tuned, tmp_path / "run", "1", "data"))
    path = tmp_path / "run" / "checkpoint.pt"
    base = reader_questions.shipped(folder).span.bias
    for share in (0.0, 0.5, 1.0):
        made = reader_questions.mixed(folder, [path], share).span.bias
        np.testing.assert_allclose((made - base).detach().numpy(), 2 * share, atol=1e-6)


def test_the_head_learns_whether_the_passage_answers(tmp_path: Path) -> None:
    """Its loss falls; without its weight it is not trained."""
    model = reader_questions.shipped(tiny_reader(tmp_path))
    run = loop.load(model, tmp_path / "run", "1", "data")
    yes = reader_features.Feature([0, 5, 2, 2, 6, 7, 2], 4, 5, 5)
    no = reader_features.Feature([0, 5, 2, 2, 9, 9, 2], 4, 0, 0)
    loop.step(run, [yes, no], partial(reader_questions.loss, head=0.0), 0.0)
    assert model.span.weight.grad is not None
    assert model.span.weight.grad[2].abs().sum() == 0
    for _ in range(60):
        loop.step(run, [yes, no], partial(reader_questions.loss, head=1.0), 0.01)
    ids, mask, _ = reader_features.tensors([yes, no])
    logits = model(ids, mask)
    assert logits[0, 0, 2] > 0 > logits[1, 0, 2]


def test_the_trained_reader_is_exported(tmp_path: Path) -> None:
    """The file gives the trained logits."""
    folder = tiny_reader(tmp_path / "reader")
    tuned = reader_questions.shipped(folder).eval()
    with torch.no_grad():
        tuned.span.bias.add_(2.0)
    (tmp_path / "run").mkdir()
    loop.save(loop.load(tuned, tmp_path / "run", "1", "data"))
    row = torch.tensor([[0, 5, 9, 2, 2, 7, 8, 2]])
    expected = tuned(row, torch.ones_like(row))
    data = tiny_data(tmp_path / "data")
    path = tmp_path / "run" / "checkpoint.pt"
    reader_questions.write(
        argparse.Namespace(reader=folder, checkpoint=[path], share=1.0, data=data, out=folder)
    )
    (made,) = graph(folder)(row.tolist())
    np.testing.assert_allclose(made, expected[0].detach().numpy(), atol=0.1)  # what int8 loses
    assert json.loads((folder / "reader.json").read_text())["min_confidence"] == 0.5


@pytest.mark.parametrize(
    ("most", "expected"),
    [(1, (2, 2, 6.0)), (2, (2, 2, 6.0)), (9, (0, 2, 9.0))],
)
def test_the_best_span_of_at_most_so_many_tokens(
    most: int, expected: tuple[int, int, float]
) -> None:
    """Start and end together, the end not before the start."""
    logits = np.array([[5, 0], [0, 0], [2, 4], [4, 0]], np.float32)
    assert questions_score.best(logits, most) == expected


def test_a_trained_reader_is_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Training, evaluation and its table, from files to files, on a model of two layers."""
    names = [f"d{number}" for number in range(12)]
    contexts = [
        {"id": id, "source": "own", "context": f"se dio en {id} el 40 de abc. " * 2} for id in names
    ]
    questions = [
        question(id, f"¿abc {n}?", ["40"] if n else [], "abc", n) for id in names for n in (0, 1)
    ]
    folder = tiny_reader(tmp_path / "reader")
    data = tiny_data(tmp_path / "data")
    arguments = argparse.Namespace(
        reader=folder,
        questions=written(tmp_path / "questions", contexts, questions),
        data=data,
        out=tmp_path / "run",
        threads=1,
        minutes=0.01,
        stage="1",
        also=[],
        peak=1e-3,
        tokens=600,
        passage=0.5,
        wrong=0.2,
        head=1.0,
        gate=0.5,
        others=0.01,
        frozen_layers=1,
    )
    reader_questions.train(arguments)
    assert (tmp_path / "run" / "checkpoint.pt").exists()
    arguments.checkpoint, arguments.share = [tmp_path / "run" / "checkpoint.pt"], 0.5
    arguments.limit, arguments.every, arguments.out = 1, 1, tmp_path / "readings.jsonl"
    reader_questions.evaluate(arguments)
    table = capsys.readouterr().out
    kept = [id for id in names if questions_data.held_out(id)]
    assert kept
    assert f"{len(kept):4}/{len(kept):<4}" in table
    arguments.checkpoint = []
    reader_questions.evaluate(arguments)
    assert f"{len(kept):4}/{len(kept):<4}" in capsys.readouterr().out
    rows = [json.loads(line) for line in arguments.out.read_text().splitlines()]
    assert {row["group"] for row in rows} == {
        "one",
        questions_score.MLQA,
        questions_score.SQUAD,
    }


def tiny_data(folder: Path) -> Path:
    """The folders qa/ and eval/ with a few articles in them."""
    import lzma

    def articles(kind: str, answered: bool = True) -> str:
        answers = [{"text": "cab", "answer_start": 4}] if answered else []
        entries = [
            {"id": f"{kind}{n}", "question": f"¿{n}?", "answers": answers} for n in range(400)
        ]
        made = [
            {"title": f"{kind}-{n}", "paragraphs": [{"context": "abc cab", "qas": entries}]}
            for n in range(2)
        ]
        return json.dumps({"data": made})

    for name in ("qa", "eval", "train"):
        (folder / name).mkdir(parents=True)
    pair = json.dumps({"source": "one", "en": "abc cab", "es": "abd dab"}) + "\n"
    (folder / cloze.PARALLEL).write_bytes(lzma.compress(20 * pair.encode()))
    for name in (reader_data.TYDI, *reader_data.SQUAD_ES):
        (folder / "qa" / name).write_text(articles(name))
    (folder / "qa" / reader_data.SQUAD_EN).write_bytes(lzma.compress(articles("en").encode()))
    (folder / "eval" / "xquad.es.json").write_text(articles("xquad"))
    line = {"question": "¿q?", "context": "abc cab", "answers": [{"text": "cab"}]}
    (folder / "eval" / reader_score.SETS[0]).write_text(json.dumps(line) + "\n")
    return folder

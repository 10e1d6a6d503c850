"""Training the embedding model: a dictionary, words put into Spanish, and a smaller model."""

import argparse
import json
import lzma
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import MODELS

torch = pytest.importorskip("torch", reason=MODELS)
pytest.importorskip("onnx", reason=MODELS)

from tests.training.test_reader import CONFIG, dice, tiny_base, tiny_data  # noqa: E402
from training import (  # noqa: E402 (they need what may be missing)
    contrast,
    distil,
    encoder_graph,
    encoder_torch,
    lexicon,
    loop,
    prose,
    reader_score,
    switch,
)
from training.reader_data import Example  # noqa: E402

NOUNS = {"dog": "perro", "house": "casa", "city": "ciudad", "river": "río", "king": "rey"}
VERBS = {"sees": "ve", "buys": "compra", "leaves": "deja"}
FEMININE = {"casa", "ciudad"}


def sentence(draw: Any) -> dict[str, str]:
    (one, uno), (two, dos) = draw.sample(sorted(NOUNS.items()), 2)
    verb, verbo = draw.choice(sorted(VERBS.items()))
    spanish = [f"{'la' if noun in FEMININE else 'el'} {noun}" for noun in (uno, dos)]
    return {"en": f"The {one} {verb} the {two}.", "es": f"{spanish[0]} {verbo} {spanish[1]}."}


@pytest.fixture(scope="module")
def parallel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three hundred pairs of sentences, and archaic ones that say something else."""
    draw = dice(1)
    lines = [{"source": "tatoeba", "document": "1", **sentence(draw)} for _ in range(300)]
    lines += [{"source": "bible", "document": "2", "en": "dog", "es": "can"}] * 900
    path = tmp_path_factory.mktemp("parallel") / "pairs.jsonl.xz"
    path.write_bytes(lzma.compress("\n".join(map(json.dumps, lines)).encode()))
    return path


@pytest.fixture(scope="module")
def spanish(parallel: Path) -> switch.Switch:
    return switch.Switch(parallel)


def test_a_dictionary_is_learnt(parallel: Path) -> None:
    """Each word's best translation is the right one; what is left out teaches nothing."""
    learnt = lexicon.learn(parallel)
    found = {word: known[0][0] for word, known in learnt.items() if word != "the"}
    assert found == NOUNS | VERBS
    assert {word for word, _ in learnt["the"]} == {"el", "la"}


def test_words_go_together_and_keep_their_case(spanish: switch.Switch) -> None:
    """The article agrees with its noun; capitals, numbers and unknown words stay."""
    text, _ = spanish.text("The king sees the house, the RIVER (1847) and Kyoto.")
    assert text == "El rey ve la casa, el RÍO (1847) and Kyoto."
    assert (
        spanish.question("When did the king leaves the city?") == "¿Cuándo el rey deja la ciudad?"
    )


@given(st.data())
def test_the_answer_keeps_its_place(spanish: switch.Switch, data: st.DataObject) -> None:
    """Whatever the words, the answer is what the words of the answer become."""
    known = st.sampled_from([*NOUNS, *VERBS, "the", "1847", "Kyoto", "can't", "x—y"])
    words = data.draw(st.lists(known, min_size=1, max_size=12))
    at = data.draw(st.integers(0, len(words) - 1))
    start = len(" ".join([*words[:at], ""]))
    one = Example("Who?", " ".join(words), start, start + len(words[at]), "en")
    made = spanish.example(one, "both")
    whole, _ = spanish.text(one.passage)
    assert made.passage == whole
    assert made.passage.split(" ")[at] == made.passage[made.start : made.end]
    assert made.question == "¿Quién?"


def test_examples_without_an_answer_or_in_spanish(spanish: switch.Switch) -> None:
    """No answer stays none; only English examples are changed, each way with its share."""
    none = spanish.example(Example("Who?", "the king", kind="en-wrong"), "passage")
    assert (none.question, none.passage, none.start) == ("Who?", "el rey", -1)
    own = [Example("¿Quién?", "the king", 0, 3, "es")] * 50
    assert spanish.epoch(own, 0) == own
    ways = [spanish.way(Example("Who?", "x", kind="en"), dice(n)) for n in range(400)]
    assert {way: round(ways.count(way), -2) for way in set(ways)} == {
        "both": 200,
        "question": 0,
        "passage": 100,
        "none": 100,
    }


def same(word: str, _draw: random.Random) -> str:
    return word


@pytest.mark.parametrize(
    ("sentence", "answer", "asked"),
    [
        ("Se vacunaron en los hospitales 571 mil 906 personas mayores.", "571 mil 906", "cuántas"),
        ("La obra que hoy se inaugura costó 5 mil 500 millones de pesos.", "5 mil 500", "cuánto"),
        (
            "La segunda jornada contra las drogas en todas las escuelas será el 14 de junio.",
            "14 de junio",
            "cuándo",
        ),
        (
            "Vamos a construir dos nuevos hospitales de zona muy pronto en San Luis Potosí.",
            "San Luis Potosí",
            "lugar",
        ),
        (
            "Bajaron los homicidios dolosos y los robos el 63 por ciento durante este año.",
            "63 por ciento",
            "cuánto",
        ),
    ],
)
def test_a_question_is_made_of_a_sentence(sentence: str, answer: str, asked: str) -> None:
    """It asks for what is taken out, in the sentence's own words, in some order."""
    found = [prose.question(sentence, same, dice(seed)) for seed in range(30)]
    made = [(text, sentence[slice(*place)]) for text, place in filter(None, found)]
    assert made
    assert all(held.startswith(answer) and answer not in text for text, held in made)
    assert any(asked in text.lower() for text, _ in made)
    assert all(
        set(text.lower().strip("¿?").split()[3:]) <= set(re.findall(r"\w+", sentence.lower()))
        for text, _ in made
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "¿Cuántas personas se vacunaron en los hospitales, 500 personas o más de esas?",
        "Por la Resolución Nº 6 del señor jefe de la casa se prorroga a 12 meses el plazo.",
        "Nada de lo que se dijo ayer en la junta de vecinos es verdad, ni lo será nunca.",
        "Son 12 casas.",
    ],
)
def test_no_question_is_made(sentence: str) -> None:
    """Of questions, references, sentences without a fact, and short ones."""
    assert all(prose.question(sentence, same, dice(seed)) is None for seed in range(20))


def test_questions_over_transcripts(tmp_path: Path) -> None:
    """The answer stands once in its passage; documents that anything is measured with are out."""
    used = json.loads(
        (Path(prose.__file__).parent / "questions" / "transcripts.jsonl")
        .read_text()
        .splitlines()[0]
    )["documents"][0].split("-", 3)[3]
    lines = [
        f"Ese año se plantaron {n} mil árboles frutales en los montes del norte."
        for n in range(40, 90)
    ]
    text = "\n".join(lines)
    (tmp_path / "corpus").mkdir()
    rows = [json.dumps({"id": id, "text": text}) for id in ("version-de-prueba", used)]
    (tmp_path / prose.FILE).write_bytes(lzma.compress("\n".join(rows).encode()))
    made = prose.examples(tmp_path, 20, same)
    assert len(made) == 20
    assert {one.article for one in made} == {"version-de-prueba"}
    assert all(one.passage.count(one.passage[one.start : one.end]) == 1 for one in made)
    assert all(re.fullmatch(r"\d\d mil", one.passage[one.start : one.end]) for one in made)


def test_words_are_put_in_other_words() -> None:
    """By what translates the same word; a word without any stays."""
    reword = prose.synonyms({"car": [("coche", 0.5), ("auto", 0.4)], "dog": [("perro", 0.9)]})
    assert reword("coche", dice(0)) == "auto"
    assert reword("perro", dice(0)) == "perro"


def test_a_small_model_starts_as_some_layers(tmp_path: Path) -> None:
    """With all layers it is the teacher; with one, the teacher without the other."""
    tiny_base(tmp_path)
    weights, config = contrast.weights(tmp_path, [], 0)
    same, settings = distil.student(weights, config, [0, 1])
    ids, mask = contrast.padded([[0, 5, 9, 7, 2], [0, 6, 2]])
    teacher = encoder_torch.from_base(weights, config)
    assert settings["layers"] == CONFIG["layers"] == 2
    assert torch.equal(same.vectors(ids, mask), teacher.vectors(ids, mask))
    last, settings = distil.student(weights, config, [1])
    assert settings["layers"] == 1
    assert torch.equal(
        last.encoder["layer"][0].attention.self["query"].weight,
        teacher.encoder["layer"][1].attention.self["query"].weight,
    )


@pytest.mark.slow
def test_a_small_model_learns_its_teachers_vectors(tmp_path: Path) -> None:
    """The loss is nearly 0 beside itself, falls by training, and the word embeddings stay."""
    tiny_base(tmp_path)
    weights, config = contrast.weights(tmp_path, [], 0)
    teacher = distil.Teacher(weights, config, tmp_path / "teacher.onnx", 1)
    draw = dice(4)
    batch = [[0, *(draw.randrange(5, 20) for _ in range(8)), 2] for _ in range(12)]
    mean = distil.mean_vector(teacher, iter([batch]))
    lesson = distil.Lesson(teacher, mean)
    itself = lesson(encoder_torch.from_base(weights, config), batch)
    assert itself.item() < 0.02  # what int8 loses
    small, _ = distil.student(weights, config, [1])
    small.span.requires_grad_(False)
    before = small.embeddings["word_embeddings"].weight.clone()
    run = loop.load(small, tmp_path, "1", "data")
    losses = [loop.step(run, batch, lesson, 1e-2) for _ in range(200)]
    assert losses[-1] < 0.3 * losses[0]
    assert torch.equal(before, small.embeddings["word_embeddings"].weight)


def test_batches_of_a_small_models_texts(tmp_path: Path) -> None:
    """Each text of a chunk once, within the tokens; a restart goes on with the next batch."""
    tiny_base(tmp_path)
    tokenizer = reader_score.tokenizer(tmp_path)
    texts = distil.Texts.__new__(distil.Texts)
    texts.kinds = {kind: [f"{kind[0]}{n} abc" for n in range(9)] for kind in distil.SHARES}
    model, _ = reader_score.base_model(tmp_path)
    run = loop.load(model, tmp_path, "1", "data")
    stream = distil.stream(tokenizer, texts, run, 200)
    drawn = [next(stream) for _ in range(6)]
    assert all(max(map(len, batch)) * len(batch) <= 200 for batch in drawn)
    run.progress = loop.Progress(batch=3)
    assert next(distil.stream(tokenizer, texts, run, 200)) == drawn[3]
    queries = [tokenizer.decode(row).startswith("query") for batch in drawn for row in batch]
    assert 0 < sum(queries) < len(queries)


@pytest.fixture(scope="module")
def student(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, encoder_torch.SpanEncoder]:
    """The folder of a base, with the checkpoint of a small model, and that model."""
    folder = tmp_path_factory.mktemp("student")
    tiny_base(folder)
    prompts = {"query": "query: ", "passage": "passage: "}
    (folder / "config.json").write_text(json.dumps({**CONFIG, "prompts": prompts}))
    weights, config = contrast.weights(folder, [], 0)
    small, _ = distil.student(weights, config, [1])
    loop.save(loop.load(small, folder, "1", "data"))
    return folder, small


def write(base: Path, out: Path, data: Path | None, *, small: bool = False) -> None:
    settings = {"base": base, "checkpoint": base / "checkpoint.pt", "layers": [1], "name": "tiny"}
    distil.export(argparse.Namespace(**settings, out=out, data=data, small=small))


def test_a_small_model_is_exported(
    student: tuple[Path, encoder_torch.SpanEncoder], tmp_path: Path
) -> None:
    """Its folder is loaded by its path, has its name, and gives the student's vectors."""
    from index.embedders import load

    base, small = student
    write(base, tmp_path, None)
    model = load(str(tmp_path))
    assert re.fullmatch(r"tiny@[0-9a-f]{12}", model.identity)
    made = model.embed_passages(["abc cab"])
    ids = reader_score.tokenizer(base).encode("passage: abc cab").ids
    expected = small.vectors(*contrast.padded([ids])).detach().numpy()
    np.testing.assert_allclose(made, expected, atol=1e-5)


def test_a_small_model_beside_another(
    student: tuple[Path, encoder_torch.SpanEncoder],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It reads what both have in common out of the other's file, and is the same model."""
    from index.embedders.onnx import OnnxEmbedder

    monkeypatch.setattr(encoder_graph, "SHARED", 100)
    base, _ = student
    weights, config = contrast.weights(base, [], 0)
    contrast.write(weights, config, base, tmp_path, tiny_data(tmp_path))
    write(base, tmp_path, tmp_path, small=True)
    write(base, tmp_path / "alone", tmp_path)
    beside, alone = OnnxEmbedder(tmp_path, "small"), OnnxEmbedder(tmp_path / "alone")
    assert beside.identity == alone.identity
    assert np.array_equal(beside.embed_passages(["abc cab"]), alone.embed_passages(["abc cab"]))
    assert b"model.onnx" in (tmp_path / "small.onnx").read_bytes()
    smaller = (tmp_path / "alone" / "model.onnx").stat().st_size
    assert (tmp_path / "small.onnx").stat().st_size < smaller - 1000


def test_an_exported_student_goes_on(
    student: tuple[Path, encoder_torch.SpanEncoder], tmp_path: Path
) -> None:
    """Its layers are taken; those of another size are refused."""
    from safetensors.torch import save_file

    base, small = student
    layers = small.state_dict()
    save_file({name: value + 1 for name, value in layers.items()}, tmp_path / "model.safetensors")
    weights, config = contrast.weights(base, [], 0)
    fresh, _ = distil.student(weights, config, [1])
    distil.begin(fresh, tmp_path)
    for name, value in fresh.state_dict().items():
        assert torch.equal(value, layers[name] + name.startswith("encoder.")) or name.startswith(
            "span"
        )
    whole, _ = distil.student(weights, config, [0, 1])
    with pytest.raises(ValueError, match="other layers"):
        distil.begin(whole, tmp_path)


def test_an_exported_model_teaches(tmp_path: Path) -> None:
    """Its layers are taken, float32 as they are; the embeddings stay the base's."""
    from safetensors.numpy import save_file

    tiny_base(tmp_path)
    base, _ = contrast.weights(tmp_path, [], 0)
    changed = {name: value + 1 for name, value in base.items() if not name.startswith("span.")}
    (tmp_path / "exported").mkdir()
    save_file(changed, tmp_path / "exported" / "model.safetensors")
    found, _ = contrast.weights(tmp_path, [tmp_path / "exported"], 1.0)
    for name in changed:
        added = 1 if name.startswith("encoder.") else 0
        np.testing.assert_allclose(found[name], base[name] + added, atol=1e-6)

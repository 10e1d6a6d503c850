"""The span reader with a model made here: each piece has its own scores, whatever stands beside it.

The model is a real ONNX file run by the real runtime over the bundled tokenizer; only its weights
are ours, so that what it must find is known.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index import Document, Index
from index.embedders import BUNDLED
from index.errors import ModelError
from index.query import Query
from qa import Assistant, Retriever
from qa.readers import Reader, spans
from qa.readers.sentences import SentenceReader
from qa.readers.signals import Signals
from qa.readers.spans import FEW_CANDIDATES, SpanReader, answers
from qa.search.reranking import rerank
from qa.search.span_model import ANSWER, READER, Span, SpanModel, best_ends
from qa.settings import SETTINGS
from tests.conftest import MODELS

onnx = pytest.importorskip("onnx", reason=MODELS)

YEAR = "El acueducto se empezó en 1726 por orden del virrey."
REPORT = f"La ciudad creció poco a poco. {YEAR} La obra duró doce años."


def make_reader(folder: Path, scores: dict[str, tuple[float, ...]]) -> Path:
    """A reader whose every token has the given start and end score of its piece, or none.

    A third score, if given, is of the passage: the greatest of its tokens' is its head.
    """
    tokenizer = Tokenizer.from_file(str(BUNDLED / "tokenizer.json"))
    table = np.zeros((tokenizer.get_vocab_size(), 3), dtype=np.float32)
    for text, (start, end, *passage) in scores.items():
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        table[ids[0], 0] += start
        table[ids[-1], 1] += end
        table[ids[0], 2] += sum(passage)
    node = onnx.helper.make_node
    numbers = {"table": table, "last": [2], "all": [0], "spans": [0, 1]}
    nodes = [
        node("Gather", ["table", "input_ids"], ["scores"]),
        node("Gather", ["scores", "last"], ["own"], axis=1),
        node("ReduceMax", ["own", "all"], ["most"], keepdims=1),
        node("Gather", ["scores", "spans"], ["pair"], axis=1),
        node("Sub", ["own", "own"], ["none"]),
        node("Add", ["none", "most"], ["head"]),
        node("Concat", ["pair", "head"], ["logits"], axis=1),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    save(folder / READER, nodes, {name: np.array(value) for name, value in numbers.items()})
    shutil.copyfile(BUNDLED / "tokenizer.json", folder / "tokenizer.json")
    settings = {
        "calibrations": {FEW_CANDIDATES: {"bias": -1.0, "weights": [0.5, *[0] * 10]}},
        "min_confidence": 0.4,
    }
    (folder / "reader.json").write_text(json.dumps(settings))
    return folder


def save(path: Path, nodes: list[Any], numbers: dict[str, Any]) -> None:
    """Write the nodes as a model."""
    info, float32 = onnx.helper.make_tensor_value_info, onnx.TensorProto.FLOAT
    graph = onnx.helper.make_graph(
        nodes,
        "reader",
        [info("input_ids", onnx.TensorProto.INT64, ["tokens"])],
        [info("logits", float32, ["tokens", 3])],
        [onnx.numpy_helper.from_array(value, name) for name, value in numbers.items()],
    )
    sets = [onnx.helper.make_opsetid("", 20)]
    onnx.save(onnx.helper.make_model(graph, opset_imports=sets, ir_version=9), path)


def find(
    folder: Path, question: str, texts: list[str], sentences: list[list[tuple[int, int]]]
) -> list[tuple[Span, ...]]:
    """The spans that the folder's model finds in each text."""
    model = SpanModel.load(folder)
    return [read.spans for read in model.read(question, texts, sentences)]


@pytest.fixture(scope="module")
def reader_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_reader(tmp_path_factory.mktemp("reader"), {"1726": (4.0, 4.0), "doce": (1.0, 1.0)})


@pytest.fixture(scope="module")
def retriever(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Retriever]:
    folder = tmp_path_factory.mktemp("index")
    with Index.open(folder, create=True) as index:
        index.add(
            [
                Document("acueducto", REPORT),
                Document("otro", "El acueducto ya no lleva agua desde hace mucho tiempo."),
            ]
        )
        yield Retriever(index)


def test_the_words_are_marked_in_their_sentence(retriever: Retriever, reader_folder: Path) -> None:
    """The best quote is the sentence that holds the span, verbatim; the span is its highlight."""
    reader = SpanReader(retriever.index, reader_folder)
    question = "¿Cuándo se empezó el acueducto?"
    reading = reader.read(Query(question), retriever.search(question))
    quote = reading.quotes[0]
    assert REPORT[quote.start : quote.end] == YEAR
    assert quote.highlight is not None
    assert REPORT[slice(*quote.highlight)] == "1726"
    # The margin is 4 + 4 over a first token without score; the confidence is its logistic.
    margin, head, *_ = reader.extract_features(Query(question), retriever.search(question)).features
    assert margin == pytest.approx(8.0)
    assert reading.confidence == pytest.approx(1 / (1 + np.exp(-(0.5 * 8 - 1))))
    weights = SETTINGS.spans.margin_weight, SETTINGS.spans.head_weight
    expected = quote.hit.score + weights[0] * margin + weights[1] * head
    assert quote.score == pytest.approx(expected)


def test_the_answer_in_short(retriever: Retriever, reader_folder: Path) -> None:
    """With a span reader the answer has its very words, marked in the first citation."""
    assistant = Assistant(retriever, reader=SpanReader(retriever.index, reader_folder))
    answer = assistant.ask("¿Cuándo se empezó el acueducto?")
    assert answer.short == "1726"
    assert answer.citations[0].highlight == (REPORT.index("1726"), REPORT.index("1726") + 4)


def test_the_margin_ranks_the_passages(retriever: Retriever, tmp_path: Path) -> None:
    """A passage with the answer comes first, though retrieval liked another one better."""
    question = "¿Desde cuándo no lleva agua el acueducto?"
    hits = retriever.search(question)
    assert hits[0].document_id == "otro"
    folder = make_reader(tmp_path / "sure", {"1726": (20.0, 20.0)})
    quotes = SpanReader(retriever.index, folder).read(Query(question), hits).quotes
    assert quotes[0].hit.document_id == "acueducto"


def test_a_long_sentence_is_cut(tmp_path: Path, reader_folder: Path) -> None:
    """A sentence over the limit is quoted around the span, at spaces, still verbatim."""
    text = "palabra " * 150 + "1726 " + "más " * 200 + "fin"
    with Index.open(tmp_path / "long", create=True) as index:
        index.add([Document("long", text)])
        hits = Retriever(index).search("¿Cuándo?")
        (quote, *_) = SpanReader(index, reader_folder).read(Query("¿Cuándo?"), hits).quotes
    words = text[quote.start : quote.end]
    assert "1726" in words
    assert len(words) <= SETTINGS.spans.max_quoted_characters
    assert text[quote.start - 1].isspace()
    assert text[quote.end].isspace()


def test_far_behind_the_first_window(reader_folder: Path) -> None:
    """A passage of many windows is read whole."""
    text = "una cosa tras otra " * 200 + "en 1726"
    ((span,),) = find(reader_folder, "¿Cuándo?", [text], [[(0, len(text))]])
    assert text[span.start : span.end] == "1726"
    assert span.margin == pytest.approx(8.0)


@pytest.mark.parametrize("question", ["Q" * 400, "¿Cuándo? " * 60, "ñ", "值" * 400])
def test_a_question_of_any_length(reader_folder: Path, question: str) -> None:
    """Even one of more tokens than a window has is read as far as it goes."""
    text = "una cosa tras otra " * 200 + "en 1726"
    ((span,),) = find(reader_folder, question, [text], [[(0, len(text))]])
    assert text[span.start : span.end] == "1726"


def test_each_sentence_has_its_best_span(reader_folder: Path) -> None:
    """One span a sentence, the best sentence first; none where there are no words."""
    sentences = [(0, 29), (30, REPORT.index(" La obra")), (REPORT.index("La obra"), len(REPORT))]
    (spans, nothing) = find(reader_folder, "¿Cuándo?", [REPORT, ""], [sentences, []])
    assert nothing == ()
    assert [REPORT[span.start : span.end] for span in spans[:2]] == ["1726", "doce"]
    assert [round(span.margin) for span in spans] == [8, 2, 0]
    places = [next(s for s in sentences if s[0] <= span.start < s[1]) for span in spans]
    assert sorted(places) == sentences


@pytest.mark.parametrize(("name", "kind"), [("sentences", SentenceReader), ("folder", SpanReader)])
def test_readers_by_name(
    retriever: Retriever, reader_folder: Path, name: str, kind: type[Reader]
) -> None:
    """A reader is chosen by name or folder, and brings its own threshold along."""
    chosen = str(reader_folder) if name == "folder" else name
    assistant = Assistant(retriever, reader=chosen)
    assert isinstance(assistant.reader, kind)
    assert assistant.min_confidence == (0.4 if name == "folder" else SentenceReader.min_confidence)
    assert Assistant(retriever, reader=chosen, min_confidence=0.9).min_confidence == 0.9


def test_no_hits(retriever: Retriever, reader_folder: Path) -> None:
    """Nothing to read, nothing quoted."""
    reading = SpanReader(retriever.index, reader_folder).read(Query("¿Cuándo?"), [])
    assert (reading.quotes, reading.confidence) == ((), 0.0)


@pytest.mark.parametrize("damage", ["missing", "no settings", "no model"])
def test_no_reader_there(
    retriever: Retriever, tmp_path: Path, reader_folder: Path, damage: str
) -> None:
    """A folder without a whole reader is named in one sentence."""
    folder = tmp_path / "reader"
    if damage != "missing":
        shutil.copytree(reader_folder, folder)
        (folder / ("reader.json" if damage == "no settings" else READER)).write_text("{")
    with pytest.raises(ModelError, match=r"no reader in .*reader"):
        SpanReader(retriever.index, folder)


@given(st.integers(0, 2**32 - 1), st.integers(1, 60))
def test_best_ends_are_the_brute_force_ones(seed: int, tokens: int) -> None:
    """For each first token, the last one within an answer's length that scores best with it."""
    logits = np.random.default_rng(seed).normal(size=(tokens, 2)).astype(np.float32)
    scores, lasts = best_ends(logits)
    for first in range(tokens):
        last = max(range(first, min(tokens, first + ANSWER)), key=lambda at: logits[at, 1])
        assert lasts[first] == last
        assert scores[first] == pytest.approx(logits[first, 0] + logits[last, 1], abs=1e-5)


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("Bueno, también tomando en cuenta el tema, ¿va a leer el libro?", False),
        ("“¿Va a leerlo?” ", False),
        ("PRESIDENTA DE LA REPÚBLICA", False),
        ("---", False),
        ("Me preguntaron si lo leí y dije que no.", True),
        ("¿El libro? No lo he leído.", True),
    ],
)
def test_questions_and_headings_tell_nothing(text: str, tells: bool) -> None:
    """What asks, or is in capitals alone, is no answer; a question in it does no harm."""
    assert answers(text) is tells


def test_an_interview_is_answered_by_what_was_said(tmp_path: Path) -> None:
    """With the bundled reader: not the reporter's words, though they are the question's."""
    text = (
        "PREGUNTA\nPresidenta, ¿va a leer usted el libro de memorias de Julio Scherer?\n---\n"
        "PRESIDENTA\nNo lo he leído ni lo voy a leer.\n---\nPREGUNTA\nGracias. ¿Y el tren?\n---\n"
        "PRESIDENTA\nEl tren se inaugura en noviembre."
    )
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([Document("conferencia", text)])
        answer = Assistant(Retriever(index), min_confidence=0).ask(
            "¿Va a leer la presidenta el libro de Julio Scherer?"
        )
    assert "ni lo voy a leer" in answer.citations[0].quote


@pytest.mark.parametrize(
    ("question", "text", "may"),
    [
        ("¿Qué respondió Omar Fuentes?", "Preguntaron a Omar Fuentes por los robos.", False),
        ("What did the minister reply?", "Reporters asked the minister about the strike.", False),
        ("¿Qué respondió Omar Fuentes?", "Preguntado por los robos, respondió que bajaron.", True),
        ("¿Qué respondió Omar Fuentes?", "Los robos bajaron 40 por ciento.", True),
        ("Who won the contest?", "Reporters asked the minister about the strike.", True),
        ("¿Qué contestó Omar Fuentes?", "Preguntaron a Omar Fuentes por los robos.", False),
        ("¿Qué le preguntaron a Omar Fuentes?", "Preguntaron a Omar Fuentes por los robos.", True),
    ],
)
def test_what_was_asked_is_no_reply(question: str, text: str, may: bool) -> None:
    """Only who asks for a reply is not told the question alone."""
    assert spans.replies(question, text) is may


def test_what_answers_is_read_and_ranked_first(retriever: Retriever, tmp_path: Path) -> None:
    """The search's order is mended by the head; nothing is read where nothing was found."""
    folder = make_reader(tmp_path, {"agua": (0.0, 0.0, 40.0), "1726": (4.0, 4.0)})
    model = SpanModel.load(folder)
    hits = retriever.search("¿Cuándo se empezó el acueducto?")
    assert [hit.document_id for hit in hits] == ["acueducto", "otro"]
    ranked = rerank(model, "¿Cuándo se empezó el acueducto?", hits)
    assert [hit.document_id for hit in ranked] == ["otro", "acueducto"]
    weight = SETTINGS.spans.head_weight
    assert [hit.score for hit in ranked] == pytest.approx(
        [hits[1].score + 40 * weight, hits[0].score]
    )
    assert rerank(model, "¿Cuándo?", []) == []


TABLE = "| Especie | 2023 | 2024 |\n|---|---|---|\n| Jaiba | 210 | 190 |\n| Lisa | 120 | 131 |"


@pytest.mark.parametrize(("year", "shown"), [(2024, "190"), (2021, None)])
def test_a_cell_by_its_row_and_column(tmp_path: Path, year: int, shown: str | None) -> None:
    """The cell that words of the question lead to is as sure as its fit, and the head, say."""
    folder = make_reader(tmp_path / "reader", {"210": (4.0, 4.0, 2.0)})
    settings = json.loads((folder / "reader.json").read_text())
    settings["calibrations"][FEW_CANDIDATES] = {"bias": -9.0, "weights": [0.0] * 11}
    (folder / "reader.json").write_text(json.dumps(settings))
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([Document("pesca", TABLE)])
        assistant = Assistant(Retriever(index), reader=folder)
        answer = assistant.ask(f"¿Cuánta jaiba se pescó en {year}?")
    assert answer.short == shown
    assert (answer.confidence > 0.85) == (shown is not None)


@pytest.mark.parametrize(("head", "texts"), [(9.0, 1), (0.5, 2)])
def test_what_settles_it_leaves_the_others_unread(
    retriever: Retriever, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: float, texts: int
) -> None:
    """A sure head, far ahead of the next hits; else all are read."""
    asked = "¿Cuándo se empezó el acueducto?"
    spared = replace(SETTINGS, spans=replace(SETTINGS.spans, read_first=1, settled_ahead=1.0))
    folder = make_reader(tmp_path, {"1726": (9.0, 9.0, head)})
    reader = SpanReader(retriever.index, folder, settings=spared)
    read: list[str] = []
    whole = SpanModel.read

    def kept(model: SpanModel, question: str, given: list[str], bounds: Any) -> Any:
        read.extend(given)
        return whole(model, question, given, bounds)

    monkeypatch.setattr(SpanModel, "read", kept)
    assert reader.read(Query(asked), retriever.search(asked)).quotes
    assert len(read) == texts


def test_names_that_a_passage_lacks(retriever: Retriever) -> None:
    """By their share, of the passage and what is known of its document; a first word is no name."""
    signals = Signals(retriever.index)
    hit = retriever.search("¿Cuándo se empezó el acueducto?")[0]
    asked = "¿Cuándo llegó Zabala a Torrelunga?"
    assert signals.unnamed(Query(asked), hit, "") == 1.0
    assert signals.unnamed(Query(asked), hit, "Torrelunga.pdf") == 0.5
    assert signals.unnamed(Query("¿Cuándo se empezó?"), hit, "") == 0.0


def test_a_heading_is_no_answer(tmp_path: Path) -> None:
    """Where the model points at nothing else, it is doubted."""
    heading, body = "El acueducto de 1726 y el virrey", "Se empezó a construir ya muy tarde, " * 4
    folder = make_reader(tmp_path / "reader", {"1726": (4.0, 4.0)})
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([Document("d", f"{heading}\n{body.strip()}.")])
        assistant = Assistant(Retriever(index), reader=folder)
        assert not assistant.ask("¿Cuándo se empezó el acueducto?").found


def test_search_can_be_reranked(retriever: Retriever) -> None:
    """The bundled model ranks what the search found; k still says how many there are."""
    question = "¿Cuándo se empezó el acueducto?"
    ranked = retriever.search(question, 2, rerank=True)
    assert {hit.document_id for hit in ranked} == {"acueducto", "otro"}
    assert ranked[0].document_id == "acueducto"
    assert [hit.score for hit in ranked] == sorted((h.score for h in ranked), reverse=True)
    assert retriever.search(question, 1, rerank=True) == ranked[:1]

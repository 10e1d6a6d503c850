"""Why a passage was not found: the stages against the searches themselves, and the sentence."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from index import Document, Index
from index.embedders import Embedder
from index.errors import InputError
from index.query import Query
from qa import Assistant, Retriever
from qa.cli import app as cli
from qa.evaluation.explain import StageName, explain
from qa.readers import Quote, Reader, Reading
from qa.settings import SETTINGS
from qa.types import Hit

TEXTS = {
    "sea": "El mar Caspio es el lago más grande del mundo y lo rodean cinco países.",
    "bread": "El pan se hace con harina de trigo, agua, sal y levadura, y se cuece en el horno.",
    "train": "El primer ferrocarril de España unió Barcelona y Mataró en octubre de 1848.",
    "moon": "La Luna da una vuelta a la Tierra cada veintisiete días.",
    "bridge": "Los ingenieros reforzaron el puente con cables de acero.",
    "novel": "La novela cuenta la vida de una familia de pescadores.",
    "wheat": "El precio del trigo bajó por la buena cosecha de este año.",
    "court": "El tribunal confirmó la sentencia y ordenó pagar las costas.",
    "cat": "El gato duerme sobre el radiador durante todo el invierno.",
    "band": "La banda grabó su segundo disco en un estudio de Londres.",
    "twin": "El mar Caspio es el lago más  grande del mundo y lo rodean cinco países.",
}
ASKED = "¿Cuál es el lago más grande del mundo?"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """An index of one passage a document, two of them with the same words."""
    folder = tmp_path_factory.mktemp("why") / "index"
    with Index.open(folder, create=True, model=embedder) as opened:
        opened.add(Document(id, text, language="es") for id, text in TEXTS.items())
    return folder


class Chooser(Reader):
    """Quotes all of the hit from one document, and is as sure as it is told."""

    def __init__(self, document: str, confidence: float) -> None:
        self.document = document
        self.confidence = confidence

    def read(self, query: Query, hits: Sequence[Hit]) -> Reading:  # noqa: ARG002
        """The passage of that document."""
        quotes = [
            Quote(hit, hit.passage.start, hit.passage.end, 1.5)
            for hit in hits
            if hit.document_id == self.document
        ]
        return Reading(tuple(quotes), self.confidence)


def test_found(index: Path) -> None:
    """The passage that the answer quotes passed every stage."""
    with Retriever.open(index) as retriever:
        found = explain(Assistant(retriever, reader=Chooser("sea", 0.9)), ASKED, "sea")
    assert found.found
    assert found.lost is None
    assert found.sentence == "It was found: the answer quotes it, number 1 of 1."
    (trace,) = found.traces
    assert [stage.name for stage in trace.stages] == list(StageName)
    assert [stage.rank for stage in trace.stages] == [1, 1, 1, 1, None]
    assert all(stage.passed for stage in trace.stages)
    assert trace.stages[3].score == 1.5
    assert (trace.stages[4].score, trace.stages[4].limit) == (0.9, Reader.min_confidence)


def test_lost_at_the_threshold(index: Path) -> None:
    """A quote that was not sure enough."""
    with Retriever.open(index) as retriever:
        assistant = Assistant(retriever, reader=Chooser("sea", 0.28), min_confidence=0.33)
        found = explain(assistant, ASKED, "sea", 1)
    assert found.lost is StageName.THRESHOLD
    assert not found.found
    assert found.sentence == (
        "It was quoted, but the confidence 0.28 is below 0.33, so there was no answer."
    )


def test_lost_in_the_reader(index: Path) -> None:
    """The reader had it, and quoted another."""
    with Retriever.open(index) as retriever:
        found = explain(Assistant(retriever, reader=Chooser("wheat", 0.9)), "¿Y el trigo?", "bread")
        nothing = explain(Assistant(retriever, reader=Chooser("x", 0.9)), ASKED, "sea")
    assert found.lost is StageName.READER
    assert found.sentence.endswith("but the reader quoted only wheat, paragraph 1.")
    assert nothing.sentence == (
        "It was found, 1st of the passages, but the reader quoted no passage at all."
    )


def test_lost_in_fusion(index: Path, embedder: Embedder) -> None:
    """Ranks are those of all passages, by the cosines themselves."""
    with Retriever.open(index) as retriever:
        eight = replace(SETTINGS, answers=replace(SETTINGS.answers, hits=8))
        few = Retriever(retriever.index, settings=eight)
        assistant = Assistant(few, reader=Chooser("sea", 0.9))
        asked = {id: explain(assistant, ASKED, id) for id in TEXTS}
    (query,) = embedder.embed_queries([ASKED])
    cosines = {id: float(query @ embedder.embed_passages([text])[0]) for id, text in TEXTS.items()}
    lost = [id for id, found in asked.items() if found.lost is StageName.FUSION and id != "twin"]
    assert len(lost) == len(TEXTS) - 1 - 8  # one is the other's twin, and eight are read
    for id in lost:
        dense, lexical, fusion = asked[id].traces[0].stages[:3]
        assert dense.rank is not None
        above = sum(cosines[other] > cosines[id] + 1e-4 for other in TEXTS)
        alike = sum(abs(cosines[other] - cosines[id]) <= 1e-4 for other in TEXTS)
        assert above < dense.rank <= above + alike
        assert dense.score == pytest.approx(cosines[id], abs=1e-4)
        assert lexical.rank is None
        assert fusion.rank is not None
        assert fusion.rank > 8
        assert "it shares no word with the question" in asked[id].sentence
        assert asked[id].sentence.endswith("after the 8 passages that are read.")


def test_lost_before_ranking(index: Path) -> None:
    """A passage outside both searches' best is ranked by a deeper search."""
    search, answers = replace(SETTINGS.search, candidates=2), replace(SETTINGS.answers, hits=1)
    few = replace(SETTINGS, search=search, answers=answers)
    with Index.open(index) as opened:
        retriever = Retriever(opened, settings=few)
        assistant = Assistant(retriever, reader=Chooser("sea", 0.9))
        lost = [explain(assistant, ASKED, id) for id in TEXTS]
    unranked = [found for found in lost if found.sentence.endswith("lost before ranking.")]
    assert unranked
    for found in unranked:
        dense, lexical, fusion = found.traces[0].stages[:3]
        assert dense.rank is not None
        assert dense.rank > 2
        assert lexical.rank is None
        assert fusion.rank is None
        assert f"Its meaning ranked {dense.rank}th" in found.sentence or dense.rank == 3
        assert "outside the 2 candidates" in found.sentence


def test_the_same_words_elsewhere(index: Path) -> None:
    """Of equal texts only the best is found, and the sentence names it."""
    with Retriever.open(index) as retriever:
        found = explain(Assistant(retriever, reader=Chooser("sea", 0.9)), ASKED, "twin")
    assert found.lost is StageName.FUSION
    assert found.sentence == (
        "Its very words were found in sea, paragraph 1: each text is shown once."
    )


def test_what_needs_no_search(index: Path) -> None:
    """A greeting looks for no passage."""
    with Retriever.open(index) as retriever:
        found = explain(Assistant(retriever), "hola", "sea")
    assert found.lost is StageName.FUSION
    assert "without a search" in found.sentence


def test_two_questions_in_one_message(index: Path) -> None:
    """What became of a passage is told of the question for which it came further."""

    class Halves(Chooser):
        def read(self, query: Query, hits: Sequence[Hit]) -> Reading:
            document, sure = ("sea", 0.9) if "lago" in query.text else ("train", 0.01)
            return Chooser(document, sure).read(query, hits)

    asked = "¿Cuál es el lago más grande del mundo y quién construyó el ferrocarril de Mataró?"
    with Retriever.open(index) as retriever:
        assistant = Assistant(retriever, reader=Halves("", 0.0))
        sea, train = (explain(assistant, asked, id) for id in ("sea", "train"))
    assert sea.lost is None
    assert train.lost is StageName.THRESHOLD
    assert "the confidence 0.01 is below" in train.sentence


def test_the_furthest_first(tmp_path: Path, embedder: Embedder) -> None:
    """Of a whole document, the passage that came furthest speaks for it; a paragraph chooses."""
    paragraphs = [TEXTS[id] * 6 for id in ("bread", "sea", "moon")]
    with Index.open(tmp_path / "index", create=True, model=embedder) as opened:
        opened.add([Document("all", "\n\n".join(paragraphs), language="es")])
        assistant = Assistant(Retriever(opened))
        whole = explain(assistant, ASKED, "all")
        third = explain(assistant, ASKED, "all", 3)
        with pytest.raises(InputError, match="paragraphs 1 to 3"):
            explain(assistant, ASKED, "all", 4)
    assert "Caspio" in whole.traces[0].passage.text
    assert len(whole.traces) > 1
    assert all("Luna" in trace.passage.text for trace in third.traces)


def run(index: Path, *arguments: str) -> tuple[int, str, BaseException | None]:
    result = CliRunner().invoke(
        cli.app, ["why", *arguments, "--index", str(index)], standalone_mode=False
    )
    status = result.return_value if isinstance(result.return_value, int) else result.exit_code
    return status, result.stdout, result.exception


def test_command(index: Path) -> None:
    """One JSON document in the documented form, or the sentence with a table."""
    status, printed, _ = run(index, ASKED, "--expect", "sea:1", "--json")
    assert status == 0
    found = json.loads(printed)
    assert set(found) == {
        "question", "document", "paragraph", "found", "confidence", "min_confidence", "lost",
        "sentence", "calibration", "refusal", "passages",
    }  # fmt: skip
    assert (found["document"], found["paragraph"], found["lost"]) == ("sea", 1, None)
    (passage,) = found["passages"]
    assert passage["text"] == TEXTS["sea"]
    assert [stage["stage"] for stage in passage["stages"]] == [*StageName]
    assert set(passage["stages"][0]) == {"stage", "rank", "score", "limit", "passed"}
    status, printed, _ = run(index, ASKED, "--expect", "sea", "--min-confidence", "1")
    assert status == 1
    assert "is below 1.00" in printed
    assert "threshold" in printed


@pytest.mark.parametrize(
    ("expected", "words"),
    [("nobody", "no document nobody"), ("nobody:3", "no document nobody"), ("sea:2", "1 to 1")],
)
def test_command_refuses(index: Path, expected: str, words: str) -> None:
    """An unknown document or paragraph is said in a sentence."""
    _, _, error = run(index, ASKED, "--expect", expected)
    assert isinstance(error, InputError)
    assert words in str(error)


def test_command_on_an_empty_index(tmp_path: Path) -> None:
    """There is nothing to expect anything of."""
    Index.open(tmp_path / "index", create=True).close()
    _, _, error = run(tmp_path / "index", ASKED, "--expect", "sea")
    assert isinstance(error, InputError)
    assert "no documents" in str(error)


def test_ids_with_a_colon(tmp_path: Path, embedder: Embedder) -> None:
    """An id that ends like a paragraph is the document itself."""
    with Index.open(tmp_path / "index", create=True, model=embedder) as opened:
        opened.add([Document("acta:1", TEXTS["sea"], language="es")])
    for expected, paragraph in (("acta:1", None), ("acta:1:1", 1)):
        _, printed, _ = run(tmp_path / "index", ASKED, "--expect", expected, "--json")
        found = json.loads(printed)
        assert (found["document"], found["paragraph"]) == ("acta:1", paragraph)

"""Measuring: files of questions, rankings by paragraph, and figures."""

import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from index import Document, Index
from index.errors import InputError, MissingExtraError, QuestionError
from qa.cli import app as cli
from qa.evaluation import evaluate
from qa.evaluation.evaluate import Question
from qa.readers import Reader
from qa.search.retriever import Retriever
from qa.types import Answer, Citation

SEA = "El mar Caspio es el lago más grande del mundo y lo rodean cinco países."
BREAD = "El pan se hace con harina de trigo, agua, sal y levadura, y se cuece en el horno."
TRAIN = "El primer ferrocarril de España unió Barcelona y Mataró en octubre de 1848."
MOON = "La Luna da una vuelta a la Tierra cada veintisiete días y siempre muestra la misma cara."


def squad(*paragraphs: tuple[str, list[dict[str, Any]]]) -> str:
    listed = [{"context": context, "qas": qas} for context, qas in paragraphs]
    return json.dumps({"data": [{"title": "T", "paragraphs": listed}]})


def qa(id: str, question: str, *answers: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "question": question, "answers": [{"text": a} for a in answers], **more}


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Three paragraphs, the first with two questions, the last with none."""
    text = squad(
        (SEA, [qa("a", "¿Cuál es el lago más grande?", "mar Caspio"), qa("b", "¿Qué rey?")]),
        (BREAD, [qa("c", "¿Con qué se hace el pan?", "harina de trigo", "agua", "agua")]),
        (TRAIN, []),
    )
    return write(tmp_path, "squad.json", text)


def test_read_squad(file: Path) -> None:
    """Each paragraph is kept, also without questions; equal answers are one."""
    sets = evaluate.read(file)
    ids = list(sets.paragraphs)
    assert list(sets.paragraphs.values()) == [SEA, BREAD, TRAIN]
    assert sets.questions == (
        Question("a", "¿Cuál es el lago más grande?", ids[0], ("mar Caspio",)),
        Question("b", "¿Qué rey?", ids[0], ()),
        Question("c", "¿Con qué se hace el pan?", ids[1], ("harina de trigo", "agua")),
    )


def test_read_lines(tmp_path: Path) -> None:
    """Lines of JSON: texts that differ in white space only are one paragraph."""
    rows = [
        {"id": 1, "title": "T", "context": SEA, **qa("1", "¿Dónde\u2028está?", "Caspio")},
        {"id": 2, "title": "T", "context": SEA.replace(" ", "\n"), **qa("2", "¿Cuál?", "Caspio")},
    ]
    lines = "\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    sets = evaluate.read(write(tmp_path, "lines.jsonl", lines))
    assert list(sets.paragraphs.values()) == [SEA]
    assert [(q.id, q.text) for q in sets.questions] == [("1", "¿Dónde\u2028está?"), ("2", "¿Cuál?")]
    assert {q.paragraph for q in sets.questions} == set(sets.paragraphs)


def test_read_one_line(tmp_path: Path) -> None:
    """A file of a single line is read as lines, not as SQuAD."""
    line = json.dumps({"context": SEA, **qa("1", "¿Cuál?", "Caspio")})
    assert len(evaluate.read(write(tmp_path, "one.jsonl", line)).questions) == 1


def test_read_impossible(tmp_path: Path) -> None:
    """A question marked impossible has no answer; annotators' empty answers are left out."""
    qas = [qa("a", "¿Qué?", "mar", is_impossible=True), qa("b", "¿Y?", "", "lago")]
    sets = evaluate.read(write(tmp_path, "v2.json", squad((SEA, qas))))
    assert [q.answers for q in sets.questions] == [(), ("lago",)]


def test_read_other_questions(file: Path, tmp_path: Path) -> None:
    """Another file's wording of the same ids is asked, of the first file's paragraphs."""
    english = squad((MOON, [qa("c", "What is bread made of?", "flour"), qa("z", "Who?", "he")]))
    sets = evaluate.read(file, questions=write(tmp_path, "en.json", english))
    (asked,) = sets.questions
    assert (asked.id, asked.text) == ("c", "What is bread made of?")
    assert sets.paragraphs[asked.paragraph] == BREAD
    assert MOON not in sets.paragraphs.values()
    assert asked.answers == ("harina de trigo", "agua")


def test_read_pool(file: Path, tmp_path: Path) -> None:
    """A pool adds paragraphs, each text once, and no questions."""
    pool = write(tmp_path, "pool.json", squad((MOON, [qa("x", "¿Qué?", "La")]), (SEA, [])))
    sets = evaluate.read(file, pool=[pool, pool])
    assert sorted(sets.paragraphs.values()) == sorted([SEA, BREAD, TRAIN, MOON])
    assert [q.id for q in sets.questions] == ["a", "b", "c"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not JSON",
        "[1, 2]",
        "{}",
        '{"data": 3}',
        '{"data": [{"paragraphs": [{"context": "x"}]}]}',
        '{"context": "x", "question": "y"}',
        squad((SEA, [])),
        squad((" ", [qa("a", "¿Qué?", "x")])),
        squad((SEA, [qa("a", " ", "x")])),
        "[" * 100_000,
    ],
)
def test_read_refuses(text: str, tmp_path: Path) -> None:
    """Whatever is not a file of questions is refused in one sentence that names it."""
    path = write(tmp_path, "bad.json", text)
    with pytest.raises(InputError) as caught:
        evaluate.read(path)
    assert str(caught.value).startswith(f"{path} ")
    assert str(caught.value).count(".") - str(path).count(".") in {1, 2}
    assert "\n" not in str(caught.value)


def test_read_refuses_unreadable(tmp_path: Path, file: Path) -> None:
    """A missing file, binary content and a file without the same ids are errors of input."""
    with pytest.raises(InputError, match="cannot be read: No such file"):
        evaluate.read(tmp_path / "missing.json")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(InputError, match="not UTF-8"):
        evaluate.read(tmp_path / "binary")
    other = write(tmp_path, "other.json", squad((SEA, [qa("q", "¿Qué?", "x")])))
    with pytest.raises(InputError, match="none of the questions' ids"):
        evaluate.read(file, questions=other)


@given(st.lists(st.integers(1, 15) | st.none(), min_size=1, max_size=12), st.integers(1, 15))
@settings(max_examples=60, deadline=None)
def test_score(places: list[int | None], k: int) -> None:
    """With one relevant paragraph the figures follow from its place: compare with the formulas."""
    ranked = []
    for place in places:
        ids = [f"other-{n}" for n in range(15)]
        ranked.append(ids if place is None else [*ids[: place - 1], "it", *ids[place:]])
    found = [place or math.inf for place in places]
    expected: dict[str, list[float]] = {
        "recall@1": [place <= 1 for place in found],
        f"recall@{k}": [place <= k for place in found],
        "mrr@10": [1 / place if place <= 10 else 0.0 for place in found],
        "ndcg@10": [1 / math.log2(place + 1) if place <= 10 else 0.0 for place in found],
    }
    figures = evaluate.score(["it"] * len(places), ranked, k)
    assert figures.keys() == expected.keys()
    for name, values in expected.items():
        assert figures[name] == pytest.approx(sum(values) / len(values))


def test_score_of_nothing_found() -> None:
    """A question that finds nothing counts as missed, not as absent."""
    assert evaluate.score(["it", "it"], [[], ["it"]], 5)["recall@5"] == 0.5


class Passages:
    """Stands for a retriever that brings these documents' passages, in this order."""

    def __init__(self, *ids: str) -> None:
        self.ids = ids
        self.asked: list[int] = []

    def search(self, question: str, k: int) -> list[Any]:
        """The first k hits."""
        self.asked.append(k)
        hits = [type("Hit", (), {"document_id": id}) for id in self.ids[:k]]
        return hits if question else []


def test_rank_goes_on_for_distinct_paragraphs() -> None:
    """A paragraph with many passages does not push others out of the first k."""
    retriever: Any = Passages(*"aaaaaaaabbbbbbbbca")
    assert evaluate.rank(retriever, "?", 3) == ["a", "b", "c"]
    assert retriever.asked == [6, 12, 24]
    assert evaluate.rank(retriever, "?", 2) == ["a", "b"]


def test_rank_without_words(tmp_path: Path) -> None:
    """A question that cannot be searched for finds nothing, and does not end the measuring."""
    with Index.open(tmp_path / "index", create=True) as index:
        index.add([Document("sea", SEA)])
        retriever = Retriever(index)
        assert evaluate.rank(retriever, "¿?", 3) == []
        assert evaluate.rank(retriever, "¿Qué lago?", 3) == ["sea"]


def test_run(file: Path, tmp_path: Path) -> None:
    """Counts and shares through the real index; unanswerable questions count for answers only."""
    pool = write(tmp_path, "pool.json", squad((MOON, [])))
    figures = evaluate.run(evaluate.read(file, pool=[pool]), k=2)
    assert figures == {
        "questions": 3,
        "answerable": 2,
        "paragraphs": 4,
        "passages": 4,
        "recall@1": 1.0,
        "recall@2": 1.0,
        "mrr@10": 1.0,
        "ndcg@10": 1.0,
    }


class Speaker:
    """Stands for the assistant: quotes what is set for a question, and is as sure as set."""

    quotes: dict[str, list[str]] = {}  # noqa: RUF012  # set by the test
    sure: dict[str, float] = {}  # noqa: RUF012

    def __init__(self, _retriever: Retriever, *, reader: None, min_confidence: float) -> None:
        assert (reader, min_confidence) == (None, 0.0)
        self.reader = Reader

    def ask(self, question: str) -> Answer:
        """An answer of the quotes set."""
        if not any(map(str.isalpha, question)):
            raise QuestionError("no words")
        quotes = self.quotes.get(question, [])
        citations = tuple(Citation("d", None, None, None, 1, 0, len(q), q) for q in quotes)
        confidence = self.sure.get(question, 0.9 if quotes else 0.0)
        short = quotes[0] if quotes and len(quotes[0]) < 15 else None
        return Answer(question, question, bool(quotes), "", confidence, citations, short=short)


SEA_ASKED = "¿Cuál es el lago más grande?"


@pytest.mark.parametrize(
    ("quotes", "sure", "expected"),
    [
        (["Dicen que eso no es así", "el MAR\nCaspio es un lago"], 0.9, (0.5, 0.0, None, 0.5, 0.0)),
        (["el MAR\nCaspio es un lago"], 0.1, (0.5, 0.5, None, 0.0, 0.0)),
        (["el mar Muerto"], 0.9, (0.0, 0.0, 0.5, 0.5, 0.0)),
        ([], 0.0, (0.0, 0.0, None, 0.0, 0.0)),
    ],
)
def test_run_answers(
    quotes: Sequence[str],
    sure: float,
    expected: tuple[float, ...],
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Quotes count whatever the threshold says, which only decides what is answered."""
    monkeypatch.setattr("qa.answering.assistant.Assistant", Speaker)
    monkeypatch.setattr(Speaker, "quotes", {SEA_ASKED: list(quotes)})
    monkeypatch.setattr(Speaker, "sure", {SEA_ASKED: sure})
    figures = evaluate.run(evaluate.read(file), answers=True)
    names = (
        "answer in quotes",
        "answer in best quote",
        "short answer f1",
        "answerable answered",
        "unanswerable answered",
    )
    assert tuple(figures.get(name) for name in names) == expected


def test_run_abstention(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer where there is none lowers the figures of abstention alone."""
    monkeypatch.setattr("qa.answering.assistant.Assistant", Speaker)
    monkeypatch.setattr(Speaker, "quotes", {"¿Qué rey?": ["un rey"], SEA_ASKED: ["mar Caspio"]})
    monkeypatch.setattr(Speaker, "sure", {"¿Qué rey?": 0.5, SEA_ASKED: 0.9})
    figures = evaluate.run(evaluate.read(file), answers=True)
    assert figures["unanswerable answered"] == 1.0
    assert figures["abstention auroc"] == 0.5  # above one of the two, the other being 0.0
    # Of the two that are quoted, one is right; nothing is quoted of the third.
    assert figures["calibration error"] == pytest.approx((0.5 + 0.1) / 2)


OWN = [
    {"question": "¿Cuál es el lago más grande?", "answer": "mar Caspio", "document": "sea"},
    {"question": "¿Con qué se hace el pan?", "answer": "harina"},
    {"question": "¿De qué se hace el pan?", "answer": "harina", "document": "two", "paragraph": 2},
    {"question": "¿Qué tren?", "answer": "Mataró", "document": "two", "paragraph": 1},
    {"question": "¿Qué rey?", "answer": "", "document": "sea"},
    {"question": "¿?", "answer": "nada"},
]


@pytest.fixture
def own_index(tmp_path: Path) -> Path:
    """An index of two documents, the second of two long paragraphs about two things."""
    with Index.open(tmp_path / "index", create=True) as index:
        long = f"{MOON} {TRAIN} {MOON} {TRAIN} {MOON} {TRAIN}\n\n{BREAD} {BREAD} {BREAD} {BREAD}"
        index.add([Document("sea", SEA), Document("two", long)])
    return tmp_path / "index"


def test_own_questions(own_index: Path, tmp_path: Path) -> None:
    """A passage is expected by document, by document and paragraph, or by the answer it holds."""
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in OWN)
    sets = evaluate.read(write(tmp_path, "own.jsonl", lines))
    found = evaluate.measure(sets, k=3, answers=True, index=own_index)
    assert found.figures["documents"] == 2
    assert found.figures["questions"] == 6
    assert [result.place for result in found.results[:4]] == [1, 1, 1, 1]
    assert [result.place for result in found.results[4:]] == [None, None]
    assert found.figures["recall@3"] == pytest.approx(4 / 5)
    assert found.results[0].held
    assert found.results[5].answered is False


def test_own_questions_refuse(own_index: Path, tmp_path: Path) -> None:
    """A document that is not there, no index and an empty one are said in a sentence."""
    row = json.dumps({"question": "¿Qué?", "answer": "x", "document": "nobody"})
    sets = evaluate.read(write(tmp_path, "own.jsonl", row))
    with pytest.raises(InputError, match="line 1 names the document nobody"):
        evaluate.measure(sets, index=own_index)
    with pytest.raises(InputError, match="which index"):
        evaluate.measure(sets)
    Index.open(tmp_path / "empty", create=True).close()
    with pytest.raises(InputError, match="no documents"):
        evaluate.measure(sets, index=tmp_path / "empty")


def test_missing_extra(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without ir-measures one is told what to install, before anything is indexed."""
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    monkeypatch.setattr(Index, "open", lambda *_, **__: pytest.fail("indexed"))
    with pytest.raises(MissingExtraError, match=r"pip install '\.\[eval\]'"):
        evaluate.run(evaluate.read(file))


def test_command(file: Path) -> None:
    """`qa eval` prints a table, and with --json one document of the same figures."""
    figures = CliRunner().invoke(cli.app, ["eval", str(file), "-k", "3", "--json"])
    assert json.loads(figures.stdout)["recall@3"] == 1.0
    assert json.loads(figures.stdout)["questions"] == 3
    table = CliRunner().invoke(cli.app, ["eval", str(file), "-k", "3"])
    rows = {
        line.split("│")[1].strip(): line.split("│")[2].strip()
        for line in table.stdout.splitlines()
        if line.startswith("│")
    }
    assert rows["questions"] == "3"
    assert rows["recall@3"] == "1.0000"


def test_command_on_own_questions(own_index: Path, tmp_path: Path) -> None:
    """With an index and a file of one's own, answers are measured and the report is written."""
    own = write(tmp_path, "own.csv", "question;answer;document\n¿Qué lago?;mar Caspio;sea\n")
    report = tmp_path / "report.html"
    command = ["eval", str(own), "--index", str(own_index), "--html", str(report), "--json"]
    figures = json.loads(CliRunner().invoke(cli.app, command).stdout)
    assert figures["recall@1"] == 1.0
    assert figures["answer in quotes"] == 1.0
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")
    bare = CliRunner().invoke(cli.app, [*command[:4], "--no-answers", "--json"])
    assert "answer in quotes" not in json.loads(bare.stdout)


def test_command_that_cannot_be(file: Path, tmp_path: Path) -> None:
    """Neither a file nor a draft, both, or a report that cannot be written."""
    for command in (["eval"], ["eval", str(file), "--generate", "3"]):
        assert isinstance(CliRunner().invoke(cli.app, command).exception, InputError)
    missing = str(tmp_path / "missing" / "report.html")
    failed = CliRunner().invoke(cli.app, ["eval", str(file), "--html", missing])
    assert isinstance(failed.exception, InputError)
    assert "cannot be written" in str(failed.exception)

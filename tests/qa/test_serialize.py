"""The JSON of the command line and of HTTP, against the schema in docs/."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from index.errors import InputError
from qa import Answer, Assistant, Citation, Retriever
from qa.cli.app import app
from tests.conftest import CHAT, ROOT

SCHEMA = json.loads((ROOT / "docs" / "json.schema.json").read_text(encoding="utf-8"))
SEED = "000_c7ef8c4ca7f3edb6.txt"
ASKED = "¿Cuándo visitó Rubio México?"


def check(value: Any, definition: str) -> None:
    """Raise ValidationError where a value does not fit the definition of that name."""
    whole = {"$ref": f"#/$defs/{definition}", "$defs": SCHEMA["$defs"]}
    Draft202012Validator(whole).validate(value)


class Printed:
    """Runs commands, and gives the one JSON document that each prints."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str, index: Path) -> Any:
        """Run one command on an index."""
        self.capsys.readouterr()
        app([*arguments, "--json", "--index", str(index)], standalone_mode=False)
        return json.loads(self.capsys.readouterr().out)


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Printed:
    return Printed(capsys)


def test_the_schema_is_one() -> None:
    """It is valid itself, and every object in it names all of its keys."""
    Draft202012Validator.check_schema(SCHEMA)
    for name, definition in SCHEMA["$defs"].items():
        if "properties" in definition:
            assert definition["additionalProperties"] is False, name
            assert set(definition["required"]) <= set(definition["properties"]), name


@pytest.mark.parametrize(
    ("definition", "arguments"),
    [
        ("search", ("search", ASKED)),
        ("search", ("search", "xyzxyz", "--in", SEED)),
        ("ask", ("ask", ASKED)),
        ("ask", ("ask", "¿Quién pintó Las meninas?")),  # refused
        ("ask", ("ask", "hola")),  # needs no search
        ("ask", ("ask", '"Marco Rubio"')),  # every mention
        ("ask", ("ask", "¿Quién pintó Las meninas?", "--since", "2024")),
        ("find", ("find", "Marco Rubio", "--limit", "1")),
        ("find", ("find", "Las meninas", "--until", "2025-09", "--in", SEED)),
        ("ask", ("ask", "¿Cuándo visitó Rubio México y quién pintó Las meninas?")),  # with a note
        ("status", ("status",)),
        ("verify", ("verify",)),
        ("why", ("why", ASKED, "--expect", SEED)),
        ("why", ("why", "¿Quién pintó Las meninas?", "--expect", f"{SEED}:3")),
    ],
)
def test_questions_and_states(
    printed: Printed, seeds_index: Path, definition: str, arguments: tuple[str, ...]
) -> None:
    """What the commands print over the seeds fits, whether found or not."""
    check(printed(*arguments, index=seeds_index), definition)


def test_a_sync_and_what_is_wrong_after_it(printed: Printed, tmp_path: Path) -> None:
    """The reports of `qa index`, `status` and `verify` fit, with every kind of news in them."""
    folder, index = tmp_path / "docs", tmp_path / "index"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(f"El faro {name} se encendió en 1890.")
    (folder / "empty.txt").touch()
    (folder / "photo.png").write_bytes(b"\x89PNG")
    check(printed("index", str(folder), index=index), "index")
    (folder / "a.txt").write_text("El faro se apagó en 1990.")
    (folder / "b.txt").rename(folder / "d.txt")
    (folder / "c.txt").unlink()
    check(printed("status", index=index), "status")
    verification = printed("verify", index=index)
    check(verification, "verify")
    assert verification["problems"]
    report = printed("index", str(folder), index=index)
    check(report, "index")
    assert (report["changed"], report["moved"], report["removed"]) == (
        ["a.txt"],
        {"b.txt": "d.txt"},
        ["c.txt"],
    )


def test_figures(printed: Printed, seeds_index: Path, tmp_path: Path) -> None:
    """The figures of an evaluation fit, those of answers and of abstention too."""
    pytest.importorskip("ir_measures", reason="needs ir-measures: run pip install '.[eval]'")
    questions = tmp_path / "questions.jsonl"
    lines = [
        {"question": ASKED, "answer": "septiembre de 2025"},
        {"question": "¿Quién pintó Las meninas?", "answer": ""},
    ]
    questions.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    figures = printed("eval", str(questions), "-k", "5", index=seeds_index)
    check(figures, "eval")
    assert {"recall@5", "answer in quotes", "abstention auroc"} <= set(figures)


def test_http_gives_the_same(printed: Printed, seeds_index: Path) -> None:
    """/search and /ask give what the command line prints; an error has a form too."""
    pytest.importorskip("fastapi", reason=CHAT)
    from fastapi.testclient import TestClient

    from qa.web.http.app import create_api

    with Retriever.open(seeds_index) as retriever:
        client = TestClient(create_api(retriever), "http://localhost:7860")
        hits = client.get("/search", params={"q": ASKED, "k": 3}).json()
        answer = client.get("/ask", params={"q": ASKED}).json()
        check(client.get("/ask").json(), "error")
    assert hits == printed("search", ASKED, "-k", "3", index=seeds_index)
    assert answer == printed("ask", ASKED, index=seeds_index)


@pytest.mark.parametrize(
    "question",
    [
        ASKED,
        "¿Quién pintó Las meninas?",  # refused
        '"Marco Rubio"',  # every mention
        "hola",
    ],
)
def test_an_answer_comes_back_from_its_dictionary(seeds_index: Path, question: str) -> None:
    """So does a hit; what a later release adds is passed over."""
    with Retriever.open(seeds_index) as retriever:
        answer = Assistant(retriever).ask(question)
    plain = json.loads(json.dumps(answer.to_dict()))
    back = Answer.from_dict({**plain, "later": 1})
    assert back.to_dict() == plain == answer.to_dict()
    assert back.citations == answer.citations
    assert back.refusal == answer.refusal
    assert back.mentions == answer.mentions
    assert [hit.id for hit in back.hits] == [hit.id for hit in answer.hits]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([], "A dictionary of a Citation is needed"),
        ({"document_id": "a"}, "has no source"),
        ({"start": "0"}, "start of a Citation cannot be '0'"),
        ({"start": True}, "start of a Citation cannot be True"),
        ({"highlight": [1]}, "highlight of a Citation cannot be"),
    ],
)
def test_what_is_no_dictionary_of_a_citation(values: Any, said: str) -> None:
    whole = Citation("a", None, None, None, 1, 0, 1, "x").to_dict()
    given = whole | values if isinstance(values, dict) and "document_id" not in values else values
    with pytest.raises(InputError, match=said):
        Citation.from_dict(given)


def test_a_new_key_is_a_decision(printed: Printed, seeds_index: Path) -> None:
    """A key that the schema does not name, or one that is missing, is an error."""
    answer = printed("ask", ASKED, index=seeds_index)
    with pytest.raises(ValidationError, match="Additional properties"):
        check({**answer, "mood": ""}, "ask")
    del answer["notes"]
    with pytest.raises(ValidationError, match="'notes' is a required property"):
        check(answer, "ask")


def test_every_definition_and_key_of_an_answer_is_described() -> None:
    """docs/json.md names each command's definition, and each key of an answer."""
    text = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    parts = {"hit", "citation", "quote", "document", "stage", "trace", "threshold", "bound"}
    parts |= {"checked", "place", "counted", "mentioned"}
    names = set(SCHEMA["$defs"]) - parts
    for definition in ("ask", "quote", "hit"):
        names |= set(SCHEMA["$defs"][definition]["properties"])
    assert [name for name in sorted(names) if f"`{name}`" not in text] == []

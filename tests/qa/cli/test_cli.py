"""The command line as a user meets it: whole processes, their output and their exit status."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.qa.web.processes import Process

ROOT = Path(__file__).parents[3]
ASKED = "¿Cuándo visitó Rubio México?"


def qa(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process, without colours or network proxies."""
    clean = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as work:
        process = Process(arguments, clean | environment, Path(work))
        status = process.wait(120)
        return subprocess.CompletedProcess(arguments, status, process.said, process.log)


def one_sentence(result: subprocess.CompletedProcess[str]) -> str:
    """The single line on standard error of a command that failed with status 2."""
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    (line,) = result.stderr.strip().splitlines()
    return line


@pytest.mark.parametrize("arguments", [(), ("model",)])
def test_without_a_command_there_is_help_alone(arguments: tuple[str, ...]) -> None:
    """The help says it all: no line without words follows it."""
    shown = qa(*arguments)
    assert (shown.returncode, shown.stderr) == (2, "")
    assert "Commands" in shown.stdout


def test_search_prints_hits_as_json(seeds_index: Path) -> None:
    """``search --json`` prints one document, best passage first."""
    command = [sys.executable, "-m", "qa", "search", ASKED, "-k", "3", "--json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "QA_INDEX": str(seeds_index)}
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert result.returncode == 0
    assert result.stderr == ""
    hits = json.loads(result.stdout)
    assert [hit["rank"] for hit in hits] == [1, 2, 3]
    assert hits[0]["score"] >= hits[1]["score"] >= hits[2]["score"]


def test_ask_prints_the_answer_as_json(seeds_index: Path) -> None:
    """``ask --json`` quotes the seed document with a citation at the exact words."""
    result = qa("ask", "When did Rubio visit Mexico?", "--json", QA_INDEX=str(seeds_index))
    assert result.returncode == 0
    answer = json.loads(result.stdout)
    assert answer["found"] is True
    assert any("septiembre de 2025" in citation["quote"] for citation in answer["citations"])
    (seed,) = (ROOT / "seeds").iterdir()
    text = seed.read_text(encoding="utf-8")
    for citation in answer["citations"]:
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_question_without_answer_exits_with_1(seeds_index: Path) -> None:
    """The command says that the documents do not say, and shows what comes closest."""
    result = qa("ask", "¿Quién ganó el Mundial de 2022?", "--index", str(seeds_index))
    assert result.returncode == 1
    assert "Los documentos no lo dicen." in result.stdout
    assert "Lo más cercano:" in result.stdout


def test_a_refusal_says_what_was_searched(seeds_index: Path) -> None:
    """In text, in JSON, and beside the stages of `qa why`; with the nearest passage below."""
    question = "¿Cuándo visitó Rubio México en 1987?"
    options = ("--min-confidence", "1", "--index", str(seeds_index))
    lines = qa("ask", question, *options).stdout.splitlines()
    refusal = json.loads(qa("ask", question, "--json", *options).stdout)["refusal"]
    searched = f"Busqué en 1 documento ({refusal['passages']} pasajes)."
    assert lines[:2] == ["Los documentos no lo dicen.", searched]
    assert lines[2].startswith("Lo más cercano habla de 2025, no de 1987")
    assert refusal["lacks"][0] == {
        "kind": "year",
        "asked": "1987",
        "instead": "2025",
        "nowhere": True,
    }
    nearest = refusal["nearest"]
    (seed,) = (ROOT / "seeds").iterdir()
    place = slice(nearest["citation"]["start"], nearest["citation"]["end"])
    assert seed.read_text(encoding="utf-8")[place] == nearest["quote"]
    assert lines[lines.index("Lo más cercano:") + 1].startswith(f"- {nearest['quote'][:40]}")
    expected = ("--expect", seed.name)
    assert searched in qa("why", question, *expected, *options).stdout
    explained = json.loads(qa("why", question, *expected, "--json", *options).stdout)
    assert explained["refusal"] == refusal


def test_min_confidence_moves_the_threshold(seeds_index: Path) -> None:
    """With 0 everything is answered, with 1 nothing is."""
    answered = qa(
        "ask", "¿Quién pintó Las meninas?", "--min-confidence", "0", "--index", str(seeds_index)
    )
    assert answered.returncode == 0
    refused = qa("ask", ASKED, "--min-confidence", "1", "--index", str(seeds_index))
    assert refused.returncode == 1


def test_text_output_has_no_control_characters(tmp_path: Path) -> None:
    """An escape sequence in a document does not reach the terminal, nor does markup work."""
    folder = tmp_path / "docs"
    folder.mkdir()
    hostile = "El tesoro está \x1b]0;titulo\x07 en [red]la cueva[/red] de San Blas desde 1821."
    (folder / "a.md").write_text(hostile, encoding="utf-8")
    index = str(tmp_path / "index")
    assert qa("index", str(folder), "--index", index).returncode == 0
    result = qa("search", "¿Dónde está el tesoro?", "--index", index)
    assert result.returncode == 0
    assert "\x1b" not in result.stdout
    assert "[red]la cueva[/red]" in result.stdout


def test_index_status_remove(tmp_path: Path) -> None:
    """Documents come in, are listed and go out; what failed is named and the status says so."""
    folder = tmp_path / "mis documentos"
    folder.mkdir()
    (folder / "uno.txt").write_text("El faro de la isla se encendió en 1890.", encoding="utf-8")
    (folder / "dos.txt").write_text("", encoding="utf-8")
    (folder / "foto.png").write_bytes(b"\x89PNG")
    index = str(tmp_path / "index")

    first = qa("index", str(folder), "--index", index)
    assert first.returncode == 2
    assert "dos.txt" in first.stderr
    assert "1 added" in first.stderr
    assert "1 failed" in first.stderr
    assert "1 skipped" in first.stderr

    status = json.loads(qa("status", "--json", "--index", index).stdout)
    assert [document["id"] for document in status["documents"]] == ["uno.txt"]
    assert [Path(source).name for source in status["failed"]] == ["dos.txt"]

    assert qa("search", "faro", "--in", "uno.txt", "--index", index).returncode == 0
    assert "nadie.txt" in one_sentence(qa("remove", "nadie.txt", "--index", index))
    assert qa("remove", "uno.txt", "--index", index).returncode == 0
    assert qa("search", "faro", "--index", index).returncode == 1


def test_chat_keeps_the_conversation(seeds_index: Path) -> None:
    """Questions come line by line from standard input; an error does not end the chat."""
    result = subprocess.run(
        [sys.executable, "-m", "qa", "chat", "--index", str(seeds_index)],
        input=f"{ASKED}\n🙂\n¿Quién pintó Las meninas?\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=ROOT,
    )
    assert result.returncode == 0
    assert "septiembre de 2025" in result.stdout
    assert "no words" in result.stderr
    assert "Los documentos no lo dicen." in result.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("search", "hola", "--index", "nowhere"), "qa index"),
        (("search", ""), "empty"),
        (("search", "   \n "), "empty"),
        (("ask", "🙂🙂"), "no words"),
        (("ask", "a" * 100_000), "100,000 characters"),
        (("search", "hola", "--in", "nobody.txt"), "nobody.txt"),
        (("search",), "question"),
        (("search", "hola", "-k", "0"), "-k"),
        (("frobnicate",), "frobnicate"),
        (("index", "no-such-folder"), "no-such-folder"),
        (("ask", "hola, ¿qué pasó en México?", "--reader", "no-such-reader"), "no-such-reader"),
        (("eval", "no-such-file.json"), "no-such-file.json"),
    ],
)
def test_wrong_use_is_one_sentence(
    seeds_index: Path, arguments: tuple[str, ...], words: str
) -> None:
    """Whatever is wrong is said in one line on standard error, with exit status 2."""
    assert words in one_sentence(qa(*arguments, QA_INDEX=str(seeds_index)))


def test_another_model_is_refused(seeds_index: Path, tmp_path: Path) -> None:
    """A model that cannot be loaded leaves nothing behind; the index is as it was."""
    new = tmp_path / "new"
    made = ["index", str(ROOT / "seeds"), "--index", str(new)]
    searched = ["search", ASKED, "--index", str(seeds_index)]
    # One process, for what loads such models takes seconds to import.
    script = (
        "import sys\nfrom qa.cli.app import main\n"
        f"for command in {[made, searched]!r}:\n"
        "    sys.argv = ['qa', *command, '--model', 'no-such/model']\n"
        "    try: main()\n"
        "    except SystemExit as end: assert end.code == 2\n"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", script]
    result = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (result.returncode, result.stdout) == (0, "")
    lines = result.stderr.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("qa: ") and "no-such/model" in line for line in lines)
    assert not (new / "catalog.sqlite").exists()
    assert qa("search", ASKED, "--index", str(seeds_index)).returncode == 0


def test_a_damaged_index_is_named(tmp_path: Path) -> None:
    """A catalog that is no database is refused in one sentence, not overwritten."""
    (tmp_path / "catalog.sqlite").write_bytes(b"not a database" * 1000)
    before = (tmp_path / "catalog.sqlite").read_bytes()
    assert "damaged" in one_sentence(qa("search", "hola", "--index", str(tmp_path)))
    assert (tmp_path / "catalog.sqlite").read_bytes() == before


def test_without_network(tmp_path: Path) -> None:
    """With the network cut, a fresh index, a search and an answer work.

    Where the system lets us, the processes run without any network interface; elsewhere they fail
    when Python opens a connection.
    """
    script = tmp_path / "offline.py"
    script.write_text(
        "import socket\n"
        "def refuse(*_, **__): raise AssertionError('network')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "import sys; from qa.cli.app import main; main()\n"
    )
    alone = ["unshare", "--net"]
    can = shutil.which("unshare") and not subprocess.run([*alone, "true"], check=False).returncode
    environment = os.environ | {"PYTHONPATH": str(ROOT), "QA_INDEX": str(tmp_path / "index")}
    for arguments in (("index", str(ROOT / "seeds")), ("search", ASKED), ("ask", ASKED)):
        result = subprocess.run(
            [*(alone if can else []), sys.executable, str(script), *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env=environment,
        )
        assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("command", ["web", "serve"])
def test_a_server_that_cannot_start_is_one_sentence(
    command: str, seeds_index: Path, tmp_path: Path
) -> None:
    """Without an index where one is named, or with a port or a host that is none."""
    none = tmp_path / "none"
    missing = qa(command, "--port", "0", QA_INDEX=str(none))
    assert (
        one_sentence(missing) == f"qa: There is no index in {none}: make one with qa index FOLDER."
    )
    assert not none.exists()
    wrong = qa(command, "--port", "x", "--index", str(seeds_index))
    assert one_sentence(wrong) == "qa: PORT is 'x': set it to a number from 0 to 65535."
    hosts = qa(command, "--port", "0", "--index", str(seeds_index), QA_ALLOWED_HOSTS="a/b")
    assert one_sentence(hosts).startswith("qa: QA_ALLOWED_HOSTS has 'a/b': name hosts")

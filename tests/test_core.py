"""An installation without extras: every format is read, and questions are answered."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from index import Index
from index.documents.package import DAMAGED
from index.documents.permission import NO_XBERG
from index.documents.read import SUFFIXES
from tests.conftest import ROOT
from tests.samples import SENTENCE, STORED, samples

# What the extras bring, what only tests need, and what only comes along with a dependency.
ABSENT = (
    *("PIL", "docx", "fastapi", "fsspec", "gradio", "hf_xet", "httpx", "httpx2", "huggingface_hub"),
    *("ir_measures", "lingua", "mcp", "onnx", "openpyxl", "pptx", "rapidocr", "requests", "scipy"),
    *("sentence_transformers", "sklearn", "starlette", "torch", "transformers", "uvicorn", "xberg"),
    *("haystack", "langchain_core", "llama_index", "openai", "yaml"),
)
Made = tuple[Path, Path, "subprocess.CompletedProcess[str]"]
"""A folder of files, their index, and the process that made it."""
PROGRAM = """
import sys
from qa import Assistant, Index, Retriever
with Index.open(sys.argv[2], create=True) as index:
    report = index.sync(sys.argv[1])
    print(*report.failed, sep="\\n")
    retriever = Retriever(index)
    assert retriever.search("plazo de inscripción")[0].text
    answer = Assistant(retriever).ask("¿Cuándo vence el plazo de inscripción?")
    assert answer.found and "3 de mayo" in answer.citations[0].quote, answer
"""


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory,
) -> Made:
    """What a process makes that can import nothing of ABSENT."""
    base = tmp_path_factory.mktemp("core")
    for name in ("absent", "files"):
        (base / name).mkdir()
    for name in ABSENT:
        (base / "absent" / f"{name}.py").write_text("raise ModuleNotFoundError\n")
    for ending, data in samples().items():
        (base / "files" / f"plazo{ending}").write_bytes(data)
    (base / "files" / "roto.odt").write_bytes(b"PK no")
    paths = os.pathsep.join([str(base / "absent"), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(base / "files"), str(base / "index")],
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    return base / "files", base / "index", done


def test_it_indexes_and_answers(
    made: Made,
) -> None:
    """Only the damaged file fails, and nothing is missed that an extra brings."""
    files, _, done = made
    assert done.stderr == ""
    assert done.stdout.split() == [str(files / "roto.odt")]


@pytest.mark.parametrize("ending", sorted(SUFFIXES - {".zip", ".mbox"}))
def test_every_format(made: Made, ending: str) -> None:
    """Its text is in the index."""
    with Index.open(made[1]) as index:
        assert STORED.get(ending, SENTENCE) in index.document(f"plazo{ending}").text


def test_a_file_in_a_file(made: Made) -> None:
    """The members of an archive and of a mailbox are documents."""
    with Index.open(made[1]) as index:
        inner = [info.id for info in index.documents() if "/" in info.id]
        assert {id.partition("/")[0] for id in inner} == {"plazo.zip", "plazo.mbox"}
        assert all(SENTENCE in index.document(id).text for id in inner)


def test_a_damaged_file_is_tried_again_with_xberg(
    made: Made,
) -> None:
    """Without it the reason says what to install; once it is there, the next sync uses it."""
    pytest.importorskip("xberg", reason="needs xberg: run pip install '.[damaged]'")
    files, folder, _ = made
    with Index.open(folder) as index:
        assert index.health().failed == {str(files / "roto.odt"): NO_XBERG}
        assert index.sync(files).failed == {str(files / "roto.odt"): DAMAGED}

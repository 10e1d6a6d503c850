"""The package as a type checker of another program sees it, after installation."""

import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import numpy
import pytest

from tests.conftest import ROOT

MYPY = "needs mypy: run pip install -r tests/requirements.txt"
PROGRAM = """
from typing import assert_type

from index import Index as FromIndex
from index.errors import DocumentNotFoundError, QAError
from qa import Answer, Assistant, Citation, Document, Hit, Index, Retriever, Turn

same: type[FromIndex] = Index
with Index.open("my-index", create=True) as index:
    assert_type(index, Index)
    assert_type(index.add([Document(id="memo", text="El 3 de mayo.", title="Memo")]), int)
    assert_type(index.remove(id for id in ("a", "b")), int)
    assert_type(index.sync("seeds").added, list[str])

retriever = Retriever.open("my-index")
hits = retriever.search("¿Cuándo?", k=3, documents={"memo"})
assert_type(hits, list[Hit])
assert_type(hits[0].citation.page, int | None)
assistant = Assistant(retriever, min_confidence=0.5)
answer = assistant.ask("¿Cuándo?", history=[Turn("¿Qué?", assistant.ask("¿Qué?"))])
assert_type(answer, Answer)
assert_type(answer.citations, tuple[Citation, ...])
for partial in assistant.stream("¿Y dónde?"):
    assert_type(partial.short, str | None)
try:
    assert_type(retriever.document("memo").text, str)
except DocumentNotFoundError as exc:
    assert_type(exc.id, str)
except (QAError, KeyError):
    pass
"""
WRONG = {
    'retriever.search("¿Cuándo?", k="3")': '"k" to "search" of "Retriever" has incompatible type',
    "assistant.ask(3)": 'to "ask" of "Assistant" has incompatible type "int"',
    "index.add(Document('a', 'text'))": 'to "add" of "Index" has incompatible type "Document"',
    "hits[0].nothing": '"Hit" has no attribute "nothing"',
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked where an interpreter of its own finds it, beside NumPy."""
    base = tmp_path_factory.mktemp("typed")
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, base)
    for name in ("index", "qa"):  # without the models: they have no types
        shutil.copytree(ROOT / name, base / name, ignore=shutil.ignore_patterns("*.onnx"))
    if (ROOT / "app.py").exists():
        shutil.copy(ROOT / "app.py", base)
    build = "from setuptools.build_meta import build_wheel; build_wheel('dist')"
    (base / "dist").mkdir()
    subprocess.run([sys.executable, "-c", build], cwd=base, check=True, capture_output=True)
    venv.create(base / "venv")
    (site,) = (base / "venv" / "lib").glob("python*/site-packages")
    (wheel,) = (base / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (site / "numpy").symlink_to(Path(numpy.__file__).parent)
    return site


def checked(site: Path, folder: Path, program: str) -> str:
    """What mypy --strict prints for a program."""
    (folder / "program.py").write_text(program, encoding="utf-8")
    python = site.parents[2] / "bin" / "python"
    options = ["--strict", f"--python-executable={python}", f"--cache-dir={site / 'cache'}"]
    shown = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "program.py"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert shown.stderr == ""
    return shown.stdout


def test_a_typed_program(installed: Path, tmp_path: Path) -> None:
    """A program that uses all of the library's doors passes mypy --strict."""
    pytest.importorskip("mypy", reason=MYPY)
    assert checked(installed, tmp_path, PROGRAM) == "Success: no issues found in 1 source file\n"


def test_mistakes_are_found(installed: Path, tmp_path: Path) -> None:
    """Wrong types are seen before the program runs: nothing of it is of any type."""
    pytest.importorskip("mypy", reason=MYPY)
    output = checked(installed, tmp_path, "\n".join([PROGRAM, *WRONG]))
    for reason in WRONG.values():
        assert reason in output
    assert output.count("error:") == len(WRONG)


def test_the_packages_say_that_they_are_typed(installed: Path) -> None:
    """Both have py.typed, without which a type checker does not look into them."""
    assert (installed / "index" / "py.typed").is_file()
    assert (installed / "qa" / "py.typed").is_file()


def test_names_are_the_same_everywhere() -> None:
    """What qa gives is what index gives, and no other name is invented."""
    import index
    import qa

    assert qa.Index is index.Index
    assert qa.Document is index.Document
    assert {"Assistant", "Document", "Index", "Retriever", "Turn"} <= set(qa.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        qa.Nothing  # noqa: B018

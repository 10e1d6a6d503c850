"""How modules import, what a question passes through, and what is installed."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from qa.cli.ask import ask
from tests.conftest import ROOT

MODULES = [ROOT / "app.py", *sorted(ROOT.glob("index/**/*.py")), *sorted(ROOT.glob("qa/**/*.py"))]
HEAVY = {
    "faiss",
    "gradio",
    "onnxruntime",
    "sentence_transformers",
    "sentencex",
    "tantivy",
    "torch",
    "transformers",
    "xberg",
}


NOT_INSTALLED = {"app", "benchmarks", "docs", "examples", "tests", "training"}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_imports_are_written_out(path: Path) -> None:
    """They are absolute, and reach nothing that is not installed.

    Modules of `qa` import names from `index`, never the package itself: `qa.imports` gives it
    another name where a program has a module `index` of its own. In which direction imports may
    point is for import-linter to say (``make lint``).
    """
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names = [node.module or ""]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
            assert "index" not in {name.split(".")[0] for name in names}
        else:
            continue
        assert not {name.split(".")[0] for name in names} & NOT_INSTALLED


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_functions_are_short(path: Path) -> None:
    """A function has fewer than 40 lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines < 40, f"{node.name} has {lines} lines"


@pytest.mark.parametrize(
    "statement",
    [
        "import index, qa",
        "from index import Index",
        "from qa import Assistant, Retriever, Turn",
        "import qa.cli.app",
    ],
)
def test_importing_loads_nothing_heavy(statement: str) -> None:
    """Heavy libraries are loaded when they are used, so that the command line starts fast."""
    script = (
        f"import sys; {statement}; print(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert HEAVY & set(shown.stdout.split()) == set()


def test_every_package_is_installed_and_nothing_else() -> None:
    """No module ``app``, which would stand in the way of a host's own."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    installed = config["tool"]["setuptools"]
    packages = [path.parent for path in MODULES if path.name == "__init__.py"]
    assert sorted(installed["packages"]) == sorted(
        named(path).replace("/", ".") for path in packages
    )
    assert "py-modules" not in installed


def test_the_way_of_a_question(seeds_index: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A question goes the way that docs/architecture.md describes, stay by stay, in that order."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = text.partition("## The way of a question")[2].partition("\n## ")[0]
    stays = re.findall(r"^\| \d+ \| `([\w.]+)`", section, re.MULTILINE)
    assert 0 < len(stays) <= 12
    entered: dict[str, None] = {}

    def note(frame: FrameType, event: str, _: Any) -> None:
        module = str(frame.f_globals.get("__name__"))
        if event == "call" and module.startswith(("index.", "qa.")):
            entered.setdefault(f"{module}.{frame.f_code.co_qualname}")

    sys.setprofile(note)
    try:
        assert ask("¿Cuándo visitó Rubio México?", folder=seeds_index) == 0
    finally:
        sys.setprofile(None)
    assert "septiembre de 2025" in capsys.readouterr().out
    assert [stay for stay in entered if stay in stays] == stays

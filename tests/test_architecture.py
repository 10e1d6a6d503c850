"""What may import what, and how long a module may be."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

LAYERS = {"index": 0, "qa": 1, "app": 2}
MODULES = [ROOT / "app.py", *sorted(ROOT.glob("index/**/*.py")), *sorted(ROOT.glob("qa/**/*.py"))]
HEAVY = {
    "faiss",
    "gradio",
    "lingua",
    "onnxruntime",
    "sentence_transformers",
    "sentencex",
    "tantivy",
    "torch",
    "transformers",
    "xberg",
}


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(tree: ast.AST) -> Iterator[str]:
    """The top-level package of every import, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_dependencies_point_one_way(path: Path) -> None:
    """app.py imports qa and index, qa imports index, index neither."""
    layer = LAYERS[path.relative_to(ROOT).parts[0].removesuffix(".py")]
    for package in imported(ast.parse(path.read_text(encoding="utf-8"))):
        assert LAYERS.get(package, 0) <= layer
        assert package not in {"tests", "training", "benchmarks"}


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_modules_and_functions_are_short(path: Path) -> None:
    """A module has fewer than 300 lines and a function fewer than 40."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 300
    for node in ast.walk(ast.parse(text)):
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

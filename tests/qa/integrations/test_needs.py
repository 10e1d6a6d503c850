"""What stands for a framework that is not installed."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from qa.errors import MissingExtraError
from qa.integrations import needs
from tests.conftest import ROOT

FRAMEWORKS = {"langchain_core", "llama_index", "haystack"}


@pytest.mark.parametrize(
    ("module", "package", "extra"),
    [
        ("langchain", "langchain_core", "langchain"),
        ("llama_index", "llama_index", "llama-index"),
        ("haystack", "haystack", "haystack"),
    ],
)
def test_the_extra_is_named(module: str, package: str, extra: str) -> None:
    """By a sentence with the command that brings it, also where the package is there."""
    hidden = f"import sys; sys.modules[{package!r}] = None"
    script = (
        f"{hidden}\nfrom qa.errors import MissingExtraError\ntry: import qa.integrations.{module}"
    )
    script += "\nexcept MissingExtraError as exc: print(exc)"
    shown = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert shown.stdout == f'{package} is not installed: pip install "qa[{extra}]" brings it.\n'


def test_what_a_framework_itself_lacks() -> None:
    """Is said as it is: its own message names what is missing."""
    with pytest.raises(ModuleNotFoundError, match="nowhere"), needs("langchain", "langchain_core"):
        import nowhere  # type: ignore[import-not-found]
    with pytest.raises(MissingExtraError), needs("x", "nowhere"):
        import nowhere.inside  # type: ignore[import-not-found]  # noqa: F401


def test_nothing_else_imports_them() -> None:
    if not any(find_spec(name) for name in FRAMEWORKS):
        pytest.skip("needs a framework: run make test-integrations")
    script = "import sys, qa.cli.app, qa.search.retriever, qa.answering.assistant, qa.integrations"
    script += "; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    shown = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not FRAMEWORKS & set(shown.stdout.split())

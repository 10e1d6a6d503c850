"""The scripts in examples/ run as they stand, and print what they are about."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MCP, ROOT

SCRIPTS = sorted((ROOT / "examples").glob("*.py"))
PRINTED = {
    "ask": ("septiembre de 2025", "[1] 000_c7ef8c4ca7f3edb6.txt", "no lo dicen"),
    "conversation": ("¿Y qué destacó?", "searched for: Rubio"),
    "documents_from_csv": ("3 passages", "120.000 euros - Presupuesto 2026-03-09", "memo-1: False"),
    "evaluate": ("answer in quotes       1.000", "unanswerable answered  0.000"),
    "haystack_rag": ("model: En septiembre", "words: 2 de septiembre de 2025 in 000_c7"),
    "mcp_client": ("ask_documents: Ask the documents", "[1] ", "septiembre de 2025", "before: "),
    "in_another_program": ("200 OK", '"rank": 3', "422 Unprocessable", "The question is empty"),
    "langchain_rag": ("model: En septiembre", "passage: 000_c7ef8c4ca7f3edb6.txt#", "quoted: «Dur"),
    "llama_index_rag": ("passage: 000_c7ef8c4ca7f3edb6.txt#", "quoted: «Durante", "[1]: Durante"),
}
FRAMEWORKS = {
    "haystack_rag": "haystack",
    "langchain_rag": "langchain_core",
    "llama_index_rag": "llama_index",
}


def test_every_script_has_its_test() -> None:
    """None stands there that is not run."""
    assert {script.stem for script in SCRIPTS} == set(PRINTED)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_examples_are_short(script: Path) -> None:
    """Under 40 lines, the first of which says what the script shows."""
    text = script.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 40
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring and "\n" not in docstring


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_examples_run(script: Path, tmp_path: Path) -> None:
    """From an empty folder, in which they leave nothing."""
    if script.stem == "evaluate":
        pytest.importorskip("ir_measures", reason="needs ir-measures: run pip install '.[eval]'")
    if framework := FRAMEWORKS.get(script.stem):
        pytest.importorskip(framework, reason=f"needs {framework}: run make test-integrations")
    if script.stem == "mcp_client":
        pytest.importorskip("mcp", reason=MCP)
    result = subprocess.run(
        [sys.executable, str(script)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "HAYSTACK_TELEMETRY_ENABLED": "False"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    assert [words for words in PRINTED[script.stem] if words not in result.stdout] == []
    assert list(tmp_path.iterdir()) == []

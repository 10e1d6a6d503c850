"""The README's lines for each framework run as they stand."""

import shutil
from pathlib import Path

import pytest

from tests.test_readme import blocks

PACKAGES = {"langchain": "langchain_core", "llama_index": "llama_index", "haystack": "haystack"}


@pytest.mark.parametrize("framework", PACKAGES)
def test_three_lines(
    framework: str, folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = f"needs {PACKAGES[framework]}: run make test-integrations"
    pytest.importorskip(PACKAGES[framework], reason=reason)
    (program,) = [block for block in blocks("py") if f"integrations.{framework} " in block]
    assert len([line for line in program.splitlines() if line]) == 3
    shutil.copytree(folder, tmp_path / "my-index")
    monkeypatch.chdir(tmp_path)
    found: dict[str, object] = {}
    exec(program, found)  # noqa: S102
    assert "3 de mayo" in str(found.get("documents") or found.get("nodes"))

"""Programs that have a module `index` of their own, and what is imported from where."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import index.errors
from tests import files
from tests.conftest import ROOT

ASKED = "¿Cuándo visitó Rubio México?"
OURS = "from qa import Assistant, Document, Index, Retriever; from qa.errors import QAError"
USED = f"""
import sys, tempfile
from pathlib import Path
with tempfile.TemporaryDirectory() as folder, Index.open(folder + "/i", create=True) as made:
    report = made.sync("docs", {str(ROOT / "seeds")!r})
    assert not report.failed, report
    made.add([Document("memo", "La reunión se aplazó al 3 de mayo.")])
    retriever = Retriever(made)
    answer = Assistant(retriever).ask({ASKED!r})
    assert answer.found and answer.citations[0].quote in retriever.document(
        answer.citations[0].document_id
    ).text
    assert not made.verify().problems
    try:
        Index.open(folder + "/none")
    except QAError as error:
        print(type(error).__name__)
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A folder with a module of the program's own, and a document that needs a converter."""
    (tmp_path / "index.py").write_text("VALUE = 7\n")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.docx").write_bytes(files.docx([("", "El plazo vence el lunes.")]))
    return tmp_path


def run(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "imports",
    [
        f"{OURS}\nimport index",
        f"import index\n{OURS}",
    ],
)
def test_a_program_with_a_module_index(program: Path, imports: str) -> None:
    """Everything works by `from qa import ...`, converters too; its own module stays its own."""
    (program / "main.py").write_text(f"{imports}\n{USED}\nassert index.VALUE == 7\n")
    done = run(program, "main.py")
    assert (done.stdout, done.stderr) == ("IndexNotFoundError\n", "")


def test_the_command_line_beside_a_module_index(program: Path) -> None:
    """In such a folder `python -m qa` indexes and answers."""
    assert run(program, "-m", "qa", "index", "docs", str(ROOT / "seeds")).returncode == 0
    done = run(program, "-m", "qa", "ask", ASKED)
    assert done.returncode == 0
    assert "septiembre" in done.stdout


def test_where_nothing_is_in_the_way(tmp_path: Path) -> None:
    """The same classes by both names, and no other name of them."""
    script = (
        "import index, qa, sys; from index import Document, Index;"
        "assert qa.Index is Index and qa.Document is Document;"
        "assert not [name for name in sys.modules if name.startswith('qa._index')]"
    )
    done = run(tmp_path, "-c", script)
    assert (done.returncode, done.stderr) == (0, "")


def test_all_errors_by_both_names() -> None:
    """qa.errors has what index.errors has."""
    import qa.errors

    assert qa.errors.__all__ == index.errors.__all__
    assert all(
        getattr(qa.errors, name) is getattr(index.errors, name) for name in qa.errors.__all__
    )


def test_what_qa_does_not_have() -> None:
    """An unknown name is an AttributeError, as of any module."""
    import qa

    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        qa.Nothing  # noqa: B018

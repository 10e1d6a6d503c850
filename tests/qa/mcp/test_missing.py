"""``qa mcp`` where the SDK is not installed."""

import os
import subprocess
import sys

from tests.conftest import ROOT

WITHOUT = """
import sys
sys.modules["mcp"] = None
from qa.cli.app import main
sys.argv = ["qa", "mcp"]
main()
"""


def test_what_is_missing_is_said() -> None:
    """One sentence on standard error that says what to install, and status 2."""
    shown = subprocess.run(
        [sys.executable, "-c", WITHOUT],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr == (
        "qa: qa mcp needs the MCP SDK: run pip install '.[mcp]' in the project's folder.\n"
    )

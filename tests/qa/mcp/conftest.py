"""What the tests of the MCP server share: one index of a few documents."""

from pathlib import Path

import pytest

from index.embedders import Embedder
from tests.conftest import MCP


@pytest.fixture(scope="session")
def documents_index(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """The index's folder; nothing writes to it."""
    pytest.importorskip("mcp", reason=MCP)
    from tests.qa.mcp.made import make_index

    return make_index(tmp_path_factory.mktemp("mcp") / "index", embedder)

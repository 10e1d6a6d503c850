"""What several tests share. Everything runs offline."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before any test imports a library of the hub's: a name that is not here fails at once.
os.environ["HF_HUB_OFFLINE"] = "1"

from index import Index
from index.embedders import Embedder, load
from tests.postgres import Server

ROOT = Path(__file__).parent.parent
# Why a test is skipped, and what would have it run.
CHAT = "needs the chat: run pip install '.[chat]'"
MCP = "needs the MCP SDK: run pip install '.[mcp]'"
MODELS = "needs torch and onnx: run pip install '.[models]'"
MOUNTS = "needs to mount a file system: run it as root, outside a container"


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The bundled model."""
    return load()


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Path:
    """The folder of an index of seeds/; a test that writes to it takes a copy."""
    folder = tmp_path_factory.mktemp("seeds") / "index"
    with Index.open(folder, create=True, model=embedder) as index:
        report = index.sync(ROOT / "seeds")
    assert not report.failed
    return folder


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A PostgreSQL server; a test that kills it starts it again."""
    folder = Path(tempfile.mkdtemp(prefix="qa-postgres-"))  # short: a socket's path has 107 bytes
    server = Server(folder)
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("data"))
    yield server
    server.stop()

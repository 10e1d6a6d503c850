"""Where an index can be, and what can search it: the parameters of the contract."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

__all__ = ["MILVUS", "MilvusServer", "Place", "places"]

MILVUS = "needs pymilvus and milvus-lite: run make test-integrations"
_SECONDS = 120.0  # until a server must answer, on a busy machine


@dataclass(frozen=True, slots=True)
class Place:
    """The address of an index, and that of its engine, None for its own."""

    address: str
    engine: str | None = None


class MilvusServer:
    """milvus-lite as a server of its own, that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def address(self) -> str:
        """Its address as an engine."""
        return f"milvus://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it listens."""
        command = [sys.executable, "-m", "milvus_lite.cmdline", "server", "--host", "127.0.0.1"]
        command += ["--data-dir", str(self.folder), "--port", str(self.port)]
        with self.folder.with_suffix(".log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        started = time.monotonic()
        while True:
            with socket.socket() as tried:
                if not tried.connect_ex(("127.0.0.1", self.port)):
                    return
            assert time.monotonic() < started + _SECONDS, "milvus-lite does not start"
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a loss of power would, but for what it has handed to the system."""
        self.signal(signal.SIGKILL)
        if self._process:
            self._process.wait()
            self._process = None

    def signal(self, number: int) -> None:
        """SIGSTOP lets it hang, SIGCONT go on."""
        if self._process:
            self._process.send_signal(number)


@contextmanager
def milvus_server(folder: Path) -> Iterator[MilvusServer]:
    """A server in a folder of its own."""
    server = MilvusServer(folder / "milvus")
    try:
        yield server
    finally:
        server.kill()


def places(name: str, request: pytest.FixtureRequest, folder: Path) -> Place:
    """A place of a kind where nothing is yet; skips where something is not installed."""
    catalog, _, engine = name.partition("+")
    if engine and find_spec("milvus_lite") is None:
        pytest.skip(MILVUS)
    if catalog == "postgresql":
        address = request.getfixturevalue("postgres").address()
    else:
        address = str(folder / "index")
    match engine:
        case "":
            return Place(address)
        case "milvus-lite":
            return Place(address, f"milvus://{folder / 'milvus.db'}")
        case _:
            return Place(address, request.getfixturevalue("milvus").address)

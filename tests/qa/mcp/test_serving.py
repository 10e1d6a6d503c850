"""``qa mcp`` as a process: on standard input and output, and over HTTP with its rules."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import MCP, ROOT

pytest.importorskip("mcp", reason=MCP)

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.client.streamable_http import streamable_http_client

from index import Document, Index
from index.embedders import Embedder
from tests.qa.mcp.made import ASKED, MINUTES, Calls
from tests.qa.web.processes import Server, served

TOKEN = "a-secret"  # noqa: S105  # of these tests
BODY = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
CONFIGURATIONS = [
    json.loads(block)
    for block in re.findall(
        r"```json\n(.*?)```", (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8"), re.DOTALL
    )
]
HEADERS = {"accept": "application/json, text/event-stream"}


async def ask_all(calls: Calls) -> None:
    """Every tool once, each of which answers."""
    cited = (await calls("ask_documents", question=ASKED))["citations"][0]
    assert cited["document_id"] == MINUTES
    assert (await calls("read_passage", id=cited["link"]))["text"] == cited["quote"]
    assert (await calls("search_documents", question=ASKED))["hits"]
    assert (await calls("list_documents"))["total"] == 3
    assert (await calls("explain_miss", question=ASKED, document=MINUTES))["lost"] is None


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_standard_input_and_output(documents_index: Path, tmp_path: Path, mode: str) -> None:
    """Started as docs/mcp.md says, all tools answer, and nothing is on standard error."""
    errors = tmp_path / "errors.txt"
    configured = CONFIGURATIONS[0]["mcpServers"]["documents"]
    paths = {"/path/to/.qa-index": str(documents_index)}
    arguments = [paths.get(argument, argument) for argument in configured["args"]]
    started = StdioServerParameters(
        command=sys.executable, args=["-m", "qa", *arguments], env={"PYTHONPATH": str(ROOT)}
    )

    async def main() -> None:
        with errors.open("w") as stream:
            transport = stdio_client(started, errlog=stream)
            async with Client(transport, mode=mode) as client:
                await ask_all(Calls(client))

    asyncio.run(main())
    assert errors.read_text() == ""


@pytest.fixture(scope="module", params=["mcp --http", "serve --mcp"])
def server(
    documents_index: Path,
    embedder: Embedder,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Server]:
    """A server over HTTP that wants a token: alone, or beside the routes of ``qa serve``."""
    command, flag = request.param.split()
    work, variables = tmp_path_factory.mktemp("http"), {"QA_TOKEN": TOKEN}
    if command == "serve":
        with Index.open(work / "other", create=True, model=embedder) as other:
            other.add([Document(id="other.txt", text="La fiesta de Azor es el 3 de mayo.")])
        variables["QA_COLLECTIONS"] = f"otras actas={work / 'other'}"
    with served(command, documents_index, work, flag, variables=variables) as server:
        yield server


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_http(server: Server, mode: str) -> None:
    """All tools answer who has the token."""

    async def main() -> None:
        headers = {"authorization": f"Bearer {TOKEN}"}
        async with httpx2.AsyncClient(headers=headers, timeout=120, trust_env=False) as http:
            transport = streamable_http_client(f"{server.address}/mcp", http_client=http)
            async with Client(transport, mode=mode) as client:
                await ask_all(Calls(client))

    asyncio.run(main())


@pytest.mark.parametrize(
    ("headers", "status", "said"),
    [
        ({}, 200, "search_documents"),
        ({"host": "localhost"}, 200, "search_documents"),
        ({"host": "evil.example"}, 403, "does not answer to the name evil.example"),
        ({"host": "evil.example:7860"}, 403, "does not answer to the name evil.example"),
        ({"host": "localhost.evil.example"}, 403, "does not answer"),
        ({"origin": "http://evil.example"}, 403, "its own page alone"),
        ({"origin": "null"}, 403, "its own page alone"),
        ({"authorization": ""}, 401, "token"),
        ({"authorization": "Bearer another"}, 401, "token"),
    ],
)  # fmt: skip
def test_who_may_ask_over_http(
    server: Server, headers: dict[str, str], status: int, said: str
) -> None:
    """Its own names, no page of another site, and only with the token."""
    known = {"mcp-protocol-version": "2025-06-18", "accept-language": "en"}
    given = {**HEADERS, **known, "authorization": f"Bearer {TOKEN}", **headers}
    response = httpx2.post(f"{server.address}/mcp", json=BODY, headers=given, trust_env=False)
    assert response.status_code == status, response.text
    assert said in response.text


@pytest.mark.parametrize("server", ["serve --mcp"], indirect=True)
def test_each_collection_has_an_address(server: Server) -> None:
    """The first is at /mcp, another at /mcp/NAME."""

    async def listed(path: str) -> list[str]:
        headers = {"authorization": f"Bearer {TOKEN}"}
        async with httpx2.AsyncClient(headers=headers, timeout=120, trust_env=False) as http:
            transport = streamable_http_client(f"{server.address}{path}", http_client=http)
            async with Client(transport, mode="auto") as client:
                found = await Calls(client)("list_documents")
                return [document["id"] for document in found["documents"]]

    assert asyncio.run(listed("/mcp/otras%20actas")) == ["other.txt"]


def test_health_needs_no_token(server: Server) -> None:
    """And nothing else is there."""
    with httpx2.Client(base_url=server.address, trust_env=False) as client:
        assert client.get("/health").json()["status"] == "ok"
        authorized = {"authorization": f"Bearer {TOKEN}"}
        assert client.get("/nothing", headers=authorized).status_code == 404


def test_an_index_that_is_not_there(tmp_path: Path) -> None:
    """One sentence on standard error, status 2, and nothing on standard output."""
    shown = run("-m", "qa", "mcp", "--index", str(tmp_path / "none"))
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "There is no index in" in shown.stderr
    assert shown.stderr.count("\n") == 1


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )

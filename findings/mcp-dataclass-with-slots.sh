#!/usr/bin/env bash
# Found: a tool of the MCP SDK that returns a dataclass with slots has no output schema and no structured
# result: the client gets JSON as a text alone, and the server only says so in its log, at level INFO. The
# same dataclass without slots, in a list, or inside of a TypedDict has both. The SDK takes the class's
# own attributes for the defaults of its fields; with slots they are descriptors, which JSON cannot hold.
# Asked for with structured_output=True it is refused.
# Why it matters: an answer with its citations is a typical such value (frozen, slots), and the search
# beside it, which returns a list of them, works. A program that reads the offsets of a quote from the
# structured result finds none, and the words are cited without their place.
# Seen with mcp 2.3.0 and pydantic 2.14.4, with its own client in the same process.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet mcp==2.3.0 pydantic==2.14.4
"$folder/venv/bin/python" - <<'PY'
import asyncio
from dataclasses import dataclass
from importlib.metadata import version

from mcp import Client
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import InvalidSignature
from typing_extensions import TypedDict


@dataclass(frozen=True, slots=True)
class Slots:
    quote: str
    start: int


@dataclass(frozen=True)
class Usual:
    quote: str
    start: int


class Answer(TypedDict):
    citations: list[Slots]


server = MCPServer("documents")


@server.tool()
def slots() -> Slots:
    return Slots("650 euros", 12)


@server.tool()
def usual() -> Usual:
    return Usual("650 euros", 12)


@server.tool()
def several() -> list[Slots]:
    return [Slots("650 euros", 12)]


@server.tool()
def inside() -> Answer:
    return {"citations": [Slots("650 euros", 12)]}


async def main():
    async with Client(server) as client:
        schemas = {tool.name: tool.output_schema for tool in (await client.list_tools()).tools}
        results = {name: await client.call_tool(name) for name in schemas}
    print(f"mcp {version('mcp')}, pydantic {version('pydantic')}")
    for name, result in results.items():
        has = "a schema" if schemas[name] else "no schema"
        print(f"{name}: {has}, structured {result.structured_content}, error {result.is_error}")
        assert not result.is_error
        assert "650 euros" in result.content[0].text
    place = {"quote": "650 euros", "start": 12}
    structured = {name: result.structured_content for name, result in results.items()}
    assert structured["slots"] is None and schemas["slots"] is None, "slots are no longer lost"
    assert structured["usual"] == place
    assert structured["several"] == {"result": [place]}
    assert structured["inside"] == {"citations": [place]}
    assert all(schemas[name] for name in ("usual", "several", "inside"))


asyncio.run(main())
try:
    server.tool(structured_output=True)(slots)
except InvalidSignature as error:
    print(f"structured_output=True: {error}")
else:
    raise AssertionError("structured_output=True is no longer refused")
PY

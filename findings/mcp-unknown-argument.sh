#!/usr/bin/env bash
# Found: a tool of the MCP SDK drops an argument whose name it does not have. A model that says
# document= where the tool has documents= gets a result and no error: the one without that limit. The
# schema that the client sees does not forbid other names, so that the client cannot find it out. And
# before arguments are checked, a text that is JSON is taken for what it says wherever the type is not
# text alone: for an optional text "null" is no limit at all, and ["Acta"] is refused as a list.
# Why it matters: models guess names of arguments, and the one that limits a search to a document is
# dropped unseen: the answer quotes another document, and the model says that it is from this one.
# Seen with mcp 2.3.0, with its own client in the same process.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet mcp==2.3.0
"$folder/venv/bin/python" - <<'PY'
import asyncio
import logging
from importlib.metadata import version

from mcp import Client
from mcp.server.mcpserver import MCPServer

logging.disable()
server = MCPServer("documents")


@server.tool()
def search(query: str, documents: list[str] | None = None, title: str | None = None) -> str:
    """Search the documents, or only those named."""
    return f"{documents or 'all'}, {title or 'any'}"


async def main():
    async with Client(server) as client:
        (tool,) = (await client.list_tools()).tools
        forbids = tool.input_schema.get("additionalProperties")

        async def limits(**arguments):
            result = await client.call_tool("search", {"query": "rent", **arguments})
            text = "refused" if result.is_error else result.content[0].text
            print(f"{arguments}: {text}")
            return text

        print(f"mcp {version('mcp')}: additionalProperties {forbids}")
        assert forbids is None, "the schema forbids other names"
        assert await limits(documents=["lease.pdf"]) == "['lease.pdf'], any"
        assert await limits(document=["lease.pdf"]) == "all, any", "the name is refused"
        assert await limits(documents='["lease.pdf"]') == "['lease.pdf'], any"
        assert await limits(documents="lease.pdf") == "refused"
        assert await limits(title="Null") == "all, Null"
        assert await limits(title="null") == "all, any", "the text stays a text"
        assert await limits(title='["Acta"]') == "refused", "the text stays a text"


asyncio.run(main())
PY

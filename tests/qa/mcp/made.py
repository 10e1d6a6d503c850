"""Documents for the tests of the MCP server, and what they ask it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from mcp import Client
from mcp.server.mcpserver import MCPServer
from mcp_types import CallToolResult, ResourceLink, TextContent

from index import Document, Index
from index.embedders import Embedder
from tests.conftest import ROOT

DEFINITIONS = json.loads((ROOT / "docs" / "json.schema.json").read_text(encoding="utf-8"))["$defs"]
MINUTES = "actas/2024 #1?.pdf"  # an id in whose address signs are escaped
PAGES = (
    "El concejo se reunió el 3 de mayo de 2024 y aprobó el presupuesto del museo.",
    "La concejala Marta Ruiz pidió que el puente de San Roque se cierre al tráfico en agosto.",
)
ASKED, SHORT = "¿Quién pidió que se cierre el puente de San Roque?", "Marta Ruiz"
DOCUMENTS = [
    Document(
        MINUTES,
        "\n\n".join(PAGES),
        title="Acta de mayo",
        page_starts=(0, len(PAGES[0]) + 2),
        metadata={"date": "2024-05-03", "kind": "acta", "year": 2024, "tags": ["obras", "museo"]},
    ),
    Document(
        "ley-7",
        "Artículo 1. El canon de riego se paga en marzo.\n\nArtículo 2. Queda exento el regadío "
        "de menos de una hectárea.",
        title="Ley 7 de aguas",
        metadata={"date": "2019-01-31", "kind": "ley", "year": 2019},
    ),
    Document(
        "/srv/Lighthouse.txt",
        "The lighthouse of Cape Gata was lit for the first time in 1863 and has been automatic "
        "since 1989.",
        metadata={"kind": "note"},
    ),
]


def make_index(folder: Path, embedder: Embedder) -> Path:
    """An index of the documents."""
    with Index.open(folder, create=True, model=embedder) as index:
        index.add(DOCUMENTS)
    return folder


class Calls:
    """Calls tools, and checks what they give against their schemas."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.schemas: dict[str, dict[str, Any]] = {}

    async def __call__(self, tool: str, /, **arguments: Any) -> dict[str, Any]:
        """The data that a tool gives."""
        result = await self.result(tool, **arguments)
        assert not result.is_error, words(result)
        data = result.structured_content
        assert isinstance(data, dict)
        if not self.schemas:
            tools = (await self.client.list_tools()).tools
            self.schemas = {one.name: one.output_schema or {} for one in tools}
        Draft202012Validator(self.schemas[tool]).validate(data)
        Draft202012Validator(
            {"$ref": f"#/$defs/{tool}", "$defs": DEFINITIONS},
        ).validate(data)
        return data

    async def result(self, tool: str, /, **arguments: Any) -> CallToolResult:
        """All that a tool gives."""
        return await self.client.call_tool(tool, arguments)

    async def refused(self, tool: str, /, **arguments: Any) -> str:
        """The sentence with which a tool refuses."""
        result = await self.result(tool, **arguments)
        assert result.is_error
        assert result.structured_content is None
        return words(result)


def words(result: CallToolResult) -> str:
    """The one text of a result."""
    (text,) = (block.text for block in result.content if isinstance(block, TextContent))
    return text


def links(result: CallToolResult) -> list[str]:
    """The addresses of a result."""
    return [block.uri for block in result.content if isinstance(block, ResourceLink)]


@asynccontextmanager
async def asking(server: MCPServer[Any], mode: str = "auto") -> AsyncIterator[Calls]:
    """Calls within this process, in the protocol of today or (``legacy``) of before."""
    async with Client(server, mode=mode) as client:
        yield Calls(client)

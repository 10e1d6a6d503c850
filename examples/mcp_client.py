"""Ask the documents over MCP, as the program of a language model does."""

import asyncio
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from mcp import Client, StdioServerParameters

from index import Index

SEEDS = Path(__file__).parent.parent / "seeds"
ASKED = "¿Cuándo visitó Rubio México?"


async def main(folder: str) -> None:
    """List the tools, ask, and read around what was quoted."""
    command = ["-m", "qa", "mcp", "--index", folder]
    server = StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ))
    async with Client(server) as client:
        for tool in (await client.list_tools()).tools:
            print(f"{tool.name}: {tool.title}")
        asked = await client.call_tool("ask_documents", {"question": ASKED})
        answer: dict[str, Any] = asked.structured_content or {}
        for cited in answer["citations"]:
            print(f"[{cited['number']}] {cited['quote']}", cited["link"], sep="\n")
            arguments = {"id": cited["link"], "before": 80}
            read = await client.call_tool("read_passage", arguments)
            print("before:", (read.structured_content or {})["before"])


with TemporaryDirectory() as folder:
    with Index.open(folder, create=True) as index:
        index.sync(SEEDS)
    asyncio.run(main(folder))

"""The documents for a language model: ``qa mcp``, an MCP server over the official SDK.

Importing it raises MissingExtraError where that SDK is not installed.
"""

from index.errors import MissingExtraError

try:
    import mcp as _sdk  # noqa: F401  # so that its lack is said in one sentence
except ImportError as exc:
    raise MissingExtraError(
        "qa mcp needs the MCP SDK: run pip install '.[mcp]' in the project's folder."
    ) from exc

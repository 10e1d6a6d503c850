"""What several commands of the command line share: options, and the index that they open."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import DocumentNotFoundError
from qa.cli import printing

if TYPE_CHECKING:
    from qa.search.retriever import Retriever

__all__ = [
    "DEFAULT_INDEX",
    "HostOption",
    "In",
    "IndexOption",
    "JsonOption",
    "LlmModelOption",
    "LlmOption",
    "LlmTimeout",
    "MinConfidence",
    "ModelOption",
    "PortOption",
    "Question",
    "ReaderOption",
    "Since",
    "Until",
    "check_documents",
    "open_retriever",
]

IndexOption = Annotated[
    Path,
    typer.Option(
        "--index",
        "--store",
        envvar="QA_INDEX",
        help="The index folder, or its address: postgresql://user@host/database?collection=NAME.",
        show_default=True,
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model", help="base (the default), small, or an embedding model by name or folder."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
In = Annotated[
    list[str] | None,
    typer.Option("--in", help="Search only in this document (repeat it for more)."),
]
Since = Annotated[
    str | None,
    typer.Option(metavar="DATE", help="Only documents from this date on: 2024, 2024-05 or a day."),
]
Until = Annotated[
    str | None, typer.Option(metavar="DATE", help="Only documents until this date, included.")
]
MinConfidence = Annotated[
    float | None, typer.Option(min=0.0, max=1.0, help="Answer only when this sure, 0 to 1.")
]
ReaderOption = Annotated[
    str | None,
    typer.Option(help="'sentences' (lighter: no exact words), or a span reader's folder."),
]
HostOption = Annotated[
    str | None,
    typer.Option(envvar="HOST", help="The address to listen on.", show_default="127.0.0.1"),
]
PortOption = Annotated[
    str | None, typer.Option(envvar="PORT", help="0 takes a free one.", show_default="7860")
]
LlmOption = Annotated[
    str | None,
    typer.Option(
        "--llm", envvar="QA_LLM", help="A language model's server, whose sentences are checked."
    ),
]
LlmModelOption = Annotated[
    str | None,
    typer.Option("--llm-model", envvar="QA_LLM_MODEL", help="The language model's name there."),
]
LlmTimeout = Annotated[
    int,
    typer.Option(
        "--llm-timeout", envvar="QA_LLM_TIMEOUT", min=1, max=3600, help="Seconds that it may take."
    ),
]
Question = Annotated[str, typer.Argument(help="What you want to know.")]
DEFAULT_INDEX = Path(".qa-index")


def open_retriever(folder: Path, model: str | None) -> "Retriever":
    """A retriever over the index in a folder; its warning, if any, goes to standard error."""
    from qa.search.retriever import Retriever

    retriever = Retriever.open(folder, model=model)
    if warning := retriever.warning:
        printing.say(f"qa: {warning}", error=True)
    return retriever


def check_documents(retriever: "Retriever", documents: list[str] | None) -> list[str] | None:
    """The ids as given, None for all documents.

    Raises DocumentNotFoundError for an id that is not in the index.
    """
    for id in documents or []:
        if not retriever.index.has(id):
            raise DocumentNotFoundError(id)
    return documents or None

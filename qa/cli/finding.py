"""The command that finds every mention of a phrase: find."""

from typing import Annotated

import typer

from index.text.language import detect
from qa.answering.mentions import phrase_of
from qa.cli import printing
from qa.cli.options import (
    DEFAULT_INDEX,
    In,
    IndexOption,
    JsonOption,
    Since,
    Until,
    check_documents,
    open_retriever,
)

__all__ = ["find"]

Phrase = Annotated[str, typer.Argument(help="The exact words.")]
Limit = Annotated[int, typer.Option(min=0, help="How many mentions are quoted; 0 for all.")]


def find(
    phrase: Phrase,
    limit: Limit = 100,
    documents: In = None,
    folder: IndexOption = DEFAULT_INDEX,
    as_json: JsonOption = False,
    *,
    since: Since = None,
    until: Until = None,
) -> int:
    """Print every mention of the exact words, whatever their capitals and accents."""
    with open_retriever(folder, None) as retriever:
        only = check_documents(retriever, documents)
        found = retriever.mentions(
            phrase_of(phrase) or phrase,
            documents=only,
            since=since,
            until=until,
            limit=limit or None,
        )
    printing.mentions(found, detect(found.phrase) or "es", as_json=as_json)
    return 0 if found.total else 1

"""The commands that put a question: search, ask, chat and why."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import QAError
from qa.cli import printing
from qa.cli.exporting import ExportOption, ForceOption, exported
from qa.cli.options import (
    DEFAULT_INDEX,
    In,
    IndexOption,
    JsonOption,
    LlmModelOption,
    LlmOption,
    LlmTimeout,
    MinConfidence,
    ModelOption,
    Question,
    ReaderOption,
    Since,
    Until,
    check_documents,
    open_retriever,
)
from qa.types import Turn

if TYPE_CHECKING:
    from qa.search.retriever import Retriever

__all__ = ["ask", "chat", "search", "why"]

Count = Annotated[int, typer.Option("-k", min=1, help="How many passages.")]
Rerank = Annotated[bool, typer.Option("--rerank", help="Rank the ten best by reading them.")]
Expected = Annotated[
    str, typer.Option(metavar="DOCUMENT[:PARAGRAPH]", help="Where you expected the answer.")
]


def search(  # noqa: PLR0913  # each is an option
    question: Question,
    k: Count = 5,
    documents: In = None,
    folder: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    rerank: Rerank = False,
    as_json: JsonOption = False,
    *,
    since: Since = None,
    until: Until = None,
) -> int:
    """Print the passages that match a question best."""
    with open_retriever(folder, model) as retriever:
        limit = check_documents(retriever, documents)
        hits = retriever.search(question, k, limit, rerank=rerank, since=since, until=until)
    printing.hits(hits, as_json=as_json)
    return 0 if hits else 1


def ask(  # noqa: PLR0913  # each is an option
    question: Question,
    documents: In = None,
    folder: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    min_confidence: MinConfidence = None,
    reader: ReaderOption = None,
    as_json: JsonOption = False,
    *,
    since: Since = None,
    until: Until = None,
    export: ExportOption = None,
    force: ForceOption = False,
    llm: LlmOption = None,
    llm_model: LlmModelOption = None,
    llm_timeout: LlmTimeout = 90,
) -> int:
    """Print the answer, quoted from the documents, or that they do not say."""
    from qa.writing.client import language_model
    from qa.writing.writer import assistant_of

    writes = language_model(llm, llm_model, llm_timeout)
    turns: list[Turn] = []
    with exported(turns, export, force=force), open_retriever(folder, model) as retriever:
        assistant = assistant_of(
            retriever, writes, reader=reader, min_confidence=min_confidence, beyond_limit=True
        )
        only = check_documents(retriever, documents)
        answer = assistant.ask(question, documents=only, since=since, until=until)
        turns.append(Turn(question, answer))
        printing.answer(answer, as_json=as_json)
    return 0 if answer.found else 1


def chat(
    folder: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    reader: ReaderOption = None,
    export: ExportOption = None,
    force: ForceOption = False,
    *,
    llm: LlmOption = None,
    llm_model: LlmModelOption = None,
    llm_timeout: LlmTimeout = 90,
) -> int:
    """Ask one question after another; an empty line ends."""
    from qa.writing.client import language_model
    from qa.writing.writer import assistant_of

    writes = language_model(llm, llm_model, llm_timeout)
    history: list[Turn] = []
    with exported(history, export, force=force), open_retriever(folder, model) as retriever:
        assistant = assistant_of(retriever, writes, reader=reader, beyond_limit=True)
        while question := _prompt():
            try:
                answer = assistant.ask(question, history)
            except QAError as exc:
                printing.say(str(exc), error=True)
                continue
            printing.answer(answer)
            history.append(Turn(question, answer))
    return 0


def _prompt() -> str:
    try:
        return input("? " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""


def why(
    question: Question,
    expect: Expected,
    folder: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    min_confidence: MinConfidence = None,
    reader: ReaderOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say why a question did not bring the passage that you expected."""
    from qa.answering.assistant import Assistant
    from qa.evaluation.explain import explain

    with open_retriever(folder, model) as retriever:
        document, paragraph = _parse_expected(expect, retriever)
        assistant = Assistant(
            retriever, reader=reader, min_confidence=min_confidence, beyond_limit=True
        )
        explanation = explain(assistant, question, document, paragraph)
    printing.explanation(explanation, as_json=as_json)
    return 0 if explanation.lost is None else 1


def _parse_expected(expected: str, retriever: "Retriever") -> tuple[str, int | None]:
    """DOCUMENT or DOCUMENT:PARAGRAPH as a document's id and a paragraph."""
    document, colon, number = expected.rpartition(":")
    # An id may itself end in a colon and a number.
    if any(info.id == expected for info in retriever.documents()):
        return expected, None
    return (document, int(number)) if colon and number.isdecimal() else (expected, None)

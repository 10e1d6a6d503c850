"""The command line: parse, call the library, print. Results go to standard output, all else to
standard error; exit status 0 found, 1 nothing found, 2 an error or wrong usage.
"""

import os
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from index.errors import QAError
from qa.cli import index as cli_index
from qa.cli import measure as cli_measure
from qa.cli.options import (
    DEFAULT_INDEX,
    HostOption,
    In,
    IndexOption,
    JsonOption,
    MinConfidence,
    ModelOption,
    PortOption,
    Question,
    ReaderOption,
    known,
    open_retriever,
)

__all__ = ["app", "main"]

app = typer.Typer(
    help="Ask a folder of documents, in Spanish or English; answers are quoted and cited.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
models = typer.Typer(help="The embedding model.", no_args_is_help=True)
app.add_typer(models, name="model")

app.command()(cli_index.index)
app.command()(cli_index.status)
app.command()(cli_index.verify)
app.command()(cli_index.upgrade)
app.command()(cli_index.remove)
app.command(name="eval")(cli_measure.evaluate)
app.command()(cli_measure.why)


def main() -> NoReturn:
    """Run the command line; errors of ours become one line and exit status 2."""
    try:
        status = app(standalone_mode=False)
    except QAError as exc:
        _fail(str(exc))
    except typer.Abort:
        _fail("Stopped.", 130)
    except KeyboardInterrupt:
        _fail("Stopped; what was written so far is kept.", 130)
    except BrokenPipeError:
        # The reader of our output has gone, as in `qa search ... | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except Exception as exc:
        # Click's own errors (wrong usage) know how to say themselves; anything else is a defect.
        show = getattr(exc, "format_message", None)
        if show is None:
            raise
        _fail(show())
    sys.exit(status or 0)


def _fail(message: str, status: int = 2) -> NoReturn:
    print(f"qa: {' '.join(message.split())}", file=sys.stderr)  # noqa: T201
    sys.exit(status)


@app.command()
def search(
    question: Question,
    k: Annotated[int, typer.Option("-k", min=1, help="How many passages.")] = 5,
    only: In = None,
    folder: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> int:
    """Print the passages that match a question best."""
    from qa.cli import printing

    with open_retriever(folder, model) as retriever:
        hits = retriever.search(question, k, known(retriever, only))
    printing.hits(hits, as_json=as_json)
    return 0 if hits else 1


@app.command()
def ask(
    question: Question,
    only: In = None,
    folder: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    min_confidence: MinConfidence = None,
    reader: ReaderOption = None,
    as_json: JsonOption = False,
) -> int:
    """Print the answer, quoted from the documents, or that they do not say."""
    from qa.answering.assistant import Assistant
    from qa.cli import printing

    with open_retriever(folder, model) as retriever:
        assistant = Assistant(retriever, reader=reader, min_confidence=min_confidence)
        answer = assistant.ask(question, documents=known(retriever, only))
    printing.answer(answer, as_json=as_json)
    return 0 if answer.found else 1


@app.command()
def chat(
    folder: IndexOption = DEFAULT_INDEX, model: ModelOption = None, reader: ReaderOption = None
) -> int:
    """Ask one question after another; an empty line ends."""
    from qa.answering.assistant import Assistant
    from qa.cli import printing
    from qa.types import Turn

    with open_retriever(folder, model) as retriever:
        assistant = Assistant(retriever, reader=reader)
        history: list[Turn] = []
        while question := _prompt():
            try:
                answer = assistant.ask(question, history)
            except QAError as exc:
                print(exc, file=sys.stderr)  # noqa: T201
                continue
            printing.answer(answer)
            history.append(Turn(question, answer))
    return 0


@app.command()
def web(
    folder: Annotated[
        Path | None,
        typer.Option(
            "--index",
            envvar="QA_INDEX",
            help="The index folder; without one, a checkout indexes its seeds/.",
            show_default=".qa-index",
        ),
    ] = None,
    host: HostOption = None,
    port: PortOption = None,
    model: ModelOption = None,
    reader: ReaderOption = None,
) -> int:
    """Open the web chat on http://127.0.0.1:7860."""
    from qa.web.chat import run

    run(folder, host, port, model, reader)
    return 0


@app.command()
def serve(
    folder: IndexOption = DEFAULT_INDEX,
    host: HostOption = None,
    port: PortOption = None,
    model: ModelOption = None,
    openapi: Annotated[
        bool, typer.Option("--openapi", help="Describe it at /openapi.json as well.")
    ] = False,
) -> int:
    """Serve search and answers as JSON over HTTP: /search?q=... and /ask?q=..."""
    from qa.web.api import create_api
    from qa.web.server import host_of, listen
    from qa.web.server import serve as run

    host = host_of(host)
    with open_retriever(folder, model) as retriever:
        api = create_api(retriever, host, openapi=openapi)
        with listen(host, port) as listener:
            run(api, listener)
    return 0


@models.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A folder to be made.")],
    model: Annotated[str, typer.Option(help="base or small.")] = "base",
) -> int:
    """Write a bundled model as a sentence-transformers folder."""
    from index.embedders.export import export as write

    write(folder, model)
    print(f"Written: SentenceTransformer({str(folder)!r}) loads it.", file=sys.stderr)  # noqa: T201
    return 0


def _prompt() -> str:
    try:
        return input("? " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""

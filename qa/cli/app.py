"""The entry point of the command line: which commands there are, and how errors are said.

Results go to standard output, all else to standard error. Exit status: 0 found, 1 nothing found,
2 an error or wrong usage, 130 stopped by Ctrl-C.
"""

import os
import sys
from typing import NoReturn

import typer

from index.errors import QAError
from qa.cli import ask, calibrate, copy, evaluate, exporting, finding, index, serve

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

app.command()(ask.search)
app.command()(finding.find)
app.command()(ask.ask)
app.command()(ask.chat)
app.command()(serve.web)
app.command()(serve.serve)
app.command()(serve.mcp)
app.command()(serve.password)
app.command()(index.index)
app.command()(index.status)
app.command()(index.verify)
app.command()(index.upgrade)
app.command()(index.remove)
app.command()(copy.copy)
app.command(name="eval")(evaluate.evaluate)
app.command()(calibrate.calibrate)
app.command()(ask.why)
app.command(name="verify-report")(exporting.verify_report)
models.command()(index.export)


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
        # The program that reads our output has ended, as in `qa search ... | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except Exception as exc:
        # Click's errors (wrong usage) have a message for people; any other error is a defect.
        format_message = getattr(exc, "format_message", None)
        if format_message is None:
            raise
        _fail(format_message())
    sys.exit(status or 0)


def _fail(message: str, status: int = 2) -> NoReturn:
    if message.strip():  # there is none where the help was shown
        print(f"qa: {' '.join(message.split())}", file=sys.stderr)  # noqa: T201
    sys.exit(status)

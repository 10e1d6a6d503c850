"""Answers written to a file, and the command that checks such a file: verify-report."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from qa.cli import printing
from qa.cli.options import DEFAULT_INDEX, IndexOption, JsonOption, open_retriever
from qa.types import Turn

__all__ = ["ExportOption", "ForceOption", "exported", "verify_report"]

ExportOption = Annotated[
    Path | None,
    typer.Option("--export", metavar="FILE", help="Write it to FILE as well: .docx, .md or .html."),
]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace the FILE of --export.")]
ReportArgument = Annotated[
    Path, typer.Argument(metavar="FILE", help="A report that --export wrote.")
]


@contextmanager
def exported(turns: Sequence[Turn], path: Path | None, *, force: bool) -> Iterator[None]:
    """On leaving, also by Ctrl-C or an error, the turns that there are stand in the file, if any.

    Raises InputError at once for a file that cannot be written.
    """
    if path is None:
        yield
        return
    from qa.reports.export import check_target, export, save

    form = check_target(path, overwrite=force)
    consulted = datetime.now().astimezone()
    try:
        yield
    finally:
        if turns:
            save(export(turns, form, consulted, turns[0].answer.language), path)
            printing.say(f"written: {path}", error=True)


def verify_report(
    report: ReportArgument, folder: IndexOption = DEFAULT_INDEX, as_json: JsonOption = False
) -> int:
    """Check that each quote of a report still stands in the documents, word for word."""
    from qa.reports.checking import check_report

    with open_retriever(folder, None) as retriever:
        checked = check_report(report, retriever)
    printing.checked_report(checked, report=str(report), as_json=as_json)
    return 0 if checked.stands else 1

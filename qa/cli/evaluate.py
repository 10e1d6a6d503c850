"""The command that measures on questions with answers, or drafts such questions: eval."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from index.errors import InputError
from qa.cli import printing
from qa.cli.options import (
    DEFAULT_INDEX,
    IndexOption,
    JsonOption,
    ModelOption,
    ReaderOption,
    open_retriever,
)

__all__ = ["evaluate"]

File = Annotated[
    Path | None, typer.Argument(help="Questions with answers: JSONL, CSV or SQuAD's JSON.")
]
Depth = Annotated[int, typer.Option("-k", min=1, help="The deepest rank measured.")]
Wordings = Annotated[
    Path | None, typer.Option(help="Ask this file's questions (same ids) of FILE's paragraphs.")
]
Pool = Annotated[
    list[Path] | None, typer.Option(help="Add the paragraphs of this file (repeatable).")
]
Answers = Annotated[
    bool | None,
    typer.Option(help="Measure answers too; default: for your own questions and with --html."),
]
Html = Annotated[Path | None, typer.Option("--html", help="Write a report, one HTML file.")]
Generate = Annotated[
    int | None,
    typer.Option(min=1, help="Instead of measuring, draft this many questions, to be corrected."),
]
Out = Annotated[
    Path | None,
    typer.Option(help="Where to write the draft, .csv or .jsonl; default: standard output."),
]


def evaluate(  # noqa: PLR0913, PLR0917  # a command has as many arguments as options
    file: File = None,
    folder: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    k: Depth = 10,
    questions: Wordings = None,
    pool: Pool = None,
    answers: Answers = None,
    html: Html = None,
    as_json: JsonOption = False,
    generate: Generate = None,
    out: Out = None,
    reader: ReaderOption = None,
) -> int:
    """Measure retrieval, answers and abstention on questions, or draft such questions."""
    if (file is None) == (generate is None):
        raise InputError("Give a FILE of questions to measure, or --generate N to draft one.")
    if file is None:
        return _draft(folder, model, generate or 1, out)
    from qa.evaluation.evaluate import measure, read

    sets = read(file, questions=questions, pool=pool or [])
    if answers is None:
        answers = html is not None or not sets.paragraphs
    if not sets.paragraphs:
        open_retriever(folder, model).close()  # warns where the index is searched by words alone
    evaluation = measure(sets, k=k, model=model, answers=answers, index=folder, reader=reader)
    if html is not None:
        from qa.evaluation.report import render

        _write(html, render(evaluation, file.name))
    printing.figures(evaluation.figures, as_json=as_json)
    return 0


def _draft(folder: Path, model: str | None, number: int, out: Path | None) -> int:
    """Draft questions from the index; fewer where the documents give no more."""
    from qa.evaluation.dataset import write
    from qa.evaluation.drafts import draft

    if out is not None and out.suffix.lower() not in {".csv", ".jsonl"}:
        raise InputError(f"The draft {out} must end in .csv or .jsonl.")
    if out is not None and out.exists():
        raise InputError(f"{out} exists, and may hold your corrections: name another file.")
    with open_retriever(folder, model) as retriever:
        questions = draft(retriever, number)
    text = write(questions, as_csv=out is not None and out.suffix.lower() == ".csv")
    if out is None:
        sys.stdout.write(text)
    else:
        _write(out, text)
    printing.say(f"{len(questions)} questions drafted: correct them by hand.", error=True)
    return 0 if questions else 1


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as exc:
        raise InputError(f"{path} cannot be written: {exc.strerror}.") from exc

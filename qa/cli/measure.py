"""The commands that measure and explain: ``qa eval`` and ``qa why``."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import InputError
from qa.cli.options import (
    DEFAULT_INDEX,
    IndexOption,
    JsonOption,
    MinConfidence,
    ModelOption,
    Question,
    ReaderOption,
    open_retriever,
)

if TYPE_CHECKING:
    from qa.search.retriever import Retriever

__all__ = ["evaluate", "why"]

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
    from qa.cli import printing
    from qa.evaluation import evaluate as measure

    sets = measure.read(file, questions=questions, pool=pool or [])
    if answers is None:
        answers = html is not None or not sets.paragraphs
    if not sets.paragraphs:
        open_retriever(folder, model).close()  # says what its searches lack
    found = measure.measure(sets, k=k, model=model, answers=answers, index=folder, reader=reader)
    if html is not None:
        from qa.evaluation import report

        _write(html, report.render(found, file.name))
    printing.metrics(found.figures, as_json=as_json)
    return 0


def why(
    question: Question,
    expect: Annotated[
        str,
        typer.Option(metavar="DOCUMENT[:PARAGRAPH]", help="Where you expected the answer."),
    ],
    folder: IndexOption = DEFAULT_INDEX,
    model: ModelOption = None,
    min_confidence: MinConfidence = None,
    reader: ReaderOption = None,
    as_json: JsonOption = False,
) -> int:
    """Say why a question did not bring the passage that you expected."""
    from qa.answering.assistant import Assistant
    from qa.cli import printing
    from qa.evaluation import explain as reasons

    with open_retriever(folder, model) as retriever:
        document, paragraph = _expected(expect, retriever)
        assistant = Assistant(retriever, reader=reader, min_confidence=min_confidence)
        explanation = reasons.explain(assistant, question, document, paragraph)
    printing.explanation(explanation, as_json=as_json)
    return 0 if explanation.lost is None else 1


def _expected(expected: str, retriever: "Retriever") -> tuple[str, int | None]:
    """DOCUMENT or DOCUMENT:PARAGRAPH as a document's id and a paragraph."""
    document, colon, number = expected.rpartition(":")
    # An id may itself end in a colon and a number.
    if any(info.id == expected for info in retriever.documents()):
        return expected, None
    return (document, int(number)) if colon and number.isdecimal() else (expected, None)


def _draft(folder: Path, model: str | None, number: int, out: Path | None) -> int:
    """Draft questions from the index; fewer where the documents give no more."""
    from qa.evaluation.dataset import write
    from qa.evaluation.drafts import draft

    if out is not None and out.suffix.lower() not in {".csv", ".jsonl"}:
        raise InputError(f"The draft {out} must end in .csv or .jsonl.")
    if out is not None and out.exists():
        raise InputError(f"{out} exists, and may hold your corrections: name another file.")
    with open_retriever(folder, model) as retriever:
        drafted = draft(retriever, number)
    text = write(drafted, as_csv=out is not None and out.suffix.lower() == ".csv")
    if out is None:
        sys.stdout.write(text)
    else:
        _write(out, text)
    print(f"{len(drafted)} questions drafted: correct them by hand.", file=sys.stderr)  # noqa: T201
    return 0 if drafted else 1


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as exc:
        raise InputError(f"{path} cannot be written: {exc.strerror}.") from exc

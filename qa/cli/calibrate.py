"""The command that finds from which confidence on to answer: calibrate."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import IndexStateError, InputError
from qa.cli import printing
from qa.cli.options import (
    DEFAULT_INDEX,
    IndexOption,
    JsonOption,
    ModelOption,
    ReaderOption,
    open_retriever,
)

if TYPE_CHECKING:
    from qa.evaluation.calibrate import Calibrated
    from qa.search.retriever import Retriever

__all__ = ["calibrate"]

File = Annotated[
    Path | None, typer.Argument(help="Questions about your documents with answers: JSONL or CSV.")
]
Wrong = Annotated[
    float, typer.Option("--wrong", help="The share of answers that may be wrong, between 0 and 1.")
]
Confidence = Annotated[
    float, typer.Option("--confidence", help="How sure that is to be, between 0 and 1.")
]
Forget = Annotated[bool, typer.Option("--forget", help="Forget the stored threshold instead.")]


def calibrate(
    file: File = None,
    folder: IndexOption = DEFAULT_INDEX,
    wrong: Wrong = 0.05,
    confidence: Confidence = 0.95,
    model: ModelOption = None,
    reader: ReaderOption = None,
    forget: Forget = False,
    as_json: JsonOption = False,
) -> int:
    """Find the confidence from which on few answers are wrong, and store it with the index."""
    if (file is None) != forget:
        raise InputError("Give a FILE of questions to calibrate, or --forget what is stored.")
    if file is None:
        return _forget(folder, as_json=as_json)
    from qa.evaluation.calibrate import calibrate as ask_all
    from qa.evaluation.dataset import read

    sets = read(file)
    with open_retriever(folder, model) as retriever:
        found = ask_all(sets, retriever, reader=reader, share=wrong, confidence=confidence)
        failure = _store(found, retriever)
    printing.calibration(found, is_stored=bool(found.found) and not failure, as_json=as_json)
    if failure:
        raise failure
    return 0 if found.found else 1


def _store(calibrated: "Calibrated", retriever: "Retriever") -> IndexStateError | None:
    """Store what was found, if anything; the error where it cannot: the result is shown first."""
    from qa.calibration.stored import keep

    try:
        if calibrated.found:
            keep(retriever.index, calibrated.found)
    except IndexStateError as exc:
        return exc
    return None


def _forget(folder: Path, *, as_json: bool) -> int:
    from index import Index
    from qa.calibration.stored import forget

    if as_json:
        raise InputError("--forget has nothing to print as JSON: leave --json out.")
    with Index.open(folder) as index:
        was_there = forget(index)
    printing.say("Forgotten" if was_there else "Nothing was stored", error=True)
    return 0

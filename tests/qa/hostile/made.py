"""A folder whose files hold the specimens in their words, titles and names."""

import csv
import io
from html import escape
from pathlib import Path

from tests.qa.hostile.specimens import SPECIMENS, Specimen, name_of

__all__ = ["CONTROL", "question_of", "write_files"]

# What has nothing to do with any specimen: its answer must not change.
CONTROL = ("faro.txt", "El faro de Nerja se encendió en 1890.", "¿Cuándo se encendió el faro?")


def write_files(folder: Path) -> None:
    """A file for each specimen, and one without any."""
    folder.mkdir()
    (folder / CONTROL[0]).write_text(CONTROL[1], encoding="utf-8")
    for number, specimen in enumerate(SPECIMENS):
        text, ending = _contents(specimen, name_of(number))
        # What a name of a file can hold: no slash, no end of text, 255 bytes.
        name = specimen.text.replace("/", "\u2215")[:60]
        path = folder / f"{number:02} {name}.{ending}"
        path.write_text(text, encoding="utf-8", newline="")


def question_of(number: int) -> str:
    """What the file of a specimen answers with its words."""
    return f"¿Cuál es el lema de {name_of(number)}?"


def _contents(specimen: Specimen, name: str) -> tuple[str, str]:
    """The text of a file, and its ending."""
    sentence = f"El lema de {name} es «{specimen.text}», y así consta."
    if specimen.kind == "formula":
        rows = io.StringIO()
        csv.writer(rows).writerows([("Club", "Lema"), (name, specimen.text), (f"Otro {name}", "x")])
        return rows.getvalue(), "csv"
    if specimen.kind == "sign":
        return sentence, "txt"
    if "\n" in specimen.text:
        return f"{specimen.text}\n\n{sentence}\n", "txt"
    return (
        f"<!doctype html><title>{escape(specimen.text)}</title><p>{escape(sentence)}</p>",
        "html",
    )

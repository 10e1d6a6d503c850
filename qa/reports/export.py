"""Answers as a file, in the format that its name ends with."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from index.errors import InputError
from index.storage.files import replace
from qa.reports.markdown import write_markdown
from qa.reports.page import write_page
from qa.reports.parts import Part, Report, parts_of
from qa.reports.word import check_installed, write_word
from qa.reports.wording import words_of
from qa.types import Turn

__all__ = ["Exported", "Format", "check_target", "export", "save"]


class Format(StrEnum):
    """A format of a report: the ending of its file's name, without the dot."""

    WORD = "docx"
    MARKDOWN = "md"
    HTML = "html"


class Exported(NamedTuple):
    """A report as a file: its bytes, its media type, and a name for it."""

    data: bytes
    media_type: str
    name: str


_Writer = Callable[[list[Part], str, str], bytes]
_WRITERS: dict[Format, tuple[_Writer, str]] = {
    Format.WORD: (
        write_word,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    Format.MARKDOWN: (write_markdown, "text/markdown; charset=utf-8"),
    Format.HTML: (write_page, "text/html; charset=utf-8"),
}


def export(turns: Sequence[Turn], format: Format, consulted: datetime, language: str) -> Exported:  # noqa: A002  # the field's word
    """A report of answers. ``consulted`` is when they were given, with its time zone.

    ``language`` (``"es"`` or ``"en"``) is that of the report's own words. Raises InputError without
    an answer, MissingExtraError for Word without python-docx.
    """
    if not turns:
        raise InputError("There is no answer to export yet: ask something first.")
    words = words_of(language)
    report = Report(tuple(turns), consulted, words["language"])
    write, media_type = _WRITERS[format]
    data = write(parts_of(report), words["title"], words["language"])
    return Exported(data, media_type, f"{words['file']}-{consulted:%Y-%m-%d}.{format}")


def check_target(path: Path, *, overwrite: bool) -> Format:
    """The format that a file's name asks for.

    Raises InputError where it is none or the file cannot be written, MissingExtraError for Word
    without python-docx.
    """
    try:
        found = Format(path.suffix.lower().removeprefix("."))
    except ValueError as exc:
        raise InputError(
            f"{path.name} is no name for a report: end it with .docx, .md or .html."
        ) from exc
    if path.is_dir() or not path.parent.is_dir():
        raise InputError(f"{path} cannot be written: name a file in a folder that there is.")
    if path.exists() and not overwrite:
        raise InputError(f"{path} exists: choose another name, or add --force to replace it.")
    if found is Format.WORD:
        check_installed()
    return found


def save(exported: Exported, path: Path) -> None:
    """Write a report, whole or not at all; InputError where that fails."""
    try:
        replace(path, lambda temporary: temporary.write_bytes(exported.data))
    except OSError as exc:
        reason = exc.strerror or "input/output error"
        raise InputError(f"{path} cannot be written ({reason}): choose another folder.") from exc

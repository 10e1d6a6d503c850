"""Answers made by hand, and a place to keep them as files."""

from datetime import UTC, datetime
from pathlib import Path

from index import Document
from index.text.hashing import content_hash
from qa.reports.export import Exported, Format, export
from qa.types import Answer, Citation, Turn

__all__ = ["WHEN", "answered", "cited", "exported", "saved"]

WHEN = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)


def cited(
    document: Document,
    quote: str,
    marked: str = "",
    *,
    date: str | None = None,
    context: str = "",
    header: str = "",
) -> Citation:
    """The citation of the first place where a document says something."""
    start = document.text.index(quote)
    end = start + len(quote)
    at = document.text.index(marked, start) if marked else 0
    return Citation(
        document.id,
        document.source,
        document.title,
        None,
        1,
        start,
        end,
        quote,
        date=date,
        highlight=(at, at + len(marked)) if marked else None,
        hash=content_hash(document.text),
        context=context,
        header=header,
    )


def answered(*citations: Citation, question: str = "¿Qué dice?", short: str | None = None) -> Turn:
    """A question and its answer, which quotes."""
    text = "\n".join(citation.quote for citation in citations)
    return Turn(question, Answer(question, question, True, text, 0.9, citations, short=short))


def exported(*turns: Turn, form: Format = Format.HTML, language: str = "es") -> Exported:
    """A report of turns."""
    return export(turns, form, WHEN, language)


def saved(folder: Path, *turns: Turn, form: Format, language: str = "es") -> Path:
    """A report of turns as a file in a folder."""
    file = exported(*turns, form=form, language=language)
    path = folder / file.name
    path.write_bytes(file.data)
    return path

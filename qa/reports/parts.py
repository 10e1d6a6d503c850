"""A report as a list of parts, the same for every format: what stands in it, in which order."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import zip_longest

from index.text.months import written_date
from index.text.tables import cell_spans, is_delimiter, stretches
from qa.answering.refusals import sentences
from qa.reports.plain import isolated, on_one_line, shown
from qa.reports.wording import day_and_time, words_of
from qa.types import Answer, Citation, Refusal, Turn

__all__ = ["Kind", "Part", "Report", "Run", "Style", "parts_of"]

_NUMBER = re.compile(r"\[(\d+)\]")
_CLOSEST = 3  # passages shown where nothing says what is nearest


@dataclass(frozen=True, slots=True)
class Report:
    """Answers to take along. ``consulted`` is when they were given, with its time zone.

    ``language`` is that of the report's own words, ``"es"`` or ``"en"``.
    """

    turns: tuple[Turn, ...]
    consulted: datetime
    language: str


class Kind(StrEnum):
    """What a part is."""

    TITLE = "title"
    QUESTION = "question"
    PLACE = "place"  # above a quote: the document's title, the page
    TEXT = "text"
    SMALL = "small"
    QUOTE = "quote"
    TABLE = "table"  # rows that are quoted
    REFERENCE = "reference"


class Style(StrEnum):
    """How a run of characters is shown."""

    PLAIN = "plain"
    STRONG = "strong"
    MARKED = "marked"  # the words that answer


@dataclass(frozen=True, slots=True)
class Run:
    r"""Characters in one style; ``\n`` is a line end inside of the part."""

    text: str
    style: Style = Style.PLAIN


Cell = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a report. A table has ``rows`` of cells, the first of which may be header rows.

    All its text is shown text (`qa.reports.plain.shown`): what is not ours is in it as text alone.
    """

    kind: Kind
    runs: tuple[Run, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    header_rows: int = 0


def parts_of(report: Report) -> list[Part]:
    """All parts of a report, in the order of reading."""
    words = words_of(report.language)
    moment = day_and_time(report.consulted, words["language"])
    parts = [
        _part(Kind.TITLE, words["title"]),
        _part(Kind.SMALL, words["consulted"].format_map(moment)),
        _part(Kind.SMALL, words["how"]),
    ]
    quotes = 0
    for number, turn in enumerate(report.turns, 1):
        for part in _answer(number, turn, words, quotes):
            if part.kind is Kind.PLACE:
                quotes += 1
                label = Run(words["quote"].format(quotes))
                parts.append(Part(part.kind, (label, *part.runs)))
            else:
                parts.append(part)
    return parts


def _part(kind: Kind, text: str, label: str = "", style: Style = Style.PLAIN) -> Part:
    """A line: a label of ours, and a text that may be anybody's."""
    runs = (Run(label),) if label else ()
    return Part(kind, (*runs, Run(isolated(on_one_line(text)), style)))


def _answer(number: int, turn: Turn, words: dict[str, str], quotes: int) -> Iterator[Part]:
    """One answer; so many quotes stand before it."""
    answer = turn.answer
    yield _part(Kind.QUESTION, turn.question, words["question"].format(number))
    if " ".join(answer.searched_for.split()) != " ".join(turn.question.split()):
        yield _part(Kind.TEXT, answer.searched_for, words["searched for"])
    if not answer.found:
        yield from _refusal(answer, words)
        return
    if answer.written and answer.written.shown:
        yield from _written(answer, answer.written.model, words, quotes)
    if answer.short:
        yield _part(Kind.TEXT, answer.short, words["answer"], Style.STRONG)
    first = answer.notes[:1] if answer.disagree else ()  # that the documents do not agree
    for note in first:
        yield _part(Kind.TEXT, note, words["note"], Style.STRONG)
    for citation in answer.citations:
        yield from _cited(citation, words)
    if not answer.citations:  # a reply that quotes nothing
        yield from (_part(Kind.TEXT, line) for line in answer.text.splitlines() if line.strip())
        return
    for note in answer.notes[len(first) :]:
        yield _part(Kind.TEXT, note, words["note"])


def _written(answer: Answer, model: str, words: dict[str, str], quotes: int) -> Iterator[Part]:
    """What a language model wrote; its numbers are those that the quotes have in the report."""
    lines = answer.text.split("\n")
    for line in lines[: len(lines) - len(answer.notes)]:
        said = _NUMBER.sub(lambda match: f"[{int(match[1]) + quotes}]", line)
        yield _part(Kind.TEXT, said)
    yield _part(Kind.SMALL, words["written"].format(model))


def _refusal(answer: Answer, words: dict[str, str]) -> Iterator[Part]:
    """That the documents do not say, what was searched, and what is nearest."""
    yield _part(Kind.TEXT, answer.text.split("\n", 1)[0], style=Style.STRONG)
    if answer.refusal is not None:
        yield from _told(answer.refusal, answer.language, words)
    elif answer.hits:
        yield _part(Kind.TEXT, words["closest"])
        for hit in answer.hits[:_CLOSEST]:
            yield from _cited(hit.citation, words)


def _told(refusal: Refusal, language: str, words: dict[str, str]) -> Iterator[Part]:
    for sentence in sentences(refusal, language):
        if sentence.citation is None:
            yield _part(Kind.TEXT, f"{sentence.text}.")
        else:
            yield _part(Kind.TEXT, f"{sentence.before_quote}:")
            yield from _cited(sentence.citation, words)


def _cited(citation: Citation, words: dict[str, str]) -> Iterator[Part]:
    """A quote: what it is of, its words, and the line by which it can be checked."""
    yield Part(Kind.PLACE, (Run(place_of(citation, words["language"])),))
    if citation.context:
        yield _part(Kind.SMALL, citation.context, words["under"])
    yield from _quote(citation, words)
    reference = words["reference"].format(
        start=citation.start,
        end=citation.end,
        id=isolated(on_one_line(citation.document_id)),
        hash=citation.hash or "?",
    )
    yield Part(Kind.REFERENCE, (Run(reference),))


def place_of(citation: Citation, language: str) -> str:
    """Where a citation stands, in one line: its document, date, page and paragraph."""
    words = words_of(language)
    name = (citation.source or "").replace("\\", "/").rpartition("/")[2]
    title = on_one_line(citation.title or "") or name or citation.document_id
    places = [isolated(title)]
    if name and name != title:  # the file's name alone: its folders are nobody's business
        places.append(isolated(on_one_line(name)))
    if citation.date is not None:
        places.append(written_date(citation.date, words["language"]))
    if citation.page is not None and citation.page_label in {None, str(citation.page)}:
        places.append(words["page"].format(citation.page))
    elif citation.page is not None:
        places.append(words["sheet"].format(on_one_line(citation.page_label or ""), citation.page))
    places.append(words["paragraph"].format(citation.paragraph))
    if citation.ocr is not None:
        places.append(words["ocr"])
    return " · ".join(places)


# The words of a quote


def _quote(citation: Citation, words: dict[str, str]) -> Iterator[Part]:
    """The parts of a quote: its texts, each in quotation marks, and its tables."""
    quote = citation.quote
    first, last = citation.highlight or (citation.start, citation.start)
    mark = first - citation.start, last - citation.start
    header = [line for line in citation.header.split("\n") if line.strip()]
    for start, end, is_table in stretches(quote, is_of_table=bool(header)):
        table = _table(quote, start, end, mark, header) if is_table else None
        header = []
        if table is not None:
            yield table
        elif quote[start:end].strip():
            said = _runs(quote, start, end, mark)
            yield Part(Kind.QUOTE, (Run(words["open"]), *said, Run(words["close"])))


def _table(
    quote: str, start: int, end: int, mark: tuple[int, int], header: Sequence[str]
) -> Part | None:
    """The rows between two offsets of a quote; None where no more than one column has words."""
    heads: list[list[Cell]] = [
        [_cell(line, a, b, (a, a)) for a, b in cell_spans(line)]
        for line in header
        if not is_delimiter(line)
    ]
    rows: list[list[Cell]] = []
    at = start
    for line in quote[start:end].split("\n"):
        if line.strip() and not is_delimiter(line):
            rows.append([_cell(quote, at + a, at + b, mark) for a, b in cell_spans(line)])
        at += len(line) + 1
    columns = list(zip_longest(*heads, *rows, fillvalue=()))
    if sum(any(column) for column in columns) < 2:  # readers take a single column for text
        return None
    return Part(Kind.TABLE, rows=tuple(zip(*columns, strict=True)), header_rows=len(heads))


def _cell(quote: str, start: int, end: int, mark: tuple[int, int]) -> Cell:
    runs = _runs(quote, start, end, mark)
    return tuple(replace(run, text=run.text.replace("\n", " ")) for run in runs)


def _runs(quote: str, start: int, end: int, mark: tuple[int, int]) -> tuple[Run, ...]:
    """The words between two offsets of a quote, those that answer marked."""
    while start < end and quote[start].isspace():
        start += 1
    while start < end and quote[end - 1].isspace():
        end -= 1
    first, last = (min(max(place, start), end) for place in mark)
    while first < last and quote[first].isspace():
        first += 1
    while first < last and quote[last - 1].isspace():
        last -= 1
    cuts = ((start, first, Style.PLAIN), (first, last, Style.MARKED), (last, end, Style.PLAIN))
    runs = (Run(shown(quote[a:b]), style) for a, b, style in cuts if a < b)
    return tuple(run for run in runs if run.text)

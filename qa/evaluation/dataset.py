"""Files of questions with known answers: SQuAD's JSON, lines of JSON, CSV.

A file either brings its own paragraphs (SQuAD, and lines as MLQA's) or is a person's own, about an
index that exists: one question a line, with the columns

* ``question``
* ``answer``: the words that answer; empty where the documents do not say
* ``document``: the id of the document that answers (optional)
* ``paragraph``: its paragraph, from 1 (optional)

or the file in which the chat keeps what people think of its answers (`qa.evaluation.ratings`).
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from index.errors import InputError
from qa.evaluation.ratings import Wrong, is_rated, rated

__all__ = ["COLUMNS", "Question", "Questions", "read", "write"]

COLUMNS = ("question", "answer", "document", "paragraph")
# What a spreadsheet takes for the beginning of a formula, with apostrophes that guard it.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
DELIMITERS = (",", ";", "\t")  # spreadsheets in Spanish write semicolons


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the words that answer it, none when the documents do not say.

    ``paragraph`` is the id of the paragraph that it was asked of, in a file that brings paragraphs.
    In a person's own file it is empty; ``document`` is an id of the index and ``number`` a
    paragraph of that document, from 1, both as far as known; ``hash`` is the SHA-256 of the text
    in which that paragraph was counted, "" where nobody said.
    """

    id: str
    text: str
    paragraph: str
    answers: tuple[str, ...]
    document: str | None = None
    number: int | None = None
    hash: str = ""


@dataclass(frozen=True, slots=True)
class Questions:
    """What is measured on: texts by paragraph id, each text once, and the questions on them.

    Without paragraphs the questions are about a person's own index. Where they come from ratings,
    ``wrong`` holds those whose answer was rated wrong, and else None.
    """

    paragraphs: Mapping[str, str]
    questions: tuple[Question, ...]
    wrong: tuple[Wrong, ...] | None = None


Row = tuple[str, str | None, str, tuple[str, ...]]  # id, question or None, paragraph, answers


def read(file: Path, *, questions: Path | None = None, pool: Sequence[Path] = ()) -> Questions:
    """Questions, and paragraphs if the file brings them.

    ``questions`` replaces the wording of the questions by that of another file with the same ids,
    as for a translation, and leaves out those it lacks; ``pool`` adds the paragraphs of other
    files. Raises InputError for a file that cannot be read or used.
    """
    text = _contents(file)
    if is_rated(text):
        right, wrong = rated(text)
        made = [
            Question(r.id, r.text, "", r.answers, r.document, r.paragraph, r.hash) for r in right
        ]
        return Questions({}, tuple(made), tuple(wrong))
    own_questions = _own_questions(file, text)
    if own_questions is not None:
        if questions or pool:
            raise InputError(
                f"{file} brings no paragraphs: --questions and --pool go with SQuAD's format."
            )
        return Questions({}, _some(own_questions, file))
    rows = list(_rows(file))
    ids: dict[str, str] = {}
    texts: dict[str, str] = {}
    for _, _, context, _ in [*rows, *(row for path in pool for row in _rows(path))]:
        key = _single(context)
        if key not in ids:
            ids[key] = f"paragraph-{len(ids) + 1}"
            texts[ids[key]] = context
    worded = [
        Question(id, text, ids[_single(context)], answers)
        for id, text, context, answers in rows
        if text is not None
    ]
    if questions is not None:
        worded = _reworded(worded, questions)
    return Questions(texts, _some(worded, file))


def write(questions: Iterable[Question], *, as_csv: bool) -> str:
    """A person's own questions as CSV or as lines of JSON, as `read` takes them."""
    rows = [
        (
            question.text,
            question.answers[0] if question.answers else "",
            question.document,
            question.number,
        )
        for question in questions
    ]
    if not as_csv:
        lines = (
            json.dumps(dict(zip(COLUMNS, row, strict=True)), ensure_ascii=False) for row in rows
        )
        return "".join(f"{line}\n" for line in lines)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([COLUMNS, *(map(_guarded, row) for row in rows)])
    return out.getvalue()


def _guarded(cell: str | int | None) -> str | int | None:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before its sign."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def _unguarded(cell: Any) -> Any:
    return cell[1:] if isinstance(cell, str) and cell[:1] == "'" and _FORMULA.match(cell) else cell


def _some(questions: Sequence[Question], file: Path) -> tuple[Question, ...]:
    """The questions; InputError where there is none."""
    if not questions:
        raise InputError(f"{file} has no questions: give a file with questions and answers.")
    return tuple(questions)


# A person's own questions


def _own_questions(file: Path, text: str) -> list[Question] | None:
    """The questions of a person's own file; None for a file that brings paragraphs."""
    if file.suffix.lower() in {".csv", ".tsv"}:
        return [_own_question(file, line, row) for line, row in _csv(file, text)]
    rows: list[tuple[int, Any]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                rows.append((number, json.loads(line)))
            except (ValueError, RecursionError):
                return None
    if not rows or not all(isinstance(row, dict) and "question" in row for _, row in rows):
        return None
    if any("context" in row for _, row in rows):
        return None
    return [_own_question(file, number, row) for number, row in rows]


def _csv(file: Path, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    head = text.partition("\n")[0].strip().lower()
    for delimiter in DELIMITERS:
        if "question" in [name.strip(' "') for name in head.split(delimiter)]:
            break
    else:
        raise InputError(
            f"{file} has no column named question: its first line names the columns, "
            f"{', '.join(COLUMNS)}."
        )
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            named = {name.strip().lower(): _unguarded(value) for name, value in row.items() if name}
            if any(named.values()):
                yield reader.line_num, named
    except csv.Error as exc:
        raise InputError(f"{file}, line {reader.line_num}: it is not CSV ({exc}).") from exc


def _own_question(file: Path, line: int, row: Mapping[str, Any]) -> Question:
    here = f"{file}, line {line}"
    text = row.get("question")
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"{here}: there is no question in it.")
    answers = row.get("answer") or []
    answers = [answers] if isinstance(answers, str) else answers
    if not isinstance(answers, list) or not all(isinstance(answer, str) for answer in answers):
        raise InputError(f"{here}: the answer must be text, or a list of texts.")
    document = row.get("document") or None
    number = _paragraph(here, row.get("paragraph"))
    if number is not None and document is None:
        raise InputError(f"{here}: a paragraph needs the document that it stands in.")
    if document is not None and not isinstance(document, str):
        raise InputError(f"{here}: the document must be an id, as qa status lists them.")
    golden = tuple(dict.fromkeys(answer.strip() for answer in answers if answer.strip()))
    return Question(f"line {line}", text.strip(), "", golden, document, number)


def _paragraph(here: str, value: Any) -> int | None:
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        number = int(value)
    except (ValueError, TypeError):
        number = 0
    if number < 1:
        raise InputError(f"{here}: the paragraph must be a number from 1.")
    return number


# Files that bring their paragraphs


def _contents(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as exc:
        raise InputError(f"{file} cannot be read: {exc.strerror}.") from exc
    except UnicodeDecodeError as exc:
        text = file.read_text(encoding="utf-8-sig", errors="replace")
        if is_rated(text):  # a loss of power may leave anything in place of the last line
            return text
        raise InputError(f"{file} cannot be read: it is not UTF-8 text.") from exc


def _rows(file: Path) -> Iterator[Row]:
    """The questions of a file, each with its paragraph; a paragraph without any has one row."""
    text = _contents(file)
    try:
        yield from _squad(json.loads(text)) if _is_squad(text) else _lines(text)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as exc:
        raise InputError(
            f"{file} holds no questions that can be read: give SQuAD's JSON, or lines of JSON or "
            f"CSV with {', '.join(COLUMNS)}."
        ) from exc


def _is_squad(text: str) -> bool:
    try:
        value = json.loads(text)
    except ValueError:
        return False
    return not isinstance(value, dict) or "context" not in value


def _squad(value: Any) -> Iterator[Row]:
    for article in value["data"]:
        for paragraph in article["paragraphs"]:
            context = _text(paragraph["context"])
            if not paragraph["qas"]:
                yield "", None, context, ()
            for qa in paragraph["qas"]:
                answers = () if qa.get("is_impossible") else _golden(qa["answers"])
                yield str(qa["id"]), _text(qa["question"]), context, answers


def _lines(text: str) -> Iterator[Row]:
    for line in text.split("\n"):  # splitlines would cut at U+2028, which JSON may hold
        if line.strip():
            row = json.loads(line)
            answers = _golden(row["answers"])
            yield str(row["id"]), _text(row["question"]), _text(row["context"]), answers


def _golden(answers: Any) -> tuple[str, ...]:
    # SQuAD's annotators who found no answer left empty ones.
    return tuple(dict.fromkeys(answer["text"] for answer in answers if answer["text"].strip()))


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(value)
    return value


def _single(text: str) -> str:
    """A text with single spaces, by which equal paragraphs are known."""
    return " ".join(text.split())


def _reworded(questions: Iterable[Question], file: Path) -> list[Question]:
    """The questions in the words that another file has for the same ids, if it has any."""
    wordings = {id: text for id, text, _, _ in _rows(file) if text is not None}
    reworded = [
        replace(question, text=wordings[question.id])
        for question in questions
        if question.id in wordings
    ]
    if not reworded:
        raise InputError(f"{file} has none of the questions' ids: give a file with the same ids.")
    return reworded

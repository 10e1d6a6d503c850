"""Ratings of answers, as the chat keeps them (`qa.web.feedback`), taken for questions.

An answer that was rated right is a question whose answer is known: its words, in its document; a
refusal that was rated right is a question that the documents do not answer. Of one that was rated
wrong nobody said what is right: it is no question with an answer, and is kept apart, to see whether
the same comes again. Of several ratings of one answer the last one counts. A refusal for which only
some documents were searched says nothing about the others, and is left out.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.text.folding import fold

__all__ = ["Wrong", "is_rated", "rated"]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A question whose answer was rated wrong: its ``quotes``, best first, none for a refusal."""

    id: str
    text: str
    quotes: tuple[str, ...]

    def again(self, quotes: Sequence[str], *, answered: bool) -> bool:
        """Whether an answer of now is the same: the same best quote, or refused again."""
        if not self.quotes or not answered:
            return not self.quotes and not answered
        return bool(quotes) and _plain(quotes[0]) == _plain(self.quotes[0])


@dataclass(frozen=True, slots=True)
class Right:
    """A question whose answer was rated right; without ``answers`` the documents do not say.

    ``document`` holds the first quote, in its ``paragraph``, as long as its text has this ``hash``.
    """

    id: str
    text: str
    answers: tuple[str, ...]
    document: str | None
    paragraph: int | None
    hash: str


def is_rated(text: str) -> bool:
    """Whether these are ratings, and not questions: by the first line that can be read."""
    return next((_is_rating(row) for _, row in _rows(text)), False)


def rated(text: str) -> tuple[list[Right], list[Wrong]]:
    """What the lines of a file of ratings say, in its order; lines that are no ratings say nothing.

    The same question with the same answer counts once, as last rated.
    """
    last: dict[str, tuple[int, Mapping[str, Any]]] = {}
    for number, row in _rows(text):
        if _is_rating(row):
            last.pop(row["answer"], None)
            last[row["answer"]] = number, row
    right: dict[object, Right] = {}
    wrong: dict[object, Wrong] = {}
    for number, row in last.values():
        question = (row.get("searched_for") or row["question"]).strip()
        cited = [one for one in row["citations"] if _is_cited(one)]
        quotes = tuple(one["quote"] for one in cited)
        same = fold(question), quotes[:1]
        if row["verdict"] == "bad":
            right.pop(same, None)
            wrong[same] = Wrong(f"line {number}", question, quotes)
        elif made := _right(f"line {number}", question, row, cited):
            wrong.pop(same, None)
            right[same] = made
    return list(right.values()), list(wrong.values())


def _right(
    id: str, question: str, row: Mapping[str, Any], cited: Sequence[Mapping[str, Any]]
) -> Right | None:
    """None where there is nothing to measure: a greeting, or a refusal of chosen documents."""
    if not row.get("found"):
        return None if row.get("limited") else Right(id, question, (), None, None, "")
    if not cited:
        return None
    short = row.get("short")
    words = (short,) if isinstance(short, str) and short.strip() else None
    first = cited[0]
    quotes = tuple(one["quote"] for one in cited)
    place = first["document_id"], first.get("paragraph"), str(first.get("hash", ""))
    return Right(id, question, words or quotes, *place)


def _rows(text: str) -> Iterable[tuple[int, Any]]:
    """The lines that are JSON, with their numbers from 1: a machine may have gone off in one."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError):
                continue


def _is_rating(row: Any) -> bool:
    return (
        isinstance(row, dict)
        and row.get("verdict") in {"good", "bad"}
        and all(isinstance(row.get(name), str) for name in ("answer", "question"))
        and isinstance(row.get("citations"), list)
        and isinstance(row.get("searched_for", ""), str)
        and bool(row["question"].strip())
    )


def _is_cited(one: Any) -> bool:
    named = isinstance(one, dict) and all(
        isinstance(one.get(name), str) for name in ("document_id", "quote")
    )
    number = one.get("paragraph") if named else None
    return named and (number is None or (isinstance(number, int) and number > 0))


def _plain(text: str) -> str:
    return " ".join(fold(text).split())

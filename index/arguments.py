"""What a caller gives besides documents: checked here, so that wrong values end in our errors."""

import operator
from collections.abc import Iterable, Sequence
from numbers import Real
from pathlib import Path

from index.documents.decoding import clean
from index.errors import InputError, MissingExtraError, QuestionError
from index.text.messages import describe, is_encodable

__all__ = [
    "DocumentIds",
    "ids_in",
    "passwords_in",
    "path_of",
    "positive",
    "question_of",
    "require_ocr",
    "share",
]


class DocumentIds(tuple[str, ...]):
    """Ids of documents, checked. A limit may hold 100,000 of them: they are hashed once."""

    _hash: int | None = None

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = super().__hash__()
        return self._hash


def ids_in(given: Iterable[str]) -> DocumentIds:
    """The ids of documents, also from a generator, without what no document can have.

    Raises InputError for a text alone, which would be taken for an id a letter, and for what is no
    text.
    """
    if isinstance(given, DocumentIds):
        return given
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        raise InputError(
            f"Ids of documents are given as a list, not as {describe(given)}: write [id], also for "
            "one."
        )
    ids = list(given)
    wrong = [id for id in ids if not isinstance(id, str)]
    if wrong:
        raise InputError(
            f"The id of a document is text, not {describe(wrong[0])}: qa status lists the ids."
        )
    return DocumentIds(id for id in ids if is_encodable(id))


def positive(k: int) -> int:
    """The number of passages asked for; raises QuestionError unless it is an integer from 1."""
    try:
        number = operator.index(k)
    except TypeError as exc:
        raise QuestionError(
            f"The number of passages must be a whole number, not {describe(k)}."
        ) from exc
    if number < 1:
        raise QuestionError(f"The number of passages must be 1 or more, not {number}.")
    return number


def share(value: float) -> float:
    """A number from 0 to 1; raises InputError for another one, or what is none."""
    if not isinstance(value, Real) or not 0 <= value <= 1:
        raise InputError(
            f"A least confidence or relevance is a number from 0 to 1, not {describe(value)}."
        )
    return float(value)


def question_of(question: str) -> str:
    """The question as documents are cleaned; raises QuestionError for what is no text."""
    if not isinstance(question, str):
        raise QuestionError(f"A question is text, not {describe(question)}: write it in words.")
    if not is_encodable(question):
        raise QuestionError("The question holds half a character: write it anew.")
    return clean(question)


def passwords_in(given: Sequence[str]) -> tuple[str, ...]:
    """The passwords; raises InputError, which never holds them, for what is no list of texts."""
    listed = not isinstance(given, str | bytes) and isinstance(given, Iterable)
    if not listed or not all(isinstance(password, str) for password in given):
        raise InputError("Passwords are given as a list of texts: write [password], also for one.")
    return tuple(dict.fromkeys(password for password in given if is_encodable(password)))


def require_ocr() -> None:
    """Raise MissingExtraError where no engine of OCR is installed."""
    from index.documents.pdf.ocr import is_installed

    if not is_installed():
        raise MissingExtraError(
            'OCR is not installed: pip install "qa[ocr]", or install tesseract with Spanish '
            "(Debian: apt install tesseract-ocr-spa)."
        )


def path_of(given: str | Path) -> Path:
    """A path; raises InputError for what is none, like a list of paths or an empty text."""
    if isinstance(given, str) and not given.strip():
        raise InputError("A path is empty, which would be this folder: name one, with . for this.")
    try:
        return Path(given)
    except TypeError as exc:
        raise InputError(
            f"A folder or file is given by its path, not as {describe(given)}: give each by itself."
        ) from exc

"""The errors of the project, in one tree. Every message is one sentence that says what to do.

QAError                        whatever this project raises on purpose
├── InputError                 what was given cannot be used
│   ├── DocumentError          one file or document that cannot be read or has no text
│   ├── DocumentNotFoundError  no document of that id is in the index; a KeyError, too
│   └── QuestionError          a question that is empty, too long or has no words
├── IndexStateError            the index folder is not in a state to do this
│   ├── IndexNotFoundError     there is no index in that folder
│   ├── IndexLockedError       another process is writing to it
│   ├── IndexDamagedError      its catalog cannot be trusted
│   └── ModelMismatchError     it was made with another embedding model
└── ModelError                 an embedding model that is unknown or cannot be loaded
    └── MissingExtraError      an optional dependency that is not installed

An error of a dependency (SQLite, FAISS, tantivy, xberg, ...) is mapped onto this tree where that
dependency is called, with ``raise ... from exc``.
"""

from typing import Literal

__all__ = [
    "DocumentError",
    "DocumentNotFoundError",
    "IndexDamagedError",
    "IndexLockedError",
    "IndexNotFoundError",
    "IndexStateError",
    "InputError",
    "MissingExtraError",
    "ModelError",
    "ModelMismatchError",
    "QAError",
    "QuestionError",
]


class QAError(Exception):
    """Whatever this project raises on purpose; its message is made for people."""


class InputError(QAError):
    """What was given cannot be used."""


class DocumentError(InputError):
    """One file or document cannot be read or has no text."""

    def __init__(self, source: str, reason: str) -> None:
        # Pickle builds the error again from these arguments.
        super().__init__(source, reason)
        self.source = source
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


class DocumentNotFoundError(InputError, KeyError):
    """No document of that id is in the index."""

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.id = id

    def __str__(self) -> str:
        return f"There is no document {self.id}: qa status lists them."


class QuestionError(InputError):
    """A question is empty, too long or has no words, as ``problem`` says, or cannot be read."""

    def __init__(
        self, message: str, problem: Literal["empty", "long", "wordless", ""] = ""
    ) -> None:
        super().__init__(message)
        self.problem = problem


class IndexStateError(QAError):
    """The index folder is not in a state to do this."""


class IndexNotFoundError(IndexStateError):
    """There is no index in that folder."""


class IndexLockedError(IndexStateError):
    """Another process is writing to the index."""


class IndexDamagedError(IndexStateError):
    """The index's catalog cannot be trusted."""


class ModelMismatchError(IndexStateError):
    """The index was made with another embedding model."""


class ModelError(QAError):
    """An embedding model is unknown or cannot be loaded."""


class MissingExtraError(ModelError):
    """An optional dependency is not installed."""

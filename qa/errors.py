"""The errors of the project, as `index.errors` has them, for who imports everything from `qa`."""

from index.errors import (
    DocumentError,
    DocumentNotFoundError,
    IndexDamagedError,
    IndexLockedError,
    IndexNotFoundError,
    IndexStateError,
    InputError,
    MissingExtraError,
    ModelError,
    ModelMismatchError,
    QAError,
    QuestionError,
)

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

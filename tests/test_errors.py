"""The tree of errors."""

import re

import pytest

from index import errors


def documented() -> dict[str, str]:
    """Class name -> the name of its parent, as the docstring draws them."""
    parents: dict[str, str] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        drawn = re.match(r"((?:│   |    )*(?:[├└]── )?)([A-Z]\w+Error) {2,}\S", line)
        if drawn:
            depth = len(drawn[1]) // 4
            path = [*path[:depth], drawn[2]]
            parents[drawn[2]] = path[depth - 1] if depth else "Exception"
    return parents


def test_the_docstring_draws_the_tree() -> None:
    """The tree in the docstring is that of the classes, and all of them are exported."""
    classes = {
        name: value.__base__.__name__
        for name, value in vars(errors).items()
        if isinstance(value, type) and value.__base__ is not None
    }
    assert documented() == classes
    assert sorted(classes) == errors.__all__


def test_the_names_are_kept() -> None:
    """Other programs catch these names: taking one away breaks them."""
    assert errors.__all__ == [
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


def test_a_document_error_says_which_and_why() -> None:
    """Its source and its reason can be read one by one, and its message has both."""
    with pytest.raises(errors.InputError, match=r"^a\.pdf: is empty$") as raised:
        raise errors.DocumentError("a.pdf", "is empty")
    assert isinstance(raised.value, errors.DocumentError)
    assert (raised.value.source, raised.value.reason) == ("a.pdf", "is empty")

"""The tree of errors."""

import copy
import multiprocessing
import pickle
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


EVERY = [
    errors.DocumentError("a.pdf", "is empty")
    if kind is errors.DocumentError
    else kind("nobody" if kind is errors.DocumentNotFoundError else "Say what to do.")
    for kind in (getattr(errors, name) for name in errors.__all__)
]


def raised(error: errors.QAError) -> None:
    """What a worker of a pool does."""
    raise error


def test_errors_are_copied_whole() -> None:
    """Pickled or copied, each is the same error with the same message, and what it knows."""
    for error in EVERY:
        ways = [copy.copy(error), copy.deepcopy(error), pickle.loads(pickle.dumps(error))]  # noqa: S301
        for other in ways:
            assert type(other) is type(error)
            assert (str(other), vars(other), other.args) == (str(error), vars(error), error.args)


def test_errors_come_out_of_a_pool() -> None:
    """An error that cannot be unpickled would stop the pool, and who waits for it waits on."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        for error in EVERY:
            with pytest.raises(type(error)) as arrived:
                pool.apply_async(raised, [error]).get(60)
            assert str(arrived.value) == str(error)


def test_a_document_not_found_is_a_key_error() -> None:
    """Its message is a sentence, not the key in quotation marks."""
    with pytest.raises(KeyError) as raised:
        raise errors.DocumentNotFoundError("año/acta.pdf")
    assert str(raised.value) == "There is no document año/acta.pdf: qa status lists them."
    assert isinstance(raised.value, errors.InputError)
